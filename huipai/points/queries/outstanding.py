"""What the street owes to everybody together."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db.models import F, Q, QuerySet, Sum

from huipai.kit import hot
from huipai.people.models import Person
from huipai.points import rules
from huipai.points.models import Account
from huipai.points.queries.closing import LOT_ENDS, closing, lapsed_lots
from huipai.points.rules import Freed, OpenLot
from huipai.points.words import Purse
from huipai.streets.current import street_in_force


def outstanding(at: datetime) -> int:
    """The points that everybody together may still exchange at `at`, those set aside among them: of each what
    `balance_of` says of them, whether or not what came by the clock is posted.

    What lies with somebody who has left is nobody's to exchange.
    """
    end = closing()
    if end and end.redeem_until <= at:
        return 0
    gone = Person.objects.filter(erased_at__isnull=False)
    sums = Account.objects.filter(_not_of(gone, "person"), purse=Purse.SPENDABLE).aggregate(sum=Sum("balance"))
    lapsed = lapsed_lots(at).filter(_not_of(gone, "account__person"))
    over = lapsed.aggregate(sum=Sum(F("remaining") - F("held")))
    return (sums["sum"] or 0) - (over["sum"] or 0) - _not_come_back(at)


def _not_of(gone: QuerySet[Person], owner: str) -> Q:
    """A home's are of none of these."""
    return Q(**{owner: None}) | ~Q(**{f"{owner}__in": gone.values("pk")})


_FREED = f"""
SELECT hold.account_id, COALESCE(-debt.balance, 0), hold.id, hold.expires_at, lot.id, draw.points, {LOT_ENDS}
FROM points_hold AS hold
JOIN points_account AS own ON own.street_id = hold.street_id AND own.id = hold.account_id
LEFT JOIN points_account AS debt ON debt.street_id = own.street_id AND debt.purse = 'debt'
    AND (debt.person_id = own.person_id OR debt.household_id = own.household_id)
LEFT JOIN people_person AS person ON person.street_id = own.street_id AND person.id = own.person_id
JOIN points_holddraw AS draw ON draw.street_id = hold.street_id AND draw.hold_id = hold.id
JOIN points_lot AS lot ON lot.street_id = draw.street_id AND lot.id = draw.lot_id
LEFT JOIN points_closing AS closing ON closing.street_id = hold.street_id AND closing.approved_at IS NOT NULL
WHERE hold.street_id = %(street)s AND hold.state = 'open' AND hold.expires_at <= %(at)s AND person.erased_at IS NULL
ORDER BY hold.account_id
"""


def _not_come_back(at: datetime) -> int:
    """What holds that are over by the clock gave back to nobody: it has paid a debt, or its lot has ended since."""
    points = 0
    for _account, lines in groupby(hot.rows(_FREED, {"street": street_in_force(), "at": at}), key=itemgetter(0)):
        rows = list(lines)
        freed = [Freed(hold_id, ended_at, OpenLot(*lot)) for _id, _owed, hold_id, ended_at, *lot in rows]
        paid = {each.lot_id: each.points for each in rules.repaid(freed, int(rows[0][1]))}
        ended = [each.lot for each in freed if rules.is_over(each.lot, at)]
        points += sum(lot.remaining for lot in ended)
        points += sum(paid.values()) - sum(paid.get(id, 0) for id in {lot.id for lot in ended})
    return points

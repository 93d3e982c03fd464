"""What the ledger already knows of a deed, and what an item has brought. Under lock, these decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from huipai.grid import queries as grid
from huipai.grid.models import Residence
from huipai.grid.words import TIES_LAST
from huipai.kit import hot
from huipai.people.models import Person
from huipai.points import rules
from huipai.points.models import Allocation, Correction, Lot, Posting
from huipai.points.queries.closing import LOT_ENDS
from huipai.points.rules import Offer, OpenLot, Tally
from huipai.points.words import EARNED, Kind
from huipai.rulebook.models import PointItem
from huipai.streets.current import street_in_force

# What is given by hand or given back counts like an award; what was taken back leaves its place in the caps free.
COUNTED = """
SELECT (SELECT d.id FROM points_posting AS d WHERE d.street_id = %(street)s AND d.kind = 'award'
            AND d.item_code = %(code)s AND d.subject = %(subject)s AND d.person_id = %(person)s),
       coalesce(sum(p.points) FILTER (WHERE p.received_at >= %(day)s AND p.received_at < %(day_end)s), 0),
       coalesce(sum(p.points) FILTER (WHERE p.received_at >= %(month)s AND p.received_at < %(month_end)s), 0),
       coalesce(bool_or(p.received_at > %(soonest)s AND p.received_at < %(latest)s), false)
FROM points_posting AS p
WHERE p.street_id = %(street)s AND p.person_id = %(person)s AND p.item_code = %(code)s
    AND p.kind IN ('award', 'grant')
    AND p.received_at >= least(%(month)s, %(soonest)s) AND p.received_at < greatest(%(month_end)s, %(latest)s)
    AND NOT EXISTS (SELECT 1 FROM points_posting AS r WHERE r.street_id = p.street_id AND r.reverses_id = p.id)
"""

# Each home of this person, or one that they have left lately, with all who have lived there together with them and
# were not gone for long when their deed was received: saying "I moved out" opens no new cap. The fullest home counts,
# and each deed in it once, however often somebody left and came back.
COUNTED_IN_HOUSEHOLD = """
SELECT coalesce(max(home.month), 0), coalesce(max(home.day), 0) FROM (
    SELECT sum(earned.points) AS month,
           sum(earned.points) FILTER (WHERE earned.received_at >= %(day)s AND earned.received_at < %(day_end)s) AS day
    FROM (SELECT DISTINCT near.household_id, p.id, p.points, p.received_at
          FROM (SELECT DISTINCT mine.household_id, h.person_id, h.valid_from, h.valid_until
                FROM grid_residence AS mine
                JOIN grid_residence AS h ON h.street_id = mine.street_id AND h.household_id = mine.household_id
                    AND tstzrange(h.valid_from, h.valid_until) && tstzrange(mine.valid_from, mine.valid_until)
                WHERE mine.street_id = %(street)s AND mine.person_id = %(person)s
                    AND mine.valid_from <= %(at)s::timestamptz
                    AND (mine.valid_until IS NULL OR mine.valid_until > %(at)s::timestamptz - %(ties)s::interval)
                ) AS near
          JOIN points_posting AS p ON p.street_id = %(street)s AND p.person_id = near.person_id
              AND near.valid_from <= p.received_at
              AND (near.valid_until IS NULL OR near.valid_until > p.received_at - %(ties)s::interval)
          WHERE p.item_code = %(code)s AND p.kind IN ('award', 'grant')
              AND p.received_at >= %(month)s AND p.received_at < %(month_end)s
              AND NOT EXISTS (SELECT 1 FROM points_posting AS r
                              WHERE r.street_id = p.street_id AND r.reverses_id = p.id)) AS earned
    GROUP BY earned.household_id) AS home
"""


def award_for(*, item_code: str, subject: str, person_id: UUID) -> Posting | None:
    """The award that this deed has already brought this person."""
    return Posting.objects.filter(kind=Kind.AWARD, item_code=item_code, subject=subject, person_id=person_id).first()


def household_award_for(item_code: str, subject: str, household_id: UUID) -> Posting | None:
    """The award that this deed has already brought this household."""
    found = Posting.objects.filter(kind=Kind.AWARD, item_code=item_code, subject=subject, household_id=household_id)
    return found.first()


def spending_for(*, subject: str, person_id: UUID) -> Posting | None:
    return Posting.objects.filter(kind=Kind.SPEND, subject=subject, person_id=person_id).first()


def award_of(subject: str) -> Posting | None:
    """What was awarded for a deed, by whichever item."""
    return Posting.objects.filter(kind=Kind.AWARD, subject=subject).order_by("id").first()


def given_back_for(subjects: Collection[str]) -> dict[str, str]:
    """For which deed there is again what was asked back, by the subject of what came back; nothing of others.

    What came back is asked back no second time.
    """
    ids = [one.removeprefix(Correction.SUBJECT) for one in subjects if one.startswith(Correction.SUBJECT)]
    found = Correction.objects.filter(pk__in=ids).select_related("posting") if ids else ()
    return {one.subject: one.posting.subject for one in found}


def reversal_of(posting_id: UUID) -> Posting | None:
    return Posting.objects.filter(reverses_id=posting_id).first()


def household_id(person: Person, at: datetime) -> UUID | None:
    """The household in which this person lived at `at`."""
    household = grid.household_of(person, at)
    return household.id if household else None


def homes_of(person: Person, at: datetime) -> list[UUID]:
    """Where this person lives at `at`, and where they have lived lately, in one order for everybody."""
    lately = Q(valid_until=None) | Q(valid_until__gt=at - TIES_LAST)
    found = Residence.objects.filter(lately, person=person, valid_from__lte=at)
    return sorted(set(found.values_list("household_id", flat=True)))


def tally(offer: Offer, *, subject: str, person: Person, at: datetime) -> Tally:
    """What the item has brought around `at`: for this deed, to the person and, where it is capped, to the household."""
    day, month = rules.local_day(at), rules.local_month(at)
    pause = timedelta(minutes=offer.cooldown_minutes)
    parameters: dict[str, Any] = {
        "street": street_in_force(), "person": person.id, "code": offer.code, "subject": subject,
        "day": day.begin, "day_end": day.end, "month": month.begin, "month_end": month.end,
        "soonest": at - pause, "latest": at + pause,
    }  # fmt: skip
    in_household, in_household_today = 0, 0
    stored, today, this_month, too_soon = hot.rows(COUNTED, parameters)[0]
    is_capped = offer.household_month_cap is not None or offer.household_day_cap is not None
    if is_capped:
        asked = {**parameters, "at": at, "ties": TIES_LAST}
        in_household, in_household_today = hot.rows(COUNTED_IN_HOUSEHOLD, asked)[0]
    return Tally(
        today=today, this_month=this_month, household_this_month=in_household, household_today=in_household_today,
        too_soon=too_soon, stored=stored,
    )  # fmt: skip


def offer_of(item: PointItem) -> Offer:
    """What an item says about one award."""
    return Offer(
        item.id, item.code, item.points, tuple(item.earners), item.day_cap, item.month_cap, item.household_month_cap,
        item.cooldown_minutes, item.lot_months, item.under_14, item.household_day_cap, item.terms().formula,
    )  # fmt: skip


def household_tally(
    offer: Offer, *, subject: str, household_id: UUID, at: datetime, beside: Mapping[str, datetime]
) -> Tally:
    """What the item has brought around `at` into a household's own account.

    Each counts when it was received; of which `beside` says another instant, by its subject, then. What came back after
    an appeal counts where the deed did.
    """
    day, month, pause = rules.local_day(at), rules.local_month(at), timedelta(minutes=offer.cooldown_minutes)
    awards = Posting.objects.filter(kind__in=EARNED, item_code=offer.code, household_id=household_id, reversed_by=None)
    since = grid.family_since(household_id)
    if since is not None:
        awards = awards.filter(posted_at__gte=since)
    brought = list(awards.values_list("subject", "received_at", "points"))
    deeds = given_back_for({told for told, _received, _points in brought})
    given = [(beside.get(deeds.get(told, told), received), points) for told, received, points in brought]
    today = sum(points for when, points in given if day.begin <= when < day.end)
    this_month = sum(points for when, points in given if month.begin <= when < month.end)
    stored = household_award_for(offer.code, subject, household_id)
    return Tally(
        today=today, this_month=this_month, household_this_month=this_month, household_today=today,
        too_soon=bool(pause) and any(at - pause < when < at + pause for when, _points in given),
        stored=stored.id if stored else None,
    )  # fmt: skip


OPEN_LOTS = f"""
SELECT lot.id, lot.remaining - lot.held, {LOT_ENDS}
FROM points_lot AS lot
LEFT JOIN points_closing AS closing ON closing.street_id = lot.street_id AND closing.approved_at IS NOT NULL
WHERE lot.street_id = %(street)s AND lot.account_id = %(account)s AND lot.remaining > 0 AND lot.remaining > lot.held
"""


def open_lots(account_id: UUID) -> list[OpenLot]:
    """What is left in each lot of an account and not set aside, and until when; read under its lock."""
    return [OpenLot(*lot) for lot in hot.rows(OPEN_LOTS, {"street": street_in_force(), "account": account_id})]


def lot_and_expired(posting_id: UUID) -> tuple[UUID | None, int]:
    """The lot of an award, and how much of it has been posted as expired."""
    lot_id = Lot.objects.filter(posting_id=posting_id).values_list("id", flat=True).first()
    if lot_id is None:
        return None, 0
    expired = Allocation.objects.filter(lot_id=lot_id, posting__kind=Kind.EXPIRY).aggregate(sum=Sum("points"))["sum"]
    return lot_id, expired or 0

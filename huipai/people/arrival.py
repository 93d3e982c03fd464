"""Who comes in: account, person and consent of a request in one planned statement.

Every signed-in page asks this first, so it costs what the statement costs and not what compiling it would.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from huipai.kit import hot
from huipai.people.models import Account, Person
from huipai.people.queries import ARRIVAL_NOTE, Visitor
from huipai.people.words import ConsentPurpose
from huipai.streets.current import notes, street_in_force


def _columns(model: type[Model], alias: str) -> str:
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


_ACCOUNT_WIDTH: Final = len(Account._meta.concrete_fields)
_STATEMENT: Final = f"""
SELECT {_columns(Account, "account")}, {_columns(Person, "person")},
       (SELECT max(text.version) FROM people_consenttext AS text
        WHERE text.street_id = %(street)s AND text.purpose = %(notice)s),
       (SELECT max(given.version) FROM people_consent AS given
        WHERE given.street_id = %(street)s AND given.person_id = person.id AND given.purpose = %(notice)s
          AND given.withdrawn_at IS NULL)
FROM people_account AS account
LEFT JOIN people_person AS person ON person.street_id = %(street)s AND person.account_id = account.id
WHERE account.id = %(account)s
"""


def of(account_id: UUID) -> Account | None:
    """The account with this id; who it is in the street in force is noted for `queries.visitor`."""
    asked = {"street": street_in_force(), "account": account_id, "notice": ConsentPurpose.PRIVACY_NOTICE.value}
    found = hot.rows(_STATEMENT, asked)
    if not found:
        return None
    row = found[0]
    account: Account = _made(Account, row[:_ACCOUNT_WIDTH])
    if row[_ACCOUNT_WIDTH] is not None:
        person: Person = _made(Person, row[_ACCOUNT_WIDTH:-2])
        person.account = account
        asked_version, given_version = row[-2] or 1, row[-1] or 0
        notes()[ARRIVAL_NOTE] = (account_id, Visitor(person, given_version >= asked_version, given_version > 0))
    return account


def _made(model: type[Model], values: tuple[Any, ...]) -> Any:
    return model.from_db("default", [field.attname for field in model._meta.concrete_fields], values)

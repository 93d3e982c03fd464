"""People that a test begins with: what the commands write for one, written again for whoever else.

Registering somebody takes some twenty statements of the ORM, and there are a dozen people in many a test. They differ
in name, number and time alone; the rows of a first one, put in with those changed, are the rows of any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from huipai.kit.ids import new_id
from huipai.people.commands.accounts import phone_of
from huipai.people.models import Person
from huipai.people.models.account import new_session_mark
from huipai.streets.current import street_in_force
from tests.remembered import added, may_put_back, write

Enter = Callable[[str, str, datetime], Person]


@dataclass(frozen=True)
class _Sample:
    """Somebody who was entered by the commands and is gone again: what they wrote, and by what it is told apart."""

    person: UUID
    street: UUID
    mark: str
    transaction: bytes
    rows: dict[str, bytes]


_NAME, _PHONE, _AT = "甲样本", "13811119999", datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
_AN_ID: Final = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_samples: dict[str, _Sample] = {}


def registered(enter: Enter, *, name: str, phone: str, now: datetime) -> Person:
    """Whom `enter` makes of a name, a number and a time; known again by the name of `enter`.

    Somebody whose number is known, or who may have read a text of the street's own, is entered by `enter` itself.
    """
    with transaction.atomic(savepoint=False):
        connection.ensure_connection()
        database = connection.connection
        if not name.isalnum() or not may_put_back(database) or _is_known(database, phone_of(phone)):
            return enter(name, phone, now)
        kind = f"{enter.__module__}.{enter.__qualname__}"
        if kind not in _samples:
            _samples[kind] = _sample(enter)
        return _again(database, _samples[kind], name, phone_of(phone), now)


def _is_known(database: Any, phone: str) -> bool:
    asked = """
        SELECT EXISTS (SELECT FROM people_account WHERE phone = %(phone)s)
            OR EXISTS (SELECT FROM people_phonechange) OR EXISTS (SELECT FROM people_consenttext)
    """
    (known,) = database.execute(asked, {"phone": phone}).fetchone()
    return bool(known)


def _sample(enter: Enter) -> _Sample:
    # Past Django, which makes no savepoints while a test's beginning is made.
    database = connection.connection
    database.execute("SAVEPOINT sample")
    person, rows = added(lambda: enter(_NAME, _PHONE, _AT))
    database.execute("ROLLBACK TO SAVEPOINT sample")
    assert person.account is not None
    return _Sample(person.pk, street_in_force(), person.account.session_mark, _transaction(database), rows)


def _transaction(database: Any) -> bytes:
    """The number under which the journal keeps what is written now, as a column of COPY."""
    (number,) = database.execute("SELECT pg_current_xact_id()::text").fetchone()
    return f"\t{number}\t".encode()


def _again(database: Any, sample: _Sample, name: str, phone: str, now: datetime) -> Person:
    said = {
        _NAME.encode(): name.encode(),
        phone_of(_PHONE).encode(): phone.encode(),
        f"{_AT:%Y-%m-%d %H:%M:%S+00}".encode(): now.astimezone(UTC).isoformat(" ").encode(),
        sample.mark.encode(): new_session_mark().encode(),
        sample.transaction: _transaction(database),
        str(sample.street).encode(): str(street_in_force()).encode(),
    }
    ids = {id for lines in sample.rows.values() for id in _AN_ID.findall(lines)} - said.keys()
    said |= {id: str(new_id()).encode() for id in sorted(ids)}  # in the order in which they were made
    told = re.compile(b"|".join(map(re.escape, said)))
    write(database, {table: told.sub(lambda it: said[it.group()], rows) for table, rows in sample.rows.items()})
    own = UUID(said[str(sample.person).encode()].decode())
    return Person.objects.select_related("account").get(pk=own)

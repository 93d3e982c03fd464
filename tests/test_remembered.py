"""A remembered world is the one that was built: to the row, with the rules of the tables in force again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cli.verify import problems
from huipai.people.models import Person
from huipai.rulebook import queries
from huipai.rulebook.models import RulebookVersion
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast, registered
from tests.cases.conftest import Place, open_street, settle
from tests.remembered import copied, remembered, written

pytestmark = [pytest.mark.django_db, pytest.mark.no_guard]

_built: list[Street] = []


def _town() -> Place:
    street = open_street("yunqiao", "云桥街道")
    _built.append(street)
    return settle(street, 1)


def _rows() -> dict[str, list[bytes]]:
    """The rows of each table that holds any, in no order: a table lays a row wherever vacuum has made room."""
    database = connection.connection
    return {table: sorted(copied(database, table).splitlines()) for table in written(database)}


def test_is_built_once_and_then_put_back_to_the_row() -> None:
    with transaction.atomic():
        first, rows = remembered(_town), _rows()
        first.lan.name = "别的名字"  # what one test makes of it the next does not see
        transaction.set_rollback(True)
    assert not Street.objects.exists()
    again = remembered(_town)
    assert _rows() == rows and len(_built) == 1
    assert again.lan.name == "蓝小河" and again.street == first.street
    with in_street(again.street.id):
        assert again.report().reporter_id == again.lan.id
        assert not list(problems(again.street))
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.create(name="无处", created_at=cast.MONDAY, account_id=again.street.id)
            connection.check_constraints()


def test_a_part_is_put_back_beside_what_another_street_holds() -> None:
    def in_a_street(slug: str) -> tuple[Street, RulebookVersion]:
        street = open_street(slug, slug)
        with in_street(street.id):
            cast.resident()
            return street, cast.rulebook()

    with transaction.atomic():
        first, version = in_a_street("yunqiao")
        rows = _rows()
        transaction.set_rollback(True)
    again, put_back = in_a_street("hetang")
    assert again.id != first.id and put_back.street_id == again.id
    assert (put_back.id, put_back.content_hash) == (version.id, version.content_hash)
    assert {table: len(lines) for table, lines in _rows().items()} == {
        table: len(lines) for table, lines in rows.items()
    }
    assert not list(problems(again))
    with in_street(again.id):
        assert queries.in_force(cast.MONDAY) == put_back


@pytest.mark.parametrize(("again", "enter"), [(cast.resident, cast._resident), (cast.staff, cast._staff)])
def test_somebody_who_is_written_again_is_whom_the_commands_make(
    again: Callable[..., Person], enter: Callable[..., Person]
) -> None:
    def told(build: Callable[[], Person]) -> dict[str, list[bytes]]:
        with in_street(street.id), transaction.atomic():
            person = build()
            assert (person.name, person.account and person.account.phone) == ("白一", "+8613811110002")
            rows = _with_numbers_for_ids(person)
            assert not list(problems(street))
            transaction.set_rollback(True)
        return rows

    street = open_street("yunqiao", "云桥街道")
    with in_street(street.id):
        other = again("黑一", "13811110001")
    painted = told(lambda: again("白一", "13811110002", now=cast.TUESDAY))
    assert painted == told(lambda: enter("白一", "13811110002", cast.TUESDAY))
    with in_street(street.id):
        known = again("白一", "13811110001", now=cast.TUESDAY)  # by the commands: the number is known
        assert known == other and known.name == "黑一"


def test_the_first_one_may_be_made_where_django_makes_no_savepoints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registered, "_samples", {})
    with in_street(open_street("yunqiao", "云桥街道").id), cast.without_savepoints():
        assert [cast.staff("白一", "13811110001").name, cast.staff("黑一", "13811110002").name] == ["白一", "黑一"]
        assert Person.objects.count() == 2


def _with_numbers_for_ids(person: Person) -> dict[str, list[bytes]]:
    """All rows, with the same number for the same id, and without what is drawn: marks of sessions, no passwords."""
    assert person.account is not None
    rows = {table: b"\n".join(lines) for table, lines in _rows().items()}
    drawn = {person.account.session_mark.encode(), *re.findall(rb"\t(![A-Za-z0-9]{40})\t", rows["people_account"])}
    ids = sorted({id for lines in rows.values() for id in re.findall(rb"[0-9a-f-]{36}", lines)})
    told = {id: b"%d" % number for number, id in enumerate(ids)} | dict.fromkeys(drawn, b"drawn")
    marked = re.compile(b"|".join(told))
    return {table: sorted(marked.sub(lambda it: told[it.group()], lines).split(b"\n")) for table, lines in rows.items()}

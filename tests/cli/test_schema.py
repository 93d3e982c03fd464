"""A database that lacks a guard is found, whichever it is, and one that has them all is not."""

import pytest
from django.db import connection

from huipai.cli import doctor, schema, verify
from huipai.cli.doctor import State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.no_guard, pytest.mark.usefixtures("whole_schema")]


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def names(query: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return set(cursor.fetchall())


def test_what_the_migrations_made_is_told_from_their_sql_as_the_catalogue_tells_it() -> None:
    triggers, constraints = schema.made_by_sql()
    assert triggers == names(schema._TRIGGERS)
    assert constraints <= names(schema._NAMED) and ("grid_gridnode", "grid_boundary_has_rings") in constraints
    assert list(schema.lacking()) == []


def test_a_whole_one_is_well_for_doctor_and_verify(capsys: pytest.CaptureFixture[str]) -> None:
    assert [one.state for one in doctor.guards()] == [State.GOOD]
    assert verify.main([]) == 0
    assert capsys.readouterr().out == ""


_KEY = (
    "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'points_line'::regclass"
    " AND pg_get_constraintdef(oid) LIKE '%account_id%'"
)


@pytest.mark.parametrize(
    ("taken_away", "put_back", "missed"),
    [
        (
            "ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_append_only",
            "ALTER TABLE journal_entry ENABLE TRIGGER journal_entry_append_only",
            "triggers that the migrations made, or they are switched off: journal_entry.journal_entry_append_only. ",
        ),
        (
            "ALTER TRIGGER points_lot_guard ON points_lot RENAME TO gone",
            "ALTER TRIGGER gone ON points_lot RENAME TO points_lot_guard",
            "points_lot.points_lot_guard",
        ),
        (
            "ALTER TABLE journal_entry RENAME CONSTRAINT journal_fact_is_a_word TO gone",
            "ALTER TABLE journal_entry RENAME CONSTRAINT gone TO journal_fact_is_a_word",
            "constraints and indexes that the migrations made, or they are switched off: "
            "journal_entry.journal_fact_is_a_word",
        ),
        (
            "ALTER TABLE people_identity RENAME CONSTRAINT people_one_identity_at_a_time TO gone",
            "ALTER TABLE people_identity RENAME CONSTRAINT gone TO people_one_identity_at_a_time",
            "people_identity.people_one_identity_at_a_time",
        ),
        (
            "ALTER INDEX journal_by_subject RENAME TO gone",
            "ALTER INDEX gone RENAME TO journal_by_subject",
            "journal_entry.journal_by_subject",
        ),
    ],
)
def test_what_is_gone_or_switched_off_is_named(
    taken_away: str, put_back: str, missed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(taken_away)
    try:
        assert missed in "".join(one.words for one in doctor.guards() if one.state is State.WRONG)
        assert verify.main([]) == 1
        assert missed in capsys.readouterr().out
    finally:
        run(put_back)


def test_a_foreign_key_that_is_gone_is_named() -> None:
    ((key,),) = names(_KEY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [key])
        ((spelled,),) = cursor.fetchall()
    run(f'ALTER TABLE points_line DROP CONSTRAINT "{key}"')
    try:
        (said,) = schema.lacking()
        assert "lacks foreign keys" in said and "points_line.account_id. " in said
    finally:
        run(f'ALTER TABLE points_line ADD CONSTRAINT "{key}" {spelled}')


def test_a_foreign_key_that_is_switched_off_is_named() -> None:
    """As a restore leaves it that ended half way through data without triggers; ours are switched on again."""
    run("ALTER TABLE grid_assignment DISABLE TRIGGER ALL")
    run("ALTER TABLE grid_assignment ENABLE TRIGGER USER")
    try:
        (said,) = schema.lacking()
        assert "lacks foreign keys" in said and "grid_assignment." in said
    finally:
        run("ALTER TABLE grid_assignment ENABLE TRIGGER ALL")


def test_of_many_three_are_named_and_the_others_counted() -> None:
    tables = ["journal_entry", "journal_seal", "points_posting", "points_line", "people_consent"]
    for table in tables:
        run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    try:
        (said,) = [one for one in schema.lacking() if "triggers" in one]
        assert "journal_entry.journal_entry_append_only, journal_entry.journal_entry_no_truncate, " in said
        assert " more. What they guard" in said
    finally:
        for table in tables:
            run(f"ALTER TABLE {table} ENABLE TRIGGER ALL")

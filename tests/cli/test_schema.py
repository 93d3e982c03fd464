"""A database that lacks a guard is found, whichever it is, and one that has them all is not."""

import re

import pytest
from django.db import connection

from huipai.cli import doctor, schema, twins, verify
from huipai.cli.doctor import State

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.no_guard,
    pytest.mark.usefixtures("whole_schema"),
]


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def names(query: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return set(cursor.fetchall())


_BODIES = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
# What no extension brought and no migration of another's.
_OURS = f"""{_BODIES} AND proname NOT LIKE 'procrastinate%'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_proc.oid AND d.deptype = 'e')"""


def test_what_the_migrations_made_is_told_from_their_sql_as_the_catalogue_tells_it() -> None:
    made = schema.made_by_sql()
    assert made.triggers.keys() == names(schema._TRIGGERS)
    assert made.constraints <= names(schema._NAMED)
    assert ("grid_gridnode", "grid_boundary_has_rings") in made.constraints
    assert made.functions.items() <= names(_BODIES), "each with its body as it was written"
    assert names(_OURS) <= made.functions.items()
    assert list(schema.lacking()) == []


def test_a_whole_one_is_well_for_doctor_and_verify(capsys: pytest.CaptureFixture[str]) -> None:
    assert [one.state for one in doctor.guards()] == [State.GOOD]
    assert verify.main([]) == 0
    assert capsys.readouterr().out == ""


_KEY = (
    "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'points_line'::regclass"
    " AND pg_get_constraintdef(oid) LIKE '%account_id%'"
)


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
def test_a_foreign_key_that_is_switched_off_is_named() -> None:
    """As a restore leaves it that ended half way through data without triggers; ours are switched on again."""
    run("ALTER TABLE grid_assignment DISABLE TRIGGER ALL")
    run("ALTER TABLE grid_assignment ENABLE TRIGGER USER")
    try:
        (said,) = schema.lacking()
        assert "lacks foreign keys" in said and "grid_assignment." in said
    finally:
        run("ALTER TABLE grid_assignment ENABLE TRIGGER ALL")


@pytest.mark.long
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


BESIDE = "In the database there are triggers, rules or row level security that no migration made"


@pytest.mark.long
@pytest.mark.parametrize(
    ("done", "undone", "words"),
    [
        (
            "ALTER TABLE points_posting ALTER points DROP NOT NULL",
            "ALTER TABLE points_posting ALTER points SET NOT NULL",
            "lacks NOT NULL of columns that the migrations made, or they are switched off: points_posting.points. ",
        ),
        (
            "CREATE RULE into_nothing AS ON INSERT TO journal_entry DO INSTEAD NOTHING",
            "DROP RULE into_nothing ON journal_entry",
            f"{BESIDE}, and that can take away or change what is written: journal_entry.into_nothing. ",
        ),
        (
            "CREATE TRIGGER another BEFORE DELETE ON journal_seal EXECUTE FUNCTION streets_refuse_change()",
            "DROP TRIGGER another ON journal_seal",
            "written: journal_seal.another. ",
        ),
        (
            "ALTER TABLE journal_seal FORCE ROW LEVEL SECURITY",
            "ALTER TABLE journal_seal NO FORCE ROW LEVEL SECURITY",
            "written: journal_seal.row level security. ",
        ),
        (
            "ALTER TABLE django_session SET UNLOGGED",
            "ALTER TABLE django_session SET LOGGED",
            "A crash of the server would empty these tables, and no standby has them: django_session.UNLOGGED. ",
        ),
    ],
    ids=["not null", "rule", "trigger", "row security", "unlogged"],
)
def test_what_lets_more_in_or_takes_away_what_is_written_is_named(done: str, undone: str, words: str) -> None:
    run(done)
    try:
        (said,) = schema.lacking()
        assert words in said
    finally:
        run(undone)
    assert list(schema.lacking()) == []


CHANGED = "In the database these bear the names of what the migrations made, and do something else: "
HOLLOW = "BEGIN RETURN NEW; END"


def defined(function: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [function])
        ((words,),) = cursor.fetchall()
    return str(words)


@pytest.mark.long
def test_each_trigger_spelled_by_the_server_on_a_twin_is_as_it_stands_there() -> None:
    """None is passed over: what could not be made anew would not be compared."""
    made = schema.made_by_sql()
    another = "CREATE TRIGGER another BEFORE DELETE ON there EXECUTE FUNCTION streets_refuse_change()"
    assert twins._unlike(made.triggers, dict.fromkeys(made.triggers, another)) == made.triggers.keys()
    assert twins.changed(made) == []
    assert names("SELECT relname, relname FROM pg_class WHERE relname = 'twin'") == set(), "and nothing of it is left"


@pytest.mark.long
@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("points_guard_lot", "points_lot.points_lot_guard. "),
        ("streets_refuse_change", "audit_"),
        ("points_too_close", "points_too_close(). "),
    ],
)
def test_a_function_that_was_hollowed_out_is_named_by_what_runs_it(
    function: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = defined(function)
    body = HOLLOW if "RETURNS trigger" in whole else "SELECT false"
    run(re.sub(r"AS \$function\$.*\$function\$", f"AS $function$ {body} $function$", whole, flags=re.DOTALL))
    try:
        (said,) = schema.lacking()
        assert said.startswith(CHANGED + words)
        assert CHANGED in "".join(one.words for one in doctor.guards() if one.state is State.WRONG)
        assert verify.main([]) == 1 and CHANGED in capsys.readouterr().out
    finally:
        run(whole)
    assert list(schema.lacking()) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "instead",
    [
        pytest.param("BEFORE UPDATE ON {table} FOR EACH ROW WHEN (false) EXECUTE FUNCTION {runs}()", id="never"),
        pytest.param("AFTER UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {runs}()", id="later"),
        pytest.param("BEFORE UPDATE OF id ON {table} FOR EACH ROW EXECUTE FUNCTION {runs}()", id="of one column"),
        pytest.param(
            "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION hollow()", id="another function"
        ),
    ],
)
def test_a_trigger_of_the_same_name_that_is_another_one_is_named(instead: str) -> None:
    table, name, runs = "journal_entry", "journal_entry_append_only", "streets_refuse_change"
    ((_name, whole),) = names(f"SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = '{name}'")
    run(f"CREATE FUNCTION hollow() RETURNS trigger LANGUAGE plpgsql AS $$ {HOLLOW} $$")
    run(f"DROP TRIGGER {name} ON {table}")
    run(f"CREATE TRIGGER {name} {instead.format(table=table, runs=runs)}")
    try:
        (said,) = schema.lacking()
        assert said.startswith(f"{CHANGED}{table}.{name}. ")
    finally:
        run(f"DROP TRIGGER {name} ON {table}")
        run(whole)
        run("DROP FUNCTION hollow()")
    assert list(schema.lacking()) == []


@pytest.mark.long
def test_a_function_that_is_only_spaced_otherwise_is_the_same() -> None:
    """As one stands in a database that has taken the steps before (0095)."""
    whole = defined("points_guard_lot")
    run(whole.replace("\n", "\n   ").replace("BEGIN", "BEGIN "))
    try:
        assert list(schema.lacking()) == []
    finally:
        run(whole)


@pytest.mark.long
def test_where_nothing_can_be_made_bodies_are_compared_all_the_same() -> None:
    """On a standby: there every transaction only reads."""
    whole = defined("points_guard_lot")
    run(f"CREATE OR REPLACE FUNCTION points_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$ {HOLLOW} $$")
    run("SET default_transaction_read_only = on")
    try:
        (said,) = schema.lacking()
        assert "points_lot.points_lot_guard" in said
    finally:
        run("SET default_transaction_read_only = off")
        run(whole)


@pytest.mark.long
def test_the_body_is_that_of_the_function_which_the_trigger_runs() -> None:
    """Another of the same name, with other parameters and the right body, makes no guard of it."""
    whole = defined("points_guard_lot")
    run(f"CREATE OR REPLACE FUNCTION points_guard_lot() RETURNS trigger LANGUAGE plpgsql AS $$ {HOLLOW} $$")
    run("SET check_function_bodies = off")
    double = whole.replace("points_guard_lot()", "points_guard_lot(a int)").replace("RETURNS trigger", "RETURNS int")
    assert double.count("(a int)") == 1
    run(double)
    try:
        (said,) = schema.lacking()
        assert "points_lot.points_lot_guard" in said
    finally:
        run("DROP FUNCTION points_guard_lot(int)")
        run("SET check_function_bodies = on")
        run(whole)

"""Ruling 28: demo mode refuses a database that it did not seed, and production refuses the demo's."""

import subprocess
import sys

import psycopg
import pytest

from huipai.cli import ownership
from huipai.cli.postgres import PROJECT
from huipai.cli.words import Trouble

from .processes import eventually, free_port, huipai
from .test_main import PRODUCTION


def put_a_street_into(url: str, *, is_demo: bool = False) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE streets_street (slug text, is_demo boolean)")
        connection.execute("INSERT INTO streets_street VALUES ('somebodys', %s)", [is_demo])


def test_an_empty_database_may_become_the_demos(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIPAI_MODE", "demo")
    ownership.require_for_mode()


def test_somebodys_database_is_refused(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIPAI_MODE", "demo")
    put_a_street_into(empty_database)
    with pytest.raises(Trouble, match="not made by the demo"):
        ownership.require_for_mode()


def test_the_demos_own_is_taken_again(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIPAI_MODE", "demo")
    ownership.set_mark(ownership.READY)
    put_a_street_into(empty_database)
    ownership.require_for_mode()


def test_production_refuses_the_demos_database(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIPAI_MODE", "production")
    ownership.set_mark(ownership.READY)
    with pytest.raises(Trouble, match="belongs to the demo"):
        ownership.require_for_mode()


def test_what_seed_made_is_the_demos_too(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put_a_street_into(empty_database, is_demo=True)
    monkeypatch.setenv("HUIPAI_MODE", "demo")
    ownership.require_for_mode()
    monkeypatch.setenv("HUIPAI_MODE", "production")
    with pytest.raises(Trouble, match="belongs to the demo"):
        ownership.require_for_mode()


def test_a_mode_that_names_none_opens_nothing(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line without a value was once taken for demo mode by one half of us and for no mode by the other."""
    put_a_street_into(empty_database)
    monkeypatch.setenv("HUIPAI_MODE", "")
    with pytest.raises(Trouble, match="HUIPAI_MODE is ''"):
        ownership.require_for_mode()


def test_nor_does_test_mode_open_what_is_no_tests(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIPAI_MODE", "test")
    ownership.require_for_mode()
    put_a_street_into(empty_database)
    assert not empty_database.partition("///")[2].startswith("test_")
    with pytest.raises(Trouble, match="holds a real street"):
        ownership.require_for_mode()


def test_nothing_is_seeded_into_somebodys_database(tables: str) -> None:
    with psycopg.connect(tables) as connection:
        connection.execute(
            "INSERT INTO streets_street (id, slug, name, operator, filing_number, complaint_phone, hotline_phone, "
            "center_lng, center_lat, map_approval, is_demo, opened_at) "
            "VALUES (gen_random_uuid(), 'real', '真街道', '某办', '', '', '', 120, 31, '', false, now())"
        )
    done = huipai("seed", "--streets", "1", "--cases", "10", HUIPAI_MODE="demo")
    assert done.returncode == 1 and "not made by the demo" in done.stderr, done
    with psycopg.connect(tables) as connection:
        assert connection.execute("SELECT slug FROM streets_street").fetchall() == [("real",)]


def test_neither_the_worker_nor_a_new_street_takes_the_demos_database(tables: str) -> None:
    roles = ("system-admin", "security-admin", "auditor")
    admins = [f"--{role}=1390000000{number}:某人" for number, role in enumerate(roles)]
    street = ["zz", "--code=320500009", "--name=某街道", "--operator=某办", "--center=120,31", *admins]
    ownership.set_mark(ownership.READY)
    try:
        refused = [huipai(*command, **PRODUCTION) for command in (["work", "--once"], ["open-street", *street])]
    finally:
        ownership.set_mark("")
    assert all(one.returncode == 1 and "belongs to the demo" in one.stderr for one in refused), refused


def test_a_seed_that_was_interrupted_is_forgotten(empty_database: str) -> None:
    put_a_street_into(empty_database)
    ownership.set_mark(ownership.SEEDING)
    ownership.forget_half_a_seed()
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT to_regclass('streets_street')").fetchone() == (None,)


def test_a_finished_seed_is_kept(empty_database: str) -> None:
    put_a_street_into(empty_database)
    ownership.set_mark(ownership.READY)
    ownership.forget_half_a_seed()
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT slug FROM streets_street").fetchone() == ("somebodys",)


# Holds the demo's lock as the one does that fills it, until it is killed.
_FILLER = """
import sys
from huipai.cli import ownership
with ownership.alone():
    ownership.set_mark(ownership.SEEDING)
    print("alone", flush=True)
    sys.stdin.readline()
"""


def test_a_demo_that_is_being_filled_is_left_alone_until_its_filler_ends(empty_database: str) -> None:
    """Its seed was once wiped by a second start, which took it for an interrupted one."""
    with subprocess.Popen(
        [sys.executable, "-c", _FILLER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT
    ) as filler:
        assert filler.stdout is not None and filler.stdout.readline() == "alone\n"
        put_a_street_into(empty_database)
        second = huipai("demo", f"--port={free_port()}", HUIPAI_MODE="demo")
        assert (second.returncode, second.stderr.count("\n")) == (1, 1)
        assert second.stderr.startswith("The demo is being filled by another process")
        with psycopg.connect(empty_database) as connection:
            assert connection.execute("SELECT slug FROM streets_street").fetchone() == ("somebodys",)
        filler.kill()
    assert eventually(_may_go_on)
    ownership.forget_half_a_seed()


def _may_go_on() -> bool:
    try:
        with ownership.alone():
            return ownership.mark() == ownership.SEEDING
    except Trouble:
        return False

"""Whether there is anything to migrate is told by names, without reading a migration."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from huipai.cli import database
from huipai.cli.postgres import FAST_AND_CARELESS, PROJECT, Cluster
from huipai.cli.words import Trouble
from huipai.points.migrations._before import BEFORE
from tests import migrated

from .conftest import named
from .processes import eventually, huipai


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("PANIC:  could not write to file: No space left on device", "the disk of .* is full. Mend that"),
        ("PANIC:  could not read a page", r"PostgreSQL has ended meanwhile: .*Mend that"),
    ],
)
def test_a_server_that_falls_meanwhile_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str, said: str
) -> None:
    for name in ("DATABASE_URL", "HUIPAI_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(database, "Cluster", lambda: Cluster(folder=tmp_path, options=FAST_AND_CARELESS))
    with pytest.raises(Trouble, match=said), database.reached() as cluster:
        assert cluster is not None and cluster.process_id is not None
        os.kill(cluster.process_id, signal.SIGQUIT)
        deadline = time.monotonic() + 30
        while cluster.answers() and time.monotonic() < deadline:
            time.sleep(0.02)
        with (cluster.home / "log").open("a") as log:
            log.write(f"{last}\n")
        raise psycopg.OperationalError("the connection is lost")


def test_a_database_without_tables_is_not_up_to_date(empty_database: str) -> None:
    assert not database.is_up_to_date()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "DELETE FROM django_migrations WHERE app = 'streets' AND name = '0001_tables'",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('streets', '9999_of_a_newer_program', now())",
    ],
    ids=["one to run", "one that nobody knows"],
)
def test_where_the_names_differ_it_is_not_up_to_date(tables: str, elsewhere: str) -> None:
    assert database.is_up_to_date()
    with database.connect() as connection:
        kept = connection.execute("SELECT app, name, applied FROM django_migrations").fetchall()
        assert connection.execute(elsewhere).rowcount == 1
        try:
            assert not database.is_up_to_date()
        finally:
            connection.execute("DELETE FROM django_migrations")
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", kept)


@pytest.fixture
def half_way(tables: str) -> Iterator[None]:
    """As an update left it that was stopped among the steps which 0001_tables stands for."""
    with database.connect() as connection:
        kept = connection.execute("SELECT app, name, applied FROM django_migrations").fetchall()
        connection.execute("DELETE FROM django_migrations WHERE app = 'points'")
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())",
                BEFORE[:5],
            )
        yield
        connection.execute("DELETE FROM django_migrations")
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", kept)


@pytest.mark.parametrize("command", ["migrate", "showmigrations", "verify", "serve", "work", "doctor"])
def test_tables_left_half_way_are_refused_with_what_to_do_next(half_way: None, command: str) -> None:
    done = huipai(command)
    said = done.stdout if command == "doctor" else done.stderr
    assert done.returncode == 1 and "Traceback" not in done.stderr + done.stdout
    assert f"These tables were left half way: of the {len(BEFORE)} steps that 'points' took until 30 November" in said
    assert "they have taken 5, and this version has only the whole." in said
    assert "'git checkout 8eaa8e8a', then 'make install'" in said and "run 'python -m huipai migrate' again" in said


def test_a_database_that_has_taken_every_earlier_step_has_taken_what_stands_for_them(tables: str) -> None:
    with database.connect() as connection:
        anew = "DELETE FROM django_migrations WHERE name = '0001_tables' RETURNING app, name"
        new = connection.execute(anew).fetchall()
    assert not database.is_up_to_date()
    call_command("migrate", verbosity=0)  # else it would make tables that are there
    assert database.is_up_to_date()
    with database.connect() as connection:
        rows = connection.execute("SELECT app, name FROM django_migrations WHERE name = '0001_tables'").fetchall()
    assert new and sorted(rows) == sorted(new)


def test_a_migration_waits_for_whoever_reads_longer_than_a_page_may_wait(
    transactional_db: None, empty_database_name: str
) -> None:
    """As for a backup, which holds every table until it has read the last."""
    target, address = named(empty_database_name), os.environ["DATABASE_URL"]
    source = migrated.database()
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"DROP DATABASE {empty_database_name}")
        server.execute(f"CREATE DATABASE {empty_database_name} TEMPLATE {source}")
    backward = [sys.executable, "-m", "huipai", "migrate", "notices", "0001"]
    with psycopg.connect(target) as reader:
        reader.execute("LOCK TABLE notices_notice IN ACCESS SHARE MODE")
        environment = {**os.environ, "DATABASE_URL": target, "HUIPAI_STATEMENT_TIMEOUT_MS": "700"}
        with subprocess.Popen(backward, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True) as command:
            waits = "SELECT FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
            with psycopg.connect(address, autocommit=True) as server:
                assert eventually(lambda: bool(server.execute(waits, [empty_database_name]).fetchall()), 60)
            time.sleep(1.5)
            reader.rollback()
            _out, said = command.communicate(timeout=60)
    assert command.returncode == 0, said


@pytest.mark.long
def test_of_two_migrations_at_once_the_second_waits_and_finds_it_done(empty_database_name: str) -> None:
    """As when two machines are brought up together."""
    environment = {**os.environ, "DATABASE_URL": named(empty_database_name)}
    command = [sys.executable, "-m", "huipai", "migrate", "--noinput"]
    both = [
        subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _machine in range(2)
    ]
    said = [one.communicate(timeout=300) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sorted("No migrations to apply" in out for out, _err in said) == [False, True]

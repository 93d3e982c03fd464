"""Databases beside the tests' own, for commands that run as processes."""

import os
import re
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection


def named(database: str) -> str:
    """DATABASE_URL with another database's name."""
    return re.sub(r"^(postgres(?:ql)?://[^/]*/)[^?]*", rf"\g<1>{database}", os.environ["DATABASE_URL"])


@pytest.fixture
def empty_database_name() -> Iterator[str]:
    """A database with nothing in it."""
    name = f"empty_{uuid.uuid4().hex}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_database(empty_database_name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """DATABASE_URL names a database with nothing in it."""
    monkeypatch.setenv("DATABASE_URL", named(empty_database_name))
    return os.environ["DATABASE_URL"]


@pytest.fixture
def tables(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """DATABASE_URL names the tests' own database, whose tables are up to date."""
    monkeypatch.setenv("DATABASE_URL", named(str(connection.settings_dict["NAME"])))
    return os.environ["DATABASE_URL"]


@pytest.fixture
def whole_schema(transactional_db: None) -> Iterator[None]:
    """Every trigger is in force, those that the tests' own database has switched off as well (tests/conftest.py)."""
    resting = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%_no_truncate'"
    with connection.cursor() as cursor:
        cursor.execute(resting)
        triggers = cursor.fetchall()
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
    yield
    with connection.cursor() as cursor:
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")

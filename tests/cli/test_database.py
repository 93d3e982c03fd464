"""Whether there is anything to migrate is told by names, without reading a migration."""

import pytest

from huipai.cli import database


def test_a_database_without_tables_is_not_up_to_date(empty_database: str) -> None:
    assert not database.is_up_to_date()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "DELETE FROM django_migrations WHERE app = 'streets' AND name = '0001_initial'",
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

"""A command line that reads everything waits for its statements; a page on the same connection does not."""

import pytest
from django.db import OperationalError, connection

from huipai.kit.unhurried import unhurried

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.no_guard]


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def test_nothing_is_stopped_within_and_the_limit_is_back_afterwards() -> None:
    page = limit()
    assert page != "0"
    with unhurried():
        assert limit() == "0"
    assert limit() == page


def test_the_limit_is_back_when_it_fails_and_a_lost_connection_hides_no_reason() -> None:
    page = limit()
    with pytest.raises(OperationalError, match="terminating connection"), unhurried(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close()
    assert limit() == page

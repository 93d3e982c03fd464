"""What a test that committed leaves behind is deleted from the tables that hold it.

Django truncates all of them and writes its content types and permissions anew. There are two hundred tables, each of
several files, of which a test writes to thirty: a third of a second after every such test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TransactionTestCase

# A table that was never written to has no page. All are locked before the first is emptied: what the thread of a page
# has not committed yet is waited for. All rows go, so that neither keys nor triggers are asked. What migrations wrote
# down stays, as it is there for every test.
EMPTY = """
DO $$
DECLARE
    written text[] := ARRAY(
        SELECT oid::regclass::text FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
            AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
        ORDER BY oid
    );
    one text;
BEGIN
    IF cardinality(written) > 0 THEN
        EXECUTE 'LOCK TABLE ' || array_to_string(written, ', ') || ' IN ACCESS EXCLUSIVE MODE';
        SET LOCAL session_replication_role = replica;
        FOREACH one IN ARRAY written LOOP
            EXECUTE 'DELETE FROM ' || one;
        END LOOP;
    END IF;
END $$
"""


@contextmanager
def by_deleting() -> Iterator[None]:
    """Meanwhile Django's tests are cleaned like that; Django's own way remains for a server where we may not."""
    theirs = TransactionTestCase._fixture_teardown

    def ours(test: TransactionTestCase) -> None:
        connection.ensure_connection()
        (may,) = connection.connection.execute(
            "SELECT has_parameter_privilege('session_replication_role', 'SET')"
        ).fetchone()
        if may:
            connection.connection.execute(EMPTY)
        else:
            theirs(test)

    TransactionTestCase._fixture_teardown = ours
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = theirs

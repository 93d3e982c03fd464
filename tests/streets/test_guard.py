"""The statement guard: what it lets pass and what it stops."""

import pytest

from huipai.streets.guard import StreetMissing, guard, judge

GOOD = [
    'SELECT 1 FROM "cases_case" WHERE "cases_case"."street_id" = %s',
    "SELECT 1 FROM cases_case WHERE street_id = %(street)s AND state = 'x'",
    "SELECT 1 FROM cases_case c JOIN cases_report r ON r.case_id = c.id AND r.street_id = (c.street_id)"
    " WHERE c.street_id = %s",
    "SELECT 1 FROM cases_case c WHERE c.street_id IN (%s, %s)",
    "SELECT 1 FROM cases_case c WHERE c.street_id = %s AND EXISTS"
    " (SELECT 1 FROM cases_report r WHERE r.case_id = c.id AND r.street_id = c.street_id)",
    "SELECT 1 FROM cases_case c WHERE (c.street_id = %s AND (c.state = 'a' OR c.state = 'b'))",
    "INSERT INTO cases_note (id, street_id, text) VALUES (%s, %s, %s)",
    "INSERT INTO cases_note (id, street_id) SELECT id, street_id FROM cases_case WHERE street_id = %s",
    "UPDATE cases_case SET state = 'x' WHERE street_id = %s AND id = %s",
    "DELETE FROM cases_note WHERE street_id = %s",
    "WITH c AS (SELECT * FROM cases_case WHERE street_id = %s) SELECT * FROM c",
    "SELECT 1 FROM people_account WHERE id = %s",
    "SELECT 1 FROM procrastinate_jobs",
    "SAVEPOINT s1",
    "SET CONSTRAINTS ALL IMMEDIATE",
]
BAD = [
    "SELECT 1 FROM cases_case",
    "SELECT 1 FROM cases_case WHERE id = %s",
    "SELECT 1 FROM cases_case WHERE street_id = %s OR id = %s",
    "SELECT 1 FROM cases_case WHERE NOT (street_id = %s)",
    "SELECT 1 FROM cases_case c JOIN cases_report r ON r.case_id = c.id WHERE c.street_id = %s",
    "SELECT 1 FROM cases_case c, cases_report r WHERE c.street_id = r.street_id",
    "SELECT 1 FROM cases_case c WHERE c.street_id = %s AND EXISTS"
    " (SELECT 1 FROM cases_report r WHERE r.case_id = c.id)",
    "INSERT INTO cases_note (id, text) VALUES (%s, %s)",
    "UPDATE cases_case SET state = 'x' WHERE id = %s",
    "DELETE FROM cases_note WHERE id IN (%s)",
    "WITH c AS (SELECT * FROM cases_case) SELECT * FROM c",
    "SELECT 1 FROM cases_case WHERE street_id = street_id",
    "SELECT 1 FROM cases_case WHERE street_id = %s UNION SELECT 1 FROM cases_report WHERE id = %s",
]


@pytest.mark.parametrize("sql", GOOD)
def test_lets_pass(sql: str) -> None:
    assert judge(sql) is None


@pytest.mark.parametrize("sql", BAD)
def test_stops(sql: str) -> None:
    assert judge(sql) is not None
    with pytest.raises(StreetMissing):
        guard(lambda *_: None, sql, None, False, {})

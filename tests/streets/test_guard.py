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
    "SELECT 1 FROM cases_case c LEFT JOIN cases_report r ON r.case_id = c.id AND r.street_id = c.street_id"
    " WHERE c.street_id = %s",
    "SELECT 1 FROM streets_street s JOIN cases_case c ON c.street_id = s.id WHERE s.id = %s",
    "SELECT s.slug FROM streets_street s",
    "SELECT 1 FROM cases_case c WHERE c.street_id IN (SELECT street_id FROM cases_note WHERE street_id = %s)",
    "SELECT 1 FROM cases_case c WHERE c.street_id = ANY(%s::uuid[])",
    "WITH asked AS (SELECT %s::uuid AS street) SELECT 1 FROM asked, cases_case c WHERE c.street_id = asked.street",
    "WITH one AS (SELECT o.id FROM streets_street o WHERE o.id = %s) SELECT 1 FROM one, cases_case c"
    " WHERE c.street_id = one.id",
    "DECLARE rows NO SCROLL CURSOR WITH HOLD FOR SELECT 1 FROM cases_case WHERE street_id = %s",
    "SAVEPOINT s1",
    "SET CONSTRAINTS ALL IMMEDIATE",
]
BAD = [
    "DECLARE rows CURSOR FOR SELECT 1 FROM cases_case",
    "DECLARE rows NO SCROLL CURSOR WITH HOLD FOR SELECT 1 FROM cases_case WHERE id = %s",
    "WITH s AS (SELECT id AS street_id FROM streets_street) SELECT 1 FROM cases_case c"
    " JOIN s ON c.street_id = s.street_id",
    "SELECT 1 FROM cases_case c JOIN (SELECT x.id AS one FROM streets_street x) s ON c.street_id = s.one",
    "SELECT 1 FROM cases_case c, (SELECT * FROM streets_street) s WHERE c.street_id = s.id",
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
    "SELECT 1 FROM cases_case a LEFT JOIN cases_report b ON a.street_id = %s AND b.street_id = a.street_id",
    "SELECT 1 FROM cases_report b RIGHT JOIN cases_case a ON a.street_id = %s AND b.street_id = a.street_id",
    "SELECT 1 FROM cases_case a FULL JOIN cases_report b ON a.street_id = %s AND b.street_id = %s",
    "SELECT 1 FROM cases_case a JOIN streets_street s ON a.street_id = s.id",
    "SELECT 1 FROM streets_street s WHERE EXISTS (SELECT 1 FROM cases_case c WHERE c.street_id = s.id)",
    "SELECT 1 FROM cases_case a WHERE a.street_id = a.id",
    "SELECT 1 FROM cases_case WHERE street_id = id",
    "SELECT 1 FROM cases_case a WHERE a.street_id = COALESCE(a.street_id, %s)",
    "SELECT 1 FROM cases_case a WHERE a.street_id IN (SELECT id FROM streets_street)",
    "SELECT 1 FROM cases_case a WHERE a.street_id = ANY(SELECT id FROM streets_street)",
    "MERGE INTO cases_case a USING cases_note b ON a.id = b.case_id WHEN MATCHED THEN DELETE",
    "SET work_mem = 1; SELECT 1 FROM cases_case",
    "DO $$ BEGIN DELETE FROM cases_case; END $$",
    "PREPARE x AS SELECT 1 FROM cases_case",
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

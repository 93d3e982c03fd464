"""Proving what was awarded for cases and good deeds: to whom, by which item, for when, at which step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from huipai.points.queries import Difference, differences
from huipai.streets.models import Street

# What the type of a case gave when its check passed. A case can be put under another type once it has come back: then
# the first such step after the award says what it was under; of an older step only the type, not the edition.
_OFFERED: Final = """
    SELECT p.id AS posting_id, CASE
        WHEN was.edition IS NULL OR was.edition >= kind.edition THEN kind.point_item
        ELSE (SELECT said.content ->> 'point_item' FROM cases_casetypeedition AS said
              WHERE said.street_id = p.street_id AND said.case_type_id = kind.id AND said.number = was.edition)
        END AS code, was.edition IS NULL AS is_old, was.type_id, was.edition
    FROM points_posting AS p
    JOIN cases_case AS c ON c.street_id = p.street_id AND p.subject = 'case:' || c.id
    LEFT JOIN LATERAL (
        SELECT (e.facts ->> 'before')::uuid AS type_id, (e.facts ->> 'edition')::int AS edition
        FROM journal_entry AS e
        WHERE e.street_id = p.street_id AND e.subject = p.subject AND e.what = 'case.retyped'
            AND e.happened_at > p.posted_at
        ORDER BY e.happened_at, e.id LIMIT 1) AS later ON true
    CROSS JOIN LATERAL (SELECT coalesce(later.type_id, c.case_type_id) AS type_id,
                               CASE WHEN later.type_id IS NULL THEN c.edition ELSE later.edition END AS edition) AS was
    JOIN cases_casetype AS kind ON kind.street_id = p.street_id AND kind.id = was.type_id
    WHERE p.street_id = %(street)s AND p.kind = 'award'"""

# (table, why, statement giving id, said, found); one row a field that is not as it must be.
AWARDS: Final = (
    (
        "points_posting",
        "its case did not earn it",
        f"""WITH offered AS ({_OFFERED})
           SELECT p.id, field.name || ' ' || coalesce(field.said, 'nobody'),
                  field.name || ' ' || coalesce(field.found, 'nobody')
           FROM points_posting AS p
           LEFT JOIN cases_case AS c ON c.street_id = p.street_id AND p.subject = 'case:' || c.id
           LEFT JOIN offered ON offered.posting_id = p.id
           LEFT JOIN LATERAL (
               SELECT min(t.happened_at) FILTER (WHERE t.happened_at = p.posted_at) AS at_once,
                      min(t.happened_at) AS first
               FROM cases_transition AS t
               WHERE t.street_id = c.street_id AND t.case_id = c.id AND t.action = 'pass_check') AS passed ON true
           CROSS JOIN LATERAL (VALUES
               ('case', coalesce('case:' || c.id, 'one of this street'), p.subject),
               ('person', c.reporter_id::text, p.person_id::text),
               ('household', NULL, p.household_id::text),
               ('item', CASE WHEN offered.is_old THEN p.item_code ELSE nullif(offered.code, '') END, p.item_code),
               ('received', c.reported_at::text, p.received_at::text),
               ('check passed', coalesce(passed.at_once, passed.first)::text, p.posted_at::text),
               ('actor', NULL, p.actor_id::text),
               ('measured', NULL, p.measured::text),
               ('whole', NULL, c.parent_id::text)
           ) AS field(name, said, found)
           WHERE p.street_id = %(street)s AND p.kind = 'award' AND p.subject LIKE 'case:%%'
               AND (c.id IS NOT NULL OR field.name = 'case') AND field.said IS DISTINCT FROM field.found
           ORDER BY p.id, field.name""",
    ),
    (
        "points_posting",
        "its case was put under an edition that came after its report",
        # Back under a type that it was of before, it has the edition that it left. Older steps do not say which
        # edition they brought.
        f"""WITH offered AS ({_OFFERED})
           SELECT p.id, 'edition ' || by_then.number, 'edition ' || offered.edition
           FROM points_posting AS p
           JOIN offered ON offered.posting_id = p.id
           JOIN cases_case AS c ON c.street_id = p.street_id AND p.subject = 'case:' || c.id
           JOIN LATERAL (
               SELECT e.facts FROM journal_entry AS e
               WHERE e.street_id = p.street_id AND e.subject = p.subject AND e.what = 'case.retyped'
                   AND e.happened_at <= p.posted_at
               ORDER BY e.happened_at DESC, e.id DESC LIMIT 1) AS moved ON moved.facts ? 'under'
           CROSS JOIN LATERAL (
               SELECT coalesce(max(said.number), 1) AS number FROM cases_casetypeedition AS said
               WHERE said.street_id = p.street_id AND said.case_type_id = offered.type_id
                   AND (said.since IS NULL OR said.since <= c.reported_at)) AS by_then
           WHERE p.street_id = %(street)s AND p.kind = 'award' AND offered.edition <> by_then.number
               AND NOT EXISTS (
                   SELECT FROM journal_entry AS e
                   WHERE e.street_id = p.street_id AND e.subject = p.subject AND e.what = 'case.retyped'
                       AND e.happened_at <= p.posted_at AND e.facts ->> 'before' = offered.type_id::text
                       AND e.facts ->> 'edition' = offered.edition::text)
           ORDER BY p.id""",
    ),
    (
        "points_posting",
        "its case has earned already",
        """SELECT p.id, first.item_code, p.item_code
           FROM points_posting AS p
           JOIN LATERAL (
               SELECT o.id, o.item_code FROM points_posting AS o
               WHERE o.street_id = p.street_id AND o.kind = 'award' AND o.subject = p.subject
               ORDER BY o.posted_at, o.id LIMIT 1) AS first ON first.id <> p.id
           WHERE p.street_id = %(street)s AND p.kind = 'award' AND p.subject LIKE 'case:%%' ORDER BY p.id""",
    ),
    (
        "points_posting",
        "its good deed did not earn it",
        """SELECT p.id, field.name || ' ' || coalesce(field.said, 'nobody'),
                  field.name || ' ' || coalesce(field.found, 'nobody')
           FROM points_posting AS p
           LEFT JOIN cases_gooddeed AS d ON d.street_id = p.street_id AND p.subject = 'deed:' || d.id
           LEFT JOIN cases_deedstep AS s ON s.street_id = d.street_id AND s.deed_id = d.id AND s.action = 'publish'
           CROSS JOIN LATERAL (VALUES
               ('deed', coalesce('deed:' || d.id, 'one of this street'), p.subject),
               ('person', d.doer_id::text, p.person_id::text),
               ('household', NULL, p.household_id::text),
               ('item', nullif(d.point_item, ''), p.item_code),
               ('received', d.reported_at::text, p.received_at::text),
               ('published', s.happened_at::text, p.posted_at::text),
               ('actor', s.actor_id::text, p.actor_id::text),
               ('measured', NULL, p.measured::text)
           ) AS field(name, said, found)
           WHERE p.street_id = %(street)s AND p.kind = 'award' AND p.subject LIKE 'deed:%%'
               AND (d.id IS NOT NULL OR field.name = 'deed') AND field.said IS DISTINCT FROM field.found
           ORDER BY p.id, field.name""",
    ),
    (
        "cases_casetypeedition",
        "it pays what nobody else agreed to",
        """SELECT said.id, coalesce(e.facts ->> 'pays', 'nothing'), said.content ->> 'point_item'
           FROM (SELECT one.*, lag(one.content ->> 'point_item', 1, '') OVER (
                     PARTITION BY one.case_type_id ORDER BY one.number) AS was
                 FROM cases_casetypeedition AS one WHERE one.street_id = %(street)s) AS said
           JOIN journal_entry AS e ON e.street_id = said.street_id AND e.subject = 'case_type:' || said.case_type_id
               AND e.what IN ('case_type.added', 'case_type.changed', 'case_type.retired', 'case_type.brought_back')
               AND e.facts ->> 'edition' = said.number::text AND e.facts ? 'pays'
           WHERE said.content ->> 'point_item' <> e.facts ->> 'pays'
              OR said.content ->> 'point_item' <> said.was AND NOT EXISTS (
                  SELECT FROM cases_typepayment AS agreed
                  WHERE agreed.street_id = said.street_id AND agreed.case_type_id = said.case_type_id
                      AND agreed.state = 'agreed' AND agreed.edition = said.number AND agreed.was = said.was
                      AND agreed.becomes = said.content ->> 'point_item')
           ORDER BY said.id""",
    ),
    (
        "cases_typepayment",
        "it is not what the journal recorded",
        """WITH ended AS (
               SELECT e.subject, substr(e.what, 19) AS state, e.actor_id, e.happened_at,
                      e.facts ->> 'edition' AS edition
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN (
                   'case_type.payment_agreed', 'case_type.payment_refused', 'case_type.payment_withdrawn')
           ), said AS (
               SELECT e.subject, jsonb_build_array(
                   e.facts ->> 'type', e.facts ->> 'was', e.facts ->> 'becomes', e.actor_id, e.happened_at,
                   coalesce(ended.state, 'proposed'), CASE WHEN ended.state <> 'withdrawn' THEN ended.actor_id END,
                   ended.happened_at, ended.edition) AS facts
               FROM journal_entry AS e LEFT JOIN ended ON ended.subject = e.subject
               WHERE e.street_id = %(street)s AND e.what = 'case_type.payment_asked'
           ), written AS (
               SELECT p.id, jsonb_build_array(
                   p.case_type_id::text, p.was, p.becomes, p.proposed_by_id, p.proposed_at, p.state, p.decided_by_id,
                   p.decided_at, p.edition::text) AS facts
               FROM cases_typepayment AS p WHERE p.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 14)::uuid), said.facts, written.facts
           FROM said FULL JOIN written ON said.subject = 'type_payment:' || written.id
           WHERE said.facts IS DISTINCT FROM written.facts ORDER BY 1""",
    ),
    (
        "cases_casetype",
        "what it pays is not what its last edition says",
        """SELECT kind.id, said.content ->> 'point_item', kind.point_item
           FROM cases_casetype AS kind
           JOIN cases_casetypeedition AS said
               ON said.street_id = kind.street_id AND said.case_type_id = kind.id AND said.number = kind.edition
           WHERE kind.street_id = %(street)s AND said.content ->> 'point_item' <> kind.point_item ORDER BY kind.id""",
    ),
)


def verify_awards(street: Street) -> Iterator[Difference]:
    """Each field of an award for a case or a good deed that is not what that case or deed says."""
    yield from differences(AWARDS, street)

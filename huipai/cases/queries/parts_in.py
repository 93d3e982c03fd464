"""Which of the parts that exclude each other somebody has had in a matter: whoever has had one works on none of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from huipai.audit.words import Kind
from huipai.cases.models import Case
from huipai.cases.queries.acting import SERVED
from huipai.kit import hot
from huipai.people.models import Person
from huipai.streets.current import is_to_read, notes, street_in_force


@dataclass(frozen=True, slots=True)
class Parts:
    """What somebody has been in a matter: its cases are one, however they were cut or merged."""

    # It is their report, or one of an elder for whom they sent it or spoke.
    reported: bool
    # They were drawn to check anything of it, in whatever round.
    checked: bool
    # They took a report of it down for somebody, printed its slip anew, or wrote there what its reporter said.
    took_down: bool
    # They were shown who reported something of it: on its case, or looking somebody up.
    was_shown_who: bool


# Planned once for a connection: each step of a case, and each button of a page, asks this. The reports lie in the root;
# the journal speaks of a case that was merged by where its reports were.
_PARTS = """
WITH matter AS MATERIALIZED (
    SELECT id, 'case:' || id AS subject FROM cases_case WHERE street_id = %(street)s AND id = %(root)s
    UNION SELECT id, 'case:' || id FROM cases_case WHERE street_id = %(street)s AND parent_id = %(root)s
    UNION SELECT id, 'case:' || id FROM cases_case WHERE street_id = %(street)s AND merged_into_id = %(root)s
)
SELECT
    EXISTS (
        SELECT FROM cases_report AS report WHERE report.street_id = %(street)s AND report.case_id = %(root)s AND (
            report.reporter_id = %(person)s OR EXISTS (
                SELECT FROM cases_reporthelp AS help
                WHERE help.street_id = report.street_id AND help.report_id = report.id AND help.helper_id = %(person)s))
    ),
    EXISTS (
        SELECT FROM matter JOIN cases_check AS look ON look.case_id = matter.id
        WHERE look.street_id = %(street)s AND look.checker_id = %(person)s
    ),
    EXISTS (
        SELECT FROM cases_report AS report
        JOIN cases_slip AS slip ON slip.street_id = report.street_id AND slip.report_id = report.id
        WHERE report.street_id = %(street)s AND report.case_id = %(root)s AND slip.taken_by_id = %(person)s
    ) OR EXISTS (
        SELECT FROM matter JOIN journal_entry AS entry ON entry.subject = matter.subject
        WHERE entry.street_id = %(street)s AND entry.actor_id = %(person)s AND entry.what = ANY(%(served)s::text[])
    ),
    EXISTS (
        SELECT FROM matter JOIN audit_disclosure AS shown ON shown.subject = matter.subject
        WHERE shown.street_id = %(street)s AND shown.person_id = %(person)s AND shown.kind = ANY(%(of_a_case)s::text[])
    ) OR EXISTS (
        SELECT FROM audit_disclosure AS shown
        JOIN journal_entry AS entry ON entry.street_id = shown.street_id AND entry.id = shown.entry_id
        WHERE shown.street_id = %(street)s AND shown.person_id = %(person)s AND shown.kind = %(of_somebody)s
            AND entry.facts -> 'shown' ?| (SELECT array_agg(id::text) FROM matter)
    )
"""
_ASKED = {
    "served": [fact.value for fact in SERVED],
    "of_a_case": [Kind.UNMASKED.value, Kind.NAMED.value], "of_somebody": Kind.LOOKED_UP.value,
}  # fmt: skip
NOTED = "cases.parts_in"


def parts_in(person: Person, case: Case) -> Parts:
    """What this person has been in the matter of the case."""
    asked = (person.pk, case.matter_id)
    if not is_to_read():
        return _parts_in(*asked)
    # A page that is shown asks for each of its buttons, and nothing comes in between.
    noted: dict[tuple[UUID, UUID], Parts] = notes().setdefault(NOTED, {})
    if asked not in noted:
        noted[asked] = _parts_in(*asked)
    return noted[asked]


def _parts_in(person_id: UUID, root: UUID) -> Parts:
    asked = {"street": street_in_force(), "person": person_id, "root": root, **_ASKED}
    [row] = hot.rows(_PARTS, asked)
    return Parts(*row)

"""Who has which part in a matter: a case, its whole, its parts and what was merged into them are one.

Nobody may be two of reporter, handler and checker of it. Drawing, handling, joining, merging, confirming for an elder
and showing who reported all ask here; of one person `policies` has the same as `has_reported` and `has_checked`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from huipai.cases.models import Case
from huipai.kit import hot
from huipai.streets.current import street_in_force


@dataclass(frozen=True)
class Involved:
    """Who reported a matter, sent that for an elder or spoke for one; who handled it or came for it; who was drawn.

    And in whose hands something of it lies now, and what was split off. Each is named as in the rows of `_INVOLVED`.
    """

    reporters: set[UUID] = field(default_factory=set)
    handlers: set[UUID] = field(default_factory=set)
    checkers: set[UUID] = field(default_factory=set)
    holders: set[UUID] = field(default_factory=set)
    parts: set[UUID] = field(default_factory=set)


# A case of these matters, somebody of it (or the case that it belongs to), and which of the sets they are of. Planned
# once for a connection: built by the ORM and planned each time, it was a third of the time that a check takes.
_INVOLVED = """
WITH matter AS MATERIALIZED (
    SELECT id, parent_id, merged_into_id, reporter_id, handler_id, worker_id FROM cases_case
    WHERE street_id = %(street)s AND (
        id = ANY(%(roots)s::uuid[]) OR parent_id = ANY(%(roots)s::uuid[]) OR merged_into_id = ANY(%(roots)s::uuid[])
    )
)
SELECT id, reporter_id, 'reporters' FROM matter
UNION SELECT id, handler_id, 'handlers' FROM matter WHERE handler_id IS NOT NULL
UNION SELECT id, worker_id, 'holders' FROM matter WHERE worker_id IS NOT NULL
UNION SELECT id, parent_id, 'parts' FROM matter WHERE parent_id = ANY(%(roots)s::uuid[])
UNION SELECT id, merged_into_id, 'merged' FROM matter WHERE merged_into_id = ANY(%(roots)s::uuid[])
UNION SELECT report.case_id, report.reporter_id, 'reporters'
    FROM matter JOIN cases_report AS report ON report.street_id = %(street)s AND report.case_id = matter.id
UNION SELECT report.case_id, help.helper_id, 'reporters'
    FROM matter JOIN cases_report AS report ON report.street_id = %(street)s AND report.case_id = matter.id
    JOIN cases_reporthelp AS help ON help.street_id = report.street_id AND help.report_id = report.id
UNION SELECT response.case_id, response.handler_id, 'handlers'
    FROM matter JOIN cases_response AS response ON response.street_id = %(street)s AND response.case_id = matter.id
UNION SELECT held.case_id, held.handler_id, 'handlers'
    FROM matter JOIN cases_workorder AS held ON held.street_id = %(street)s AND held.case_id = matter.id
    WHERE held.handler_id IS NOT NULL
UNION SELECT joint.case_id, call.envoy_id, 'handlers'
    FROM matter JOIN cases_jointcase AS joint ON joint.street_id = %(street)s AND joint.case_id = matter.id
    JOIN cases_unitcall AS call ON call.street_id = joint.street_id AND call.task_id = joint.task_id
    WHERE call.envoy_id IS NOT NULL
UNION SELECT looked.case_id, looked.checker_id, 'checkers'
    FROM matter JOIN cases_check AS looked ON looked.street_id = %(street)s AND looked.case_id = matter.id
"""


def in_cases(cases: Collection[Case]) -> dict[UUID, Involved]:
    """Of the matter of each of these cases; the database is asked once, however many they are."""
    of_matter = {case.matter_id: Involved() for case in cases}
    rows = hot.rows(_INVOLVED, {"street": street_in_force(), "roots": list(of_matter)})
    root_of = {id: root for id, root, which in rows if which in ("parts", "merged")}
    for id, who, which in rows:
        root = root_of.get(id, id)
        if which == "parts":
            of_matter[root].parts.add(id)
        elif which != "merged":
            getattr(of_matter[root], which).add(who)
    return {case.id: of_matter[case.matter_id] for case in cases}


def of(case: Case) -> Involved:
    """Of the matter of one case, as it stands here: what was changed and is not saved yet counts too."""
    who = in_cases([case])[case.id]
    who.reporters.add(case.reporter_id)
    if case.handler_id is not None:
        who.handlers.add(case.handler_id)
    if case.worker_id is not None:
        who.holders.add(case.worker_id)
    return who


def reporters_of(case: Case) -> set[UUID]:
    """Whose reports the matter has, and who sent one for an elder or spoke for one."""
    return of(case).reporters


def handlers_of(case: Case) -> set[UUID]:
    """Everybody who has handled the matter, by themselves or for a unit; also who came when it was whistled."""
    return of(case).handlers


def in_the_hands_of(case: Case) -> set[UUID]:
    """Who has handled the matter, and in whose hands something of it lies now."""
    who = of(case)
    return who.handlers | who.holders


def would_mix(one: Involved, other: Involved) -> bool:
    """Whether somebody would be two of the three if these became one matter."""
    return any(
        here.reporters & (there.handlers | there.checkers) or here.handlers & there.checkers
        for here, there in ((one, other), (other, one))
    )

"""Who has had a hand in a matter, or follows it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from huipai.cases.fact_words import Fact
from huipai.cases.models import Case
from huipai.cases.words import Actor
from huipai.kit import hot
from huipai.streets.current import street_in_force

# Planned once for a connection: asked one by one, each look that is drawn or passed planned nine statements anew.
_TOUCHED = """
SELECT actor_id FROM journal_entry WHERE street_id = %(street)s AND (
    subject = ANY(%(own_subjects)s::text[])
    OR subject = ANY(%(beside_subjects)s::text[]) AND what <> ALL(%(looked)s::text[]))
UNION SELECT actor_id FROM cases_transition WHERE street_id = %(street)s AND (
    case_id = ANY(%(own)s::uuid[]) OR case_id = ANY(%(beside)s::uuid[]) AND part <> %(checker)s)
UNION SELECT added_by_id FROM cases_attachment WHERE street_id = %(street)s AND case_id = ANY(%(all)s::uuid[])
UNION SELECT step.actor_id FROM cases_finding AS finding
    JOIN cases_findingstep AS step ON step.street_id = finding.street_id AND step.finding_id = finding.id
    WHERE finding.street_id = %(street)s AND finding.case_id = ANY(%(all)s::uuid[])
UNION SELECT slip.taken_by_id FROM cases_report AS report
    JOIN cases_slip AS slip ON slip.street_id = report.street_id AND slip.report_id = report.id
    WHERE report.street_id = %(street)s AND report.case_id = %(root)s::uuid
UNION SELECT unnest(ARRAY[author_id, decided_by_id]) FROM cases_comment
    WHERE street_id = %(street)s AND case_id = ANY(%(all)s::uuid[])
UNION SELECT report.person_id FROM cases_comment AS comment
    JOIN cases_commentreport AS report ON report.street_id = comment.street_id AND report.comment_id = comment.id
    WHERE comment.street_id = %(street)s AND comment.case_id = ANY(%(all)s::uuid[])
UNION SELECT step.actor_id FROM cases_jointcase AS joint
    JOIN cases_jointstep AS step ON step.street_id = joint.street_id AND step.task_id = joint.task_id
    WHERE joint.street_id = %(street)s AND joint.case_id = ANY(%(all)s::uuid[])
UNION SELECT person_id FROM cases_follow WHERE street_id = %(street)s AND case_id = ANY(%(all)s::uuid[])
"""
_LOOKED = [Fact.CHECK_PASSED.value, Fact.CHECK_FAILED.value]


def who_touched(case: Case, matter: Sequence[Case]) -> set[UUID]:
    """Whoever did anything about the matter: every step, also of a joint task, note, look at what is sealed, paper,
    comment and finding; whoever took it down for somebody, follows it, or decided on what neighbours say of it.

    A part that lies beside it may have been checked by them: few streets have a checker for each.
    """
    own = [one for one in matter if not {one.pk, one.merged_into_id}.isdisjoint(case.with_its_whole)]
    beside = [one for one in matter if one not in own]
    asked = {
        "street": street_in_force(), "root": case.matter_id, "checker": Actor.CHECKER.value, "looked": _LOOKED,
        "own": [one.pk for one in own], "own_subjects": [one.subject for one in own],
        "beside": [one.pk for one in beside], "beside_subjects": [one.subject for one in beside],
        "all": [one.pk for one in matter],
    }  # fmt: skip
    return {id for (id,) in hot.rows(_TOUCHED, asked) if id is not None}

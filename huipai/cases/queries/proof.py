"""Replaying the life of every case: its state is where its steps led, and its steps are those of the journal.

What was said of it, and good deeds, are in `said_proof`; promises, handlers and what a step says in `standing_proof`;
what units did together, and papers, in `joint_proof`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import QuerySet

from huipai.cases.deed_words import DeedAction
from huipai.cases.finding_words import FindingAction
from huipai.cases.joint_words import JointAction
from huipai.cases.models import DeedStep, FindingStep, JointStep, OrderStep, Transition
from huipai.cases.order_words import OrderAction
from huipai.cases.queries.joint_proof import TOGETHER
from huipai.cases.queries.said_proof import SAID
from huipai.cases.queries.standing_proof import STANDING
from huipai.cases.rules import deeds, findings, joint, machine, orders
from huipai.cases.words import Action
from huipai.kit.verdict import Moved
from huipai.points.queries import Difference, differences
from huipai.streets.current import in_street
from huipai.streets.models import Street

CHECKS: Final = (
    (
        "cases_case",
        "its state is not where its last step led",
        """SELECT c.id, last.to_state, c.state
           FROM cases_case AS c
           LEFT JOIN (SELECT DISTINCT ON (case_id) case_id, to_state FROM cases_transition
                      WHERE street_id = %(street)s ORDER BY case_id, position DESC) AS last ON last.case_id = c.id
           WHERE c.street_id = %(street)s AND last.to_state IS DISTINCT FROM c.state ORDER BY c.id""",
    ),
    (
        "cases_transition",
        "it does not begin where the step before it ended",
        """SELECT t.id, t.position || ' ' || t.from_state, t.due || ' ' || t.led_to
           FROM (SELECT id, position, from_state, row_number() OVER life AS due,
                        coalesce(lag(to_state) OVER life, '') AS led_to
                 FROM cases_transition WHERE street_id = %(street)s
                 WINDOW life AS (PARTITION BY case_id ORDER BY position)) AS t
           WHERE t.position <> t.due OR t.from_state <> t.led_to ORDER BY t.id""",
    ),
    (
        "cases_transition",
        "the journal does not know it, or knows another",
        """WITH step AS (
               SELECT min(id::text)::uuid AS id, 'case:' || case_id AS subject, from_state, to_state, happened_at,
                      actor_id, count(*) AS times
               FROM cases_transition WHERE street_id = %(street)s AND position > 1
               GROUP BY case_id, from_state, to_state, happened_at, actor_id
           ), said AS (
               SELECT min(id::text)::uuid AS id, subject, facts ->> 'from' AS from_state, facts ->> 'to' AS to_state,
                      happened_at, actor_id, count(*) AS times
               FROM journal_entry
               WHERE street_id = %(street)s AND subject LIKE 'case:%%' AND facts ?& ARRAY['from', 'to', 'round']
               GROUP BY subject, facts ->> 'from', facts ->> 'to', happened_at, actor_id
           )
           SELECT coalesce(step.id, said.id), said.from_state || ' ' || said.to_state,
                  step.from_state || ' ' || step.to_state
           FROM step FULL JOIN said
               ON (said.subject, said.from_state, said.to_state, said.happened_at)
                = (step.subject, step.from_state, step.to_state, step.happened_at)
               AND coalesce(said.actor_id::text, '') = coalesce(step.actor_id::text, '')
           WHERE said.times IS DISTINCT FROM step.times ORDER BY 1""",
    ),
    (
        "cases_workorder",
        "its state is not where its last step led",
        """SELECT o.id, last.to_state, o.state
           FROM cases_workorder AS o
           LEFT JOIN (SELECT DISTINCT ON (order_id) order_id, to_state FROM cases_orderstep
                      WHERE street_id = %(street)s ORDER BY order_id, position DESC) AS last ON last.order_id = o.id
           WHERE o.street_id = %(street)s AND last.to_state IS DISTINCT FROM o.state ORDER BY o.id""",
    ),
    (
        "cases_finding",
        "its state is not where its last step led",
        """SELECT f.id, last.to_state, f.state
           FROM cases_finding AS f
           LEFT JOIN (SELECT DISTINCT ON (finding_id) finding_id, to_state FROM cases_findingstep
                      WHERE street_id = %(street)s ORDER BY finding_id, position DESC) AS last ON last.finding_id = f.id
           WHERE f.street_id = %(street)s AND last.to_state IS DISTINCT FROM f.state ORDER BY f.id""",
    ),
    (
        "cases_findingstep",
        "the journal does not know it, or knows another",
        """WITH step AS (
               SELECT s.id, s.finding_id::text AS finding, s.action, s.happened_at, s.actor_id
               FROM cases_findingstep AS s WHERE s.street_id = %(street)s
           ), said AS (
               SELECT id, facts ->> 'finding' AS finding, facts ->> 'action' AS action, happened_at, actor_id
               FROM journal_entry
               WHERE street_id = %(street)s AND subject LIKE 'case:%%' AND facts ? 'finding'
           )
           SELECT coalesce(step.id, said.id), said.action, step.action
           FROM step FULL JOIN said
               ON (said.finding, said.action, said.happened_at) = (step.finding, step.action, step.happened_at)
               AND coalesce(said.actor_id::text, '') = coalesce(step.actor_id::text, '')
           WHERE said.id IS NULL OR step.id IS NULL ORDER BY 1""",
    ),
    (
        "cases_ownfind",
        "the journal does not know it",
        """SELECT f.id, coalesce(e.actor_id::text, ''), f.worker_id::text
           FROM cases_ownfind AS f
           LEFT JOIN journal_entry AS e
               ON e.street_id = f.street_id AND e.subject = 'find:' || f.id AND e.what = 'find.self_handled'
           WHERE f.street_id = %(street)s AND e.actor_id IS DISTINCT FROM f.worker_id ORDER BY f.id""",
    ),
    (
        "cases_stagemark",
        "the journal does not know it, or knows another",
        """WITH mark AS (
               SELECT id, 'case:' || case_id AS subject, stage, coalesce(order_id::text, '') AS sent, actor_id,
                      done_at, began_at
               FROM cases_stagemark WHERE street_id = %(street)s
           ), said AS (
               SELECT facts ->> 'mark' AS id, subject, facts ->> 'stage' AS stage,
                      coalesce(facts ->> 'order', '') AS sent, actor_id, happened_at
               FROM journal_entry
               WHERE street_id = %(street)s AND what = 'case.stage_marked' AND subject LIKE 'case:%%'
           )
           SELECT coalesce(mark.id, said.id::uuid), said.stage || ' ' || said.happened_at,
                  mark.stage || ' ' || mark.done_at
           FROM mark FULL JOIN said
               ON (said.id, said.subject, said.stage, said.sent, said.actor_id)
                = (mark.id::text, mark.subject, mark.stage, mark.sent, mark.actor_id)
               AND greatest(said.happened_at, mark.began_at) = mark.done_at
           WHERE mark.id IS NULL OR said.id IS NULL ORDER BY 1""",
    ),
    (
        "cases_removal",
        "what was removed is still there",
        """SELECT gone.id, '0', count(*)::text
           FROM cases_removal AS gone
           JOIN (SELECT case_id FROM cases_report WHERE street_id = %(street)s AND (text <> '' OR address <> '')
                 UNION ALL
                 SELECT part.case_id FROM cases_casephoto AS part
                 JOIN photos_photo AS photo ON photo.street_id = %(street)s AND photo.id = part.photo_id
                 WHERE part.street_id = %(street)s AND photo.erased_at IS NULL) AS held ON held.case_id = gone.case_id
           WHERE gone.street_id = %(street)s GROUP BY gone.id ORDER BY gone.id""",
    ),
    (
        "cases_letgo",
        "what was let go is still there",
        """SELECT gone.id, '0', count(*)::text
           FROM cases_letgo AS gone
           JOIN (SELECT case_id AS thing FROM cases_report
                 WHERE street_id = %(street)s AND (text <> '' OR address <> '')
                 UNION ALL SELECT case_id FROM cases_note WHERE street_id = %(street)s
                 UNION ALL
                 SELECT case_id FROM cases_attachment WHERE street_id = %(street)s AND removed_at IS NULL
                 UNION ALL SELECT id FROM cases_ownfind WHERE street_id = %(street)s AND (text <> '' OR address <> '')
                 UNION ALL
                 SELECT id FROM cases_gooddeed WHERE street_id = %(street)s AND (text <> '' OR who <> '' OR said <> '')
                 UNION ALL
                 SELECT coalesce(of_case.case_id, of_find.find_id, of_deed.deed_id)
                 FROM photos_photo AS photo
                 LEFT JOIN cases_casephoto AS of_case
                     ON of_case.street_id = %(street)s AND of_case.photo_id = photo.id
                 LEFT JOIN cases_findphoto AS of_find
                     ON of_find.street_id = %(street)s AND of_find.photo_id = photo.id
                 LEFT JOIN cases_deedphoto AS of_deed
                     ON of_deed.street_id = %(street)s AND of_deed.photo_id = photo.id
                 WHERE photo.street_id = %(street)s AND photo.erased_at IS NULL
           ) AS held ON held.thing = coalesce(gone.case_id, gone.find_id, gone.deed_id)
           WHERE gone.street_id = %(street)s GROUP BY gone.id ORDER BY gone.id""",
    ),
    (
        "cases_letgo",
        "the journal does not know it",
        """SELECT gone.id, coalesce(e.facts ->> 'kept', ''), gone.kept
           FROM cases_letgo AS gone
           LEFT JOIN journal_entry AS e
               ON e.street_id = gone.street_id AND e.what = 'retention.let_go'
               AND e.subject = coalesce('case:' || gone.case_id, 'find:' || gone.find_id, 'deed:' || gone.deed_id)
           WHERE gone.street_id = %(street)s AND e.facts ->> 'kept' IS DISTINCT FROM gone.kept ORDER BY gone.id""",
    ),
    (
        "photos_photo",
        "it is not the one that was received",
        """SELECT substr(e.subject, 7)::uuid,
                  concat_ws(' ', e.facts ->> 'sha256', e.facts ->> 'kind', e.facts ->> 'size', e.actor_id),
                  concat_ws(' ', photo.sha256, photo.kind, photo.size, photo.uploader_id)
           FROM journal_entry AS e
           LEFT JOIN photos_photo AS photo ON photo.street_id = e.street_id AND photo.id = substr(e.subject, 7)::uuid
           WHERE e.street_id = %(street)s AND e.what = 'photo.received' AND e.facts ? 'sha256'
             AND (e.facts ->> 'sha256', e.facts ->> 'kind', e.facts ->> 'size', e.actor_id)
                 IS DISTINCT FROM (photo.sha256, photo.kind, photo.size::text, photo.uploader_id)
           ORDER BY 1""",
    ),
    (
        "cases_comment",
        "it is shown, and the journal does not know who read it",
        """SELECT c.id, coalesce(e.actor_id::text, ''), c.decided_by_id::text
           FROM cases_comment AS c
           LEFT JOIN journal_entry AS e
               ON e.street_id = c.street_id AND e.subject = 'comment:' || c.id AND e.what = 'comment.shown'
           WHERE c.street_id = %(street)s AND c.state = 'shown' AND e.actor_id IS DISTINCT FROM c.decided_by_id
           ORDER BY c.id""",
    ),
)


def verify_cases(street: Street) -> Iterator[Difference]:
    """Each difference in the cases of one street; nothing where all of it holds."""
    yield from differences((*CHECKS, *SAID, *STANDING, *TOGETHER), street)
    with in_street(street.id):
        yield from _outside_the_machines()


def _outside_the_machines() -> Iterator[Difference]:
    """Steps that no row of the tables of data allows."""
    yield from _odd("cases_transition", Transition.objects.all(), _case_leads_to)
    yield from _odd("cases_orderstep", OrderStep.objects.all(), _order_leads_to)
    yield from _odd("cases_jointstep", JointStep.objects.all(), _joint_leads_to)
    yield from _odd("cases_findingstep", FindingStep.objects.all(), _finding_leads_to)
    yield from _odd("cases_deedstep", DeedStep.objects.all(), _deed_leads_to)


def _odd(table: str, steps: QuerySet[Any], leads_to: Callable[[str, str], str]) -> Iterator[Difference]:
    later = steps.filter(position__gt=1)
    kinds = (
        later.order_by("action", "from_state", "to_state").values_list("action", "from_state", "to_state").distinct()
    )
    for action, before, after in kinds:
        said = leads_to(before, action)
        if said != after:
            first = later.filter(action=action, from_state=before, to_state=after).earliest("id")
            yield Difference(table, first.pk, f"{action} leads elsewhere from {before}", said, after)


def _case_leads_to(state: str, action: str) -> str:
    """Where the table of cases says that a step leads; nowhere if it may not begin there."""
    try:
        return machine.step(state, Action(action)).leads_to(state)
    except Moved:
        return ""


def _order_leads_to(state: str, action: str) -> str:
    try:
        return orders.step(state, OrderAction(action)).target or state
    except Moved:
        return ""


def _joint_leads_to(state: str, action: str) -> str:
    try:
        return joint.step(state, JointAction(action)).target or state
    except Moved:
        return ""


def _finding_leads_to(state: str, action: str) -> str:
    try:
        return findings.step(state, FindingAction(action)).target
    except Moved:
        return ""


def _deed_leads_to(state: str, action: str) -> str:
    try:
        return deeds.step(state, DeedAction(action)).target
    except Moved:
        return ""

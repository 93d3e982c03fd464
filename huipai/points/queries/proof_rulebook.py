"""What must hold of the rulebook: each version, approval, dry run and remark against the journal that recorded them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from huipai.journal.models import Entry
from huipai.rulebook.models import DryRun, KnownField, Proposal
from huipai.rulebook.rules import digest_of
from huipai.rulebook.words import ADMITTED_LASTS, REVIEW_LASTS, Fact, Trying

# (table, why, statement giving id, said, found).
RULEBOOK: Final = (
    (
        "rulebook_rulebookversion",
        "it is not what the journal recorded",
        """WITH told AS (
               SELECT e.subject, (e.facts ->> 'number')::int AS number,
                      max(e.actor_id::text) FILTER (WHERE e.what = 'rulebook.drafted') AS author,
                      max(e.happened_at) FILTER (WHERE e.what = 'rulebook.drafted') AS drafted_at,
                      -- Laid open again when it was edited since: what was laid open last.
                      (array_agg(e.facts ->> 'content' ORDER BY e.happened_at DESC, e.id DESC)
                          FILTER (WHERE e.what = 'rulebook.consulted'))[1] AS consulted,
                      max(e.happened_at) FILTER (WHERE e.what = 'rulebook.consulted') AS consulted_from,
                      (array_agg(e.facts ->> 'until' ORDER BY e.happened_at DESC, e.id DESC)
                          FILTER (WHERE e.what = 'rulebook.consulted'))[1] AS consulted_until,
                      max(e.facts ->> 'content') FILTER (WHERE e.what = 'rulebook.published') AS content,
                      max(e.happened_at) FILTER (WHERE e.what = 'rulebook.published') AS published_at,
                      -- An objection without an answer only ever moves the day further off.
                      max(e.facts ->> 'effective') FILTER (
                          WHERE e.what IN ('rulebook.published', 'rulebook.postponed')) AS effective,
                      max(e.facts ->> 'publicity') FILTER (WHERE e.what = 'rulebook.published') AS publicity,
                      max(e.happened_at) FILTER (WHERE e.what IN ('rulebook.withdrawn', 'rulebook.abandoned'))
                          AS ended_at,
                      max(e.actor_id::text) FILTER (WHERE e.what IN ('rulebook.withdrawn', 'rulebook.abandoned'))
                          AS ended_by
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('rulebook.drafted', 'rulebook.consulted',
                   'rulebook.published', 'rulebook.postponed', 'rulebook.withdrawn', 'rulebook.abandoned')
               GROUP BY e.subject, (e.facts ->> 'number')::int
           ), both_sides AS (
               SELECT coalesce(v.id, substr(told.subject, 10)::uuid) AS id,
                      jsonb_build_array(told.number, told.author, told.drafted_at, coalesce(told.consulted, ''),
                          told.consulted_from, told.consulted_until, coalesce(told.content, ''), told.published_at,
                          told.effective, told.publicity, told.ended_at, told.ended_by) AS said,
                      jsonb_build_array(v.number, v.author_id::text, v.drafted_at, v.consulted_hash, v.consulted_from,
                          floor(extract(epoch FROM v.consulted_until))::bigint::text, v.content_hash, v.published_at,
                          floor(extract(epoch FROM v.effective_from))::bigint::text,
                          CASE WHEN told.publicity IS NOT NULL
                              THEN floor(extract(epoch FROM v.publicity_until))::bigint::text END,
                          v.ended_at, v.ended_by_id::text) AS found
               FROM told
               FULL JOIN (SELECT * FROM rulebook_rulebookversion WHERE street_id = %(street)s) AS v
                   ON told.subject = 'rulebook:' || v.id
           )
           SELECT id, said, found FROM both_sides WHERE said <> found ORDER BY id""",
    ),
    # The items of the first form came in before a change had to say why.
    (
        "rulebook_pointitem",
        "it was carried over, and is not what the version before says",
        """SELECT carried.item_id, carried.was::text, carried.reads::text
           FROM rulebook_rulebookversion AS v
           CROSS JOIN LATERAL rulebook_carried_otherwise(v.street_id, v.id, v.published_at) AS carried
           WHERE v.street_id = %(street)s AND v.published_at IS NOT NULL AND v.form > 1 ORDER BY v.number, 1""",
    ),
    (
        "rulebook_rulebookversion",
        "it does not end where the next one begins",
        """SELECT v.id, due.ends::text, v.effective_until::text
           FROM rulebook_rulebookversion AS v
           LEFT JOIN LATERAL (
               SELECT CASE WHEN v.ended_at IS NOT NULL THEN v.effective_from ELSE (
                   SELECT min(n.effective_from) FROM rulebook_rulebookversion AS n
                   WHERE n.street_id = v.street_id AND n.published_at IS NOT NULL AND n.ended_at IS NULL
                       AND n.effective_from > v.effective_from) END AS ends) AS due ON true
           WHERE v.street_id = %(street)s AND v.effective_until IS DISTINCT FROM due.ends ORDER BY v.id""",
    ),
    (
        "rulebook_postponement",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT e.id, e.subject, e.happened_at, (e.facts ->> 'was')::bigint AS was,
                      (e.facts ->> 'effective')::bigint AS becomes
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'rulebook.postponed'
           )
           SELECT coalesce(p.id, said.id), said.becomes::text, p.becomes::text
           FROM (SELECT * FROM rulebook_postponement WHERE street_id = %(street)s) AS p
           FULL JOIN said ON (said.subject, said.happened_at, said.was, said.becomes)
               = ('rulebook:' || p.version_id, p.decided_at, floor(extract(epoch FROM p.was))::bigint,
                  floor(extract(epoch FROM p.becomes))::bigint)
           WHERE p.id IS NULL OR said.id IS NULL ORDER BY 1""",
    ),
    (
        "rulebook_approval",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT e.id, e.subject, e.actor_id, e.happened_at, e.facts ->> 'content' AS content,
                      e.facts ->> 'seat' AS seat
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'rulebook.approved'
           )
           SELECT coalesce(a.id, said.id), said.actor_id::text, a.approver_id::text
           FROM (SELECT * FROM rulebook_approval WHERE street_id = %(street)s) AS a
           FULL JOIN said ON (said.subject, said.actor_id, said.happened_at, said.content, said.seat)
               = ('rulebook:' || a.version_id, a.approver_id, a.approved_at, a.content_hash, a.seat)
           WHERE a.id IS NULL OR said.id IS NULL ORDER BY 1""",
    ),
    (
        "rulebook_proposal",
        "its stage is not over when the journal says",
        f"""WITH set_out AS (
               SELECT DISTINCT ON (e.subject) e.subject, e.happened_at + CASE e.what
                   WHEN '{Fact.PROPOSED}' THEN make_interval(days => {REVIEW_LASTS.days})
                   WHEN '{Fact.REFUSED}' THEN make_interval(days => {REVIEW_LASTS.days})
                   WHEN '{Fact.RETURNED}' THEN make_interval(days => {REVIEW_LASTS.days})
                   ELSE make_interval(days => {ADMITTED_LASTS.days}) END AS due_at
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s
                   AND e.what IN ('{Fact.PROPOSED}', '{Fact.REFUSED}', '{Fact.RETURNED}', '{Fact.ADMITTED}',
                                  '{Fact.READMITTED}')
               ORDER BY e.subject, e.happened_at DESC, e.id DESC
           )
           SELECT p.id, set_out.due_at::text, p.due_at::text
           FROM rulebook_proposal AS p LEFT JOIN set_out ON set_out.subject = 'proposal:' || p.id
           WHERE p.street_id = %(street)s AND p.due_at IS DISTINCT FROM set_out.due_at ORDER BY p.id""",
    ),
    (
        "rulebook_knownfield",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT e.id, e.subject, e.actor_id, e.happened_at, e.what FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('field.known', 'field.new')
           )
           SELECT coalesce(k.id, said.id), said.actor_id::text, k.said_by_id::text
           FROM (SELECT * FROM rulebook_knownfield WHERE street_id = %(street)s) AS k
           FULL JOIN said ON (said.subject, said.actor_id, said.happened_at, said.what)
               = ('field:' || k.id, k.said_by_id, k.said_at,
                  CASE WHEN k.is_known THEN 'field.known' ELSE 'field.new' END)
           WHERE k.id IS NULL OR said.id IS NULL ORDER BY 1""",
    ),
    (
        "rulebook_dryrun",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT (e.facts ->> 'run')::uuid AS run_id, jsonb_build_array(
                   e.subject, e.facts ->> 'content', e.actor_id, e.happened_at, d.happened_at) AS facts
               FROM journal_entry AS e
               LEFT JOIN journal_entry AS d ON d.street_id = e.street_id AND d.subject = e.subject
                   AND d.what = 'rulebook.dry_run_done' AND d.facts ->> 'run' = e.facts ->> 'run'
               WHERE e.street_id = %(street)s AND e.what = 'rulebook.dry_run_asked'
           ), written AS (
               SELECT r.id, jsonb_build_array('rulebook:' || r.version_id, r.content_hash, r.asked_by_id, r.asked_at,
                                              r.finished_at) AS facts
               FROM rulebook_dryrun AS r WHERE r.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.run_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.run_id
           WHERE said.facts IS DISTINCT FROM written.facts ORDER BY 1""",
    ),
    (
        "rulebook_dryrun",
        "its month, what that held or how much it counted is not what the journal recorded",
        """SELECT r.id, concat_ws(' ', e.facts ->> 'begins', e.facts ->> 'ends', d.facts ->> 'total',
                            e.facts ->> 'held'),
                  concat_ws(' ', r.begins, r.ends, r.total, r.held)
           FROM rulebook_dryrun AS r
           JOIN journal_entry AS e ON e.street_id = r.street_id AND e.what = 'rulebook.dry_run_asked'
               AND e.facts ->> 'run' = r.id::text
           LEFT JOIN journal_entry AS d ON d.street_id = r.street_id AND d.what = 'rulebook.dry_run_done'
               AND d.facts ->> 'run' = r.id::text
           WHERE r.street_id = %(street)s
               AND ((e.facts ->> 'begins')::bigint <> floor(extract(epoch FROM r.begins))::bigint
                    OR (e.facts ->> 'ends')::bigint <> floor(extract(epoch FROM r.ends))::bigint
                    OR (d.facts ->> 'total')::bigint <> r.total
                    OR coalesce(e.facts ->> 'held', '') <> r.held) ORDER BY r.id""",
    ),
    (
        "rulebook_proposal",
        "what the linter and the board found, or when its end was told, is not what the journal recorded",
        f"""WITH told AS (
               SELECT e.subject, max(e.happened_at) FILTER (WHERE e.what = '{Fact.EXPIRING}') AS warned_at,
                      (array_agg(coalesce(e.facts -> 'findings',
                                          CASE e.what WHEN '{Fact.PROPOSED}' THEN '[]'::jsonb END)
                                 ORDER BY e.happened_at, e.id)
                           FILTER (WHERE e.what IN ('{Fact.PROPOSED}', '{Fact.REFUSED}')))[1] AS findings,
                      bool_or(e.what IN ('{Fact.ADMITTED}', '{Fact.DECLINED}')) AS is_judged,
                      bool_or(CASE e.what WHEN '{Fact.ADMITTED}' THEN true
                                          WHEN '{Fact.DECLINED}' THEN (e.facts ->> 'is_grid_work')::boolean END) AS work
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.subject LIKE 'proposal:%%' GROUP BY e.subject
           )
           SELECT p.id, concat_ws(' ', told.findings, told.work, told.warned_at),
                  concat_ws(' ', p.findings, p.is_grid_work, p.warned_at)
           FROM rulebook_proposal AS p JOIN told ON told.subject = 'proposal:' || p.id
           WHERE p.street_id = %(street)s
               AND (p.warned_at IS DISTINCT FROM told.warned_at OR p.findings <> told.findings
                    OR CASE WHEN told.is_judged THEN p.is_grid_work IS NULL OR p.is_grid_work <> told.work
                            ELSE p.is_grid_work IS NOT NULL END)
           ORDER BY p.id""",
    ),
    (
        "rulebook_proposal",
        "what it asks of people is not what the journal recorded",
        """WITH said AS (
               SELECT DISTINCT ON (e.subject) e.subject, (e.facts ->> 'minutes')::bigint AS minutes
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.facts ? 'minutes'
                   AND e.what IN ('proposal.made', 'proposal.refused', 'proposal.admitted')
               ORDER BY e.subject, e.happened_at DESC, e.id DESC
           )
           SELECT p.id, said.minutes::text, p.minutes_a_month::text
           FROM rulebook_proposal AS p JOIN said ON said.subject = 'proposal:' || p.id
           WHERE p.street_id = %(street)s AND p.minutes_a_month <> said.minutes ORDER BY p.id""",
    ),
    (
        "rulebook_remark",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT (e.facts ->> 'remark')::uuid AS remark_id, jsonb_build_array(
                   e.subject, CASE e.what WHEN 'rulebook.commented' THEN 'comment' ELSE 'objection' END, e.actor_id,
                   e.facts ->> 'item', e.happened_at,
                   coalesce(d.facts ->> 'outcome', replace(d.what, 'rulebook.objection_', ''), ''), d.actor_id,
                   d.happened_at) AS facts
               FROM journal_entry AS e
               LEFT JOIN journal_entry AS d ON d.street_id = e.street_id AND d.subject = e.subject
                   AND d.what IN ('rulebook.answered', 'rulebook.objection_upheld', 'rulebook.objection_dismissed')
                   AND d.facts ->> 'remark' = e.facts ->> 'remark'
               WHERE e.street_id = %(street)s AND e.what IN ('rulebook.commented', 'rulebook.objected')
           ), written AS (
               SELECT r.id, jsonb_build_array('rulebook:' || r.version_id, r.kind, r.person_id, r.code, r.said_at,
                                              r.outcome, r.answered_by_id, r.answered_at) AS facts
               FROM rulebook_remark AS r WHERE r.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.remark_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.remark_id
           WHERE said.facts IS DISTINCT FROM written.facts ORDER BY 1""",
    ),
    (
        "rulebook_writer",
        "somebody wrote a version and is not among its writers",
        """WITH wrote AS (
               SELECT e.subject, e.actor_id AS person_id FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('rulebook.drafted', 'rulebook.item_written',
                   'rulebook.item_struck', 'rulebook.imported')
               UNION
               SELECT 'rulebook:' || i.version_id, told.actor_id
               FROM rulebook_pointitem AS i
               JOIN journal_entry AS e ON e.street_id = i.street_id AND e.what = 'proposal.entered'
                   AND e.subject = 'proposal:' || i.admission_id
               JOIN rulebook_rulebookversion AS v ON v.street_id = i.street_id AND v.id = i.version_id
                   AND e.facts ->> 'version' = v.number::text
               JOIN journal_entry AS told ON told.street_id = i.street_id AND told.subject = e.subject
                   AND told.what = 'proposal.made'
               WHERE i.street_id = %(street)s
               UNION
               SELECT 'rulebook:' || s.version_id, s.uploaded_by_id
               FROM rulebook_sheet AS s WHERE s.street_id = %(street)s AND s.applied_at IS NOT NULL
           )
           SELECT v.id, wrote.person_id::text, 'nobody'
           FROM wrote JOIN rulebook_rulebookversion AS v
               ON v.street_id = %(street)s AND wrote.subject = 'rulebook:' || v.id
           WHERE NOT EXISTS (SELECT FROM rulebook_writer AS w WHERE w.street_id = v.street_id AND w.version_id = v.id
                                 AND w.person_id = wrote.person_id) ORDER BY 1, 2""",
    ),
    (
        "rulebook_proposal",
        "it is not what the journal recorded",
        """WITH told AS (
               SELECT e.subject, e.what, e.actor_id, e.happened_at, e.facts,
                      row_number() OVER (PARTITION BY e.subject ORDER BY e.happened_at DESC, e.id DESC) AS ago,
                      row_number() OVER (PARTITION BY e.subject ORDER BY e.happened_at, e.id) AS turn
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('proposal.made', 'proposal.refused',
                   'proposal.returned', 'proposal.admitted', 'proposal.declined', 'proposal.withdrawn',
                   'proposal.lapsed')
           ), said AS (
               SELECT made.subject, jsonb_build_array(
                   made.facts ->> 'code', made.facts ->> 'unit', made.actor_id, made.happened_at,
                   CASE WHEN last.what = 'proposal.made' THEN 'waiting'
                        WHEN last.what = 'proposal.admitted' AND EXISTS (
                            SELECT FROM rulebook_pointitem AS i
                            JOIN rulebook_rulebookversion AS v ON v.street_id = i.street_id AND v.id = i.version_id
                            WHERE i.street_id = %(street)s AND 'proposal:' || i.admission_id = made.subject
                                AND v.published_at IS NOT NULL
                                AND (v.ended_at IS NULL OR v.published_at > coalesce(
                                    (SELECT max(e.happened_at) FROM journal_entry AS e
                                     WHERE e.street_id = %(street)s AND e.subject = made.subject
                                         AND e.what = 'proposal.readmitted'), '-infinity'))) THEN 'entered'
                        ELSE substr(last.what, 10) END,
                   coalesce(last.facts ->> 'until', '')) AS facts,
                   CASE WHEN last.what IN ('proposal.returned', 'proposal.admitted', 'proposal.declined',
                                           'proposal.withdrawn')
                       THEN jsonb_build_array(last.actor_id, last.happened_at) END AS decided
               FROM told AS made JOIN told AS last ON last.subject = made.subject AND last.ago = 1
               WHERE made.turn = 1
           ), written AS (
               SELECT p.id, jsonb_build_array(
                   p.code, p.unit_id::text, p.proposer_id, p.proposed_at, p.state,
                   CASE WHEN p.state IN ('admitted', 'entered') THEN p.admitted_until::text ELSE '' END) AS facts,
                   jsonb_build_array(p.decided_by_id, p.decided_at) AS decided
               FROM rulebook_proposal AS p WHERE p.street_id = %(street)s
           )
           SELECT coalesce(written.id, substr(said.subject, 10)::uuid), said.facts || coalesce(said.decided, '[]'),
                  written.facts || CASE WHEN said.decided IS NULL THEN '[]' ELSE written.decided END
           FROM said FULL JOIN written ON said.subject = 'proposal:' || written.id
           WHERE said.facts IS DISTINCT FROM written.facts OR said.decided <> written.decided ORDER BY 1""",
    ),
)


def reworded_proposals() -> Iterator[tuple[UUID, str, str]]:
    """Proposals whose terms are not those whose digest the journal keeps: (proposal, said, found)."""
    kept = Entry.objects.filter(subject__startswith="proposal:", facts__has_key="terms").order_by("happened_at", "id")
    said = dict(kept.values_list("subject", "facts__terms"))
    for proposal in Proposal.objects.order_by("id"):
        found = digest_of(proposal.terms)
        if said.get(f"proposal:{proposal.id}", found) != found:
            yield proposal.id, said[f"proposal:{proposal.id}"], found


def reasoned_otherwise() -> Iterator[tuple[UUID, str, str]]:
    """Proposals decided for other words than those whose digest the journal keeps: (proposal, said, found)."""
    decided = (Fact.ADMITTED, Fact.RETURNED, Fact.DECLINED, Fact.TAKEN_BACK)
    kept = Entry.objects.filter(what__in=decided).order_by("happened_at", "id")
    # The last word holds; where it was said before the journal kept its digest, nothing is asked.
    said = {subject: digest for subject, digest in kept.values_list("subject", "facts__reason")}
    for proposal in Proposal.objects.exclude(reason="").order_by("id"):
        found, told = digest_of(proposal.reasons()), said.get(f"proposal:{proposal.id}")
        if told is not None and told != found:
            yield proposal.id, told, found


def renamed_fields() -> Iterator[tuple[UUID, str, str]]:
    """Fields of which the street said something, under another name than the journal keeps: (field, said, found)."""
    kept = Entry.objects.filter(what__in=(Fact.FIELD_KNOWN, Fact.FIELD_NEW), facts__has_key="word")
    said = dict(kept.values_list("subject", "facts__word"))
    for field in KnownField.objects.order_by("id"):
        found = digest_of({"word": field.word})
        if said.get(field.subject, found) != found:
            yield field.id, said[field.subject], found


def retold_runs() -> Iterator[tuple[UUID, str, str]]:
    """Dry runs that tell, or were told from, what is not of the digest that the journal keeps: (run, said, found)."""
    kept = Entry.objects.filter(what=Fact.DRY_RUN_DONE).values_list("facts", flat=True)
    said = {facts["run"]: facts for facts in kept}
    for run in DryRun.objects.filter(state=Trying.DONE).order_by("id"):
        facts = said.get(str(run.id), {})
        for what, found in (("result", digest_of(run.result)), ("told", digest_of(run.told))):
            if facts.get(what, found) != found:
                yield run.id, facts[what], found

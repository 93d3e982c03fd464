"""What must hold of claims: each one, what shows it and each word said of it, against the journal that recorded them.

What somebody wrote is never in the journal: it is guarded by the table, and by its fingerprint (`proof_content`).
What was decided, and on how many words, is in `proof_decided`.
Since when a fact holds what is proved here stands in docs/facts.md; of older claims only what their facts say.
"""

from typing import Final

from huipai.points.words import (
    APPEAL_FOR,
    DRAFT_FOR,
    OBJECT_FOR,
    PUBLIC_DAYS,
    ClaimAction,
    ClaimFact,
    ClaimPart,
    ClaimSource,
)

# Which step each fact tells of. What is dismissed leads on to where the claim was.
_STEPS: Final = {
    ClaimFact.KEPT: ClaimAction.KEEP, ClaimFact.SUBMITTED: ClaimAction.SUBMIT, ClaimFact.ENTERED: ClaimAction.SUBMIT,
    ClaimFact.HELPED: ClaimAction.SUBMIT,
    ClaimFact.CHECKED: ClaimAction.CHECK, ClaimFact.APPROVED: ClaimAction.APPROVE,
    ClaimFact.REFUSED: ClaimAction.REFUSE, ClaimFact.REFERRED: ClaimAction.REFER, ClaimFact.UNDONE: ClaimAction.UNDO,
    ClaimFact.SECOND_ASKED: ClaimAction.ASK_SECOND, ClaimFact.PUBLICISED: ClaimAction.PUBLICISE,
    ClaimFact.REJECTED: ClaimAction.REJECT, ClaimFact.POSTED: ClaimAction.POST,
    ClaimFact.UNPAID: ClaimAction.LEAVE_UNPAID, ClaimFact.OBJECTED: ClaimAction.OBJECT,
    ClaimFact.UPHELD: ClaimAction.UPHOLD, ClaimFact.DISMISSED: ClaimAction.DISMISS,
    ClaimFact.RESTORED: ClaimAction.RESTORE,
    ClaimFact.APPEALED: ClaimAction.APPEAL, ClaimFact.APPEAL_CHECKED: ClaimAction.CHECK_APPEAL,
    ClaimFact.WITHDRAWN: ClaimAction.WITHDRAW,
    ClaimFact.EXPIRED: ClaimAction.EXPIRE,
}  # fmt: skip
_TOLD: Final = ", ".join(f"('{fact.value}', '{action.value}')" for fact, action in _STEPS.items())
# As whom somebody acted follows from what they did, and from whose claim it is.
_PART: Final = f"""CASE WHEN e.actor_id IS NULL THEN '{ClaimPart.SYSTEM}'
    WHEN e.what = '{ClaimFact.ENTERED}' THEN '{ClaimPart.ENTERER}'
    WHEN e.what = '{ClaimFact.HELPED}' THEN '{ClaimPart.HELPER}'
    WHEN e.what = '{ClaimFact.OBJECTED}' THEN '{ClaimPart.NEIGHBOUR}'
    WHEN e.what = '{ClaimFact.WITHDRAWN}' AND claim.source = '{ClaimSource.STAFF}'
        AND e.actor_id = claim.entered_by_id THEN '{ClaimPart.ENTERER}'
    WHEN e.what = '{ClaimFact.APPEALED}' AND e.facts ? 'at_counter' THEN '{ClaimPart.ENTERER}'
    WHEN e.what IN ('{ClaimFact.APPEALED}', '{ClaimFact.WITHDRAWN}') AND e.actor_id <> claim.claimant_id
        THEN '{ClaimPart.HELPER}'
    WHEN e.what IN ('{ClaimFact.KEPT}', '{ClaimFact.SUBMITTED}', '{ClaimFact.APPEALED}', '{ClaimFact.WITHDRAWN}')
        THEN '{ClaimPart.CLAIMANT}'
    ELSE '{ClaimPart.REVIEWER}' END"""
# What shows a claim, spelled as `rules.sending.told_of` spells it; per claim and round.
_SHOWN: Final = """
    SELECT claim_id, round, jsonb_agg(
               jsonb_build_array(kind, coalesce(photo_id, station_id),
                                 (extract(epoch FROM code_shown_at) * 1000000)::bigint)
               ORDER BY coalesce(photo_id, station_id)::text COLLATE "C") AS all_of_it
    FROM points_evidence WHERE street_id = %(street)s GROUP BY claim_id, round"""
# Until when a claim is in public: the end of the third local day after its publicity began, later by as long as
# objections that were dismissed held it up.
_IN_PUBLIC: Final = f"""
    SELECT claim_id,
           (date_trunc('day', max(happened_at) FILTER (WHERE action = 'publicise') AT TIME ZONE 'Asia/Shanghai')
                + interval '{PUBLIC_DAYS + 1} days') AT TIME ZONE 'Asia/Shanghai'
               + coalesce(sum(went_on_at - happened_at)
                              FILTER (WHERE action = 'object' AND from_state = 'publicised' AND goes_on = 'dismiss'
                                      AND happened_at >= shown_from),
                          interval '0') AS due,
           max(happened_at) FILTER (WHERE action = 'post') AS posted_at,
           bool_or(action = 'uphold') AS was_upheld,
           max(happened_at) FILTER (WHERE action = 'post') + interval '{OBJECT_FOR.days} days'
               + coalesce(sum(went_on_at - happened_at)
                              FILTER (WHERE action = 'object' AND from_state = 'posted' AND goes_on = 'dismiss_posted'),
                          interval '0')
               + coalesce(sum(came_back_at - happened_at)
                              FILTER (WHERE action = 'object' AND from_state = 'posted' AND comes_back = 'restore'),
                          interval '0') AS heard_until
    FROM (SELECT claim_id, action, from_state, happened_at, lead(action) OVER life AS goes_on,
                 lead(happened_at) OVER life AS went_on_at,
                 lead(action, 2) OVER life AS comes_back, lead(happened_at, 2) OVER life AS came_back_at,
                 max(happened_at) FILTER (WHERE action = 'publicise') OVER (PARTITION BY claim_id) AS shown_from
          FROM points_claimstep WHERE street_id = %(street)s
          WINDOW life AS (PARTITION BY claim_id ORDER BY position)) AS step
    GROUP BY claim_id"""

# (table, why, statement giving id, said, found).
CLAIMS: Final = (
    (
        "points_claim",
        "it is not what the journal recorded",
        f"""WITH came AS (
               SELECT DISTINCT ON (e.subject) substr(e.subject, 7)::uuid AS claim_id, e.what, e.actor_id,
                      e.happened_at, e.facts
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('claim.kept', 'claim.submitted', 'claim.entered',
                                                                 'claim.helped')
               ORDER BY e.subject, e.what = 'claim.kept', e.id
           ), shown AS ({_SHOWN}), both_sides AS (
               SELECT coalesce(c.id, came.claim_id) AS id,
                      jsonb_build_object('claimant', CASE came.what
                                             WHEN 'claim.entered' THEN coalesce(came.facts ->> 'claimant',
                                                                                c.claimant_id::text)
                                             WHEN 'claim.helped' THEN came.facts ->> 'claimant'
                                             ELSE came.actor_id::text END,
                                         'source', CASE came.what WHEN 'claim.entered' THEN 'staff'
                                                                  WHEN 'claim.helped' THEN 'helper' ELSE 'self' END,
                                         'entered_by', CASE WHEN came.what IN ('claim.entered', 'claim.helped')
                                                            THEN came.actor_id END)
                      || CASE WHEN came.what = 'claim.kept' THEN '{{}}'::jsonb ELSE jsonb_build_object(
                             'item', came.facts ->> 'item', 'code', came.facts ->> 'code',
                             'received', (extract(epoch FROM came.happened_at) * 1000000)::bigint) END
                      || CASE WHEN came.facts ? 'shown' THEN jsonb_build_object(
                             'measured', came.facts -> 'measured', 'shown', came.facts -> 'shown')
                         ELSE '{{}}'::jsonb END AS said,
                      jsonb_build_object('claimant', c.claimant_id::text, 'source', c.source,
                                         'entered_by', c.entered_by_id)
                      || CASE WHEN came.what = 'claim.kept' THEN '{{}}'::jsonb ELSE jsonb_build_object(
                             'item', c.item_id::text, 'code', c.item_code,
                             'received', (extract(epoch FROM c.received_at) * 1000000)::bigint) END
                      || CASE WHEN came.facts ? 'shown' THEN jsonb_build_object(
                             'measured', CASE WHEN c.measured IS NOT DISTINCT FROM
                                 points_own_amounts(came.facts -> 'measured', item.formula)
                                 THEN came.facts -> 'measured' ELSE coalesce(c.measured, 'null'::jsonb) END,
                             'shown', coalesce(shown.all_of_it, '[]'::jsonb))
                         ELSE '{{}}'::jsonb END AS found,
                      c.id IS NULL OR came.claim_id IS NULL AS is_one_sided
               FROM (SELECT * FROM points_claim WHERE street_id = %(street)s) AS c
               FULL JOIN came ON came.claim_id = c.id
               LEFT JOIN rulebook_pointitem AS item ON item.street_id = c.street_id AND item.id = c.item_id
               LEFT JOIN shown ON shown.claim_id = c.id AND shown.round = 0
           )
           SELECT id, said, found FROM both_sides WHERE is_one_sided OR said IS DISTINCT FROM found ORDER BY id""",
    ),
    (
        "points_claimstep",
        "the journal does not know it, or knows another",
        f"""WITH told(what, action) AS (VALUES {_TOLD}), step AS (
               SELECT min(id::text)::uuid AS id, 'claim:' || claim_id AS subject,
                      CASE action WHEN 'dismiss_posted' THEN 'dismiss' ELSE action END AS action, from_state, to_state,
                      reason, happened_at, actor_id, part, count(*) AS times
               FROM points_claimstep WHERE street_id = %(street)s GROUP BY 2, 3, 4, 5, 6, 7, 8, 9
           ), said AS (
               SELECT min(e.id::text)::uuid AS id, e.subject, told.action,
                      coalesce(e.facts ->> 'from', '') AS from_state,
                      coalesce(e.facts ->> 'to', 'draft') AS to_state, coalesce(e.facts ->> 'reason', '') AS reason,
                      e.happened_at, e.actor_id, {_PART} AS part, count(*) AS times
               FROM journal_entry AS e JOIN told ON told.what = e.what
               LEFT JOIN points_claim AS claim ON claim.street_id = e.street_id AND e.subject = 'claim:' || claim.id
               WHERE e.street_id = %(street)s GROUP BY 2, 3, 4, 5, 6, 7, 8, 9
           )
           SELECT coalesce(step.id, said.id), said.action || ' ' || said.from_state || ' ' || said.to_state,
                  step.action || ' ' || step.from_state || ' ' || step.to_state
           FROM step FULL JOIN said
               ON (said.subject, said.action, said.from_state, said.to_state, said.reason, said.happened_at, said.part)
                = (step.subject, step.action, step.from_state, step.to_state, step.reason, step.happened_at, step.part)
               AND coalesce(said.actor_id::text, '') = coalesce(step.actor_id::text, '')
           WHERE said.times IS DISTINCT FROM step.times ORDER BY 1""",
    ),
    (
        "points_claimstep",
        "it does not begin where the step before it ended",
        """SELECT t.id, t.position || ' ' || t.from_state, t.due || ' ' || t.led_to
           FROM (SELECT id, position, from_state, row_number() OVER life AS due,
                        coalesce(lag(to_state) OVER life, '') AS led_to
                 FROM points_claimstep WHERE street_id = %(street)s
                 WINDOW life AS (PARTITION BY claim_id ORDER BY position)) AS t
           WHERE t.position <> t.due OR t.from_state <> t.led_to ORDER BY t.id""",
    ),
    (
        "points_claim",
        "its state is not where its last step led",
        """SELECT c.id, last.to_state, c.state
           FROM points_claim AS c
           LEFT JOIN (SELECT DISTINCT ON (claim_id) claim_id, to_state FROM points_claimstep
                      WHERE street_id = %(street)s ORDER BY claim_id, position DESC) AS last ON last.claim_id = c.id
           WHERE c.street_id = %(street)s AND last.to_state IS DISTINCT FROM c.state ORDER BY c.id""",
    ),
    (
        "points_claim",
        "it was not in public, or open to objections, for as long as it had to be",
        f"""WITH shown AS ({_IN_PUBLIC})
           SELECT c.id, shown.due || coalesce(' ' || shown.heard_until, ''),
                  coalesce(shown.posted_at, c.public_until) || coalesce(' ' || c.object_until, '')
           FROM points_claim AS c JOIN shown ON shown.claim_id = c.id
           WHERE c.street_id = %(street)s
               AND (c.state = 'publicised' AND c.public_until IS DISTINCT FROM shown.due
                    OR c.state IN ('posted', 'objection') AND (c.public_until <> shown.due
                       OR c.public_until IS NULL AND NOT shown.was_upheld)
                    OR shown.posted_at < shown.due
                    OR c.object_until IS DISTINCT FROM shown.heard_until)
           ORDER BY c.id""",
    ),
    (
        "points_claim",
        "it may be appealed against until another day than it may be",
        f"""SELECT c.id, coalesce(due.until::text, 'never'), coalesce(c.appeal_until::text, 'never')
           FROM points_claim AS c
           LEFT JOIN LATERAL (
               SELECT CASE WHEN c.state = 'rejected' AND last.action = 'reject' AND c.round = 0
                   THEN last.happened_at + interval '{APPEAL_FOR.days} days' END AS until
               FROM points_claimstep AS last WHERE last.street_id = %(street)s AND last.claim_id = c.id
               ORDER BY last.position DESC LIMIT 1) AS due ON true
           WHERE c.street_id = %(street)s AND c.appeal_until IS DISTINCT FROM due.until ORDER BY c.id""",
    ),
    (
        "points_claim",
        "what shows it is to be erased on another day than it has to be, or is there and on none",
        f"""SELECT c.id, coalesce(due.until::text, 'never'), coalesce(c.evidence_until::text, 'never')
           FROM points_claim AS c
           JOIN people_person AS whose ON whose.street_id = c.street_id AND whose.id = c.claimant_id
           JOIN rulebook_pointitem AS item ON item.street_id = c.street_id AND item.id = c.item_id
           CROSS JOIN LATERAL (
               SELECT s.happened_at AS at FROM points_claimstep AS s
               WHERE s.street_id = %(street)s AND s.claim_id = c.id ORDER BY s.position DESC LIMIT 1) AS last
           CROSS JOIN LATERAL (
               SELECT max(t.decided_at) AS decided_at, bool_or(t.result = '') AS is_open FROM points_contest AS t
               WHERE t.street_id = %(street)s AND t.claim_id = c.id AND t.filed_at >= last.at) AS contest
           CROSS JOIN LATERAL (
               SELECT CASE WHEN c.state IN ('draft', 'expired') THEN c.received_at + interval '{DRAFT_FOR.days} days'
                           WHEN c.state = 'rejected' THEN last.at + interval '{APPEAL_FOR.days} days'
                           WHEN c.state = 'posted' THEN c.object_until
                           WHEN c.state = 'withdrawn' THEN last.at
                           WHEN c.state = 'upheld' AND contest.is_open IS NOT TRUE
                               THEN coalesce(contest.decided_at, last.at) + interval '{OBJECT_FOR.days} days'
                           END AS until) AS due
           WHERE c.street_id = %(street)s
               AND (c.evidence_until IS NOT NULL AND c.evidence_until IS DISTINCT FROM due.until
                    OR c.evidence_until IS NULL AND due.until IS NOT NULL AND whose.erased_at IS NULL
                       AND (c.state = 'draft' OR EXISTS (
                           SELECT FROM points_evidence AS shown
                           JOIN photos_photo AS photo
                               ON photo.street_id = shown.street_id AND photo.id = shown.photo_id
                           WHERE shown.street_id = %(street)s AND shown.claim_id = c.id AND photo.erased_at IS NULL
                               AND 'screenshot' = ANY(item.evidence || shown.kind))))
           ORDER BY c.id""",
    ),
    (
        "points_claim",
        "it says why it did not pass, or why two look at it, and nobody has decided so",
        """SELECT c.id, 'nothing', concat_ws(' ', nullif(c.reason, ''), nullif(c.second_reason, ''))
           FROM points_claim AS c
           WHERE c.street_id = %(street)s AND (c.reason <> '' OR c.second_reason <> '') AND NOT EXISTS (
               SELECT FROM journal_entry AS e
               WHERE e.street_id = c.street_id AND e.subject = 'claim:' || c.id
                   AND (e.what IN ('claim.rejected', 'claim.unpaid')
                        OR c.reason = '' AND e.what = 'claim.second_asked'))
           ORDER BY c.id""",
    ),
    (
        "points_claim",
        "it is looked at anew, and nobody appealed",
        """SELECT c.id, 'round 0', 'round ' || c.round
           FROM points_claim AS c
           WHERE c.street_id = %(street)s AND c.round <> 0 AND NOT EXISTS (
               SELECT FROM journal_entry AS e
               WHERE e.street_id = c.street_id AND e.what = 'claim.appealed' AND e.subject = 'claim:' || c.id)
           ORDER BY c.id""",
    ),
    (
        "points_claim",
        "its day is not the one on which it was received",
        """SELECT c.id, (c.received_at AT TIME ZONE 'Asia/Shanghai')::date::text, c.local_date::text
           FROM points_claim AS c
           WHERE c.street_id = %(street)s AND c.state <> 'draft'
               AND c.local_date IS DISTINCT FROM (c.received_at AT TIME ZONE 'Asia/Shanghai')::date ORDER BY c.id""",
    ),
    (
        "points_claim",
        "its posting is not the one that the journal recorded",
        """WITH told AS (
               SELECT substr(e.subject, 7)::uuid AS claim_id, (e.facts ->> 'posting')::uuid AS posting_id
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'claim.posted'
           )
           SELECT c.id, told.posting_id::text, c.posting_id::text
           FROM points_claim AS c
           LEFT JOIN told ON told.claim_id = c.id
           LEFT JOIN points_posting AS p ON p.street_id = c.street_id AND p.id = c.posting_id
           WHERE c.street_id = %(street)s
               AND (c.posting_id IS DISTINCT FROM told.posting_id
                    OR (c.posting_id IS NOT NULL AND (p.person_id, p.item_code, p.received_at, p.subject)
                        IS DISTINCT FROM (c.claimant_id, c.item_code, c.received_at, 'claim:' || c.id)))
           UNION ALL
           SELECT p.id, p.subject, 'no claim'
           FROM points_posting AS p
           LEFT JOIN points_claim AS c ON c.street_id = p.street_id AND c.posting_id = p.id
           WHERE p.street_id = %(street)s AND p.kind = 'award' AND p.subject LIKE 'claim:%%' AND c.id IS NULL
           ORDER BY 1""",
    ),
    (
        "points_finding",
        "it is not what the journal recorded of the checks",
        """WITH told AS (
               SELECT substr(e.subject, 7)::uuid AS claim_id, (e.what = 'claim.appeal_checked')::int AS round,
                      e.facts -> 'found' AS found
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s AND e.what IN ('claim.checked', 'claim.appeal_checked')
           ), written AS (
               SELECT claim_id, round, coalesce(jsonb_object_agg(kind, result) FILTER (WHERE result <> 'pass'),
                                         '{}'::jsonb) AS found
               FROM points_finding WHERE street_id = %(street)s GROUP BY claim_id, round
           )
           SELECT coalesce(written.claim_id, told.claim_id), told.found, written.found
           FROM told FULL JOIN written ON written.claim_id = told.claim_id AND written.round = told.round
           WHERE told.found IS DISTINCT FROM written.found ORDER BY 1""",
    ),
    (
        "points_finding",
        "its words and numbers are not those that the journal recorded",
        """WITH written AS (
               SELECT claim_id, round,
                      jsonb_agg(jsonb_build_array(kind, result, code, params) ORDER BY kind COLLATE "C") AS findings
               FROM points_finding WHERE street_id = %(street)s GROUP BY claim_id, round
           )
           SELECT substr(e.subject, 7)::uuid, e.facts -> 'findings', written.findings
           FROM journal_entry AS e
           LEFT JOIN written ON 'claim:' || written.claim_id = e.subject
               AND written.round = (e.what = 'claim.appeal_checked')::int
           WHERE e.street_id = %(street)s AND e.what IN ('claim.checked', 'claim.appeal_checked')
               AND e.facts ? 'findings'
               AND e.facts -> 'findings' IS DISTINCT FROM coalesce(written.findings, '[]'::jsonb) ORDER BY 1""",
    ),
    (
        "points_review",
        "it is not what the journal recorded",
        """WITH word AS (
               SELECT e.what, e.subject, e.actor_id, e.happened_at, e.facts,
                      CASE lead(e.what) OVER judging WHEN 'claim.undone' THEN lead(e.happened_at) OVER judging
                          END AS undone_at
               FROM journal_entry AS e
               WHERE e.street_id = %(street)s
                   AND e.what IN ('claim.approved', 'claim.refused', 'claim.referred', 'claim.undone')
               WINDOW judging AS (PARTITION BY e.subject, e.actor_id ORDER BY e.happened_at, e.id)
           ), said AS (
               SELECT (facts ->> 'review')::uuid AS review_id, jsonb_build_object(
                   'claim', substr(subject, 7), 'verdict', substr(what, 7), 'reason', coalesce(facts ->> 'reason', ''),
                   'round', (facts ->> 'round')::int, 'reviewer', actor_id,
                   'decided', (extract(epoch FROM happened_at) * 1000000)::bigint,
                   'undone', (extract(epoch FROM undone_at) * 1000000)::bigint) AS facts
               FROM word WHERE what <> 'claim.undone'
           ), written AS (
               SELECT r.id, r.claimant_id, c.claimant_id AS of_claim, jsonb_build_object(
                   'claim', r.claim_id::text, 'verdict', r.verdict, 'reason', r.reason, 'round', r.round,
                   'reviewer', r.reviewer_id, 'decided', (extract(epoch FROM r.decided_at) * 1000000)::bigint,
                   'undone', (extract(epoch FROM r.undone_at) * 1000000)::bigint) AS facts
               FROM points_review AS r
               LEFT JOIN points_claim AS c ON c.street_id = r.street_id AND c.id = r.claim_id
               WHERE r.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.review_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.review_id
           WHERE said.facts IS DISTINCT FROM written.facts OR written.claimant_id IS DISTINCT FROM written.of_claim
           ORDER BY 1""",
    ),
    (
        "points_objection",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT (e.facts ->> 'objection')::uuid AS objection_id, jsonb_build_object(
                   'claim', substr(e.subject, 7), 'reason', e.facts ->> 'reason',
                   'objector', coalesce(e.facts ->> 'objector', e.actor_id::text),
                   'sent_by', CASE WHEN e.facts ? 'objector' THEN e.actor_id END,
                   'filed', (extract(epoch FROM e.happened_at) * 1000000)::bigint,
                   'result', coalesce(substr(d.what, 7), ''), 'judge', d.actor_id,
                   'decided', (extract(epoch FROM d.happened_at) * 1000000)::bigint) AS facts
               FROM journal_entry AS e
               LEFT JOIN journal_entry AS d
                   ON d.street_id = e.street_id AND d.subject = e.subject
                   AND d.what IN ('claim.upheld', 'claim.dismissed')
                   AND d.facts ->> 'objection' = e.facts ->> 'objection'
               WHERE e.street_id = %(street)s AND e.what = 'claim.objected'
           ), written AS (
               SELECT o.id, o.claimant_id, c.claimant_id AS of_claim, jsonb_build_object(
                   'claim', o.claim_id::text, 'reason', o.reason, 'objector', o.objector_id::text,
                   'sent_by', o.sent_by_id,
                   'filed', (extract(epoch FROM o.filed_at) * 1000000)::bigint, 'result', o.result,
                   'judge', o.decided_by_id, 'decided', (extract(epoch FROM o.decided_at) * 1000000)::bigint) AS facts
               FROM points_objection AS o
               LEFT JOIN points_claim AS c ON c.street_id = o.street_id AND c.id = o.claim_id
               WHERE o.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.objection_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.objection_id
           WHERE said.facts IS DISTINCT FROM written.facts OR written.claimant_id IS DISTINCT FROM written.of_claim
           ORDER BY 1""",
    ),
    (
        "points_contest",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT (e.facts ->> 'contest')::uuid AS contest_id, jsonb_build_object(
                   'claim', substr(e.subject, 7), 'objection', e.facts ->> 'objection', 'by', e.actor_id,
                   'filed', (extract(epoch FROM e.happened_at) * 1000000)::bigint,
                   'result', coalesce(substr(d.what, 15), ''), 'judge', d.actor_id,
                   'decided', (extract(epoch FROM d.happened_at) * 1000000)::bigint,
                   'restored', d.facts ->> 'restored') AS facts
               FROM journal_entry AS e
               LEFT JOIN journal_entry AS d ON d.street_id = e.street_id AND d.subject = e.subject
                   AND d.what IN ('claim.contest_granted', 'claim.contest_dismissed')
                   AND d.facts ->> 'contest' = e.facts ->> 'contest'
               WHERE e.street_id = %(street)s AND e.what = 'claim.contested'
           ), written AS (
               SELECT t.id, t.claimant_id, c.claimant_id AS of_claim, jsonb_build_object(
                   'claim', t.claim_id::text, 'objection', t.objection_id::text, 'by', t.filed_by_id,
                   'filed', (extract(epoch FROM t.filed_at) * 1000000)::bigint, 'result', t.result,
                   'judge', t.decided_by_id, 'decided', (extract(epoch FROM t.decided_at) * 1000000)::bigint,
                   'restored', t.restored_id::text) AS facts
               FROM points_contest AS t
               LEFT JOIN points_claim AS c ON c.street_id = t.street_id AND c.id = t.claim_id
               WHERE t.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.contest_id), said.facts, written.facts
           FROM said FULL JOIN written ON written.id = said.contest_id
           WHERE said.facts IS DISTINCT FROM written.facts OR written.claimant_id IS DISTINCT FROM written.of_claim
           ORDER BY 1""",
    ),
    (
        "points_contest",
        "what came back is not what its objection took",
        """SELECT t.id, coalesce(-r.points, 0)::text, coalesce(b.points, 0)::text
           FROM points_contest AS t
           JOIN points_claim AS c ON c.street_id = t.street_id AND c.id = t.claim_id
           JOIN points_objection AS o ON o.street_id = t.street_id AND o.id = t.objection_id
           LEFT JOIN points_posting AS r ON r.street_id = t.street_id AND r.posted_at = o.decided_at
               AND (r.reverses_id = c.posting_id OR r.reverses_id IN (
                   SELECT earlier.restored_id FROM points_contest AS earlier
                   WHERE earlier.street_id = t.street_id AND earlier.claim_id = t.claim_id AND earlier.id <> t.id))
           LEFT JOIN points_posting AS b ON b.street_id = t.street_id AND b.id = t.restored_id
           WHERE t.street_id = %(street)s AND t.restored_id IS NOT NULL
               AND (b.person_id, b.points, b.subject, b.kind)
                   IS DISTINCT FROM (t.claimant_id, -r.points, 'contest:' || t.id, 'grant') ORDER BY t.id""",
    ),
    (
        "points_appeal",
        "it is not what the journal recorded",
        f"""WITH said AS (
               SELECT substr(e.subject, 7)::uuid AS claim_id, e.happened_at, e.actor_id, e.facts -> 'shown' AS shown,
                      e.facts ? 'at_counter' AS at_counter
               FROM journal_entry AS e WHERE e.street_id = %(street)s AND e.what = 'claim.appealed'
           ), shown AS ({_SHOWN}), written AS (
               SELECT a.id, a.claim_id, a.filed_at, a.filed_by_id, coalesce(shown.all_of_it, '[]'::jsonb) AS shown
               FROM points_appeal AS a LEFT JOIN shown ON shown.claim_id = a.claim_id AND shown.round = 1
               WHERE a.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.claim_id),
                  said.happened_at || ' ' || said.actor_id || coalesce(' ' || said.shown::text, ''),
                  written.filed_at || coalesce(' ' || written.filed_by_id, '')
                      || coalesce(' ' || written.shown::text, '')
           FROM said FULL JOIN written ON written.claim_id = said.claim_id
           WHERE said.happened_at IS DISTINCT FROM written.filed_at
               OR (said.shown IS NOT NULL AND said.shown <> written.shown)
               OR written.filed_by_id <> said.actor_id OR said.at_counter AND written.filed_by_id IS NULL
           ORDER BY 1""",
    ),
    (
        "points_evidence",
        "the digest of what was erased is not what the journal recorded",
        """SELECT gone.key::uuid, gone.value, coalesce(photo.sha256, 'nothing')
           FROM journal_entry AS e
           CROSS JOIN LATERAL jsonb_each_text(e.facts -> 'photos') AS gone
           LEFT JOIN points_evidence AS one ON one.street_id = e.street_id AND one.photo_id = gone.key::uuid
               AND one.claim_id = substr(e.subject, 7)::uuid
           LEFT JOIN photos_photo AS photo ON photo.street_id = one.street_id AND photo.id = one.photo_id
           WHERE e.street_id = %(street)s AND e.what = 'claim.evidence_erased'
               AND (photo.sha256 IS DISTINCT FROM gone.value OR photo.erased_at IS NULL) ORDER BY 1""",
    ),
    (
        "points_evidence",
        "its photo is not the one that was received",
        """SELECT one.id, e.facts ->> 'sha256', photo.sha256
           FROM points_evidence AS one
           JOIN photos_photo AS photo ON photo.street_id = one.street_id AND photo.id = one.photo_id
           JOIN journal_entry AS e ON e.street_id = one.street_id AND e.what = 'photo.received'
               AND e.subject = 'photo:' || photo.id
           WHERE one.street_id = %(street)s AND photo.sha256 <> e.facts ->> 'sha256' ORDER BY one.id""",
    ),
    (
        "points_conflict",
        "it is not what the journal recorded",
        """WITH said AS (
               SELECT substr(e.subject, 10)::uuid AS conflict_id, e.actor_id, e.happened_at, d.happened_at AS ended_at,
                      coalesce(e.facts ->> 'person', d.facts ->> 'person') AS person
               FROM journal_entry AS e
               LEFT JOIN journal_entry AS d
                   ON d.street_id = e.street_id AND d.subject = e.subject AND d.what = 'claim.conflict_ended'
               WHERE e.street_id = %(street)s AND e.what = 'claim.conflict_declared'
           ), written AS (
               SELECT c.id, c.reviewer_id, c.person_id, c.declared_at, c.ended_at FROM points_conflict AS c
               WHERE c.street_id = %(street)s
           )
           SELECT coalesce(written.id, said.conflict_id), said.actor_id || ' ' || said.happened_at,
                  written.reviewer_id || ' ' || written.declared_at
           FROM said FULL JOIN written ON written.id = said.conflict_id
           WHERE (said.actor_id, said.happened_at, said.ended_at)
               IS DISTINCT FROM (written.reviewer_id, written.declared_at, written.ended_at)
               OR said.person <> written.person_id::text
           ORDER BY 1""",
    ),
)  # fmt: skip

"""Replaying the ledger: every posting against the journal that recorded it, every balance against its lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from huipai.kit import hot
from huipai.points.models import Allocation, Line, Lot, Posting
from huipai.points.queries.proof_checks import CHECKS
from huipai.points.queries.proof_claims import CLAIMS
from huipai.points.queries.proof_content import said_otherwise
from huipai.points.queries.proof_corrections import CORRECTIONS
from huipai.points.queries.proof_decided import DECIDED
from huipai.points.queries.proof_lots import LOTS
from huipai.points.queries.proof_rulebook import (
    RULEBOOK,
    reasoned_otherwise,
    renamed_fields,
    retold_runs,
    reworded_proposals,
)
from huipai.points.words import Book, Kind
from huipai.rulebook import queries as rulebook
from huipai.rulebook.models import PointItem
from huipai.rulebook.rules import formula as formulas
from huipai.streets.current import in_street
from huipai.streets.models import Street


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what it must be: what is said of it elsewhere, and what is found in it."""

    table: str
    row_id: UUID | None
    why: str
    said: str = ""
    found: str = ""

    def __str__(self) -> str:
        told = (
            f": it must be {self.said or 'nothing'} and is {self.found or 'nothing'}" if self.said or self.found else ""
        )
        return f"{self.table} {self.row_id}: {self.why}{told}"


# As a posting keeps what was measured: a fraction, exactly.
_AMOUNT: Final = re.compile(r"[0-9]{1,9}(/[1-9][0-9]{0,8})?")

# What each posting is now, spelled as Booking.facts() spelled it when it was written. Entries of before name no
# station: the proof of the shop says which it is.
REPLAY: Final = """
WITH said AS (
    SELECT e.id, (e.facts ->> 'posting')::uuid AS posting_id, e.subject, e.actor_id, e.happened_at, e.facts
    FROM journal_entry AS e
    WHERE e.street_id = %(street)s
        AND e.what IN ('points.awarded', 'points.spent', 'points.expired', 'points.reversed', 'points.granted',
                       'points.repaid', 'points.forgiven')
), line AS (
    SELECT posting_id, jsonb_agg(jsonb_build_array(coalesce(account_id::text, book), amount)
               ORDER BY coalesce(account_id::text, book) COLLATE "C", amount) AS all_of_it,
           max(station_id::text) AS station
    FROM points_line WHERE street_id = %(street)s GROUP BY posting_id
), draw AS (
    SELECT posting_id, jsonb_agg(jsonb_build_array(lot_id, points) ORDER BY lot_id::text COLLATE "C") AS all_of_it
    FROM points_allocation WHERE street_id = %(street)s GROUP BY posting_id
), written AS (
    SELECT p.id, p.subject, p.actor_id, p.posted_at, jsonb_build_object(
        'posting', p.id, 'kind', p.kind, 'person', p.person_id, 'item', p.item_id, 'code', p.item_code,
        'points', p.points, 'received', (extract(epoch FROM p.received_at) * 1000000)::bigint,
        'reverses', p.reverses_id, 'reason', p.reason, 'lines', coalesce(line.all_of_it, '[]'::jsonb),
        'lot', CASE WHEN lot.id IS NULL THEN NULL ELSE jsonb_build_array(
            lot.id, lot.points, (extract(epoch FROM lot.expires_at) * 1000000)::bigint) END,
        'draws', coalesce(draw.all_of_it, '[]'::jsonb))
        || CASE WHEN p.measured IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('measured', p.measured) END
        || CASE WHEN p.household_id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('household', p.household_id) END
        || CASE WHEN hold.id IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('hold', hold.id) END
        || CASE WHEN line.station IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('station', line.station) END
            AS facts
    FROM points_posting AS p
    LEFT JOIN line ON line.posting_id = p.id
    LEFT JOIN draw ON draw.posting_id = p.id
    LEFT JOIN points_lot AS lot ON lot.street_id = p.street_id AND lot.posting_id = p.id
    LEFT JOIN points_hold AS hold ON hold.street_id = p.street_id AND hold.posting_id = p.id
    WHERE p.street_id = %(street)s
)
SELECT said.id, said.posting_id, written.id, said.facts, written.facts - told_later.key,
       (said.subject, said.actor_id, said.happened_at) IS DISTINCT FROM
           (written.subject, written.actor_id, written.posted_at)
FROM said FULL JOIN written ON written.id = said.posting_id
CROSS JOIN LATERAL (SELECT CASE WHEN said.facts ? 'station' THEN '' ELSE 'station' END) AS told_later(key)
WHERE said.facts IS DISTINCT FROM written.facts - told_later.key
   OR (said.subject, said.actor_id, said.happened_at) IS DISTINCT FROM
       (written.subject, written.actor_id, written.posted_at)
ORDER BY coalesce(said.id, written.id)
"""


def verify_ledger(street: Street) -> Iterator[Difference]:
    """Each difference in the rulebook and the ledger of one street; nothing where all of it holds.

    Postings are compared with the journal, whose own chain `journal.queries.verify_chain` proves.
    """
    with in_street(street.id):
        for version in rulebook.edited_by_hand():
            yield Difference("rulebook_rulebookversion", version.id, "its items are not what was approved")
        for run_id, said, found in retold_runs():
            yield Difference("rulebook_dryrun", run_id, "what it tells is not what was computed", said, found)
        for proposal_id, said, found in reworded_proposals():
            yield Difference("rulebook_proposal", proposal_id, "its terms are not what was proposed", said, found)
        for proposal_id, said, found in reasoned_otherwise():
            yield Difference("rulebook_proposal", proposal_id, "it was decided for other words", said, found)
        for field_id, said, found in renamed_fields():
            yield Difference("rulebook_knownfield", field_id, "it is another field than was spoken of", said, found)
        yield from _miscounted()
        for claim_id, said, found in said_otherwise():
            yield Difference("points_claim", claim_id, "it is not of what it holds", said, found)
    yield from differences(RULEBOOK, street)
    for row in _rows(REPLAY, street):
        yield from _unlike(street, *row)
    yield from differences(CHECKS, street)
    yield from differences(LOTS, street)
    yield from differences(CORRECTIONS, street)
    yield from differences((*CLAIMS, *DECIDED), street)


def differences(checks: Iterable[tuple[str, str, str]], street: Street) -> Iterator[Difference]:
    """What each statement of (table, why, statement giving id, said, found) finds in a street."""
    for table, why, statement in checks:
        for row_id, said, found in _rows(statement, street):
            yield Difference(table, row_id, why, _spelled(said), _spelled(found))


def _miscounted() -> Iterator[Difference]:
    """Awards by a formula that do not come out when they are computed again from what was measured."""
    counted = Posting.objects.filter(kind=Kind.AWARD, measured__isnull=False).select_related("item").order_by("id")
    for posting in counted.iterator(chunk_size=2000):
        if posting.item is None or posting.item.formula is None:
            yield Difference("points_posting", posting.id, "it was measured, but its item has no formula")
            continue
        points = _counted(posting.item, posting.measured)
        if points is None:
            found = _spelled(posting.measured)
            yield Difference("points_posting", posting.id, "nobody can count with what was measured", found=found)
        elif points != posting.points:
            why = "it is not what the formula of its item gives"
            yield Difference("points_posting", posting.id, why, str(points), str(posting.points))


def _counted(item: PointItem, measured: object) -> int | None:
    """What the formula of an item gives for what was measured; None where either is not what a command writes: a hand
    may have put anything into a row."""
    formula, amounts = formulas.from_json(item.formula), measured if isinstance(measured, dict) else {}
    try:
        formulas.check(formula)  # type: ignore[arg-type]
        read = {measure: Fraction(amount) for measure, amount in amounts.items() if _is_amount(amount)}
        return formulas.points_for(formula, read, most=item.points)  # type: ignore[arg-type]
    except (formulas.Unreadable, formulas.NotMeasured):
        return None


def _is_amount(kept: object) -> bool:
    return isinstance(kept, str) and _AMOUNT.fullmatch(kept) is not None


def _rows(statement: str, street: Street) -> list[tuple[Any, ...]]:
    return hot.rows(statement, {"street": street.id})


def _spelled(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _unlike(
    street: Street, entry_id: UUID, said_id: UUID, posting_id: UUID, said: object, found: object, header: bool
) -> Iterator[Difference]:
    if posting_id is None:
        yield Difference("points_posting", said_id, "the journal recorded it, but it is not there")
        return
    if entry_id is None:
        yield Difference("points_posting", posting_id, "no command wrote it: the journal does not know it")
        return
    if header:
        yield Difference("points_posting", posting_id, "its subject, actor or date is not what the journal recorded")
    was, now = _facts(said), _facts(found)
    for key in sorted(was.keys() | now.keys()):
        if was.get(key) != now.get(key):
            with in_street(street.id):
                yield _row_behind(key, posting_id, was.get(key), now.get(key))


def _row_behind(key: str, posting_id: UUID, was: Any, now: Any) -> Difference:
    """The very row in which a posting differs from what was recorded of it."""
    why, said, found = "it is not what the journal recorded", json.dumps(was), json.dumps(now)
    if key == "lot":
        lot = Lot.objects.filter(posting_id=posting_id).first()
        return Difference("points_lot", lot.id if lot else UUID(was[0]), why, said, found)
    if key == "lines":
        edited = [pair[0] for pair in now if pair not in was]
        lines = Line.objects.filter(posting_id=posting_id)
        line = next((each for each in lines if str(each.account_id or each.book) in edited), None)
        return Difference("points_line", line.id if line else posting_id, why, said, found)
    if key == "station":
        redeemed = Line.objects.filter(posting_id=posting_id, book=Book.REDEMPTION).first()
        return Difference("points_line", redeemed.id if redeemed else posting_id, why, said, found)
    if key == "draws":
        edited = [pair[0] for pair in now if pair not in was]
        draw = Allocation.objects.filter(posting_id=posting_id, lot_id__in=edited).first()
        return Difference("points_allocation", draw.id if draw else posting_id, why, said, found)
    return Difference("points_posting", posting_id, f"{key} is not what the journal recorded", said, found)


def _facts(value: Any) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return facts

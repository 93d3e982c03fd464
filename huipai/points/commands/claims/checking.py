"""The look of the machine before a person looks. It advises; nothing is refused here."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from huipai.kit import apart, workbench
from huipai.people.rules import local_date
from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.points.commands.claims import stepping
from huipai.points.models import Claim, Finding
from huipai.points.queries.claims import facts
from huipai.points.rules import checking, reader, reading
from huipai.points.rules.checking import Likeness
from huipai.points.rules.reading import Read
from huipai.points.words import CheckResult, ClaimAction, ClaimFact, ClaimPart, ClaimState

log = logging.getLogger(__name__)

CPU_SECONDS = 30
WALL_SECONDS = 60
DATA_LIMIT = 1_400_000_000
"""A screen of a phone takes five seconds of processor time and 640 MB, one packed with words twelve and 930 MB."""
PATIENCE = timedelta(minutes=10)
"""One picture at a time is read on a server (jobs.claiming). What has waited so long for its turn is looked at unread:
nobody's review waits for all that somebody else has sent."""


def check(*, claim_id: UUID, now: datetime) -> Claim | None:
    """Look at a claim that has just come in and hand it to the reviewers with what was found; None if it has moved on.

    Pictures are read outside the transaction; what they say is not kept (ruling 23).
    """
    return _look_at(claim_id, _COMES_IN, now)


def check_appeal(*, claim_id: UUID, now: datetime) -> Claim | None:
    """Look once more at a claim whose refusal is appealed against, with what was added; None if that is done.

    Until then no reviewer is given it: a second try is no way past the checks.
    """
    return _look_at(claim_id, _APPEALED, now)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Which look of the machine this is."""

    state: ClaimState
    action: ClaimAction
    fact: ClaimFact


_COMES_IN: Final = _Turn(ClaimState.SUBMITTED, ClaimAction.CHECK, ClaimFact.CHECKED)
_APPEALED: Final = _Turn(ClaimState.APPEALED, ClaimAction.CHECK_APPEAL, ClaimFact.APPEAL_CHECKED)


def _is_due(claim: Claim, turn: _Turn) -> bool:
    return claim.state == turn.state and not claim.findings.filter(round=claim.round).exists()


def _look_at(claim_id: UUID, turn: _Turn, now: datetime) -> Claim | None:
    claim = Claim.objects.select_related("item", "claimant").filter(pk=claim_id).first()
    if claim is None or not _is_due(claim, turn):
        return None
    shots = facts.screenshots_of(claim)
    has_time = now - facts.came_in_at(claim) < PATIENCE
    lines = {photo.id: _lines(photo) for photo in shots} if has_time else {}
    today, item = local_date(claim.received_at), claim.item
    wanted = reading.expected(item.keywords, item.title, item.description)
    reads = {id: reading.judge(found, wanted, today=today) for id, found in lines.items() if found is not None}
    can_read = not lines or any(found is not None for found in lines.values())
    alikes = facts.likenesses_of(claim)
    return _find(claim_id, turn, reads, alikes, can_read=can_read, now=now)


@transaction.atomic
def _find(
    claim_id: UUID, turn: _Turn, reads: Mapping[UUID, Read], alikes: Mapping[UUID, Likeness], *, can_read: bool,
    now: datetime,
) -> Claim | None:  # fmt: skip
    claim = stepping.locked(claim_id)
    if not _is_due(claim, turn):
        return None
    found = checking.advise(facts.facts_of(claim, reads=reads, alikes=alikes, can_read=can_read))
    Finding.objects.bulk_create(
        Finding(claim=claim, round=claim.round, kind=one.kind, result=one.result, code=one.code, params=one.params)
        for one in found
    )
    whole = [[one.kind, one.result, one.code, one.params] for one in sorted(found, key=lambda one: one.kind)]
    told = {one.kind.value: one.result.value for one in found if one.result != CheckResult.PASS}
    stepping.take(
        claim, turn.action, part=ClaimPart.SYSTEM, actor=None, now=now, fact=turn.fact,
        facts={"found": told, "findings": whole},
    )  # fmt: skip
    return claim


def _lines(photo: Photo) -> list[str] | None:
    """The text of a screenshot, read in a process of its own; None where no reader is installed or it failed."""
    with workbench.folder() as folder:
        picture = folder / "picture.jpg"
        with storage.photos().open(photo.public_key) as source:
            picture.write_bytes(source.read())
        return read_lines(picture)


def read_lines(picture: Path) -> list[str] | None:
    """The lines in a picture, of a long one those that were read in time; None where they cannot be had."""
    command = apart.command(reader.__file__, picture, cpu=CPU_SECONDS, data=DATA_LIMIT)
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=WALL_SECONDS, env={})
    except subprocess.TimeoutExpired:
        log.warning("A screenshot was not read within %s s", WALL_SECONDS)
        return None
    if done.returncode not in (0, reader.NOT_INSTALLED):
        log.warning("A screenshot could not be read to its end: exit code %s", done.returncode)
    pieces: list[list[str]] = [json.loads(piece) for piece in done.stdout.splitlines() if piece.endswith("]")]
    return [line for piece in pieces for line in piece] if pieces else None

"""What a claim says of its content follows from what is there: its fingerprint and what it is about are computed anew.

Words are in no journal (ruling 26), so that this alone shows that somebody has put others into a claim. The nonce of a
code is kept nowhere: the fingerprint of what was shown by one stands in the journal, from where its facts have it on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, combinations
from typing import Any, Final
from uuid import UUID

from django.db.models import Prefetch

from huipai.journal.models import Entry
from huipai.points.models import Claim, Evidence
from huipai.points.rules.sending import ClaimSending, counted
from huipai.points.words import ClaimFact, ClaimState
from huipai.rulebook.rules import formula as formulas

_AT_ONCE: Final = 2_000
_CAME: Final = (ClaimFact.SUBMITTED, ClaimFact.ENTERED, ClaimFact.HELPED)


def said_otherwise() -> Iterator[tuple[UUID, str, str]]:
    """Each claim whose fingerprint or subject is not that of what it holds: its id, what it must be, what it is.

    Where its claimant was forgotten nothing can be said of its words any more.
    """
    first = Evidence.objects.filter(round=0).select_related("photo").order_by("id")
    claims = Claim.objects.exclude(state=ClaimState.DRAFT).select_related("item", "claimant")
    claims = claims.prefetch_related(Prefetch("evidence", first, to_attr="shown"))
    chunk: list[Claim] = []
    for claim in claims.order_by("id").iterator(chunk_size=_AT_ONCE):
        chunk.append(claim)
        if len(chunk) == _AT_ONCE:
            yield from _unlike(chunk)
            chunk = []
    yield from _unlike(chunk)


def _unlike(claims: list[Claim]) -> Iterator[tuple[UUID, str, str]]:
    told = _told({claim.subject_of_journal for claim in claims})
    for claim in claims:
        shown: list[Evidence] = claim.shown  # type: ignore[attr-defined]
        pictures = [one.photo for one in shown if one.photo]
        has_code = any(one.station_id for one in shown)
        facts = told.get(claim.subject_of_journal) or {}
        # Who was forgotten has no words and no picture left.
        is_gone = claim.claimant.erased_at is not None and not claim.note and all(one.erased_at for one in pictures)
        if is_gone and not has_code:
            continue
        if not _is_amounts(claim.measured):
            yield claim.id, json.dumps(facts.get("measured")), json.dumps(claim.measured)
            continue
        said = ClaimSending(
            claim_id=claim.id, item_code=claim.item_code, note=claim.note, measured=claim.measured or {},
            photo_ids=tuple(photo.id for photo in pictures),
        )  # fmt: skip
        subject = "on_site" if has_code else said.subject()
        if subject != claim.subject:
            yield claim.id, subject, claim.subject
        elif has_code and facts.get("hash", claim.content_hash) != claim.content_hash:
            yield claim.id, facts["hash"], claim.content_hash
        elif not has_code and not _is_of(claim, said, facts.get("measured") or {}):
            yield claim.id, said.content_hash(), claim.content_hash


def _is_amounts(measured: object) -> bool:
    """Whether these are amounts as they are typed. A hand may have put anything into the row."""
    typed = {} if measured is None else measured
    return isinstance(typed, dict) and all(isinstance(amount, str) for amount in typed.values())


def _is_of(claim: Claim, said: ClaimSending, told: dict[str, str]) -> bool:
    """Whether its fingerprint is of this content, whichever of the pictures its sender called screenshots.

    Of older claims amounts that their item does not count may have gone into it: they stand in the journal alone. That
    the amounts are those that were sent is proved beside this.
    """
    of_item = counted(said, formulas.from_json(claim.item.formula)).measured
    return any(
        replace(said, measured=measured, screenshot_ids=frozenset(screenshots)).content_hash() == claim.content_hash
        for measured in (said.measured, of_item, told)
        for screenshots in _parts_of(said.photo_ids)
    )


def _parts_of(photo_ids: tuple[UUID, ...]) -> Iterable[tuple[UUID, ...]]:
    return chain.from_iterable(combinations(photo_ids, count) for count in range(len(photo_ids) + 1))


def _told(subjects: set[str]) -> dict[str, dict[str, Any]]:
    found = Entry.objects.filter(subject__in=subjects, what__in=_CAME)
    return dict(found.order_by("id").values_list("subject", "facts"))

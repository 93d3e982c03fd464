"""The automatic checks: facts in, advice out. They explain themselves; they decide nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from huipai.people.rules import local_date
from huipai.points.rules.reading import Read
from huipai.points.rules.worth import Offer, Tally
from huipai.points.words import CheckKind, CheckResult, Shown

# How a day is named in a sentence: 11 月 21 日, 11-21, 21 号, 昨天, 上周六. Another way costs the reviewer a look.
_A_DAY = re.compile(
    r"\d{1,2}\s*[月./-]\s*\d{1,2}|\d{1,2}\s*[日号]|[一二三四五六七八九十]月[一二三四五六七八九十]"
    r"|[今昨前]天|[今昨]晚|(?:周|星期|礼拜)[一二三四五六日天末]"
)
# So many letters at least before anybody can tell from them what was done or who saw it.
_LETTERS = 4
# A photo may be this old before somebody asks about it: the evening's walk is told the next day.
FRESH_FOR = timedelta(hours=36)
AHEAD_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Advice:
    """One finding: which sentence, with which numbers."""

    kind: CheckKind
    result: CheckResult
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Likeness:
    """An earlier picture that looks like this one."""

    percent: int
    is_own: bool
    photo_id: UUID
    claim_id: UUID | None


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of one photo of a claim."""

    kind: Shown
    is_ready: bool
    is_unreadable: bool
    received_at: datetime
    # When it was shown: with the claim, or with the appeal.
    shown_at: datetime
    taken_at: datetime | None = None
    # None: it says no place. True: inside the street.
    is_inside: bool | None = None
    # The same bytes, sent before.
    same: Likeness | None = None
    alike: Likeness | None = None
    read: Read | None = None


@dataclass(frozen=True, slots=True)
class Scanned:
    """What is known of a code."""

    shown_at: datetime
    was_open: bool
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Everything the checks look at."""

    received_at: datetime
    offer: Offer
    tally: Tally
    # Points of the same item that still wait: today, this month.
    pending_today: int
    pending_month: int
    pending_is_too_soon: bool
    # The same of everybody who lives together, where the item is capped for a household.
    pending_at_home_today: int
    pending_at_home_month: int
    # A claim of the same item by anybody, near in time and place, as far as the item says.
    repeats: int
    # How often the same words were refused that day.
    refusals: int
    # Whether what was written is more than a sign or two.
    says_something: bool
    ways: tuple[Shown, ...]
    # Whether the item is shown by the list of an activity, which lies with its host and not here; the note says which.
    by_roll: bool = False
    names_a_day: bool = False
    pictures: tuple[Picture, ...] = ()
    scanned: Scanned | None = None
    own_pictures: int = 0
    can_read: bool = True


def advise(facts: ClaimFacts) -> list[Advice]:
    """Every check that has something to say, in the order in which a reviewer reads."""
    return [
        *_evidence(facts), *_caps(facts), *_cooldown(facts), *_same(facts), *_alike(facts), *_words(facts),
        *_dated(facts), *_time(facts), *_place(facts), *_code(facts),
    ]  # fmt: skip


def _evidence(facts: ClaimFacts) -> Iterator[Advice]:
    kind = CheckKind.EVIDENCE
    if any(picture.is_unreadable for picture in facts.pictures):
        yield Advice(kind, CheckResult.FAIL, "evidence_unreadable")
    elif any(not picture.is_ready for picture in facts.pictures):
        yield Advice(kind, CheckResult.DOUBT, "evidence_not_ready")
    elif facts.by_roll and not facts.pictures and not facts.scanned:
        yield Advice(kind, CheckResult.DOUBT, "evidence_roll" if facts.names_a_day else "evidence_roll_no_day")
    elif not facts.pictures and not facts.scanned and set(facts.ways) != {Shown.NOTE}:
        yield Advice(kind, CheckResult.DOUBT, "evidence_note_only")
    elif not facts.pictures and not facts.scanned and not facts.says_something:
        yield Advice(kind, CheckResult.DOUBT, "evidence_says_little")
    else:
        yield Advice(kind, CheckResult.PASS, "evidence_there", {"photos": len(facts.pictures)})


def _caps(facts: ClaimFacts) -> Iterator[Advice]:
    offer, tally, more = facts.offer, facts.tally, facts.offer.points
    caps = (
        ("caps_day", offer.day_cap, tally.today + facts.pending_today),
        ("caps_month", offer.month_cap, tally.this_month + facts.pending_month),
        ("caps_household_day", offer.household_day_cap, tally.household_today + facts.pending_at_home_today),
        ("caps_household", offer.household_month_cap, tally.household_this_month + facts.pending_at_home_month),
    )
    for code, cap, already in caps:
        if cap is not None and already + more > cap:
            yield Advice(CheckKind.CAPS, CheckResult.FAIL, code, {"already": already, "cap": cap, "points": more})
            return
    told = {"today": tally.today + facts.pending_today, "month": tally.this_month + facts.pending_month}
    cap = offer.month_cap
    yield Advice(CheckKind.CAPS, CheckResult.PASS, "caps_room" if cap else "caps_none", {**told, "cap": cap or 0})


def _cooldown(facts: ClaimFacts) -> Iterator[Advice]:
    kind = CheckKind.COOLDOWN
    if facts.refusals:
        yield Advice(kind, CheckResult.DOUBT, "cooldown_refused", {"count": facts.refusals})
    elif facts.repeats:
        yield Advice(kind, CheckResult.DOUBT, "cooldown_repeat", {"count": facts.repeats})
    elif facts.offer.cooldown_minutes and (facts.tally.too_soon or facts.pending_is_too_soon):
        yield Advice(kind, CheckResult.FAIL, "cooldown_too_soon", {"minutes": facts.offer.cooldown_minutes})
    elif facts.offer.cooldown_minutes:
        yield Advice(kind, CheckResult.PASS, "cooldown_over", {"minutes": facts.offer.cooldown_minutes})


def _same(facts: ClaimFacts) -> Iterator[Advice]:
    if not facts.pictures:
        return
    seen = [picture.same for picture in facts.pictures if picture.same]
    if seen:
        first = min(seen, key=lambda one: one.is_own)
        code = "same_own" if first.is_own else "same_other"
        yield Advice(CheckKind.SAME, CheckResult.FAIL, code, _which(first))
    else:
        yield Advice(CheckKind.SAME, CheckResult.PASS, "same_none", {"count": facts.own_pictures})


def _alike(facts: ClaimFacts) -> Iterator[Advice]:
    found = [(picture.alike, picture.kind) for picture in facts.pictures if picture.alike and _is_news(picture)]
    if found:
        nearest, kind = max(found, key=lambda one: (not one[0].is_own, one[0].percent))
        params = {"percent": nearest.percent, **_which(nearest)}
        # Screenshots of one article look alike whoever takes them: that is for a person to see.
        of_others = "alike_screen" if kind == Shown.SCREENSHOT else "alike_other"
        yield Advice(CheckKind.ALIKE, CheckResult.DOUBT, "alike_own" if nearest.is_own else of_others, params)


def _is_news(picture: Picture) -> bool:
    """Whether the likeness says more than the same bytes do: it says whose picture their own upload is a copy of."""
    alike, same = picture.alike, picture.same
    return alike is not None and (same is None or (same.is_own and not alike.is_own))


def _which(earlier: Likeness) -> dict[str, object]:
    claim: dict[str, object] = {"claim": str(earlier.claim_id)} if earlier.claim_id else {}
    return {"photo": str(earlier.photo_id), **claim}


def says_something(note: str) -> bool:
    """Whether there are letters enough for who saw it or what was done; 王阿姨 alone are three."""
    return sum(map(str.isalpha, note)) >= _LETTERS


def names_a_day(note: str) -> bool:
    """Whether a sentence says of which day it speaks."""
    return bool(_A_DAY.search(note))


def _words(facts: ClaimFacts) -> Iterator[Advice]:
    shots = [picture for picture in facts.pictures if picture.kind == Shown.SCREENSHOT and picture.is_ready]
    if not shots:
        return
    reads = [picture.read for picture in shots if picture.read is not None]
    if not reads:
        code = "words_not_read" if facts.can_read else "words_no_reader"
        yield Advice(CheckKind.WORDS, CheckResult.DOUBT, code)
        return
    matched = sorted({word for read in reads for word in read.matched})
    if matched:
        yield Advice(CheckKind.WORDS, CheckResult.PASS, "words_found", {"words": matched})
    elif any(read.has_text for read in reads):
        yield Advice(CheckKind.WORDS, CheckResult.DOUBT, "words_missing")
    else:
        yield Advice(CheckKind.WORDS, CheckResult.DOUBT, "words_no_text")


def _dated(facts: ClaimFacts) -> Iterator[Advice]:
    reads = [picture.read for picture in facts.pictures if picture.read is not None]
    dates = [date for read in reads for date in read.dates]
    if not dates:
        return
    # By the street's own days: of today or yesterday; nothing was done tomorrow.
    ago = [(local_date(facts.received_at) - date).days for date in dates]
    if any(days in (0, 1) for days in ago):
        yield Advice(CheckKind.DATED, CheckResult.PASS, "dated_now")
    else:
        yield Advice(CheckKind.DATED, CheckResult.DOUBT, "dated_old", {"days": min(abs(days) for days in ago)})


def _time(facts: ClaimFacts) -> Iterator[Advice]:
    dated = [(picture.taken_at, picture.shown_at) for picture in facts.pictures if picture.taken_at is not None]
    if dated:
        oldest = min(taken for taken, _shown in dated)
        if any(taken > shown + AHEAD_FOR for taken, shown in dated):
            yield Advice(CheckKind.TIME, CheckResult.DOUBT, "time_ahead")
        elif facts.received_at - oldest > FRESH_FOR:
            days = max(2, (facts.received_at - oldest).days)
            yield Advice(CheckKind.TIME, CheckResult.DOUBT, "time_old", {"days": days})
        else:
            minutes = max(0, int((facts.received_at - oldest).total_seconds() // 60))
            yield Advice(CheckKind.TIME, CheckResult.PASS, "time_near", {"minutes": minutes})
    elif any(facts.received_at - picture.received_at > FRESH_FOR for picture in facts.pictures):
        yield Advice(CheckKind.TIME, CheckResult.DOUBT, "time_sent_before")


def _place(facts: ClaimFacts) -> Iterator[Advice]:
    told = {picture.is_inside for picture in facts.pictures} - {None}
    if told:
        inside = told == {True}
        result = CheckResult.PASS if inside else CheckResult.DOUBT
        yield Advice(CheckKind.PLACE, result, "place_inside" if inside else "place_outside")


def _code(facts: ClaimFacts) -> Iterator[Advice]:
    scanned = facts.scanned
    if scanned is None:
        return
    minutes = max(0, int((facts.received_at - scanned.shown_at).total_seconds() // 60))
    if not scanned.was_open:
        yield Advice(CheckKind.CODE, CheckResult.DOUBT, "code_shut")
    elif not scanned.is_fresh:
        yield Advice(CheckKind.CODE, CheckResult.DOUBT, "code_late", {"minutes": minutes})
    else:
        yield Advice(CheckKind.CODE, CheckResult.PASS, "code_fresh")

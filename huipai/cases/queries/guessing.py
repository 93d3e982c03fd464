"""Which types somebody probably means. Only ever offered: nobody's report is sorted by it."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from django.conf import settings

from huipai.cases.models import CaseType, Report, TypeGuesser
from huipai.cases.models.case_type import CaseType as Kind
from huipai.cases.rules.guessing import Example, Own, Weights, named, seeds
from huipai.cases.words import Outcome, ReportState
from huipai.streets.current import street_in_force

MOST_EXAMPLES = 20_000
SHOWN = 3
# Whose words teach nothing: what the street did not take on has no type that somebody settled on.
_UNSETTLED = (Outcome.DECLINED, Outcome.NOT_FILED, Outcome.VOIDED, Outcome.WITHDRAWN)


@dataclass(frozen=True)
class Learnt:
    """Weights, and the sureness below which they are not asked."""

    weights: Weights
    floor: float


@dataclass(frozen=True)
class Suggested:
    """Up to three types, or the word that it cannot be told."""

    kinds: list[Kind]
    is_unsure: bool = False


# A street learns once a night; its weights are kept by each process for a while.
_kept: dict[UUID, tuple[float, Learnt | None]] = {}
_KEPT_SECONDS = 60


def newest() -> TypeGuesser | None:
    return TypeGuesser.objects.exclude(weights=b"").order_by("-number").first()


def _learnt() -> Learnt | None:
    street, at = street_in_force(), monotonic()
    until, held = _kept.get(street, (0.0, None))
    if at < until:
        return held
    found = newest()
    held = Learnt(Weights.unpacked(found.codes, bytes(found.weights)), found.floor) if found else None
    if settings.STREET_KEPT_SECONDS:
        _kept[street] = (at + _KEPT_SECONDS, held)
    return held


def suggest(text: str) -> list[Kind]:
    """The three likeliest types in use, the likeliest first; nothing where there is too little to go by."""
    return suggested(text).kinds


def suggested(text: str) -> Suggested:
    """The same, and whether something was written that speaks for no type enough to be offered.

    A short sentence that holds a type's own words has that type among the three whatever was learnt.
    """
    if not text.strip():
        return Suggested([])
    there = {one.code: one for one in CaseType.objects.filter(is_active=True)}
    own = named(text, [_own(one) for one in there.values()])
    codes, is_unsure = _learnt_codes(text)
    wanted = dict.fromkeys([*own, *codes])
    kinds = [there[code] for code in wanted if code in there][:SHOWN]
    return Suggested(kinds, is_unsure=is_unsure and not kinds)


def _learnt_codes(text: str) -> tuple[list[str], bool]:
    """What was learnt says; nothing, and that it cannot tell, where it is not sure enough."""
    learnt = _learnt()
    weighed = learnt.weights.weighed(text) if learnt else None
    if learnt is None or weighed is None or not weighed.codes:
        return [], False
    return ([], True) if weighed.sureness < learnt.floor else (weighed.codes, False)


def _own(kind: CaseType) -> Own:
    return Own(kind.code, kind.name, kind.hint, kind.filing_condition, kind.closing_standard, kind.everyday)


def history() -> list[Example]:
    """What people reported with the type that it ended under, the oldest first; nothing of who has been erased."""
    rows = (
        Report.objects.filter(state__in=(ReportState.RECEIVED, ReportState.JOINED), reporter__erased_at=None)
        .exclude(text="")
        .exclude(case__outcome__in=_UNSETTLED)
        .filter(case__case_type__is_active=True)
        .order_by("-received_at", "-id")
        .values_list("text", "case__case_type__code")[:MOST_EXAMPLES]
    )
    return [Example(text, code) for text, code in rows][::-1]


def own_words() -> list[Example]:
    """What the types say of themselves."""
    return [one for kind in CaseType.objects.filter(is_active=True) for one in seeds(_own(kind))]


def usual_list() -> list[str]:
    """What stands open on the form without any guess."""
    kinds = CaseType.objects.filter(is_active=True).order_by("position", "code")
    return list(kinds.values_list("code", flat=True)[:SHOWN])


def learnings() -> list[TypeGuesser]:
    return list(TypeGuesser.objects.defer("weights").order_by("-number")[:12])

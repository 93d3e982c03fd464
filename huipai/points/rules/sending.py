"""What a claim may look like when it comes in, decided without a database."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid
from huipai.points.rules.measuring import is_amount, is_whole_enough, measured_of, measures_of
from huipai.points.rules.spans import microseconds
from huipai.points.words import LONGEST_NOTE, MOST_EVIDENCE_PHOTOS, Shown
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.formula import Formula
from huipai.rulebook.words import Evidence
from huipai.stations.rules import OnSite

# Which evidence of the rulebook is shown in which way. The rest the system knows by itself, or nobody may count.
SHOWN_AS: dict[Evidence, Shown] = {
    Evidence.PHOTO: Shown.PHOTO,
    Evidence.SCREENSHOT: Shown.SCREENSHOT,
    Evidence.ON_SITE_CODE: Shown.ON_SITE_CODE,
    Evidence.NOTE: Shown.NOTE,
    Evidence.WITNESS: Shown.NOTE,
    Evidence.ROLL: Shown.NOTE,
}


# What can become an amount: a draft keeps what was half typed, and never a word.
HALF_TYPED = re.compile(r"[0-9.]{1,8}")


class NoEvidence(Invalid):
    code = "claim_no_evidence"
    default_reason = _("还差凭据：拍一张、扫一下现场的码，或者写一句")


class NoteTooLong(Invalid):
    code = "claim_note_too_long"
    default_reason = _("写得太长了，最多 300 个字")


class AmountMissing(Invalid):
    code = "claim_amount_missing"
    default_reason = _("这一条按数量计分，写上数量，比如 1.5")


class AmountNotWhole(Invalid):
    code = "claim_amount_not_whole"
    default_reason = _("人数、件数写整数，比如 3")


class AmountTooSmall(Invalid):
    code = "claim_amount_too_small"
    default_reason = _("按这个数量算下来不到 1 分，记不了分；看看是不是写错了")


class TooManyEvidencePhotos(Invalid):
    code = "claim_too_many_photos"
    default_reason = _("最多 4 张，请去掉几张")


@dataclass(frozen=True, slots=True)
class ClaimSending:
    """What a claimant sends: made on the phone, offline if need be."""

    claim_id: UUID
    item_code: str
    photo_ids: tuple[UUID, ...] = ()
    note: str = ""
    on_site: OnSite | None = None
    # Of an item with a formula: {"hours": "2"}.
    measured: Mapping[str, str] = field(default_factory=dict)
    # Which of the pictures are screenshots, as the sender says, where the item takes photos as well.
    screenshot_ids: frozenset[UUID] = frozenset()

    def with_id(self, claim_id: UUID) -> ClaimSending:
        """The same under another id: that of the form, where it named none."""
        return replace(self, claim_id=claim_id)

    def content_hash(self) -> str:
        """SHA-256 over what was chosen and typed: what makes two sendings the same."""
        photos, code = sorted(map(str, self.photo_ids)), self.on_site and self.on_site.nonce
        content: list[object] = [self.item_code, photos, as_seen(self.note), code, sorted(self.measured.items())]
        if self.screenshot_ids:
            content.append(sorted(map(str, self.screenshot_ids)))
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def told(self, claimant_id: UUID, evidence: Collection[str]) -> dict[str, object]:
        """What the journal keeps of it, so that it can be proved: ids and amounts, never a word or a picture."""
        kinds = picture_kinds(evidence, self.photo_ids, self.screenshot_ids)
        return {
            "claimant": str(claimant_id), "measured": dict(self.measured) or None,
            "shown": shown_of(kinds, self.on_site),
            # With a nonce in it that is kept nowhere nobody makes the words out of it again.
            **({"hash": self.content_hash()} if self.on_site else {}),
        }  # fmt: skip

    def subject(self) -> str:
        """What the deed is about: one item is claimed once a day for one subject."""
        if self.on_site:
            return "on_site"
        told = ",".join(sorted(map(str, self.photo_ids))) or "".join(as_seen(self.note).split())
        return f"told:{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def shown_of(kinds: Mapping[UUID, Shown], on_site: OnSite | None = None) -> list[list[object]]:
    """What a claim or an appeal shows, as the journal spells it: [kind, photo or station, instant of the code]."""
    shown: list[list[object]] = [[kind.value, str(photo_id), None] for photo_id, kind in kinds.items()]
    if on_site:
        shown.append([Shown.ON_SITE_CODE.value, str(on_site.station_id), microseconds(on_site.shown_at)])
    return sorted(shown, key=lambda one: str(one[1]))


def ways(evidence: Collection[str]) -> tuple[Shown, ...]:
    """The ways in which an item that accepts these kinds of evidence may be shown, each once, in their order."""
    found = dict.fromkeys(SHOWN_AS[Evidence(kind)] for kind in evidence if Evidence(kind) in SHOWN_AS)
    return tuple(way for way in Shown if way in found)


def counted(sending: ClaimSending, formula: Formula | None) -> ClaimSending:
    """The same with the amounts that the item counts, and no others."""
    wanted = measures_of(formula)
    typed = {name: amount for name, amount in sending.measured.items() if name in wanted}
    amounts = {name: amount for name, amount in typed.items() if HALF_TYPED.fullmatch(amount)}
    return replace(sending, measured=amounts)


def look_over(sending: ClaimSending, evidence: Collection[str], formula: Formula | None) -> None:
    """Refuse what no reviewer could judge: nothing shown, no amount, or more than anybody reads."""
    for measure in measures_of(formula):
        if not is_amount(sending.measured.get(measure, "")):
            raise AmountMissing(field=measure)
        if not is_whole_enough(measure, sending.measured[measure]):
            raise AmountNotWhole(field=measure)
    if formula is not None and formulas.points_for(formula, measured_of(sending.measured) or {}, most=1) < 1:
        raise AmountTooSmall(field=measures_of(formula)[0])
    look_at_length(sending)
    if not shown_by(sending) & set(ways(evidence)):
        raise NoEvidence(field="note" if ways(evidence) == (Shown.NOTE,) else "photos")


def look_at_length(sending: ClaimSending) -> None:
    """Refuse more than anybody reads, put aside or sent."""
    if len(as_seen(sending.note)) > LONGEST_NOTE:
        raise NoteTooLong(field="note")
    if len(set(sending.photo_ids)) > MOST_EVIDENCE_PHOTOS:
        raise TooManyEvidencePhotos(field="photos")


def shown_by(sending: ClaimSending) -> set[Shown]:
    """The ways in which this sending shows the deed."""
    ways_used = {Shown.PHOTO, Shown.SCREENSHOT} if sending.photo_ids else set()
    if sending.on_site:
        ways_used.add(Shown.ON_SITE_CODE)
    if as_seen(sending.note):
        ways_used.add(Shown.NOTE)
    return ways_used


def picture_kinds(
    evidence: Collection[str], photo_ids: Collection[UUID], screenshot_ids: Collection[UUID] = ()
) -> dict[UUID, Shown]:
    """What each picture sent with this item is, in their order: what its sender says where the item takes both."""
    if may_be_either(evidence):
        return {one: Shown.SCREENSHOT if one in screenshot_ids else Shown.PHOTO for one in photo_ids}
    return dict.fromkeys(photo_ids, Shown.SCREENSHOT if takes_screenshots(evidence) else Shown.PHOTO)


def takes_screenshots(evidence: Collection[str]) -> bool:
    """Whether a picture sent with this item may be a screenshot, whatever its sender says that it is."""
    return Shown.SCREENSHOT in ways(evidence)


def may_be_either(evidence: Collection[str]) -> bool:
    """Whether its sender has to say which a picture is."""
    return {Shown.PHOTO, Shown.SCREENSHOT} <= set(ways(evidence))


def shown_by_roll(evidence: Collection[str]) -> bool:
    """Whether it may be shown by the list of an activity. The list is with its host: the claimant says of which one."""
    return Evidence.ROLL in evidence

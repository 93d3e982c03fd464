"""What people are told of points taken back from them, and of their appeal; who acts for them hears it too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people import queries as people
from huipai.people.words import ProxyScope
from huipai.points import queries
from huipai.points.models import Correction
from huipai.points.notices import NEWS_FOR
from huipai.points.words import CorrectionReason, Fact

TOLD = (Fact.CORRECTION_APPROVED, Fact.CORRECTION_UPHELD, Fact.CORRECTION_DISMISSED)


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whom an entry about a correction concerns, once however often this runs."""
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    found = Correction.objects.select_related("posting__item", "reversal", "household")
    correction = found.get(pk=UUID(entry.subject.removeprefix(Correction.SUBJECT)))
    item, reversal = correction.posting.item, correction.reversal
    params: dict[str, object] = {
        "item": item.title if item else "", "reason": correction.reason,
        "points": -reversal.points if reversal else correction.posting.points,
    }  # fmt: skip
    for person_ids, more in _to(correction, now):
        notices.tell(
            person_ids=list(person_ids), kind=entry.what, subject=correction.subject, cause=f"entry:{entry.id}",
            now=entry.happened_at, params={**params, **more},
        )  # fmt: skip


def _to(correction: Correction, now: datetime) -> list[tuple[Collection[UUID], dict[str, object]]]:
    """Whom it concerns: whose points they are and who acts for them; the grown-ups of a household."""
    if correction.person_id is None:
        return [(queries.hear_of(correction, now), {"home": True})]
    acting = people.acting_for(ProxyScope.CLAIM, now).get(correction.person_id, ())
    return [([correction.person_id], {}), (acting, {"for": str(correction.person_id)})]


def tell_family(*, entry_id: UUID, now: datetime) -> None:
    """Tell those who had left a home what became of their household's points when others moved in, once."""
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    household_id = UUID(entry.subject.partition(":")[2])
    notices.tell(
        person_ids=queries.left_before(household_id, entry.happened_at), kind=entry.what, subject=entry.subject,
        cause=f"entry:{entry.id}", now=entry.happened_at, params=entry.facts,
    )  # fmt: skip


def addresses(correction_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page of each of these; it opens for whose points they were, and for who may claim for them."""
    return {correction_id: reverse("points:correction", args=[correction_id]) for correction_id in correction_ids}


# --- In which words.
def _whose(params: Mapping[str, object], own: str, for_another: str, of_home: str) -> str:
    chosen = of_home if params.get("home") else for_another if params.get("for") else own
    return chosen % {name: params.get(name, "") for name in ("item", "points")}


def _address(subject: str) -> Promise:
    return reverse_lazy("points:correction", args=[subject.removeprefix(Correction.SUBJECT)])


def _approved(subject: str, params: Mapping[str, object]) -> Wording:
    title = _whose(
        params,
        _("「%(item)s」的 %(points)s 分退回了"),
        _("您代办的家人「%(item)s」的 %(points)s 分退回了"),
        _("您家一起的「%(item)s」的 %(points)s 分退回了"),
    )
    reason = str(params.get("reason", ""))
    why = CorrectionReason(reason).label if reason in CorrectionReason.values else ""
    text = _("%(why)s。点开看为什么；不对的话 7 天里可以申诉，换第三位来看") % {"why": why}
    return Wording(title, text, _address(subject))


def _upheld(subject: str, params: Mapping[str, object]) -> Wording:
    if not params.get("points"):
        title = _whose(params, _("申诉成立"), _("您替家人的申诉成立"), _("您家的申诉成立"))
        text = _("「%(item)s」的分退回前就过期了，没有要补的") % {"item": params.get("item", "")}
        return Wording(title, text, _address(subject))
    title = _whose(
        params,
        _("申诉成立，%(points)s 分补回来了"),
        _("您替家人的申诉成立，%(points)s 分补回来了"),
        _("您家的申诉成立，%(points)s 分补回来了"),
    )
    return Wording(title, str(params.get("item", "")), _address(subject))


def _dismissed(subject: str, params: Mapping[str, object]) -> Wording:
    title = _whose(
        params,
        _("您的申诉看过了，%(points)s 分照旧退回"),
        _("您替家人的申诉看过了，%(points)s 分照旧退回"),
        _("您家的申诉看过了，%(points)s 分照旧退回"),
    )
    return Wording(title, _("还有话说可以打给社区"), _address(subject))


def _settled(_subject: str, params: Mapping[str, object]) -> Wording:
    said = []
    if params.get("points"):
        said.append(_("没用完的 %(points)s 分清零") % {"points": params["points"]})
    if params.get("owed"):
        said.append(_("欠的 %(owed)s 分了结，不用再补") % {"owed": params["owed"]})
    title = _("您以前住的那一户搬来了别家，你们家一起的积分了结了")
    return Wording(title, _("；").join(said), reverse_lazy("points:home"))


WORDINGS: dict[str, Writer] = {
    Fact.FAMILY_SETTLED: _settled,
    Fact.CORRECTION_APPROVED: _approved,
    Fact.CORRECTION_UPHELD: _upheld,
    Fact.CORRECTION_DISMISSED: _dismissed,
}

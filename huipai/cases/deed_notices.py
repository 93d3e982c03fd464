"""What people are told about good deeds. A doer hears of it only once it is public; a refusal thanks and says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from huipai.cases.deed_words import DeedReason
from huipai.cases.fact_words import DeedFact
from huipai.cases.models import GoodDeed
from huipai.cases.notices import NEWS_FOR
from huipai.cases.telling_deeds import WHY
from huipai.cases.whom import Telling
from huipai.grid import queries as grid
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.words import Role
from huipai.points import queries as points
from huipai.points.models import Posting


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whom an entry about a deed concerns, once however often this runs."""
    entry = Entry.objects.get(pk=entry_id)
    deed = GoodDeed.objects.select_related("node").get(pk=UUID(entry.subject.removeprefix("deed:")))
    if now - entry.happened_at > NEWS_FOR:
        return
    for number, telling in enumerate(_TELLERS[entry.what](entry, deed, now)):
        to = [person_id for person_id in telling.to if person_id != entry.actor_id]
        if to:
            notices.tell(
                person_ids=to, kind=telling.kind, subject=deed.subject, cause=f"entry:{entry.id}:{number}",
                now=entry.happened_at, params=telling.params,
            )  # fmt: skip


def _of_a_new_one(entry: Entry, deed: GoodDeed, now: datetime) -> list[Telling]:
    over = Assignment.objects.attended(now).filter(
        role=Role.COORDINATOR, node__in=[*deed.node.ids_above(), deed.node_id]
    )
    held = over.select_related("person", "deputy").order_by("id")
    return [Telling([one.acting.id for one in held], entry.what, {"deed": str(deed.id)})]


def _of_the_publication(entry: Entry, deed: GoodDeed, now: datetime) -> list[Telling]:
    earned = int(str(entry.facts.get("points", 0)))
    told = [] if deed.doer_id is None else [Telling([deed.doer_id], DONE, {"deed": str(deed.id), "points": earned})]
    if deed.reporter_id != deed.doer_id:
        told.append(Telling([deed.reporter_id], entry.what, {"deed": str(deed.id)}))
    return told


def _of_the_refusal(entry: Entry, deed: GoodDeed, now: datetime) -> list[Telling]:
    params = {"deed": str(deed.id), "reason": str(entry.facts.get("reason", ""))}
    return [Telling([deed.reporter_id], entry.what, params)]


def _of_the_taking_down(entry: Entry, deed: GoodDeed, now: datetime) -> list[Telling]:
    params = {"deed": str(deed.id), "reason": str(entry.facts.get("reason", ""))}
    both = dict.fromkeys(one for one in (deed.reporter_id, deed.doer_id) if one is not None)
    told = [Telling(list(both), entry.what, params)]
    paid = _award_of(deed) if params["reason"] in _PAID_FOR_NOTHING else None
    if paid is not None:
        reviewers = grid.holders(Role.REVIEWER, now).order_by("id").values_list("person_id", flat=True)
        told.append(Telling(list(reviewers), TO_REVERSE, {**params, "posting": str(paid.id)}))
    return told


def _award_of(deed: GoodDeed) -> Posting | None:
    if deed.doer_id is None or not deed.point_item:
        return None
    return points.award_for(item_code=deed.point_item, subject=deed.subject, person_id=deed.doer_id)


# It was not so, or it was paid for where it was told first.
_PAID_FOR_NOTHING = frozenset({DeedReason.UNTRUE, DeedReason.TOLD_ALREADY})
DONE, TO_REVERSE = "deed.told_of_you", "deed.points_to_reverse"
_TELLERS: dict[str, Callable[[Entry, GoodDeed, datetime], list[Telling]]] = {
    DeedFact.REPORTED: _of_a_new_one,
    DeedFact.PUBLISHED: _of_the_publication,
    DeedFact.DECLINED: _of_the_refusal,
    DeedFact.TAKEN_DOWN: _of_the_taking_down,
}
TOLD = tuple(_TELLERS)


# --- In which words.
def _page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:deed", args=[str(params["deed"])])


def _why(params: Mapping[str, object]) -> str | Promise:
    return WHY.get(str(params.get("reason")), "")


def _new(_subject: str, params: Mapping[str, object]) -> Wording:
    page = reverse_lazy("cases:deed_verify", args=[str(params["deed"])])
    return Wording(_("有 1 件好人好事等您核实"), _("先找当事人问一句，再放给邻居看"), page)


def _published(_subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(_("您讲的好人好事，邻居看得到了"), _("社区核实过了，谢谢您讲出来"), _page(params))


def _done(_subject: str, params: Mapping[str, object]) -> Wording:
    earned = int(str(params.get("points", 0)))
    words = ngettext_lazy("记了 %(num)s 分；不想公开，随时可以撤回", "记了 %(num)s 分；不想公开，随时可以撤回", earned)
    text = words % {"num": earned} if earned else _("不想公开，随时可以撤回")
    return Wording(_("您做的好事，邻居看得到了"), text, _page(params))


def _declined(_subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(_("您讲的好人好事这次没有公开"), _why(params), _page(params))


def _taken_down(_subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(_("一件好人好事撤下来了"), _why(params), _page(params))


def _to_reverse(_subject: str, params: Mapping[str, object]) -> Wording:
    """Leads to the posting, where whose it is and for what is read and asked back; notices from before name none."""
    page = reverse_lazy("points:ask_back", args=[str(params["posting"])]) if "posting" in params else ""
    twice = params.get("reason") == DeedReason.TOLD_ALREADY
    text = _("同一件好事讲了两次，请审核员看") if twice else _("后来查明不是这样，请审核员看")
    return Wording(_("有一笔好人好事的积分要退"), text, page)


WORDINGS: dict[str, Writer] = {
    DeedFact.REPORTED: _new,
    DeedFact.PUBLISHED: _published,
    DONE: _done,
    DeedFact.DECLINED: _declined,
    DeedFact.TAKEN_DOWN: _taken_down,
    TO_REVERSE: _to_reverse,
}

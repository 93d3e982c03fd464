"""What people are told of the shop: of their card for the counter, that there is one or that it is good for nothing any
more, each time that something was taken with it or by a helper, and that what waited for them is let go as its station
has closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.shop.models import Reservation
from huipai.shop.telling import what_of
from huipai.shop.words import CalledOffBy, Fact

# A follower that comes to run later than this, after a long standstill, stays silent: the page says how it stands.
NEWS_FOR = timedelta(days=7)
TOLD = (Fact.CARD_ISSUED, Fact.CARD_BLOCKED, Fact.HANDED_OVER, Fact.CANCELLED)


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whose card or points it is, once however often this runs; nobody of what they did themselves."""
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    person_id, params = _OF.get(entry.what, _of_the_card)(entry)
    if person_id is not None and person_id != entry.actor_id:
        notices.tell(
            person_ids=[person_id], kind=entry.what, subject=entry.subject, cause=f"entry:{entry.id}",
            now=entry.happened_at, params=params,
        )  # fmt: skip


def _of_the_card(entry: Entry) -> tuple[UUID | None, dict[str, object]]:
    return _id_in(entry), {}


def _of_the_closing(entry: Entry) -> tuple[UUID | None, dict[str, object]]:
    """Whoever waited at a station that closed; whoever called it off knows."""
    if entry.facts.get("why") != CalledOffBy.STATION_CLOSED:
        return None, {}
    one = Reservation.objects.select_related("item", "station").get(pk=_id_in(entry))
    return one.person_id, {"what": what_of(one), "points": one.points, "station": one.station.name}


def _of_the_taking(entry: Entry) -> tuple[UUID | None, dict[str, object]]:
    """Whoever came with their own code knows; by a card or through a helper, they are told."""
    one = Reservation.objects.select_related("item").get(pk=_id_in(entry))
    was_there = one.asked_by_id == one.person_id and one.reserved_at != one.settled_at
    told = {"what": what_of(one), "points": one.points, "home": one.household_id is not None}
    return None if was_there else one.person_id, told


_OF: dict[str, Callable[[Entry], tuple[UUID | None, dict[str, object]]]] = {
    Fact.HANDED_OVER: _of_the_taking,
    Fact.CANCELLED: _of_the_closing,
}


def _id_in(entry: Entry) -> UUID:
    return UUID(entry.subject.partition(":")[2])


# --- In which words.
_MINE = reverse_lazy("shop:mine")


def _issued(_subject: str, _params: Mapping[str, object]) -> Wording:
    return Wording(_("给您发了一张兑换卡"), _("凭卡能用您的分换东西；不是您要的，点进来马上停用"), _MINE)


def _blocked(_subject: str, _params: Mapping[str, object]) -> Wording:
    return Wording(_("您的兑换卡停用了"), _("分还在；还要用卡，请到驿站或社区再发一张"), _MINE)


def _taken(subject: str, params: Mapping[str, object]) -> Wording:
    words = _("用您家里的分领走了%(what)s") if params.get("home") else _("用您的分领走了%(what)s")
    title = words % {"what": params["what"]}
    text = _("用了 %(points)s 分；不是您让领的，停用兑换卡，再打给社区") % {"points": params["points"]}
    return Wording(title, text, reverse_lazy("shop:reservation", args=[subject.partition(":")[2]]))


def _closed(_subject: str, params: Mapping[str, object]) -> Wording:
    title = _("%(station)s关了，给您留的%(what)s取消了") % {"station": params["station"], "what": params["what"]}
    text = _("%(points)s 分退回给您了；要的话，换一个驿站再订") % {"points": params["points"]}
    return Wording(title, text, reverse_lazy("shop:home"))


WORDINGS: dict[str, Writer] = {
    Fact.CARD_ISSUED: _issued,
    Fact.CARD_BLOCKED: _blocked,
    Fact.HANDED_OVER: _taken,
    Fact.CANCELLED: _closed,
}

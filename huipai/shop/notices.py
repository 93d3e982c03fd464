"""What people are told of the shop: of their card for the counter, that there is one or that it is good for nothing any
more, each time that something was taken with it or by a helper, and that what waited for them is let go: nobody
fetched it in time, another called it off, its station has closed, its goods are gone or unsafe, or whoever asked for it
may not any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.shop.models import Reservation
from huipai.shop.telling import CameBack, came_back, what_of
from huipai.shop.words import CalledOffBy, Fact

# A follower that comes to run later than this, after a long standstill, stays silent: the page says how it stands.
NEWS_FOR = timedelta(days=7)
TOLD = (Fact.CARD_ISSUED, Fact.CARD_BLOCKED, Fact.HANDED_OVER, Fact.CANCELLED, Fact.LAPSED)


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whose card and whose points it is, once however often this runs; nobody of what they did themselves."""
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    people, params = _OF.get(entry.what, _of_the_card)(entry)
    told = [person_id for person_id in people if person_id != entry.actor_id]
    if told:
        notices.tell(
            person_ids=told, kind=entry.what, subject=entry.subject, cause=f"entry:{entry.id}",
            now=entry.happened_at, params=params,
        )  # fmt: skip


def _of_the_card(entry: Entry) -> tuple[list[UUID], dict[str, object]]:
    return [_id_in(entry)], {}


def _of_the_closing(entry: Entry) -> tuple[list[UUID], dict[str, object]]:
    """Whoever waited at a station that closed, or for what somebody asked for who may not any more, or whose it was and
    who asked for it, where another called it off or the goods are gone or unsafe; whoever called it off knows. Who
    moved away with their home knows."""
    why = entry.facts.get("why")
    if why == CalledOffBy.FAMILY_LEFT:
        return [], {}
    one = Reservation.objects.select_related("item", "station").get(pk=_id_in(entry))
    told = {"what": what_of(one), **_came_back(one), "home": one.household_id is not None}
    if why == CalledOffBy.ASKER_MAY_NOT:
        # Of a home's points whoever asked is who may not any more, and learns that it is off; the home reads it there.
        return [one.person_id], {**told, "asker_may_not": True}
    if why is None:
        return _concerned(one), {**told, "by_another": True}
    return _concerned(one), {**told, "station": one.station.name, "why": why}


def _of_the_lapse(entry: Entry) -> tuple[list[UUID], dict[str, object]]:
    """Whose points kept it, and who asked for it."""
    one = Reservation.objects.select_related("item").get(pk=_id_in(entry))
    home = one.household_id is not None
    return _concerned(one), {"what": what_of(one), **_came_back(one), "home": home}


def _came_back(one: Reservation) -> dict[str, int]:
    """In words for all who are told: where another asked for it, without what somebody owed."""
    return asdict(came_back(one, reader_id=one.person_id if one.asked_by_id == one.person_id else None))


def _concerned(one: Reservation) -> list[UUID]:
    return list(dict.fromkeys([one.person_id, one.asked_by_id]))


def _of_the_taking(entry: Entry) -> tuple[list[UUID], dict[str, object]]:
    """Whoever came with their own code knows; by a card or through a helper, they are told. By the card of a helper or
    guardian both are: a card in wrong hands opens the points of others too."""
    one = Reservation.objects.select_related("item").get(pk=_id_in(entry))
    is_by_card, is_for_another = one.reserved_at == one.settled_at, one.asked_by_id != one.person_id
    told = {"what": what_of(one), "points": one.points, "home": one.household_id is not None}
    if is_by_card and is_for_another:
        return [one.person_id, one.asked_by_id], {**told, "by_helper": True}
    return [one.person_id] if is_by_card or is_for_another else [], told


_OF: dict[str, Callable[[Entry], tuple[list[UUID], dict[str, object]]]] = {
    Fact.HANDED_OVER: _of_the_taking,
    Fact.CANCELLED: _of_the_closing,
    Fact.LAPSED: _of_the_lapse,
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
    if params.get("by_helper"):
        words = _("代办的人凭兑换卡领走了%(what)s")
    else:
        words = _("用您家里的分领走了%(what)s") if params.get("home") else _("用您的分领走了%(what)s")
    title = words % {"what": params["what"]}
    text = _("用了 %(points)s 分；不是您让领的，停用兑换卡，再打给社区") % {"points": params["points"]}
    return Wording(title, text, reverse_lazy("shop:reservation", args=[subject.partition(":")[2]]))


def _called_off(subject: str, params: Mapping[str, object]) -> Wording:
    if params.get("by_another"):
        return Wording(_("留的%(what)s有人取消了") % {"what": params["what"]}, _back(params), _MINE)
    if params.get("asker_may_not"):
        return _without_permission(subject, params)
    return _not_to_be_fetched(subject, params)


def _lapsed(_subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(_("留的%(what)s过了日子没领，取消了") % {"what": params["what"]}, _back(params), _MINE)


def _back(params: Mapping[str, object]) -> str:
    """Where the points are now."""
    if params.get("home"):
        return _("分退回那一家了；%(then)s") % {"then": _then(params)}
    words = _("%(how)s，想问打给社区；%(then)s") if params.get("lost") else _("%(how)s；%(then)s")
    return words % {"how": _how(params), "then": _then(params)}


def _how(params: Mapping[str, object]) -> str:
    """What came back; the notices of before did not say what of it paid a debt."""
    return CameBack(**{name: int(str(params.get(name) or 0)) for name in ("points", "lost", "repaid")}).words


def _then(params: Mapping[str, object]) -> str:
    """What one can do: the thing itself is not there again where its goods are gone, or unsafe, or the station is."""
    match params.get("why"):
        case CalledOffBy.STATION_CLOSED:
            return _("还要的话在别的驿站订")
        case CalledOffBy.GOODS_GONE | CalledOffBy.GOODS_UNSAFE:
            return _("可以换别的")
    return _("还要的话再订一次")


def _without_permission(_subject: str, params: Mapping[str, object]) -> Wording:
    title = _("留的%(what)s取消了") % {"what": params["what"]}
    if params.get("home"):
        return Wording(title, _("您现在不能用那一家的分了；分退回那一家了"), _MINE)
    words = _("约的人现在不能替您用分了；%(how)s，要的话再订一次")
    return Wording(title, words % {"how": _how(params)}, reverse_lazy("shop:home"))


def _not_to_be_fetched(_subject: str, params: Mapping[str, object]) -> Wording:
    words = _("%(station)s关了，留的%(what)s取消了")
    if params.get("why") == CalledOffBy.GOODS_GONE:
        words = _("%(station)s没有货了，留的%(what)s取消了，不用去领")
    elif params.get("why") == CalledOffBy.GOODS_UNSAFE:
        words = _("%(station)s留的%(what)s怕不安全，不发了，不用去领")
    title = words % {"station": params["station"], "what": params["what"]}
    return Wording(title, _back(params), reverse_lazy("shop:home"))


WORDINGS: dict[str, Writer] = {
    Fact.CARD_ISSUED: _issued,
    Fact.CARD_BLOCKED: _blocked,
    Fact.HANDED_OVER: _taken,
    Fact.CANCELLED: _called_off,
    Fact.LAPSED: _lapsed,
}

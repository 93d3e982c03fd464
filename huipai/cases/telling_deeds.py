"""A good deed told to whoever told of it, to who did it, and to the coordinator."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from huipai.cases.deed_words import DeedAction, DeedReason
from huipai.cases.models import GoodDeed
from huipai.cases.queries import deeds as queries
from huipai.people.models import Person
from huipai.photos import grants
from huipai.photos.words import Variant

STEPS: dict[str, tuple[str | Promise, str]] = {
    DeedAction.REPORT: (_("收到了，谢谢您讲给大家听"), "heart-handshake"),
    DeedAction.PUBLISH: (_("社区核实了，邻居都看得到"), "circle-check"),
    DeedAction.DECLINE: (_("这次没有公开"), "info-circle"),
    DeedAction.WITHDRAW: (_("本人撤回了"), "arrow-back-up"),
    DeedAction.TAKE_DOWN: (_("撤下了"), "eye-off"),
}
# Why, and what can be done about it.
WHY: dict[str, str | Promise] = {
    DeedReason.NOT_CONFIRMED: _("没有找到能证实的人；有人能证实，请再讲一次"),
    DeedReason.NOT_WISHED: _("当事人不想公开，我们照他的意思"),
    DeedReason.CHILD: _("说的是 14 岁以下的孩子，名字和照片都不公开"),
    DeedReason.DUTY: _("这是他工作职责里的事，我们替您转达谢意"),
    DeedReason.NOT_A_DEED: _("这更像要办的事，请用“拍一张”报给我们"),
    DeedReason.TOLD_ALREADY: _("这件好事已经有人讲过，社区按那一件来办，谢谢您也讲出来"),
    DeedReason.UNTRUE: _("后来查明不是这样"),
}


@dataclass(frozen=True)
class DeedPicture:
    """A photo of a deed as those inside see it: the public copy, and its digest once it is made."""

    id: UUID
    src: str | None
    alt: str
    digest: str


def photos(deed: GoodDeed, viewer: Person, now: datetime) -> list[DeedPicture]:
    return [
        DeedPicture(
            part.photo_id,
            grants.url(part.photo, Variant.PUBLIC, viewer=viewer, now=now) or None,
            deed.title if part.photo.is_ready else part.photo.missing_words,
            part.photo.public_sha256,
        )
        for part in deed.photos.select_related("photo").order_by("position")
    ]


def steps(deed: GoodDeed, viewer: Person) -> list[dict[str, object]]:
    """The steps, newest first, for the macro `timeline`."""
    told: list[dict[str, object]] = []
    for step in queries.steps_of(deed):
        title, icon = STEPS[step.action]
        words = deed.said if step.reason else ""
        said = [{"by": "you" if step.actor_id == viewer.id else "them", "text": words}] if words else []
        text = WHY.get(step.reason, "")
        told.append({"title": title, "at": step.happened_at, "icon": icon, "kind": "done", "text": text, "said": said})
    return list(reversed(told))


@dataclass(frozen=True)
class AnotherTelling:
    """A row of what may be the same deed: as whoever verifies may read it."""

    id: UUID
    href: str
    title: str
    place: str
    told_at: datetime
    state: str
    # What speaks for its being the same.
    why: str
    is_paid: bool


def maybe_one(deed: GoodDeed, doer: Person | None, viewer: Person, now: datetime) -> list[AnotherTelling]:
    """What may be the same deed, the likeliest first."""
    return [
        AnotherTelling(
            one.deed.id,
            reverse("cases:deed_verify", args=[one.deed.id])
            if one.is_looked_after
            else reverse("cases:public", args=[one.deed.code]),
            one.deed.public_title or one.deed.title,
            one.deed.node.name,
            one.deed.reported_at,
            one.deed.get_state_display(),
            _now("同一个人做的") if one.is_same_doer else _now("相距 %(num)s 米") % {"num": round(one.metres)},
            bool(one.deed.point_item),
        )
        for one in queries.maybe_one(deed, doer, viewer, now)
    ]


def addresses(deed_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page of each of these deeds."""
    return {deed_id: reverse("cases:deed", args=[deed_id]) for deed_id in deed_ids}

"""Goods that are gone or unsafe: whoever waits for them is told, before they come in vain or fetch them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person
from huipai.shop import policies, queries
from huipai.shop.commands.settling import call_off
from huipai.shop.commands.stocking import lock_shelves, move, take_away
from huipai.shop.words import CalledOffBy, Reason, Unfetchable
from huipai.stations.models import Station

# Somebody may reserve what a call-off has set free in the moment before it is taken off: they are called off next.
ROUNDS = 3


class ArrivedMeanwhile(Moved):
    code = "shop_arrived_meanwhile"
    default_reason = _("您打开以后这里又来了货，什么都没有取消；看看现在的，要连新来的一起下架再按一次")


def recall(
    *, item_id: UUID, station_id: UUID, why: Unfetchable, actor: Person, now: datetime, seen: int | None = None
) -> int:
    """Call off everything of an item that is kept in a station, each as a whole of its own; the number.

    The points come free and each is told why; nothing of the item is on offer there any more, until it is delivered
    or counted again. What is handed over in this moment stays so. `seen`: how many times goods had come there when
    whoever says so looked; None: nobody did. Refused where more have come since: those are not gone.
    """
    station = Station.objects.select_related("node").filter(pk=station_id).first()
    if station is None:
        raise NotVisible(_("没有找到这个驿站"))
    policies.may_recall(actor, station, now).require()
    _take_off(item_id, station_id, actor, now, seen)
    called_off = 0
    for _round in range(ROUNDS):
        for id in list(queries.kept_of(item_id, station_id).order_by("id").values_list("id", flat=True)):
            called_off += call_off(id, CalledOffBy(why.value), actor=actor, now=now)
            _take_off(item_id, station_id, actor, now)
    return called_off


@transaction.atomic
def _take_off(item_id: UUID, station_id: UUID, actor: Person, now: datetime, seen: int | None = None) -> None:
    """Nothing lies there free any more."""
    shelves = lock_shelves(item_id, station_id)
    if seen not in (None, queries.times_arrived(item_id, station_id)):
        raise ArrivedMeanwhile
    free = sum(shelf.free for shelf in shelves)
    if free:
        take_away(shelves, free)
        move(item_id=item_id, station_id=station_id, quantity=-free, reason=Reason.RECALLED, actor=actor, now=now)

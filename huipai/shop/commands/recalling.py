"""Goods that are gone or unsafe: whoever waits for them is told, before they come in vain or fetch them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.shop import policies, queries
from huipai.shop.commands.settling import call_off
from huipai.shop.commands.stocking import lock_shelves, move, take_away
from huipai.shop.words import CalledOffBy, Reason, Unfetchable
from huipai.stations.models import Station

# Somebody may reserve what a call-off has set free in the moment before it is taken off: they are called off next.
ROUNDS = 3


def recall(*, item_id: UUID, station_id: UUID, why: Unfetchable, actor: Person, now: datetime) -> int:
    """Call off everything of an item that is kept in a station, each as a whole of its own; the number.

    The points come free and each is told why; nothing of the item is on offer there any more, until it is delivered
    or counted again. What is handed over in this moment stays so.
    """
    station = Station.objects.select_related("node").filter(pk=station_id).first()
    if station is None:
        raise NotVisible(_("没有找到这个驿站"))
    policies.may_recall(actor, station, now).require()
    _take_off(item_id, station_id, actor, now)
    called_off = 0
    for _round in range(ROUNDS):
        for id in list(queries.kept_of(item_id, station_id).order_by("id").values_list("id", flat=True)):
            called_off += call_off(id, CalledOffBy(why.value), actor=actor, now=now)
            _take_off(item_id, station_id, actor, now)
    return called_off


@transaction.atomic
def _take_off(item_id: UUID, station_id: UUID, actor: Person, now: datetime) -> None:
    """Nothing lies there free any more."""
    shelves = lock_shelves(item_id, station_id)
    free = sum(shelf.free for shelf in shelves)
    if free:
        take_away(shelves, free)
        move(item_id=item_id, station_id=station_id, quantity=-free, reason=Reason.RECALLED, actor=actor, now=now)

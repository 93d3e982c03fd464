"""Goods that are gone or unsafe: whoever waits for them is told, before they come in vain or fetch them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.shop import policies, queries
from huipai.shop.commands.settling import call_off
from huipai.shop.words import CalledOffBy, Unfetchable
from huipai.stations.models import Station


def recall(*, item_id: UUID, station_id: UUID, why: Unfetchable, actor: Person, now: datetime) -> int:
    """Call off everything of an item that is kept in a station, each as a whole of its own; the number.

    Points and stock come free, each is told why. What is handed over in this moment stays so; again, it is for what
    was reserved meanwhile.
    """
    station = Station.objects.select_related("node").filter(pk=station_id).first()
    if station is None:
        raise NotVisible(_("没有找到这个驿站"))
    policies.may_recall(actor, station, now).require()
    waiting = queries.kept_of(item_id, station_id).order_by("id").values_list("id", flat=True)
    return sum(call_off(id, CalledOffBy(why.value), actor=actor, now=now) for id in list(waiting))

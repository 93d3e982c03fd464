"""Where a report lies: by its position, else by the place that was chosen, else by what its address says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huipai.cases.words import Placed, PositionSource
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Answer, Level
from huipai.kit.coordinates import Point
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid


class OutsideTheStreet(Invalid):
    code = "outside_the_street"
    default_reason = _("位置在本街道以外，请挪到事发地点")


class NoPlace(Invalid):
    code = "no_place"
    default_reason = _("还不知道在哪里：在图上点一下，或者从列表里选一处")


class WhichPlace(Invalid):
    """What was written fits several places, or none; the choices stand beside the map."""

    code = "which_place"
    default_reason = _("光看写的地点，说不准是哪里。从列表里选一处；都不知道，就选“就写地点，让街道来找”")


class NotAPlaceHere(Invalid):
    """A place of another street, one that is gone, or none at all: one sentence."""

    code = "place_gone"
    default_reason = _("选的这个地方现在没有了，重新选一个")


@dataclass(frozen=True)
class Where:
    """What a person says about the place; any of the three may be missing."""

    point: Point | None
    source: PositionSource
    node_id: UUID | None
    address: str


@dataclass(frozen=True)
class Located:
    """Where it stands from now on, and whose it is."""

    point: Point
    source: PositionSource
    node: GridNode
    placed: Placed

    @property
    def waits_for_the_hub(self) -> bool:
        """Nobody in the grid can be asked: not even the micro-grid is known."""
        return self.placed == Placed.GUESSED and self.node.level != Level.MICRO_GRID


def look_over(where: Where) -> None:
    """Refuse what says nothing at all about the place."""
    if where.point is None and where.node_id is None and not as_seen(where.address):
        raise NoPlace(field="place")


def locate(where: Where, now: datetime) -> Located:
    """The place of a report. Refuses a position outside the street, and an address that fits no place or several."""
    if where.point is not None:
        place = grid.locate(where.point, now)
        if place.node is None:
            raise OutsideTheStreet(field="place")
        return Located(where.point, where.source, place.node, _placed(place))
    look_over(where)
    spot = grid.spot_of(where.node_id or _said(where.address, now), now)
    if spot is None:
        raise NotAPlaceHere(field="place")
    placed = _placed(spot.place) if spot.place is not None else Placed.GUESSED
    return Located(spot.point, PositionSource.ADDRESS, spot.node, placed)


def _said(address: str, now: datetime) -> UUID:
    found = grid.at_address(address, now)
    if len(found) != 1:
        raise WhichPlace(field="place")
    return found[0].id


def _placed(place: grid.Place[GridNode]) -> Placed:
    return Placed.BORDER if place.answer == Answer.BORDER else Placed.INSIDE

"""Whose place a point is, in a sentence."""

from datetime import datetime

from django.utils.translation import gettext as _

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Answer, Level
from huipai.kit.coordinates import Point
from huipai.streets.models import Street


def of(point: Point, street: Street, at: datetime) -> tuple[str, str]:
    """The answer's word, and the sentence for whoever moves the pin."""
    place = grid.locate(point, at)
    if place.answer == Answer.OUTSIDE:
        return Answer.OUTSIDE.value, _("位置在%(street)s以外，请挪到事发地点") % {"street": street.name}
    if place.answer == Answer.BORDER:
        words = {"place": _named(place.node)}
        return Answer.BORDER.value, _("正好在网格的边上，先归 %(place)s，网格员会看看归哪边") % words
    return Answer.INSIDE.value, _("归 %(place)s") % {"place": _named(place.node)}


def _named(node: GridNode | None) -> str:
    if node is None:
        return ""
    above = grid.node_over(node, Level.COMMUNITY)
    return f"{above.name}·{node.name}" if above else node.name

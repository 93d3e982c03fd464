"""The rows of the tree against the nodes there are."""

from __future__ import annotations

from datetime import datetime
from math import hypot

from django.utils.translation import gettext as _

from huipai.grid.models import GridNode
from huipai.grid.queries.plan.steps import ChangedNode, NewNode, TreePlan, instant, once
from huipai.grid.words import PARENT_LEVELS, Level
from huipai.kit.coordinates import Crs, Point, metres_per_degree
from huipai.kit.sheets import Row, Rows
from huipai.people.rules import local_date

# Farther than this from the street's middle it is another town, or the wrong numbers.
_FAR_KM = 50


class Nodes:
    """The rows of the tree against the nodes there are."""

    def __init__(self, plan: TreePlan, rows: Rows, known: dict[str, GridNode], middle: Point, at: datetime) -> None:
        self.plan, self.rows, self.known, self.middle = plan, rows, known, middle
        self.taken = sorted(
            once(rows, lambda row: row["code"], "code", _("这个编码在表里出现了两次")),
            key=lambda row: row["level"].rank,
        )
        self.levels = {code: Level(node.level) for code, node in known.items()}
        self.levels |= {row["code"]: row["level"] for row in self.taken if row["code"] not in known}
        # From which day each is there: a child may not be there before its parent.
        self.today = local_date(at)
        self.begins = {row["code"]: row["since"] or self.today for row in self.taken}
        self.begins |= {code: local_date(node.valid_from) for code, node in known.items()}
        self.reserved = self._reserved(at)

    def _reserved(self, at: datetime) -> dict[str, datetime]:
        """From when a code of a new node names another one: one that is planned, or one that was there before."""
        new = {row["code"]: instant(row["since"]) or at for row in self.taken if row["code"] not in self.known}
        others = GridNode.objects.filter(code__in=new).order_by("-valid_from")
        periods = others.values_list("code", "valid_from", "valid_until")
        return {code: begins for code, begins, ends in periods if ends is None or ends > max(begins, new[code])}

    def take(self) -> dict[str, Level]:
        """The level of every code there is or will be."""
        for row in self.taken:
            problem = self._problem(row)
            if problem:
                self.rows.complain(row.number, *problem)
            elif row["code"] in self.known:
                self._compare(row, self.known[row["code"]])
            else:
                self._add(row)
        return self.levels

    def _problem(self, row: Row) -> tuple[str, str] | None:
        level, parent, here = row["level"], row["parent"], self.known.get(row["code"])
        if (row["lng"] is None) != (row["lat"] is None):
            return "lng", _("经度和纬度要一起填")
        if (far := self._kilometres_away(row)) > _FAR_KM:
            words = _("离本街道 %(km)s 千米，可能经纬度写反了，或者选错了坐标系")
            return "lng", words % {"km": far}
        if here is not None and here.level != level:
            return "level", _("这个编码已经是%(level)s") % {"level": here.level_word}
        if here is not None and parent is not None and here.parent is not None and here.parent.code != parent:
            return "parent", _("它现在的上级是 %(code)s，表里不能改上级") % {"code": here.parent.code}
        if here is None and level == Level.STREET and Level.STREET in {self.levels[code] for code in self.known}:
            return "level", _("街道已经有了")
        if here is not None:
            return None
        return self._problem_of_code(row) or self._problem_of_parent(level, parent) or self._problem_of_since(row)

    def _problem_of_code(self, row: Row) -> tuple[str, str] | None:
        begins = self.reserved.get(row["code"])
        if begins is None:
            return None
        words = _("%(day)s 起，这个编码是另一个网格的，时间不能重叠。换一个编码")
        return "code", words % {"day": local_date(begins)}

    def _problem_of_since(self, row: Row) -> tuple[str, str] | None:
        begins = self.begins.get(row["parent"] or "")
        if begins is None or begins <= self.begins[row["code"]]:
            return None
        return "since", _("上级 %(code)s 从 %(day)s 才启用，不能比它早") % {"code": row["parent"], "day": begins}

    def _kilometres_away(self, row: Row) -> int:
        point = _point(row)
        if point is None:
            return 0
        per_lng, per_lat = metres_per_degree(self.middle.lat)
        east, north = (point.lng - self.middle.lng) * per_lng, (point.lat - self.middle.lat) * per_lat
        return round(hypot(east, north) / 1000)

    def _problem_of_parent(self, level: Level, parent: str | None) -> tuple[str, str] | None:
        wanted = PARENT_LEVELS[level]
        if not wanted:
            return ("parent", _("街道没有上级")) if parent else None
        if parent is None:
            return "parent", _("要填上级编码")
        if parent not in self.levels:
            return "parent", _("没有编码是 %(code)s 的网格") % {"code": parent}
        if self.levels[parent] not in wanted:
            words = _("、").join(str(one.label) for one in wanted)
            return "parent", _("%(level)s的上级要是%(wanted)s") % {"level": level.label, "wanted": words}
        return None

    def _compare(self, row: Row, node: GridNode) -> None:
        point = _point(row)
        has_moved = point is not None and point != node.point
        if node.name != row["name"] or has_moved:
            self.plan.changed_nodes.append(ChangedNode(node.code, row["name"], point, row["crs"] or Crs.WGS84))
        else:
            self.plan.unchanged += 1

    def _add(self, row: Row) -> None:
        self.plan.new_nodes.append(
            NewNode(
                level=row["level"],
                code=row["code"],
                name=row["name"],
                parent=row["parent"],
                point=_point(row),
                crs=row["crs"] or Crs.WGS84,
                valid_from=instant(row["since"]),
            )
        )


def _point(row: Row) -> Point | None:
    if row["lng"] is None or row["lat"] is None:
        return None
    return Point.given_in(row["crs"] or Crs.WGS84, row["lng"], row["lat"])

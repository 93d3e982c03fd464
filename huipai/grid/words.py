"""The words of the grid: levels of the tree, kinds of units, and what can happen to them."""

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from huipai.people.words import ADMIN_ROLES, Role


class Level(models.TextChoices):
    """From the sub-district down to the household (街道 to 户), highest first."""

    STREET = "street", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")
    MICRO_GRID = "micro_grid", _("微网格")
    BUILDING = "building", _("楼栋")
    ENTRANCE = "entrance", _("单元")
    HOUSEHOLD = "household", _("户")

    @property
    def rank(self) -> int:
        """0 for the street, 6 for a household."""
        return LEVELS.index(self)


LEVELS: Final = tuple(Level)

# Every grid belongs to a community, never straight to the street. A house without entrances holds households itself.
PARENT_LEVELS: Final[dict[Level, tuple[Level, ...]]] = {
    Level.STREET: (),
    Level.COMMUNITY: (Level.STREET,),
    Level.GRID: (Level.COMMUNITY,),
    Level.MICRO_GRID: (Level.GRID,),
    Level.BUILDING: (Level.MICRO_GRID,),
    Level.ENTRANCE: (Level.BUILDING,),
    Level.HOUSEHOLD: (Level.ENTRANCE, Level.BUILDING),
}
# These are drawn on the map; a building or household has at most a point.
LEVELS_WITH_BOUNDARY: Final = (Level.STREET, Level.COMMUNITY, Level.GRID, Level.MICRO_GRID)


class UnitKind(models.TextChoices):
    PROPERTY = "property", _("物业")
    CITY_MANAGEMENT = "city_management", _("城管")
    POLICE = "police", _("派出所")
    SANITATION = "sanitation", _("环卫")
    GREENERY = "greenery", _("绿化")
    UTILITY = "utility", _("水电气")
    MARKET = "market", _("市场监管")
    DEPARTMENT = "department", _("科室")
    # 兜底: what nobody else takes falls to the territory.
    COMMUNITY = "community", _("社区居委会")
    PARTNER = "partner", _("共建单位")
    OTHER = "other", _("其他单位")


class AbsenceKind(models.TextChoices):
    LEAVE = "leave", _("休假")
    ILLNESS = "illness", _("病假")
    TRAINING = "training", _("培训")
    SECONDMENT = "secondment", _("借调")
    OTHER = "other", _("其他")


class BaseMapKind(models.TextChoices):
    ROAD = "road", _("道路")
    MAIN_ROAD = "main_road", _("主干道")
    WATER = "water", _("水面")
    BLOCK = "block", _("街区")
    PARK = "park", _("绿地")
    BUILDING = "building", _("建筑")
    PLACE = "place", _("地名")


class Answer(models.TextChoices):
    """What `locate` may say."""

    INSIDE = "inside", _("在网格里")
    BORDER = "border", _("在网格边界上")
    OUTSIDE = "outside", _("在街道以外")


class TableKind(models.TextChoices):
    """What an uploaded file holds."""

    BOUNDARIES = "boundaries", _("边界")
    TREE = "tree", _("网格与人员")


# Roles whose scope is a unit; every other role has a node.
UNIT_ROLES: Final = (Role.UNIT_HANDLER, Role.UNIT_LEAD)
# These reach over the whole street.
STREET_ROLES: Final = (*sorted(ADMIN_ROLES), Role.DISPATCHER, Role.LEADER)
# A coordinator may give these in his own community.
COMMUNITY_ROLES: Final = (Role.GRID_WORKER, Role.PART_TIME_MEMBER, Role.CHECKER, Role.STATION_HOST)


class Fact(models.TextChoices):
    """What the grid tells the journal."""

    STREET_OPENED = "street.opened"
    STREET_DESCRIBED = "street.described"
    NODE_CREATED = "node.created"
    NODE_RENAMED = "node.renamed"
    NODE_CLOSED = "node.closed"
    NODE_KEPT = "node.kept"
    NODE_SPLIT = "node.split"
    SPLIT_WITHDRAWN = "node.split_withdrawn"
    NODE_MOVED = "node.moved"
    NODE_DRAWN = "node.drawn"
    TREE_IMPORTED = "tree.imported"
    BOUNDARIES_IMPORTED = "boundaries.imported"
    BASE_MAP_REPLACED = "base_map.replaced"
    UNIT_CREATED = "unit.created"
    UNIT_RENAMED = "unit.renamed"
    UNIT_CLOSED = "unit.closed"
    ASSIGNMENT_BEGAN = "assignment.began"
    ASSIGNMENT_ENDED = "assignment.ended"
    ASSIGNMENT_HANDED_OVER = "assignment.handed_over"
    DEPUTY_NAMED = "deputy.named"
    ABSENCE_PLANNED = "absence.planned"
    ABSENCE_BEGAN = "absence.began"
    ABSENCE_ENDED = "absence.ended"
    RESIDENCE_BEGAN = "residence.began"
    RESIDENCE_ENDED = "residence.ended"
    RESIDENCE_DISPUTED = "residence.disputed"
    DISPUTE_ANSWERED = "residence.dispute_answered"
    FAMILY_BEGAN = "family.began"


# Who left a home, answers for a child no more or helps no more is no stranger sooner: neither checks nor judges.
TIES_LAST: Final = timedelta(days=90)
# How long somebody may say that they live still where they were struck off.
DISPUTE_WITHIN: Final = timedelta(days=30)
# Under this name the street's notes keep the tree that this request or job goes by.
TREE_NOTE: Final = "grid.tree"

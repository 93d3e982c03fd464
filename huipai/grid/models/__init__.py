"""The nouns of the grid: the tree, the units, who is responsible where and when, who lives where."""

from huipai.grid.models.maps import BaseMapLayer, Upload
from huipai.grid.models.people import Absence, Assignment, AssignmentQuerySet, Dispute, Family, Residence
from huipai.grid.models.tree import GridNode, GridNodeQuerySet, TreeVersion, Unit

__all__ = [
    "Absence",
    "Assignment",
    "AssignmentQuerySet",
    "BaseMapLayer",
    "Dispute",
    "Family",
    "GridNode",
    "GridNodeQuerySet",
    "Residence",
    "TreeVersion",
    "Unit",
    "Upload",
]

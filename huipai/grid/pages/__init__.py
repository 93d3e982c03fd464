"""The desk of the grid: the tree, who is responsible, imports."""

from huipai.grid.pages.absences import absences, back
from huipai.grid.pages.duty import assign_node, assign_unit, assignment, assignments, ending, handing_over, naming
from huipai.grid.pages.imports import apply, check_again, imports, preview, template, upload_boundaries, upload_tree
from huipai.grid.pages.street import street
from huipai.grid.pages.tree import child, closing, home, node, renaming, splitting
from huipai.grid.pages.units import closing_unit, new_unit, renaming_unit, unit, units

__all__ = [
    "absences",
    "apply",
    "assign_node",
    "assign_unit",
    "assignment",
    "assignments",
    "back",
    "check_again",
    "child",
    "closing",
    "closing_unit",
    "ending",
    "handing_over",
    "home",
    "imports",
    "naming",
    "new_unit",
    "node",
    "preview",
    "renaming",
    "renaming_unit",
    "splitting",
    "street",
    "template",
    "unit",
    "units",
    "upload_boundaries",
    "upload_tree",
]

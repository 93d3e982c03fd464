"""The desk of the grid: the tree, who is responsible, imports."""

from huipai.grid.pages.absences import absences, back
from huipai.grid.pages.access import put_password, require_password, take_off_second_factor, unlock
from huipai.grid.pages.duty import assign_node, assign_unit, assignment, assignments, ending, handing_over, naming
from huipai.grid.pages.imports import apply, check_again, imports, preview, template, upload_boundaries, upload_tree
from huipai.grid.pages.staff import assign_person, colleague, let_go, new_colleague, staff
from huipai.grid.pages.street import street
from huipai.grid.pages.texts import text, texts
from huipai.grid.pages.tree import child, closing, home, keeping, node, renaming, splitting
from huipai.grid.pages.units import closing_unit, new_unit, renaming_unit, unit, units

__all__ = [
    "absences",
    "apply",
    "assign_node",
    "assign_person",
    "assign_unit",
    "assignment",
    "assignments",
    "back",
    "check_again",
    "child",
    "closing",
    "closing_unit",
    "colleague",
    "ending",
    "handing_over",
    "home",
    "imports",
    "keeping",
    "let_go",
    "naming",
    "new_colleague",
    "new_unit",
    "node",
    "preview",
    "put_password",
    "renaming",
    "renaming_unit",
    "require_password",
    "splitting",
    "staff",
    "street",
    "take_off_second_factor",
    "template",
    "text",
    "texts",
    "unit",
    "units",
    "unlock",
    "upload_boundaries",
    "upload_tree",
]

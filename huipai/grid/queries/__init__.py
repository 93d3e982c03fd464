"""What may be asked of the grid."""

from huipai.grid.queries.locate import finder, locate
from huipai.grid.queries.responsibility import (
    acting_at,
    has_role,
    holders,
    is_away,
    nodes_of,
    responsible_at,
    roles_of,
    units_of,
)
from huipai.grid.queries.tree import (
    ancestors,
    by_code,
    household_of,
    housemates_of,
    node_over,
    root,
    same_household,
    search,
    subtree,
    subtree_ids,
    units_in_force,
    visible_to,
)
from huipai.grid.rules.finding import Place
from huipai.grid.words import Answer

__all__ = [
    "Answer",
    "Place",
    "acting_at",
    "ancestors",
    "by_code",
    "finder",
    "has_role",
    "holders",
    "household_of",
    "housemates_of",
    "is_away",
    "locate",
    "node_over",
    "nodes_of",
    "responsible_at",
    "roles_of",
    "root",
    "same_household",
    "search",
    "subtree",
    "subtree_ids",
    "units_in_force",
    "units_of",
    "visible_to",
]

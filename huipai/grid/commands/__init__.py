"""What can happen to the grid. `actor` None is the system itself: the command line, the demo, a job."""

from huipai.grid.commands.access import (
    publish_text,
    put_password,
    require_password,
    take_off_second_factor,
    unlock,
)
from huipai.grid.commands.boundaries import apply_boundaries
from huipai.grid.commands.disputes import dispute_end, hold_to_end
from huipai.grid.commands.duty import (
    assign,
    end_absence,
    end_assignment,
    hand_over,
    leave_posts,
    name_deputy,
    record_absence,
)
from huipai.grid.commands.homes import join_home, leave_for_good, move_in, move_out, take_over_home, tidy_home
from huipai.grid.commands.maps import replace_base_map
from huipai.grid.commands.splitting import Part, split_micro_grid, withdraw_split
from huipai.grid.commands.staff import let_go, take_on
from huipai.grid.commands.streets import Particulars, describe_street, open_street
from huipai.grid.commands.tables import apply_tree
from huipai.grid.commands.time import take_effect
from huipai.grid.commands.tree import close_node, create_node, keep_node, rename_node
from huipai.grid.commands.units import close_unit, create_unit, rename_unit
from huipai.grid.commands.uploads import forget_uploads, keep_upload

__all__ = [
    "Part",
    "Particulars",
    "apply_boundaries",
    "apply_tree",
    "assign",
    "close_node",
    "close_unit",
    "create_node",
    "create_unit",
    "describe_street",
    "dispute_end",
    "end_absence",
    "end_assignment",
    "forget_uploads",
    "hand_over",
    "hold_to_end",
    "join_home",
    "keep_node",
    "keep_upload",
    "leave_for_good",
    "leave_posts",
    "let_go",
    "move_in",
    "move_out",
    "name_deputy",
    "open_street",
    "publish_text",
    "put_password",
    "record_absence",
    "rename_node",
    "rename_unit",
    "replace_base_map",
    "require_password",
    "split_micro_grid",
    "take_effect",
    "take_off_second_factor",
    "take_on",
    "take_over_home",
    "tidy_home",
    "unlock",
    "withdraw_split",
]

"""Points by the clock; each part of the package adds its file."""

from huipai.points.jobs.claiming import (
    check_claim,
    let_go,
    look_at_claims,
    post,
    read_claim,
    take_effect,
    tell,
    tell_of_correction,
    tell_of_family,
)
from huipai.points.jobs.forgetting import forget, forget_left_behind
from huipai.points.jobs.holding import lapse_all_holds, lapse_holds
from huipai.points.jobs.lapsing import expire, expire_all
from huipai.points.jobs.last_resort import tell_all_of_left, tell_of_left
from huipai.points.jobs.trying import dry_run
from huipai.points.jobs.warning import announce_closing, warn, warn_all

__all__ = [
    "announce_closing",
    "check_claim",
    "dry_run",
    "expire",
    "expire_all",
    "forget",
    "forget_left_behind",
    "lapse_all_holds",
    "lapse_holds",
    "let_go",
    "look_at_claims",
    "post",
    "read_claim",
    "take_effect",
    "tell",
    "tell_all_of_left",
    "tell_of_correction",
    "tell_of_family",
    "tell_of_left",
    "warn",
    "warn_all",
]

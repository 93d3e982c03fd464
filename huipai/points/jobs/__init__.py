"""Points by the clock; each part of the package adds its file."""

from huipai.points.jobs.holding import lapse_all_holds, lapse_holds
from huipai.points.jobs.lapsing import expire, expire_all

__all__ = ["expire", "expire_all", "lapse_all_holds", "lapse_holds"]

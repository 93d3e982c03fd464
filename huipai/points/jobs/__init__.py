"""Points by the clock; each part of the package adds its file."""

from huipai.points.jobs.lapsing import expire, expire_all

__all__ = ["expire", "expire_all"]

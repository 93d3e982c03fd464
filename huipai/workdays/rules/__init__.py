"""Which days are worked, and the arithmetic on them. Nothing here touches the database or the time of day."""

from huipai.workdays.rules.clocks import Calendar, due_at, elapsed
from huipai.workdays.rules.tables import changed, check, composed, digest

__all__ = ["Calendar", "changed", "check", "composed", "digest", "due_at", "elapsed"]

"""What is decided about stations without a database: when they are open, and whether a code is theirs."""

from huipai.stations.rules.hours import SHANGHAI, Opening, Span, clock_of, is_sound, opening
from huipai.stations.rules.onsite import OnSite, code_at, is_fresh, read_code

__all__ = [
    "SHANGHAI",
    "OnSite",
    "Opening",
    "Span",
    "clock_of",
    "code_at",
    "is_fresh",
    "is_sound",
    "opening",
    "read_code",
]

"""Calendars are only ever added to."""

from huipai.streets.operations import append_only

GUARDS = [
    append_only("workdays_calendaryear"),
    append_only("workdays_specialday"),
]

"""The only place that reads the time of day. Doors call it; below them `now` is a parameter."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return timezone.now()

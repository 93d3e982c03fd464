"""Which street is meant."""

from time import monotonic

from django.conf import settings

from huipai.streets.models import Street

# Every request asks, and the answer changes once in years: streets found are kept for a few seconds in the process.
_kept: dict[str, tuple[float, Street]] = {}


def by_slug(slug: str) -> Street | None:
    """The street whose pages stand under `/s/<slug>/`; shared by all requests, so read it and do not change it."""
    now = monotonic()
    until, street = _kept.get(slug, (0.0, None))
    if street is not None and now < until:
        return street
    found = Street.objects.filter(slug=slug).first()
    if found is not None and settings.STREET_KEPT_SECONDS:
        _kept[slug] = (now + settings.STREET_KEPT_SECONDS, found)
    return found


def forget() -> None:
    """Look again in this process; the others do so within `STREET_KEPT_SECONDS`."""
    _kept.clear()

"""Which street is meant."""

from huipai.streets.models import Street


def by_slug(slug: str) -> Street | None:
    """The street whose pages stand under `/s/<slug>/`."""
    return Street.objects.filter(slug=slug).first()

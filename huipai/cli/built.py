"""What the front end and the texts are compiled to: without it no page can be shown."""

from collections.abc import Iterator
from pathlib import Path

from huipai.cli.words import Trouble


def missing(project: Path) -> Iterator[str]:
    """A sentence for each that is not there, with what makes it."""
    if not (project / "huipai/web/static/web/manifest.json").exists():
        yield "The front end is not built: run 'make install'."
    sources = sorted((project / "locale").rglob("*.po"))
    if any(not source.with_suffix(".mo").exists() for source in sources):
        yield "The texts are not compiled: run 'make install'."


def require_whole(project: Path) -> None:
    """Refuses to show people a site whose pages would all fail."""
    for sentence in missing(project):
        raise Trouble(sentence)

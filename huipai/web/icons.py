"""The drawings of our icons, put into the page itself: no icon font, no second request, no foreign host.

`icons.json` is made by `npm run icons` from the names in `frontend/icons.txt`; `art/` holds our own drawings.
"""

import json
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup, escape

_HERE = Path(__file__).parent


@cache
def _drawings() -> dict[str, str]:
    drawings: dict[str, str] = json.loads((_HERE / "icons.json").read_text())
    return drawings


@cache
def _art(name: str) -> str:
    svg = (_HERE / "art" / f"{name}.svg").read_text()
    return svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")].strip()


@cache
def _view_box(name: str) -> str:
    svg = (_HERE / "art" / f"{name}.svg").read_text()
    return svg.split('viewBox="', 1)[1].split('"', 1)[0]


def names() -> frozenset[str]:
    """Every icon that a page may ask for."""
    return frozenset(_drawings())


def _spoken(label: str | None) -> Markup:
    return Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')


@lru_cache(maxsize=4096)
def icon(name: str, label: str | None = None, cls: str = "") -> Markup:
    """The icon `name` as inline SVG; silent to a screen reader unless it has a `label`. Refuses an unknown name."""
    shapes = _drawings().get(name)
    if shapes is None:
        raise LookupError(f"no icon {name!r}: add it to frontend/icons.txt and run `npm run icons`")
    paint = (
        'fill="currentColor"'
        if name.endswith("-filled")
        else 'fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
    )
    return Markup(f'<svg class="i {escape(cls)}" viewBox="0 0 24 24" {paint} {_spoken(label)}>{shapes}</svg>')


def art(name: str, cls: str = "", label: str | None = None) -> Markup:
    """One of our own drawings (the logo, the three ports, the small scenes) as inline SVG."""
    return Markup(f'<svg class="{escape(cls)}" viewBox="{_view_box(name)}" {_spoken(label)}>{_art(name)}</svg>')

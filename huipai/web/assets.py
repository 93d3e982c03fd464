"""Addresses of what the front end built: `asset("report.ts")` is the hashed file that Vite made of it."""

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.templatetags.static import static
from markupsafe import Markup

BUILT = Path(__file__).parent / "static" / "web"
SOURCES = (
    "main.ts",
    "theme.css",
    "before_after.ts",
    "claim.ts",
    "codes.ts",
    "deed.ts",
    "guess.ts",
    "here.ts",
    "keep_today.ts",
    "map.ts",
    "near.ts",
    "report.ts",
    "rounds.ts",
    "scan.ts",
    "shoot.ts",
    "spot.ts",
    "today.ts",
    "wall.ts",
    "workbench.ts",
)


class Chunk(TypedDict, total=False):
    file: str
    css: list[str]
    imports: list[str]
    dynamicImports: list[str]


class NotBuilt(RuntimeError):
    """The front end has not been built; the message says how."""


@cache
def manifest() -> dict[str, Chunk]:
    """What was built, as it was when this process first asked: its files are served by a list made at that time too.

    A new build is shown by the processes that start after it; what the one before made stays for those that do not.
    """
    file = BUILT / "manifest.json"
    if file.exists():
        chunks: dict[str, Chunk] = json.loads(file.read_text())
        return chunks
    if settings.MODE == "test":  # pages can be tested without Node; browser tests build first
        return {name: {"file": name} for name in SOURCES}
    raise NotBuilt("The front end is not built: run `make install`.")


@cache
def worker_code() -> str:
    """The service worker of the same build; its list of files is that of `manifest`."""
    return (BUILT / "sw.js").read_text()


@lru_cache(maxsize=512)
def asset(name: str) -> str:
    """The address of the built form of `frontend/src/<name>`."""
    return static(f"web/{manifest()[name]['file']}")


def chunks_of(name: str) -> list[Chunk]:
    """The built form of `name` and all that it loads at once, each once."""
    built, waiting, seen = manifest(), [name], []
    while waiting:
        key = waiting.pop()
        if built[key] not in seen:
            seen.append(built[key])
            waiting.extend(built[key].get("imports", []))
    return seen


@lru_cache(maxsize=512)
def island(name: str) -> Markup:
    """The tags that load one island with its own styles; put them in the block `scripts` of the page that shows it."""
    styles = [css for chunk in chunks_of(name) for css in chunk.get("css", [])]
    tags = [Markup('<link rel="stylesheet" href="{}">').format(static(f"web/{css}")) for css in styles]
    tags.append(Markup('<script type="module" src="{}"></script>').format(asset(name)))
    return Markup("\n").join(tags)


# The islands of the pages that the service worker puts up where there is no network.
_WITHOUT_A_NETWORK = (
    "main.ts", "report.ts", "good_deed.ts", "claim.ts", "deed.ts", "find.ts", "addition.ts", "guess.ts", "rounds.ts",
    "codes.ts",
)  # fmt: skip
# What the form shows only where there is a network: the map.
_NEEDS_A_NETWORK = ("basemap",)


def shell_files() -> list[str]:
    """What the service worker keeps: the files of every page, and of what works without a network."""
    kept = [chunk["file"] for name in _WITHOUT_A_NETWORK for chunk in _with_what_comes_later(name)]
    return [asset("theme.css"), *(static(f"web/{file}") for file in dict.fromkeys(kept))]


def _with_what_comes_later(name: str) -> list[Chunk]:
    """The built form of `name` with everything that it may ask for afterwards, but the map."""
    found: list[Chunk] = []
    for chunk in chunks_of(name):
        later = [key for key in chunk.get("dynamicImports", []) if not any(word in key for word in _NEEDS_A_NETWORK)]
        found += [chunk, *(one for key in later for one in chunks_of(key))]
    return found

"""Looking at a page as its readers do: with axe, with a ruler, and by the weight of what it sends."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "huipai" / "web" / "static" / "web"

WIDTHS = {360: 780, 768: 1024, 1440: 900}
MODES = ("normal", "dark", "elder")

_AXE_RULES = (
    "{runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, "
    "resultTypes: ['violations']}"
)

# What stays at the lower edge while the page moves under it.
_UNPIN = """() => {
  for (const bar of document.querySelectorAll('.dockbar, section.sticky.bottom-0, .shoot-pill, .rail'))
    if (!bar.matches('.shoot-pill') || getComputedStyle(bar).position === 'sticky') bar.style.position = 'static';
}"""
_PIN = """() => {
  const bars = document.querySelectorAll('.dockbar, section.sticky.bottom-0, .shoot-pill, .rail');
  for (const bar of bars) bar.style.position = '';
}"""

# The footer as a thumb and as a keyboard reach it, with the dock where it is: the middle of each link is its own.
_COVERED = """() => {
  const found = [];
  const own = (one) => {
    const box = one.getBoundingClientRect();
    const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return one === there || one.contains(there);
  };
  const links = [...document.querySelectorAll('.sitefoot a')].filter((one) => one.checkVisibility());
  window.scrollTo(0, document.documentElement.scrollHeight);
  for (const one of links) if (!own(one)) found.push(`covered at the page's end: ${one.outerHTML.slice(0, 90)}`);
  window.scrollTo(0, 0);
  for (const one of links) {
    one.focus();
    if (!own(one)) found.push(`covered while it has the focus: ${one.outerHTML.slice(0, 90)}`);
  }
  document.activeElement?.blur();
  window.scrollTo(0, 0);
  return found;
}"""

# The box of what one presses: a control inside its label is pressed through the label. Links within a line of text
# are exempt, as in WCAG 2.5.8.
_TARGETS = """(least) => {
  const found = [];
  for (const one of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (one.closest('.maplibregl-map') || one.classList.contains('skip')) continue;
    // What lies in closed details has a box, though nobody can press it.
    if (!one.checkVisibility()) continue;
    const pressed = one.closest('label') ?? one;
    const box = pressed.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || getComputedStyle(one).visibility === 'hidden') continue;
    if (one.tagName === 'A' && getComputedStyle(one).display === 'inline') continue;
    if (box.height < least - 0.5 || box.width < Math.min(least, 44) - 0.5)
      found.push(`${one.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`);
  }
  return found;
}"""

# Fields whose box leaves less than a line for what stands in them: the feet of the signs are cut.
_CUT = """() => [...document.querySelectorAll('select, input:not([type=hidden])')]
  .filter((one) => one.checkVisibility() && one.matches('.inp') && one.clientHeight > 0)
  .filter((one) => {
    const style = getComputedStyle(one);
    const room = one.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    return room < 1.2 * parseFloat(style.fontSize);
  })
  .map((one) => `cut: ${one.outerHTML.slice(0, 90)}`)"""


@dataclass
class Look:
    """A page in one mode, and what its browser complained of."""

    page: Page
    mode: str
    problems: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.page.goto(address, wait_until="domcontentloaded")
        self.page.wait_for_load_state("load")

    def widen(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": WIDTHS.get(width, 780)})
        # What is measured before the next frame has been drawn is the old layout squeezed.
        self.page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


@contextmanager
def looking(browser: Browser, base: str, mode: str, cookies: dict[str, str] | None = None) -> Iterator[Look]:
    """A fresh context in this mode; errors of the console and requests to other hosts are its problems."""
    context = browser.new_context(
        viewport={"width": 360, "height": 780},
        color_scheme="dark" if mode == "dark" else "light",
        locale="zh-CN",
        reduced_motion="reduce",
        service_workers="block",
    )
    jar = {**(cookies or {}), **({"elder": "1"} if mode == "elder" else {})}
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in jar.items()])
    look = Look(context.new_page(), mode)
    look.page.on("console", lambda said: look.problems.append(said.text) if said.type == "error" else None)
    look.page.on("pageerror", lambda error: look.problems.append(str(error)))
    look.page.on(
        "request",
        lambda call: look.problems.append(call.url) if not call.url.startswith((base, "blob:", "data:")) else None,
    )
    try:
        yield look
    finally:
        context.close()


def photograph(page: Page, path: Path, *, full_page: bool = False) -> None:
    """A picture of the page lies there. It is for people: where Chromium could not take it at that moment, as happens
    when its process for graphics has just begun anew, it is taken once more."""
    try:
        page.screenshot(path=path, full_page=full_page)
    except Error as error:
        if "Unable to capture screenshot" not in error.message:
            raise
        page.screenshot(path=path, full_page=full_page)


def faults(
    browser: Browser, base: str, path: str, cookies: dict[str, str] | None = None, *, but: str = "", least: int = 44
) -> list[str]:
    """Everything wrong with a page at three widths, as everybody, in the dark and as an elder sees it."""
    return faults_of(browser, base, [path], cookies, but=but, least=least)


def faults_of(
    browser: Browser,
    base: str,
    paths: Sequence[str],
    cookies: dict[str, str] | None = None,
    *,
    but: str = "",
    least: int = 44,
    at_a_desk: int | None = None,
) -> list[str]:
    """What `faults` finds in several pages; one context a mode serves all of them.

    `least` is the height of a target in pixels; a desk, which is worked at with a mouse, asks for 30. `at_a_desk`
    stands in for it at the width of a desk only.
    """
    found: list[str] = []
    for mode in MODES:
        with looking(browser, base, mode, cookies) as look:
            for path in paths:
                look.open(base + path)
                for width in WIDTHS if mode != "dark" else [360]:
                    look.widen(width)
                    asked = least if at_a_desk is None or width < max(WIDTHS) else at_a_desk
                    wrong = axe(look.page) + too_small(look.page, 60 if mode == "elder" else asked)
                    wrong += look.page.evaluate(_CUT)
                    wrong += ["can be pushed sideways"] * (sideways(look.page) > 0)
                    found += [f"{path} at {width} px, {mode}: {line}" for line in wrong]
                found += [f"{path}, {mode}: {said}" for said in look.problems if not but or but not in said]
                look.problems.clear()
    return found


def axe(page: Page) -> list[str]:
    """What axe finds: rule and place, one line each.

    The dock, the rail, the bar of decisions and the button that floats above the dock are unpinned first: what happens
    to lie half under them is there whole after a push of the thumb.
    """
    page.evaluate(_UNPIN)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    # What passed is as long as the page itself: it is not described, and stays in the browser.
    breaches: list[dict[str, Any]] = page.evaluate(f"async () => (await axe.run(document, {_AXE_RULES})).violations")
    page.evaluate(_PIN)
    return [f"{breach['id']}: {node['target']} {node['html'][:120]}" for breach in breaches for node in breach["nodes"]]


def covered_in(browser: Browser, base: str, paths: Sequence[str], cookies: dict[str, str]) -> list[str]:
    """Links of the footer that lie under what stays at the edge, where nobody can push them out from under it."""
    found: list[str] = []
    with looking(browser, base, "normal", cookies) as look:
        for path in paths:
            look.open(base + path)
            for width in WIDTHS:
                look.widen(width)
                found += [f"{path} at {width} px: {line}" for line in look.page.evaluate(_COVERED)]
    return found


def too_small(page: Page, least: int) -> list[str]:
    """Targets lower than `least` pixels."""
    small: list[str] = page.evaluate(_TARGETS, least)
    return small


def sideways(page: Page) -> int:
    """By how many pixels the page can be pushed sideways."""
    width: int = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def weight_of(html: str) -> int:
    """Compressed bytes of a page before any island: itself, the style sheet and the script of every page."""
    manifest = json.loads((BUILT / "manifest.json").read_text())
    shared = [manifest[name]["file"] for name in ("theme.css", "main.ts")]
    assert all(name in html for name in shared)
    return len(gzip.compress(html.encode())) + sum((BUILT / f"{name}.gz").stat().st_size for name in shared)


def island_weight(name: str) -> int:
    """Compressed bytes of an island with everything that it loads, its own styles too."""
    manifest = json.loads((BUILT / "manifest.json").read_text())
    waiting, seen, total = [name], set(), 0
    while waiting:
        chunk = manifest[waiting.pop()]
        for file in [chunk["file"], *chunk.get("css", [])]:
            if file not in seen:
                seen.add(file)
                total += (BUILT / f"{file}.gz").stat().st_size
        waiting += chunk.get("imports", []) + chunk.get("dynamicImports", [])
    if any("/basemap-" in file for file in seen):  # the map's worker is asked for by the map itself
        workers = BUILT.glob("assets/maplibre-gl-worker-*.js.gz")  # those of the builds before lie there as well
        total += max(workers, key=lambda path: path.stat().st_mtime).stat().st_size
    return total


def at_once(name: str) -> list[str]:
    """The files that an island loads before anything is asked for."""
    manifest = json.loads((BUILT / "manifest.json").read_text())
    chunk = manifest[name]
    return [chunk["file"], *(file for key in chunk.get("imports", []) for file in at_once(key))]


def foreign_hosts(text: str) -> set[str]:
    """Hosts named in an address that a browser would fetch by itself."""
    return set(re.findall(r"(?:src|url|import|fetch)\s*[=(]\s*[\"'`]?https?://([\w.-]+)", text))

"""Somebody who goes through the pages link by link, and remembers what each page showed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

_IN_STREET = re.compile(r"^/s/[a-z0-9-]+(?P<rest>/.*)$")
_SKIPPED = ("script", "style", "svg", "template")
_PER_PAGE = 1


@dataclass
class Form:
    """What a page asks for: where it is sent, and what each field holds."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    # What somebody writes into by hand, and of that what no page shows again.
    typed: set[str] = field(default_factory=set)
    secret: set[str] = field(default_factory=set)


class Reading(HTMLParser):
    """Links, forms and what can be read on a page; what is marked as data is kept apart."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.texts: list[str] = []
        self._by_id: dict[str, Form] = {}
        self._open: list[str] = []
        self._form: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append(tag)
        if tag == "a" and named.get("href"):
            self.links.append(named["href"])
        if tag == "form":
            self._form = Form(named.get("action", ""), named.get("method", "get").lower())
            self.forms.append(self._form)
            self._by_id[named.get("id", "")] = self._form
        if tag in {"input", "textarea", "select", "button"} and named.get("name"):
            form = self._by_id.get(named["form"]) if "form" in named else self._form
            if form is not None:
                form.fields.append((named["name"], named.get("value", "")))
                if tag == "textarea" or (tag == "input" and named.get("type", "text") in _WRITTEN):
                    form.typed.add(named["name"])
                if named.get("type") == "password" or named.get("autocomplete") == "one-time-code":
                    form.secret.add(named["name"])
        self.texts += [named[name] for name in ("aria-label", "alt", "title", "placeholder") if named.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in _SKIPPED for tag in self._open):
            self.texts.append(" ".join(data.split()))


_WRITTEN = {"text", "search", "tel", "number", "email", "password"}
_VOID = {"input", "img", "br", "meta", "link", "hr", "path", "circle", "rect", "use", "source", "wbr", "col", "area"}


@dataclass
class Page:
    """One page as somebody saw it."""

    address: str
    name: str
    came_from: str
    status: int
    reading: Reading | None
    trouble: str = ""

    def __str__(self) -> str:
        return f"{self.status} {self.address} (from {self.came_from}) {self.trouble}"


@dataclass
class Walk:
    """From one address along every link, once to each kind of page."""

    client: Client
    start: str
    seen: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        ways: list[tuple[str, str]] = [("nowhere", self.start)]
        known: set[str] = set()
        often: Counter[tuple[str, ...]] = Counter()
        while ways:
            came_from, address = ways.pop(0)
            kind = _kind(address)
            if address in known or often[kind] >= _PER_PAGE:
                continue
            known.add(address)
            often[kind] += 1
            page = self._look(came_from, address, kind[0])
            self.seen.append(page)
            ways += [(address, onward) for onward in _onward(page)]

    def _look(self, came_from: str, address: str, name: str) -> Page:
        # A page that fails leaves the others what they need.
        with transaction.atomic():
            answer = self.client.get(address, follow=True)
            transaction.set_rollback(answer.status_code >= 500)
        trouble = repr(answer.exc_info[1]) if getattr(answer, "exc_info", None) else ""
        reading = reading_of(answer)
        if answer.streaming:
            b"".join(answer.streaming_content)  # read to its end, a file is closed
        return Page(address, name, came_from, answer.status_code, reading, trouble)

    @property
    def names(self) -> set[str]:
        return {page.name for page in self.seen if page.status == 200}

    def dead_ends(self) -> list[str]:
        return [str(page) for page in self.seen if page.status != 200]


def reading_of(answer: HttpResponse) -> Reading | None:
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return Reading(answer.content.decode()) if is_page else None


def _onward(page: Page) -> Iterator[str]:
    if page.reading is None or page.status != 200:
        return
    for href in page.reading.links:
        parts = urlsplit(urljoin(page.address, href))
        if not parts.scheme and not parts.netloc and parts.path:
            yield parts._replace(fragment="").geturl()


def _kind(address: str) -> tuple[str, ...]:
    """Which page it is, and which questions are put to it."""
    parts = urlsplit(address)
    within = _IN_STREET.match(parts.path)
    try:
        found = resolve(within["rest"], "huipai.config.street_urls") if within else resolve(parts.path)
    except Resolver404:
        return (parts.path,)
    return (found.view_name, *sorted(name for name, _value in parse_qsl(parts.query)))

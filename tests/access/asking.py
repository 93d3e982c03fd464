"""Every address of the product, asked by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, set_urlconf

from huipai.people.models import Account, Person
from tests.access.town import STRANGER, VISITOR, Access

STREETS, SITE = "huipai.config.street_urls", "huipai.config.urls"
# Where an argument means something else than by its name alone.
MEANT: dict[str, dict[str, str]] = {
    "cases:slip": {"report_id": "slip"},
    "cases:at_counter_slip": {"report_id": "slip"},
    "cases:at_counter_deed": {"report_id": "slip"},
    "cases:community_feed": {"code": "community"},
    "cases:type": {"code": "type"},
    "cases:change_type": {"code": "type"},
    "cases:retire_type": {"code": "type"},
    "cases:wall_display": {"token": "wall"},
    "cases:wall_display_heaps": {"token": "wall"},
    "cases:export_ask": {"kind": "table"},
    "cases:hold_claim": {"claim_id": "sent_claim"},
    "points:port": {"port": "port"},
    "points:claim_item": {"code": "item"},
    "points:on_site": {"code": "nonsense"},
    "rulebook:item": {"code": "item"},
    "rulebook:edit_item": {"code": "item"},
    "rulebook:strike_item": {"code": "item"},
    "rulebook:restore_item": {"code": "item"},
    "people:counter_person": {"person_id": "resident"},
    "people:counter_recognise": {"person_id": "resident"},
    "people:counter_withdraw": {"person_id": "resident"},
    "people:counter_cancel": {"person_id": "resident"},
    "people:counter_birth_year": {"person_id": "resident"},
    "people:counter_ward": {"person_id": "resident"},
    "people:counter_leave": {"person_id": "caller"},
    "households:home_of": {"person_id": "resident"},
    "households:moved_out": {"person_id": "resident"},
    "stations:code": {"code": "station"},
    "stations:code_picture": {"code": "station"},
}
# Words and numbers that every street has; ids of another street mean something only there.
PLAIN = {
    "number": 1, "item": "woodpecker-02", "station": "Y01", "deed": "note", "community": "C", "port": "ox",
    "purpose": "thank_you_wall", "year": 2026, "job_id": 1, "nonsense": "nonsense", "kind": "desk",
    "type": "litter", "table": "queue",
}  # fmt: skip
NOBODYS = UUID(int=7)
_NOWHERE = {"code": "NOBODYS", "variant": "thumb", "token": "none"}
QUERIES = {"web:where": "?lng=120.7301&lat=31.2801", "cases:heaps": "?bbox=119,30,122,33&zoom=18"}
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """A page, a file or a deed."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    urlconf: str

    def filled(self, things: Mapping[str, object]) -> str:
        meant = MEANT.get(self.name, {})
        path = _ARGUMENT.sub(lambda found: str(_value(meant.get(found[1], found[1]), things)), self.pattern)
        return f"/{path}{QUERIES.get(self.name, '')}"

    @property
    def hangs_on_a_thing(self) -> bool:
        meant = MEANT.get(self.name, {})
        return any(meant.get(one, one) not in PLAIN for one in self.arguments)


def _value(name: str, things: Mapping[str, object]) -> object:
    return things.get(name, PLAIN.get(name, NOBODYS if name.endswith("_id") else _NOWHERE.get(name, NOBODYS)))


def addresses() -> list[Address]:
    """In the order of the product."""
    return [
        one
        for urlconf in (STREETS, SITE)
        for one in _below(get_resolver(urlconf).url_patterns, "", "", urlconf)
    ]  # fmt: skip


def _below(patterns: Sequence[URLPattern | URLResolver], space: str, before: str, urlconf: str) -> Iterator[Address]:
    for one in patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _below(one.url_patterns, inner, pattern, urlconf)
        else:
            name = one.name or one.callback.__name__
            yield Address(f"{space}{name}", pattern, tuple(one.pattern.converters), urlconf)


@dataclass
class Asking:
    """The clients of everybody, signed in once."""

    here: Access
    there: Access

    def __post_init__(self) -> None:
        people: dict[str, Person | None] = {**self.here.people, STRANGER: self.there.people["dispatcher"]}
        self.cookies = {name: _cookie(person) for name, person in people.items()}
        self.client = Client(raise_request_exception=False, HTTP_ACCEPT="text/html")

    def get(self, address: Address, things: Mapping[str, object], *who: str) -> dict[str, int]:
        """What they get, or everybody."""
        path = self._path(address, things)
        return {one: _status(self._as(one).get(path)) for one in who or self.cookies}

    def post(self, address: Address, things: Mapping[str, object], *who: str) -> dict[str, int]:
        """What they get who send nothing; nothing that it does stays."""
        path = self._path(address, things)
        return {one: self._posted(one, path) for one in who or self.cookies}

    def _posted(self, who: str, path: str) -> int:
        with transaction.atomic():
            status = _status(self._as(who).post(path))
            transaction.set_rollback(True)
        return status

    def _path(self, address: Address, things: Mapping[str, object]) -> str:
        path = address.filled(things)
        return path if address.urlconf == SITE else f"/s/{self.here.place.street.slug}{path}"

    def _as(self, who: str) -> Client:
        """One client for all, so that the middleware is built once; only the cookie is somebody's."""
        self.client.cookies.clear()
        if who != VISITOR:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[who]
        return self.client


def _cookie(person: Person | None) -> str:
    if person is None:
        return ""
    client = Client()
    client.force_login(Account.objects.get(pk=person.account_id))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _status(answer: HttpResponse) -> int:
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # read to its end, a file is closed
    set_urlconf(None)
    return answer.status_code

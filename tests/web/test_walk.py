"""Everybody of a demo street goes through every door that their pages show."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client, TestCase, override_settings

from huipai.cli.seed import running
from huipai.cli.seed.bulk import scaling
from huipai.cli.seed.folk.cast import Scale
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.people.models import Account, Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.web.walking import Form, Walk

SMALL = replace(scaling.script(1, 24), scale=Scale(4, 40, 10, 6, "1991001"), shown=timedelta(0))
RESIDENT = "resident"
# What each role has to find by clicking, from the home page of its street.
DOORS: dict[str, tuple[str, ...]] = {
    Role.GRID_WORKER: (
        "cases:today", "cases:releasing", "grid:home", "grid:absences", "people:counter", "points:enter",
    ),
    Role.COORDINATOR: (
        "cases:desk", "cases:deeds_desk", "cases:releasing", "grid:home", "people:counter", "points:enter",
        "points:grants", "shop:desk", "shop:cards", "stations:desk",
    ),
    Role.DISPATCHER: ("cases:desk", "grid:home"),
    Role.UNIT_HANDLER: ("cases:orders",),
    Role.UNIT_LEAD: ("cases:orders",),
    Role.REVIEWER: ("points:review", "points:grants"),
    Role.STATION_HOST: ("shop:station", "points:enter"),
    Role.LEADER: ("grid:home", "shop:desk", "shop:budget", "points:closing"),
    Role.AUDITOR: ("grid:home", "grid:staff", "shop:desk", "points:grants"),
    Role.SECURITY_ADMIN: ("grid:home", "grid:staff", "grid:texts", "people:counter"),
    Role.SYSTEM_ADMIN: (
        "grid:home", "grid:imports", "grid:assignments", "grid:units", "grid:staff", "stations:desk", "web:workdays",
        "web:jobs",
    ),
    Role.RULEBOOK_EDITOR: ("rulebook:home",),
    Role.BOARD_MEMBER: ("rulebook:home",),
}  # fmt: skip
HOSTILE = {
    "nul": "停\0车",
    "long": "长" * 10_000,
    "emoji": "🧨" * 40,
    "rtl": "\u202eمرحبا\u202c",
    "html": "<script>alert(1)</script>\"'",
    "negative": "-1",
    "huge": "9" * 6_000,
    "not a uuid": "00000000-0000-0000-0000-00000000000g",
    "another uuid": "01935000-0000-7000-8000-000000000000",
    "nothing": "",
}
# Written by the people of a street, and by chance also words of ours.
DATA: frozenset[str] = frozenset({"中文"})
# Sending these would end the visit; they have no field that somebody types.
LEFT_OUT = re.compile(r"/(sign-out|look|me/leave)/")


class TestADemoStreet(TestCase):
    street: Street
    folk: dict[str, UUID | None]
    walks: ClassVar[dict[str, Walk]] = {}

    @classmethod
    def setUpTestData(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="huipai-walk-")
        cls.addClassCleanup(folder.cleanup)
        sealed = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": {"location": folder.name}}
        stored = override_settings(STORAGES={**settings.STORAGES, "photos": sealed})
        stored.enable()
        cls.addClassCleanup(stored.disable)
        cls.street = running.plant(SMALL, seed=3, until=clock.now(), say=lambda words: None)
        with in_street(cls.street.id):
            cls.folk = dict(_folk())

    def visitor(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        if account := self.folk[role]:
            client.force_login(Account.objects.get(pk=account))
        return client

    def walk(self, role: str) -> Walk:
        """The walk of whoever holds the role, in English; taken once for all of these."""
        if role not in self.walks:
            client = self.visitor(role)
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
            self.walks[role] = Walk(client, f"/s/{self.street.slug}/")
        return self.walks[role]

    def test_nobody_is_led_where_they_may_not_go(self) -> None:
        for role in self.folk:
            with self.subTest(role):
                walk = self.walk(role)
                assert not walk.dead_ends()
                assert len(walk.seen) > 8

    def test_everybody_reaches_all_the_doors_of_their_work(self) -> None:
        for role, account in self.folk.items():
            with self.subTest(role):
                assert set(DOORS.get(role, ())) <= self.walk(role).names
                if account is None or role in {RESIDENT, Role.CHECKER, Role.PART_TIME_MEMBER}:
                    assert "我的工作" not in self.visitor(role).get(f"/s/{self.street.slug}/").content.decode()

    def test_an_english_reader_finds_no_chinese_that_has_english(self) -> None:
        said = _chinese_of_ours()
        left = {
            f"{page.name}: {text}"
            for role in self.folk
            for page in self.walk(role).seen
            for text in (page.reading.texts if page.reading else ())
            if _CJK.search(text) and said.fullmatch(text) and text not in DATA
        }
        assert not left

    def test_no_form_falls_over_whatever_is_typed(self) -> None:
        tried: set[tuple[str, ...]] = set()
        for role in self.folk:
            client = self.visitor(role)
            for page, form in _forms(self.walk(role)):
                kind = (page, form.method, *sorted({name for name, _value in form.fields}))
                if kind not in tried and not LEFT_OUT.search(form.action):
                    tried.add(kind)
                    with self.subTest(role=role, page=page):
                        assert not _fallen(client, form)
        assert len(tried) > 30


def _chinese_of_ours() -> re.Pattern[str]:
    """Every sentence of our catalogue that has an English one which differs; whatever is put into it fits."""
    with (settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po").open("rb") as catalogue:
        messages = read_po(catalogue)
    ours = [form for one in messages if one.id for form in (one.id if isinstance(one.id, tuple) else (one.id,))]
    known = sorted({_fits(text) for text in ours if _CJK.search(text)})
    return re.compile("|".join(known))


def _fits(text: str) -> str:
    """A sentence as a pattern; one that is little more than what is put into it says nothing."""
    parts = [part for part in re.split(r"%\(\w+\)s|%%", text)]
    if len("".join(parts).strip()) < _TELLING:
        return r"(?!)" if len(parts) > 1 else re.escape(" ".join(text.split()))
    return ".+?".join(re.escape(" ".join(part.split(" "))) for part in parts).strip()


_TELLING = 4
_CJK = re.compile(r"[\u4e00-\u9fff]")


def _folk() -> Iterator[tuple[str, UUID | None]]:
    """A visitor, a resident, and whoever holds each role first."""
    yield "visitor", None
    plain = Person.objects.filter(is_staff=False, account__isnull=False, assignments=None).order_by("created_at")
    yield RESIDENT, plain.values_list("account", flat=True)[0]
    for role in Role:
        held = Assignment.objects.filter(role=role, valid_until=None, person__account__isnull=False)
        account = held.order_by("valid_from", "pk").values_list("person__account", flat=True).first()
        if account is not None:
            yield role.value, account


def _forms(walk: Walk) -> Iterator[tuple[str, Form]]:
    for page in walk.seen:
        for form in page.reading.forms if page.reading else ():
            yield page.name, replace(form, action=form.action or page.address)


def _fallen(client: Client, form: Form) -> list[str]:
    """Which values in which field no page has answered for."""
    kept = {name: value for name, value in form.fields if name != "csrfmiddlewaretoken"}
    send = client.post if form.method == "post" else client.get
    return [
        f"{form.action}: {what} in {name}"
        for name in kept
        for what, value in HOSTILE.items()
        if send(form.action, {**kept, name: value}).status_code >= 500
    ]

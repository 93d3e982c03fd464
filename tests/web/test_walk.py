"""Everybody of a demo street goes through every door that their pages show."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar
from uuid import UUID
from zlib import crc32

import pytest
from django.conf import settings
from django.test import Client, TestCase, override_settings

from huipai.cli.seed import running
from huipai.cli.seed.bulk import scaling
from huipai.cli.seed.folk.cast import Scale
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.people.models import Account, Person
from huipai.people.words import Role
from huipai.streets import queries as streets
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.web import fuzzing
from tests.web.walking import Walk

SMALL = replace(scaling.script(1, 24), scale=Scale(4, 40, 10, 6, "1991001"), shown=timedelta(0))
RESIDENT = "resident"
# What each role has to find by clicking, from the home page of its street.
DOORS: dict[str, tuple[str, ...]] = {
    Role.GRID_WORKER: (
        "cases:today", "cases:releasing", "grid:home", "grid:absences", "people:counter", "points:enter",
        "points:said",
    ),
    Role.COORDINATOR: (
        "cases:desk", "cases:deeds_desk", "cases:releasing", "grid:home", "people:counter", "points:enter",
        "points:said",
        "points:grants", "shop:desk", "shop:cards", "stations:desk",
    ),
    Role.DISPATCHER: ("cases:desk", "grid:home", "cases:types"),
    Role.UNIT_HANDLER: ("cases:orders",),
    Role.UNIT_LEAD: ("cases:orders",),
    Role.REVIEWER: ("points:review", "points:grants"),
    Role.STATION_HOST: ("shop:station", "points:enter", "points:said"),
    Role.LEADER: ("grid:home", "shop:desk", "shop:budget", "points:closing"),
    Role.AUDITOR: ("audit:record", "grid:home", "grid:staff", "shop:desk", "points:grants"),
    Role.SECURITY_ADMIN: ("grid:home", "grid:staff", "grid:texts", "people:counter"),
    Role.SYSTEM_ADMIN: (
        "grid:home", "grid:imports", "grid:assignments", "grid:units", "grid:staff", "stations:desk", "web:workdays",
        "web:jobs", "cases:types",
    ),
    Role.RULEBOOK_EDITOR: ("rulebook:desk",),
    Role.BOARD_MEMBER: ("rulebook:desk",),
}  # fmt: skip


@pytest.mark.long
@override_settings(SECOND_FACTOR_FOR_ADMINS=False)
class TestADemoStreet(TestCase):
    street: Street
    folk: dict[str, UUID | None]
    walks: ClassVar[dict[str, Walk]] = {}

    @classmethod
    def setUpTestData(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="huipai-walk-")
        cls.addClassCleanup(folder.cleanup)
        sealed = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": {"location": folder.name}}
        # Every street is looked for anew each few seconds, as a server does, and not by each of the requests.
        stored = override_settings(STORAGES={**settings.STORAGES, "photos": sealed}, STREET_KEPT_SECONDS=5)
        stored.enable()
        cls.addClassCleanup(streets.forget)
        cls.addClassCleanup(stored.disable)
        cls.street = running.plant(SMALL, seed=3, until=clock.now(), say=lambda words: None)
        with in_street(cls.street.id):
            cls.folk = dict(_folk())

    def visitor(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        if account := self.folk[role]:
            # Past what would stand between a sign-in and the first page: a number not confirmed for a year.
            Account.objects.filter(pk=account).update(phone_confirmed_at=clock.now())
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

    # In two halves, so that nobody waits for minutes for whoever runs the one.
    @pytest.mark.deep
    def test_no_form_falls_over_whatever_is_typed(self) -> None:
        self.spoil(half=0)

    @pytest.mark.deep
    def test_nor_does_any_other_form(self) -> None:
        self.spoil(half=1)

    def spoil(self, *, half: int) -> None:
        """Each kind of form once, of those that fall to this half by their name and fields."""
        tried: set[tuple[str, ...]] = set()
        for role in self.folk:
            client = self.visitor(role)
            for page, form in fuzzing.forms_of(self.walk(role)):
                kind = (page, form.method, *sorted({name for name, _value in form.fields}))
                if kind not in tried and crc32("/".join(kind).encode()) % 2 == half:
                    tried.add(kind)
                    with self.subTest(role=role, page=page):
                        found = list(fuzzing.trouble(client, form))
                        assert not found
        assert len(tried) > 30, len(tried)

    def test_no_address_falls_over_whatever_is_asked(self) -> None:
        tried: set[str] = set()
        for role in self.folk:
            client = self.visitor(role)
            for page in self.walk(role).seen:
                wanted = [address for address in fuzzing.addresses(page) if address not in tried]
                tried.update(wanted)
                with self.subTest(role=role, page=page.name):
                    assert not [address for address in wanted if client.get(address).status_code >= 500]
        assert len(tried) > 100


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

"""Two streets with a small town, workers, checkers and a rulebook each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from huipai.cases.commands import intake
from huipai.cases.commands.intake import Received, Sending
from huipai.cases.models import Case, CaseType
from huipai.cases.words import PositionSource
from huipai.grid.models import Assignment, Unit
from huipai.grid.words import UnitKind
from huipai.kit.coordinates import Crs, Point
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.models import Photo
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.grid.conftest import Town, build
from tests.photos import makers, samples
from tests.photos.conftest import folder
from tests.remembered import remembered

__all__ = ["folder"]

PARKING = "parking"
LITTER = "litter"
# What is tested here is what becomes of a photo's case, so one small JPEG is enough.
SMALL = samples.encode(samples.scene(cars=1, size=(64, 64)), "JPEG", quality=60)
NAMES = {"lan": "蓝小河", "hua": "华小山", "qin": "覃小雨", "bo": "薄小雪"}

AT_UNITS = {"ning": "宁守园", "shi": "史城西", "chief": "池长青", "xu": "徐站前"}


@dataclass
class Place:
    """A street ready for the main job, with the cast by name."""

    street: Street
    town: Town
    lan: Person
    hua: Person
    wei: Person
    qin: Person
    bo: Person
    coordinator: Person
    dispatcher: Person
    guard: Unit
    city: Unit
    police: Unit
    ning: Person
    shi: Person
    chief: Person
    xu: Person

    def photo(self, by: Person, now: datetime = cast.MONDAY) -> Photo:
        return makers.receive(new_id(), by, SMALL, now=now)

    def sending(self, *photos: Photo, at: Point | None = None, case_type: str = PARKING, **more: object) -> Sending:
        return Sending(
            report_id=new_id(),
            case_type=case_type,
            point=at or self.town.at(50, 50),
            source_crs=Crs.WGS84,
            position_source=PositionSource.DEVICE,
            photo_ids=tuple(photo.id for photo in photos),
            **more,  # type: ignore[arg-type]
        )

    def report(self, by: Person | None = None, *, now: datetime = cast.MONDAY, **more: object) -> Case:
        """A parking jam as lan (or another) sends it in."""
        reporter = by or self.lan
        received = self.receive(self.sending(self.photo(reporter, now), **more), reporter, now)  # type: ignore[arg-type]
        return Case.objects.get(pk=received.case_id)

    def receive(self, sending: Sending, by: Person, now: datetime = cast.MONDAY) -> Received:
        return intake.receive(sending=sending, reporter=by, now=now)

    def photo_ids(self, by: Person) -> tuple[UUID, ...]:
        return (self.photo(by).id,)


def settle(street: Street, number: int) -> Place:
    """Whom and what a street needs: lan and hua live there, wei works M1 to M4, qin and bo check; hub and units."""
    with in_street(street.id):
        town = build(street)
        CaseType.objects.create(
            code=PARKING, name="车辆乱停", limit_amount=4, limit_unit="work_hours", needs_after_photo=True,
            point_item=cast.FOUND.code,
        )  # fmt: skip
        CaseType.objects.create(code=LITTER, name="垃圾没清", limit_amount=2, limit_unit="workdays", radius_m=30)
        people = {
            key: cast.resident(name, f"138{number:04}{index:04}", now=cast.A_MONTH_AGO)
            for index, (key, name) in enumerate(NAMES.items())
        }
        wei = cast.staff("魏大为", f"139{number:04}0001")
        coordinator = cast.staff("高明明", f"139{number:04}0002")
        for person, role, node in (
            (wei, Role.GRID_WORKER, town["G"]),
            (coordinator, Role.COORDINATOR, town["C"]),
            (people["qin"], Role.CHECKER, town["S"]),
            (people["bo"], Role.CHECKER, town["S"]),
        ):
            Assignment.objects.create(person=person, role=role, node=node, valid_from=cast.A_MONTH_AGO)
        cast.rulebook()
        dispatcher = cast.staff("宗明月", f"139{number:04}0003")
        Assignment.objects.create(person=dispatcher, role=Role.DISPATCHER, node=town["S"], valid_from=cast.A_MONTH_AGO)
        return Place(
            street, town, people["lan"], people["hua"], wei, people["qin"], people["bo"], coordinator, dispatcher,
            **_units(town, number),
        )  # fmt: skip


def _units(town: Town, number: int) -> dict[str, Any]:
    """A guard of the community, city management and a police post of the street, each with who acts for them."""
    units = {
        key: Unit.objects.create(code=f"U-{key}", name=name, kind=kind, node=town["C"] if key == "guard" else None)
        for key, name, kind in (
            ("guard", "柳溪花园物业", UnitKind.PROPERTY),
            ("city", "云桥城管中队", UnitKind.CITY_MANAGEMENT),
            ("police", "云桥路公交警务中心", UnitKind.POLICE),
        )
    }
    people = {
        key: cast.staff(name, f"139{number:04}{10 + index:04}")
        for index, (key, name) in enumerate(
            {"ning": "宁守园", "shi": "史城西", "chief": "池长青", "xu": "徐站前"}.items()
        )
    }
    for person, role, unit in (
        ("ning", Role.UNIT_HANDLER, "guard"),
        ("shi", Role.UNIT_HANDLER, "city"),
        ("chief", Role.UNIT_LEAD, "city"),
        ("xu", Role.UNIT_HANDLER, "police"),
    ):
        Assignment.objects.create(person=people[person], role=role, unit=units[unit], valid_from=cast.A_MONTH_AGO)
    return {**units, **people}


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Place, Place]]:
    """Both streets, settled once a module; each test runs in a savepoint upon them.

    Settling takes 400 statements: done for every test it was most of the time of this folder.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield remembered(_both)
        transaction.set_rollback(True)


def _both() -> tuple[Place, Place]:
    return settle(open_street("yunqiao", "云桥街道"), 1), settle(open_street("hetang", "荷塘街道"), 2)


def open_street(slug: str, name: str) -> Street:
    return Street.objects.create(
        slug=slug, name=name, operator=f"{name}办事处", complaint_phone="0512-0000-1234",
        hotline_phone="0512-0000-1200", center_lng=120.73 if slug == "yunqiao" else 120.83,
        center_lat=31.28 if slug == "yunqiao" else 31.38, opened_at=cast.A_MONTH_AGO,
    )  # fmt: skip


@pytest.fixture
def here(settled: tuple[Place, Place], db: None) -> Iterator[Place]:
    """云桥街道, in force."""
    place = deepcopy(settled[0])
    with in_street(place.street.id):
        yield place


@pytest.fixture
def there(settled: tuple[Place, Place], db: None) -> Place:
    """荷塘街道, not in force."""
    return deepcopy(settled[1])


Maker = Callable[..., Case]

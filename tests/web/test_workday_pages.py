"""What the administrator of a street reads of the calendar: which years are known, and whose it is to bring them in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from huipai.people.words import Role
from huipai.streets.models import Street
from huipai.workdays import queries
from huipai.workdays.models import CalendarYear
from tests.cast import appoint, resident, staff
from tests.workdays.test_commands import TABLE_2027, bring_in

pytestmark = pytest.mark.django_db
PAGE = "/s/yunqiao/workdays/"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def admin(client: Client, in_yunqiao: Street) -> Client:
    client.force_login(appoint(staff(), Role.SYSTEM_ADMIN).account)
    return client


def test_is_for_the_system_administrator(client: Client, in_yunqiao: Street) -> None:
    client.force_login(resident().account)
    assert client.get(PAGE).status_code == 403


def test_says_which_years_are_known_and_from_where(admin: Client) -> None:
    assert "自带的表" in admin.get(PAGE).content.decode()
    bring_in(TABLE_2027)
    assert "通知（样例）" in admin.get(PAGE).content.decode()


def test_one_street_brings_nothing_in_for_all(admin: Client) -> None:
    assert admin.post(PAGE, {"year": "2027"}).status_code == 405
    assert not CalendarYear.objects.exists()

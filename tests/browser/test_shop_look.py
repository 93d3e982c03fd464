"""Every page of the shop reads well, on a phone, on a desk, in the dark, for an elder."""

from collections import defaultdict
from dataclasses import replace

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from huipai.people.models import Person
from huipai.points.models import Posting
from huipai.shop import commands as shop
from huipai.shop.models import Reservation
from tests.browser import looking
from tests.browser.test_shop import made
from tests.browser.visiting import session_of
from tests.shop.shop import SOAP, Shop, reserve

__all__ = ["made"]
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


DESKS = ("shop/desk/", "points/grants/", "points/closing/")


def paths(made: Shop, kept: Reservation) -> list[tuple[str, Person]]:
    used = Posting.objects.filter(kind="spend").latest("posted_at").id
    station, item = made.station.id, made.soap.id
    lan, host, keeper, leader = made.lan, made.host, made.keeper, made.leader
    return [
        ("shop/", lan), (f"shop/items/{item}/", lan), (f"shop/reservations/{kept.id}/", lan), ("shop/mine/", lan),
        ("shop/about/", lan), (f"points/postings/{used}/", lan), ("points/", lan),
        (f"shop/counter/{station}/", host), (f"shop/counter/{station}/stock/", host),
        (f"shop/counter/{station}/stock/{item}/count/", host),
        ("shop/desk/", keeper), (f"shop/desk/items/{item}/", keeper), ("shop/desk/items/new/", keeper),
        ("shop/desk/proposals/", keeper), ("shop/desk/proposals/?", leader),
        ("shop/desk/budget/", keeper), ("shop/desk/cards/", host), ("points/grants/", keeper),
        ("points/closing/", leader),
    ]  # fmt: skip


@pytest.mark.parametrize("at_a_desk", [False, True])
def test_every_page_reads_well_in_every_view(
    browser: Browser, live_server: LiveServer, made: Shop, at_a_desk: bool
) -> None:
    """Two halves, that both workers have something to do."""
    kept = reserve(made, now=clock.now())
    dearer = replace(SOAP, points=25, limit_count=2, description="1 公斤装，柠檬味，瓶子用完了可以拿回来再灌")
    shop.propose_change(item_id=made.soap.id, offer=dearer, actor=made.keeper, now=clock.now())
    of: dict[Person, list[str]] = defaultdict(list)
    for path, person in paths(made, kept):
        if path.startswith(DESKS) == at_a_desk:
            of[person].append(f"/s/yunqiao/{path}")
    for person, theirs in of.items():
        cookies = session_of(person)
        found = looking.faults_of(browser, live_server.url, theirs, cookies, at_a_desk=30 if at_a_desk else None)
        assert not found, "\n".join(found)

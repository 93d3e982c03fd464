"""Desks in English for an elder: longer words in larger letters stay within the narrowest phone."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.models import Posting
from huipai.points.words import CorrectionReason
from huipai.shop import commands as shop
from huipai.streets.models import Street
from tests.browser import looking
from tests.browser.rulebook_town import build
from tests.browser.test_shop import made
from tests.browser.visiting import session_of
from tests.cast import A_MONTH_AGO, appoint, staff
from tests.shop.shop import Shop, reserve

__all__ = ["made"]
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

# A name that stands beside a number has room for a word of it.
_NARROW = """() => [...document.querySelectorAll('main li a, main li a + span')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width < 44)
  .map((one) => `${one.outerHTML.slice(0, 90)} ${Math.round(one.getBoundingClientRect().width)}`)"""


def pushed_aside(browser: Browser, base: str, person: Person, *paths: str) -> list[str]:
    """What can be pushed sideways, or stands one sign a line."""
    cookies, found = {**session_of(person), settings.LANGUAGE_COOKIE_NAME: "en"}, []
    with looking.looking(browser, base, "elder", cookies) as look:
        look.page.set_viewport_size({"width": 360, "height": 780})
        for path in paths:
            look.open(f"{base}/s/yunqiao/{path}")
            if (pixels := looking.sideways(look.page)) > 0:
                found.append(f"{path} {pixels}")
            found += look.page.evaluate(_NARROW)
    return found


def test_the_desks_of_the_shop_and_of_points_asked_back(browser: Browser, live_server: LiveServer, made: Shop) -> None:
    now, item = clock.now(), made.soap.id
    reserve(made, now=now)
    asking, another, third = (
        appoint(staff(name, f"1390000009{n}", now=A_MONTH_AGO), Role.REVIEWER) for n, name in enumerate("甲乙丙")
    )
    got = Posting.objects.filter(kind="award", person=made.lan).latest("posted_at")
    one = points.propose_correction(
        posting_id=got.id, reason=CorrectionReason.DEED_UNDONE, note="没有做", actor=asking, now=now
    )
    points.approve_correction(correction_id=one.id, actor=another, now=now)
    points.appeal_correction(correction_id=one.id, actor=made.lan, text="做了", now=now)
    recall = f"shop/counter/{made.station.id}/stock/{item}/recall/"
    desks = "shop/desk/", "shop/desk/?show=withdrawn", "shop/desk/proposals/", f"shop/desk/items/{item}/", recall
    assert pushed_aside(browser, live_server.url, made.keeper, *desks) == []
    counter = f"shop/counter/{made.station.id}/stock/", recall
    assert pushed_aside(browser, live_server.url, made.host, *counter) == []
    assert pushed_aside(browser, live_server.url, third, "points/corrections/") == []
    gone = shop.withdraw_item(item_id=item, actor=made.keeper, now=now)
    assert pushed_aside(browser, live_server.url, made.keeper, f"shop/desk/items/{gone.id}/") == []


def test_the_desk_of_the_rulebook(browser: Browser, live_server: LiveServer, in_yunqiao: Street) -> None:
    town = build()
    assert pushed_aside(browser, live_server.url, town.writer, "rulebook/desk/", "rulebook/desk/items/") == []

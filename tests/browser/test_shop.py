"""Two people, each with a phone, exchange points for a bottle; what nobody fetches comes back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Account
from huipai.people.words import ConsentPurpose
from huipai.shop import commands as shop
from huipai.shop.models import Reservation
from huipai.shop.words import HOLD_LASTS, State
from huipai.streets.models import Street
from tests.browser.kept import sign_in, until
from tests.browser.sending import phone
from tests.browser.visiting import visiting
from tests.points.ledger import spendable
from tests.shop.shop import SOAP, Shop, budget, holds, open_shop, put_on_shelf, reserve

# How many codes the phone keeps for when there is no network.
KEPT = """() => Object.values(JSON.parse(localStorage.getItem('huipai:codes')) ?? {})
    .flatMap((own) => Object.values(own)).length"""
# As it was kept before it said whose it is.
KEPT_OF_NOBODY = "() => localStorage.setItem('huipai:codes', JSON.stringify({'0192': {code: 'ABCD EFGH'}}))"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made(in_yunqiao: Street) -> Shop:
    """A shop with something in every state."""
    made, now = open_shop(in_yunqiao, stock=9, points_of_lan=300), clock.now()
    Account.objects.update(phone_confirmed_at=now)
    if now.year != 2026:
        budget(made, year=now.year)
    people.give_consent(person=made.lan, purpose=ConsentPurpose.PRIVACY_NOTICE, now=now)
    rice = type(SOAP)(
        name="东北大米", unit="袋", category="food", points=80, description="5 公斤，今年的新米", limit_count=1
    )
    put_on_shelf(rice, made.keeper, made.leader, now=now)
    given, called_off = reserve(made, now=now), reserve(made, now=now)
    reserve(made, now=now - HOLD_LASTS - timedelta(days=1))
    shop.hand_over(reservation_id=given.id, host=made.host, now=now)
    shop.cancel(reservation_id=called_off.id, actor=made.lan, now=now)
    return made


def test_two_people_exchange_points_for_a_bottle(browser: Browser, live_server: LiveServer, made: Shop) -> None:
    base, before = live_server.url, spendable(made.lan, clock.now())
    with visiting(browser, base, made.lan) as phone, visiting(browser, base, made.host) as counter:
        phone.goto(f"{base}/s/yunqiao/points/")
        phone.get_by_role("link", name="去兑换").click()
        phone.get_by_role("link", name=re.compile("洗洁精")).click()
        phone.get_by_role("button", name="就换这个").click()
        code = phone.locator("[data-code]").inner_text()
        assert phone.get_by_role("img", name="兑换二维码").is_visible()
        until(phone, KEPT, 1)
        counter.goto(f"{base}/s/yunqiao/shop/counter/")
        counter.get_by_label("领取码").fill(code.lower())
        counter.get_by_role("button", name="看是什么").click()
        assert counter.locator("[data-what]").inner_text() == "洗洁精 1 瓶"
        assert made.lan.name not in counter.locator("[data-who]").inner_text() or len(made.lan.name) == 1
        counter.get_by_role("button", name="交给他了").click()
        counter.get_by_text("给了：洗洁精 1 瓶").wait_for()
        phone.reload()
        phone.get_by_text("用了 20 分").wait_for()
        until(phone, KEPT, 0)
        for each in (reserve(made, now=clock.now()), reserve(made, now=clock.now())):
            phone.goto(f"{base}/s/yunqiao/shop/reservations/{each.id}/")
        until(phone, KEPT, 2)
        phone.get_by_role("button", name="不要了").click()
        until(phone, KEPT, 1)  # what waits still is kept; and fetched, with no page but the list opened since, it goes
        shop.hand_over(
            reservation_id=Reservation.objects.get(state=State.RESERVED, expires_at__gt=clock.now()).id,
            host=made.host,
            now=clock.now(),
        )
        phone.reload()
        until(phone, KEPT, 0)
    assert spendable(made.lan, clock.now()) == before - 40
    assert Reservation.objects.filter(state=State.HANDED_OVER).count() == 3
    assert holds(made.street)


def test_a_code_is_shown_without_a_network_to_its_owner_and_leaves_the_phone_with_them(
    browser: Browser, live_server: LiveServer, made: Shop
) -> None:
    """By signing out, and where a session ended and another signs in: who reads a code fetches the gift."""
    base, one = f"{live_server.url}/s/yunqiao", reserve(made, now=clock.now())

    def is_shown(page: Page, context: BrowserContext, *, to_them: bool) -> None:
        context.set_offline(True)
        page.goto(f"{base}/points/")
        expect(page.get_by_role("heading", name="现在没有网")).to_be_visible()
        expect(page.get_by_text(one.spoken_code)).to_have_count(1 if to_them else 0)
        expect(page.locator("[data-kept-codes]")).to_be_visible(visible=to_them)
        context.set_offline(False)

    with phone(browser, live_server.url, made.lan) as context:
        page = context.new_page()

        def opens_it() -> None:
            sign_in(context, live_server.url, made.lan)
            page.goto(f"{base}/shop/reservations/{one.id}/")
            until(page, KEPT, 1)

        opens_it()
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.goto(f"{base}/points/")
        is_shown(page, context, to_them=True)
        opens_it()
        page.goto(f"{base}/me/")
        with page.expect_navigation():
            page.locator("form[action$='/sign-out/'] button").first.click()
        until(page, KEPT, 0)
        is_shown(page, context, to_them=False)

        opens_it()
        left = context.new_page()  # and where there is no network, so that no page comes after
        left.goto(f"{base}/me/")
        context.set_offline(True)
        left.locator("form[action$='/sign-out/'] button").first.click()
        is_shown(page, context, to_them=False)

        opens_it()
        sign_in(context, live_server.url, made.host)
        page.goto(f"{base}/")
        until(page, KEPT, 0)
        is_shown(page, context, to_them=False)
        page.evaluate(KEPT_OF_NOBODY)
        page.goto(f"{base}/")
        until(page, KEPT, 0)


def test_what_nobody_fetched_comes_back_and_the_page_says_so(
    browser: Browser, live_server: LiveServer, made: Shop
) -> None:
    over = Reservation.objects.filter(expires_at__lt=clock.now()).latest("reserved_at")
    with visiting(browser, live_server.url, made.lan) as phone:
        phone.goto(f"{live_server.url}/s/yunqiao/shop/reservations/{over.id}/")
        assert phone.get_by_text("过时没领").is_visible() and phone.locator("[data-code]").count() == 0
        shop.lapse(now=clock.now())
        phone.reload()
        assert phone.get_by_text("20 分退回了").is_visible()
    assert holds(made.street)


def test_where_one_is_stands_in_sight_in_a_row_that_is_wider_than_the_phone(
    browser: Browser, live_server: LiveServer, made: Shop
) -> None:
    with visiting(browser, live_server.url, made.keeper) as page:
        page.goto(f"{live_server.url}/s/yunqiao/shop/desk/budget/")
        here = page.locator(".tab-pill[aria-current]")
        row = here.locator("xpath=..")
        assert row.evaluate("(row) => row.scrollWidth > row.clientWidth")
        expect(here).to_be_in_viewport(ratio=1)

"""Every page of the shop for every role, in two streets; what residents and hosts do through the doors."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from huipai.grid import commands as grid
from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Account, Person, Proxy
from huipai.people.words import ConsentPurpose, ProxyScope, Role
from huipai.points import commands as points
from huipai.points.models import Posting
from huipai.shop import commands as shop
from huipai.shop.models import Card, Reservation
from huipai.shop.words import HOLD_LASTS, State
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO, A_YEAR_AGO, appoint, resident, staff
from tests.people.doors import Browser, found, leads_to, seen_on, words
from tests.points.ledger import spendable
from tests.points.test_awarding import home
from tests.shop.shop import SOAP, Shop, budget, change, deliver, holds, home_with_points, reserve, station

pytestmark = pytest.mark.django_db
SIGN_IN = "/s/yunqiao/sign-in/"


@pytest.fixture(autouse=True)
def today(shop_open: Shop) -> None:
    """Whatever day the tests run on: numbers are fresh and a budget is published."""
    now = clock.now()
    Account.objects.update(phone_confirmed_at=now)
    if now.year != 2026:
        budget(shop_open, year=now.year)


@pytest.fixture
def now_reserved(shop_open: Shop) -> Reservation:
    return reserve(shop_open, now=clock.now())


def read(browser: Browser, page: str, status: int = 200) -> str:
    answer = browser.open(page)
    assert answer.status_code == status, (page, answer.status_code)
    return words(answer)


class TestRoles:
    """Who may open what: 200, or 403, or the sign-in; another street's is 404."""

    @pytest.fixture
    def pages(self, shop_open: Shop, now_reserved: Reservation) -> dict[str, set[str]]:
        item, station = shop_open.soap.id, shop_open.station.id
        everybody = {"visitor", "resident", "mei", "host", "keeper", "leader", "auditor", "worker"}
        signed_in = everybody - {"visitor"}
        hosts, desk = {"host", "keeper"}, {"keeper", "leader", "auditor"}
        return {
            "shop/": everybody,
            "shop/?kind=food&q=%E7%B1%B3": everybody,
            f"shop/items/{item}/": everybody,
            "shop/about/": everybody,
            "shop/mine/": signed_in,
            f"shop/reservations/{now_reserved.id}/": {"resident"},
            f"shop/counter/{station}/": hosts,
            f"shop/counter/{station}/stock/": hosts,
            f"shop/counter/{station}/counting/": hosts,
            f"shop/counter/{station}/stock/{item}/count/": hosts,
            f"shop/counter/{station}/stock/{item}/write-off/": hosts,
            "shop/desk/": desk,
            "shop/desk/?show=withdrawn": desk,
            "shop/desk/items/new/": desk,
            f"shop/desk/items/{item}/": desk,
            f"shop/desk/items/{item}/words/": desk,
            f"shop/desk/items/{item}/arrivals/": desk,
            f"shop/desk/items/{item}/transfer/": desk,
            "shop/desk/proposals/": desk,
            "shop/desk/budget/": desk,
            "shop/desk/cards/": hosts,
            "points/": signed_in,
            "points/?year=2026&show=used": signed_in,
            "points/grants/": {"keeper", "leader", "auditor"},
            "points/closing/": {"leader"},
        }

    def test_every_page_for_every_role(self, shop_open: Shop, pages: dict[str, set[str]]) -> None:
        now = clock.now()
        cast = {
            "resident": shop_open.lan, "mei": resident("梅", "13800000002", now=now), "host": shop_open.host,
            "keeper": shop_open.keeper, "leader": shop_open.leader,
            "auditor": appoint(staff("申", "13900000045"), Role.AUDITOR, since=A_YEAR_AGO),
            "worker": appoint(staff("魏", "13900000046"), Role.GRID_WORKER, since=A_YEAR_AGO),
        }  # fmt: skip
        browsers = {name: Browser().enter(person) for name, person in cast.items()}
        for page, allowed in pages.items():
            for name, browser in browsers.items():
                status = browser.open(page).status_code
                assert status == 200 if name in allowed else status in (403, 404), (page, name, status)
            visitor = Browser().open(page)
            assert visitor.status_code == 200 if "visitor" in allowed else SIGN_IN in leads_to(visitor), page

    def test_another_streets_things_are_not_there(
        self, shop_open: Shop, now_reserved: Reservation, hetang: Street
    ) -> None:
        with in_street(hetang.id):
            everybody = appoint(
                appoint(staff("何", "13900000047", now=clock.now()), Role.COORDINATOR, since=A_YEAR_AGO),
                Role.STATION_HOST, since=A_YEAR_AGO,
            )  # fmt: skip
        browser = Browser("hetang").enter(everybody)
        item, station = shop_open.soap.id, shop_open.station.id
        posting = Posting.objects.get(person=shop_open.lan).id
        for page in (
            f"shop/items/{item}/", f"shop/reservations/{now_reserved.id}/", f"shop/counter/{station}/",
            f"shop/counter/{station}/stock/", f"shop/counter/{station}/counting/",
            f"shop/desk/items/{item}/", f"shop/desk/items/{item}/words/",
            f"points/postings/{posting}/",
        ):  # fmt: skip
            assert browser.open(page).status_code == 404, page
        for page in (
            f"shop/items/{item}/reservation/", f"shop/reservations/{now_reserved.id}/cancellation/",
            f"shop/counter/{station}/code/", f"shop/counter/{station}/hand-over/{now_reserved.id}/",
            f"shop/desk/items/{item}/withdrawal/", f"points/grants/{uuid4()}/decision/",
        ):  # fmt: skip
            assert browser.send(page, code=now_reserved.code).status_code == 404, page


class TestResident:
    @pytest.fixture
    def browser(self, shop_open: Shop) -> Browser:
        people.give_consent(person=shop_open.lan, purpose=ConsentPurpose.PRIVACY_NOTICE, now=clock.now())
        return Browser().enter(shop_open.lan)

    def test_from_the_shelf_to_the_code_and_back(self, shop_open: Shop, browser: Browser) -> None:
        page = read(browser, "shop/")
        assert "洗洁精" in page and "还有 5 瓶" in page and "可用 100 分" in page
        form = read(browser, f"shop/items/{shop_open.soap.id}/")
        key = re.search(r'name="key" value="([^"]+)"', form)
        assert key and "柳溪驿站" in form
        typed = {"key": key[1], "station": shop_open.station.id, "quantity": "2", "payer": "me"}
        address = leads_to(browser.send(f"shop/items/{shop_open.soap.id}/reservation/", **typed))
        assert leads_to(browser.send(f"shop/items/{shop_open.soap.id}/reservation/", **typed)) == address
        kept = Reservation.objects.get()
        shown = words(browser.get(address))
        assert kept.spoken_code in shown and "40 分，领到才扣" in shown and "<path d=" in shown
        assert "过时不领，积分自动退回" in shown
        assert "待领取 1" in read(browser, "points/") and "另有 40 分留给了换好的东西" in read(browser, "points/")
        assert leads_to(browser.send(f"shop/reservations/{kept.id}/cancellation/")).endswith("/shop/mine/")
        assert "不要了" in read(browser, "shop/mine/")
        assert (spendable(shop_open.lan, clock.now()), holds(shop_open.street)) == (100, True)

    def test_a_refusal_keeps_what_was_chosen_and_says_what_to_do(self, shop_open: Shop, browser: Browser) -> None:
        send = f"shop/items/{shop_open.soap.id}/reservation/"
        answer = browser.send(send, key=uuid4(), quantity="3")
        assert answer.status_code == 422 and "选一个去领的驿站" in words(answer)
        assert 'value="3" selected' in words(answer)
        for typed in ("-1", "abc", "0", "", "1.5", "11"):
            answer = browser.send(send, key=uuid4(), station=shop_open.station.id, quantity=typed)
            assert answer.status_code == 422 and "一次换 1 到 10 份" in words(answer), typed
            assert not typed or f'value="{typed}" selected' in words(answer)
        assert not Reservation.objects.exists()
        answer = browser.send(send, key=uuid4(), station=shop_open.station.id, quantity="6")
        assert answer.status_code == 409 and "积分不够" in words(answer)
        shop.withdraw_item(item_id=shop_open.soap.id, actor=shop_open.keeper, now=clock.now())
        assert browser.send(send, key=uuid4(), station=shop_open.station.id).status_code == 404

    def test_it_says_whose_points_pay(self, shop_open: Shop, browser: Browser) -> None:
        elder, now = resident("爷", "13800000007", now=clock.now()), clock.now()
        consent = people.give_consent(person=elder, purpose=ConsentPurpose.PROXY, now=now)
        Proxy.objects.create(
            elder=elder, helper=shop_open.lan, scopes=[ProxyScope.POINTS], consent=consent, invited_at=now,
            accepted_at=now, valid_from=now, valid_until=now + HOLD_LASTS,
        )  # fmt: skip
        assert "替爷换" in read(browser, f"shop/items/{shop_open.soap.id}/")
        answer = browser.send(
            f"shop/items/{shop_open.soap.id}/reservation/", key=uuid4(), station=shop_open.station.id, payer=elder.id
        )
        assert answer.status_code == 409
        stranger = resident("陌", "13800000008", now=now)
        answer = browser.send(
            f"shop/items/{shop_open.soap.id}/reservation/", key=uuid4(), station=shop_open.station.id,
            payer=stranger.id,
        )  # fmt: skip
        assert answer.status_code == 403

    def test_points_at_home_are_offered_to_whoever_lives_there(self, shop_open: Shop, browser: Browser) -> None:
        home(shop_open.lan)
        points.award_household(
            item_code="ox-09", subject="visit:1", household=shop_open.lan.residences.get().household,
            received_at=clock.now(), actor=None, now=clock.now(),
        )  # fmt: skip
        assert "家里的分" in read(browser, "points/")
        assert "同意一起用" in read(browser, f"shop/items/{shop_open.soap.id}/")
        assert leads_to(browser.send("shop/household/consent/", item=shop_open.soap.id)).endswith(
            f"/shop/items/{shop_open.soap.id}/"
        )
        answer = browser.send(
            f"shop/items/{shop_open.soap.id}/reservation/", key=uuid4(), station=shop_open.station.id, payer="home"
        )
        assert "/shop/reservations/" in leads_to(answer)
        page = read(browser, "points/household/")
        assert "data-balance>0<" in page and "只有家里人能看" in page
        assert (
            Browser().enter(resident("独", "13800000009", now=clock.now())).open("points/household/").status_code == 404
        )

    def test_a_child_agrees_to_nothing_of_the_homes(self, shop_open: Shop, browser: Browser) -> None:
        home(shop_open.lan)
        points.award_household(
            item_code="ox-09", subject="visit:1", household=shop_open.lan.residences.get().household,
            received_at=clock.now(), actor=None, now=clock.now(),
        )  # fmt: skip
        Person.objects.filter(pk=shop_open.lan.pk).update(birth_year=clock.now().year - 16)
        page = read(browser, "points/household/")
        assert "家庭积分由家里的大人来用" in page and "同意一起用" not in page and "去兑换" not in page
        assert "同意一起用" not in read(browser, f"shop/items/{shop_open.soap.id}/")
        answer = browser.send("shop/household/consent/", item=shop_open.soap.id)
        assert answer.status_code == 403 and "家庭积分由家里的大人来用" in words(answer)
        # One who agreed before that was asked is offered nothing that is refused.
        people.give_consent(person=shop_open.lan, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=clock.now())
        assert "家里的分" not in read(browser, f"shop/items/{shop_open.soap.id}/")

    def test_who_has_no_home_pays_with_nothing_of_their_own_for_it(self, shop_open: Shop, browser: Browser) -> None:
        before = spendable(shop_open.lan, clock.now())
        for payer in ("home", "garbage", ""):
            answer = browser.send(
                f"shop/items/{shop_open.soap.id}/reservation/", key=uuid4(), station=shop_open.station.id, payer=payer
            )
            assert answer.status_code == 422 and "选一下用谁的分" in words(answer), payer
        assert not Reservation.objects.exists() and spendable(shop_open.lan, clock.now()) == before

    def test_a_posting_explains_itself_to_its_owner_only(self, shop_open: Shop, browser: Browser) -> None:
        kept = reserve(shop_open, now=clock.now())
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=clock.now())
        earned, used = Posting.objects.filter(person=shop_open.lan).order_by("posted_at")
        page = read(browser, f"points/postings/{used.id}/")
        assert "换了洗洁精 1 瓶，柳溪驿站" in page and "胡*" in page and "用的是哪些分" in page
        page = read(browser, f"points/postings/{earned.id}/")
        assert "第 1 版" in page and "没有人经手" in page
        assert "换了洗洁精 1 瓶，柳溪驿站" in read(browser, "points/?show=used")
        for address in ("points/?q=洗洁精", "points/?q=柳溪+洗洁", "points/?show=used&q=洗洁精"):
            found_there = read(browser, address)
            assert "换了洗洁精 1 瓶" in found_there and "路灯不亮" not in found_there, address
        assert "换了洗洁精" not in read(browser, "points/?q=到期")
        mei = Browser().enter(resident("梅", "13800000002", now=clock.now()))
        assert mei.open(f"points/postings/{used.id}/").status_code == 404

    def test_the_lists_ask_a_fixed_number_of_questions(self, shop_open: Shop, browser: Browser) -> None:
        def asked(page: str) -> int:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                read(browser, page)
            return len(seen)

        reserve(shop_open, now=clock.now())
        before = {page: asked(page) for page in ("shop/", "shop/mine/")}
        for _ in range(3):
            reserve(shop_open, now=clock.now())
        assert {page: asked(page) for page in before} == before


class TestHost:
    @pytest.fixture
    def browser(self, shop_open: Shop) -> Browser:
        return Browser().enter(shop_open.host)

    def test_scan_look_and_hand_over(self, shop_open: Shop, now_reserved: Reservation, browser: Browser) -> None:
        here = f"shop/counter/{shop_open.station.id}/"
        assert leads_to(browser.open("shop/counter/")).endswith(here)
        assert f'value="{now_reserved.code}"' in read(browser, f"{here}?code={now_reserved.code}")
        Person.objects.filter(pk=shop_open.lan.pk).update(name="周小兰")
        found = words(browser.send(f"{here}code/", code=f"https://x/?code={now_reserved.code}"))
        assert "洗洁精 1 瓶" in found and "周**" in found and "小兰" not in found
        assert not re.search(r"\b100\b", strip_tags(found))
        assert leads_to(browser.send(f"{here}hand-over/{now_reserved.id}/")).endswith(here)
        page = read(browser, here)
        assert "给了：洗洁精 1 瓶" in page and "今天领走的" in page and "小兰" not in page
        again = words(browser.send(f"{here}code/", code=now_reserved.code))
        assert "已经领走" in again
        assert holds(shop_open.street)

    def test_the_code_of_who_has_moved_out_is_refused_before_the_thing_is_fetched(
        self, shop_open: Shop, browser: Browser
    ) -> None:
        code = f"shop/counter/{shop_open.station.id}/code/"
        house, mei = home_with_points(shop_open.lan), resident("梅", "13800000077")
        grid.move_in(person=mei, household=house, at=A_MONTH_AGO, actor=None, now=A_MONTH_AGO)
        people.give_consent(person=mei, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=A_MONTH_AGO)
        now = clock.now()
        kept = reserve(shop_open, mei, household=house, now=now)
        before = words(browser.send(code, code=kept.code))
        assert "交给他了" in before and "不能用这家的积分" not in before
        grid.move_out(person=mei, at=now, actor=mei, now=now)
        after = words(browser.send(code, code=kept.code))
        assert "现在不能用这家的积分了，不能发" in after and "交给他了" not in after
        shop.cancel(reservation_id=kept.id, actor=shop_open.lan, now=clock.now())
        settled = words(browser.send(code, code=kept.code))
        assert "这一份不用给了" in settled and "不能用这家的积分" not in settled

    def test_what_is_fetched_in_another_station_is_not_given_here_by_whoever_works_in_both(
        self, shop_open: Shop, now_reserved: Reservation
    ) -> None:
        other, keeper = station("望山驿站", "Y02"), Browser().enter(shop_open.keeper)
        answer = keeper.send(f"shop/counter/{other.id}/hand-over/{now_reserved.id}/")
        assert answer.status_code == 404 and "没有这个码" in words(answer)
        assert Reservation.objects.get(pk=now_reserved.pk).state == State.RESERVED

    def test_goods_that_are_gone_are_told_to_who_waits_after_a_look_at_how_many(
        self, shop_open: Shop, browser: Browser
    ) -> None:
        made, now = shop_open, clock.now()
        stock = f"shop/counter/{made.station.id}/stock/"
        recall = f"{stock}{made.soap.id}/recall/"
        assert leads_to(browser.open(recall)).endswith(stock) and "请订的人不用来了" not in read(browser, stock)
        kept = reserve(made, quantity=3, now=now)
        assert "请订的人不用来了" in read(browser, stock)
        count = f"{stock}{made.soap.id}/count/"
        refused = browser.send(count, key=uuid4(), counted="1", seen=seen_on(read(browser, count)))
        assert refused.status_code == 409 and "先请订的人不用来了，再盘一次" in words(refused)
        assert recall in refused.content.decode()
        refused = browser.send(f"{stock}{made.soap.id}/write-off/", key=uuid4(), quantity="4", reason="lost")
        assert refused.status_code == 409 and recall in refused.content.decode()
        page = read(browser, recall)
        assert "3 瓶订出去了" in page and "会通知 1 个人" in page and "分退回原来的地方" in page
        assert "兰" not in page
        assert browser.send(recall).status_code == 422
        assert Reservation.objects.get(pk=kept.pk).state == State.RESERVED
        sent = {"why": "goods_gone", "seen": seen_on(page)}
        assert leads_to(browser.send(recall, **sent)).endswith(stock)
        assert Reservation.objects.get(pk=kept.pk).state == State.CANCELLED
        assert leads_to(browser.send(recall, **sent)).endswith(stock)
        deliver(made, 5)
        fresh = reserve(made, now=clock.now())
        again = browser.send(recall, **sent)
        assert again.status_code == 409 and "又来了货，什么都没有取消" in words(again)
        assert Reservation.objects.get(pk=fresh.pk).state == State.RESERVED
        assert leads_to(browser.send(recall, why="goods_gone", seen=seen_on(words(again)))).endswith(stock)
        assert Reservation.objects.get(pk=fresh.pk).state == State.CANCELLED
        assert leads_to(browser.send(count, key=uuid4(), counted="1", seen=seen_on(read(browser, count))))
        assert holds(made.street)

    def test_a_wrong_code_is_said_once_and_kept(self, shop_open: Shop, browser: Browser) -> None:
        answer = browser.send(f"shop/counter/{shop_open.station.id}/code/", code="7777 7777")
        assert answer.status_code == 404
        assert "没有这个码，再看一遍" in words(answer) and 'value="7777 7777"' in words(answer)

    def test_a_wrong_card_counts_once_where_it_is_served(self, shop_open: Shop, browser: Browser) -> None:
        here, item = f"shop/counter/{shop_open.station.id}/", shop_open.soap.id
        answers = [
            browser.send(f"{here}card/serving/", card="KKKKKKKK", item=item, quantity="1", key=uuid4()).status_code
            for _ in range(11)
        ]
        assert answers == [404] * 10 + [429]

    def test_somebody_without_a_phone(self, shop_open: Shop, browser: Browser) -> None:
        keeper = Browser().enter(shop_open.keeper)
        who = found(keeper, "shop/desk/cards/", phone="13800000001")
        page = words(keeper.send("shop/desk/cards/", who=who, act="issue"))
        code = re.search(r"data-code>([A-Z0-9]{4} [A-Z0-9]{4})<", page)
        assert code and Card.objects.count() == 1
        here = f"shop/counter/{shop_open.station.id}/"
        page = words(browser.send(f"{here}card/", card=code[1]))
        assert "替兰*换" in page and "20 分，架上有 5 瓶" in page
        answer = browser.send(f"{here}card/serving/", card=code[1], key=uuid4())
        assert answer.status_code == 422 and "选一件东西" in words(answer)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        english = words(browser.send(f"{here}card/serving/", card=code[1], key=uuid4()))
        assert "no points were touched" in english and "your points" not in english
        del browser.cookies[settings.LANGUAGE_COOKIE_NAME]
        chosen = {"card": code[1], "item": shop_open.soap.id}
        for typed in ("-3", "abc", "0"):
            answer = browser.send(f"{here}card/serving/", **chosen, key=uuid4(), quantity=typed)
            assert answer.status_code == 422 and "一次换 1 到 10 份" in words(answer)
            assert f'value="{typed}" selected' in words(answer)
        assert not Reservation.objects.exists()
        answer = browser.send(f"{here}card/serving/", card=code[1], key=uuid4(), item=shop_open.soap.id, quantity="1")
        assert leads_to(answer).endswith(here)
        assert Reservation.objects.get().state == State.HANDED_OVER
        assert browser.send(f"{here}card/", card="77777777").status_code == 404
        home(shop_open.lan)
        assert "用谁的分" not in words(browser.send(f"{here}card/", card=code[1]))
        chosen |= {"quantity": "1", "payer": "home"}
        answer = browser.send(f"{here}card/serving/", **chosen, key=uuid4())
        assert answer.status_code == 403 and "先同意一起用家庭积分" in words(answer)
        who = found(keeper, "shop/desk/cards/", phone="13800000001")
        assert "凭卡用家里的分" in words(keeper.send("shop/desk/cards/", who=who, act="agree"))
        assert "他家里的分" in words(browser.send(f"{here}card/", card=code[1]))
        assert "可以当面撤回" in words(keeper.open(f"shop/desk/cards/?who={who}"))
        assert "不再用家里的分" in words(keeper.send("shop/desk/cards/", who=who, act="disagree"))
        assert browser.send(f"{here}card/serving/", **chosen, key=uuid4()).status_code == 403
        assert keeper.send("shop/desk/cards/", who=who, act="disagree").status_code == 409  # nothing stands any more
        assert "凭卡用家里的分" in words(keeper.send("shop/desk/cards/", who=who, act="agree"))
        answer = browser.send(f"{here}card/serving/", **chosen, key=uuid4())
        assert answer.status_code == 409 and 'value="home" checked' in words(answer)
        page = words(keeper.open(f"shop/desk/cards/?who={who}"))
        assert 'value="block"' in page
        shown = re.search(r'name="card" value="([^"]+)"', page)
        assert shown is not None
        blocks = {"who": who, "act": "block", "card": shown[1]}
        assert "旧卡停用了" in words(keeper.send("shop/desk/cards/", **blocks))
        shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=clock.now())
        assert "现在的这一张没有动" in words(keeper.send("shop/desk/cards/", **blocks)), "the page spoke of another"
        assert "旧卡停用了" in words(keeper.send("shop/desk/cards/", who=who, act="block"))
        assert 'value="block"' not in words(keeper.open(f"shop/desk/cards/?who={who}"))
        page = words(keeper.send("shop/desk/cards/", who=who, act="block"))  # or of somebody else of that name
        assert "兰* 现在没有能用的卡" in page and "旧卡停用了" not in page

    def test_a_price_that_changed_since_the_page_was_read_is_said_and_not_taken(
        self, shop_open: Shop, browser: Browser
    ) -> None:
        now = clock.now()
        _card, code = shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=now)
        own, here = Browser().enter(shop_open.lan), shop_open.station.id
        item, counter = f"shop/items/{shop_open.soap.id}/", f"shop/counter/{here}/card/"
        read_before = [
            (own, f"{item}reservation/", own.open(item), {"station": here, "quantity": "2"}),
            (
                browser,
                f"{counter}serving/",
                browser.send(counter, card=code),
                {"card": code, "item": shop_open.soap.id},
            ),
        ]
        change(shop_open, replace(SOAP, points=30), now=now)
        for done, (who, to, page, typed) in enumerate(read_before):
            price = re.search(r'name="(price[^"]*)" value="20"', words(page))
            assert price
            sent = {"key": uuid4(), **typed}
            answer = who.send(to, **sent, **{price[1]: "20"})
            assert answer.status_code == 409 and "现在一份 30 分" in words(answer)
            assert f'name="{price[1]}" value="30"' in words(answer) and f'value="{sent["key"]}"' in words(answer)
            assert Reservation.objects.count() == done
            assert who.send(to, **sent, **{price[1]: "30"}).status_code == 302
            # Sent once more by the page of before, it is the answer of then and nothing more.
            assert who.send(to, **sent, **{price[1]: "20"}).status_code == 302
        assert (spendable(shop_open.lan, clock.now()), holds(shop_open.street)) == (10, True)

    def test_counting_and_writing_off(self, shop_open: Shop, browser: Browser) -> None:
        stock = f"shop/counter/{shop_open.station.id}/stock/"
        item = f"{stock}{shop_open.soap.id}/"
        page, counting = read(browser, stock), f"shop/counter/{shop_open.station.id}/counting/"
        assert "有 5 瓶" in page and f"{item}count/" not in page and counting in page
        for blind in (read(browser, counting), read(browser, f"{item}count/")):
            assert "洗洁精" in blind and not re.search(r"\b5\b|5 瓶", re.sub(r"<svg.*?</svg>|<[^>]+>", "", blind))
        assert f"{item}count/" in read(browser, counting)
        key, seen = uuid4(), seen_on(read(browser, f"{item}count/"))
        for _ in range(2):
            assert leads_to(browser.send(f"{item}count/", key=key, counted="4", seen=seen)).endswith(counting)
        answer = browser.send(f"{item}write-off/", key=uuid4(), quantity="9", reason="lost")
        assert answer.status_code == 409 and 'value="9"' in words(answer)
        assert leads_to(browser.send(f"{item}write-off/", key=uuid4(), quantity="1", reason="broken")).endswith(stock)
        page = read(browser, stock)
        assert "有 3 瓶" in page and "盘点，数到 4" in page and "破损" in page
        assert holds(shop_open.street)

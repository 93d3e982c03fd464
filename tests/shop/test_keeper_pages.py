"""What keepers of the shop do through the doors: shelves, photos, budgets, points by hand, the end of the scheme."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huipai.kit import clock
from huipai.people.rules import local_date
from huipai.people.words import Role
from huipai.points.models import Posting
from huipai.shop import commands as shop
from huipai.shop.models import Budget, ItemProposal, Movement, Reservation, ShopItem
from huipai.shop.words import ProposalState, State
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import appoint, staff
from tests.people.doors import Browser, found, leads_to, seen_on, words
from tests.points.ledger import spendable
from tests.shop.shop import Shop, deliver, holds, order, reserve
from tests.shop.test_pages import read, today

__all__ = ["today"]
pytestmark = pytest.mark.django_db


class TestKeeper:
    @pytest.fixture
    def browser(self, shop_open: Shop) -> Browser:
        return Browser().enter(shop_open.keeper)

    def test_from_an_empty_place_to_something_on_the_shelf(self, shop_open: Shop, browser: Browser) -> None:
        typed = {
            "name": "大米", "unit": "袋", "category": "voucher", "points": "60", "audience": "everybody",
            "limit_days": "30", "quantity": "10", "cost": "0",
        }  # fmt: skip
        answer = browser.send("shop/desk/items/new/", **typed)
        assert answer.status_code == 422
        assert "不换现金" in words(answer) and 'value="大米"' in words(answer)
        in_words = {**typed, "category": "food", "name": "京东购物卡 100 元"}
        answer = browser.send("shop/desk/items/new/", **in_words)
        assert answer.status_code == 422 and "这里写着「购物卡」" in words(answer)
        assert "不换现金" in words(answer) and 'value="京东购物卡 100 元"' in words(answer)
        address = leads_to(browser.send("shop/desk/items/new/", **{**typed, "category": "food"}))
        assert address.endswith("/shop/desk/proposals/") and not ShopItem.objects.filter(name="大米").exists()
        self._agree(shop_open)
        rice = ShopItem.objects.get(name="大米")
        arrive = f"shop/desk/items/{rice.id}/arrivals/"
        bought = {"key": uuid4(), "station": shop_open.station.id, "quantity": "10", "cost": "35.50"}
        for _ in range(2):
            assert leads_to(browser.send(arrive, **bought)).endswith(f"/{rice.id}/")
        assert Movement.objects.get(item=rice).cost_cents == 3550
        answer = browser.send(arrive, **{**bought, "key": uuid4(), "cost": "9999999"})
        assert answer.status_code == 409 and "预算还剩" in words(answer)
        given = {**bought, "key": uuid4(), "cost": ""}
        leads_to(browser.send(arrive, **given))
        page = read(browser, f"shop/desk/items/{rice.id}/")
        assert "剩 20，订出 0" in page and "捐赠" in page
        changed = {**typed, "category": "food", "points": "50", "limit_count": "2"}
        leads_to(browser.send(f"shop/desk/items/{rice.id}/words/", **changed))
        rice.refresh_from_db()
        assert (rice.points, rice.limit_count) == (60, None)
        self._agree(shop_open)
        rice.refresh_from_db()
        assert (rice.points, rice.limit_count) == (50, 2)
        assert leads_to(browser.send(f"shop/desk/items/{rice.id}/withdrawal/")).endswith("/shop/desk/")
        assert "大米" in read(browser, "shop/desk/?show=withdrawn")
        assert holds(shop_open.street)

    def test_what_was_taken_off_the_shelf_leads_to_who_waits_for_it(self, shop_open: Shop, browser: Browser) -> None:
        made, now = shop_open, clock.now()
        kept, page = reserve(made, now=now), f"shop/desk/items/{made.soap.id}/"
        assert leads_to(browser.send(f"{page}withdrawal/")).endswith(page)
        recall = f"shop/counter/{made.station.id}/stock/{made.soap.id}/recall/"
        assert recall in browser.open(page).content.decode()
        assert recall not in Browser().enter(made.leader).open(page).content.decode()
        page = read(browser, recall)
        assert "会通知 1 个人" in page
        leads_to(browser.send(recall, why="goods_unsafe", seen=seen_on(page)))
        assert Reservation.objects.get(pk=kept.pk).state == State.CANCELLED

    @staticmethod
    def _agree(shop_open: Shop) -> None:
        one = ItemProposal.objects.get(state=ProposalState.PROPOSED)
        leads_to(Browser().enter(shop_open.leader).send(f"shop/desk/proposals/{one.id}/approval/"))

    def test_a_photo_is_shown_once_somebody_has_looked_at_it(self, shop_open: Shop, browser: Browser) -> None:
        page = f"shop/desk/items/{shop_open.soap.id}/"
        leads_to(browser.send(f"{page}photo/"))
        assert "请拍一张照片" in read(browser, page)
        bad = SimpleUploadedFile("x.jpg", b"not a photo", content_type="image/jpeg")
        leads_to(browser.send(f"{page}photo/", photo=bad))
        assert "不是图片" in read(browser, page)

    def test_what_a_machine_ahead_in_time_took_in_waits_for_the_others_clock(self, shop_open: Shop) -> None:
        now, year = clock.now(), clock.now().year + 1
        one = shop.propose_budget(
            begins_on=date(year, 1, 1), ends_on=date(year, 12, 31), amount_cents=500_000, point_cents=10,
            actor=shop_open.keeper, now=now + timedelta(minutes=5),
        )  # fmt: skip
        answer = Browser().enter(shop_open.leader).send(f"shop/desk/budget/{one.id}/approval/")
        one.refresh_from_db()
        assert answer.status_code == 503 and "过一会儿再发" in words(answer) and one.approved_at is None
        assert shop.approve_budget(budget_id=one.id, actor=shop_open.leader, now=now + timedelta(minutes=6)).approved_at

    def test_a_budget_takes_two_and_everybody_reads_it(self, shop_open: Shop, browser: Browser) -> None:
        assert "10,000.00 元" in words(Browser().open("shop/about/"))
        year = clock.now().year + 1
        typed = {"begins_on": f"{year}-01-01", "ends_on": f"{year}-12-31", "amount": "5000", "point": "0.10"}
        assert leads_to(browser.send("shop/desk/budget/", **typed)).endswith("/shop/desk/budget/")
        proposed = Budget.objects.get(approved_at=None)
        leads_to(browser.send(f"shop/desk/budget/{proposed.id}/approval/"))
        assert "自己提的预算，要由另一位来定" in read(browser, "shop/desk/budget/")
        leader = Browser().enter(shop_open.leader)
        leads_to(leader.send(f"shop/desk/budget/{proposed.id}/approval/"))
        proposed.refresh_from_db()
        assert proposed.approved_by == shop_open.leader
        leads_to(browser.send("shop/desk/budget/", **{**typed, "begins_on": f"{year}-03-01", "amount": "7000"}))
        assert "定了以后，从" in read(browser, "shop/desk/budget/")
        today = local_date(clock.now()).isoformat()
        answer = browser.send("shop/desk/budget/", **{**typed, "begins_on": today, "ends_on": today, "amount": "6000"})
        assert answer.status_code == 409 and "已经有公布的预算" in words(answer) and 'value="6000"' in words(answer)
        answer = browser.send("shop/desk/budget/", **{**typed, "amount": "1e9"})
        assert answer.status_code == 422 and "多写了零" in words(answer)
        answer = browser.send("shop/desk/budget/", **{**typed, "ends_on": "2026-01-01"})
        assert answer.status_code == 422 and "结束日期要在开始日期以后" in words(answer)

    def test_a_budget_is_refused_with_a_reason_or_taken_back(
        self, shop_open: Shop, browser: Browser, hetang: Street
    ) -> None:
        year, leader = clock.now().year + 1, Browser().enter(shop_open.leader)
        typed = {"begins_on": f"{year}-01-01", "ends_on": f"{year}-12-31", "amount": "5000", "point": "0.10"}
        leads_to(browser.send("shop/desk/budget/", **typed))
        one = Budget.objects.get(approved_at=None)
        page = leader.send(f"shop/desk/budget/{one.id}/refusal/", reason="长" * 201)
        assert page.status_code == 422 and "长" * 201 in words(page) and "最多 200 个字" in words(page)
        leads_to(browser.send(f"shop/desk/budget/{one.id}/refusal/", reason="不"))  # not the leader
        leads_to(leader.send(f"shop/desk/budget/{one.id}/refusal/", reason="先用完今年的"))
        assert "先用完今年的" in read(browser, "shop/desk/budget/")
        leads_to(browser.send("shop/desk/budget/", **typed))
        one = Budget.objects.get(approved_at=None, ended_at=None)
        leads_to(browser.send(f"shop/desk/budget/{one.id}/withdrawal/"))
        assert "提出的人撤回了" in read(browser, "shop/desk/budget/")
        with in_street(hetang.id):
            other = Browser("hetang").enter(appoint(staff("外", "13900000091"), Role.LEADER))
        assert other.send(f"shop/desk/budget/{one.id}/refusal/", reason="不").status_code == 404

    def test_a_number_or_a_day_without_end_is_said_in_our_own_words(self, shop_open: Shop, browser: Browser) -> None:
        item, long = f"shop/desk/items/{shop_open.soap.id}/", "9" * 14
        here = {"key": uuid4(), "station": shop_open.station.id, "source": shop_open.station.id}
        counter = f"shop/counter/{shop_open.station.id}/stock/{shop_open.soap.id}/"
        for page, typed, said in (
            (f"{item}arrivals/", {**here, "quantity": "1", "cost": long}, "一共最多写 10 位"),
            (f"{item}arrivals/", {**here, "quantity": "1", "cost": "1.001"}, "小数点后面最多写 2 位"),
            (f"{item}arrivals/", {**here, "quantity": "1", "cost": "123456789.1"}, "小数点前面最多写 8 位"),
            (f"{item}arrivals/", {**here, "quantity": long, "cost": "1"}, "写 1 到 100000 之间的数"),
            (f"{item}words/", {"name": "肥皂", "unit": "块", "category": "daily", "audience": "everybody",
                               "points": "5", "limit_count": long, "limit_days": "30"}, "1 到 1000 份"),
            (f"{counter}count/", {**here, "counted": long}, "写 0 到 100000 之间的数"),
            (f"{counter}write-off/", {**here, "quantity": long, "reason": "broken"}, "写 1 到 100000 之间的数"),
            ("shop/desk/budget/", {"begins_on": "9999-12-31", "ends_on": "9999-12-31", "amount": "1", "point": "1"},
             "年份写错了吧"),
            ("shop/desk/budget/", {"begins_on": "0001-01-01", "ends_on": "0001-01-02", "amount": "1", "point": "1"},
             "年份写错了吧"),
        ):  # fmt: skip
            answer = browser.send(page, **typed)
            assert answer.status_code == 422 and said in words(answer), (page, typed)
        leader = Browser().enter(shop_open.leader)
        for day in ("0001-01-01", "9999-12-31"):
            answer = leader.send("points/closing/", awards_until=day, redeem_until=day)
            assert answer.status_code == 422 and "年份写错了吧" in words(answer)

    def test_points_by_hand_take_two(self, shop_open: Shop, browser: Browser) -> None:
        typed = {
            "who": found(browser, "points/grants/", phone="13800000001"),
            "item_code": "woodpecker-02", "done_on": f"{clock.now():%Y-%m-%d}", "points": "12",
            "reason": "paper_slip", "paper_number": "ZB-017",
        }  # fmt: skip
        answer = browser.send("points/grants/", **{**typed, "paper_number": "王家"})
        assert answer.status_code == 422 and "凭证编号只用字母" in words(answer)
        assert leads_to(browser.send("points/grants/", **typed)).endswith("/points/grants/")
        assert "自己提的补记，要由另一位来审" in read(browser, "points/grants/")
        reviewer = Browser().enter(appoint(staff("秦", "13900000048", now=clock.now()), Role.REVIEWER))
        grant_id = re.search(r"grants/([0-9a-f-]{36})/decision", read(reviewer, "points/grants/"))
        assert grant_id
        leads_to(reviewer.send(f"points/grants/{grant_id[1]}/decision/", answer="yes"))
        assert spendable(shop_open.lan, clock.now()) == 112
        posting = Posting.objects.get(kind="grant")
        page = read(Browser().enter(shop_open.lan), f"points/postings/{posting.id}/")
        assert "柯*" in page and "秦*" in page and "纸质凭证补录" in page

    def test_the_end_of_the_scheme_takes_two_and_is_announced(self, shop_open: Shop) -> None:
        leader = Browser().enter(shop_open.leader)
        year = clock.now().year + 1
        typed = {"awards_until": f"{year}-06-30", "redeem_until": f"{year}-07-30"}
        answer = leader.send("points/closing/", **typed)
        assert answer.status_code == 422 and "90 天" in words(answer)
        leads_to(leader.send("points/closing/", **{**typed, "redeem_until": f"{year}-12-31"}))
        assert "data-closing" not in words(Browser().open("shop/"))
        closing_id = re.search(r"closing/([0-9a-f-]{36})/decision", read(leader, "points/closing/"))
        assert closing_id
        leads_to(leader.send(f"points/closing/{closing_id[1]}/decision/", answer="yes"))
        assert "自己提的，要由另一位来定" in read(leader, "points/closing/")
        second = Browser().enter(appoint(staff("厉", "13900000050", now=clock.now()), Role.LEADER))
        leads_to(second.send(f"points/closing/{closing_id[1]}/decision/", answer="yes"))
        for page in ("shop/", "shop/about/", f"shop/items/{shop_open.soap.id}/"):
            assert "data-closing" in words(Browser().open(page)), page
        assert "data-closing" in read(Browser().enter(shop_open.lan), "points/")


def test_the_desk_is_searched_and_turned(shop_open: Shop) -> None:
    deliver(shop_open, 1)
    assert order(shop_open).quantity == 1
    keeper = Browser().enter(shop_open.keeper)
    assert "洗洁精" in read(keeper, "shop/desk/?q=%E6%B4%97")
    assert "洗洁精" not in read(keeper, "shop/desk/?q=%E7%B1%B3")

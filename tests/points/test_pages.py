"""One's own points: what is shown, to whom, and at what cost."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huipai.kit import clock, subjects
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.rules import Holder
from huipai.points.words import ReversalReason
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import A_MONTH_AGO, FOUND, appoint, resident, rulebook, staff
from tests.people.doors import Browser
from tests.points.ledger import award, capture, case, counter

pytestmark = pytest.mark.django_db

TWO_MONTHS = replace(FOUND, code="woodpecker-03", title="路灯不亮", lot_months=1)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    rulebook(FOUND, TWO_MONTHS)
    return resident(now=clock.now())


@pytest.fixture
def browser(lan: Person) -> Browser:
    return Browser().enter(lan)


def page(browser: Browser, query: str = "") -> str:
    answer = browser.open(f"points/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


class TestHome:
    def test_wants_a_sign_in(self, client: Client, yunqiao: Street) -> None:
        answer = client.get("/s/yunqiao/points/")
        assert answer.status_code == 302 and "sign-in" in answer["Location"]

    def test_says_what_will_be_here_before_the_first_point(self, browser: Browser) -> None:
        html = page(browser)
        assert "data-balance>0<" in html and "挣到的每一分会列在这里" in html and "/s/yunqiao/rulebook/" in html

    def test_shows_each_point_with_its_rule_and_its_deed(
        self, browser: Browser, lan: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        subject = case()
        award(lan, subject)
        pages = {"case": lambda ids: {id: f"/s/yunqiao/cases/{id}/" for id in ids}}
        monkeypatch.setattr(subjects, "_addresses", pages)  # for this test alone: every later one asks the real ones
        html = page(browser)
        assert "data-balance>5<" in html and ">+5<" in html and "路上乱停乱摆" in html
        assert 'href="/s/yunqiao/rulebook/1/woodpecker-02/"' in html and "啄木鸟 02 条，第 1 版" in html
        assert f'href="/s/yunqiao/cases/{subject.removeprefix("case:")}/"' in html

    def test_shows_nobody_elses(self, browser: Browser, lan: Person) -> None:
        mei = resident("梅", "13800000002")
        outcome = award(mei)
        assert outcome.posting is not None
        html = page(browser, f"?person={mei.id}&after={outcome.posting.id}")
        assert "data-balance>0<" in html and "路上乱停乱摆" not in html

    def test_shows_each_street_its_own(self, browser: Browser, lan: Person, hetang: Street) -> None:
        award(lan)
        with in_street(hetang.id):
            there = Browser("hetang").enter(lan)
            assert there.open("points/").status_code in {200, 302}
            html = there.get("/s/hetang/points/", follow=True).content.decode()
        assert "路上乱停乱摆" not in html

    def test_tells_what_lapses_and_until_which_day(self, browser: Browser, lan: Person) -> None:
        now = clock.now()
        award(lan, item_code="woodpecker-03", received_at=now, now=now)
        street = Street.objects.get(slug="yunqiao")
        by_hand(  # whichever day of which month it is
            "UPDATE points_lot SET expires_at = %s WHERE street_id = %s", [now + timedelta(days=10), street.pk]
        )
        assert "5 分到" in page(browser) and "过期，会先用" in page(browser)

    def test_tells_a_debt_and_a_reversal_without_blame(self, browser: Browser, lan: Person) -> None:
        outcome = award(lan)
        assert outcome.posting is not None
        points.spend(person=lan, subject="order:1", points=3, actor=None, now=clock.now())
        points.reverse(
            posting_id=outcome.posting.id, actor=appoint(staff(), Role.REVIEWER), now=clock.now(),
            reason=ReversalReason.RECORDED_TWICE,
        )  # fmt: skip
        html = page(browser)
        assert "退回时有 3 分已经用掉" in html and "重复记了一次，退回" in html and ">−5<" in html and ">−3<" in html
        paid = award(lan, subject="report:2").posting
        assert paid is not None
        html = page(browser)
        assert (
            "其中 3 分补了以前欠的" in html
            and "其中 3 分已经用掉，或者正留给换好的东西，记成欠的" in html
            and "退回时有" not in html
        )
        assert "其中 3 分补了以前欠的" in browser.open(f"points/postings/{paid.id}/").content.decode()

    def test_says_in_which_station_something_was_fetched_for_it(self, browser: Browser, lan: Person) -> None:
        now = clock.now()
        award(lan)
        hold = points.reserve(
            holder=Holder(lan.id), subject=f"reservation:{uuid4()}", points=3, actor=lan, now=now,
            expires_at=now + timedelta(days=1),
        )  # fmt: skip
        used = capture(hold_id=hold.id, actor=None, now=now)
        html = browser.open(f"points/postings/{used.id}/").content.decode()
        assert "在哪里领的" in html and counter().name in html

    def test_is_sorted_by_side_and_searched_by_word(self, browser: Browser, lan: Person) -> None:
        award(lan)
        award(lan, item_code="woodpecker-03")
        points.spend(person=lan, subject="order:1", points=3, actor=None, now=clock.now())
        assert "用掉的分" not in page(browser, "?show=earned")
        used = page(browser, "?show=used")
        assert "用掉的分" in used and "路上乱停乱摆" not in used
        found = page(browser, "?q=路灯")
        assert "路灯不亮" in found and "路上乱停乱摆" not in found
        assert "路灯不亮" in page(browser, "?q=路灯") and "路灯不亮" not in page(browser, "?q=到期")
        assert "没有找到带「&lt;b&gt;」的明细" in page(browser, "?q=<b>")
        assert page(browser, "?show=nonsense&after=nonsense") == page(browser)

    def test_goes_back_page_by_page_and_misses_nothing(self, browser: Browser, lan: Person) -> None:
        for number in range(45):
            award(lan, now=A_MONTH_AGO + timedelta(hours=number // 3))
        seen, address = 0, ""
        while address is not None:
            html = page(browser, address)
            seen += html.count(">+5<")
            address = next((part.split('"')[0] for part in html.split('href="/s/yunqiao/points/')[1:]
                            if part.startswith("?after=")), None)  # fmt: skip
        assert seen == 45

    def test_costs_the_same_however_long_the_statement(self, browser: Browser, lan: Person) -> None:
        award(lan)
        page(browser)
        with CaptureQueriesContext(connection) as few:
            page(browser)
        for _ in range(30):
            award(lan)
        with CaptureQueriesContext(connection) as many:
            page(browser)
        assert len(many) == len(few)

    def test_is_only_read(self, browser: Browser) -> None:
        assert browser.send("points/").status_code == 405

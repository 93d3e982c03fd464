"""Who gets through which door, and how many statements a page costs."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver
from pytest_django.fixtures import Settings

from huipai.people import commands
from huipai.people.models import Person
from huipai.people.urls import urlpatterns
from huipai.people.words import ProxyScope
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.people.doors import MEI, Browser

NOW = datetime.now(UTC)
# page -> what somebody who is not signed in, a resident and a colleague get.
PAGES = {
    "sign-in/": (200, 302, 302),
    "sign-in/code/": (302, 302, 302),
    "sign-in/password/": (200, 302, 302),
    "sign-in/forgotten/": (200, 200, 200),
    "sign-in/second/": (302, 302, 302),
    "privacy/": (200, 200, 200),
    "inbox/": (200, 200, 200),
    "me/": (302, 200, 200),
    "me/name/": (302, 200, 200),
    "me/identities/": (302, 200, 200),
    "me/consents/": (302, 200, 200),
    "me/phone/": (302, 200, 200),
    "me/leave/": (302, 200, 200),
    "me/proxy/": (302, 200, 200),
    "me/proxy/invite/": (302, 200, 200),
    "me/proxy/help/": (302, 200, 200),
    "me/password/": (302, 302, 302),
    "me/second-factor/": (302, 200, 200),
    "me/whose-number/": (302, 302, 302),
    "me/confirm-number/": (302, 200, 200),
    "me/wards/{nobody}/": (302, 404, 404),
    "me/wards/{other}/": (302, 404, 404),
    "counter/": (302, 403, 200),
    "counter/{other}/birth-year/": (302, 403, 200),
    "counter/{elsewhere}/birth-year/": (302, 403, 404),
    "counter/{caller}/leave/": (302, 403, 200),
    "counter/{other}/leave/": (302, 403, 403),
    "counter/{elsewhere}/leave/": (302, 403, 404),
    "counter/{other}/ward/": (302, 403, 200),
    "counter/{elsewhere}/ward/": (302, 403, 404),
    "counter/{other}/": (302, 403, 200),
    "counter/{nobody}/": (302, 403, 404),
    "counter/{elsewhere}/": (302, 403, 404),
}
POSTS_OF_THE_COUNTER = (
    "counter/{other}/recognise/",
    "counter/{other}/second-factor/",
    "counter/{other}/consents/care/withdraw/",
    "counter/{other}/cancel/",
    "counter/{other}/guardianships/{nobody}/end/",
    "counter/identities/{nobody}/confirm/",
)

POSTS_OF_ONES_OWN = (
    "sign-out/",
    "sign-out/everywhere/",
    "privacy/agree/",
    "privacy/under-14/",
    "me/identities/{nobody}/end/",
    "me/consents/care/give/",
    "me/consents/care/withdraw/",
    "me/phone/again/",
    "me/phone/{nobody}/cancel/",
    "me/proxy/{nobody}/accept/",
    "me/proxy/{nobody}/end/",
    "me/wards/{nobody}/give/",
    "me/wards/{nobody}/care/withdraw/",
)


@pytest.fixture
def ids(yunqiao: Street, hetang: Street) -> dict[str, str]:
    with in_street(hetang.id):
        elsewhere = cast.resident("荷", "13611112222", now=NOW)
    with in_street(yunqiao.id):
        other = cast.resident("梅", MEI, now=NOW)
        caller = commands.enter_at_counter(name="王阿婆", actor=other, now=NOW)
    return {"other": str(other.id), "caller": str(caller.id), "nobody": str(uuid4()), "elsewhere": str(elsewhere.id)}


class TestDoors:
    @pytest.mark.parametrize("page", PAGES)
    def test_open_to_whom_they_should(self, in_yunqiao: Street, ids: dict[str, str], page: str) -> None:
        browsers = (Browser(), Browser().enter(cast.resident(now=NOW)), Browser().enter(cast.clerk(now=NOW)))
        address = page.format(**ids)
        assert tuple(browser.open(address).status_code for browser in browsers) == PAGES[page]

    @pytest.mark.parametrize("page", POSTS_OF_THE_COUNTER)
    def test_of_the_counter_do_nothing_for_residents(self, in_yunqiao: Street, ids: dict[str, str], page: str) -> None:
        address = page.format(**ids)
        assert Browser().enter(cast.resident(now=NOW)).send(address).status_code == 403
        assert Browser().enter(cast.clerk(now=NOW)).open(address).status_code == 405

    def test_a_colleague_of_one_street_is_a_resident_in_the_other(self, yunqiao: Street, hetang: Street) -> None:
        with in_street(yunqiao.id):
            wei = cast.clerk(now=NOW)
        with in_street(hetang.id):
            cast.resident("魏", "13900000001", now=NOW)
        browser = Browser("hetang").enter(wei)
        assert browser.open("counter/").status_code == 403

    @pytest.mark.parametrize("page", POSTS_OF_ONES_OWN)
    def test_that_change_something_want_a_post_and_a_sign_in(
        self, in_yunqiao: Street, ids: dict[str, str], page: str
    ) -> None:
        address = page.format(**ids)
        assert Browser().enter(cast.resident(now=NOW)).open(address).status_code == 405
        assert Browser().send(address).status_code == 302

    def test_are_all_in_these_lists(self) -> None:
        listed = {
            re.sub(r"{[a-z]+}|(?<=consents/)care|care(?=/withdraw)", "<>", page)
            for page in (*PAGES, *POSTS_OF_THE_COUNTER, *POSTS_OF_ONES_OWN)
        }
        ours = {re.sub(r"<[a-z_:]+>", "<>", str(pattern.pattern)) for pattern in _routes(urlpatterns)}
        assert ours - {"sign-in/again/"} == listed


def _routes(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns)
        else:
            yield pattern


class TestProduction:
    def test_has_no_development_inbox(self, yunqiao: Street, settings: Settings) -> None:
        settings.IS_PRODUCTION = True
        assert Browser().open("inbox/").status_code == 404


class TestStatements:
    def count(self, browser: Browser, page: str) -> int:
        browser.open(page)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.open(page).status_code == 200
        return len(captured)

    @pytest.fixture
    def zhou(self, in_yunqiao: Street) -> Person:
        return cast.resident("周奶奶", "13800001234", now=NOW)

    def test_of_ones_own_page_do_not_grow_with_what_is_on_it(self, zhou: Person) -> None:
        browser = Browser().enter(zhou)
        before = self.count(browser, "me/"), self.count(browser, "me/proxy/")
        for number in range(5):
            phone = f"136111100{number:02}"
            helper = cast.resident(f"帮{number}", phone, now=NOW)
            proxy = commands.invite_helper(elder=zhou, phone=phone, scopes=[ProxyScope.REPORT], address="", now=NOW)
            commands.accept_invitation(proxy_id=proxy.id, helper=helper, now=NOW)
        assert (self.count(browser, "me/"), self.count(browser, "me/proxy/")) == before
        assert before[0] <= 10

    def test_of_being_signed_in_are_few(self, zhou: Person) -> None:
        """Street, session, account, person with the notice, and the bell of the bar."""
        assert self.count(Browser().enter(zhou), "me/name/") <= 5

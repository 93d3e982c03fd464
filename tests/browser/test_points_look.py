"""The pages of points and of the rulebook read well: on a phone, on a desk, in the dark, for an elder."""

from dataclasses import replace

import pytest
from django.conf import settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.words import ReversalReason
from huipai.rulebook.words import Port
from huipai.streets.models import Street
from tests import cast
from tests.browser import looking
from tests.cast import A_YEAR_AGO, FOUND
from tests.people import doors
from tests.points.ledger import award

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = replace(
    FOUND, code="ox-01", port=Port.OX, points=10, lot_months=1,
    title="陪独居老人去医院看病，把药怎么吃写成大字贴在床头",
    description="老人点头了再去；陪着挂号、取药、听医生说，回来当面讲一遍，走之前问一句明天还要不要帮忙。",
    day_cap=10, month_cap=60, owner="民政办", legal_ground="《老年人权益保障法》", why="去年有十一位老人吃错过药。",
)  # fmt: skip


@pytest.fixture
def signed_in(in_yunqiao: Street) -> dict[str, str]:
    """The session of somebody with every kind of line in her statement."""
    now = clock.now()
    cast.rulebook(FOUND, LONG, since=A_YEAR_AGO)
    lan = cast.resident(now=now)
    award(lan, received_at=A_YEAR_AGO, now=A_YEAR_AGO)
    first = award(lan)
    award(lan, item_code="ox-01", received_at=now, now=now)
    points.spend(person=lan, subject="order:1", points=14, actor=None, now=now)
    assert first.posting is not None
    points.reverse(
        posting_id=first.posting.id, actor=cast.appoint(cast.staff(), Role.REVIEWER), now=now,
        reason=ReversalReason.RECORDED_TWICE,
    )  # fmt: skip
    for _ in range(25):
        award(lan, item_code="woodpecker-02", now=now)
    browser = doors.Browser().enter(lan)
    return {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}


# What is left of a choice beside its words and the arrow, each in the browser's own drawing.
ROOM = """(all) => all.map((one) => {
    const [pen, style] = [document.createElement('canvas').getContext('2d'), getComputedStyle(one)];
    pen.font = style.font;
    const words = pen.measureText(one.selectedOptions[0].textContent).width, arrow = 1.5 * parseFloat(style.fontSize);
    return one.clientWidth - words - arrow - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
})"""
PATHS = ["points/", "points/?show=used", "points/?q=nothing", "rulebook/", "rulebook/1/ox-01/"]


@pytest.mark.long
def test_reads_well_in_every_view_on_the_narrowest_phone_and_a_slow_one(
    browser: Browser, live_server: LiveServer, signed_in: dict[str, str]
) -> None:
    found = looking.faults_of(browser, live_server.url, [f"/s/yunqiao/{path}" for path in PATHS], signed_in)
    assert not found, "\n".join(found)
    with looking.looking(browser, live_server.url, "elder", signed_in) as look:
        look.page.set_viewport_size({"width": 320, "height": 640})
        for path in PATHS:
            look.open(f"{live_server.url}/s/yunqiao/{path}")
            assert looking.sideways(look.page) <= 0, path
            rooms = look.page.locator("select").evaluate_all(ROOM)
            assert len(rooms) == ("points" in path) and min(rooms, default=0) >= 0, path
            assert looking.weight_of(look.page.content()) <= 100_000

"""The pages of linked households read well: of a home, of its contact, of the coordinator and of the reviewers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from huipai.households.commands import assessing, groups, links, needs
from huipai.households.models import Group, Link
from huipai.households.words import LinkState, NeedKind, Reason, Way
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Account, Person
from huipai.people.rules import local_date
from huipai.people.words import ConsentPurpose
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.browser import looking
from tests.browser.visiting import session_of
from tests.households.conftest import CALM, Stairwell, join_up, settle
from tests.households.test_assessing import QUARTER

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(yunqiao: Street) -> Iterator[Stairwell]:
    """云桥街道, in force, committed: the browser asks from another connection."""
    stairwell = settle(yunqiao)
    with in_street(yunqiao.id):
        yield stairwell


@pytest.fixture
def lived_in(here: Stairwell) -> Stairwell:
    """A group with a lead, a contact who came, a need in hand and one that is open, an incentive in publicity."""
    now = clock.now()
    Account.objects.update(phone_confirmed_at=now)
    for person in Person.objects.exclude(account=None):
        people.give_consent(person=person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=now)
    group = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=now)
    for household, person in ((here.first, here.lan), (here.second, here.hua)):
        groups.join(group_id=group.pk, household=household, agreed_by=person, actor=here.coordinator, now=now)
    groups.lead(group_id=group.pk, person=here.lan, actor=here.coordinator, now=now)
    link = links.ask_household(household=here.first, contact=here.tao, now=now)
    links.accept(link_id=link.pk, actor=here.lan, now=now)
    links.ask_household(household=here.second, contact=here.tao, now=now)
    wanted = [
        needs.raise_need(
            need_id=new_id(), household=here.first, kind=NeedKind.REPAIR, text=text, actor=here.lan, now=now
        )
        for text in ("厨房的水龙头漏水，晚上滴得老人睡不着", "楼道灯坏了")
    ]
    needs.take(need_id=wanted[0].pk, actor=here.tao, now=now)
    links.note_visit(
        link_id=link.pk, way=Way.DOOR, reason=Reason.NEED, note="换了垫圈，还要买一个新的", visited_on=local_date(now),
        need_id=wanted[0].pk, actor=here.tao, now=now,
    )  # fmt: skip
    join_up(here)
    proposed = [
        assessing.propose(
            household=household, item_code=CALM.code, quarter=QUARTER, note="楼道清爽", actor=here.coordinator, now=now
        )
        for household in (here.first, here.second)
    ]  # fmt: skip
    assessing.approve(assessment_id=proposed[0].pk, actor=here.qin, now=now)
    assessing.object_to(assessment_id=proposed[0].pk, text="堆过纸箱", actor=here.hua, now=now)
    return here


def pages(here: Stairwell) -> Iterator[tuple[Person, list[str], int | None]]:
    """Who opens which pages, and how high what they press is at a desk."""
    group, link = Group.objects.get().pk, Link.objects.get(state=LinkState.STANDING, contact=here.tao).pk
    yield (
        here.lan,
        ["household/", "household/needs/new/", "household/contact/", f"household/links/{link}/wishes/"],
        None,
    )
    yield here.hua, ["household/", "household/publicity/", "points/household/"], None
    yield here.tao, ["contacts/", "contacts/new/", f"contacts/{link}/visit/"], None
    # Where others are registered still; and somebody who says that they live there.
    yield here.coordinator, [f"counter/{here.hua.pk}/home/", f"counter/{here.hua.pk}/home/?household=H1"], None
    desk = ["linked/", "linked/new/", f"linked/{group}/", "linked/incentives/", "linked/incentives/new/"]
    yield here.coordinator, desk, 30
    yield here.bo, ["linked/incentives/"], 30


@pytest.mark.parametrize("one", range(6))
def test_every_page_reads_well_in_every_view(
    browser: Browser, live_server: LiveServer, lived_in: Stairwell, one: int
) -> None:
    person, paths, at_a_desk = list(pages(lived_in))[one]
    addresses = [f"/s/yunqiao/{path}" for path in paths]
    found = looking.faults_of(browser, live_server.url, addresses, session_of(person), at_a_desk=at_a_desk)
    assert not found, "\n".join(found)

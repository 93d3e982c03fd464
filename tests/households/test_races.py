"""What is to be seen by another connection, or told by the jobs, is committed: each test settles its street itself."""

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connections

from huipai.grid import commands as grid
from huipai.grid import queries as homes
from huipai.grid.models import Family
from huipai.households import queries
from huipai.households.commands import assessing, families, groups, links
from huipai.households.commands.refusals import LeftAlready, QuestionsWait
from huipai.households.models import Group
from huipai.households.words import MOST_QUESTIONS, NeedState
from huipai.kit import clock
from huipai.kit.verdict import Verdict
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose
from huipai.points.models import Posting
from huipai.points.words import Kind
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import TUESDAY, WEDNESDAY
from tests.households.conftest import CALM, Stairwell, join_up, settle
from tests.households.test_asking import members
from tests.households.test_assessing import AFTER, balance, in_public
from tests.households.test_families import differences, empty, lived_in, move_in, newcomer, there_now
from tests.households.test_links import need
from tests.jobs import run_jobs
from tests.points.ledger import at_once, until_another_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(yunqiao: Street) -> Iterator[Stairwell]:
    """云桥街道, in force."""
    stairwell = settle(yunqiao)
    with in_street(yunqiao.id):
        yield stairwell


class TestTwoAtOnce:
    def newcomers(self, yunqiao: Street) -> tuple[Stairwell, list[Person]]:
        here = settle(yunqiao)
        with in_street(yunqiao.id):
            lived_in(here)
            empty(here)
            return here, [newcomer(f"乔小{n}", f"1380000004{n}") for n in range(3)]

    def test_of_one_household_ask_as_few_as_one_after_the_other(self, yunqiao: Street) -> None:
        here = settle(yunqiao)
        with in_street(yunqiao.id):
            contacts = members(here, 6)
        ask = partial(links.ask_contact, household=here.second, actor=here.hua, now=TUESDAY)
        came_of = at_once(yunqiao, *[partial(ask, contact=contact) for contact in contacts])
        assert sum(isinstance(one, QuestionsWait) for one in came_of) == len(contacts) - MOST_QUESTIONS
        with in_street(yunqiao.id):
            assert queries.links_of_home(here.second).count() == MOST_QUESTIONS

    def test_begin_one_family(self, yunqiao: Street) -> None:
        here, new = self.newcomers(yunqiao)
        at_once(yunqiao, *[lambda person=person: move_in(here, person) for person in new])  # type: ignore[misc]
        with in_street(yunqiao.id):
            assert Family.objects.count() == 1
            assert Posting.objects.filter(kind=Kind.EXPIRY).count() == 1
            assert homes.living_in(here.first, WEDNESDAY).count() == 1, "the others are asked first"
            assert differences(yunqiao) == []

    def test_of_two_who_take_over_one_home_one_is_asked_again(self, yunqiao: Street) -> None:
        here = settle(yunqiao)
        with in_street(yunqiao.id):
            lived_in(here)
            new, seen = [newcomer(f"乔小{n}", f"1380000004{n}") for n in range(2)], there_now(here.first)
        at_once(yunqiao, *[
            lambda person=person: grid.take_over_home(  # type: ignore[misc]
                person=person, household=here.first, leaving=seen, at=WEDNESDAY, actor=here.coordinator, now=WEDNESDAY
            )
            for person in new
        ])  # fmt: skip
        with in_street(yunqiao.id):
            assert homes.living_in(here.first, WEDNESDAY).count() == 1 and Family.objects.count() == 1
            assert differences(yunqiao) == []

    def test_of_two_who_leave_at_once_the_second_is_the_last(self, yunqiao: Street) -> None:
        here = settle(yunqiao)
        with in_street(yunqiao.id):
            lived_in(here)
        at_once(yunqiao, *[
            lambda person=person: grid.move_out(person=person, at=TUESDAY, actor=here.coordinator, now=TUESDAY)  # type: ignore[misc]
            for person in (here.lan, here.child)
        ])  # fmt: skip
        with in_street(yunqiao.id):
            assert not queries.links_of_home(here.first)
            assert differences(yunqiao) == []


class TestFollowers:
    def test_the_right_people_are_told_and_a_consent_taken_back_stops_it(self, here: Stairwell) -> None:
        now = clock.now()
        asked = links.ask_household(household=here.first, contact=here.tao, now=now)
        run_jobs()
        assert list(Notice.objects.values_list("person_id", "kind")) == [(here.lan.id, "link.proposed")]
        links.accept(link_id=asked.pk, actor=here.lan, now=now)
        raised = need(here, now=now)
        run_jobs()
        assert set(Notice.objects.filter(person=here.tao).values_list("kind", flat=True)) == {
            "link.stands", "need.raised",
        }  # fmt: skip
        people.withdraw_consent(person=here.lan, purpose=ConsentPurpose.CARE, actor=here.lan, now=now)
        run_jobs()
        raised.refresh_from_db()
        assert (raised.state, raised.text) == (NeedState.WITHDRAWN, "")


def test_two_jobs_post_once(here: Stairwell) -> None:
    join_up(here)
    assessment = in_public(here)
    together = threading.Barrier(4)

    def job() -> None:
        try:
            with in_street(here.street.id):
                together.wait(10)
                assessing.post(assessment_id=assessment.pk, now=AFTER)
        finally:
            connections.close_all()

    jobs = [threading.Thread(target=job) for _ in range(4)]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()
    assert Posting.objects.filter(household=here.first).count() == 1
    assert balance(here) == CALM.points


class TestAGroupClosesWhileAHouseholdLeavesIt:
    """Both hold the group before its memberships."""

    @pytest.mark.parametrize("deed", ["leaves", "is_left_by_its_family"])
    def test_one_waits_for_the_other(self, here: Stairwell, monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
        group = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=TUESDAY)
        groups.join(group_id=group.pk, household=here.first, agreed_by=here.lan, actor=here.coordinator, now=TUESDAY)
        held, real = threading.Event(), groups.policies.may_keep_groups

        def may_keep(*asked: Any) -> Verdict:
            if not held.is_set():
                held.set()
                until_another_waits()
            return real(*asked)

        monkeypatch.setattr(groups.policies, "may_keep_groups", may_keep)

        def leave() -> None:
            assert held.wait(10)
            if deed == "leaves":
                groups.leave(household=here.first, actor=here.lan, now=WEDNESDAY)
            else:
                families.end_with_family(household=here.first, actor=None, now=WEDNESDAY)

        closed, left = at_once(
            here.street, lambda: groups.close_group(group_id=group.pk, actor=here.coordinator, now=WEDNESDAY), leave
        )
        assert isinstance(closed, Group) and (left is None or isinstance(left, LeftAlready))

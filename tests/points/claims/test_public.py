"""Who is thanked, what communities did, and one's own year tell what stands: no more, and no less."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role
from huipai.points import commands as points
from huipai.points import queries, rules
from huipai.points.models import Claim, Correction
from huipai.points.words import CorrectionReason, GrantReason
from tests.cases.test_pages import as_
from tests.cast import MONDAY, appoint, resident, staff
from tests.points.claims.world import HELP, World
from tests.points.test_awarding import home

pytestmark = pytest.mark.django_db
EARLY = datetime(2026, 11, 2, 2, tzinfo=UTC)
MONTH = rules.local_month(EARLY)
YEAR = rules.local_year(2026)


@pytest.fixture
def spare(world: World) -> Person:
    """A reviewer who has touched nothing."""
    return appoint(staff("严小松", "13900009999"), Role.REVIEWER)


def taken_back(world: World, claim: Claim) -> tuple[Correction, datetime]:
    """The points of a claim are asked back when nobody may object any more."""
    at = claim.object_until + timedelta(minutes=1)
    asked = points.propose_correction(
        posting_id=claim.posting_id, reason=CorrectionReason.RECORDED_WRONGLY, note="没做过", actor=world.qin, now=at
    )
    return points.approve_correction(correction_id=asked.id, actor=world.bo, now=at), at


def given_back(correction: Correction, claimant: Person, judge: Person, at: datetime) -> None:
    points.appeal_correction(correction_id=correction.id, actor=claimant, text="做了", now=at)
    points.uphold_appeal(correction_id=correction.id, actor=judge, now=at)


def agreed(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(birth_year=1980)
    people.give_consent(person=person, purpose=ConsentPurpose.THANK_YOU_WALL, now=EARLY)


class TestThanked:
    def test_nobody_for_what_was_taken_back_until_they_were_right(self, world: World, spare: Person) -> None:
        agreed(world.lan)
        claim = world.posted(now=EARLY)
        assert list(queries.thanked(MONTH)) == [claim]
        correction, at = taken_back(world, claim)
        assert not queries.thanked(MONTH)
        given_back(correction, world.lan, spare, at)
        assert list(queries.thanked(MONTH)) == [claim]

    def test_whoever_came_with_a_phone_and_said_they_are_14_but_no_child(self, world: World) -> None:
        claim = world.posted(now=EARLY)
        people.give_consent(person=world.lan, purpose=ConsentPurpose.THANK_YOU_WALL, now=EARLY)
        assert world.lan.birth_year is None and list(queries.thanked(MONTH)) == [claim]
        said = Person.objects.filter(pk=world.lan.pk)
        said.update(said_under_14_at=EARLY)
        assert not queries.thanked(MONTH)
        said.update(birth_year=EARLY.year - 14)
        assert not queries.thanked(MONTH)
        said.update(birth_year=EARLY.year - 15)
        assert list(queries.thanked(MONTH)) == [claim], "the paper counts"

    def test_no_child_is_named_in_public_by_year_or_as_they_said(self, world: World) -> None:
        assert queries.name_in_public(world.lan, EARLY) == "蓝**"
        world.lan.said_under_14_at = EARLY
        assert queries.name_in_public(world.lan, EARLY) == ""

    def test_what_is_done_in_the_last_days_of_a_month_in_the_month_in_which_it_is_posted(self, world: World) -> None:
        people_of_one_home = [world.lan, *(resident(f"贾{name}", f"1380000006{name}") for name in "2345")]
        home(*people_of_one_home)
        agreed(world.lan)
        last = datetime(2026, 11, 29, 2, tzinfo=UTC)
        claims = [world.posted(one, now=last) for one in people_of_one_home]
        december = rules.local_month(claims[0].object_until)
        assert claims[0].posting.posted_at >= december.begin
        assert not queries.thanked(MONTH) and not queries.totals(MONTH)
        assert list(queries.thanked(december)) == [claims[0]]
        assert [(one.deeds, one.people) for one in queries.totals(december)] == [(5, 5)]

    def test_by_full_name_only_to_neighbours_who_are_signed_in(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        agreed(world.lan)
        claim = world.posted(now=EARLY)
        monkeypatch.setattr(clock, "now", lambda: claim.object_until)
        wall = "/s/yunqiao/points/thanks/"
        seen, open_to_all = (client.get(wall).content.decode() for client in (as_(world.hua), Client()))
        assert world.lan.name in seen and world.lan.name not in open_to_all
        assert queries.name_in_public(world.lan, EARLY) in open_to_all and "登录以后看得到" in open_to_all

    def test_communities_count_the_same(self, world: World, spare: Person) -> None:
        people_of_one_home = [world.lan, *(resident(f"贾{name}", f"1380000006{name}") for name in "2345")]
        home(*people_of_one_home)
        claims = [world.posted(one, now=EARLY) for one in people_of_one_home]
        also = world.posted(world.lan, now=EARLY + timedelta(days=1))
        assert [(one.deeds, one.people) for one in queries.totals(MONTH)] == [(6, 5)]
        taken_back(world, also)
        assert [(one.deeds, one.people) for one in queries.totals(MONTH)] == [(5, 5)]
        correction, at = taken_back(world, claims[4])
        assert [(one.deeds, one.people) for one in queries.totals(MONTH)] == [(None, None)], "four are not said"
        given_back(correction, people_of_one_home[4], spare, at)
        assert [(one.deeds, one.people) for one in queries.totals(MONTH)] == [(5, 5)]


class TestYear:
    def test_has_what_was_given_by_hand(self, world: World) -> None:
        coordinator = appoint(staff("何协调", "13900000055"), Role.COORDINATOR)
        asked = points.propose_grant(
            person=world.lan, points=5, reason=GrantReason.MISSED, item_code=HELP.code, done_at=MONDAY,
            paper_number="ZB-1", actor=coordinator, now=MONDAY,
        )  # fmt: skip
        points.approve_grant(grant_id=asked.id, actor=world.qin, now=MONDAY)
        year = queries.year_of(world.lan, YEAR)
        assert (year.by_port, year.earned) == ({"ox": (1, 5)}, 5)

    def test_has_what_was_given_back_once(self, world: World, spare: Person) -> None:
        correction, at = taken_back(world, world.posted())
        assert queries.year_of(world.lan, YEAR).by_port == {}
        given_back(correction, world.lan, spare, at)
        assert queries.year_of(world.lan, YEAR).by_port == {"ox": (1, 5)}

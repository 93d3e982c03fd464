"""Links stand when both sides want them; visits are noted as the household wishes; needs are helped with."""

from datetime import time, timedelta

import pytest

from huipai.households import queries
from huipai.households.commands import links, needs
from huipai.households.commands.refusals import LinkMoved, NeedMoved, NotedAlready, NotThatDay, NotWished, WordsMissing
from huipai.households.models import Link, Need, NeedStep, Visit
from huipai.households.queries.proof import verify_households
from huipai.households.words import LinkState, NeedKind, NeedState, Reason, Way
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.words import ConsentPurpose
from tests.cast import MONDAY, TUESDAY
from tests.households.conftest import Stairwell

TODAY = MONDAY.date()


@pytest.fixture
def link(here: Stairwell) -> Link:
    asked = links.ask_household(household=here.first, contact=here.tao, now=MONDAY)
    return links.accept(link_id=asked.pk, actor=here.lan, now=MONDAY)


def visited(link: Link, here: Stairwell, **changed: object) -> Visit:
    asked: dict[str, object] = {
        "link_id": link.pk, "way": Way.DOOR, "reason": Reason.SAFETY, "note": "", "visited_on": TODAY,
        "need_id": None, "actor": here.tao, "now": MONDAY,
    }  # fmt: skip
    return links.note_visit(**{**asked, **changed})  # type: ignore[arg-type]


def need(here: Stairwell, **changed: object) -> Need:
    asked: dict[str, object] = {
        "need_id": new_id(), "household": here.first, "kind": NeedKind.REPAIR, "text": "水龙头漏水", "actor": here.lan,
        "now": MONDAY,
    }  # fmt: skip
    return needs.raise_need(**{**asked, **changed})  # type: ignore[arg-type]


class TestLink:
    def test_asked_twice_is_once_and_stands_when_the_household_agrees(self, here: Stairwell) -> None:
        asked = links.ask_household(household=here.first, contact=here.tao, now=MONDAY)
        assert links.ask_household(household=here.first, contact=here.tao, now=MONDAY) == asked
        for _twice in range(2):
            assert links.accept(link_id=asked.pk, actor=here.lan, now=MONDAY).state == LinkState.STANDING

    def test_nobody_answers_for_the_other_side(self, here: Stairwell) -> None:
        asked = links.ask_household(household=here.first, contact=here.tao, now=MONDAY)
        for person in (here.tao, here.hua, here.child):
            with pytest.raises(NotAllowed):
                links.accept(link_id=asked.pk, actor=person, now=MONDAY)
        from_home = links.ask_contact(household=here.second, contact=here.tao, actor=here.hua, now=MONDAY)
        with pytest.raises(NotAllowed):
            links.accept(link_id=from_home.pk, actor=here.hua, now=MONDAY)
        assert links.accept(link_id=from_home.pk, actor=here.tao, now=MONDAY).state == LinkState.STANDING

    def test_a_no_needs_no_reason_and_can_be_asked_again(self, here: Stairwell) -> None:
        asked = links.ask_household(household=here.first, contact=here.tao, now=MONDAY)
        links.decline(link_id=asked.pk, actor=here.lan, now=MONDAY)
        with pytest.raises(LinkMoved):
            links.accept(link_id=asked.pk, actor=here.lan, now=MONDAY)
        again = MONDAY + timedelta(days=30)
        assert links.ask_household(household=here.first, contact=here.tao, now=again) != asked

    def test_only_somebody_of_the_place_is_asked(self, here: Stairwell) -> None:
        with pytest.raises(NotAllowed):
            links.ask_household(household=here.first, contact=here.hua, now=MONDAY)
        with pytest.raises(NotAllowed):
            links.ask_household(household=here.second, contact=here.hua, now=MONDAY)

    def test_either_side_ends_it(self, here: Stairwell, link: Link) -> None:
        with pytest.raises(NotAllowed):
            links.end(link_id=link.pk, actor=here.hua, now=TUESDAY)
        for _twice in range(2):
            assert links.end(link_id=link.pk, actor=here.lan, now=TUESDAY).state == LinkState.ENDED


class TestVisit:
    def test_is_noted_once_a_day_and_reason(self, here: Stairwell, link: Link) -> None:
        assert visited(link, here) == visited(link, here)
        visited(link, here, reason=Reason.COMPANY)
        assert Visit.objects.count() == 2
        for other in ({"note": "下午又来了一趟"}, {"way": Way.PHONE}):
            with pytest.raises(NotedAlready):
                visited(link, here, **other)

    def test_keeps_to_what_the_household_wishes(self, here: Stairwell, link: Link) -> None:
        wishes = links.Wishes((Way.PHONE,), time(9), time(18))
        links.wish(link_id=link.pk, wishes=wishes, actor=here.lan, now=MONDAY)
        with pytest.raises(NotWished):
            visited(link, here)
        visited(link, here, way=Way.PHONE)
        with pytest.raises(NotAllowed):
            links.wish(link_id=link.pk, wishes=links.Wishes(), actor=here.tao, now=MONDAY)

    @pytest.mark.parametrize("days", [1, -31])
    def test_is_of_a_day_that_was(self, here: Stairwell, link: Link, days: int) -> None:
        with pytest.raises(NotThatDay):
            visited(link, here, visited_on=TODAY + timedelta(days=days))

    def test_the_household_may_say_that_nobody_came(self, here: Stairwell, link: Link) -> None:
        visit = visited(link, here)
        with pytest.raises(NotVisible):
            links.deny_visit(visit_id=visit.pk, actor=here.hua, now=TUESDAY)
        for _twice in range(2):
            links.deny_visit(visit_id=visit.pk, actor=here.lan, now=TUESDAY)
        visit.refresh_from_db()
        assert visit.denied_by == here.lan

    def test_nobody_else_notes_one(self, here: Stairwell, link: Link) -> None:
        with pytest.raises(NotVisible):
            visited(link, here, actor=here.coordinator)


class TestNeed:
    def test_is_raised_once_with_the_households_consent(self, here: Stairwell) -> None:
        raised = need(here)
        assert need(here, need_id=raised.pk) == raised
        assert raised.consent.purpose == ConsentPurpose.CARE
        with pytest.raises(NotVisible):
            need(here, need_id=raised.pk, actor=here.hua, household=here.second)
        with pytest.raises(NotAllowed):
            need(here, actor=here.child)
        with pytest.raises(WordsMissing):
            need(here, kind=NeedKind.OTHER, text=" \u200b\u202e")

    def test_is_taken_by_the_first_finished_and_disputed(self, here: Stairwell, link: Link) -> None:
        raised = need(here)
        for _twice in range(2):
            needs.take(need_id=raised.pk, actor=here.tao, now=MONDAY)
        with pytest.raises(NeedMoved):
            needs.take(need_id=raised.pk, actor=here.coordinator, now=MONDAY)
        for _twice in range(2):
            assert needs.finish(need_id=raised.pk, actor=here.tao, now=MONDAY).state == NeedState.MET
        assert needs.reopen(need_id=raised.pk, actor=here.lan, now=TUESDAY).state == NeedState.OPEN
        needs.take(need_id=raised.pk, actor=here.coordinator, now=TUESDAY)
        assert needs.give_up(need_id=raised.pk, actor=here.coordinator, now=TUESDAY).state == NeedState.UNMET
        taken = NeedStep.objects.filter(need=raised).order_by("position").values_list("to_state", flat=True)
        assert list(taken) == ["open", "taken", "met", "open", "taken", "unmet"]

    def test_is_open_again_when_the_link_of_who_had_it_in_hand_ends(self, here: Stairwell, link: Link) -> None:
        raised, kept = need(here), need(here)
        needs.take(need_id=raised.pk, actor=here.tao, now=MONDAY)
        needs.take(need_id=kept.pk, actor=here.coordinator, now=MONDAY)
        for _twice in range(2):
            links.end(link_id=link.pk, actor=here.lan, now=TUESDAY)
        raised.refresh_from_db()
        kept.refresh_from_db()
        assert (raised.state, raised.taken_by) == (NeedState.OPEN, None)
        assert kept.taken_by == here.coordinator
        assert needs.take(need_id=raised.pk, actor=here.coordinator, now=TUESDAY).taken_by == here.coordinator
        assert list(verify_households(here.street)) == []

    def test_is_read_by_the_household_its_contact_and_its_coordinator_only(self, here: Stairwell, link: Link) -> None:
        raised = need(here)
        assert raised in queries.needs_for(here.tao, MONDAY)
        assert raised in queries.needs_for(here.coordinator, MONDAY)
        for person in (here.hua, here.qin):
            assert raised not in queries.needs_for(person, MONDAY)
            with pytest.raises(NotVisible):
                needs.take(need_id=raised.pk, actor=person, now=MONDAY)
        links.end(link_id=link.pk, actor=here.lan, now=MONDAY)
        assert raised not in queries.needs_for(here.tao, MONDAY)

    def test_withdrawn_its_words_are_gone(self, here: Stairwell) -> None:
        raised = need(here)
        for _twice in range(2):
            needs.withdraw(need_id=raised.pk, actor=here.lan, now=TUESDAY)
        raised.refresh_from_db()
        assert (raised.state, raised.text) == (NeedState.WITHDRAWN, "")

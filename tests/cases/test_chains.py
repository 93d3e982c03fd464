"""One matter merged twice over: the unit's clock stood wherever the matter lay then, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huipai.cases.commands import arriving, confirming, deciding, triage, working
from huipai.cases.models import Case, CaseType, Confirmation, Report, StageLimit, WorkOrder
from huipai.cases.order_words import Stage
from huipai.cases.queries import proof
from huipai.cases.rules import stages
from huipai.grid.models import Assignment
from huipai.people.words import Role
from huipai.workdays import queries as workdays
from huipai.workdays.words import Interval, Pending, Span, Unit
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cast import MONDAY

DAY = timedelta(days=1)
LIMIT = Span(2, Unit.WORKDAYS)


@dataclass
class Clock:
    """What a unit had of one case: from when, when it stood, what it was given. Counted here from the story alone."""

    began: datetime
    pauses: list[Interval] = field(default_factory=list)
    given: list[Span] = field(default_factory=list)

    @property
    def due(self) -> datetime | None:
        end = stages.due(
            self.began, LIMIT, pauses=self.pauses, extensions=self.given,
            due_at=lambda begins, span, stopped: workdays.due_at(begins, span, suspended=stopped),
        )  # fmt: skip
        return None if isinstance(end, Pending) else end


@dataclass
class Matter:
    """A case that is sent to one unit, and the clocks of all that is one with it."""

    place: Place
    case: Case
    clocks: list[Clock] = field(default_factory=list)
    order: WorkOrder | None = None

    def hub(self) -> Hub:
        return Hub(self.place, self.case)

    def live(self) -> WorkOrder | None:
        return WorkOrder.objects.live().filter(case=self.case).first()

    def sent(self, now: datetime) -> WorkOrder:
        order = self.live()
        if order is None:
            first = not WorkOrder.objects.filter(case=self.case).exists()
            order = self.hub().signed(now=now)
            if first:
                self.clocks.append(Clock(now))
        return order

    def stands(self, since: datetime, until: datetime) -> None:
        for clock in self.clocks:
            clock.pauses.append(Interval(since, until))

    def set_aside(self, now: datetime) -> None:
        order = self.sent(now)
        promised = Case.objects.get(pk=self.case.pk).due_at
        if any(end is not None and end <= now + HOUR for end in (order.due_at, promised)):
            return  # nothing is set aside that is overdue, at its unit or to whoever reported it
        deciding.suspend(
            order_id=order.id, actor=self.place.dispatcher, ground="weather", text="等工人", rests_until=now + 3 * DAY,
            now=now + HOUR,
        )  # fmt: skip
        deciding.lapse(case_id=self.case.id, now=now + 3 * DAY)
        self.stands(now + HOUR, now + 3 * DAY)

    def found_undone(self, now: datetime) -> None:
        check = self.hub().responded(self.sent(now), now=now + HOUR)
        self.hub().failed(check, now=now + DAY)
        self.stands(now + HOUR, now + DAY)

    def disputed(self, now: datetime) -> None:
        check = self.hub().responded(self.sent(now), now=now + HOUR)
        self.hub().passed(check, now=now + 2 * HOUR)
        reporter = Report.objects.filter(case=self.case).earliest("id").reporter
        confirming.dispute(case_id=self.case.id, actor=reporter, text="还在", photo_ids=(), now=now + 2 * DAY)
        self.stands(now + HOUR, now + 2 * DAY)

    def given_time(self, now: datetime) -> None:
        order = self.sent(now)
        if order.due_at is not None and order.due_at <= now + 2 * HOUR:
            return
        asked = working.ask_extension(
            order_id=order.id, actor=self.place.shi, ground="weather", text="等料", days=2, now=now + HOUR
        )
        deciding.grant(request_id=asked.id, actor=self.place.dispatcher, text="", now=now + 2 * HOUR)
        for clock in self.clocks:
            clock.given.append(Span(2, Unit.WORKDAYS))

    def merged_into(self, into: Matter, now: datetime) -> None:
        triage.merge(case_id=self.case.id, into_id=into.case.id, actor=self.place.dispatcher, now=now)
        into.clocks += self.clocks

    def holds(self) -> None:
        order = self.live()
        if order is not None:
            assert order.due_at == min((clock.due for clock in self.clocks if clock.due), default=None)


DEEDS = ("set_aside", "found_undone", "disputed", "given_time", "sent")
few, some = (st.lists(st.sampled_from(DEEDS), min_size=most - 1, max_size=most) for most in (1, 2))


@pytest.fixture
def place(here: Place) -> Place:
    """With checkers enough: who has looked once looks no more."""
    for number in range(8):
        person = cast.resident(f"查小{number}", f"1380009{number:04}", now=cast.A_MONTH_AGO)
        Assignment.objects.create(person=person, role=Role.CHECKER, node=here.town["S"], valid_from=cast.A_MONTH_AGO)
    return here


def three(place: Place) -> tuple[Matter, Matter, Matter]:
    """The oldest first."""
    people = (place.lan, place.hua, place.lan)
    cases = [place.report(who, case_type=LITTER, now=MONDAY + at * HOUR) for at, who in enumerate(people)]
    return Matter(place, cases[0]), Matter(place, cases[1]), Matter(place, cases[2])


@pytest.mark.long
@settings(
    max_examples=8, deadline=None, print_blob=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(first=some, second_before=few, second=some, third_before=few, third=some)
def test_a_units_clock_stood_where_its_matter_lay(
    place: Place,
    first: list[str],
    second_before: list[str],
    second: list[str],
    third_before: list[str],
    third: list[str],
) -> None:
    """A into B, B into C, whatever befell each before and after."""
    with transaction.atomic():
        c, b, a = three(place)
        now = MONDAY + DAY
        story = [*((a, d) for d in first), *((b, d) for d in second_before), (a, b), *((b, d) for d in second)]
        story += [*((c, d) for d in third_before), (b, c), *((c, d) for d in third)]
        for matter, deed in story:
            if isinstance(deed, Matter):
                matter.merged_into(deed, now)
            else:
                getattr(matter, deed)(now)
            now += 3 * DAY + 2 * HOUR
            for one in (a, b, c):
                one.holds()
        assert list(proof.verify_cases(place.street)) == []
        transaction.set_rollback(True)


class TestOnTheWay:
    def test_a_pause_of_the_case_between_is_not_lost(self, place: Place) -> None:
        c, b, a = three(place)
        a.sent(MONDAY + 4 * HOUR)
        a.merged_into(b, MONDAY + 5 * HOUR)
        b.set_aside(MONDAY + 6 * HOUR)
        before = b.live()
        b.merged_into(c, MONDAY + 4 * DAY)
        assert before is not None and c.sent(MONDAY + 4 * DAY + HOUR).due_at == before.due_at

    def test_nor_what_was_granted_there(self, place: Place) -> None:
        c, b, a = three(place)
        a.sent(MONDAY + 4 * HOUR)
        a.merged_into(b, MONDAY + 5 * HOUR)
        b.given_time(MONDAY + 6 * HOUR)
        before = b.live()
        b.merged_into(c, MONDAY + 4 * DAY)
        assert before is not None and c.sent(MONDAY + 4 * DAY + HOUR).due_at == before.due_at

    def test_and_a_pause_of_what_it_came_into_later_gains_nothing(self, place: Place) -> None:
        c, b, a = three(place)
        order = a.sent(MONDAY + 4 * HOUR)
        c.set_aside(MONDAY + 4 * HOUR)
        a.merged_into(b, MONDAY + 5 * HOUR)
        b.merged_into(c, MONDAY + 4 * DAY)
        now = c.live()
        assert now is not None and now.due_at == order.due_at

    def test_who_comes_after_it_was_set_aside_and_merged_comes_in_time(self, place: Place) -> None:
        StageLimit.objects.create(
            case_type=CaseType.objects.get(code=LITTER), stage=Stage.ARRIVE, amount=1, unit=Unit.WORKDAYS
        )
        c, _b, a = three(place)
        a.set_aside(MONDAY + 4 * HOUR)
        later = MONDAY + 3 * DAY + 5 * HOUR
        a.merged_into(c, later)
        order = c.sent(later + HOUR)
        mark = arriving.arrive_for_unit(order_id=order.id, actor=place.shi, now=later + 2 * HOUR)
        assert mark is not None and mark.due_at is not None and mark.done_at < mark.due_at


def test_everybody_is_asked_once_and_one_dispute_is_one_rework(place: Place) -> None:
    c, b, a = three(place)
    a.sent(MONDAY + 4 * HOUR)
    a.merged_into(b, MONDAY + 5 * HOUR)
    b.disputed(MONDAY + 6 * HOUR)
    b.merged_into(c, MONDAY + 3 * DAY)
    c.disputed(MONDAY + 4 * DAY)
    for round in (1, 2):
        asked = Confirmation.objects.filter(case=c.case, round=round)
        if round == 2:
            check = c.hub().responded(c.sent(MONDAY + 7 * DAY), now=MONDAY + 7 * DAY)
            c.hub().passed(check, now=MONDAY + 7 * DAY + HOUR)
        assert {one.report.reporter_id for one in asked} == {place.lan.id, place.hua.id} and asked.count() == 2
    for who in (place.lan, place.hua):
        confirming.confirm(case_id=c.case.id, actor=who, rating=5, text="", now=MONDAY + 8 * DAY)
    assert set(Case.objects.values_list("state", "outcome")) == {("closed", "confirmed"), ("merged", "merged")}
    assert not WorkOrder.objects.live().exclude(case=c.case).exists()
    assert list(proof.verify_cases(place.street)) == []

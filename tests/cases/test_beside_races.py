"""At the same time, on a real PostgreSQL: findings, comments and marks, each once and in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from huipai.cases.commands import arriving, comments, finding_false, following, handling
from huipai.cases.commands.comments import EnoughForToday, EnoughHere
from huipai.cases.commands.finding_false import FoundAlready
from huipai.cases.comment_words import CommentState
from huipai.cases.finding_words import FindingState
from huipai.cases.models import (
    Case,
    CaseType,
    Check,
    Comment,
    Finding,
    FindingStep,
    Follow,
    StageLimit,
    StageMark,
)
from huipai.cases.order_words import Stage
from huipai.cases.queries import proof
from huipai.cases.rules.machine import NotNow
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.streets.models import Street
from huipai.workdays.words import Unit
from tests.cases.conftest import LITTER, Place, settle
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import release
from tests.cast import MONDAY
from tests.photos.conftest import folder
from tests.points.ledger import at_once

__all__ = ["folder"]
pytestmark = pytest.mark.django_db(transaction=True)
SEEN = "两次去看，这里没有这样的东西，旁边三户也说没有"


@pytest.fixture
def here(in_yunqiao: Street) -> Place:
    return settle(in_yunqiao, 1)


def kinds(came: list[object]) -> Counter[str]:
    return Counter(type(one).__name__ for one in came)


class TestFindings:
    def found(self, here: Place, case: Case, by: Person) -> Finding:
        return finding_false.find(
            case_id=case.id, report_id=None, actor=by, ground="made_up", text=SEEN, now=MONDAY + HOUR
        )

    def test_one_report_is_found_false_once_and_decided_on_once(self, here: Place) -> None:
        case = here.report()
        handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="没看到", now=MONDAY)
        finders = (here.coordinator, here.dispatcher) * 2
        came = at_once(here.street, *[lambda by=by: self.found(here, case, by) for by in finders])
        one = Finding.objects.get()
        # Whoever was first has the same answer twice, the other hears twice that it is done.
        assert [finding for finding in came if isinstance(finding, Finding)] == [one, one]
        assert sum(isinstance(told, FoundAlready) for told in came) == 2
        said = {"finding_id": one.id, "actor": here.lan, "now": MONDAY + 2 * HOUR}
        appeals = at_once(
            here.street,
            *[lambda: finding_false.appeal(text="我早上拍的", **said)] * 2,
            lambda: finding_false.retract(finding_id=one.id, actor=one.found_by, now=MONDAY + 2 * HOUR),
        )
        one.refresh_from_db()
        if one.state == FindingState.APPEALED:
            hears = here.dispatcher if one.found_by == here.coordinator else here.coordinator
            decide = {"finding_id": one.id, "actor": hears, "text": "问了旁边的店，确实有", "now": MONDAY + 3 * HOUR}
            ended = at_once(
                here.street, lambda: finding_false.lift(**decide), lambda: finding_false.uphold(**decide),
                lambda: finding_false.lift(**decide),
            )  # fmt: skip
            assert kinds(ended)["NotNow"] >= 1 and kinds(ended)["Finding"] >= 1
        assert kinds(appeals)["Finding"] >= 1
        steps = list(FindingStep.objects.filter(finding=one).order_by("position").values_list("position", "to_state"))
        one.refresh_from_db()
        assert [at for at, _state in steps] == list(range(1, len(steps) + 1)) and len(steps) in (2, 3)
        assert steps[-1][1] == one.state != FindingState.APPEALED
        assert list(proof.verify_cases(here.street)) == []


class TestComments:
    def public(self, here: Place, by: Person) -> Case:
        case = here.report(by, now=clock.now() - HOUR, case_type=LITTER)
        release(here, case, by=here.coordinator, now=clock.now())
        return case

    def write(self, here: Place, case: Case, comment_id: UUID | None = None, text: str = "绕着走") -> Comment:
        return comments.write(
            comment_id=comment_id or new_id(), code=case.code, author=here.hua, text=text, now=clock.now()
        )

    def test_without_the_lock_a_person_has_more_than_is_allowed(self, here: Place) -> None:
        comments.open_in(node_id=here.town["C"].id, actor=here.coordinator, now=clock.now())
        case, together = self.public(here, here.lan), Barrier(4)

        def hasty() -> None:
            alive = Comment.objects.filter(author=here.hua, case=case).count()
            together.wait(10)
            if alive < 3:
                Comment.objects.create(
                    case=case, author=here.hua, text="绕着走", written_at=clock.now(), written_date=clock.now().date()
                )

        at_once(here.street, *[hasty] * 4)
        assert Comment.objects.count() == 4

    def test_with_it_three_a_case_five_a_day_once_each_and_one_decision(self, here: Place) -> None:
        comments.open_in(node_id=here.town["C"].id, actor=here.coordinator, now=clock.now())
        case, other, same = self.public(here, here.lan), self.public(here, here.qin), new_id()
        came = at_once(here.street, *[lambda: self.write(here, case, same)] * 3)
        assert came == [Comment.objects.get()] * 3
        came = at_once(here.street, *[lambda: self.write(here, case)] * 4)
        assert kinds(came) == {"Comment": 2, EnoughHere.__name__: 2}
        came = at_once(here.street, *[lambda: self.write(here, other)] * 4)
        assert kinds(came) == {"Comment": 2, EnoughForToday.__name__: 2}
        decided = at_once(
            here.street,
            lambda: comments.show(comment_id=same, actor=here.coordinator, now=clock.now()),
            lambda: comments.withdraw(comment_id=same, author=here.hua, now=clock.now()),
            lambda: comments.refuse(comment_id=same, actor=here.coordinator, reason="insult", now=clock.now()),
        )
        one = Comment.objects.get(pk=same)
        # Taken back wins over everything; else the last word of the desk stands.
        assert decided[1] is not None and one.state == CommentState.WITHDRAWN and one.text == ""
        assert all(told is None or isinstance(told, Comment | NotNow) for told in decided)
        assert list(proof.verify_cases(here.street)) == []


class TestFollowing:
    """Who is drawn to check does not follow (ruling 9), also where both happen in one moment. One checker is there."""

    def beside_the_draw(self, here: Place, follow: Callable[[Case], object]) -> tuple[Case, list[object]]:
        """The draw is made and not yet kept when somebody begins to follow: what the draw and that one came to."""
        Assignment.objects.filter(person=here.bo, role=Role.CHECKER).update(valid_until=MONDAY)
        case = here.report(case_type=LITTER)
        release(here, case, by=here.coordinator, now=MONDAY)
        drawn, began = Event(), Event()

        def draw() -> object:
            with transaction.atomic():
                handling.handle_on_the_spot(
                    case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=MONDAY + HOUR
                )
                drawn.set()
                assert began.wait(20)
            return Check.objects.get(case=case).checker

        def beside() -> object:
            assert drawn.wait(20)
            with ThreadPoolExecutor(1) as other:
                going = other.submit(self.watched, here, began)
                try:
                    return follow(case)
                finally:
                    began.set()
                    going.result(30)

        return case, at_once(here.street, draw, beside)

    def watched(self, here: Place, began: Event) -> None:
        """Let the draw go on once somebody waits for it; nobody does where nothing is held."""
        with in_street(here.street.id), connection.cursor() as cursor:
            while not began.is_set():
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if cursor.fetchone():
                    began.set()
        connections.close_all()

    def test_without_the_lock_the_one_who_is_drawn_follows(self, here: Place) -> None:
        def hasty(case: Case) -> object:
            assert not Check.objects.filter(case=case, checker=here.qin).exists()
            return Follow.objects.create(case=case, person=here.qin, followed_at=MONDAY + HOUR).person

        case, came = self.beside_the_draw(here, hasty)
        assert came == [here.qin, here.qin] and Follow.objects.filter(case=case, person=here.qin).exists()

    def test_with_it_they_wait_for_the_draw_and_are_refused(self, here: Place) -> None:
        case, (checker, told) = self.beside_the_draw(
            here, lambda case: following.follow(code=case.code, person=here.qin, now=MONDAY + HOUR)
        )
        assert checker == here.qin and isinstance(told, NotAllowed) and told.code == "own_check"
        assert not Follow.objects.filter(case=case).exists()


def test_two_of_a_unit_who_come_at_once_are_there_once(here: Place) -> None:
    litter = CaseType.objects.get(code=LITTER)
    StageLimit.objects.create(case_type=litter, stage=Stage.ARRIVE, amount=2, unit=Unit.WORK_HOURS)
    hub = Hub.with_a_case(here)
    order = hub.signed()
    came = at_once(
        here.street,
        *[
            lambda by=by: arriving.arrive_for_unit(order_id=order.id, actor=by, now=MONDAY + 2 * HOUR)
            for by in (here.shi, here.chief) * 2
        ],
    )
    assert came == [StageMark.objects.get()] * 4
    assert list(proof.verify_cases(here.street)) == []

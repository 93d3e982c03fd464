"""Joint tasks in threads: two units muster at once, two coordinators whistle, one ends it while a unit answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError

from huipai.cases.commands import filing
from huipai.cases.commands.joint import ending, mustering, whistling
from huipai.cases.joint_words import CallState, JointAction, JointState
from huipai.cases.models import JointStep, JointTask, UnitCall
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Actor
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cases.conftest import LITTER, Place, settle
from tests.cast import MONDAY
from tests.points.ledger import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def here(yunqiao: Street) -> Iterator[Place]:
    """云桥街道, in force; committed, so that other connections see it."""
    place = settle(yunqiao, 1)
    with in_street(yunqiao.id):
        yield place


def whistled(place: Place, matter: str = "一起去看") -> JointTask:
    case = place.report(case_type=LITTER)
    return whistling.whistle(
        case_ids=[case.id], unit_ids=[place.police.id, place.guard.id], actor=place.coordinator, matter=matter, hours=4,
        now=MONDAY,
    )  # fmt: skip


def steps(task: JointTask) -> list[str]:
    found = list(JointStep.objects.filter(task=task).order_by("position").values_list("position", "action"))
    assert [position for position, _ in found] == list(range(1, len(found) + 1))
    return [action for _, action in found]


class TestTwoUnitsMuster:
    def test_without_the_lock_both_take_the_same_place_among_the_steps(self, here: Place) -> None:
        task, together = whistled(here), Barrier(2)

        def hasty() -> None:
            seen = JointTask.objects.get(pk=task.pk)
            last = seen.steps.count()
            together.wait(10)
            JointStep.objects.create(
                task=seen, position=last + 1, action=JointAction.MUSTER, from_state=seen.state,
                to_state=JointState.MUSTERING, part=Actor.UNIT, happened_at=MONDAY,
            )  # fmt: skip

        outcomes = at_once(here.street, hasty, hasty)
        assert sorted(isinstance(outcome, IntegrityError) for outcome in outcomes) == [False, True]

    def test_with_it_both_are_there(self, here: Place) -> None:
        task = whistled(here)
        calls = {call.unit_id: call for call in UnitCall.objects.filter(task=task)}
        pairs = ((calls[here.police.id], here.xu), (calls[here.guard.id], here.ning))
        outcomes = at_once(
            here.street,
            *(
                lambda call=call, person=person: mustering.muster(
                    call_id=call.id, envoy_id=person.id, actor=person, now=MONDAY + HOUR
                )
                for call, person in pairs
            ),
        )
        assert all(isinstance(outcome, UnitCall) for outcome in outcomes), outcomes
        assert steps(task) == ["whistle", "muster", "muster"]
        assert UnitCall.objects.filter(state=CallState.MUSTERED).count() == 2


def test_the_whistler_ends_it_while_a_unit_answers(here: Place) -> None:
    task = whistled(here)
    call = UnitCall.objects.get(task=task, unit=here.police)
    outcomes = at_once(
        here.street,
        lambda: ending.call_off(task_id=task.id, actor=here.coordinator, text="不用了", now=MONDAY + HOUR),
        lambda: mustering.muster(call_id=call.id, envoy_id=here.xu.id, actor=here.xu, now=MONDAY + HOUR),
    )
    task.refresh_from_db()
    call.refresh_from_db()
    assert task.state == JointState.CALLED_OFF and isinstance(outcomes[0], JointTask)
    late = isinstance(outcomes[1], NotNow)
    assert call.state == (CallState.RELEASED if late else CallState.MUSTERED)
    assert steps(task) == ["whistle", *([] if late else ["muster"]), "call_off"]


def test_two_whistles_on_one_case_are_one(here: Place) -> None:
    case = here.report(case_type=LITTER)
    outcomes = at_once(
        here.street,
        *(
            lambda matter=matter: whistling.whistle(
                case_ids=[case.id],
                unit_ids=[here.police.id, here.guard.id],
                actor=here.coordinator,
                matter=matter,
                hours=4,
                now=MONDAY,
            )
            for matter in ("先到的", "后到的")
        ),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["JointTask", "WhistledAlready"]


def test_the_case_ends_while_a_unit_musters_and_nobody_waits_for_the_other(here: Place) -> None:
    task = whistled(here)
    call = UnitCall.objects.get(task=task, unit=here.police)
    case = task.cases.get().case
    at_once(
        here.street,
        lambda: filing.void(case_id=case.id, actor=here.dispatcher, reason="test", text="试的", now=MONDAY + HOUR),
        lambda: mustering.muster(call_id=call.id, envoy_id=here.xu.id, actor=here.xu, now=MONDAY + HOUR),
    )
    task.refresh_from_db()
    assert task.state == JointState.CALLED_OFF and steps(task)[-1] == "call_off"

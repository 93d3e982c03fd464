"""What the demo plays at the hub can be played: each scene is a way of the machine, in the past and in order."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from types import SimpleNamespace

import pytest

from huipai.cases.joint_words import CallState, JointState
from huipai.cases.models import Case, CaseType, JointStep, JointTask, Transition
from huipai.cases.words import Outcome
from huipai.cli.seed.plant import hub, hub_people, whistles
from huipai.grid.models import Unit
from tests.cases.conftest import LITTER, Place
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scene", dict.fromkeys((*hub.OF_CARS, *hub.SCENES)), ids=lambda scene: scene.__name__)
def test_a_scene_of_the_hub(here: Place, scene: hub.Scene) -> None:
    until = MONDAY + timedelta(hours=5)
    here.report(case_type=LITTER, now=MONDAY)
    desk = hub_people.Hub(here.dispatcher, {unit.code: unit for unit in Unit.objects.all()}, until, Random(1))
    [case] = hub.open_cases(here.dispatcher)
    scene(desk, case)
    steps = list(Transition.objects.filter(case=case).order_by("position"))
    together = JointStep.objects.filter(task__cases__case=case).count()
    assert len(steps) + together > 1 and steps[-1].to_state == Case.objects.get(pk=case.pk).state
    assert [step.happened_at for step in steps] == sorted(step.happened_at for step in steps)
    assert steps[-1].happened_at <= until


def test_a_joint_task_of_the_demo_is_rated(here: Place) -> None:
    until = MONDAY + timedelta(hours=5)
    case = here.report(case_type=LITTER, now=MONDAY)
    desk = hub_people.Hub(here.dispatcher, {unit.code: unit for unit in Unit.objects.all()}, until, Random(1))
    whistles.looked_at_together(desk, case)
    task = JointTask.objects.get(cases__case=case)
    assert task.state == JointState.RATED and "一百五十个车位" in task.result
    assert {call.state for call in task.calls.all()} == {CallState.MUSTERED}
    assert task.calls.filter(unit=desk.police_post()).exists()
    assert Case.objects.get(pk=case.pk).outcome == Outcome.CONFIRMED


def test_what_is_told_of_cars_hangs_on_cases_of_cars(here: Place) -> None:
    """The parking story once stood on a street lamp's public page: whatever was open next was taken."""
    until = MONDAY + timedelta(hours=9)
    CaseType.objects.create(code=hub.CARS[0], name="车位不够", limit_amount=9, limit_unit="workdays")
    for number in range(hub.FEW):
        here.report((here.lan, here.hua)[number % 2], case_type=LITTER, now=MONDAY + timedelta(minutes=number))
    jam = here.report(case_type=hub.CARS[0], now=MONDAY)
    crowd = SimpleNamespace(holding=lambda _role: [here.dispatcher])
    ground = SimpleNamespace(units={unit.code: unit for unit in Unit.objects.all()}, street=here.street)
    hub.plant_hub(crowd, ground, until=until, seed=1)  # type: ignore[arg-type]
    assert [link.case_id for task in JointTask.objects.all() for link in task.cases.all()] == [jam.id]

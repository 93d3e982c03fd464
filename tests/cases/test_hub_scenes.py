"""What the demo plays at the hub can be played: each scene is a way of the machine, in the past and in order."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from huipai.cases.joint_words import JointState
from huipai.cases.models import Case, JointStep, JointTask, Transition
from huipai.cli.seed.plant import hub
from huipai.grid.models import Unit
from tests.cases.conftest import LITTER, Place
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scene", dict.fromkeys(hub.SCENES), ids=lambda scene: scene.__name__)
def test_a_scene_of_the_hub(here: Place, scene: hub.Scene) -> None:
    until = MONDAY + timedelta(hours=5)
    here.report(case_type=LITTER, now=MONDAY)
    desk = hub.Hub(here.dispatcher, {unit.code: unit for unit in Unit.objects.all()}, until, Random(1))
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
    desk = hub.Hub(here.dispatcher, {unit.code: unit for unit in Unit.objects.all()}, until, Random(1))
    hub._looked_at_together(desk, case)
    assert JointTask.objects.get(cases__case=case).state == JointState.RATED

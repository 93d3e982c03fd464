"""What came of a joint task is read where the matter goes on, by everybody who would have read it (0075)."""

from __future__ import annotations

import pytest

from huipai.cases import telling_joint
from huipai.cases.commands import triage
from huipai.cases.commands.joint import ending
from huipai.cases.queries import joint, proof
from huipai.people.models import Person
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.joint import DAY, RESULT, resolved
from tests.cases.showing import release
from tests.cases.test_pages import as_
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db


def page(person: Person, path: str) -> str:
    answer = as_(person).get(f"/s/yunqiao/{path}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("is_rated", [False, True])
def test_the_result_goes_along_when_its_case_is_merged(here: Place, is_rated: bool) -> None:
    old = here.report(here.hua, case_type=LITTER, now=MONDAY)
    hub = Hub.with_a_case(here, case_type=LITTER, now=MONDAY + HOUR / 6)
    task = resolved(hub)
    if is_rated:
        marks = {call.id: ending.Mark(4) for call in task.calls.all()}
        ending.rate(task_id=task.id, actor=here.coordinator, marks=marks, now=MONDAY + DAY + 2 * HOUR)
    assert RESULT in page(here.lan, f"mine/{hub.case.code}/")
    triage.merge(case_id=hub.case.id, into_id=old.id, actor=here.dispatcher, now=MONDAY + DAY + 3 * HOUR)
    for reader, path in (
        (here.lan, f"mine/{hub.case.code}/"), (here.lan, f"mine/{old.code}/"), (here.coordinator, f"cases/{old.code}/"),
    ):  # fmt: skip
        assert RESULT in page(reader, path), path
    told = [step.action for step in joint.steps_about(old.id)]
    assert len(told) == len(set(told)) + told.count("muster") - 1, "nothing is told twice"
    assert not list(proof.verify_cases(here.street))


def test_neighbours_read_only_what_was_public_too(here: Place) -> None:
    old = release(here, here.report(here.hua, case_type=LITTER, now=MONDAY))
    hub = Hub.with_a_case(here, case_type=LITTER, now=MONDAY + HOUR / 6)
    resolved(hub)
    triage.merge(case_id=hub.case.id, into_id=old.id, actor=here.dispatcher, now=MONDAY + DAY + 3 * HOUR)
    assert RESULT in str(telling_joint.weave_for_neighbours([], old.id))
    by_hand("UPDATE cases_case SET is_public = false WHERE street_id = %s AND id = %s", [here.street.pk, hub.case.pk])
    assert telling_joint.weave_for_neighbours([], old.id) == [] != joint.steps_about(old.id)

"""A joint task on a part: whoever reported the whole hears of it, once, and is led to where it is read."""

from __future__ import annotations

import pytest

from huipai.cases import joint_notices
from huipai.cases.commands import splitting
from huipai.cases.commands.joint import visiting
from huipai.cases.models import Case, JointTask
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.notices.models import Notice
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import Hub
from tests.cases.joint import DAY, HOUR, RESULT, call_of, muster, mustered, whistled
from tests.cases.test_pages import as_
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
RESULT_KIND = "case.joint_result"


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here, case_type=PARKING)


@pytest.fixture
def part(here: Place, hub: Hub) -> Case:
    return splitting.split(
        part_id=new_id(), case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="墙边", now=MONDAY
    )


def result_of(task: JointTask, here: Place) -> None:
    muster(task, here, "police", here.xu)
    by, at = here.coordinator, MONDAY + DAY
    visiting.convene(task_id=task.id, actor=by, at=at, place="东门岗亭", now=MONDAY + HOUR)
    came = [call_of(task, here, "police").id]
    visiting.visit(task_id=task.id, actor=by, text="停满", asked_of=mustered(), came=came, photo_ids=(), now=at)
    visiting.resolve(task_id=task.id, actor=by, text=RESULT, photo_ids=(), now=at)
    for entry in Entry.objects.filter(subject=task.subject, what__in=joint_notices.TOLD).order_by("id"):
        joint_notices.tell(entry_id=entry.id, now=entry.happened_at)


def test_its_reporters_hear_of_a_part(here: Place, hub: Hub, part: Case) -> None:
    result_of(whistled(hub, case_ids=[part.id]), here)
    kinds = set(Notice.objects.filter(person=here.lan).values_list("kind", flat=True))
    assert kinds == {"case.whistled", RESULT_KIND}
    told = Notice.objects.get(person=here.lan, kind=RESULT_KIND)
    assert "分开办的一部分" in str(told.wording.text) and told.params["code"] == part.code
    page = as_(here.lan).get(f"/s/yunqiao/cases/{part.code}/", follow=True)
    assert page.status_code == 200 and RESULT in page.content.decode()


def test_of_a_whole_with_its_part_they_hear_once(here: Place, hub: Hub, part: Case) -> None:
    result_of(whistled(hub, case_ids=[hub.case.id, part.id]), here)
    told = Notice.objects.get(person=here.lan, kind=RESULT_KIND)
    assert told.params["code"] == hub.case.code and "一部分" not in str(told.wording.text)

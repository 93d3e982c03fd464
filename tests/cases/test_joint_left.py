"""Who has left a joint task reads what was there when they did, and who was in it to its end what was there then."""

from __future__ import annotations

import pytest

from huipai.cases.commands.joint import ending, mustering, visiting, whistling
from huipai.cases.models import JointTask
from huipai.cases.queries import joint as reads
from huipai.cases.words import State
from huipai.kit import clock
from huipai.people.models import Person
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.joint import DAY, RESULT, call_of, muster, mustered, whistled
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
SEEN = "看到西门也堵了"


@pytest.fixture
def began() -> object:
    return clock.now() - 2 * DAY


@pytest.fixture
def hub(here: Place, began: object) -> Hub:
    return Hub.with_a_case(here, case_type=LITTER, now=began)


@pytest.fixture
def task(hub: Hub, began: object) -> JointTask:
    """The guard has declined; the police post came, looked, and there is a result."""
    place, start = hub.place, began
    task = whistled(hub, now=start)
    declined = call_of(task, place, "guard")
    mustering.decline(
        call_id=declined.id, called_at=declined.called_at, actor=place.ning, text="人手排不开", now=start + HOUR
    )  # type: ignore[operator]
    muster(task, place, "police", place.xu, now=start + 2 * HOUR)  # type: ignore[operator]
    visiting.convene(
        task_id=task.id,
        actor=place.coordinator,
        at=start + 3 * HOUR,
        place="东门岗亭",
        now=start + 2 * HOUR,  # type: ignore[operator]
    )
    came = [call_of(task, place, "police").id]
    visiting.visit(
        task_id=task.id,
        actor=place.coordinator,
        text=SEEN,
        asked_of=mustered(),
        came=came,
        photo_ids=(),
        now=start + 3 * HOUR,  # type: ignore[operator]
    )
    visiting.report_part(call_id=came[0], actor=place.xu, text="设了隔离柱", photo_ids=(), now=start + 3 * HOUR)  # type: ignore[operator]
    return visiting.resolve(
        task_id=task.id,
        actor=place.coordinator,
        text=RESULT,
        photo_ids=(),
        now=start + 4 * HOUR,  # type: ignore[operator]
    )


def page(task: JointTask, by: Person) -> str:
    return as_(by).get(f"/s/yunqiao/joint/{task.id}/").content.decode()


def list_of(by: Person, view: str = "") -> str:
    return as_(by).get("/s/yunqiao/joint/", {"view": view}).content.decode()


class TestAUnitThatDeclined:
    def test_reads_what_was_before_and_that_it_left(self, here: Place, task: JointTask) -> None:
        told = page(task, here.ning)
        assert "东门晚上堵死" in told and "人手排不开" in told and "本单位说了来不了" in told
        for later in (RESULT, SEEN, "设了隔离柱", "东门岗亭", here.police.name, "报到了", "有结果了"):
            assert later not in told, later
        assert RESULT in page(task, here.xu) and SEEN in page(task, here.coordinator)

    def test_has_it_among_what_is_over(self, here: Place, task: JointTask) -> None:
        address = f"/s/yunqiao/joint/{task.id}/"
        assert address not in list_of(here.ning) and reads.count_for_units(here.ning, clock.now()) == 0
        told = list_of(here.ning, "over")
        assert address in told and "说来不了" in told and "有结果了" not in told and here.police.name not in told
        assert address in list_of(here.coordinator), "it waits to be rated"
        # Who came has done what there was to do; and reads the result.
        assert address not in list_of(here.xu) and reads.count_for_units(here.xu, clock.now()) == 0
        done = list_of(here.xu, "over")
        assert address in done and "有结果了" in done

    def test_reads_on_once_it_comes_after_all_or_is_called_again(self, hub: Hub, began: object) -> None:
        here = hub.place
        task = whistled(hub, now=clock.now() - HOUR)
        for name, by in (("guard", here.ning), ("police", here.xu)):
            call = call_of(task, here, name)
            mustering.decline(
                call_id=call.id, called_at=call.called_at, actor=by, text="来不了", now=clock.now() - HOUR
            )
        assert reads.reading(here.ning, task, clock.now()).has_left
        muster(task, here, "guard", here.ning, now=clock.now())
        whistling.call(task_id=task.id, unit_id=here.police.id, actor=here.coordinator, now=clock.now())
        for by in (here.ning, here.xu):
            assert not reads.reading(by, task, clock.now()).has_left
            assert f"{here.guard.name}报到了" in page(task, by)


class TestAUnitThatWasInIt:
    def test_reads_nothing_of_where_the_case_stands_since(self, here: Place, hub: Hub, task: JointTask) -> None:
        marks = {call_of(task, here, "police").id: ending.Mark(5)}
        assert str(State(hub.fresh().state).told) in page(task, here.xu)
        ending.rate(task_id=task.id, actor=here.coordinator, marks=marks, now=clock.now())
        hub.sent(here.city, now=clock.now())
        told = page(task, here.xu)
        assert RESULT in told and here.city.name not in told and str(State.DISPATCHED.told) not in told
        assert here.city.name in page(task, here.coordinator)

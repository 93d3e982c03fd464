"""Joint tasks and papers of a case: refused while the triggers are awake, named where they slept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases.attachment_words import Eyes
from huipai.cases.commands import attaching
from huipai.cases.commands.joint import ending, mustering, whistling
from huipai.cases.models import JointTask
from huipai.cases.queries import proof
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.joint import DAY, HOUR, call_of, convened, resolved, whistled
from tests.cases.test_attachments import drawer, paper
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["drawer", "folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.no_guard]
TASK, CALL, LINK, PAPER = "cases_jointtask", "cases_unitcall", "cases_jointcase", "cases_attachment"
# Of a joint task with a result: refused, and named where it slept.
TOLD = {
    f"UPDATE {TASK} SET whistled_by_id = %(other)s": TASK,
    f"UPDATE {TASK} SET whistled_at = whistled_at - interval '1 hour'": TASK,
    f"UPDATE {TASK} SET muster_hours = 8": TASK,
    f"UPDATE {TASK} SET visit_at = visit_at + interval '1 day'": TASK,
    f"UPDATE {TASK} SET visited_at = visited_at + interval '1 day'": TASK,
    f"UPDATE {TASK} SET resolved_at = resolved_at + interval '1 day'": TASK,
    f"UPDATE {TASK} SET result = '别的结果'": TASK,
    f"DELETE FROM {LINK}": LINK,
    f"UPDATE {LINK} SET case_id = (SELECT id FROM cases_case WHERE id <> case_id LIMIT 1)": LINK,
    f"UPDATE {CALL} SET came = false WHERE came": CALL,
    f"UPDATE {CALL} SET came = NULL WHERE came": CALL,
    f"UPDATE {CALL} SET envoy_id = %(other)s WHERE came": CALL,
    f"UPDATE {CALL} SET mustered_at = mustered_at + interval '9 hours' WHERE came": CALL,
    f"UPDATE {CALL} SET answer_by = answer_by + interval '9 days'": CALL,
    f"UPDATE {CALL} SET called_at = called_at - interval '1 hour'": CALL,
    f"UPDATE {CALL} SET excuse = '没有空'": CALL,
    f"UPDATE {PAPER} SET eyes = 'reporter'": PAPER,
    f"UPDATE {PAPER} SET sha256 = repeat('a', 64)": PAPER,
    f"UPDATE {PAPER} SET added_by_id = %(other)s": PAPER,
    f"UPDATE {PAPER} SET added_at = added_at - interval '1 hour'": PAPER,
    f"DELETE FROM {PAPER}": PAPER,
}
# What the journal does not tell is refused.
GUARDED = (
    f"UPDATE {TASK} SET matter = '别的事'",
    f"UPDATE {TASK} SET visit_note = '别的样子'",
    f"UPDATE {TASK} SET visit_place = '别处'",
    f"UPDATE {TASK} SET node_id = (SELECT id FROM grid_gridnode WHERE id <> node_id LIMIT 1)",
    f"DELETE FROM {TASK}",
    f"DELETE FROM {CALL}",
    f"UPDATE {CALL} SET unit_id = (SELECT id FROM grid_unit WHERE id <> unit_id LIMIT 1)",
    f"UPDATE {PAPER} SET name = 'b.pdf'",
    f"UPDATE {PAPER} SET name = ''",
    f"UPDATE {PAPER} SET removed_at = now()",
    f"UPDATE {PAPER} SET part = 'dispatcher'",
)


@pytest.fixture
def task(here: Place, drawer: Path) -> JointTask:
    hub = Hub.with_a_case(here, case_type=LITTER)
    here.report(here.hua, now=MONDAY + HOUR)
    attaching.attach(case_id=hub.case.id, actor=here.coordinator, paper=paper(), eyes=Eyes.INSIDE, now=MONDAY + HOUR)
    return resolved(hub)


def found(place: Place) -> set[str]:
    return {difference.table for difference in proof.verify_cases(place.street)}


def refused(place: Place, statements: Iterable[str]) -> None:
    connection.check_constraints()
    for statement in statements:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.replace("%(other)s", f"'{place.dispatcher.id}'"))
            pytest.fail(f"{cursor.rowcount} rows: {statement}")


class TestWhatWasDoneTogether:
    def test_is_nobodys_to_change(self, here: Place, task: JointTask) -> None:
        refused(here, (*TOLD, *GUARDED))
        assert found(here) == set()

    @pytest.mark.long
    @pytest.mark.parametrize("statement", TOLD)
    def test_is_named_where_the_triggers_slept(self, here: Place, task: JointTask, statement: str) -> None:
        assert found(here) == set()
        assert by_hand(statement.replace("%(other)s", f"'{here.dispatcher.id}'"))
        assert TOLD[statement] in found(here)

    @pytest.mark.long
    def test_a_result_is_wiped_with_its_cases_and_no_earlier(self, here: Place, task: JointTask) -> None:
        JointTask.objects.update(result="—")
        assert found(here) == {TASK}

    @pytest.mark.long
    def test_an_end_stands(self, here: Place, task: JointTask) -> None:
        marks = {call.id: ending.Mark(4) for call in task.calls.all()}
        ending.rate(task_id=task.id, actor=here.coordinator, marks=marks, now=MONDAY + DAY + 2 * HOUR)
        assert found(here) == set()
        later = f"UPDATE {TASK} SET ended_at = ended_at + interval '1 day'"
        of_a_case = f"UPDATE {LINK} SET ended_at = ended_at + interval '1 day'"
        refused(here, (later, of_a_case, f"UPDATE {TASK} SET ending = '说不清'"))
        by_hand(of_a_case)
        assert found(here) == {LINK}
        by_hand(later)
        assert found(here) == {TASK}

    @pytest.mark.long
    def test_a_case_that_is_in_it_again_is_named(self, here: Place, task: JointTask) -> None:
        marks = {call.id: ending.Mark(4) for call in task.calls.all()}
        ending.rate(task_id=task.id, actor=here.coordinator, marks=marks, now=MONDAY + DAY + 2 * HOUR)
        by_hand(f"UPDATE {LINK} SET ended_at = NULL")
        assert found(here) == {LINK}

    @pytest.mark.long
    def test_a_day_and_an_envoy_can_be_others_until_they_were_there(self, here: Place) -> None:
        task = convened(Hub.with_a_case(here, case_type=LITTER))
        call = call_of(task, here, "police")
        by_hand(f"UPDATE {CALL} SET came = true WHERE id = %s", [call.pk])
        assert found(here) == {CALL}
        by_hand(f"UPDATE {CALL} SET came = NULL")
        by_hand(f"UPDATE {TASK} SET visit_at = visit_at + interval '1 day'")
        assert found(here) == {TASK}

    @pytest.mark.long
    def test_who_declined_is_called_again_and_comes(self, here: Place) -> None:
        task = whistled(Hub.with_a_case(here, case_type=LITTER))
        call = call_of(task, here, "guard")
        mustering.decline(call_id=call.id, called_at=call.called_at, actor=here.ning, text="没有人", now=MONDAY + HOUR)
        refused(here, [f"UPDATE {CALL} SET excuse = '不想来' WHERE excuse <> ''"])
        assert found(here) == set()
        whistling.call(task_id=task.id, unit_id=here.guard.id, actor=here.coordinator, now=MONDAY + 2 * HOUR)
        assert found(here) == set()
        mustering.muster(call_id=call.id, envoy_id=here.ning.id, actor=here.ning, now=MONDAY + 3 * HOUR)
        assert found(here) == set() and call_of(task, here, "guard").excuse == ""

    @pytest.mark.long
    def test_earlier_entries_are_asked_what_they_say(self, here: Place, task: JointTask) -> None:
        for key in ("answer_by", "there", "words"):
            by_hand("UPDATE journal_entry SET facts = facts - %s::text WHERE subject LIKE 'joint:%%'", [key])
        by_hand(f"UPDATE {TASK} SET result = '别的结果'")
        by_hand(f"UPDATE {CALL} SET answer_by = answer_by + interval '9 days'")
        assert found(here) == set()
        by_hand(f"UPDATE {CALL} SET came = false WHERE came")
        assert found(here) == {CALL}


class TestAPaper:
    @pytest.mark.long
    def test_is_not_gone_unless_somebody_took_it_away(self, here: Place, task: JointTask) -> None:
        task.cases.get().case.attachments.update(removed_at=MONDAY + DAY, name="")
        assert found(here) == {PAPER}

    @pytest.mark.long
    def test_goes_once_and_leaves_its_digest(self, here: Place, task: JointTask) -> None:
        [one] = task.cases.get().case.attachments.all()
        attaching.remove(attachment_id=one.id, actor=here.coordinator, now=MONDAY + DAY)
        assert found(here) == set()
        back = f"UPDATE {PAPER} SET removed_at = NULL, name = 'a.pdf'"
        refused(here, (back, f"UPDATE {PAPER} SET removed_at = removed_at + interval '1 day'"))
        by_hand(back)
        assert found(here) == {PAPER}

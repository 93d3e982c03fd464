"""Until when, by whom, and by which steps: what a hand changes where the triggers sleep is named, open or over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import Model

from huipai.cases.commands import (
    confirming,
    correcting,
    deciding,
    handling,
    passing,
    placing,
    splitting,
    triage,
    working,
)
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, JointStep, JointTask, OrderStep, Transition, WorkOrder
from huipai.cases.queries import proof
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people.words import Role
from huipai.workdays import queries as workdays
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.joint import convened
from tests.cases.test_calendar_late import EVE, announced
from tests.cases.test_findings import appealed, case
from tests.cases.test_placing import at, guessed
from tests.cases.test_retyping import put_under
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["case", "folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.no_guard, pytest.mark.long]
LATER = MONDAY + 3 * HOUR
# Of an order that was signed, on a case that goes on.
OF_AN_ORDER = {
    "its case is promised later": ("UPDATE cases_case SET due_at = due_at + interval '1 second'", "cases_case"),
    "its case waits for a calendar": ("UPDATE cases_case SET due_at = NULL, due_year = 2027", "cases_case"),
    "its case is in other hands": ("UPDATE cases_case SET handler_id = %(other)s", "cases_case"),
    "its case is in nobody's hands": ("UPDATE cases_case SET handler_id = NULL", "cases_case"),
    "it has longer": ("UPDATE cases_workorder SET due_at = due_at + interval '30 days'", "cases_workorder"),
    "it has no limit": ("UPDATE cases_workorder SET due_at = NULL", "cases_workorder"),
    "it is in other hands": ("UPDATE cases_workorder SET handler_id = %(other)s", "cases_workorder"),
    "somebody else signed": (
        "UPDATE cases_orderstep SET actor_id = %(other)s WHERE action = 'sign'",
        "cases_orderstep",
    ),
    "for a reason": ("UPDATE cases_orderstep SET reason = 'not_our_duty' WHERE action = 'sign'", "cases_orderstep"),
    "it was signed earlier": (
        "UPDATE cases_orderstep SET happened_at = happened_at - interval '1 hour' WHERE action = 'sign'",
        "cases_orderstep",
    ),
    "it was sent by the system": (
        "UPDATE cases_orderstep SET part = 'system' WHERE action = 'send'",
        "cases_orderstep",
    ),
    "it was never signed": ("DELETE FROM cases_orderstep WHERE action = 'sign'", "cases_orderstep"),
    "there never was an order": (
        "WITH steps AS (DELETE FROM cases_orderstep) DELETE FROM cases_workorder",
        "cases_workorder",
    ),
    "it came for a reason": ("UPDATE cases_transition SET reason = 'noise' WHERE position = 1", "cases_case"),
    "the desk signed": ("UPDATE cases_transition SET part = 'dispatcher' WHERE action = 'sign'", "cases_transition"),
    "another unit signed": (
        "UPDATE cases_transition SET unit_id = (SELECT id FROM cases_unit_named) WHERE action = 'sign'",
        "cases_transition",
    ),
}
OF_A_JOINT_TASK = {
    "somebody else whistled": (
        "UPDATE cases_jointstep SET actor_id = %(other)s WHERE action = 'whistle'",
        "cases_jointstep",
    ),
    "another day was agreed on": (
        "UPDATE cases_jointstep SET meets_at = meets_at + interval '1 day' WHERE action = 'convene'",
        "cases_jointstep",
    ),
    "nobody came": ("UPDATE cases_jointstep SET action = 'decline' WHERE action = 'muster'", "cases_jointstep"),
    "of no unit": ("UPDATE cases_jointstep SET unit_id = NULL WHERE action = 'muster'", "cases_jointstep"),
    "they agreed earlier": (
        "UPDATE cases_jointstep SET happened_at = happened_at - interval '1 hour' WHERE action = 'convene'",
        "cases_jointstep",
    ),
    "they never agreed": ("DELETE FROM cases_jointstep WHERE action = 'convene'", "cases_jointstep"),
    "it is over": (
        "UPDATE cases_jointtask SET state = 'unresolved', ended_at = now(), wait_until = NULL",
        "cases_jointtask",
    ),
}


def found(place: Place) -> set[str]:
    return {difference.table for difference in proof.verify_cases(place.street)}


def changed(place: Place, statement: str) -> set[str]:
    """What is named after it; before it all holds."""
    assert list(proof.verify_cases(place.street)) == []
    unit = f"(SELECT '{place.police.id}'::uuid AS id) AS it"
    assert by_hand(statement.replace("cases_unit_named", unit).replace("%(other)s", f"'{place.dispatcher.id}'"))
    return found(place)


class TestWhatGoesOn:
    @pytest.mark.parametrize("edit", OF_AN_ORDER)
    def test_an_order_and_its_case(self, here: Place, edit: str) -> None:
        Hub.with_a_case(here, case_type=LITTER).signed()
        statement, table = OF_AN_ORDER[edit]
        assert table in changed(here, statement)

    @pytest.mark.parametrize("edit", OF_A_JOINT_TASK)
    def test_a_joint_task(self, here: Place, edit: str) -> None:
        convened(Hub.with_a_case(here, case_type=LITTER))
        statement, table = OF_A_JOINT_TASK[edit]
        assert table in changed(here, statement)

    def test_a_case_that_just_came_in(self, here: Place) -> None:
        here.report()
        assert changed(here, "UPDATE cases_case SET due_at = due_at + interval '1 day'") == {"cases_case"}

    def test_a_part_has_the_reporter_and_the_beginning_of_its_split(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        part = splitting.split(
            part_id=new_id(), case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="墙", now=LATER
        )
        where = f"WHERE id = '{part.id}'"
        assert changed(here, f"UPDATE cases_case SET reporter_id = %(other)s {where}") == {"cases_case"}
        by_hand(f"UPDATE cases_case SET reporter_id = '{here.lan.id}' {where}")
        assert changed(here, f"UPDATE cases_case SET reported_at = now() {where}") == {"cases_case"}

    def test_why_it_was_declined(self, here: Place) -> None:
        case = here.report()
        handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="", now=MONDAY)
        edit = "UPDATE cases_transition SET reason = 'private' WHERE action = 'decline'"
        assert changed(here, edit) == {"cases_transition"}

    def test_a_step_that_was_put_in_between(self, here: Place) -> None:
        """Whoever adds a row needs no sleeping trigger."""
        order = Hub.with_a_case(here, case_type=LITTER).signed()
        OrderStep.objects.create(
            order=order, position=3, action="alarm", from_state="signed", to_state="signed", part="system",
            happened_at=LATER,
        )  # fmt: skip
        assert "cases_orderstep" in found(here)

    def test_a_step_of_a_joint_task_that_was_put_in_between(self, here: Place) -> None:
        task = convened(Hub.with_a_case(here, case_type=LITTER))
        JointStep.objects.create(
            task=task, position=task.steps.count() + 1, action="urge", from_state=task.state, to_state=task.state,
            part="coordinator", actor=here.coordinator, happened_at=LATER,
        )  # fmt: skip
        assert found(here) == {"cases_jointstep"}


class TestWhatIsSaidBesideAStep:
    """What moves a promise or hands over without a step of the case is told by an entry of its own."""

    @pytest.fixture
    def unannounced(self, here: Place) -> Iterator[Hub]:
        workdays.forget()
        yield Hub.with_a_case(here, case_type=LITTER, now=EVE)
        workdays.forget()

    def test_a_calendar_that_arrives(self, here: Place, unannounced: Hub) -> None:
        order = unannounced.sent(now=EVE)
        assert (order.due_at, order.due_year) == (None, 2027)
        assert list(proof.verify_cases(here.street)) == []
        announced()
        order.refresh_from_db()
        assert order.due_at is not None and unannounced.fresh().due_at is not None
        assert changed(here, "UPDATE cases_workorder SET due_at = due_at + interval '1 day'") == {"cases_workorder"}
        by_hand("UPDATE cases_workorder SET due_at = due_at - interval '1 day'")
        assert changed(here, "UPDATE cases_case SET due_at = due_at + interval '1 day'") == {"cases_case"}

    def test_what_was_promised_of_the_younger_holds_for_both(self, here: Place) -> None:
        older = here.report(case_type=LITTER)
        younger = here.report(here.hua, now=MONDAY + HOUR)
        promised = younger.due_at
        triage.merge(case_id=younger.id, into_id=older.id, actor=here.coordinator, now=MONDAY + 2 * HOUR)
        older.refresh_from_db()
        assert older.due_at == promised
        assert Entry.objects.get(what=Fact.DATED).subject == older.subject
        edit = f"UPDATE cases_case SET due_at = due_at + interval '1 day' WHERE id = '{older.id}'"
        assert changed(here, edit) == {"cases_case"}

    def test_a_merge_that_moves_no_promise_says_nothing_of_it(self, here: Place) -> None:
        older, younger = here.report(), here.report(here.hua, now=MONDAY + HOUR)
        triage.merge(case_id=younger.id, into_id=older.id, actor=here.coordinator, now=MONDAY + 2 * HOUR)
        assert not Entry.objects.filter(what=Fact.DATED).exists()
        assert list(proof.verify_cases(here.street)) == []

    def test_another_type(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        promised = case.due_at
        assert put_under(here, case, PARKING, at=MONDAY + HOUR).due_at != promised
        assert changed(here, "UPDATE cases_case SET due_at = due_at + interval '1 day'") == {"cases_case"}

    def test_time_that_was_granted(self, here: Place) -> None:
        order = Hub.with_a_case(here, case_type=LITTER).signed()
        asked = working.ask_extension(
            order_id=order.id, actor=here.shi, ground="weather", text="雨", days=2, now=MONDAY + 2 * HOUR
        )
        deciding.grant(request_id=asked.id, actor=here.dispatcher, text="", now=LATER)
        moved = WorkOrder.objects.get(pk=order.pk)
        assert order.due_at is not None and moved.due_at is not None and moved.due_at > order.due_at
        assert changed(here, "UPDATE cases_workorder SET due_at = due_at + interval '1 day'") == {"cases_workorder"}

    def test_a_colleague_who_takes_over(self, here: Place) -> None:
        order = Hub.with_a_case(here, case_type=LITTER).signed()
        Assignment.objects.filter(person=here.shi, role=Role.UNIT_HANDLER).update(valid_until=LATER)
        assert passing.pass_on_orders_of(unit_id=here.city.id, now=LATER) == 1
        order.refresh_from_db()
        assert order.handler == Case.objects.get().handler == here.chief
        assert changed(here, "UPDATE cases_case SET handler_id = %(other)s") == {"cases_case"}

    def test_what_comes_back_and_what_ends_with_its_case(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        order = hub.signed()
        working.respond(order_id=order.id, actor=here.shi, text="好了", photo_ids=(), now=MONDAY + 2 * HOUR)
        hub.failed(hub.fresh().checks.get(result=""))
        hub.passed(hub.responded(order, now=MONDAY + 4 * HOUR), now=MONDAY + 5 * HOUR)
        confirming.confirm(case_id=hub.case.id, actor=here.lan, rating=5, text="", now=MONDAY + 6 * HOUR)
        assert [one.action for one in OrderStep.objects.order_by("position")] == [
            "send", "sign", "respond", "redo", "respond", "finish",
        ]  # fmt: skip
        edit = "UPDATE cases_orderstep SET part = 'unit' WHERE action = 'redo'"
        assert changed(here, edit) == {"cases_orderstep"}


class TestWhereItLies:
    """In whose grid it is: who is asked, and whose figures it makes."""

    def elsewhere(self, here: Place, case: Case) -> set[str]:
        """What is named when it is put somewhere else by an ordinary statement; before it all holds."""
        assert list(proof.verify_cases(here.street)) == []
        Case.objects.filter(pk=case.pk).update(node=here.town["M4"])
        return found(here)

    def test_as_it_was_reported(self, here: Place) -> None:
        assert self.elsewhere(here, here.report()) == {"cases_case"}

    def test_where_its_reporter_corrected_it_to(self, here: Place) -> None:
        case = here.report()
        corrected(here, case)
        assert self.elsewhere(here, case) == {"cases_case"}

    def test_where_it_was_found_to_lie(self, here: Place) -> None:
        case = guessed(here)
        placing.set_place(case_id=case.id, where=at(here), actor=here.dispatcher, now=LATER)
        assert self.elsewhere(here, case) == {"cases_case"}

    def test_a_part_where_its_whole_was(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        part = splitting.split(
            part_id=new_id(), case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="墙", now=LATER
        )
        assert self.elsewhere(here, part) == {"cases_case"}

    def test_is_not_asked_where_a_correction_of_before_did_not_tell(self, here: Place) -> None:
        case = here.report()
        corrected(here, case)
        by_hand("UPDATE journal_entry SET facts = facts - 'node' WHERE what = %s", [Fact.CORRECTED])
        assert self.elsewhere(here, case) == set()


def corrected(here: Place, case: Case) -> None:
    """Into the next micro-grid."""
    photos = tuple(case.photos.values_list("photo_id", flat=True))
    correcting.correct(
        code=case.code, correction=correcting.Correction("东门", at(here), photos), actor=here.lan, now=MONDAY + HOUR
    )
    assert Case.objects.get(pk=case.pk).node.code == "M2"


class TestWhatEarlierEntriesTell:
    """Entries of before say less: what only they tell is not asked, and what is told since is."""

    def as_before(self, keys: tuple[str, ...] = ("step", "due", "handler", "orders")) -> None:
        for key in keys:
            by_hand("UPDATE journal_entry SET facts = facts - %s::text", [key])

    def test_is_not_asked_and_not_named(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        hub.signed()
        convened(hub)
        self.as_before()
        for statement in (
            "UPDATE cases_case SET due_at = due_at + interval '1 day'",
            "UPDATE cases_workorder SET handler_id = %(other)s",
            "UPDATE cases_orderstep SET reason = 'noise' WHERE action = 'sign'",
            "UPDATE cases_jointstep SET unit_id = NULL",
        ):
            assert changed(here, statement) == set()

    def test_and_what_follows_is(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER)
        order = hub.signed()
        task = convened(hub)
        self.as_before()
        working.respond(order_id=order.id, actor=here.shi, text="好了", photo_ids=(), now=MONDAY + 2 * HOUR)
        assert list(proof.verify_cases(here.street)) == []
        assert isinstance(task, JointTask)
        edits: dict[str, type[Model]] = {
            "UPDATE cases_orderstep SET reason = 'noise' WHERE action = 'respond'": OrderStep,
            "UPDATE cases_transition SET reason = 'noise' WHERE action = 'respond'": Transition,
            "UPDATE cases_case SET due_at = due_at + interval '1 day'": Case,
            "UPDATE cases_workorder SET due_at = due_at + interval '1 day'": WorkOrder,
        }
        for statement, model in edits.items():
            by_hand(statement)
            assert model._meta.db_table in found(here), statement

    def test_a_finding_is_not_asked_until_when(self, here: Place, case: Case) -> None:
        appealed(here, case)
        self.as_before(("appeal_until", "hear_until"))
        assert changed(here, "UPDATE cases_finding SET hear_until = hear_until + interval '1 day'") == set()

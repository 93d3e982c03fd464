"""吹哨报到: the whole way of it, what becomes of it with its cases, who sees it, and its table."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases import policies
from huipai.cases.commands import confirming, filing, triage, withdrawing
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.joint import ending, mustering, visiting, whistling
from huipai.cases.fact_words import JointFact
from huipai.cases.joint_words import CallState, JointAction, JointState
from huipai.cases.models import JointCase, JointStep, JointTask, UnitCall
from huipai.cases.queries import joint as reads
from huipai.cases.rules import joint as rules
from huipai.cases.rules.machine import NotNow
from huipai.grid import queries as grid
from huipai.journal import queries as journal
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.models import Person
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.joint import DAY, HOUR, RESULT, actions, call_of, convened, muster, mustered, resolved, whistled
from tests.cases.test_pages import as_
from tests.cast import MONDAY


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here, case_type=LITTER)


class TestTheWholeWay:
    def test_from_the_whistle_to_the_rating(self, hub: Hub) -> None:
        place = hub.place
        before = hub.fresh()
        task = whistled(hub)
        muster(task, place, "police", place.xu)
        muster(task, place, "guard", place.ning)
        visiting.convene(
            task_id=task.id, actor=place.coordinator, at=MONDAY + DAY, place="东门岗亭", now=MONDAY + 2 * HOUR
        )
        calls = {name: call_of(task, place, name) for name in ("police", "guard")}
        at = MONDAY + DAY
        visiting.visit(
            task_id=task.id, actor=place.coordinator, text="双向都停满", asked_of=mustered(), came=[calls["police"].id],
            photo_ids=place.photo_ids(place.coordinator), now=at,
        )  # fmt: skip
        visiting.report_part(call_id=calls["police"].id, actor=place.xu, text="设隔离柱", photo_ids=(), now=at)
        visiting.resolve(
            task_id=task.id, actor=place.coordinator, text=RESULT, photo_ids=place.photo_ids(place.coordinator), now=at
        )
        marks = {calls["police"].id: ending.Mark(5), calls["guard"].id: ending.Mark(2, "报到了没有来")}
        done = ending.rate(task_id=task.id, actor=place.coordinator, marks=marks, now=at + HOUR)
        assert (done.state, done.wait_until, done.result) == (JointState.RATED, None, RESULT)
        assert actions(task) == [
            "whistle", "muster", "muster", "convene", "visit", "report_part", "resolve", "rate"
        ]  # fmt: skip
        assert [call.came for call in reads.calls_of(done)] == [False, True]
        # Its case is where it was, and its clock too.
        after = hub.fresh()
        assert (after.state, after.due_at, after.handler_id) == (before.state, before.due_at, before.handler_id)
        assert sorted(hub.case.photos.values_list("moment", flat=True)) == ["after", "before", "visit"]

    def test_what_was_done_is_done_for_whoever_sends_it_again_and_nobody_else(self, hub: Hub) -> None:
        """A lost answer is no news; other words, or somebody else's press, are."""
        task, by, at = resolved(hub), hub.place.coordinator, MONDAY + DAY + HOUR
        assert visiting.resolve(task_id=task.id, actor=by, text=RESULT, photo_ids=(), now=at).result == RESULT
        for actor, text in ((by, "别的结果"), (hub.place.dispatcher, RESULT)):
            with pytest.raises(NotNow):
                visiting.resolve(task_id=task.id, actor=actor, text=text, photo_ids=(), now=at)
        call = UnitCall.objects.get(state=CallState.MUSTERED)
        for _twice in range(2):
            ending.rate(task_id=task.id, actor=by, marks={call.id: ending.Mark(5)}, now=at)
        with pytest.raises(NotNow):
            ending.rate(task_id=task.id, actor=by, marks={call.id: ending.Mark(4)}, now=at)
        assert actions(task)[-2:] == ["resolve", "rate"]

    def test_so_it_is_at_its_page_with_a_unit_that_did_not_come(self, hub: Hub) -> None:
        """The form says something of every call; only those that came are rated."""
        task = resolved(hub)
        came, absent = task.calls.get(state=CallState.MUSTERED), task.calls.exclude(state=CallState.MUSTERED).get()
        form = {f"stars_{came.id}": "5", f"why_{came.id}": "", f"stars_{absent.id}": "", f"why_{absent.id}": ""}
        path = f"/s/yunqiao/joint/{task.id}/rating/"
        pressed = [as_(hub.place.coordinator).post(path, form).status_code for _twice in range(2)]
        assert pressed == [302, 302] and actions(task).count("rate") == 1
        assert as_(hub.place.coordinator).post(path, {**form, f"stars_{came.id}": "4"}).status_code == 409

    def test_a_part_with_a_photo_pressed_twice_is_said_once_and_a_photo_more_is_news(self, hub: Hub) -> None:
        place, task = hub.place, convened(hub)
        call, photos = call_of(task, place, "police"), place.photo_ids(place.xu)
        for _twice in range(2):
            visiting.report_part(call_id=call.id, actor=place.xu, text="设隔离柱", photo_ids=photos, now=MONDAY + DAY)
        assert actions(task).count("report_part") == 1
        more = place.photo_ids(place.xu)
        visiting.report_part(call_id=call.id, actor=place.xu, text="设隔离柱", photo_ids=more, now=MONDAY + DAY)
        assert actions(task).count("report_part") == 2 and hub.case.photos.filter(moment="visit").count() == 2

    def test_a_visit_sent_again_with_a_photo_more_says_that_it_is_too_late(self, hub: Hub) -> None:
        place, task, at = hub.place, convened(hub), MONDAY + DAY
        first = place.photo_ids(place.coordinator)
        for _twice in range(2):
            visiting.visit(
                task_id=task.id, actor=place.coordinator, text="停满",
                asked_of=mustered(), came=[], photo_ids=first, now=at
            )  # fmt: skip
        with pytest.raises(NotNow):
            visiting.visit(
                task_id=task.id, actor=place.coordinator, text="停满", asked_of=mustered(), came=[], now=at,
                photo_ids=place.photo_ids(place.coordinator),
            )  # fmt: skip

    def test_what_others_did_in_between_makes_no_news_of_what_is_sent_again(self, hub: Hub) -> None:
        place, task, at = hub.place, whistled(hub), MONDAY + DAY
        by, call = place.coordinator, call_of(task, place, "police")
        muster(task, place, "police", place.xu)

        def agree() -> None:
            visiting.convene(task_id=task.id, actor=by, at=at, place="东门岗亭", now=at)

        def visit(actor: Person = by) -> None:
            visiting.visit(
                task_id=task.id, actor=actor, text="停满", asked_of=mustered(), came=[call.id], photo_ids=(), now=at
            )

        def resolve() -> JointTask:
            return visiting.resolve(task_id=task.id, actor=by, text=RESULT, photo_ids=(), now=at)

        agree()
        visit(place.dispatcher)
        agree()
        visiting.report_part(call_id=call.id, actor=place.xu, text="设隔离柱", photo_ids=(), now=at)
        visit(place.dispatcher)
        with pytest.raises(NotNow):
            visit()
        limit = resolve().wait_until
        assert limit is not None
        mustering.lapse(task_id=task.id, now=limit)
        assert resolve().state == JointState.UNRATED
        assert [actions(task).count(one) for one in ("convene", "visit", "resolve")] == [1, 1, 1]

    def test_a_unit_called_and_all_urged_again_after_another_came_are_so_once(self, hub: Hub) -> None:
        place, task, at = hub.place, whistled(hub), MONDAY + HOUR
        for name, who in (("police", place.xu), ("guard", place.ning)):
            whistling.call(task_id=task.id, unit_id=place.city.id, actor=place.coordinator, now=at)
            whistling.urge(task_id=task.id, actor=place.dispatcher, now=at)
            muster(task, place, name, who)
        assert [actions(task).count(one) for one in ("call", "urge")] == [1, 1]

    @pytest.mark.parametrize("deed", ["urge", "call", "give_up", "call_off"])
    def test_twice_is_once_for_whoever_did_it(self, hub: Hub, deed: str) -> None:
        by, other, at = hub.place.coordinator, hub.place.dispatcher, MONDAY + DAY
        task = whistled(hub)
        third = hub.place.city
        acts = {
            "urge": lambda actor, text: whistling.urge(task_id=task.id, actor=actor, now=at),
            "call": lambda actor, text: whistling.call(task_id=task.id, unit_id=third.id, actor=actor, now=at),
            "give_up": lambda actor, text: ending.give_up(task_id=task.id, actor=actor, text=text, now=at),
            "call_off": lambda actor, text: ending.call_off(task_id=task.id, actor=actor, text=text, now=at),
        }
        act = acts[deed]
        before = len(actions(task))
        for _twice in range(2):
            act(by, "办不成")
        assert len(actions(task)) == before + 1
        with pytest.raises(Refused):
            act(other, "办不成")
        if deed in ("give_up", "call_off"):
            with pytest.raises(NotNow):
                act(by, "别的话")

    def test_the_journal_knows_each_step_by_ids_alone(self, hub: Hub) -> None:
        task = resolved(hub)
        entries = list(journal.about(task.subject).order_by("id"))
        assert [entry.what for entry in entries] == [
            JointFact.WHISTLED, JointFact.MUSTERED, JointFact.CONVENED, JointFact.VISITED, JointFact.ABSENT,
            JointFact.RESOLVED,
        ]  # fmt: skip
        assert not any(word in str(entry.facts) for entry in entries for word in ("东门", "停", "徐"))

    def test_several_cases_are_one_matter(self, hub: Hub) -> None:
        other = hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY)
        task = whistled(hub, case_ids=[hub.case.id, other.id])
        assert [case.id for case in reads.cases_of(task)] == [hub.case.id, other.id]
        assert reads.going_on(other) == task


class TestWithItsCases:
    def test_ends_with_its_last_case(self, hub: Hub) -> None:
        task = whistled(hub)
        filing.void(case_id=hub.case.id, actor=hub.place.dispatcher, reason="test", text="试的", now=MONDAY + HOUR)
        task.refresh_from_db()
        assert (task.state, actions(task)[-1]) == (JointState.CALLED_OFF, JointAction.CALL_OFF)
        assert set(UnitCall.objects.values_list("state", flat=True)) == {CallState.RELEASED}

    def test_goes_along_when_its_case_is_merged(self, hub: Hub) -> None:
        younger = hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY + HOUR)
        task = whistled(hub, case_ids=[younger.id], now=MONDAY + HOUR)
        triage.merge(case_id=younger.id, into_id=hub.case.id, actor=hub.place.dispatcher, now=MONDAY + 2 * HOUR)
        task.refresh_from_db()
        assert task.ended_at is None and reads.going_on(hub.case) == task

    def test_two_with_units_on_the_way_are_not_merged_until_one_is_over(self, hub: Hub) -> None:
        """Whoever musters is sent home by nobody but a person, with a word."""
        place, by = hub.place, {"actor": hub.place.dispatcher, "now": MONDAY + 2 * HOUR}
        younger = place.report(place.hua, case_type=LITTER, now=MONDAY + HOUR)
        older_task = whistled(hub, units=("city", "guard"))
        task = whistled(hub, case_ids=[younger.id], now=MONDAY + HOUR)
        muster(task, place, "police", place.xu, now=MONDAY + HOUR)
        with pytest.raises(triage.BothWhistled):
            triage.merge(case_id=younger.id, into_id=hub.case.id, **by)  # type: ignore[arg-type]
        task.refresh_from_db()
        assert task.state == JointState.MUSTERING and call_of(task, place, "police").envoy_id == place.xu.id
        ending.call_off(task_id=older_task.id, text="并到另一次", **by)  # type: ignore[arg-type]
        triage.merge(case_id=younger.id, into_id=hub.case.id, **by)  # type: ignore[arg-type]
        assert reads.going_on(hub.case) == task

    def test_two_of_one_task_are_merged(self, hub: Hub) -> None:
        younger = hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY)
        task = whistled(hub, case_ids=[hub.case.id, younger.id])
        triage.merge(case_id=younger.id, into_id=hub.case.id, actor=hub.place.dispatcher, now=MONDAY + HOUR)
        task.refresh_from_db()
        assert task.ended_at is None and reads.going_on(hub.case) == task

    def test_a_case_that_has_left_shows_the_others_no_further(self, hub: Hub) -> None:
        place = hub.place
        other = place.report(place.hua, case_type=LITTER, now=MONDAY)
        task = whistled(hub, case_ids=[hub.case.id, other.id])
        filing.void(case_id=other.id, actor=place.dispatcher, reason="test", text="试的", now=MONDAY + HOUR)
        muster(task, place, "police", place.xu, now=MONDAY + 2 * HOUR)
        visiting.convene(
            task_id=task.id, actor=place.coordinator, at=MONDAY + DAY, place="东门", now=MONDAY + 3 * HOUR
        )  # fmt: skip
        visiting.visit(
            task_id=task.id, actor=place.coordinator, text="看了",
            asked_of=mustered(), came=[], photo_ids=(), now=MONDAY + DAY
        )  # fmt: skip
        assert [step.action for step in reads.steps_about(other.id)] == ["whistle"]
        assert [step.action for step in reads.steps_about(hub.case.id)] == ["whistle", "muster", "convene", "visit"]
        assert reads.was_there(hub.case) and not reads.was_there(other)

    def test_a_result_waits_for_its_rating_though_the_case_is_closed(self, hub: Hub) -> None:
        task = resolved(hub)
        check = hub.responded(hub.signed(now=MONDAY + DAY), now=MONDAY + 2 * DAY)
        hub.passed(check, now=MONDAY + 2 * DAY + HOUR)
        confirming.confirm(case_id=hub.case.id, actor=hub.place.lan, rating=5, text="", now=MONDAY + 3 * DAY)
        task.refresh_from_db()
        assert task.state == JointState.RESOLVED

    def test_can_be_called_off_and_given_up_with_a_word(self, hub: Hub) -> None:
        task = whistled(hub)
        with pytest.raises(WordsMissing):
            ending.call_off(task_id=task.id, actor=hub.place.coordinator, text="", now=MONDAY)
        ending.call_off(task_id=task.id, actor=hub.place.coordinator, text="车已经挪走", now=MONDAY)
        with pytest.raises(NotNow):
            ending.give_up(task_id=task.id, actor=hub.place.dispatcher, text="晚了", now=MONDAY)


class TestWho:
    def test_the_desk_and_the_called_units_see_it_and_nobody_else(self, hub: Hub, there: Place) -> None:
        place, task = hub.place, whistled(hub)
        seen = {
            name: reads.visible_to(getattr(place, name), MONDAY).filter(pk=task.pk).exists()
            for name in ("coordinator", "dispatcher", "xu", "ning", "shi", "wei", "lan", "qin")
        }
        assert {name for name, sees in seen.items() if sees} == {"coordinator", "dispatcher", "xu", "ning"}
        with in_street(there.street.id):
            assert not reads.visible_to(there.coordinator, MONDAY).exists()
            with pytest.raises(NotVisible):
                whistling.urge(task_id=task.id, actor=there.coordinator, now=MONDAY)
            with pytest.raises(NotVisible):
                mustering.decline(call_id=uuid4(), called_at=MONDAY, actor=there.xu, text="不", now=MONDAY)

    def test_the_list_takes_as_many_statements_for_one_as_for_many(
        self, here: Place, django_assert_max_num_queries: object
    ) -> None:
        for number in range(3):
            hub = Hub.with_a_case(here, case_type=LITTER, now=MONDAY + number * HOUR)
            whistled(hub, now=MONDAY + number * HOUR)
        with django_assert_max_num_queries(5), grid.roles_at_hand(here.dispatcher, MONDAY):  # type: ignore[operator]
            rows = list(reads.shelf(here.dispatcher, reads.GOING, "", MONDAY))
            assert [len(list(row.calls.all())) for row in rows] == [2, 2, 2]


class TestTheTable:
    def test_every_state_is_reached_and_ends(self) -> None:
        reached, todo = set(), [rules.INITIAL]
        while todo:
            state = todo.pop()
            if state not in reached:
                reached.add(state)
                todo += [row.target for row in rules.JOINT if state in row.sources and row.target]
        assert reached == rules.states() == set(JointState)
        for state in rules.states() - rules.ends():
            by_time = [row for row in rules.JOINT if state in row.sources and "system" in row.parts and row.target]
            by_hand = [row for row in rules.JOINT if state in row.sources and row.parts - {"system"} and row.target]
            assert by_time and by_hand, state

    @pytest.mark.no_guard
    def test_the_database_refuses_what_the_table_does_not_know(self, hub: Hub) -> None:
        task = whistled(hub)
        step = JointStep.objects.get(task=task)
        broken = (
            lambda: JointTask.objects.filter(pk=task.pk).update(wait_until=None),
            lambda: JointTask.objects.filter(pk=task.pk).update(
                state=JointState.RATED, ended_at=MONDAY, wait_until=None
            ),
            lambda: JointTask.objects.filter(pk=task.pk).update(state=JointState.ON_SITE),
            lambda: UnitCall.objects.filter(task=task).update(state=CallState.MUSTERED),
            lambda: UnitCall.objects.filter(task=task).update(came=True),
            lambda: JointCase.objects.create(task=whistle_elsewhere(hub), case=hub.case),
        )
        for write in broken:
            with pytest.raises(IntegrityError), transaction.atomic():
                write()
        with pytest.raises(Exception, match="append"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE cases_jointstep SET action = 'rate' WHERE id = %s", [step.pk])


def whistle_elsewhere(hub: Hub) -> JointTask:
    other = hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY)
    return whistled(hub, case_ids=[other.id])


def test_an_id_of_nothing_is_not_visible(here: Place) -> None:
    with pytest.raises(NotVisible):
        mustering.lapse(task_id=UUID(int=0), now=MONDAY)


def test_what_was_looked_at_together_is_not_taken_back(hub: Hub) -> None:
    task = convened(hub)
    assert policies.may_withdraw(hub.place.lan, hub.fresh())
    visiting.visit(
        task_id=task.id, actor=hub.place.coordinator, text="两边都停满", asked_of=mustered(), came=[], photo_ids=(),
        now=MONDAY + DAY + HOUR,
    )  # fmt: skip
    assert not policies.may_withdraw(hub.place.lan, hub.fresh())
    assert not policies.may_correct(hub.place.lan, hub.fresh())
    with pytest.raises(withdrawing.SeenTogether):
        withdrawing.withdraw(case_id=hub.case.id, actor=hub.place.lan, now=MONDAY + DAY + 2 * HOUR)
    assert hub.fresh().ended_at is None

"""吹哨报到: the community whistles, units muster in time, late or not at all, look together, and are rated."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases import policies
from huipai.cases.commands import confirming, filing, triage, withdrawing
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.joint import ending, mustering, visiting, whistling
from huipai.cases.fact_words import JointFact
from huipai.cases.joint_words import CallState, JointAction, JointState
from huipai.cases.models import JointCase, JointStep, JointTask, UnitCall, UnitRating
from huipai.cases.queries import checking, involved
from huipai.cases.queries import joint as reads
from huipai.cases.rules import joint as rules
from huipai.cases.rules.machine import NotNow
from huipai.grid import queries as grid
from huipai.grid.models import Absence, Assignment, Unit
from huipai.journal import queries as journal
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RESULT = "旁边的停车场夜里开放，腾出 150 个车位"


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here, case_type=LITTER)


def whistled(
    hub: Hub, *, units: tuple[str, ...] = ("police", "guard"), now: object = MONDAY, **more: object
) -> JointTask:
    given = {"case_ids": [hub.case.id], "matter": "东门晚上堵死，一起去看", "hours": 4, "now": now, **more}
    return whistling.whistle(
        unit_ids=[getattr(hub.place, name).id for name in units],
        actor=hub.place.coordinator,
        **given,  # type: ignore[arg-type]
    )


def call_of(task: JointTask, place: Place, name: str) -> UnitCall:
    return UnitCall.objects.get(task=task, unit=getattr(place, name))


def muster(task: JointTask, place: Place, name: str, by: Person, *, now: object = MONDAY + HOUR) -> UnitCall:
    call = call_of(task, place, name)
    return mustering.muster(call_id=call.id, envoy_id=by.id, actor=by, now=now)  # type: ignore[arg-type]


def convened(hub: Hub) -> JointTask:
    task = whistled(hub)
    muster(task, hub.place, "police", hub.place.xu)
    return visiting.convene(
        task_id=task.id, actor=hub.place.coordinator, at=MONDAY + DAY, place="东门岗亭", now=MONDAY + HOUR
    )


def resolved(hub: Hub) -> JointTask:
    task, call = convened(hub), UnitCall.objects.get(state=CallState.MUSTERED)
    at = MONDAY + DAY + HOUR
    visiting.visit(
        task_id=task.id, actor=hub.place.coordinator, text="两边都停满", came=[call.id], photo_ids=(), now=at
    )
    return visiting.resolve(task_id=task.id, actor=hub.place.coordinator, text=RESULT, photo_ids=(), now=at)


def actions(task: JointTask) -> list[str]:
    return list(JointStep.objects.filter(task=task).order_by("position").values_list("action", flat=True))


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
            task_id=task.id, actor=place.coordinator, text="双向都停满", came=[calls["police"].id],
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
                task_id=task.id, actor=place.coordinator, text="停满", came=[], photo_ids=first, now=at
            )  # fmt: skip
        with pytest.raises(NotNow):
            visiting.visit(
                task_id=task.id, actor=place.coordinator, text="停满", came=[], now=at,
                photo_ids=place.photo_ids(place.coordinator),
            )  # fmt: skip

    def test_what_others_did_in_between_makes_no_news_of_what_is_sent_again(self, hub: Hub) -> None:
        place, task, at = hub.place, whistled(hub), MONDAY + DAY
        by, call = place.coordinator, call_of(task, place, "police")
        muster(task, place, "police", place.xu)

        def agree() -> None:
            visiting.convene(task_id=task.id, actor=by, at=at, place="东门岗亭", now=at)

        def visit(actor: Person = by) -> None:
            visiting.visit(task_id=task.id, actor=actor, text="停满", came=[call.id], photo_ids=(), now=at)

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
            JointFact.WHISTLED, JointFact.MUSTERED, JointFact.CONVENED, JointFact.VISITED, JointFact.RESOLVED,
        ]  # fmt: skip
        assert not any(word in str(entry.facts) for entry in entries for word in ("东门", "停", "徐"))

    def test_several_cases_are_one_matter(self, hub: Hub) -> None:
        other = hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY)
        task = whistled(hub, case_ids=[hub.case.id, other.id])
        assert [case.id for case in reads.cases_of(task)] == [hub.case.id, other.id]
        assert reads.going_on(other) == task


class TestWhistling:
    def test_who_came_says_nothing_as_a_reporter_of_it_and_nobody_is_named_instead_afterwards(self, hub: Hub) -> None:
        place, at = hub.place, MONDAY + DAY + HOUR
        task, colleague = convened(hub), cast.staff("陶二", "13900019997")
        Assignment.objects.create(
            person=colleague, role=Role.UNIT_HANDLER, unit=place.police, valid_from=cast.A_MONTH_AGO
        )
        call = call_of(task, place, "police")
        for person in (place.xu, colleague):
            assert not policies.may_join(person, hub.fresh(), at)
        visiting.visit(
            task_id=task.id, actor=place.coordinator, text="两边都停满", came=[call.id], photo_ids=(), now=at
        )
        with pytest.raises(NotNow):
            mustering.send_another(call_id=call.id, envoy_id=colleague.id, actor=place.xu, now=at)
        assert policies.may_join(place.shi, hub.fresh(), at), "a unit that was not called has no part in it"

    def test_no_unit_of_another_place_is_called(self, hub: Hub) -> None:
        place = hub.place
        far = Unit.objects.create(code="FAR", name="别处物业", kind=place.guard.kind, node=place.town["M4"])
        task = whistled(hub)
        with pytest.raises(whistling.TwoUnits):
            whistling.call(task_id=task.id, unit_id=far.id, actor=place.coordinator, now=MONDAY)
        ending.call_off(task_id=task.id, actor=place.coordinator, text="不用了", now=MONDAY)
        with pytest.raises(whistling.TwoUnits):
            whistling.whistle(
                case_ids=[hub.case.id], unit_ids=[place.guard.id, far.id], actor=place.coordinator, matter="看",
                hours=4, now=MONDAY,
            )  # fmt: skip

    def test_no_unit_for_which_nobody_could_come_is_called(self, hub: Hub) -> None:
        place = hub.place
        empty = Unit.objects.create(code="EMPTY", name="空着的队", kind=place.city.kind)
        page = as_(place.coordinator).get(f"/s/yunqiao/cases/{hub.case.code}/whistle/").content.decode()
        assert place.city.name in page and empty.name not in page
        form = {"unit": [str(place.city.id), str(empty.id)], "text": "一起看", "hours": "4"}
        refused = as_(place.coordinator).post(f"/s/yunqiao/cases/{hub.case.code}/whistle/", form)
        assert "现在没有人能来：空着的队" in refused.content.decode() and not JointTask.objects.exists()
        Assignment.objects.create(
            person=place.bo, role=Role.UNIT_HANDLER, unit=empty, valid_from=cast.A_MONTH_AGO, valid_until=MONDAY
        )
        task = whistled(hub)
        with pytest.raises(whistling.NobodyToCome):
            whistling.call(task_id=task.id, unit_id=empty.id, actor=place.coordinator, now=MONDAY)
        Absence.objects.create(person=place.chief, kind="illness", valid_from=MONDAY)
        Absence.objects.create(person=place.shi, kind="illness", valid_from=MONDAY)
        with pytest.raises(whistling.NobodyToCome):
            whistling.call(task_id=task.id, unit_id=place.city.id, actor=place.coordinator, now=MONDAY)
        page = as_(place.coordinator).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
        assert empty.name not in page

    def test_only_the_community_whistles_and_not_on_its_own_report(self, hub: Hub) -> None:
        place = hub.place
        for actor in (place.dispatcher, place.wei, place.lan, place.shi):
            with pytest.raises(NotAllowed):
                whistling.whistle(
                    case_ids=[hub.case.id], unit_ids=[place.city.id, place.guard.id], actor=actor, matter="看",
                    hours=4, now=MONDAY,
                )  # fmt: skip
        own = place.report(place.coordinator, case_type=LITTER)
        with pytest.raises(NotAllowed) as refused:
            whistled(hub, case_ids=[own.id])
        assert refused.value.code == "own_report"

    def test_twice_in_the_same_words_is_once_and_in_others_it_is_refused(self, hub: Hub) -> None:
        task = whistled(hub)
        assert whistled(hub) == task
        with pytest.raises(whistling.WhistledAlready):
            whistled(hub, matter="另一句")
        assert JointTask.objects.count() == 1

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"matter": "  "}, "joint_say_the_matter"),
            ({"hours": 3}, "joint_hours"),
            ({"units": ("police",)}, "joint_two_units"),
        ],
    )
    def test_says_what_is_missing(self, hub: Hub, more: dict[str, object], code: str) -> None:
        with pytest.raises(Refused) as refused:
            whistled(hub, **more)  # type: ignore[arg-type]
        assert refused.value.code == code

    def test_not_on_what_has_a_response_or_is_over(self, hub: Hub) -> None:
        hub.responded(hub.signed())
        with pytest.raises(NotNow):
            whistled(hub)

    def test_another_streets_case_and_unit_do_not_exist(self, hub: Hub, there: Place) -> None:
        with in_street(there.street.id):
            theirs = there.report(case_type=LITTER)
        with pytest.raises(NotVisible):
            whistled(hub, case_ids=[theirs.id])
        with pytest.raises(whistling.TwoUnits):
            whistling.whistle(
                case_ids=[hub.case.id], unit_ids=[hub.place.police.id, there.police.id], actor=hub.place.coordinator,
                matter="看", hours=4, now=MONDAY,
            )  # fmt: skip


class TestMustering:
    def test_one_names_a_colleague_and_another_can_come_instead(self, hub: Hub) -> None:
        place, task = hub.place, whistled(hub, units=("city", "guard"))
        call = call_of(task, place, "city")
        mustering.muster(call_id=call.id, envoy_id=place.chief.id, actor=place.shi, now=MONDAY + HOUR)
        with pytest.raises(mustering.NamedAlready):
            mustering.muster(call_id=call.id, envoy_id=place.shi.id, actor=place.shi, now=MONDAY + HOUR)
        again = mustering.send_another(call_id=call.id, envoy_id=place.shi.id, actor=place.shi, now=MONDAY + 2 * HOUR)
        assert (again.envoy_id, again.mustered_at) == (place.shi.id, MONDAY + HOUR)

    def test_only_people_of_the_unit_come_for_it(self, hub: Hub) -> None:
        task = whistled(hub)
        call = call_of(task, hub.place, "police")
        with pytest.raises(NotVisible):
            mustering.muster(call_id=call.id, envoy_id=hub.place.shi.id, actor=hub.place.shi, now=MONDAY)
        with pytest.raises(mustering.NotOfTheUnit):
            mustering.muster(call_id=call.id, envoy_id=hub.place.shi.id, actor=hub.place.xu, now=MONDAY)

    def test_who_is_away_is_not_named_and_the_page_says_when_somebody_named_is(self, hub: Hub) -> None:
        place, now = hub.place, clock.now()
        task, deputy = whistled(hub, units=("city", "guard"), now=now), cast.staff("史二", "13900019998")
        call = call_of(task, place, "city")
        mustering.muster(call_id=call.id, envoy_id=place.shi.id, actor=place.chief, now=now)
        Assignment.objects.filter(person=place.shi).update(deputy=deputy)
        path = f"/s/yunqiao/joint/{task.id}/"
        assert "现在不在岗" not in as_(place.coordinator).get(path).content.decode()
        Absence.objects.create(person=place.shi, kind="illness", valid_from=now)
        for person in (place.coordinator, place.chief):
            assert f"{place.shi.name}现在不在岗" in as_(person).get(path).content.decode()
        mustering.send_another(call_id=call.id, envoy_id=deputy.id, actor=place.chief, now=now)
        with pytest.raises(mustering.IsAway):
            mustering.send_another(call_id=call.id, envoy_id=place.shi.id, actor=place.chief, now=now)

    def test_who_reported_it_does_not_come_for_a_unit(self, here: Place) -> None:
        hub = Hub(here, here.report(here.xu, case_type=LITTER))
        task = whistled(hub)
        with pytest.raises(NotAllowed) as refused:
            muster(task, here, "police", here.xu)
        assert refused.value.code == "own_report"

    def test_who_came_neither_checks_nor_joins_the_report(self, hub: Hub) -> None:
        task = whistled(hub)
        muster(task, hub.place, "police", hub.place.xu)
        case = hub.fresh()
        assert not policies.may_join(hub.place.xu, case, MONDAY + HOUR)
        stake = {hub.place.xu.id, hub.place.coordinator.id}
        assert stake & involved.handlers_of(case) and not stake & set(checking.checker_pool(case, MONDAY))

    def test_late_is_written_as_late(self, hub: Hub) -> None:
        task = whistled(hub)
        call = muster(task, hub.place, "police", hub.place.xu, now=MONDAY + 7 * HOUR)
        assert call.is_late and call.state == CallState.MUSTERED

    def test_saying_no_needs_a_word_and_the_last_no_brings_the_hub(self, hub: Hub) -> None:
        place, task = hub.place, whistled(hub)
        call = call_of(task, place, "police")
        with pytest.raises(WordsMissing):
            mustering.decline(call_id=call.id, called_at=call.called_at, actor=place.xu, text=" ", now=MONDAY)
        for name, person in (("police", place.xu), ("guard", place.ning)):
            call = call_of(task, place, name)
            mustering.decline(
                call_id=call.id, called_at=call.called_at, actor=person, text="人手不够", now=MONDAY + HOUR
            )
        task.refresh_from_db()
        assert task.state == JointState.UNANSWERED and task.wait_until is not None
        # A late yes is welcome.
        assert muster(task, place, "police", place.xu, now=MONDAY + 2 * HOUR).excuse == ""


class TestTime:
    def test_who_does_not_come_is_marked_and_the_others_go_on(self, hub: Hub) -> None:
        task = whistled(hub)
        muster(task, hub.place, "police", hub.place.xu)
        call = call_of(task, hub.place, "guard")
        task = mustering.lapse(task_id=task.id, now=call.answer_by)
        assert (task.state, call_of(task, hub.place, "guard").state) == (JointState.MUSTERING, CallState.ABSENT)
        assert actions(mustering.lapse(task_id=task.id, now=call.answer_by)) == ["whistle", "muster", "mark_absent"]

    def test_nobody_comes_and_then_the_hub_does_nothing_either(self, hub: Hub) -> None:
        task = whistled(hub)
        assert task.wait_until is not None
        task = mustering.lapse(task_id=task.id, now=task.wait_until)
        assert task.state == JointState.UNANSWERED and task.wait_until is not None
        task = mustering.lapse(task_id=task.id, now=task.wait_until)
        assert (task.state, reads.going_on(hub.case)) == (JointState.UNRESOLVED, None)
        assert actions(task) == ["whistle", "mark_absent", "mark_absent", "fall_back", "lapse"]
        assert whistled(hub, now=task.ended_at, matter="再吹一次") != task

    def test_the_hub_calls_again(self, hub: Hub) -> None:
        task = whistled(hub)
        assert task.wait_until is not None
        mustering.lapse(task_id=task.id, now=task.wait_until)
        later = task.wait_until + HOUR
        call = whistling.call(task_id=task.id, unit_id=hub.place.police.id, actor=hub.place.dispatcher, now=later)
        task.refresh_from_db()
        assert (task.state, call.state, task.wait_until) == (JointState.WHISTLED, CallState.CALLED, call.answer_by)
        with pytest.raises(whistling.CalledAlready):
            whistling.call(task_id=task.id, unit_id=hub.place.police.id, actor=hub.place.coordinator, now=later)

    def test_a_later_call_forgives_no_earlier_one(self, hub: Hub) -> None:
        place, task = hub.place, whistled(hub)
        muster(task, place, "guard", place.ning)
        first = call_of(task, place, "police")
        mustering.lapse(task_id=task.id, now=first.answer_by)
        later = first.answer_by + HOUR
        whistling.call(task_id=task.id, unit_id=place.police.id, actor=place.coordinator, now=later)
        page = as_(place.coordinator).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
        assert "先前叫过 1 次，没有按时报到" in page
        muster(task, place, "police", place.xu, now=later + HOUR / 2)
        page = as_(place.coordinator).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
        assert re.search(r"先前叫过 1 次，没有按时报到 · [^<]*按时报到", page)

    def test_what_it_said_of_one_call_sent_again_is_no_answer_to_the_next(self, hub: Hub) -> None:
        place, task = hub.place, whistled(hub)
        first = call_of(task, place, "police")
        page = f"/s/yunqiao/joint/{task.id}/"
        assert f'name="called" value="{first.called_at.isoformat()}"' in as_(place.xu).get(page).content.decode()
        told = {"call": str(first.id), "called": first.called_at.isoformat(), "excuse": "人手不够"}
        assert as_(place.xu).post(f"{page}decline/", told).status_code == 302
        again = first.called_at + HOUR
        whistling.call(task_id=task.id, unit_id=place.police.id, actor=place.coordinator, now=again)
        for _twice in range(2):
            assert as_(place.xu).post(f"{page}decline/", told).status_code == 302
        call = call_of(task, place, "police")
        assert (call.state, call.called_at, call.excuse) == (CallState.CALLED, again, "人手不够")
        assert as_(place.xu).post(f"{page}decline/", {**told, "excuse": "还是没有人"}).status_code == 409
        assert as_(place.xu).post(f"{page}decline/", {**told, "called": again.isoformat()}).status_code == 302
        assert call_of(task, place, "police").state == CallState.DECLINED

    def test_why_it_could_not_come_stays_when_it_is_called_again(self, hub: Hub) -> None:
        place, task = hub.place, whistled(hub)
        call = call_of(task, place, "police")
        mustering.decline(call_id=call.id, called_at=call.called_at, actor=place.xu, text="人手不够", now=MONDAY)
        whistling.call(task_id=task.id, unit_id=place.police.id, actor=place.coordinator, now=MONDAY + HOUR)
        page = as_(place.coordinator).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
        assert "先前说来不了：人手不够" in page

    @pytest.mark.parametrize("make", [convened, resolved])
    def test_standing_still_ends(self, hub: Hub, make: object) -> None:
        task = make(hub)  # type: ignore[operator]
        before = task.state
        done = mustering.lapse(task_id=task.id, now=task.wait_until)
        ends = {JointState.ON_SITE: JointState.UNRESOLVED, JointState.RESOLVED: JointState.UNRATED}
        assert done.state == ends[before]

    def test_urging_rests(self, hub: Hub) -> None:
        task = whistled(hub)
        whistling.urge(task_id=task.id, actor=hub.place.dispatcher, now=MONDAY + HOUR)
        with pytest.raises(whistling.UrgedToMuster):
            whistling.urge(task_id=task.id, actor=hub.place.coordinator, now=MONDAY + 2 * HOUR)
        whistling.urge(task_id=task.id, actor=hub.place.dispatcher, now=MONDAY + 6 * HOUR)
        assert actions(task).count("urge") == 2


class TestVisitAndResult:
    def test_no_result_before_the_visit(self, hub: Hub) -> None:
        task = convened(hub)
        with pytest.raises(visiting.VisitFirst):
            visiting.resolve(task_id=task.id, actor=hub.place.coordinator, text=RESULT, photo_ids=(), now=MONDAY + DAY)

    @pytest.mark.parametrize(
        "text",
        ["打 13812345678 找他", "有事打 138 1234 5678 或 010-87654321 找王师傅", "苏E·A12345 停在门口", "蓝小河 报的"],
    )
    def test_a_result_names_nobody(self, hub: Hub, text: str) -> None:
        task = convened(hub)
        visiting.visit(
            task_id=task.id, actor=hub.place.coordinator, text="看了", came=[], photo_ids=(), now=MONDAY + DAY
        )
        with pytest.raises(visiting.TellsTooMuch):
            visiting.resolve(task_id=task.id, actor=hub.place.coordinator, text=text, photo_ids=(), now=MONDAY + DAY)

    def test_another_day_is_told_again_the_same_one_is_not(self, hub: Hub) -> None:
        task = convened(hub)
        for at in (MONDAY + DAY, MONDAY + 2 * DAY):
            visiting.convene(task_id=task.id, actor=hub.place.coordinator, at=at, place="东门岗亭", now=MONDAY + HOUR)
        assert actions(task).count("convene") == 2
        with pytest.raises(visiting.WhenAndWhere):
            visiting.convene(task_id=task.id, actor=hub.place.coordinator, at=MONDAY - DAY, place="东门", now=MONDAY)

    def test_every_unit_is_rated_few_stars_with_a_word_and_not_by_the_hub(self, hub: Hub) -> None:
        task = resolved(hub)
        call = UnitCall.objects.get(state=CallState.MUSTERED)
        at = MONDAY + 2 * DAY
        with pytest.raises(NotAllowed):
            ending.rate(task_id=task.id, actor=hub.place.dispatcher, marks={call.id: ending.Mark(5)}, now=at)
        with pytest.raises(ending.RateEach):
            ending.rate(task_id=task.id, actor=hub.place.coordinator, marks={}, now=at)
        with pytest.raises(ending.SayWhy):
            ending.rate(task_id=task.id, actor=hub.place.coordinator, marks={call.id: ending.Mark(1)}, now=at)
        ending.rate(task_id=task.id, actor=hub.place.coordinator, marks={call.id: ending.Mark(4)}, now=at)
        with pytest.raises(NotNow):
            ending.rate(task_id=task.id, actor=hub.place.coordinator, marks={call.id: ending.Mark(1, "x")}, now=at)
        assert UnitRating.objects.get().stars == 4


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
            task_id=task.id, actor=place.coordinator, text="看了", came=[], photo_ids=(), now=MONDAY + DAY
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
            rows = list(reads.shelf(here.dispatcher, reads.GOING, MONDAY))
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
        task_id=task.id, actor=hub.place.coordinator, text="两边都停满", came=[], photo_ids=(),
        now=MONDAY + DAY + HOUR,
    )  # fmt: skip
    assert not policies.may_withdraw(hub.place.lan, hub.fresh())
    assert not policies.may_correct(hub.place.lan, hub.fresh())
    with pytest.raises(withdrawing.SeenTogether):
        withdrawing.withdraw(case_id=hub.case.id, actor=hub.place.lan, now=MONDAY + DAY + 2 * HOUR)
    assert hub.fresh().ended_at is None

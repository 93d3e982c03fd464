"""Who is called and comes in time, late or not at all; what they see together, and what comes of it."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases import jobs, joint_notices, policies
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.joint import ending, mustering, visiting, whistling
from huipai.cases.joint_words import CallState, JointState
from huipai.cases.models import JointTask, UnitCall, UnitRating
from huipai.cases.queries import checking, involved
from huipai.cases.queries import joint as reads
from huipai.cases.queries.proof import verify_cases
from huipai.cases.rules import joint as rules
from huipai.cases.rules.machine import NotNow
from huipai.grid import commands as grid
from huipai.grid.models import Absence, Assignment, Unit
from huipai.grid.words import AbsenceKind
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.notices.models import Notice
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests import cast
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.joint import DAY, HOUR, RESULT, actions, call_of, convened, muster, mustered, resolved, whistled
from tests.cases.test_pages import as_
from tests.cast import MONDAY


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here, case_type=LITTER)


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
            task_id=task.id,
            actor=place.coordinator,
            text="两边都停满",
            asked_of=mustered(),
            came=[call.id],
            photo_ids=(),
            now=at,
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

    def test_it_is_the_same_only_with_the_same_units_cases_and_limit(self, hub: Hub) -> None:
        place = hub.place
        other = place.report(place.hua, case_type=LITTER, now=MONDAY)
        task = whistled(hub, case_ids=[hub.case.id, other.id])
        for more in (
            {"units": ("police", "city")}, {"units": ("police", "guard", "city")}, {"hours": 2}, {"hours": 5},
            {"case_ids": [hub.case.id]},
        ):  # fmt: skip
            with pytest.raises(whistling.WhistledAlready) as refused:
                whistled(hub, **{"case_ids": [hub.case.id, other.id], **more})  # type: ignore[arg-type]
            assert "在那一次里叫" in refused.value.reason
        # A unit more since then makes no news of what is sent again.
        whistling.call(task_id=task.id, unit_id=place.city.id, actor=place.dispatcher, now=MONDAY)
        assert whistled(hub, case_ids=[hub.case.id, other.id]) == task
        third = place.report(place.qin, case_type=LITTER, now=MONDAY)
        with pytest.raises(whistling.WhistledAlready) as refused:
            whistled(hub, case_ids=[third.id, other.id])
        assert other.code in refused.value.reason and JointTask.objects.count() == 1

    def test_a_whistle_while_a_result_waits_to_be_rated_says_so(self, hub: Hub) -> None:
        resolved(hub)
        with pytest.raises(whistling.WhistledAlready) as refused:
            whistled(hub, hours=2)
        assert "评过就能再吹" in refused.value.reason

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
            task_id=task.id,
            actor=hub.place.coordinator,
            text="看了",
            asked_of=mustered(),
            came=[],
            photo_ids=(),
            now=MONDAY + DAY,
        )
        with pytest.raises(visiting.TellsTooMuch):
            visiting.resolve(task_id=task.id, actor=hub.place.coordinator, text=text, photo_ids=(), now=MONDAY + DAY)

    def test_with_a_result_nobody_is_waited_for_any_more_and_every_page_says_so(self, hub: Hub) -> None:
        """Who is in time need not come and hears of it; whose time has passed did not come."""
        place, now = hub.place, clock.now()
        task = whistled(hub, units=("police", "guard", "city"), now=now)
        muster(task, place, "police", place.xu, now=now)
        late = call_of(task, place, "city")
        sooner = "UPDATE cases_unitcall SET answer_by = %s WHERE street_id = %s AND id = %s"
        by_hand(sooner, [now + HOUR / 2, late.street_id, late.pk])
        page, orders = f"/s/yunqiao/joint/{task.id}/", "/s/yunqiao/orders/"
        by, at = place.coordinator, now + HOUR
        assert "社区吹哨，1 件要一起办" in as_(place.ning).get(orders).content.decode()
        visiting.convene(task_id=task.id, actor=by, at=at, place="东门岗亭", now=now)
        visiting.visit(task_id=task.id, actor=by, text="停满", asked_of=mustered(), came=[], photo_ids=(), now=at)
        visiting.resolve(task_id=task.id, actor=by, text=RESULT, photo_ids=(), now=at)
        assert {name: call_of(task, place, name).state for name in ("police", "guard", "city")} == {
            "police": CallState.MUSTERED, "guard": CallState.RELEASED, "city": CallState.ABSENT,
        }  # fmt: skip
        assert actions(task)[-2:] == ["mark_absent", "resolve"]
        assert "一件要一起办" not in as_(place.ning).get(orders).content.decode()
        going, over = (as_(place.ning).get(f"/s/yunqiao/joint/{view}").content.decode() for view in ("", "?view=over"))
        assert page not in going and page in over and "不用来了" in over
        assert "等报到" not in as_(place.ning).get(page).content.decode()
        assert page in as_(by).get("/s/yunqiao/joint/").content.decode(), "it waits to be rated"
        with pytest.raises(NotNow):
            muster(task, place, "guard", place.ning, now=at)
        entry = Entry.objects.get(what="joint.resolved")
        joint_notices.tell(entry_id=entry.id, now=entry.happened_at)
        told = Notice.objects.filter(kind="joint.not_needed").values_list("person", flat=True)
        assert set(told) == {place.ning.id}
        assert "一起办的事有结果了，你们不用来了" in as_(place.ning).get("/s/yunqiao/notices/").content.decode()

    def test_the_database_and_the_proof_know_nobody_who_is_waited_for_beside_a_result(self, hub: Hub) -> None:
        task = resolved(hub)
        late = UnitCall.objects.filter(task=task).exclude(state=CallState.MUSTERED)
        with pytest.raises(IntegrityError, match="nobody is waited for"), transaction.atomic():
            late.update(state=CallState.CALLED)
            connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE cases_unitcall DISABLE TRIGGER USER")
            late.update(state=CallState.CALLED)
            cursor.execute("ALTER TABLE cases_unitcall ENABLE TRIGGER USER")
        [found] = verify_cases(hub.place.street)
        assert (found.table, found.row_id) == ("cases_unitcall", late.get().pk)

    def test_a_visit_sent_again_with_others_there_is_refused_and_its_words_stay_on_the_page(self, hub: Hub) -> None:
        place, task, at = hub.place, convened(hub), MONDAY + DAY
        call = call_of(task, place, "police")
        for _twice in range(2):
            visiting.visit(
                task_id=task.id, actor=place.coordinator, text="停满",
                asked_of=mustered(), came=[call.id], photo_ids=(), now=at
            )  # fmt: skip
        with pytest.raises(visiting.VisitedAlready):
            visiting.visit(
                task_id=task.id,
                actor=place.coordinator,
                text="停满",
                asked_of=mustered(),
                came=[],
                photo_ids=(),
                now=at,
            )
        call.refresh_from_db()
        assert call.came
        answer = as_(place.coordinator).post(f"/s/yunqiao/joint/{task.id}/visit/", {"text": "停满，又来了一家"})
        page = answer.content.decode()
        assert answer.status_code == 409 and "要补充，写在结果里" in page and "停满，又来了一家" in page

    def test_who_musters_after_the_visit_reads_what_is_true_and_is_not_rated(self, hub: Hub) -> None:
        """It could not have come; what it has done it says."""
        place, now = hub.place, clock.now()
        task = whistled(hub, now=now - HOUR)
        muster(task, place, "police", place.xu, now=now - HOUR)
        by, path, late = place.coordinator, f"/s/yunqiao/joint/{task.id}/", call_of(task, place, "guard")
        visiting.convene(task_id=task.id, actor=by, at=now - HOUR / 2, place="东门岗亭", now=now - HOUR)
        visiting.visit(
            task_id=task.id, actor=by, text="停满",
            asked_of=mustered(), came=[call_of(task, place, "police").id], photo_ids=(),
            now=now - HOUR / 2,
        )  # fmt: skip
        assert "现场已经看过，不用再去" in as_(place.ning).get(path).content.decode()
        pressed = as_(place.ning).post(
            f"{path}muster/", {"call": str(late.id), "envoy": str(place.ning.id)}, follow=True
        )
        page = pressed.content.decode()
        assert "报到了。现场已经看过，写一句本单位办了什么" in page and "社区会约时间和地点" not in page
        assert "看过现场以后才报到，不评" in page and "本单位办了什么" in page and "换一个人去" not in page
        entry = Entry.objects.filter(what="joint.mustered").latest("id")
        joint_notices.tell(entry_id=entry.id, now=entry.happened_at)
        told = as_(by).get("/s/yunqiao/notices/").content.decode()
        assert "现场已经看过，它办了什么，等它写一句" in told and "约个时间一起到现场" not in told
        with pytest.raises(NotNow):
            mustering.send_another(call_id=late.id, envoy_id=place.xu.id, actor=place.ning, now=clock.now())
        visiting.report_part(call_id=late.id, actor=place.ning, text="加了巡逻", photo_ids=(), now=clock.now())
        visiting.resolve(task_id=task.id, actor=by, text=RESULT, photo_ids=(), now=clock.now())
        html = as_(by).get(path).content.decode()
        early = call_of(task, place, "police")
        assert f"stars_{early.id}" in html and f"stars_{late.id}" not in html
        ending.rate(task_id=task.id, actor=by, marks={early.id: ending.Mark(5)}, now=clock.now())
        assert UnitRating.objects.get().call == early

    def test_who_musters_once_a_day_is_agreed_on_reads_where_it_is(self, hub: Hub) -> None:
        task = convened(hub)
        call = call_of(task, hub.place, "guard")
        form = {"call": str(call.id), "envoy": str(hub.place.ning.id)}
        page = as_(hub.place.ning).post(f"/s/yunqiao/joint/{task.id}/muster/", form, follow=True).content.decode()
        assert "约好的时间和地点在这里" in page and "东门岗亭" in page

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


@pytest.mark.parametrize("how", ["absence", "post"])
def test_where_whoever_was_to_come_is_gone_their_unit_and_the_whistler_hear_of_it_once(here: Place, how: str) -> None:
    """Another is named in time, and nobody waits at the gate."""
    now = clock.now()
    convened(Hub.with_a_case(here, case_type=LITTER))
    colleague = cast.staff("陶二", "13900019997")
    Assignment.objects.create(person=colleague, role=Role.UNIT_HANDLER, unit=here.police, valid_from=cast.A_MONTH_AGO)
    if how == "absence":
        grid.record_absence(
            person=here.xu, kind=AbsenceKind.ILLNESS, valid_from=now, valid_until=None, actor=None, now=now
        )
    else:
        grid.end_assignment(assignment_id=Assignment.objects.get(person=here.xu).id, at=now, actor=None, now=now)
    entry = Entry.objects.filter(what__in=("absence.began", "assignment.ended")).latest("id")
    for _twice in range(2):
        jobs.pass_on(street=str(here.street.id), entry=str(entry.id))
    told = Notice.objects.filter(kind__startswith="joint.envoy_gone").values_list("person", "kind")
    assert sorted(told, key=str) == sorted(
        [(colleague.id, "joint.envoy_gone_at_unit"), (here.coordinator.id, "joint.envoy_gone")], key=str
    )
    assert "说好去一起办的同事不在岗了" in as_(colleague).get("/s/yunqiao/notices/").content.decode()
    assert (
        f"{here.police.name}说好来的那位不在岗了" in as_(here.coordinator).get("/s/yunqiao/notices/").content.decode()
    )


@pytest.mark.parametrize(
    "plate",
    [
        "苏e12345",
        "苏 E12345",
        "苏Ｅ12345",
        "苏E12-345",
        "粤Z1234港",
        "使014578",
        "WJ苏12345",
        "苏ED12345",
        "苏E1234学",
        "粤 B 1 2 3 4 5",
        "京A-1-2-3-4-5",
        "沪·A·1·2·3·4·5",
        "粤B 12 34 5",
        "车牌使123456",
    ],
)
def test_a_plate_is_known_however_it_is_typed(plate: str) -> None:
    assert rules.tells_too_much(f"{plate} 停在门口"), plate


@pytest.mark.parametrize(
    "said",
    [
        "新A1012 室门口",
        "用 wechat 报的",
        "在B3栋 2 单元",
        "腾出 150 个车位",
        "青年A组 5 人",
        "即使100000元也不够",
        "行使 200000 次",
        "新A1-2-3-101 门口",
    ],
)
def test_what_is_no_plate_stays(said: str) -> None:
    assert not rules.tells_too_much(said), said

"""Who hears that a visit has taken place, and for what nobody is rung any more."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from huipai.cases import joint_notices, notices
from huipai.cases.commands import asking, dispatching, filing, following, splitting, triage
from huipai.cases.commands.joint import ending, mustering, visiting
from huipai.cases.joint_notices import TOLD
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.notices import commands
from huipai.notices import queries as reading
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from tests import cast
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.joint import DAY, HOUR, call_of, convened, muster, mustered, resolved
from tests.cases.showing import release
from tests.cases.test_pages import as_
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here, case_type=LITTER)


def may_ring(person: Person) -> list[str]:
    """What would ring in the morning, the latest first, once every follower has run twice."""
    for entry in Entry.objects.filter(what__in=TOLD).order_by("happened_at", "id"):
        for _twice in range(2):
            joint_notices.tell(entry_id=entry.id, now=entry.happened_at + HOUR)
    return [str(one.wording.title) for one in reading.unsent(person, MONDAY + DAY + 2 * HOUR)]


class TestAVisitBeforeTheHour:
    def test_is_told_to_who_was_to_come_and_the_appointment_rings_nobody(self, hub: Hub) -> None:
        place, task = hub.place, convened(hub)
        muster(task, place, "guard", place.ning, now=MONDAY + HOUR)
        visiting.visit(
            task_id=task.id, actor=place.coordinator, text="停满",
            asked_of=mustered(), came=[call_of(task, place, "police").id],
            photo_ids=(), now=MONDAY + 3 * HOUR,
        )  # fmt: skip
        assert may_ring(place.ning)[0] == "一起办的 1 件，现场已经看过了"
        told = Notice.objects.get(person=place.ning, kind="joint.visited")
        assert str(told.wording.text) == "约的时间不用再去，办了什么，在里面写一句"
        assert not Notice.objects.filter(person=place.xu, kind="joint.visited").exists(), "who was there knows"
        for person in (place.ning, place.xu):
            assert not [title for title in may_ring(person) if title.startswith("约好")]

    def test_at_the_hour_asks_who_missed_it_for_their_part(self, hub: Hub) -> None:
        place, task = hub.place, convened(hub)
        at = MONDAY + DAY + HOUR
        visiting.visit(
            task_id=task.id, actor=place.coordinator, text="停满", asked_of=mustered(), came=[], photo_ids=(), now=at
        )
        may_ring(place.xu)
        told = Notice.objects.get(person=place.xu, kind="joint.visited")
        assert str(told.wording.text) == "办了什么，在里面写一句"


def test_a_task_that_was_called_off_rings_as_that_alone(hub: Hub) -> None:
    task = convened(hub)
    ending.call_off(task_id=task.id, actor=hub.place.coordinator, text="不用了", now=MONDAY + 2 * HOUR)
    assert may_ring(hub.place.xu) == ["撤哨了，不用再来"]
    assert Notice.objects.filter(person=hub.place.xu).count() > 1, "the inbox still says what was asked"


def test_what_is_told_late_rings_nobody_when_it_is_over(hub: Hub) -> None:
    task = convened(hub)
    ending.call_off(task_id=task.id, actor=hub.place.coordinator, text="不用了", now=MONDAY + 2 * HOUR)
    for entry in Entry.objects.filter(what__in=TOLD).order_by("-happened_at", "-id"):
        joint_notices.tell(entry_id=entry.id, now=MONDAY + 3 * HOUR)
    assert [str(one.wording.title) for one in reading.unsent(hub.place.xu, MONDAY + DAY)] == ["撤哨了，不用再来"]


def test_who_is_to_go_no_more_is_not_rung_to_go(hub: Hub) -> None:
    place, task = hub.place, convened(hub)
    colleague = cast.staff("陶二", "13900019997")
    Assignment.objects.create(person=colleague, role=Role.UNIT_HANDLER, unit=place.police, valid_from=cast.A_MONTH_AGO)
    mustering.send_another(
        call_id=call_of(task, place, "police").id, envoy_id=colleague.id, actor=colleague, now=MONDAY + 2 * HOUR
    )
    assert may_ring(place.xu)[0] == "换了一位同事去一起办，您不用去了"
    assert not [title for title in may_ring(place.xu) if title.startswith("约好")]
    assert [title for title in may_ring(colleague) if title.startswith("约好")], "whoever goes is"


class TestOneStopIsOfTheMatter:
    """Who wants no message about a thing gets none of it, however the hub goes on with it."""

    @pytest.fixture
    def sms(self, hub: Hub) -> None:
        for person in (hub.place.lan, hub.place.hua):
            commands.prefer(person=person, by_sms=True, quiet_from=time(0), quiet_until=time(0), now=MONDAY)

    @staticmethod
    def rung(person: Person) -> list[str]:
        for entry in Entry.objects.filter(what__in={*TOLD, *notices.TOLD}).order_by("happened_at", "id"):
            (joint_notices if entry.subject.startswith("joint:") else notices).tell(
                entry_id=entry.id, now=entry.happened_at
            )
        for notice in Notice.objects.filter(person=person).order_by("created_at", "id"):
            commands.deliver(notice_id=notice.id, now=MONDAY + 2 * DAY)
        return list(Notice.objects.filter(person=person, sent_at__isnull=False).values_list("kind", flat=True))

    def test_once_several_are_whistled_for(self, hub: Hub, sms: None) -> None:
        commands.mute(person=hub.place.lan, subject=hub.case.subject, now=MONDAY)
        resolved(hub)
        assert self.rung(hub.place.lan) == []
        commands.unmute(person=hub.place.lan, subject=hub.case.subject)
        assert {"case.whistled", "case.joint_result"} <= set(self.rung(hub.place.lan))

    def test_once_it_goes_on_in_another(self, hub: Hub, sms: None) -> None:
        place, younger = hub.place, hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY + HOUR / 2)
        commands.mute(person=place.hua, subject=younger.subject, now=MONDAY + HOUR)
        triage.merge(case_id=younger.id, into_id=hub.case.id, actor=place.dispatcher, now=MONDAY + HOUR)
        hub.sent(now=MONDAY + 2 * HOUR)
        assert self.rung(place.hua) == []
        page = as_(place.hua).get(f"/s/yunqiao/mine/{hub.case.code}/").content.decode()
        assert "这件事接着发短信" in page
        commands.unmute(person=place.hua, subject=hub.case.subject)
        assert "case.dispatched" in self.rung(place.hua)

    def test_of_a_part_that_was_split_off_it(self, hub: Hub, sms: None) -> None:
        place = hub.place
        hub.signed()
        commands.mute(person=place.lan, subject=hub.case.subject, now=MONDAY + 2 * HOUR)
        by = {"actor": place.dispatcher, "now": MONDAY + 3 * HOUR}
        part = splitting.split(part_id=new_id(), case_id=hub.case.id, case_type=LITTER, text="边上", **by)  # type: ignore[arg-type]
        filing.void(case_id=part.id, reason="wrong_entry", text="看错了", **by)  # type: ignore[arg-type]
        assert self.rung(place.lan) == []
        assert Notice.objects.filter(person=place.lan, kind="case.voided").exists(), "the inbox says it"


def test_a_unit_that_stops_what_is_to_be_done_is_not_rung_for_orders(hub: Hub) -> None:
    shi = hub.place.shi
    hub.sent()
    for stopped, rung in (([], ["order.new"]), (["case"], [])):
        Notice.objects.all().delete()
        commands.prefer(
            person=shi, by_sms=True, quiet_from=time(0), quiet_until=time(0), muted_groups=stopped, now=MONDAY
        )
        assert TestOneStopIsOfTheMatter.rung(shi) == rung


class TestOverRingsNobody:
    """Whoever wants each message by itself is rung when the quiet hours end: not for what was over by then."""

    def test_an_order_that_was_recalled_at_night(self, hub: Hub) -> None:
        shi = hub.place.shi
        commands.prefer(person=shi, by_sms=True, quiet_from=time(0), quiet_until=time(0), now=MONDAY)
        order = hub.sent()
        dispatching.recall(order_id=order.id, actor=hub.place.dispatcher, text="另派", now=MONDAY + 2 * HOUR)
        assert TestOneStopIsOfTheMatter.rung(shi) == ["order.recalled"]

    def test_a_question_that_was_answered(self, hub: Hub) -> None:
        lan = hub.place.lan
        commands.prefer(person=lan, by_sms=True, quiet_from=time(0), quiet_until=time(0), now=MONDAY)
        order = hub.signed()
        by_unit = {"order_id": order.id, "actor": hub.place.shi, "text": "几点？", "now": MONDAY + 2 * HOUR}
        question = asking.ask_for_unit(**by_unit)  # type: ignore[arg-type]
        asking.answer(question_id=question.id, actor=lan, text="晚上", now=MONDAY + 3 * HOUR)
        assert "case.question_asked" not in TestOneStopIsOfTheMatter.rung(lan)
        assert Notice.objects.filter(person=lan, kind="case.question_asked").exists()

    def test_an_hour_that_was_moved(self, hub: Hub) -> None:
        xu = hub.place.xu
        commands.prefer(person=xu, by_sms=True, quiet_from=time(0), quiet_until=time(0), now=MONDAY)
        task = convened(hub)
        by = {"actor": hub.place.coordinator, "place": "东门岗亭"}
        visiting.convene(task_id=task.id, at=MONDAY + 2 * DAY, now=MONDAY + 2 * HOUR, **by)  # type: ignore[arg-type]
        rung = TestOneStopIsOfTheMatter.rung(xu)
        assert rung.count("joint.convened") == 1
        [told] = Notice.objects.filter(person=xu, kind="joint.convened", sent_at__isnull=False)
        assert told.params["at"] == int((MONDAY + 2 * DAY).timestamp())


class TestWhoFollows:
    def test_hears_that_several_come_and_what_came_of_it(self, hub: Hub, folder: Path) -> None:
        place = hub.place
        release(place, hub.case)
        following.follow(code=hub.case.code, person=place.hua, now=MONDAY)
        resolved(hub)
        titles = may_ring(place.hua)
        assert titles == ["您跟着的事，几家一起办有结果了", "您跟着的事，社区请了几家单位一起来办"]
        notice = Notice.objects.get(person=place.hua, kind="along.joint_result")
        assert (notice.subject, notice.params) == (hub.case.subject, {"code": hub.case.code})

    def test_hears_that_nothing_came_of_it(self, hub: Hub, folder: Path) -> None:
        place = hub.place
        release(place, hub.case)
        following.follow(code=hub.case.code, person=place.hua, now=MONDAY)
        task = convened(hub)
        ending.call_off(task_id=task.id, actor=place.coordinator, text="不用了", now=MONDAY + 2 * HOUR)
        assert may_ring(place.hua)[0] == "您跟着的事，不用几家一起办了"

    def test_not_where_neighbours_do_not_see_it(self, hub: Hub, folder: Path) -> None:
        place = hub.place
        release(place, hub.case)
        following.follow(code=hub.case.code, person=place.hua, now=MONDAY)
        resolved(hub)
        hide = "DELETE FROM cases_shown WHERE street_id = %s AND id = %s"
        by_hand(hide, [place.street.id, hub.case.id])
        assert may_ring(place.hua) == []

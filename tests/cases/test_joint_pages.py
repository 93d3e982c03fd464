"""The pages of joint tasks: who gets in, what they show and hide, what a refusal keeps, who is told."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from huipai.cases import joint_notices
from huipai.cases.commands.joint import ending, mustering, visiting
from huipai.cases.joint_words import CallState, JointState
from huipai.cases.models import JointTask, UnitCall
from huipai.grid.models import Absence, Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.joint import RESULT, muster, resolved, whistled
from tests.cases.showing import release

HOUR = timedelta(hours=1)
AT = "/s/yunqiao"


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub(here, here.report(case_type=LITTER, now=clock.now()))


def as_person(client: Client, person: Person) -> Client:
    assert person.account is not None
    client.force_login(person.account)
    return client


def page(client: Client, person: Person, path: str) -> str:
    answer = as_person(client, person).get(f"{AT}{path}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


class TestWhistling:
    def test_the_coordinator_whistles_from_the_page_of_the_case(self, client: Client, hub: Hub) -> None:
        assert f"{AT}/cases/{hub.case.code}/whistle/" in page(client, hub.place.coordinator, f"/cases/{hub.case.code}/")
        form = {"text": "东门堵死，一起去看", "hours": "2", "unit": [str(hub.place.police.id), str(hub.place.guard.id)]}
        answer = client.post(f"{AT}/cases/{hub.case.code}/whistle/", form)
        task = JointTask.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"{AT}/joint/{task.id}/")
        assert task.muster_hours == 2 and task.calls.count() == 2

    def test_a_refusal_keeps_what_was_ticked_and_written(self, client: Client, hub: Hub) -> None:
        form = {"text": "东门堵死", "hours": "8", "unit": [str(hub.place.police.id)]}
        answer = as_person(client, hub.place.coordinator).post(f"{AT}/cases/{hub.case.code}/whistle/", form)
        text = answer.content.decode()
        assert answer.status_code == 422 and "至少请两家单位" in text and "东门堵死" in text
        assert f'value="{hub.place.police.id}" class="w-6 h-6 flex-none accent-primary" checked' in text

    def test_sent_again_with_its_other_cases_it_is_once_and_with_another_unit_nothing_is_lost(
        self, client: Client, hub: Hub
    ) -> None:
        place, path = hub.place, f"{AT}/cases/{hub.case.code}/whistle/"
        other = place.report(place.hua, case_type=LITTER, now=clock.now())
        form = {
            "text": "一起去看", "hours": "2", "unit": [str(place.police.id), str(place.guard.id)], "case": [other.code]
        }  # fmt: skip
        as_person(client, place.coordinator)
        sent = [client.post(path, form) for _twice in range(2)]
        task = JointTask.objects.get()
        assert {answer["Location"] for answer in sent} == {f"{AT}/joint/{task.id}/"} and task.cases.count() == 2
        answer = client.post(path, {**form, "unit": [str(place.police.id), str(place.city.id)]})
        page = answer.content.decode()
        assert answer.status_code == 409 and "这一次没有发出去" in page and f"{AT}/joint/{task.id}/" in page
        ticked = [other.code, str(place.police.id), str(place.city.id)]
        assert all(re.search(f'value="{one}"[^>]* checked', page) for one in ticked) and "一起去看" in page
        assert task.calls.count() == 2 and task.cases.count() == 2

    def test_nobody_else_gets_in(self, client: Client, hub: Hub) -> None:
        path = f"{AT}/cases/{hub.case.code}/whistle/"
        found = {
            name: as_person(client, getattr(hub.place, name)).get(path).status_code
            for name in ("dispatcher", "wei", "lan", "shi", "hua")
        }
        assert found == {"dispatcher": 403, "wei": 403, "lan": 403, "shi": 404, "hua": 404}


class TestOneTask:
    def test_hides_who_reported_it_from_the_units(self, client: Client, hub: Hub) -> None:
        task = whistled(hub, now=clock.now(), matter="蓝小河说东门堵死")
        text = page(client, hub.place.xu, f"/joint/{task.id}/")
        assert "蓝小河" not in text and "东门堵死" in text and "徐站前" in text

    def test_is_404_for_whom_it_does_not_concern_and_in_the_other_street(
        self, client: Client, hub: Hub, there: Place
    ) -> None:
        task = whistled(hub, now=clock.now())
        for person in (hub.place.shi, hub.place.wei, hub.place.lan):
            assert as_person(client, person).get(f"{AT}/joint/{task.id}/").status_code == 404
            assert client.post(f"{AT}/joint/{task.id}/urge/").status_code == 404
        as_person(client, there.coordinator)
        assert client.get(f"/s/hetang/joint/{task.id}/").status_code == 404
        assert as_person(client, hub.place.coordinator).post(f"{AT}/joint/{task.id}/nothing/").status_code == 404
        assert client.get(f"{AT}/joint/{uuid4()}/").status_code == 404

    def test_a_unit_musters_and_the_hub_cannot_for_it(self, client: Client, hub: Hub) -> None:
        task = whistled(hub, now=clock.now())
        call = UnitCall.objects.get(task=task, unit=hub.place.police)
        sent = {"call": str(call.id), "envoy": str(hub.place.xu.id)}
        assert as_person(client, hub.place.dispatcher).post(f"{AT}/joint/{task.id}/muster/", sent).status_code == 404
        assert as_person(client, hub.place.xu).post(f"{AT}/joint/{task.id}/muster/", sent).status_code == 302
        call.refresh_from_db()
        assert call.state == CallState.MUSTERED
        assert "吹哨，1 件要一起办" in page(client, hub.place.xu, "/orders/")

    def test_a_day_without_a_place_keeps_the_day(self, client: Client, hub: Hub) -> None:
        task, now = whistled(hub, now=clock.now()), clock.now()
        call = UnitCall.objects.get(task=task, unit=hub.place.police)
        mustering.muster(call_id=call.id, envoy_id=hub.place.xu.id, actor=hub.place.xu, now=now)
        day = f"{now + timedelta(days=1):%Y-%m-%d}"
        as_person(client, hub.place.coordinator)
        answer = client.post(f"{AT}/joint/{task.id}/day/", {"day": day, "time": "15:00", "place": ""})
        assert answer.status_code == 422 and f'value="{day}"' in answer.content.decode()
        sent = {"day": day, "time": "15:00", "place": "东门岗亭"}
        assert client.post(f"{AT}/joint/{task.id}/day/", sent).status_code == 302
        task.refresh_from_db()
        assert task.state == JointState.ON_SITE
        # They went today already: nobody is told any more to come tomorrow, and the steps stand as they happened.
        assert "15:00" in page(client, hub.place.coordinator, "/joint/")
        saw = {"text": "两边都停满", "came": [str(call.id)], "offered": offered(client, hub, task)}
        assert client.post(f"{AT}/joint/{task.id}/visit/", saw).status_code == 302
        assert "15:00" not in page(client, hub.place.coordinator, "/joint/")
        told = page(client, hub.place.coordinator, f"/joint/{task.id}/")
        assert told.index("没到约好的时间就到现场看过了") < told.index("15:00 一起到现场")

    def test_of_a_unit_that_musters_after_the_page_was_made_nothing_is_said_by_it(
        self, client: Client, hub: Hub
    ) -> None:
        task, now = whistled(hub, now=clock.now()), clock.now()
        first = muster(task, hub.place, "police", hub.place.xu, now=now)
        as_person(client, hub.place.coordinator)
        sent = {"day": f"{now + timedelta(days=1):%Y-%m-%d}", "time": "15:00", "place": "东门岗亭"}
        assert client.post(f"{AT}/joint/{task.id}/day/", sent).status_code == 302
        saw = {"text": "两边都停满", "came": [str(first.id)], "offered": offered(client, hub, task)}
        assert saw["offered"] == [str(first.id)]
        forgotten = client.post(f"{AT}/joint/{task.id}/visit/", saw | {"came": []})
        html = forgotten.content.decode()
        assert forgotten.status_code == 422 and "勾一下哪几家到了现场" in html and "两边都停满" in html
        second = muster(task, hub.place, "guard", hub.place.ning, now=now)
        answer = client.post(f"{AT}/joint/{task.id}/visit/", saw)
        html = answer.content.decode()
        assert answer.status_code == 409 and "又有单位报到了" in html and "两边都停满" in html
        assert not UnitCall.objects.exclude(came=None).exists()
        as_now = {"came": [str(first.id), str(second.id)], "offered": re.findall(OFFERED, html)}
        assert client.post(f"{AT}/joint/{task.id}/visit/", saw | as_now).status_code == 302
        assert set(UnitCall.objects.values_list("came", flat=True)) == {True}

    def test_ratings_are_read_by_the_desk_and_by_the_rated_unit_alone(self, client: Client, hub: Hub) -> None:
        task = resolved(hub)
        call = UnitCall.objects.get(state=CallState.MUSTERED)
        marks = {call.id: ending.Mark(2, "话没说清")}
        ending.rate(task_id=task.id, actor=hub.place.coordinator, marks=marks, now=clock.now())
        told = {
            name: "话没说清" in page(client, getattr(hub.place, name), f"/joint/{task.id}/")
            for name in ("coordinator", "dispatcher", "xu", "ning")
        }
        assert told == {"coordinator": True, "dispatcher": True, "xu": True, "ning": False}


class TestTold:
    def test_the_reporter_reads_units_and_the_result_and_no_name(self, client: Client, hub: Hub) -> None:
        resolved(hub)
        text = page(client, hub.place.lan, f"/mine/{hub.case.code}/")
        assert "云桥路公交警务中心报到了" in text and RESULT in text
        assert "徐站前" not in text and "高明明" not in text

    def test_neighbours_read_it_only_of_a_public_case(self, client: Client, here: Place) -> None:
        hub = Hub(here, here.report(case_type=LITTER))
        resolved(hub)
        path = f"{AT}/c/{hub.case.code}/"
        assert client.get(path).status_code == 404  # nobody has released a photo of it
        release(here, hub.case)
        text = client.get(path).content.decode()
        assert RESULT in text and "云桥路公交警务中心报到了" in text
        assert "两边都停满" not in text and "徐站前" not in text and "约好" not in text

    def test_each_is_told_once_and_the_reporter_is_led_to_the_case(self, hub: Hub) -> None:
        now = clock.now()
        task = whistled(hub, now=now)
        call = UnitCall.objects.get(task=task, unit=hub.place.police)
        mustering.muster(call_id=call.id, envoy_id=hub.place.xu.id, actor=hub.place.xu, now=now)
        visiting.convene(
            task_id=task.id, actor=hub.place.coordinator, at=now + HOUR, place="东门", now=now
        )  # fmt: skip
        for entry in Entry.objects.filter(what__in=joint_notices.TOLD):
            for _twice in range(2):
                joint_notices.tell(entry_id=entry.id, now=entry.happened_at)
        told = {
            name: sorted(Notice.objects.filter(person=getattr(hub.place, name)).values_list("kind", flat=True))
            for name in ("lan", "xu", "ning", "coordinator", "dispatcher", "shi")
        }
        assert told == {
            "lan": ["case.whistled"], "xu": ["joint.called_to", "joint.convened"], "ning": ["joint.called_to"],
            "coordinator": ["joint.mustered"], "dispatcher": ["joint.whistled"], "shi": [],
        }  # fmt: skip

    def test_what_came_to_nothing_is_told_to_reporters_and_nobody_is_said_to_have_looked(
        self, client: Client, hub: Hub
    ) -> None:
        now = clock.now()
        task = whistled(hub, now=now)
        ending.give_up(task_id=task.id, actor=hub.place.coordinator, text="一家都没来", now=now)
        follow_all()
        told = Notice.objects.get(person=hub.place.lan, kind="case.joint_end")
        assert "没有办成" in str(told.wording.title) and told.params["code"] == hub.case.code
        text = page(client, hub.place.lan, f"/mine/{hub.case.code}/")
        assert "这次没有办成" in text and "一起看过" not in text

    def test_the_result_is_told_also_when_the_job_comes_after_the_rating(self, hub: Hub) -> None:
        resolved(hub)
        call = UnitCall.objects.get(state=CallState.MUSTERED)
        ending.rate(task_id=call.task_id, actor=hub.place.coordinator, marks={call.id: ending.Mark(5)}, now=clock.now())
        entry = Entry.objects.get(what="joint.resolved")
        joint_notices.tell(entry_id=entry.id, now=entry.happened_at)
        assert Notice.objects.filter(person=hub.place.lan, kind="case.joint_result").exists()

    def test_who_is_away_is_not_told_and_who_attends_instead_is(self, hub: Hub) -> None:
        place, now = hub.place, clock.now()
        task = whistled(hub, now=now)
        call = UnitCall.objects.get(task=task, unit=place.police)
        mustering.muster(call_id=call.id, envoy_id=place.xu.id, actor=place.xu, now=now)
        deputy, colleague = cast.staff("高二", "13900019998"), cast.staff("陶二", "13900019997")
        Assignment.objects.filter(person=place.coordinator).update(deputy=deputy)
        Assignment.objects.filter(person=place.xu).update(deputy=colleague)
        for away in (place.coordinator, place.xu):
            Absence.objects.create(person=away, kind="illness", valid_from=now)
        Notice.objects.all().delete()
        visiting.convene(task_id=task.id, actor=place.dispatcher, at=now + HOUR, place="东门", now=now)
        entry = Entry.objects.get(what="joint.convened")
        joint_notices.tell(entry_id=entry.id, now=now + timedelta(minutes=1))
        told = set(Notice.objects.filter(kind="joint.convened").values_list("person__name", flat=True))
        assert told == {"高二", "陶二"}

    def test_who_was_named_first_hears_that_another_goes(self, hub: Hub) -> None:
        place, now = hub.place, clock.now()
        task = whistled(hub, now=now)
        other = cast.staff("陶二", "13900019997")
        Assignment.objects.create(person=other, role=Role.UNIT_HANDLER, unit=place.police, valid_from=cast.A_MONTH_AGO)
        call = UnitCall.objects.get(task=task, unit=place.police)
        mustering.muster(call_id=call.id, envoy_id=place.xu.id, actor=other, now=now)
        mustering.send_another(call_id=call.id, envoy_id=other.id, actor=other, now=now)
        follow_all()
        assert Notice.objects.filter(person=place.xu, kind="joint.not_named").exists()
        titles = [str(one.wording.title) for one in Notice.objects.filter(person=place.coordinator).order_by("id")]
        assert [title for title in titles if "换了一位来" in title]


def follow_all() -> None:
    for entry in Entry.objects.filter(what__in=joint_notices.TOLD).order_by("id"):
        joint_notices.tell(entry_id=entry.id, now=entry.happened_at)


OFFERED = r'name="offered" value="([^"]+)"'


def offered(client: Client, hub: Hub, task: JointTask) -> list[str]:
    """Of whom the page asks whether they stood there."""
    return re.findall(OFFERED, page(client, hub.place.coordinator, f"/joint/{task.id}/"))

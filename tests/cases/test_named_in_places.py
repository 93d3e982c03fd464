"""Where an address, a result or a rating says who reported it, nobody who works on it reads that (ruling 11)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from huipai.cases.commands import exporting
from huipai.cases.commands.joint import ending, mustering, visiting
from huipai.cases.models import UnitCall
from huipai.cases.queries.hub import Filter
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed
from huipai.people.words import Role
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.joint import call_of, mustered, resolved, whistled
from tests.cases.test_exporting import WHY, made
from tests.cases.test_outbox import phone
from tests.cases.test_pages import as_
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def at_home_of(here: Place) -> str:
    return f"{here.lan.name}家门口"


class TestAnAddress:
    def test_on_the_list_of_looks(self, here: Place) -> None:
        now = clock.now()
        hub = Hub.with_a_case(here, now=now - 5 * HOUR, address=at_home_of(here))
        check = hub.responded(hub.signed(now=now - 3 * HOUR), now=now - HOUR)
        page = as_(check.checker).get("/s/yunqiao/checks/").content.decode()
        assert "＊＊家门口" in page and here.lan.name not in page

    def test_among_what_lies_near_at_the_desk(self, here: Place) -> None:
        now = clock.now()
        here.report(now=now - HOUR, case_type=LITTER, address=at_home_of(here))
        other = here.report(here.hua, now=now, case_type=LITTER)
        for who in (here.dispatcher, here.coordinator):
            page = as_(who).get(f"/s/yunqiao/desk/?view=all&case={other.code}").content.decode()
            assert "附近像的" in page and page.count("＊＊家门口") == 2 and here.lan.name not in page

    def test_on_the_form_of_a_find_and_to_the_phone_that_kept_it(self, here: Place) -> None:
        here.report(now=clock.now() - HOUR, case_type=LITTER, address=at_home_of(here))
        at = here.town.at(50, 50)
        find = {
            "find_id": str(new_id()), "case_type": LITTER, "lng": at.lng, "lat": at.lat, "text": "两袋垃圾",
            "position_source": "device", "photo_id": str(here.photo(here.wei).id),
            "after_id": str(here.photo(here.wei).id),
        }  # fmt: skip
        page = as_(here.wei).post("/s/yunqiao/own-finds/new/", find)
        told = phone(here, here.wei).post("/s/yunqiao/outbox/finds/", find)
        assert page.status_code == told.status_code == 422
        assert "＊＊家门口" in page.content.decode() and here.lan.name not in page.content.decode()
        assert [one["words"] for one in told.json()["near"]] == [f"＊＊家门口 · {here.town['M1'].name}"]


class TestAJointTask:
    @pytest.fixture
    def hub(self, here: Place) -> Hub:
        return Hub.with_a_case(here, case_type=LITTER)

    def test_a_result_names_nobody_in_any_form(self, hub: Hub) -> None:
        place, task = hub.place, whistled(hub)
        call = call_of(task, place, "police")
        mustering.muster(call_id=call.id, envoy_id=place.xu.id, actor=place.xu, now=MONDAY + HOUR)
        visiting.convene(task_id=task.id, actor=place.coordinator, at=MONDAY + DAY, place="东门岗亭", now=MONDAY + HOUR)
        at = MONDAY + DAY + HOUR
        visiting.visit(
            task_id=task.id,
            actor=place.coordinator,
            text="停满",
            asked_of=mustered(),
            came=[call.id],
            photo_ids=(),
            now=at,
        )
        for said in (
            "蓝先生反映的车位腾出来了",
            "老蓝反映的腾出来了",
            "藍小河反映的办了",
            f"{place.hua.name}的车开走了",
        ):
            with pytest.raises(visiting.TellsTooMuch):
                visiting.resolve(task_id=task.id, actor=place.coordinator, text=said, photo_ids=(), now=at)

    def test_a_rating_is_read_by_its_unit_without_who_reported(self, hub: Hub) -> None:
        place, task = hub.place, resolved(hub)
        call = UnitCall.objects.get(task=task, unit=place.police)
        words = f"{place.lan.name}说来得晚"
        at = MONDAY + DAY + 2 * HOUR
        ending.rate(task_id=task.id, actor=place.coordinator, marks={call.id: ending.Mark(2, words)}, now=at)
        page = as_(place.xu).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
        assert "＊＊说来得晚" in page and place.lan.name not in page

    def test_nobody_rates_the_unit_that_they_act_for(self, hub: Hub) -> None:
        place, task = hub.place, resolved(hub)
        call = UnitCall.objects.get(task=task, unit=place.police)
        Assignment.objects.create(
            person=place.coordinator, role=Role.UNIT_HANDLER, unit=place.police, valid_from=cast.A_MONTH_AGO
        )
        at = MONDAY + DAY + 2 * HOUR
        with pytest.raises(NotAllowed) as refused:
            ending.rate(task_id=task.id, actor=place.coordinator, marks={call.id: ending.Mark(5, "")}, now=at)
        assert refused.value.code == "own_unit_rated"
        page = as_(place.coordinator).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
        assert not re.search(r'id="stars"', page)


def test_a_table_is_fetched_only_while_its_asker_still_may(here: Place) -> None:
    now = clock.now()
    hub = Hub.with_a_case(here, now=now - 5 * HOUR)
    hub.signed(now=now - 4 * HOUR)
    export = exporting.ask_orders(actor=here.shi, view="", now=now, **WHY)
    made(here, export)
    assert as_(here.shi).get(f"/s/yunqiao/exports/{export.id}/file/").status_code == 200
    Assignment.objects.filter(person=here.shi).update(valid_until=clock.now())
    assert as_(here.shi).get(f"/s/yunqiao/exports/{export.id}/file/").status_code == 403
    # Nor is it of use to who works for another unit, or looks after another place, by now.
    Assignment.objects.create(person=here.shi, role=Role.UNIT_HANDLER, unit=here.guard, valid_from=clock.now())
    answer = as_(here.shi).get(f"/s/yunqiao/exports/{export.id}/file/")
    assert answer.status_code == 403 and "原来管的范围" in answer.content.decode()


def test_a_table_of_the_desk_is_of_no_use_to_who_looks_after_another_place_by_now(here: Place) -> None:
    now = clock.now()
    here.report(case_type=LITTER, now=now - HOUR)
    export = exporting.ask_queue(actor=here.dispatcher, asked=Filter(view="all"), now=now, **WHY)
    made(here, export)
    door, seen = f"/s/yunqiao/exports/{export.id}/file/", []
    seen.append(as_(here.dispatcher).get(door).status_code)
    Assignment.objects.filter(person=here.dispatcher).update(valid_until=clock.now())
    Assignment.objects.create(
        person=here.dispatcher, role=Role.COORDINATOR, node=here.town["M2"], valid_from=clock.now()
    )
    seen.append(as_(here.dispatcher).get(door).status_code)
    Assignment.objects.create(person=here.dispatcher, role=Role.DISPATCHER, node=here.town["S"], valid_from=clock.now())
    assert [*seen, as_(here.dispatcher).get(door).status_code] == [200, 403, 200]

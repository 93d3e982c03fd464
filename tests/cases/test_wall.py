"""The screen on the wall: what it counts, whom it shows nothing of, and the link that reads it and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huipai.cases.commands import confirming, splitting, walls
from huipai.cases.fact_words import WallFact
from huipai.cases.models import Case, WallLink
from huipai.cases.queries import wall as reads
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
AT = "/s/yunqiao"


@pytest.fixture
def keeper(here: Place) -> Person:
    """The system administrator."""
    person = cast.staff("席管屏", "13900018888")
    Assignment.objects.create(person=person, role=Role.SYSTEM_ADMIN, node=here.town["S"], valid_from=cast.A_MONTH_AGO)
    return person


class TestNumbers:
    def test_count_what_is_open_late_and_solved_today(self, here: Place) -> None:
        done = Hub.with_a_case(here, case_type=LITTER)
        done.passed(done.responded(done.signed()))
        confirming.confirm(case_id=done.case.id, actor=here.lan, rating=5, text="", now=MONDAY + 4 * HOUR)
        here.report(here.hua, now=MONDAY + HOUR)  # four working hours
        here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR)
        seen = reads.wall(MONDAY + 30 * HOUR)
        n = seen.numbers
        assert (n.open, n.late, n.done_today, n.done, n.confirmed, n.reworked) == (2, 1, 0, 1, 1, 0)
        today = reads.wall(MONDAY + 5 * HOUR).numbers
        assert (today.done_today, today.received_today, today.in_time, today.dated) == (1, 3, 1, 1)
        assert [place.title for place in seen.pressing] == ["车辆乱停", "垃圾没清"]

    def test_places_stand_in_the_order_of_their_codes_and_grids_are_counted_in_the_database(self, here: Place) -> None:
        for number in range(3):
            here.report(here.hua, case_type=LITTER, now=MONDAY + number * HOUR)
        with CaptureQueriesContext(connection) as statements:
            [grid] = reads.grids(MONDAY + 3 * HOUR)
        # One counts; two say where the labels stand.
        assert (grid.count, grid.late, len(statements)) == (3, 0, 3)
        with CaptureQueriesContext(connection) as statements:
            reads.wall(MONDAY + 3 * HOUR)
        assert len(statements) == 7

    def test_what_lies_in_no_community_is_said_beside_them(self, here: Place) -> None:
        said, screen = "另有 1 件不在哪个社区", as_(here.dispatcher)
        case = here.report(here.hua, case_type=LITTER)
        assert said not in screen.get(f"{AT}/wall/").content.decode()
        Case.objects.filter(pk=case.pk).update(node=here.town["S"])
        assert said in screen.get(f"{AT}/wall/").content.decode()

    def test_of_what_neighbours_do_not_see_neither_the_kind_nor_the_spot_is_told(self, here: Place) -> None:
        [before] = [place.at for place in reads.grids(MONDAY)] or [None]
        case = here.report(here.hua, case_type=LITTER, is_private=True, now=MONDAY)
        assert not case.is_public and before is None
        [grid] = reads.grids(MONDAY + HOUR)
        assert grid.at is not None and (grid.at.lng, grid.at.lat) != (case.lng, case.lat)
        other = here.report(here.hua, case_type=LITTER, now=MONDAY, at=here.town.at(80, 20))
        [again] = reads.grids(MONDAY + HOUR)
        assert again.count == 2 and again.at == grid.at, "wherever in the grid the cases lie"
        assert sorted(one.title for one in reads.wall(MONDAY + HOUR).pressing) == ["", other.case_type.name]

    def test_the_day_is_told_hour_by_hour_until_now(self, here: Place) -> None:
        """Also what came in and is solved already; yesterday's is not of today."""
        done = Hub.with_a_case(here, case_type=LITTER)
        done.passed(done.responded(done.signed()))
        confirming.confirm(case_id=done.case.id, actor=here.lan, rating=5, text="", now=MONDAY + 4 * HOUR)
        here.report(here.hua, now=MONDAY - 24 * HOUR)
        here.report(here.hua, now=MONDAY + HOUR)
        begun = MONDAY.astimezone(ZoneInfo("Asia/Shanghai")).hour
        hours = reads.wall(MONDAY + 4 * HOUR).hours
        assert [one.hour for one in hours] == list(range(begun + 5))
        told = {one.hour: (one.received, one.solved) for one in hours if one.received or one.solved}
        assert told == {begun: (1, 0), begun + 1: (1, 0), begun + 4: (0, 1)}

    def test_a_part_that_was_split_off_did_not_come_in(self, here: Place) -> None:
        whole = Hub.with_a_case(here, case_type=LITTER)
        for hours in (1, 2):
            splitting.split(
                part_id=new_id(),
                case_id=whole.case.id,
                case_type=PARKING,
                actor=here.dispatcher,
                text=f"第 {hours} 辆",
                now=MONDAY + hours * HOUR,
            )
        seen = reads.wall(MONDAY + 4 * HOUR)
        assert (seen.numbers.open, seen.numbers.received_today) == (3, 1)
        assert sum(one.received for one in seen.hours) == 1

    def test_another_streets_cases_are_not_there(self, here: Place, there: Place) -> None:
        here.report(case_type=LITTER)
        with in_street(there.street.id):
            assert reads.wall(MONDAY + HOUR).numbers.open == 0 and reads.grids(MONDAY + HOUR) == []


class TestTheLink:
    def test_reads_the_wall_without_a_session_and_nothing_else(
        self, client: Client, here: Place, keeper: Person
    ) -> None:
        here.report(now=clock.now())
        _link, token = walls.make(actor=keeper, name="三楼联动中心", now=clock.now())
        page = client.get(f"{AT}/wall/on/{token}/")
        text = page.content.decode()
        assert page.status_code == 200 and "车辆乱停" in text and "data-wall-age" in text
        assert not any(name in text for name in ("蓝小河", "魏大为", "高明明", "席管屏"))
        part = client.get(f"{AT}/wall/on/{token}/?part=1").content.decode()
        assert "<html" not in part and "车辆乱停" in part
        [heap] = client.get(f"{AT}/wall/on/{token}/grids/").json()["heaps"]
        assert (heap["n"] == 1 and heap["states"] == ["in_progress"]) or heap["states"] == ["due_soon"]
        for path in ("/desk/", "/wall/", "/wall/links/", "/joint/"):
            assert client.get(f"{AT}{path}").status_code == 302
        assert client.post(f"{AT}/wall/on/{token}/").status_code == 405

    def test_is_gone_once_revoked_run_out_made_up_or_in_another_street(
        self, client: Client, here: Place, there: Place, keeper: Person
    ) -> None:
        link, token = walls.make(actor=keeper, name="三楼", now=clock.now())
        assert client.get(f"/s/hetang/wall/on/{token}/").status_code == 404
        assert client.get(f"{AT}/wall/on/{token}x/").status_code == 404
        assert reads.link_for(token, link.valid_until) is None
        walls.revoke(link_id=link.id, actor=keeper, now=clock.now())
        walls.revoke(link_id=link.id, actor=keeper, now=clock.now())
        for path in ("", "grids/"):
            assert client.get(f"{AT}/wall/on/{token}/{path}").status_code == 404
        facts = Entry.objects.filter(subject=link.subject).order_by("id").values_list("what", flat=True)
        assert list(facts) == [WallFact.MADE, WallFact.REVOKED]
        with in_street(there.street.id), pytest.raises(NotAllowed):
            walls.revoke(link_id=link.id, actor=there.dispatcher, now=MONDAY)

    def test_is_shown_once_and_not_kept(self, here: Place, keeper: Person) -> None:
        answer = as_(keeper).post(f"{AT}/wall/links/", {"name": "大厅"})
        found = re.search(r"/wall/on/([\w-]{40,})/", answer.content.decode())
        assert found is not None and found[1] not in str(list(WallLink.objects.values()))
        again = as_(keeper).get(f"{AT}/wall/links/").content.decode()
        assert found[1] not in again and "大厅" in again

    def test_a_screen_has_one_until_it_is_taken_back(self, here: Place, keeper: Person) -> None:
        """A double press too: whoever sees the second answer must not leave a live link that nobody saw."""
        client, sent = as_(keeper), {"name": "大厅"}
        assert client.post(f"{AT}/wall/links/", sent).status_code == 200
        again = client.post(f"{AT}/wall/links/", sent)
        assert again.status_code == 409 and "先收回那一个" in again.content.decode()
        assert "/wall/on/" not in again.content.decode()
        walls.revoke(link_id=WallLink.objects.get().id, actor=keeper, now=clock.now())
        assert client.post(f"{AT}/wall/links/", sent).status_code == 200
        with pytest.raises(IntegrityError), transaction.atomic():
            WallLink.objects.update(revoked_at=None, revoked_by=None)

    def test_only_the_system_administrator_makes_one_and_it_has_a_name(self, here: Place, keeper: Person) -> None:
        for person in (here.dispatcher, here.coordinator, here.lan):
            with pytest.raises(NotAllowed):
                walls.make(actor=person, name="大厅", now=MONDAY)
        with pytest.raises(walls.NameTheWall):
            walls.make(actor=keeper, name="  ", now=MONDAY)
        with pytest.raises(NotVisible):
            walls.revoke(link_id=here.lan.id, actor=keeper, now=MONDAY)

    def test_the_database_wants_an_end(self, here: Place, keeper: Person) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            WallLink.objects.create(name="x", digest="0" * 64, made_by=keeper, made_at=MONDAY, valid_until=MONDAY)


def test_the_hub_opens_it_signed_in_and_others_do_not(here: Place) -> None:
    found = {
        name: as_(getattr(here, name)).get(f"{AT}/wall/").status_code
        for name in ("dispatcher", "coordinator", "wei", "shi", "lan")
    }
    assert found == {"dispatcher": 200, "coordinator": 403, "wei": 403, "shi": 403, "lan": 403}

"""Who lives where: noted at the counter, and one says oneself that one has moved out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from huipai.grid import commands as grid
from huipai.grid import queries
from huipai.grid.models import GridNode, Residence
from huipai.grid.words import Level
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from tests import cast
from tests.cast import A_MONTH_AGO
from tests.households.conftest import Stairwell

As = Callable[[Person], Client]
S = "/s/yunqiao/"


def home(person: Person) -> GridNode | None:
    return queries.household_of(person, clock.now())


def counter(person: Person) -> str:
    return f"{S}counter/{person.pk}/home/"


class TestAtTheCounter:
    def test_somebody_moves_to_another_household_and_out(self, here: Stairwell, as_: As) -> None:
        desk = as_(here.coordinator)
        assert counter(here.hua) in desk.get(f"{S}counter/{here.hua.pk}/").content.decode()
        page = desk.get(counter(here.hua)).content.decode()
        assert "现在登记住在" in page and "?household=H1" in page and "华*" in page and "华小山" not in page
        assert "H1" in desk.get(counter(here.hua), {"household": "H1"}).content.decode()
        seen = ",".join(str(one.pk) for one in queries.living_in(here.first, clock.now()))
        for _twice in range(2):
            moves = {"household": "H1", "seen": seen, "together": "joins"}
            answer = desk.post(counter(here.hua), moves, follow=True)
            assert "从今天起住在这里" in answer.content.decode()
        assert home(here.hua) == here.first
        assert Residence.objects.filter(person=here.hua).count() == 2
        assert Entry.objects.filter(what="residence.began", actor_id=here.coordinator.pk).count() == 1
        for _twice in range(2):
            answer = desk.post(f"{counter(here.hua)}moving-out/", follow=True)
            assert "不再住在这里" in answer.content.decode()
        assert home(here.hua) is None
        assert "还没有登记住处" in desk.get(counter(here.hua)).content.decode()

    def test_a_worker_notes_it_in_the_own_grid_only(self, here: Stairwell) -> None:
        now = clock.now()
        beside = [one.pk for one in queries.living_in(here.first, now)]
        grid.join_home(person=here.hua, household=here.first, beside=beside, at=now, actor=here.tao, now=now)
        elsewhere = cast.staff("巫小岭", "13900000009")
        grid.assign(person=elsewhere, role=Role.GRID_WORKER, node=here.town["M4"], actor=None, now=A_MONTH_AGO)
        for act in (
            lambda: grid.move_in(person=here.lan, household=here.second, at=now, actor=elsewhere, now=now),
            lambda: grid.move_out(person=here.lan, at=now, actor=elsewhere, now=now),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_the_last_page_says_who_moves_and_from_where_and_offers_no_door_that_is_shut(
        self, here: Stairwell, as_: As
    ) -> None:
        page = as_(here.coordinator).get(counter(here.hua), {"household": "H1"}).content.decode()
        assert "华*" in page and "华小山" not in page and "登记以后就不住那里了" in page
        other = here.town.add(Level.COMMUNITY, "C9", "S")
        elsewhere = cast.staff("盛小岩", "13900000019")
        grid.assign(person=elsewhere, role=Role.COORDINATOR, node=other, actor=None, now=A_MONTH_AGO)
        page = as_(elsewhere).get(counter(here.hua)).content.decode()
        assert "moving-out" not in page
        assert "moving-out" in as_(here.coordinator).get(counter(here.hua)).content.decode()

    def test_never_by_oneself_nor_by_whoever_has_no_such_post(self, here: Stairwell, as_: As) -> None:
        now = clock.now()
        with pytest.raises(NotAllowed):
            grid.move_in(person=here.coordinator, household=here.first, at=now, actor=here.coordinator, now=now)
        for person in (here.lan, here.qin):
            for door in (counter(here.hua), f"{counter(here.hua)}moving-out/"):
                assert as_(person).post(door, {"household": "H1"}).status_code == 403
        answer = as_(here.coordinator).post(counter(here.hua), {"household": "H99"})
        assert answer.status_code == 422 and "没有编码是 H99 的户" in answer.content.decode()
        assert home(here.hua) == here.second

    def test_of_another_street_is_not_there(self, there: Stairwell, here: Stairwell, as_: As) -> None:
        assert as_(here.coordinator).get(counter(there.lan)).status_code == 404
        assert as_(here.coordinator).post(f"{counter(there.lan)}moving-out/").status_code == 404


class TestOneself:
    def test_says_that_one_has_moved_out_after_reading_what_it_means(self, here: Stairwell, as_: As) -> None:
        lan = as_(here.lan)
        door = f"{S}household/moving-out/"
        assert door in lan.get(f"{S}household/").content.decode()
        assert "家里的积分和联户留给还住着的人" in lan.get(door).content.decode()
        assert home(here.lan) == here.first
        for _twice in range(2):
            assert "还没有登记您住在哪一户" in lan.post(door, follow=True).content.decode()
        assert home(here.lan) is None
        assert home(here.child) == here.first
        assert Entry.objects.filter(what="residence.ended", actor_id=here.lan.pk).count() == 1

    def test_not_who_holds_a_post_for_homes_keep_checkers_apart(self, here: Stairwell, as_: As) -> None:
        grid.assign(person=here.lan, role=Role.CHECKER, node=here.town["S"], actor=None, now=A_MONTH_AGO)
        assert "moving-out" not in as_(here.lan).get(f"{S}household/").content.decode()
        assert as_(here.lan).post(f"{S}household/moving-out/").status_code == 403
        assert home(here.lan) == here.first

    def test_not_a_child(self, here: Stairwell) -> None:
        now = clock.now()
        with pytest.raises(NotAllowed):
            grid.move_out(person=here.child, at=now, actor=here.child, now=now)

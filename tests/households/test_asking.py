"""A household chooses its contact among those who may be one: nobody's number is tried, nobody's name told before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huipai.grid import commands as grid
from huipai.grid.models import Assignment, GridNode
from huipai.grid.words import AbsenceKind
from huipai.households import policies
from huipai.households.commands import groups, links
from huipai.households.commands.refusals import AskedEnough, QuestionsWait
from huipai.households.models import Link
from huipai.households.queries import asking
from huipai.households.words import MOST_QUESTIONS, MOST_QUESTIONS_A_DAY, LinkState
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Account, Person
from huipai.people.words import Role
from tests import cast
from tests.cast import A_MONTH_AGO, A_YEAR_AGO, MONDAY
from tests.households.conftest import Stairwell

As = Callable[[Person], Client]
PAGE, HOME = "/s/yunqiao/household/contact/", "/s/yunqiao/household/"


def members(here: Stairwell, number: int) -> list[Person]:
    """Part-time members of the grid, who are neighbours with a number like everybody."""
    found = [cast.resident(f"闵小{sign}", f"1371110000{place}") for place, sign in enumerate("一二三四五六七"[:number])]
    for one in found:
        grid.assign(person=one, role=Role.PART_TIME_MEMBER, node=here.town["G"], actor=None, now=A_YEAR_AGO)
    return found


def offered(here: Stairwell, household: GridNode) -> dict[Person, str]:
    return {one.person: str(one) for one in asking.who_may_be_asked(household, MONDAY)}


class TestWhoIsOffered:
    def test_each_who_may_be_a_contact_and_attends_to_the_place_and_nobody_else(self, here: Stairwell) -> None:
        (member,) = members(here, 1)
        deputy = cast.staff("戴小满", "13900000021")
        away = cast.staff("常小远", "13900000022")
        child = cast.resident("童小苗", "13700000009")
        Person.objects.filter(pk=child.pk).update(birth_year=2015)
        grid.assign(person=child, role=Role.PART_TIME_MEMBER, node=here.town["G"], actor=None, now=A_YEAR_AGO)
        post = grid.assign(person=away, role=Role.GRID_WORKER, node=here.town["G"], actor=None, now=A_YEAR_AGO)
        grid.name_deputy(assignment_id=post.pk, deputy=deputy, actor=None, now=A_YEAR_AGO)
        grid.record_absence(
            person=away, kind=AbsenceKind.LEAVE, valid_from=MONDAY, valid_until=None, actor=None, now=MONDAY
        )
        group = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=MONDAY)
        for home, person in ((here.first, here.lan), (here.second, here.hua)):
            groups.join(group_id=group.pk, household=home, agreed_by=person, actor=here.coordinator, now=MONDAY)
        groups.lead(group_id=group.pk, person=here.lan, actor=here.coordinator, now=MONDAY)
        grid.assign(
            person=Person.objects.create(name="秦小雅", created_at=A_YEAR_AGO), role=Role.PART_TIME_MEMBER,
            node=here.town["G"], actor=None, now=A_YEAR_AGO,
        )  # fmt: skip
        at_second = offered(here, here.second)
        assert at_second == {
            here.tao: "专职网格员 陶**", deputy: "专职网格员 戴**", member: "兼职网格员 闵**",
            here.coordinator: "社区协调员 何**", here.lan: "联户长 兰**",
        }  # fmt: skip
        assert here.lan not in offered(here, here.first)
        allowed = {one for one in Person.objects.all() if policies.may_be_asked(one, here.second, MONDAY)}
        assert allowed - {away} == set(at_second)

    def test_who_read_the_same_are_told_apart_and_the_nearest_come_first(self, here: Stairwell) -> None:
        found = members(here, 4)
        for person, year in zip(found[:2], (1950, 2002), strict=True):
            Person.objects.filter(pk=person.pk).update(birth_year=year)
        for person, node in zip(found[2:], ("M1", "C"), strict=True):
            Assignment.objects.filter(person=person).update(node=here.town[node])
        read = [one for one in offered(here, here.second).values() if "闵" in one]
        assert read == [f"兼职网格员 闵**（{hint}）" for hint in ("M1", "1950 年生", "2002 年生", "C")]

    def test_nobody_is_asked_who_could_not_read_the_question(self, here: Stairwell) -> None:
        """No page of theirs, so nobody would ever answer; a number that went to somebody else opens none either."""
        (member,) = members(here, 1)
        for why in ({"is_active": False}, {"is_active": True, "phone": None, "given_up_at": A_MONTH_AGO}):
            Account.objects.filter(pk=member.account_id).update(**why)
            member = Person.objects.get(pk=member.pk)
            assert policies.may_be_contact(member, here.second, MONDAY) and member not in offered(here, here.second)
            with pytest.raises(NotAllowed, match="没有能登录的账号"):
                links.ask_contact(household=here.second, contact=member, actor=here.hua, now=MONDAY)

    def test_the_page_says_what_they_are_and_nobodys_name_or_id(self, here: Stairwell, as_: As) -> None:
        members(here, 1)
        page = as_(here.hua).get(PAGE).content.decode()
        assert "网格员 陶**" in page and "兼职网格员 闵**" in page and 'inputmode="tel"' not in page
        for one in Person.objects.exclude(pk=here.hua.pk):
            assert one.name not in page and str(one.pk) not in page

    def test_a_number_or_an_id_gets_one_answer_whosever_it_is(self, here: Stairwell, as_: As) -> None:
        """Unknown, known, allowed: the form again, and nobody is asked."""
        found = set()
        for typed in ("13899999999", "13800000001", "13900000001", str(here.lan.pk), str(here.tao.pk), ""):
            answer = as_(here.hua).post(PAGE, {"contact": typed})
            said = re.findall(r"选一位|这一位现在不能请，另选一位", answer.content.decode())
            assert answer.status_code == 422 and said
            found.add(tuple(dict.fromkeys(said)) if typed else ())
        assert len(found) == 2 and not Link.objects.exists()

    def test_a_child_of_the_household_asks_nobody(self, here: Stairwell, as_: As) -> None:
        child = cast.resident("华小叶", "13800000007")
        Person.objects.filter(pk=child.pk).update(birth_year=2015)
        grid.move_in(person=child, household=here.second, at=A_YEAR_AGO, actor=None, now=A_YEAR_AGO)
        assert as_(child).get(PAGE).status_code == 403

    def test_where_nobody_is_left_the_page_says_so(self, here: Stairwell, as_: As) -> None:
        for contact in (here.tao, here.coordinator):
            links.ask_contact(household=here.second, contact=contact, actor=here.hua, now=clock.now())
        assert "现在没有可以请的人" in as_(here.hua).get(PAGE).content.decode()


class TestWhoIsAskedAlready:
    def code(self, here: Stairwell) -> str:
        return next(one.code for one in asking.who_may_be_asked(here.second, clock.now()) if one.person == here.tao)

    def test_is_not_offered_on_the_form_that_comes_back_either(self, here: Stairwell, as_: As) -> None:
        links.ask_contact(household=here.second, contact=here.tao, actor=here.hua, now=clock.now())
        for answer in (as_(here.hua).get(PAGE), as_(here.hua).post(PAGE, {"contact": "?"})):
            assert "何**" in answer.content.decode() and "陶**" not in answer.content.decode()

    def test_where_both_sides_asked_both_have_said_yes(self, here: Stairwell, as_: As) -> None:
        links.ask_household(household=here.second, contact=here.tao, now=clock.now())
        page = as_(here.hua).get(HOME).content.decode()
        assert "等您家回话" in page and "等对方同意" not in page
        answer = as_(here.hua).post(PAGE, {"contact": self.code(here)}, follow=True).content.decode()
        assert "结对成了" in answer and "等对方回话" not in answer
        link = Link.objects.get()
        assert (link.state, link.answered_by) == (LinkState.STANDING, here.hua)
        assert "结对成了" in as_(here.hua).post(PAGE, {"contact": self.code(here)}, follow=True).content.decode()

    def test_and_the_other_way_round(self, here: Stairwell, as_: As) -> None:
        links.ask_contact(household=here.second, contact=here.tao, actor=here.hua, now=clock.now())
        page = as_(here.tao).get("/s/yunqiao/contacts/").content.decode()
        assert "等您回话" in page and "等对方同意" not in page
        ask = {"household": here.second.code}
        answer = as_(here.tao).post("/s/yunqiao/contacts/new/", ask, follow=True).content.decode()
        assert "结对成了" in answer and "同意了才算</" not in answer
        assert Link.objects.get().answered_by == here.tao


class TestNames:
    def test_are_whole_when_the_other_has_said_yes(self, here: Stairwell, as_: As) -> None:
        (post,) = [one.code for one in asking.who_may_be_asked(here.second, clock.now()) if one.person == here.tao]
        for _twice in range(2):
            assert as_(here.hua).post(PAGE, {"contact": post}).status_code == 302
        link = Link.objects.get()
        wishes = f"/s/yunqiao/household/links/{link.pk}/wishes/"
        page = as_(here.hua).get(HOME).content.decode()
        assert "陶**" in page and "陶小梁" not in page
        assert as_(here.hua).get(wishes).status_code == 404
        links.accept(link_id=link.pk, actor=here.tao, now=clock.now())
        assert "陶小梁" in as_(here.hua).get(HOME).content.decode()
        assert "陶小梁" in as_(here.hua).get(wishes).content.decode()


class TestHowManyAreAsked:
    def test_few_at_a_time_and_few_a_day(self, here: Stairwell) -> None:
        found = members(here, 7)

        def ask(contact: Person, at: datetime = MONDAY) -> Link:
            return links.ask_contact(household=here.second, contact=contact, actor=here.hua, now=at)

        asked = [ask(one) for one in found[:MOST_QUESTIONS]]
        assert ask(found[0]) == asked[0]
        with pytest.raises(QuestionsWait):
            ask(found[3])
        for link in asked:
            links.end(link_id=link.pk, actor=here.hua, now=MONDAY)
        for one in found[MOST_QUESTIONS:MOST_QUESTIONS_A_DAY]:
            ask(one)
        with pytest.raises(AskedEnough):
            ask(found[5])
        assert ask(found[5], MONDAY + timedelta(days=1)).state == LinkState.PROPOSED

    def test_the_refusal_stands_on_the_form(self, here: Stairwell, as_: As) -> None:
        for one in members(here, 3):
            links.ask_contact(household=here.second, contact=one, actor=here.hua, now=clock.now())
        (post,) = [one.code for one in asking.who_may_be_asked(here.second, clock.now()) if one.person == here.tao]
        answer = as_(here.hua).post(PAGE, {"contact": post})
        page = answer.content.decode()
        assert answer.status_code == 409 and "已经问了 3 位" in page and f'value="{post}" selected' in page

"""Who may be drawn to check a case: nobody near to whoever reported or handled it, and nobody who cannot sign in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from huipai.cases.commands import comments, counter, noting, triage
from huipai.cases.models import Case
from huipai.cases.policies import findings
from huipai.cases.queries.checking import checker_pool
from huipai.grid import commands as grid
from huipai.grid.models import Assignment
from huipai.grid.words import TIES_LAST
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Account, Person
from huipai.people.words import Channel, ProxyScope, Role
from huipai.points import queries as points
from tests import cast
from tests.cases.conftest import LITTER, Place, folder, here, settled, there
from tests.cases.hub import Hub
from tests.cases.showing import release
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY, WEDNESDAY

__all__ = ["folder", "here", "settled", "there"]
pytestmark = pytest.mark.django_db
LATER = MONDAY + TIES_LAST


def pool(case: Case, at: object = WEDNESDAY) -> set[Person]:
    return set(Person.objects.filter(pk__in=checker_pool(case, at)))  # type: ignore[arg-type]


def live_together(here: Place, *folk: Person) -> None:
    for person in folk:
        grid.move_in(person=person, household=here.town["H1"], at=A_MONTH_AGO, actor=None, now=A_MONTH_AGO)


class TestWhoMovedAway:
    def test_is_no_stranger_at_once_whichever_of_the_two_has_left(self, here: Place) -> None:
        """One press of 我搬走了 would otherwise let two of one home check each other's problems (ruling 9)."""
        live_together(here, here.lan, here.qin)
        case = here.report()
        assert pool(case, MONDAY) == {here.bo}
        grid.move_out(person=here.lan, at=MONDAY, actor=here.lan, now=MONDAY)
        assert pool(case) == {here.bo}
        assert pool(case, LATER) == {here.qin, here.bo}

    def test_nor_in_another_home(self, here: Place) -> None:
        live_together(here, here.lan, here.qin)
        case = here.report()
        grid.move_in(person=here.lan, household=here.town["H2"], at=MONDAY, actor=None, now=MONDAY)
        assert pool(case) == {here.bo}

    def test_finds_no_report_of_theirs_false(self, here: Place) -> None:
        live_together(here, here.lan, here.coordinator)
        case = here.report()
        grid.move_out(person=here.lan, at=MONDAY, actor=here.lan, now=MONDAY)
        verdict = findings.may_judge(here.coordinator, case, here.lan, WEDNESDAY)
        assert verdict.code == "let_a_colleague"
        assert points.is_tied(here.coordinator, here.lan, WEDNESDAY)

    def test_nor_judges_the_handlers_work(self, here: Place) -> None:
        live_together(here, here.wei, here.qin)
        case = here.report()
        case.handler = here.wei
        grid.move_out(person=here.wei, at=MONDAY, actor=None, now=MONDAY)
        assert pool(case) == {here.bo}

    def test_nor_those_of_the_unit_who_stand_in_or_were_of_it_when_it_came_in(self, here: Place) -> None:
        """Of the colleagues of whoever did it nobody looks, whether they have their post or only stand in."""
        hub = Hub.with_a_case(here)
        deputy, gone = (
            cast.appoint(cast.staff(name, phone), Role.CHECKER)
            for name, phone in (("沈代理", "13900077001"), ("沈先生", "13900077002"))
        )
        grid.name_deputy(
            assignment_id=Assignment.objects.get(person=here.shi).id, deputy=deputy, actor=None, now=MONDAY
        )
        Assignment.objects.create(
            person=gone, role=Role.UNIT_HANDLER, unit=here.city, valid_from=A_MONTH_AGO,
            valid_until=MONDAY + timedelta(hours=1),
        )  # fmt: skip
        assert {deputy, gone} <= pool(hub.case, TUESDAY)
        hub.signed(by=here.chief)
        assert not {deputy, gone} & pool(hub.fresh(), TUESDAY)


class TestWhoActsForAnother:
    def test_guardian_and_ward_are_near_and_for_ninety_days_after(self, here: Place) -> None:
        child = people.register(phone="13811110000", name="蓝小满", birth_year=MONDAY.year - 9, now=A_MONTH_AGO)
        bond = people.record_guardian(
            minor=child, guardian=here.qin, paper_number="P-1", age_seen=True, actor=here.coordinator, now=A_MONTH_AGO
        )
        case = here.report(by=child)
        assert pool(case, MONDAY) == {here.bo}
        people.end_guardianship(guardianship=bond, actor=here.coordinator, now=TUESDAY)
        assert pool(case) == {here.bo} and points.is_tied(here.qin, child, WEDNESDAY)
        assert pool(case, TUESDAY + TIES_LAST) == {here.qin, here.bo}

    def test_so_are_helper_and_elder(self, here: Place) -> None:
        assert here.qin.account is not None
        asked = people.invite_helper(
            elder=here.lan, phone=str(here.qin.account.phone), scopes=[ProxyScope.REPORT], address="", now=A_MONTH_AGO
        )
        case = here.report()
        assert pool(case, MONDAY) == {here.qin, here.bo}, "an invitation alone is no tie"
        proxy = people.accept_invitation(proxy_id=asked.id, helper=here.qin, now=A_MONTH_AGO + timedelta(days=1))
        assert pool(case, MONDAY) == {here.bo}
        people.end_proxy(proxy=proxy, actor=here.lan, now=TUESDAY)
        assert pool(case) == {here.bo} and points.is_tied(here.lan, here.qin, WEDNESDAY)
        assert pool(case, TUESDAY + TIES_LAST) == {here.qin, here.bo}


class TestWhoCannotSignIn:
    @pytest.mark.parametrize(
        "state",
        [{"phone": None, "given_up_at": MONDAY}, {"doubted_at": MONDAY}, {"is_active": False}],
        ids=["no number", "doubted", "closed"],
    )
    def test_is_not_drawn(self, here: Place, state: dict[str, object]) -> None:
        case = here.report()
        assert pool(case) == {here.qin, here.bo}
        Account.objects.filter(pk=here.qin.account_id).update(**state)
        assert pool(case) == {here.bo}


class TestWhoeverTouchedIt:
    """Ruling 9: not only who took a step of it."""

    def draw_among(self, here: Place) -> None:
        grid.assign(person=here.coordinator, role=Role.CHECKER, node=here.town["S"], actor=None, now=A_MONTH_AGO)

    def test_took_it_down_for_somebody(self, here: Place) -> None:
        self.draw_among(here)
        caller = counter.Caller("13800010000", "", Channel.TELEPHONE, True)
        done = counter.take_down(
            sending=here.sending(), caller=caller, actor=here.coordinator, address="127.0.0.1", now=MONDAY
        )
        case = Case.objects.get(pk=done.received.case_id)
        assert here.coordinator in pool(here.report()) and here.coordinator not in pool(case)

    def test_wrote_a_note_of_it_or_of_what_was_merged_into_it(self, here: Place) -> None:
        self.draw_among(here)
        case, other = here.report(), here.report()
        noting.note_inside(case_id=other.id, actor=here.coordinator, text="去年也有过", now=MONDAY)
        assert here.coordinator not in pool(other) and here.coordinator in pool(case)
        triage.merge(case_id=other.id, into_id=case.id, actor=here.wei, now=MONDAY)
        assert here.coordinator not in pool(case)

    def test_said_that_a_comment_under_it_is_not_fit(self, here: Place) -> None:
        case = here.report(here.lan, now=MONDAY, case_type=LITTER)
        release(here, case, by=here.coordinator, now=MONDAY)
        comments.open_in(node_id=here.town["C"].id, actor=here.coordinator, now=MONDAY)
        said = comments.write(comment_id=new_id(), code=case.code, author=here.hua, text="每天都绕着走", now=MONDAY)
        comments.show(comment_id=said.id, actor=here.coordinator, now=MONDAY)
        assert here.bo in pool(case)
        comments.report(comment_id=said.id, person=here.bo, reason="insult", now=MONDAY)
        assert here.bo not in pool(case) and here.bo in pool(here.report(here.hua))


def test_the_database_knows_these_ties_too(here: Place) -> None:
    """Guards the function that the triggers of claims, grants and incentives ask."""
    child = people.register(phone="13811110000", name="蓝小满", birth_year=MONDAY.year - 9, now=A_MONTH_AGO)
    bond = people.record_guardian(
        minor=child, guardian=here.qin, paper_number="P-1", age_seen=True, actor=here.coordinator, now=A_MONTH_AGO
    )
    people.end_guardianship(guardianship=bond, actor=here.coordinator, now=TUESDAY)

    def close(at: object) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT points_too_close(%s, %s, %s, %s)", [here.street.pk, here.qin.pk, child.pk, at])
            return bool(cursor.fetchone()[0])  # type: ignore[index]

    assert close(WEDNESDAY) and not close(TUESDAY + TIES_LAST) and not close(A_MONTH_AGO - timedelta(days=1))

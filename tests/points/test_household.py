"""Points of a household: for linked households alone, never mixed with a person's (ruling 22)."""

from dataclasses import replace
from uuid import uuid4

import pytest

from huipai.grid.models import GridNode
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import NotEnough
from huipai.points.models import Account, Posting
from huipai.points.rules import Holder
from huipai.points.words import ReversalReason, Why
from huipai.rulebook.words import Earner, Port
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, TUESDAY, appoint, resident, rulebook, staff
from tests.points.ledger import award, capture, case, holds, spendable
from tests.points.test_awarding import home

LINKED = replace(FOUND, code="ox-09", port=Port.OX, points=20, earners=(Earner.HOUSEHOLD,), month_cap=40)


@pytest.fixture
def family(in_yunqiao: Street) -> list[Person]:
    rulebook(FOUND, LINKED)
    people = [resident("兰"), resident("梅", "13800000002")]
    home(*people)
    return people


def household(family: list[Person]) -> GridNode:
    return family[0].residences.get().household


def pay(home_of: GridNode, subject: str | None = None, *, item_code: str = "ox-09") -> points.Outcome:
    return points.award_household(
        item_code=item_code, subject=subject or case(), household=home_of, received_at=MONDAY, actor=None, now=MONDAY
    )


class TestAward:
    def test_it_is_the_households_and_nobodys_own(self, family: list[Person], in_yunqiao: Street) -> None:
        outcome = pay(household(family))
        assert (outcome.why, outcome.points) == (Why.POSTED, 20)
        assert [spendable(person) for person in family] == [0, 0]
        assert queries.balance_of(Holder(household_id=household(family).id), MONDAY).spendable == 20
        assert Posting.objects.get().person_id is None
        assert holds(in_yunqiao)

    def test_a_personal_item_never_pays_a_household_nor_a_households_item_a_person(self, family: list[Person]) -> None:
        assert pay(household(family), item_code="woodpecker-02").why == Why.NOT_AN_EARNER
        assert award(family[0], item_code="ox-09").why == Why.NOT_AN_EARNER
        appoint(family[0], Role.PART_TIME_MEMBER)
        assert award(family[0], item_code="ox-09").why == Why.NOT_AN_EARNER

    def test_a_deed_is_paid_once_and_caps_hold(self, family: list[Person]) -> None:
        home_of, subject = household(family), case()
        first = pay(home_of, subject)
        again = pay(home_of, subject)
        assert (again.why, again.posting) == (Why.ALREADY, first.posting)
        assert [pay(home_of).why for _ in range(2)] == [Why.POSTED, Why.MONTH_CAP]

    def test_an_unknown_item_pays_nothing(self, family: list[Person]) -> None:
        assert pay(household(family), item_code="ox-77").why == Why.NO_ITEM
        assert not Account.objects.exists()


class TestUse:
    def test_it_is_set_aside_and_used_like_a_persons(self, family: list[Person], in_yunqiao: Street) -> None:
        holder = Holder(household_id=household(family).id)
        pay(household(family))
        hold = points.reserve(
            holder=holder, subject=f"reservation:{uuid4()}", points=15, expires_at=TUESDAY, actor=family[1], now=MONDAY
        )
        with pytest.raises(NotEnough):
            points.reserve(
                holder=holder, subject="reservation:2", points=6, expires_at=TUESDAY, actor=family[0], now=MONDAY
            )
        posting = capture(hold_id=hold.id, actor=family[1], now=MONDAY)
        assert (posting.household_id, posting.person_id, posting.actor_id) == (holder.household_id, None, family[1].id)
        assert queries.balance_of(holder, MONDAY).spendable == 5
        assert holds(in_yunqiao)

    def test_what_was_used_and_is_taken_back_is_owed_by_the_household(
        self, family: list[Person], in_yunqiao: Street
    ) -> None:
        holder = Holder(household_id=household(family).id)
        outcome = pay(household(family))
        assert outcome.posting
        hold = points.reserve(
            holder=holder, subject="reservation:1", points=15, expires_at=TUESDAY, actor=family[1], now=MONDAY
        )
        capture(hold_id=hold.id, actor=family[1], now=MONDAY)
        points.reverse(
            posting_id=outcome.posting.id, actor=appoint(staff(), Role.REVIEWER),
            reason=ReversalReason.OBJECTION_UPHELD, now=MONDAY,
        )  # fmt: skip
        balance = queries.balance_of(holder, MONDAY)
        assert (balance.spendable, balance.debt) == (0, 15)
        assert [queries.balance(person, MONDAY).debt for person in family] == [0, 0]
        pay(household(family))
        assert queries.balance_of(holder, MONDAY).spendable == 5
        assert holds(in_yunqiao)

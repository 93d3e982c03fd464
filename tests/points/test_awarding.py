"""Awards: once, by the rulebook in force, within its caps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huipai.grid import commands as grid
from huipai.grid.models import GridNode, Residence
from huipai.grid.words import TIES_LAST, Level
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import Outcome
from huipai.points.models import Account, Line, Lot, Posting
from huipai.points.queries.claims.own import first_year
from huipai.points.rules import Holder
from huipai.points.words import Book, Why
from huipai.rulebook.rules import Terms
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.words import Earner, Evidence, Port
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import (
    A_MONTH_AGO,
    A_YEAR_AGO,
    FOUND,
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    appoint,
    resident,
    rulebook,
    staff,
)
from tests.points.ledger import award, case, holds, spendable


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return resident()


class TestOnce:
    def test_pays_and_explains_itself(self, lan: Person, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        subject = case()
        outcome = award(lan, subject)
        posting = Posting.objects.select_related("item__version").get()
        assert (outcome.why, outcome.points, outcome.posting) == (Why.POSTED, 5, posting)
        assert posting.item is not None and posting.item.version == version
        assert (posting.subject, posting.person_id, posting.points) == (subject, lan.id, 5)
        assert {(line.book, line.amount) for line in Line.objects.all()} == {(Book.ISSUANCE, -5), ("", 5)}
        assert Lot.objects.get().remaining == Account.objects.get(purse="spendable").balance == 5
        entry = Entry.objects.get(what="points.awarded")
        assert (entry.subject, entry.facts["points"], entry.facts["person"]) == (subject, 5, str(lan.id))
        assert holds(in_yunqiao)

    @pytest.mark.parametrize("terms", [FOUND, replace(FOUND, day_cap=5)])
    def test_a_second_award_of_the_same_deed_returns_the_first(
        self, lan: Person, in_yunqiao: Street, terms: Terms
    ) -> None:
        rulebook(terms)
        subject = case()
        first, second = award(lan, subject), award(lan, subject, received_at=TUESDAY)
        assert (first.why, second.why, second.points) == (Why.POSTED, Why.ALREADY, 0)
        assert second.posting == first.posting
        assert spendable(lan) == 5
        assert holds(in_yunqiao)

    def test_is_not_paid_again_under_a_new_version(self, lan: Person) -> None:
        rulebook(FOUND)
        subject = case()
        award(lan, subject)
        rulebook(replace(FOUND, points=9), since=TUESDAY)
        assert award(lan, subject, received_at=WEDNESDAY).why == Why.ALREADY

    def test_rolls_back_with_its_caller(self, lan: Person, in_yunqiao: Street) -> None:
        rulebook()
        award(lan)
        sid = connection.savepoint()
        award(lan)
        connection.savepoint_rollback(sid)
        assert (spendable(lan), Posting.objects.count()) == (5, 1)
        assert holds(in_yunqiao)

    @pytest.mark.parametrize(("terms", "statements"), [(FOUND, 2), (replace(FOUND, day_cap=500), 3)])
    def test_takes_two_statements_and_a_third_only_for_caps(self, lan: Person, terms: Terms, statements: int) -> None:
        rulebook(terms)
        award(lan)
        with CaptureQueriesContext(connection) as captured:
            award(lan)
        assert len(captured) == statements


class TestVersion:
    def test_is_the_one_in_force_when_the_deed_was_received(self, lan: Person, in_yunqiao: Street) -> None:
        rulebook(FOUND)
        rulebook(replace(FOUND, points=9), since=TUESDAY)
        assert award(lan, received_at=TUESDAY - timedelta(microseconds=1), now=FRIDAY).points == 5
        assert award(lan, received_at=TUESDAY, now=FRIDAY).points == 9
        assert holds(in_yunqiao)

    def test_before_the_first_rulebook_nothing_is_posted(self, lan: Person) -> None:
        assert award(lan).why == Why.NO_ITEM
        rulebook(FOUND)
        assert award(lan, received_at=A_MONTH_AGO - timedelta(seconds=1)).why == Why.NO_ITEM
        assert award(lan, item_code="ox-01").why == Why.NO_ITEM
        assert not Posting.objects.exists()


class TestEarners:
    def test_staff_earn_nothing(self, in_yunqiao: Street) -> None:
        rulebook()
        assert award(staff()).why == Why.STAFF

    def test_an_item_for_members_is_not_for_everybody(self, lan: Person) -> None:
        rulebook(replace(FOUND, earners=(Earner.PART_TIME_MEMBER,)))
        assert award(lan).why == Why.NOT_AN_EARNER
        appoint(lan, Role.PART_TIME_MEMBER)
        assert award(lan).why == Why.POSTED

    @pytest.mark.parametrize(("born", "why"), [(2013, Why.UNDER_14), (2012, Why.UNDER_14), (2011, Why.POSTED)])
    def test_a_child_under_14_is_left_out_where_the_item_says_so(self, lan: Person, born: int, why: Why) -> None:
        rulebook(replace(FOUND, under_14=False))
        lan.birth_year = born
        assert award(lan).why == why

    def test_who_has_said_to_be_under_14_is_a_child_until_a_paper_was_seen(self, lan: Person) -> None:
        rulebook(replace(FOUND, under_14=False))
        lan.said_under_14_at = A_MONTH_AGO
        assert award(lan).why == Why.UNDER_14
        lan.birth_year = 2011
        assert award(lan).why == Why.POSTED


class TestCaps:
    def test_a_day_is_the_streets_day(self, lan: Person, in_yunqiao: Street) -> None:
        rulebook(replace(FOUND, day_cap=14))
        before_midnight = datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
        for _ in range(2):
            assert award(lan, received_at=before_midnight).why == Why.POSTED
        assert award(lan, received_at=before_midnight).why == Why.DAY_CAP
        assert award(lan, received_at=before_midnight + timedelta(seconds=1)).why == Why.POSTED
        assert holds(in_yunqiao)

    def test_a_month_is_the_streets_month(self, lan: Person) -> None:
        rulebook(replace(FOUND, month_cap=5))
        last_of_november = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
        assert award(lan, received_at=MONDAY).why == Why.POSTED
        assert award(lan, received_at=last_of_november).why == Why.MONTH_CAP
        assert award(lan, received_at=last_of_november + timedelta(minutes=1)).why == Why.POSTED

    def test_a_pause_holds_in_both_directions(self, lan: Person) -> None:
        rulebook(replace(FOUND, cooldown_minutes=60))
        assert award(lan, received_at=MONDAY).why == Why.POSTED
        for minutes, why in ((59, Why.COOLDOWN), (-59, Why.COOLDOWN), (60, Why.POSTED), (-60, Why.POSTED)):
            assert award(lan, received_at=MONDAY + timedelta(minutes=minutes)).why == why

    def test_caps_are_of_one_item_and_one_person(self, lan: Person) -> None:
        rulebook(replace(FOUND, day_cap=5), replace(FOUND, code="woodpecker-03", day_cap=5))
        assert award(lan).why == Why.POSTED
        assert award(lan, item_code="woodpecker-03").why == Why.POSTED
        assert award(resident("梅", "13800000002")).why == Why.POSTED

    def test_a_household_shares_its_cap(self, lan: Person) -> None:
        rulebook(replace(FOUND, household_month_cap=5))
        mei, far = resident("梅", "13800000002"), resident("远", "13800000003")
        home(lan, mei)
        home(far)
        assert award(lan).why == Why.POSTED
        assert award(mei).why == Why.HOUSEHOLD_CAP
        assert award(far).why == Why.POSTED
        assert award(resident("客", "13800000004")).why == Why.POSTED

    def test_who_says_that_they_moved_out_shares_it_as_long_as_ties_last(self, lan: Person) -> None:
        rulebook(replace(FOUND, household_month_cap=5, household_day_cap=5))
        mei = resident("梅", "13800000002")
        home(lan, mei)
        grid.move_out(person=mei, at=MONDAY - timedelta(hours=1), actor=mei, now=MONDAY - timedelta(hours=1))
        assert award(lan).why == Why.POSTED
        assert award(mei).why == Why.HOUSEHOLD_DAY_CAP
        Residence.objects.filter(person=mei).update(valid_from=A_YEAR_AGO, valid_until=MONDAY - TIES_LAST)
        assert award(mei).why == Why.POSTED

    def test_who_moves_takes_the_sum_of_before_along_and_strangers_after_them_begin_anew(self, lan: Person) -> None:
        rulebook(replace(FOUND, household_month_cap=5))
        left, other = home(lan), home()
        assert award(lan, received_at=MONDAY - timedelta(hours=3)).why == Why.POSTED
        moved = MONDAY - timedelta(hours=2)
        grid.move_in(person=lan, household=other, at=moved, actor=None, now=moved)
        assert award(lan).why == Why.HOUSEHOLD_CAP
        stranger = resident("新", "13800000005")
        grid.move_in(person=stranger, household=left, at=moved, actor=None, now=moved)
        assert award(stranger).why == Why.POSTED


class TestStreets:
    def test_the_same_deed_and_phone_in_two_streets_are_two(self, yunqiao: Street, hetang: Street) -> None:
        subject, people = case(), []
        for street in (yunqiao, hetang):
            with in_street(street.id):
                rulebook()
                people.append(resident())
                assert award(people[-1], subject).why == Why.POSTED
        with in_street(yunqiao.id):
            assert spendable(people[0]) == 5
            assert spendable(people[1]) == 0
            assert queries.statement(Holder(people[1].id), queries.Wanted()).postings == []
        assert holds(yunqiao) and holds(hetang)


def home(*people: Person) -> GridNode:
    """A household of these people, under the street."""
    root = GridNode.objects.get(parent=None)
    parent = root
    for level in (
        Level.COMMUNITY, Level.GRID, Level.MICRO_GRID, Level.BUILDING, Level.ENTRANCE, Level.HOUSEHOLD,
    ):  # fmt: skip
        id = new_id()
        parent = GridNode.objects.create(
            id=id, parent=parent, level=level, code=f"{id}"[-12:], name=f"{level}", path=f"{parent.path}{id}/",
            valid_from=A_MONTH_AGO,
        )  # fmt: skip
    for person in people:
        Residence.objects.create(person=person, household=parent, valid_from=A_MONTH_AGO)
    return parent


class TestMeasured:
    """An item with a formula pays by what was measured, exactly, and can be computed again."""

    SWEEPING = replace(
        FOUND, code="ox-07", port=Port.OX, evidence=(Evidence.ROLL,), points=10, formula=parse("小时 × 5"), day_cap=20,
        automatic=False,
    )  # fmt: skip

    def sweep(self, person: Person, hours: Fraction | None, subject: str | None = None) -> Outcome:
        return points.award(
            item_code="ox-07", subject=subject or case(), person=person, received_at=MONDAY, actor=None, now=MONDAY,
            measured=None if hours is None else {"hours": hours, "people": Fraction(3)},
        )  # fmt: skip

    def test_pays_by_the_hour_up_to_the_most_of_one_deed(self, lan: Person, in_yunqiao: Street) -> None:
        rulebook(self.SWEEPING)
        subject = case()
        assert self.sweep(lan, Fraction(3, 2), subject).points == 7
        assert self.sweep(lan, Fraction(3, 2), subject).why == Why.ALREADY
        assert self.sweep(lan, Fraction(8)).points == 10
        assert self.sweep(lan, Fraction(1)).why == Why.DAY_CAP
        assert list(Posting.objects.order_by("id").values_list("measured", flat=True)) == [
            {"hours": "3/2"}, {"hours": "8"},
        ]  # fmt: skip
        assert holds(in_yunqiao)

    def test_guesses_nothing_and_posts_no_nothing(self, lan: Person) -> None:
        rulebook(self.SWEEPING)
        assert self.sweep(lan, None).why == Why.NOT_MEASURED
        assert self.sweep(lan, Fraction(1, 10)).why == Why.TOO_LITTLE
        assert not Posting.objects.exists()

    @pytest.mark.no_guard
    def test_an_amount_changed_by_hand_is_found(self, lan: Person, in_yunqiao: Street) -> None:
        rulebook(self.SWEEPING)
        self.sweep(lan, Fraction(1))
        by_hand('UPDATE points_posting SET measured = \'{"hours": "2"}\'')
        whys = {difference.why for difference in queries.verify_ledger(in_yunqiao)}
        assert "it is not what the formula of its item gives" in whys

    @pytest.mark.no_guard
    @pytest.mark.parametrize(
        "kept",
        ["{}", "[]", "7", '{"people": "2"}', *(f'{{"hours": {one}}}' for one in ('"x"', '"1/0"', "null", '"+2"'))],
    )
    def test_what_no_amount_is_is_named_and_not_stumbled_over(self, lan: Person, in_yunqiao: Street, kept: str) -> None:
        rulebook(self.SWEEPING)
        self.sweep(lan, Fraction(1))
        by_hand("UPDATE points_posting SET measured = %s", [kept])
        whys = [difference.why for difference in queries.verify_ledger(in_yunqiao)]
        assert whys == ["nobody can count with what was measured", "measured is not what the journal recorded"]

    @pytest.mark.no_guard
    @pytest.mark.parametrize("kept", ["[]", "{}", "7", '"x"', '["/", "hours", 0]', '["*", "hours"]', '["*", null, 5]'])
    def test_nor_over_a_formula_that_is_none(self, lan: Person, in_yunqiao: Street, kept: str) -> None:
        rulebook(self.SWEEPING)
        self.sweep(lan, Fraction(1))
        by_hand("UPDATE rulebook_pointitem SET formula = %s WHERE code = 'ox-07'", [kept])
        found = {(difference.table, difference.why) for difference in queries.verify_ledger(in_yunqiao)}
        assert ("rulebook_rulebookversion", "its items are not what was approved") in found
        assert ("points_posting", "nobody can count with what was measured") in found

    def test_a_household_has_its_cap_of_a_day(self, in_yunqiao: Street) -> None:
        rulebook(replace(FOUND, household_day_cap=5, household_month_cap=15))
        family = [resident(f"人{n}", f"1380000200{n}") for n in range(2)]
        home(*family)
        assert [award(person).why for person in family] == [Why.POSTED, Why.HOUSEHOLD_DAY_CAP]
        assert [award(person, received_at=TUESDAY).why for person in family] == [Why.POSTED, Why.HOUSEHOLD_DAY_CAP]


def test_somebodys_first_year_is_that_of_the_street(in_yunqiao: Street) -> None:
    """The first hours of a year here are the last of the one before in London."""
    rulebook(FOUND, since=datetime(2025, 12, 1, tzinfo=UTC))
    lan, new_year = resident(), datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    award(lan, received_at=new_year, now=new_year)
    assert first_year(lan, MONDAY) == 2026


def test_a_street_filled_before_gets_the_second_purses(in_yunqiao: Street) -> None:
    """As the migration makes them, once however often."""
    rulebook(FOUND)
    lan = resident()
    award(lan)
    by_hand("DELETE FROM points_account WHERE street_id = %s AND purse = 'debt'", [in_yunqiao.id])
    for _ in range(2):
        connection.connection.execute(import_module("huipai.points.migrations.0006_both_purses").BOTH_PURSES)
        purses = Account.objects.filter(person=lan).order_by("purse").values_list("purse", "balance", "held")
        assert list(purses) == [("debt", 0, 0), ("spendable", 5, 0)]
    assert holds(in_yunqiao)

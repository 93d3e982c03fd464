"""The dry run: last month's deeds under the draft, without anybody being recognisable."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from huipai.grid.models import GridNode
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import IdentityKind, Role
from huipai.points import commands as points
from huipai.points import jobs
from huipai.points.models import Posting
from huipai.points.words import ReversalReason
from huipai.rulebook import commands, queries
from huipai.rulebook.models import DryRun, RulebookVersion
from huipai.rulebook.pages.shapes import group_rows
from huipai.rulebook.rules import Terms, tellable, visible
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.words import Earner, Evidence, Trying
from huipai.streets.models import Street
from tests.cast import A_YEAR_AGO, FOUND, MONDAY, appoint, resident, rulebook, staff
from tests.points.ledger import award
from tests.points.test_awarding import home
from tests.points.test_household import LINKED
from tests.rulebook.making import tried

OCTOBER = datetime.fromisoformat("2026-10-12T10:00:00+08:00")
SEPTEMBER = datetime.fromisoformat("2026-09-01T10:00:00+08:00")


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 30), max_size=8))
def test_no_small_cell_can_be_seen_or_worked_out(people: dict[str, int]) -> None:
    shown = visible(people)
    hidden = [count for cell, count in people.items() if count and cell not in shown]
    assert all(people[cell] >= 5 for cell in shown)
    # What the common total gives away is the sum of the hidden ones: of two cells at least, and five people, unless
    # nothing at all is shown.
    assert not hidden or not shown or (len(hidden) >= 2 and sum(hidden) >= 5)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.sets(st.integers(0, 12)), max_size=8))
def test_no_sum_of_few_people_can_be_seen_or_worked_out(touched: dict[str, set[int]]) -> None:
    told = tellable(touched)
    assert all(not touched[cell] or len(touched[cell]) >= 5 for cell in told)
    left = set().union(*(people for cell, people in touched.items() if cell not in told))
    assert not left or len(left) >= 5 or not any(touched[cell] for cell in told)


@pytest.fixture
def students(in_yunqiao: Street) -> list[Person]:
    return [known(f"学{n}", f"1380000300{n}", IdentityKind.STUDENT) for n in range(6)]


def known(name: str, phone: str, kind: IdentityKind) -> Person:
    person = resident(name, phone)
    people.add_identity(
        person=person, kind=kind, valid_from=A_YEAR_AGO.date(), valid_until=None, actor=person, now=A_YEAR_AGO
    )
    return person


def run(terms: Terms, *more: Terms) -> DryRun:
    """The dry run in November of a draft that holds these items."""
    version = RulebookVersion.objects.filter(published_at__isnull=True, ended_at__isnull=True).first()
    writer = RulebookVersion.objects.order_by("number")[0].author
    version = version or commands.draft(author=writer, note="", now=MONDAY)
    for each in (terms, *more):
        commands.put_item(version_id=version.id, actor=writer, terms=each, now=MONDAY)
    return tried(version, writer, now=MONDAY)


def result(terms: Terms, *more: Terms) -> dict[str, Any]:
    found = run(terms, *more)
    assert found.result is not None
    return found.result  # type: ignore[no-any-return]


class TestResult:
    def test_says_who_would_gain_and_lose_by_group(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        for student in students:
            award(student, received_at=OCTOBER)
            award(student, received_at=OCTOBER + timedelta(hours=1))
        award(students[0], received_at=SEPTEMBER)
        found = result(replace(FOUND, points=6))
        assert (found["deeds"], found["people"], found["before"], found["after"]) == (12, 6, 60, 72)
        assert found["groups"] == [{"group": "student", "people": 6, "change": 200, "gain": 6, "lose": 0, "same": 0}]
        assert found["items"] == [{"code": FOUND.code, "people": 6, "before": 60, "after": 72}]
        assert Posting.objects.count() == 13

    def test_counts_caps_and_cooldowns_in_the_order_of_the_deeds(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        for student in students:
            for hour in range(3):
                award(student, received_at=OCTOBER + timedelta(hours=hour))
        assert result(replace(FOUND, day_cap=10))["after"] == 60
        assert result(replace(FOUND, day_cap=None, cooldown_minutes=90))["after"] == 60
        assert result(replace(FOUND, cooldown_minutes=0, month_cap=5))["after"] == 30
        assert result(replace(FOUND, month_cap=None, earners=(Earner.PART_TIME_MEMBER,)))["after"] == 0

    def test_an_item_that_is_struck_brings_nothing_and_a_formula_at_most_what_was_given(
        self, students: list[Person]
    ) -> None:
        other = replace(FOUND, code="woodpecker-03")
        rulebook(FOUND, other, since=SEPTEMBER)
        for student in students:
            award(student, received_at=OCTOBER)
            award(student, received_at=OCTOBER, item_code="woodpecker-03")
        version = commands.draft(author=RulebookVersion.objects.get().author, note="", now=MONDAY)
        commands.strike_item(version_id=version.id, actor=version.author, code="woodpecker-03", now=MONDAY)
        claimed = replace(FOUND, automatic=False, evidence=(Evidence.NOTE,), day_cap=9)
        assert result(replace(claimed, formula=parse("小时 × 5"), points=9))["after"] == 30

    def test_hides_a_group_of_fewer_than_five_and_another_with_it(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        couriers = [known(f"骑{n}", f"1380000400{n}", IdentityKind.COURIER) for n in range(7)]
        teacher = known("师", "13800005000", IdentityKind.TEACHER)
        for person in (*students, *couriers, teacher):
            award(person, received_at=OCTOBER)
        found = result(replace(FOUND, points=6))
        assert [group["group"] for group in found["groups"]] == ["courier"]
        assert found["hidden"] is True

    def test_says_nothing_of_a_change_that_comes_from_fewer_than_five_people(self, students: list[Person]) -> None:
        other = replace(FOUND, code="woodpecker-03", title="少见的一条")
        rulebook(FOUND, other, since=SEPTEMBER)
        for student in students:
            award(student, received_at=OCTOBER)
        for student in students[:2]:
            award(student, received_at=OCTOBER, item_code="woodpecker-03")
        made = run(replace(other, points=1))
        found = made.result
        assert (found["before"], found["after"], found["items"]) == (40, None, [])
        assert found["groups"] == [
            {"group": "student", "people": 6, "change": 0, "untold": True, "gain": 0, "lose": None, "same": None}
        ]
        assert [row.words for row in group_rows(made)] == ["人太少，不说"]

    def test_what_is_hidden_is_not_left_over_when_the_rest_is_told(self, students: list[Person]) -> None:
        other = replace(FOUND, code="woodpecker-03", title="少见的一条")
        rulebook(FOUND, other, since=SEPTEMBER)
        couriers = [known(f"骑{n}", f"1380000400{n}", IdentityKind.COURIER) for n in range(7)]
        for person in (*students, *couriers):
            award(person, received_at=OCTOBER)
        for person in (*students[:2], *couriers):
            award(person, received_at=OCTOBER, item_code="woodpecker-03")
        found = result(replace(other, points=1))
        # Nine people change, so all together is told; the couriers are not, or the two students would be what is left.
        assert (found["before"], found["after"]) == (110, 74)
        assert [group.get("untold") for group in found["groups"]] == [True, True]

    def test_says_nothing_of_fewer_than_five_people(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        for student in students[:4]:
            award(student, received_at=OCTOBER)
        assert result(replace(FOUND, points=6)) == {
            "deeds": 0, "people": 0, "groups": [], "items": [], "hidden": True,
        }  # fmt: skip


class TestHomes:
    """What a household was thanked for as a whole counts as the rest: by its group, never below five."""

    def homes(self, count: int) -> list[GridNode]:
        return [home(resident(f"户{n}", f"1380000600{n}")) for n in range(count)]

    def thank(self, *homes: GridNode) -> None:
        for number, each in enumerate(homes):
            points.award_household(
                item_code=LINKED.code, subject=f"visit:{number}", household=each, received_at=OCTOBER, actor=None,
                now=OCTOBER,
            )  # fmt: skip

    def test_who_would_lose_is_said(self, in_yunqiao: Street) -> None:
        rulebook(FOUND, LINKED, since=SEPTEMBER)
        self.thank(*self.homes(5))
        made = run(replace(LINKED, points=1))
        found = made.result
        assert (found["deeds"], found["people"]) == (5, 5)
        assert (found["before"], found["after"]) == (5 * LINKED.points, 5)
        assert [(each["group"], each["lose"]) for each in found["groups"]] == [("household", 5)]
        assert [(row.name, row.sides) for row in group_rows(made)] == [("住户的分", "少得 5 户")]

    def test_of_fewer_than_five_nothing_is_said(self, students: list[Person]) -> None:
        rulebook(FOUND, LINKED, since=SEPTEMBER)
        for student in students:
            award(student, received_at=OCTOBER)
        self.thank(*self.homes(4))
        found = result(replace(LINKED, points=1))
        assert (found["groups"], found["items"], found["hidden"]) == ([], [], True)

    def test_an_item_that_no_household_earns_any_more_brings_it_nothing_and_people_nothing_of_theirs(
        self, students: list[Person]
    ) -> None:
        rulebook(FOUND, LINKED, since=SEPTEMBER)
        for student in students:
            award(student, received_at=OCTOBER)
        self.thank(*self.homes(5))
        version = commands.draft(author=RulebookVersion.objects.get().author, note="", now=MONDAY)
        for terms in (replace(LINKED, earners=(Earner.RESIDENT,)), replace(FOUND, earners=(Earner.HOUSEHOLD,))):
            commands.put_item(version_id=version.id, actor=version.author, terms=terms, now=MONDAY)
        assert tried(version, version.author, now=MONDAY).result["after"] == 0


class TestRun:
    def test_asked_again_after_more_was_posted_it_runs_again(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        for student in students[:5]:
            award(student, received_at=OCTOBER)
        first = run(replace(FOUND, points=6))
        award(students[5], received_at=OCTOBER)
        again = run(replace(FOUND, points=6))
        assert (first.result["people"], again.result["people"]) == (5, 6)
        assert first.content_hash == again.content_hash and first.held != again.held
        assert queries.last_result(again.version, again.content_hash) == again
        assert run(replace(FOUND, points=6)) == again
        # What counts is what is taken back, too; and what was earned in another month is not.
        award(students[5], received_at=MONDAY)
        assert run(replace(FOUND, points=6)) == again
        posting = Posting.objects.filter(received_at=OCTOBER).first()
        points.reverse(
            posting_id=posting.id, actor=appoint(staff("审", "13900000099"), Role.REVIEWER),
            reason=ReversalReason.RECORDED_WRONGLY, now=MONDAY,
        )  # fmt: skip
        assert run(replace(FOUND, points=6)).result["people"] == 5

    def test_what_a_month_held_stays_with_its_run(self, draft: RulebookVersion, writer: Person) -> None:
        asked = commands.ask_dry_run(version_id=draft.id, actor=writer, now=MONDAY)
        with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
            DryRun.objects.filter(pk=asked.pk).update(held="0" * 64)

    def test_is_done_once_a_content(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        first = run(replace(FOUND, points=6))
        assert run(replace(FOUND, points=6)) == first
        assert run(replace(FOUND, points=7)) != first
        assert DryRun.objects.filter(version=first.version).count() == 2

    def test_follows_as_a_job_and_again_changes_nothing(self, draft: RulebookVersion, writer: Person) -> None:
        asked = commands.ask_dry_run(version_id=draft.id, actor=writer, now=MONDAY)
        assert asked.state == Trying.WAITING
        entry = Entry.objects.get(what="rulebook.dry_run_asked")
        for _ in range(2):
            jobs.dry_run(street=str(draft.street_id), entry=str(entry.id))
        asked.refresh_from_db()
        assert asked.state == Trying.DONE
        assert Entry.objects.filter(what="rulebook.dry_run_done").count() == 1

    def test_of_a_content_that_is_no_more_stays_undone(self, draft: RulebookVersion, writer: Person) -> None:
        asked = commands.ask_dry_run(version_id=draft.id, actor=writer, now=MONDAY)
        commands.put_item(version_id=draft.id, actor=writer, terms=replace(FOUND, points=6), now=MONDAY)
        assert points.run_dry(run_id=asked.id, now=MONDAY).state == Trying.WAITING

    def test_is_asked_by_those_who_write_or_decide(self, draft: RulebookVersion) -> None:
        with pytest.raises(NotAllowed):
            commands.ask_dry_run(version_id=draft.id, actor=resident(), now=MONDAY)
        reviewer = appoint(staff("审", "13900000099"), Role.REVIEWER)
        with pytest.raises(NotAllowed):
            commands.ask_dry_run(version_id=draft.id, actor=reviewer, now=MONDAY)

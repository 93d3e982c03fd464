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
from huipai.kit.verdict import Moved, NotAllowed
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
from huipai.rulebook.rules import Cell, Terms, bounded
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.words import RUNS_A_MONTH, Earner, Evidence, Trying
from huipai.streets.models import Street
from tests.cast import A_YEAR_AGO, FOUND, MONDAY, appoint, resident, rulebook, staff
from tests.points.ledger import award
from tests.points.test_awarding import home
from tests.points.test_household import LINKED
from tests.rulebook.making import sums, tried

OCTOBER = datetime.fromisoformat("2026-10-12T10:00:00+08:00")
SEPTEMBER = datetime.fromisoformat("2026-09-01T10:00:00+08:00")


@given(st.lists(st.dictionaries(st.integers(0, 11), st.integers(0, 3)), max_size=8))
def test_two_answers_about_one_month_are_five_people_apart(months: list[dict[int, int]]) -> None:
    """Each dictionary is what a run finds of whom; what is told of it comes after all that was told before."""
    told = [Cell(frozenset(), "nothing")]
    for found in months:
        told.append(bounded(Cell(frozenset(f"{who} {what}" for who, what in found.items()), found), told))
    said = [cell.says if isinstance(cell.says, dict) else {} for cell in told]
    for one in said:
        for other in said:
            differ = {who for who in one.keys() | other.keys() if one.get(who) != other.get(who)}
            assert one == other or len(differ) >= 5


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
        assert (found["deeds"], found["people"]) == (12, 6)
        assert found["groups"] == [{"group": "student", "people": 6, "change": 200, "gain": 5, "lose": 0}]
        assert Posting.objects.count() == 13

    def test_counts_caps_and_cooldowns_in_the_order_of_the_deeds(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        for student in students:
            for hour in range(3):
                award(student, received_at=OCTOBER + timedelta(hours=hour))
        assert sums(run(replace(FOUND, day_cap=10)))[1] == 60
        assert sums(run(replace(FOUND, day_cap=None, cooldown_minutes=90)))[1] == 60
        assert sums(run(replace(FOUND, cooldown_minutes=0, month_cap=5)))[1] == 30
        assert sums(run(replace(FOUND, month_cap=None, earners=(Earner.PART_TIME_MEMBER,))))[1] == 0

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
        assert sums(run(replace(claimed, formula=parse("小时 × 5"), points=9)))[1] == 30

    def test_hides_a_group_of_fewer_than_five_and_counts_it_in_nothing(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        couriers = [known(f"骑{n}", f"1380000400{n}", IdentityKind.COURIER) for n in range(7)]
        teacher = known("师", "13800005000", IdentityKind.TEACHER)
        for person in (*students, *couriers, teacher):
            award(person, received_at=OCTOBER)
        found = result(replace(FOUND, points=6))
        assert [group["group"] for group in found["groups"]] == ["courier", "student"]
        assert (found["deeds"], found["people"]) == (13, 13)

    def test_says_nothing_of_a_change_that_comes_from_fewer_than_five_people(self, students: list[Person]) -> None:
        """Nor whether it comes from a few or from nobody."""
        other = replace(FOUND, code="woodpecker-03", title="少见的一条")
        rulebook(FOUND, other, since=SEPTEMBER)
        for student in students:
            award(student, received_at=OCTOBER)
        for student in students[:2]:
            award(student, received_at=OCTOBER, item_code="woodpecker-03")
        made = run(replace(other, points=1))
        assert made.result["groups"] == [
            {"group": "student", "people": 6, "change": 0, "untold": True, "gain": 0, "lose": 0}
        ]
        assert [row.words for row in group_rows(made)] == ["变的不到 5 人"]
        assert group_rows(run(other)) == group_rows(made)

    def test_says_nothing_of_fewer_than_five_people(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        for student in students[:4]:
            award(student, received_at=OCTOBER)
        assert result(replace(FOUND, points=6)) == {"deeds": 0, "people": 0, "groups": []}


class TestOneMonthOftenAsked:
    """Runs of a month side by side tell of nobody either: the later says no more than what five people bring about."""

    def test_caps_moved_step_by_step_do_not_find_who_did_most(self, students: list[Person]) -> None:
        rulebook(replace(FOUND, day_cap=None, month_cap=None), since=SEPTEMBER)
        for student in students:
            for hour in range(9 if student == students[0] else 2):
                award(student, received_at=OCTOBER + timedelta(hours=hour))
        told = [
            result(replace(FOUND, points=4, day_cap=None, month_cap=cap)) for cap in (8, 12, 16, 20, 24, 28, 32, 36, 40)
        ]
        assert all(each == told[0] for each in told)
        lower = result(replace(FOUND, points=2, day_cap=None, month_cap=40))
        assert lower["groups"][0]["change"] != told[0]["groups"][0]["change"]

    def test_one_more_who_did_something_does_not_change_what_was_told(self, students: list[Person]) -> None:
        rulebook(replace(FOUND, day_cap=None, month_cap=None), since=SEPTEMBER)
        for student in students[:5]:
            award(student, received_at=OCTOBER)
        first = run(replace(FOUND, points=6))
        for hour in range(9):
            award(students[5], received_at=OCTOBER + timedelta(hours=hour))
        again = run(replace(FOUND, points=6))
        assert again != first and again.result == first.result

    @pytest.mark.parametrize("often", [0, 1, 2, 3, 4])
    def test_a_change_that_all_have_carries_nothing_along_of_what_one_did(
        self, students: list[Person], often: int
    ) -> None:
        """Neither by an item that one of them did, nor by a limit at which one of them stands."""
        free = replace(FOUND, points=20, day_cap=None, month_cap=None)
        rare = replace(free, code="woodpecker-03", title="少见的一条")
        rulebook(free, rare, since=SEPTEMBER)
        for student in students:
            for hour in range(2):
                award(student, received_at=OCTOBER + timedelta(hours=hour))
        for hour in range(often):
            award(students[0], received_at=OCTOBER + timedelta(hours=hour), item_code="woodpecker-03")
            award(students[1], received_at=OCTOBER + timedelta(hours=5 + hour))
        found = [
            result(replace(free, points=25)), result(replace(free, points=30), replace(rare, points=1)),
            result(replace(free, points=30, month_cap=60), replace(rare, points=1)),
        ]  # fmt: skip
        assert [each["groups"][0]["change"] for each in found] == [250, 500, 500]

    def test_another_draft_is_bound_by_what_the_one_before_told(self, students: list[Person]) -> None:
        rulebook(replace(FOUND, day_cap=None, month_cap=None), since=SEPTEMBER)
        for student in students:
            award(student, received_at=OCTOBER)
        award(students[0], received_at=OCTOBER)
        first = run(replace(FOUND, points=4, month_cap=4))
        commands.abandon(version_id=first.version_id, actor=first.asked_by, reason="换一稿", now=MONDAY)
        second = run(replace(FOUND, points=4, month_cap=None))
        assert second.version != first.version and second.result == first.result

    def test_a_month_is_counted_again_so_often_only(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        for points_now in range(RUNS_A_MONTH):
            run(replace(FOUND, points=points_now + 6, day_cap=None, month_cap=None))
        again = run(replace(FOUND, points=6, day_cap=None, month_cap=None))
        assert again.state == Trying.DONE
        with pytest.raises(Moved) as refused:
            run(replace(FOUND, points=50, day_cap=None, month_cap=None))
        assert refused.value.code == "rulebook_runs_used_up"


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
        assert sums(made) == (5 * LINKED.points, 5)
        assert [(each["group"], each["lose"]) for each in found["groups"]] == [("household", 5)]
        assert [(row.name, row.sides) for row in group_rows(made)] == [("住户的分", "少得的至少 5 户")]

    def test_of_fewer_than_five_nothing_is_said(self, students: list[Person]) -> None:
        rulebook(FOUND, LINKED, since=SEPTEMBER)
        for student in students:
            award(student, received_at=OCTOBER)
        self.thank(*self.homes(4))
        found = result(replace(LINKED, points=1))
        assert [each["group"] for each in found["groups"]] == ["student"]

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
        assert sums(tried(version, version.author, now=MONDAY))[1] == 0


class TestRun:
    def test_asked_again_after_more_was_posted_it_runs_again(self, students: list[Person]) -> None:
        rulebook(FOUND, since=SEPTEMBER)
        for student in students[:5]:
            award(student, received_at=OCTOBER)
        first = run(replace(FOUND, points=6))
        award(students[5], received_at=OCTOBER)
        again = run(replace(FOUND, points=6))
        assert (sums(first)[0], first.total, again.total) == (30, 5, 6)
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
        assert run(replace(FOUND, points=6)).total == 5

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

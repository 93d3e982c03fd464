"""The dry run of a draft beside what of its month nobody has decided yet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from huipai.grid.models import Absence, Assignment, GridNode, Residence
from huipai.grid.words import AbsenceKind
from huipai.kit.ids import new_id
from huipai.people.models import Identity, Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.commands.claims import settling
from huipai.points.commands.trying import begun
from huipai.points.models import Claim, Correction, Posting
from huipai.points.queries import deeds_between
from huipai.points.queries.month import GROUPS
from huipai.points.rules.trying import Stay
from huipai.points.words import ClaimState, CorrectionReason, GrantReason, Why
from huipai.rulebook import commands as rulebook
from huipai.rulebook.models import DryRun, RulebookVersion
from huipai.rulebook.queries import book
from huipai.rulebook.queries import in_force as rules_in_force
from huipai.rulebook.words import Earner
from tests import cast
from tests.cast import FOUND, MONDAY
from tests.people.doors import Browser
from tests.points.claims.world import HELP, World
from tests.points.test_awarding import home
from tests.rulebook.making import sums

LATE = datetime(2026, 11, 26, 2, tzinfo=UTC)
NOVEMBER = datetime(2026, 10, 31, 16, tzinfo=UTC)
FIRST, TENTH = datetime(2026, 12, 1, 2, tzinfo=UTC), datetime(2026, 12, 10, 2, tzinfo=UTC)


def people(count: int, number: int = 0) -> list[Person]:
    return [cast.resident(f"居{number}{n}", f"138600{number}{n:04}") for n in range(count)]


@pytest.fixture
def draft(world: World) -> RulebookVersion:
    version = rulebook.draft(author=RulebookVersion.objects.get().author, note="", now=MONDAY)
    rulebook.put_item(
        version_id=version.id, actor=version.author, terms=replace(HELP, points=1, why="少些"), now=MONDAY
    )
    return version


def tried(version: RulebookVersion, now: datetime) -> DryRun:
    run = rulebook.ask_dry_run(version_id=version.id, actor=version.author, now=now)
    return points.run_dry(run_id=run.id, now=now)


def test_says_how_much_is_not_decided_yet_and_counts_it_when_asked_again(
    world: World, draft: RulebookVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in people(5):
        world.posted(person, HELP, now=MONDAY - timedelta(days=10))
    for person in people(7, 1):
        world.public(person, HELP, now=LATE)
    first = tried(draft, FIRST)
    assert (first.result["deeds"], first.result["waiting"]) == (5, 7)
    monkeypatch.setattr("huipai.kit.clock.now", lambda: FIRST)
    assert "上个月另有 7 件" in Browser().enter(draft.author).open("rulebook/desk/").content.decode()
    for claim in Claim.objects.filter(state=ClaimState.PUBLICISED):
        settling.post(claim_id=claim.id, now=TENTH)
    again = tried(draft, TENTH)
    assert again != first and again.result["deeds"] == 12 and "waiting" not in again.result


def test_of_fewer_than_five_people_it_says_only_that_there_is_something(world: World, draft: RulebookVersion) -> None:
    for person in people(4):
        world.public(person, HELP, now=LATE)
    assert tried(draft, FIRST).result["waiting"] is None


@pytest.mark.parametrize(("given", "after"), [(5, 7), (2, 2)])
def test_what_was_given_by_hand_counts_with_the_month(world: World, given: int, after: int) -> None:
    """All that the item gave becomes what the draft gives; a part that was missing stays no more than that part."""
    version = rulebook.draft(author=RulebookVersion.objects.get().author, note="", now=MONDAY)
    more = replace(HELP, points=7, why="多些")
    rulebook.put_item(version_id=version.id, actor=version.author, terms=more, now=MONDAY)
    for number, person in enumerate(people(5)):
        grant = points.propose_grant(
            person=person, points=given, reason=GrantReason.PAPER_SLIP, item_code=HELP.code, done_at=MONDAY,
            paper_number=f"ZB-{number}", actor=world.qin, now=LATE,
        )  # fmt: skip
        points.approve_grant(grant_id=grant.id, actor=world.bo, now=LATE)
    run = tried(version, FIRST)
    assert (run.result["deeds"], sums(run)) == (5, (5 * given, 5 * after))


def worth(begins: datetime = NOVEMBER) -> dict[UUID, tuple[int, int]]:
    """Of each the points that they got in a month, and those that the rules in force would give."""
    version = rules_in_force(MONDAY)
    assert version is not None
    trial = begun(book(version), begins)
    for deeds in deeds_between(begins, FIRST, limit=100):
        for deed in deeds:
            trial.count(deed)
    return {id: (item.before, item.after) for id, one in trial.people.items() for item in one.by_item.values()}


class TestWhoHasMovedOut:
    """They count with the home that they left for a while, in the ledger and so when a draft is tried out."""

    CAPPED = replace(HELP, household_month_cap=5, day_cap=5, month_cap=5)
    NEXT_DAY = MONDAY + timedelta(days=1)

    def move(self, person: Person, household: GridNode, at: datetime) -> None:
        Residence.objects.filter(person=person, valid_until=None).update(valid_until=at)
        Residence.objects.create(person=person, household=household, valid_from=at)

    def test_gains_nothing_by_a_draft_that_changes_nothing(self, world: World) -> None:
        cast.rulebook(self.CAPPED, since=MONDAY - timedelta(days=1))
        home(world.lan, world.hua)
        assert world.posted(world.lan, self.CAPPED, now=MONDAY).state == ClaimState.POSTED
        self.move(world.hua, home(), self.NEXT_DAY)
        refused = world.posted(world.hua, self.CAPPED, now=self.NEXT_DAY + timedelta(hours=1))
        assert refused.reason == Why.HOUSEHOLD_CAP
        assert worth() == {world.lan.pk: (5, 5), world.hua.pk: (0, 0)}

    def test_is_no_burden_on_those_who_came_after_them(self, world: World) -> None:
        cast.rulebook(self.CAPPED, since=MONDAY - timedelta(days=1))
        left = home(world.lan)
        assert world.posted(world.lan, self.CAPPED, now=MONDAY).state == ClaimState.POSTED
        self.move(world.lan, home(), self.NEXT_DAY)
        self.move(world.hua, left, self.NEXT_DAY)
        paid = world.posted(world.hua, self.CAPPED, now=self.NEXT_DAY + timedelta(hours=1))
        assert paid.state == ClaimState.POSTED
        assert worth() == {world.lan.pk: (5, 5), world.hua.pk: (5, 5)}

    def test_and_stayed_nowhere_meets_nobody(self, world: World) -> None:
        there, instant = new_id(), MONDAY.timestamp()
        lives, stayed_not = Stay(there, instant - 1, None), Stay(there, instant, instant)
        assert lives.meets(Stay(there, instant, instant + 1)) and not lives.meets(stayed_not)
        assert not stayed_not.meets(lives)

    def test_and_back_is_counted_once(self, world: World) -> None:
        """Two stays in one home are no two deeds."""
        twice = replace(self.CAPPED, household_month_cap=15, month_cap=15)
        cast.rulebook(twice, since=MONDAY - timedelta(days=1))
        first, other = home(world.lan, world.hua), home()
        self.move(world.lan, other, MONDAY - timedelta(days=3))
        self.move(world.lan, first, MONDAY - timedelta(days=2))
        for day in range(3):
            done = world.posted(world.lan, twice, now=MONDAY + timedelta(days=day))
            assert done.state == ClaimState.POSTED, done.reason
        refused = world.posted(world.hua, twice, now=MONDAY + timedelta(days=4))
        assert refused.reason == Why.HOUSEHOLD_CAP
        assert worth() == {world.lan.pk: (15, 15), world.hua.pk: (0, 0)}


def test_who_was_something_until_the_last_day_of_the_month_before_is_it_no_more(world: World) -> None:
    """By the street's clock, which is at the first of a month while London has its last."""
    world.posted(world.lan, HELP, now=MONDAY)
    kind = GROUPS[0]
    was = Identity.objects.create(
        person=world.lan, kind=kind, valid_from=date(2026, 1, 1), valid_until=date(2026, 10, 31), created_at=MONDAY
    )
    begins, ends = datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC)

    def group() -> str:
        return next(deed.group for deeds in deeds_between(begins, ends, limit=9) for deed in deeds)

    assert group() == "other"
    Identity.objects.filter(pk=was.pk).update(valid_until=date(2026, 11, 1))
    assert group() == kind
    Identity.objects.filter(pk=was.pk).update(valid_from=date(2026, 12, 1), valid_until=None)
    assert group() == "other"


class TestWhatIsUnchangedIsUnchanged:
    """A draft that says what is in force brings what was posted."""

    def test_of_who_stood_in_for_a_part_time_member(self, world: World) -> None:
        patrol = replace(HELP, code="ox-40", title="巡一圈", earners=(Earner.PART_TIME_MEMBER,))
        cast.rulebook(patrol, since=MONDAY - timedelta(days=1))
        member, deputy = cast.resident("兼一", "13833330001"), cast.resident("代二", "13833330002")
        Assignment.objects.create(
            person=member, deputy=deputy, role=Role.PART_TIME_MEMBER, node=GridNode.objects.get(parent=None),
            valid_from=cast.A_YEAR_AGO,
        )  # fmt: skip
        Absence.objects.create(
            person=member, kind=AbsenceKind.LEAVE, valid_from=MONDAY - timedelta(hours=5),
            valid_until=MONDAY + timedelta(days=2),
        )  # fmt: skip
        assert world.posted(deputy, patrol, now=MONDAY).state == ClaimState.POSTED
        assert worth() == {deputy.pk: (5, 5)}

    def test_of_a_pause_that_reaches_into_the_month(self, world: World) -> None:
        slow = replace(HELP, cooldown_minutes=60 * 24 * 20)
        cast.rulebook(slow, since=MONDAY - timedelta(days=25))
        assert world.posted(world.lan, slow, now=MONDAY - timedelta(days=24)).state == ClaimState.POSTED
        early = world.posted(world.lan, slow, now=MONDAY - timedelta(days=14))
        assert early.reason == Why.COOLDOWN
        assert worth() == {world.lan.pk: (0, 0)}

    @pytest.mark.parametrize("days", [14, 24])
    def test_of_what_was_taken_back_after_it_had_left_another_unpaid(self, world: World, days: int) -> None:
        """In the month itself or in the one before; the ledger pays the other no more."""
        slow = replace(HELP, cooldown_minutes=60 * 24 * 20)
        cast.rulebook(slow, since=MONDAY - timedelta(days=25))
        first = world.posted(world.lan, slow, now=MONDAY - timedelta(days=days))
        assert first.posting is not None
        early = world.posted(world.lan, slow, now=MONDAY - timedelta(days=13))
        assert early.reason == Why.COOLDOWN
        take_back(world, first.posting, FIRST)
        assert worth() == {world.lan.pk: (0, 0)}

    ONCE = replace(FOUND, day_cap=5, month_cap=5)

    def found(self, world: World, at: datetime) -> Posting:
        """One more car reported by the same person, and paid."""
        outcome = points.award(
            item_code=self.ONCE.code, subject=f"case:{at:%d}", person=world.lan, received_at=at, actor=None, now=at
        )
        assert outcome.posting is not None, outcome.why
        return outcome.posting

    def test_of_what_was_posted_in_the_room_of_what_was_taken_back(self, world: World) -> None:
        cast.rulebook(self.ONCE, since=MONDAY - timedelta(days=20))
        take_back(world, self.found(world, MONDAY - timedelta(days=14)), MONDAY - timedelta(days=1))
        self.found(world, MONDAY)
        assert worth() == {world.lan.pk: (5, 5)}

    def test_of_what_came_back_when_another_had_its_room(self, world: World) -> None:
        cast.rulebook(self.ONCE, since=MONDAY - timedelta(days=20))
        asked = take_back(world, self.found(world, MONDAY - timedelta(days=14)), MONDAY - timedelta(days=1))
        self.found(world, MONDAY)
        points.appeal_correction(correction_id=asked.pk, actor=world.lan, text="做了", now=MONDAY)
        points.uphold_appeal(correction_id=asked.pk, actor=world.fang, now=MONDAY)
        assert worth() == {world.lan.pk: (10, 10)}


class TestAskedAgain:
    """The same draft is counted again once anything of what it is counted from is otherwise, and only then."""

    @pytest.fixture
    def paused(self, world: World) -> RulebookVersion:
        """Whoever is paid in October is paid no more on 9 November, and 4 instead of 5 points are drafted."""
        slow = replace(HELP, cooldown_minutes=60 * 24 * 20)
        version = cast.rulebook(slow, since=MONDAY - timedelta(days=25))
        draft = rulebook.draft(author=version.author, note="", now=MONDAY)
        less = replace(slow, points=4, why="少些")
        rulebook.put_item(version_id=draft.id, actor=draft.author, terms=less, now=MONDAY)
        return draft

    def test_what_reached_into_the_month_and_was_taken_back(self, world: World, paused: RulebookVersion) -> None:
        item = replace(HELP, cooldown_minutes=60 * 24 * 20)
        before = world.posted(world.lan, item, now=MONDAY - timedelta(days=24))
        assert world.posted(world.lan, item, now=MONDAY - timedelta(days=14)).reason == Why.COOLDOWN
        first = tried(paused, FIRST)
        assert tried(paused, FIRST + timedelta(hours=1)) == first
        assert before.posting is not None
        take_back(world, before.posting, FIRST + timedelta(hours=2))
        assert tried(paused, FIRST + timedelta(hours=3)) != first

    def test_where_somebody_had_lived_then(self, world: World, draft: RulebookVersion) -> None:
        world.posted(world.lan, HELP, now=MONDAY)
        first = tried(draft, FIRST)
        stay = Residence.objects.create(person=world.lan, household=home(), valid_from=MONDAY - timedelta(days=3))
        second = tried(draft, FIRST)
        assert second != first
        Residence.objects.filter(pk=stay.pk).update(valid_until=FIRST)
        assert tried(draft, FIRST + timedelta(hours=1)) == second


def take_back(world: World, posting: Posting, now: datetime) -> Correction:
    """Asked back by one and agreed to by another who had no hand in it."""
    number = f"1390000{Correction.objects.count():04}"
    judge = cast.appoint(cast.staff("新", number), Role.REVIEWER, since=cast.A_YEAR_AGO)
    asked = points.propose_correction(
        posting_id=posting.pk, reason=CorrectionReason.DEED_UNDONE, note="没做", actor=world.bo, now=now
    )
    return points.approve_correction(correction_id=asked.pk, actor=judge, now=now)

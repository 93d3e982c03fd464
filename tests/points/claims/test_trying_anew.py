"""The rules in force, tried out over months of every kind, find what the ledger holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db import transaction

from huipai.grid.models import Residence
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.commands.claims import contesting, objecting, settling
from huipai.points.commands.trying import begun
from huipai.points.models import Claim, Posting
from huipai.points.queries import deeds_between
from huipai.points.words import EARNED, ClaimState, CorrectionReason, GrantReason
from huipai.rulebook.queries import book, in_force
from huipai.rulebook.words import Earner, Port
from tests import cast
from tests.cast import FOUND
from tests.points.claims.world import HELP, World
from tests.points.test_awarding import home

DAY = 60 * 24
STREET = replace(
    FOUND, code="woodpecker-41", title="甲", day_cap=10, month_cap=30, household_day_cap=15, household_month_cap=40
)
PAUSED = replace(FOUND, code="woodpecker-42", title="乙", points=3, cooldown_minutes=DAY * 10, month_cap=30)
TOGETHER = replace(
    FOUND, code="ox-91", title="丙", port=Port.OX, points=4, earners=(Earner.HOUSEHOLD,), month_cap=8,
    cooldown_minutes=DAY * 20,
)  # fmt: skip
CLAIMED = replace(
    HELP, code="ox-71", title="丁", points=4, day_cap=8, month_cap=12, household_month_cap=16, household_day_cap=8,
    cooldown_minutes=DAY * 2,
)  # fmt: skip
# The first of December by the street's clock.
BEGINS = datetime(2026, 11, 30, 16, tzinfo=UTC)
MONTHS = [BEGINS, BEGINS + timedelta(days=31), BEGINS + timedelta(days=62), BEGINS + timedelta(days=90)]


class Life:
    """Who lives in three homes, and what happens to them and their points, drawn by lot."""

    def __init__(self, world: World, lot: Random) -> None:
        cast.rulebook(STREET, PAUSED, TOGETHER, CLAIMED, since=BEGINS - timedelta(days=2))
        self.world, self.lot, self.now, self.step = world, lot, BEGINS, 0
        self.people = [cast.resident(f"人{number}", f"137777700{number:02}") for number in range(6)]
        first, second, third, *others = self.people
        self.homes = [home(first, second), home(third), home(*others)]
        self.spare = cast.appoint(cast.staff("闻人五", "13900009997"), Role.REVIEWER)

    def live(self, steps: int) -> None:
        happens = [
            self.claim, self.claim, self.settle, self.award, self.award, self.award_home, self.grant, self.ask_back,
            self.ask_back, self.object, self.move,
        ]  # fmt: skip
        for self.step in range(steps):
            self.now += timedelta(hours=self.lot.choice((1, 5, 20, 40)))
            self.try_to(self.lot.choice(happens))

    def try_to(self, happen: Callable[[], None]) -> None:
        try:
            with transaction.atomic():
                happen()
        except Refused:
            pass

    def claim(self) -> None:
        self.world.public(self.lot.choice(self.people), CLAIMED, now=self.now)

    def settle(self) -> None:
        """What has waited for longest, or something else: it is not always the first that is paid first."""
        over = Claim.objects.filter(state=ClaimState.PUBLICISED, public_until__lte=self.now).order_by("received_at")
        for claim in self.lot.sample(list(over), k=len(over)):
            settling.post(claim_id=claim.pk, now=self.now)

    def award(self) -> None:
        points.award(
            item_code=self.lot.choice((STREET.code, PAUSED.code)), subject=f"c:{self.step}",
            person=self.lot.choice(self.people), received_at=self.now, actor=None, now=self.now,
        )  # fmt: skip

    def award_home(self) -> None:
        points.award_household(
            item_code=TOGETHER.code, subject=f"h:{self.step}", household=self.lot.choice(self.homes),
            received_at=self.now, actor=None, now=self.now,
        )  # fmt: skip

    def grant(self) -> None:
        grant = points.propose_grant(
            person=self.lot.choice(self.people), points=self.lot.choice((1, 3, 5)), reason=GrantReason.MISSED,
            item_code=self.lot.choice((STREET.code, PAUSED.code)),
            done_at=self.now - timedelta(days=self.lot.choice((0, 3))), paper_number=f"Q-{self.step}",
            actor=self.world.bo, now=self.now,
        )  # fmt: skip
        points.approve_grant(grant_id=grant.pk, actor=self.world.qin, now=self.now)

    def ask_back(self) -> None:
        posting = self.drawn()
        if posting is None:
            return
        asked = points.propose_correction(
            posting_id=posting.pk, reason=CorrectionReason.RECORDED_WRONGLY, note="记错了", actor=self.world.bo,
            now=self.now,
        )  # fmt: skip
        points.approve_correction(correction_id=asked.pk, actor=self.spare, now=self.now)
        if self.lot.random() < 0.5:
            later = self.now + timedelta(hours=2)
            points.appeal_correction(correction_id=asked.pk, actor=self.owner(posting), text="没记错", now=later)
            points.uphold_appeal(correction_id=asked.pk, actor=self.world.fang, now=later)

    def object(self) -> None:
        posted = list(Claim.objects.filter(state=ClaimState.POSTED, object_until__gt=self.now).order_by("id"))
        if not posted:
            return
        claim = self.lot.choice(posted)
        neighbour = self.lot.choice([one for one in self.people if one.pk != claim.claimant_id])
        objection = self.world.objected(claim, neighbour, now=self.now)
        objecting.uphold(objection_id=objection, judge=self.spare, now=self.now)
        if self.lot.random() < 0.5:
            later = self.now + timedelta(hours=2)
            contest = contesting.contest(claim_id=claim.pk, actor=claim.claimant, text="做了", now=later)
            contesting.grant(contest_id=contest.id, judge=self.world.fang, now=later)

    def move(self) -> None:
        person, there = self.lot.choice(self.people), self.lot.choice(self.homes)
        lives = Residence.objects.get(person=person, valid_until=None)
        stay = Residence.objects.filter(household=lives.household, valid_until=None).count() > 1
        if stay and lives.household_id != there.pk:
            Residence.objects.filter(pk=lives.pk).update(valid_until=self.now)
            Residence.objects.create(person=person, household=there, valid_from=self.now)

    def drawn(self) -> Posting | None:
        earned = list(Posting.objects.filter(kind__in=EARNED).order_by("id"))
        return self.lot.choice(earned) if earned else None

    def owner(self, posting: Posting) -> Person:
        lives = Residence.objects.filter(household=posting.household_id, valid_until=None).order_by("id")
        return posting.person or lives[0].person


def of_month(begins: datetime, ends: datetime) -> dict[tuple[object, str], tuple[int, int]]:
    version = in_force(BEGINS)
    assert version is not None
    trial = begun(book(version), begins)
    for deeds in deeds_between(begins, ends, limit=3):
        for deed in deeds:
            trial.count(deed)
    return {
        (id, code): (worth.before, worth.after)
        for id, tried in trial.people.items()
        for code, worth in tried.by_item.items()
    }


@pytest.mark.parametrize("seed", [0, *(pytest.param(more, marks=pytest.mark.long) for more in range(1, 6))])
def test_what_is_unchanged_is_unchanged_whatever_was_taken_back_and_came_back(world: World, seed: int) -> None:
    life = Life(world, Random(seed))
    life.live(90)
    found = {begins: of_month(begins, ends) for begins, ends in pairwise(MONTHS)}
    assert Posting.objects.filter(kind="reversal").exists()
    assert {key: worth for month in found.values() for key, worth in month.items() if worth[0] != worth[1]} == {}

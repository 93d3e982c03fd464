"""The dry run of a draft over what households are thanked for: by the quarter each is for, beside what still waits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from huipai.grid.models import GridNode
from huipai.households.commands import assessing
from huipai.households.models import Assessment
from huipai.households.words import PUBLIC_DAYS, AssessmentState
from huipai.points import commands as points
from huipai.points.words import Why
from huipai.rulebook import commands as rulebook
from huipai.rulebook.models import DryRun, RulebookVersion
from tests import cast
from tests.cast import MONDAY
from tests.households.conftest import CALM, Stairwell
from tests.points.test_awarding import home
from tests.rulebook.making import sums

SPRING, SUMMER = date(2026, 4, 1), date(2026, 7, 1)
OVER = MONDAY + timedelta(days=PUBLIC_DAYS, seconds=1)
FIRST = datetime(2026, 12, 1, 3, tzinfo=UTC)


@pytest.fixture
def draft(here: Stairwell) -> RulebookVersion:
    version = rulebook.draft(author=RulebookVersion.objects.get().author, note="", now=MONDAY)
    rulebook.put_item(
        version_id=version.id, actor=version.author, terms=replace(CALM, month_cap=20, why="少些"), now=MONDAY
    )
    return version


def homes(count: int) -> list[GridNode]:
    return [home(cast.resident(f"居{n}", f"138600{n:05}")) for n in range(count)]


def in_public(here: Stairwell, household: GridNode, quarter: date = SUMMER) -> Assessment:
    return Assessment.objects.create(
        household=household, item_code=CALM.code, quarter=quarter, proposed_by=here.coordinator, proposed_at=MONDAY,
        state=AssessmentState.PUBLIC, decided_by=here.qin, decided_at=MONDAY, public_until=OVER,
    )  # fmt: skip


def tried(version: RulebookVersion) -> DryRun:
    run = rulebook.ask_dry_run(version_id=version.id, actor=version.author, now=FIRST)
    return points.run_dry(run_id=run.id, now=FIRST)


def test_two_quarters_thanked_for_in_one_month_do_not_share_its_limit(here: Stairwell, draft: RulebookVersion) -> None:
    for household in homes(5):
        for quarter in (SPRING, SUMMER):
            assessing.post(assessment_id=in_public(here, household, quarter).pk, now=OVER)
    run = tried(draft)
    assert (run.result["deeds"], sums(run)) == (10, (200, 200))


def test_what_households_wait_for_is_told_and_counted_once_it_is_posted(
    here: Stairwell, draft: RulebookVersion
) -> None:
    waiting = [in_public(here, household) for household in homes(5)]
    first = tried(draft)
    assert (first.result["deeds"], first.result["waiting"]) == (0, 5)
    for assessment in waiting:
        assessing.post(assessment_id=assessment.pk, now=OVER)
    again = tried(draft)
    assert again != first and again.result["deeds"] == 5 and "waiting" not in again.result


def test_of_fewer_than_five_households_it_says_only_that_there_is_something(
    here: Stairwell, draft: RulebookVersion
) -> None:
    for household in homes(4):
        in_public(here, household)
    assert tried(draft).result["waiting"] is None


def test_what_a_limit_left_unpaid_other_rules_might_pay(here: Stairwell, draft: RulebookVersion) -> None:
    for household in homes(5):
        assessment = in_public(here, household)
        assessment.state, assessment.why = AssessmentState.UNPAID, Why.MONTH_CAP
        assessment.save()
    run = tried(draft)
    assert (run.result["deeds"], sums(run)) == (5, (0, 100))

"""What the demo finds false: in every state, whenever the year ends, through the commands."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from huipai.cases.commands import handling
from huipai.cases.models import Finding
from huipai.cases.queries import proof
from huipai.cli.seed.plant.findings import plant_findings
from huipai.cli.seed.running import plan_of, scripts
from huipai.cli.seed.story import OPEN, Way
from huipai.people.models import Person
from huipai.people.words import Role
from tests.cases.conftest import Place
from tests.cast import MONDAY

DAY = timedelta(days=1)


@pytest.mark.parametrize("month", [2, 6, 11])
def test_enough_is_declined_of_late_whenever_the_year_ends(month: int) -> None:
    until = datetime(2026, month, 26, 4, tzinfo=UTC)
    story = plan_of(scripts(600)[0], seed=1, until=until)
    late = [one for one in story if one.way == Way.DECLINED and 10 * DAY < until - one.reported_at < 60 * DAY]
    assert len(late) >= 5
    ways = Counter(one.way for one in story if one.way not in OPEN)
    assert ways[Way.DECLINED] == pytest.approx(sum(ways.values()) * 0.06, abs=2)


@pytest.mark.django_db
def test_one_is_open_one_waits_for_another_and_one_was_struck_out(here: Place) -> None:
    class Desks:
        def holding(self, role: Role) -> list[Person]:
            return {Role.COORDINATOR: [here.coordinator], Role.DISPATCHER: [here.dispatcher]}[role]

    for number in range(3):
        case = here.report(now=MONDAY + number * DAY)
        handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="没看到", now=MONDAY + number * DAY)
    plant_findings(Desks(), until=MONDAY + 80 * DAY)  # type: ignore[arg-type]
    assert Counter(Finding.objects.values_list("state", flat=True)) == {"found": 1, "appealed": 1, "lifted": 1}
    assert list(proof.verify_cases(here.street)) == []

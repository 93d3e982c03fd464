"""Whoever writes past the commands: the database lets nobody be two of reporter, handler and checker of one matter.

What one row of a case or of a look holds has constraints of its own; these are of what lies in several.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases.commands import splitting
from huipai.cases.models import Case, Check, Report, ReportHelp, Response, WorkOrder
from huipai.cases.words import Outcome, State
from huipai.kit.ids import new_id
from huipai.people.models import Person
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@contextmanager
def refused() -> Iterator[None]:
    """What is written here would not be committed."""
    with pytest.raises(IntegrityError, match="three people"), transaction.atomic():
        yield
        at_commit()


def drawn_instead(look: Check, checker: Person) -> None:
    """As if the lot had fallen on somebody else: what was drawn stands, whoever writes."""
    by_hand(
        "UPDATE cases_check SET checker_id = %s WHERE street_id = %s AND id = %s",
        [checker.id, look.street_id, look.id],
    )


def at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def told_too(case: Case, who: Person) -> None:
    """Somebody else's report of the same case."""
    report = Report.objects.filter(case=case).earliest("id")
    report.id, report.reporter = new_id(), who
    report.save(force_insert=True)


@pytest.fixture
def done(here: Place) -> tuple[Hub, Check]:
    """Reported by lan, answered by shi, and lying with a third."""
    hub = Hub.with_a_case(here)
    look = hub.responded(hub.signed())
    at_commit()
    return hub, look


class TestOfOneCase:
    def test_who_reported_does_not_answer(self, here: Place, done: tuple[Hub, Check]) -> None:
        with refused():
            Response.objects.create(case=done[0].case, round=2, handler=here.lan, responded_at=MONDAY)

    def test_who_reported_does_not_hold_the_order(self, here: Place, done: tuple[Hub, Check]) -> None:
        with refused():
            WorkOrder.objects.filter(case=done[0].case).update(handler=here.lan)

    def test_who_handles_or_checks_does_not_report(self, here: Place, done: tuple[Hub, Check]) -> None:
        hub, look = done
        for who in (here.shi, look.checker):
            with refused():
                told_too(hub.case, who)

    def test_who_handled_sends_nothing_for_an_elder(self, here: Place, done: tuple[Hub, Check]) -> None:
        with refused():
            ReportHelp.objects.create(report=Report.objects.get(case=done[0].case), helper=here.shi, helped_at=MONDAY)

    def test_three_people_are_let_through(self, here: Place, done: tuple[Hub, Check]) -> None:
        told_too(done[0].case, here.hua)
        at_commit()


class TestOfOneMatter:
    def test_who_handled_the_whole_does_not_check_a_part(self, here: Place) -> None:
        whole = Hub.with_a_case(here)
        whole.signed(now=MONDAY)
        part = splitting.split(
            part_id=new_id(), case_id=whole.case.id, case_type=LITTER, actor=here.dispatcher, text="墙那边", now=MONDAY
        )  # fmt: skip
        hub = Hub(here, part)
        look = hub.responded(hub.signed(here.guard, here.ning, now=MONDAY), here.ning, now=MONDAY + HOUR)
        at_commit()
        look.id, look.checker, look.result, look.decided_at = new_id(), here.shi, "lapsed", MONDAY
        with refused():
            look.save(force_insert=True)

    def test_who_reported_what_was_merged_in_does_not_check(self, here: Place, done: tuple[Hub, Check]) -> None:
        other = here.report(here.hua, now=MONDAY + HOUR)
        drawn_instead(done[1], here.hua)
        with refused():
            Case.objects.filter(pk=other.pk).update(
                merged_into=done[0].case, state=State.MERGED, outcome=Outcome.MERGED, ended_at=MONDAY
            )

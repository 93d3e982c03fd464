"""The hot list says what its rule says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import set_urlconf

from huipai.cases import telling
from huipai.cases.commands import checking, confirming, handling, triage
from huipai.cases.models import Case, Check, Slip
from huipai.cases.pages import working
from huipai.cases.queries import today as today_read
from huipai.cases.words import State
from huipai.grid import queries as grid
from huipai.grid.models import Absence, Assignment
from huipai.grid.words import AbsenceKind
from huipai.people.models import Person
from huipai.people.words import Role
from tests.cases.conftest import LITTER, Place
from tests.cases.test_counter import taken
from tests.cases.test_pages import as_
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY, staff


@pytest.fixture(autouse=True)
def _below_the_street() -> Iterator[None]:
    set_urlconf("huipai.config.street_urls")
    yield
    set_urlconf(None)


def shown(person: Person) -> list[dict[str, object]]:
    today = today_read.Today(person, MONDAY)
    return [telling.today_row(case, person, MONDAY, number=1) for case in today[0:50]]


def by_the_rule(person: Person) -> list[dict[str, object]]:
    cases = list(today_read.today_of(person, MONDAY)[0:50])
    places = telling.places(cases)
    return [{**telling.row(case, person, MONDAY, places[case.id]), "number": 1} for case in cases]


def mixed(here: Place) -> None:
    """Cases in hand, one unclaimed, one undated, one ended, one reported by the worker's own hand."""
    for number in range(5):
        here.report(now=MONDAY - timedelta(hours=number), address=["", "东门"][number % 2])
    here.report(case_type=LITTER, now=MONDAY)
    unclaimed, undated, over = here.report(), here.report(), here.report()
    Case.objects.filter(pk=unclaimed.pk).update(worker=None)
    Case.objects.filter(pk=undated.pk).update(due_at=None, due_year=2027)
    handling.handle_on_the_spot(
        case_id=over.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=MONDAY
    )
    here.report(here.wei)
    # Begun by a colleague who has left: it waits in the queue again.
    left = here.report()
    Case.objects.filter(pk=left.pk).update(worker=None, state=State.ACCEPTED)


class TestToday:
    def test_is_the_same_list(self, here: Place) -> None:
        mixed(here)
        rows = shown(here.wei)
        assert rows == by_the_rule(here.wei)
        assert len(rows) == 9
        assert all(row["src"] is None or str(row["src"]).startswith("/") for row in rows)

    def test_is_without_what_the_worker_took_down_for_somebody(self, here: Place) -> None:
        """They may not handle it: it knows its reporter (ruling 11)."""
        mixed(here)
        done = taken(here)
        Case.objects.filter(code=done.received.code).update(worker=None)
        assert shown(here.wei) == by_the_rule(here.wei) and len(shown(here.wei)) == 10
        Slip.objects.update(taken_by=here.wei)
        assert shown(here.wei) == by_the_rule(here.wei) and len(shown(here.wei)) == 9

    def test_offers_at_once_what_the_page_of_the_case_offers(self, here: Place) -> None:
        """And leads nowhere that then says no: what was handled before is not refused, what nobody has is opened."""
        untouched = here.report(here.hua, now=MONDAY - timedelta(hours=1), case_type=LITTER)
        disputed, failed, queued = (here.report(here.hua, now=MONDAY, case_type=LITTER) for _ in range(3))
        for case in (disputed, failed):
            handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY)
            check = Check.objects.get(case=case)
            look = {"check_id": check.id, "actor": check.checker, "text": "看了", "now": MONDAY}
            if case == failed:
                checking.fail_check(**look, photo_ids=here.photo_ids(check.checker))
            else:
                checking.pass_check(**look, photo_ids=())
        confirming.dispute(case_id=disputed.id, actor=here.hua, text="没有", photo_ids=(), now=MONDAY)
        handling.accept(case_id=queued.id, actor=here.wei, now=MONDAY)
        merged = here.report(here.lan, now=MONDAY, case_type=LITTER)
        handling.accept(case_id=merged.id, actor=here.wei, now=MONDAY)
        states = (State.REWORK, State.REOPENED, State.ACCEPTED)
        for worker in (here.wei, None):
            Case.objects.filter(state__in=states).update(worker=worker)
            rows = today_read.Today(here.wei, MONDAY)[0:50]
            assert len(rows) == 5
            for row in rows:
                at_once = telling.at_once(row)
                may = working.may(Case.objects.get(code=row.code), here.wei, MONDAY)
                offered = "spot" if may["spot"] else "done" if may["respond"] else "open"
                assert (at_once.deed, at_once.declines) == (offered, may["decline"]), row.state
                page = f"/s/yunqiao/cases/{row.code}/"
                led = [page if offered == "open" else f"{page}response/"] + [f"{page}refusal/"] * at_once.declines
                assert [as_(here.wei).get(one).status_code for one in led] == [200] * len(led)
        triage.merge(case_id=failed.id, into_id=untouched.id, actor=here.wei, now=MONDAY)
        [row] = [one for one in today_read.Today(here.wei, MONDAY)[0:50] if one.code == untouched.code]
        assert row.was_handled

    def test_is_cut_in_the_same_places(self, here: Place) -> None:
        mixed(here)
        today = today_read.Today(here.wei, MONDAY)
        codes = [case.code for case in today_read.today_of(here.wei, MONDAY)]
        assert [case.code for cut in (slice(0, 3), slice(3, 6), slice(6, 9)) for case in today[cut]] == codes

    def test_of_whoever_is_a_worker_no_longer_is_empty_and_the_page_is_not_for_them(self, here: Place) -> None:
        mixed(here)
        Assignment.objects.filter(person=here.wei, role=Role.GRID_WORKER).update(valid_until=A_MONTH_AGO)
        assert shown(here.wei) == [] and Case.objects.filter(worker=here.wei).exists()
        assert as_(here.wei).get("/s/yunqiao/today/").status_code == 403

    def test_of_a_deputy_is_the_same_while_the_holder_is_away(self, here: Place) -> None:
        deputy = staff("deputy", "13900019999")
        Assignment.objects.filter(person=here.wei, role=Role.GRID_WORKER).update(deputy=deputy)
        mixed(here)
        assert grid.areas_of(deputy, Role.GRID_WORKER, MONDAY) == [] and shown(deputy) == by_the_rule(deputy) == []
        Absence.objects.create(person=here.wei, kind=AbsenceKind.LEAVE, valid_from=A_MONTH_AGO, valid_until=TUESDAY)
        assert shown(deputy) == by_the_rule(deputy)
        assert len(shown(deputy)) == 3
        assert [node.path for node in grid.nodes_of(deputy, Role.GRID_WORKER, MONDAY)] == grid.areas_of(
            deputy, Role.GRID_WORKER, MONDAY
        )

    def test_nobody_elses_and_no_other_street(self, here: Place, there: Place) -> None:
        mixed(here)
        assert shown(here.lan) == by_the_rule(here.lan) == []

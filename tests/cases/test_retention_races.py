"""At the same time, on a real PostgreSQL: a case or a good deed is held back while the night lets go of it."""

from __future__ import annotations

import time
from datetime import datetime
from threading import Barrier

import pytest
from django.db import transaction

from huipai.cases.commands.retention import letting_go
from huipai.cases.models import Case, GoodDeed, LegalHold, LetGo, Report
from huipai.cases.queries import retention
from huipai.cases.retention_words import Kept
from huipai.kit import clock
from huipai.streets.models import Street
from tests.cases import test_held_deeds as held_deeds
from tests.cases.conftest import Place, settle
from tests.cases.test_held_deeds import DUE, TERM
from tests.cases.test_retention import DAY, REFUSED, go, hold, long_refused
from tests.photos.conftest import folder
from tests.points.ledger import at_once

__all__ = ["folder"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(in_yunqiao: Street) -> Place:
    return settle(in_yunqiao, 1)


class TestHeldWhileItGoes:
    """The night lets go of a case at the moment at which somebody holds it back: one of the two, never both."""

    def hold_slowly(self, case: Case, here: Place, begun: Barrier, now: datetime) -> None:
        with transaction.atomic():
            hold(case, here.dispatcher, now=now)
            begun.wait(10)
            time.sleep(0.5)

    def test_without_the_lock_both_happen(self, here: Place) -> None:
        now = clock.now()
        case, begun = long_refused(here, now), Barrier(2)

        def hasty() -> bool:
            begun.wait(10)
            # What is asked before the case is held: it sees no hold and would let go.
            return retention.cases_due(Kept.REFUSED, now, REFUSED).filter(pk=case.pk).exists()

        came = at_once(here.street, lambda: self.hold_slowly(case, here, begun, now), hasty)
        assert came[1] is True and retention.is_held(case, now + DAY)

    def test_with_it_what_is_held_stays(self, here: Place) -> None:
        now = clock.now()
        case, begun = long_refused(here, now), Barrier(2)

        def careful() -> LetGo | None:
            begun.wait(10)
            return go(case, now)

        came = at_once(here.street, lambda: self.hold_slowly(case, here, begun, now), careful)
        assert came == [None, None] and retention.is_held(case, now + DAY)
        assert Report.objects.get(case=case).text and not LetGo.objects.exists()


class TestDeedHeldWhileItGoes:
    def hold_slowly(self, deed: GoodDeed, here: Place, begun: Barrier) -> None:
        with transaction.atomic():
            held_deeds.hold(deed, here.dispatcher)
            begun.wait(10)
            time.sleep(0.5)

    def test_without_the_lock_both_happen(self, here: Place) -> None:
        deed, begun = held_deeds.told(here), Barrier(2)

        def hasty() -> bool:
            begun.wait(10)
            return retention.deeds_due(DUE, TERM).filter(pk=deed.pk).exists()

        came = at_once(here.street, lambda: self.hold_slowly(deed, here, begun), hasty)
        assert came[1] is True and LegalHold.objects.get().deed_id == deed.id

    def test_with_it_what_is_held_stays(self, here: Place) -> None:
        deed, begun = held_deeds.told(here), Barrier(2)

        def careful() -> LetGo | None:
            begun.wait(10)
            return letting_go.let_go_of_deed(deed_id=deed.id, now=DUE)

        came = at_once(here.street, lambda: self.hold_slowly(deed, here, begun), careful)
        assert came == [None, None] and held_deeds.again(deed).text and not LetGo.objects.exists()

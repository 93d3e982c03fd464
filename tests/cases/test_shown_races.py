"""A photo is released while the case leaves the public: whoever comes last, nothing of it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from huipai.cases.commands import handling, liking, releasing
from huipai.cases.commands.deeds import publishing
from huipai.cases.models import Like, Shown
from huipai.cases.queries import deeds
from huipai.grid.models import Assignment
from huipai.people.words import Role
from huipai.points import queries as points
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cases.conftest import Place, settle
from tests.cases.showing import developed, photo_ids_of
from tests.cases.test_deeds import OX, publish, tell
from tests.cast import MONDAY, TUESDAY
from tests.points.ledger import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def here(yunqiao: Street) -> Iterator[Place]:
    place = settle(yunqiao, 1)
    with in_street(yunqiao.id):
        yield place


def test_a_release_and_a_refusal_at_once_show_nothing(here: Place) -> None:
    for _attempt in range(4):
        case = here.report()
        photo = developed(photo_ids_of(case)[0])
        outcomes = at_once(
            here.street,
            lambda photo=photo: releasing.release(
                photo_id=photo.id,
                actor=here.coordinator,
                copy_seen=photo.public_sha256,
                looked_at=MONDAY + HOUR,
                now=MONDAY + HOUR,
            ),
            lambda case=case: handling.decline(
                case_id=case.id, actor=here.wei, reason="not_seen", text="", now=MONDAY + HOUR
            ),
        )
        assert len(outcomes) == 2 and not any(isinstance(outcome, Exception) for outcome in outcomes)
        assert not Shown.objects.filter(pk=case.id).exists()


def test_the_gate_itself_waits_for_a_case_that_is_being_refused(here: Place) -> None:
    """The race below our commands: both transactions are open, neither sees what the other has written."""
    case = here.report()
    photo = developed(photo_ids_of(case)[0])

    def release() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE photos_photo SET released_at = now(), released_by_id = %s WHERE street_id = %s AND id = %s",
                [here.coordinator.id, here.street.id, photo.id],
            )
            cursor.execute("SELECT pg_sleep(0.3)")

    def refuse() -> None:
        with transaction.atomic():
            handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="", now=MONDAY + HOUR)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")

    at_once(here.street, release, refuse)
    assert not Shown.objects.exists()


def test_two_coordinators_at_once_publish_once_and_pay_once(here: Place) -> None:
    cast.rulebook(cast.FOUND, OX, since=cast.A_MONTH_AGO + timedelta(days=1))
    second = cast.staff("高二", "13900019998")
    Assignment.objects.create(
        person=second, role=Role.COORDINATOR, node=here.town["C"], valid_from=cast.A_MONTH_AGO
    )  # fmt: skip
    deed = tell(here)
    outcomes = at_once(here.street, *(lambda by=by: publish(here, deed, by=by) for by in (here.coordinator, second)))
    assert sorted(type(one).__name__ for one in outcomes) == ["NotNow", "tuple"]
    assert points.balance(here.hua, TUESDAY).spendable == OX.points


@pytest.mark.parametrize("is_held", [True, False])
def test_one_deed_told_in_two_places_is_published_at_once_by_nobody_who_has_not_seen_the_other(
    here: Place, monkeypatch: pytest.MonkeyPatch, is_held: bool
) -> None:
    """Each coordinator finds the same doer; without the lock neither sees that the other pays them."""
    cast.rulebook(cast.FOUND, OX, since=cast.A_MONTH_AGO + timedelta(days=1))
    west, east = (tell(here, point=here.town.at(*at)) for at in ((10, 10), (390, 390)))
    if not is_held:
        both, looked = Barrier(2), deeds.maybe_one
        monkeypatch.setattr(publishing, "hold_here", lambda kind: None)
        monkeypatch.setattr(deeds, "maybe_one", lambda *of: (looked(*of), both.wait(10))[0])
    outcomes = at_once(here.street, *(lambda one=one: publish(here, one) for one in (west, east)))
    refused = [one for one in outcomes if isinstance(one, publishing.MaybeToldAlready)]
    assert len(refused) == is_held
    assert points.balance(here.hua, TUESDAY).spendable == OX.points * (1 if is_held else 2)


def test_one_neighbour_who_presses_twice_at_once_thanks_once(here: Place) -> None:
    deed, _earned = publish(here, tell(here), point_item="")
    at_once(here.street, *[lambda: liking.like(thing=deed.id, actor=here.lan, now=MONDAY)] * 3)
    assert Like.objects.count() == 1

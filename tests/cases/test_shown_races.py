"""A photo is released while the case leaves the public: whoever comes last, nothing of it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from huipai.cases.commands import handling, releasing
from huipai.cases.models import Shown
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cases.conftest import Place, settle
from tests.cases.showing import developed, photo_ids_of
from tests.cast import MONDAY
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
                photo_id=photo.id, actor=here.coordinator, copy_seen=photo.public_sha256, now=MONDAY + HOUR
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

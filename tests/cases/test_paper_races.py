"""At the same time, on a real PostgreSQL: papers under their digest, and a find that arrives three times."""

from __future__ import annotations

import time
from threading import Barrier

import pytest
from django.db import transaction

from huipai.cases import attachment_storage as storage
from huipai.cases.attachment_words import Eyes
from huipai.cases.commands import attaching, own_finds
from huipai.cases.models import Attachment, OwnFind
from huipai.kit import clock
from huipai.streets.models import Street
from tests.cases.conftest import Place, settle
from tests.cases.hub import Hub
from tests.cases.test_attachments import attach, drawer, hub
from tests.cases.test_own_finds import found
from tests.photos.conftest import folder
from tests.points.ledger import at_once

__all__ = ["drawer", "folder", "hub"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(in_yunqiao: Street) -> Place:
    """Settled anew for each test: what these do is committed."""
    return settle(in_yunqiao, 1)


class TestTheSameFileAddedWhileItIsTakenAway:
    """Case one lets go of the paper that case two is just being given: the file lies there, so nothing is written."""

    def add_late(self, hub: Hub, seen: Barrier) -> None:
        """Add the same for other eyes; the other goes on once the file was seen, this a moment later."""
        with transaction.atomic():
            attach(hub, eyes=Eyes.UNIT)
            seen.wait(10)
            time.sleep(0.5)

    def test_without_the_lock_a_row_is_left_without_its_file(self, here: Place, hub: Hub) -> None:
        one, seen = attach(hub, eyes=Eyes.INSIDE), Barrier(2)

        def hasty() -> None:
            seen.wait(10)
            storage.attachments().delete(one.key)  # what `_delete_unnamed` does when it sees no row, and does not wait

        at_once(here.street, lambda: self.add_late(hub, seen), hasty)
        assert Attachment.objects.filter(sha256=one.sha256).count() == 2
        assert not storage.attachments().exists(one.key)

    def test_with_it_the_row_has_its_file(self, here: Place, hub: Hub) -> None:
        one, seen = attach(hub, eyes=Eyes.INSIDE), Barrier(2)
        attached = Attachment.objects.filter(pk=one.pk)

        def careful() -> None:
            seen.wait(10)
            attached.update(removed_at=clock.now(), name="")
            attaching._delete_unnamed(one.key, one.sha256)

        at_once(here.street, lambda: self.add_late(hub, seen), careful)
        assert Attachment.objects.get(removed_at=None).eyes == Eyes.UNIT
        assert storage.attachments().exists(one.key)


def test_of_three_tries_at_once_all_have_the_same_find(here: Place) -> None:
    one = found(here)
    came = at_once(here.street, *[lambda: own_finds.record(found=one, worker=here.wei, now=clock.now())] * 3)
    assert came == [OwnFind.objects.get()] * 3

"""Whether the sealed originals are there, byte for byte: proved when somebody asks, and counted after a restore."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from django.db import connection

from huipai.cli import database, restore
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.photos import commands
from huipai.photos.queries.originals import damaged_originals
from huipai.streets.models import Street
from tests.cast import TUESDAY
from tests.photos.makers import receive

pytestmark = pytest.mark.django_db


def test_one_that_is_gone_and_one_that_is_another_are_named(in_yunqiao: Street, lan: Person, folder: Path) -> None:
    whole, gone, other, erased = (receive(new_id(), lan) for _ in range(4))
    commands.expire(photo=erased, now=TUESDAY)
    assert [*damaged_originals(in_yunqiao)] == []
    (folder / gone.original_key).unlink()
    path = folder / other.original_key
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert [*damaged_originals(in_yunqiao)] == [
        f"photos_photo {gone.id}: its original {gone.original_key} is not there",
        f"photos_photo {other.id}: its original {other.original_key} is not the one that was received",
    ]
    assert (folder / whole.original_key).exists()


@pytest.mark.no_guard
def test_a_restore_counts_what_it_did_not_bring(
    in_yunqiao: Street, lan: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "connect", lambda: nullcontext(connection.connection))
    one, _two = receive(new_id(), lan), receive(new_id(), lan)
    assert restore._missing_originals() == 0
    (folder / one.original_key).unlink()
    assert restore._missing_originals() == 1

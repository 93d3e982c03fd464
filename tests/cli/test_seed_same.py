"""The same seed tells the same street."""

from __future__ import annotations

import tempfile
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import models, transaction
from django.test import override_settings

from huipai.cases.models import Case, Check, Report, Transition
from huipai.cli.seed import running
from huipai.journal.models import Entry
from huipai.points.models import Lot, Posting
from huipai.shop.models import Reservation
from huipai.streets.current import in_street
from tests.cli.test_seed_street import SMALL, UNTIL

WITH_A_SHOP = replace(SMALL, has_shop=True)
COMPARED: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Case, ("id", "code", "state", "handler_id")),
    (Report, ("id", "reporter_id")),
    (Transition, ("id", "action", "actor_id")),
    (Check, ("id", "checker_id", "pool_hash", "drawn")),
    (Posting, ("id", "kind", "points")),
    (Lot, ("id", "remaining", "held")),
    (Reservation, ("id", "code", "state")),
    (Entry, ("id", "what", "subject", "actor_id")),
)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
class TestTwice:
    def test_to_the_last_id_lot_and_draw(self) -> None:
        first, second = self.told(), self.told()
        for table, rows in first.items():
            assert rows, table
            assert rows == second[table], table

    def told(self) -> dict[str, list[tuple[object, ...]]]:
        with tempfile.TemporaryDirectory(prefix="huipai-seed-") as folder:
            sealed = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": {"location": folder}}
            with override_settings(STORAGES={**settings.STORAGES, "photos": sealed}), transaction.atomic():
                street = running.plant(WITH_A_SHOP, seed=3, until=UNTIL, say=lambda words: None)
                with in_street(street.id):
                    found = {
                        model._meta.db_table: list(model._default_manager.order_by("id").values_list(*fields))
                        for model, fields in COMPARED
                    }
                transaction.set_rollback(True)
        return found

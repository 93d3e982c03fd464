"""Audit trail and outbox in one append-only table, and the seals that chain it."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from huipai.streets.models import TenantKey, TenantModel


class Entry(TenantModel):
    """Something that happened: ids and codes only, so that a person can be erased and the chain holds (ruling 26).

    The database refuses UPDATE, DELETE and TRUNCATE.
    """

    what = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    # The id of a Person, not a key: the journal stands below people and outlives them.
    actor_id = models.UUIDField(null=True)
    happened_at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    # pg_current_xact_id() of the writing transaction, filled by the database: what the sealing job waits for.
    transaction = models.BigIntegerField(editable=False, db_default=RawSQL("(pg_current_xact_id()::text)::bigint", ()))

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="journal_fact_is_a_word", condition=Q(what__regex=r"^[a-z_]+\.[a-z_]+$")),
        ]
        indexes: ClassVar = [
            models.Index(name="journal_by_subject", fields=["street", "subject", "id"]),
            BrinIndex(name="journal_by_transaction", fields=["transaction"]),
        ]


class Seal(TenantModel):
    """One link of a street's hash chain: the digest of an entry and of the link before it."""

    position = models.BigIntegerField()
    entry = TenantKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    # By which spelling (`rules.digest`).
    version = models.PositiveSmallIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="journal_one_seal_a_position", fields=["street", "position"]),
            models.UniqueConstraint(name="journal_an_entry_is_sealed_once", fields=["street", "entry"]),
        ]

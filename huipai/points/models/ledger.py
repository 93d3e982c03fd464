"""The ledger: double entry, append-only, every point traced to the rule that gave it.

The database holds the invariants (migrations/_ledger.py): postings, lines and allocations are never changed, the lines
of a posting sum to zero at commit, nobody spends what they have not got, and a deed is paid once.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.grid.models import GridNode
from huipai.people.models import Person
from huipai.points.words import EARNED, Book, GrantReason, Kind, Purse, ReversalReason
from huipai.rulebook.models import PointItem
from huipai.stations.models import Station
from huipai.streets.models import TenantKey, TenantModel


class Account(TenantModel):
    """Somebody's points: what may be spent, or, apart from it, what is owed. Made with the first posting.

    It is a person's or, for the incentives of linked households alone, a household's (ruling 22). `balance` moves in
    the statement that writes the lines, `held` with the holds; `verify` proves both.
    """

    person = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    household = TenantKey(GridNode, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    purse = models.CharField(max_length=10, choices=Purse.choices)
    balance = models.BigIntegerField(default=0)
    # Set aside by open holds, part of the balance.
    held = models.BigIntegerField(default=0, db_default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_one_purse_each", fields=["street", "person", "purse"]),
            models.UniqueConstraint(name="points_one_purse_a_household", fields=["street", "household", "purse"]),
            models.CheckConstraint(
                name="points_account_is_somebodys",
                condition=Q(person__isnull=False, household__isnull=True)
                | Q(person__isnull=True, household__isnull=False),
            ),
            models.CheckConstraint(
                name="points_nothing_held_that_is_not_there",
                condition=Q(held=0) | Q(purse=Purse.SPENDABLE, held__gt=0, held__lte=F("balance")),
            ),
            models.CheckConstraint(
                name="points_nothing_spent_that_is_not_there",
                condition=Q(purse=Purse.SPENDABLE, balance__gte=0) | Q(purse=Purse.DEBT, balance__lte=0),
            ),
        ]


class Posting(TenantModel):
    """Points that moved, once, and why: the item of the version in force, the deed, and who decided. Append-only."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Whose points: a person's, or a household's.
    person = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="postings", db_index=False)
    household = TenantKey(GridNode, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    # The item names its version; the code stands here too, because a deed is paid once in all versions.
    item = TenantKey(PointItem, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    item_code = models.CharField(max_length=13, blank=True)
    # What was done, in words: "case:0190…". Points know no cases.
    subject = models.CharField(max_length=80)
    # As the person reads it: +5, -30.
    points = models.IntegerField()
    # When the server received the deed: the instant by which the version and the caps are chosen (ruling 20).
    received_at = models.DateTimeField()
    posted_at = models.DateTimeField()
    # Who decided; empty where the system did. The id of a Person.
    actor_id = models.UUIDField(null=True)
    reverses = TenantKey("self", on_delete=models.PROTECT, null=True, related_name="reversed_by", db_index=False)
    reason = models.CharField(max_length=20, blank=True, choices=[*ReversalReason.choices, *GrantReason.choices])
    # The amounts from which the item's formula gave the points, so that they can be computed again.
    measured: models.JSONField[Any, Any] = models.JSONField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="points_a_deed_is_paid_once",
                fields=["street", "item_code", "subject", "person"],
                condition=Q(kind=Kind.AWARD),
            ),
            models.UniqueConstraint(
                name="points_a_households_deed_is_paid_once",
                fields=["street", "item_code", "subject", "household"],
                condition=Q(kind=Kind.AWARD, household__isnull=False),
            ),
            models.UniqueConstraint(
                name="points_spent_once_a_subject", fields=["street", "subject", "person"], condition=Q(kind=Kind.SPEND)
            ),
            models.UniqueConstraint(
                name="points_spent_once_by_a_household",
                fields=["street", "subject", "household"],
                condition=Q(kind=Kind.SPEND, household__isnull=False),
            ),
            models.UniqueConstraint(
                name="points_granted_once", fields=["street", "subject"], condition=Q(kind=Kind.GRANT)
            ),
            models.CheckConstraint(
                name="points_posting_is_somebodys",
                condition=Q(person__isnull=False, household__isnull=True)
                | Q(person__isnull=True, household__isnull=False),
            ),
            models.UniqueConstraint(
                name="points_reversed_once", fields=["street", "reverses"], condition=Q(reverses__isnull=False)
            ),
            models.CheckConstraint(
                name="points_posting_is_of_a_kind",
                condition=Q(kind=Kind.AWARD, points__gt=0, item__isnull=False, reverses__isnull=True) & ~Q(item_code="")
                | Q(kind__in=[Kind.SPEND, Kind.EXPIRY], points__lt=0, reverses__isnull=True)
                | Q(kind=Kind.REVERSAL, points__lte=0, reverses__isnull=False) & ~Q(reason="")
                | Q(kind=Kind.GRANT, points__gt=0, reverses__isnull=True)
                & (Q(person__isnull=False) & ~Q(reason="") | Q(reason=GrantReason.APPEAL_UPHELD))
                | Q(kind=Kind.REPAYMENT, points=0, reverses__isnull=True)
                | Q(kind=Kind.FORGIVEN, points__gt=0, household__isnull=False, reverses__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="points_by_person", fields=["street", "person", "posted_at", "id"]),
            models.Index(
                name="points_by_deed",
                fields=["street", "person", "item_code", "received_at"],
                condition=Q(kind__in=EARNED),
            ),
            models.Index(
                name="points_by_household",
                fields=["street", "household", "posted_at", "id"],
                condition=Q(household__isnull=False),
            ),
        ]


class Line(TenantModel):
    """One side of a posting: a person's account or a book of the system. Append-only; sums to zero at commit."""

    posting = TenantKey(Posting, on_delete=models.PROTECT, related_name="lines", db_index=False)
    account = TenantKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    book = models.CharField(max_length=12, blank=True, choices=Book.choices)
    # In which station something was handed over for these points: of the book of what is redeemed, and never empty
    # where points that were set aside were used (migrations/_ledger.py).
    station = TenantKey(Station, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    amount = models.IntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="points_one_line_a_side", fields=["street", "posting", "account", "book"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="points_line_has_one_side",
                condition=Q(account__isnull=False, book="") | Q(account__isnull=True, book__in=Book.values),
            ),
            models.CheckConstraint(name="points_line_moves_something", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="points_a_station_is_of_what_is_redeemed", condition=Q(station=None) | Q(book=Book.REDEMPTION)
            ),
        ]


class Lot(TenantModel):
    """The spendable points of one award, good until they expire. Only `remaining` and `held` ever change."""

    account = TenantKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    posting = TenantKey(Posting, on_delete=models.PROTECT, related_name="lots", db_index=False)
    points = models.PositiveIntegerField()
    remaining = models.PositiveIntegerField()
    # Set aside by open holds, part of what remains.
    held = models.PositiveIntegerField(default=0, db_default=0)
    expires_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="points_lot_holds_what_remains", condition=Q(held__lte=F("remaining"))),
            models.UniqueConstraint(name="points_one_lot_a_posting", fields=["street", "posting"]),
            models.CheckConstraint(
                name="points_lot_gives_what_it_holds", condition=Q(points__gt=0, remaining__lte=F("points"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="points_open_lots", fields=["street", "account", "expires_at"], condition=Q(remaining__gt=0)
            ),
            models.Index(
                name="points_lots_to_expire",
                fields=["street", "expires_at"],
                condition=Q(remaining__gt=0, expires_at__isnull=False),
            ),
        ]


class Allocation(TenantModel):
    """Points that one posting took from one lot. Append-only."""

    posting = TenantKey(Posting, on_delete=models.PROTECT, related_name="allocations", db_index=False)
    lot = TenantKey(Lot, on_delete=models.PROTECT, related_name="allocations", db_index=False)
    points = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="points_one_draw_a_lot", fields=["street", "lot", "posting"]),
            models.CheckConstraint(name="points_draw_takes_something", condition=Q(points__gt=0)),
        ]

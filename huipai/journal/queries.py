"""Reading the journal: what waits for a seal, and whether the chain still holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from huipai.journal import rules
from huipai.journal.models import Entry, Seal
from huipai.journal.words import GENESIS
from huipai.streets.current import street_in_force

_OLDEST_OPEN = RawSQL("(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint", (), BigIntegerField())
_NEXT = RawSQL("(pg_snapshot_xmax(pg_current_snapshot())::text)::bigint", (), BigIntegerField())


def about(subject: str) -> QuerySet[Entry]:
    """Everything recorded about one subject, oldest first."""
    return Entry.objects.filter(subject=subject).order_by("id")


def settled_and_unsealed(*, since: int) -> QuerySet[Entry]:
    """Entries without a seal that no transaction still open can precede, in their final order.

    An entry is settled once its transaction is older than the oldest one still running. A number at or above the next
    one to be given out cannot be of this cluster: it came with a restored backup, and everything there has ended.
    `since` is a transaction number before which everything is known to be sealed.
    """
    settled = Q(transaction__lt=_OLDEST_OPEN) | Q(transaction__gte=_NEXT)
    sealed = Seal.objects.filter(entry=OuterRef("pk"))
    waiting = Entry.objects.filter(settled, ~Exists(sealed), transaction__gte=since)
    return waiting.order_by("transaction", "id")


def sealed_until() -> int:
    """The transaction of the newest seal; 0 where there is none, or where it came from another cluster's backup."""
    newest = Seal.objects.order_by("-position").annotate(next=_NEXT).values_list("entry__transaction", "next").first()
    if newest is None or newest[0] >= newest[1]:
        return 0
    return int(newest[0])


def digest_of(seal: Seal, before: str) -> str:
    """The link that a seal makes of its entry behind `before`."""
    entry = seal.entry
    return rules.digest(
        before=before, id=entry.id, street_id=street_in_force(), what=entry.what, subject=entry.subject,
        actor_id=entry.actor_id, happened_at=entry.happened_at, facts=entry.facts, transaction=entry.transaction,
        sealed_at=seal.sealed_at, version=seal.version,
    )  # fmt: skip


@dataclass(frozen=True)
class Break:
    """The first link that does not hold."""

    position: int
    entry_id: UUID | None
    why: str

    def __str__(self) -> str:
        row = f"journal_entry {self.entry_id}" if self.entry_id else "journal_seal"
        return f"{row}: link {self.position} of the chain, {self.why}"


@dataclass(frozen=True)
class Unlike:
    """A seal that does not follow from its entry; `link` is what would."""

    seal: Seal
    link: str

    def told_by(self, following: Seal, *, is_there: bool) -> Break:
        """Which of the two was edited: where the next seal follows from what would, the seal was."""
        if is_there and digest_of(following, self.link) == following.digest:
            return Break(self.seal.position, None, "the seal is not the one that was made of its entry")
        return self.of_the_entry()

    def of_the_entry(self) -> Break:
        return Break(self.seal.position, self.seal.entry_id, "the entry is not what was sealed")


def verify_chain(*, batch: int = 5_000) -> Break | None:
    """None if every seal of the street in force follows from its entry and the seal before it; else the first break.

    An entry that should have been sealed before a newer one is a break too.
    """
    before, expected = GENESIS, 1
    unlike: Unlike | None = None
    for seal, is_there in _in_order(batch):
        if unlike is not None:
            return unlike.told_by(seal, is_there=is_there)
        if seal.position != expected:
            return Break(expected, _unsealed_id(), "its seal is missing")
        if not is_there:
            return Break(seal.position, seal.entry_id, "the entry that was sealed is not there")
        link = digest_of(seal, before)
        if link != seal.digest:
            unlike = Unlike(seal, link)
        before, expected = seal.digest, expected + 1
    if unlike is not None:
        return unlike.of_the_entry()
    passed_over = _unsealed_id()
    return Break(expected, passed_over, "the entry was never sealed") if passed_over else None


def _unsealed_id() -> UUID | None:
    """The first entry that has no seal though a newer one has."""
    passed_over = settled_and_unsealed(since=0).filter(transaction__lt=sealed_until())
    return passed_over.values_list("id", flat=True).first()


@dataclass(frozen=True)
class Head:
    """Up to where the chain reaches. Kept outside the database it says when the chain's end was taken away."""

    position: int
    digest: str

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"


def head() -> Head | None:
    """The newest link of the street in force; None before the first."""
    newest = Seal.objects.order_by("-position").values_list("position", "digest").first()
    return Head(*newest) if newest else None


def holds(kept: Head) -> bool:
    """Whether the chain still has the link that was once its head."""
    return Seal.objects.filter(position=kept.position, digest=kept.digest).exists()


def _in_order(batch: int) -> Iterator[tuple[Seal, bool]]:
    """Each seal, and whether the entry that it names is there."""
    last = 0
    while True:
        seals = list(Seal.objects.filter(position__gt=last).order_by("position")[:batch])
        entries = Entry.objects.in_bulk([seal.entry_id for seal in seals])
        for seal in seals:
            entry = entries.get(seal.entry_id)
            if entry is not None:
                seal.entry = entry
            yield seal, entry is not None
        if len(seals) < batch:
            return
        last = seals[-1].position

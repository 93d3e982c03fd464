"""Writing what happened, in the transaction in which it happened, and sealing it afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from django.db import transaction

from huipai.journal import queries
from huipai.journal.models import Entry, Seal
from huipai.journal.rules import SPELLING
from huipai.journal.words import FACT, GENESIS, SUBJECT
from huipai.streets.current import street_in_force
from huipai.streets.holding import hold_here


class Follower(Protocol):
    """A job that hears a fact: called later as `follower(street=…, entry=…)`, at least once."""

    name: str
    queue: str

    def defer(self, *, street: str, entry: str) -> int: ...


# Part of a hot statement whose `{if_written}` gives one row where the entry was written: what `tell_followers` does,
# without a round trip of its own. Takes `jobs_of`.
DEFER: Final = """
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
    SELECT job.queue, job.task, 0, job.args
    FROM jsonb_to_recordset(%(jobs)s::jsonb) AS job(queue text, task text, args jsonb), {if_written}
"""


_followers: Mapping[str, tuple[Follower, ...]] = {}


def wire(followers: Mapping[str, tuple[Follower, ...]]) -> None:
    """Name, once at start-up, who follows which fact."""
    global _followers
    _followers = followers


def record(
    *, what: str, subject: str, actor_id: UUID | None, now: datetime, facts: Mapping[str, object] | None = None
) -> Entry:
    """Append one entry and defer its followers, in the caller's transaction: all of it holds, or none.

    `facts` holds ids, codes and numbers; never a name, telephone number, text or position.
    """
    if not FACT.match(what) or not SUBJECT.match(subject):
        raise ValueError(f"not a fact about a subject: {what!r}, {subject!r}")
    entry = Entry.objects.create(
        what=what, subject=subject, actor_id=actor_id, happened_at=now, facts=dict(facts or {})
    )
    tell_followers(what=what, entry_id=entry.id)
    return entry


def record_all(
    *, what: str, of: Sequence[tuple[str, Mapping[str, object]]], actor_id: UUID | None, now: datetime
) -> list[Entry]:
    """Append one entry for each (subject, facts), as `record` does, in one statement."""
    if not FACT.match(what) or not all(SUBJECT.match(subject) for subject, _facts in of):
        raise ValueError(f"not a fact about subjects: {what!r}")
    entries = Entry.objects.bulk_create(
        (
            Entry(what=what, subject=subject, actor_id=actor_id, happened_at=now, facts=dict(facts))
            for subject, facts in of
        ),
        batch_size=1000,
    )
    for entry in entries:
        tell_followers(what=what, entry_id=entry.id)
    return entries


def is_followed(what: str) -> bool:
    """Whether anybody hears of this; a hot statement without followers needs no transaction around it."""
    return bool(_followers.get(what))


def tell_followers(*, what: str, entry_id: UUID) -> None:
    """Defer the followers of an entry that a hot statement has written itself."""
    for follower in _followers.get(what, ()):
        follower.defer(street=str(street_in_force()), entry=str(entry_id))


def jobs_of(*, what: str, entry_id: UUID) -> str:
    """The followers of an entry as the jobs that `DEFER` writes."""
    told = {"street": str(street_in_force()), "entry": str(entry_id)}
    jobs = [{"queue": each.queue, "task": each.name, "args": told} for each in _followers.get(what, ())]
    return json.dumps(jobs)


def seal(*, now: datetime, limit: int = 10_000) -> int:
    """Chain the entries that no open transaction can still precede; the number sealed.

    Two jobs at once: the second waits for the first, then goes on where it ended.
    """
    with _only_sealer():
        return _append(since=queries.sealed_until(), now=now, limit=limit)


def sweep(*, now: datetime, limit: int = 10_000) -> int:
    """Chain also what a restored backup or a clock of another cluster left behind; the number sealed."""
    with _only_sealer():
        return _append(since=0, now=now, limit=limit)


@contextmanager
def _only_sealer() -> Iterator[None]:
    with transaction.atomic():
        hold_here("journal.seal")
        yield


def _append(*, since: int, now: datetime, limit: int) -> int:
    last = Seal.objects.order_by("-position").first()
    position, before = (last.position, last.digest) if last else (0, GENESIS)
    seals = []
    for entry in queries.settled_and_unsealed(since=since)[:limit]:
        position += 1
        seal = Seal(position=position, entry=entry, sealed_at=now, version=SPELLING)
        seal.digest = before = queries.digest_of(seal, before)
        seals.append(seal)
    Seal.objects.bulk_create(seals, batch_size=1000)
    return len(seals)

"""Proving the answers that are kept for requests which may come twice: each against what it stands for, both ways.

A stored answer that was changed would tell somebody of another's reservation; one that is gone would let a request of
long ago be done again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from huipai.journal.models import Entry
from huipai.points.models import Answered
from huipai.points.queries import Difference
from huipai.shop.models import Movement, Reservation
from huipai.shop.words import Fact, Reason

TABLE: Final = Answered._meta.db_table
RESERVE: Final = "shop.reserve"
# By which verb stock came to move; what was handed over is a reservation's.
VERBS: Final[Mapping[str, str]] = {
    Reason.DELIVERY: "shop.deliver", Reason.DONATION: "shop.donate", Reason.TRANSFER_OUT: "shop.transfer",
    Reason.BROKEN: "shop.write_off", Reason.EXPIRED: "shop.write_off", Reason.LOST: "shop.write_off",
    Reason.COUNT: "shop.count",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Deed:
    """What a request did, as its row tells it."""

    actor_id: UUID | None
    at: datetime
    verb: str
    content: Mapping[str, object]

    def __str__(self) -> str:
        spelled = json.dumps({"verb": self.verb, **self.content}, sort_keys=True, default=str, ensure_ascii=False)
        return f"{self.actor_id} {self.at.isoformat()} {self.verb} {hashlib.sha256(spelled.encode()).hexdigest()}"


def verify_answers() -> Iterator[Difference]:
    """Each answer that is not what came of its request, and each request whose answer is gone."""
    by_key, by_reservation, keys = dict(_movements()), dict(_reservations()), _keys()
    for row in Answered.objects.filter(verb__startswith="shop.").order_by("id").iterator(chunk_size=2_000):
        deeds: dict[str, _Deed] = by_reservation if row.verb == RESERVE else by_key
        # A hand may have put anything in the place of an answer.
        reservation = str(row.answer.get("reservation") if isinstance(row.answer, dict) else row.answer)
        deed = deeds.pop(reservation if row.verb == RESERVE else str(row.key), None)
        key = keys.get(reservation, str(row.key))
        found = f"{row.actor_id} {row.answered_at.isoformat()} {row.verb} {row.content_hash}"
        if deed is None:
            yield Difference(TABLE, row.id, "nothing came of the request that it answers")
        elif str(deed) != found:
            yield Difference(TABLE, row.id, "it is not what came of the request", str(deed), found)
        elif row.verb == RESERVE and key != str(row.key):
            yield Difference(TABLE, row.id, "another request would get its answer", key, str(row.key))
    for name in [*by_reservation, *by_key]:
        yield Difference(TABLE, None, "the answer to a request is gone", name, "nothing")


def _keys() -> dict[str, str]:
    """Under which key each reservation was asked for, where its entry says so."""
    said = Entry.objects.filter(what=Fact.RESERVED, facts__has_key="key").values_list("subject", "facts__key")
    return {subject.partition(":")[2]: key for subject, key in said.iterator(chunk_size=2_000)}


def _reservations() -> Iterator[tuple[str, _Deed]]:
    rows = Reservation.objects.select_related("hold").order_by("id")
    for one in rows.iterator(chunk_size=2_000):
        content = {
            "item": one.item_id, "station": one.station_id, "person": one.person_id, "quantity": one.quantity,
            "household": one.household_id,
        }  # fmt: skip
        yield str(one.id), _Deed(one.hold.actor_id, one.reserved_at, RESERVE, content)


def _movements() -> Iterator[tuple[str, _Deed]]:
    into = dict(Movement.objects.filter(reason=Reason.TRANSFER_IN).values_list("subject", "station"))
    for one in Movement.objects.filter(reason__in=VERBS).order_by("id").iterator(chunk_size=2_000):
        _kind, _, key = one.subject.partition(":")
        yield key, _Deed(one.actor_id, one.moved_at, VERBS[one.reason], _content(one, into.get(one.subject)))


def _content(moved: Movement, to_id: UUID | None) -> dict[str, object]:
    if moved.reason == Reason.TRANSFER_OUT:
        return {"item": moved.item_id, "from": moved.station_id, "to": to_id, "quantity": -moved.quantity}
    place: dict[str, object] = {"item": moved.item_id, "station": moved.station_id}
    if moved.reason == Reason.COUNT:
        return {**place, "counted": moved.counted}
    if moved.reason == Reason.DELIVERY:
        return {**place, "quantity": moved.quantity, "cost": moved.cost_cents}
    if moved.reason == Reason.DONATION:
        return {**place, "quantity": moved.quantity}
    return {**place, "quantity": -moved.quantity, "reason": moved.reason}

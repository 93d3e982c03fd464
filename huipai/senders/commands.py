"""Handing messages over. They are written in the caller's transaction and go out after it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from huipai.senders.models import Message
from huipai.senders.words import CLAIM_HOLDS, MESSAGES_ARE_KEPT, Channel, Failure, Kind


@transaction.atomic
def send(
    *, channel: Channel, address: str, text: str, kind: Kind, now: datetime, useful_until: datetime | None = None
) -> Message:
    """Keep a message and defer its delivery: both with the caller's transaction, or neither."""
    message = Message.objects.create(
        channel=channel, kind=kind, address=address, text=text, made_at=now, useful_until=useful_until
    )
    app.configure_task("senders.deliver", queue="senders", priority=10 if kind == Kind.CODE else 0).defer(
        message=str(message.id)
    )
    return message


class InOtherHands(Exception):
    """Another worker has it: perhaps a dead one, so whoever comes has to come again once its claim is over."""


@transaction.atomic
def claim(*, message_id: UUID, now: datetime) -> Message | None:
    """Take a message into this worker's hands; None if it is out, lost or too late. Raises `InOtherHands`."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM_HOLDS)
    waiting = Message.objects.filter(id=message_id, sent_at__isnull=True, failed_at__isnull=True)
    if not waiting.filter(free).update(claimed_at=now):
        if waiting.exists():
            raise InOtherHands
        return None
    message = Message.objects.get(id=message_id)
    if message.useful_until is not None and message.useful_until <= now:
        give_up(message_id=message_id, failure=Failure.TOO_LATE, now=now)
        return None
    return message


def mark_sent(*, message_id: UUID, now: datetime) -> None:
    """It is out; what it said stays (the development inbox)."""
    Message.objects.filter(id=message_id).update(sent_at=now)


def mark_sent_and_forget(*, message_id: UUID, now: datetime) -> None:
    """It is out; neither its address nor its text is kept."""
    Message.objects.filter(id=message_id).update(sent_at=now, address="", text="")


def let_go(*, message_id: UUID) -> None:
    """Put a claimed message back for another try."""
    Message.objects.filter(id=message_id).update(claimed_at=None)


def give_up(*, message_id: UUID, failure: Failure, now: datetime) -> None:
    """It will not go out; the reason stays, its address and text do not."""
    Message.objects.filter(id=message_id).update(failed_at=now, failure=failure, address="", text="")


def forget_address(*, address: str) -> int:
    """Delete every message that went, or would go, to an address; how many."""
    count, _ = Message.objects.filter(address=address).delete()
    return count


def forget_old(*, now: datetime) -> int:
    """Delete messages past their retention; how many."""
    count, _ = Message.objects.filter(made_at__lt=now - MESSAGES_ARE_KEPT).delete()
    return count

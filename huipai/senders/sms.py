"""Text messages to a phone number."""

from datetime import datetime

from huipai.senders import commands
from huipai.senders.models import Message
from huipai.senders.words import Channel, Kind


def send(*, phone: str, text: str, kind: Kind, now: datetime, useful_until: datetime | None = None) -> Message:
    """Hand over a text message; it goes out after the caller's transaction."""
    return commands.send(channel=Channel.SMS, address=phone, text=text, kind=kind, now=now, useful_until=useful_until)

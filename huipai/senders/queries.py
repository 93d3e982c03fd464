"""Reading the development inbox."""

from django.db.models import QuerySet

from huipai.senders.models import Message


def newest() -> QuerySet[Message]:
    """Messages, newest first. Shown to nobody outside demo mode."""
    return Message.objects.order_by("-made_at", "-id")


def last_to(address: str) -> Message | None:
    """The newest message to one address."""
    return newest().filter(address=address).first()

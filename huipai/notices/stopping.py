"""The link that stops a kind of message: signed for one person and one group, good without signing in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

from huipai.notices.words import PREFIX
from huipai.streets.current import street_in_force
from huipai.streets.models import Street

# What the link of the day's one message stops: not one of the groups in it, but the message.
DIGEST = "digest"
_SALT = "huipai.notices.stop"


@dataclass(frozen=True)
class Stop:
    """Whom it is for, and which group of kinds it stops."""

    person_id: UUID
    group: str


def token(person_id: UUID, group: str) -> str:
    """Holds for good: whoever finds an old message must be able to stop the next."""
    return signing.dumps([str(street_in_force()), str(person_id), group], salt=_SALT)


def read(text: str) -> Stop | None:
    """What a token stops here; None if it is another street's, damaged or made up."""
    try:
        street, person, group = signing.loads(text, salt=_SALT)
        stop = Stop(UUID(person), group) if street == str(street_in_force()) else None
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return stop if stop and PREFIX.match(stop.group) else None


def link(person_id: UUID, group: str) -> str:
    """The whole address, for a message; empty where nobody has said under which name this installation is reached."""
    if not settings.PUBLIC_URL:
        return ""
    # Written in jobs too, where no street stands in the address of a request.
    slug = Street.objects.only("slug").get(pk=street_in_force()).slug
    return f"{settings.PUBLIC_URL}/s/{slug}/notices/stop/{token(person_id, group)}/"

"""The one interface to the world outside, and what stands behind it in each mode."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.client import HTTPException
from typing import Final, Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from huipai.senders.models import Message
from huipai.senders.words import Channel, Failure

PATIENCE = 10
"""So many seconds a gateway may take to answer."""
# Refusals of now, not of the message (RFC 9110 15.5.9, RFC 8470, RFC 6585).
_LATER: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class NotDelivered(Exception):
    """The message did not go out. `again` says whether it is worth another try."""

    def __init__(self, failure: Failure, *, again: bool) -> None:
        self.failure, self.again = failure, again
        super().__init__(failure.value)


class Transport(Protocol):
    """Takes one message out of the house, outside every transaction."""

    forgets: bool
    """Whether address and text are wiped once the message is out."""

    def deliver(self, message: Message) -> None:
        """Return when the other side has taken the message; raise `NotDelivered` otherwise."""


class DevelopmentInbox:
    """Delivers nowhere: the message stays in our table, and a marked page shows it. Demo and tests only."""

    forgets = False

    def deliver(self, message: Message) -> None:
        return None


class Unconfigured:
    """A channel that this installation does not have."""

    forgets = True

    def deliver(self, message: Message) -> None:
        raise NotDelivered(Failure.NOT_CONFIGURED, again=False)


class SmsGateway:
    """Posts `{id, to, text, kind}` as JSON to the operator's own gateway, which adapts it to a provider.

    `id` is the same in every retry, so that the gateway can drop a double.
    """

    forgets = True

    def deliver(self, message: Message) -> None:
        body = {"id": str(message.id), "to": message.address, "text": message.text, "kind": message.kind}
        request = Request(
            settings.SMS_GATEWAY_URL,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}"},
            method="POST",
        )
        try:
            with urlopen(request, timeout=PATIENCE):
                return
        except HTTPError as error:
            is_final = 400 <= error.code < 500 and error.code not in _LATER
            raise NotDelivered(Failure.REFUSED, again=not is_final) from error
        except (OSError, HTTPException) as error:
            # Not reached; or it hung, broke off or answered nonsense, which no URLError says.
            raise NotDelivered(Failure.REFUSED, again=True) from error


class Mail:
    """Django's mail settings."""

    forgets = True

    def deliver(self, message: Message) -> None:
        try:
            send_mail(_("慧拍提醒"), message.text, settings.DEFAULT_FROM_EMAIL, [message.address])
        except OSError as error:
            raise NotDelivered(Failure.REFUSED, again=True) from error


def transport_of(channel: Channel) -> Transport:
    """What carries this channel here, as `settings.SENDERS` says."""
    made: Transport = import_string(settings.SENDERS[channel.value])()
    return made


def is_available(channel: Channel) -> bool:
    """Whether messages of this channel can go out at all."""
    return not isinstance(transport_of(channel), Unconfigured)

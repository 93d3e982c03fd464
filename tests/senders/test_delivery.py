"""Messages are kept with their cause, go out after it, and are forgotten."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from unittest.mock import Mock

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from huipai.senders import commands, jobs, queries, sms
from huipai.senders.models import Message
from huipai.senders.transports import NotDelivered, is_available
from huipai.senders.words import CLAIM_HOLDS, MESSAGES_ARE_KEPT, Channel, Kind
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
LAN = "+8613800001234"
INBOX = "huipai.senders.transports.DevelopmentInbox"
NOTHING = "huipai.senders.transports.Unconfigured"
GATEWAY = "huipai.senders.transports.SmsGateway"


def a_message(**more: object) -> Message:
    return sms.send(phone=LAN, text="验证码 123456", kind=Kind.CODE, now=MONDAY, **more)  # type: ignore[arg-type]


def deliver(message: Message, attempts: int = 0) -> Message:
    context = Mock()
    context.job.attempts = attempts
    jobs.deliver.func(context, message=str(message.id))
    message.refresh_from_db()
    return message


class Gateway(BaseHTTPRequestHandler):
    answer = 200
    seen: list[dict[str, str]] = []

    def do_POST(self) -> None:
        Gateway.seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        Gateway.seen[-1]["token"] = self.headers["Authorization"]
        self.send_response(Gateway.answer)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Silence."""


@pytest.fixture
def gateway(settings: Settings) -> Iterator[type[Gateway]]:
    Gateway.answer, Gateway.seen = 200, []
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/"
    settings.SMS_GATEWAY_TOKEN = "secret"
    settings.SENDERS = {**settings.SENDERS, "sms": GATEWAY}
    yield Gateway
    server.shutdown()
    server.server_close()


class TestSend:
    def test_defers_its_delivery_in_the_same_transaction_by_its_id_alone(self) -> None:
        message = a_message()
        assert ProcrastinateJob.objects.get(task_name="senders.deliver").args == {"message": str(message.id)}

    def test_rolled_back_it_was_never_said(self) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            a_message()
            raise RuntimeError
        assert not Message.objects.exists()
        assert not ProcrastinateJob.objects.filter(task_name="senders.deliver").exists()


class TestDeliver:
    def test_in_demo_mode_it_stays_readable(self) -> None:
        message = deliver(a_message())
        assert message.sent_at is not None
        assert "123456" in message.text

    def test_through_a_gateway_it_goes_once_and_is_forgotten(self, gateway: type[Gateway]) -> None:
        message = a_message()
        for _time in range(2):
            deliver(message)
        assert gateway.seen == [
            {"id": str(message.id), "to": LAN, "text": "验证码 123456", "kind": "code", "token": "Bearer secret"}
        ]
        assert (message.address, message.text) == ("", "")

    def test_a_gateway_that_is_down_is_tried_again(self, gateway: type[Gateway]) -> None:
        message = a_message()
        gateway.answer = 503
        with pytest.raises(NotDelivered):
            deliver(message)
        gateway.answer = 200
        assert deliver(message).sent_at is not None

    def test_and_given_up_in_the_end(self, gateway: type[Gateway]) -> None:
        gateway.answer = 503
        message = deliver(a_message(), attempts=jobs.ATTEMPTS - 1)
        assert (message.failure, message.text) == ("refused", "")

    def test_a_gateway_that_says_no_is_not_asked_twice(self, gateway: type[Gateway]) -> None:
        gateway.answer = 400
        assert deliver(a_message()).failure == "refused"

    def test_a_channel_that_is_not_there_says_so(self, settings: Settings) -> None:
        settings.SENDERS = {**settings.SENDERS, "sms": NOTHING}
        assert not is_available(Channel.SMS)
        assert deliver(a_message()).failure == "not_configured"

    def test_a_code_that_nobody_can_use_any_more_is_not_sent(self, gateway: type[Gateway]) -> None:
        message = deliver(a_message(useful_until=MONDAY + timedelta(minutes=5)))
        assert message.failure == "too_late"
        assert not gateway.seen


class TestClaim:
    def test_is_for_one_worker_until_it_is_given_up(self) -> None:
        message = a_message()
        assert commands.claim(message_id=message.id, now=MONDAY) is not None
        assert commands.claim(message_id=message.id, now=MONDAY) is None
        assert commands.claim(message_id=message.id, now=MONDAY + CLAIM_HOLDS + timedelta(seconds=1)) is not None


class TestForgetting:
    def test_old_messages_go(self) -> None:
        a_message()
        assert commands.forget_old(now=MONDAY + MESSAGES_ARE_KEPT) == 0
        assert commands.forget_old(now=MONDAY + MESSAGES_ARE_KEPT + timedelta(seconds=1)) == 1
        assert queries.last_to(LAN) is None

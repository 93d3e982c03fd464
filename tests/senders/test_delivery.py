"""Messages are kept with their cause, go out after it, and are forgotten."""

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from unittest.mock import Mock

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from huipai.kit import clock
from huipai.senders import commands, jobs, queries, sms, transports
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
    answer: int | str = 200
    seen: list[dict[str, str]] = []

    def do_POST(self) -> None:
        Gateway.seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        Gateway.seen[-1]["token"] = self.headers["Authorization"]
        if isinstance(Gateway.answer, str):
            self.fall_over(Gateway.answer)
            return
        self.send_response(Gateway.answer)
        self.end_headers()

    def fall_over(self, how: str) -> None:
        if how == "hangs":
            sleep(3 * transports.PATIENCE)
        elif how == "babbles":
            self.wfile.write(b"well, what\r\n\r\n")
        self.close_connection = True

    def log_message(self, *words: object) -> None:
        """Silence."""


@pytest.fixture
def gateway(settings: Settings) -> Iterator[type[Gateway]]:
    Gateway.answer, Gateway.seen = 200, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
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

    @pytest.mark.parametrize("answer", ["hangs", "hangs up", "babbles", 408, 425, 429])
    def test_so_is_one_that_takes_it_and_gives_no_answer_or_has_no_time(
        self, gateway: type[Gateway], monkeypatch: pytest.MonkeyPatch, answer: int | str
    ) -> None:
        monkeypatch.setattr(transports, "PATIENCE", 0.2)
        message = a_message()
        gateway.answer = answer
        with pytest.raises(NotDelivered):
            deliver(message)
        gateway.answer = 200
        assert deliver(message).sent_at is not None and len(gateway.seen) == 2
        gateway.answer = answer
        assert deliver(a_message(), attempts=jobs.ATTEMPTS - 1).failure == "refused"

    def test_what_goes_wrong_in_our_own_code_is_tried_again_too(
        self, gateway: type[Gateway], settings: Settings
    ) -> None:
        message, right = a_message(), settings.SMS_GATEWAY_URL
        settings.SMS_GATEWAY_URL = "no address"
        with pytest.raises(ValueError, match="no address"):
            deliver(message)
        settings.SMS_GATEWAY_URL = right
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
        with pytest.raises(commands.InOtherHands):
            commands.claim(message_id=message.id, now=MONDAY)
        assert commands.claim(message_id=message.id, now=MONDAY + CLAIM_HOLDS + timedelta(seconds=1)) is not None
        commands.mark_sent(message_id=message.id, now=MONDAY)
        assert commands.claim(message_id=message.id, now=MONDAY + timedelta(days=1)) is None

    def test_what_a_worker_had_in_its_hands_when_it_died_goes_out_once_its_claim_is_over(
        self, gateway: type[Gateway]
    ) -> None:
        message = a_message()
        commands.claim(message_id=message.id, now=clock.now())
        with pytest.raises(commands.InOtherHands) as held:
            deliver(message, attempts=1)
        strategy, job = jobs.deliver.retry_strategy, Mock(attempts=jobs.ATTEMPTS)
        assert strategy is not None and strategy.get_retry_decision(exception=NotDelivered, job=job) is None
        decision = strategy.get_retry_decision(exception=held.value, job=job)
        assert decision is not None and decision.retry_at is not None
        assert decision.retry_at > clock.now() + CLAIM_HOLDS - timedelta(seconds=30)
        Message.objects.update(claimed_at=clock.now() - CLAIM_HOLDS - timedelta(seconds=1))
        assert deliver(message, attempts=2).sent_at is not None and len(gateway.seen) == 1


class TestForgetting:
    def test_old_messages_go(self) -> None:
        a_message()
        assert commands.forget_old(now=MONDAY + MESSAGES_ARE_KEPT) == 0
        assert commands.forget_old(now=MONDAY + MESSAGES_ARE_KEPT + timedelta(seconds=1)) == 1
        assert queries.last_to(LAN) is None

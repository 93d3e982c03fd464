"""Codes: sent within limits, right once, wrong a few times."""

import re
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from huipai.people import commands
from huipai.people.models import SignInCode
from huipai.people.words import CODE_LIFE, WRONG_CODES, CodePurpose
from huipai.senders.queries import last_to
from tests.cast import MONDAY

LAN = "+8613800001234"
SECOND = timedelta(seconds=1)


def request(phone: str = LAN, address: str = "203.0.113.7") -> commands.Request:
    return commands.Request(phone=phone, purpose=CodePurpose.SIGN_IN, address=address, life=CODE_LIFE)


def digits_sent_to(phone: str = LAN) -> str:
    message = last_to(phone)
    assert message is not None
    found = re.search(r"[0-9]{6}", message.text)
    assert found is not None
    return found[0]


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06}"


@pytest.mark.django_db
class TestSendCode:
    def test_sends_six_digits_that_are_nowhere_in_our_tables(self) -> None:
        code = commands.send_code(request=request(), now=MONDAY)
        digits = digits_sent_to()
        assert len(digits) == 6
        assert digits not in code.digest

    def test_the_sixth_code_in_a_minute_gets_its_own_sentence(self) -> None:
        for second in range(5):
            commands.send_code(request=request(), now=MONDAY + second * SECOND)
        with pytest.raises(commands.TooManyCodes, match="一分钟里已经发了 5 次验证码"):
            commands.send_code(request=request(), now=MONDAY + 59 * SECOND)
        commands.send_code(request=request(), now=MONDAY + 60 * SECOND)

    def test_five_at_the_end_of_one_minute_and_one_at_the_start_of_the_next_are_six_in_a_minute(self) -> None:
        for second in range(55, 60):
            commands.send_code(request=request(), now=MONDAY + second * SECOND)
        with pytest.raises(commands.TooManyCodes):
            commands.send_code(request=request(), now=MONDAY + 61 * SECOND)

    def test_an_hour_and_a_day_have_limits_of_their_own(self) -> None:
        for minute in range(10):
            commands.send_code(request=request(), now=MONDAY + timedelta(minutes=minute))
        with pytest.raises(commands.TooManyCodes, match=r"过 40 分钟再要"):
            commands.send_code(request=request(), now=MONDAY + timedelta(minutes=20))

    def test_hours_are_told_in_hours(self) -> None:
        for hour in range(15):
            commands.send_code(request=request(), now=MONDAY + timedelta(minutes=30 * hour))
        with pytest.raises(commands.TooManyCodes, match="过 16 小时再要"):
            commands.send_code(request=request(), now=MONDAY + timedelta(hours=8))

    def test_one_address_cannot_flood_many_phones(self) -> None:
        for number in range(20):
            commands.send_code(request=request(f"+861380000{number:04}"), now=MONDAY)
        with pytest.raises(commands.TooManyCodes, match="这个网络"):
            commands.send_code(request=request("+8613811112222"), now=MONDAY)
        commands.send_code(request=request("+8613811112222", address="198.51.100.9"), now=MONDAY)

    def test_a_day_costs_no_more_than_its_budget(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("huipai.people.commands.limits.CODES_A_DAY", 2)
        commands.send_code(request=request("+8613811110001"), now=MONDAY)
        commands.send_code(request=request("+8613811110002"), now=MONDAY)
        with pytest.raises(commands.BudgetSpent, match="明天再来"):
            commands.send_code(request=request("+8613811110003"), now=MONDAY)
        commands.send_code(request=request("+8613811110003"), now=MONDAY + timedelta(days=1))

    def test_without_a_gateway_nobody_waits_for_a_code_in_vain(self, settings: Settings) -> None:
        settings.SENDERS = {**settings.SENDERS, "sms": "huipai.senders.transports.Unconfigured"}
        with pytest.raises(commands.NoWayToSend, match="短信还没有开通"):
            commands.send_code(request=request(), now=MONDAY)
        assert not SignInCode.objects.exists()

    def test_a_refused_code_is_neither_kept_nor_counted(self) -> None:
        for _time in range(5):
            commands.send_code(request=request(), now=MONDAY)
        for _time in range(3):
            with pytest.raises(commands.TooManyCodes):
                commands.send_code(request=request(), now=MONDAY)
        assert SignInCode.objects.count() == 5


@pytest.mark.django_db
class TestUseCode:
    def use(self, code: SignInCode, typed: str, later: timedelta = SECOND) -> SignInCode:
        return commands.use_code(code_id=code.id, purpose=CodePurpose.SIGN_IN, typed=typed, now=MONDAY + later)

    def test_works_once(self) -> None:
        code = commands.send_code(request=request(), now=MONDAY)
        assert self.use(code, digits_sent_to()).phone == LAN
        with pytest.raises(commands.CodeSpent, match="用过了，再发一个"):
            self.use(code, digits_sent_to())

    def test_may_be_typed_with_blanks_and_in_full_width(self) -> None:
        code = commands.send_code(request=request(), now=MONDAY)
        digits = digits_sent_to()
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in digits)
        assert self.use(code, f" {wide[:3]} {wide[3:]} ")

    def test_a_wrong_one_says_how_many_tries_are_left(self) -> None:
        code = commands.send_code(request=request(), now=MONDAY)
        for no_code in ("", "12", "验证码"):
            with pytest.raises(commands.NotACode):
                self.use(code, no_code)
        for left in range(WRONG_CODES - 1, 0, -1):
            with pytest.raises(commands.WrongCode, match=f"验证码不对，还能试 {left} 次"):
                self.use(code, wrong(digits_sent_to()))
        with pytest.raises(commands.CodeSpent, match="再发一个"):
            self.use(code, wrong(digits_sent_to()))
        with pytest.raises(commands.CodeSpent, match="再发一个"):
            self.use(code, digits_sent_to())

    def test_an_expired_one_says_so(self) -> None:
        code = commands.send_code(request=request(), now=MONDAY)
        with pytest.raises(commands.CodeExpired, match="验证码过期了，再发一个"):
            self.use(code, digits_sent_to(), CODE_LIFE)

    def test_is_good_for_its_purpose_only(self) -> None:
        code = commands.send_code(request=request(), now=MONDAY)
        with pytest.raises(commands.CodeExpired):
            commands.use_code(
                code_id=code.id, purpose=CodePurpose.LEAVE_NUMBER, typed=digits_sent_to(), now=MONDAY + SECOND
            )

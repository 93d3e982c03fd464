"""Codes sent to a number: made, sent, tried, used once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, NotAllowed
from huipai.people.commands import limits
from huipai.people.models import Account, SignInCode
from huipai.people.rules import code_digest, normalise_code
from huipai.people.words import CODE_LENGTH, CODES_ARE_KEPT, WRONG_CODES, CodePurpose, TryKind
from huipai.senders import sms
from huipai.senders.transports import is_available
from huipai.senders.words import Channel, Kind


class WrongCode(Invalid):
    code = "wrong_code"


class NoWayToSend(NotAllowed):
    """This installation has no gateway for text messages."""

    code = "no_sms_gateway"
    default_reason = gettext_lazy("短信还没有开通，请打社区电话，或者到窗口办")


class CodeExpired(Invalid):
    code = "code_expired"
    default_reason = gettext_lazy("验证码过期了，再发一个")


class CodeSpent(Invalid):
    """Used already, or tried too often."""

    code = "code_spent"
    default_reason = gettext_lazy("这个验证码用过了，再发一个")


class NotACode(Invalid):
    """Not what a code looks like: it costs no try."""

    code = "not_a_code"
    default_reason = gettext_lazy("验证码是短信里的 6 位数字，填全了再按")


@dataclass(frozen=True)
class Request:
    """Who wants a code, for which number, from where."""

    phone: str
    purpose: CodePurpose
    address: str
    life: timedelta
    account: Account | None = None


@transaction.atomic
def send_code(*, request: Request, now: datetime) -> SignInCode:
    """Send a fresh code to a number, known or unknown alike; refused at a limit of number, address or day."""
    if not is_available(Channel.SMS):
        raise NoWayToSend
    limits.spend_try(kind=TryKind.CODE, number=request.phone, address=request.address, now=now)
    limits.spend_budget(now=now)
    digits = settings.FIXED_CODE or "".join(secrets.choice("0123456789") for _place in range(CODE_LENGTH))
    code_id = new_id()
    code = SignInCode.objects.create(
        id=code_id,
        purpose=request.purpose,
        phone=request.phone,
        account=request.account,
        digest=code_digest(code_id, digits),
        made_at=now,
        expires_at=now + request.life,
        tries_left=WRONG_CODES,
    )
    minutes = request.life // timedelta(minutes=1)
    sms.send(
        phone=request.phone,
        text=_words(request.purpose) % {"code": digits, "minutes": minutes},
        kind=Kind.CODE,
        now=now,
        useful_until=code.expires_at,
    )
    return code


@dataclass(frozen=True)
class Typed:
    """A code as somebody typed it, and the field it stood in."""

    code_id: UUID
    purpose: CodePurpose
    text: str
    field: str = "code"


def use_code(*, code_id: UUID, purpose: CodePurpose, typed: str, now: datetime) -> SignInCode:
    """Use up the code if it was typed right; otherwise count the try and refuse."""
    return use_codes(Typed(code_id, purpose, typed), now=now)[0]


def use_codes(*typed: Typed, now: datetime) -> list[SignInCode]:
    """Use up all these codes if each was typed right; none of them otherwise."""
    tried = [_try(one, now) for one in typed]
    with transaction.atomic():
        for code, one in zip(tried, typed, strict=True):
            if not SignInCode.objects.filter(id=code.id, used_at__isnull=True).update(used_at=now):
                raise CodeSpent(field=one.field)
    return tried


def _try(typed: Typed, now: datetime) -> SignInCode:
    """The try is counted first, in a statement of its own: many guesses at once are still only a few guesses."""
    digits = normalise_code(typed.text)
    if len(digits) != CODE_LENGTH or not digits.isdecimal():
        raise NotACode(field=typed.field)
    codes = SignInCode.objects.filter(id=typed.code_id, purpose=typed.purpose)
    counted = codes.filter(used_at__isnull=True, tries_left__gt=0, expires_at__gt=now).update(
        tries_left=F("tries_left") - 1
    )
    code = codes.first()
    if code is None:
        raise CodeExpired(field=typed.field)
    if not counted:
        raise _why_not(code, typed.field)
    if not compare_digest(code.digest, code_digest(code.id, digits)):
        raise _wrong(code, typed.field)
    return code


def forget_old_codes(*, now: datetime) -> int:
    count, _by_model = SignInCode.objects.filter(made_at__lt=now - CODES_ARE_KEPT).delete()
    return count


def _why_not(code: SignInCode, field: str) -> Invalid:
    if code.used_at is not None:
        return CodeSpent(field=field)
    if code.tries_left == 0:
        return CodeSpent(gettext_lazy("试错的次数到了，这个验证码不能再用，再发一个"), field=field)
    return CodeExpired(field=field)


def _wrong(code: SignInCode, field: str) -> Invalid:
    if code.tries_left == 0:
        return CodeSpent(gettext_lazy("验证码不对，这个验证码不能再用，再发一个"), field=field)
    return WrongCode(_("验证码不对，还能试 %(left)s 次") % {"left": code.tries_left}, field=field)


def _words(purpose: CodePurpose) -> str:
    match purpose:
        case CodePurpose.SIGN_IN:
            return _("验证码 %(code)s，%(minutes)s 分钟内有效，用来登录慧拍。谁来要都不要告诉。")
        case CodePurpose.CONFIRM_NUMBER:
            return _("验证码 %(code)s，%(minutes)s 分钟内有效，用来确认这个手机号还是您的。谁来要都不要告诉。")
        case CodePurpose.LEAVE_NUMBER:
            return _(
                "验证码 %(code)s，%(minutes)s 分钟内有效，用来把您的账号换到别的号码。不是您本人在换，请打社区电话。"
            )
        case CodePurpose.ENTER_NUMBER:
            return _("验证码 %(code)s，%(minutes)s 分钟内有效，用来把慧拍账号换到这个号码。")
        case CodePurpose.RESET_PASSWORD:
            return _("验证码 %(code)s，%(minutes)s 分钟内有效，用来重设慧拍密码。谁来要都不要告诉。")
        case CodePurpose.PROXY:
            return _(
                "验证码 %(code)s，%(minutes)s 分钟内有效。把它念给帮您办事的家人或网格员，就是同意他代您上报和看进度。"
            )

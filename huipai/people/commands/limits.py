"""Counting tries so that nobody can flood a phone, burn money or guess; counted in PostgreSQL, across processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from math import ceil

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from huipai.kit.holding import hold
from huipai.kit.verdict import TooMany
from huipai.people.models import Account, SignInTry
from huipai.people.rules import keyed_digest, local_date, number_digest, wait_for
from huipai.people.words import (
    CODES_A_DAY,
    LIMITS_OF_ADDRESS,
    LIMITS_OF_BOTH,
    LIMITS_OF_NUMBER,
    MINUTE,
    MOST_IN_A_ROW,
    TRIES_ARE_KEPT,
    Limit,
    TryKind,
)


class TooManyCodes(TooMany):
    """The sixth code within a minute, or the like."""

    code = "too_many_codes"


class TooManyTries(TooMany):
    code = "too_many_tries"


class TooManyInvitations(TooMany):
    """A stranger's phone is not flooded, and no money burnt, by asking for help."""

    code = "too_many_invitations"


class BudgetSpent(TooMany):
    code = "code_budget_spent"
    default_reason = _("今天的短信已经发完了，明天再来，或者打社区电话办")


class Reached(Enum):
    """Whose limit it is that was reached."""

    BOTH = auto()
    NUMBER = auto()
    ADDRESS = auto()


@dataclass(frozen=True)
class Wait:
    """Why not yet, and for how long."""

    length: timedelta
    reached: Reached

    def __str__(self) -> str:
        """Never less than it is: 12 分钟; 23 小时."""
        minutes = max(ceil(self.length / MINUTE), 1)
        if minutes < 120:
            return ngettext("%(num)s 分钟", "%(num)s 分钟", minutes) % {"num": minutes}
        hours = ceil(minutes / 60)
        return ngettext("%(num)s 小时", "%(num)s 小时", hours) % {"num": hours}


_INVITATIONS = {
    TryKind.INVITED: _("这个号码今天收到的邀请够多了，先等对方答复，或者明天再请"),
    TryKind.INVITING: _("您请的人够多了，先等他们答复，过几天再请，或者请社区帮您登记"),
}
_SOMEBODY_GUESSES = _(
    "有人一直在试这个编号，网上先不能查，过 %(wait)s再来。到窗口或者打社区电话，报编号和查询码，马上能办"
)
_SOMEBODY_GUESSES_A_PASSWORD = _(
    "有人一直在试这个号码的密码。请在您以前登录过的手机或电脑上登录；或者用短信重设密码，或者请安全管理员核对后解锁"
)
_TOO_MANY_IN_A_ROW = _("连着试错的次数太多了。请用短信重设密码，或者请安全管理员核对是您本人再解锁")
_FROM_ONE_NETWORK = _("这个网络发出的邀请太多了，明天再请，或者换个网络")


def spend_try(*, kind: TryKind, number: str, address: str, now: datetime) -> None:
    """Count one try of `number` from `address`, or refuse it because one of the limits is reached.

    Two requests at once are put in order by the locks: the limit holds for them together.
    """
    with transaction.atomic():
        keys = _lock(kind, number, address)
        wait = _wait(kind, keys, now)
        if wait is not None:
            raise _refusal(kind, wait)
        SignInTry.objects.create(kind=kind, number=keys[0], address=keys[1], made_at=now)


def forgive(*, kind: TryKind, number: str) -> None:
    """Forget the tries of a number after a right one. Those of the address stay: a guesser may own one account."""
    SignInTry.objects.filter(kind=kind, number=_digests(number, "")[0]).delete()


def take_back_try(*, kind: TryKind, number: str, address: str, now: datetime) -> None:
    """The try of this moment was right and counts no more; wrong ones before it do, of whoever holds something that is
    right as well."""
    of_number, of_address = _digests(number, address)
    mine = SignInTry.objects.filter(kind=kind, number=of_number, address=of_address, made_at=now)
    SignInTry.objects.filter(pk__in=mine.order_by("-pk").values("pk")[:1]).delete()


def forgive_from(*, kind: TryKind, number: str, address: str) -> None:
    """Forget the tries of a number from one address after a right one there; those of strangers go on counting."""
    of_number, of_address = _digests(number, address)
    SignInTry.objects.filter(kind=kind, number=of_number, address=of_address).delete()


def spend_in_a_row(accounts: QuerySet[Account]) -> None:
    """Count one try of an account's secrets, or refuse it because too many went wrong since somebody came in."""
    counted = accounts.filter(failed_in_a_row__lt=MOST_IN_A_ROW).update(failed_in_a_row=F("failed_in_a_row") + 1)
    if not counted and accounts.exists():
        raise TooManyTries(_TOO_MANY_IN_A_ROW)


def forget_failures(*, account: Account) -> None:
    """Somebody came in: what went wrong before is no row any more."""
    Account.objects.filter(pk=account.pk, failed_in_a_row__gt=0).update(failed_in_a_row=0)


def set_free(*, account: Account) -> None:
    """Its owner was looked at another way: wherever and whatever was tried before, they may try at once."""
    for kind in (TryKind.PASSWORD, TryKind.PASSWORD_AT_HOME):
        forgive(kind=kind, number=str(account.phone))
    forgive(kind=TryKind.SECOND_FACTOR, number=str(account.pk))
    forget_failures(account=account)


def spend_budget(*, now: datetime) -> None:
    """Count one code against today's budget of the whole installation, or refuse."""
    day = local_date(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_signin_budget AS b (day, sent) VALUES (%s, 1)"
            " ON CONFLICT (day) DO UPDATE SET sent = b.sent + 1 WHERE b.sent < %s RETURNING sent",
            [day, CODES_A_DAY],
        )
        if cursor.fetchone() is None:
            raise BudgetSpent


def forget_old_tries(*, now: datetime) -> int:
    count, _by_model = SignInTry.objects.filter(made_at__lt=now - TRIES_ARE_KEPT).delete()
    return count


def _digests(number: str, address: str) -> tuple[str, str]:
    return number_digest(number), keyed_digest("people.address", address)[:32]


def _lock(kind: TryKind, number: str, address: str) -> tuple[str, str]:
    keys = _digests(number, address)
    for key in sorted(keys):  # always in the same order, so that two requests never wait for each other
        hold(f"people.try:{kind}:{key}")
    return keys


def _wait(kind: TryKind, keys: tuple[str, str], now: datetime) -> Wait | None:
    number, address = {"number": keys[0]}, {"address": keys[1]}
    counted = (
        (Reached.BOTH, LIMITS_OF_BOTH.get(kind), number | address),
        (Reached.NUMBER, LIMITS_OF_NUMBER[kind], number),
        (Reached.ADDRESS, LIMITS_OF_ADDRESS[kind], address),
    )
    for whose, limits, of in counted:
        length = wait_for(limits, _made_at(kind, limits, now, **of), now) if limits else None
        if length is not None:
            return Wait(length, whose)
    return None


def _made_at(kind: TryKind, limits: tuple[Limit, ...], now: datetime, **of: str) -> list[datetime]:
    most = max(limit.times for limit in limits)
    longest = max(limit.window for limit in limits)
    tries = SignInTry.objects.filter(kind=kind, made_at__gt=now - longest, **of)
    return list(tries.order_by("-made_at").values_list("made_at", flat=True)[:most])


def _refusal(kind: TryKind, wait: Wait) -> TooMany:
    words, of_number = {"wait": str(wait)}, wait.reached is Reached.NUMBER
    if kind in _INVITATIONS:
        return TooManyInvitations(_INVITATIONS[kind] if of_number else _FROM_ONE_NETWORK)
    if kind == TryKind.SLIP and of_number:
        return TooManyTries(_SOMEBODY_GUESSES % words)
    if kind == TryKind.PASSWORD and of_number:
        return TooManyTries(_SOMEBODY_GUESSES_A_PASSWORD)
    if kind != TryKind.CODE:
        return TooManyTries(_("试错的次数太多了，先锁住，过 %(wait)s再来") % words)
    if not of_number:
        return TooManyCodes(_("这个网络要的验证码太多了，过 %(wait)s再要，或者换个网络") % words)
    if wait.length <= MINUTE:
        return TooManyCodes(_("一分钟里已经发了 5 次验证码，先用最后收到的那一条；还没收到，过 1 分钟再要"))
    return TooManyCodes(_("这个号码要的验证码太多了，过 %(wait)s再要，或者打社区电话办") % words)

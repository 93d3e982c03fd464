"""One-time passwords from an app, and recovery codes on paper (RFC 6238, carried by allauth)."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest

from allauth.mfa import app_settings as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved
from huipai.people import policies, queries
from huipai.people.commands import limits
from huipai.people.commands.accounts import NumberInDoubt
from huipai.people.commands.persons import account_id_of
from huipai.people.models import Account, Person, new_session_mark
from huipai.people.rules import normalise_code
from huipai.people.words import Fact, FactorLoss, TryKind

STEP_SECONDS = 30
# The step before and the one after are taken too: clocks of phones differ.
TOLERANCE = 1
# A code on paper has more digits than the app shows: which of the two was typed is said by its length.
RECOVERY_DIGITS: int = mfa.RECOVERY_CODE_DIGITS


class WrongSecondFactor(Invalid):
    code = "wrong_second_factor"
    default_reason = _("动态口令不对，等它变一次再填新的")


class SecondFactorUsed(Invalid):
    code = "second_factor_used"
    default_reason = _("这个动态口令刚才用过了，等下一个")


class UnreadableSecondFactor(Invalid):
    """Locked with another secret key: no code is right, and none is counted as wrong."""

    code = "unreadable_second_factor"
    default_reason = _("平台换过密钥，动态口令和恢复码都读不出来了。请平台的运维人员解除，再重新绑")


class AlreadySet(Moved):
    code = "second_factor_already_set"
    default_reason = _("动态口令已经绑好了")


class NoSecondFactor(Moved):
    code = "no_second_factor"
    default_reason = _("没有绑动态口令，可能刚刚有人解除了")


def take_second_factor(*, account: Account, typed: str, address: str, now: datetime) -> Authenticator:
    """Accept a one-time password or a recovery code, each once; count the try and refuse otherwise."""
    factors = list(Authenticator.objects.filter(user=account))
    if factors and not any(map(queries.is_readable, factors)):
        raise UnreadableSecondFactor
    limits.spend_try(kind=TryKind.SECOND_FACTOR, number=str(account.pk), address=address, now=now)
    limits.spend_in_a_row(Account.objects.filter(pk=account.pk))
    typed = normalise_code(typed)
    used = _take_totp(account, typed, now) or _take_recovery_code(account, typed)
    if used is None and len(typed) == RECOVERY_DIGITS:
        raise WrongSecondFactor(_("恢复码不对，或者已经用过一次，换一个没用过的"), field="code")
    if used is None:
        raise WrongSecondFactor(field="code")
    limits.forgive(kind=TryKind.SECOND_FACTOR, number=str(account.pk))
    limits.forget_failures(account=account)
    return used


@transaction.atomic
def set_second_factor(*, account: Account, secret: str, typed: str, actor: Person | None, now: datetime) -> list[str]:
    """Bind an app that shows the right password for `secret`; the recovery codes, to be shown this once.

    Refused while it is in doubt whose account it is: whoever holds the number today would shut its owner out for good.
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if account.doubted_at is not None:
        raise NumberInDoubt
    if Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        raise AlreadySet
    step = _step_of(secret, normalise_code(typed), now)
    if step is None:
        raise WrongSecondFactor(field="code")
    TOTP.activate(account, secret)
    account.second_factor_step = step
    account.save(update_fields=["second_factor_step"])
    journal.record(
        what=Fact.ACCOUNT_SECOND_FACTOR_SET,
        subject=f"account:{account.pk}",
        actor_id=actor.id if actor else None,
        now=now,
    )
    codes: list[str] = RecoveryCodes.activate(account).generate_codes()
    return codes


def renew_recovery_codes(*, account: Account, typed: str, address: str, now: datetime) -> list[str]:
    """New recovery codes, to be shown this once, for whoever has the app at hand or one code left; the old ones end."""
    if not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        raise NoSecondFactor
    take_second_factor(account=account, typed=typed, address=address, now=now)  # a wrong try counts, whatever follows
    return _write_recovery_codes_anew(account, now)


@transaction.atomic
def _write_recovery_codes_anew(account: Account, now: datetime) -> list[str]:
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    journal.record(
        what=Fact.ACCOUNT_RECOVERY_CODES_RENEWED, subject=f"account:{account.pk}", actor_id=None, now=now
    )  # fmt: skip
    codes: list[str] = RecoveryCodes.activate(account).generate_codes()
    return codes


@transaction.atomic
def remove_second_factor(*, account: Account, why: FactorLoss, actor: Person | None, now: datetime) -> None:
    """Unbind a lost phone and end every session; who has to have a second factor sets a new one at the next sign-in."""
    removed, _by_model = Authenticator.objects.filter(user=account).delete()
    if not removed:
        raise NoSecondFactor
    Account.objects.filter(pk=account.pk).update(second_factor_step=None, session_mark=new_session_mark())
    journal.record(
        what=Fact.ACCOUNT_SECOND_FACTOR_REMOVED,
        subject=f"account:{account.pk}",
        actor_id=actor.id if actor else None,
        now=now,
        facts={"why": why.value},
    )


@transaction.atomic
def remove_second_factor_at_counter(*, person: Person, why: FactorLoss, actor: Person, now: datetime) -> None:
    """The same for whoever stands at the counter with a document: residents, and colleagues who have left.

    Done by whom the counter's rules let change how somebody comes in, so never one's own.
    """
    policies.may_touch_account(actor, person, now).require()
    remove_second_factor(account=Account.objects.get(pk=account_id_of(person)), why=why, actor=actor, now=now)


@transaction.atomic
def require_second_factor(*, account: Account, actor: Person | None, now: datetime) -> None:
    """From now on this account comes in with a second factor only; asked twice, it holds once."""
    if not Account.objects.filter(pk=account.pk, needs_second_factor=False).update(needs_second_factor=True):
        return
    account.needs_second_factor = True
    journal.record(
        what=Fact.ACCOUNT_SECOND_FACTOR_REQUIRED,
        subject=f"account:{account.pk}",
        actor_id=actor.id if actor else None,
        now=now,
    )


def _step_of(secret: str, typed: str, now: datetime) -> int | None:
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        if compare_digest(format_hotp_value(hotp_value(secret, step)).encode(), typed.encode()):
            return step
    return None


def _take_totp(account: Account, typed: str, now: datetime) -> Authenticator | None:
    app = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).first()
    step = _step_of(decrypt(app.data["secret"]), typed, now) if app and queries.is_readable(app) else None
    if step is None:
        return None
    unused = Q(second_factor_step__isnull=True) | Q(second_factor_step__lt=step)
    if not Account.objects.filter(unused, pk=account.pk).update(second_factor_step=step):
        raise SecondFactorUsed(field="code")
    return app


@transaction.atomic
def _take_recovery_code(account: Account, typed: str) -> Authenticator | None:
    paper = (
        Authenticator.objects.select_for_update(no_key=True)
        .filter(user=account, type=Authenticator.Type.RECOVERY_CODES)
        .first()
    )
    if paper is None or not queries.is_readable(paper):
        return None
    return paper if RecoveryCodes(paper).validate_code(typed) else None

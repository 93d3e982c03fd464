"""Passwords of staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved
from huipai.people import queries
from huipai.people.commands import codes, limits
from huipai.people.models import Account, Person, new_session_mark
from huipai.people.words import CodePurpose, Fact, TryKind


class WrongPassword(Invalid):
    """Says the same for an unknown number and for a wrong password."""

    code = "wrong_password"
    default_reason = _("手机号或密码不对")


class WeakPassword(Invalid):
    code = "weak_password"


class AskTheAdministrator(Invalid):
    """A message proves who holds a number today, not who is employed (ruling 2)."""

    code = "ask_the_administrator"
    default_reason = _("这个号码太久没有确认，光凭短信不能设密码。请街道的安全管理员当面核对，再重设密码")


class NotLocked(Moved):
    code = "not_locked"
    default_reason = _("没有锁定，可以直接登录")


class NoPasswordHere(Invalid):
    code = "no_password_here"
    default_reason = _("这个号码用验证码登录，不用密码")


def change_password(*, account: Account, old: str, new: str, address: str, now: datetime) -> Account:
    """Put a password of one's own choice; ends the account's other sessions."""
    limits.spend_try(kind=TryKind.PASSWORD_AT_HOME, number=str(account.phone), address=address, now=now)
    if not account.check_password(old):
        raise WrongPassword(_("现在的密码不对"), field="old")
    limits.forgive(kind=TryKind.PASSWORD_AT_HOME, number=str(account.phone))
    return _put(account=account, new=new, now=now)


def reset_password(*, code_id: UUID, typed: str, new: str, now: datetime) -> Account:
    """Put a new password by a code to the number; a second factor, where there is one, is still asked at sign-in.

    A number that was not confirmed within the year may be another's by now: it opens nothing.
    """
    # Before the code is right nothing may depend on the account: a refusal would tell who has one, and which password.
    _check(new, None)
    code = codes.use_code(code_id=code_id, purpose=CodePurpose.RESET_PASSWORD, typed=typed, now=now)
    account = Account.objects.filter(phone=code.phone, is_active=True, employed_in__gt=0).first()
    if account is None:
        raise NoPasswordHere
    if not queries.is_theirs_today(account, now):
        raise AskTheAdministrator
    account = _put(account=account, new=new, now=now)
    limits.set_free(account=account)
    return account


@transaction.atomic
def set_password_for(*, account: Account, password: str, actor: Person | None, now: datetime) -> Account:
    """Put a first or forgotten password for somebody else; they must change it when they come in."""
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    account.set_password(password)
    account.must_change_password = True
    account.password_changed_at = now
    account.session_mark = new_session_mark()
    account.save(update_fields=["password", "must_change_password", "password_changed_at", "session_mark"])
    limits.set_free(account=account)
    journal.record(
        what=Fact.ACCOUNT_PASSWORD_SET_BY_STAFF,
        subject=f"account:{account.pk}",
        actor_id=actor.id if actor else None,
        now=now,
    )
    return account


@transaction.atomic
def require_new_password(*, account: Account, actor: Person | None, now: datetime) -> None:
    """The password holds once more, only to put another; every session ends. Asked twice, it holds once."""
    asked = Account.objects.filter(pk=account.pk, must_change_password=False)
    if not asked.update(must_change_password=True, session_mark=new_session_mark()):
        return
    journal.record(
        what=Fact.ACCOUNT_NEW_PASSWORD_REQUIRED,
        subject=f"account:{account.pk}",
        actor_id=actor.id if actor else None,
        now=now,
    )


@transaction.atomic
def unlock(*, account: Account, actor: Person | None, now: datetime) -> None:
    """Forget the wrong tries of an account, so that its owner may try again at once. The address's count stays."""
    if not account.is_stopped and not queries.lock_of([account], now):
        raise NotLocked
    limits.set_free(account=account)
    journal.record(
        what=Fact.ACCOUNT_UNLOCKED, subject=f"account:{account.pk}", actor_id=actor.id if actor else None, now=now
    )


@transaction.atomic
def _put(*, account: Account, new: str, now: datetime) -> Account:
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    _check(new, account)
    account.set_password(new)
    account.must_change_password = False
    account.password_changed_at = now
    account.session_mark = new_session_mark()
    account.save(update_fields=["password", "must_change_password", "password_changed_at", "session_mark"])
    person = queries.person_of(account)
    journal.record(
        what=Fact.ACCOUNT_PASSWORD_CHANGED,
        subject=f"account:{account.pk}",
        actor_id=person.id if person else None,
        now=now,
    )
    return account


def _check(new: str, account: Account | None) -> None:
    try:
        validate_password(new, account)
    except ValidationError as problem:
        raise WeakPassword(_("；").join(problem.messages), field="new") from problem

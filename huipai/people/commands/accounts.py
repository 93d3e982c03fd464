"""Opening accounts and coming in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved, NotAllowed
from huipai.people import queries
from huipai.people.commands import codes
from huipai.people.models import Account, Person, SignInCode, new_session_mark
from huipai.people.rules import is_fresh, normalise_phone
from huipai.people.words import CodePurpose, Fact

SESSIONS_AT_ONCE = 5_000


class NotAPhone(Invalid):
    code = "not_a_phone"
    default_reason = _("请填 11 位手机号码，比如 138 0000 1234")


class AccountIsClosed(NotAllowed):
    code = "account_is_closed"
    default_reason = _("这个账号停用了，请到社区窗口或打街道电话")


class NumberInDoubt(Invalid):
    """Whoever holds a number today is not yet known to be whose account it is (ruling 2)."""

    code = "number_in_doubt"
    default_reason = _("这个号码很久没有用过，说不准还是不是本人的。请本人先登录一次，或者带证件到社区窗口")


class NumberAwaited(Moved):
    """The number of an account from a day on; an empty account made before would stand in its way."""

    code = "number_awaited"
    default_reason = _("这个号码正在换成您原来账号的号码，生效以后再用它登录")


class PasswordNeeded(NotAllowed):
    """Staff do not come in by a code alone."""

    code = "password_needed"
    default_reason = _("工作人员请用密码登录")


def phone_of(typed: str) -> str:
    """The number as we keep it; refused if it is no mainland mobile number."""
    phone = normalise_phone(typed)
    if phone is None:
        raise NotAPhone(field="phone")
    return phone


def require_not_awaited(phone: str) -> None:
    """Refuse to make an account for a number that is on its way to one (ruling 2)."""
    change = queries.awaited(phone)
    if change is not None:
        words = _("%(street)s的窗口正在把您原来的账号换到这个号码，%(day)s 生效。那以后再用它登录，原来的事都在。")
        day = f"{change.effective_at.astimezone(ZoneInfo(settings.TIME_ZONE)):%Y-%m-%d %H:%M}"
        raise NumberAwaited(words % {"street": change.street.name, "day": day})


def open_account(*, phone: str, now: datetime) -> Account:
    """The account of a number that has just been proven: the one there is, or a new one."""
    account, _made = Account.objects.get_or_create(phone=phone, defaults={"created_at": now, "phone_confirmed_at": now})
    return account


def sign_in_by_code(*, code_id: UUID, typed: str, now: datetime) -> Account:
    """Use the code and answer whose account it opens; one is made for a new number.

    A number that comes back after a year may be somebody else's: its account is doubted until that is settled.
    """
    code = codes.use_code(code_id=code_id, purpose=CodePurpose.SIGN_IN, typed=typed, now=now)
    return _let_in(code=code, now=now)


@transaction.atomic
def _let_in(*, code: SignInCode, now: datetime) -> Account:
    require_not_awaited(code.phone)
    account = Account.objects.select_for_update(no_key=True).get(pk=open_account(phone=code.phone, now=now).pk)
    if not account.is_active:
        raise AccountIsClosed
    if account.is_staff and settings.STAFF_MUST_USE_PASSWORD:
        raise PasswordNeeded
    was_never_asked = account.is_staff and account.phone_confirmed_at is None
    if was_never_asked or is_fresh(account.phone_confirmed_at, now):
        account.phone_confirmed_at = now
    elif account.doubted_at is None:
        account.doubted_at = now
    account.save(update_fields=["phone_confirmed_at", "doubted_at"])
    return account


@transaction.atomic
def welcome(*, account: Account, now: datetime) -> Person:
    """Note that somebody has come in, all steps done; they are a person of this street from their first visit on."""
    person = visit(account=account, now=now)
    journal.record(what=Fact.ACCOUNT_SIGNED_IN, subject=f"account:{account.id}", actor_id=person.id, now=now)
    return person


@transaction.atomic
def visit(*, account: Account, now: datetime) -> Person:
    """The person that this account is in the street in force; made on the first visit."""
    person, made = Person.objects.get_or_create(account=account, defaults={"created_at": now})
    if made:
        journal.record(what=Fact.PERSON_REGISTERED, subject=f"person:{person.id}", actor_id=person.id, now=now)
    return person


@transaction.atomic
def sign_out_everywhere(*, account: Account, now: datetime) -> None:
    """End every session of the account, this one too."""
    end_sessions(account_id=account.pk, actor=queries.person_of(account), now=now)


@transaction.atomic
def end_sessions(*, account_id: UUID, actor: Person | None, now: datetime) -> None:
    """On every device, whoever has a reason for it: the next page of each asks to sign in."""
    Account.objects.filter(pk=account_id).update(session_mark=new_session_mark())
    journal.record(
        what=Fact.ACCOUNT_SIGNED_OUT_EVERYWHERE,
        subject=f"account:{account_id}",
        actor_id=actor.id if actor else None,
        now=now,
    )


def forget_sessions(*, now: datetime) -> int:
    """Afterwards no session is kept that ended before `now`; how many went. In parts, so that no statement is long."""
    over = Session.objects.filter(expire_date__lt=now)
    gone = 0
    while part := list(over.order_by("expire_date").values_list("pk", flat=True)[:SESSIONS_AT_ONCE]):
        # Whoever comes back meanwhile has a new one: what ended is not lengthened.
        gone += over.filter(pk__in=part).delete()[0]
    return gone

"""Keeping an account and its number together: changed, confirmed, doubted, given up (ruling 2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved
from huipai.people import policies, queries
from huipai.people.commands import codes, limits
from huipai.people.commands.persons import account_id_of
from huipai.people.models import Account, Person, PhoneChange, SignInCode, new_session_mark
from huipai.people.rules import mask_phone, same_name
from huipai.people.words import COOLING_TIME, CodePurpose, Document, Fact, TryKind
from huipai.senders import sms
from huipai.senders.words import Kind


class PhoneTaken(Invalid):
    code = "phone_taken"
    default_reason = gettext_lazy("这个号码已经有账号了。直接用它登录，或者先在那个账号里注销，再来换")


class SameNumber(Invalid):
    code = "same_number"
    default_reason = gettext_lazy("这就是现在的号码")


class CodeForAnother(Invalid):
    """A code that was sent on behalf of one account changes nothing of another."""

    code = "code_for_another"
    default_reason = gettext_lazy("这个验证码是替另一位发的，给这位的新号码再发一个")


class NameDiffers(Invalid):
    code = "name_differs"
    default_reason = gettext_lazy("和登记的姓名不一样。真是您本人，请带证件到社区窗口")


class ChangeWaiting(Moved):
    code = "phone_change_waiting"
    default_reason = gettext_lazy("已经有一个换号申请在等了")


class NumberMoved(Moved):
    code = "number_moved"
    default_reason = gettext_lazy("号码刚刚变过，从头再来一次")


def change_phone(*, account: Account, leave: codes.Typed, enter: codes.Typed, now: datetime) -> Account:
    """Move the account to another number, by a code from the old one and a code from the new one.

    Every session ends: one of them may be on the phone that is sold or lost. The page keeps the one that asked.
    """
    left, entered = codes.use_codes(leave, enter, now=now)
    return _move(account=account, left=left, entered=entered, now=now)


@transaction.atomic
def _move(*, account: Account, left: SignInCode, entered: SignInCode, now: datetime) -> Account:
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not left.account_id == entered.account_id == account.pk or account.phone != left.phone:
        raise NumberMoved
    account.phone, account.phone_confirmed_at = entered.phone, now
    account.session_mark = new_session_mark()
    _save_number(account)
    _warn(left.phone, _("您的慧拍账号已经换到 %(number)s。不是您换的，请马上打街道电话。"), entered.phone, now)
    _record(Fact.ACCOUNT_PHONE_CHANGED, account, queries.person_of(account), now)
    return account


def confirm_number(*, account: Account, code_id: UUID, typed: str, now: datetime) -> Account:
    """The number still reaches its owner: good for another year."""
    code = codes.use_code(code_id=code_id, purpose=CodePurpose.CONFIRM_NUMBER, typed=typed, now=now)
    return _confirm(account=account, code=code, now=now)


@transaction.atomic
def _confirm(*, account: Account, code: SignInCode, now: datetime) -> Account:
    if not Account.objects.filter(pk=account.pk, phone=code.phone).update(phone_confirmed_at=now):
        raise NumberMoved
    account.phone_confirmed_at = now
    _record(Fact.ACCOUNT_PHONE_CONFIRMED, account, queries.person_of(account), now)
    return account


def recognise(*, account: Account, name: str, address: str, now: datetime) -> Account:
    """Whoever came back after a year says the name that is on record: the number has not changed hands."""
    limits.spend_try(kind=TryKind.NAME, number=str(account.pk), address=address, now=now)
    person = queries.person_of(account)
    if person is None or not same_name(name, person.name):
        raise NameDiffers(field="name")
    return _trust(account=account, what=Fact.ACCOUNT_RECOGNISED, actor=person, now=now)


def recognise_at_counter(*, person: Person, actor: Person, now: datetime) -> Account:
    """Somebody employed has seen a document of whoever came back after a year."""
    policies.may_touch_account(actor, person, now).require()
    account = Account.objects.get(pk=account_id_of(person))
    return _trust(account=account, what=Fact.ACCOUNT_NAMED_BY_COUNTER, actor=actor, now=now)


@transaction.atomic
def _trust(*, account: Account, what: Fact, actor: Person, now: datetime) -> Account:
    Account.objects.filter(pk=account.pk).update(doubted_at=None, phone_confirmed_at=now)
    account.doubted_at, account.phone_confirmed_at = None, now
    _record(what, account, actor, now)
    return account


@transaction.atomic
def start_anew(*, account: Account, now: datetime) -> Account:
    """The number has changed hands: its new owner gets an empty account, the old one stays without a number."""
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    phone = account.phone
    if account.doubted_at is None or phone is None:
        raise NumberMoved
    account.phone, account.given_up_at, account.doubted_at = None, now, None
    account.session_mark = new_session_mark()
    account.save(update_fields=["phone", "given_up_at", "doubted_at", "session_mark"])
    _record(Fact.ACCOUNT_PHONE_GIVEN_UP, account, None, now)
    return Account.objects.create(phone=phone, phone_confirmed_at=now, created_at=now)


def ask_phone_change(
    *, person: Person, document: Document, code_id: UUID, typed: str, actor: Person, now: datetime
) -> PhoneChange:
    """At the counter, for somebody who has lost the old number: a document was seen, the new number's code read out.

    It takes effect after the cooling time; the old number is warned and its owner may cancel.
    """
    policies.may_touch_account(actor, person, now).require()
    account_id = account_id_of(person)
    code = codes.use_code(code_id=code_id, purpose=CodePurpose.ENTER_NUMBER, typed=typed, now=now)
    account = Account.objects.get(pk=account_id)
    return _ask(person=person, account=account, code=code, document=document, actor=actor, now=now)


@transaction.atomic
def _ask(
    *, person: Person, account: Account, code: SignInCode, document: Document, actor: Person, now: datetime
) -> PhoneChange:
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if code.account_id != account.pk:
        raise CodeForAnother(field="phone")
    if account.leaves_in_id not in (None, person.street_id):
        # Another street's counter was asked: one number cannot go two ways.
        raise ChangeWaiting
    if code.phone == account.phone:
        raise SameNumber(field="phone")
    if Account.objects.filter(phone=code.phone).exists():
        raise PhoneTaken(field="phone")
    try:
        with transaction.atomic():
            change = PhoneChange.objects.create(
                person=person,
                old_phone=account.phone or "",
                new_phone=code.phone,
                document=document,
                asked_by=actor,
                asked_at=now,
                effective_at=now + COOLING_TIME,
            )
    except IntegrityError as double:
        raise ChangeWaiting from double
    account.leaves_in_id = person.street_id
    account.save(update_fields=["leaves_in"])
    if account.phone:
        words = _(
            "有人在%(street)s的窗口申请把您的慧拍账号换到 %(number)s，3 天后生效。不是您，请登录后撤销，或打街道电话。"
        )
        _warn(account.phone, words, code.phone, now, street=person.street.name)
    _record(Fact.PHONE_CHANGE_ASKED, account, actor, now)
    return change


@transaction.atomic
def cancel_phone_change(*, change: PhoneChange, actor: Person, now: datetime) -> None:
    """The owner objects, or the counter takes it back."""
    if actor.id != change.person_id:
        policies.may_serve_at_counter(actor, change.person, now).require()
    account = _lock_account_of(change.person)
    waiting = PhoneChange.objects.filter(pk=change.pk, done_at__isnull=True, cancelled_at__isnull=True)
    if not waiting.update(cancelled_at=now, old_phone="", new_phone=""):
        raise Moved
    _leave_no_more(account)
    journal.record(what=Fact.PHONE_CHANGE_CANCELLED, subject=f"person:{change.person_id}", actor_id=actor.id, now=now)


def apply_phone_changes(*, now: datetime) -> int:
    """Let every change of this street that has cooled take effect; how many were settled."""
    due = PhoneChange.objects.filter(done_at__isnull=True, cancelled_at__isnull=True, effective_at__lte=now)
    changes = list(due.values_list("pk", flat=True))
    for change_id in changes:
        _apply(change_id=change_id, now=now)
    return len(changes)


@transaction.atomic
def _apply(*, change_id: UUID, now: datetime) -> None:
    person = Person.objects.get(phone_changes=change_id)
    account = _lock_account_of(person)
    waiting = PhoneChange.objects.select_for_update(no_key=True).filter(
        pk=change_id, done_at__isnull=True, cancelled_at__isnull=True
    )
    change = waiting.first()
    if change is None:
        return
    still = account is not None and (account.phone or "") == change.old_phone
    taken = Account.objects.filter(phone=change.new_phone).exists()
    if account is None or not still or taken:
        change.cancelled_at = now
        what = Fact.PHONE_CHANGE_LAPSED
        _tell_of_lapse(change, now)
    else:
        account.phone, account.phone_confirmed_at = change.new_phone, change.asked_at
        account.session_mark = new_session_mark()
        _save_number(account)
        change.done_at = now
        what = Fact.ACCOUNT_PHONE_CHANGED
    _leave_no_more(account)
    change.old_phone = change.new_phone = ""
    change.save(update_fields=["done_at", "cancelled_at", "old_phone", "new_phone"])
    journal.record(what=what, subject=f"person:{person.id}", actor_id=change.asked_by_id, now=now)


def _lock_account_of(person: Person) -> Account | None:
    """The account first, then the change: whoever asks for one holds them in this order."""
    return Account.objects.select_for_update(no_key=True).get(pk=person.account_id) if person.account_id else None


def _leave_no_more(account: Account | None) -> None:
    if account is not None:
        account.leaves_in = None
        account.save(update_fields=["leaves_in"])


def _tell_of_lapse(change: PhoneChange, now: datetime) -> None:
    """Both numbers hear that nothing has changed, and what to do."""
    words = _("在%(street)s窗口申请的换号没有办成，账号的号码没有变。还要换，请带证件再到窗口来。")
    for phone in filter(None, (change.old_phone, change.new_phone)):
        sms.send(phone=phone, text=words % {"street": change.street.name}, kind=Kind.WARNING, now=now)


def _save_number(account: Account) -> None:
    account.doubted_at = account.given_up_at = None
    try:
        with transaction.atomic():
            account.save(update_fields=["phone", "phone_confirmed_at", "given_up_at", "doubted_at", "session_mark"])
    except IntegrityError as taken:
        raise PhoneTaken(field="phone") from taken


def _warn(phone: str, words: str, other: str, now: datetime, *, street: str = "") -> None:
    text = words % {"number": mask_phone(other), "street": street}
    sms.send(phone=phone, text=text, kind=Kind.WARNING, now=now)


def _record(what: Fact, account: Account, actor: Person | None, now: datetime) -> None:
    journal.record(what=what, subject=f"account:{account.pk}", actor_id=actor.id if actor else None, now=now)

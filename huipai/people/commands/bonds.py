"""Guardians of minors, helpers of elders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people import policies, queries
from huipai.people.commands import codes, limits
from huipai.people.commands.accounts import NumberInDoubt, open_account, phone_of, require_not_awaited, visit
from huipai.people.commands.consents import end_own_consents, keep_consent, leave_unguarded, paper_of
from huipai.people.commands.persons import enter_at_counter, keep_birth_year, name_of, require_birth_year
from huipai.people.models import Consent, Guardianship, Person, Proxy
from huipai.people.rules import child_mark, is_grown_up, local_date, may_be_under_14, may_be_under_age
from huipai.people.words import PROXY_LASTS, Channel, CodePurpose, ConsentPurpose, Fact, ProxyScope, TryKind
from huipai.senders import sms
from huipai.senders.words import Kind


class NotYourself(Invalid):
    code = "not_yourself"
    default_reason = gettext_lazy("这是您自己的号码，填帮您的人的号码")


class NothingAllowed(Invalid):
    code = "nothing_allowed"
    default_reason = gettext_lazy("至少选一样请他代办的事")


class AlreadyInvited(Moved):
    code = "already_invited"
    default_reason = gettext_lazy("已经请过这位了")


class InvitationOver(NotVisible):
    code = "invitation_over"
    default_reason = gettext_lazy("这个邀请不在了，可能过期了，或者对方收回了")


class NotAChild(Invalid):
    code = "not_a_child"
    default_reason = gettext_lazy("满 18 岁了，不用监护人；看看出生年份填对没有")


class GuardianUnderAge(Invalid):
    code = "guardian_under_age"
    default_reason = gettext_lazy("没满 18 岁，不能做监护人，请孩子的父母或别的大人来登记")


class GuardianAgeUnseen(Invalid):
    code = "guardian_age_unseen"
    default_reason = gettext_lazy("没登记过这位的出生年份：看过证件，满 18 岁，就勾上这一条")


class ChildAgeUnseen(Invalid):
    code = "child_age_unseen"
    default_reason = gettext_lazy("没登记过孩子的出生年份：照证件填上")


class AlreadyGuardian(Moved):
    code = "already_guardian"
    default_reason = gettext_lazy("监护人已经登记过了")


@transaction.atomic
def record_guardian(
    *,
    minor: Person,
    guardian: Person,
    paper_number: str,
    age_seen: bool,
    actor: Person,
    now: datetime,
    birth_year: int | None = None,
) -> Guardianship:
    """Note at the counter that a grown-up answers for a minor, and their consent to it, from a signed paper.

    `age_seen`: the paper of a guardian whose year of birth is not known was looked at. `birth_year`: that of a minor
    of whom none is known, from their paper; it is kept.
    """
    if minor.id == guardian.id:
        raise NotYourself(_("这是家长自己的号码，填孩子的号码"), field="phone")
    policies.may_serve_at_counter(actor, minor, now).require()
    policies.may_serve_at_counter(actor, guardian, now).require()
    _require_grown_up(guardian, age_seen, now)
    born = minor.birth_year or birth_year
    if born is None:
        raise ChildAgeUnseen(field="birth_year")
    require_birth_year(born, now)
    if not may_be_under_age(born, local_date(now)):
        raise NotAChild(field="birth_year")
    if minor.birth_year is None:
        minor = note_birth_year(person=minor, birth_year=born, actor=actor, now=now)
    return _bind(minor=minor, guardian=guardian, paper_number=paper_number, actor=actor, now=now)


@transaction.atomic
def note_birth_year(*, person: Person, birth_year: int, actor: Person, now: datetime) -> Person:
    """Keep the year of birth that stands in the document shown at the counter; a wrong one is noted anew.

    Afterwards what goes by age (guardians, things for the old or for grown-ups) goes by it. Of a child in the sense of
    L2 nothing stands that they have said themselves, and whoever is no grown-up answers for nobody.
    """
    person = keep_birth_year(person=person, birth_year=birth_year, actor=actor, now=now)
    today = local_date(now)
    if may_be_under_14(birth_year, today):
        end_own_consents(child=person, actor=actor, now=now)
    if not is_grown_up(birth_year, today):
        for bond in Guardianship.objects.filter(guardian=person, ended_at__isnull=True).select_related("minor"):
            end_guardianship(guardianship=bond, actor=actor, now=now)
    return person


def _require_grown_up(guardian: Person, age_seen: bool, now: datetime) -> None:
    if guardian.birth_year is None and not age_seen:
        raise GuardianAgeUnseen(field="age_seen")
    if guardian.birth_year is not None and not is_grown_up(guardian.birth_year, local_date(now)):
        raise GuardianUnderAge


def _bind(
    *, minor: Person, guardian: Person, paper_number: str, actor: Person, now: datetime, mark: str = ""
) -> Guardianship:
    consent = _consent(minor, ConsentPurpose.GUARDIANSHIP, now, channel=Channel.PAPER, given_by=guardian)
    consent.noted_by, consent.paper_number = actor, paper_of(paper_number)
    consent = keep_consent(consent=consent, actor=actor)
    try:
        with transaction.atomic():
            bond = Guardianship.objects.create(
                minor=minor, guardian=guardian, consent=consent, confirmed_by=actor, child_mark=mark, valid_from=now
            )
    except IntegrityError as double:
        raise AlreadyGuardian from double
    _record(Fact.GUARDIANSHIP_RECORDED, minor, actor, now, guardianship=bond.id)
    return bond


@transaction.atomic
def record_guardian_of_child(
    *, guardian: Person, name: str, birth_year: int, paper_number: str, age_seen: bool, actor: Person, now: datetime
) -> Guardianship:
    """The same for a child who is not known yet and has no phone. The same child from the same paper is there once."""
    policies.may_serve_at_counter(actor, guardian, now).require()
    _require_grown_up(guardian, age_seen, now)
    require_birth_year(birth_year, now)
    if not may_be_under_age(birth_year, local_date(now)):
        raise NotAChild(field="birth_year")
    mark = child_mark(name_of(name), birth_year, paper_of(paper_number))
    known = _child_on_paper(guardian, mark)
    if known is not None:
        return known
    child = enter_at_counter(name=name, birth_year=birth_year, actor=actor, now=now)
    # The child lives nowhere yet: whoever may serve the grown-up may note the child.
    return _bind(minor=child, guardian=guardian, paper_number=paper_number, actor=actor, now=now, mark=mark)


def _child_on_paper(guardian: Person, mark: str) -> Guardianship | None:
    """The bond that this paper has made already; whoever sends it at the same time waits for the first."""
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=guardian.pk)
    return Guardianship.objects.filter(guardian=guardian, ended_at__isnull=True, child_mark=mark).first()


@transaction.atomic
def end_guardianship(*, guardianship: Guardianship, actor: Person, now: datetime) -> None:
    """It ends: the minor has grown up, or another answers for them; if nobody does, as `leave_unguarded` says."""
    # As it began: whoever may serve the child, or the grown-up where the child lives nowhere yet.
    if not policies.may_serve_at_counter(actor, guardianship.minor, now):
        policies.may_serve_at_counter(actor, guardianship.guardian, now).require()
    if not Guardianship.objects.filter(pk=guardianship.pk, ended_at__isnull=True).update(ended_at=now):
        raise Moved
    _record(Fact.GUARDIANSHIP_ENDED, guardianship.minor, actor, now, guardianship=guardianship.id)
    leave_unguarded(minor=guardianship.minor, guardian=guardianship.guardian, actor=actor, now=now)


@transaction.atomic
def invite_helper(*, elder: Person, phone: str, scopes: Collection[ProxyScope], address: str, now: datetime) -> Proxy:
    """Ask somebody to do things for oneself; it holds once they accept with that number.

    The message costs money and reaches whoever has the number: refused at a limit of number, person, address or day.
    """
    number = phone_of(phone)
    if elder.account is not None and elder.account.phone == number:
        raise NotYourself(field="phone")
    if not scopes:
        raise NothingAllowed(field="scopes")
    policies.may_invite_helper(elder, local_date(now)).require()
    consent = _consent(elder, ConsentPurpose.PROXY, now, channel=Channel.PAGE, given_by=elder)
    consent = keep_consent(consent=consent, actor=elder)
    try:
        with transaction.atomic():
            proxy = Proxy.objects.create(
                elder=elder,
                invited_phone=number,
                scopes=sorted(scopes),
                consent=consent,
                invited_at=now,
                valid_from=now,
                valid_until=now + PROXY_LASTS,
            )
    except IntegrityError as double:
        raise AlreadyInvited from double
    limits.spend_try(kind=TryKind.INVITING, number=f"person:{elder.id}", address=address, now=now)
    limits.spend_try(kind=TryKind.INVITED, number=number, address=address, now=now)
    limits.spend_budget(now=now)
    words = _("%(street)s的一位邻居请您在慧拍上代办。用这个号码登录，在“我的”里看是谁，答不答应都可以。")
    sms.send(phone=number, text=words % {"street": elder.street.name}, kind=Kind.NOTICE, now=now)
    _record(Fact.PROXY_INVITED, elder, elder, now, proxy=proxy.id)
    return proxy


@transaction.atomic
def accept_invitation(*, proxy_id: UUID, helper: Person, now: datetime) -> Proxy:
    """Say yes to an invitation that was sent to one's own number; anybody else's does not exist."""
    invited = queries.invitations_to(helper, now).filter(pk=proxy_id)
    proxy = invited.select_for_update(of=("self",), no_key=True).first()
    if proxy is None:
        raise InvitationOver
    policies.may_invite_helper(proxy.elder, local_date(now)).require()
    policies.may_help_elders(helper, local_date(now)).require()
    proxy.helper, proxy.accepted_at, proxy.valid_from, proxy.invited_phone = helper, now, now, ""
    try:
        with transaction.atomic():
            proxy.save(update_fields=["helper", "accepted_at", "valid_from", "invited_phone"])
    except IntegrityError as double:
        raise AlreadyInvited from double
    _record(Fact.PROXY_ACCEPTED, proxy.elder, helper, now, proxy=proxy.id)
    return proxy


@dataclass(frozen=True)
class ReadOut:
    """A code that an elder has read out to whoever helps them."""

    code_id: UUID
    typed: str
    scopes: Collection[ProxyScope]


def begin_helping(*, helper: Person, read_out: ReadOut, now: datetime) -> Proxy:
    """Help an elder who cannot use the pages: the code that came to their number is their consent."""
    if not read_out.scopes:
        raise NothingAllowed(field="scopes")
    policies.may_help_elders(helper, local_date(now)).require()
    code = codes.use_code(code_id=read_out.code_id, purpose=CodePurpose.PROXY, typed=read_out.typed, now=now)
    return _help(helper=helper, phone=code.phone, scopes=read_out.scopes, now=now)


@transaction.atomic
def _help(*, helper: Person, phone: str, scopes: Collection[ProxyScope], now: datetime) -> Proxy:
    require_not_awaited(phone)
    account = open_account(phone=phone, now=now)
    if not queries.is_theirs_today(account, now):
        raise NumberInDoubt(field="phone")
    elder = visit(account=account, now=now)
    if elder.id == helper.id:
        raise NotYourself(_("这是您自己的号码，填要帮的那位的号码"), field="phone")
    policies.may_invite_helper(elder, local_date(now)).require()
    consent = _consent(elder, ConsentPurpose.PROXY, now, channel=Channel.CODE, given_by=elder)
    consent.noted_by = helper
    consent = keep_consent(consent=consent, actor=helper)
    try:
        with transaction.atomic():
            proxy = Proxy.objects.create(
                elder=elder,
                helper=helper,
                scopes=sorted(scopes),
                consent=consent,
                invited_at=now,
                accepted_at=now,
                valid_from=now,
                valid_until=now + PROXY_LASTS,
            )
    except IntegrityError as double:
        raise AlreadyInvited(_("您已经在帮这位了")) from double
    _record(Fact.PROXY_ACCEPTED, elder, helper, now, proxy=proxy.id)
    return proxy


@transaction.atomic
def end_proxy(*, proxy: Proxy, actor: Person, now: datetime) -> None:
    """End a proxy, take an invitation back, or decline it."""
    invited = queries.invitations_to(actor, now).filter(pk=proxy.pk).exists()
    if not invited:
        policies.may_end(actor, proxy).require()
    if not Proxy.objects.filter(pk=proxy.pk, ended_at__isnull=True).update(ended_at=now, invited_phone=""):
        raise Moved
    _record(Fact.PROXY_ENDED, proxy.elder, actor, now, proxy=proxy.id)


def _consent(person: Person, purpose: ConsentPurpose, now: datetime, *, channel: Channel, given_by: Person) -> Consent:
    version = queries.version_in_force(purpose)
    return Consent(person=person, purpose=purpose, version=version, channel=channel, given_by=given_by, given_at=now)


def _record(what: Fact, person: Person, actor: Person, now: datetime, **ids: UUID) -> None:
    journal.record(
        what=what,
        subject=f"person:{person.id}",
        actor_id=actor.id,
        now=now,
        facts={name: str(value) for name, value in ids.items()},
    )

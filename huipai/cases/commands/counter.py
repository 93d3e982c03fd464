"""Taking a report down for somebody at the counter or on the telephone, with their consent, and its slip of paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import allowing, intake, passing, stepping
from huipai.cases.commands.intake import NotThisId, Received, Sending
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Slip
from huipai.cases.policies import at_counter as may
from huipai.cases.policies import entering
from huipai.cases.queries import slips
from huipai.cases.rules.contents import content_hash
from huipai.journal import commands as journal
from huipai.kit.ids import short_code
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, NotVisible, Refused
from huipai.people import commands as people
from huipai.people import queries as known
from huipai.people.commands import NumberInDoubt, limits
from huipai.people.models import Person
from huipai.people.policies import may_enter_counter, may_serve_at_counter
from huipai.people.rules import keyed_digest, same_name
from huipai.people.words import Channel, ConsentPurpose, TryKind
from huipai.streets.holding import hold_here


class NotAgreed(Invalid):
    code = "consent_not_given"
    default_reason = _("先念给本人听，本人同意了再登记")


class HowTheyCame(Invalid):
    """A consent is noted with the channel on which it was said; nobody says for them which it was."""

    code = "caller_channel_unknown"
    default_reason = _("选一下：人到窗口来的，还是打电话来的")


class NobodyNamed(Invalid):
    code = "caller_unknown"
    default_reason = _("填手机号；没有手机号，就填怎么称呼")


_WITHOUT_ACCOUNT = _("这个号码没有账号，填怎么称呼；凭回执查进度")


class OfAnotherName(Invalid):
    """Nobody's things may come to stand in a stranger's list because of one digit."""

    code = "caller_of_another_name"
    default_reason = _(
        "有这个号码的人不叫这个名字。号码念一遍核对；核对过了，称呼空着再点一次；不是本人的号码，只填称呼"
    )


class WrongSlip(Invalid):
    """A number that does not exist, a code that is wrong, one that is void: one sentence."""

    code = "slip_unknown"
    default_reason = _("编号和查询码对不上，看一下回执上的字")


class AnotherMatter(NotThisId):
    """The form of one matter sent again with another in it, or for somebody else."""

    code = "counter_id_in_use"
    default_reason = _("这张表刚才登记过另一件。填的都在，看一遍，再点一次就是新的一件")


@dataclass(frozen=True)
class Caller:
    """Whoever stands there or calls: by their number, or by what they are called where they have none."""

    phone: str
    name: str
    # As it was chosen; `take_down` refuses what is neither the counter nor the telephone.
    channel: str
    has_agreed: bool


@dataclass(frozen=True)
class TakenDown:
    """The answer, and the code for the slip; of the code nothing but a digest is kept."""

    received: Received
    slip_code: str
    is_again: bool = False


def still_missing(sending: Sending, caller: Caller) -> list[Refused]:
    """All that is open in a form, so that nobody is told of one thing after the other. Asks the database nothing."""
    missing: list[Refused] = []
    for look in (partial(intake.look_over, sending), partial(_channel_of, caller)):
        try:
            look()
        except Refused as refusal:
            missing.append(refusal)
    if not sending.case_type:
        missing.append(intake.UnknownType(field="case_type"))
    if not caller.phone.strip() and not as_seen(caller.name):
        missing.append(NobodyNamed(field="name"))
    if not caller.has_agreed:
        missing.append(NotAgreed(field="agreed"))
    return missing


def take_down(*, sending: Sending, caller: Caller, actor: Person, address: str, now: datetime) -> TakenDown:
    """File a report in the name of somebody who agreed to it; once, however often it is sent: then with a new code.

    A person who has an account here sees it there too; of somebody without one only what they are called is kept.
    A number that nothing was taken down for was looked up: it counts, and is in the journal, as at the counter itself.
    """
    intake.look_over(sending)
    channel = _channel_of(caller)
    if not caller.has_agreed:
        raise NotAgreed(field="agreed")
    may_enter_counter(actor, now).require()
    with _looking_up(caller.phone, actor, address, now):
        return _take_down(sending, caller, channel, actor, now)


@contextmanager
def _looking_up(phone: str, actor: Person, address: str, now: datetime) -> Iterator[None]:
    if not phone.strip():
        yield
        return
    people.count_look(actor=actor, address=address, now=now)
    try:
        yield
    except Refused:
        people.note_look(phone=phone, actor=actor, now=now)
        raise
    people.take_back_look(actor=actor, address=address, now=now)


@transaction.atomic
def _take_down(sending: Sending, caller: Caller, channel: Channel, actor: Person, now: datetime) -> TakenDown:
    # Of two at once the second finds what the first has entered, and nobody twice.
    hold_here("cases.counter", sending.report_id)
    known_slip = Slip.objects.select_related("report__case", "reporter").filter(report=sending.report_id).first()
    if known_slip is not None:
        _require_same(known_slip, sending, caller, actor)
        return _printed_anew(known_slip, actor, now)
    reporter = _reporter(caller, actor, now)
    may_serve_at_counter(actor, reporter, now).require()
    received = intake.file(
        sending=sending, reporter=reporter, uploader=actor, limits=allowing.of_the_counter(), now=now
    )
    if Slip.objects.filter(report=received.report_id).exists():
        raise NotThisId
    consent = people.note_consent(
        person=reporter, purpose=ConsentPurpose.REPORT_ON_BEHALF, channel=channel,
        paper_number=received.code, actor=actor, now=now,
    )  # fmt: skip
    code = short_code()
    slip = Slip(
        report_id=received.report_id, reporter=reporter, taken_by=actor, consent=consent, channel=channel,
        digest="", issued_at=now,
    )  # fmt: skip
    slip.digest = _digest(slip.id, code)
    slip.save(force_insert=True)
    journal.record(
        what=Fact.TAKEN_DOWN, subject=f"case:{received.case_id}", actor_id=actor.id, now=now,
        facts={"report": str(received.report_id), "channel": channel.value, "consent": str(consent.id)},
    )  # fmt: skip
    case = stepping.locked(received.case_id)
    if case.worker_id == actor.id:
        passing.pass_on_if_nobody_is_there(case, now=now)
    return TakenDown(received, code)


def _channel_of(caller: Caller) -> Channel:
    if caller.channel not in (Channel.COUNTER, Channel.TELEPHONE):
        raise HowTheyCame(field="channel")
    return Channel(caller.channel)


def _require_same(slip: Slip, sending: Sending, caller: Caller, actor: Person) -> None:
    """The same matter of the same person, taken down by the same hand."""
    if slip.taken_by_id != actor.id:
        raise NotThisId
    person = known.by_phone(people.phone_of(caller.phone)) if caller.phone.strip() else None
    named = slip.reporter.account_id is None and slip.reporter.name == as_seen(caller.name)
    is_theirs = slip.reporter_id == person.id if person is not None else named
    if not is_theirs or slip.report.content_hash != content_hash(sending.content()):
        raise AnotherMatter


def _reporter(caller: Caller, actor: Person, now: datetime) -> Person:
    person = known.by_phone(people.phone_of(caller.phone)) if caller.phone.strip() else None
    name = as_seen(caller.name)
    if person is not None and person.account is not None:
        if not known.is_theirs_today(person.account, now):
            raise NumberInDoubt(_("说不准这个号码还是不是账号主人的。号码空着、只填怎么称呼，一样登记"), field="phone")
        if name and person.name and not same_name(name, person.name):
            raise OfAnotherName(field="name")
        return person
    entering.may_name_callers(actor, now).require()
    if not name:
        # A number stands there already; what is missing is what to call them.
        raise NobodyNamed(_WITHOUT_ACCOUNT if caller.phone.strip() else None, field="name")
    return people.enter_at_counter(name=name, actor=actor, now=now)


def _printed_anew(slip: Slip, actor: Person, now: datetime) -> TakenDown:
    case = slip.report.case
    received = Received(slip.report_id, case.id, case.code, case.due_at, case.due_year)
    return TakenDown(received, _issue(slip, actor, now), is_again=True)


@transaction.atomic
def issue_again(*, report_id: UUID, actor: Person, now: datetime) -> TakenDown:
    """Another slip for a lost one, by whoever took it down or a colleague of their window; the old code is void."""
    slip = slips.with_case().select_for_update(of=("self",), no_key=True).filter(report=report_id).first()
    if slip is None or not may.is_at_its_window(actor, slip, now):
        raise NotVisible
    may.may_print_anew(actor, slip, now).require()
    return _printed_anew(slip, actor, now)


def _issue(slip: Slip, actor: Person, now: datetime) -> str:
    code = short_code()
    slip.digest, slip.issued_at = _digest(slip.id, code), now
    slip.save(update_fields=["digest", "issued_at"])
    journal.record(
        what=Fact.SLIP_ISSUED, subject=slip.report.case.subject, actor_id=actor.id, now=now,
        facts={"report": str(slip.report_id)},
    )  # fmt: skip
    return code


def is_good(slip: Slip, code: str) -> bool:
    """Whether this is the code that counts: the last one that was issued."""
    return slip.digest == _digest(slip.id, code)


def look_up(*, number: str, code: str, address: str, now: datetime) -> Case:
    """The case on a slip, for whoever holds the paper."""
    return find(number=number, code=code, address=address, now=now).report.case


def find(*, number: str, code: str, address: str, now: datetime) -> Slip:
    """The slip itself. A wrong try counts against the address it came from, and says nothing of what was wrong.

    The number is printed and public: nobody locks its holder out by trying codes from elsewhere.
    """
    number, code = (slips.plain(text) for text in (number, code))
    limits.spend_try(kind=TryKind.SLIP, number=f"slip:{number}", address=address, now=now)
    slip = _found(number, code)
    limits.forgive_from(kind=TryKind.SLIP, number=f"slip:{number}", address=address)
    return slip


def find_at_counter(*, number: str, code: str, hand: Person, address: str, now: datetime) -> Slip:
    """The slip that somebody holds before a colleague; only the wrong tries of that colleague count."""
    number, code = (slips.plain(text) for text in (number, code))
    theirs = f"slip:{number}:{hand.id}"
    limits.spend_try(kind=TryKind.SLIP_AT_COUNTER, number=theirs, address=address, now=now)
    slip = _found(number, code)
    limits.forgive(kind=TryKind.SLIP_AT_COUNTER, number=theirs)
    return slip


def _found(number: str, code: str) -> Slip:
    slip = next((one for one in slips.of_number(number) if is_good(one, code)), None)
    if slip is None:
        raise WrongSlip(field="code")
    return slip


def _digest(slip_id: UUID, code: str) -> str:
    return keyed_digest(f"cases.slip:{slip_id}", code)

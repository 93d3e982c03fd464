"""Admission review: what a department wants to bring into the grid, and whether it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.grid.models import Unit
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.rulebook import policies, queries, rules
from huipai.rulebook.commands.numbering import one_at_a_time, require_own_number, take_number
from huipai.rulebook.commands.refusals import (
    FieldTooLong,
    NotGridWork,
    NotWaiting,
    OfAnotherUnit,
    ProposalMoved,
    ReviewIsOpen,
    TooManyUndecided,
    WithoutReason,
    WrongEnd,
)
from huipai.rulebook.commands.telling import reason_of, record_proposal
from huipai.rulebook.models import PointItem, Proposal
from huipai.rulebook.rules import Terms, digest_of
from huipai.rulebook.words import (
    ADMISSION_AT_MOST,
    ADMITTED_LASTS,
    MOST_UNDECIDED,
    OPEN_REVIEWS,
    REVIEW_LASTS,
    Fact,
    Review,
)


@transaction.atomic
def propose(*, unit: Unit, proposer: Person, terms: Terms, now: datetime) -> Proposal:
    """Ask for an item in the name of a unit. What the linter refuses is kept as refused, with the rules it breaks.

    One open review a code: of two at once the second is refused, but where it is the unit's own in the same words.
    """
    policies.may_propose(proposer, unit, now).require()
    one_at_a_time()
    if same := _same(Proposal.objects.filter(unit=unit, code=terms.code), unit, terms):
        return same
    _require_own(unit, terms.code)
    require_own_number(terms)
    _require_few(unit)
    return _propose(unit, proposer, terms, now)


@transaction.atomic
def propose_new(*, unit: Unit, proposer: Person, terms: Terms, now: datetime) -> Proposal:
    """Ask for an item that has no number yet; it gets the next free one of its port, whatever code `terms` carries.

    The very same words sent twice are one proposal, as long as the first waits or breaks the same rules.
    """
    policies.may_propose(proposer, unit, now).require()
    terms = replace(terms, code=take_number(terms.port))
    if same := _same(Proposal.objects.filter(unit=unit), unit, terms):
        return same
    _require_few(unit)
    return _propose(unit, proposer, terms, now)


def _propose(unit: Unit, proposer: Person, terms: Terms, now: datetime) -> Proposal:
    terms = _of(unit, terms)
    findings = [finding.code for finding in rules.lint_asked(terms)]
    proposal = Proposal(
        unit=unit, proposer=proposer, code=terms.code, terms=rules.to_json(terms), findings=findings,
        state=Review.REFUSED if findings else Review.WAITING, proposed_at=now, due_at=now + REVIEW_LASTS,
        minutes_a_month=0 if findings else _minutes(terms),
    )  # fmt: skip
    _save_open(proposal)
    record_proposal(
        Fact.REFUSED if findings else Fact.PROPOSED,
        proposal,
        proposer,
        now,
        terms=proposal.digest,
        minutes=proposal.minutes_a_month,
        findings=findings,
    )
    return proposal


def _same(among: QuerySet[Proposal], unit: Unit, terms: Terms) -> Proposal | None:
    """What the unit has asked for already in these very words, under whichever number of these."""
    found = among.filter(state__in=(Review.WAITING, Review.REFUSED), terms__title=terms.title)
    for proposal in found.order_by("-proposed_at", "-id")[:MOST_UNDECIDED]:
        asked = _as_asked(unit, replace(terms, code=proposal.code))
        if _as_asked(unit, proposal.item_terms()) == asked and proposal.findings == [
            one.code for one in rules.lint_asked(asked)
        ]:
            return proposal
    return None


def _require_own(unit: Unit, code: str) -> None:
    """A change of what stands in the book for another unit is that unit's to ask for."""
    stands = PointItem.objects.filter(version__in=queries.published(), code=code, admission__isnull=False)
    last = stands.select_related("admission__unit").order_by("-version__number").first()
    if last is not None and last.admission is not None and last.admission.unit_id != unit.id:
        raise OfAnotherUnit(
            _("这一条是「%(unit)s」的，要改由它来提") % {"unit": last.admission.unit.name}, field="code"
        )


def _require_few(unit: Unit) -> None:
    undecided = Proposal.objects.filter(unit=unit, state__in=(Review.WAITING, Review.RETURNED))
    if undecided.count() >= MOST_UNDECIDED:
        raise TooManyUndecided


def _of(unit: Unit, terms: Terms) -> Terms:
    """What the department asks for, each field with what the street says of it now: the review keeps that."""
    terms = _as_asked(unit, terms)
    asked = rules.listed(terms.asked_fields, queries.said_of_fields())
    _require_room(terms.asked_fields, asked, "asked_fields")
    return replace(terms, asked_fields=asked)


def _as_asked(unit: Unit, terms: Terms) -> Terms:
    asked = rules.without_judgement(terms.asked_fields)
    return replace(terms, owner=unit.name, admitted_until=None, asked_fields=asked)


def _require_room(fields: Sequence[str], said: Sequence[str], name: str) -> None:
    changed = [rules.unjudged(field) for field, now in zip(fields, said, strict=True) if field != now]
    if any(len(field) > rules.LONGEST_JUDGED for field in changed):
        raise FieldTooLong(field=name)


@transaction.atomic
def propose_again(*, proposal_id: UUID, proposer: Person, terms: Terms, now: datetime) -> Proposal:
    """Hand in again what was given back, mended. What the linter refuses now stays with the department."""
    proposal = _locked(proposal_id)
    _require_in(proposal, Review.RETURNED)
    policies.may_propose(proposer, proposal.unit, now).require()
    terms = _of(proposal.unit, replace(terms, code=proposal.code))
    for finding in rules.lint_asked(terms):
        raise finding
    require_own_number(terms)
    proposal.terms, proposal.minutes_a_month = rules.to_json(terms), _minutes(terms)
    proposal.state, proposal.due_at = Review.WAITING, now + REVIEW_LASTS
    proposal.decided_by, proposal.decided_at, proposal.reason = None, None, ""
    proposal.save()
    record_proposal(Fact.PROPOSED, proposal, proposer, now, terms=proposal.digest, minutes=proposal.minutes_a_month)
    return proposal


@transaction.atomic
def admit(
    *, proposal_id: UUID, seen: str, actor: Person, ground: str, until: date, reason: str, is_grid_work: bool,
    now: datetime, known: Mapping[str, bool] | None = None, known_reason: str = "",
) -> Proposal:  # fmt: skip
    """Let an item into the grid until a day, on a legal ground. The burden stands with it as it was computed.

    `seen`: the `digest` of what whoever decides was shown; refused where the department asks for something else by now.
    Whoever admits may say of a field that the system has it, or has it not, with a reason; the item then says so.
    Said twice it is said once.
    """
    proposal = _locked(proposal_id)
    if _is_decided_so(proposal, Review.ADMITTED, actor, reason) and proposal.admitted_until == until:
        return proposal
    _require_in(proposal, Review.WAITING)
    policies.may_review(actor, proposal, now).require()
    _require_as_shown(proposal, seen)
    if not is_grid_work:
        raise NotGridWork(field="is_grid_work")
    if not as_seen(ground) or not as_seen(reason):
        raise WithoutReason(field="reason" if as_seen(ground) else "ground")
    today = queries.local_date(now)
    if not today < until <= today + ADMISSION_AT_MOST:
        raise WrongEnd(field="until")
    asked = _judge(proposal, known or {}, reason_of(known_reason, field="known_reason"))
    ground = reason_of(ground, field="ground")
    terms = replace(proposal.item_terms(), legal_ground=ground, admitted_until=until, asked_fields=asked)
    for finding in rules.lint(terms):
        raise finding
    proposal.terms, proposal.minutes_a_month = rules.to_json(terms), _minutes(terms)
    proposal.is_grid_work, proposal.admitted_until = True, until
    proposal.due_at = now + ADMITTED_LASTS
    _decide(proposal, Review.ADMITTED, actor, reason, now)
    record_proposal(
        Fact.ADMITTED, proposal, actor, now, minutes=proposal.minutes_a_month, until=until.isoformat(),
        terms=proposal.digest, reason=digest_of(proposal.reasons()),
        is_grid_work=True,
    )  # fmt: skip
    return proposal


def _judge(proposal: Proposal, known: Mapping[str, bool], reason: str) -> tuple[str, ...]:
    """The fields with what is said of them; why stands with the proposal where that is not what was computed."""
    fields = proposal.item_terms().asked_fields
    asked = rules.judged(fields, known)
    proposal.known_reason = reason if asked != fields else ""
    if asked != fields and not reason:
        raise WithoutReason(_("您说的和算出来的不一样，写一句为什么"), field="known_reason")
    _require_room(fields, asked, "known_reason")
    return asked


@transaction.atomic
def give_back(*, proposal_id: UUID, seen: str, actor: Person, reason: str, now: datetime) -> Proposal:
    """Ask the department to mend it; it has two weeks. Said twice it is said once; `seen` as in `admit`."""
    proposal = _locked(proposal_id)
    if _is_decided_so(proposal, Review.RETURNED, actor, reason):
        return proposal
    _require_in(proposal, Review.WAITING)
    policies.may_review(actor, proposal, now).require()
    _require_as_shown(proposal, seen)
    proposal.due_at = now + REVIEW_LASTS
    _decide(proposal, Review.RETURNED, actor, reason, now)
    record_proposal(Fact.RETURNED, proposal, actor, now, reason=digest_of(proposal.reasons()))
    return proposal


@transaction.atomic
def decline(*, proposal_id: UUID, seen: str, actor: Person, reason: str, is_grid_work: bool, now: datetime) -> Proposal:
    """Do not let it into the grid, and say why. Said twice it is said once; `seen` as in `admit`."""
    proposal = _locked(proposal_id)
    if _is_decided_so(proposal, Review.DECLINED, actor, reason) and proposal.is_grid_work is is_grid_work:
        return proposal
    _require_in(proposal, Review.WAITING)
    policies.may_review(actor, proposal, now).require()
    _require_as_shown(proposal, seen)
    proposal.is_grid_work = is_grid_work
    _decide(proposal, Review.DECLINED, actor, reason, now)
    record_proposal(
        Fact.DECLINED, proposal, actor, now, reason=digest_of(proposal.reasons()), is_grid_work=is_grid_work
    )
    return proposal


@transaction.atomic
def take_proposal_back(*, proposal_id: UUID, actor: Person, reason: str, now: datetime) -> Proposal:
    """The department does not want it any more; not once it stands in a draft. Said twice it is said once."""
    proposal = _locked(proposal_id)
    if _is_decided_so(proposal, Review.WITHDRAWN, actor, reason):
        return proposal
    _require_in(proposal, *OPEN_REVIEWS)
    policies.may_propose(actor, proposal.unit, now).require()
    if queries.is_written(proposal):
        raise NotWaiting
    _decide(proposal, Review.WITHDRAWN, actor, reason, now)
    record_proposal(Fact.TAKEN_BACK, proposal, actor, now, reason=digest_of(proposal.reasons()))
    return proposal


def _locked(proposal_id: UUID) -> Proposal:
    found = Proposal.objects.select_for_update(of=("self",), no_key=True).select_related("unit").filter(pk=proposal_id)
    proposal = found.first()
    if proposal is None:
        raise NotVisible
    return proposal


def _require_in(proposal: Proposal, *states: Review) -> None:
    if proposal.state not in states:
        raise NotWaiting


def _require_as_shown(proposal: Proposal, seen: str) -> None:
    if seen != proposal.digest:
        raise ProposalMoved


def _is_decided_so(proposal: Proposal, state: Review, actor: Person, reason: str) -> bool:
    """Whether this very decision has been made by this very person already."""
    said = reason_of(reason, field="reason")
    return (proposal.state, proposal.decided_by_id, proposal.reason) == (state, actor.id, said)


def _decide(proposal: Proposal, state: Review, actor: Person, reason: str, now: datetime) -> None:
    if not as_seen(reason):
        raise WithoutReason(field="reason")
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor, now
    proposal.reason = reason_of(reason, field="reason")
    proposal.save()


def _save_open(proposal: Proposal) -> None:
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name != "rulebook_one_open_review":
            raise
        raise ReviewIsOpen(field="code") from error


def _minutes(terms: Terms) -> int:
    return int(rules.price(terms).hours * 60)

"""What a household is thanked for: proposed, decided by another, shown in public, posted by the clock."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.households import policies, queries
from huipai.households.commands.refusals import (
    AfterTheStop,
    AssessedAlready,
    AssessmentMoved,
    EndTooNear,
    NotAQuarter,
    NotForHouseholds,
    NotLinkedThen,
    ObjectedBefore,
    ObjectionWaits,
    ReasonMissing,
    TooLateToObject,
)
from huipai.households.commands.telling import said, short, tell
from huipai.households.models import Assessment, Objection
from huipai.households.rules import last_of, quarter_after, quarter_of
from huipai.households.words import PUBLIC_DAYS, AssessmentState, Fact, RefusalReason
from huipai.kit.lines import as_seen
from huipai.kit.sheets import beginning_of
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.points import commands as points
from huipai.points import queries as ledger
from huipai.points.commands.claims.settling import resumed_until
from huipai.points.words import Why
from huipai.rulebook import queries as rulebook
from huipai.rulebook.words import Earner


@transaction.atomic
def propose(
    *, household: GridNode, item_code: str, quarter: Date, note: str, actor: Person, now: datetime
) -> Assessment:
    """Say that a household did what an item of the rulebook thanks for, in a quarter that is over. Twice is once.

    It was linked or in a group in that quarter, as it had agreed to be, and the item was in force in it. When the
    scheme ends, the quarter was over before awards stopped, and its week in public is over before exchange is. What
    an objection put an end to is proposed again by others than those who had a part in it.
    """
    words = short(note, field="note")
    standing = Assessment.objects.filter(household=household, item_code=item_code, quarter=quarter)
    mine = standing.filter(proposed_by=actor, state=AssessmentState.PROPOSED, note=words)
    if known := mine.first():
        return known
    policies.may_propose(actor, household, now).require()
    policies.may_take_up_again(actor, household, item_code, quarter).require()
    today = local_date(now)
    if quarter != quarter_of(quarter) or quarter_after(quarter) > today or (today - quarter).days > 366:
        raise NotAQuarter(field="quarter")
    begin, end = beginning_of(quarter), beginning_of(quarter_after(quarter))
    if not queries.was_linked(household, begin, end):
        raise NotLinkedThen(field="quarter")
    for at in (last_of(quarter), now):
        item = rulebook.item_in_force(item_code, at)
        if item is None or Earner.HOUSEHOLD not in item.earners:
            raise NotForHouseholds(field="item_code")
    _require_payable(quarter, now)
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                household=household, item_code=item_code, quarter=quarter, note=words, proposed_by=actor,
                proposed_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        if known := mine.first():
            return known
        raise AssessedAlready from error
    tell(
        Fact.ASSESSED, assessment.subject, actor, now, household=household.pk, item=item_code,
        quarter=quarter.isoformat(),
    )  # fmt: skip
    return assessment


@transaction.atomic
def approve(*, assessment_id: UUID, actor: Person, now: datetime) -> Assessment:
    """A second person says yes: it stands in public for a week before anything is posted. Twice is once.

    Refuses what could not be paid after that week, as the scheme has ended.
    """
    assessment = _locked(assessment_id)
    policies.may_decide(actor, assessment, now).require()
    if assessment.state == AssessmentState.PUBLIC and assessment.decided_by_id == actor.pk:
        return assessment
    _require(assessment, AssessmentState.PROPOSED)
    _require_payable(assessment.quarter, now)
    assessment.state, assessment.decided_by, assessment.decided_at = AssessmentState.PUBLIC, actor, now
    assessment.public_until = now + timedelta(days=PUBLIC_DAYS)
    assessment.save()
    tell(Fact.ASSESSMENT_PUBLICISED, assessment.subject, actor, now, household=assessment.household_id)
    return assessment


@transaction.atomic
def refuse(*, assessment_id: UUID, reason: str, actor: Person, now: datetime) -> Assessment:
    """A second person says no, and why. Twice is once."""
    assessment = _locked(assessment_id)
    policies.may_decide(actor, assessment, now).require()
    if reason not in RefusalReason.values or reason == RefusalReason.OBJECTION:
        raise ReasonMissing(field="reason")
    said_before = (AssessmentState.REFUSED, reason, actor.pk)
    if (assessment.state, assessment.reason, assessment.decided_by_id) == said_before:
        return assessment
    _require(assessment, AssessmentState.PROPOSED)
    _refuse(assessment, RefusalReason(reason), actor, now)
    return assessment


def _refuse(assessment: Assessment, reason: RefusalReason, actor: Person, now: datetime) -> None:
    if assessment.decided_by is None:
        assessment.decided_by = actor
    assessment.state, assessment.reason, assessment.decided_at = AssessmentState.REFUSED, reason, now
    assessment.save()
    tell(Fact.ASSESSMENT_REFUSED, assessment.subject, actor, now, household=assessment.household_id, reason=reason)


@transaction.atomic
def object_to(*, assessment_id: UUID, text: str, actor: Person, now: datetime) -> Objection:
    """Anybody else who had no part in it says that it is not right, once; its time in public stands still until that is
    decided, and nothing is posted."""
    assessment = _locked(assessment_id)
    mine = list(Objection.objects.filter(assessment=assessment, objector=actor).order_by("raised_at"))
    if (same := next((one for one in mine if one.text == as_seen(text)), None)) is not None:
        return same
    is_paused = Objection.objects.filter(assessment=assessment, decided_at=None).exists()
    has_ended = (assessment.public_until or now) <= now and not is_paused
    is_over = has_ended or not _is_at_home(assessment)
    if assessment.state != AssessmentState.PUBLIC or is_over:
        raise TooLateToObject
    if mine:
        raise ObjectedBefore
    policies.may_object(actor, assessment, now).require()
    words = said(text, field="text")
    try:
        with transaction.atomic():
            objection = Objection.objects.create(assessment=assessment, objector=actor, text=words, raised_at=now)
    except IntegrityError as error:
        raise ObjectionWaits from error
    tell(Fact.ASSESSMENT_OBJECTED, assessment.subject, actor, now, objection=objection.pk)
    return objection


@transaction.atomic
def uphold(*, objection_id: UUID, answer: str, actor: Person, now: datetime) -> Objection:
    """The objection is right: the household is not given these points. Twice is once."""
    if known := _decided_so(objection_id, answer, True, actor):
        return known
    objection = _decide(objection_id, answer, True, actor, now)
    _tell_decided(objection, "upheld", actor, now)
    _refuse(objection.assessment, RefusalReason.OBJECTION, actor, now)
    return objection


@transaction.atomic
def dismiss(*, objection_id: UUID, answer: str, actor: Person, now: datetime) -> Objection:
    """The objection is not right; the time in public goes on for what was left of it. Twice is once."""
    if known := _decided_so(objection_id, answer, False, actor):
        return known
    objection = _decide(objection_id, answer, False, actor, now)
    assessment = objection.assessment
    assessment.public_until = resumed_until(objection.raised_at, assessment.public_until, now)
    assessment.save(update_fields=["public_until"])
    _tell_decided(objection, "dismissed", actor, now, until=assessment.public_until.isoformat())
    return objection


def _decided_so(objection_id: UUID, answer: str, is_upheld: bool, actor: Person) -> Objection | None:
    """The objection, if this person has decided it so in these words: whoever did not hear it hears it again.

    Of two at once the second waits until the first is done.
    """
    asked = Objection.objects.filter(pk=objection_id).first()
    if asked is None:
        return None
    assessment = _locked(asked.assessment_id)
    objection = Objection.objects.get(pk=objection_id)
    objection.assessment = assessment
    before = (objection.decided_by_id, objection.is_upheld, objection.answer)
    return objection if before == (actor.pk, is_upheld, as_seen(answer)) else None


def _decide(objection_id: UUID, answer: str, is_upheld: bool, actor: Person, now: datetime) -> Objection:
    found = Objection.objects.filter(pk=objection_id).first()
    if found is None:
        raise NotVisible
    assessment = _locked(found.assessment_id)
    objection = Objection.objects.select_for_update(of=("self",), no_key=True).get(pk=objection_id)
    objection.assessment = assessment
    policies.may_decide_objection(actor, objection, now).require()
    if objection.decided_at is not None or assessment.state != AssessmentState.PUBLIC:
        raise AssessmentMoved
    objection.answer = said(answer, field="answer")
    objection.decided_by, objection.decided_at, objection.is_upheld = actor, now, is_upheld
    objection.save()
    return objection


def _tell_decided(objection: Objection, result: str, actor: Person, now: datetime, **until: str) -> None:
    subject = objection.assessment.subject
    tell(Fact.OBJECTION_DECIDED, subject, actor, now, objection=objection.pk, result=result, **until)


@transaction.atomic
def post(*, assessment_id: UUID, now: datetime) -> Assessment | None:
    """Its time in public is over and nobody objects: the ledger gives what the rulebook says. Nothing otherwise.

    The version is the one in force when it was proposed (ruling 20); its limits count in the quarter that it is for.
    A no of the rulebook is kept with its reason.
    """
    assessment = _locked(assessment_id)
    over = assessment.public_until is not None and assessment.public_until <= now
    waits = Objection.objects.filter(assessment=assessment, decided_at=None).exists()
    if assessment.state != AssessmentState.PUBLIC or not over or waits:
        return None
    outcome = _award(assessment, now)
    posted = outcome.posting is not None
    assessment.state = AssessmentState.POSTED if posted else AssessmentState.UNPAID
    assessment.posting_id, assessment.why = outcome.posting.id if outcome.posting else None, outcome.why
    assessment.save()
    fact = Fact.ASSESSMENT_POSTED if posted else Fact.ASSESSMENT_UNPAID
    tell(fact, assessment.subject, None, now, household=assessment.household_id, why=outcome.why)
    return assessment


@transaction.atomic
def end_with_family(*, household: GridNode, actor: Person | None, now: datetime) -> int:
    """End what a family that has left is still to be thanked for, decided on or not; the number. Twice is once.

    They are told by a follower. Part of the transaction in which others begin to live there.
    """
    pending = Assessment.objects.select_for_update(of=("self",), no_key=True).filter(
        household=household, state__in=(AssessmentState.PROPOSED, AssessmentState.PUBLIC)
    )
    ended = list(pending.order_by("id"))
    for assessment in ended:
        assessment.state, assessment.why = AssessmentState.UNPAID, Why.MOVED_AWAY
        assessment.save()
        tell(
            Fact.ASSESSMENT_UNPAID, assessment.subject, actor, now, household=assessment.household_id,
            why=Why.MOVED_AWAY,
        )  # fmt: skip
    return len(ended)


def _award(assessment: Assessment, now: datetime) -> points.Outcome:
    if not _is_at_home(assessment):
        return points.Outcome(Why.MOVED_AWAY)
    return points.award_household(
        item_code=assessment.item_code, subject=assessment.subject, household=assessment.household,
        received_at=assessment.proposed_at, actor=assessment.decided_by, now=now,
        counts_at=last_of(assessment.quarter), beside=_beside(assessment),
    )  # fmt: skip


def _beside(assessment: Assessment) -> dict[str, datetime]:
    """When the other incentives by this item count, each in its own quarter."""
    same = Assessment.objects.filter(household=assessment.household, item_code=assessment.item_code)
    return {one.subject: last_of(one.quarter) for one in same.exclude(pk=assessment.pk)}


def _require_payable(quarter: Date, now: datetime) -> None:
    """Refuse what the end of the scheme would leave unpaid, before a name stands in public for it."""
    end = ledger.closing()
    if end is None:
        return
    if last_of(quarter) >= end.awards_until:
        raise AfterTheStop(field="quarter")
    if now + timedelta(days=PUBLIC_DAYS) >= end.redeem_until:
        raise EndTooNear


def _require(assessment: Assessment, state: AssessmentState) -> None:
    if assessment.state != state or not _is_at_home(assessment):
        raise AssessmentMoved


def _is_at_home(assessment: Assessment) -> bool:
    """Whether those whom it thanks still live there, and nobody who came after them."""
    return grid.is_of_those_living(assessment.household_id, assessment.proposed_at)


def _locked(assessment_id: UUID) -> Assessment:
    found = Assessment.objects.select_for_update(of=("self",), no_key=True).select_related("household", "decided_by")
    assessment = found.filter(pk=assessment_id).first()
    if assessment is None:
        raise NotVisible
    return assessment

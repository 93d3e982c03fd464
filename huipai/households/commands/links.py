"""Links: one side asks, the other answers; the household says how it wishes to be reached; either side ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.households import policies
from huipai.households.commands.needs import let_go_of_needs, put_back_each
from huipai.households.commands.refusals import (
    AskedEnough,
    BeforeTheLink,
    ContactGone,
    LinkMoved,
    NotAHousehold,
    NotedAlready,
    NotThatDay,
    NotWished,
    QuestionsWait,
    SaidNoLately,
)
from huipai.households.commands.telling import short, tell
from huipai.households.models import Link, Need, Visit
from huipai.households.queries import asking, standing
from huipai.households.words import (
    ASK_AGAIN_DAYS,
    MOST_QUESTIONS,
    MOST_QUESTIONS_A_DAY,
    OLDEST_VISIT_DAYS,
    Fact,
    LinkState,
    Reason,
    Side,
    Way,
)
from huipai.kit import days
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.people.rules import local_date


@dataclass(frozen=True)
class Wishes:
    """How a household wishes to be reached; no ways said: all of them."""

    ways: tuple[Way, ...] = ()
    not_before: time | None = None
    not_after: time | None = None


@transaction.atomic
def ask_household(*, household: GridNode, contact: Person, now: datetime) -> Link:
    """A contact asks to be linked with a household; its grown-ups are told and answer. Twice is once; where the
    household has asked them, both have said yes.

    Whom it told no asks again after a while only; others may ask, and the household may ask them, at any time.
    """
    _require_household(household)
    policies.may_be_contact(contact, household, now).require()
    _require_no_late_no(household, contact, now)
    return _ask(household, contact, by=contact, side=Side.CONTACT, now=now)


@transaction.atomic
def ask_contact(*, household: GridNode, contact: Person, actor: Person, now: datetime) -> Link:
    """A grown-up of a household asks somebody of its place to be its contact. Twice is once; where that person has
    asked the household, both have said yes.

    A household waits for few answers at a time and asks a few times a day: each question rings at somebody's.
    """
    _require_household(household)
    policies.may_speak_for(actor, household, now).require()
    policies.may_be_asked(contact, household, now).require()
    _require_few_questions(household, contact, now)
    return _ask(household, contact, by=actor, side=Side.HOUSEHOLD, now=now)


def _require_household(household: GridNode) -> None:
    if household.level != Level.HOUSEHOLD:
        raise NotAHousehold(field="household")


def _require_few_questions(household: GridNode, contact: Person, now: datetime) -> None:
    """Those of one household come one after the other."""
    GridNode.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    if asking.open_link_of(household, contact) is not None:
        return
    if asking.unanswered(household) >= MOST_QUESTIONS:
        raise QuestionsWait
    if asking.asked_since(household, now - timedelta(days=1)) >= MOST_QUESTIONS_A_DAY:
        raise AskedEnough


def _require_no_late_no(household: GridNode, contact: Person, now: datetime) -> None:
    between = Link.objects.filter(grid.of_those_living("household", "asked_at"), household=household, contact=contact)
    if between.filter(state__in=(LinkState.PROPOSED, LinkState.STANDING)).exists():
        return
    said_no = between.filter(asked_by_side=Side.CONTACT, state=LinkState.DECLINED, answered_at__isnull=False)
    last = said_no.order_by("-answered_at").first()
    if last is None or last.answered_at is None:
        return
    today, again = local_date(now), local_date(last.answered_at) + timedelta(days=ASK_AGAIN_DAYS)
    if today < again:
        raise SaidNoLately(_("这一户上次说了不用，%(day)s起才能再问") % {"day": days.near(again, today)})


def _ask(household: GridNode, contact: Person, *, by: Person, side: Side, now: datetime) -> Link:
    try:
        with transaction.atomic():
            link = Link.objects.create(
                household=household, contact=contact, asked_by_side=side, asked_by=by, asked_at=now
            )
    except IntegrityError:
        stored = Link.objects.get(
            household=household, contact=contact, state__in=(LinkState.PROPOSED, LinkState.STANDING)
        )
        if stored.state == LinkState.STANDING or stored.asked_by_side == side:
            return stored
        return _answer(stored.pk, LinkState.STANDING, Fact.LINK_STANDS, by, now)
    tell(Fact.LINK_PROPOSED, f"link:{link.pk}", by, now, household=household.pk, person=contact.pk, side=side)
    return link


@transaction.atomic
def accept(*, link_id: UUID, actor: Person, now: datetime) -> Link:
    """Both sides have said yes: the link stands. Refused where the contact may be none there now. Twice is once."""
    return _answer(link_id, LinkState.STANDING, Fact.LINK_STANDS, actor, now)


@transaction.atomic
def decline(*, link_id: UUID, actor: Person, now: datetime) -> Link:
    """The other side does not want it; no reason is asked for. Twice is once."""
    return _answer(link_id, LinkState.DECLINED, Fact.LINK_DECLINED, actor, now)


def _answer(link_id: UUID, state: LinkState, fact: Fact, actor: Person, now: datetime) -> Link:
    link = _locked(link_id)
    policies.may_answer(actor, link, now).require()
    if link.state == state and link.answered_by_id == actor.pk:
        return link
    if link.state != LinkState.PROPOSED:
        raise LinkMoved
    if state == LinkState.STANDING and not policies.may_be_contact(link.contact, link.household, now):
        raise ContactGone
    link.state, link.answered_by, link.answered_at = state, actor, now
    link.save(update_fields=["state", "answered_by", "answered_at"])
    tell(fact, f"link:{link.pk}", actor, now, household=link.household_id, person=link.contact_id)
    return link


@transaction.atomic
def end(*, link_id: UUID, actor: Person, now: datetime) -> Link:
    """Either side ends it, without a reason; what the contact had in hand can be taken by others again."""
    link = _locked(link_id)
    policies.may_end_link(actor, link, now).require()
    if link.state == LinkState.ENDED:
        return link
    if link.state == LinkState.DECLINED:
        raise LinkMoved
    link.state, link.ended_at = LinkState.ENDED, now
    link.save(update_fields=["state", "ended_at"])
    tell(Fact.LINK_ENDED, f"link:{link.pk}", actor, now, household=link.household_id, person=link.contact_id)
    let_go_of_needs(household=link.household, contact=link.contact, actor=actor, now=now)
    return link


@transaction.atomic
def lapse(*, link_id: UUID, now: datetime) -> bool:
    """A link or a question whose contact may be none there any more ends, and what they had in hand is open again.

    Its household is told by a follower. False where they may be one still, or it had ended. Twice is once.
    """
    link = _locked(link_id)
    may_be_one = policies.may_be_contact(link.contact, link.household, now)
    if link.state not in (LinkState.PROPOSED, LinkState.STANDING) or may_be_one:
        return False
    link.state, link.ended_at = LinkState.ENDED, now
    link.save(update_fields=["state", "ended_at"])
    tell(Fact.LINK_LAPSED, f"link:{link.pk}", None, now, household=link.household_id, person=link.contact_id)
    put_back_each(Need.objects.filter(household=link.household, taken_by=link.contact), now=now)
    return True


def lapse_each(links: QuerySet[Link], *, now: datetime) -> int:
    """The same for those of these whose contact may be none there any more; the number. Twice is once."""
    left = standing.left_by_contacts(links, now)
    return sum(lapse(link_id=link_id, now=now) for link_id in list(left.values_list("id", flat=True)))


@transaction.atomic
def wish(*, link_id: UUID, wishes: Wishes, actor: Person, now: datetime) -> Link:
    """The household says how and when it wishes to be reached; the contact sees it and is held to it."""
    link = _locked(link_id)
    policies.may_speak_for(actor, link.household, now).require()
    if link.state != LinkState.STANDING:
        raise LinkMoved
    link.ways = list(dict.fromkeys(wishes.ways))
    link.not_before, link.not_after = wishes.not_before, wishes.not_after
    try:
        with transaction.atomic():
            link.save(update_fields=["ways", "not_before", "not_after"])
    except IntegrityError as error:
        raise Invalid(field="not_after") from error
    tell(
        Fact.WISHES_CHANGED, f"link:{link.pk}", actor, now, ways=",".join(link.ways),
        hours=f"{link.not_before or ''}-{link.not_after or ''}",
    )  # fmt: skip
    return link


@transaction.atomic
def note_visit(
    *, link_id: UUID, way: Way, reason: Reason, note: str, visited_on: Date, need_id: UUID | None, actor: Person,
    now: datetime,
) -> Visit:  # fmt: skip
    """A contact notes that they came by, on a day on which the link stood, in a way that the household wishes. Twice is
    once.

    A second for the same reason on one day, in other words, is refused: nothing that was typed is dropped.
    """
    link = _locked(link_id)
    if actor.pk != link.contact_id:
        raise NotVisible
    if link.state != LinkState.STANDING or not policies.may_be_contact(actor, link.household, now):
        raise LinkMoved
    if link.ways and way not in link.ways:
        raise NotWished(field="way")
    today = local_date(now)
    if not today - timedelta(days=OLDEST_VISIT_DAYS) <= visited_on <= today:
        raise NotThatDay(field="visited_on")
    since = local_date(link.answered_at or link.asked_at)
    if visited_on < since:
        told = _("那天还没有结对，只记 %(day)s起的走访") % {"day": days.near(since, today)}
        raise BeforeTheLink(told, field="visited_on")
    need = Need.objects.filter(pk=need_id, household=link.household).first() if need_id else None
    words = short(note, field="note")
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                link=link, need=need, way=way, reason=reason, note=words, visited_on=visited_on, noted_at=now
            )
    except IntegrityError:
        noted = Visit.objects.get(link=link, visited_on=visited_on, reason=reason, need=need)
        if (noted.way, noted.note) != (way, words):
            raise NotedAlready(field="note") from None
        return noted
    tell(
        Fact.VISITED,
        f"visit:{visit.pk}",
        actor,
        now,
        link=link.pk,
        reason=reason,
        way=way,
        day=visited_on.isoformat(),
        need=need.pk if need else "",
    )
    return visit


@transaction.atomic
def deny_visit(*, visit_id: UUID, actor: Person, now: datetime) -> Visit:
    """The household says that nobody came; the coordinator sees it. Twice is once."""
    visit = (
        Visit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("link__household")
        .filter(pk=visit_id)
        .first()
    )
    if visit is None or not grid.is_of_those_living(visit.link.household_id, visit.noted_at):
        raise NotVisible
    if not policies.may_speak_for(actor, visit.link.household, now):
        raise NotVisible
    if visit.denied_at is not None:
        if visit.denied_by_id == actor.pk:
            return visit
        raise Moved
    visit.denied_by, visit.denied_at = actor, now
    visit.save(update_fields=["denied_by", "denied_at"])
    tell(Fact.VISIT_DENIED, f"visit:{visit.pk}", actor, now, link=visit.link_id)
    return visit


def _locked(link_id: UUID) -> Link:
    link = (
        Link.objects.select_for_update(of=("self",), no_key=True).select_related("household").filter(pk=link_id).first()
    )
    if link is None:
        raise NotVisible
    return link

"""What somebody reported, as they look for it: by how it stands, by words, for themselves or for an elder."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from huipai.cases import queries
from huipai.cases.models import (
    Addition,
    Case,
    Confirmation,
    GoodDeed,
    OwnFind,
    Question,
    Report,
    Slip,
    UnitRequest,
    WorkOrder,
)
from huipai.cases.order_words import Decision, RequestKind
from huipai.cases.rules.lateness import ENDED
from huipai.cases.words import Action, Actor, OwnView, ReportState, State
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.words import ProxyScope

_REFUSED = (State.DECLINED, State.NOT_FILED, State.VOIDED)


def reports_of(person: Person, view: OwnView, words: str) -> QuerySet[Report]:
    """Reports of one person, latest first."""
    rows = queries.reported_by(person).select_related("case__unit")
    if view == OwnView.REPLY:
        rows = rows.filter(waits_for(person))
    elif view == OwnView.RUNNING:
        rows = rows.exclude(case__state__in=ENDED)
    elif view == OwnView.DONE:
        rows = rows.filter(case__state__in=(State.CLOSED, State.MERGED))
    elif view == OwnView.REFUSED:
        rows = rows.filter(case__state__in=_REFUSED)
    return rows.filter(_says(words, person)) if words else rows


def sent_by(person: Person, report_id: UUID) -> Report | None:
    """This report, if it is theirs or they sent it for an elder."""
    theirs = Report.objects.filter(Q(reporter=person) | Q(help__helper=person, help__has_sent=True), pk=report_id)
    return theirs.select_related("case__node", "case__case_type", "case__unit", "reporter").first()


def has_sent(person: Person, form_id: UUID) -> bool:
    """Whether something came in under this id by their hand, whichever form it was."""
    return (
        sent_by(person, form_id) is not None
        or Slip.objects.filter(report=form_id, taken_by=person).exists()
        or GoodDeed.objects.filter(pk=form_id, reporter=person).exists()
        or OwnFind.objects.filter(pk=form_id, worker=person).exists()
    )


def last_pressed_at(case: Case) -> datetime | None:
    """When the desk last urged whoever has it, or put it under its eye; what a reporter pressed is their own word."""
    pressed = case.transitions.filter(action__in=(Action.URGE, Action.SUPERVISE)).exclude(part=Actor.REPORTER)
    return pressed.order_by("-position").values_list("happened_at", flat=True).first()


def more_time_until(case: Case) -> datetime | None:
    """Until when the unit that leads it has time now, where more was granted after the promise was broken.

    Then the promise stands as it was, and this day is another.
    """
    granted = UnitRequest.objects.filter(
        order=OuterRef("pk"), kind=RequestKind.EXTENSION, decision=Decision.GRANTED, moves_the_promise=False
    )
    orders = WorkOrder.objects.live().leading().filter(Exists(granted), case=case)
    return orders.values_list("due_at", flat=True).first()


def waits_for(person: Person) -> Q:
    """Reports whose case waits for a word of this person: an answer, or whether it is solved."""
    asked = Question.objects.filter(case=OuterRef("case"), closed_at=None)
    solved = Confirmation.objects.filter(
        case=OuterRef("case"), report__reporter=person, answer="", case__state=State.CONFIRMING
    )
    return (Q(Exists(asked)) & ~Q(state=ReportState.WITHDRAWN)) | Q(Exists(solved))


def _says(words: str, person: Person) -> Q:
    """What their page shows of it: of a case that they joined the address is whoever's who reported it first."""
    return (
        Q(text__icontains=words)
        | Q(Exists(Addition.objects.filter(report=OuterRef("pk"), text__icontains=words)))
        | Q(case__code=words.upper())
        | Q(Exists(Case.objects.filter(merged_into=OuterRef("case"), code=words.upper())))
        | Q(case__address__icontains=words, case__reporter=person)
        | Q(case__case_type__name__icontains=words)
        | Q(case__node__name__icontains=words)
    )


def parts_to_dispute(case: Case) -> list[Case]:
    """What was split off and is done, the first first: a dispute may name it."""
    parts = case.parts.waiting_with_their_whole().select_related("case_type", "unit")
    return list(parts.order_by("reported_at", "id"))


def question_of(case: Case, question_id: str) -> Question | None:
    """The question that a form answers, open or not; None where it names none of this case."""
    try:
        wanted = UUID(question_id)
    except ValueError:
        return None
    return Question.objects.filter(case=case, pk=wanted).first()


def question_to(person: Person, case: Case) -> Question | None:
    """What staff asks this reporter now; nobody who took back their report is asked."""
    return None if has_taken_back(person, case) else open_question(case)


def has_taken_back(person: Person, case: Case) -> bool:
    """Whether this person reported it, or the whole of which it is a part, and does not any more."""
    reports = Report.objects.filter(case=case.parent_id or case.id, reporter=person)
    return reports.exists() and not reports.exclude(state=ReportState.WITHDRAWN).exists()


def open_question(case: Case) -> Question | None:
    return Question.objects.filter(case=case, closed_at=None).first()


def confirmation_of(case: Case, person: Person) -> Confirmation | None:
    """The question whether it is solved, while this person's answer to it is still to come."""
    asked = Confirmation.objects.filter(case=case, round=case.round, report__reporter=person, answer="")
    return asked.first() if case.state == State.CONFIRMING else None


def community_of(case: Case) -> str:
    """The community in whose hands it is while no unit has it: a place, never a person."""
    over = GridNode.objects.filter(pk__in=case.node.ids_above(), level=Level.COMMUNITY)
    return over.values_list("name", flat=True).first() or case.node.name


def elder_of(helper: Person, elder_id: UUID, scope: ProxyScope, at: datetime) -> Person | None:
    """For whom somebody may do this now, if they may."""
    return people.elders_helped_by(helper, scope, at).filter(pk=elder_id).first()


def elders_of(helper: Person, scope: ProxyScope, at: datetime) -> list[Person]:
    """For whom somebody may do this."""
    return list(people.elders_helped_by(helper, scope, at).order_by("id"))

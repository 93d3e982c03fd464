"""Reading cases. Every list begins with what a person may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from huipai.cases.models import (
    Case,
    CasePhoto,
    Check,
    Confirmation,
    Note,
    Report,
    ReportHelp,
    Slip,
    Transition,
)
from huipai.cases.models.case import CaseQuerySet
from huipai.cases.queries import said
from huipai.cases.rules import whereabouts
from huipai.cases.words import Action, Moment, State
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.models import Photo

# Who sees the cases of the part of the tree they are assigned to. The auditor reads who opened what, not the cases
# themselves (decision 0062).
ROLES_WITH_A_VIEW = (
    Role.GRID_WORKER, Role.COORDINATOR, Role.DISPATCHER, Role.LEADER,
)  # fmt: skip


def visible_to(person: Person, at: datetime) -> CaseQuerySet:
    """The cases `person` may see: their own, those of their part of the grid, those they were drawn to check."""
    nodes = _nodes_of(person, ROLES_WITH_A_VIEW, at)
    own = _reported_by(person)
    drawn = Q(Exists(Check.objects.filter(case=OuterRef("pk"), checker=person)))
    return Case.objects.filter(own | drawn | Q(worker=person) | within(nodes))


def looks_after(person: Person, case: Case, at: datetime) -> bool:
    """Whether they see the case for their part of the grid or because they have it; not by a look they once took."""
    nodes = _nodes_of(person, ROLES_WITH_A_VIEW, at)
    return Case.objects.filter(Q(worker=person) | within(nodes), pk=case.pk).exists()


def _nodes_of(person: Person, roles: tuple[Role, ...], at: datetime) -> list[GridNode]:
    """The nodes for which a person acts in one of these roles, asked once."""
    acting = (assignment for assignment in grid.roles_of(person, at) if assignment.role in roles)
    return [assignment.node for assignment in acting if assignment.node is not None]


def within(nodes: list[GridNode]) -> Q:
    """Cases in these nodes or below them."""
    if not nodes:
        return Q(pk__in=[])
    inside = Q()
    for node in nodes:
        inside |= Q(path__startswith=node.path)
    return Q(node__in=GridNode.objects.filter(inside))


def by_code(person: Person, code: str, at: datetime) -> Case:
    """The case with this public code, if the person may see it; otherwise it does not exist."""
    case = visible_to(person, at).select_related("case_type", "node", "unit").filter(code=code.upper()).first()
    if case is None:
        raise NotVisible
    return case


def own_by_code(person: Person, code: str) -> Case:
    """The case with this public code, if the person reported it."""
    case = reported_cases(person).select_related("case_type", "node").filter(code=code.upper()).first()
    if case is None:
        raise NotVisible
    return case


def gone_on_with(person: Person, code: str) -> Case:
    """The case that goes on with what somebody reported, for a code that it had under way."""
    theirs = Exists(Report.objects.filter(case=OuterRef("pk"), reporter=person))
    case = Case.objects.filter(theirs, merged__code=code).first()
    if case is None:
        raise NotVisible
    return case


def own_today(person: Person, code: str) -> Case:
    """What somebody reported under this code, or what goes on with it: it may have been merged since they looked."""
    try:
        case = own_by_code(person, code)
    except NotVisible:
        case = gone_on_with(person, code)
    return case.merged_into or case


def reported_cases(person: Person) -> CaseQuerySet:
    """The cases whose reporter's page is this person's."""
    return Case.objects.filter(_reported_by(person))


def _reported_by(person: Person) -> Q:
    """What somebody reported, with what was split off from it: also what was merged away from under their report."""
    return Q(reporter=person) | Q(own_reports(person))


def own_reports(person: Person) -> Exists:
    """Whether a case of a list is about a report of this person, as `Report.objects.about` has it."""
    of_it = Q(case=OuterRef("pk")) | Q(case=OuterRef("parent_id"))
    return Exists(Report.objects.filter(of_it, reporter=person))


def taken_down_by(person: Person) -> Exists:
    """Whether a case of a list is about a report that this person took down for somebody."""
    of_it = Q(report__case=OuterRef("pk")) | Q(report__case=OuterRef("parent_id"))
    return Exists(Slip.objects.filter(of_it, taken_by=person))


def text_of(case: Case) -> str:
    """What the first report says; the words of a person, shown only to those who may see the case."""
    first = case.reports.order_by("received_at", "id").values_list("text", flat=True).first()
    return first or ""


def first_texts(cases: Collection[Case]) -> dict[UUID, str]:
    """`text_of` of many cases at once."""
    said = Report.objects.filter(case__in=cases).order_by("-received_at", "-id").values_list("case_id", "text")
    return {case_id: text for case_id, text in said if case_id is not None}


def reporters_names(codes: Collection[str]) -> dict[str, list[str]]:
    """Who reported the cases with these codes, to strike out of what is shown of them.

    The part that was split off has no report of its own, but its reporter.
    """
    of_cases = Case.objects.filter(code__in=codes).values_list("code", said.called("reporter"))
    told = [
        asked.filter(**{f"{to_case}__code__in": codes}).values_list(f"{to_case}__code", name)
        for asked, of_a_case, name in (
            (Report.objects.all(), "case", said.called("reporter")),
            (ReportHelp.objects.all(), "report__case", said.called("helper")),
        )
        for to_case in (of_a_case, f"{of_a_case}__parts")
    ]
    names: dict[str, list[str]] = {}
    for code, called in of_cases.union(*told):
        names.setdefault(str(code), []).extend(name for name in called if name)
    return names


def entered_at(case: Case) -> datetime:
    """When the case came into the state in which it is, the last time."""
    entered = case.transitions.filter(to_state=case.state).exclude(from_state=case.state).order_by("-position")
    return entered.values_list("happened_at", flat=True).first() or case.reported_at


def text_by(reporter: Person, case: Case) -> str:
    """What a reporter wrote themselves; another reporter's words are not for them."""
    own = case.reports.filter(reporter=reporter).order_by("received_at", "id")
    return own.values_list("text", flat=True).first() or ""


def is_paused(case: Case) -> bool:
    """Whether the clock stands still."""
    return case.pauses.filter(ended_at=None).exists()


def reported_by(person: Person) -> QuerySet[Report]:
    """A person's own reports, latest first, with what a row shows."""
    return (
        Report.objects.filter(reporter=person)
        .select_related("reporter", "case", "case__case_type", "case__node")
        .prefetch_related(_first_photos("case__photos"))
        .order_by("-id")
    )


def questions_to(person: Person) -> QuerySet[Confirmation]:
    """Cases that wait for this person's word."""
    return (
        Confirmation.objects.filter(report__reporter=person, answer="", case__state=State.CONFIRMING)
        .select_related("case", "case__case_type")
        .order_by("until")
    )


def photo_of(case: Case, photo_id: UUID) -> Photo:
    """A photo of this case."""
    one = case.photos.filter(photo=photo_id).select_related("photo").first()
    if one is None:
        raise NotVisible
    return one.photo


def steps_of(case: Case) -> QuerySet[Transition]:
    """The timeline, oldest first, with the words written on each step."""
    return case.transitions.select_related("actor", "unit").prefetch_related("notes").order_by("position")


def words_beside(case: Case) -> list[Note]:
    """What was written beside the steps, oldest first."""
    return list(Note.objects.filter(case=case, transition=None).order_by("written_at", "id"))


def photos_of(case: Case) -> QuerySet[CasePhoto]:
    return case.photos.select_related("photo", "report").order_by("round", "moment", "position")


def photos_of_whole(case: Case) -> QuerySet[CasePhoto]:
    """What the reporters took of a case that was split: it lies with the whole. None of a case that is no part."""
    if case.parent is None:
        return CasePhoto.objects.none()
    return photos_of(case.parent).filter(moment=Moment.BEFORE)


def what_was_split_off(case: Case) -> str:
    """In the desk's own words what a part is to be done for; nothing of a case that is no part."""
    if case.parent_id is None:
        return ""
    written = Note.objects.filter(case=case, transition=None, written_at=case.reported_at)
    return written.values_list("text", flat=True).first() or ""


def what_each_was_split_off_for(cases: Iterable[Case]) -> dict[UUID, str]:
    """The same of many at once, by the id of the part."""
    parts = [case for case in cases if case.parent_id is not None]
    if not parts:
        return {}
    written = Note.objects.filter(case__in=parts, transition=None, written_at=F("case__reported_at"))
    return dict(written.order_by("-id").values_list("case_id", "text"))


def heard_reports(case: Case) -> QuerySet[Report]:
    """Whose reporters are told and asked; of a part that goes on alone, the report of who asked for its review."""
    if case.goes_alone:
        asked = case.transitions.filter(action=Action.ASK_REVIEW).values("actor")
        return Report.objects.filter(case=case.parent_id, reporter__in=asked)
    return Report.objects.filter(case=case)


def _first_photos(lookup: str) -> Prefetch[str]:
    return Prefetch(lookup, queryset=CasePhoto.objects.select_related("photo", "report").order_by("moment", "position"))


def was_handled(case: Case) -> bool:
    """Whether anybody has said that it is done, of this case or of what was merged into it."""
    return case.responded_at is not None or case.merged.filter(responded_at__isnull=False).exists()


def was_taken_on(case: Case) -> bool:
    """Whether somebody has handled it, or taken it on since it was last refused: it does not wait untouched.

    What was merged into it comes as it was.
    """
    return was_handled(case) or any(_is_begun(one) for one in (case, *case.merged.all()))


def _is_begun(case: Case) -> bool:
    begun = case.transitions.filter(action__in=(Action.ACCEPT, Action.ASK_REVIEW)).order_by("-position").first()
    return begun is not None and begun.action == Action.ACCEPT


def refused_what_is_reviewed(person: Person, case: Case) -> bool:
    """Whether the case, or what was merged into it, waits for the decision on a review, and this person is one of those
    who refused what is reviewed."""
    of_matter = Transition.objects.filter(Q(case=case) | Q(case__merged_into=case))
    steps = of_matter.filter(action__in=(*whereabouts.DECISIONS, Action.ASK_REVIEW, Action.MERGE))
    gone: set[UUID] = set()
    waiting: set[UUID] = set()
    refused: set[UUID] = set()
    told = steps.order_by("happened_at", "id").values_list("case_id", "action", "actor_id")
    for case_id, action, actor_id in told:
        if action == Action.MERGE:
            gone.add(case_id)
        elif action == Action.ASK_REVIEW:
            waiting.add(case_id)
        else:
            waiting -= {case_id, *(gone if case_id == case.id else ())}  # what has come is decided with it
            refused |= {case_id} if action in whereabouts.REFUSALS and actor_id == person.id else set()
    return bool(waiting & refused)

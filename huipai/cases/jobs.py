"""What time brings: checks that lapse, questions that nobody answers, limits whose calendar has arrived.

And what follows from facts: people are told, open work passes on. Everything here is safe to run twice.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.cases import along, comment_notices, deed_notices, joint_notices, notices, sheets
from huipai.cases.commands import (
    asking,
    attaching,
    checking,
    confirming,
    deciding,
    exporting,
    filing,
    finding_false,
    forgetting,
    guessing,
    passing,
    pressing,
    removing,
    shown,
    timing,
)
from huipai.cases.commands.joint import mustering
from huipai.cases.commands.retention import letting_go
from huipai.cases.finding_words import FindingState
from huipai.cases.joint_words import CallState
from huipai.cases.models import Case, Confirmation, Finding, JointTask, Question, UnitCall
from huipai.cases.queries import checking as checking_queries
from huipai.cases.queries import retention
from huipai.cases.queries.orders import unread_too_long
from huipai.cases.retention_words import MOST_A_NIGHT, Kept
from huipai.cases.words import State
from huipai.grid.models import Assignment, GridNode
from huipai.grid.words import UNIT_ROLES
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each
from huipai.streets.models import Street

# A database that restarts is back within minutes: 4, 16, 64, 256 seconds, then it lies in the list of the dead.
_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="*/5 * * * *")
@app.task(name="cases.look_at_the_clock", queue="cases", queueing_lock="cases.look_at_the_clock")
def look_at_the_clock(timestamp: int) -> None:
    """Every five minutes: one job a check that lapsed, a question past its time, a case without a checker."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            for check_id in checking_queries.over(now).values_list("id", flat=True):
                redraw.defer(street=str(street_id), check=str(check_id))
            silent = Confirmation.objects.filter(
                answer="", until__lte=now, case__state=State.CONFIRMING, round=F("case__round")
            ).values_list("case_id", flat=True)
            still_open = Confirmation.objects.filter(case=OuterRef("pk"), round=OuterRef("round"), answer="")
            nobody_left = Case.objects.filter(~Exists(still_open), state=State.CONFIRMING).exclude(
                parent__isnull=False, goes_alone=False
            )
            for case_id in {*silent, *nobody_left.values_list("id", flat=True)}:
                close_unanswered.defer(street=str(street_id), case=str(case_id))
            for case_id in Case.objects.filter(state=State.RESPONDED).values_list("id", flat=True):
                draw_again.defer(street=str(street_id), case=str(case_id))
            _look_at_the_hub(street_id, now)


def _look_at_the_hub(street_id: UUID, now: datetime) -> None:
    """Looks, requests and suspensions whose time is over; questions without an answer; orders nobody has read."""
    for case_id in Case.objects.filter(wait_until__lte=now).values_list("id", flat=True):
        lapse.defer(street=str(street_id), case=str(case_id))
    for question_id in Question.objects.filter(closed_at=None, until__lte=now).values_list("id", flat=True):
        lapse_question.defer(street=str(street_id), question=str(question_id))
    for order_id in unread_too_long(now).values_list("id", flat=True):
        alarm.defer(street=str(street_id), order=str(order_id))
    unheard = Finding.objects.filter(state=FindingState.APPEALED, hear_until__lte=now)
    for finding_id in unheard.values_list("id", flat=True):
        lapse_finding.defer(street=str(street_id), finding=str(finding_id))
    late = UnitCall.objects.filter(state=CallState.CALLED, answer_by__lte=now).values_list("task_id", flat=True)
    over = JointTask.objects.filter(wait_until__lte=now).values_list("id", flat=True)
    for task_id in {*late, *over}:
        lapse_joint.defer(street=str(street_id), task=str(task_id))


@app.periodic(cron="30 19 * * *")  # 03:30 in Shanghai
@app.task(name="cases.let_rest", queue="cases", queueing_lock="cases.let_rest")
def let_rest(timestamp: int) -> None:
    """Every night: what ended a month ago is no longer what goes on; old tables and words of the forgotten go."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            shown.let_rest(now=now)
            exporting.let_go(now=now)
            attaching.sweep(now=now)
            removing.remind_of_all(now=now)
            for person in forgetting.left_behind(now):
                forgetting.forget(person=person, now=now)


@app.periodic(cron="40 19 * * *")  # 03:40 in Shanghai
@app.task(name="cases.let_go", queue="cases", queueing_lock="cases.let_go")
def let_go(timestamp: int) -> None:
    """Every night: one job a case, record or deed whose time is over, so that one that fails keeps no other."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            for kept, thing in retention.due_now(now, MOST_A_NIGHT):
                let_go_of.defer(street=str(street_id), kept=kept.value, thing=str(thing))


@app.task(name="cases.let_go_of", queue="cases", retry=_AGAIN)
def let_go_of(*, street: str, kept: str, thing: str) -> None:
    with in_street(UUID(street)):
        if kept == Kept.FOUND:
            letting_go.let_go_of_find(find_id=UUID(thing), now=clock.now())
        elif kept == Kept.DEED:
            letting_go.let_go_of_deed(deed_id=UUID(thing), now=clock.now())
        else:
            letting_go.let_go_of_case(case_id=UUID(thing), now=clock.now())


@app.task(name="cases.forget", queue="cases", retry=_AGAIN)
def forget(*, street: str, entry: str) -> None:
    """Follows `person.erased`."""
    with in_street(UUID(street)):
        subject = Entry.objects.get(pk=entry).subject
        person = Person.objects.get(pk=UUID(subject.removeprefix("person:")))
        forgetting.forget(person=person, now=clock.now())


@app.periodic(cron="50 19 * * *")  # 03:50 in Shanghai
@app.task(name="cases.learn_all", queue="cases", queueing_lock="cases.learn_all")
def learn_all(timestamp: int) -> None:
    """Every night: each street learns anew which words mean which type."""
    defer_in_each(learn)


@app.task(name="cases.learn", queue="cases", retry=_AGAIN)
def learn(*, street: str) -> None:
    with in_street(UUID(street)):
        guessing.learn(now=clock.now())


@app.task(name="cases.redraw", queue="cases", retry=_AGAIN)
def redraw(*, street: str, check: str) -> None:
    with in_street(UUID(street)):
        checking.redraw(check_id=UUID(check), now=clock.now())


@app.task(name="cases.close_unanswered", queue="cases", retry=_AGAIN)
def close_unanswered(*, street: str, case: str) -> None:
    with in_street(UUID(street)):
        confirming.close_unanswered(case_id=UUID(case), now=clock.now())


@app.task(name="cases.draw_again", queue="cases", retry=_AGAIN)
def draw_again(*, street: str, case: str) -> None:
    with in_street(UUID(street)):
        checking.draw_again(case_id=UUID(case), now=clock.now())


@app.task(name="cases.lapse", queue="cases", retry=_AGAIN)
def lapse(*, street: str, case: str) -> None:
    """Whatever a case was waiting for, if its time is over."""
    with in_street(UUID(street)):
        if filing.lapse_verification(case_id=UUID(case), now=clock.now()) is None:
            deciding.lapse(case_id=UUID(case), now=clock.now())


@app.task(name="cases.lapse_question", queue="cases", retry=_AGAIN)
def lapse_question(*, street: str, question: str) -> None:
    with in_street(UUID(street)):
        asking.lapse(question_id=UUID(question), now=clock.now())


@app.task(name="cases.lapse_finding", queue="cases", retry=_AGAIN)
def lapse_finding(*, street: str, finding: str) -> None:
    """An appeal that nobody has looked at in time."""
    with in_street(UUID(street)):
        finding_false.lapse(finding_id=UUID(finding), now=clock.now())


@app.task(name="cases.alarm", queue="cases", retry=_AGAIN)
def alarm(*, street: str, order: str) -> None:
    with in_street(UUID(street)):
        pressing.alarm(order_id=UUID(order), now=clock.now())


@app.task(name="cases.lapse_joint", queue="cases", retry=_AGAIN)
def lapse_joint(*, street: str, task: str) -> None:
    """Units that did not muster in time, and joint tasks that stand still."""
    with in_street(UUID(street)):
        mustering.lapse(task_id=UUID(task), now=clock.now())


@app.task(name="cases.tell_of_joint", queue="notices", retry=_AGAIN)
def tell_of_joint(*, street: str, entry: str) -> None:
    """Follows the facts of `joint_notices.TOLD`."""
    with in_street(UUID(street)):
        joint_notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="cases.recall_from_unit", queue="cases", retry=_AGAIN)
def recall_from_unit(*, street: str, entry: str) -> None:
    """Follows `unit.closed`."""
    with in_street(UUID(street)):
        unit_id = UUID(Entry.objects.get(pk=entry).subject.removeprefix("unit:"))
        passing.recall_from_unit(unit_id=unit_id, now=clock.now())


@app.task(name="cases.date_again", queue="cases", retry=_AGAIN)
def date_again(*, street: str, years: list[int]) -> None:
    """A calendar has arrived: every limit that waited for it gets its date."""
    with in_street(UUID(street)):
        for year in years:
            timing.date_again(year=year, now=clock.now())


@app.task(name="cases.tell", queue="notices", retry=_AGAIN)
def tell(*, street: str, entry: str) -> None:
    """Follows the facts of `notices.TOLD`."""
    with in_street(UUID(street)):
        notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="cases.tell_of_deed", queue="notices", retry=_AGAIN)
def tell_of_deed(*, street: str, entry: str) -> None:
    """Follows the facts of `deed_notices.TOLD`."""
    with in_street(UUID(street)):
        deed_notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="cases.tell_of_comment", queue="notices", retry=_AGAIN)
def tell_of_comment(*, street: str, entry: str) -> None:
    """Follows the facts of `comment_notices.TOLD`."""
    with in_street(UUID(street)):
        comment_notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="cases.tell_followers", queue="notices", retry=_AGAIN)
def tell_followers(*, street: str, entry: str) -> None:
    """Follows the facts of `along.TOLD`."""
    with in_street(UUID(street)):
        along.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="cases.pass_on", queue="cases", retry=_AGAIN)
def pass_on(*, street: str, entry: str) -> None:
    """Follows `assignment.ended` and `absence.began`."""
    with in_street(UUID(street)):
        facts = Entry.objects.get(pk=entry).facts
        if facts.get("role", Role.CHECKER) == Role.CHECKER:
            checking.draw_for_looks_of(person_id=UUID(facts["person"]), now=clock.now())
        if facts.get("role", Role.GRID_WORKER) == Role.GRID_WORKER:
            passing.pass_on_work_of(person_id=UUID(facts["person"]), named=_named(facts), now=clock.now())
            # What lies with who stood in for them: for somebody who left nobody stands in any more.
            passing.pass_on_work_at(nodes=_areas(facts), named=_named(facts), now=clock.now())
        joint_notices.tell_of_an_envoy_who_is_gone(
            entry_id=UUID(entry), person_id=UUID(facts["person"]), now=clock.now()
        )
        for unit_id in _units(facts):
            passing.recall_from_unit(unit_id=unit_id, now=clock.now())
            passing.pass_on_orders_of(unit_id=unit_id, named=_named(facts), now=clock.now())


@app.task(name="cases.pass_on_from_deputies", queue="cases", retry=_AGAIN)
def pass_on_from_deputies(*, street: str, entry: str) -> None:
    """Follows `absence.ended` and `deputy.named`: who stood in does so no more."""
    with in_street(UUID(street)):
        facts = Entry.objects.get(pk=entry).facts
        if facts.get("role", Role.GRID_WORKER) == Role.GRID_WORKER:
            passing.pass_on_work_at(nodes=_areas(facts), now=clock.now())
        for unit_id in _units(facts):
            passing.pass_on_orders_of(unit_id=unit_id, now=clock.now())


def _areas(facts: dict[str, str]) -> QuerySet[GridNode]:
    """Where somebody stood in: the node of the assignment, or those of whoever was away."""
    if facts.get("node"):
        return GridNode.objects.filter(pk=facts["node"])
    held = Assignment.objects.in_force(clock.now()).filter(person=UUID(facts["person"]), role=Role.GRID_WORKER)
    return GridNode.objects.filter(pk__in=held.values("node"))


def _units(facts: dict[str, str]) -> list[UUID]:
    """For which they acted: the unit of the assignment, or those of whoever is away, also where they stand in."""
    if "role" in facts:
        return [UUID(facts["unit"])] if facts["role"] in UNIT_ROLES else []
    who = Q(person=UUID(facts["person"])) | Q(deputy=UUID(facts["person"]))
    held = Assignment.objects.in_force(clock.now()).filter(who, unit__isnull=False)
    return list(dict.fromkeys(held.order_by("unit").values_list("unit", flat=True)))


def _named(facts: dict[str, str]) -> list[UUID]:
    """Who takes over an ended assignment: its successor, else its deputy."""
    following = [UUID(facts["successor"])] if facts.get("successor") else []
    successors = Assignment.objects.filter(pk__in=following).values_list("person_id", flat=True)
    return [*successors, *([UUID(facts["deputy"])] if facts.get("deputy") else [])]


@app.task(name="cases.make_export", queue="cases", retry=_AGAIN)
def make_export(*, street: str, entry: str) -> None:
    """Follows `export.asked`."""
    with in_street(UUID(street)):
        export = exporting.to_be_made(UUID(Entry.objects.get(pk=entry).subject.removeprefix("export:")))
        if export is not None:
            content = sheets.workbook(
                export, lambda done: exporting.progress(export_id=export.id, done=done), clock.now()
            )
            exporting.finish(export_id=export.id, content=content, now=clock.now())

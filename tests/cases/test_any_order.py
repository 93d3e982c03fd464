"""Anything by anybody in any order, through the commands: the case stays within the machine.

After every step: states are of the machine, transitions are contiguous, no one person is two of reporter, handler and
checker, the limit follows from the pauses alone, what is overdue stays overdue, and a refused step changed nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huipai.cases import policies, telling_hub
from huipai.cases.commands import checking, confirming, handling, passing, timing, triage, withdrawing
from huipai.cases.models import (
    Case,
    CaseType,
    Check,
    Confirmation,
    JointCase,
    JointStep,
    JointTask,
    OrderStep,
    Question,
    Report,
    Response,
    StageLimit,
    StageMark,
    StageRecord,
    Transition,
    UnitCall,
    UnitRating,
    UnitRequest,
    WorkOrder,
)
from huipai.cases.order_words import Decision, RequestKind, Stage
from huipai.cases.pages import working
from huipai.cases.queries import merged, proof
from huipai.cases.rules import machine
from huipai.cases.words import Clock, DeclineReason
from huipai.grid import commands as grid
from huipai.grid.models import Assignment
from huipai.grid.words import AbsenceKind
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.models import Posting
from huipai.workdays.words import Interval, Pending, Span, Unit
from tests import cast
from tests.cases import hub_deeds, joint_deeds
from tests.cases.conftest import LITTER, Place
from tests.cast import MONDAY
from tests.rounds import DEPTH

WHO = ("lan", "hua", "wei", "tao", "qin", "bo", "coordinator", "dispatcher", "shi", "ning", "chief")


@dataclass
class World:
    """Two cases, the people round them, and the time."""

    people: dict[str, Person]
    cases: list[Case]
    place: Place
    now: datetime = MONDAY
    rows: str = ""
    due: dict[object, datetime | None] = field(default_factory=dict)
    overdue: dict[object, datetime] = field(default_factory=dict)
    # What the reporter was promised when they had a word: the answer has no longer.
    answered_under: dict[UUID, datetime | None] = field(default_factory=dict)

    @property
    def ids(self) -> list[UUID]:
        return [case.pk for case in self.cases]


Deed = Callable[[World, Person, Case, Case], object]


def _check_of(case: Case) -> Check:
    found = Check.objects.filter(case=case).order_by("-drawn_at", "-id").first()
    if found is None:
        raise Refused
    return found


def _away(world: World, person: Person) -> None:
    grid.record_absence(
        person=person, kind=AbsenceKind.LEAVE, valid_from=world.now, valid_until=world.now + timedelta(hours=30),
        actor=None, now=world.now,
    )  # fmt: skip
    passing.pass_on_work_of(person_id=person.id, now=world.now)


DEEDS: dict[str, Deed] = {
    **hub_deeds.HUB,
    **joint_deeds.JOINT,
    "accept": lambda w, p, c, _o: handling.accept(case_id=c.id, actor=p, now=w.now),
    "respond": lambda w, p, c, _o: handling.respond(case_id=c.id, actor=p, text="好了", photo_ids=(), now=w.now),
    "spot": lambda w, p, c, _o: handling.handle_on_the_spot(
        case_id=c.id, actor=p, text="好了", photo_ids=(), now=w.now
    ),
    "decline": lambda w, p, c, _o: handling.decline(
        case_id=c.id, actor=p, reason=DeclineReason.NOT_SEEN, text="", now=w.now
    ),
    "pass": lambda w, p, c, _o: checking.pass_check(
        check_id=_check_of(c).id, actor=p, text="", photo_ids=(), now=w.now
    ),
    "pass by the drawn": lambda w, _p, c, _o: checking.pass_check(
        check_id=_check_of(c).id, actor=_check_of(c).checker, text="", photo_ids=(), now=w.now
    ),
    "fail by the drawn": lambda w, _p, c, _o: checking.fail_check(
        check_id=_check_of(c).id,
        actor=_check_of(c).checker,
        text="还在",
        photo_ids=w.place.photo_ids(_check_of(c).checker),
        now=w.now,
    ),
    "redraw": lambda w, _p, c, _o: checking.redraw(check_id=_check_of(c).id, now=w.now),
    "draw again": lambda w, _p, c, _o: checking.draw_again(case_id=c.id, now=w.now),
    "confirm": lambda w, p, c, _o: confirming.confirm(case_id=c.id, actor=p, rating=3, text="", now=w.now),
    "dispute": lambda w, p, c, _o: confirming.dispute(case_id=c.id, actor=p, text="没有", photo_ids=(), now=w.now),
    "silence": lambda w, _p, c, _o: confirming.close_unanswered(case_id=c.id, now=w.now),
    "merge": lambda w, p, c, o: triage.merge(case_id=c.id, into_id=o.id, actor=p, now=w.now),
    "withdraw": lambda w, p, c, _o: withdrawing.withdraw(case_id=c.id, actor=p, now=w.now),
    "away": lambda w, p, _c, _o: _away(w, p),
    "calendar": lambda w, _p, _c, _o: timing.date_again(year=w.now.year, now=w.now),
}
# What a page offers somebody now, by the same deed: then the command takes it.
OFFERED: dict[str, Callable[[World, Person, Case], bool]] = {
    "withdraw": lambda w, p, c: policies.may_withdraw(p, c),
    **{
        deed: lambda w, p, c, key=key: working.may(c, p, w.now)[key]  # type: ignore[misc]
        for deed, key in {"accept": "accept", "spot": "spot", "decline": "decline", "hand up": "hand_up"}.items()
    },
    **{
        deed: lambda w, _p, c, key=key: telling_hub.may(c, merged.into(c), w.people["dispatcher"], w.now)[key]  # type: ignore[misc]
        for deed, key in {"file": "file", "not file": "not_file", "void": "void", "supervise": "supervise"}.items()
    },
}
# The main road is taken more often than the ditches, and its worker walks it more often, so that most runs get far.
ROAD = ("accept", "respond", "spot", "pass by the drawn", "fail by the drawn", "dispute", "confirm", "redraw")
step = st.tuples(
    st.one_of(
        st.sampled_from(ROAD),
        st.sampled_from(hub_deeds.STREET),
        st.sampled_from(sorted(DEEDS)),
        st.sampled_from(joint_deeds.TOGETHER),
    ),
    st.one_of(st.just("wei"), st.sampled_from(WHO)),
    st.integers(0, 1),
    st.sampled_from([0, 5, 60, 200, 900, 5000]),
)


@pytest.fixture
def world(here: Place) -> World:
    """lan and hua reported; wei and tao work there; qin, bo and tao check: tao could be all but a reporter."""
    tao = cast.staff("陶小川", "13900019999")
    for role in (Role.GRID_WORKER, Role.CHECKER):
        Assignment.objects.create(person=tao, role=role, node=here.town["S"], valid_from=cast.A_MONTH_AGO)
    litter = CaseType.objects.get(code=LITTER)
    StageLimit.objects.create(case_type=litter, stage=Stage.ARRIVE, amount=2, unit=Unit.WORK_HOURS)
    StageLimit.objects.create(case_type=litter, stage=Stage.ANSWER, amount=1, unit=Unit.WORKDAYS)
    people = {name: getattr(here, name) for name in WHO if name != "tao"} | {"tao": tao}
    cases = [here.report(case_type=LITTER), here.report(here.hua, case_type=LITTER, now=MONDAY + timedelta(minutes=1))]
    return World(people, cases, here, MONDAY + timedelta(minutes=2))


# Everything a refused step may not have touched.
_ROWS = "SELECT string_agg(line, chr(10) ORDER BY line) FROM ({}) AS touched".format(
    " UNION ALL ".join(
        f"SELECT t::text AS line FROM {model._meta.db_table} t WHERE t.street_id = %(street)s"
        for model in (
            Case,
            Report,
            Check,
            Confirmation,
            Response,
            Transition,
            Posting,
            WorkOrder,
            OrderStep,
            UnitRequest,
            Question,
            StageRecord,
            StageMark,
            JointTask,
            JointCase,
            JointStep,
            UnitCall,
            UnitRating,
        )
    )
)


def rows(world: World) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"street": world.cases[0].street_id})
        return str(cursor.fetchone()[0])


def take(world: World, deed: str, who: str, which: int, minutes: int) -> None:
    """One step; what a refused one left unchanged need not be looked at again, but time has passed."""
    world.now += timedelta(minutes=minutes)
    case, other = world.cases[which], world.cases[1 - which]
    offers = OFFERED.get(deed)
    is_offered = offers is not None and offers(world, world.people[who], Case.objects.get(pk=case.pk))
    try:
        with transaction.atomic():
            DEEDS[deed](world, world.people[who], case, other)
    except Refused:
        assert rows(world) == world.rows and not is_offered, (deed, who)
    else:
        after = rows(world)
        # A second click is answered as the first was; nothing else is taken that no page offers.
        assert offers is None or is_offered or after == world.rows, (deed, who)
        world.rows = after
        holds(world)
    for pk, due_at in world.due.items():
        if due_at is not None and due_at < world.now:
            world.overdue.setdefault(pk, due_at)


@dataclass
class Life:
    """What happened to one case, as the tables tell it."""

    case: Case
    taken: list[Transition] = field(default_factory=list)
    paid: int = 0


def lives(world: World) -> list[Life]:
    found = {case.pk: Life(case) for case in Case.objects.select_related("case_type").filter(pk__in=world.ids)}
    for one in Transition.objects.filter(case__in=found).order_by("position"):
        found[one.case_id].taken.append(one)
    by_subject = {life.case.subject: life for life in found.values()}
    for subject in Posting.objects.filter(subject__in=by_subject).values_list("subject", flat=True):
        by_subject[subject].paid += 1
    return list(found.values())


def holds(world: World) -> None:
    for life in lives(world):
        case, taken = life.case, life.taken
        assert case.state in machine.states() and taken[-1].to_state == case.state
        assert [one.position for one in taken] == list(range(1, len(taken) + 1))
        for last, following in itertools.pairwise(taken):
            row = machine.step(last.to_state, following.action)  # type: ignore[arg-type]
            assert (following.from_state, following.to_state) == (last.to_state, row.leads_to(last.to_state))
            assert following.part in row.parts
        three_are_three(life)
        hub_deeds.the_orders_follow(case)
        joint_deeds.the_joint_tasks_follow(case)
        the_clock_is_honest(world, case, taken)


def three_are_three(life: Life) -> None:
    """Over the whole matter: what was merged into a case keeps its handlers and checkers; its reporters came along."""
    assert life.paid <= 1
    matter = Q(case__in=Case.objects.of_one_matter(life.case).values("pk"))
    told = Report.objects.filter(matter).values_list("reporter_id", "help__helper_id")
    reporters = {who for pair in told for who in pair}
    answered = Response.objects.filter(matter).values_list("handler_id", flat=True)
    handlers = {*answered, *WorkOrder.objects.filter(matter).values_list("handler_id", flat=True)}
    for one in Case.objects.of_one_matter(life.case):
        reporters.add(one.reporter_id)
        handlers.add(one.handler_id)
    checkers = set(Check.objects.filter(matter).values_list("checker_id", flat=True))
    for some, others in itertools.combinations((reporters, handlers, checkers), 2):
        assert not (some & others) - {None}


def stood(taken: list[Transition]) -> tuple[list[Interval], datetime | None]:
    """The spells in which the clock stood, and since when it stands."""
    pauses, since = [], None
    for before, one in zip([None, *taken], taken, strict=False):
        if one.clock == Clock.PAUSE:
            since = one.happened_at
        elif one.clock == Clock.RESUME:
            # A review resumes what had come to an end.
            begun = since or (before.happened_at if before else None)
            assert begun is not None
            pauses.append(Interval(begun, one.happened_at))
            since = None
    return pauses, since


def first_sent(case: Case, unit_id: UUID) -> datetime:
    return WorkOrder.objects.filter(case=case, unit=unit_id).earliest("sent_at", "id").sent_at


def of_merged(order: WorkOrder, pauses: list[Interval]) -> Iterator[object]:
    """Until when its unit had time for what was merged in: by that case's clock, and by this one's from then on."""
    for gone in (
        Case.objects.select_related("case_type").filter(merged_into=order.case, orders__unit=order.unit_id).distinct()
    ):
        taken = list(Transition.objects.filter(case=gone).order_by("position"))
        merged_at = taken[-1].happened_at
        since = [Interval(max(one.start, merged_at), one.end) for one in pauses if one.end > merged_at]
        granted = UnitRequest.objects.filter(
            Q(case=gone) | Q(case=order.case, decided_at__gte=merged_at),
            order__unit=order.unit_id, kind=RequestKind.EXTENSION, decision=Decision.GRANTED,
        ).order_by("decided_at", "id")  # fmt: skip
        more = [Span(one.amount or 0, Unit.WORKDAYS) for one in granted]
        yield hub_deeds.due(first_sent(gone, order.unit_id), gone, [*stood(taken)[0], *since], more)


def promises_of_merged(case: Case, pauses: list[Interval]) -> Iterator[object]:
    """Until when what was merged in was promised: by that case's clock, and by this one's from then on."""
    for gone in Case.objects.select_related("case_type").filter(merged_into=case):
        taken = list(Transition.objects.filter(case=gone).order_by("position"))
        merged_at = taken[-1].happened_at
        since = [Interval(max(one.start, merged_at), one.end) for one in pauses if one.end > merged_at]
        granted = UnitRequest.objects.filter(
            Q(case=gone) | Q(case=case, decided_at__gte=merged_at),
            kind=RequestKind.EXTENSION, decision=Decision.GRANTED, moves_the_promise=True,
        ).order_by("decided_at", "id")  # fmt: skip
        more = [Span(one.amount or 0, Unit.WORKDAYS) for one in granted]
        yield hub_deeds.due(gone.clock_started_at, gone, [*stood(taken)[0], *since], more)


def where_it_began(mark: StageMark, spells: list[Interval]) -> list[Interval]:
    """The pauses of a unit's clock that began with a case merged in since: that one's, and this one's from then on."""
    order = mark.order
    if order is None or WorkOrder.objects.filter(
        case=order.case_id, unit=order.unit_id, sent_at=order.clock_started_at
    ).exists():  # fmt: skip
        return spells
    gone = Case.objects.get(
        merged_into=order.case_id, orders__unit=order.unit_id, orders__sent_at=order.clock_started_at
    )
    taken = list(Transition.objects.filter(case=gone).order_by("position"))
    merged_at = taken[-1].happened_at
    return [*stood(taken)[0], *(Interval(max(one.start, merged_at), one.end) for one in spells if one.end > merged_at)]


def earliest(*ends: object) -> object:
    """What waits for its calendar comes after all that are dated."""
    return min((one for one in ends if isinstance(one, datetime)), default=ends[0])


def the_clock_is_honest(world: World, case: Case, taken: list[Transition]) -> None:
    """The limit is what the pauses make of it, read here from the steps alone; what is overdue stays overdue."""
    pauses, since = stood(taken)
    granted = list(
        UnitRequest.objects.filter(case=case, kind=RequestKind.EXTENSION, decision=Decision.GRANTED)
        .select_related("order")
        .order_by("decided_at", "id")
    )
    moving = [Span(one.amount or 0, Unit.WORKDAYS) for one in granted if one.moves_the_promise]
    is_running = since is None and not case.ended_at
    spells = [*pauses, *([Interval(since, max(since, world.now))] if since else [])]
    hub_deeds.the_marks_follow(
        case,
        lambda mark: where_it_began(mark, spells),
        promised_then=lambda mark: world.answered_under.setdefault(mark.pk, case.due_at),
    )
    promised = earliest(hub_deeds.due(case.clock_started_at, case, pauses, moving), *promises_of_merged(case, pauses))
    stays_overdue(world, case.pk, case.due_at, promised, is_running)
    for order in WorkOrder.objects.live().filter(case=case):
        own = [Span(one.amount or 0, Unit.WORKDAYS) for one in granted if one.order.unit_id == order.unit_id]
        expected = earliest(
            hub_deeds.due(first_sent(case, order.unit_id), case, pauses, own), *of_merged(order, pauses)
        )
        stays_overdue(world, (case.pk, order.unit_id), order.due_at, expected, is_running)


def stays_overdue(world: World, key: object, due_at: datetime | None, expected: object, is_running: bool) -> None:
    """Once a limit is broken nothing heals it: no return, no second order, no pause, no extension, and no merge, which
    can bring along what was to be done earlier still."""
    assert due_at == (None if isinstance(expected, Pending) else expected)
    if key in world.overdue:
        case_id = key[0] if isinstance(key, tuple) else key
        if Case.objects.filter(merged_into=case_id).exists():
            assert due_at is not None and due_at <= world.overdue[key]
            world.overdue[key] = due_at
        assert due_at == world.overdue[key]
    world.due[key] = due_at if is_running else None


def run(world: World, steps: list[tuple[str, str, int, int]]) -> None:
    """Live through these steps and leave no trace."""
    life = World(world.people, world.cases, world.place, world.now)
    with transaction.atomic():
        life.rows = rows(life)
        holds(life)
        for one in steps:
            take(life, *one)
        assert list(proof.verify_cases(world.place.street)) == []
        transaction.set_rollback(True)


CHECKS = list(HealthCheck)


@settings(max_examples=12, deadline=None, suppress_health_check=CHECKS, print_blob=True)
@given(steps=st.lists(step, min_size=4, max_size=14))
def test_any_order_stays_within_the_machine(world: World, steps: list[tuple[str, str, int, int]]) -> None:
    run(world, steps)


@pytest.mark.long
@pytest.mark.deep
@settings(max_examples=100 * DEPTH, deadline=None, suppress_health_check=CHECKS, print_blob=True)
@given(steps=st.lists(step, min_size=10, max_size=40))
def test_any_long_order_stays_within_the_machine(world: World, steps: list[tuple[str, str, int, int]]) -> None:
    run(world, steps)

"""Which of two cases can become part of which, and who may say so. The command asks it, and so does what offers it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.models import Case, WorkOrder
from huipai.cases.queries import involved
from huipai.cases.queries.involved import Involved
from huipai.cases.queries.parts_in import parts_in
from huipai.cases.rules import machine
from huipai.cases.rules.whereabouts import WITH_THE_WORKER
from huipai.cases.words import Action, State
from huipai.grid import queries as grid
from huipai.kit.verdict import Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role


def may_merge(person: Person, case: Case, who: Involved, at: datetime) -> Verdict:
    """May this person make one of this case and another? Of the grid or the desk, and not whose report it is."""
    if person.id in who.reporters:
        return no("own_report", _("自己报的事要由别人来办"))
    return policies.may_look_after(person, case, at)


def stands_still(person: Person, into: Case, at: datetime) -> bool:
    """Whether what this person merged into it would stand still with it: only the hub sets a clock aside."""
    return into.state == State.SUSPENDED and not grid.has_role(person, Role.DISPATCHER, at, node=into.node)


def may_look_for_another(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person put it beside others to see whether one is the same?"""
    return may_merge(person, case, involved.in_cases([case])[case.id], at)


def fits(younger: Case, older: Case, who: Mapping[UUID, Involved]) -> bool:
    """Whether the younger can become part of the older.

    Neither is a part of a whole, the younger has none either, the older is not over, and nobody would be two of
    reporter, handler and checker.
    """
    is_apart = younger.parent_id is None and older.parent_id is None and not who[younger.id].parts
    return is_apart and older.ended_at is None and not involved.would_mix(who[younger.id], who[older.id])


def shows_who_reported(younger: Case, older: Case) -> bool:
    """Whether somebody who works on the older, or on a part of it, has taken down or seen who reported the younger.

    By the merge they would know a reporter of what they have in hand, and lose it (ruling 11).
    """
    one_matter = Case.objects.filter(Q(pk=older.pk) | Q(parent=older))
    workers = one_matter.filter(state__in=WITH_THE_WORKER).values("worker")
    handlers = WorkOrder.objects.in_work().filter(case__in=one_matter).values("handler")
    holding = Person.objects.filter(Q(pk__in=workers) | Q(pk__in=handlers))
    return any(parts.took_down or parts.was_shown_who for parts in (parts_in(one, younger) for one in holding))


def offered(person: Person, case: Case, others: Collection[Case], at: datetime) -> list[tuple[Case, Case]]:
    """The pairs of `case` with another that this person can now make one case of, the younger first.

    What neighbours lose by it is said on the way. However many there are, the database is asked as often as for one.
    """
    pairs = [younger_first(case, other) for other in others if case.parent_id is None and other.parent_id is None]
    pairs = [pair for pair in pairs if machine.allows(pair[0].state, Action.MERGE)]
    if not pairs:
        return []
    who = involved.in_cases({case, *(one for pair in pairs for one in pair)})
    return [
        pair for pair in pairs
        if fits(*pair, who)
        and not stands_still(person, pair[1], at)
        and all(may_merge(person, one, who[one.id], at) for one in pair)
    ]  # fmt: skip


def younger_first(one: Case, other: Case) -> tuple[Case, Case]:
    """What was reported later, then what was reported first: that one stays."""
    older, younger = sorted((one, other), key=lambda it: (it.reported_at, it.id))
    return younger, older

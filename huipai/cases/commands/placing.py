"""Setting the place of a case that was reported by an address alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import locating, stepping
from huipai.cases.commands.locating import Located, Where
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case
from huipai.cases.words import State
from huipai.grid import queries as grid
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved
from huipai.people.models import Person
from huipai.people.words import Role


class PlaceSet(Moved):
    code = "place_is_set"
    default_reason = _("这件事的位置已经定了，请看最新的一步")


class StillTooWide(Invalid):
    """A whole community is no more than was known before."""

    code = "place_too_wide"
    default_reason = _("范围还是太大：在图上点一下，或者选到微网格、楼栋")


@transaction.atomic
def set_place(*, case_id: UUID, where: Where, actor: Person, now: datetime) -> Case:
    """Say where a case lies that was only known by its address; it goes to whoever works there. Its clock goes on.

    A position or a house ends the guessing. A micro-grid brings it to its worker, who may set the place on the spot.
    """
    case = stepping.locked(case_id)
    policies.may_place(actor, case, now).require()
    if not case.is_guessed or case.ended_at is not None:
        raise PlaceSet
    located = locating.locate(where, now)
    if located.waits_for_the_hub:
        raise StillTooWide(field="place")
    before = case.node_id
    _move(case, located, where.address)
    if located.node.id != before:
        _route(case, now)
    case.save()
    journal.record(
        what=Fact.PLACED, subject=case.subject, actor_id=actor.id, now=now,
        facts={"before": str(before), "node": str(case.node_id), "placed": case.placed},
    )  # fmt: skip
    return case


def _move(case: Case, located: Located, address: str) -> None:
    case.node, case.placed = located.node, located.placed
    case.lng, case.lat = located.point.lng, located.point.lat
    case.address = as_seen(address) or case.address


def _route(case: Case, now: datetime) -> None:
    """A case that nobody has begun goes to the worker of its place; what somebody works on stays with them."""
    if case.state != State.REPORTED:
        return
    worker_id = grid.acting_at(case.node, Role.GRID_WORKER, now)
    worker = Person.objects.filter(pk=worker_id).first() if worker_id else None
    case.worker = worker if worker is not None and policies.may_come_to(worker, case) else None

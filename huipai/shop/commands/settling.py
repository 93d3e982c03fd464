"""What becomes of a reservation: handed over, called off, or over by the clock. The hold on the points decides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.grid.models import GridNode
from huipai.journal import commands as journal
from huipai.kit.verdict import Moved, NotVisible
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import TryKind
from huipai.points import commands as points
from huipai.points.commands import HoldOver, HoldSettled
from huipai.points.rules import Holder
from huipai.points.words import HoldState
from huipai.shop import policies, queries
from huipai.shop.commands.stocking import facts_of, hand_out, release, written
from huipai.shop.models import Movement, Reservation
from huipai.shop.rules import codes
from huipai.shop.words import CalledOffBy, Fact, Reason, State
from huipai.stations.models import Station

# As `stocking.lock_shelves` takes the slots.
_AS_SHELVES_ARE_LOCKED = ("item_id", "station_id", "shelf__slot", "id")


class NoSuchCode(NotVisible):
    """Wrong, of another street, or never given out: one and the same answer."""

    code = "shop_no_such_code"
    default_reason = _("没有这个码，再看一遍")


class ElsewhereToFetch(Moved):
    code = "shop_fetched_elsewhere"
    default_reason = _("这一份在别的驿站领")


class FetchedAlready(Moved):
    code = "shop_fetched_already"
    default_reason = _("这一份已经领走了")


class GivenByAnother(Moved):
    code = "shop_given_by_another"
    default_reason = _("这一份另一位值守已经给了，不要再给")


class CalledOff(Moved):
    code = "shop_called_off"
    default_reason = _("这一份已经说不要了，积分退回了")


class TooLate(Moved):
    code = "shop_too_late"
    default_reason = _("过了领取的时间，积分已经自动退回")


def look_up(*, typed: str, station: Station, host: Person, address: str, now: datetime) -> Reservation:
    """What a code stands for, to the host of the station where it is to be fetched. Wrong ones are counted."""
    policies.may_host(host, station, now).require()
    people.spend_try(kind=TryKind.PICKUP, number=str(host.id), address=address, now=now)
    found = queries.by_code(code) if (code := codes.normalise(typed)) else None
    if found is None:
        raise NoSuchCode(field="code")
    people.take_back_try(kind=TryKind.PICKUP, number=str(host.id), address=address, now=now)
    if found.station_id != station.id:
        raise ElsewhereToFetch(_("这一份在%(station)s领") % {"station": found.station.name}, field="code")
    return found


@transaction.atomic
def hand_over(*, reservation_id: UUID, host: Person, now: datetime) -> Reservation:
    """The thing is given and the points are used, both or neither. A second call of the same host changes nothing;
    another host hears that it is gone, and gives nothing.

    Refuses what somebody asked for who may use these points no more: a home's, or those of another.
    """
    reservation = _find(reservation_id)
    policies.may_hand_over(host, reservation, now).require()
    policies.may_collect(reservation, now).require()
    give(reservation, host, now)
    return reservation


def give(reservation: Reservation, host: Person, now: datetime) -> None:
    """The hand-over itself, once the caller has asked whether `host` may. Part of the caller's transaction."""
    try:
        points.capture(hold_id=reservation.hold_id, station_id=reservation.station_id, actor=host, now=now)
    except HoldOver as over:
        raise TooLate from over
    except HoldSettled as settled:
        raise _called_off(reservation) from settled
    if not _settle(reservation, State.HANDED_OVER, host.id, now):
        if reservation.settled_by != host.id:
            raise GivenByAnother
        return
    hand_out(reservation.shelf_id, reservation.quantity)
    movement = written(
        Movement(
            item_id=reservation.item_id, station_id=reservation.station_id, quantity=-reservation.quantity,
            reason=Reason.HANDED_OVER, subject=f"reservation:{reservation.id}", actor_id=host.id, moved_at=now,
        )
    )  # fmt: skip
    _record(Fact.HANDED_OVER, reservation, host.id, now, **facts_of(movement))


def _called_off(reservation: Reservation) -> CalledOff:
    """Whoever stands at the counter hears why the street called it off, and not that nobody wanted it."""
    reservation.refresh_from_db(fields=["state"])
    why = queries.called_off([reservation]).get(reservation.id)
    return CalledOff(_("这一份不用给了：%(state)s") % {"state": why.label}) if why else CalledOff()


@transaction.atomic
def cancel(*, reservation_id: UUID, actor: Person, now: datetime) -> Reservation:
    """Points and stock come free. Over by the clock, it is recorded as that; what was handed over stays so."""
    reservation = _find(reservation_id)
    policies.may_let_go(actor, reservation, now).require()
    _let_go(reservation, actor, now)
    return reservation


@transaction.atomic
def end_with_family(*, household: GridNode, actor: Person | None, now: datetime) -> int:
    """Call off what a household's own points keep, as those who asked for it have all moved away; the number.

    Part of the caller's transaction. Whoever sets the home's points aside or fetches for them at this moment comes
    before or after.
    """
    points.lock_opened(Holder(household_id=household.pk))
    waiting = Reservation.objects.filter(household=household, state=State.RESERVED).order_by(*_AS_SHELVES_ARE_LOCKED)
    ended = 0
    for reservation_id in list(waiting.values_list("id", flat=True)):
        ended += _let_go(_find(reservation_id), actor, now, why=CalledOffBy.FAMILY_LEFT.value)
    return ended


def end_with_stations(*, now: datetime, limit: int = 200) -> int:
    """Call off up to `limit` reservations whose station has closed, each as a whole of its own; the number.

    Points and stock come free, and each is told. One that was made while the station closed is found the next time.
    """
    waiting = Reservation.objects.filter(state=State.RESERVED, station__closed_at__lte=now)
    ids = list(waiting.order_by("id").values_list("id", flat=True)[:limit])
    return sum(call_off(id, CalledOffBy.STATION_CLOSED, actor=None, now=now) for id in ids)


@transaction.atomic
def call_off(reservation_id: UUID, why: CalledOffBy, *, actor: Person | None, now: datetime) -> bool:
    """One that nobody can fetch any more, whoever wanted it; whether it was this call. What is fetched stays so."""
    try:
        return _let_go(_find(reservation_id), actor, now, why=why.value)
    except FetchedAlready:
        return False


def end_with_permissions(*, now: datetime, limit: int = 200) -> int:
    """Call off up to `limit` reservations that nobody can collect any more, as whoever asked for them may no longer use
    the points that pay them; each as a whole of its own; the number.

    The points come free, and whose they are is told: an elder without a phone could not call it off.
    """
    waiting = Reservation.objects.filter(state=State.RESERVED, expires_at__gt=now).exclude(
        household=None, asked_by=F("person"), person__erased_at=None
    )
    known: dict[tuple[UUID, UUID, UUID | None], bool] = {}
    ended = 0
    for one in waiting.select_related("person", "asked_by", "household").order_by("id"):
        whose = (one.asked_by_id, one.person_id, one.household_id)
        if whose not in known:
            known[whose] = bool(policies.may_collect(one, now))
        if not known[whose] and ended < limit:
            ended += _end_unless_collectable(one.id, now)
    return ended


@transaction.atomic
def _end_unless_collectable(reservation_id: UUID, now: datetime) -> bool:
    reservation = _find(reservation_id)
    if policies.may_collect(reservation, now):
        return False
    try:
        return _let_go(reservation, None, now, why=CalledOffBy.ASKER_MAY_NOT.value)
    except FetchedAlready:
        return False


def lapse_of(item_id: UUID, station_id: UUID, *, now: datetime) -> int:
    """Let go what of this item in this station nobody fetched in time; the number let go."""
    return _lapse(Reservation.objects.filter(item_id=item_id, station_id=station_id).values_list("id", flat=True), now)


def lapse(*, now: datetime, limit: int = 200) -> int:
    """Let go up to `limit` reservations that nobody fetched in time; the number let go. It only tidies."""
    return _lapse(Reservation.objects.values_list("id", flat=True), now, limit)


def _lapse(ids: QuerySet[Reservation, UUID], now: datetime, limit: int = 200) -> int:
    over = ids.filter(state=State.RESERVED, expires_at__lte=now).order_by("expires_at", "id")
    return sum(_lapse_one(reservation_id, now) for reservation_id in list(over[:limit]))


@transaction.atomic
def _lapse_one(reservation_id: UUID, now: datetime) -> bool:
    reservation = _find(reservation_id)
    try:
        return _let_go(reservation, None, now)
    except FetchedAlready:
        return False


def _let_go(reservation: Reservation, actor: Person | None, now: datetime, **facts: object) -> bool:
    """Whether it was this call that let it go; the journal keeps `facts` of it."""
    try:
        hold = points.void(hold_id=reservation.hold_id, actor=actor, now=now)
    except HoldSettled as used:
        raise FetchedAlready from used
    if hold.state == HoldState.EXPIRED:
        # Another clock may have been a moment ahead.
        what, state, actor_id, at = Fact.LAPSED, State.LAPSED, None, max(now, reservation.expires_at)
    else:
        what, state, actor_id, at = Fact.CANCELLED, State.CANCELLED, actor.id if actor else None, now
    if not _settle(reservation, state, actor_id, at):
        return False
    release(reservation.shelf_id, reservation.quantity)
    _record(what, reservation, actor_id, at, **facts)
    return True


def _settle(reservation: Reservation, state: State, actor_id: UUID | None, now: datetime) -> bool:
    """Write the outcome that the hold has decided; False if it is written already."""
    waiting = Reservation.objects.filter(pk=reservation.pk, state=State.RESERVED)
    changed = waiting.update(state=state, settled_at=now, settled_by=actor_id)
    reservation.refresh_from_db(fields=["state", "settled_at", "settled_by"])
    return bool(changed)


def _find(reservation_id: UUID) -> Reservation:
    found = (
        Reservation.objects.select_related("item", "station__node", "person", "asked_by", "household")
        .filter(pk=reservation_id)
        .first()
    )
    if found is None:
        raise NoSuchCode
    return found


def _record(what: Fact, reservation: Reservation, actor_id: UUID | None, now: datetime, **facts: object) -> None:
    journal.record(what=what, subject=f"reservation:{reservation.id}", actor_id=actor_id, now=now, facts=facts)

"""At the counter, for somebody who has no phone with them: a card says who they are."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.ids import short_code
from huipai.kit.verdict import Moved, NotVisible, Refused
from huipai.people import commands as people
from huipai.people.models import Consent, Person
from huipai.people.rules import keyed_digest
from huipai.people.words import Channel, ConsentPurpose, TryKind
from huipai.shop import policies
from huipai.shop.commands.ending import require_exchange
from huipai.shop.commands.freeing import with_what_lapsed
from huipai.shop.commands.ordering import Order
from huipai.shop.commands.reserving import keep_for, made_before
from huipai.shop.commands.settling import give
from huipai.shop.models import Card, Reservation
from huipai.shop.rules import codes
from huipai.shop.words import CODE_LENGTH, Fact
from huipai.stations.models import Station

# So much of a card's keyed digest stands in the journal: enough to see an exchange, too little to try codes on.
MARK: Final = 16


class NoSuchCard(NotVisible):
    """Wrong, blocked, or of another street: one and the same answer."""

    code = "shop_no_such_card"
    default_reason = _("没有这张卡，再看一遍卡上的码")


class CardTaken(Moved):
    code = "shop_card_taken"
    default_reason = _("这位已经有一张卡了，先停用旧卡")


@transaction.atomic
def issue_card(*, person: Person, actor: Person, now: datetime) -> tuple[Card, str]:
    """A card and its code, which is told only this once; none that could never serve."""
    policies.may_issue_card(actor, person, now).require()
    policies.may_have_card(person, now).require()
    require_exchange(now)
    code = short_code(CODE_LENGTH)
    try:
        with transaction.atomic():
            card = Card.objects.create(person=person, digest=_digest(code), issued_by=actor, issued_at=now)
    except IntegrityError as second:
        raise CardTaken from second
    journal.record(
        what=Fact.CARD_ISSUED, subject=f"person:{person.id}", actor_id=actor.id, now=now,
        facts={"card": str(card.id), "mark": card.digest[:MARK]},
    )  # fmt: skip
    return card, code


@transaction.atomic
def block_card(*, person: Person, actor: Person, now: datetime, card_id: UUID | None = None) -> bool:
    """The card is good for nothing from now on; whether there was one.

    `card_id`: the one that was shown; None: none was. Where they have another by now, that one stays good.
    """
    if actor.id != person.id:
        policies.may_issue_card(actor, person, now).require()
    return _block(person.id, actor.id, now, card_id)


@transaction.atomic
def block_card_of_who_left(*, person_id: UUID, now: datetime) -> bool:
    """The same, once somebody has left: nobody could find them any more to do it. Twice is once."""
    if not Person.objects.filter(pk=person_id, erased_at__isnull=False).exists():
        return False
    return _block(person_id, None, now, None)


def _block(person_id: UUID, actor_id: UUID | None, now: datetime, card_id: UUID | None) -> bool:
    card = Card.objects.select_for_update(no_key=True).filter(person=person_id, blocked_at=None).first()
    if card is None or card_id not in (None, card.id):
        return False
    card.blocked_at = now
    card.save(update_fields=["blocked_at"])
    journal.record(
        what=Fact.CARD_BLOCKED, subject=f"person:{person_id}", actor_id=actor_id, now=now, facts={"card": str(card.id)}
    )
    return True


@transaction.atomic
def note_home_consent(*, person: Person, actor: Person, now: datetime) -> Consent:
    """A grown-up has said at the counter that the home's points may be spent together. Said twice, it counts once."""
    policies.may_note_consent(actor, person, now).require()
    return people.note_consent(
        person=person, purpose=ConsentPurpose.HOUSEHOLD_POINTS, channel=Channel.COUNTER, paper_number="", actor=actor,
        now=now,
    )  # fmt: skip


def read_card(*, typed: str, station: Station, host: Person, address: str, now: datetime) -> Person:
    """Whose card this is, to the host of a station. Wrong ones are counted together with wrong codes."""
    policies.may_host(host, station, now).require()
    people.spend_try(kind=TryKind.PICKUP, number=str(host.id), address=address, now=now)
    code = codes.normalise(typed)
    card = Card.objects.filter(digest=_digest(code), blocked_at=None).select_related("person").first() if code else None
    if card is None:
        raise NoSuchCard(field="card")
    people.take_back_try(kind=TryKind.PICKUP, number=str(host.id), address=address, now=now)
    policies.may_serve_by(host, card).require()
    policies.may_have_card(card.person, now).require()
    return card.person


def is_card_of(typed: str, person_id: UUID) -> bool:
    """Whether this is a card of theirs, one that is blocked too: only to see that a request comes again."""
    code = codes.normalise(typed)
    return bool(code) and Card.objects.filter(digest=_digest(code), person_id=person_id).exists()


def serve(*, key: UUID, order: Order, card_code: str, host: Person, now: datetime) -> Reservation:
    """Somebody with a card takes something away at once: set aside and handed over in one transaction.

    The host may not be of their household, has not issued the card, and asks on their behalf. By the rules of the
    pages their home's points pay, or those of a child they answer for or of an elder they help; and not by the hand
    that wrote down their yes to it, or that the child is theirs. As at home, what others did not fetch in time counts
    as free. The same key with the same order is the stored answer, also where the card is blocked since.
    """
    try:
        return _serve_or_free(key, order, card_code, host, now)
    except Refused:
        if (known := made_before(key, order, host)) is None:
            raise
        return known


def _serve_or_free(key: UUID, order: Order, card_code: str, host: Person, now: datetime) -> Reservation:
    return with_what_lapsed(
        lambda: _serve(key, order, card_code, host, now),
        order.item_id,
        order.station_id,
        now,
        is_enough=order.is_enough,
    )


@transaction.atomic
def _serve(key: UUID, order: Order, card_code: str, host: Person, now: datetime) -> Reservation:
    digest = _digest(codes.normalise(card_code))
    # Held before any account: a card that is blocked in this moment gives nothing after its owner has been told so.
    cards = Card.objects.select_for_update(of=("self",), no_key=True).select_related("person")
    card = cards.filter(digest=digest, blocked_at=None).first()
    if card is None:
        raise NoSuchCard(field="card")
    policies.may_serve_by(host, card).require()
    station = Station.objects.select_related("node").filter(pk=order.station_id).first()
    if station is None:
        raise NotVisible(_("没有找到这个驿站"))
    for one in {card.person, order.person}:
        policies.may_serve(host, one, station, now).require()
    policies.may_serve_for(host, card.person, order.person, now).require()
    if order.household:
        policies.may_serve_home(host, card.person).require()
    reservation = keep_for(key, order, asker=card.person, actor=host, now=now)
    give(reservation, host, now)
    return reservation


def _digest(code: str) -> str:
    return keyed_digest("shop.card", code)

"""What a request that comes again has done already: a door asks this first, and the world of today after it (ruling 6).

Each compares what was sent with what came of it; who sends something else under the same key is asked like anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from huipai.people.http import SignedInRequest
from huipai.shop import commands, forms
from huipai.shop.models import Movement, Reservation


def kept(request: SignedInRequest, item_id: UUID) -> Reservation | None:
    """What this very request has set aside."""
    made = _made(request)
    if made is None or made.asked_by_id != request.person.id:
        return None
    asked = request.POST.get("payer", "me")
    wanted = (item_id, forms.uuid_of(request.POST.get("station", "")), _payer(asked, made, own="me"))
    return made if wanted == (made.item_id, made.station_id, True) else None


def served(request: SignedInRequest, station_id: UUID) -> Reservation | None:
    """What this very request has given to whoever showed the card, be the card blocked since."""
    made = _made(request)
    if made is None or not commands.is_card_of(request.POST.get("card", ""), made.asked_by_id):
        return None
    asked = request.POST.get("payer", "card")
    wanted = (forms.uuid_of(request.POST.get("item", "")), station_id, _payer(asked, made, own="card"))
    return made if wanted == (made.item_id, made.station_id, True) else None


def moved(request: SignedInRequest, said: Mapping[str, object]) -> bool:
    """Whether this very request has moved stock, as each of `said` says of the movement."""
    key = forms.uuid_of(request.POST.get("key", ""))
    movement = commands.moved_by(key, request.person) if key else None
    return movement is not None and all(getattr(movement, name) == value for name, value in said.items())


def went(request: SignedInRequest, *, item_id: UUID, quantity: object) -> bool:
    """The same of a transfer, both of whose ends are compared."""
    said = {"item_id": item_id, "station_id": forms.uuid_of(request.POST.get("source", ""))}
    if not isinstance(quantity, int) or not moved(request, {**said, "quantity": -quantity}):
        return False
    into = Movement.objects.filter(subject=f"transfer:{forms.key_of(request.POST)}", quantity=quantity).first()
    return into is not None and into.station_id == forms.uuid_of(request.POST.get("to", ""))


def _made(request: SignedInRequest) -> Reservation | None:
    key = forms.uuid_of(request.POST.get("key", ""))
    made = commands.made_by(key, request.person) if key else None
    return made if made is not None and made.quantity == forms.quantity_of(request.POST) else None


def _payer(asked: str, made: Reservation, *, own: str) -> bool:
    """Whether it was these points that were picked."""
    if asked == "home":
        return made.household_id is not None and made.person_id == made.asked_by_id
    person_id = made.asked_by_id if asked == own else forms.uuid_of(asked)
    return made.household_id is None and made.person_id == person_id

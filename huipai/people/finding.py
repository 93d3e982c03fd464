"""The part of a page on which somebody at a counter says whom a deed is for: asked, chosen among few, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from huipai.kit.verdict import Invalid, Refused
from huipai.people import commands, homes, policies, queries
from huipai.people.http import SignedInRequest, client_address
from huipai.people.models import Person
from huipai.people.rules import mask_name, mask_phone, open_choice, seal_choice

FIND = "find"


@dataclass(frozen=True)
class Shown:
    """Enough to know somebody again who stands there, and no more."""

    person_id: UUID
    name: str
    home: str
    phone: str
    decade: int | None
    # What the next page names them by: good for whoever has found them, for a working day.
    seal: str


@dataclass(frozen=True)
class Search:
    """What was asked, and what came of it."""

    typed: dict[str, str] = field(default_factory=dict)
    found: Sequence[Shown] = ()
    refusal: Refused | None = None

    @property
    def status(self) -> int:
        return self.refusal.status if self.refusal else 200

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [(f"f-{self.refusal.field or 'phone'}", self.refusal.reason)] if self.refusal else []

    @property
    def error_at(self) -> dict[str, str]:
        return {self.refusal.field or "phone": self.refusal.reason} if self.refusal else {}


def asks(request: SignedInRequest) -> bool:
    """Whether this is somebody asking for a person."""
    return request.method == "POST" and request.POST.get("act") == FIND


def unasked(request: SignedInRequest) -> Search:
    """Nothing found and nothing refused; what stood in the fields stands there again."""
    return Search(_typed(request))


def search(request: SignedInRequest, serves: policies.CounterRule, now: datetime) -> Search:
    """Ask; the answer of the page stands in the `Search`."""
    typed = _typed(request)
    try:
        found = commands.look_for(
            asked=commands.Asked(**typed), serves=serves, actor=request.person, address=client_address(request), now=now
        )
    except Refused as refusal:
        return Search(typed, (), refusal)
    return Search(typed, shown(found, request.person, now))


def _typed(request: SignedInRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("phone", "name", "home")}


def towards(page: str, looked: Search, *, part: str = "") -> HttpResponse:
    """To the page of the deed, with the only one who was found."""
    return redirect(f"{reverse(page)}?{urlencode({'who': looked.found[0].seal})}{part}")


def shown(people: Sequence[Person], actor: Person, now: datetime) -> list[Shown]:
    """These people, masked; two questions however many."""
    living = homes.homes_of([person.id for person in people], now)
    return [
        Shown(
            person.id, mask_name(person.name), living.get(person.id, ""),
            mask_phone(person.account.phone) if person.account else "",
            person.birth_year // 10 * 10 if person.birth_year else None, seal_choice(person.id, actor.id, now),
        )
        for person in people
    ]  # fmt: skip


def chosen(request: SignedInRequest, now: datetime) -> Person | None:
    """Whom this colleague has found and chosen; None where nobody was, or the choice was another's or is old."""
    sealed = request.POST.get("who") or request.GET.get("who") or ""
    person_id = open_choice(sealed, request.person.id, now)
    return queries.known_people().filter(pk=person_id).first() if person_id else None


def the_chosen(request: SignedInRequest, now: datetime) -> Person:
    """The same where nothing can be done without."""
    person = chosen(request, now)
    if person is None:
        raise Invalid(_("先找到这位，再来办"), field="phone")
    return person

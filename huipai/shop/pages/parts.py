"""What the pages of the shop have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Protocol

from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import Promise

from huipai.kit import clock
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.points import policies as points
from huipai.shop import policies


class Page(Protocol):
    def __call__(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def keepers(page: Page) -> Any:
    """Only those who keep the shop, and those who decide on its money."""

    @wraps(page)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policies.may_enter_desk(request.person, clock.now()).require()
        return page(request, *args, **kwargs)

    return signed_in(guarded)


def form_page(
    request: SignedInRequest, form: Form, *, title: str | Promise, back: str, send: str | Promise, status: int = 200,
    lead: str | Promise = "",
) -> HttpResponse:  # fmt: skip
    """A desk's page with one form on it."""
    shown = {
        "form": form, "title": title, "back": back, "send": send, "lead": lead, "has_errors": bool(form.errors),
    }  # fmt: skip
    return render(request, "shop/form.jinja", shown, status=status)


def phone_form_page(
    request: SignedInRequest, form: Form, *, title: str | Promise, back: str, send: str | Promise, status: int = 200,
    lead: str | Promise = "", told: Sequence[str | Promise] = (), way_on: str = "", seen: int | None = None,
) -> HttpResponse:  # fmt: skip
    """The same on a host's phone: what to know first, and where to go if what is kept for people is in the way.

    `seen`: what the page sends back of the shelf that it was opened beside.
    """
    shown = {
        "form": form, "title": title, "back": back, "send": send, "lead": lead, "has_errors": bool(form.errors),
        "told": told, "way_on": way_on, "seen": seen,
    }  # fmt: skip
    return render(request, "shop/phone_form.jinja", shown, status=status)


def money(cents: int) -> str:
    """Yuan with two places, as they are written on a bill."""
    return f"{cents / 100:,.2f}"


def tabs_for(person: Person, now: datetime) -> dict[str, bool]:
    """Which of the pages beside the desk somebody may open."""
    return {
        "cards": bool(policies.may_enter_cards(person, now)),
        "grants": bool(points.may_enter_grants(person, now)),
        "closing": bool(points.may_propose_closing(person, now)),
    }

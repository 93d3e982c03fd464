"""The forms on an order: what stands above each, and how it comes back with what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.http import HttpResponse

from huipai.cases import telling
from huipai.cases.models import WorkOrder
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.queries import orders as orders_read
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest


def about(one: WorkOrder, now: datetime) -> dict[str, object]:
    """What every page of an order says of it."""
    names = orders_read.names_to_hide(one.case)
    return {"order": one, "case": one.case, "now": now, "place": telling.place(one.case, names)}


def tried(act: Callable[[], object]) -> Refused | None:
    """Why it was refused; None when it was done."""
    try:
        act()
    except Refused as refusal:
        return refusal
    return None


def shown_again(
    request: SignedInRequest, template: str, one: WorkOrder, now: datetime, refused: Refused | None,
    more: Mapping[str, object],
) -> HttpResponse:  # fmt: skip
    """A form, blank or with everything that was typed and why it was not taken."""
    errors = errors_of(refused) if refused else []
    context = {**about(one, now), "errors": errors, "has_errors": bool(errors), "wrong": dict(errors), **more}
    return render(request, template, context, status=refused.status if refused else 200)

"""What every page of the desk begins with, and how it shows a form again."""

from __future__ import annotations

from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import Promise

from huipai.grid import policies, queries
from huipai.grid.forms import attempt
from huipai.grid.models import GridNode
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest, signed_in

Words = str | Promise
__all__ = ["at_desk", "attempt", "find_node", "form_page"]


class Page(Protocol):
    def __call__(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def at_desk(page: Page) -> Any:
    """Only those who work with the grid."""

    @wraps(page)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policies.may_enter_desk(request.person, clock.now()).require()
        return page(request, *args, **kwargs)

    return signed_in(guarded)


def find_node(request: SignedInRequest, node_id: UUID) -> GridNode:
    """A node that this person may look at; any other does not exist."""
    found = queries.visible_to(request.person, clock.now()).select_related("parent", "succeeds").filter(pk=node_id)
    node = found.first()
    if node is None:
        raise NotVisible
    return node


def form_page(
    request: SignedInRequest,
    form: Form,
    *,
    title: Words,
    back: str,
    send: Words,
    status: int = 200,
    lead: Words = "",
    on: str = "grid",
) -> HttpResponse:
    """A page with one form on it; `on` is the door of the rail that it stands behind."""
    shown = {
        "form": form, "title": title, "back": back, "send": send, "lead": lead, "has_errors": bool(form.errors),
        "is_file": form.is_multipart(), "on": on,
    }  # fmt: skip
    return render(request, "grid/form.jinja", shown, status=status)

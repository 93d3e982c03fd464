"""Speaking up: a comment on what is laid open, an objection to what is published, and what became of one's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.rulebook import commands, queries
from huipai.rulebook.commands.refusals import SaidAlready
from huipai.rulebook.models import PointItem, Remark, RulebookVersion
from huipai.rulebook.words import Standing

A_PAGE = 20
_OBJECTED = (Standing.PUBLICITY, Standing.COMING, Standing.EFFECTIVE)


@require_http_methods(["GET", "POST"])
@signed_in
def say(request: SignedInRequest, number: int) -> HttpResponse:
    """A comment or an objection, as the version stands."""
    shown = queries.readable(number)
    if shown is None:
        raise NotVisible
    standing = queries.standing(shown, clock.now())
    if standing != Standing.CONSULTING and standing not in _OBJECTED:
        messages.info(request, _("这一版现在不收意见，看看正在征求意见或者正在用的一版"))
        return redirect("rulebook:changes", number=number)
    code = request.POST.get("code", request.GET.get("code", ""))
    if request.method == "GET":
        return _form(request, shown, code=code)
    try:
        _said(request, shown, code)
    except SaidAlready as refusal:
        # Pressed once more it is a remark of its own.
        return _form(request, shown, code=code, said=refusal.reason, status=refusal.status, id=str(new_id()))
    except (Invalid, Moved) as refusal:
        return _form(request, shown, code=code, said=refusal.reason, status=refusal.status)
    messages.success(request, _("收到了，谢谢您。有了答复会告诉您"))
    return redirect("rulebook:mine")


def _said(request: SignedInRequest, shown: RulebookVersion, code: str) -> Remark:
    act = commands.comment if queries.standing(shown, clock.now()) == Standing.CONSULTING else commands.object_to
    return act(
        version_id=shown.id, person=request.person, code=code, text=request.POST.get("text", ""), now=clock.now(),
        remark_id=_id(request.POST.get("id", "")),
    )  # fmt: skip


def _id(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _form(
    request: SignedInRequest, shown: RulebookVersion, *, code: str, said: str = "", status: int = 200, id: str = ""
) -> HttpResponse:
    items = PointItem.objects.filter(version=shown).order_by("code").values_list("code", "title")
    context: dict[str, Any] = {
        "version": shown, "standing": queries.standing(shown, clock.now()), "now": clock.now(), "code": code,
        "items": list(items), "text": request.POST.get("text", ""), "said": said, "has_errors": bool(said),
        "id": id or request.POST.get("id") or new_id(),
    }  # fmt: skip
    return render(request, "rulebook/say.jinja", context, status=status)


@require_GET
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """What I said, and what became of it."""
    own = Remark.objects.filter(person=request.person).select_related("version").order_by("-said_at", "-id")
    page: Page[Remark] = page_of(own, request.GET.get("page"), size=A_PAGE)
    return render(request, "rulebook/mine.jinja", {"remarks": page.items, "page": page, "now": clock.now()})

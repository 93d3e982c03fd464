"""Public copies one after another, large: shown, kept back with a reason, taken back. By mouse, finger or key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from huipai.cases import queries as cases
from huipai.cases import telling
from huipai.cases.commands import releasing
from huipai.cases.models import CasePhoto
from huipai.cases.policies import comments as may_comments
from huipai.cases.policies import entering
from huipai.cases.queries import releasing as queries
from huipai.cases.words import KeepBackReason, Moment
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.shown import shown_at
from huipai.people.http import SignedInRequest, safe_next, signed_in
from huipai.people.models import Person
from huipai.photos import grants
from huipai.photos.words import Variant

A_LOOK, A_PAGE = 1, 20
Reading = Callable[[Person, datetime], QuerySet[CasePhoto]]
VIEWS: dict[str, tuple[object, Reading]] = {
    "": (gettext_lazy("等人看"), queries.waiting_for),
    "shown": (gettext_lazy("已公开"), queries.shown_by_place),
    "kept": (gettext_lazy("先不公开"), queries.kept_back),
}


@require_GET
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """One large public copy that nobody has looked at; beside it those that are shown and those that are kept back."""
    return _desk(request, {})


def _desk(request: SignedInRequest, errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    now, person = clock.now(), request.person
    entering.may_enter_releasing(person, now).require()
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    rows = VIEWS[view][1](person, now)
    page: Page[CasePhoto] = page_of(rows, request.GET.get("page"), size=A_PAGE if view else A_LOOK)
    names = cases.reporters_names([part.case.code for part in page.items])
    address = reverse("cases:releasing")
    views = [
        {"href": f"{address}?view={key}" if key else address, "label": words} for key, (words, _rows) in VIEWS.items()
    ]
    context = {
        "now": now,
        "view": view,
        "reads_comments": bool(may_comments.may_enter(person, now)),
        "views": views,
        "on": f"{address}?view={view}" if view else address,
        "page": page,
        "photos": [_told(part, names.get(part.case.code, []), person, now) for part in page.items],
        "left": queries.waiting_for(person, now).count() if not view else 0,
        "reasons": [{"value": value, "title": label} for value, label in KeepBackReason.choices],
        "wrong": errors,
        "has_errors": bool(errors),
        "undo": request.session.pop("released", None),
    }
    return render(request, "cases/releasing.jinja", context, status=status)


def _told(part: CasePhoto, names: list[str], person: Person, now: datetime) -> dict[str, object]:
    reason = getattr(part, "kept_reason", None)
    return {
        "id": part.photo_id,
        "src": grants.url(part.photo, Variant.PUBLIC, viewer=person, now=now),
        "thumb": grants.url(part.photo, Variant.THUMB, viewer=person, now=now),
        "digest": part.photo.public_sha256,
        "moment": Moment(part.moment).label,
        "case": part.case,
        "place": telling.place(part.case, names),
        "at": part.photo.received_at,
        "reason": KeepBackReason(reason).label if reason else "",
        "shown_at": part.photo.released_at,
    }


@require_POST
@signed_in
def release(request: SignedInRequest, photo_id: UUID) -> HttpResponse:
    now = clock.now()
    copy, looked_at = request.POST.get("copy", ""), shown_at(request.POST.get("looked_at", ""))
    releasing.release(photo_id=photo_id, actor=request.person, copy_seen=copy, looked_at=looked_at, now=now)
    return _next(request, photo_id, _("公开了，邻居能看到这一张"), "shown")


@require_POST
@signed_in
def keep_back(request: SignedInRequest, photo_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    try:
        releasing.keep_back(photo_id=photo_id, actor=request.person, reason=reason, now=clock.now())
    except releasing.WhyKeptBack as refusal:
        return _desk(request, {"pick-reason": refusal.reason}, status=refusal.status)
    return _next(request, photo_id, _("先不公开，只有办事的人看得到"), "kept")


@require_POST
@signed_in
def take_back(request: SignedInRequest, photo_id: UUID) -> HttpResponse:
    """Undo a release: gone from every page at once, and waiting to be looked at anew."""
    releasing.take_back(photo_id=photo_id, actor=request.person, now=clock.now())
    messages.success(request, _("收回来了，邻居看不到了"))
    return redirect("cases:releasing")


@require_POST
@signed_in
def reconsider(request: SignedInRequest, photo_id: UUID) -> HttpResponse:
    releasing.reconsider(photo_id=photo_id, actor=request.person, now=clock.now())
    messages.success(request, _("放回去了，再看一眼"))
    return redirect("cases:releasing")


def _next(request: SignedInRequest, photo_id: UUID, words: str, what: str) -> HttpResponse:
    """On to the next photo, with a way back to this one."""
    back = safe_next(request, "")
    if back:
        messages.success(request, words)
        return redirect(back)
    request.session["released"] = {"photo": str(photo_id), "words": words, "what": what}
    return redirect("cases:releasing")

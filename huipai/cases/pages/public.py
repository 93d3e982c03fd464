"""What neighbours see, signed in or not: only what a person has released."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.cases import policies, queries, telling
from huipai.cases.models import Case
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.photos import commands as photos
from huipai.streets.http import StreetRequest

PAGE = 20


@require_GET
def nearby(request: StreetRequest) -> HttpResponse:
    """Map and list of what is public in the street."""
    page: Page[Case] = page_of(queries.published(), request.GET.get("page"), size=PAGE)
    now = clock.now()
    context = {
        "rows": [telling.public_row(case, now) for case in page.items],
        "page": page,
        "center": (request.street.center_lng, request.street.center_lat),
    }
    return render(request, "cases/nearby.jinja", context)


@require_GET
def case(request: HttpRequest, code: str) -> HttpResponse:
    """One public case: released photos, where it stands, what happened when."""
    one = queries.published().filter(code=code).first()
    if one is None:
        raise NotVisible
    now = clock.now()
    context = {
        "case": one, "photos": telling.public_photos(one, now), "steps": telling.public_steps(one),
    }  # fmt: skip
    return render(request, "cases/public.jinja", context)


@require_POST
@signed_in
def release(request: SignedInRequest, code: str, photo_id: UUID) -> HttpResponse:
    """Somebody of the grid has looked at the public copy: it may be shown."""
    now = clock.now()
    one = queries.by_code(request.person, code, now)
    policies.may_release(request.person, one, now).require()
    photo = queries.photo_of(one, photo_id)
    photos.release(photo=photo, by=request.person, copy_seen=request.POST.get("copy", ""), now=now)
    messages.success(request, _("公开了，邻居能看到这一张"))
    return redirect("cases:detail", code=code)

"""Neighbours along: following, leaving, still there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.cases import showing
from huipai.cases.commands import following as commands
from huipai.cases.queries import neighbours
from huipai.cases.queries.shown import Row
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in

PAGE = 20


@require_GET
@signed_in
def following(request: SignedInRequest) -> HttpResponse:
    """The public cases that one follows."""
    page: Page[Row] = page_of(neighbours.Followed(request.person), request.GET.get("page"), size=PAGE)
    context = {"cards": showing.cards(page.items), "page": page}
    return render(request, "cases/following.jinja", context)


@require_POST
@signed_in
def follow(request: SignedInRequest, code: str) -> HttpResponse:
    commands.follow(code=code, person=request.person, now=clock.now())
    messages.success(request, _("跟上了，每走一步都告诉您"))
    return redirect("cases:public", code=code)


@require_POST
@signed_in
def unfollow(request: SignedInRequest, code: str) -> HttpResponse:
    commands.unfollow(code=code, person=request.person, now=clock.now())
    messages.success(request, _("不跟了，不再告诉您"))
    return redirect("cases:following")


@require_POST
@signed_in
def still_there(request: SignedInRequest, code: str) -> HttpResponse:
    commands.say_still_there(code=code, person=request.person, now=clock.now())
    messages.success(request, _("记下了，办的人看得到；今天不用再点"))
    return redirect("cases:public", code=code)

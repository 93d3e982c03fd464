"""One public thing under its short address, and its photos: the gate is asked at every request."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_POST, require_safe

from huipai.cases import showing
from huipai.cases.commands import liking
from huipai.cases.models import Shown, ShownPhoto
from huipai.cases.queries import comments, deeds, likes, neighbours, shown
from huipai.cases.words import Kind, Moment
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, safe_next, signed_in
from huipai.photos import answers
from huipai.photos.words import Variant
from huipai.streets.http import StreetRequest

# Kept by the browser, and asked about every time: what is taken back is gone with the next look.
ASK_EVERY_TIME = "private, no-cache"


@require_safe
def thing(request: StreetRequest, code: str) -> HttpResponse:
    """Released photos, where it stands, what happened when; with a card for whoever passes the address on."""
    one = shown.one(code)
    return page(request, one) if one is not None else _gone(request, code)


def _gone(request: StreetRequest, code: str) -> HttpResponse:
    """What was merged leads to what goes on; where neighbours do not see that, it says so and no more."""
    into = neighbours.gone_into(code)
    if into is not None and shown.one(into.code) is not None:
        return redirect("cases:public", code=into.code)
    if into is None or into.is_public:
        raise NotVisible
    return render(request, "cases/gone.jinja", {}, status=410)


def page(request: StreetRequest, one: Shown, *, typed: str = "", refused: Refused | None = None) -> HttpResponse:
    """The same after a refused comment, with what was typed."""
    person = getattr(request, "person", None)
    errors = [("f-text", refused.reason)] if refused else []
    photos = list(shown.photos_of(one))
    pictures = showing.pictures(one, photos)
    address = request.build_absolute_uri(reverse("cases:public", args=[one.code]))
    cover = reverse("cases:public_photo", args=[one.code, one.cover_id]) if one.cover_id else ""
    context = {
        "one": one,
        "card": showing.card(showing.row_of(one)),
        "before": [picture for picture in pictures if picture.moment == Moment.BEFORE],
        "after": [picture for picture in pictures if picture.moment == Moment.AFTER],
        "steps": showing.steps(one),
        "story": deeds.story_of(one.id) if one.kind == Kind.GOOD_DEED else "",
        "likes": likes.of([one.id], getattr(request, "person", None)).get(one.id, (0, False)),
        "along": showing.along(one, getattr(request, "person", None)),
        "address": address,
        "og": {
            "title": showing.title_of(showing.row_of(one)),
            "description": _("%(place)s，%(street)s") % {"place": one.node.name, "street": request.street.name},
            "image": request.build_absolute_uri(cover) if cover else "",
            "url": address,
        },
        "now": clock.now(),
        "comments": comments.under(one),
        "comment_id": new_id(),
        "typed": typed,
        "errors": errors,
        "wrong": dict(errors),
        "has_errors": bool(errors),
        "is_signed_in": person is not None,
    }
    return render(request, "cases/public.jinja", context, status=refused.status if refused else 200)


@require_POST
@signed_in
def like(request: SignedInRequest, code: str) -> HttpResponse:
    """Say thank you, or take it back."""
    one = shown.one(code)
    if one is None:
        raise NotVisible
    if request.POST.get("want"):
        liking.like(thing=one.id, actor=request.person, now=clock.now())
    else:
        liking.take_back(thing=one.id, actor=request.person)
    if not request.headers.get("HX-Request"):
        return redirect(safe_next(request, reverse("cases:public", args=[one.code])))
    count, mine = likes.of([one.id], request.person).get(one.id, (0, False))
    return render(request, "cases/like_again.jinja", {"code": one.code, "count": count, "mine": mine})


@require_safe
def old_address(request: StreetRequest, code: str) -> HttpResponse:
    """Where a public case used to stand."""
    if shown.one(code) is None:
        raise NotVisible
    return redirect("cases:public", code=code, permanent=True)


def _known(request: HttpRequest, code: str, photo_id: UUID) -> ShownPhoto:
    """Read once a request, for the stamp and for the answer."""
    known: ShownPhoto | None = getattr(request, "_huipai_photo", None) or shown.photo(code, photo_id)
    if known is None:
        raise NotVisible
    request._huipai_photo = known  # type: ignore[attr-defined]
    return known


def _stamp(request: HttpRequest, code: str, photo_id: UUID) -> str:
    return _known(request, code, photo_id).photo.public_sha256[:32]


@require_safe
@condition(etag_func=_stamp)
def photo(request: StreetRequest, code: str, photo_id: UUID) -> HttpResponseBase:
    """The released copy."""
    return _file(request, code, photo_id, Variant.PUBLIC)


@require_safe
@condition(etag_func=_stamp)
def thumb(request: StreetRequest, code: str, photo_id: UUID) -> HttpResponseBase:
    """The same, small."""
    return _file(request, code, photo_id, Variant.THUMB)


def _file(request: StreetRequest, code: str, photo_id: UUID, variant: Variant) -> HttpResponseBase:
    # A JPEG does not become smaller by compressing it again.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return answers.file_of(_known(request, code, photo_id).photo, variant, cache=ASK_EVERY_TIME)

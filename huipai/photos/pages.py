"""Two doors: one takes a photo in, one gives a file out."""

from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huipai.kit import clock
from huipai.kit.verdict import Invalid, Refused
from huipai.people.http import SignedInRequest, signed_in, was_kept_here
from huipai.photos import answers, commands, queries
from huipai.photos.models import Photo
from huipai.photos.rules import seals
from huipai.photos.rules.claims import Claims
from huipai.photos.rules.refusals import TooLarge
from huipai.photos.words import LARGEST_PIECE, MAX_BYTES, PUBLIC_CACHE_SECONDS, Source, Variant
from huipai.streets.current import street_in_force

FORM_ALLOWANCE = 1024 * 1024


@csrf_exempt  # only to look at the length first; the check itself follows
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """A body that is too large is refused unread, and every answer is JSON."""
    if _declared_length(request) > MAX_BYTES + FORM_ALLOWANCE:
        return _refusal(TooLarge())
    if not request.user.is_authenticated:
        return JsonResponse({"error": "sign_in_first", "reason": _("请先登录")}, status=401)
    return csrf_protect(signed_in(_take))(request)


def _take(request: SignedInRequest) -> HttpResponse:
    file = request.FILES.get("file")
    try:
        was_kept_here(request)
        if file is None:
            raise Invalid(_("没有收到照片，再选一次"), code="no_file", field="file")
        photo = commands.receive(
            photo_id=_id(request), uploader=request.person, file=file, claims=_claims(request.POST), now=clock.now()
        )
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse({"id": str(photo.id), "state": photo.state, "claims": _said(photo.claims)})


@csrf_exempt  # only to look at the length first; the check itself follows
@require_http_methods(["PATCH"])
def piece(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """The next bytes of a photo, as tus does it: `Upload-Offset` says where they begin, the answer where to go on."""
    if _declared_length(request) > LARGEST_PIECE:
        return _refusal(commands.PieceTooLarge(field="file"))
    if not request.user.is_authenticated:
        return JsonResponse({"error": "sign_in_first", "reason": _("请先登录")}, status=401)
    return csrf_protect(signed_in(_take_piece))(request, photo_id)


def _take_piece(request: SignedInRequest, photo_id: UUID) -> HttpResponse:
    try:
        was_kept_here(request)
        arrived = commands.append(
            photo_id=photo_id, uploader=request.person, length=_count(request, "Upload-Length"),
            start=_count(request, "Upload-Offset"), content=request.body,
            claims=_claims(_metadata(request.headers.get("Upload-Metadata", ""))), now=clock.now(),
        )  # fmt: skip
    except commands.OffsetMoved as moved:
        told = {"error": moved.code, "reason": moved.reason, "offset": moved.offset}
        return JsonResponse(told, status=moved.status)
    except Refused as refusal:
        return _refusal(refusal)
    claims = _said(arrived.photo.claims) if arrived.photo else None
    return JsonResponse({"offset": arrived.offset, "sealed": arrived.photo is not None, "claims": claims})


def _count(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _metadata(header: str) -> dict[str, str]:
    """tus writes it as `name base64, name base64`; what makes no sense is left out."""
    said = {}
    for pair in header.split(","):
        name, _space, value = pair.strip().partition(" ")
        with suppress(ValueError):
            said[name] = b64decode(value, validate=True).decode()
    return said


def _declared_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _refusal(refusal: Refused) -> JsonResponse:
    return JsonResponse({"error": refusal.code, "reason": refusal.reason}, status=refusal.status)


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("photo_id", ""))
    except ValueError:
        raise commands.NotThisId from None


def _claims(said: Mapping[str, str]) -> Claims:
    """What the device says; whatever makes no sense is left out."""
    given = said.get("position_source", "")
    source = Source(given) if given in Source.values else Source.NONE
    return Claims(
        lat=_number(said.get("lat", "")),
        lng=_number(said.get("lng", "")),
        taken_at=_instant(said.get("taken_at", "")),
        source=source,
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _said(claims: Claims) -> dict[str, object]:
    taken_at = claims.taken_at.isoformat() if claims.taken_at else None
    return {"lat": claims.lat, "lng": claims.lng, "taken_at": taken_at, "source": claims.source.value}


@require_safe
def file(request: HttpRequest, photo_id: UUID, variant: str, token: str) -> HttpResponseBase:
    """The file that a signed address names, to the viewer it was signed for; to everybody else it does not exist.

    An address signed for visitors is good for whoever is signed in too: it shows what everybody may see.
    """
    viewer = getattr(request, "person", None)
    askers = dict.fromkeys([viewer.pk if viewer else None, None])
    grants = (
        seals.read(
            token, street_id=street_in_force(), photo_id=photo_id, variant=Variant(variant),
            viewer_id=asker, now=clock.now(),
        )
        for asker in askers
    )  # fmt: skip
    grant = next(filter(None, grants), None)
    photo = queries.shown_by(grant) if grant else None
    if photo is None:
        raise Http404
    # A JPEG does not become smaller by compressing it again.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return _answer(photo, Variant(variant))


def _answer(photo: Photo, variant: Variant) -> FileResponse:
    may_cache = photo.is_public and variant != Variant.ORIGINAL
    cache = f"private, max-age={PUBLIC_CACHE_SECONDS}" if may_cache else "private, no-store"
    return answers.file_of(photo, variant, cache=cache)

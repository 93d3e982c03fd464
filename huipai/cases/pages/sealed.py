"""What opens only with a reason: who reported, and the originals of photos. Nothing of it is kept by a browser."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.audit.words import OF_A_PERSON, OF_A_PHOTO
from huipai.cases import policies, queries, telling, telling_words
from huipai.cases.commands import sealed as commands
from huipai.cases.models import Case
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.policies import entering
from huipai.cases.queries import merged, sealed
from huipai.cases.words import Moment
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.photos import grants
from huipai.photos.words import Variant


@require_http_methods(["GET", "POST"])
@signed_in
def reporter(request: SignedInRequest, code: str) -> HttpResponse:
    """Ask with a reason; then, for ten minutes, who it was."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    policies.may_unmask(request.person, case, now).require()
    refused: Refused | None = None
    if request.method == "POST":
        try:
            commands.unmask(case_id=case.id, actor=request.person, now=now, **_typed(request))
        except Refused as refusal:
            refused = refusal
        else:
            return redirect("cases:reporter", code=code)
    opened = sealed.opened_by(request.person, case, now)
    read = sealed.names_read_by(request.person, case, now)
    context = {
        **_form(request, case, refused, now), "opened": opened,
        "may_read_names": bool(policies.may_read_names(request.person, case, now)) and sealed.has_named(case),
        "read": read, "names": sealed.names(case, read) if read else [],
        "reporters": sealed.reporters(case, opened) if opened else [],
        "reasons": [{"value": one.value, "title": one.label} for one in OF_A_PERSON],
    }  # fmt: skip
    return render(request, "cases/reporter.jinja", context, status=refused.status if refused else 200)


@require_POST
@signed_in
def names(request: SignedInRequest, code: str) -> HttpResponse:
    """Read who wants the community to know; it is written down that they did."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    commands.read_names(case_id=case.id, actor=request.person, now=now)
    return redirect("cases:reporter", code=code)


def _typed(request: SignedInRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("reason", "words")}


def _form(request: SignedInRequest, case: Case, refused: Refused | None, now: datetime) -> dict[str, object]:
    errors = errors_of(refused) if refused else []
    return {
        "case": case, "place": telling_words.place_of(case), "now": now, "errors": errors, "has_errors": bool(errors),
        "wrong": dict(errors), **_typed(request),
    }  # fmt: skip


def _case_with_seals(request: SignedInRequest, code: str, now: datetime) -> Case:
    """For whoever may not open them there are no originals."""
    case = queries.by_code(request.person, code, now)
    if not policies.may_unmask(request.person, case, now):
        raise NotVisible
    return case


@require_GET
@signed_in
def originals(request: SignedInRequest, code: str) -> HttpResponse:
    """The photos of a case, small, to choose of which the original is needed."""
    now = clock.now()
    case = _case_with_seals(request, code, now)
    rows = [
        {
            "id": one.photo_id, "alt": Moment(one.moment).label, "at": one.photo.received_at,
            "src": grants.url(one.photo, Variant.THUMB, viewer=request.person, now=now),
        }
        for one in sealed.photos_of(case)
    ]  # fmt: skip
    context = {"case": case, "place": telling_words.place_of(case), "rows": rows, "now": now}
    return render(request, "cases/originals.jinja", context)


@require_http_methods(["GET", "POST"])
@signed_in
def original(request: SignedInRequest, code: str, photo_id: UUID) -> HttpResponse:
    """Ask with a reason; the answer shows the original once, with what it claims of place and time."""
    now = clock.now()
    case = _case_with_seals(request, code, now)
    one = sealed.photo_of(case, photo_id)
    refused: Refused | None = None
    src = ""
    if request.method == "POST":
        try:
            opening = commands.open_original(
                case_id=case.id, photo_id=photo_id, actor=request.person, now=now, **_typed(request)
            )
        except NotVisible:
            raise
        except Refused as refusal:
            refused = refusal
        else:
            src = grants.original_url(opening, now=now)
    context = {
        **_form(request, case, refused, now), "src": src, "photo": one.photo, "alt": Moment(one.moment).label,
        "thumb": grants.url(one.photo, Variant.THUMB, viewer=request.person, now=now),
        "reasons": [{"value": ground.value, "title": ground.label} for ground in OF_A_PHOTO],
    }  # fmt: skip
    return render(request, "cases/original.jinja", context, status=refused.status if refused else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def look_up(request: SignedInRequest) -> HttpResponse:
    """Cases by who reported them: a whole name or number, and why. The answer is shown once."""
    now = clock.now()
    entering.may_look_up(request.person, now).require()
    who = request.POST.get("who", "")
    refused: Refused | None = None
    rows: list[dict[str, object]] | None = None
    holdable: list[dict[str, object]] = []
    if request.method == "POST":
        try:
            found = commands.look_up(actor=request.person, who=who, now=now, **_typed(request))
        except Refused as refusal:
            refused = refusal
        else:
            places = telling.places(found.cases)
            came_late = merged.late_into(found.cases)
            rows = [
                telling.row(case, request.person, now, places[case.id], came_late=came_late) for case in found.cases
            ]
            holdable = [
                {"title": _("好人好事 %(code)s") % {"code": one.code}, "at": one.reported_at, "place": one.node.name,
                 "href": reverse("cases:hold_deed", args=[one.id])}
                for one in found.deeds
            ] + [
                {"title": _("积分申报 %(code)s") % {"code": one.mark}, "at": one.received_at, "place": one.item.title,
                 "href": reverse("cases:hold_claim", args=[one.id])}
                for one in found.claims
            ]  # fmt: skip
    errors = errors_of(refused) if refused else []
    context = {
        "who": who, "rows": rows, "holdable": holdable,
        "errors": errors, "has_errors": bool(errors), "wrong": dict(errors),
        "reasons": [{"value": one.value, "title": one.label} for one in OF_A_PERSON], **_typed(request),
    }  # fmt: skip
    return render(request, "cases/look_up.jinja", context, status=refused.status if refused else 200)

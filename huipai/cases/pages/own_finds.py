"""What a worker found and mended on the round: recorded on one screen, read by place."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import policies, telling
from huipai.cases.commands import own_finds as commands
from huipai.cases.commands.own_finds import Found, ReportedByAnother
from huipai.cases.forms import FindForm, ReportForm, editions_of, photo_ids, place_in
from huipai.cases.models import Case, CaseType, FindPhoto, OwnFind
from huipai.cases.pages import report_form
from huipai.cases.pages.forms_again import beside, faults_of, files_of, unfit, uploaded
from huipai.cases.policies import own_finds as may
from huipai.cases.queries import own_finds as reads
from huipai.cases.words import Moment
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotAllowed, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos import grants
from huipai.photos.words import Variant
from huipai.streets.http import StreetRequest

PAGE = 30
_SIDES = ("before", "after")
NO_PHOTOS: dict[str, tuple[UUID, ...]] = {side: () for side in _SIDES}
Fault = list[tuple[str, str]]
Photos = list[dict[str, object]]


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    """Two photos, which kind, where, a word: one screen."""
    now = clock.now()
    if not policies.is_worker(request.person, now):
        raise NotAllowed
    if request.method == "GET":
        return _form(request, FindForm(initial={"find_id": new_id()}), NO_PHOTOS, [])
    form = FindForm(request.POST)
    is_valid = form.is_valid()
    form_id = form.cleaned_data.get("find_id") or new_id()
    sides, faults = _photos(request, form_id)
    if not is_valid or faults:
        return _form(request, form, sides, faults, status=422)
    found = form.found(sides["before"], sides["after"])
    try:
        find = commands.record(found=found, worker=request.person, now=now)
    except Refused as refusal:
        return _form(
            request,
            form,
            sides,
            faults_of(refusal, form, [*sides["before"], *sides["after"]], request.person),
            status=refusal.status,
            near=near_of(refusal, found, request.person),
            may_report=isinstance(refusal, ReportedByAnother) or refusal.code == "find_elsewhere",
        )
    messages.success(request, _("记下了"))
    return redirect("cases:own_find", find_id=find.id)


@require_POST
@signed_in
def as_report(request: SignedInRequest) -> HttpResponse:
    """What was begun as a find goes along into the form of a report, photos and all; it is sent from there."""
    if not policies.is_worker(request.person, clock.now()):
        raise NotAllowed
    find = FindForm(request.POST)
    find.is_valid()
    sides, faults = _photos(request, find.cleaned_data.get("find_id") or new_id())
    typed = {
        name: request.POST.get(name, "")
        for name in ("case_type", "text", "address", "lng", "lat", "position_source", "spot")
    }
    form = ReportForm({**typed, "report_id": str(new_id())})
    wrong = [("upload-photo", reason) for _place, reason in faults]
    ids = tuple(dict.fromkeys([*sides["before"], *sides["after"]]))
    return report_form.form_page(request, form, wrong, photo_ids=ids, uploader=request.person)


def _photos(request: SignedInRequest, form_id: UUID) -> tuple[dict[str, tuple[UUID, ...]], Fault]:
    """The photos of both sides, and what was wrong with files that came with the form."""
    sides: dict[str, tuple[UUID, ...]] = {}
    faults: Fault = []
    for side in _SIDES:
        batch = photos.receive_all(
            form_id=form_id, uploader=request.person, files=files_of(request, _name(side)), now=clock.now()
        )
        came = [photo.id for photo in batch.photos]
        sides[side] = tuple(dict.fromkeys([*photo_ids(request.POST, _name(side)), *came]))
        faults += unfit(batch, f"upload-{_name(side)}")
    return sides, faults


def _name(side: str) -> str:
    return "photo" if side == "before" else "after"


def near_of(refusal: Refused, found: Found, worker: Person) -> list[Case]:
    """What somebody else has reported nearby, to be handled from there."""
    case_type = CaseType.objects.filter(code=found.case_type).first()
    if not isinstance(refusal, ReportedByAnother) or case_type is None or found.point is None:
        return []
    return reads.reported_near(case_type, found.point, worker)


def _form(
    request: SignedInRequest, form: FindForm, sides: dict[str, tuple[UUID, ...]], errors: Fault, *, status: int = 200,
    near: list[Case] | None = None, may_report: bool = False,
) -> HttpResponse:  # fmt: skip
    now = clock.now()
    photos_there = {side: uploaded(ids, request.person, now) for side, ids in sides.items()}
    return form_page(request, form, errors, status=status, near=near, may_report=may_report, **photos_there)


def form_page(
    request: StreetRequest, form: FindForm, errors: Fault, *, status: int = 200, near: list[Case] | None = None,
    before: Photos | None = None, after: Photos | None = None, may_report: bool = False,
) -> HttpResponse:  # fmt: skip
    """The form with everything that was typed; blank for nobody in particular where no photos are spoken of."""
    faults = errors + [(f"f-{name}", str(text)) for name, texts in form.errors.items() for text in texts]
    types = list(CaseType.objects.filter(is_active=True).order_by("position", "code"))
    context = {
        "values": {name: form[name].value() for name in form.fields},
        "before": before or [], "after": after or [], "is_for_anybody": before is None,
        "types": types, "editions": editions_of(types),
        "near": near or [], "near_places": telling.places(near or []), "may_report": may_report,
        "errors": faults, "has_errors": bool(faults), "wrong": beside(faults),
        "center": (request.street.center_lng, request.street.center_lat), "most": commands.MOST_A_SIDE,
        "sent": place_in(form.data),
    }  # fmt: skip
    return render(request, "cases/find_form.jinja", context, status=status)


@require_GET
@signed_in
def listed(request: SignedInRequest) -> HttpResponse:
    """The latest first, by kind; whose they are is not said, and they are not counted."""
    now = clock.now()
    may.may_enter(request.person, now).require()
    kind = request.GET.get("type", "")[:40]
    rows = reads.seen_by(request.person, now)
    page: Page[OwnFind] = page_of(
        rows.filter(case_type__code=kind) if kind else rows, request.GET.get("page"), size=PAGE
    )
    context = {
        "page": page, "kind": kind, "may_record": policies.is_worker(request.person, now),
        "rows": [{"find": find, "src": _thumb(find, request, Moment.AFTER)} for find in page.items],
        "types": CaseType.objects.order_by("position", "code"),
        "center": (request.street.center_lng, request.street.center_lat),
    }  # fmt: skip
    return render(request, "cases/own_finds.jinja", context)


def _thumb(find: OwnFind, request: SignedInRequest, moment: Moment) -> str | None:
    first = next((part for part in find.photos.all() if part.moment == moment), None)
    return grants.url(first.photo, Variant.THUMB, viewer=request.person, now=clock.now()) or None if first else None


@require_GET
@signed_in
def one(request: SignedInRequest, find_id: UUID) -> HttpResponse:
    """One record: before and after, where, when."""
    find = reads.one(request.person, find_id, clock.now())
    seen = [_seen(part, request) for part in find.photos.all()]
    context = {
        "find": find,
        "before": [one for one in seen if one["moment"] == Moment.BEFORE],
        "after": [one for one in seen if one["moment"] == Moment.AFTER],
        "may_take_back": find.worker_id == request.person.id and find.taken_back_at is None,
    }
    return render(request, "cases/own_find.jinja", context)


def _seen(part: FindPhoto, request: SignedInRequest) -> dict[str, object]:
    src = grants.url(part.photo, Variant.PUBLIC, viewer=request.person, now=clock.now())
    alt = Moment(part.moment).label if src else part.photo.missing_words
    return {"src": src or None, "alt": alt, "moment": part.moment}


@require_POST
@signed_in
def take_back(request: SignedInRequest, find_id: UUID) -> HttpResponse:
    """Entered by mistake."""
    commands.take_back(find_id=find_id, actor=request.person, now=clock.now())
    messages.success(request, _("划去了"))
    return redirect("cases:own_find", find_id=find_id)

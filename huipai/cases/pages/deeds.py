"""Good deeds: told on a page of their own, followed by whoever told them, verified by the community."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import policies, telling_deeds
from huipai.cases.commands.deeds import ending, publishing, telling
from huipai.cases.deed_words import DeedAction, ThirdParty
from huipai.cases.forms import DeedForm, VerificationForm, photo_ids, place_in
from huipai.cases.models import GoodDeed
from huipai.cases.pages.forms_again import PLACES, beside, errors_of, faults_of, files_of, unfit, uploaded
from huipai.cases.policies import entering, retention
from huipai.cases.queries import deeds as queries
from huipai.cases.queries import retention as kept
from huipai.cases.rules import deeds as machine
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people import queries as people
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.words import Channel
from huipai.photos import commands as photos
from huipai.streets.http import StreetRequest

PAGE = 20


@require_http_methods(["GET", "POST"])
@signed_in
def tell(request: SignedInRequest) -> HttpResponse:
    """What somebody did well: a title, a place, a photo if there is one, and who it was."""
    if request.method == "GET":
        return form_page(request, DeedForm(initial={"good_deed_id": new_id()}), [], uploader=request.person)
    form, now = DeedForm(request.POST), clock.now()
    is_valid = form.is_valid()
    form_id = form.cleaned_data.get("good_deed_id") or new_id()
    batch = photos.receive_all(form_id=form_id, uploader=request.person, files=files_of(request, "photo"), now=now)
    ids = tuple(dict.fromkeys([*photo_ids(request.POST), *(photo.id for photo in batch.photos)]))
    if not is_valid or batch.refused:
        return form_page(request, form, unfit(batch), photo_ids=ids, uploader=request.person, status=422)
    try:
        deed = telling.tell(told=form.told(ids), reporter=request.person, now=now)
    except Refused as refusal:
        wrong = faults_of(refusal, form, ids, request.person)
        return form_page(request, form, wrong, photo_ids=ids, uploader=request.person, status=refusal.status)
    messages.success(request, _("收到了，谢谢您讲给大家听"))
    return redirect("cases:deed", deed_id=deed.id)


def form_page(
    request: StreetRequest,
    form: DeedForm,
    errors: list[tuple[str, str]],
    *,
    photo_ids: tuple[UUID, ...] = (),
    uploader: Person | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form with everything that was told; blank for nobody in particular without `uploader`."""
    all_errors = errors + [
        (PLACES.get(name, f"f-{name}"), str(text)) for name, texts in form.errors.items() for text in texts
    ]
    context = {
        "values": {name: form[name].value() for name in form.fields},
        "photos": uploaded(photo_ids, uploader, clock.now()) if uploader else [],
        "is_for_anybody": uploader is None,
        "errors": all_errors,
        "has_errors": bool(all_errors),
        "wrong": beside(all_errors),
        "sent": place_in(form.data),
        "doers": [
            {"value": "other", "title": _("别人做的"), "icon": "heart-handshake"},
            {"value": "self", "title": _("我自己做的"), "icon": "user"},
        ],
        "center": (request.street.center_lng, request.street.center_lat),
    }
    return render(request, "cases/deed_form.jinja", context, status=status)


@require_GET
@signed_in
def deed(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    """What became of a deed that one told, or that is told of oneself; who looks after it is led to their page."""
    now = clock.now()
    one = queries.own(request.person, deed_id)
    if one is None:
        return redirect("cases:deed_verify", deed_id=_looked_after(request, deed_id, now).id)
    context = {
        "deed": one,
        "photos": telling_deeds.photos(one, request.person, now),
        "held": kept.holds(now).filter(deed=one).last(),
        "steps": telling_deeds.steps(one, request.person),
        "may_withdraw": machine.allows(one.state, DeedAction.WITHDRAW),
        "is_doer": one.doer_id == request.person.id,
        "is_shown": one.state == "published",
    }
    return render(request, "cases/deed.jinja", context)


@require_POST
@signed_in
def withdraw(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    ending.withdraw(deed_id=deed_id, actor=request.person, now=clock.now())
    messages.success(request, _("撤回了，邻居看不到了"))
    return redirect("cases:deed", deed_id=deed_id)


# --- The community's side.
@require_GET
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """What waits to be verified, and what was decided."""
    now = clock.now()
    _require_coordinator(request, now)
    view = "decided" if request.GET.get("view") == "decided" else ""
    rows = queries.decided_near(request.person, now) if view else queries.waiting_for(request.person, now)
    page: Page[GoodDeed] = page_of(rows, request.GET.get("page"), size=PAGE)
    return render(request, "cases/deeds_desk.jinja", {"page": page, "view": view})


def _require_coordinator(request: SignedInRequest, now: datetime) -> None:
    entering.may_enter_deeds(request.person, now).require()


def _looked_after(request: SignedInRequest, deed_id: UUID, now: datetime) -> GoodDeed:
    one = queries.looked_after_by(request.person, now).filter(pk=deed_id).first()
    if one is None:
        raise Http404
    return one


@require_http_methods(["GET", "POST"])
@signed_in
def verify(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    """Talk to who did it, look at the photos as neighbours would see them, put it in words, publish."""
    now = clock.now()
    one = _looked_after(request, deed_id, now)
    if request.method == "GET":
        return _verification(request, one, VerificationForm(initial={"title": one.title, "text": one.text}), [], now)
    form = VerificationForm(request.POST)
    if not form.is_valid():
        return _verification(request, one, form, [], now, status=422)
    try:
        _deed, earned = publishing.publish(
            deed_id=one.id, actor=request.person, verified=form.verified(request.POST), now=now
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _verification(request, one, form, errors_of(refusal), now, status=refusal.status)
    if earned:
        words = ngettext("公开了，给做好事的人记了 %(num)s 分", "公开了，给做好事的人记了 %(num)s 分", earned)
        messages.success(request, words % {"num": earned})
    else:
        messages.success(request, _("公开了，这一件没有记分"))
    return redirect("cases:deeds_desk")


def _verification(
    request: SignedInRequest,
    one: GoodDeed,
    form: VerificationForm,
    errors: list[tuple[str, str]],
    now: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    all_errors = errors + [(f"f-{name}", str(text)) for name, texts in form.errors.items() for text in texts]
    items = [
        {"value": item.code, "title": item.title, "points": item.points} for item in queries.items_at(one.reported_at)
    ]
    may_publish = machine.allows(one.state, DeedAction.PUBLISH)
    doer = one.doer or people.by_typed_phone(str(form["doer_phone"].value() or ""))
    context = {
        "deed": one,
        "photos": telling_deeds.photos(one, request.person, now),
        "maybe_one": telling_deeds.maybe_one(one, doer, request.person, now) if may_publish else [],
        "apart": request.POST.getlist("apart"),
        "values": {name: form[name].value() for name in form.fields},
        "errors": all_errors,
        "has_errors": bool(all_errors),
        "wrong": dict(all_errors),
        "third_parties": [{"value": value, "title": label} for value, label in ThirdParty.choices],
        "channels": Channel.choices,
        "items": items,
        "steps": telling_deeds.steps(one, request.person),
        "reasons": [
            {"value": reason.value, "title": reason.label}
            for reason in machine.reasons_for(DeedAction.TAKE_DOWN if one.state == "published" else DeedAction.DECLINE)
        ],
        "may_publish": may_publish,
        "may_hold": bool(retention.may_hold_deed(request.person, one, now)),
        "may_take_down": machine.allows(one.state, DeedAction.TAKE_DOWN),
        "verdict": policies.may_decide_on_deed(request.person, one, now),
    }
    return render(request, "cases/deed_verify.jinja", context, status=status)


# A refusal is shown at the address of its form: opened again, that address leads back to the deed.
@require_http_methods(["GET", "POST"])
@signed_in
def decline(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    return _end(request, deed_id, ending.decline, _("记下了，会告诉讲的人为什么"))


@require_http_methods(["GET", "POST"])
@signed_in
def take_down(request: SignedInRequest, deed_id: UUID) -> HttpResponse:
    return _end(request, deed_id, ending.take_down, _("撤下了，邻居看不到了"))


def _end(request: SignedInRequest, deed_id: UUID, act: ending.Ending, words: str) -> HttpResponse:
    now = clock.now()
    one = _looked_after(request, deed_id, now)
    if request.method == "GET":
        return redirect("cases:deed_verify", deed_id=one.id)
    reason, text = request.POST.get("reason", ""), request.POST.get("said", "")
    try:
        act(deed_id=one.id, actor=request.person, reason=reason, text=text, now=now)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        form = VerificationForm(initial={"title": one.title, "text": one.text, "said": text})
        return _verification(request, one, form, errors_of(refusal), now, status=refusal.status)
    messages.success(request, words)
    return redirect("cases:deeds_desk")

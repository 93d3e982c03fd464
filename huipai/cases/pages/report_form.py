"""The report form: for a resident, and the empty one that a phone keeps."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse

from huipai.cases.commands import intake, joining, reporting_for
from huipai.cases.commands.intake import Received, Sending
from huipai.cases.forms import ReportForm, editions_of, place_in
from huipai.cases.models import CaseType
from huipai.cases.pages.alike import Shown, found_near
from huipai.cases.pages.forms_again import beside, uploaded
from huipai.cases.queries import own
from huipai.cases.queries.types import Asked, asked_by
from huipai.kit import clock
from huipai.kit.render import render
from huipai.people.http import SignedInRequest
from huipai.people.models import Person
from huipai.people.words import ProxyScope
from huipai.streets.http import StreetRequest

# So many categories stand open; the others are one press further.
SHOWN = 3


def form_page(
    request: StreetRequest,
    form: ReportForm,
    errors: list[tuple[str, str]],
    *,
    photo_ids: tuple[UUID, ...] = (),
    uploader: Person | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form with everything that was typed and photographed; blank for nobody in particular without `uploader`."""
    types = list(CaseType.objects.filter(is_active=True).order_by("position", "code"))
    context = {
        "form": form,
        "values": {name: form[name].value() for name in form.fields},
        "sent": place_in(form.data),
        "photos": uploaded(photo_ids, uploader, clock.now()) if uploader else [],
        "elders": own.elders_of(uploader, ProxyScope.REPORT, clock.now()) if uploader else [],
        "types": types[:SHOWN],
        "more_types": types[SHOWN:],
        "errors": errors + [("", str(text)) for texts in form.errors.values() for text in texts],
        "has_errors": bool(errors or form.errors),
        "wrong": beside(errors),
        "center": (request.street.center_lng, request.street.center_lat),
        "is_for_anybody": uploader is None,
        "asks": asks_of(types, form),
        "editions": editions_of(types),
    }
    return render(request, "cases/report.jinja", context, status=status)


def asks_of(types: list[CaseType], form: ReportForm) -> list[tuple[CaseType, list[Asked], list[Asked]]]:
    """What some types ask besides: what has to be answered, and what may be."""
    asked = [(one, asked_by(one, form.data)) for one in types if one.questions]
    return [(one, [q for q in rows if q.is_required], [q for q in rows if not q.is_required]) for one, rows in asked]


def take_in(sending: Sending, typed: ReportForm, person: Person, now: datetime) -> Received:
    """A case of its own, or along with the neighbours' case that is said to be the same; one's own or an elder's."""
    same, elder_id = typed.cleaned_data["same"], typed.cleaned_data["for_elder"]
    if elder_id is not None:
        return reporting_for.report_for(elder_id=elder_id, helper=person, sending=sending, joins=same, now=now)
    if same:
        return joining.join(sending=sending, code=same, reporter=person, now=now)
    return intake.receive(sending=sending, reporter=person, now=now)


def alike_to(sending: Sending, form: ReportForm, person: Person, now: datetime) -> list[Shown]:
    """What to ask about before a form without a script is taken; nothing once it was answered."""
    if sending.point is None or form.cleaned_data["same"] or form.cleaned_data["not_same"]:
        return []
    return found_near(
        sending.case_type, sending.point, text=sending.text, photo_ids=sending.photo_ids, person=person, now=now
    )


def same_page(request: SignedInRequest, found: list[Shown], ids: tuple[UUID, ...], now: datetime) -> HttpResponse:
    """Is it the same? Everything that was typed goes along; photos by their ids."""
    names = [*ReportForm.base_fields, *(name for name in request.POST if name.startswith("q-"))]
    typed = [(name, value) for name in names for value in request.POST.getlist(name)]
    mine = next((one["src"] for one in uploaded(ids, request.person, now) if one["src"]), "")
    context = {"carried": [*typed, *(("photo_id", id) for id in ids)], "found": found, "now": now, "mine": mine}
    return render(request, "cases/same.jinja", context)

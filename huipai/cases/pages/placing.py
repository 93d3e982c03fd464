"""Where a case lies that was reported by its address alone: for the desk, and for the worker who stands there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huipai.cases import policies, queries, telling_words
from huipai.cases.commands import placing
from huipai.cases.commands.locating import Where
from huipai.cases.forms import PlaceForm, place_in
from huipai.cases.models import Case
from huipai.cases.pages.forms_again import errors_of
from huipai.kit import clock
from huipai.kit.masking import masked
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Refused
from huipai.people.http import SignedInRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def place(request: SignedInRequest, code: str) -> HttpResponse:
    """On the map, by a house, or by the micro-grid; whoever works there gets it."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    policies.may_place(request.person, case, now).require()
    if request.method == "GET":
        if not case.is_guessed or case.ended_at is not None:
            raise placing.PlaceSet
        return _page(request, case, PlaceForm({"address": _written(case)}), [])
    form = PlaceForm(request.POST)
    try:
        done = placing.set_place(case_id=case.id, where=_where(form), actor=request.person, now=now)
    except Refused as refusal:
        if not isinstance(refusal, Invalid):
            raise
        return _page(request, case, form, errors_of(refusal), status=refusal.status)
    messages.success(request, _("位置定了，归%(place)s，报的人会知道") % {"place": done.node.name})
    return redirect("cases:detail", code=code)


def _written(case: Case) -> str:
    """The address as it was written, with no number by which somebody could be reached."""
    return masked(case.address, queries.reporters_names([case.code]).get(case.code, []))


def _where(form: PlaceForm) -> Where:
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Invalid(str(faults[0]), field=f"f-{name}")
    return form.where()


def _page(
    request: SignedInRequest, case: Case, form: PlaceForm, errors: list[tuple[str, str]], *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    context = {
        "case": case, "place": telling_words.place_of(case), "written": _written(case), "now": now,
        "values": {name: form[name].value() or "" for name in form.fields}, "sent": place_in(form.data),
        "errors": errors, "wrong": dict(errors), "has_errors": bool(errors), "center": (case.lng, case.lat),
    }  # fmt: skip
    return render(request, "cases/place.jinja", context, status=status)

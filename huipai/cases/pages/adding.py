"""A reporter, or who helps them, adds to what is in hand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.cases import policies, queries
from huipai.cases.commands import adding
from huipai.cases.models import Case
from huipai.cases.pages.forms_again import Sent, errors_of, photos_of, uploaded
from huipai.cases.pages.whose import Whose, act_as, after, whose
from huipai.cases.queries import additions
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.words import ProxyScope


@require_http_methods(["GET", "POST"])
@signed_in
def add(request: SignedInRequest, code: str) -> HttpResponse:
    """A word or photos, to what goes on with it where it was merged; what is refused comes back with everything that
    was typed and photographed."""
    whom = whose(request, clock.now(), ProxyScope.REPORT)
    case = queries.own_today(whom.person, code)
    if request.method == "POST":
        return _add(request, case, whom)
    policies.may_add(whom.person, case).require()
    if not additions.is_in_hand(case):
        raise adding.NotInHand
    return _page(request, case, whom, new_id(), "", Sent(()), None)


def _add(request: SignedInRequest, case: Case, whom: Whose) -> HttpResponse:
    now = clock.now()
    id, text = _id_of(request), request.POST.get("text", "")
    sent = photos_of(request, form_id=id, person=request.person, now=now)
    try:
        act_as(
            request, case, whom, ProxyScope.REPORT,
            lambda reporter: adding.add(
                addition_id=id, case_id=case.id, actor=reporter, text=text, photo_ids=sent.all(),
                uploader=request.person, now=now,
            ), now,
        )  # fmt: skip
    except NotVisible:
        raise
    except Refused as refusal:
        return _page(request, case, whom, id, text, sent, refusal)
    messages.success(request, _("补上了，办的人看得到；时间照原来的算"))
    return redirect(after_adding(request, case, whom))


def _id_of(request: SignedInRequest) -> UUID:
    try:
        return UUID(request.POST.get("addition_id", ""))
    except ValueError:
        return new_id()


def after_adding(request: SignedInRequest, case: Case, whom: Whose) -> str:
    """Where whoever added something goes on."""
    report = additions.report_of(whom.person, case)
    if report is None:
        return reverse("cases:own", args=[case.code]) + whom.query
    return after(request, case, report, whom, clock.now())


def _page(
    request: SignedInRequest, case: Case, whom: Whose, id: UUID, text: str, sent: Sent, refusal: Refused | None
) -> HttpResponse:
    errors = errors_of(refusal) if refusal else []
    context = {
        "case": case, "whom": whom, "back": after_adding(request, case, whom), "addition_id": id, "text": text,
        "photos": uploaded(sent.ids, request.person, clock.now()), "errors": errors, "wrong": dict(errors),
        "has_errors": bool(errors),
    }  # fmt: skip
    return render(request, "cases/add.jinja", context, status=refusal.status if refusal else 200)


@require_POST
@signed_in
def still_there(request: SignedInRequest, code: str) -> HttpResponse:
    """A hint to whoever works on it, once a day."""
    now = clock.now()
    whom = whose(request, now, ProxyScope.REPORT)
    case = queries.own_today(whom.person, code)
    adding.say_still_there(case_id=case.id, actor=whom.person, now=now)
    messages.success(request, _("记下了，办的人看得到；今天不用再点"))
    return redirect(after_adding(request, case, whom))

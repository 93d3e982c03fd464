"""What somebody was drawn to check, and the look itself."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huipai.cases import (
    queries,
    telling,
    telling_words,
)
from huipai.cases.commands import checking
from huipai.cases.models import Check
from huipai.cases.pages.forms_again import Sent, errors_of, photos_of, uploaded
from huipai.cases.pages.working import PAGE
from huipai.cases.queries import checking as checks_read
from huipai.cases.queries import given
from huipai.cases.words import CheckResult, Moment, State
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.kit.written import written
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person

DECIDES = {CheckResult.PASSED.value: checking.pass_check, CheckResult.REWORK.value: checking.fail_check}


@require_GET
@signed_in
def checks(request: SignedInRequest) -> HttpResponse:
    """The looks this person was drawn to take."""
    now = clock.now()
    page: Page[Check] = page_of(checks_read.checks_of(request.person), request.GET.get("page"), size=PAGE)
    places = telling.places([check.case for check in page.items])
    rows = [
        {
            **telling.row(
                check.case, request.person, now, places[check.case_id], href=reverse("cases:check", args=[check.id])
            ),
            "due_at": check.due_at,
            "now": now,
        }
        for check in page.items
    ]
    return render(request, "cases/checks.jinja", {"rows": rows, "page": page})


@require_http_methods(["GET", "POST"])
@signed_in
def check(request: SignedInRequest, check_id: UUID) -> HttpResponse:
    """Before and after side by side; it is gone, or it is not. Blind to the handler."""
    one = _look_of(request.person, check_id)
    now = clock.now()
    text, sent, errors, status = request.POST.get("text", ""), Sent(()), [], 200
    if request.method == "POST":
        sent = photos_of(request, form_id=one.id, person=request.person, now=now)
        try:
            act = DECIDES.get(request.POST.get("result", ""))
            if act is None:
                raise checking.ResultMissing(field="result")
            act(check_id=one.id, actor=request.person, text=text, photo_ids=sent.all(), now=now)
        except Refused as refusal:
            errors, status = errors_of(refusal), refusal.status
            one = _look_of(request.person, check_id)
        else:
            messages.success(request, _("记下了，谢谢您跑一趟"))
            return redirect("cases:checks")
    # Of a look that is over nothing that came later, nor of one that lapsed.
    seen = telling.by_moment(given.came_by(queries.photos_of(one.case), one.decided_at), request.person, now)
    of_whole = given.came_by(queries.photos_of_whole(one.case), one.decided_at)
    is_open = not one.result and one.case.state == State.CHECKING
    context = {
        "written": [] if is_open else written(request.POST.dict()),
        "check": one, "case": one.case, "place": telling_words.place_of(one.case),
        "before": seen[Moment.BEFORE] + telling.as_seen(of_whole, request.person, now),
        "said": telling_words.what_it_was_about(one.case, one.decided_at),
        "after": seen[Moment.AFTER], "errors": errors, "text": text, "photos": uploaded(sent.ids, request.person, now),
        "has_errors": bool(errors), "wrong": dict(errors), "now": now, "is_open": is_open,
    }  # fmt: skip
    return render(request, "cases/check.jinja", context, status=status)


def _look_of(person: Person, check_id: UUID) -> Check:
    one = checks_read.check_for(person, check_id)
    if one is None:
        raise Http404
    return one

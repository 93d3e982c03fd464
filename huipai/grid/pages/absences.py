"""Who is away; one's own absences, and those of the people one looks after."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.grid import commands, policies, queries
from huipai.grid.forms import AbsenceForm, moment_of, today
from huipai.grid.models import Absence
from huipai.grid.pages.desk import at_desk, attempt
from huipai.grid.words import AbsenceKind
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.people.http import SignedInRequest

_A_PAGE = 50


@require_http_methods(["GET", "POST"])
@at_desk
def absences(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    if request.method == "GET":
        return _page(request, AbsenceForm(initial={"since": today(now)}))
    form = AbsenceForm(request.POST)

    def act() -> None:
        typed = form.cleaned_data
        commands.record_absence(
            person=typed["person"] or request.person,
            kind=AbsenceKind(typed["kind"]),
            valid_from=moment_of(typed["since"], now),
            valid_until=moment_of(typed["until"], now) if typed["until"] else None,
            actor=request.person,
            now=now,
        )

    status = attempt(form, act)
    if status:
        return _page(request, form, status=status)
    messages.success(request, _("记下了，这段时间由代理人接着办"))
    return redirect("grid:absences")


@require_POST
@at_desk
def back(request: SignedInRequest, absence_id: UUID) -> HttpResponse:
    """Back earlier than said, or not going at all."""
    commands.end_absence(absence_id=absence_id, actor=request.person, now=clock.now())
    messages.success(request, _("记下了，从现在起又由本人办"))
    return redirect("grid:absences")


def _page(request: SignedInRequest, form: AbsenceForm, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    found = queries.absences_seen_by(request.person, now)
    page: Page[Absence] = page_of(found, request.GET.get("page"), size=_A_PAGE)
    shown = {
        "page": page, "form": form, "now": now, "has_errors": bool(form.errors),
        "keeps_tree": bool(policies.may_keep_tree(request.person, now)),
    }  # fmt: skip
    return render(request, "grid/absences.jinja", shown, status=status)

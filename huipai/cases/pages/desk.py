"""The workbench of those who look after whole communities: the queue, the case, and what can be done from here."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huipai.cases import policies, queries, telling
from huipai.cases.models import Case
from huipai.cases.models.case import IN_HAND
from huipai.cases.rules import machine
from huipai.cases.words import Action, Moment, State
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in

PAGE = 50
SOON = timedelta(hours=4)


def _views(now: datetime) -> dict[str, tuple[str, Q]]:
    """The usual filters, by their word in the address."""
    running = Q(state__in=IN_HAND)
    return {
        "": (_("都在办"), Q()),
        "unclaimed": (_("没人接"), running & Q(worker=None)),
        "soon": (_("快到期"), running & Q(due_at__gt=now, due_at__lte=now + SOON)),
        "late": (_("已超时"), running & Q(due_at__lte=now)),
        "waiting": (_("等核查和确认"), Q(state__in=(State.RESPONDED, State.CHECKING, State.CONFIRMING))),
    }


@require_GET
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """The queue of one's communities; the case that is asked for, or the first, stands beside it."""
    now = clock.now()
    policies.may_enter_desk(request.person, now).require()
    views = _views(now)
    view = request.GET.get("view", "")
    if view not in views:
        view = ""
    queue = queries.queue_of(request.person, now)
    page: Page[Case] = page_of(queue.filter(views[view][1]), request.GET.get("page"), size=PAGE)
    asked = request.GET.get("case", "")
    shown = next((case for case in page.items if case.code == asked), None)
    if shown is None and asked:
        shown = queries.by_code(request.person, asked, now)
    elif shown is None:
        shown = next(iter(page.items), None)
    context = {
        "now": now,
        "page": page,
        "view": view,
        "is_asked": bool(asked),
        "tabs": [{"href": _address(key), "label": words, "key": key} for key, (words, _rows) in views.items()],
        "turns": {"before": _address(view, page=page.before), "after": _address(view, page=page.after)},
        "rows": [
            telling.row(case, request.person, now, href=_address(view, case=case.code, page=page.number))
            for case in page.items
        ],
        "center": (request.street.center_lng, request.street.center_lat),
        "chosen": _told(shown, request, now) if shown else None,
        "back": _address(view, page=page.number),
    }
    return render(request, "cases/desk.jinja", context)


def _address(view: str, *, case: str = "", page: int = 1) -> str:
    asked = {"view": view, "case": case, "page": page if page > 1 else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("cases:desk") + (f"?{query}" if query else "")


def _told(case: Case, request: SignedInRequest, now: datetime) -> dict[str, object]:
    """Everything the middle and the right of the desk say of one case."""
    person = request.person
    seen = telling.photos(case, person, now)
    may_release = case.is_public and bool(policies.may_release(person, case, now))
    return {
        "case": case,
        "place": telling.place(case),
        "photos": [*seen[Moment.BEFORE], *seen[Moment.AFTER], *seen[Moment.DISPUTE], *seen[Moment.CHECK]],
        "text": queries.text_of(case),
        "steps": telling.timeline(case, viewer=person, to_reporter=False),
        "is_paused": queries.is_paused(case),
        "may_decline": bool(policies.may_decline(person, case, now)) and machine.allows(case.state, Action.DECLINE),
        "releasable": telling.releasable(case, person, now) if may_release else [],
    }

"""The inbox and how somebody wants to be told."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.notices import commands, queries
from huipai.notices.forms import PreferenceForm
from huipai.notices.models import Notice
from huipai.notices.words import A_PAGE
from huipai.people.http import SignedInRequest, signed_in


@require_GET
@signed_in
def inbox(request: SignedInRequest) -> HttpResponse:
    page: Page[Notice] = page_of(queries.visible_to(request.person), request.GET.get("page"), size=A_PAGE)
    # How many are unread every page knows by itself.
    context = {"page": page, "shown_at": clock.now().isoformat()}
    return render(request, "notices/inbox.jinja", context)


@require_POST
@signed_in
def read(request: SignedInRequest, notice_id: UUID) -> HttpResponse:
    """Takes note of it and leads to what it is about."""
    notice = commands.mark_read(person=request.person, notice_id=notice_id, now=clock.now())
    return redirect(str(notice.wording.link) or reverse("notices:inbox"))


@require_POST
@signed_in
def read_all(request: SignedInRequest) -> HttpResponse:
    """Everything that stood on the page has been read; not what came since."""
    now = clock.now()
    commands.mark_all_read(person=request.person, until=_shown_at(request.POST.get("shown_at", ""), now), now=now)
    return redirect("notices:inbox")


def _shown_at(words: str, now: datetime) -> datetime:
    try:
        shown = parse_datetime(words)
    except ValueError:
        shown = None
    return min(shown, now) if shown is not None and shown.tzinfo is not None else now


@require_http_methods(["GET", "POST"])
@signed_in
def preference(request: SignedInRequest) -> HttpResponse:
    held = queries.preference_of(request.person.id)
    if request.method == "GET":
        known = (
            {"by_sms": held.by_sms, "quiet_from": held.quiet_from, "quiet_until": held.quiet_until} if held else None
        )
        return render(request, "notices/preference.jinja", {"form": PreferenceForm(initial=known)})
    form = PreferenceForm(request.POST)
    if not form.is_valid():
        return render(request, "notices/preference.jinja", {"form": form}, status=422)
    commands.prefer(person=request.person, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("记住了"))
    return redirect("notices:inbox")

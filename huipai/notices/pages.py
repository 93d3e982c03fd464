"""The inbox and how somebody wants to be told."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock, subjects
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.notices import commands, queries, rules, stopping
from huipai.notices.forms import PreferenceForm
from huipai.notices.models import Notice, Preference
from huipai.notices.words import A_PAGE, DIGEST_AT
from huipai.people.http import SignedInRequest, safe_next, signed_in
from huipai.streets.http import StreetRequest


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
    """By text message or not, all at once a day, at which hours, and for which kinds."""
    held, groups = queries.preference_of(request.person.id), rules.groups()
    muted = queries.muted_by(request.person.id)
    chosen = [group for group, _words in groups if queries.group_word(group) not in muted]
    if request.method == "GET":
        return _preference(request, PreferenceForm(initial=_known(held)), chosen, muted)
    form = PreferenceForm(request.POST)
    chosen = request.POST.getlist("groups")
    if not form.is_valid():
        return _preference(request, form, chosen, muted, status=422)
    without = [group for group, _words in groups if group not in chosen]
    commands.prefer(person=request.person, now=clock.now(), muted_groups=without, **form.wish())
    messages.success(request, _("记住了"))
    return redirect("notices:inbox")


def _known(held: Preference | None) -> dict[str, object] | None:
    if held is None:
        return None
    return {
        "by_sms": held.by_sms, "quiet_from": held.quiet_from, "quiet_until": held.quiet_until,
        "digest": held.digest_at is not None, "digest_at": held.digest_at or DIGEST_AT,
    }  # fmt: skip


def _preference(
    request: SignedInRequest, form: PreferenceForm, chosen: list[str], muted: set[str], *, status: int = 200
) -> HttpResponse:
    things = sorted(what for what in muted if not what.startswith(queries.GROUP))
    pages = subjects.addresses_of(things)
    context = {
        "form": form,
        "groups": rules.groups(),
        "chosen": chosen,
        "muted": [{"subject": one, "href": pages.get(one, ""), "words": _("一件静音的事")} for one in things],
    }
    return render(request, "notices/preference.jinja", context, status=status)


@require_POST
@signed_in
def mute(request: SignedInRequest) -> HttpResponse:
    """Ring no more for one thing, or again."""
    subject = request.POST.get("subject", "")
    if request.POST.get("want"):
        commands.mute(person=request.person, subject=subject, now=clock.now())
        messages.success(request, _("这件事不再发短信，站内的消息照样有"))
    else:
        commands.unmute(person=request.person, subject=subject)
        messages.success(request, _("这件事接着告诉您"))
    return redirect(safe_next(request, reverse("notices:preference")))


def _stopped_words(found: stopping.Stop) -> str:
    return _("一天一条") if found.group == stopping.DIGEST else str(rules.group_words(found.group))


@csrf_exempt  # the address itself is the proof, and mail programs press it without a page of ours
@require_http_methods(["GET", "POST"])
def stop(request: StreetRequest, token: str) -> HttpResponse:
    """The link in a message: one press stops its kind, without signing in; nothing happens by merely looking."""
    found = stopping.read(token)
    if found is None:
        raise NotVisible
    done = ""
    if request.method == "POST":
        if request.POST.get("go_on"):
            commands.go_on(token=token, now=clock.now())
            done = "on"
        else:
            commands.stop(token=token, now=clock.now())
            done = "stopped"
    return render(request, "notices/stop.jinja", {"done": done, "group": _stopped_words(found)})

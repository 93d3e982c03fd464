"""Writing the items of the draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Moved, NotVisible, Words
from huipai.people.http import SignedInRequest
from huipai.rulebook import commands, policies, queries, rules
from huipai.rulebook.forms import NewItemForm, TermsForm, WhyForm
from huipai.rulebook.models import PointItem, Proposal, RulebookVersion
from huipai.rulebook.pages.desk import at_desk, attempt, draft_or_404, seen_by, to_send_back
from huipai.rulebook.pages.shapes import ToldLine, summary, told, told_against
from huipai.rulebook.rules import Terms, replace_why, saying
from huipai.rulebook.words import Review


@require_GET
@at_desk
def items(request: SignedInRequest) -> HttpResponse:
    """The items of the draft by port, with what was changed; and the admitted ones that wait to be written in."""
    return _items(request)


def _items(request: SignedInRequest, *, refused: Words = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    policies.may_read_draft(request.person, now).require()
    version = draft_or_404()
    words = request.GET.get("q", "").strip()[:40]
    leads = queries.changes(version)
    marks = {change.code: told(change) for change in leads.all}
    waiting = Proposal.objects.filter(state=Review.ADMITTED).exclude(items__version=version).select_related("unit")
    doors = queries.by_port(version, words)
    shown = {
        "version": version, "marks": marks, "removed": [marks[change.code] for change in leads.removed],
        "doors": {port: [(each, saying.points(each.terms())) for each in found] for port, found in doors.items()},
        "waiting": list(waiting.order_by("decided_at")), "words": words, "now": now,
        "may_write": bool(policies.may_write(request.person, now)), "refused": refused,
    }  # fmt: skip
    return render(request, "rulebook/items.jinja", shown, status=status)


@require_http_methods(["GET", "POST"])
@at_desk
def new_item(request: SignedInRequest) -> HttpResponse:
    policies.may_write(request.person, clock.now()).require()
    version = draft_or_404()
    form = NewItemForm(request.POST or None, initial=_fresh())
    page: dict[str, Any] = {"title": _("加一个条目"), "back": reverse("rulebook:items"), "send": _("写进草稿")}
    if request.method == "GET":
        return item_page(request, form, **page)

    def act() -> PointItem:
        terms = form.terms(f"{form.cleaned_data['port']}-")
        return commands.add_item(version_id=version.id, actor=request.person, terms=terms, now=clock.now())

    if status := attempt(form, act):
        return item_page(request, form, **page, status=status)
    messages.success(request, _("写进草稿了"))
    return redirect("rulebook:items")


@require_http_methods(["GET", "POST"])
@at_desk
def edit_item(request: SignedInRequest, code: str) -> HttpResponse:
    """Rewrite an item; of one that a department asked for, only the why."""
    policies.may_write(request.person, clock.now()).require()
    version = draft_or_404()
    item = PointItem.objects.filter(version=version, code=code).select_related("admission__unit").first()
    if item is None:
        return _edit_struck(request, version, code)
    if item.admission is not None:
        return _edit_why(request, item)
    terms = item.terms()
    form = TermsForm(request.POST or None, initial=TermsForm.initial_of(terms))
    page: dict[str, Any] = {
        "title": _("改「%(title)s」") % {"title": item.title}, "back": reverse("rulebook:items"), "send": _("改好了"),
        "code": code,
    }  # fmt: skip
    if request.method == "GET":
        return item_page(request, form, **page, seen=item.digest)
    status = attempt(
        form,
        lambda: commands.put_item(
            version_id=version.id, actor=request.person, terms=form.terms(code), now=clock.now(), seen=seen_by(request)
        ),
    )  # fmt: skip
    if status:
        said = form.terms(code) if status == 409 else terms
        return item_page(request, form, **page, **_again(request, item, said, status))
    messages.success(request, _("改好了"))
    return redirect("rulebook:items")


def _edit_struck(request: SignedInRequest, version: RulebookVersion, code: str) -> HttpResponse:
    """What was written on a page of before about an item that somebody has struck since: nothing of it is lost, and
    sent once more from here it is in the draft again. An item of a unit comes back as it was admitted, or not at all.
    """
    if request.method == "GET" or not seen_by(request):
        raise NotVisible
    page: dict[str, Any] = {
        "title": code, "send": _("改好了"), "status": 409, "seen": seen_by(request),
        "lead": _("这一条刚刚从草稿里删去了，您写的还在下面。要留着它，先到条目页恢复，或者重新写进草稿。"),
    }  # fmt: skip
    if "title" not in request.POST:
        return _short_page(request, WhyForm(request.POST), **page)
    form = TermsForm(request.POST)
    if not queries.was_in(version, code):
        return item_page(request, form, back=reverse("rulebook:items"), **page)
    status = attempt(
        form,
        lambda: commands.put_item(
            version_id=version.id, actor=request.person, terms=form.terms(code), now=clock.now(), seen=seen_by(request)
        ),
    )  # fmt: skip
    if status:
        title = _("改「%(title)s」") % {"title": request.POST["title"]}
        lead = _("这一条刚刚从草稿里删去了，您写的还在下面；要留着它，再按一次。")
        nothing = to_send_back(request, rules.digest_of({}), status)
        return item_page(
            request, form, title=title, back=reverse("rulebook:items"), send=_("改好了"), code=code, lead=lead,
            status=status, seen=nothing,
        )  # fmt: skip
    messages.success(request, _("改好了"))
    return redirect("rulebook:items")


def _edit_why(request: SignedInRequest, item: PointItem) -> HttpResponse:
    assert item.admission is not None
    form = WhyForm(request.POST or None, initial={"why": item.why})
    lead = _("这一条是%(unit)s提的，准入时怎么写就怎么写；要改内容，请单位重新提。") % {
        "unit": item.admission.unit.name
    }  # fmt: skip
    page: dict[str, Any] = {"title": item.title, "send": _("改好了"), "lead": lead}
    if request.method == "GET":
        return _short_page(request, form, **page, seen=item.digest)
    terms = item.terms()
    status = attempt(
        form,
        lambda: commands.put_item(
            version_id=item.version_id, actor=request.person,
            terms=replace_why(terms, form.cleaned_data["why"]), now=clock.now(), seen=seen_by(request),
        ),
    )  # fmt: skip
    if status:
        said = replace_why(terms, form.cleaned_data.get("why", ""))
        return _short_page(request, form, **page, **_again(request, item, said, status))
    messages.success(request, _("改好了"))
    return redirect("rulebook:items")


def _again(request: SignedInRequest, item: PointItem, said: Terms, status: int) -> dict[str, Any]:
    """What the page shows once more: also where what was typed is not what stands there, if that was written since."""
    there = queries.item(item.version, item.code) or item
    is_moved = status == 409 and seen_by(request) != there.digest
    return {
        "status": status, "seen": to_send_back(request, there.digest, status),
        "meanwhile": told_against(there.terms(), said) if is_moved else [],
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@at_desk
def strike_item(request: SignedInRequest, code: str) -> HttpResponse:
    policies.may_write(request.person, clock.now()).require()
    version = draft_or_404()
    item = queries.item(version, code)
    if item is None:
        return _strike_struck(request, version, code)
    form = WhyForm(request.POST or None)
    page: dict[str, Any] = {
        "title": _("删去「%(title)s」") % {"title": item.title}, "send": _("从草稿里删去"),
        "lead": _strikes(version, code),
    }  # fmt: skip
    if request.method == "GET":
        return _short_page(request, form, **page, seen=item.digest)
    status = attempt(
        form,
        lambda: commands.strike_item(
            version_id=version.id, actor=request.person, code=code, why=form.cleaned_data["why"], now=clock.now(),
            seen=seen_by(request),
        ),
    )  # fmt: skip
    if status == 409:
        # What was shown is not kept: all that stands there now is read before it goes.
        there = queries.item(version, code) or item
        return _short_page(request, form, **page, stands=summary(there.terms()), status=status, seen=there.digest)
    if status:
        return _short_page(request, form, **page, status=status, seen=seen_by(request))
    messages.success(request, _("删去了，下面可以恢复") if _stood_before(version, code) else _("删去了"))
    return redirect("rulebook:items")


def _strike_struck(request: SignedInRequest, version: RulebookVersion, code: str) -> HttpResponse:
    """It is gone from the draft already: by the first of two presses, or by somebody who gave a reason of their own."""
    if request.method == "GET" or not seen_by(request):
        raise NotVisible
    said = version.struck.get(code, "")
    if not said or said == request.POST.get("why", "").strip():
        messages.success(request, _("删去了"))
        return redirect("rulebook:items")
    lead = _("这一条刚刚从草稿里删去了，写的是「%(why)s」；您写的还在下面。要换一个说法，先恢复，再删去。") % {
        "why": said
    }
    return _short_page(
        request, WhyForm(request.POST), title=code, send=_("从草稿里删去"), lead=lead, status=409, seen=seen_by(request)
    )  # fmt: skip


def _stood_before(version: RulebookVersion, code: str) -> bool:
    """Whether the version before has the item, so that it can be put back."""
    before = queries.version_before(version)
    return before is not None and queries.item(before, code) is not None


def _strikes(version: RulebookVersion, code: str) -> str:
    """What comes of striking it."""
    if _stood_before(version, code):
        return _("已经挣的分不变，按当时的条目算。")
    return _("这一条是这份草稿里新写的，删去以后没有上一版可以恢复。")


@require_POST
@at_desk
def restore_item(request: SignedInRequest, code: str) -> HttpResponse:
    version = draft_or_404()
    try:
        commands.restore_item(
            version_id=version.id, actor=request.person, code=code, now=clock.now(), seen=seen_by(request)
        )
    except Moved as refusal:
        return _items(request, refused=refusal.reason, status=refusal.status)
    messages.success(request, _("照上一版恢复了"))
    return redirect("rulebook:items")


@require_POST
@at_desk
def enter(request: SignedInRequest, proposal_id: Any) -> HttpResponse:
    """Write an admitted proposal into the draft."""
    why = request.POST.get("why", "")
    commands.enter(
        version_id=draft_or_404().id, proposal_id=proposal_id, actor=request.person, why=why, now=clock.now()
    )
    messages.success(request, _("写进草稿了"))
    return redirect("rulebook:items")


def _fresh() -> dict[str, Any]:
    return {"lot_months": 24, "review_levels": 1, "earners": ["resident", "part_time_member"]}


def item_page(
    request: SignedInRequest, form: Form, *, title: str, back: str, send: str, status: int = 200, code: str = "",
    lead: str = "", proposal: Proposal | None = None, seen: str = "", meanwhile: Sequence[ToldLine] = (),
) -> HttpResponse:  # fmt: skip
    """The page on which an item is written; `seen`: the digest of the one that it shows."""
    shown = {
        "form": form, "title": title, "back": back, "send": send, "has_errors": bool(form.errors), "code": code,
        "lead": lead, "proposal": proposal, "seen": seen, "meanwhile": meanwhile,
    }  # fmt: skip
    return render(request, "rulebook/item_form.jinja", shown, status=status)


def _short_page(request: SignedInRequest, form: Form, **page: Any) -> HttpResponse:
    """One short form about an item, from which one goes back to all of them."""
    return form_page(request, form, back=reverse("rulebook:items"), **page)


def form_page(
    request: SignedInRequest, form: Form, *, title: str, back: str, send: str, lead: str = "", status: int = 200,
    seen: str = "", meanwhile: Sequence[ToldLine] = (), stands: str = "",
) -> HttpResponse:  # fmt: skip
    """A page with one short form on it; `stands`: what it is about as it reads now, where another wrote it since."""
    shown = {
        "form": form, "title": title, "back": back, "send": send, "lead": lead, "has_errors": bool(form.errors),
        "seen": seen, "meanwhile": meanwhile, "stands": stands,
    }  # fmt: skip
    return render(request, "rulebook/form.jinja", shown, status=status)

"""Points that are asked back: found at the desk, decided by a second, told to their receiver, appealed to a third."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.fields import LinesField
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people import finding
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name
from huipai.points import commands, policies, queries
from huipai.points.models import Correction, Posting
from huipai.points.pages.own import title_of
from huipai.points.pages.saying import say_what_came_of
from huipai.points.words import APPEAL_FOR, LONGEST_NOTE, CorrectionReason, CorrectionState

A_PAGE = 20
ANSWERS = {
    "yes": commands.approve_correction, "no": commands.decline_correction, "back": commands.withdraw_correction,
    "right": commands.uphold_appeal, "wrong": commands.dismiss_appeal,
}  # fmt: skip


class CorrectionForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("为什么退"), choices=[("", gettext_lazy("选一下")), *CorrectionReason.choices]
    )
    note = LinesField(
        label=gettext_lazy("哪里不对"), max_length=LONGEST_NOTE, rows=3,
        help_text=gettext_lazy("写给本人看的一句话，别写别人的姓名和电话"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """What waits for somebody, what was decided; and whose points one looks at to ask for some back."""
    now = clock.now()
    policies.may_enter_corrections(request.person, now).require()
    sought, status = finding.unasked(request), 200
    if finding.asks(request):
        sought = finding.search(request, policies.may_find_corrected, now)
        if len(sought.found) == 1:
            return finding.towards("points:corrections", sought, part="#got")
        status = sought.status
    receiver = finding.chosen(request, now)
    if receiver is not None:
        policies.may_propose_correction(request.person, receiver, now).require()
    return render(request, "points/corrections.jinja", _shown(request, receiver, sought, now), status=status)


def _shown(
    request: SignedInRequest, receiver: Person | None, sought: finding.Search, now: datetime
) -> dict[str, object]:
    page: Page[Correction] = page_of(queries.corrections(waiting=False), request.GET.get("page"), size=A_PAGE)
    waiting = list(queries.corrections(waiting=True)[:50])
    verdicts = policies.may_judge_corrections(request.person, waiting, now)
    got: Page[Any] | None = None
    if receiver is not None:
        got = page_of(queries.earned_by(receiver, now), request.GET.get("got"), size=A_PAGE)
    return {
        "now": now, "sought": sought, "has_errors": bool(sought.refusal), "page": page, "got": got,
        "one": finding.shown([receiver], request.person, now)[0] if receiver else None,
        "proposes": bool(policies.may_propose_corrections(request.person, now)),
        "waiting": [
            (one, _whose(one, now), verdict, bool(policies.may_withdraw_correction(request.person, one)))
            for one, verdict in zip(waiting, verdicts, strict=True)
        ],
        "decided": [(one, _whose(one, now)) for one in page.items],
        "got_rows": [(one, title_of(one, {}), next(iter(one.living), None)) for one in got.items] if got else [],
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def ask_back(request: SignedInRequest, posting_id: UUID) -> HttpResponse:
    """One posting, and why it should not stand."""
    now = clock.now()
    policies.may_propose_corrections(request.person, now).require()
    posting = Posting.objects.select_related("item__version", "person").filter(pk=posting_id).first()
    if posting is None:
        raise NotVisible(_("没有找到这一笔"))
    policies.may_ask_back(request.person, posting, now).require()
    form, status = CorrectionForm(request.POST or None), 200
    if request.method == "POST":
        status = _asked_back(request, posting, form, now)
        if not status:
            messages.success(request, _("提出了，等另一位来审；审过以前分不动"))
            return redirect("points:corrections")
    shown = {
        "now": now, "form": form, "posting": posting, "title": title_of(posting, {}), "has_errors": status >= 400,
        "who": mask_name(posting.person.name) if posting.person else _home_of(posting, now),
        "why_not": "" if form.errors else _why_not(posting, now),
    }  # fmt: skip
    return render(request, "points/ask_back.jinja", shown, status=status or 200)


def _why_not(posting: Posting, now: datetime) -> str:
    if queries.living_correction(posting) is not None:
        return str(commands.CorrectedAlready.default_reason)
    return queries.not_correctable(posting, now)


def _asked_back(request: SignedInRequest, posting: Posting, form: CorrectionForm, now: datetime) -> int:
    if not form.is_valid():
        return 422
    told = form.cleaned_data
    try:
        commands.propose_correction(
            posting_id=posting.id, reason=CorrectionReason(told["reason"]), note=told["note"], actor=request.person,
            now=now,
        )  # fmt: skip
    except (Invalid, Moved) as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        return refusal.status
    return 0


@require_POST
@signed_in
def decide(request: SignedInRequest, correction_id: UUID) -> HttpResponse:
    """Yes or no by a second; taken back by who asked; after an appeal, by a third. Neither pressed, nothing happens."""
    act = ANSWERS.get(request.POST.get("answer", ""))
    if act is None:
        policies.may_enter_corrections(request.person, clock.now()).require()
        if not Correction.objects.filter(pk=correction_id).exists():
            raise NotVisible
        messages.error(request, _("没有听清：同意，还是不退？再按一次"))
        return redirect("points:corrections")
    deed = partial(act, correction_id=correction_id, actor=request.person, now=clock.now())
    say_what_came_of(request, deed, _("记下了"))
    return redirect("points:corrections")


@require_GET
@signed_in
def correction(request: SignedInRequest, correction_id: UUID) -> HttpResponse:
    """What was taken back and why, who did it, and how to disagree: for its receiver, and who may claim for them."""
    return _page(request, _theirs(request, correction_id), "", {}, 200)


@require_POST
@signed_in
def appeal(request: SignedInRequest, correction_id: UUID) -> HttpResponse:
    found, text = _theirs(request, correction_id), request.POST.get("text", "")
    try:
        commands.appeal_correction(correction_id=found.id, actor=request.person, text=text, now=clock.now())
    except (Invalid, Moved) as refusal:
        wrong = {"f-text" if refusal.field else "": refusal.reason}
        return _page(request, _theirs(request, correction_id), text, wrong, refusal.status)
    messages.success(request, _("收到了，换一位没经手过的人来看，结果会告诉您"))
    return redirect("points:correction", correction_id=found.id)


def _whose(one: Correction, now: datetime) -> str:
    return mask_name(one.person.name) if one.person else _home_of(one.posting, now)


def _home_of(posting: Posting, now: datetime) -> str:
    """A household by the name of one of its people, masked: 张*一家."""
    living = Person.objects.filter(pk__in=queries.owners_of(posting, now)).exclude(name="").order_by("pk").first()
    return _("%(who)s一家") % {"who": mask_name(living.name)} if living else _("双联户的一家")


def _theirs(request: SignedInRequest, correction_id: UUID) -> Correction:
    found = queries.correction_for(request.person, correction_id, clock.now())
    if found is None:
        raise NotVisible(_("没有找到这一笔"))
    return found


def _page(request: SignedInRequest, found: Correction, text: str, wrong: dict[str, str], status: int) -> HttpResponse:
    now = clock.now()
    assert found.decided_by and found.decided_at and found.reversal
    until = found.decided_at + APPEAL_FOR
    hands = [(_("提出"), found.proposed_by), (_("审核"), found.decided_by), (_("看申诉"), found.heard_by)]
    is_own = found.person_id == request.person.id or found.person is None
    shown = {
        "now": now, "one": found, "title": title_of(found.posting, {}), "points": -found.reversal.points,
        "hands": [(word, mask_name(person.name)) for word, person in hands if person],
        "until": until, "may_appeal": found.state == CorrectionState.APPROVED and now < until, "text": text,
        "wrong": wrong, "errors": list(wrong.items()), "has_errors": bool(wrong), "is_own": is_own,
        "whose": _("您家一起的") if found.person is None else "" if is_own else mask_name(found.person.name),
        "back": reverse("points:home") if is_own else reverse("web:home"),
    }  # fmt: skip
    return render(request, "points/correction.jinja", shown, status=status)

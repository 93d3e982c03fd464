"""What people said, and the answers of the editor and the board."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest
from huipai.rulebook import commands, policies, queries
from huipai.rulebook.forms import AnswerForm
from huipai.rulebook.models import Remark
from huipai.rulebook.pages.desk import at_desk, attempt
from huipai.rulebook.words import Outcome, Said

_A_PAGE = 30


@require_GET
@at_desk
def remarks(request: SignedInRequest) -> HttpResponse:
    """Every comment and objection, those without an answer first."""
    now = clock.now()
    policies.may_read_draft(request.person, now).require()
    page: Page[Remark] = page_of(queries.all_remarks(), request.GET.get("page"), size=_A_PAGE)
    shown = {"page": page, "now": now, "may_write": bool(policies.may_write(request.person, now))}
    return render(request, "rulebook/remarks.jinja", shown)


@require_http_methods(["GET", "POST"])
@at_desk
def answer(request: SignedInRequest, remark_id: UUID) -> HttpResponse:
    """The editor answers a comment, the board decides an objection."""
    now = clock.now()
    policies.may_read_draft(request.person, now).require()
    found = Remark.objects.select_related("version").filter(pk=remark_id).first()
    if found is None:
        raise NotVisible
    form = AnswerForm(request.POST or None, kind=Said(found.kind))
    verdict = (
        policies.may_write(request.person, now)
        if found.kind == Said.COMMENT
        else policies.may_decide_objection(request.person, found, now)
    )
    shown = {
        "remark": found, "form": form, "now": now, "verdict": verdict, "has_errors": bool(form.errors),
        "item": queries.item(found.version, found.code) if found.code else None,
        "standing": queries.standing(found.version, now),
    }  # fmt: skip
    if request.method == "GET":
        return render(request, "rulebook/answer.jinja", shown)
    if status := attempt(form, lambda: _decide(request, found, form)):
        return render(request, "rulebook/answer.jinja", {**shown, "has_errors": True}, status=status)
    messages.success(request, _("答复好了，已经告诉对方"))
    return redirect("rulebook:remarks")


def _decide(request: SignedInRequest, found: Remark, form: AnswerForm) -> Remark:
    words, now = form.cleaned_data["answer"], clock.now()
    if found.kind == Said.COMMENT:
        return commands.answer(remark_id=found.pk, actor=request.person, outcome=form.chosen(), answer=words, now=now)
    decide = commands.uphold if form.chosen() == Outcome.UPHELD else commands.dismiss
    return decide(remark_id=found.pk, actor=request.person, answer=words, now=now)

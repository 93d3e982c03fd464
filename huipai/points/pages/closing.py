"""Ending the scheme: proposed by one, decided by another, announced to everybody at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.fields import DayField
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.points import commands, policies, queries
from huipai.points.pages.saying import say_what_came_of
from huipai.rulebook import queries as rulebook
from huipai.rulebook.rules import EndRule
from huipai.stations.rules import SHANGHAI

ANSWERS = {
    "yes": (commands.approve_closing, gettext_lazy("定下了，已经公布")),
    "no": (commands.withdraw_closing, gettext_lazy("收回了，一切照旧")),
}


class ClosingForm(forms.Form):
    awards_until = DayField(label=gettext_lazy("从哪天起不再计分"))
    redeem_until = DayField(label=gettext_lazy("从哪天起不再兑换"))

    def with_rule(self, rule: EndRule) -> ClosingForm:
        """The same, saying what the rulebook in force asks."""
        self.fields["awards_until"].help_text = _("至少提前 %(days)s 天") % {"days": rule.notice_days}
        self.fields["redeem_until"].help_text = _("停止计分以后至少 %(days)s 天") % {"days": rule.redeem_days}
        return self


@require_http_methods(["GET", "POST"])
@signed_in
def closing(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    policies.may_propose_closing(request.person, now).require()
    form = ClosingForm(request.POST or None)
    if request.method == "GET":
        return _page(request, form, now, 200)
    status = _proposed(request, form, now)
    if status:
        return _page(request, form, now, status)
    messages.success(request, _("提出了，等另一位来定"))
    return redirect("points:closing")


@require_POST
@signed_in
def approve(request: SignedInRequest, closing_id: UUID) -> HttpResponse:
    """Decide a proposal or take it back; with neither pressed, nothing happens to it."""
    answer = ANSWERS.get(request.POST.get("answer", ""))
    if answer is None:
        proposed = queries.proposed_closing()
        if proposed is None or proposed.id != closing_id:
            raise NotVisible
        policies.may_propose_closing(request.person, clock.now()).require()
        messages.error(request, _("没有听清：定下，还是收回？再按一次"))
        return _page(request, ClosingForm(), clock.now(), 422)
    act, told = answer
    say_what_came_of(request, partial(act, closing_id=closing_id, actor=request.person, now=clock.now()), str(told))
    return redirect("points:closing")


def _proposed(request: SignedInRequest, form: ClosingForm, now: datetime) -> int:
    if not form.is_valid():
        return 422
    told = form.cleaned_data
    try:
        commands.propose_closing(
            awards_until=_begin(told["awards_until"]), redeem_until=_begin(told["redeem_until"]),
            actor=request.person, now=now,
        )  # fmt: skip
    except (Invalid, Moved) as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        return refusal.status
    return 0


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI).astimezone(UTC)


def _page(request: SignedInRequest, form: ClosingForm, now: datetime, status: int) -> HttpResponse:
    proposed, end = queries.proposed_closing(), queries.closing()
    # The form is gone where another came first: the days that were typed stand as words.
    typed = [f"{one.label}{_('：')}{one.value()}" for one in form if one.value()] if proposed or end else []
    shown = {
        "now": now, "form": form.with_rule(rulebook.end_rule_promised(now)), "has_errors": bool(form.errors),
        "end": end, "proposed": proposed, "written": typed,
        "may_approve": proposed is not None and bool(policies.may_approve_closing(request.person, proposed, now)),
        "outstanding": queries.outstanding(now),
        "deciders": queries.deciders_of_closing(proposed.proposed_by, proposed.proposed_at, now) if proposed
        else queries.deciders_of_closing(request.person, now, now),
    }  # fmt: skip
    return render(request, "points/closing.jinja", shown, status=status)

"""Points by hand: what waits for a second person, what was decided, and the form that proposes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.fields import DayField, NameField
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people import finding
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.rules import local_date, mask_name
from huipai.points import commands, policies, queries
from huipai.points.models import Grant
from huipai.points.pages.saying import say_what_came_of
from huipai.points.words import GrantReason
from huipai.rulebook import queries as rulebook
from huipai.stations.rules import SHANGHAI

A_PAGE = 20
# Struck items are offered for so long after: older deeds come on paper and seldom.
ASKED_BACK_TO = timedelta(days=366)
ANSWERS = {"yes": commands.approve_grant, "no": commands.decline_grant, "back": commands.take_back_grant}


class GrantForm(forms.Form):
    item_code = forms.ChoiceField(label=gettext_lazy("做了哪一件"))
    done_on = DayField(label=gettext_lazy("哪天做的"))
    points = forms.IntegerField(label=gettext_lazy("补多少分"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    reason = forms.ChoiceField(
        label=gettext_lazy("为什么补"), choices=[("", gettext_lazy("选一下")), *GrantReason.choices]
    )
    paper_number = NameField(
        label=gettext_lazy("凭证编号"), max_length=40, help_text=gettext_lazy("只写编号，不写人名和事由")
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = rulebook.in_force(now)
        doors = rulebook.by_port(version).values() if version else ()
        items = [item for door in doors for item in door if item.is_personal]
        choices = [(item.code, _("%(name)s（%(more)s）") % {"name": item.title, "more": item.points}) for item in items]
        # A deed of last spring counts as the item read then, whether or not it stands in the book still.
        for item in rulebook.struck_since(now - ASKED_BACK_TO, now):
            if item.is_personal:
                choices.append((item.code, _("%(title)s（已经不列，做的那天还列着的才补）") % {"title": item.title}))
        field: Any = self.fields["item_code"]
        field.choices = [("", _("选一条")), *choices]


@require_http_methods(["GET", "POST"])
@signed_in
def grants(request: SignedInRequest) -> HttpResponse:
    """What waits, what was decided; a proposal counts only when somebody else approves it."""
    now = clock.now()
    policies.may_enter_grants(request.person, now).require()
    if finding.asks(request):
        looked = finding.search(request, policies.may_find_receiver, now)
        if len(looked.found) == 1:
            return finding.towards("points:grants", looked, part="#propose")
        return _page(request, GrantForm(now=now), now, looked.status, looked)
    form = GrantForm(request.POST or None, now=now)
    if request.method == "GET":
        return _page(request, form, now, 200)
    status = _proposed(request, form, now)
    if status:
        return _page(request, form, now, status)
    messages.success(request, _("提出了，等另一位来审"))
    return redirect("points:grants")


@require_POST
@signed_in
def decide(request: SignedInRequest, grant_id: UUID) -> HttpResponse:
    """Yes or no, by somebody else than who proposed it; or taken back by who did. Neither pressed, nothing happens."""
    act = ANSWERS.get(request.POST.get("answer", ""))
    if act is None:
        policies.may_enter_grants(request.person, clock.now()).require()
        if not Grant.objects.filter(pk=grant_id).exists():
            raise NotVisible
        messages.error(request, _("没有听清：同意，还是不补？再按一次"))
        return redirect("points:grants")
    deed = partial(act, grant_id=grant_id, actor=request.person, now=clock.now())
    say_what_came_of(request, deed, _("记下了"))
    return redirect("points:grants")


def _proposed(request: SignedInRequest, form: GrantForm, now: datetime) -> int:
    if not form.is_valid():
        return 422
    told = form.cleaned_data
    try:
        commands.propose_grant(
            person=finding.the_chosen(request, now), points=told["points"], reason=GrantReason(told["reason"]),
            item_code=told["item_code"], done_at=_midday(told["done_on"], now), paper_number=told["paper_number"],
            actor=request.person, now=now,
        )  # fmt: skip
    except (Invalid, Moved, NotAllowed) as refusal:
        places = {"done_at": "done_on"}
        field = places.get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, refusal.reason)
        return refusal.status
    return 0


def _midday(day: date, now: datetime) -> datetime:
    """The middle of a day; of today not later than now."""
    midday = datetime.combine(day, time(12), tzinfo=SHANGHAI)
    return min(midday, now) if day == local_date(now) else midday


def _page(
    request: SignedInRequest, form: GrantForm, now: datetime, status: int, sought: finding.Search | None = None
) -> HttpResponse:
    receiver = finding.chosen(request, now)
    page: Page[Grant] = page_of(queries.grants(waiting=False), request.GET.get("page"), size=A_PAGE)
    proposed = list(queries.grants(waiting=True)[:50])
    verdicts = policies.may_decide_grants(request.person, proposed, now)
    waiting = [
        (one, mask_name(one.person.name), beside, verdict, bool(policies.may_take_back_grant(request.person, one)))
        for one, beside, verdict in zip(proposed, queries.beside(proposed), verdicts, strict=True)
    ]
    shown = {
        "now": now, "form": form, "has_errors": status >= 400, "sought": sought or finding.unasked(request),
        "one": finding.shown([receiver], request.person, now)[0] if receiver else None,
        "proposes": bool(policies.may_propose_grants(request.person, now)),
        "waiting": waiting, "page": page, "to_correct": queries.corrections_waiting(),
        "decided": [(one, mask_name(one.person.name)) for one in page.items],
    }  # fmt: skip
    return render(request, "points/grants.jinja", shown, status=status)

"""Deciding on the point item that a kind of case shall pay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huipai.cases.commands import paying
from huipai.cases.models import TypePayment
from huipai.cases.pages.types import shown
from huipai.cases.policies import entering
from huipai.kit import clock
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people.http import SignedInRequest, signed_in


@require_POST
@signed_in
def agree(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    return _decided(
        request, payment_id,
        lambda now: paying.agree(payment_id=payment_id, actor=request.person, now=now),
        _("定下了，从现在起报的按这一条"),
    )  # fmt: skip


@require_POST
@signed_in
def refuse(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    """No, with a reason; without one the page stands there again."""
    reason = request.POST.get("answer", "")
    return _decided(
        request, payment_id,
        lambda now: paying.refuse(payment_id=payment_id, actor=request.person, reason=reason, now=now),
        _("没有同意，提出的人会看到原因"), answered=reason,
    )  # fmt: skip


@require_POST
@signed_in
def withdraw(request: SignedInRequest, payment_id: UUID) -> HttpResponse:
    return _decided(
        request, payment_id,
        lambda now: paying.withdraw(payment_id=payment_id, actor=request.person, now=now), _("撤回了"),
    )  # fmt: skip


def _decided(
    request: SignedInRequest, payment_id: UUID, act: Callable[[datetime], object], done: str, *, answered: str = ""
) -> HttpResponse:
    now = clock.now()
    entering.may_see_types(request.person, now).require()
    one = TypePayment.objects.select_related("case_type__unit").filter(pk=payment_id).first()
    if one is None:
        raise NotVisible
    try:
        act(now)
    except Invalid as refusal:
        return shown(request, one.case_type, now, refused=refusal, answered=answered)
    except (Moved, NotAllowed) as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, done)
    return redirect("cases:type", code=one.case_type.code)

"""The street's list of the fields that the system has already, and the editor's hand in it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.kit import clock
from huipai.kit.render import render
from huipai.people.http import SignedInRequest
from huipai.rulebook import commands, policies, queries, rules
from huipai.rulebook.forms import KnownForm
from huipai.rulebook.models import KnownField
from huipai.rulebook.pages.desk import at_desk, attempt


@require_GET
@at_desk
def known(request: SignedInRequest) -> HttpResponse:
    return _known(request, KnownForm(prefix="add"), KnownForm(prefix="out"))


@require_POST
@at_desk
def add_known(request: SignedInRequest) -> HttpResponse:
    form = KnownForm(request.POST, prefix="add")
    if status := _done(request, form, commands.add_known, _("加上了，以后提的条目不算它的工时")):
        return _known(request, form, KnownForm(prefix="out"), status)
    return redirect("rulebook:known")


@require_POST
@at_desk
def take_out_known(request: SignedInRequest) -> HttpResponse:
    form = KnownForm(request.POST, prefix="out")
    if status := _done(request, form, commands.take_out_known, _("拿掉了，以后提的条目要算它的工时")):
        return _known(request, KnownForm(prefix="add"), form, status)
    return redirect("rulebook:known")


def _done(request: SignedInRequest, form: KnownForm, say: Callable[..., KnownField], done: str) -> int:
    policies.may_write(request.person, clock.now()).require()
    status = attempt(
        form,
        lambda: say(
            word=form.cleaned_data["word"], reason=form.cleaned_data["reason"], actor=request.person, now=clock.now()
        ),
    )
    if not status:
        messages.success(request, done)
    return status


def _known(request: SignedInRequest, add: KnownForm, out: KnownForm, status: int = 200) -> HttpResponse:
    shown = {
        "known": rules.KNOWN, "told": queries.told_of_fields(), "add": add, "out": out,
        "failed": add if add.errors else out,
        "may_write": bool(policies.may_write(request.person, clock.now())),
    }  # fmt: skip
    return render(request, "rulebook/known.jinja", shown, status=status)

"""How a colleague comes in: reset, asked for anew, taken off, unlocked; by the security administrator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huipai.grid import commands
from huipai.grid.forms import FactorForm
from huipai.grid.pages.desk import attempt
from huipai.grid.pages.staff import by_admins, colleague_page, find_colleague
from huipai.kit import clock
from huipai.people.http import SignedInRequest
from huipai.people.words import FactorLoss


@never_cache
@require_POST
@by_admins
def put_password(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """The new password is in this answer and nowhere else."""
    password = commands.put_password(person_id=person_id, actor=request.person, now=clock.now())
    return colleague_page(request, find_colleague(person_id), FactorForm(), password=password)


@require_POST
@by_admins
def require_password(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    commands.require_password(person_id=person_id, actor=request.person, now=clock.now())
    messages.success(request, _("他下次登录要先换密码，现在的登录都退出了"))
    return redirect("grid:colleague", person_id=person_id)


@require_POST
@by_admins
def take_off_second_factor(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    form = FactorForm(request.POST)
    status = attempt(
        form,
        lambda: commands.take_off_second_factor(
            person_id=person_id, why=FactorLoss(form.cleaned_data["why"]), actor=request.person, now=clock.now()
        ),
    )
    if status:
        return colleague_page(request, find_colleague(person_id), form, status=status)
    messages.success(request, _("解除了，也告诉了他本人；他下次登录会重新绑"))
    return redirect("grid:colleague", person_id=person_id)


@require_POST
@by_admins
def unlock(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    commands.unlock(person_id=person_id, actor=request.person, now=clock.now())
    messages.success(request, _("解锁了，他现在就能再试"))
    return redirect("grid:colleague", person_id=person_id)

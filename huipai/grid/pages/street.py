"""What stands on every page of the street, kept by its system administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huipai.grid import commands, policies
from huipai.grid.forms import StreetForm
from huipai.grid.pages.desk import at_desk, attempt, form_page
from huipai.kit import clock
from huipai.people.http import SignedInRequest


@require_http_methods(["GET", "POST"])
@at_desk
def street(request: SignedInRequest) -> HttpResponse:
    policies.may_keep_tree(request.person, clock.now()).require()
    form = StreetForm(request.POST or None, initial=StreetForm.initial_of(request.street))
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: commands.describe_street(
                particulars=commands.Particulars(**form.cleaned_data), actor=request.person, now=clock.now()
            ),
        )
        if not status:
            messages.success(request, _("记下了，几秒钟后每一页都是新的"))
            return redirect("grid:street")
    return form_page(
        request, form, title=_("街道的名称和电话"), back=reverse("grid:home"), send=_("记下"), status=status,
        lead=_("这些写在每一页的页脚上。没有审图号，正式环境里不显示地图。"),
    )  # fmt: skip

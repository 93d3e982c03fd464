"""What people are asked to agree to: every version, and the next one, looked at before it is published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huipai.grid import commands, policies
from huipai.grid.forms import TextForm
from huipai.grid.pages.desk import attempt
from huipai.grid.pages.staff import by_admins
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible
from huipai.people import queries as people
from huipai.people.http import SignedInRequest
from huipai.people.models import ConsentText
from huipai.people.words import ConsentPurpose


@require_GET
@by_admins
def texts(request: SignedInRequest) -> HttpResponse:
    newest: dict[str, ConsentText] = {}
    for one in ConsentText.objects.defer("body").order_by("version"):
        newest[one.purpose] = one
    rows = [(purpose, newest.get(purpose.value)) for purpose in ConsentPurpose]
    return render(request, "grid/texts.jinja", {"rows": rows})


@require_http_methods(["GET", "POST"])
@by_admins
def text(request: SignedInRequest, purpose: str) -> HttpResponse:
    """The versions of one text. First sent it comes back as readers will see it, the second press publishes."""
    if purpose not in ConsentPurpose.values:
        raise NotVisible
    asked = ConsentPurpose(purpose)
    if request.method == "GET":
        return _page(request, asked, _form(asked))
    now = clock.now()
    policies.may_keep_texts(request.person, now).require()
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    if "publish" not in request.POST:
        return _page(request, asked, form, preview=True)
    status = attempt(
        form,
        lambda: commands.publish_text(
            purpose=asked,
            seen=form.cleaned_data["seen"],
            body=form.cleaned_data["body"].strip(),
            legal_basis=form.cleaned_data["legal_basis"].strip(),
            actor=request.person,
            now=now,
        ),
    )
    if status:
        return _page(request, asked, form, status=status)
    messages.success(request, _("发布了；同意过旧版的人，下次来会看到新的一版"))
    return redirect("grid:text", purpose=purpose)


def _form(purpose: ConsentPurpose) -> TextForm:
    newest = people.text_in_force(purpose)
    if newest is None:
        return TextForm(initial={"seen": 1})
    return TextForm(initial={"seen": newest.version, "body": newest.body, "legal_basis": newest.legal_basis})


def _page(
    request: SignedInRequest, purpose: ConsentPurpose, form: TextForm, *, status: int = 200, preview: bool = False
) -> HttpResponse:
    shown: dict[str, Any] = {
        "purpose": purpose,
        "form": form,
        "versions": list(people.texts_of(purpose)),
        "is_notice": purpose == ConsentPurpose.PRIVACY_NOTICE,
        "preview": form.cleaned_data if preview else None,
        "may_publish": bool(policies.may_keep_texts(request.person, clock.now())),
        "has_errors": bool(form.errors),
        "back": reverse("grid:texts"),
    }
    return render(request, "grid/text.jinja", shown, status=status)

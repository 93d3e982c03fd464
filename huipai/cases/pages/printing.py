"""The printable case file: why it is needed, then the paper itself."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from huipai.audit.models import Disclosure
from huipai.audit.words import OF_A_TABLE
from huipai.cases import case_file, policies, queries
from huipai.cases.commands import printing
from huipai.cases.models import Case
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.queries import orders
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def print_case(request: SignedInRequest, code: str) -> HttpResponse:
    """The file of a case, for whoever looks after its place."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    policies.may_print(request.person, case, now).require()

    def take() -> Disclosure:
        return printing.print_case(case_id=case.id, actor=request.person, now=now, **_typed(request))

    back = reverse("cases:detail", args=[code])
    return _answer(request, case, back, take, lambda taken: case_file.of_case(case, taken, request.person))


@require_http_methods(["GET", "POST"])
@signed_in
def print_order(request: SignedInRequest, order_id: UUID) -> HttpResponse:
    """The file of an order, for the unit that has it."""
    now = clock.now()
    order = orders.order_for(request.person, order_id, now)

    def take() -> Disclosure:
        return printing.print_order(order_id=order.id, actor=request.person, now=now, **_typed(request))

    back = reverse("cases:order", args=[order_id])
    return _answer(request, order.case, back, take, lambda taken: case_file.of_order(order, taken))


def _typed(request: SignedInRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("reason", "words")}


def _answer(
    request: SignedInRequest, case: Case, back: str, take: Callable[[], Disclosure], make: Callable[[Disclosure], bytes]
) -> HttpResponse:
    refused: Refused | None = None
    if request.method == "POST":
        try:
            taken = take()
        except NotVisible:
            raise
        except Refused as refusal:
            refused = refusal
        else:
            return _paper(make(taken), f"case-{case.code}-{taken.number}.pdf")
    errors = errors_of(refused) if refused else []
    context = {
        "case": case, "back": back, "errors": errors, "has_errors": bool(errors), "wrong": dict(errors),
        "reasons": [{"value": one.value, "title": one.label} for one in OF_A_TABLE], **_typed(request),
    }  # fmt: skip
    return render(request, "cases/print_ask.jinja", context, status=refused.status if refused else 200)


def _paper(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

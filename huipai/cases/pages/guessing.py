"""Suggested types while somebody writes, and how good the suggestions are."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from huipai.cases.models import TypeGuesser
from huipai.cases.policies import entering
from huipai.cases.queries import guessing
from huipai.cases.rules.guessing import ENOUGH, interval
from huipai.cases.words import LONGEST_TEXT
from huipai.kit import clock
from huipai.kit.render import render
from huipai.people.http import SignedInRequest, signed_in


@require_POST
@signed_in
def guess(request: SignedInRequest) -> HttpResponse:
    """Part of the report form: three types to choose with one press. Sent as a body, so that no log holds the words."""
    found = guessing.suggested(request.POST.get("text", "")[:LONGEST_TEXT])
    if not found.kinds and not found.is_unsure:
        return HttpResponse(status=204)
    return render(request, "cases/guess_part.jinja", {"found": found.kinds})


@require_GET
@signed_in
def learnings(request: SignedInRequest) -> HttpResponse:
    """How often the suggestions were right on what they had not learnt from: the number, the date, the usual list."""
    now = clock.now()
    entering.may_see_types(request.person, now).require()
    rows = [_told(one) for one in guessing.learnings()]
    return render(request, "cases/guesses.jinja", {"rows": rows, "now": now, "enough": ENOUGH})


def _told(one: TypeGuesser) -> dict[str, object]:
    count = one.held_out
    return {
        "one": one, "is_enough": count >= ENOUGH, "span": interval(one.among_three, count),
        "first": round(100 * one.first / count) if count else 0,
        "three": round(100 * one.among_three / count) if count else 0,
        "sure": round(100 * one.sure_hits / (count - one.unsure)) if count > one.unsure else 0,
        "usual": round(100 * one.usual / count) if count else 0,
    }  # fmt: skip

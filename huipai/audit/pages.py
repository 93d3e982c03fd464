"""The auditor's page: who was shown what is kept from view, and why. Looking at it is written down too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from huipai.audit import commands, policies, queries, sheets
from huipai.audit.models import Disclosure
from huipai.audit.queries import Wanted
from huipai.audit.words import OF_A_RECORD, Kind
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.sheets.marking import SPREADSHEET, Mark
from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest, signed_in

PAGE = 50
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


@dataclass(frozen=True)
class Asked:
    """The filter as it stands in the address; what makes no sense is left out."""

    kind: str
    person: str
    since: str
    until: str
    words: str

    def wanted(self) -> Wanted:
        return Wanted(self.kind, _uuid(self.person), _day(self.since), _day(self.until), self.words)

    def as_address(self) -> dict[str, str]:
        given = {
            "kind": self.kind, "person": self.person, "since": self.since, "until": self.until, "q": self.words,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value}


def _asked(data: object) -> Asked:
    get = data.get  # type: ignore[attr-defined]
    kind = str(get("kind", ""))
    since, until = str(get("since", "")), str(get("until", ""))
    return Asked(
        kind if kind in Kind.values else "",
        str(_uuid(str(get("person", ""))) or ""),
        since if _day(since) else "",
        until if _day(until) else "",
        str(get("q", "")).strip()[:80],
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    """A day that a record can have; what lies past every calendar is left out like what is no day."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


@require_GET
@signed_in
def record(request: SignedInRequest) -> HttpResponse:
    """The record by kind, person, days and words."""
    now = clock.now()
    policies.may_audit(request.person, now).require()
    commands.look(actor=request.person, now=now)
    return _page(request, _asked(request.GET), now)


def _page(request: SignedInRequest, asked: Asked, now: datetime, refused: Refused | None = None) -> HttpResponse:
    page: Page[Disclosure] = page_of(queries.record(asked.wanted()), request.GET.get("page"), size=PAGE)
    wrong = {refused.field or "": refused.reason} if refused else {}
    context = {
        "page": page, "asked": asked, "kinds": Kind.choices, "people": queries.people(), "now": now,
        "query": urlencode(asked.as_address()), "fields": asked.as_address(), "wrong": wrong,
        "errors": [(f"f-{field}" if field else "", words) for field, words in wrong.items()],
        "has_errors": bool(wrong), "reasons": [(one.value, one.label) for one in OF_A_RECORD],
        "typed": request.POST, "address": reverse("audit:record"),
    }  # fmt: skip
    return render(request, "audit/record.jinja", context, status=refused.status if refused else 200)


@require_POST
@signed_in
def export(request: SignedInRequest) -> HttpResponse:
    """What the filter shows, as a table; this too is in the record."""
    now = clock.now()
    policies.may_audit(request.person, now).require()
    asked = _asked(request.POST)
    try:
        taken = commands.export(
            actor=request.person, wanted=asked.wanted(), reason=request.POST.get("reason", ""),
            words=request.POST.get("words", ""), now=now,
        )  # fmt: skip
    except Refused as refusal:
        return _page(request, asked, now, refusal)
    mark = Mark(request.street.name, request.person.name, taken.disclosure.number, now)
    answer = HttpResponse(sheets.workbook(taken.rows, mark), content_type=SPREADSHEET)
    answer["Content-Disposition"] = f'attachment; filename="record-{mark.number}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer

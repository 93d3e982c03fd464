"""Whose items a page is about: one's own, or those of an elder whom one helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from huipai.cases.commands import acting
from huipai.cases.models import Case, Report
from huipai.cases.queries import own as reads
from huipai.kit.verdict import NotVisible
from huipai.people.http import SignedInRequest
from huipai.people.models import Person
from huipai.people.words import ProxyScope


@dataclass(frozen=True)
class Whose:
    """Whose items these are, and how an address says so."""

    person: Person
    is_helped: bool

    @property
    def query(self) -> str:
        return f"?for={self.person.id}" if self.is_helped else ""


def whose(request: SignedInRequest, now: datetime, scope: ProxyScope = ProxyScope.ANSWER) -> Whose:
    """One's own, or an elder's who lets one do this for them; anybody else's do not exist."""
    try:
        return named(request.person, request.GET.get("for", ""), now, scope)
    except NotVisible as unknown:
        raise Http404 from unknown


def named(person: Person, asked: str, now: datetime, scope: ProxyScope) -> Whose:
    """This person, or the elder whose id was given and for whom they may do this."""
    if not asked:
        return Whose(person, is_helped=False)
    try:
        elder = reads.elder_of(person, UUID(asked), scope, now)
    except ValueError:
        elder = None
    if elder is None:
        raise NotVisible
    return Whose(elder, is_helped=True)


def act_as(
    request: SignedInRequest,
    one: Case,
    whom: Whose,
    scope: ProxyScope,
    act: Callable[[Person], object],
    now: datetime,
) -> None:
    """For oneself, or for the elder whom one helps."""
    if whom.is_helped:
        acting.for_elder(elder_id=whom.person.id, helper=request.person, scope=scope, case=one, act=act, now=now)
    else:
        act(request.person)


def after(request: SignedInRequest, one: Case, report: Report, whom: Whose, now: datetime) -> str:
    """Where whoever sent a report goes on: to its page, or to what was received where they may not follow it."""
    if not whom.is_helped:
        return reverse("cases:detail", args=[one.code])
    if reads.elder_of(request.person, whom.person.id, ProxyScope.ANSWER, now) is not None:
        return reverse("cases:own", args=[one.code]) + whom.query
    return reverse("cases:received", args=[report.id])

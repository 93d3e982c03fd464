"""A case file on paper: with a reason, numbered, written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.audit import commands as audit
from huipai.audit.commands import Act
from huipai.audit.models import Disclosure
from huipai.audit.words import OF_A_TABLE, Kind
from huipai.cases import policies
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case
from huipai.cases.queries import orders
from huipai.kit.ids import short_code
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


@transaction.atomic
def print_case(*, case_id: UUID, actor: Person, reason: str, words: str, now: datetime) -> Disclosure:
    """Take the file of a case along, as whoever looks after its place."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotVisible
    policies.may_print(actor, case, now).require()
    return _taken(case, actor, reason, words, now)


@transaction.atomic
def print_order(*, order_id: UUID, actor: Person, reason: str, words: str, now: datetime) -> Disclosure:
    """Take along what one's unit sees of it, and no more."""
    return _taken(orders.order_for(actor, order_id, now).case, actor, reason, words, now)


def _taken(case: Case, actor: Person, reason: str, words: str, now: datetime) -> Disclosure:
    given = audit.why(reason, words, of=OF_A_TABLE, names=orders.names_to_hide(case))
    act = Act(Kind.PRINT, case.subject, case.code, number=short_code())
    return audit.disclose(what=Fact.PRINTED, act=act, by=actor, why=given, now=now)

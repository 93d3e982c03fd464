"""Somebody acts in another's name: that one's deed, and whose hands it was beside it in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import stepping
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Report, ReportHelp
from huipai.cases.queries import involved, own
from huipai.journal import commands as journal
from huipai.journal import queries as entries
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.words import ProxyScope

_T = TypeVar("_T")


class NotYourselfToo(NotAllowed):
    code = "helper_took_part"
    default_reason = _("这件事您经手过，要由他本人或者别的家人来答")


@transaction.atomic
def for_elder(
    *, elder_id: UUID, helper: Person, scope: ProxyScope, case: Case, act: Callable[[Person], _T], now: datetime
) -> _T:
    """Do as the elder what the elder may do, if a proxy of this scope holds; never by who handled or checked it.

    From then on the helper counts as one of its reporters: neither handles nor checks it.
    """
    elder = own.elder_of(helper, elder_id, scope, now)
    if elder is None:
        raise NotVisible
    stepping.locked_with_its_matter(case.id)
    if helper.id in involved.in_the_hands_of(case) or policies.has_checked(helper, case):
        raise NotYourselfToo
    done = in_name_of(elder, hand=helper, scope=scope, case=case, act=act, now=now)
    for report in Report.objects.filter(case=case.matter_id, reporter=elder):
        ReportHelp.objects.get_or_create(report=report, helper=helper, defaults={"helped_at": now, "has_sent": False})
    return done


@transaction.atomic
def in_name_of(
    person: Person, *, hand: Person, scope: str, case: Case, act: Callable[[Person], _T], now: datetime
) -> _T:
    """Do it as this person, and keep whose hands it was; whether they may has been asked."""
    stepping.locked_with_its_matter(case.id)
    before = list(_by(person, case).values_list("id", flat=True))
    done = act(person)
    entry = _by(person, case).exclude(id__in=before).order_by("id").first()
    if entry is not None:
        note(case=case, elder=person, helper=hand, scope=scope, fact=entry.what, now=now)
    return done


def _by(elder: Person, case: Case) -> QuerySet[Entry]:
    """What stands in the elder's name; a press that changed nothing adds nothing to it."""
    return entries.about(case.subject).filter(actor_id=elder.id)


def note(*, case: Case, elder: Person, helper: Person, scope: str, fact: str, now: datetime) -> None:
    """Keep in the journal whose hands did what stands in the elder's name, who hears of it."""
    journal.record(
        what=Fact.ACTED_FOR, subject=case.subject, actor_id=helper.id, now=now,
        facts={"elder": str(elder.id), "scope": str(scope), "fact": fact},
    )  # fmt: skip

"""A report that somebody sends for an elder who lets them: the elder's in everything, and its helper took part."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import acting, allowing, intake, joining, passing, stepping
from huipai.cases.commands.intake import NotThisId, Received, Sending
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Report, ReportHelp
from huipai.cases.queries import own
from huipai.cases.rules.whereabouts import BEFORE_A_RESPONSE
from huipai.kit.verdict import Invalid
from huipai.people.models import Person
from huipai.people.words import ProxyScope
from huipai.streets.holding import hold_here


class NotTheirHelper(Invalid):
    """Nobody's elder, an ended permission, one of another scope: one sentence for all."""

    code = "not_their_helper"
    default_reason = _("现在不能替这一位上报。请对方在“请家人代办”里再请您一次，或者选“我自己”")


@transaction.atomic
def report_for(*, elder_id: UUID, helper: Person, sending: Sending, joins: str, now: datetime) -> Received:
    """File the elder's report, or add it to the public case `joins`, with photos that the helper took; once.

    The helper counts as one of its reporters where it is handled or checked: never by them.
    """
    intake.look_over(sending)
    if not sending.photo_ids:
        raise intake.NoPhoto(field="photos")
    hold_here("cases.report_for", sending.report_id)
    known = Report.objects.select_related("reporter").filter(pk=sending.report_id).first()
    if known is not None:
        # A phone that did not hear the answer hears it, also when the permission has ended meanwhile.
        if known.reporter_id != elder_id or not _sent_it(known, helper):
            raise NotThisId
        return _take_in(sending, joins, known.reporter, helper, now)
    elder = own.elder_of(helper, elder_id, ProxyScope.REPORT, now)
    if elder is None:
        raise NotTheirHelper(field="for_elder")
    case = Case.objects.filter(code=joins).first() if joins else None
    if case is not None:
        policies.may_join(helper, case, now).require()
    received = _take_in(sending, joins, elder, helper, now)
    _note(received, elder, helper, Fact.JOINED if joins else Fact.REPORTED, now)
    return received


def _sent_it(report: Report, helper: Person) -> bool:
    return ReportHelp.objects.filter(report=report, helper=helper, has_sent=True).exists()


def _take_in(sending: Sending, joins: str, elder: Person, helper: Person, now: datetime) -> Received:
    if joins:
        return joining.join(sending=sending, code=joins, reporter=elder, uploader=helper, now=now)
    limits = allowing.of_a_person()
    return intake.file(sending=sending, reporter=elder, uploader=helper, limits=limits, now=now)


def _note(received: Received, elder: Person, helper: Person, fact: Fact, now: datetime) -> None:
    ReportHelp.objects.create(report_id=received.report_id, helper=helper, helped_at=now)
    case = stepping.locked(received.case_id)
    acting.note(case=case, elder=elder, helper=helper, scope=ProxyScope.REPORT, fact=fact, now=now)
    if case.state in BEFORE_A_RESPONSE:
        passing.pass_on_if_nobody_is_there(case, now=now)

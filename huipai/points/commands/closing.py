"""Ending the scheme, by two people, with notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.points import policies, queries
from huipai.points.models import Closing
from huipai.points.rules import microseconds
from huipai.points.words import CLOSING_AT_MOST_DAYS, Fact
from huipai.rulebook import commands as rulebook


class ClosingTooSoon(Invalid):
    code = "points_closing_too_soon"
    default_reason = _("停发要提前 30 天说，停发后还要留 90 天兑换")


class ClosingTooLate(Invalid):
    code = "points_closing_too_late"
    default_reason = _("最晚写到两年以后；还要再往后，到时候再定")


class ClosingExists(Moved):
    code = "points_closing_exists"
    default_reason = _("已经有一份结束积分的提议了")


class ClosingDecided(Moved):
    code = "points_closing_decided"
    default_reason = _("这份提议已经定下，或者收回了")


@transaction.atomic
def propose_closing(*, awards_until: datetime, redeem_until: datetime, actor: Person, now: datetime) -> Closing:
    """Ask that the scheme end. Nothing changes until another has decided it. The same by the same person is once."""
    policies.may_propose_closing(actor, now).require()
    _require_notice(awards_until, redeem_until, now)
    try:
        with transaction.atomic():
            closing = Closing.objects.create(
                awards_until=awards_until, redeem_until=redeem_until, proposed_by=actor, proposed_at=now
            )
    except IntegrityError as second:
        stored = queries.proposed_closing()
        said = (awards_until, redeem_until, actor.id)
        if stored is not None and (stored.awards_until, stored.redeem_until, stored.proposed_by_id) == said:
            return stored
        raise ClosingExists from second
    _record(Fact.CLOSING_PROPOSED, closing, actor, now)
    return closing


@transaction.atomic
def approve_closing(*, closing_id: UUID, actor: Person, now: datetime) -> Closing:
    """Decide what another has proposed, while the notice is long enough. Announced with this, it stands."""
    closing = _to_decide(closing_id)
    policies.may_approve_closing(actor, closing, now).require()
    if closing.approved_by_id == actor.id:
        return closing
    _require_open(closing)
    _require_notice(closing.awards_until, closing.redeem_until, now)
    closing.approved_by, closing.approved_at = actor, now
    closing.save(update_fields=["approved_by", "approved_at"])
    _record(Fact.CLOSING_APPROVED, closing, actor, now)
    transaction.on_commit(queries.look_again)
    return closing


@transaction.atomic
def withdraw_closing(*, closing_id: UUID, actor: Person, now: datetime) -> Closing:
    """Take a proposal back before it is decided."""
    closing = _to_decide(closing_id)
    policies.may_propose_closing(actor, now).require()
    _require_open(closing)
    closing.withdrawn_at = now
    closing.save(update_fields=["withdrawn_at"])
    _record(Fact.CLOSING_WITHDRAWN, closing, actor, now)
    return closing


def _require_notice(awards_until: datetime, redeem_until: datetime, now: datetime) -> None:
    """Refuse an end that comes sooner than a rulebook says that is in force or published."""
    rule = rulebook.promise_of_the_end(now)
    said = {"notice": rule.notice_days, "redeem": rule.redeem_days}
    too_soon = _("条目里写着：停发要提前 %(notice)s 天说，停发后还要留 %(redeem)s 天兑换") % said
    if awards_until < now + timedelta(days=rule.notice_days):
        raise ClosingTooSoon(too_soon, field="awards_until")
    if redeem_until < awards_until + timedelta(days=rule.redeem_days):
        raise ClosingTooSoon(too_soon, field="redeem_until")
    if redeem_until > now + timedelta(days=CLOSING_AT_MOST_DAYS):
        raise ClosingTooLate(field="redeem_until")


def _to_decide(closing_id: UUID) -> Closing:
    closing = (
        Closing.objects.select_for_update(of=("self",), no_key=True).select_related("proposed_by").filter(pk=closing_id)
    )
    found = closing.first()
    if found is None:
        raise NotVisible
    return found


def _require_open(closing: Closing) -> None:
    if closing.approved_at or closing.withdrawn_at:
        raise ClosingDecided


def _record(what: Fact, closing: Closing, actor: Person, now: datetime) -> None:
    journal.record(
        what=what, subject=f"closing:{closing.id}", actor_id=actor.id, now=now,
        facts={
            "awards_until": microseconds(closing.awards_until), "redeem_until": microseconds(closing.redeem_until),
        },
    )  # fmt: skip

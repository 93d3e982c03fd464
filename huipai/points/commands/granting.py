"""Points by hand: proposed by one, approved by another, each of whom is neither the receiver nor of their household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.points import policies, queries, rules
from huipai.points.commands.awarding import lock_capped_household, refusal
from huipai.points.commands.settling import tidy
from huipai.points.commands.writing import lock_accounts, write
from huipai.points.models import Grant
from huipai.points.rules import Booking, Holder, NewLot
from huipai.points.words import (
    CORRECTED,
    MOST_CORRECTED,
    MOST_GRANTED,
    Fact,
    GrantReason,
    GrantState,
    Kind,
    Purse,
    Why,
)
from huipai.rulebook import queries as rulebook
from huipai.rulebook.models import PointItem


class GrantUnfit(Invalid):
    code = "points_grant_unfit"
    default_reason = _("补记要写明条目、日期、分数和凭证编号")


class GrantTooMuch(GrantUnfit):
    code = "points_grant_too_much"
    default_reason = _("这件事按这一条计不到这么多分")


class PaperIsAppealed(Moved):
    code = "points_paper_is_appealed"
    default_reason = _("这张凭证先前的分正在申诉，或者申诉成立已经补回来了：等有了结果，或者退回这一份")


class PaperGranted(Moved):
    code = "points_paper_granted"
    default_reason = _("这张凭证已经提出过补记了")


class GrantDecided(Moved):
    code = "points_grant_decided"
    default_reason = _("这笔补记已经有人定了")


# The caps as the desk reads them: of somebody else, and of the day of the deed.
FULL: Final = {
    Why.DAY_CAP: _("加上这笔，这一条那天就超过上限了"),
    Why.MONTH_CAP: _("加上这笔，这一条那个月就超过上限了"),
    Why.HOUSEHOLD_DAY_CAP: _("加上这笔，这一条他家那天就超过上限了"),
    Why.HOUSEHOLD_CAP: _("加上这笔，这一条他家那个月就超过上限了"),
}


@transaction.atomic
def propose_grant(
    *,
    person: Person,
    points: int,
    reason: GrantReason,
    item_code: str,
    done_at: datetime,
    paper_number: str,
    actor: Person,
    now: datetime,
) -> Grant:
    """Ask for points that were missed, never more than the item gave for the deed. They count once another approves.

    Twice the same is once.
    """
    policies.may_propose_grant(actor, person, now).require()
    said = {
        "person": person, "points": points, "reason": reason, "done_at": done_at, "proposed_by": actor,
        "paper_number": paper_number.strip().upper(), "item__code": item_code,
    }  # fmt: skip
    if (mine := _waiting(said)) is not None:
        return mine
    _require_fit(person, points, done_at, now)
    item = rulebook.item_in_force(item_code, done_at)
    if item is None:
        raise GrantUnfit(_("那一天施行的计分条目里没有这一条"), field="item_code")
    _require_earner(item, person, done_at)
    _require_room(item, person, points, done_at)
    paper = _paper(person, paper_number.strip().upper())
    grant = Grant(
        person=person, points=points, reason=reason, item=item, done_at=done_at, paper_number=paper,
        proposed_by=actor, proposed_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as refused:
        if (mine := _waiting(said)) is not None:
            return mine
        raise _why_not(refused) from refused
    journal.record(
        what=Fact.GRANT_PROPOSED, subject=f"grant:{grant.id}", actor_id=actor.id, now=now,
        facts={
            "person": str(person.id), "points": points, "reason": reason.value, "item": str(item.id),
            "paper": grant.paper_number, "done": rules.microseconds(done_at),
        },
    )  # fmt: skip
    return grant


@transaction.atomic
def approve_grant(*, grant_id: UUID, actor: Person, now: datetime) -> Grant:
    """Post what another has proposed, if the caps of its item still leave room. Approved twice is once."""
    grant = _find(grant_id)
    policies.may_decide_grant(actor, grant, now).require()
    if grant.state == GrantState.APPROVED and grant.decided_by_id == actor.id:
        return grant
    _require_open(grant)
    end = queries.closing()
    if end and now >= end.redeem_until:
        raise GrantUnfit(_("积分已经结束，不能再补记"))
    if grant.person.erased_at is not None:
        raise GrantUnfit(_("这位已经注销了，不再补记；退回这一份就行"))
    _require_earner(grant.item, grant.person, grant.done_at)
    holder = Holder(grant.person_id)
    accounts = lock_accounts(holder)
    _require_asked_back_still(grant)
    lock_capped_household(queries.offer_of(grant.item), grant.person, grant.done_at)
    _require_room(grant.item, grant.person, grant.points, grant.done_at)
    accounts = tidy(holder, accounts, now)
    spendable, debt = accounts[Purse.SPENDABLE], accounts[Purse.DEBT]
    lines, free = rules.award_lines(grant.points, spendable_id=spendable.id, debt_id=debt.id, debt=-debt.balance)
    lapses = rules.expires_at(now, grant.item.lot_months)
    booking = Booking(
        id=new_id(), kind=Kind.GRANT, holder=holder, item_id=grant.item_id, item_code=grant.item.code,
        subject=f"grant:{grant.id}", points=grant.points, received_at=grant.done_at, posted_at=now, actor_id=actor.id,
        reason=grant.reason, lines=lines, lot=NewLot(new_id(), spendable.id, free, lapses) if free else None,
    )  # fmt: skip
    write([booking])
    _decide(grant, GrantState.APPROVED, actor, now, booking.id)
    return grant


@transaction.atomic
def decline_grant(*, grant_id: UUID, actor: Person, now: datetime) -> Grant:
    """Say no to what another has proposed; nothing is posted, and the paper may be proposed again."""
    grant = _find(grant_id)
    policies.may_decide_grant(actor, grant, now).require()
    if grant.state == GrantState.DECLINED and grant.decided_by_id == actor.id:
        return grant
    _require_open(grant)
    _decide(grant, GrantState.DECLINED, actor, now, None)
    journal.record(what=Fact.GRANT_DECLINED, subject=f"grant:{grant.id}", actor_id=actor.id, now=now)
    return grant


@transaction.atomic
def take_back_grant(*, grant_id: UUID, actor: Person, now: datetime) -> Grant:
    """Think better of what one has proposed, before another decides; the paper may be proposed again. Twice is once."""
    grant = _find(grant_id)
    policies.may_take_back_grant(actor, grant).require()
    if grant.state == GrantState.WITHDRAWN:
        return grant
    _require_open(grant)
    _decide(grant, GrantState.WITHDRAWN, None, now, None)
    journal.record(what=Fact.GRANT_WITHDRAWN, subject=f"grant:{grant.id}", actor_id=actor.id, now=now)
    return grant


def _require_earner(item: PointItem, person: Person, done_at: datetime) -> None:
    """By hand nobody gets what they could not have earned: what a household is thanked for (ruling 22), a child's."""
    if not item.is_personal:
        raise GrantUnfit(_("这一条记在住户名下，不能补给个人"), field="item_code")
    if why := refusal(queries.offer_of(item), person, done_at):
        raise GrantUnfit(why.label, field="item_code")


def _require_room(item: PointItem, person: Person, points: int, done_at: datetime) -> None:
    """What is given by hand was missed: it is what the deed would have brought that day, under the same caps."""
    if points > item.points:
        said = {"title": item.title, "points": item.points}
        raise GrantTooMuch(_("「%(title)s」一次最多 %(points)s 分，补记不能比它多") % said, field="points")
    # A paper tells the day of a deed, not its minute: how far it was from the one before is not known.
    offer = replace(queries.offer_of(item).worth(points), cooldown_minutes=0)
    why = rules.judge(offer, queries.tally(offer, subject="", person=person, at=done_at))
    if why != Why.POSTED:
        raise GrantTooMuch(FULL[why], field="points")


def _require_fit(person: Person, points: int, done_at: datetime, now: datetime) -> None:
    """Refuse what no item could give: too much, to somebody who gets no points, for a day to come, or after the end."""
    if not 1 <= points <= MOST_GRANTED:
        raise GrantUnfit(_("一次补记 1 到 %(most)s 分") % {"most": MOST_GRANTED}, field="points")
    if person.is_staff:
        raise GrantUnfit(_("街道工作人员不计分"), field="person")
    if done_at > now:
        raise GrantUnfit(_("事情的日期不能在以后"), field="done_at")
    end = queries.closing()
    if end and (done_at >= end.awards_until or now >= end.redeem_until):
        raise GrantUnfit(_("积分已经停止发放"), field="done_at")


def _waiting(said: Mapping[str, object]) -> Grant | None:
    """What was proposed just so and waits."""
    return Grant.objects.select_related("person", "item").filter(state=GrantState.PROPOSED, **said).first()


def _paper(person: Person, number: str) -> str:
    """The number under which this paper is entered: one whose points were asked back is entered anew as corrected."""
    if CORRECTED.search(number):
        raise GrantUnfit(_("写凭证本身的编号，不带 -C 和数字：那是更正以后系统加的"), field="paper_number")
    for paper in (number, *(f"{number}-C{turn}" for turn in range(1, MOST_CORRECTED + 1))):
        if not queries.is_granted(person, paper):
            return paper
        if not queries.was_asked_back(person, paper):
            break
    raise PaperGranted(field="paper_number")


def _require_asked_back_still(grant: Grant) -> None:
    """A paper entered anew pays for what was taken back: not while an appeal is open, nor after it is upheld."""
    before = queries.entered_before(grant)
    if before and not queries.was_asked_back(grant.person, before):
        raise PaperIsAppealed


def _find(grant_id: UUID) -> Grant:
    found = (
        Grant.objects.select_for_update(of=("self",), no_key=True).select_related("person", "item").filter(pk=grant_id)
    )
    grant = found.first()
    if grant is None:
        raise NotVisible
    return grant


def _require_open(grant: Grant) -> None:
    if grant.state != GrantState.PROPOSED:
        raise GrantDecided


def _decide(grant: Grant, state: GrantState, actor: Person | None, now: datetime, posting_id: UUID | None) -> None:
    grant.state, grant.decided_by, grant.decided_at, grant.posting_id = state, actor, now, posting_id
    grant.save(update_fields=["state", "decided_by", "decided_at", "posting"])


def _why_not(refused: IntegrityError) -> Exception:
    name = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", "")
    if name == "points_a_paper_is_granted_once":
        return PaperGranted(field="paper_number")
    return GrantUnfit(_("凭证编号只用字母、数字和横线，最多 40 个"), field="paper_number")

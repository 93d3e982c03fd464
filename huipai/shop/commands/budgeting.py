"""The money behind the shop: proposed by one, approved by another, published, and never overdrawn by a delivery."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.shop import policies, queries
from huipai.shop.commands.ending import require_exchange
from huipai.shop.models import Budget
from huipai.shop.words import BUDGET_REASON, MOST_A_POINT, MOST_BUDGETED, Fact
from huipai.stations.rules import SHANGHAI


class BudgetUnfit(Invalid):
    code = "shop_budget_unfit"
    default_reason = _("写上起止日期、金额和一分值多少钱")


class BudgetOverlaps(Moved):
    code = "shop_budget_overlaps"
    default_reason = _("这段日子已经有公布的预算了")


class BudgetDecided(Moved):
    code = "shop_budget_decided"
    default_reason = _("这份预算已经有人定了")


class NoBudget(Moved):
    code = "shop_no_budget"
    default_reason = _("今天没有公布的预算，先定预算再进货")


class BudgetSpent(Moved):
    code = "shop_budget_spent"
    default_reason = _("超出公布的预算了，这次没有进货")


@transaction.atomic
def propose_budget(
    *, begins_on: date, ends_on: date, amount_cents: int, point_cents: int, actor: Person, now: datetime
) -> Budget:
    """Ask for money for a period. It counts when another has approved it; the same asked twice waits once.

    From a later day on it may take the place of what is published: a slip in that is mended so. Where it ends earlier,
    its page says for which days there is none then.
    """
    policies.may_keep_shop(actor, now).require()
    require_exchange(now)
    if not begins_on <= ends_on <= begins_on + timedelta(days=400):
        raise BudgetUnfit(_("结束日期要在开始日期以后，最长一年"), field="ends_on")
    _require_days_left(ends_on, now)
    if amount_cents < 1:
        raise BudgetUnfit(field="amount")
    if amount_cents > MOST_BUDGETED:
        words = _("一份预算最多 %(most)s 元，看看是不是多写了零")
        raise BudgetUnfit(words % {"most": f"{MOST_BUDGETED // 100:,}"}, field="amount")
    if not 1 <= point_cents <= MOST_A_POINT:
        raise BudgetUnfit(_("一分当 0.01 到 %(most)s 元") % {"most": MOST_A_POINT // 100}, field="point")
    _require_room(begins_on, ends_on, now)
    budget, is_new = Budget.objects.get_or_create(
        begins_on=begins_on, ends_on=ends_on, amount_cents=amount_cents, point_cents=point_cents, approved_at=None,
        ended_at=None, defaults={"proposed_by": actor, "proposed_at": now},
    )  # fmt: skip
    if is_new:
        _record(Fact.BUDGET_PROPOSED, budget, actor, now)
    return budget


@transaction.atomic
def approve_budget(*, budget_id: UUID, actor: Person, now: datetime) -> Budget:
    """Publish what another has proposed. A second approval by the same person changes nothing.

    What was published for its days counts to the day before it; what counted until today stays as it was.
    """
    budget = _find(budget_id)
    policies.may_approve_budget(actor, budget.proposed_by, now).require()
    if budget.approved_at:
        return budget
    if budget.ended_at:
        raise BudgetDecided
    require_exchange(now)
    _require_days_left(budget.ends_on, now)
    _require_room(budget.begins_on, budget.ends_on, now)
    budget.approved_by, budget.approved_at = actor, now
    try:
        with transaction.atomic():
            _make_room(budget, actor, now)
            budget.save(update_fields=["approved_by", "approved_at"])
    except IntegrityError as overlap:
        if "shop_one_budget_at_a_time" not in str(overlap):
            raise
        raise BudgetOverlaps from overlap
    _record(Fact.BUDGET_APPROVED, budget, actor, now)
    return budget


@transaction.atomic
def refuse_budget(*, budget_id: UUID, actor: Person, reason: str, now: datetime) -> Budget:
    """Say no to what another has proposed, and why. The same no twice is one."""
    budget = _find(budget_id)
    policies.may_approve_budget(actor, budget.proposed_by, now).require()
    if budget.ended_by_id == actor.id:
        return budget
    said = as_seen(reason)
    if not 1 <= len(said) <= BUDGET_REASON:
        raise BudgetUnfit(_("写一句为什么，最多 200 个字，提出的人会看到"), field="reason")
    _end(budget, actor, said, Fact.BUDGET_REFUSED, now)
    return budget


@transaction.atomic
def withdraw_budget(*, budget_id: UUID, actor: Person, now: datetime) -> Budget:
    """Think better of what one has proposed, before another decides. Twice is once."""
    budget = _find(budget_id)
    policies.may_withdraw_budget(actor, budget).require()
    if budget.ended_by_id == actor.id:
        return budget
    _end(budget, actor, "", Fact.BUDGET_WITHDRAWN, now)
    return budget


def _require_days_left(ends_on: date, now: datetime) -> None:
    """Refuse a budget that nothing could ever be bought from."""
    if ends_on < local_date(now):
        raise BudgetUnfit(_("这段日子已经过完了，看看年份和月份是不是写错了"), field="ends_on")


def _find(budget_id: UUID) -> Budget:
    found = (
        Budget.objects.select_for_update(of=("self",), no_key=True).select_related("proposed_by").filter(pk=budget_id)
    )
    budget = found.first()
    if budget is None:
        raise NotVisible
    return budget


def _end(budget: Budget, actor: Person, reason: str, what: Fact, now: datetime) -> None:
    if budget.approved_at or budget.ended_at:
        raise BudgetDecided
    budget.ended_by, budget.ended_at, budget.end_reason = actor, now, reason
    budget.save(update_fields=["ended_by", "ended_at", "end_reason"])
    _record(what, budget, actor, now)


def _require_room(begins_on: date, ends_on: date, now: datetime) -> None:
    """Refuse days that a published budget covers already, unless it has not come to them: what was spent stays its."""
    there = queries.published_between(begins_on, ends_on).first()
    if there is not None and begins_on <= local_date(now):
        words = _("%(begin)s 到 %(end)s 已经有公布的预算；新的最早从明天起接它")
        told = {"begin": there.begins_on.isoformat(), "end": there.last_day.isoformat()}
        raise BudgetOverlaps(words % told, field="begins_on")


def _make_room(budget: Budget, actor: Person, now: datetime) -> None:
    there = queries.published_between(budget.begins_on, budget.ends_on).values("pk")
    for one in Budget.objects.select_for_update(no_key=True).filter(pk__in=there).order_by("begins_on"):
        one.last_on = max(one.begins_on, budget.begins_on) - timedelta(days=1)
        one.save(update_fields=["last_on"])
        journal.record(
            what=Fact.BUDGET_REPLACED, subject=f"shop_budget:{one.id}", actor_id=actor.id, now=now,
            facts={"last_on": str(one.last_on), "by": str(budget.id)},
        )  # fmt: skip


def require_budget(cost_cents: int, now: datetime) -> None:
    """Refuse a cost that the budget of the day does not cover. Deliveries wait for each other here."""
    today = local_date(now)
    current = queries.budget_at(today)
    if current is None:
        raise NoBudget
    Budget.objects.select_for_update(no_key=True).get(pk=current.pk)
    left = current.amount_cents - queries.spent_of(*span_of(current))
    if cost_cents > left:
        words = _("预算还剩 %(left)s 元，这次要 %(cost)s 元，没有进货")
        raise BudgetSpent(words % {"left": f"{left / 100:.2f}", "cost": f"{cost_cents / 100:.2f}"}, field="cost")


def span_of(budget: Budget) -> tuple[datetime, datetime]:
    """From the first instant of the budget's first day until the end of its last one, by the street's clock."""
    return _begin(budget.begins_on), _begin(budget.last_day + timedelta(days=1))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI).astimezone(UTC)


def _record(what: Fact, budget: Budget, actor: Person, now: datetime) -> None:
    journal.record(
        what=what, subject=f"shop_budget:{budget.id}", actor_id=actor.id, now=now,
        facts={
            "begins_on": str(budget.begins_on), "ends_on": str(budget.ends_on), "amount_cents": budget.amount_cents,
            "point_cents": budget.point_cents,
        },
    )  # fmt: skip

"""Deciding: the dry run, the two approvals of exactly this content, publicity, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import policies, queries
from huipai.rulebook.commands.consulting import check_content
from huipai.rulebook.commands.holding_up import catch_up, lock_calendar
from huipai.rulebook.commands.numbering import one_at_a_time
from huipai.rulebook.commands.promising import require_promise_kept
from huipai.rulebook.commands.refusals import (
    AdmissionOver,
    BoardTooSmall,
    CommentsUnanswered,
    ContentMoved,
    NotApproved,
    NotConsulted,
    NotConsultedOnThis,
    NotTriedOut,
    Retroactive,
    StillConsulting,
    TooFarOff,
    TooShort,
    TriedLongAgo,
    WithoutReason,
)
from huipai.rulebook.commands.telling import draft_to_change, reason_of, record, record_proposal
from huipai.rulebook.models import Approval, DryRun, PointItem, Proposal, Remark, RulebookVersion
from huipai.rulebook.words import (
    ADMITTED_LASTS,
    BOARD_NEEDED,
    EFFECT_WITHIN,
    OPEN_REVIEWS,
    PUBLICITY,
    Fact,
    Review,
    Said,
    Seat,
    Standing,
    Trying,
)


@transaction.atomic
def approve(*, version_id: UUID, approver: Person, content_hash: str, now: datetime) -> Approval:
    """Say yes to the content that was read, if it still stands; a second yes to the same content is the first one.

    Only after consultation and a dry run of this content, with every comment answered. The run counted last month, or
    the month before it, so that the turn of a month between two members asks for no other one.
    """
    version = draft_to_change(version_id)
    policies.may_approve(approver, version, now).require()
    if queries.content_hash(version.id) != content_hash:
        raise ContentMoved
    require_decidable(version, content_hash, now)
    run = queries.last_result(version, content_hash)
    if run is None or not queries.is_of_late(run, now):
        raise TriedLongAgo
    approval, made = Approval.objects.get_or_create(
        version=version, approver=approver, content_hash=content_hash,
        defaults={"approved_at": now, "seat": queries.seat_of(approver, now)},
    )  # fmt: skip
    if made:
        record(Fact.APPROVED, version, approver, now, content=content_hash, seat=approval.seat)
    return approval


def require_decidable(version: RulebookVersion, content_hash: str, now: datetime) -> None:
    """Refuse what the board cannot decide yet, with the step that is missing."""
    standing = version.standing(now)
    if standing == Standing.DRAFT:
        raise NotConsulted
    if version.consulted_hash != content_hash:
        raise NotConsultedOnThis
    if standing == Standing.CONSULTING:
        raise StillConsulting
    if Remark.objects.filter(version=version, kind=Said.COMMENT, answered_at__isnull=True).exists():
        raise CommentsUnanswered
    if not DryRun.objects.filter(version=version, content_hash=content_hash, state=Trying.DONE).exists():
        raise NotTriedOut


@transaction.atomic
def publish(
    *, version_id: UUID, actor: Person, publicity_until: datetime, effective_from: datetime, now: datetime
) -> RulebookVersion:
    """Freeze an approved draft, show it until a day, and let it take effect after that; the one before ends there.

    Refuses a content that the board has not approved as ruling 21 asks, any date in the past, and one further off than
    a year: until it no later version could be published.
    """
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    content_hash = queries.content_hash(version.id)
    check_content(version)
    require_decidable(version, content_hash, now)
    _require_approval(version, content_hash, now)
    require_promise_kept(version.end_rule)
    lock_calendar(now)  # whoever takes back what was to come before it has done so, or waits
    last = RulebookVersion.objects.select_for_update(of=("self",), no_key=True).filter(
        effective_until=None, published_at__isnull=False
    ).first()  # fmt: skip
    if effective_from < now or (last and last.effective_from and effective_from <= last.effective_from):
        raise Retroactive(field="effective_from")
    if effective_from > now + EFFECT_WITHIN:
        raise TooFarOff(field="effective_from")
    if publicity_until < now + PUBLICITY or effective_from < publicity_until:
        raise TooShort(field="publicity_until")
    _require_admissions(version, effective_from)
    if last is not None:
        last.effective_until = effective_from
        last.save(update_fields=["effective_until"])
    version.content_hash, version.published_at = content_hash, now
    version.publicity_until, version.effective_from = publicity_until, effective_from
    version.save(update_fields=["content_hash", "published_at", "publicity_until", "effective_from"])
    entered = PointItem.objects.filter(version=version, admission__isnull=False).values("admission")
    Proposal.objects.filter(state=Review.ADMITTED, pk__in=entered).update(state=Review.ENTERED)
    record(
        Fact.PUBLISHED, version, actor, now, content=content_hash, effective=int(effective_from.timestamp()),
        publicity=int(publicity_until.timestamp()),
    )  # fmt: skip
    return version


def _require_admissions(version: RulebookVersion, effective_from: datetime) -> None:
    day = queries.local_date(effective_from)
    over = PointItem.objects.filter(version=version, admitted_until__lt=day).order_by("code").first()
    if over is not None and over.admitted_until is not None:
        said = {"title": over.title, "day": over.admitted_until.isoformat()}
        raise AdmissionOver(_("「%(title)s」只准入到 %(day)s，施行那天已经到期；删去它，或者早一点施行") % said)


def _require_approval(version: RulebookVersion, content_hash: str, now: datetime) -> None:
    authors = queries.writers(version)
    board = grid.holders(Role.BOARD_MEMBER, now).exclude(person__in=authors).values("person").distinct()
    if board.count() < BOARD_NEEDED:
        raise BoardTooSmall
    approvals = Approval.objects.filter(version=version, content_hash=content_hash).exclude(approver__in=authors)
    # Who has left the board since speaks for it no more; a home speaks once, and not for what it has written.
    said = approvals.filter(approver__in=board).exclude(approver__in=grid.near_to(authors, now))
    if _are_two(list(said), now):
        return
    left = approvals.exclude(approver__in=board).order_by("approved_at").first()
    if left is not None:
        seat = {"seat": Seat(left.seat).label}
        raise NotApproved(_("同意过的一位%(seat)s已经离开审议组，那一票不再算：请现任成员中的另一位来表态") % seat)
    raise NotApproved


def _are_two(approvals: Sequence[Approval], now: datetime) -> bool:
    """Whether among these there are two from two seats and two homes."""
    near = {one.approver_id: grid.near_to([one.approver_id], now) for one in approvals}
    return any(
        one.seat != other.seat and other.approver_id not in near[one.approver_id]
        for one, other in combinations(approvals, 2)
    )


@transaction.atomic
def withdraw(*, version_id: UUID, actor: Person, reason: str, now: datetime) -> RulebookVersion:
    """Take back a published version before it takes effect; the one in force goes on as if it had not been."""
    policies.may_write(actor, now).require()
    catch_up(now)
    version = RulebookVersion.objects.select_for_update(of=("self",), no_key=True).filter(pk=version_id).first()
    if version is None:
        raise NotVisible
    return take_back(version, actor, reason_of(reason, field="reason"), now)


def take_back(version: RulebookVersion, actor: Person, reason: str, now: datetime) -> RulebookVersion:
    """Part of the caller's transaction, with the version locked.

    What was published on top of it and holds a change of it goes too: that change was never asked of anybody there.
    """
    if version.standing(now) not in (Standing.PUBLICITY, Standing.COMING):
        raise Moved
    if not as_seen(reason):
        raise WithoutReason(field="reason")
    version.ended_at, version.ended_by, version.end_reason = now, actor, as_seen(reason)
    began, version.effective_until = version.effective_from, version.effective_from
    version.save(update_fields=["ended_at", "ended_by", "end_reason", "effective_until"])
    last = RulebookVersion.objects.select_for_update(of=("self",), no_key=True).filter(
        effective_until=began, ended_at__isnull=True, published_at__isnull=False
    ).first()  # fmt: skip
    if last is not None:
        # Whatever was published after this one still begins when it begins.
        after = queries.published().filter(effective_from__gt=began).order_by("effective_from").first()
        last.effective_until = after.effective_from if after else None
        last.save(update_fields=["effective_until"])
    record(Fact.WITHDRAWN, version, actor, now)
    for later in _built_on(version):
        why = _("接着第 %(number)s 版写的，那一版撤回了") % {"number": version.number}
        take_back(later, actor, str(why), now)
    _admit_again(version, now)
    return version


def _admit_again(version: RulebookVersion, now: datetime) -> None:
    """What came into the book with this version alone is admitted still, with all its time to be written into another:
    it is not the department's doing. Not where the department asks for the item anew already."""
    one_at_a_time()
    elsewhere = PointItem.objects.filter(version__in=queries.published(), admission=OuterRef("pk"))
    asked_anew = Proposal.objects.filter(code=OuterRef("code"), state__in=OPEN_REVIEWS)
    entered = Proposal.objects.filter(
        ~Exists(elsewhere), ~Exists(asked_anew), state=Review.ENTERED, items__version=version,
        admitted_until__gte=queries.local_date(now),
    )  # fmt: skip
    for proposal in entered.select_for_update(of=("self",), no_key=True).order_by("id"):
        proposal.state, proposal.due_at = Review.ADMITTED, now + ADMITTED_LASTS
        proposal.save(update_fields=["state", "due_at"])
        record_proposal(Fact.READMITTED, proposal, None, now)


def _built_on(version: RulebookVersion) -> Iterator[RulebookVersion]:
    """What was published after it and holds a change of it, the newest first; none of them has begun either."""
    later = queries.published().select_for_update(of=("self",), no_key=True).filter(number__gt=version.number)
    yield from [each for each in later if version in queries.carried(each).values()]

"""One matter, one case: merging what was reported twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import confirming, dispatching, following, passing, stepping, timing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, Report
from huipai.cases.policies import merging
from huipai.cases.queries import involved, joint, neighbours
from huipai.cases.rules.whereabouts import BEFORE_A_RESPONSE
from huipai.cases.words import Action, ReportState, State
from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid
from huipai.people.models import Person


class NotForNeighbours(Invalid):
    """Who reported it was told that neighbours do not see it: no merge shows it to them."""

    code = "not_for_neighbours"
    default_reason = _("这一件不给邻居看，那一件邻居看得到，不能并过去；可以连成“有关”")


class HidesFromNeighbours(Invalid):
    """What neighbours see, and perhaps follow, would be gone for them: whoever merges has read that, and chooses."""

    code = "merge_hides"
    default_reason = _("邻居看得到这一件，看不到那一件。到“和另一件是同一件”那一页，看清楚再选")


class NotIntoThis(Invalid):
    code = "cannot_merge_into"
    default_reason = _("不能并到这一件里")


class IntoSuspended(Invalid):
    code = "merge_into_suspended"
    default_reason = _("那一件先放着，并进去这一件也会停下；要并由联动中心来并")


class ShowsWhoReported(Invalid):
    """Whoever works on the older would lose it by the merge, having taken down or seen who reported the younger."""

    code = "merge_shows_who_reported"
    default_reason = _(
        "那一件的经办人登记过、或者看过这一件是谁报的，合起来就不能接着办了。先请另一位同事接手那一件，再合"
    )


class BothWhistled(Invalid):
    """Whoever was called to the younger, and perhaps is on the way, would be sent home by a merge without a word."""

    code = "merge_both_whistled"
    default_reason = _("两件都吹了哨，还没有收尾。先把其中一次收尾，或者写明原因撤哨，再并")


class YoungerFirst(Invalid):
    code = "merge_the_younger"
    default_reason = _("留下先报的那一件，把后报的并进去")


@transaction.atomic
def merge(*, case_id: UUID, into_id: UUID, actor: Person, now: datetime) -> Case:
    """Make one case of two: reports and photos move to the older, whose clock goes on. Every reporter is asked later.

    The older stays, so that who reported first is thanked and no limit starts anew; what was promised of the younger
    holds for both. Into a case that is set aside only the hub merges: it would stand still with it. Refused where
    neighbours would lose sight, or whoever works on the older would know who reported. What was sent back too often, or
    ruled, stays so. The two are locked in the order of their ids, so that two merges cross each other without a
    deadlock. Twice is once.
    """
    return _merge(case_id, into_id, actor, now, hidden=_refuse)


@transaction.atomic
def merge_out_of_sight(*, case_id: UUID, into_id: UUID, actor: Person, now: datetime) -> Case:
    """The same where neighbours see the younger and not the older: it goes on where they do not see it.

    Who follows is told that once, and follows no more.
    """
    return _merge(case_id, into_id, actor, now, hidden=_let_go)


@transaction.atomic
def merge_in_sight(*, case_id: UUID, into_id: UUID, actor: Person, now: datetime) -> Case:
    """The same, and the whole is one that neighbours see from now on, at the place of the one that they saw.

    Photos of what came in private stay so for good; its reporters are told.
    """
    return _merge(case_id, into_id, actor, now, hidden=_open)


# What is done where neighbours see the younger and would not see the older.
Hidden = Callable[[Case, Case, Person, datetime], None]


def _refuse(case: Case, into: Case, actor: Person, now: datetime) -> None:
    raise HidesFromNeighbours(field="into")


def _let_go(case: Case, into: Case, actor: Person, now: datetime) -> None:
    """Nothing: who followed is told with the merge."""


def _open(case: Case, into: Case, actor: Person, now: datetime) -> None:
    policies.may_open(actor, into, now).require()
    Report.objects.filter(case=into).update(is_kept_private=True)
    into.is_public, into.lng, into.lat = True, case.lng, case.lat
    into.save(update_fields=["is_public", "lng", "lat"])
    facts = {"with": str(case.id)}
    journal.record(what=Fact.OPENED, subject=into.subject, actor_id=actor.id, now=now, facts=facts)


def hides(case: Case, into: Case) -> bool:
    """Whether neighbours would lose sight of what they see by this merge."""
    return case.is_public and not into.is_public


def _require(case: Case, into: Case, actor: Person, now: datetime) -> None:
    """Refuse what this person may not make one of, what does not fit, and the older into the younger."""
    pair, who = merging.younger_first(case, into), involved.in_cases([case, into])
    for one in (case, into):
        merging.may_merge(actor, one, who[one.id], now).require()
    if not merging.fits(*pair, who):
        raise NotIntoThis(field="into")
    if into.is_public and not case.is_public:
        raise NotForNeighbours(field="into")
    if pair != (case, into):
        raise YoungerFirst(field="into")
    if merging.stands_still(actor, into, now):
        raise IntoSuspended(field="into")
    if merging.shows_who_reported(case, into):
        raise ShowsWhoReported(field="into")
    if joint.are_whistled_apart(case, into):
        raise BothWhistled(field="into")


def _merge(case_id: UUID, into_id: UUID, actor: Person, now: datetime, *, hidden: Hidden) -> Case:
    if case_id == into_id:
        raise NotIntoThis(field="into")
    both = {id: stepping.locked(id) for id in sorted((case_id, into_id))}
    case, into = both[case_id], both[into_id]
    if case.merged_into_id == into.id and stepping.is_repeat(case, Action.MERGE, actor=actor, text=""):
        return into
    _require(case, into, actor, now)
    if hides(case, into):
        hidden(case, into, actor, now)
    part = policies.part_in(actor, case, now)
    case.merged_into, case.wait_until = into, None
    moving = Report.objects.filter(case=case).exclude(state=ReportState.WITHDRAWN)
    followers = neighbours.followers_of(case.id).values_list("person_id", flat=True)
    facts = {
        "into": str(into.id), "reports": [str(id) for id in moving.values_list("id", flat=True)],
        "followers": [str(id) for id in followers], "shown": neighbours.is_shown(case.id),
    }  # fmt: skip
    stepping.take(case, Action.MERGE, part=part, actor=actor, now=now, fact=Fact.MERGED, facts=facts)
    moving.update(state=ReportState.JOINED)
    Report.objects.filter(case=case).update(case=into, came_along_at=now)  # what was taken back goes along as that
    CasePhoto.objects.filter(case=case).exclude(pk__in=_had_by_both(case, into)).update(case=into, added_at=now)
    # A number, a link or a slip of paper leads to the case that goes on however often it was merged.
    Case.objects.filter(merged_into=case).update(merged_into=into)
    # How often it could still be sent back is not won again: the two are one matter, the more used of both counts. Not
    # the sum, for a unit that sent back each of them for the same reason did so once.
    into.returns = max(into.returns, case.returns)
    into.save(update_fields=["returns"])
    dispatching.keep_rulings(into)
    promised = timing.promise_of(into)
    timing.set_due(into)
    timing.keep_dates(into, promised, timing.date_orders_again(into), fact=Fact.DATED, now=now)
    if case.supervised_at is not None and into.supervised_at is None:
        into.supervised_at = case.supervised_at  # whoever promised to watch it to its end goes on watching
        into.save(update_fields=["supervised_at"])
    following.go_along(case, into)
    if into.state == State.CONFIRMING:
        confirming.ask(into, now=now)
    elif into.state in BEFORE_A_RESPONSE:
        passing.pass_on_if_nobody_is_there(into, now=now)
    passing.pass_on_parts_of_others(into, now=now)
    return into


def _had_by_both(case: Case, into: Case) -> list[UUID]:
    """What staff photographed once for both, as on the visit of a joint task: whoever goes on has its own of each."""
    there = CasePhoto.objects.filter(case=into, report=None, photo__erased_at=None, moment=OuterRef("moment"))
    same = there.filter(photo__sha256=OuterRef("photo__sha256"), photo__uploader=OuterRef("photo__uploader"))
    return list(CasePhoto.objects.filter(Exists(same), case=case, report=None).values_list("pk", flat=True))

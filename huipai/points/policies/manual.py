"""Who may move points by hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.kit.verdict import YES, NotVisible, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import queries
from huipai.points.models import Closing, Correction, Grant, Posting
from huipai.points.policies.claims import SPOKEN_BY_JUDGE, may_hear_at_counter
from huipai.points.policies.judging import decides
from huipai.points.queries import Eyes

CLOSE = gettext_lazy("自己、家人、同组的人，或者您已申明回避的人，他们的分由别人来补")

TWO_OF_ONE_HOME = gettext_lazy("提出的人和您同住、同组，或者您已申明回避，由别人来审")

NOT_REVIEWER = no("points_not_reviewer", _("退回和补记积分由积分审核员来审，没有审核员能定的由街道负责人来定"))
SEES_BY_HAND = (Role.REVIEWER, Role.LEADER, Role.COORDINATOR, Role.AUDITOR)
CLOSE_BACK = gettext_lazy("自己、家人、同组的人，或者您已申明回避的人，他们的分由别人来退")


def _is_close(person: Person, receiver: Person, at: datetime) -> bool:
    """As for a claim: one home, one household group, or the person's own word."""
    return person.id == receiver.id or queries.is_tied(person, receiver, at)


def may_reverse(person: Person, posting: Posting, at: datetime) -> Verdict:
    """May this person take an award back by their own word alone, with nothing decided before?"""
    if person.id == posting.actor_id or person.id in queries.owners_of(posting, at):
        return no("points_own_posting", _("自己的分、自己经手的分，要由别人来退"))
    if grid.has_role(person, Role.REVIEWER, at):
        return YES
    return no("points_not_reversing", _("退回积分由积分审核员来做"))


def may_propose_grant(person: Person, receiver: Person, at: datetime) -> Verdict:
    """May this person ask that another be given points by hand?"""
    if _is_close(person, receiver, at):
        return no("points_own_grant", CLOSE)
    return may_propose_grants(person, at)


def may_propose_grants(person: Person, at: datetime) -> Verdict:
    """May this person propose points by hand for anybody?"""
    if any(grid.has_role(person, role, at) for role in (Role.REVIEWER, Role.COORDINATOR)):
        return YES
    return no("points_not_granting", _("补记由积分审核员或社区协调员提出"))


def may_find_receiver(actor: Person, person: Person | None, at: datetime) -> Verdict:
    """May this actor find somebody, and this very person, to propose points by hand for them?"""
    return may_propose_grants(actor, at) if person is None else may_propose_grant(actor, person, at)


def may_decide_grant(person: Person, grant: Grant, at: datetime) -> Verdict:
    """May this person say yes or no to points by hand that were proposed?"""
    return may_decide_grants(person, [grant], at)[0]


def may_decide_grants(person: Person, grants: Sequence[Grant], at: datetime) -> list[Verdict]:
    """The same for many, in their order; one question however many."""
    eyes = queries.eyes_of(person, at)
    return [decides(eyes, partial(stranger_to_grant, grant), NOT_REVIEWER) for grant in grants]


def stranger_to_grant(grant: Grant, eyes: Eyes) -> Verdict:
    """Are these eyes strangers to the receiver of points by hand, and to who proposed them?"""
    if eyes.id == grant.proposed_by_id:
        return no("points_four_eyes", _("自己提的补记，要由另一位来审"))
    if grant.person_id in eyes.tied:
        return no("points_own_grant", CLOSE)
    if grant.proposed_by_id in eyes.tied:
        return no("points_two_of_one_home", TWO_OF_ONE_HOME)
    return YES


def may_take_back_grant(person: Person, grant: Grant) -> Verdict:
    """May this person take back points by hand that were proposed and not decided? Only who proposed them."""
    if person.id == grant.proposed_by_id:
        return YES
    return no("points_not_own_proposal", _("谁提的补记谁来撤回"))


def may_propose_correction(person: Person, receiver: Person, at: datetime) -> Verdict:
    """May this person ask that points be taken back from another?"""
    if _is_close(person, receiver, at):
        return no("points_own_correction", CLOSE_BACK)
    return may_propose_corrections(person, at)


def may_ask_back(person: Person, posting: Posting, at: datetime) -> Verdict:
    """May this person ask that this very posting be taken back? Nobody of whose it is, or close to them."""
    if queries.tied_to(person, at) & set(queries.owners_of(posting, at)):
        return no("points_own_correction", CLOSE_BACK)
    return may_propose_corrections(person, at)


def may_propose_corrections(person: Person, at: datetime) -> Verdict:
    """May this person ask that points be taken back from anybody?"""
    if any(grid.has_role(person, role, at) for role in (Role.REVIEWER, Role.COORDINATOR)):
        return YES
    return no("points_not_correcting", _("退回由积分审核员或社区协调员提出"))


def may_find_corrected(actor: Person, person: Person | None, at: datetime) -> Verdict:
    """May this actor find somebody, and this very person, to look at what they got?"""
    if person is None:
        return may_propose_corrections(actor, at)
    return may_propose_correction(actor, person, at)


def may_decide_correction(person: Person, correction: Correction, at: datetime) -> Verdict:
    """May this person say yes or no to points that were asked back?"""
    return may_judge_corrections(person, [correction], at)[0]


def may_hear_appeal(person: Person, correction: Correction, at: datetime) -> Verdict:
    """May this person decide what the receiver says against it? Somebody who had no hand in any of it before."""
    return may_judge_corrections(person, [correction], at)[0]


def may_judge_corrections(person: Person, corrections: Sequence[Correction], at: datetime) -> list[Verdict]:
    """The same for many, in their order: before it was taken back by a second, after an appeal by a third."""
    eyes = queries.eyes_of(person, at)
    return [decides(eyes, partial(stranger_to_correction, one), NOT_REVIEWER) for one in behind(corrections, at)]


@dataclass(frozen=True, slots=True)
class Behind:
    """A correction with whose points it is about and by whose hands they came."""

    correction: Correction
    owners: Collection[UUID]
    givers: Collection[UUID]


def behind(corrections: Sequence[Correction], at: datetime) -> list[Behind]:
    """The same with whose points they are and by whose hands those came, in their order."""
    givers = queries.givers_of([one.posting_id for one in corrections])
    return [Behind(one, queries.owners_of(one.posting, at), givers[one.posting_id]) for one in corrections]


def stranger_to_correction(asked: Behind, eyes: Eyes) -> Verdict:
    """Are these eyes strangers to whose points are asked back, and had they no hand in any of it?"""
    one = asked.correction
    hands = [one.proposed_by_id, *([one.decided_by_id, one.appealed_by_id] if one.appealed_at else [])]
    if eyes.id in (*hands, *asked.givers):
        return no("points_other_eyes", _("这一笔您经手过，要由另一位来定"))
    if any(owner in eyes.tied for owner in asked.owners):
        return no("points_own_correction", CLOSE_BACK)
    if any(hand in eyes.tied for hand in hands):
        return no("points_two_of_one_home", TWO_OF_ONE_HOME)
    return YES


def may_withdraw_correction(person: Person, correction: Correction) -> Verdict:
    """May this person take back what was asked and not decided? Only who asked."""
    if person.id == correction.proposed_by_id:
        return YES
    return no("points_not_own_proposal", _("谁提的谁来撤回"))


def may_appeal_correction(person: Person, correction: Correction, at: datetime) -> Verdict:
    """May this person appeal? Whose points they were, and who may claim for them; to others it is not there."""
    if correction.reversal_id is None or not queries.speaks_for(person, correction, at):
        raise NotVisible
    return YES


def may_speak_against_correction(hand: Person, correction: Correction, at: datetime) -> Verdict:
    """May this person write down at the counter what its receiver says against it (decision 0107)?

    The points of a household are answered for by any grown-up of it who has no account.
    """
    if correction.reversal_id is None:
        raise NotVisible
    if hand.id in (correction.proposed_by_id, correction.decided_by_id):
        return SPOKEN_BY_JUDGE
    verdicts = [may_hear_at_counter(hand, one, at) for one in queries.answering_for(correction, at)]
    if not verdicts:
        raise NotVisible
    return next((one for one in verdicts if one), verdicts[0])


def may_enter_corrections(person: Person, at: datetime) -> Verdict:
    """May this person see the desk of points that are asked back?"""
    if any(grid.has_role(person, role, at) for role in SEES_BY_HAND):
        return YES
    return no("points_not_correcting", _("退回由积分审核员或社区协调员提出"))


def may_propose_closing(person: Person, at: datetime) -> Verdict:
    """May this person ask that the scheme end?"""
    if any(grid.has_role(person, role, at) for role in (Role.LEADER, Role.RULEBOOK_EDITOR)):
        return YES
    return no("points_not_closing", _("结束积分由街道负责人和条款编辑来定"))


def may_approve_closing(person: Person, closing: Closing, at: datetime) -> Verdict:
    if person.id == closing.proposed_by_id:
        return no("points_own_closing", _("自己提的，要由另一位来定"))
    if queries.is_tied(person, closing.proposed_by, at):
        return no("points_two_of_one_home", TWO_OF_ONE_HOME)
    if grid.has_role(person, Role.LEADER, at):
        return YES
    if not grid.has_role(person, Role.RULEBOOK_EDITOR, at):
        return no("points_not_closing", _("结束积分由街道负责人和条款编辑来定"))
    # One of the two is the leader.
    if grid.has_role(closing.proposed_by, Role.LEADER, closing.proposed_at):
        return YES
    return no("points_leader_decides_closing", _("条款编辑提的，由街道负责人来定"))


def may_enter_grants(person: Person, at: datetime) -> Verdict:
    """May this person see the desk of points by hand?"""
    if any(grid.has_role(person, role, at) for role in SEES_BY_HAND):
        return YES
    return no("points_not_granting", _("补记由积分审核员或社区协调员提出"))

"""Who may claim, judge, object, stand aside."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import queries, rules
from huipai.points.models import Claim, Contest, Objection
from huipai.points.policies.judging import decides
from huipai.points.queries import Eyes
from huipai.points.rules.sending import ways
from huipai.points.words import ClaimSource
from huipai.rulebook.models import PointItem
from huipai.rulebook.words import Earner

NOT_REVIEWER = no("claim_not_reviewer", _("审核积分由积分审核员来做，没有审核员能定的由街道负责人来定"))
TOO_CLOSE = no("claim_too_close", _("这位和您同住、同组，或者您已申明回避，由别人来审"))
TWO_OF_ONE_HOME = no("claim_two_of_one_home", _("前一位审的和您同住、同组，或者您已申明回避，由别人来审"))
JUDGED_BEFORE = no("claim_judged_before", _("您审过这一条，异议要由没有经手的人来定"))
SPOKEN_BY_JUDGE = no("claim_spoken_by_judge", _("这一件您经手定过，请别的同事来登记他说的话"))
ENTERING_ROLES = (Role.COORDINATOR, Role.GRID_WORKER, Role.STATION_HOST)


def may_claim(person: Person, item: PointItem, at: datetime) -> Verdict:
    """May this person ask for points by this item?"""
    if person.is_staff:
        return no("claim_staff", _("街道工作人员不计分，也不用申报"))
    if not item.is_personal:
        return no("claim_by_household", _("这一条由双联户评议计分，不由个人申报"))
    if item.automatic or not ways(item.evidence):
        return no("claim_by_itself", _("这一条系统自己会记，不用报"))
    if not item.under_14 and rules.is_under_14(person.born_by, at):
        return no("claim_under_14", _("这一条不对 14 岁以下的孩子计分"))
    if Earner.RESIDENT in item.earners or grid.has_role(person, Role.PART_TIME_MEMBER, at):
        return YES
    return no("claim_not_an_earner", _("这一条只对兼职网格员计分"))


def may_enter_reviews(person: Person, at: datetime) -> Verdict:
    """May this person open the review desk? The leader sees there what no reviewer may decide."""
    if any(grid.has_role(person, role, at) for role in (Role.REVIEWER, Role.LEADER)):
        return YES
    return NOT_REVIEWER


def may_enter_claims(person: Person, at: datetime) -> Verdict:
    """May this person enter a claim for somebody who cannot do it themselves? It never passes without two others."""
    if any(grid.has_role(person, role, at) for role in ENTERING_ROLES):
        return YES
    return no("claim_not_enterer", _("代为登记由社区协调员、网格员或驿站值守来做"))


def may_enter_for(actor: Person, person: Person | None, at: datetime) -> Verdict:
    """May this actor find somebody, and this very person, to enter a claim for them?"""
    if person is None:
        return may_enter_claims(actor, at)
    if not_tied(actor, person, at):
        return YES
    return no("claim_entered_for_oneself", _("不能给自己或同住的人登记，请别的同事来"))


def may_speak_for(hand: Person, claim: Claim, at: datetime) -> Verdict:
    """May this person write down at the counter what the claimant says against what was decided (decision 0107)?"""
    verdict = may_hear_at_counter(hand, claim.claimant, at)
    if not verdict:
        return verdict
    judged = {*claim.objections.values_list("decided_by", flat=True), *_reviewers_of(claim)}
    return SPOKEN_BY_JUDGE if hand.id in judged else YES


def may_hear_at_counter(hand: Person, person: Person, at: datetime) -> Verdict:
    """May this person write down what somebody says about their points? Who has an account says it there."""
    verdict = may_enter_claims(hand, at) and may_enter_for(hand, person, at)
    if verdict and person.account_id is not None:
        return no("claim_speaks_for_themselves", _("这一位自己有账号，请用手机登录，在自己的页面上说"))
    return verdict


def may_review(person: Person, claim: Claim, at: datetime) -> Verdict:
    """May this person judge this claim? Never their own, their family's, their group's, or one they have touched."""
    words = _reviewers_of(claim)
    spoken = _spoke_for(claim)

    def is_stranger(eyes: Eyes) -> Verdict:
        if eyes.id == claim.entered_by_id:
            return no("claim_own_entry", _("自己登记的，要由另外两位来审"))
        if spoken & eyes.tied:
            return TOO_CLOSE
        if claim.entered_by_id in eyes.tied:
            return TOO_CLOSE
        if eyes.id in words:
            return no("claim_seen_before", _("这一条您已经看过，要由另一位来审"))
        if words & eyes.tied:
            return TWO_OF_ONE_HOME
        return TOO_CLOSE if claim.claimant_id in eyes.tied else YES

    return may_enter_reviews(person, at) and decides(queries.eyes_of(person, at), is_stranger, NOT_REVIEWER)


def _spoke_for(claim: Claim) -> set[UUID]:
    """Who appealed or contested for its claimant, or wrote it down at the counter; they take part."""
    return {
        *claim.appeals.exclude(filed_by=None).values_list("filed_by", flat=True),
        *claim.contests.values_list("filed_by", flat=True),
    }


def _reviewers_of(claim: Claim) -> set[UUID]:
    """Whose words on this claim stand."""
    return set(claim.reviews.filter(undone_at=None).values_list("reviewer", flat=True))


def not_tied(person: Person, claimant: Person, at: datetime) -> Verdict:
    """Are these two strangers enough for one to judge the other?"""
    return TOO_CLOSE if person.id == claimant.id or queries.is_tied(person, claimant, at) else YES


def may_object(person: Person, claim: Claim, at: datetime) -> Verdict:
    """May this person say that a claim in public is not right? Everybody may, but its own people and their family:
    one of the home could close the week for all the neighbours."""
    if person.id == claim.claimant_id or (claim.source == ClaimSource.HELPER and person.id == claim.entered_by_id):
        return no("claim_own_objection", _("自己的申报不用提异议，要改可以撤回"))
    if grid.is_family(person, claim.claimant, at):
        return no("claim_near_objection", _("这是您家里人的申报，不用提异议；觉得不该得，跟社区协调员说一声"))
    return YES


def may_object_for(helper: Person, objector: Person, claim: Claim, at: datetime) -> Verdict:
    """May this helper say it for somebody for whom they may claim? Neither of the two about what is their own."""
    return may_object(helper, claim, at) and may_object(objector, claim, at)


def may_decide(person: Person, objection: Objection, at: datetime) -> Verdict:
    """May this person decide an objection? Nobody who judged the claim before, and nobody close to either side."""
    heard = objection.claim.contests.exclude(decided_by=None).values_list("decided_by", flat=True)
    return _has_no_hand(person, objection, set(heard), (), at)


def may_hear_contest(person: Person, contest: Contest, at: datetime) -> Verdict:
    """May this person decide what a claimant says against an upheld objection? Nobody with a hand in it before."""
    objection = contest.objection
    judged = {
        *objection.claim.objections.values_list("decided_by", flat=True),
        *objection.claim.contests.values_list("decided_by", flat=True),
    } - {contest.decided_by_id}
    return _has_no_hand(person, objection, judged, (objection.decided_by_id, contest.filed_by_id), at)


def _has_no_hand(
    person: Person, objection: Objection, judged: Collection[UUID | None], near: Collection[UUID | None], at: datetime
) -> Verdict:
    """Whether somebody neither had a hand in a claim before nor is close to whoever is a side in it, or in `near`."""
    claim, words = objection.claim, _reviewers_of(objection.claim)
    sides = {claim.entered_by_id, objection.objector_id, objection.sent_by_id, claim.claimant_id, *near}
    sides |= _spoke_for(claim)

    def is_stranger(eyes: Eyes) -> Verdict:
        if eyes.id in words or eyes.id in judged or eyes.id == claim.entered_by_id:
            return JUDGED_BEFORE
        if words & eyes.tied:
            return TWO_OF_ONE_HOME
        return TOO_CLOSE if sides & eyes.tied else YES

    return may_enter_reviews(person, at) and decides(queries.eyes_of(person, at), is_stranger, NOT_REVIEWER)

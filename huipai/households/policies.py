"""Who keeps groups, who may be a contact, who speaks for a household, who decides on its incentive."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.households import queries
from huipai.households.models import Assessment, Link, Need, Objection
from huipai.households.queries import standing
from huipai.households.words import CONTACT_ROLES, NeedState
from huipai.kit.verdict import YES, Verdict, no
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import local_date, may_be_under_age
from huipai.people.words import Role
from huipai.points import queries as points
from huipai.points.policies import decides
from huipai.points.queries import Eyes

AT_DESK = (Role.COORDINATOR, Role.SYSTEM_ADMIN, Role.REVIEWER, Role.LEADER)
NOT_REVIEWER = no("not_a_reviewer", _("联户激励由积分审核员来定，没有审核员能定的由街道负责人来定"))
HAD_A_PART = no("had_a_part", _("这一条您经手过，由别人来定"))
TWO_OF_ONE_HOME = no("household_two_of_one_home", _("提出的人和您同住、同组，或者您已申明回避，由别人来定"))


def may_enter_desk(person: Person, at: datetime) -> Verdict:
    """May this person look over the linked households of a community, or decide on their incentives?"""
    if any(grid.has_role(person, role, at) for role in AT_DESK):
        return YES
    return no("not_at_the_household_desk", _("这一页由社区协调员和积分审核员用"))


def may_open_groups(person: Person, at: datetime) -> Verdict:
    """May this person open a group somewhere? Where, is asked when it is known."""
    if any(grid.has_role(person, role, at) for role in (Role.COORDINATOR, Role.SYSTEM_ADMIN)):
        return YES
    return no("not_keeper_of_groups", _("联户组由本社区协调员维护"))


def may_keep_groups(person: Person, node: GridNode, at: datetime) -> Verdict:
    """May this person open and close groups in `node`, and note who belongs to them?"""
    if grid.has_role(person, Role.COORDINATOR, at, node) or grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    return no("not_keeper_of_groups", _("联户组由本社区协调员维护"))


def may_be_contact(person: Person, household: GridNode, at: datetime) -> Verdict:
    """May this grown-up be the contact of a household: a worker or member of its place, or the lead of its group?"""
    if grid.household_of(person, at) == household:
        return no("own_household", _("自己家不用结对"))
    if may_be_under_age(person.born_by, local_date(at)):
        return no("contact_not_grown_up", _("联户人要由成年人来当"))
    if any(grid.has_role(person, role, at, household) for role in CONTACT_ROLES):
        return YES
    group = queries.group_of(household, at)
    if group is not None and group.lead_id == person.id and queries.leads(person, group, at):
        return YES
    return no("not_a_contact_here", _("这一户由本网格的网格员、兼职网格员或联户长来联"))


def may_be_asked(person: Person, household: GridNode, at: datetime) -> Verdict:
    """May a household ask this person to be its contact? Who has no way in reads no question, and nobody answers it for
    them."""
    allowed = may_be_contact(person, household, at)
    if not allowed or people.can_come_in(person):
        return allowed
    return no("nobody_reads_the_question", _("这一位现在没有能登录的账号，看不到您家的问题；另请一位"))


def may_speak_for(person: Person, household: GridNode, at: datetime) -> Verdict:
    """May this person say yes, no or what is needed for a household? Every grown-up who lives there."""
    if queries.is_adult_of(person, household, at):
        return YES
    return no("not_of_this_household", _("这一户的事由住在里面的成年人来说"))


def may_speak_of(person: Person, need: Need, at: datetime) -> Verdict:
    """May this person say what becomes of a need? Who lives there now, unless those before them asked for it."""
    if not grid.is_of_those_living(need.household_id, need.raised_at):
        return no("not_of_this_household", _("这一户的事由住在里面的成年人来说"))
    return may_speak_for(person, need.household, at)


def may_answer(person: Person, link: Link, at: datetime) -> Verdict:
    """May this person say yes or no to a link that the other side asked for?"""
    if link.asked_by_side == "contact":
        return may_speak_for(person, link.household, at)
    if person.id == link.contact_id:
        return YES
    return no("not_asked", _("这是问另一位的"))


def may_end_link(person: Person, link: Link, at: datetime) -> Verdict:
    """Either side ends it at any time; so does who keeps the groups there."""
    if person.id == link.contact_id or may_speak_for(person, link.household, at):
        return YES
    return may_keep_groups(person, link.household, at)


def may_help(person: Person, need: Need, at: datetime) -> Verdict:
    """May this person take a need into their hands? A standing contact of the household, or its coordinator."""
    is_of_now = grid.is_of_those_living(need.household_id, need.raised_at)
    if is_of_now and standing.is_contact_of(person, need.household_id, at):
        return YES
    if grid.has_role(person, Role.COORDINATOR, at, need.household):
        return YES
    return no("not_their_contact", _("要帮的事由这一户的联户人或社区协调员来接"))


def is_in_hand(need: Need, at: datetime) -> bool:
    """Whether who took a need may help still, and is there, or will be on a day that is known, or is stood in for."""
    taker = need.taken_by
    if need.state != NeedState.TAKEN or taker is None or taker.erased_at is not None:
        return False
    if not may_help(taker, need, at):
        return False
    return not grid.is_away_without_end(taker, at) or standing.is_stood_in_for(taker, need.household, at)


def may_close_need(person: Person, need: Need, at: datetime) -> Verdict:
    """May this person say how it ended? Who has it in hand, or stands in for them; the household says if it is so."""
    if need.state == NeedState.TAKEN and need.taken_by_id in standing.acts_for(person, at):
        return may_help(person, need, at)
    return no("need_in_other_hands", _("这件事现在由别人在帮"))


def may_propose(person: Person, household: GridNode, at: datetime) -> Verdict:
    """May this person propose an incentive for a household? Its contacts and its coordinator, never its own people."""
    if person.id in queries.people_of_group(household, at):
        return no("too_close_to_household", _("自己家和同组的住户，由别人来提"))
    if standing.is_contact_of(person, household.pk, at):
        return YES
    return may_keep_groups(person, household, at)


def may_take_up_again(person: Person, household: GridNode, item_code: str, quarter: Date) -> Verdict:
    """May this person propose what an objection may have put an end to? Not who had a part in it then."""
    if queries.had_a_part_before(person.pk, household.pk, item_code, quarter):
        return no("had_a_part", _("这一条有人提过异议，成立了，那一次您经过手；还要再提，请另一位来"))
    return YES


def may_judge(person: Person, at: datetime) -> Verdict:
    """May this person decide on incentives at all? The leader only those that no reviewer may."""
    if any(grid.has_role(person, role, at) for role in (Role.REVIEWER, Role.LEADER)):
        return YES
    return NOT_REVIEWER


def may_decide(person: Person, assessment: Assessment, at: datetime) -> Verdict:
    """May this person say yes or no to a proposed incentive? A reviewer, neither its proposer nor a neighbour; where no
    reviewer may, the leader."""
    return may_judge(person, at) and decides(
        points.eyes_of(person, at), lambda eyes: _is_stranger(eyes, assessment, at), NOT_REVIEWER
    )


def _is_stranger(eyes: Eyes, assessment: Assessment, at: datetime) -> Verdict:
    """Are these eyes strangers to who proposed an incentive and to the household, and had no part in it before?"""
    if eyes.id == assessment.proposed_by_id:
        return no("own_proposal", _("自己提的，要由另一位来定"))
    if assessment.proposed_by_id in eyes.tied:
        return TWO_OF_ONE_HOME
    if eyes.id in queries.people_of_group(assessment.household, at):
        return no("too_close_to_household", _("自己家和同组的住户，由别人来定"))
    if queries.living_lately(assessment.household, at) & eyes.tied:
        return no("tied_to_household", _("这一户有和您同住、同组，或者您已申明回避的人，由别人来定"))
    if queries.was_contact_lately(eyes.id, assessment.household, at):
        return no("contact_of_household", _("您是这一户的联户人，或者不久前是，由别人来定"))
    if queries.had_a_part_before(eyes.id, assessment.household_id, assessment.item_code, assessment.quarter):
        return no("had_a_part", _("这一条以前异议成立过，那一次您经过手，由别人来定"))
    return YES


def may_object(person: Person, assessment: Assessment, at: datetime) -> Verdict:
    """May this person say that a yes in public is not right? Everybody who had no part in it, but its own people."""
    if person.id in (assessment.proposed_by_id, assessment.decided_by_id):
        return no("had_a_part", _("这一条您经过手，由别人来提"))
    if person.id in queries.living_lately(assessment.household, at):
        return no("own_incentive", _("这是自己家的激励，不用提异议；觉得不该得，跟社区协调员说一声"))
    return YES


def may_decide_objection(person: Person, objection: Objection, at: datetime) -> Verdict:
    """A reviewer who has had no part in it yet; the leader where no reviewer may."""
    assessment = objection.assessment
    hands = {objection.objector_id, assessment.decided_by_id}

    def is_stranger(eyes: Eyes) -> Verdict:
        verdict = _is_stranger(eyes, assessment, at)
        if not verdict:
            return verdict
        if eyes.id in hands:
            return HAD_A_PART
        return TWO_OF_ONE_HOME if hands & eyes.tied else YES

    return may_judge(person, at) and decides(points.eyes_of(person, at), is_stranger, NOT_REVIEWER)

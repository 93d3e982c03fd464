"""Who may exchange, for whom, who hands over, and who keeps the shop."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.kit.verdict import YES, Verdict, no
from huipai.people import policies as people_policies
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import local_date, may_be_under_14, may_be_under_age
from huipai.people.words import ConsentPurpose, ProxyScope, Role
from huipai.points import queries as points
from huipai.shop.models import Budget, Card, ItemProposal, Reservation
from huipai.shop.queries import hosted_by
from huipai.shop.rules.audience import is_for
from huipai.shop.words import Audience, State
from huipai.stations.models import Station


def may_exchange_for(actor: Person, person: Person, at: datetime) -> Verdict:
    """May this actor use this person's points? Everybody their own; a helper an elder's; a guardian a child's.

    Nobody those of somebody who has left: they were told so.
    """
    if person.erased_at is not None or actor.erased_at is not None:
        return no("shop_has_left", _("这位已经注销了，积分不能再用"))
    is_child = may_be_under_14(person.born_by, local_date(at))
    if actor.id == person.id and not is_child:
        return YES
    if people.is_guardian(actor, person, at):
        return YES
    if is_child:
        return no("shop_with_the_guardian", _("不满 14 岁，由监护人来换"))
    return people_policies.may_act_for(actor, person, ProxyScope.POINTS, at)


def may_use_household(actor: Person, household: GridNode, at: datetime) -> Verdict:
    """May this actor use the points of a household? Any grown-up who lives in it and has agreed to it (ruling 22)."""
    home = grid.household_of(actor, at)
    if home is None or home.id != household.id or actor.erased_at is not None:
        return no("shop_other_household", _("这是别人家的积分"))
    verdict = may_agree_to_the_homes(actor, at)
    if not verdict:
        return verdict
    if not people.has_consent(actor, ConsentPurpose.HOUSEHOLD_POINTS):
        return no("shop_household_consent", _("先同意一起用家庭积分，再来换"))
    return YES


def may_agree_to_the_homes(person: Person, at: datetime) -> Verdict:
    """May this person agree to spend their home's points together? A grown-up may (ruling 22)."""
    if may_be_under_age(person.born_by, local_date(at)):
        return no("shop_grown_ups_only", _("家庭积分由家里的大人来用"))
    return YES


def may_have(person: Person, audience: Audience, at: datetime) -> Verdict:
    """Is an item for this audience for this person?"""
    if is_for(audience, person.born_by, local_date(at)):
        return YES
    return no("shop_not_for_you", _("这件东西有年龄要求，看看别的"))


def may_let_go(actor: Person, reservation: Reservation, at: datetime) -> Verdict:
    """May this actor call off a reservation? Whoever may use these points now: of a home, any of those who may."""
    if reservation.household and may_use_household(actor, reservation.household, at):
        return YES
    return may_exchange_for(actor, reservation.person, at)


def may_collect(reservation: Reservation, at: datetime) -> Verdict:
    """May this be collected? Only while whoever asked for it may still use the points that pay it (ruling 22).

    What is settled or over is nobody's to collect any more; that is said as what it is.
    """
    if reservation.state_at(at) != State.RESERVED:
        return YES
    if reservation.household is None:
        if may_exchange_for(reservation.asked_by, reservation.person, at):
            return YES
        return no("shop_not_their_helper_now", _("约的人现在不能代办了，不能发；分过几分钟退回本人，可以再换"))
    if may_use_household(reservation.asked_by, reservation.household, at):
        return YES
    return no(
        "shop_home_not_theirs_now",
        _("约的人现在不能用这家的积分了，不能发；分几分钟里退回这家"),
    )


def may_host(person: Person, station: Station, at: datetime) -> Verdict:
    """May this person hand things over and count them in this station?"""
    roles = (Role.STATION_HOST, Role.COORDINATOR)
    if any(grid.has_role(person, role, at, station.node) for role in roles):
        return YES
    return no("shop_not_the_host", _("领东西由这个驿站值守的人来办"))


def may_recall(person: Person, station: Station, at: datetime) -> Verdict:
    """May this person say that what waits of an item in a station is not to be fetched? Its host, and the keepers."""
    return YES if may_keep_shop(person, at) else may_host(person, station, at)


def may_hand_over(person: Person, reservation: Reservation, at: datetime) -> Verdict:
    """May this person hand over this very thing? Never to their household, whether it pays or asked for another."""
    if grid.near_to([person.pk], at) & {reservation.person_id, reservation.asked_by_id}:
        return no("shop_own_reservation", _("自己和家里人的东西，请另一位值守来发"))
    return may_host(person, reservation.station, at)


def may_serve(host: Person, person: Person, station: Station, at: datetime) -> Verdict:
    """May this host serve somebody who shows a card?"""
    if grid.is_near_to(host, person, at):
        return no("shop_own_reservation", _("自己和家里人的东西，请另一位值守来发"))
    return may_host(host, station, at)


def may_serve_by(host: Person, card: Card) -> Verdict:
    """May this host serve by this very card? Never by one of their own making: two pairs of hands."""
    if host.id == card.issued_by_id:
        return no("shop_own_issue", _("这张卡是您发的，请另一位值守来换"))
    return YES


def may_serve_for(host: Person, shown: Person, person: Person, at: datetime) -> Verdict:
    """May this host take somebody's points by the card of who answers for them? Not who wrote down that they do."""
    if people.guardianship_was_noted_by(shown, person, host, at):
        return no("shop_own_guardianship", _("这位监护人是您登记的，请另一位值守来换"))
    return may_exchange_for(shown, person, at)


def may_serve_home(host: Person, person: Person) -> Verdict:
    """May this host take a home's points by somebody's card? Not who wrote down that this person agreed to it."""
    if people.consent_was_noted_by(person, ConsentPurpose.HOUSEHOLD_POINTS, host):
        return no("shop_own_note", _("这位同意用家里的分，是您记下的，请另一位值守来换"))
    return YES


def may_note_consent(actor: Person, person: Person, at: datetime) -> Verdict:
    """May this actor write down that somebody agrees to spend their home's points together?

    Who may give them a card and serves them at the counter.
    """
    for verdict in (may_issue_card(actor, person, at), people_policies.may_serve_at_counter(actor, person, at)):
        if not verdict:
            return verdict
    if grid.household_of(person, at) is None:
        return no("shop_no_home", _("这位还没有登记住在哪一户，先到社区窗口登记"))
    return may_agree_to_the_homes(person, at)


def may_have_card(person: Person, at: datetime) -> Verdict:
    """Is a card of any use to this person? A child's points are used by the guardian's; who has left has none."""
    if person.erased_at is not None:
        return no("shop_has_left", _("这位已经注销了，积分不能再用"))
    if may_be_under_14(person.born_by, local_date(at)):
        return no("shop_card_of_the_guardian", _("不满 14 岁的孩子不用卡：给监护人发卡，监护人凭自己的卡用孩子的分"))
    return YES


def may_issue_card(actor: Person, person: Person, at: datetime) -> Verdict:
    """May this actor give somebody a card?"""
    if grid.is_near_to(actor, person, at):
        return no("shop_own_card", _("自己和家里人的卡，请另一位同事来发"))
    roles = (Role.STATION_HOST, Role.COORDINATOR)
    if any(grid.has_role(actor, role, at) for role in roles):
        return YES
    return no("shop_not_the_host", _("领东西由这个驿站值守的人来办"))


def may_find(actor: Person, person: Person | None, at: datetime) -> Verdict:
    """May this actor find somebody, and this very person, to give them a card?"""
    return may_enter_cards(actor, at) if person is None else may_issue_card(actor, person, at)


def may_keep_shop(person: Person, at: datetime) -> Verdict:
    """May this person propose what stands on the shelf and what it costs, bring in goods and propose a budget?"""
    if grid.has_role(person, Role.COORDINATOR, at):
        return YES
    return no("shop_not_the_keeper", _("积分商店由社区协调员打理"))


def may_open_item(person: Person, proposed_by: Person, at: datetime) -> Verdict:
    """May this person decide on a gift, a price or a limit that another has proposed?"""
    if person.id == proposed_by.id:
        return no("shop_own_proposal", _("自己提的，要由另一位来定"))
    if points.is_tied(person, proposed_by, at):
        return no("shop_two_of_one_home", _("提出的人和您同住、同组，或者您已申明回避，由别人来定"))
    if any(grid.has_role(person, role, at) for role in (Role.COORDINATOR, Role.LEADER)):
        return YES
    return no("shop_not_an_opener", _("上架和改价，由另一位社区协调员或街道负责人来定"))


def may_withdraw_proposal(person: Person, proposal: ItemProposal) -> Verdict:
    """May this person take back what was proposed and not decided? Only who proposed it."""
    if person.id == proposal.proposed_by_id:
        return YES
    return no("shop_not_own_proposal", _("谁提的谁来撤回"))


def may_approve_budget(person: Person, proposed_by: Person, at: datetime) -> Verdict:
    if person.id == proposed_by.id:
        return no("shop_own_budget", _("自己提的预算，要由另一位来定"))
    if points.is_tied(person, proposed_by, at):
        return no("shop_two_of_one_home", _("提出的人和您同住、同组，或者您已申明回避，由别人来定"))
    if grid.has_role(person, Role.LEADER, at):
        return YES
    return no("shop_not_the_leader", _("预算由街道负责人来定"))


def may_withdraw_budget(person: Person, budget: Budget) -> Verdict:
    """May this person take back a budget that was proposed and not decided? Only who proposed it."""
    if person.id == budget.proposed_by_id:
        return YES
    return no("shop_not_own_budget", _("谁提的预算谁来撤回"))


def may_enter_desk(person: Person, at: datetime) -> Verdict:
    """May this person look at the desk of the shop? Its keepers, and who decides on its money."""
    if any(grid.has_role(person, role, at) for role in (Role.COORDINATOR, Role.LEADER, Role.AUDITOR)):
        return YES
    return no("shop_not_the_keeper", _("积分商店由社区协调员打理"))


def may_enter_counter(person: Person, at: datetime) -> Verdict:
    """May this person hand things over in some station?"""
    if hosted_by(person, at):
        return YES
    return no("shop_not_the_host", _("领东西由驿站值守的人来办"))


def may_enter_cards(person: Person, at: datetime) -> Verdict:
    """May this person give cards to others at all?"""
    if any(grid.has_role(person, role, at) for role in (Role.STATION_HOST, Role.COORDINATOR)):
        return YES
    return no("shop_not_the_host", _("领东西由这个驿站值守的人来办"))

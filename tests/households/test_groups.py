"""Groups of households: joined by consent, left at will, one at a time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.grid.words import TIES_LAST
from huipai.households import queries
from huipai.households.commands import groups, links
from huipai.households.commands.refusals import (
    AlreadyGrouped,
    GroupIsClosed,
    LeadNotGrownUp,
    LeadNotOfGroup,
    LeftAlready,
    NameInUse,
    NotThere,
)
from huipai.households.models import Group, Membership
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.points import queries as points
from huipai.streets.current import in_street
from tests.cast import MONDAY, TUESDAY
from tests.households.conftest import Stairwell


@pytest.fixture
def group(here: Stairwell) -> Group:
    found = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=MONDAY)
    for household, person in ((here.first, here.lan), (here.second, here.hua)):
        groups.join(group_id=found.pk, household=household, agreed_by=person, actor=here.coordinator, now=MONDAY)
    return found


def test_joining_twice_is_once_and_the_second_group_is_refused(here: Stairwell, group: Group) -> None:
    groups.join(group_id=group.pk, household=here.first, agreed_by=here.lan, actor=here.coordinator, now=MONDAY)
    assert Membership.objects.filter(household=here.first).count() == 1
    other = groups.open_group(node=here.town["B1"], name="二单元", actor=here.coordinator, now=MONDAY)
    with pytest.raises(AlreadyGrouped):
        groups.join(group_id=other.pk, household=here.first, agreed_by=here.lan, actor=here.coordinator, now=MONDAY)


def test_the_database_lets_no_household_into_two_groups(here: Stairwell, group: Group) -> None:
    other = Group.objects.create(node=here.town["B1"], name="另一组", opened_at=MONDAY)
    with pytest.raises(IntegrityError, match="one_group_at_a_time"), transaction.atomic():
        Membership.objects.create(group=other, household=here.first, agreed_by=here.lan, valid_from=TUESDAY)


def test_only_a_grown_up_of_the_household_can_agree(here: Stairwell) -> None:
    group = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=MONDAY)
    for person in (here.child, here.hua):
        with pytest.raises(NotAllowed):
            groups.join(group_id=group.pk, household=here.first, agreed_by=person, actor=here.coordinator, now=MONDAY)


def test_a_household_of_elsewhere_does_not_belong(here: Stairwell) -> None:
    group = groups.open_group(node=here.town["M2"], name="二区", actor=here.coordinator, now=MONDAY)
    with pytest.raises(NotThere):
        groups.join(group_id=group.pk, household=here.first, agreed_by=here.lan, actor=here.coordinator, now=MONDAY)


def test_one_name_at_a_place_and_only_by_its_coordinator(here: Stairwell, group: Group) -> None:
    with pytest.raises(NameInUse):
        groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=MONDAY)
    with pytest.raises(NotAllowed):
        groups.open_group(node=here.town["B1"], name="三单元", actor=here.tao, now=MONDAY)


def test_the_lead_lives_in_the_group_and_goes_with_their_household(here: Stairwell, group: Group) -> None:
    with pytest.raises(LeadNotOfGroup):
        groups.lead(group_id=group.pk, person=here.qin, actor=here.coordinator, now=MONDAY)
    groups.lead(group_id=group.pk, person=here.lan, actor=here.coordinator, now=MONDAY)
    groups.leave(household=here.first, actor=here.lan, now=TUESDAY)
    group.refresh_from_db()
    assert group.lead is None
    assert queries.group_of(here.first, TUESDAY) is None


def test_the_lead_is_a_grown_up_and_so_is_every_contact(here: Stairwell, group: Group) -> None:
    with pytest.raises(LeadNotGrownUp, match="成年人") as refusal:
        groups.lead(group_id=group.pk, person=here.child, actor=here.coordinator, now=MONDAY)
    assert refusal.value.field == "lead"
    # One who was made lead before this was asked.
    Group.objects.filter(pk=group.pk).update(lead=here.child)
    with pytest.raises(NotAllowed, match="成年人"):
        links.ask_household(household=here.second, contact=here.child, now=MONDAY)
    with pytest.raises(NotAllowed, match="成年人"):
        links.ask_contact(household=here.second, contact=here.child, actor=here.hua, now=MONDAY)


def test_a_household_leaves_the_group_that_was_shown_and_no_other(here: Stairwell, group: Group) -> None:
    groups.leave(household=here.first, actor=here.lan, now=TUESDAY, group_id=group.pk)
    another = groups.open_group(node=here.town["B1"], name="另一组", actor=here.coordinator, now=TUESDAY)
    groups.join(group_id=another.pk, household=here.first, agreed_by=here.lan, actor=here.coordinator, now=TUESDAY)
    later = TUESDAY + timedelta(hours=1)
    with pytest.raises(LeftAlready):
        groups.leave(household=here.first, actor=here.lan, now=later, group_id=group.pk)
    assert queries.group_of(here.first, later) == another


def test_who_stands_in_a_group_judges_no_claim_of_it(here: Stairwell, group: Group) -> None:
    assert points.is_tied(here.lan, here.hua, MONDAY)
    groups.leave(household=here.second, actor=here.hua, now=TUESDAY)
    later = TUESDAY + timedelta(days=1)
    assert points.is_tied(here.lan, here.hua, later), "what was done in the time of the group is judged by others"
    assert here.hua.id in points.tied_to(here.lan, later)
    assert not points.is_tied(here.lan, here.hua, TUESDAY + TIES_LAST)


def test_a_closed_group_takes_nobody(here: Stairwell, group: Group) -> None:
    groups.close_group(group_id=group.pk, actor=here.coordinator, now=TUESDAY)
    assert queries.group_of(here.first, TUESDAY) is None
    with pytest.raises(GroupIsClosed):
        groups.join(group_id=group.pk, household=here.first, agreed_by=here.lan, actor=here.coordinator, now=TUESDAY)


def test_of_another_street_does_not_exist(here: Stairwell, there: Stairwell, group: Group) -> None:
    with in_street(there.street.id), pytest.raises(NotVisible):
        groups.close_group(group_id=group.pk, actor=there.coordinator, now=TUESDAY)


def test_the_journal_holds_ids_only(here: Stairwell, group: Group) -> None:
    told = Entry.objects.filter(what__startswith="group.")
    assert [entry.what for entry in told.order_by("id")] == ["group.opened", "group.joined", "group.joined"]
    assert "兰" not in str([entry.facts for entry in told])

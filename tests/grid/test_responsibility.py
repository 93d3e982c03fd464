"""Who is responsible, where and when; and what happens when somebody leaves or is away."""

from datetime import timedelta

import pytest

from huipai.grid import commands, queries
from huipai.grid.commands import refusals
from huipai.grid.models import Assignment
from huipai.grid.words import TIES_LAST, AbsenceKind, Level
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests.cast import A_MONTH_AGO, FRIDAY, MONDAY, TUESDAY, WEDNESDAY, resident, staff

HOUR = timedelta(hours=1)


def facts(what: str) -> list[dict[str, object]]:
    return [entry.facts for entry in Entry.objects.filter(what=what).order_by("id")]


@pytest.fixture
def wei(in_yunqiao, town):
    return staff("魏", "13900000001")


@pytest.fixture
def qin(in_yunqiao, town):
    return staff("秦", "13900000002")


@pytest.fixture
def head(in_yunqiao, town):
    """The system administrator."""
    person = staff("石", "13900000009")
    commands.assign(person=person, role=Role.SYSTEM_ADMIN, node=town["S"], actor=None, now=A_MONTH_AGO)
    return person


@pytest.fixture
def coordinator(in_yunqiao, town):
    person = staff("何", "13900000008")
    commands.assign(person=person, role=Role.COORDINATOR, node=town["C"], actor=None, now=A_MONTH_AGO)
    return person


def assign(person, node, role=Role.GRID_WORKER, **fields):
    return commands.assign(person=person, role=role, node=node, **{"actor": None, "now": MONDAY, **fields})


class TestResponsibleAt:
    def test_the_nearest_up_the_tree(self, town, wei, qin, django_assert_num_queries):
        assign(qin, town["G"])
        assign(wei, town["M1"])
        with django_assert_num_queries(1):
            assert queries.responsible_at(town["H1"], Role.GRID_WORKER, MONDAY).acting == wei
        assert queries.responsible_at(town["M2"], Role.GRID_WORKER, MONDAY).acting == qin
        assert queries.responsible_at(town["C"], Role.GRID_WORKER, MONDAY) is None

    def test_holds_from_its_beginning_until_its_end(self, town, wei):
        assign(wei, town["M1"], valid_from=TUESDAY, valid_until=FRIDAY)
        held = [
            queries.responsible_at(town["M1"], Role.GRID_WORKER, at) is not None for at in (MONDAY, TUESDAY, FRIDAY)
        ]
        assert held == [False, True, False]

    def test_of_several_the_longest_standing(self, town, wei, qin):
        assign(qin, town["M1"], valid_from=TUESDAY)
        assign(wei, town["M1"], valid_from=MONDAY)
        assert queries.responsible_at(town["M1"], Role.GRID_WORKER, FRIDAY).acting == wei

    def test_the_deputy_acts_while_the_holder_is_away(self, town, wei, qin):
        assign(wei, town["M1"], deputy=qin)
        absent(wei, TUESDAY, FRIDAY)
        before, during, after = (
            queries.responsible_at(town["M1"], Role.GRID_WORKER, at) for at in (MONDAY, WEDNESDAY, FRIDAY)
        )
        assert (before.acting, during.acting, after.acting) == (wei, qin, wei)
        assert during.is_stand_in and not before.is_stand_in

    def test_nobody_there_leaves_it_to_the_node_above_or_to_the_queue(self, town, wei, qin):
        assign(wei, town["M1"], deputy=qin)
        absent(wei, TUESDAY, FRIDAY)
        absent(qin, TUESDAY, FRIDAY)
        assert queries.responsible_at(town["M1"], Role.GRID_WORKER, WEDNESDAY) is None
        above = staff("高", "13900000003")
        assign(above, town["G"])
        assert queries.responsible_at(town["M1"], Role.GRID_WORKER, WEDNESDAY).acting == above

    def test_another_street_has_its_own(self, town, other_town, wei):
        assign(wei, town["M1"])
        with in_street(other_town.street.id):
            assert queries.responsible_at(other_town["M1"], Role.GRID_WORKER, MONDAY) is None


def absent(person, begin, end, actor=None, now=MONDAY):
    return commands.record_absence(
        person=person, kind=AbsenceKind.LEAVE, valid_from=begin, valid_until=end, actor=actor, now=now
    )


class TestRolesAndScopes:
    def test_has_role_for_everything_under_its_node(self, town, wei):
        assign(wei, town["G"])
        assert queries.has_role(wei, Role.GRID_WORKER, MONDAY)
        assert queries.has_role(wei, Role.GRID_WORKER, MONDAY, town["H1"])
        assert not queries.has_role(wei, Role.GRID_WORKER, MONDAY, town["C"])
        assert not queries.has_role(wei, Role.COORDINATOR, MONDAY)
        assert queries.nodes_of(wei, Role.GRID_WORKER, MONDAY) == (town["G"],)

    def test_a_deputy_has_the_role_only_while_he_stands_in(self, town, wei, qin):
        assign(wei, town["M1"], deputy=qin)
        absent(wei, TUESDAY, FRIDAY)
        assert not queries.has_role(qin, Role.GRID_WORKER, MONDAY)
        assert queries.has_role(qin, Role.GRID_WORKER, TUESDAY, town["M1"])
        assert [held.person_id for held in queries.roles_of(qin, TUESDAY)] == [wei.pk]

    def test_units(self, town, wei, property_unit):
        commands.assign(person=wei, role=Role.UNIT_HANDLER, unit=property_unit, actor=None, now=MONDAY)
        commands.assign(person=wei, role=Role.UNIT_LEAD, unit=property_unit, actor=None, now=MONDAY)
        assert queries.units_of(wei, MONDAY) == (property_unit,)

    def test_visible_to_each_his_own(self, town, head, coordinator, wei):
        other = commands.create_node(
            level=Level.COMMUNITY, code="C2", name="二", parent=town["S"], actor=None, now=MONDAY
        )
        assert other in queries.visible_to(head, MONDAY)
        mine = set(queries.visible_to(coordinator, MONDAY))
        assert town["H1"] in mine and town["C"] in mine and not mine & {other, town["S"]}
        assert not queries.visible_to(wei, MONDAY).exists()


class TestAssign:
    def test_the_journal_knows_and_names_nobody(self, town, head, wei):
        held = assign(wei, town["M1"], actor=head)
        entry = Entry.objects.get(what="assignment.began", subject=f"assignment:{held.pk}")
        assert entry.actor_id == head.pk
        assert entry.facts["person"] == str(wei.pk) and "魏" not in str(entry.facts)

    def test_nobody_gives_himself_a_role(self, town, head):
        with pytest.raises(NotAllowed, match="另一位管理员"):
            assign(head, town["M1"], actor=head)

    def test_a_coordinator_gives_roles_of_his_own_community_only(self, town, coordinator, wei):
        other = commands.create_node(
            level=Level.COMMUNITY, code="C2", name="二", parent=town["S"], actor=None, now=MONDAY
        )
        assign(wei, town["M1"], actor=coordinator)
        for node, role in [(other, Role.GRID_WORKER), (town["S"], Role.DISPATCHER), (town["C"], Role.COORDINATOR)]:
            with pytest.raises(NotAllowed):
                assign(wei, node, role, actor=coordinator)

    def test_admins_are_named_by_the_security_administrator(self, town, head, wei, qin):
        with pytest.raises(NotAllowed):
            assign(wei, town["S"], Role.AUDITOR, actor=head)
        assign(qin, town["S"], Role.SECURITY_ADMIN)
        assign(wei, town["S"], Role.AUDITOR, actor=qin)
        wei.account.refresh_from_db()
        assert wei.account.needs_second_factor

    def test_the_three_admins_are_three_people(self, town, head):
        with pytest.raises(refusals.ThreePeople):
            assign(head, town["S"], Role.AUDITOR)

    def test_staff_roles_are_for_the_employed_and_part_time_for_residents(self, town, wei):
        with pytest.raises(refusals.NotEmployed):
            assign(resident(), town["M1"])
        with pytest.raises(refusals.IsEmployed):
            assign(wei, town["M1"], Role.PART_TIME_MEMBER)
        assign(resident(), town["M1"], Role.PART_TIME_MEMBER)

    @pytest.mark.parametrize(
        ("role", "code", "with_unit"),
        [
            (Role.UNIT_HANDLER, "M1", False),
            (Role.GRID_WORKER, None, True),
            (Role.GRID_WORKER, None, False),
            (Role.DISPATCHER, "C", False),
        ],
    )
    def test_a_role_has_its_kind_of_scope(self, town, wei, property_unit, role, code, with_unit):
        with pytest.raises(refusals.WrongScope):
            assign(wei, town[code] if code else None, role, unit=property_unit if with_unit else None)

    def test_the_same_twice_is_refused(self, town, wei):
        assign(wei, town["M1"])
        with pytest.raises(refusals.AlreadyAssigned):
            assign(wei, town["M1"], now=TUESDAY)

    def test_a_closed_node_takes_nobody(self, town, wei):
        commands.close_node(node_id=town["M2"].pk, at=MONDAY, actor=None, now=MONDAY)
        town["M2"].refresh_from_db()
        with pytest.raises(refusals.NodeIsClosed):
            assign(wei, town["M2"])

    def test_a_deputy_is_somebody_else_who_could_hold_it(self, town, wei, head):
        for deputy, refusal in [(wei, refusals.WrongDeputy), (resident(), refusals.NotEmployed)]:
            with pytest.raises(refusal):
                assign(wei, town["M1"], deputy=deputy)
        with pytest.raises(refusals.WrongDeputy):
            assign(wei, town["S"], Role.AUDITOR, deputy=head)


class TestEnding:
    def test_an_end_now_is_told_now_and_once(self, town, wei):
        held = assign(wei, town["M1"])
        commands.end_assignment(assignment_id=held.pk, at=TUESDAY, actor=None, now=TUESDAY)
        [told] = facts("assignment.ended")
        assert (told["node"], told["ended"]) == (str(town["M1"].pk), TUESDAY.isoformat())
        with pytest.raises(refusals.AlreadyEnded):
            commands.end_assignment(assignment_id=held.pk, at=TUESDAY, actor=None, now=WEDNESDAY)

    def test_an_end_to_come_is_told_when_it_comes(self, town, wei):
        held = assign(wei, town["M1"], valid_until=FRIDAY)
        commands.end_assignment(assignment_id=held.pk, at=WEDNESDAY, actor=None, now=TUESDAY)
        commands.take_effect(now=WEDNESDAY - HOUR)
        assert facts("assignment.ended") == []
        assert [commands.take_effect(now=at) for at in (WEDNESDAY, FRIDAY)] == [1, 0]
        assert len(facts("assignment.ended")) == 1

    def test_no_role_ends_or_passes_on_in_the_past(self, town, wei, qin):
        """A year of what was done would be left with somebody who was none."""
        held = assign(wei, town["M1"])
        with pytest.raises(refusals.WrongPeriod, match="从现在或以后"):
            commands.end_assignment(assignment_id=held.pk, at=MONDAY, actor=None, now=TUESDAY)
        with pytest.raises(refusals.WrongPeriod, match="从现在或以后"):
            commands.hand_over(assignment_id=held.pk, to=qin, at=MONDAY, actor=None, now=TUESDAY)
        assert Assignment.objects.get(pk=held.pk).valid_until is None

    def test_hand_over_leaves_no_gap_and_tells_who_takes_over(self, town, wei, qin):
        old = assign(wei, town["M1"])
        new = commands.hand_over(assignment_id=old.pk, to=qin, at=WEDNESDAY, actor=None, now=MONDAY)
        instant = timedelta(microseconds=1)
        assert queries.responsible_at(town["M1"], Role.GRID_WORKER, WEDNESDAY - instant).acting == wei
        assert queries.responsible_at(town["M1"], Role.GRID_WORKER, WEDNESDAY).acting == qin
        commands.take_effect(now=WEDNESDAY)
        assert [told["successor"] for told in facts("assignment.ended")] == [str(new.pk)]
        assert [told["before"] for told in facts("assignment.handed_over")] == [str(old.pk)]

    def test_hand_over_twice_is_refused(self, town, wei, qin):
        old = assign(wei, town["M1"])
        commands.hand_over(assignment_id=old.pk, to=qin, at=WEDNESDAY, actor=None, now=MONDAY)
        with pytest.raises(refusals.WrongPeriod):
            commands.hand_over(
                assignment_id=old.pk, to=staff("高", "13900000003"), at=WEDNESDAY, actor=None, now=MONDAY
            )
        with pytest.raises(refusals.WrongDeputy):
            commands.hand_over(assignment_id=old.pk, to=wei, at=TUESDAY, actor=None, now=MONDAY)

    def test_hand_over_to_an_unfit_person_changes_nothing(self, town, wei):
        old = assign(wei, town["M1"])
        with pytest.raises(refusals.NotEmployed):
            commands.hand_over(assignment_id=old.pk, to=resident(), at=WEDNESDAY, actor=None, now=MONDAY)
        assert Assignment.objects.get(pk=old.pk).valid_until is None

    def test_another_streets_assignment_does_not_exist(self, town, other_town, wei):
        held = assign(wei, town["M1"])
        with in_street(other_town.street.id), pytest.raises(NotVisible):
            commands.end_assignment(assignment_id=held.pk, at=TUESDAY, actor=None, now=TUESDAY)

    def test_a_new_deputy_is_told(self, town, wei, qin):
        held = assign(wei, town["M1"])
        commands.name_deputy(assignment_id=held.pk, deputy=qin, actor=None, now=MONDAY)
        commands.name_deputy(assignment_id=held.pk, deputy=qin, actor=None, now=MONDAY)
        assert [told["deputy"] for told in facts("deputy.named")] == [str(qin.pk)]


class TestAbsence:
    def test_one_to_come_is_told_when_it_comes_and_when_it_is_over(self, wei):
        absent(wei, TUESDAY, FRIDAY)
        assert len(facts("absence.planned")) == 1 and facts("absence.began") == []
        assert [commands.take_effect(now=at) for at in (TUESDAY, WEDNESDAY, FRIDAY)] == [1, 0, 1]
        assert facts("absence.began") == facts("absence.ended") == [{"person": str(wei.pk)}]

    def test_back_early_or_not_going_at_all(self, town, wei):
        absence = absent(wei, MONDAY, FRIDAY)
        commands.end_absence(absence_id=absence.pk, actor=None, now=TUESDAY)
        assert not queries.is_away(wei, WEDNESDAY)
        planned = absent(wei, WEDNESDAY, FRIDAY, now=TUESDAY)
        commands.end_absence(absence_id=planned.pk, actor=None, now=TUESDAY)
        assert not queries.is_away(wei, WEDNESDAY)
        assert commands.take_effect(now=FRIDAY) == 0

    def test_who_may_say_so(self, town, wei, qin, coordinator, head):
        assign(wei, town["M1"])
        with pytest.raises(NotAllowed):
            absent(wei, TUESDAY, FRIDAY, actor=qin)
        absent(wei, MONDAY, TUESDAY, actor=wei)
        absent(wei, TUESDAY, WEDNESDAY, actor=coordinator)
        absent(wei, WEDNESDAY, FRIDAY, actor=head)

    def test_twice_is_refused_and_so_is_the_past(self, wei):
        absent(wei, MONDAY, FRIDAY)
        with pytest.raises(refusals.AlreadyAway):
            absent(wei, TUESDAY, WEDNESDAY)
        with pytest.raises(refusals.WrongPeriod):
            absent(wei, A_MONTH_AGO, A_MONTH_AGO + HOUR)


class TestHouseholds:
    def test_near_is_who_shares_a_home_by_the_day_and_for_ninety_days_after(self, town, somebody):
        with in_street(town.street.id):
            lan, ming = somebody("阿兰"), somebody("阿明")
            commands.move_in(person=lan, household=town["H1"], at=MONDAY, actor=None, now=MONDAY)
            commands.move_in(person=ming, household=town["H1"], at=TUESDAY, actor=None, now=MONDAY)
            assert not queries.is_near_to(lan, ming, MONDAY)
            assert queries.is_near_to(lan, ming, TUESDAY) and queries.is_near_to(lan, lan, MONDAY)
            assert queries.near_to([lan.pk], TUESDAY) == {lan.pk, ming.pk}
            commands.move_in(person=ming, household=town["H2"], at=WEDNESDAY, actor=None, now=MONDAY)
            assert queries.is_near_to(lan, ming, WEDNESDAY + TIES_LAST - HOUR)
            assert not queries.is_near_to(lan, ming, WEDNESDAY + TIES_LAST)
            assert queries.household_of(ming, WEDNESDAY) == town["H2"]
            commands.move_out(person=ming, at=FRIDAY, actor=None, now=FRIDAY)
            assert queries.household_of(ming, FRIDAY) is None

    def test_nobody_without_a_home_shares_one(self, in_yunqiao, somebody):
        assert not queries.is_near_to(somebody("阿兰"), somebody("阿明"), MONDAY)

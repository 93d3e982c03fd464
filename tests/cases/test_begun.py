"""What was begun is not undone in passing: not declined by who handled it, not taken back, not promised anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases import policies, telling_hub
from huipai.cases.commands import confirming, correcting, deciding, filing, handling, splitting, triage, withdrawing
from huipai.cases.commands.correcting import Begun, Correction
from huipai.cases.commands.locating import Where
from huipai.cases.commands.triage import IntoSuspended
from huipai.cases.models import Case, CasePhoto, CaseType, Check
from huipai.cases.order_words import ExtensionGround
from huipai.cases.queries import merged as merged_queries
from huipai.cases.words import DeclineReason, NotFiledReason, PositionSource, State, VoidReason
from huipai.grid.models import Assignment
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from tests import cast
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def on_the_spot(here: Place) -> tuple[Hub, Check]:
    hub = Hub.with_a_case(here)
    handling.handle_on_the_spot(
        case_id=hub.case.id, actor=here.wei, text="扫了", photo_ids=here.photo_ids(here.wei), now=MONDAY + HOUR
    )
    return hub, Check.objects.get(case=hub.case, result="")


def failed(here: Place) -> Hub:
    hub, check = on_the_spot(here)
    hub.failed(check, now=MONDAY + 2 * HOUR)
    return hub


def disputed(here: Place) -> Hub:
    hub, check = on_the_spot(here)
    hub.passed(check, now=MONDAY + 2 * HOUR)
    confirming.dispute(case_id=hub.case.id, actor=here.lan, text="还在", photo_ids=(), now=MONDAY + 3 * HOUR)
    return hub


def taken_on(here: Place) -> Hub:
    hub = Hub.with_a_case(here)
    handling.accept(case_id=hub.case.id, actor=here.wei, now=MONDAY)
    return hub


def handed_up(hub: Hub) -> Hub:
    filing.hand_up(case_id=hub.case.id, actor=hub.place.wei, text="办不了", now=MONDAY + 4 * HOUR)
    return hub


def merged(hub: Hub, into: Case) -> Case:
    triage.merge(case_id=hub.case.id, into_id=into.id, actor=hub.place.wei, now=MONDAY + 5 * HOUR)
    return Case.objects.get(pk=into.id)


def colleague(here: Place) -> Person:
    person = cast.staff("卫一员", "13900018888")
    Assignment.objects.create(person=person, role=Role.GRID_WORKER, node=here.town["G"], valid_from=cast.A_MONTH_AGO)
    return person


def decline(case: Case, actor: Person) -> Case:
    return handling.decline(
        case_id=case.id, actor=actor, reason=DeclineReason.NOT_THE_STREETS, text="", now=MONDAY + 5 * HOUR
    )


class TestDeclined:
    @pytest.mark.parametrize("before", [failed, disputed])
    def test_not_by_who_handled_it_nor_by_the_grid_but_by_the_desk(self, here: Place, before) -> None:
        hub = handed_up(before(here))
        assert hub.fresh().state == State.VERIFYING
        with pytest.raises(NotAllowed) as own:
            decline(hub.case, here.wei)
        assert own.value.code == "handled_before"
        with pytest.raises(NotAllowed):
            decline(hub.case, colleague(here))
        assert decline(hub.case, here.coordinator).state == State.DECLINED

    def test_nor_by_who_handled_it_and_sits_at_the_desk_too(self, here: Place) -> None:
        hub = handed_up(failed(here))
        Assignment.objects.create(
            person=here.wei, role=Role.DISPATCHER, node=here.town["S"], valid_from=cast.A_MONTH_AGO
        )
        deeds = (
            lambda: decline(hub.case, here.wei),
            lambda: filing.not_file(
                case_id=hub.case.id, actor=here.wei, reason=NotFiledReason.SETTLED, text="好了", now=MONDAY + 5 * HOUR
            ),
            lambda: filing.void(
                case_id=hub.case.id, actor=here.wei, reason=VoidReason.WRONG_ENTRY, text="记错", now=MONDAY + 5 * HOUR
            ),
        )
        for deed in deeds:
            with pytest.raises(NotAllowed) as refused:
                deed()
            assert refused.value.code == "own_handling"

    def test_nor_through_another_case_that_it_was_merged_into(self, here: Place) -> None:
        older = here.report(here.hua, case_type=LITTER, now=MONDAY - HOUR)
        hub = failed(here)
        triage.merge(case_id=hub.case.id, into_id=older.id, actor=here.wei, now=MONDAY + 3 * HOUR)
        with pytest.raises(NotAllowed):
            decline(older, here.wei)
        with pytest.raises(NotAllowed) as refused:
            decline(older, colleague(here))
        assert refused.value.code == "handled_before"
        Assignment.objects.create(
            person=here.wei, role=Role.DISPATCHER, node=here.town["S"], valid_from=cast.A_MONTH_AGO
        )
        older = Case.objects.get(pk=older.pk)
        may = telling_hub.may(older, merged_queries.into(older), here.wei, MONDAY + 5 * HOUR)
        assert not may["decline"] and not may["not_file"] and not may["void"]

    def test_what_one_has_in_hand_or_was_asked_to_look_at_another_does_not(self, here: Place) -> None:
        hub, other = Hub.with_a_case(here), colleague(here)
        handling.accept(case_id=hub.case.id, actor=here.wei, now=MONDAY)
        with pytest.raises(NotAllowed) as refused:
            decline(hub.case, other)
        assert refused.value.code == "not_in_your_hands"
        assert decline(hub.case, here.wei).state == State.DECLINED
        asked = here.report(here.hua, case_type=LITTER)
        filing.verify(case_id=asked.id, worker=other, actor=here.coordinator, text="看看", now=MONDAY)
        with pytest.raises(NotAllowed):
            decline(asked, here.wei)
        assert decline(asked, other).state == State.DECLINED


class TestTakenBack:
    @pytest.mark.parametrize("before", [failed, disputed])
    def test_not_once_it_was_handled(self, here: Place, before) -> None:
        hub = handed_up(before(here))
        assert not policies.may_withdraw(here.lan, hub.fresh())
        with pytest.raises(Begun):
            withdrawing.withdraw(case_id=hub.case.id, actor=here.lan, now=MONDAY + 5 * HOUR)
        assert hub.fresh().state == State.VERIFYING

    def test_nor_once_what_was_handled_or_taken_on_was_merged_into_it(self, here: Place) -> None:
        for begin in (failed, taken_on):
            older = merged(begin(here), here.report(here.lan, case_type=LITTER, now=MONDAY - HOUR))
            assert older.state == State.REPORTED and not policies.may_withdraw(here.lan, older)
            with pytest.raises(Begun):
                withdrawing.withdraw(case_id=older.id, actor=here.lan, now=MONDAY + 6 * HOUR)

    def test_not_once_it_was_taken_on_until_a_refusal_is_looked_at_again(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        handling.accept(case_id=hub.case.id, actor=here.wei, now=MONDAY)
        handed_up(hub)
        with pytest.raises(Begun):
            withdrawing.withdraw(case_id=hub.case.id, actor=here.lan, now=MONDAY + 5 * HOUR)
        decline(hub.case, here.coordinator)
        filing.ask_review(case_id=hub.case.id, actor=here.lan, text="再看看", now=MONDAY + 6 * HOUR)
        assert policies.may_withdraw(here.lan, hub.fresh())
        withdrawing.withdraw(case_id=hub.case.id, actor=here.lan, now=MONDAY + 7 * HOUR)

    def test_who_was_only_asked_to_look_has_begun_nothing(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        filing.verify(case_id=hub.case.id, worker=here.wei, actor=here.coordinator, text="看看", now=MONDAY)
        withdrawing.withdraw(case_id=hub.case.id, actor=here.lan, now=MONDAY + HOUR)
        assert hub.fresh().state == State.VOIDED


class TestCorrected:
    def correct(self, here: Place, hub: Hub) -> None:
        where = Where(here.town.at(60, 60), PositionSource.DEVICE, None, "")
        words = Correction("换一句", where, (here.photo(here.lan).id,))
        correcting.correct(code=hub.case.code, correction=words, actor=here.lan, now=MONDAY + 2 * HOUR)

    def test_as_long_as_nobody_has_begun(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        self.correct(here, hub)
        assert hub.fresh().reports.get().text == "换一句"

    def test_not_once_a_part_of_it_went_its_own_way(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        held = list(CasePhoto.objects.filter(case=hub.case).values_list("photo_id", flat=True))
        part = splitting.split(
            part_id=new_id(), case_id=hub.case.id, case_type=PARKING, actor=here.dispatcher, text="车", now=MONDAY
        )
        with pytest.raises(Begun):
            self.correct(here, hub)
        filing.void(
            case_id=part.id, actor=here.dispatcher, reason=VoidReason.WRONG_ENTRY, text="一起办", now=MONDAY + HOUR
        )
        assert not policies.may_correct(here.lan, hub.fresh())
        with pytest.raises(Begun):
            self.correct(here, hub)
        assert list(CasePhoto.objects.filter(case=hub.case).values_list("photo_id", flat=True)) == held


class TestMerged:
    @pytest.fixture
    def two(self, here: Place) -> tuple[Case, Case]:
        """An older case with weeks to go and a younger one with hours."""
        CaseType.objects.create(code="green", name="绿地养护", limit_amount=20, limit_unit="workdays", radius_m=50)
        older = here.report(case_type="green", now=MONDAY)
        return older, here.report(here.hua, case_type=PARKING, now=MONDAY + HOUR)

    def test_the_earliest_promise_holds_and_what_is_overdue_stays_overdue(
        self, here: Place, two: tuple[Case, Case]
    ) -> None:
        older, younger = two
        promised = younger.due_at
        assert promised is not None and older.due_at is not None and promised < older.due_at
        late = promised + 3 * DAY
        triage.merge(case_id=younger.id, into_id=older.id, actor=here.wei, now=late)
        assert Case.objects.get(pk=older.id).due_at == promised
        # Whatever dates it anew later on comes to the same.
        handling.accept(case_id=older.id, actor=here.wei, now=late)
        handling.respond(
            case_id=older.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=late + HOUR
        )
        Hub(here, older).failed(Check.objects.get(case=older, result=""), now=late + 2 * HOUR)
        assert Case.objects.get(pk=older.id).due_at == promised

    def test_into_what_is_set_aside_only_by_the_hub(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        deciding.suspend(
            order_id=hub.signed().id, actor=here.dispatcher, ground=ExtensionGround.values[0],
            rests_until=MONDAY + 60 * DAY, text="等材料", now=MONDAY + 2 * HOUR,
        )  # fmt: skip
        younger = here.report(here.hua, case_type=PARKING, now=MONDAY + 2 * HOUR)
        for actor in (here.wei, here.coordinator):
            with pytest.raises(IntoSuspended):
                triage.merge(case_id=younger.id, into_id=hub.case.id, actor=actor, now=MONDAY + 3 * HOUR)
        triage.merge(case_id=younger.id, into_id=hub.case.id, actor=here.dispatcher, now=MONDAY + 3 * HOUR)

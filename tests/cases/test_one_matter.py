"""A case, its whole, its parts and what was merged into them are one matter: nobody is two of the three in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases import policies
from huipai.cases.commands import (
    acting,
    confirming,
    dispatching,
    filing,
    handling,
    joining,
    sealed,
    splitting,
    triage,
    working,
)
from huipai.cases.commands.joint import mustering, whistling
from huipai.cases.models import Case, Check, UnitCall
from huipai.cases.policies import at_counter, findings
from huipai.cases.queries.checking import checker_pool
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import Refused
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ProxyScope, Role
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import release
from tests.cases.test_at_counter import taken
from tests.cases.test_pages import as_
from tests.cast import A_MONTH_AGO, MONDAY

pytestmark = pytest.mark.django_db
LATER = MONDAY + 3 * HOUR


def cut(here: Place) -> tuple[Hub, Check]:
    """A whole whose unit has signed, and the look at a part that ning has answered for another unit."""
    whole = Hub.with_a_case(here)
    whole.signed(now=MONDAY)
    part = splitting.split(
        part_id=new_id(), case_id=whole.case.id, case_type=LITTER, actor=here.dispatcher, text="墙那边", now=MONDAY
    )
    hub = Hub(here, part)
    look = hub.responded(hub.signed(here.guard, here.ning, now=MONDAY), here.ning, now=MONDAY + HOUR)
    return whole, look


def acts_for(here: Place, person: Person, unit: str) -> None:
    Assignment.objects.create(
        person=person, role=Role.UNIT_HANDLER, unit=getattr(here, unit), valid_from=A_MONTH_AGO
    )  # fmt: skip


def confirms(elder: Person, helper: Person, case: Case) -> None:
    acting.for_elder(
        elder_id=elder.id, helper=helper, scope=ProxyScope.ANSWER, case=case, now=LATER,
        act=lambda who: confirming.confirm(case_id=case.id, actor=who, rating=5, text="", now=LATER),
    )  # fmt: skip


def helps(elder: Person, helper: Person) -> None:
    assert helper.account is not None
    asked = people.invite_helper(
        elder=elder, phone=str(helper.account.phone), scopes=[ProxyScope.ANSWER], address="", now=A_MONTH_AGO
    )
    people.accept_invitation(proxy_id=asked.id, helper=helper, now=A_MONTH_AGO)


def refused(act: object) -> str:
    with pytest.raises(Refused) as why:
        act()  # type: ignore[operator]
    return why.value.code


class TestWhoHandledAPart:
    def test_neither_checks_the_whole_nor_speaks_as_its_reporter_nor_is_shown_who_that_is(self, here: Place) -> None:
        whole, _look = cut(here)
        chief = cast.staff("关小门", "13900018888")
        acts_for(here, chief, "guard")
        for person in (here.ning, chief):
            cast.appoint(person, Role.CHECKER)
        assert not {here.ning.id, chief.id} & set(checker_pool(whole.fresh(), LATER))
        helps(here.lan, here.ning)
        assert refused(lambda: confirms(here.lan, here.ning, whole.fresh())) == "helper_took_part"
        Assignment.objects.filter(person=here.ning, role=Role.UNIT_HANDLER).update(valid_until=LATER)
        cast.appoint(here.ning, Role.COORDINATOR)
        assert policies.may_unmask(here.ning, whole.case, LATER).code == "hands_on_it"
        assert findings.may_find(here.ning, whole.case, LATER).code == "hands_on_the_case"
        here.hua.account = None
        assert at_counter.may_speak(here.ning, whole.case, here.hua, LATER).code == "let_another_speak"


class TestWhoChecksAPart:
    def test_has_no_other_part_in_the_whole(self, here: Place) -> None:
        whole, look = cut(here)
        for unit in ("police", "city"):
            acts_for(here, look.checker, unit)
        order = whole.fresh().orders.get()
        assert policies.may_work_on(look.checker, order, whole.case, LATER).code == "own_check"
        task = whistling.whistle(
            case_ids=[whole.case.id], unit_ids=[here.police.id, here.guard.id], actor=here.coordinator,
            matter="一起去看", hours=4, now=MONDAY + 2 * HOUR,
        )  # fmt: skip
        call = UnitCall.objects.get(task=task, unit=here.police)
        comes = {"call_id": call.id, "envoy_id": look.checker_id, "actor": here.xu, "now": LATER}
        assert refused(lambda: mustering.muster(**comes)) == "own_check"  # type: ignore[arg-type]
        helps(here.lan, look.checker)
        assert refused(lambda: confirms(here.lan, look.checker, whole.case)) == "helper_took_part"
        Assignment.objects.filter(person=look.checker, role=Role.UNIT_HANDLER).update(valid_until=LATER)
        cast.appoint(look.checker, Role.COORDINATOR)
        assert policies.may_unmask(look.checker, whole.case, LATER).code == "hands_on_it"

    def test_may_check_another_part_where_there_is_nobody_else(self, here: Place) -> None:
        """Guards against a street with two checkers whose third part waits for ever."""
        whole, look = cut(here)
        Hub(here, look.case).passed(look, now=MONDAY + 2 * HOUR)
        again = splitting.split(
            part_id=new_id(), case_id=whole.case.id, case_type=LITTER, actor=here.dispatcher, text="北", now=LATER
        )
        assert look.checker_id in checker_pool(again, LATER)


class TestWhatWasMerged:
    def test_keeps_who_checked_and_who_handled_it_out_of_the_rest(self, here: Place) -> None:
        older = here.report(here.hua, case_type=LITTER, now=MONDAY - HOUR)
        younger = Hub.with_a_case(here)
        for case in (older, younger.case):
            release(here, case, now=MONDAY)
        look = younger.responded(younger.signed(now=MONDAY), now=MONDAY + HOUR)
        younger.failed(look, now=MONDAY + 2 * HOUR)
        triage.merge(case_id=younger.case.id, into_id=older.id, actor=here.dispatcher, now=LATER)
        acts_for(here, look.checker, "guard")
        order = Hub(here, older).sent(here.guard, now=LATER)
        assert refused(lambda: working.sign(order_id=order.id, actor=look.checker, now=LATER)) == "own_check"
        for person, code in ((here.shi, "own_work"), (look.checker, "own_check")):
            same = here.sending(here.photo(person, LATER), case_type=LITTER)
            joins = {"sending": same, "code": older.code, "reporter": person, "now": LATER}
            assert refused(lambda joins=joins: joining.join(**joins)) == code  # type: ignore[misc]

    def test_is_not_merged_into_what_its_checker_handles(self, here: Place) -> None:
        older = Hub(here, here.report(here.hua, case_type=LITTER, now=MONDAY - HOUR))
        younger = Hub.with_a_case(here)
        look = younger.responded(younger.signed(now=MONDAY), now=MONDAY + HOUR)
        acts_for(here, look.checker, "guard")
        order = older.sent(here.guard, now=MONDAY)
        working.sign(order_id=order.id, actor=look.checker, now=MONDAY + 2 * HOUR)
        younger.failed(look, now=MONDAY + 2 * HOUR)
        merges = {"case_id": younger.case.id, "into_id": older.case.id, "actor": here.dispatcher, "now": LATER}
        assert refused(lambda: triage.merge(**merges)) == "cannot_merge_into"  # type: ignore[arg-type]

    def test_is_not_merged_into_what_whoever_took_it_down_has_in_hand(self, here: Place) -> None:
        """Guards `merging.shows_who_reported`: they would lose their case in that press (ruling 11)."""
        now = clock.now()
        older = here.report(here.hua, case_type=LITTER, now=now - 5 * HOUR)
        Assignment.objects.create(
            person=here.coordinator, role=Role.GRID_WORKER, node=here.town["G"], valid_from=A_MONTH_AGO
        )  # fmt: skip
        handling.accept(case_id=older.id, actor=here.coordinator, now=now - 4 * HOUR)
        younger = Case.objects.get(pk=taken(here).received.case_id)
        merges = {"case_id": younger.id, "into_id": older.id, "now": now}
        by_hub = {**merges, "actor": here.dispatcher}
        assert refused(lambda: triage.merge(**by_hub)) == "merge_shows_who_reported"  # type: ignore[arg-type]
        page = as_(here.coordinator).post(f"/s/yunqiao/cases/{younger.code}/merging/", {"into": older.code})
        assert page.status_code == 422 and "先请另一位同事接手那一件，再合" in page.content.decode()
        older.refresh_from_db()
        assert older.worker == here.coordinator and not older.merged.exists()
        filing.hand_up(case_id=older.id, actor=here.coordinator, text="请另一位来办", now=now)
        triage.merge(**by_hub)  # type: ignore[arg-type]
        assert older.merged.get() == younger

    def test_nor_into_what_somebody_has_for_a_unit_who_was_shown_who_reported_it(self, here: Place) -> None:
        older = Hub(here, here.report(here.hua, case_type=LITTER, now=MONDAY - HOUR))
        younger = here.report(case_type=LITTER, now=MONDAY)
        sealed.unmask(case_id=younger.id, actor=here.coordinator, reason="dispute", words="投诉要当面谈", now=MONDAY)
        acts_for(here, here.coordinator, "guard")
        working.sign(order_id=older.sent(here.guard, now=MONDAY).id, actor=here.coordinator, now=MONDAY + HOUR)
        merges = {"case_id": younger.id, "into_id": older.case.id, "actor": here.dispatcher, "now": LATER}
        assert refused(lambda: triage.merge(**merges)) == "merge_shows_who_reported"  # type: ignore[arg-type]


def test_who_spoke_for_an_elder_handles_it_no_more(here: Place) -> None:
    """Guards `acting.for_elder`: the report was the elder's own, and its helper disputed in their name."""
    helps(here.lan, here.ning)
    hub = Hub.with_a_case(here)
    order = hub.signed(now=MONDAY)
    hub.passed(hub.responded(order, now=MONDAY + HOUR), now=MONDAY + 2 * HOUR)
    for _twice in range(2):
        acting.for_elder(
            elder_id=here.lan.id, helper=here.ning, scope=ProxyScope.ANSWER, case=hub.fresh(), now=LATER,
            act=lambda who: confirming.dispute(
                case_id=hub.case.id, actor=who, text="没好", photo_ids=(), now=LATER
            ),
        )  # fmt: skip
    dispatching.recall(order_id=order.id, actor=here.dispatcher, text="换一家", now=LATER)
    order = hub.sent(here.guard, now=LATER + timedelta(minutes=1))
    assert refused(lambda: working.sign(order_id=order.id, actor=here.ning, now=LATER + HOUR)) == "own_report"

"""A unit that sends back says whose it is; and who checks a case follows it by no way."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from huipai.cases.commands import dispatching, following, triage, working
from huipai.cases.commands.working import OwnerMissing
from huipai.cases.models import Case, Check, Follow, WorkOrder
from huipai.grid.models import Unit
from huipai.people.models import Person
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_alike import release
from tests.cases.test_pages import as_
from tests.cast import MONDAY


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here)


class TestWhoseItIs:
    def back(self, hub: Hub, ground: str, owner: Unit | None) -> WorkOrder:
        return working.return_order(
            order_id=hub.signed().id, actor=hub.place.shi, ground=ground, text="看清单第 12 项", now=MONDAY + 2 * HOUR,
            belongs_to=owner.id if owner else None,
        )  # fmt: skip

    @pytest.mark.parametrize("ground", ["not_our_duty", "needs_another"])
    def test_who_says_that_it_is_not_theirs_names_somebody_else(self, hub: Hub, ground: str) -> None:
        for owner in (None, hub.place.city):
            with pytest.raises(OwnerMissing), transaction.atomic():
                self.back(hub, ground, owner)
        assert self.back(hub, ground, hub.place.guard).named == hub.place.guard

    def test_what_was_not_found_is_nobodys_to_name(self, hub: Hub) -> None:
        order = self.back(hub, "not_found", None)
        assert (order.named, order.return_ground) == (None, "not_found")

    def test_another_streets_unit_is_none(self, hub: Hub, there: Place) -> None:
        with pytest.raises(OwnerMissing):
            self.back(hub, "not_our_duty", there.guard)

    def test_the_hub_reads_who_was_named(self, hub: Hub) -> None:
        self.back(hub, "not_our_duty", hub.place.guard)
        page = as_(hub.place.dispatcher).get(f"/s/yunqiao/desk/?case={hub.case.code}").content.decode()
        assert "说该归柳溪花园物业" in page

    def test_the_form_asks_for_it_with_everything_kept(self, hub: Hub) -> None:
        order = hub.signed()
        shi, path = as_(hub.place.shi), f"/s/yunqiao/orders/{order.id}/return/"
        answer = shi.post(path, {"reason": "not_our_duty", "text": "看清单第 12 项", "owner": ""})
        page = answer.content.decode()
        assert answer.status_code == 422 and "选一下该归哪家单位" in page and "看清单第 12 项" in page
        typed = {"reason": "not_our_duty", "text": "看清单第 12 项", "owner": str(hub.place.guard.id)}
        assert shi.post(path, typed).status_code == 302

    def test_the_database_holds_it(self, hub: Hub) -> None:
        order = self.back(hub, "not_our_duty", hub.place.guard)
        for wrong in ({"named": None}, {"named": order.unit_id}):
            with pytest.raises(IntegrityError, match="cases_a_return_names_whose_it_is"), transaction.atomic():
                WorkOrder.objects.filter(pk=order.pk).update(**wrong)
        again = dispatching.dispatch(
            case_id=hub.case.id, unit_id=hub.place.guard.id, actor=hub.place.dispatcher, brief="", now=MONDAY + 3 * HOUR
        )
        with pytest.raises(IntegrityError, match="cases_only_what_came_back"), transaction.atomic():
            WorkOrder.objects.filter(pk=again.pk).update(named=hub.place.city)


class TestWhoChecksFollowsNothing:
    def checked(self, here: Place) -> tuple[Case, Person]:
        """An older case whose check is drawn, and who drew it."""
        hub = Hub.with_a_case(here, now=MONDAY - HOUR)
        check = hub.responded(hub.signed(now=MONDAY))
        hub.failed(check, now=MONDAY + 3 * HOUR)
        return hub.fresh(), check.checker

    def test_nor_comes_along_with_a_case_that_is_merged_in(self, here: Place) -> None:
        into, checker = self.checked(here)
        younger = here.report(here.hua, case_type=LITTER)
        release(here, younger)
        for person in (checker, here.ning):
            following.follow(code=younger.code, person=person, now=MONDAY)
        triage.merge(case_id=younger.id, into_id=into.id, actor=here.dispatcher, now=MONDAY + 4 * HOUR)
        assert list(Follow.objects.values_list("case_id", "person_id")) == [(into.id, here.ning.id)]

    def test_the_database_holds_it(self, here: Place) -> None:
        into, checker = self.checked(here)
        assert Check.objects.filter(case=into, checker=checker).exists()
        with pytest.raises(IntegrityError, match="does not follow"), transaction.atomic():
            Follow.objects.create(case=into, person=checker, followed_at=MONDAY)

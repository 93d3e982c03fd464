"""Who took a report down does not handle it, and whose unit handles it neither confirms it nor stops its clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases import telling_hub
from huipai.cases.commands import asking, counter, deciding, dispatching, filing, handling, joining, retyping, working
from huipai.cases.commands.counter import Caller
from huipai.cases.models import Case, Report, UnitRequest
from huipai.grid import commands as grid
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Account
from huipai.people.words import Channel, Role
from tests import cast
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import release
from tests.cases.test_pages import as_
from tests.cast import A_MONTH_AGO

pytestmark = pytest.mark.django_db


def test_whoever_took_a_report_down_leaves_it_to_somebody_else(here: Place) -> None:
    now = clock.now()
    grid.move_in(person=here.lan, household=here.town["H1"], at=A_MONTH_AGO, actor=None, now=A_MONTH_AGO)
    Account.objects.filter(pk=here.lan.account_id).update(phone_confirmed_at=now)
    assert here.lan.account is not None and here.lan.account.phone is not None
    caller = Caller(here.lan.account.phone, "", Channel.TELEPHONE, True)
    sending = here.sending(case_type=LITTER, text="楼下垃圾")
    taken = counter.take_down(sending=sending, caller=caller, actor=here.wei, address="127.0.0.1", now=now)
    case = Case.objects.get(pk=taken.received.case_id)
    assert case.worker is None, "the queue of the place has it"
    for deed in (
        lambda: handling.accept(case_id=case.id, actor=here.wei, now=now),
        lambda: handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="清了", photo_ids=(), now=now),
    ):
        with pytest.raises(NotAllowed) as refused:
            deed()
        assert refused.value.code == "hands_on_the_report"
    again = counter.take_down(sending=sending, caller=caller, actor=here.wei, address="127.0.0.1", now=now)
    assert again.received.case_id == case.id and Case.objects.get(pk=case.id).worker is None


class TestWhoseUnitHandlesIt:
    def test_does_not_join_and_confirm_its_work(self, here: Place) -> None:
        now = clock.now()
        hub = Hub.with_a_case(here, now=now - 5 * HOUR)
        release(here, hub.case, now=now - 4 * HOUR)
        hub.signed(now=now - 3 * HOUR)
        with pytest.raises(NotAllowed) as refused:
            joining.join(
                sending=here.sending(here.photo(here.chief, now)), code=hub.case.code, reporter=here.chief, now=now
            )
        assert refused.value.code == "own_units_work"
        assert not Report.objects.filter(reporter=here.chief).exists()
        same = here.sending(here.photo(here.hua, now), case_type=LITTER)
        joining.join(sending=same, code=hub.case.code, reporter=here.hua, now=now)

    @pytest.mark.parametrize("how", ["grant", "refuse", "suspend"])
    def test_does_not_stop_its_own_clock(self, here: Place, how: str) -> None:
        now = clock.now()
        Assignment.objects.create(person=here.shi, role=Role.DISPATCHER, node=here.town["S"], valid_from=A_MONTH_AGO)
        hub = Hub.with_a_case(here, now=now - 5 * HOUR)
        order = dispatching.dispatch(
            case_id=hub.case.id, unit_id=here.city.id, actor=here.dispatcher, brief="", now=now - 4 * HOUR
        )
        working.sign(order_id=order.id, actor=here.chief, now=now - 3 * HOUR)
        if how != "suspend":
            working.ask_extension(
                order_id=order.id, actor=here.chief, ground="weather", text="雨", days=5, now=now - 2 * HOUR
            )

        def decide(actor: object) -> object:
            if how == "suspend":
                return deciding.suspend(
                    order_id=order.id, actor=actor, ground="season", text="春天再种", now=now,  # type: ignore[arg-type]
                    rests_until=now + timedelta(days=20),
                )  # fmt: skip
            asked = UnitRequest.objects.get(case=hub.case)
            command = deciding.grant if how == "grant" else deciding.refuse
            return command(request_id=asked.id, actor=actor, text="不行", now=now)  # type: ignore[arg-type]

        before = hub.fresh().due_at
        with pytest.raises(NotAllowed) as refused:
            decide(here.shi)
        assert refused.value.code == "own_units_clock" and hub.fresh().due_at == before
        assert decide(here.dispatcher)


@pytest.mark.parametrize(
    ("how", "code"),
    [("recall", "own_units_clock"), ("retype", "own_units_clock"), ("void", "own_handling")],
)
def test_nobody_moves_the_clock_of_their_own_unit_by_a_detour_nor_ends_what_they_signed(
    here: Place, how: str, code: str
) -> None:
    """Somebody of the hub who is of the unit too."""
    now = clock.now()
    cast.appoint(here.shi, Role.DISPATCHER)
    hub = Hub.with_a_case(here, now=now - 5 * HOUR)
    order = hub.signed(now=now - 4 * HOUR)
    if how == "retype":
        hub.returned(order, here.shi, now=now - HOUR)
    act = {
        "recall": lambda: dispatching.recall(order_id=order.id, actor=here.shi, text="收回", now=now),
        "retype": lambda: retyping.retype(
            case_id=hub.case.id, case_type=PARKING, actor=here.shi, text="换一类", now=now
        ),
        "void": lambda: filing.void(case_id=hub.case.id, actor=here.shi, reason="test", text="试的", now=now),
    }  # fmt: skip
    with pytest.raises(NotAllowed) as refused:
        act[how]()
    assert refused.value.code == code
    may = telling_hub.may(hub.fresh(), (), here.shi, now)
    assert not (may["retype"] or may["void"] or may["not_file"])
    assert telling_hub.may(hub.case, (), here.dispatcher, now)["retype"] is (how == "retype")


def test_what_was_asked_says_nobodys_name_to_who_works_on_it(here: Place) -> None:
    now = clock.now()
    hub = Hub.with_a_case(here, now=now - 5 * HOUR)
    asking.ask(case_id=hub.case.id, actor=here.coordinator, text=f"{here.lan.name}，几号门？", now=now - 4 * HOUR)
    pages = [
        as_(who).get(f"/s/yunqiao/{path}").content.decode()
        for who, path in (
            (here.wei, f"cases/{hub.case.code}/"), (here.dispatcher, f"cases/{hub.case.code}/"),
            (here.dispatcher, f"desk/?view=all&case={hub.case.code}"),
        )
    ]  # fmt: skip
    for page in pages:
        assert "＊＊，几号门？" in page and here.lan.name not in page


def test_what_a_unit_asks_for_says_nobodys_name_to_the_hub(here: Place) -> None:
    now = clock.now()
    hub = Hub.with_a_case(here, now=now - 5 * HOUR)
    order = hub.signed(now=now - 3 * HOUR)
    words = f"{here.lan.name}说过两天再办"
    working.ask_extension(order_id=order.id, actor=here.shi, ground="weather", text=words, days=5, now=now - 2 * HOUR)
    page = as_(here.dispatcher).get(f"/s/yunqiao/desk/?view=all&case={hub.case.code}").content.decode()
    assert "「＊＊说过两天再办」" in page and here.lan.name not in page

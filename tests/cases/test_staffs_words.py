"""What staff and units write about a case: nobody who reads it learns the name or the number of who reported it."""

from __future__ import annotations

import pytest

from huipai.cases.commands import asking, dispatching, filing, handling, noting, splitting, triage
from huipai.cases.commands.joint import ending, mustering, whistling
from huipai.cases.commands.saying import TooLong
from huipai.cases.models import Case, JointTask, UnitCall
from huipai.cases.policies import findings
from huipai.cases.queries.parts_in import parts_in
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Person
from tests.cases.conftest import LITTER, Place, folder
from tests.cases.hub import HOUR, Hub
from tests.cases.test_at_counter import taken
from tests.cases.test_pages import as_

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
OFFICE = "0512-66661234"


def own_number(person: Person) -> str:
    assert person.account is not None and person.account.phone is not None
    return person.account.phone.removeprefix("+86")


@pytest.fixture
def case(here: Place) -> Case:
    return here.report(now=clock.now() - 3 * HOUR, case_type=LITTER, text="桶倒了")


def test_a_colleagues_note_keeps_the_offices_number_and_strikes_out_the_reporters(here: Place, case: Case) -> None:
    number = own_number(here.lan)
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    words = f"蓝小河打过电话，{spaced}；值班 {OFFICE}"
    noting.note_inside(case_id=case.id, actor=here.coordinator, text=words, now=clock.now())
    page = as_(here.wei).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
    assert OFFICE in page and "打过电话" in page
    for hidden in (number, spaced, "蓝小河"):
        assert hidden not in page


def test_to_a_unit_no_number_of_anybody_stands_in_brief_or_question(here: Place, case: Case) -> None:
    number, hub = own_number(here.lan), Hub(here, case)
    order = hub.signed(now=clock.now() - HOUR)
    type(order).objects.filter(pk=order.pk).update(brief=f"先打 {number} 找蓝小河")
    asking.ask_for_unit(order_id=order.id, actor=here.shi, text=f"{number} 打不通，几点在？", now=clock.now())
    page = as_(here.shi).get(f"/s/yunqiao/orders/{order.id}/").content.decode()
    assert "先打" in page and number not in page and "蓝小河" not in page


def test_what_units_say_of_a_joint_task_names_nobody_who_reported(here: Place, case: Case) -> None:
    number, now = own_number(here.lan), clock.now()
    task = whistling.whistle(
        case_ids=[case.id], unit_ids=[here.city.id, here.police.id], actor=here.coordinator, matter="一起去看",
        hours=4, now=now,
    )  # fmt: skip
    call = UnitCall.objects.get(task=task, unit=here.city)
    said = f"问过蓝小河 {number}，值班 {OFFICE}"
    mustering.decline(call_id=call.id, called_at=call.called_at, actor=here.shi, text=said, now=now)
    page = as_(here.xu).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
    assert OFFICE in page and "问过" in page and number not in page and "蓝小河" not in page
    assert JointTask.objects.get().matter == "一起去看"


def test_who_took_a_report_down_has_served_the_case_into_which_it_was_merged(here: Place) -> None:
    first = here.report(here.hua, now=clock.now() - 5 * HOUR)
    second = Case.objects.get(pk=taken(here).received.case_id)
    assert parts_in(here.coordinator, second).took_down and not parts_in(here.coordinator, first).took_down
    triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=clock.now())
    first.refresh_from_db()
    assert parts_in(here.coordinator, first).took_down
    assert findings.may_find(here.coordinator, first, clock.now()).code == "hands_on_the_report"


class TestTooLong:
    """What nobody would read to its end is refused as it stands, and nothing of it is cut off."""

    def test_whatever_the_step(self, here: Place, case: Case) -> None:
        long, now = "长" * 2001, clock.now()
        handling.accept(case_id=case.id, actor=here.wei, now=now)
        with pytest.raises(TooLong) as refused:
            filing.hand_up(case_id=case.id, actor=here.wei, text=long, now=now)
        assert refused.value.field == "text" and refused.value.code == "text_too_long"
        filing.hand_up(case_id=case.id, actor=here.wei, text=long[1:], now=now)
        filing.file(case_id=case.id, actor=here.dispatcher, now=now)
        with pytest.raises(TooLong):
            splitting.split(
                part_id=new_id(), case_id=case.id, case_type=LITTER, actor=here.dispatcher, text=long, now=now
            )
        with pytest.raises(TooLong):
            dispatching.dispatch(case_id=case.id, unit_id=here.city.id, actor=here.dispatcher, brief=long, now=now)
        page = as_(here.dispatcher).post(
            f"/s/yunqiao/desk/{case.code}/split/", {"part": str(new_id()), "case_type": LITTER, "text": long}
        )
        assert page.status_code == 422 and long in page.content.decode()
        assert f'<option value="{LITTER}" selected="">' in page.content.decode()
        sent = {"unit": str(here.city.id), "helper": str(here.police.id), "brief": long}
        page = as_(here.dispatcher).post(f"/s/yunqiao/desk/{case.code}/dispatch/", sent)
        assert page.status_code == 422 and long in page.content.decode()
        assert f'name="helper" value="{here.police.id}" checked="" ' in page.content.decode()

    def test_nor_of_a_joint_task(self, here: Place, case: Case) -> None:
        now = clock.now()
        task = whistling.whistle(
            case_ids=[case.id], unit_ids=[here.city.id, here.police.id], actor=here.coordinator, matter="一起去看",
            hours=4, now=now,
        )  # fmt: skip
        call = UnitCall.objects.get(task=task, unit=here.police)
        with pytest.raises(TooLong):
            mustering.decline(call_id=call.id, called_at=call.called_at, actor=here.xu, text="忙" * 501, now=now)
        with pytest.raises(TooLong):
            ending.call_off(task_id=task.id, actor=here.coordinator, text="不" * 501, now=now)
        assert (
            mustering.decline(call_id=call.id, called_at=call.called_at, actor=here.xu, text="忙" * 500, now=now).excuse
            == "忙" * 500
        )

"""One thing sent several times in the same moment is once, and every try hears the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases.commands import counter, dispatching, filing, joining, retyping, splitting, working
from huipai.cases.commands.counter import TakenDown
from huipai.cases.commands.deeds import telling
from huipai.cases.commands.intake import NotThisId
from huipai.cases.models import Case, DeedStep, GoodDeed, Report, Slip, UnitRequest
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.streets.models import Street
from tests.cases.conftest import LITTER, PARKING, Place, settle
from tests.cases.hub import Hub
from tests.cases.test_alike import shown
from tests.cases.test_counter import calls
from tests.cases.test_deeds import told
from tests.cast import MONDAY
from tests.photos.conftest import folder
from tests.points.ledger import at_once

__all__ = ["folder"]
pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def here(in_yunqiao: Street) -> Place:
    return settle(in_yunqiao, 1)


def test_a_report_that_joins(here: Place) -> None:
    case = shown(here)
    sending = here.sending(here.photo(here.hua))
    join = lambda: joining.join(sending=sending, code=case.code, reporter=here.hua, now=MONDAY)  # noqa: E731
    came = at_once(here.street, *[join] * 4)
    assert len(set(map(str, came))) == 1 and came[0] == join()
    assert Report.objects.filter(case=case, reporter=here.hua).count() == 1


def test_somebody_at_the_counter_is_entered_once_and_the_last_code_counts(here: Place) -> None:
    sending = here.sending()
    came = at_once(
        here.street,
        *[
            lambda: counter.take_down(
                sending=sending, caller=calls(here), actor=here.coordinator, address="127.0.0.1", now=MONDAY
            )
        ]
        * 4,
    )
    taken = [one for one in came if isinstance(one, TakenDown)]
    assert len(taken) == 4 and {one.received for one in taken} == {taken[0].received}
    assert Person.objects.filter(name="王阿婆").count() == Report.objects.count() == 1
    slip = Slip.objects.get()
    assert [one.is_again for one in taken].count(False) == 1
    assert sum(counter.is_good(slip, one.slip_code) for one in taken) == 1


def test_a_part_that_is_split_off(here: Place) -> None:
    hub, form = Hub.with_a_case(here), new_id()
    hub.sent()
    split = lambda text, part_id=form: splitting.split(  # noqa: E731
        part_id=part_id, case_id=hub.case.id, case_type=PARKING, actor=here.dispatcher, text=text, now=MONDAY + HOUR
    )
    came = at_once(here.street, *[lambda: split("车归交警")] * 3)
    assert {one.id for one in came if isinstance(one, Case)} == {one.id for one in hub.case.parts.all()} == {form}
    with pytest.raises(splitting.SplitAlready):
        split("还有一辆，在西门")
    split("还有一辆，在西门", new_id())
    split("车归交警", new_id())
    assert hub.case.parts.count() == 3, "the words may be the same, the form is another"


def test_a_part_that_is_split_off_again_after_something_else(here: Place) -> None:
    hub, form = Hub.with_a_case(here), new_id()
    order = hub.sent()
    split = lambda now: splitting.split(  # noqa: E731
        part_id=form, case_id=hub.case.id, case_type=PARKING, actor=here.dispatcher, text="车归交警", now=now
    )
    first = split(MONDAY + HOUR)
    dispatching.recall(order_id=order.id, actor=here.dispatcher, text="换一家", now=MONDAY + 2 * HOUR)
    retyping.retype(case_id=first.id, case_type=LITTER, actor=here.dispatcher, text="", now=MONDAY + 3 * HOUR)
    assert split(MONDAY + 3 * HOUR) == first and hub.case.parts.count() == 1
    filing.void(case_id=first.id, actor=here.dispatcher, reason="test", text="不用了", now=MONDAY + 4 * HOUR)
    assert split(MONDAY + 5 * HOUR) == first and hub.case.parts.count() == 1
    other = here.report(here.hua, case_type=LITTER)
    with pytest.raises(splitting.SplitAlready):
        splitting.split(
            part_id=form, case_id=other.id, case_type=PARKING, actor=here.dispatcher, text="车归交警",
            now=MONDAY + 5 * HOUR,
        )  # fmt: skip


def test_a_good_deed(here: Place) -> None:
    deed = told(here, photos=here.photo_ids(here.lan))
    tell = lambda who=here.lan: telling.tell(told=deed, reporter=who, now=MONDAY)  # noqa: E731
    came = at_once(here.street, *[tell] * 4)
    assert came == [GoodDeed.objects.get()] * 4 and DeedStep.objects.count() == 1
    came = at_once(here.street, lambda: tell(here.hua), tell)
    assert isinstance(came[0], NotThisId) and came[1] == GoodDeed.objects.get()


def test_a_unit_that_asks_for_time(here: Place) -> None:
    hub = Hub.with_a_case(here)
    order = hub.signed()
    ask = lambda days=3: working.ask_extension(  # noqa: E731
        order_id=order.id, actor=here.shi, ground="weather", text="连着下雨", days=days, now=MONDAY + 2 * HOUR
    )
    came = at_once(here.street, *[ask] * 3)
    assert came == [UnitRequest.objects.get()] * 3
    with pytest.raises(Exception, match="新进展"):
        ask(5)

"""A whole is neither done nor over while a part that was split off is in hand, whoever says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huipai.cases import policies
from huipai.cases.commands import filing, handling, splitting, stepping, withdrawing
from huipai.cases.models import Case
from huipai.cases.words import State
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotVisible
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db
THEN = MONDAY + 2 * HOUR


def accepted(place: Place, case: Case) -> None:
    handling.accept(case_id=case.id, actor=place.wei, now=MONDAY + HOUR)


Deed = Callable[[Place, Case], object]
# What ends a whole, after what.
ENDS: dict[str, tuple[bool, Deed]] = {
    "done": (True, lambda p, c: handling.respond(case_id=c.id, actor=p.wei, text="好了", photo_ids=(), now=THEN)),
    "done on the spot": (
        False,
        lambda p, c: handling.handle_on_the_spot(case_id=c.id, actor=p.wei, text="好了", photo_ids=(), now=THEN),
    ),
    "declined": (True, lambda p, c: handling.decline(case_id=c.id, actor=p.wei, reason="not_seen", text="", now=THEN)),
    "not filed": (
        False,
        lambda p, c: filing.not_file(case_id=c.id, actor=p.dispatcher, reason="settled", text="没有了", now=THEN),
    ),
    "voided": (
        False,
        lambda p, c: filing.void(case_id=c.id, actor=p.dispatcher, reason="wrong_entry", text="记错了", now=THEN),
    ),
    "withdrawn": (False, lambda p, c: withdrawing.withdraw(case_id=c.id, actor=p.lan, now=THEN)),
}


@pytest.mark.parametrize("end", ENDS)
def test_not_while_a_part_is_open_and_then_as_ever(here: Place, end: str) -> None:
    is_accepted, deed = ENDS[end]
    hub = Hub.with_a_case(here, case_type=LITTER)
    if is_accepted:
        accepted(here, hub.case)
    part = splitting.split(
        part_id=new_id(),
        case_id=hub.case.id,
        case_type=LITTER,
        text="还有一处",
        actor=here.dispatcher,
        now=MONDAY + HOUR,
    )
    before = hub.fresh().state
    assert not policies.may_withdraw(here.lan, hub.case)
    with pytest.raises(stepping.PartsOpen) as refused:
        deed(here, hub.case)
    assert "分" in refused.value.reason and hub.fresh().state == before
    filing.void(case_id=part.id, actor=here.dispatcher, reason="wrong_entry", text="一起办了", now=MONDAY + HOUR)
    deed(here, hub.case)
    assert hub.fresh().state not in (before, State.REPORTED)


def test_of_a_part_there_is_no_report_to_take_back(here: Place) -> None:
    hub = Hub.with_a_case(here, case_type=LITTER)
    part = splitting.split(
        part_id=new_id(),
        case_id=hub.case.id,
        case_type=LITTER,
        text="还有一处",
        actor=here.dispatcher,
        now=MONDAY + HOUR,
    )
    filing.void(case_id=part.id, actor=here.dispatcher, reason="wrong_entry", text="不用办", now=MONDAY + HOUR)
    filing.ask_review(case_id=part.id, actor=here.lan, text="还在那里", now=THEN)
    part.refresh_from_db()
    assert part.state == State.VERIFYING and not policies.may_withdraw(here.lan, part)
    with pytest.raises(NotVisible):
        withdrawing.withdraw(case_id=part.id, actor=here.lan, now=THEN)

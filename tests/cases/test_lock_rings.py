"""Whoever works on a row keeps nobody from writing of it: keys never change, so no key waits for a step (0108)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from huipai.cases.commands import comments, dispatching, following, handling, splitting, working
from huipai.cases.commands.joint import whistling
from huipai.cases.models import Case, Check, Comment, WorkOrder
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed
from huipai.streets.models import Street
from tests.cases.conftest import LITTER, Place, settle
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import release
from tests.cast import MONDAY
from tests.photos.conftest import folder
from tests.points.ledger import at_once, until_another_waits

__all__ = ["folder"]
pytestmark = pytest.mark.django_db(transaction=True)
THEN = MONDAY + HOUR


@pytest.fixture
def here(in_yunqiao: Street) -> Place:
    return settle(in_yunqiao, 1)


def meet(here: Place, first: Callable[[], object], *others: Callable[[], object]) -> list[object]:
    """The first does its deed and comes to its commit when another waits, or when nobody does after a second."""
    is_done = threading.Event()

    def slowly() -> object:
        with transaction.atomic():
            came = first()
            is_done.set()
            until_another_waits()
        return came

    def after(other: Callable[[], object]) -> object:
        is_done.wait(10)
        return other()

    return at_once(here.street, slowly, *[lambda other=other: after(other) for other in others])


def a_part(here: Place) -> tuple[Case, Case, WorkOrder]:
    hub = Hub.with_a_case(here)
    part = splitting.split(
        part_id=new_id(), case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="分出", now=MONDAY
    )
    order = dispatching.dispatch(case_id=part.id, unit_id=here.city.id, actor=here.dispatcher, brief="", now=MONDAY)
    working.sign(order_id=order.id, actor=here.shi, now=MONDAY + HOUR / 2)
    return hub.case, part, order


def answered(here: Place, order: WorkOrder) -> Callable[[], object]:
    """A unit's answer moves the part twice in one transaction: the database looks up its whole once more at commit."""
    return lambda: working.respond(order_id=order.id, actor=here.shi, text="好了", photo_ids=(), now=THEN)


def test_a_part_that_is_answered_and_a_whistle_for_both(here: Place) -> None:
    whole, part, order = a_part(here)
    came = meet(
        here,
        answered(here, order),
        lambda: whistling.whistle(
            case_ids=[whole.id, part.id], unit_ids=[here.police.id, here.guard.id], actor=here.coordinator,
            matter="一起去看", hours=4, now=THEN,
        ),
    )  # fmt: skip
    assert not [one for one in came if isinstance(one, DatabaseError)], came


def test_a_part_that_is_answered_and_sent_back(here: Place) -> None:
    _whole, part, order = a_part(here)
    came = meet(
        here,
        answered(here, order),
        lambda: splitting.send_back(part_id=part.id, actor=here.dispatcher, text="还差", now=THEN),
    )
    assert not [one for one in came if isinstance(one, DatabaseError)], came


def test_whoever_follows_and_comments_at_once(here: Place) -> None:
    comments.open_in(node_id=here.town["C"].id, actor=here.coordinator, now=MONDAY)
    case = release(here, here.report())
    came = meet(
        here,
        lambda: following.follow(code=case.code, person=here.hua, now=THEN),
        lambda: comments.write(comment_id=new_id(), code=case.code, author=here.hua, text="早上又停满了", now=THEN),
    )
    assert not [one for one in came if isinstance(one, Exception)], came


def test_whoever_comments_while_they_are_drawn_to_check(here: Place) -> None:
    comments.open_in(node_id=here.town["C"].id, actor=here.coordinator, now=MONDAY)
    case = release(here, here.report())
    handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
    photos = here.photo_ids(here.wei)

    def comment(author: object) -> Callable[[], object]:
        return lambda: comments.write(
            comment_id=new_id(), code=case.code, author=author, text="早上又停满了", now=THEN  # type: ignore[arg-type]
        )  # fmt: skip

    came = meet(
        here,
        lambda: handling.respond(case_id=case.id, actor=here.wei, text="好了", photo_ids=photos, now=THEN),
        comment(here.qin),
        comment(here.bo),
    )
    # Whoever was drawn checks it as a stranger, and says nothing about it beside that.
    drawn = Check.objects.get(case=case).checker_id
    written = set(Comment.objects.values_list("author", flat=True))
    assert len([one for one in came if isinstance(one, NotAllowed)]) == 1, came
    assert written == {here.qin.id, here.bo.id} - {drawn}

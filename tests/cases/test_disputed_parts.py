"""A dispute about a part of a split case reaches who handles the part, and a stranger looks at it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cases import notices
from huipai.cases.commands import confirming, handling, splitting, stepping, working
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Check, Confirmation
from huipai.cases.order_words import OrderState
from huipai.cases.queries import orders
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Outcome, State
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.notices.models import Notice
from huipai.people.words import Role
from tests.cases.conftest import LITTER, Place, folder, here, settled, there
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cases.test_reporters_of_parts import split
from tests.cast import A_MONTH_AGO, MONDAY

__all__ = ["folder", "here", "settled", "there"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = MONDAY + DAY


def both_done(here: Place) -> tuple[Hub, Hub]:
    """A whole of the guard and a part of the city, both handled and found so: its reporter is asked."""
    whole = Hub.with_a_case(here, case_type=LITTER)
    part = Hub(here, split(here, whole.case))
    part.passed(part.responded(part.signed()))
    order = whole.signed(here.guard, here.ning)
    whole.passed(whole.responded(order, here.ning), now=MONDAY + 4 * HOUR)
    return whole, part


def said_not(whole: Hub, *parts: Hub) -> None:
    confirming.dispute(
        case_id=whole.case.id, actor=whole.place.lan, text="墙后面那堆还在", photo_ids=(), now=LATER,
        part_codes=tuple(part.case.code for part in parts),
    )  # fmt: skip


class TestAPartThatIsDone:
    def test_waits_for_what_is_said_of_the_whole_and_ends_with_it(self, here: Place) -> None:
        whole, part = both_done(here)
        assert (whole.fresh().state, part.fresh().state) == (State.CONFIRMING, State.CONFIRMING)
        assert not Confirmation.objects.filter(case=part.case).exists()
        confirming.confirm(case_id=whole.case.id, actor=here.lan, rating=5, text="", now=LATER)
        assert (part.fresh().state, part.case.outcome) == (State.CLOSED, Outcome.PART_DONE)
        order = part.case.orders.get()
        assert order.state == OrderState.DONE and order.ended_at == LATER

    def test_is_never_closed_as_unanswered(self, here: Place) -> None:
        _whole, part = both_done(here)
        assert confirming.close_unanswered(case_id=part.case.id, now=MONDAY + 30 * DAY) is None
        assert part.fresh().state == State.CONFIRMING

    def test_asks_its_reporter_nothing(self, here: Place) -> None:
        _whole, part = both_done(here)
        page = as_(here.lan).get(f"/s/yunqiao/mine/{part.case.code}/").content.decode()
        assert "这一份办好了" in page and page.count("待您确认") == 1, "of the whole, on the way to it"


class TestADispute:
    def test_that_names_a_part_takes_it_back_to_its_handler_under_the_same_clock(self, here: Place) -> None:
        whole, part = both_done(here)
        due = part.fresh().due_at
        said_not(whole, part)
        assert part.fresh().state == State.REOPENED and part.case.handler == here.shi
        order = orders.lead_of(part.case)
        assert order is not None and order.state == OrderState.SIGNED and order.unit == here.city
        assert due is not None and part.case.due_at is not None and part.case.due_at > due, (
            "the time between is not theirs"
        )
        page = as_(here.shi).get(f"/s/yunqiao/orders/{order.id}/").content.decode()
        assert "墙后面那堆还在" in page
        entry = Entry.objects.get(what=Fact.DISPUTED, subject=part.case.subject)
        notices.tell(entry_id=entry.id, now=LATER)
        assert Notice.objects.filter(subject=part.case.subject, person=here.shi).exists()

    def test_that_names_none_leaves_the_parts_as_they_are(self, here: Place) -> None:
        whole, part = both_done(here)
        said_not(whole)
        assert (whole.fresh().state, part.fresh().state) == (State.REOPENED, State.CONFIRMING)

    def test_that_names_none_is_read_by_the_hub_which_sends_the_part_back(self, here: Place) -> None:
        whole, part = both_done(here)
        with pytest.raises(NotNow):
            splitting.send_back(part_id=part.case.id, actor=here.dispatcher, text="墙后面", now=LATER)
        said_not(whole)
        for actor, text, refusal in (
            (here.wei, "墙后面", NotAllowed), (here.dispatcher, " ", handling.WordsMissing),
        ):  # fmt: skip
            with pytest.raises(refusal):
                splitting.send_back(part_id=part.case.id, actor=actor, text=text, now=LATER)
        desk = as_(here.dispatcher)
        for one, is_offered in ((part, True), (whole, False)):
            page = desk.get(f"/s/yunqiao/desk/?case={one.case.code}").content.decode()
            assert one.case.code in page and ("/part-return/" in page) == is_offered
        due = part.fresh().due_at
        for _twice in range(2):
            splitting.send_back(part_id=part.case.id, actor=here.dispatcher, text="墙后面那堆还在", now=LATER + HOUR)
        assert (part.fresh().state, part.case.round, part.case.handler) == (State.REOPENED, 2, here.shi)
        order = orders.lead_of(part.case)
        assert order is not None and order.state == OrderState.SIGNED and part.case.due_at > due
        assert "墙后面那堆还在" in as_(here.shi).get(f"/s/yunqiao/orders/{order.id}/").content.decode()
        notices.tell(entry_id=Entry.objects.get(what=Fact.PART_SENT_BACK).id, now=LATER + HOUR)
        assert Notice.objects.filter(subject=part.case.subject, person=here.shi).exists()
        mine = as_(here.lan).get(f"/s/yunqiao/mine/{part.case.code}/").content.decode()
        assert "退回去重办了" in mine and "墙后面那堆还在" not in mine

    def test_lets_the_whole_be_answered_only_when_a_stranger_has_found_the_part_done(self, here: Place) -> None:
        Assignment.objects.create(
            person=here.hua, role=Role.CHECKER, node=here.town["S"], valid_from=A_MONTH_AGO
        )  # fmt: skip
        whole, part = both_done(here)
        said_not(whole, part)
        order = orders.lead_of(whole.fresh())
        assert order is not None
        again = {"order_id": order.id, "actor": here.ning, "text": "好了", "photo_ids": ()}
        with pytest.raises(stepping.PartsOpen):
            working.respond(**again, now=LATER + HOUR)
        its_order = orders.lead_of(part.fresh())
        assert its_order is not None
        check = part.responded(its_order, now=LATER + HOUR)
        assert check.checker_id not in {here.lan.id, here.shi.id, here.ning.id}
        part.passed(check, now=LATER + 2 * HOUR)
        working.respond(**again, now=LATER + 3 * HOUR)
        assert (whole.fresh().state, part.fresh().state) == (State.CHECKING, State.CONFIRMING)
        assert Check.objects.filter(case=part.case).count() == 2

    def test_names_only_parts_that_are_done(self, here: Place) -> None:
        whole, _part = both_done(here)
        with pytest.raises(confirming.ResultMoved):
            confirming.dispute(
                case_id=whole.case.id, actor=here.lan, text="没有", photo_ids=(), now=LATER,
                part_codes=(whole.case.code,),
            )  # fmt: skip
        assert whole.fresh().state == State.CONFIRMING

    def test_offers_the_parts_on_its_page_and_takes_what_was_ticked(self, here: Place) -> None:
        whole, part = both_done(here)
        address = f"/s/yunqiao/cases/{whole.case.code}/dispute/"
        assert f'value="{part.case.code}"' in as_(here.lan).get(address).content.decode()
        answer = as_(here.lan).post(address, {"text": "还在", "part": [part.case.code], "round": "1"})
        assert answer.status_code == 302 and part.fresh().state == State.REOPENED


class TestTheDatabase:
    def test_lets_no_part_back_to_work_under_a_whole_that_is_answered(self, here: Place) -> None:
        _whole, part = both_done(here)
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=part.case.pk).update(state=State.REOPENED)

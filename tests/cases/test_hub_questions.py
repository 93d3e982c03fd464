"""A unit asks the reporter: answered, taken back, or without an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases import notices
from huipai.cases.commands import (
    asking,
)
from huipai.cases.fact_words import Fact
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from tests.cases.conftest import Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here)


class TestQuestions:
    def test_the_unit_asks_and_the_reporter_answers(self, hub: Hub) -> None:
        order = hub.signed()
        due = hub.fresh().due_at
        question = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点开始堵？", now=TUESDAY)
        again = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text=" 几点开始堵？", now=TUESDAY)
        assert again == question, "pressed twice is once"
        with pytest.raises(asking.AskedAlready):
            asking.ask(case_id=hub.case.id, actor=hub.place.dispatcher, text="在哪？", now=TUESDAY)
        with pytest.raises(NotVisible):
            asking.answer(question_id=question.id, actor=hub.place.hua, text="五点", now=TUESDAY)
        asking.answer(question_id=question.id, actor=hub.place.lan, text="五点", now=WEDNESDAY)
        with pytest.raises(NotNow):
            asking.answer(question_id=question.id, actor=hub.place.lan, text="六点", now=WEDNESDAY)
        assert hub.steps()[-2:] == [Action.ASK, Action.ANSWER] and hub.fresh().due_at == due

    def test_what_was_asked_by_mistake_is_taken_back_and_another_can_be_asked(self, hub: Hub) -> None:
        """Only one waits at a time: a wrong one does not silence everybody for three days."""
        order = hub.signed()
        due = hub.fresh().due_at
        wrong = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="您家几口人？", now=TUESDAY)
        with pytest.raises(NotAllowed):
            asking.take_back(question_id=wrong.id, actor=hub.place.ning, now=TUESDAY)
        for who in (hub.place.chief, hub.place.chief):
            asking.take_back(question_id=wrong.id, actor=who, now=TUESDAY + HOUR)
        assert hub.steps()[-2:] == [Action.ASK, Action.TAKE_BACK_QUESTION] and hub.fresh().due_at == due
        with pytest.raises(asking.QuestionMoved):
            asking.answer(question_id=wrong.id, actor=hub.place.lan, text="三口", now=TUESDAY + HOUR)
        entry = Entry.objects.get(what=Fact.QUESTION_TAKEN_BACK)
        notices.tell(entry_id=entry.id, now=TUESDAY + HOUR)
        told = set(Notice.objects.filter(subject__endswith=str(hub.case.id)).values_list("person__name", "kind"))
        assert (hub.place.lan.name, Fact.QUESTION_TAKEN_BACK) in told
        asked = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=TUESDAY + 2 * HOUR)
        asking.take_back(question_id=asked.id, actor=hub.place.dispatcher, now=TUESDAY + 3 * HOUR)
        with pytest.raises(asking.NothingToTakeBack):
            late = asking.ask(case_id=hub.case.id, actor=hub.place.dispatcher, text="在哪", now=TUESDAY + 4 * HOUR)
            asking.answer(question_id=late.id, actor=hub.place.lan, text="东门", now=TUESDAY + 5 * HOUR)
            asking.take_back(question_id=late.id, actor=hub.place.dispatcher, now=TUESDAY + 6 * HOUR)

    def test_is_taken_back_on_the_pages_of_whoever_works_on_it(self, hub: Hub) -> None:
        now = clock.now()
        hub = Hub.with_a_case(hub.place, now=now - 5 * HOUR)
        code = hub.case.code
        wei = asking.ask(case_id=hub.case.id, actor=hub.place.wei, text="在哪？", now=now - 4 * HOUR)
        case = f"/s/yunqiao/cases/{code}/"
        address = f"{case}question/{wei.id}/removal/"
        assert address in as_(hub.place.wei).get(case).content.decode()
        assert as_(hub.place.wei).post(address).status_code == 302
        assert "问您的那一句收回了" in as_(hub.place.lan).get(f"/s/yunqiao/mine/{code}/").content.decode()
        order = hub.signed(now=now - 3 * HOUR)
        theirs = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=now - 2 * HOUR)
        page = f"/s/yunqiao/orders/{order.id}/"
        address = f"{page}question/{theirs.id}/removal/"
        assert address in as_(hub.place.chief).get(page).content.decode()
        assert as_(hub.place.ning).post(address).status_code == 404
        assert as_(hub.place.chief).post(address).status_code == 302
        again = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=clock.now())
        desk = f"/s/yunqiao/desk/{code}/question-removal/"
        shown = as_(hub.place.dispatcher).get(f"/s/yunqiao/desk/?case={code}").content.decode()
        assert desk in shown
        assert as_(hub.place.dispatcher).post(desk, {"question": again.id}).status_code == 302
        again.refresh_from_db()
        assert again.closed_at is not None and not again.answer

    def test_silence_ends_it_and_work_goes_on(self, hub: Hub) -> None:
        question = asking.ask(case_id=hub.case.id, actor=hub.place.wei, text="在哪？", now=MONDAY)
        assert asking.lapse(question_id=question.id, now=TUESDAY) is None
        late = MONDAY + timedelta(days=3)
        assert asking.lapse(question_id=question.id, now=late) is not None
        assert asking.lapse(question_id=question.id, now=late) is None

    def test_done_it_is_of_no_interest_any_more(self, hub: Hub) -> None:
        order = hub.signed()
        question = asking.ask_for_unit(order_id=order.id, actor=hub.place.shi, text="几点？", now=MONDAY + 2 * HOUR)
        hub.responded(order, now=MONDAY + 3 * HOUR)
        with pytest.raises(NotNow):
            asking.answer(question_id=question.id, actor=hub.place.lan, text="五点", now=TUESDAY)

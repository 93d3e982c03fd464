"""到现场 and 答复居民: each marked once by who has the case, on its own clock; a time and never a place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases import telling_stages
from huipai.cases.commands import arriving, deciding, handling, noting, timing, working
from huipai.cases.models import CaseType, StageLimit, StageMark, WorkOrder
from huipai.cases.order_words import Stage
from huipai.cases.queries import proof
from huipai.cases.rules.machine import NotNow
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.streets.current import in_street
from huipai.web.dates import LOCAL
from huipai.workdays.words import Span, Unit
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cases.test_printing import words
from tests.cast import MONDAY, TUESDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
LIMITS = {Stage.ARRIVE: (2, Unit.WORK_HOURS), Stage.ANSWER: (1, Unit.WORKDAYS)}


@pytest.fixture(autouse=True)
def limits(here: Place) -> None:
    """What litter promises besides; parking promises nothing of the kind."""
    litter = CaseType.objects.get(code=LITTER)
    for stage, (amount, unit) in LIMITS.items():
        StageLimit.objects.create(case_type=litter, stage=stage, amount=amount, unit=unit)


class TestArriving:
    def test_is_said_by_who_has_it_once_and_measured_from_the_dispatch(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        order = hub.signed()
        for person, refusal in ((here.ning, NotVisible), (here.dispatcher, NotVisible)):
            with pytest.raises(refusal):
                arriving.arrive_for_unit(order_id=order.id, actor=person, now=MONDAY + 2 * HOUR)
        marks = [
            arriving.arrive_for_unit(order_id=order.id, actor=actor, now=MONDAY + hours * HOUR)
            for actor, hours in ((here.shi, 2), (here.chief, 9))
        ]
        order.refresh_from_db()
        assert marks[0] == marks[1] and marks[0].done_at == MONDAY + 2 * HOUR
        assert marks[0].began_at == order.clock_started_at
        assert marks[0].due_at == timing.until(order.clock_started_at, Span(2, Unit.WORK_HOURS))
        entry = Entry.objects.get(what="case.stage_marked")
        assert set(entry.facts) == {"mark", "stage", "order"} and list(proof.verify_cases(here.street)) == []
        with pytest.raises(IntegrityError), transaction.atomic():
            StageMark.objects.filter(pk=marks[0].pk).update(done_at=MONDAY)

    def test_is_not_before_the_signature_nor_where_nothing_is_promised(self, here: Place) -> None:
        order = Hub.with_a_case(here).sent()
        with pytest.raises(NotNow):
            arriving.arrive_for_unit(order_id=order.id, actor=here.shi, now=MONDAY + 2 * HOUR)
        parking = here.report(case_type=PARKING)
        handling.accept(case_id=parking.id, actor=here.wei, now=MONDAY)
        with pytest.raises(NotNow):
            arriving.arrive(case_id=parking.id, actor=here.wei, now=MONDAY + HOUR)
        assert not StageMark.objects.exists()

    def test_in_the_grid_it_is_the_workers_in_whose_hands_it_is(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        for person in (here.coordinator, here.lan):
            with pytest.raises(NotAllowed):
                arriving.arrive(case_id=case.id, actor=person, now=MONDAY)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
        mark = arriving.arrive(case_id=case.id, actor=here.wei, now=TUESDAY)
        assert mark.order is None and mark.due_at is not None and mark.done_at > mark.due_at
        page = as_(here.coordinator).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "到现场" in page and "晚了" in page


class TestAnswering:
    def test_is_the_first_word_to_the_reporter(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        order = hub.signed()
        noting.note_inside(case_id=hub.case.id, actor=here.dispatcher, text="先看看", now=MONDAY + 2 * HOUR)
        assert not StageMark.objects.exists()
        noting.tell_reporters(case_id=hub.case.id, actor=here.dispatcher, text="下午去", now=MONDAY + 3 * HOUR)
        working.respond(order_id=order.id, actor=here.shi, text="清走了", photo_ids=(), now=MONDAY + 4 * HOUR)
        mark = StageMark.objects.get(stage=Stage.ANSWER)
        assert (mark.done_at, mark.order_id) == (MONDAY + 3 * HOUR, order.id)

    def test_is_asked_for_by_the_day_that_was_promised_however_late_the_order_went_out(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        promised = hub.case.due_at
        assert promised is not None
        hub.sent(now=promised - HOUR)
        order = WorkOrder.objects.get(case=hub.case)
        [row] = telling_stages.rows(hub.fresh(), order, {Stage.ANSWER: Span(1, Unit.WORKDAYS)}, promised)
        assert row["due_at"] == hub.case.due_at == promised
        noting.tell_reporters(case_id=hub.case.id, actor=here.dispatcher, text="晚了", now=promised + 2 * HOUR)
        [row] = telling_stages.rows(hub.fresh(), order, {Stage.ANSWER: Span(1, Unit.WORKDAYS)}, promised + 2 * HOUR)
        assert row["due_at"] == promised < StageMark.objects.get(stage=Stage.ANSWER).done_at, "late is late once said"

    def test_or_the_response_itself(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=MONDAY + HOUR)
        # Who did it on the spot is there: that is not said twice.
        assert {mark.stage for mark in StageMark.objects.all()} == {Stage.ARRIVE, Stage.ANSWER}
        assert list(proof.verify_cases(here.street)) == []

    def test_counts_once_a_case_whoever_has_it_next(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        first = hub.signed()
        arriving.arrive_for_unit(order_id=first.id, actor=here.shi, now=MONDAY + 2 * HOUR)
        noting.tell_reporters(case_id=hub.case.id, actor=here.dispatcher, text="下午去", now=MONDAY + 3 * HOUR)
        hub.returned(first, here.shi, now=MONDAY + 4 * HOUR)
        noting.tell_reporters(case_id=hub.case.id, actor=here.dispatcher, text="换一家", now=MONDAY + 5 * HOUR)
        second = hub.signed(here.guard, here.ning, now=MONDAY + 6 * HOUR)
        arriving.arrive_for_unit(order_id=second.id, actor=here.ning, now=MONDAY + 7 * HOUR)
        working.respond(order_id=second.id, actor=here.ning, text="清走了", photo_ids=(), now=MONDAY + 8 * HOUR)
        marks = StageMark.objects.order_by("done_at").values_list("stage", "order")
        assert list(marks) == [(Stage.ARRIVE, first.id), (Stage.ANSWER, first.id), (Stage.ARRIVE, second.id)]
        # The unit that no longer has it gets the answer that it got then.
        again = arriving.arrive_for_unit(order_id=first.id, actor=here.shi, now=MONDAY + 9 * HOUR)
        assert again.done_at == MONDAY + 2 * HOUR and list(proof.verify_cases(here.street)) == []

    def test_no_word_after_the_end_counts(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="没看到", now=MONDAY + HOUR)
        noting.tell_reporters(case_id=case.id, actor=here.wei, text="再说一句", now=MONDAY + 2 * HOUR)
        assert not StageMark.objects.exists()

    def test_stands_still_with_the_clock(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        order = hub.signed()
        deciding.suspend(
            order_id=order.id, actor=here.dispatcher, ground="budget", text="等经费", now=MONDAY + 2 * HOUR,
            rests_until=MONDAY + timedelta(days=5),
        )  # fmt: skip
        with pytest.raises(NotNow):
            arriving.arrive_for_unit(order_id=order.id, actor=here.shi, now=MONDAY + 3 * HOUR)
        wednesday = MONDAY + timedelta(days=2)
        noting.tell_reporters(case_id=hub.case.id, actor=here.dispatcher, text="等经费到", now=wednesday)
        mark = StageMark.objects.get()
        assert mark.due_at is not None and mark.done_at < mark.due_at


class TestProof:
    def test_finds_a_mark_that_the_journal_does_not_know(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        StageMark.objects.create(
            case=case, stage=Stage.ARRIVE, part="worker", actor=here.wei, began_at=MONDAY, done_at=MONDAY
        )
        [found] = proof.verify_cases(here.street)
        assert found.table == "cases_stagemark"

    def test_and_one_that_the_journal_dates_otherwise(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
        mark = arriving.arrive(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE cases_stagemark DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE cases_stagemark SET done_at = began_at WHERE street_id = %s AND id = %s",
                [here.street.id, mark.id],
            )
            cursor.execute("ALTER TABLE cases_stagemark ENABLE TRIGGER USER")
        assert {found.table for found in proof.verify_cases(here.street)} == {"cases_stagemark"}


class TestPages:
    def test_offer_it_and_show_it_to_unit_desk_and_nobody_elses_street(self, here: Place, there: Place) -> None:
        hub = Hub.with_a_case(here, now=clock.now() - 2 * HOUR)
        order = hub.signed(now=clock.now() - HOUR)
        unit, page = as_(here.shi), f"/s/yunqiao/orders/{order.id}/"
        assert "到现场了" in unit.get(page).content.decode()
        assert [unit.post(f"{page}arrival/").status_code for _ in range(2)] == [302, 302]
        shown = unit.get(page).content.decode()
        assert "到现场了" not in shown and "按时" in shown
        desk = as_(here.dispatcher).get(f"/s/yunqiao/desk/?view=all&case={hub.case.code}").content.decode()
        assert "按时" in desk
        assert as_(here.ning).post(f"{page}arrival/").status_code == 404
        assert as_(here.hua).post(f"/s/yunqiao/cases/{hub.case.code}/arrival/").status_code == 404
        with in_street(there.street.id):
            assert as_(there.shi).post(f"/s/hetang/orders/{order.id}/arrival/").status_code == 404


class TestOnPaper:
    def test_the_file_says_when_somebody_came_and_when_the_resident_had_a_word(self, here: Place) -> None:
        hub = Hub.with_a_case(here, now=clock.now() - 80 * HOUR)
        order = hub.signed(now=clock.now() - 79 * HOUR)
        late = arriving.arrive_for_unit(order_id=order.id, actor=here.shi, now=clock.now() - HOUR)
        noting.tell_reporters(case_id=hub.case.id, actor=here.dispatcher, text="下午去", now=clock.now())
        returned = hub.returned(order, here.shi, now=clock.now())
        again = hub.signed(here.guard, here.ning, now=clock.now() - HOUR / 2)
        assert returned.ended_at is not None
        why = {"reason": "handover", "words": "移交给档案室"}
        case = words(as_(here.dispatcher).post(f"/s/yunqiao/cases/{hub.case.code}/print/", why).content)
        day = f"{late.done_at.astimezone(LOCAL):%Y-%m-%d%H:%M}"
        assert f"到现场（云桥城管中队）{day}，晚于时限" in case and "答复居民" in case
        own = words(as_(here.ning).post(f"/s/yunqiao/orders/{again.id}/print/", why).content)
        assert "到现场（" not in own and "云桥城管中队" not in own and "答复居民" in own

"""A part that was split off has the reporters of its whole: they neither handle nor check it, and nobody reads them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases import notices, policies, queries
from huipai.cases.commands import confirming, dispatching, filing, following, joining, splitting, triage, working
from huipai.cases.commands.joint import mustering, visiting, whistling
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Check, UnitCall
from huipai.cases.queries import checking, exports, orders, searching, today
from huipai.cases.queries.hub import Filter
from huipai.cases.search_statement import FOUND_BY
from huipai.grid import commands as grid
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.kit.verdict import Refused
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from tests.cases.conftest import LITTER, Place, folder, here, settled, there
from tests.cases.hub import HOUR, Hub
from tests.cases.joint import mustered
from tests.cases.showing import release
from tests.cases.test_pages import as_
from tests.cast import A_MONTH_AGO, MONDAY

__all__ = ["folder", "here", "settled", "there"]
pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def cut(here: Place, first: Person, second: Person | None = None) -> tuple[Case, Case]:
    """What they reported, and the part that the hub split off from it."""
    whole = here.report(first, case_type=LITTER, now=MONDAY)
    if second is not None:
        same = here.report(second, case_type=LITTER, now=MONDAY + MINUTE)
        triage.merge(case_id=same.id, into_id=whole.id, actor=here.dispatcher, now=MONDAY + 2 * MINUTE)
    return whole, split(here, whole)


def split(here: Place, whole: Case) -> Case:
    return splitting.split(
        part_id=new_id(),
        case_id=whole.id,
        case_type=LITTER,
        actor=here.dispatcher,
        text="分出去的一份",
        now=MONDAY + 3 * MINUTE,
    )


def sent(here: Place, part: Case, brief: str = "去") -> Hub:
    hub = Hub(here, part)
    dispatching.dispatch(
        case_id=part.id, unit_id=here.city.id, actor=here.dispatcher, brief=brief, now=MONDAY + HOUR
    )  # fmt: skip
    return hub


def answered(here: Place, part: Case) -> None:
    sent(here, part)
    order = orders.lead_of(Case.objects.get(pk=part.pk))
    assert order is not None
    working.sign(order_id=order.id, actor=here.shi, now=MONDAY + HOUR)
    working.respond(order_id=order.id, actor=here.shi, text="清走了", photo_ids=(), now=MONDAY + 2 * HOUR)


class TestWhoChecksAPart:
    def test_is_none_of_its_reporters_nor_of_their_home(self, here: Place) -> None:
        for person in (here.lan, here.bo):
            grid.move_in(person=person, household=here.town["H1"], at=A_MONTH_AGO, actor=None, now=A_MONTH_AGO)
        _whole, part = cut(here, here.lan, here.qin)
        assert checking.checker_pool(part, MONDAY + HOUR) == []

    def test_is_not_the_first_of_them_and_the_unit_is_answered(self, here: Place) -> None:
        """Whoever was drawn and is the reporter would be refused by the database: the answer would be lost."""
        Assignment.objects.filter(person=here.bo, role=Role.CHECKER).delete()
        _whole, part = cut(here, here.qin)
        answered(here, part)
        part.refresh_from_db()
        assert part.state == "responded" and not Check.objects.filter(case=part).exists()

    def test_neither_follows_the_whole_nor_comes_to_report_it(self, here: Place) -> None:
        whole = here.report(case_type=LITTER, now=MONDAY)
        release(here, whole, by=here.coordinator, now=MONDAY)
        following.follow(code=whole.code, person=here.qin, now=MONDAY)
        part = split(here, whole)
        answered(here, part)
        assert Check.objects.get(case=part).checker == here.bo
        same = here.sending(here.photo(here.bo), case_type=LITTER)
        with pytest.raises(Refused) as refused:
            joining.join(sending=same, code=whole.code, reporter=here.bo, now=MONDAY + 3 * HOUR)
        assert refused.value.code == "own_check"
        with pytest.raises(Refused):
            following.follow(code=whole.code, person=here.bo, now=MONDAY + 3 * HOUR)

    def test_is_nobody_whose_report_would_be_merged_into_the_whole(self, here: Place) -> None:
        whole, part = cut(here, here.lan)
        answered(here, part)
        drawn = Check.objects.get(case=part).checker
        same = here.report(drawn, case_type=LITTER, now=MONDAY + 2 * HOUR)
        with pytest.raises(Refused) as refused:
            triage.merge(case_id=same.id, into_id=whole.id, actor=here.dispatcher, now=MONDAY + 3 * HOUR)
        assert refused.value.code == "cannot_merge_into"


class TestWhoReportedTheWhole:
    def test_does_not_work_on_a_part_for_a_unit(self, here: Place) -> None:
        _whole, part = cut(here, here.lan, here.shi)
        with pytest.raises(Refused) as refused:
            answered(here, part)
        assert refused.value.code == "own_report"

    def test_decides_nothing_about_a_part_and_does_not_find_it_by_searching(self, here: Place) -> None:
        at = MONDAY + HOUR
        _whole, part = cut(here, here.lan, here.coordinator)
        for may in (policies.may_sort, policies.may_unmask, policies.may_print):
            assert may(here.coordinator, part, at).code == "own_report"
        assert part.id not in searching.search(here.coordinator, part.code, at).ids
        assert searching.search(here.dispatcher, part.code, at).ids == [part.id]
        page = as_(here.coordinator).get(f"/s/yunqiao/cases/{part.code}/").content.decode()
        assert "这件事不用发短信" in page and here.lan.name not in page, "the page of any reporter"

    def test_is_told_when_a_part_is_refused_and_asks_for_its_review_as_the_first_may(self, here: Place) -> None:
        whole, part = cut(here, here.lan, here.hua)
        filing.void(case_id=part.id, actor=here.dispatcher, reason="wrong_entry", text="看错了", now=MONDAY + HOUR)
        entry = Entry.objects.get(what=Fact.VOIDED, subject=part.subject)
        notices.tell(entry_id=entry.id, now=MONDAY + HOUR)
        told = Notice.objects.filter(subject=part.subject).values_list("person", flat=True)
        assert sorted(told) == sorted([here.lan.id, here.hua.id])
        assert as_(here.hua).get(f"/s/yunqiao/mine/{part.code}/").status_code == 200
        Hub(here, whole).passed(Hub(here, whole).responded(Hub(here, whole).signed()))
        for reporter in (here.lan, here.hua):
            confirming.confirm(case_id=whole.id, actor=reporter, rating=None, text="", now=MONDAY + 4 * HOUR)
        again = filing.ask_review(case_id=part.id, actor=here.hua, text="明明还有", now=MONDAY + DAY)
        assert again.goes_alone
        assert [report.reporter for report in queries.heard_reports(again)] == [here.hua], "who asked is asked"

    def test_does_not_keep_a_part_that_was_theirs_to_do(self, here: Place) -> None:
        at = MONDAY + HOUR
        whole = here.report(case_type=LITTER, now=MONDAY)
        release(here, whole, by=here.coordinator, now=MONDAY)
        part = split(here, whole)
        Case.objects.filter(pk=part.pk).update(state="reported", worker=here.wei)
        same = here.sending(here.photo(here.wei), case_type=LITTER)
        joining.join(sending=same, code=whole.code, reporter=here.wei, now=at)
        part.refresh_from_db()
        assert part.worker_id != here.wei.id
        assert part.code not in [row.code for row in today.Today(here.wei, at)[:20]]
        assert part not in today.today_of(here.wei, at)


class TestTheirNames:
    def test_are_struck_out_of_all_that_is_shown_of_a_part(self, here: Place) -> None:
        _whole, part = cut(here, here.lan, here.hua)
        sent(here, part, brief="找华小山开门，蓝小河也在")
        both = {here.lan.name, here.hua.name}
        part.refresh_from_db()
        assert both <= set(orders.names_to_hide(part))
        assert set(queries.reporters_names([part.code])[part.code]) == both
        [row] = orders.shelf(here.shi, orders.TO_DO, MONDAY + HOUR)
        assert both <= set(orders.names_to_hide(row.case))
        [table] = exports.cases(here.dispatcher, Filter(words=part.code), MONDAY + HOUR, most=1)
        assert [set(orders.names_to_hide(case)) for case in table] == [both]
        asked = {"street": here.street.id, "ids": [part.id]}
        [(_id, _text, names)] = hot.rows(FOUND_BY, asked)
        assert set(names) == both

    def test_are_in_no_result_of_a_joint_visit(self, here: Place) -> None:
        _whole, part = cut(here, here.lan, here.hua)
        task = whistling.whistle(
            case_ids=[part.id], unit_ids=[here.city.id, here.police.id], matter="一起看", hours=4,
            actor=here.coordinator,
            now=MONDAY + HOUR,
        )  # fmt: skip
        call = UnitCall.objects.get(task=task, unit=here.city)
        mustering.muster(call_id=call.id, envoy_id=here.shi.id, actor=here.shi, now=MONDAY + HOUR)
        at = MONDAY + 2 * HOUR
        visiting.convene(task_id=task.id, actor=here.coordinator, at=at, place="东门", now=MONDAY + HOUR)
        visiting.visit(
            task_id=task.id,
            actor=here.coordinator,
            text="看过",
            asked_of=mustered(),
            came=[call.id],
            photo_ids=(),
            now=at,
        )
        with pytest.raises(visiting.TellsTooMuch):
            visiting.resolve(
                task_id=task.id, actor=here.coordinator, text="华小山家门口清完了", photo_ids=(), now=at + HOUR
            )

"""Kinds of cases are data: changed with a reason, never backwards; out and in as a workbook; what is asked besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import strategies as st

from huipai.cases import type_forms
from huipai.cases.commands import filing, splitting, timing, types
from huipai.cases.commands.intake import QuestionOpen
from huipai.cases.fact_words import TypeFact
from huipai.cases.models import Case, CaseType, ReportAnswers
from huipai.cases.order_words import Stage
from huipai.cases.queries import types as read
from huipai.cases.rules import types as rules
from huipai.cases.rules.types import Question, Terms
from huipai.cases.type_words import ICONS, QuestionKind
from huipai.grid import commands as grid
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.web.icons import icon
from huipai.workdays.words import Span, Unit
from tests import cast
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import Hub
from tests.cases.test_pages import as_, form
from tests.cases.test_printing import WHY
from tests.cases.test_printing import words as words_of
from tests.cast import MONDAY, TUESDAY

HOUR = timedelta(hours=1)
BASE = "/s/yunqiao/types/"
SMELL = Question("smell", "有没有味道", QuestionKind.CHOICE, ("没有", "很大"))
FLOOR = Question("floor", "第几层", QuestionKind.NUMBER, is_required=True)
OPTIONS = st.lists(
    st.text("有没，,;； .（）打19", min_size=1, max_size=10).map(str.strip).filter(bool),
    min_size=2,
    max_size=5,
    unique=True,
)
NEW = Terms(code="noise", name="噪声扰民", handle=Span(4, Unit.URGENT_HOURS), hint="夜里施工", unit="U-city")


@pytest.fixture
def keeper(here: Place) -> Person:
    return cast.appoint(cast.staff("柯管理", "13900090001"), Role.SYSTEM_ADMIN)


def terms(code: str = LITTER) -> Terms:
    return read.book()[code]


def changed(keeper: Person, wanted: Terms, *, seen: int = 1, now: object = MONDAY) -> CaseType:
    return types.change(terms=wanted, seen=seen, reason="居民说太慢", actor=keeper, now=now)  # type: ignore[arg-type]


class TestChange:
    def test_holds_for_what_comes_in_from_now_on_and_for_nothing_before(self, here: Place, keeper: Person) -> None:
        old = here.report(case_type=LITTER)
        changed(
            keeper,
            replace(
                terms(),
                handle=Span(9, Unit.WORKDAYS),
                max_returns=0,
                stages=((Stage.SIGN, Span(1, Unit.URGENT_HOURS)),),
            ),
        )
        new = here.report(case_type=LITTER, now=MONDAY + HOUR)
        old, new = (Case.objects.select_related("case_type").get(pk=case.pk) for case in (old, new))
        assert (old.edition, new.edition) == (1, 2)
        assert (timing.limits_of(old.type_then)[Stage.HANDLE], timing.limits_of(new.type_then)[Stage.HANDLE]) == (
            Span(2, Unit.WORKDAYS), Span(9, Unit.WORKDAYS),
        )  # fmt: skip
        assert timing.limits_of(new.type_then)[Stage.SIGN] == Span(1, Unit.URGENT_HOURS)
        assert timing.limits_of(old.type_then)[Stage.SIGN] != Span(1, Unit.URGENT_HOURS)
        before = old.due_at
        timing.set_due(old)
        assert old.due_at == before and (old.type_then.max_returns, new.type_then.max_returns) == (2, 0)

    def test_an_order_sent_after_it_still_has_the_old_limit(self, here: Place, keeper: Person) -> None:
        hub = Hub.with_a_case(here)
        changed(keeper, replace(terms(), handle=Span(1, Unit.URGENT_HOURS)))
        order = hub.sent()
        assert order.due_at == timing.until(order.clock_started_at, Span(2, Unit.WORKDAYS))

    def test_is_an_edition_with_a_reason_in_the_history(self, here: Place, keeper: Person) -> None:
        changed(keeper, replace(terms(), closing_standard="扫干净"))
        newest, first = read.history(CaseType.objects.get(code=LITTER))
        assert (first.number, first.since, first.by) == (1, None, "")
        assert (newest.number, newest.by, newest.reason) == (2, "柯管理", "居民说太慢")
        assert [(one.field, one.before, one.after) for one in newest.changes] == [("closing_standard", "", "扫干净")]
        told = Entry.objects.get(what=TypeFact.CHANGED)
        assert told.facts == {"edition": 2, "pays": "", "fields": ["closing_standard"]}

    def test_twice_is_once_and_an_older_page_is_shown_again(self, here: Place, keeper: Person) -> None:
        wanted = replace(terms(), radius_m=80)
        changed(keeper, wanted)
        changed(keeper, wanted)
        assert CaseType.objects.get(code=LITTER).edition == 2
        with pytest.raises(types.TypesMoved):
            changed(keeper, replace(wanted, radius_m=90), seen=1)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"), ({"handle": Span(0, Unit.WORKDAYS)}, "handle"), ({"radius_m": 3}, "radius_m"),
            ({"unit": "U-nobody"}, "unit"), ({"point_item": "ox-99"}, "point_item"), ({"icon": "skull"}, "icon"),
            ({"check_share": Decimal("1.5")}, "check_share"), ({"national_code": "垃圾"}, "national_code"),
            ({"questions": (SMELL, SMELL)}, "questions"), ({"questions": (replace(SMELL, options=()),)}, "questions"),
            ({"questions": (replace(SMELL, options=("没有", "长" * 41)),)}, "questions"),
            ({"questions": (replace(SMELL, options=tuple("长" * 40 + str(n) for n in range(60))),)}, "questions"),
            ({"questions": (replace(SMELL, label="长" * 41),)}, "questions"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_by_its_field(
        self, here: Place, keeper: Person, wrong: dict[str, object], field: str
    ) -> None:
        with pytest.raises(types.TypeFault) as refused:
            changed(keeper, replace(terms(), **wrong))  # type: ignore[arg-type]
        assert refused.value.field == field and CaseType.objects.get(code=LITTER).edition == 1

    def test_needs_a_reason_and_the_system_administrator(self, here: Place, keeper: Person) -> None:
        with pytest.raises(types.WhyMissing):
            types.change(terms=replace(terms(), hint="成堆"), seen=1, reason=" ", actor=keeper, now=MONDAY)
        with pytest.raises(NotAllowed):
            changed(here.dispatcher, replace(terms(), hint="成堆"))

    def test_retired_nobody_chooses_it_and_what_runs_goes_on(self, here: Place, keeper: Person) -> None:
        hub = Hub.with_a_case(here)
        changed(keeper, replace(terms(), is_active=False))
        with pytest.raises(Exception, match="类别"):
            here.report(case_type=LITTER)
        hub.passed(hub.responded(hub.signed()))
        assert Entry.objects.filter(what=TypeFact.RETIRED).count() == 1
        changed(keeper, replace(terms(), is_active=True), seen=2)
        assert here.report(case_type=LITTER, now=TUESDAY).edition == 3

    def test_an_edition_is_never_changed(self, here: Place, keeper: Person) -> None:
        changed(keeper, replace(terms(), radius_m=80))
        for sql in ("UPDATE cases_casetypeedition SET number = 9", "DELETE FROM cases_casetypeedition"):
            with pytest.raises(Exception, match="append"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"{sql} WHERE street_id = %s" if "WHERE" not in sql else sql, [here.street.id])

    def test_a_new_kind_is_chosen_at_once_and_its_code_is_taken(self, here: Place, keeper: Person) -> None:
        types.add(terms=NEW, reason="夏天常有", actor=keeper, now=MONDAY)
        types.add(terms=NEW, reason="夏天常有", actor=keeper, now=MONDAY)
        assert here.report(case_type="noise").edition == 1
        with pytest.raises(types.CodeTaken):
            types.add(terms=replace(NEW, name="别的"), reason="x", actor=keeper, now=MONDAY)

    def test_a_part_split_off_is_of_the_edition_of_now(self, here: Place, keeper: Person) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        changed(keeper, replace(terms(), handle=Span(5, Unit.WORKDAYS)))
        filing.file(case_id=hub.case.id, actor=here.dispatcher, now=MONDAY)
        part = splitting.split(
            part_id=new_id(), case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="扫", now=MONDAY
        )
        assert part.edition == 2 and part.due_at == timing.until(MONDAY, Span(5, Unit.WORKDAYS))


class TestAsked:
    def ask(self, keeper: Person, *questions: Question) -> None:
        changed(keeper, replace(terms(), questions=questions))

    def test_what_was_answered_is_kept_with_its_edition(self, here: Place, keeper: Person) -> None:
        self.ask(keeper, SMELL, FLOOR)
        case = here.report(case_type=LITTER, answers=(("floor", "3"), ("smell", "很大"), ("other", "x")))
        changed(keeper, replace(terms(), questions=()), seen=2)
        assert ReportAnswers.objects.get().edition == 2
        assert [(one.label, one.words) for one in read.answers_of(case)] == [("有没有味道", "很大"), ("第几层", "3")]
        assert read.answers_by(here.hua, case) == []
        # On paper too, in the words of then.
        printed = words_of(as_(here.dispatcher).post(f"/s/yunqiao/cases/{case.code}/print/", WHY).content)
        assert "有没有味道很大" in printed and "第几层3" in printed

    @pytest.mark.parametrize("answers", [(), (("floor", "三"),), (("floor", "3"), ("smell", "也许"))])
    def test_what_is_needed_or_wrong_is_said_and_nothing_is_written(
        self, here: Place, keeper: Person, answers: tuple[tuple[str, str], ...]
    ) -> None:
        self.ask(keeper, SMELL, FLOOR)
        with pytest.raises(QuestionOpen) as refused:
            here.report(case_type=LITTER, answers=answers)
        assert refused.value.field in {"q-litter-floor", "q-litter-smell"} and not Case.objects.exists()

    def test_the_form_asks_and_keeps_what_was_typed(self, here: Place, keeper: Person) -> None:
        self.ask(keeper, SMELL, FLOOR)
        client = as_(here.lan)
        photo = here.photo(here.lan)
        sent = form(here, case_type=LITTER, photo_id=str(photo.id), **{"q-litter-smell": "很大"})
        page = client.post("/s/yunqiao/report/", sent)
        body = page.content.decode()
        assert page.status_code == 422 and "还要答一句：第几层" in body and 'href="#f-q-litter-floor"' in body
        assert "<option selected>很大" in body.replace('selected=""', "selected")
        done = client.post("/s/yunqiao/report/", {**sent, "q-litter-floor": "3"})
        assert done.status_code == 302 and ReportAnswers.objects.get().answers == {"smell": "很大", "floor": "3"}
        case = Case.objects.get()
        for person, sees in ((here.lan, True), (here.wei, True), (here.coordinator, True)):
            client = as_(person)
            assert ("第几层" in client.get(f"/s/yunqiao/cases/{case.code}/").content.decode()) is sees
        client = Client(HTTP_ACCEPT="text/html")
        assert "第几层" not in client.get(f"/s/yunqiao/c/{case.code}/").content.decode()
        assert "第几层" in client.get("/s/yunqiao/report/offline/").content.decode()


class TestPages:
    def test_a_question_that_is_added_gets_a_mark_that_none_has_and_no_word_of_it_is_cut(self) -> None:
        line = {"ask-0-key": "q1", "ask-0-label": " ", "ask-1-key": "q2", "ask-1-label": "几楼"}
        typed = {**line, "ask-2-label": "什么味道", "ask-2-kind": "choice", "ask-2-options": "没有、" + "长" * 41}
        kept, added = type_forms.questions_in(typed)
        assert (kept.key, added.key) == ("q2", "q3") and added.options[1] == "长" * 41
        kept, added = type_forms.questions_in({**line, "ask-0-key": "", "ask-0-label": "有没有味道"})
        assert (kept.key, added.key) == ("q1", "q2")
        added, kept = type_forms.questions_in({**line, "ask-0-key": "", "ask-0-label": "多大", "ask-1-key": "q1"})
        assert (added.key, kept.key) == ("q2", "q1")
        assert list(type_forms.questions_in({"ask-0-key": "q1", "ask-0-label": "", "ask-0-options": "有、没有"})) == []

    def test_the_form_changes_and_says_what_is_wrong(self, here: Place, keeper: Person) -> None:
        client = as_(keeper)
        page = client.get(f"{BASE}{LITTER}/change/")
        assert page.status_code == 200
        sent = {
            "seen": 1, "name": "垃圾没清", "handle_amount": 3, "handle_unit": "workdays", "radius_m": 30,
            "check_share": 80, "max_returns": 1, "position": 0, "icon": "trash", "is_public": "on", "reason": "试试",
            "sign_amount": 2, "sign_unit": "work_hours", "ask-0-label": "有没有味道", "ask-0-kind": "choice",
            "ask-0-options": "没有、有，很大",
        }  # fmt: skip
        bad = client.post(f"{BASE}{LITTER}/change/", {**sent, "reason": "", "ask-0-options": "没有"})
        assert bad.status_code == 422 and "有没有味道" in bad.content.decode()
        asked = client.post(f"{BASE}{LITTER}/change/", {**sent, "ask-0-label": " "}).content.decode()
        assert "还没有写问什么" in asked and asked.count("没有、有，很大") >= 2, "what was typed is in its line still"
        late = client.post(f"{BASE}{LITTER}/change/", {**sent, "arrive_amount": 8, "arrive_unit": "workdays"})
        assert late.status_code == 422 and "「到现场」比「办完」还长" in late.content.decode()
        double = client.post(f"{BASE}{LITTER}/change/", {**sent, "name": terms(PARKING).name})
        assert double.status_code == 422 and f"{PARKING} 已经叫「{terms(PARKING).name}」" in double.content.decode()
        assert client.post(f"{BASE}{LITTER}/change/", sent).status_code == 302
        now = terms()
        assert (now.handle, now.check_share, now.stages) == (
            Span(3, Unit.WORKDAYS), Decimal("0.80"), ((Stage.SIGN, Span(2, Unit.WORK_HOURS)),),
        )  # fmt: skip
        assert now.questions[0].options == ("没有", "有，很大") and now.questions[0].key == "q1"
        mine = {**sent, "name": "别的", "reason": "我也改"}
        stale = client.post(f"{BASE}{LITTER}/change/", mine)
        page_again = stale.content.decode()
        assert stale.status_code == 409 and 'value="别的"' in page_again and "别人改过这一类" in page_again
        # What the other changed stands beside it; sent once more with what the page holds it is taken.
        assert (
            '<dt class="font-semibold">办完时限</dt>' in page_again
            and "试试" in page_again
            and 'name="seen" value="2"' in page_again
        )
        assert client.post(f"{BASE}{LITTER}/change/", {**mine, "seen": 2}).status_code == 302
        half = client.post(f"{BASE}{LITTER}/change/", {**mine, "seen": 3, "check_share": "0.5"})
        assert half.status_code == 422 and 'value="0.5"' in half.content.decode()
        one = client.get(f"{BASE}{LITTER}/").content.decode()
        assert "第 2 版" in one and "试试" in one and "开通时就有" in one

    def test_is_taken_out_of_use_though_its_unit_is_closed(self, here: Place, keeper: Person) -> None:
        changed(keeper, replace(terms(), unit=here.city.code))
        grid.close_unit(unit_id=here.city.id, actor=keeper, now=MONDAY)
        assert as_(keeper).post(f"{BASE}{LITTER}/retirement/", {"seen": 2, "reason": "不归我们了"}).status_code == 302
        assert (terms().is_active, terms().unit) == (False, "")
        back = {"seen": 3, "reason": "又归我们了", "do": "back"}
        assert as_(keeper).post(f"{BASE}{LITTER}/retirement/", back).status_code == 302 and terms().is_active

    def test_who_sees_and_who_changes(self, here: Place, there: Place, keeper: Person) -> None:
        for person, sees, keeps in (
            (here.lan, 403, 403), (here.wei, 403, 403), (here.coordinator, 200, 403), (here.dispatcher, 200, 403),
            (keeper, 200, 200),
        ):  # fmt: skip
            client = as_(person)
            for path in ("", f"{LITTER}/", "excel/download/"):
                assert client.get(BASE + path).status_code == sees, (person.name, path)
            for path in ("new/", "excel/", f"{LITTER}/change/"):
                assert client.get(BASE + path).status_code == keeps, (person.name, path)
            assert client.post(f"{BASE}{LITTER}/retirement/", {"seen": 1}).status_code == (422 if keeps == 200 else 403)
            if keeps == 200:
                assert (
                    client.post(f"{BASE}{LITTER}/retirement/", {"seen": "9" * 6000, "reason": "换"}).status_code == 409
                )
        sheet = types.keep_sheet(wanted=read.book(), file_name="a.xlsx", actor=keeper, now=MONDAY)
        with in_street(there.street.id):
            stranger = cast.appoint(cast.staff("柯那边", "13900090002"), Role.SYSTEM_ADMIN)
            CaseType.objects.filter(code=PARKING).update(name="那边的")
        client = as_(stranger)
        assert client.get(f"/s/hetang/types/sheets/{sheet.id}/").status_code == 404
        assert client.get(f"/s/hetang/types/sheets/{sheet.id}/before/").status_code == 404
        assert client.get("/s/hetang/types/nobody/").status_code == 404
        assert terms(PARKING).name == "车辆乱停"

    def test_search_and_the_shelf_of_the_retired(self, here: Place, keeper: Person) -> None:
        changed(keeper, replace(terms(), is_active=False))
        client = as_(keeper)
        assert "垃圾没清" not in client.get(BASE).content.decode()
        assert "垃圾没清" in client.get(f"{BASE}?shelf=retired").content.decode()
        assert "没有找到" in client.get(f"{BASE}?q=zzz").content.decode()

    def test_the_list_asks_no_more_for_more_kinds(
        self, here: Place, keeper: Person, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        for number in range(20):
            CaseType.objects.create(code=f"k{number}", name=f"第{number}类", limit_amount=1, limit_unit="workdays")
        client = as_(keeper)
        client.get(BASE)
        with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
            client.get(BASE)


def test_every_picture_of_a_kind_is_drawn() -> None:
    assert all(icon(name) for name in ICONS)


def test_terms_survive_json() -> None:
    one = replace(NEW, questions=(SMELL, FLOOR), stages=((Stage.SIGN, Span(1, Unit.WORK_HOURS)),))
    assert Terms.of(one.plain()) == one and rules.differences(one, one) == []


class TestACorrectedTable:
    def test_brings_back_the_dates_that_a_wrong_one_pushed_into_a_year_unknown(self, here: Place) -> None:
        """A year of three holidays too few, or too many, and the limit ran past its end."""
        case = here.report(now=MONDAY)
        due = case.due_at
        assert due is not None
        Case.objects.filter(pk=case.pk).update(due_at=None, due_year=MONDAY.year + 1)
        assert timing.date_again(year=MONDAY.year, now=TUESDAY) == 1
        case.refresh_from_db()
        assert (case.due_at, case.due_year) == (due, None)
        assert timing.date_again(year=MONDAY.year, now=TUESDAY) == 0

"""Looking for cases in Chinese: number, words, parts of words; and never what the person who looks may not see."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.cases.commands import adding, correcting, filing, finding, handling, sealed, triage
from huipai.cases.commands.correcting import Correction
from huipai.cases.commands.locating import Where
from huipai.cases.commands.sealed import WholeNameOrNumber
from huipai.cases.models import Case, CaseType, Report, Searchable, WorkOrder
from huipai.cases.queries import searching
from huipai.cases.search_statement import BY_WORDS
from huipai.cases.words import PositionSource, ReportState
from huipai.grid.models import Assignment, GridNode
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
BASE = "/s/yunqiao/search/"


def found(person: Person, typed: str) -> list[str]:
    results = searching.search(person, typed, clock.now())
    return [one.code for one in searching.rows(results.ids)]


@pytest.fixture
def jam(here: Place) -> Case:
    return here.report(now=clock.now() - 2 * HOUR, text="三辆面包车堵住消防通道，轮椅过不去", address="柳溪路18号东门")


@pytest.fixture
def litter(here: Place) -> Case:
    return here.report(here.hua, now=clock.now() - HOUR, case_type=LITTER, text="垃圾桶满了没人清", address="西门")


class TestWhatIsFound:
    def test_words_wherever_they_stand(self, here: Place, jam: Case, litter: Case) -> None:
        for typed in (
            "消防通道",
            "东门 面包车",
            "堵",
            "柳溪路18号",
            "乱停",
            "轮椅过不去",
            "车辆乱停东门",
            jam.node.name,
        ):
            assert jam.code in found(here.dispatcher, typed), typed
        assert found(here.dispatcher, "消防") == [jam.code] and found(here.dispatcher, "桶") == [litter.code]
        assert found(here.dispatcher, "没有这种事") == [] == found(here.dispatcher, "，。")

    def test_the_number_first_then_all_words_then_parts(self, here: Place, jam: Case, litter: Case) -> None:
        assert found(here.dispatcher, jam.code.lower())[0] == jam.code
        other = here.report(now=clock.now(), text=f"和{jam.code}是同一件")
        assert found(here.dispatcher, jam.code) == [jam.code, other.code]
        results = searching.search(here.dispatcher, "消防通到", clock.now())
        assert [one.code for one in searching.rows(results.ids)] == [jam.code] and results.in_part_from == 0
        # Latest first among those that fit as a whole.
        assert found(here.dispatcher, "没")[:1] == [litter.code]

    def test_several_words_narrow_and_where_nothing_has_all_what_has_some_is_shown(
        self, here: Place, jam: Case, litter: Case
    ) -> None:
        oil = here.report(now=clock.now(), text=f"我是{here.lan.name}，面包车漏油", address="柳溪路20号")
        assert set(found(here.dispatcher, "面包车")) == {jam.code, oil.code}
        for typed in ("面包车 消防通道", "柳溪路 18号 面包车", f"轮椅 {jam.code}", "18号　轮椅"):
            results = searching.search(here.dispatcher, typed, clock.now())
            assert list(results.ids[: results.in_part_from]) == [jam.pk], typed
        some = searching.search(here.dispatcher, "垃圾桶 面包车 消防通道 大恐龙 长颈鹿", clock.now())
        assert some.in_part_from == 0 and list(some.ids) == [jam.pk, oil.pk, litter.pk], "most of the words first"
        page = as_(here.dispatcher).get(BASE, {"q": "漏油 大恐龙 长颈鹿"}).content.decode()
        assert "没有全对上的，这些有点像" in page and "<mark>漏油</mark>" in page
        assert found(here.dispatcher, f"{here.lan.name} 大恐龙") == [], "their own name finds nothing here"

    def test_a_sequence_number(self, here: Place, litter: Case) -> None:
        Hub(here, litter).sent(now=clock.now())
        litter.refresh_from_db()
        for typed in ("{}", "{}号", "第{}号", "第 {} 号"):
            assert found(here.dispatcher, typed.format(litter.number))[0] == litter.code
        assert found(here.dispatcher, "99999999999999") == []

    def test_what_was_corrected_moved_or_renamed_is_found_by_its_new_words(self, here: Place, jam: Case) -> None:
        photo = jam.photos.values_list("photo", flat=True)[0]
        correcting.correct(
            code=jam.code, actor=here.lan, now=clock.now(),
            correction=Correction("是卡车", Where(here.town.at(50, 50), PositionSource.PIN, None, "南门"), (photo,)),
        )  # fmt: skip
        assert found(here.dispatcher, "卡车") == found(here.dispatcher, "南门") == [jam.code]
        assert found(here.dispatcher, "面包车") == []
        CaseType.objects.filter(pk=jam.case_type_id).update(name="占道停放")
        GridNode.objects.filter(pk=jam.node_id).update(name="荷花微网格")
        assert found(here.dispatcher, "占道停放") == found(here.dispatcher, "荷花微网格") == [jam.code]

    def test_the_old_archive_is_found_month_by_month(self, here: Place, jam: Case) -> None:
        old = here.report(here.hua, now=clock.now() - timedelta(days=26), text="井盖松动")
        Searchable.objects.filter(pk=old.pk).update(
            reported_at=clock.now() - timedelta(days=900),
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_searchable SET grams = cases_grams(text) || cases_month_gram(street_id, reported_at)"
                " WHERE street_id = %s AND id = %s",
                [here.street.id, old.pk],
            )
        assert found(here.dispatcher, "井盖") == [old.code]
        assert len(list(searching._months(clock.now()))) >= 29

    def test_no_gram_of_the_database_differs_from_ours(self, here: Place, jam: Case) -> None:
        kept = Searchable.objects.get(pk=jam.pk)
        assert set(searching.grams_of(["消防通道", "面包车", "堵"])) <= set(kept.grams)
        assert kept.text == searching.plain(kept.text) and jam.code.lower() in kept.text


class TestWhoFindsIt:
    def test_only_in_ones_own_part_of_the_grid(self, here: Place, jam: Case) -> None:
        elsewhere = cast.staff("沈外人", "13900018001")
        Assignment.objects.create(
            person=elsewhere, role=Role.GRID_WORKER, node=here.town["M2"], valid_from=cast.A_MONTH_AGO
        )
        assert found(here.wei, "消防通道") == found(here.coordinator, "消防通道") == [jam.code]
        assert found(elsewhere, "消防通道") == [] == found(elsewhere, jam.code) == found(elsewhere, "消防通到")

    def test_never_by_the_words_of_another_reporter_of_ones_own_case(self, here: Place, jam: Case) -> None:
        Assignment.objects.create(
            person=here.lan, role=Role.COORDINATOR, node=here.town["C"], valid_from=cast.A_MONTH_AGO
        )
        assert found(here.lan, "消防通道") == []

    def test_nothing_of_another_street(self, here: Place, there: Place, jam: Case) -> None:
        with in_street(there.street.id):
            assert found(there.dispatcher, "消防通道") == []
            mine = there.report(now=clock.now(), text="消防通道上晒被子")
            assert found(there.dispatcher, "消防通道") == [mine.code]
        assert found(here.dispatcher, "消防通道") == [jam.code]

    @pytest.mark.parametrize(
        ("who", "status"),
        [("dispatcher", 200), ("coordinator", 200), ("wei", 200), ("lan", 403), ("shi", 403), ("qin", 403)],
    )
    def test_each_door_for_each_person(self, here: Place, jam: Case, who: str, status: int) -> None:
        answer = as_(getattr(here, who)).get(BASE, {"q": "消防通道"})
        assert answer.status_code == status and (jam.code in answer.content.decode()) is (status == 200)


class TestThePage:
    def test_marks_what_was_found_and_says_what_is_only_like_it(self, here: Place, jam: Case) -> None:
        browser = as_(here.dispatcher)
        page = browser.get(BASE, {"q": "消防通道"}).content.decode()
        assert "<mark>消防通道</mark>" in page and "找到 1 件" in page and here.lan.name not in page
        assert "这些有点像" in browser.get(BASE, {"q": "消防通到"}).content.decode()
        assert "没有找到“树倒了”" in browser.get(BASE, {"q": "树倒了"}).content.decode()
        assert (
            "<script>" not in browser.get(BASE, {"q": "<script>alert(1)</script>"}).content.decode().split("<main")[1]
        )

    def test_turns_pages_and_takes_a_fixed_number_of_queries(
        self, here: Place, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(4):
            here.report(now=clock.now() - number * HOUR, text=f"第 {number} 辆车乱停")
        monkeypatch.setattr("huipai.cases.pages.searching.PAGE", 3)
        browser = as_(here.dispatcher)
        browser.get(BASE, {"q": "乱停"})
        with django_assert_max_num_queries(17):
            first = browser.get(BASE, {"q": "乱停"}).content.decode()
        second = browser.get(BASE, {"q": "乱停", "page": "2"}).content.decode()
        assert first.count("card-lift") == 3 and second.count("card-lift") == 1 and "page=2" in first


class TestStruckOut:
    def test_finds_nothing_for_staff_as_it_is_not_shown_to_them(self, here: Place) -> None:
        said = "我是蓝小河 138 1234 5678，门口堆了沙发"
        case = here.report(now=clock.now(), text=said, address="东门，蓝小河家")
        for person in (here.wei, here.coordinator, here.dispatcher):
            for typed in ("蓝小河", "13812345678", "138 1234 5678", "蓝小河家", "13812345679"):
                assert case.code not in found(person, typed), typed
        for typed, is_there in (
            ("蓝小河", False),
            ("小河", False),
            ("138 1234 5678", False),
            ("东门", True),
            ("沙发", True),
        ):
            desk = as_(here.dispatcher).get("/s/yunqiao/desk/", {"view": "all", "q": typed}).content.decode()
            assert (case.code in desk) == is_there, typed
        for person in (here.wei, here.coordinator, here.dispatcher):
            for typed in ("沙发", "东门", "门口堆了"):
                assert case.code in found(person, typed), typed


class TestASecondReporter:
    SAID = "也看见了，压住了盲道，我是华小山 138 8888 0000"

    @pytest.fixture
    def seen_twice(self, here: Place) -> Case:
        """Lan reported it, Hua joined; a unit has it."""
        hub = Hub.with_a_case(here, now=clock.now() - 2 * HOUR, text="沙发堵了门口", address="蓝小河家楼下")
        second = here.report(here.hua, now=clock.now() - HOUR, text=self.SAID)
        triage.merge(case_id=second.id, into_id=hub.case.id, actor=here.wei, now=clock.now())
        hub.sent(now=clock.now())
        return hub.case

    def test_is_read_and_found_by_whoever_works_on_it_with_the_names_struck_out(
        self, here: Place, there: Place, seen_twice: Case
    ) -> None:
        code, order = seen_twice.code, WorkOrder.objects.get()
        for person in (here.wei, here.coordinator, here.dispatcher):
            assert found(person, "盲道") == found(person, "沙发 盲道") == [code]
            assert code not in found(person, "华小山") and code not in found(person, "13888880000")
            row = as_(person).get(BASE, {"q": "盲道"}).content.decode()
            assert "压住了<mark>盲道</mark>" in row and here.hua.name not in row
        for person, path in (
            (here.wei, f"cases/{code}/"), (here.dispatcher, f"desk/?view=all&case={code}"),
            (here.shi, f"orders/{order.id}/"),
        ):  # fmt: skip
            page = as_(person).get(f"/s/yunqiao/{path}").content.decode()
            assert "又有邻居说：「也看见了，压住了盲道" in page, path
            assert here.hua.name not in page and "8888 0000" not in page, path
        assert str(order.id) in as_(here.shi).get("/s/yunqiao/orders/", {"q": "盲道"}).content.decode()
        assert str(order.id) not in as_(here.shi).get("/s/yunqiao/orders/", {"q": "华小山"}).content.decode()
        with in_street(there.street.id):
            assert found(there.dispatcher, "盲道") == []

    def test_finds_their_own_words_and_the_first_reporter_theirs(self, here: Place, seen_twice: Case) -> None:
        for person, own, others in ((here.hua, "盲道", "沙发"), (here.lan, "沙发", "盲道")):
            client = as_(person)
            for typed, is_there in ((own, True), (others, False)):
                page = client.get("/s/yunqiao/mine/", {"q": typed}).content.decode()
                assert (f"/mine/{seen_twice.code}/" in page) is is_there, (person.name, typed)
            page = client.get(f"/s/yunqiao/mine/{seen_twice.code}/").content.decode()
            assert own in page and others not in page.split("走到哪一步")[0]

    def test_is_not_found_by_what_they_took_back(self, here: Place, seen_twice: Case) -> None:
        Report.objects.filter(reporter=here.hua).update(state=ReportState.WITHDRAWN)
        assert found(here.dispatcher, "盲道") == [] and found(here.dispatcher, "沙发") == [seen_twice.code]
        assert "盲道" not in as_(here.wei).get(f"/s/yunqiao/cases/{seen_twice.code}/").content.decode()


class TestUnits:
    def test_find_their_own_orders_and_nothing_by_who_reported(self, here: Place, there: Place) -> None:
        hub = Hub.with_a_case(here, now=clock.now() - HOUR, text="我是蓝小河 13800010000，门口堆了沙发")
        order = hub.sent(now=clock.now())
        page = "/s/yunqiao/orders/"
        assert str(order.id) in as_(here.shi).get(page, {"q": "沙发"}).content.decode()
        for typed in ("蓝小河", "13800010000", "小河", "8000"):
            assert str(order.id) not in as_(here.shi).get(page, {"q": typed}).content.decode(), typed
        assert str(order.id) not in as_(here.ning).get(page, {"q": "沙发"}).content.decode()
        number = Case.objects.get(pk=order.case_id).number
        for typed in (f"{number}", f"第 {number} 号", f"{number}号"):
            assert str(order.id) in as_(here.shi).get(page, {"q": typed}).content.decode(), typed
            assert str(order.id) not in as_(here.ning).get(page, {"q": typed}).content.decode()
            desk = as_(here.dispatcher).get("/s/yunqiao/desk/", {"view": "all", "q": typed}).content.decode()
            assert hub.case.code in desk, typed
        assert "没有找到" in as_(here.shi).get(page, {"q": "电线杆"}).content.decode()
        with in_street(there.street.id):
            assert searching.orders_found(there.shi, "沙发", clock.now()) == []


class TestByPerson:
    WHY = {"reason": "review", "words": "本人来电问进度"}

    def test_a_whole_name_or_number_with_a_reason_is_written_down(self, here: Place, jam: Case, litter: Case) -> None:
        assert here.lan.account is not None
        for who in (here.lan.name, "蓝 小河", str(here.lan.account.phone)):
            page = as_(here.dispatcher).post(BASE + "person/", {**self.WHY, "who": who}).content.decode()
            assert jam.code in page and litter.code not in page, who
        seen = Disclosure.objects.filter(kind=Kind.LOOKED_UP)
        assert seen.count() == 3 and set(seen.values_list("count", flat=True)) == {1}
        assert not any(here.lan.name in one.words + one.subject + one.about for one in seen)

    def test_a_part_of_a_name_finds_nobody(self, here: Place, jam: Case) -> None:
        for who in ("蓝", "1380001", ""):
            with pytest.raises(WholeNameOrNumber):
                sealed.look_up(actor=here.dispatcher, who=who, now=clock.now(), **self.WHY)
        assert sealed.look_up(actor=here.dispatcher, who="小河", now=clock.now(), **self.WHY).cases == []
        assert as_(here.dispatcher).post(BASE + "person/", {"who": "蓝小河"}).status_code == 422

    def test_not_by_who_works_on_cases_or_for_a_unit(self, here: Place, jam: Case) -> None:
        for person in (here.wei, here.shi, here.lan, here.qin):
            with pytest.raises(NotAllowed):
                sealed.look_up(actor=person, who=here.lan.name, now=clock.now(), **self.WHY)
            assert as_(person).get(BASE + "person/").status_code == 403


def test_what_was_written_without_triggers_is_indexed_afterwards(here: Place, jam: Case, litter: Case) -> None:
    Searchable.objects.filter(pk=jam.pk).delete()
    assert found(here.dispatcher, "消防通道") == []
    assert [*finding.index_the_rest()] == [1] and not [*finding.index_the_rest()]
    assert found(here.dispatcher, "消防通道") == [jam.code]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=30))
def test_grams_are_each_sign_and_each_pair(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_grams(%s)", [words])
        kept = cursor.fetchone()[0]
    assert len(kept) == len(set(kept)) and set(kept) == {*words, *map("".join, pairwise(words))}


def test_a_case_of_which_much_was_told_goes_on(here: Place) -> None:
    """With the square of its length it would run into the database's limit of a statement."""
    began = clock.now() - timedelta(days=3)
    texts = ["".join(chr(0x4E00 + (at * 7919 + part * 131) % 20000) for at in range(1990)) for part in range(11)]
    case = here.report(now=began, text=texts[0])
    handling.accept(case_id=case.id, actor=here.wei, now=began + HOUR)
    filing.hand_up(case_id=case.id, actor=here.wei, text="要单位办", now=began + 2 * HOUR)
    for number, text in enumerate(texts[1:]):
        at = began + timedelta(days=number // 5, hours=4, minutes=number)
        adding.add(addition_id=new_id(), case_id=case.id, actor=here.lan, text=text, photo_ids=(), now=at)
    filing.file(case_id=case.id, actor=here.dispatcher, now=clock.now())
    assert found(here.dispatcher, texts[10][700:712]) == [case.code]


def test_words_are_found_by_the_index_of_grams(here: Place, jam: Case) -> None:
    """At small size already."""
    asked = {
        "street": here.street.id, "areas": None, "person": here.dispatcher.pk, "words": ["消防通道"], "size": 20,
        "grams": searching.grams_of(["消防通道"]), "months": list(searching._months(clock.now())),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_searchable (id, street_id, text, grams, reported_at) SELECT gen_random_uuid(), %s, said,"
            " cases_grams(said) || cases_month_gram(%s, now()), now()"
            " FROM (SELECT '井盖 ' || n AS said FROM generate_series(1, 3000) AS n) AS many",
            [here.street.id, here.street.id],
        )
        cursor.execute("ANALYZE cases_searchable; SET LOCAL enable_seqscan = off")
        # What vacuum does: what was just written is not yet in the tree of the index, and dear to look through.
        cursor.execute("SELECT gin_clean_pending_list('cases_searchable_by_grams')")
        cursor.execute("EXPLAIN " + BY_WORDS, asked)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "cases_searchable_by_grams" in plan and "Seq Scan on cases_searchable" not in plan, plan

"""Doors of the main job: who gets which page, and what bad input gets."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huipai.cases.commands import checking, handling
from huipai.cases.models import Case, CaseType, Check, Report
from huipai.cases.words import PositionSource, State
from huipai.kit import clock
from huipai.kit.coordinates import Crs, Point, convert, distance_m
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.rules.claims import Claims
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, PARKING, SMALL, Place
from tests.photos import makers, samples

HOUR = timedelta(hours=1)


def as_(person: Person) -> Client:
    client = Client(HTTP_ACCEPT="text/html")
    assert person.account is not None
    client.force_login(person.account)
    return client


def form(place: Place, photo: object = None, **more: object) -> dict[str, object]:
    at = place.town.at(50, 50)
    return {
        "report_id": uuid4(), "case_type": PARKING, "lng": at.lng, "lat": at.lat, "crs": "wgs84",
        "position_source": "device", "photo_id": [str(photo)] if photo else [], "text": "东门堵了", **more,
    }  # fmt: skip


class TestReport:
    def test_lands_and_says_where(self, here: Place) -> None:
        lan = as_(here.lan)
        answer = lan.post("/s/yunqiao/report/", form(here, here.photo(here.lan).id), follow=True)
        assert "收到了，谢谢您" in answer.content.decode() and "落在M1" in answer.content.decode()

    def test_says_so_while_the_street_takes_nothing_yet(self, here: Place) -> None:
        CaseType.objects.update(is_active=False)
        page = as_(here.lan).get("/s/yunqiao/report/").content.decode()
        assert "这个街道还没开始收" in page and 'form="report"' not in page and "像是哪一类" not in page

    def test_a_double_press_makes_one_case(self, here: Place) -> None:
        lan, sent = as_(here.lan), form(here, here.photo(here.lan).id)
        assert [lan.post("/s/yunqiao/report/", sent).status_code for _ in range(2)] == [302, 302]
        assert Case.objects.count() == 1

    def test_what_is_changed_and_sent_once_more_is_offered_as_a_new_one(self, here: Place) -> None:
        lan, sent = as_(here.lan), form(here, here.photo(here.lan).id)
        lan.post("/s/yunqiao/report/", sent)
        answer = lan.post("/s/yunqiao/report/", {**sent, "text": "西门也堵了"})
        page, [photo] = answer.content.decode(), sent["photo_id"]
        assert answer.status_code == 409 and "刚才已经发过一件" in page and "西门也堵了" in page
        assert "照片已经用在上一件里" in page and f'value="{photo}"' not in page
        [again] = re.findall(r'name="report_id" value="([0-9a-f-]{36})"', page)
        assert again != str(sent["report_id"])
        new = {**sent, "report_id": again, "text": "西门也堵了", "photo_id": [str(here.photo(here.lan).id)]}
        assert lan.post("/s/yunqiao/report/", new).status_code == 302
        assert Case.objects.count() == 2

    def test_whoever_meets_the_id_of_anothers_hears_nothing_of_it(self, here: Place, there: Place) -> None:
        sent = form(here, here.photo(here.lan).id)
        as_(here.lan).post("/s/yunqiao/report/", sent)
        hers = form(here, here.photo(here.hua).id, report_id=sent["report_id"])
        with in_street(there.street.id):
            theirs = form(there, there.photo(there.hua).id, report_id=sent["report_id"])
        for who, street, tried in ((here.hua, "yunqiao", hers), (there.hua, "hetang", theirs)):
            answer = as_(who).post(f"/s/{street}/report/", tried)
            page = answer.content.decode()
            assert answer.status_code == 409 and "东门堵了" in page and str(tried["photo_id"][0]) in page
            assert "这一件没有收下。填的都在" in page and "已经" not in page.partition("<form")[0]
            [again] = re.findall(r'name="report_id" value="([0-9a-f-]{36})"', page)
            assert as_(who).post(f"/s/{street}/report/", {**tried, "report_id": again}).status_code == 302

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"photo_id": []}, "还没有照片，拍一张就好"),
            ({"lng": "", "lat": ""}, "还不知道在哪里：在图上点一下，或者从列表里选一处"),
            ({"lng": "121.5", "lat": "31.28"}, "位置在本街道以外，请挪到事发地点"),
            ({"case_type": "nonsense"}, "选一个最像的类别"),
            ({"photo_id": [str(uuid4())]}, "照片没传完整，再选一次"),
            ({"photo": SimpleUploadedFile("0.jpg", b"", "image/jpeg"), "photo_id": []}, "这个文件是空的，再选一次照片"),
        ],
    )
    def test_bad_input_gets_its_own_sentence_and_keeps_what_was_typed(
        self, here: Place, change: dict[str, object], sentence: str
    ) -> None:
        photo = here.photo(here.lan)
        answer = as_(here.lan).post("/s/yunqiao/report/", {**form(here, photo.id), **change})
        page = answer.content.decode()
        assert answer.status_code == 422 and sentence in page and "东门堵了" in page
        assert str(photo.id) in page or "photo_id" in change
        assert not Case.objects.exists()

    def test_without_a_map_a_place_is_chosen_by_its_name(self, here: Place, there: Place) -> None:
        lan, photo = as_(here.lan), here.photo(here.lan)
        nowhere = form(here, photo.id, lng="", lat="", position_source="", address="M1 B1 到 M2 之间")
        page = lan.post("/s/yunqiao/report/", nowhere).content.decode()
        assert page.count("<optgroup") == 2, "two ends are said: somebody has to choose"
        assert "和您写的像的" in page and ">M1 B1</option>" in page
        assert all(f">M{n}</option>" in page for n in range(1, 5)), "and every micro-grid"
        spot = re.findall(r'<option value="([^"]+)">M4<', page)[0]
        wrong = lan.post("/s/yunqiao/report/", {**nowhere, "case_type": "nonsense", "spot": spot}).content.decode()
        assert f'<option value="{spot}" selected="">' in wrong, "it stays chosen"
        assert (
            "收到了，谢谢您" in lan.post("/s/yunqiao/report/", {**nowhere, "spot": spot}, follow=True).content.decode()
        )
        report = Report.objects.get()
        assert (report.case.node.code, report.position_source) == ("M4", PositionSource.ADDRESS)
        assert lan.post("/s/yunqiao/report/", {**nowhere, "spot": "x,y"}).status_code == 422
        listed = lan.get("/s/yunqiao/map/spots/", {"address": "B1"}).content.decode()
        assert ">M1 B1</option>" in listed and spot in listed
        elsewhere = as_(there.lan).get("/s/hetang/map/spots/", {"address": "B1"}).content.decode()
        assert spot not in elsewhere and "optgroup" in elsewhere

    def test_the_place_in_a_photo_is_offered_without_a_script_and_never_taken_silently(self, here: Place) -> None:
        at, lan = here.town.at(150, 350), as_(here.lan)
        file = SimpleUploadedFile("1.jpg", samples.jpeg(cars=1, size=(320, 240), place=(at.lat, at.lng)), "image/jpeg")
        nowhere = form(here, lng="", lat="", position_source="")
        answer = lan.post("/s/yunqiao/report/", {**nowhere, "photo": file})
        page = answer.content.decode()
        assert answer.status_code == 422 and "照片里带着位置，填在下面了" in page and "归 C·M3" in page
        assert not Case.objects.exists()
        names = ("lng", "lat", "position_source", "photo_id")
        offered = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in names}  # type: ignore[index]
        assert "收到了，谢谢您" in lan.post("/s/yunqiao/report/", {**nowhere, **offered}, follow=True).content.decode()
        assert Report.objects.get().position_source == PositionSource.EXIF

    def test_somebody_elses_photo_is_not_taken(self, here: Place) -> None:
        answer = as_(here.lan).post("/s/yunqiao/report/", form(here, here.photo(here.hua).id))
        assert answer.status_code == 422 and not Case.objects.exists()

    def test_somebody_elses_id_gets_the_same_refusal_as_another_streets(self, here: Place, there: Place) -> None:
        sent = form(here, here.photo(here.lan).id)
        as_(here.lan).post("/s/yunqiao/report/", sent)
        again = as_(here.hua).post("/s/yunqiao/report/", {**sent, "photo_id": [str(here.photo(here.hua).id)]})
        assert again.status_code == 409 and Report.objects.count() == 1
        other = as_(here.lan).post("/s/yunqiao/report/", {**sent, "text": "别的"})
        assert other.status_code == 409

    def test_the_border_is_answered_on_purpose(self, here: Place) -> None:
        edge = here.town.at(200, 100)
        answer = as_(here.lan).post(
            "/s/yunqiao/report/", form(here, here.photo(here.lan).id, lng=edge.lng, lat=edge.lat), follow=True
        )
        case, first = Case.objects.get(), f"正好在网格的边上，先归{Case.objects.get().node.name}，网格员会看看归哪边"
        assert answer.status_code == 200 and case.placed == "border" and first in answer.content.decode()
        assert first in as_(here.lan).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        page = as_(here.wei).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "正好在网格的边上，去看看归哪边" in page and f"/cases/{case.code}/to-the-hub/" in page

    def test_the_hub_is_told_of_a_border_and_nobody_once_it_is_over(self, here: Place) -> None:
        case = here.report(at=here.town.at(200, 100), now=clock.now(), case_type=LITTER)
        looks = {here.lan: f"mine/{case.code}/", here.dispatcher: f"desk/?case={case.code}"}
        for person, path in looks.items():
            assert "正好在网格的边上" in as_(person).get(f"/s/yunqiao/{path}").content.decode()
        received = f"reports/{case.reports.get().id}/received/"
        handling.decline(case_id=case.id, actor=here.wei, reason="not_the_streets", text="不归街道管", now=clock.now())
        for person, path in (*looks.items(), (here.lan, received)):
            assert "网格的边上" not in as_(person).get(f"/s/yunqiao/{path}").content.decode()

    def test_nothing_is_said_of_a_border_inside_a_grid(self, here: Place) -> None:
        case = here.report(now=clock.now())
        for person in (here.lan, here.wei):
            assert "网格的边上" not in as_(person).get(f"/s/yunqiao/cases/{case.code}/").content.decode()

    def test_a_place_of_another_system_comes_back_in_it(self, here: Place) -> None:
        """Sent once more as it stands, it is where it was; the map shows it there too."""
        at = here.town.at(50, 50)
        lng, lat = convert(at.lng, at.lat, Crs.WGS84, Crs.GCJ02)
        sent = form(here, lng=lng, lat=lat, crs="gcj02")
        page = as_(here.lan).post("/s/yunqiao/report/", sent).content.decode()
        fields = {name: re.search(f'name="{name}" value="([^"]*)"', page) for name in ("lng", "lat", "crs")}
        again = {name: found[1] for name, found in fields.items() if found}
        assert again == {"lng": str(lng), "lat": str(lat), "crs": "gcj02"}
        drawn = re.search(r'data-map-pick .*data-lng="([^"]*)" data-lat="([^"]*)"', page)
        assert drawn and distance_m(Point(float(drawn[1]), float(drawn[2])), at) < 1
        as_(here.lan).post("/s/yunqiao/report/", {**sent, **again, "photo_id": [str(here.photo(here.lan).id)]})
        case = Case.objects.get()
        assert distance_m(Point(case.lng, case.lat), at) < 1

    @pytest.mark.parametrize("nonsense", ["nonsense", "", "'><script>"])
    def test_a_system_that_is_none_comes_back_as_the_maps(self, here: Place, nonsense: str) -> None:
        page = as_(here.lan).post("/s/yunqiao/report/", form(here, crs=nonsense)).content.decode()
        assert 'name="crs" value="wgs84"' in page


class TestWorker:
    def test_sees_today_and_takes_the_case(self, here: Place) -> None:
        case = here.report(now=clock.now())
        wei = as_(here.wei)
        assert case.code in wei.get("/s/yunqiao/today/").content.decode()
        page = wei.get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "我来办" in page and here.lan.name not in page and str(here.lan.id) not in page
        assert wei.post(f"/s/yunqiao/cases/{case.code}/acceptance/").status_code == 302
        case.refresh_from_db()
        assert case.state == State.ACCEPTED

    def test_needs_an_after_photo_where_the_standard_says_so(self, here: Place) -> None:
        case = here.report(now=clock.now())
        answer = as_(here.wei).post(f"/s/yunqiao/cases/{case.code}/response/", {"round": "1", "text": "挪走了"})
        assert answer.status_code == 422
        assert "这一类要拍一张办完以后的照片" in answer.content.decode() and "挪走了" in answer.content.decode()

    def test_needs_none_where_it_does_not(self, here: Place) -> None:
        case = here.report(now=clock.now(), case_type=LITTER)
        assert (
            as_(here.wei).post(f"/s/yunqiao/cases/{case.code}/response/", {"round": "1", "text": "扫了"}).status_code
            == 302
        )


class TestPhotosSentWithTheForm:
    """Without a script a photo comes with its form: one that is none gets its own sentence, and nothing is done."""

    @pytest.fixture
    def case(self, here: Place) -> Case:
        return here.report(now=clock.now(), case_type=LITTER)

    @staticmethod
    def broken(content: bytes = b"no picture") -> SimpleUploadedFile:
        return SimpleUploadedFile("after.jpg", content, content_type="image/jpeg")

    def test_a_response_with_a_file_that_is_no_picture(self, here: Place, case: Case) -> None:
        answer = as_(here.wei).post(
            f"/s/yunqiao/cases/{case.code}/response/", {"round": "1", "text": "扫了", "photo": self.broken()}
        )
        page = answer.content.decode()
        assert answer.status_code == 422 and "不是图片" in page and "扫了" in page
        case.refresh_from_db()
        assert case.state == State.REPORTED

    def test_a_dispute_and_a_check_too(self, here: Place, case: Case) -> None:
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=clock.now())
        check = Check.objects.get()
        empty = self.broken(b"")
        answer = as_(check.checker).post(f"/s/yunqiao/checks/{check.id}/", {"result": "passed", "photo": empty})
        assert answer.status_code == 422 and "空" in answer.content.decode()
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=clock.now())
        sent = {"round": "1", "text": "还在", "photo": self.broken()}
        answer = as_(here.lan).post(f"/s/yunqiao/cases/{case.code}/dispute/", sent)
        assert answer.status_code == 422 and "不是图片" in answer.content.decode()
        case.refresh_from_db()
        assert case.state == State.CONFIRMING

    def test_a_check_wants_a_result_and_a_rework_a_photo(self, here: Place, case: Case) -> None:
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=clock.now())
        check = Check.objects.get()
        checker, path = as_(check.checker), f"/s/yunqiao/checks/{check.id}/"
        photo = here.photo(check.checker).id
        for result in ("", "nonsense", "lapsed"):
            answer = checker.post(path, {"result": result, "text": "看过了，一切都好", "photo_id": str(photo)})
            page = answer.content.decode()
            assert answer.status_code == 422 and "选一选：通过，还是返工" in page and 'href="#result"' in page
            assert "看过了，一切都好" in page and str(photo) in page
        assert "返工要拍一张" in checker.get(path).content.decode()
        answer = checker.post(path, {"result": "rework", "text": "还有一堆"})
        assert answer.status_code == 422 and "返工要拍一张还差在哪里" in answer.content.decode()
        check.refresh_from_db()
        assert not check.result
        assert checker.post(path, {"result": "rework", "text": "还有一堆", "photo_id": str(photo)}).status_code == 302
        case.refresh_from_db()
        assert case.state == State.REWORK

    def test_words_on_a_look_that_went_to_another_can_be_copied(self, here: Place, case: Case) -> None:
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=clock.now())
        check = Check.objects.get()
        checker, path = as_(check.checker), f"/s/yunqiao/checks/{check.id}/"
        assert checking.redraw(check_id=check.id, now=check.due_at) is not None
        answer = checker.post(path, {"result": "rework", "text": "还有一堆纸箱", "photo_id": str(uuid4())})
        page = answer.content.decode()
        assert answer.status_code == 409 and "还有一堆纸箱" in page and "您刚才写的" in page
        assert "您拍的和写的都在" not in page and 'name="text"' not in page

    @pytest.mark.parametrize("rating", ["-1", "x", "99", "٣", "3.5"])
    def test_a_rating_that_is_none_closes_nothing_and_keeps_the_words(
        self, here: Place, case: Case, rating: str
    ) -> None:
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=clock.now())
        check = Check.objects.get()
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=clock.now())
        sent = {"round": "1", "rating": rating, "text": "谢谢师傅"}
        answer = as_(here.lan).post(f"/s/yunqiao/cases/{case.code}/confirmation/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422 and 'href="#pick-rating"' in page and "谢谢师傅" in page
        case.refresh_from_db()
        assert case.state == State.CONFIRMING

    def test_the_first_card_of_today_is_open(self, here: Place, case: Case) -> None:
        page = as_(here.wei).get("/s/yunqiao/today/").content.decode()
        assert f"/cases/{case.code}/response/" in page and f"/cases/{case.code}/refusal/" in page and "现场办完" in page

    def test_only_the_reporter_is_told_that_their_word_is_waited_for(self, here: Place, case: Case) -> None:
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=clock.now())
        check = Check.objects.get()
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=clock.now())
        for person in (here.wei, here.coordinator):
            page = as_(person).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
            assert "等上报人确认" in page and "待您确认" not in page
        desk = as_(here.coordinator).get("/s/yunqiao/desk/?view=all").content.decode()
        assert "待您确认" not in desk
        assert "待您确认" in as_(here.lan).get("/s/yunqiao/mine/").content.decode()

    def test_a_withdrawal_that_comes_too_late_leads_to_the_case(self, here: Place, case: Case) -> None:
        handling.accept(case_id=case.id, actor=here.wei, now=clock.now())
        answer = as_(here.lan).post(f"/s/yunqiao/cases/{case.code}/withdrawal/", follow=True)
        assert answer.redirect_chain[0][0].endswith(f"/cases/{case.code}/")
        assert answer.status_code == 200 and "刚刚有了新进展" in answer.content.decode()


class TestAccess:
    """Every page of a case × every role: own, a stranger's, another street's."""

    PAGES = ("", "response/", "refusal/", "confirmation/", "dispute/")

    def test_a_stranger_gets_404(self, here: Place) -> None:
        case = here.report()
        hua = as_(here.hua)
        for page in self.PAGES:
            assert hua.get(f"/s/yunqiao/cases/{case.code}/{page}").status_code == 404, page
        for act in ("acceptance/", "withdrawal/"):
            assert hua.post(f"/s/yunqiao/cases/{case.code}/{act}").status_code == 404, act

    def test_another_street_gets_404(self, here: Place, there: Place) -> None:
        case = here.report()
        for person in (there.wei, there.lan, there.coordinator):
            client = as_(person)
            for page in self.PAGES:
                assert client.get(f"/s/hetang/cases/{case.code}/{page}").status_code == 404
                assert client.get(f"/s/yunqiao/cases/{case.code}/{page}").status_code in {302, 404}

    def test_without_sign_in_one_is_asked_to_sign_in(self, here: Place) -> None:
        case = here.report()
        for path in ("report/", "mine/", "today/", "checks/", f"cases/{case.code}/"):
            answer = Client().get(f"/s/yunqiao/{path}")
            assert answer.status_code == 302 and "/s/yunqiao/sign-in/" in answer["Location"]

    def test_a_resident_has_no_today(self, here: Place) -> None:
        assert as_(here.lan).get("/s/yunqiao/today/").status_code == 403

    def test_the_reporter_is_nowhere_on_the_pages_of_those_who_work(self, here: Place) -> None:
        case = here.report()
        handling.handle_on_the_spot(
            case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=clock.now()
        )
        check = Check.objects.get()
        for person, path in (
            (here.wei, f"cases/{case.code}/"),
            (here.coordinator, f"cases/{case.code}/"),
            (check.checker, f"checks/{check.id}/"),
            (check.checker, f"cases/{case.code}/"),
        ):
            page = as_(person).get(f"/s/yunqiao/{path}").content.decode()
            assert str(here.lan.id) not in page and here.lan.account is not None
            assert str(here.lan.account.phone)[3:] not in page and f">{here.lan.name}<" not in page

    def test_a_check_is_for_whoever_was_drawn(self, here: Place) -> None:
        case = here.report()
        handling.handle_on_the_spot(
            case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=clock.now()
        )
        check = Check.objects.get()
        other = here.bo if check.checker == here.qin else here.qin
        for person in (here.lan, here.wei, other, here.coordinator):
            client = as_(person)
            assert client.get(f"/s/yunqiao/checks/{check.id}/").status_code == 404
            assert client.post(f"/s/yunqiao/checks/{check.id}/", {"result": "passed"}).status_code == 404
        assert as_(check.checker).get(f"/s/yunqiao/checks/{check.id}/").status_code == 200

    def test_what_is_not_released_is_not_public(self, here: Place) -> None:
        case = here.report()
        assert case.code not in Client().get("/s/yunqiao/nearby/").content.decode()
        assert Client().get(f"/s/yunqiao/nearby/{case.code}/").status_code == 404


class TestQueries:
    @pytest.mark.parametrize("count", [2, 6])
    def test_lists_ask_a_fixed_number(self, here: Place, count: int, django_assert_max_num_queries: object) -> None:
        for _ in range(count):
            here.report(now=clock.now())
        wei, lan = as_(here.wei), as_(here.lan)
        with django_assert_max_num_queries(14):  # type: ignore[operator]
            assert wei.get("/s/yunqiao/today/").status_code == 200
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert lan.get("/s/yunqiao/mine/").status_code == 200
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            assert lan.get("/s/yunqiao/").status_code == 200

    def test_home_reads_no_more_of_ones_own_than_it_shows(self, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        lan, read, from_db = as_(here.lan), [], Report.from_db

        def counted(*row: Any) -> Report:
            read.append(row)
            return from_db(*row)

        monkeypatch.setattr(Report, "from_db", counted)
        told = []
        for count in (6, 12):
            while Report.objects.count() < count:
                here.report(now=clock.now())
            read.clear()
            assert f"全部 {count} 件" in lan.get("/s/yunqiao/").content.decode()
            told.append(len(read))
        assert told[0] == told[1] > 0


def test_check_pages_lead_to_points_and_a_question(here: Place) -> None:
    case = here.report(now=clock.now())
    handling.handle_on_the_spot(
        case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=clock.now()
    )
    check = Check.objects.get()
    assert as_(check.checker).post(f"/s/yunqiao/checks/{check.id}/", {"result": "passed"}).status_code == 302
    lan = as_(here.lan)
    assert "您看，解决了吗？" in lan.get(f"/s/yunqiao/cases/{case.code}/").content.decode()
    assert lan.post(f"/s/yunqiao/cases/{case.code}/confirmation/", {"round": "1", "rating": "9"}).status_code == 422
    assert lan.post(f"/s/yunqiao/cases/{case.code}/confirmation/", {"round": "1", "rating": "5"}).status_code == 302
    # A second click leads on like the first; another answer comes too late.
    assert lan.post(f"/s/yunqiao/cases/{case.code}/confirmation/", {"round": "1", "rating": "5"}).status_code == 302
    assert lan.post(f"/s/yunqiao/cases/{case.code}/confirmation/", {"round": "1", "rating": "3"}).status_code == 409


class TestWhenAPhotoWasTaken:
    """A photo's own time is a claim: nobody goes by it, and whoever looks at an odd one is told."""

    def page(self, here: Place, taken_at: datetime | None) -> list[str]:
        now = clock.now()
        photo = makers.receive(uuid4(), here.lan, SMALL, claims=Claims(taken_at=taken_at), now=now)
        photos.process(photo_id=photo.id, now=now)
        case = Case.objects.get(pk=here.receive(here.sending(photo), here.lan, now).case_id)
        doors = {here.lan: f"mine/{case.code}/", here.wei: f"cases/{case.code}/"}
        return [as_(person).get(f"/s/yunqiao/{door}").content.decode() for person, door in doors.items()]

    @pytest.mark.parametrize("odd", [timedelta(days=-700), timedelta(hours=-25), timedelta(days=400)])
    def test_an_odd_time_is_said_to_reporter_and_worker(self, here: Place, odd: timedelta) -> None:
        assert all("照片上写着是" in page for page in self.page(here, clock.now() + odd))

    @pytest.mark.parametrize("usual", [None, timedelta(hours=-20)])
    def test_none_or_a_usual_one_is_not(self, here: Place, usual: timedelta | None) -> None:
        assert not any("照片上写着是" in page for page in self.page(here, usual and clock.now() + usual))

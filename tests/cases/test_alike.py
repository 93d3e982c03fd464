"""Before sending, and neighbours along: what is offered, joining it, following, still there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from huipai.cases import along
from huipai.cases.alike_statement import ALIKE
from huipai.cases.commands import checking, confirming, following, handling, intake, joining, triage, withdrawing
from huipai.cases.jobs import tell_followers
from huipai.cases.models import Case, CasePhoto, CaseType, Check, Confirmation, Follow, Report, Sighting
from huipai.cases.queries import checking as checks_read
from huipai.cases.queries import neighbours
from huipai.cases.rules.likeness import Sketch, likeness, pictures_alike, words_alike
from huipai.cases.words import ReportState
from huipai.config.wiring import FOLLOWERS
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.photos import commands as photos
from huipai.points.models import Account, Posting
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.test_outbox import REPORTS, phone
from tests.cases.test_pages import as_, form
from tests.cast import MONDAY, TUESDAY

HOUR = timedelta(hours=1)


def shown(place: Place, *, at: tuple[float, float] = (50, 50), **more: object) -> Case:
    """A case that neighbours may see: its photo was looked at and released."""
    case = place.report(at=place.town.at(*at), **more)
    release(place, case)
    return case


def release(place: Place, case: Case) -> None:
    for one in case.photos.select_related("photo"):
        photos.process(photo_id=one.photo_id, now=MONDAY)
        one.photo.refresh_from_db()
        photos.release(photo=one.photo, by=place.coordinator, copy_seen=one.photo.public_sha256, now=MONDAY)


def near(place: Place, east: float = 50, north: float = 50, case_type: str = PARKING) -> list[str]:
    """What is offered to somebody who stands there."""
    found = neighbours.alike(case_type, place.town.at(east, north), Sketch("", MONDAY))
    return [one.code for one in found]


def join(place: Place, case: Case, **more: object) -> intake.Received:
    hua = place.hua
    sending = place.sending(place.photo(hua), **more)  # type: ignore[arg-type]
    return joining.join(sending=sending, code=case.code, reporter=hua, now=MONDAY + HOUR)


def tell_twice() -> None:
    """What followers hear of everything that happened, each follower run twice, as a worker may."""
    for entry in Entry.objects.filter(what__in=along.TOLD):
        for _twice in range(2):
            along.tell(entry_id=entry.id, now=entry.happened_at)


class TestOffered:
    def test_an_open_public_case_of_the_same_type_within_its_radius_and_across_a_border(self, here: Place) -> None:
        case = shown(here, at=(195, 50))
        assert near(here, 205, 50) == [case.code]
        assert near(here, 195, 98) == [case.code] and near(here, 195, 102) == []
        assert near(here, 195, 50, LITTER) == []

    def test_the_radius_is_the_types_own(self, here: Place) -> None:
        CaseType.objects.filter(code=PARKING).update(radius_m=20)
        shown(here)
        assert near(here, 69, 50) and not near(here, 71, 50)

    def test_never_what_neighbours_may_not_see(self, here: Place) -> None:
        unreleased = here.report()
        private = shown(here, is_private=True)
        ended = shown(here)
        withdrawing.withdraw(case_id=ended.id, actor=here.lan, now=MONDAY)
        assert near(here) == [] and not private.is_public and not unreleased.ended_at

    def test_nor_anothers_street(self, here: Place, there: Place) -> None:
        shown(here)
        with in_street(there.street.id):
            assert neighbours.alike(PARKING, here.town.at(50, 50), Sketch("", MONDAY)) == []

    def test_at_most_three_the_likeliest_first(self, here: Place) -> None:
        cases = [
            shown(here, at=(50 + away, 50), text=text)
            for away, text in ((0, "别的"), (9, "东门堵车"), (18, ""), (27, ""))
        ]
        found = neighbours.alike(PARKING, here.town.at(50, 50), Sketch("东门堵车了", MONDAY))
        assert [one.code for one in found] == [cases[1].code, cases[0].code, cases[2].code]
        assert [round(one.metres) for one in found] == [9, 0, 18]

    def test_the_statement_reads_the_index_of_places(self, here: Place) -> None:
        shown(here)
        at = here.town.at(50, 50)
        values = {
            "street": here.street.id,
            "type": PARKING,
            "lng": at.lng,
            "lat": at.lat,
            "east": 95_000,
            "north": 110_000,
        }
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + ALIKE, values)
            assert "cases_shown_by_place" in "\n".join(row[0] for row in cursor.fetchall())


class TestLikeness:
    def test_is_from_nothing_to_all(self) -> None:
        mine = Sketch("东门堵车", MONDAY, (0b1010,))
        assert likeness(mine, mine, metres=0, radius=50) == pytest.approx(1)
        other = Sketch("", MONDAY - timedelta(days=60), (~0b1010 & (2**32 - 1),))
        assert likeness(mine, other, metres=50, radius=50) == 0

    def test_each_counts(self) -> None:
        mine = Sketch("东门堵车", MONDAY, (1,))
        base = likeness(mine, Sketch("", TUESDAY), metres=20, radius=50)
        assert likeness(mine, Sketch("", TUESDAY), metres=10, radius=50) > base
        assert likeness(mine, Sketch("东门又堵车", TUESDAY), metres=20, radius=50) > base
        assert likeness(mine, Sketch("", MONDAY), metres=20, radius=50) > base
        assert likeness(mine, Sketch("", TUESDAY, (3,)), metres=20, radius=50) > base

    def test_words_and_pictures(self) -> None:
        assert words_alike("东门，堵车", "东门堵车！") == 1 and words_alike("东", "东") == 0 == words_alike("", "东门")
        assert pictures_alike([], [1]) == 0 and pictures_alike([-1], [-1]) == 1 and pictures_alike([0, 7], [7]) == 1


class TestJoining:
    def test_adds_a_report_with_its_photo_and_makes_no_case(self, here: Place) -> None:
        case = shown(here)
        received = join(here, case, text="我也看见了")
        report = Report.objects.get(pk=received.report_id)
        assert (report.case, report.reporter, report.state) == (case, here.hua, ReportState.JOINED)
        assert Case.objects.count() == 1 and CasePhoto.objects.get(report=report).position == 2
        assert received.code == case.code

    def test_the_same_again_gets_the_stored_answer(self, here: Place) -> None:
        case = shown(here)
        sending = here.sending(here.photo(here.hua))
        first, again = (joining.join(sending=sending, code=case.code, reporter=here.hua, now=MONDAY) for _ in range(2))
        assert first == again and Report.objects.count() == 2
        with pytest.raises(intake.NotThisId):
            joining.join(sending=replace(sending, text="别的"), code=case.code, reporter=here.hua, now=MONDAY)
        with pytest.raises(intake.NotThisId):
            here.receive(sending, here.hua)

    def test_somebody_elses_id_and_photo_are_refused(self, here: Place) -> None:
        case = shown(here)
        first = case.reports.get()
        sending = here.sending(here.photo(here.hua))
        with pytest.raises(intake.NotThisId):
            joining.join(sending=replace(sending, report_id=first.id), code=case.code, reporter=here.hua, now=MONDAY)
        with pytest.raises(intake.stepping.PhotoMissing):
            joining.join(sending=here.sending(here.photo(here.lan)), code=case.code, reporter=here.hua, now=MONDAY)
        assert Report.objects.count() == 1

    def test_what_ended_or_is_not_shown_is_refused_in_one_sentence(self, here: Place, there: Place) -> None:
        ended, unseen = shown(here), here.report()
        withdrawing.withdraw(case_id=ended.id, actor=here.lan, now=MONDAY)
        with in_street(there.street.id):
            elsewhere = shown(there)
        for case in (ended, unseen, elsewhere):
            with pytest.raises(joining.NoLongerOpen):
                join(here, case)

    def test_only_what_would_be_offered_is_joined_and_the_rest_may_be_its_own(self, here: Place) -> None:
        """A stranger to it could else dispute every result of the street; following asks for neither."""
        case = shown(here, case_type=LITTER)
        hua = here.hua
        for kind, away in ((PARKING, 0), (LITTER, 51), (LITTER, 120)):
            sent = form(here, here.photo(hua).id, case_type=kind, same=case.code)
            at = here.town.at(50 + away, 50)
            answer = as_(hua).post("/s/yunqiao/report/", {**sent, "lng": at.lng, "lat": at.lat})
            page = answer.content.decode()
            assert answer.status_code == 422 and "不能跟着报" in page and "东门堵了" in page
            kept = phone(here, hua).post(REPORTS, {**sent, "lng": at.lng, "lat": at.lat})
            assert (kept.status_code, kept.json()["error"]) == (422, "not_the_same")
        assert not Report.objects.filter(reporter=hua).exists()
        following.follow(code=case.code, person=hua, now=MONDAY + HOUR)
        near = here.town.at(50 + 49, 50)  # the radius of the kind is 30 m, and a phone stands 20 m off
        sent = form(here, here.photo(hua).id, case_type=LITTER, same=case.code, lng=near.lng, lat=near.lat)
        assert phone(here, hua).post(REPORTS, sent).status_code == 200
        assert Report.objects.get(reporter=hua).case_id == case.id

    def test_nobody_becomes_two_of_the_three(self, here: Place) -> None:
        case = shown(here, case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=MONDAY + HOUR)
        check = Check.objects.get(case=case)
        for person in (here.wei, check.checker):
            with pytest.raises(NotAllowed):
                sending = here.sending(here.photo(person))
                joining.join(sending=sending, code=case.code, reporter=person, now=MONDAY + 2 * HOUR)

    def test_each_reporter_is_asked_and_only_the_first_earns(self, here: Place) -> None:
        case = shown(here)
        join(here, case)
        after = here.photo_ids(here.wei)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="挪走了", photo_ids=after, now=MONDAY + HOUR)
        check = Check.objects.get(case=case)
        assert check.checker not in (here.lan, here.hua)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
        asked = set(Confirmation.objects.filter(case=case).values_list("report__reporter_id", flat=True))
        assert asked == {here.lan.id, here.hua.id}
        assert not Account.objects.filter(person=here.hua).exists() and Posting.objects.count() == 1
        confirming.confirm(case_id=case.id, actor=here.hua, rating=5, text="", now=MONDAY + 3 * HOUR)
        assert Case.objects.get().state == "confirming"

    def test_a_worker_who_joins_does_not_handle_it(self, here: Place) -> None:
        case = shown(here)
        assert case.worker == here.wei
        sending = here.sending(here.photo(here.wei))
        joining.join(sending=sending, code=case.code, reporter=here.wei, now=MONDAY + HOUR)
        case.refresh_from_db()
        assert case.worker is None

    def test_the_first_one_takes_back_nothing_that_others_wait_for(self, here: Place) -> None:
        case = shown(here)
        join(here, case)
        with pytest.raises(NotAllowed, match="别人也报了"):
            withdrawing.withdraw(case_id=case.id, actor=here.lan, now=MONDAY + 2 * HOUR)

    def test_a_neighbours_words_and_photos_stay_theirs(self, here: Place) -> None:
        case = shown(here, text="我家三楼看见的", address="3 幢 301")
        hidden = here.photo(here.lan)
        CasePhoto.objects.create(case=case, photo=hidden, report=case.reports.get(), moment="before", position=5)
        photos.process(photo_id=hidden.id, now=MONDAY)
        join(here, case, text="我也看见了")
        page = as_(here.hua).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "我也看见了" in page and "幢 301" not in page and "三楼" not in page and str(hidden.id) not in page
        assert "幢 301" not in as_(here.hua).get("/s/yunqiao/mine/").content.decode()
        worker = as_(here.wei).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "幢 301" in worker and str(hidden.id) in worker


class TestDoor:
    PATH = "/s/yunqiao/report/alike/"

    def ask(self, place: Place, person: object = None, **more: object) -> object:
        at = place.town.at(60, 50)
        asked = {"case_type": PARKING, "lng": at.lng, "lat": at.lat, **more}
        return as_(person or place.hua).post(self.PATH, asked)  # type: ignore[arg-type]

    def test_shows_photo_distance_and_where_it_stands_and_nobody(self, here: Place) -> None:
        case = shown(here, text="我家三楼看见的", address="3 幢 G301")
        page = self.ask(here).content.decode()  # type: ignore[attr-defined]
        assert "离您 10 米" in page and "是同一件，我也跟着" in page and case.code in page and "已收到" in page
        for secret in (here.lan.name, str(here.lan.id), "G301", "三楼"):
            assert secret not in page

    def test_nothing_there_and_nonsense_are_nothing_to_show(self, here: Place) -> None:
        assert self.ask(here).status_code == 204  # type: ignore[attr-defined]
        assert self.ask(here, lng="x").status_code == 204  # type: ignore[attr-defined]

    def test_the_longest_text_is_compared_and_nothing_is_asked_in_an_address(self, here: Place) -> None:
        shown(here)
        assert self.ask(here, text="堵" * 2000).status_code == 200  # type: ignore[attr-defined]
        assert as_(here.hua).get(self.PATH, {"case_type": PARKING}).status_code == 405
        stranger = Client(enforce_csrf_checks=True)
        stranger.cookies = as_(here.hua).cookies
        assert stranger.post(self.PATH, {"case_type": PARKING}).status_code == 403

    def test_ones_own_is_not_offered(self, here: Place) -> None:
        shown(here)
        assert self.ask(here, here.lan).status_code == 204  # type: ignore[attr-defined]

    def test_a_phone_sends_it_along_once(self, here: Place) -> None:
        case = shown(here)
        hua, sent = phone(here, here.hua), form(here, here.photo(here.hua).id, same=case.code)
        first, again = (hua.post(REPORTS, sent).json() for _ in range(2))
        assert first == again and first["code"] == case.code and Case.objects.count() == 1

    def test_without_a_script_the_question_comes_before_the_report(self, here: Place) -> None:
        case = shown(here)
        hua, photo = as_(here.hua), here.photo(here.hua)
        sent = form(here, photo.id, ask_first="on")
        question = hua.post("/s/yunqiao/report/", sent)
        page = question.content.decode()
        assert "是同一件事吗？" in page and str(photo.id) in page and "东门堵了" in page and Report.objects.count() == 1
        assert hua.post("/s/yunqiao/report/", {**sent, "same": case.code}).status_code == 302
        assert Case.objects.count() == 1 and Report.objects.count() == 2
        other = form(here, here.photo(here.hua).id, ask_first="on", not_same="on")
        assert hua.post("/s/yunqiao/report/", other).status_code == 302 and Case.objects.count() == 2

    def test_one_that_ended_meanwhile_is_said_and_everything_is_kept(self, here: Place) -> None:
        case = shown(here)
        withdrawing.withdraw(case_id=case.id, actor=here.lan, now=MONDAY)
        sent = form(here, here.photo(here.hua).id, same=case.code)
        answer = as_(here.hua).post("/s/yunqiao/report/", sent)
        assert answer.status_code == 409 and "东门堵了" in answer.content.decode()


class TestFollowing:
    def test_each_step_is_told_once_and_the_reporter_as_such(self, here: Place) -> None:
        case = shown(here)
        for person in (here.hua, here.lan, here.hua):
            following.follow(code=case.code, person=person, now=MONDAY)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        tell_twice()
        handling.decline(case_id=case.id, actor=here.wei, reason="not_the_streets", text="", now=MONDAY + 2 * HOUR)
        tell_twice()
        told = [(notice.person, str(notice.wording.title)) for notice in Notice.objects.order_by("created_at")]
        assert told == [(here.hua, "您跟着的事，网格员接下了"), (here.hua, "您跟着的事，这次没受理")]
        assert Follow.objects.count() == 2
        assert all(tell_followers in FOLLOWERS[fact] for fact in along.TOLD)

    def test_who_left_is_told_nothing(self, here: Place) -> None:
        case = shown(here)
        following.follow(code=case.code, person=here.hua, now=MONDAY)
        for _ in range(2):
            following.unfollow(code=case.code, person=here.hua, now=MONDAY)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        tell_twice()
        assert not Notice.objects.filter(person=here.hua).exists()

    def test_a_follower_is_never_drawn_to_check_and_earns_nothing(self, here: Place) -> None:
        case = shown(here)
        case.handler = here.wei
        assert here.qin.id in checks_read.checker_pool(case, MONDAY)
        following.follow(code=case.code, person=here.qin, now=MONDAY)
        assert here.qin.id not in checks_read.checker_pool(case, MONDAY)
        assert not Posting.objects.exists()

    def test_who_was_drawn_cannot_follow(self, here: Place) -> None:
        case = shown(here, case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="扫了", photo_ids=(), now=MONDAY + HOUR)
        with pytest.raises(NotAllowed):
            following.follow(code=case.code, person=Check.objects.get().checker, now=MONDAY + HOUR)

    def test_only_what_neighbours_may_see(self, here: Place, there: Place) -> None:
        with in_street(there.street.id):
            elsewhere = shown(there)
        for case in (here.report(), shown(here, is_private=True), elsewhere):
            with pytest.raises(NotVisible):
                following.follow(code=case.code, person=here.hua, now=MONDAY)
            with pytest.raises(NotVisible):
                following.unfollow(code=case.code, person=here.hua, now=MONDAY)

    def test_who_followed_what_was_merged_follows_what_goes_on(self, here: Place) -> None:
        first, second = shown(here), shown(here, now=MONDAY + HOUR)
        for case, person in ((second, here.hua), (second, here.bo), (first, here.bo)):
            following.follow(code=case.code, person=person, now=MONDAY + HOUR)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.coordinator, now=MONDAY + 2 * HOUR)
        assert set(neighbours.followers_of(first.id).values_list("person_id", flat=True)) == {here.hua.id, here.bo.id}

    def test_still_there_is_a_hint_once_a_day_and_no_step(self, here: Place) -> None:
        case = shown(here)
        with pytest.raises(NotAllowed, match="先跟着"):
            following.say_still_there(code=case.code, person=here.hua, now=MONDAY)
        following.follow(code=case.code, person=here.hua, now=MONDAY)
        for now in (MONDAY, MONDAY + HOUR, TUESDAY):
            following.say_still_there(code=case.code, person=here.hua, now=now)
        assert Sighting.objects.count() == 2
        assert Case.objects.get().state == "reported" and case.transitions.count() == 1
        page = as_(here.wei).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "还在" in page and here.hua.name not in page
        assert "说过" not in as_(here.lan).get(f"/s/yunqiao/cases/{case.code}/").content.decode()

    def test_long_after_the_end_it_is_a_new_report(self, here: Place) -> None:
        case = shown(here, case_type=LITTER)
        following.follow(code=case.code, person=here.hua, now=MONDAY)
        Case.objects.filter(pk=case.pk).update(state="closed", outcome="confirmed", ended_at=MONDAY)
        following.say_still_there(code=case.code, person=here.hua, now=MONDAY + timedelta(days=30))
        with pytest.raises(following.TooLate):
            following.say_still_there(code=case.code, person=here.hua, now=MONDAY + timedelta(days=31))

    def test_the_doors(self, here: Place, there: Place) -> None:
        case = shown(here)
        hua, door = as_(here.hua), f"/s/yunqiao/c/{case.code}/"
        assert "我也跟着" in hua.get(door).content.decode() and "我也跟着" in Client().get(door).content.decode()
        assert "1 位邻居在跟着" in hua.post(f"{door}follow/", follow=True).content.decode()
        assert case.code in hua.get("/s/yunqiao/following/").content.decode()
        assert "记下了" in hua.post(f"{door}still-there/", follow=True).content.decode()
        assert "不跟了" in hua.post(f"{door}unfollow/", follow=True).content.decode()
        assert "sign-in" in Client().post(f"{door}follow/")["Location"]
        for act in ("follow", "unfollow", "still-there"):
            assert as_(there.hua).post(f"/s/hetang/c/{case.code}/{act}/").status_code == 404
            assert hua.post(f"/s/yunqiao/c/NOTHERE/{act}/").status_code == 404
        assert "您报过" in as_(here.lan).get(door).content.decode()

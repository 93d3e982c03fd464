"""What a worker did without a network: done once, in plain words where it cannot be done any more; several at once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huipai.cases.commands import handling, keeping, together
from huipai.cases.commands.handling import TakenByAnother
from huipai.cases.commands.intake import NotThisId
from huipai.cases.commands.keeping import Kept, MovedMeanwhile
from huipai.cases.models import Case, CasePhoto, Check, KeptDeed, Question, Transition
from huipai.cases.pages import working
from huipai.cases.words import Action, KeptDeedKind, State
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.test_pages import as_
from tests.cast import A_MONTH_AGO, MONDAY, staff

HOUR = timedelta(hours=1)
DOOR = "/s/yunqiao/outbox/deeds/"


def kept(case: Case, kind: KeptDeedKind = KeptDeedKind.ACCEPT, *photos: UUID, text: str = "") -> Kept:
    return Kept(id=new_id(), code=case.code, kind=kind, text=text, photo_ids=photos, round=1)


def do(kept_: Kept, by: Person) -> Case:
    return keeping.do_kept(kept=kept_, actor=by, now=MONDAY + HOUR)


def colleague(place: Place) -> Person:
    person = staff("陶小梁", "13900018888")
    Assignment.objects.create(person=person, role=Role.GRID_WORKER, node=place.town["G"], valid_from=A_MONTH_AGO)
    return person


def actions(case: Case) -> list[str]:
    return list(Transition.objects.filter(case=case).order_by("position").values_list("action", flat=True))


class TestOnce:
    def test_accepted_and_answered_in_the_order_in_which_they_were_noted(self, here: Place) -> None:
        case = here.report(now=MONDAY)
        answer = kept(case, KeptDeedKind.RESPOND, here.photo(here.wei).id, text="挪走了")
        for deed in (kept(case), answer, answer):
            do(deed, here.wei)
        assert actions(case).count(Action.ACCEPT) == actions(case).count(Action.RESPOND) == 1
        assert KeptDeed.objects.count() == 2 and CasePhoto.objects.filter(case=case, moment="after").count() == 1

    def test_a_late_echo_of_an_answer_is_not_a_second_one(self, here: Place) -> None:
        """The reporter has said meanwhile that it is not gone: the same words again do not answer that."""
        case = here.report(now=MONDAY, case_type=LITTER)
        answer = kept(case, KeptDeedKind.RESPOND, text="扫了")
        do(answer, here.wei)
        Case.objects.filter(pk=case.pk).update(state=State.REWORK)
        do(answer, here.wei)
        assert Case.objects.get(pk=case.pk).state == State.REWORK

    def test_a_question_twice_is_one(self, here: Place) -> None:
        case = here.report(now=MONDAY)
        do(kept(case), here.wei)
        question = kept(case, KeptDeedKind.ASK, text="几点开始堵？")
        assert [do(question, here.wei) for _twice in range(2)] and Question.objects.count() == 1

    def test_other_words_or_another_photo_under_a_known_id_are_not_taken_for_it(self, here: Place) -> None:
        case = here.report(now=MONDAY, case_type=LITTER)
        answer = kept(case, KeptDeedKind.RESPOND, text="清了一半")
        do(answer, here.wei)
        for other in (
            replace(answer, text="其实没清"),
            replace(answer, photo_ids=(here.photo(here.wei).id,)),
        ):
            with pytest.raises(NotThisId):
                do(other, here.wei)
        assert do(replace(answer, round=2), here.wei).pk == case.pk

    def test_the_id_of_somebody_else_or_of_another_street_is_refused_alike(self, here: Place, there: Place) -> None:
        case, other = here.report(now=MONDAY), here.report(now=MONDAY)
        deed = kept(case)
        do(deed, here.wei)
        with in_street(there.street.id):
            theirs = kept(there.report(now=MONDAY))
            do(theirs, there.wei)
        wrong = [
            (Kept(deed.id, other.code, deed.kind, "", (), 1), here.wei),
            (Kept(deed.id, case.code, deed.kind, "", (), 1), colleague(here)),
            (Kept(theirs.id, other.code, deed.kind, "", (), 1), here.wei),
        ]
        said = set()
        for one, who in wrong:
            with pytest.raises(Refused) as refusal:
                do(one, who)
            said.add((refusal.value.code, refusal.value.status))
        assert said == {("id_in_use", 409)}

    def test_the_row_is_only_added(self, here: Place) -> None:
        do(kept(here.report(now=MONDAY)), here.wei)
        with pytest.raises(IntegrityError), transaction.atomic():
            KeptDeed.objects.update(kind=KeptDeedKind.ASK)


class TestMoved:
    def test_who_was_slower_reads_who_has_it_and_nothing_is_noted(self, here: Place) -> None:
        case = here.report(now=MONDAY)
        handling.accept(case_id=case.id, actor=colleague(here), now=MONDAY)
        with pytest.raises(TakenByAnother, match="陶小梁先接了"):
            do(kept(case), here.wei)
        with pytest.raises(MovedMeanwhile, match="不在您手里"):
            do(kept(case, KeptDeedKind.RESPOND, here.photo(here.wei).id, text="挪走了"), here.wei)
        assert not KeptDeed.objects.exists()

    def test_what_is_not_theirs_to_see_any_more_is_said_in_the_same_way(self, here: Place) -> None:
        case = here.report(now=MONDAY)
        Assignment.objects.filter(person=here.wei).update(valid_until=MONDAY)
        Case.objects.filter(pk=case.pk).update(worker=None)
        with pytest.raises(MovedMeanwhile):
            do(kept(case), here.wei)

    def test_ones_own_report_is_anothers_to_handle(self, here: Place) -> None:
        case = here.report(here.wei, now=MONDAY, case_type=LITTER)
        with pytest.raises(MovedMeanwhile, match="自己报的事"):
            do(kept(case, KeptDeedKind.RESPOND, text="扫了"), here.wei)


class TestAnotherRound:
    def test_what_was_noted_before_the_look_does_not_answer_the_rework_after_it(self, here: Place) -> None:
        """Noted offline, done again at the desk, looked at and not good enough: nobody has been there since."""
        hub = Hub.with_a_case(here, case_type=LITTER, now=MONDAY)
        do(kept(hub.case), here.wei)
        noted = kept(hub.case, KeptDeedKind.RESPOND, here.photo(here.wei).id, text="扫了")
        handling.respond(case_id=hub.case.id, actor=here.wei, text="扫了", photo_ids=(), now=MONDAY + HOUR)
        hub.failed(Check.objects.get(case=hub.case, result=""), now=MONDAY + 2 * HOUR)
        with pytest.raises(MovedMeanwhile, match="又退回来重办了"):
            keeping.do_kept(kept=noted, actor=here.wei, now=MONDAY + 24 * HOUR)
        assert hub.fresh().state == State.REWORK and not KeptDeed.objects.filter(pk=noted.id).exists()
        again = replace(noted, id=new_id(), round=2)
        keeping.do_kept(kept=again, actor=here.wei, now=MONDAY + 24 * HOUR)
        assert hub.fresh().state == State.CHECKING

    def test_the_door_says_so_and_a_form_on_the_page_too(self, here: Place) -> None:
        case = here.report(now=clock.now(), case_type=LITTER)
        Case.objects.filter(pk=case.pk).update(round=2)
        deed = kept(case, KeptDeedKind.RESPOND, text="扫了")
        status, told = TestDoors().sent(here, deed, here.wei)
        assert (status, told["error"]) == (409, "moved_meanwhile")
        answer = as_(here.wei).post(f"/s/yunqiao/cases/{case.code}/response/", {"round": "1", "text": "扫了"})
        page = answer.content.decode()
        assert answer.status_code == 409 and "扫了" in page and 'name="round" value="2"' in page
        rows = as_(here.wei).get("/s/yunqiao/today/kept/list.json").json()["rows"]
        assert [row["round"] for row in rows] == [2]


class TestDoors:
    def sent(self, place: Place, deed: Kept, by: Person, *, person: Person | None = None) -> tuple[int, dict[str, str]]:
        headers = {"X-Street-Id": str(place.street.id), "X-Person-Id": str((person or by).id)}
        form = {
            "deed_id": deed.id,
            "code": deed.code,
            "deed": deed.kind,
            "text": deed.text,
            "photo_id": deed.photo_ids,
            "round": deed.round,
        }
        answer = as_(by).post(DOOR, form, headers={**headers, "Accept": "application/json"})
        return answer.status_code, answer.json()

    def test_the_answer_is_stored_and_leads_to_the_case(self, here: Place) -> None:
        case = here.report(now=clock.now())
        deed = kept(case)
        first, again = (self.sent(here, deed, here.wei) for _twice in range(2))
        assert first == again and first[1]["url"] == f"/s/yunqiao/cases/{case.code}/"
        wei = as_(here.wei)
        assert wei.get(f"{DOOR}{deed.id}/").json() == first[1]
        assert wei.get(f"{DOOR}{deed.id}/case/")["Location"] == first[1]["url"]
        assert as_(here.coordinator).get(f"{DOOR}{deed.id}/").status_code == 404

    def test_bad_input_says_where(self, here: Place) -> None:
        case = here.report(now=clock.now())
        status, told = self.sent(here, kept(case, KeptDeedKind.RESPOND, text="挪走了"), here.wei)
        assert (status, told["error"], told["at"]) == (422, "after_photo_missing", "upload-photo")

    def test_nothing_goes_in_another_name_or_another_street(self, here: Place, there: Place) -> None:
        case = here.report(now=clock.now())
        assert self.sent(here, kept(case), here.wei, person=here.hua)[1]["error"] == "other_person"
        assert self.sent(there, kept(case), here.wei)[0] == 404 and not KeptDeed.objects.exists()

    def test_the_list_holds_what_is_needed_and_nobody_who_reported(self, here: Place) -> None:
        case = here.report(now=clock.now(), text="东门堵了")
        answer = as_(here.wei).get("/s/yunqiao/today/kept/list.json")
        (row,) = answer.json()["rows"]
        assert (row["code"], row["text"], row["needs_photo"], row["mine"]) == (case.code, "东门堵了", True, False)
        assert here.lan.name not in answer.content.decode() and str(here.lan.id) not in answer.content.decode()
        assert "no-store" in as_(here.wei).get("/s/yunqiao/today/kept/")["Cache-Control"]
        assert as_(here.lan).get("/s/yunqiao/today/kept/list.json").status_code == 403

    def test_a_phone_has_every_file_of_a_page_that_stands_in(self, here: Place) -> None:
        client = as_(here.wei)
        told = client.get("/sw.js").content.decode().splitlines()[0]
        files = set(json.loads(told.removeprefix("self.SHELL = ").removesuffix(";"))["files"])
        for form in (
            "today/kept/",
            "report/offline/",
            "points/claim/",
            "own-finds/offline/",
            "additions/new/",
            "report/good-deed/offline/",
        ):
            html = client.get(f"/s/yunqiao/{form}").content.decode()
            needed = re.findall(r'(?:src|href)="(/static/web/assets/[^"]+\.(?:js|css))"', html)
            assert len(needed) > 2 and set(needed) <= files, form

    def test_the_list_costs_the_same_however_long(self, here: Place) -> None:
        client = as_(here.wei)

        def asked() -> int:
            with CaptureQueriesContext(connection) as statements:
                client.get("/s/yunqiao/today/kept/list.json")
            return len(statements)

        here.report(now=clock.now())
        asked()
        short = asked()
        for _number in range(3):
            here.report(here.hua, now=clock.now())
        assert asked() == short


class TestTheSame:
    def test_a_worker_puts_two_together_and_the_older_stays(self, here: Place) -> None:
        older = here.report(now=clock.now() - HOUR)
        younger = here.report(here.hua, now=clock.now())
        wei, page = as_(here.wei), f"/s/yunqiao/cases/{older.code}/merging/"
        assert "和另一件是同一件" in wei.get(f"/s/yunqiao/cases/{older.code}/").content.decode()
        shown = wei.get(page).content.decode()
        assert younger.code in shown and here.hua.name not in shown
        assert wei.post(page, {"into": younger.code})["Location"] == f"/s/yunqiao/cases/{older.code}/"
        assert Case.objects.get(pk=younger.pk).merged_into == older
        assert "附近没有另一件这样的" in wei.get(page).content.decode()

    def test_of_what_is_not_theirs_nothing_is_offered(self, here: Place, there: Place) -> None:
        case = here.report(now=clock.now())
        with in_street(there.street.id):
            theirs = there.report(now=clock.now())
        page = f"/s/yunqiao/cases/{case.code}/merging/"
        assert as_(here.wei).post(page, {"into": theirs.code}).status_code == 404
        assert as_(here.lan).get(page).status_code == 403 and as_(here.hua).get(page).status_code == 404


class TestTogether:
    def test_one_that_is_refused_does_not_stop_the_others(self, here: Place) -> None:
        mine, taken, own = here.report(now=MONDAY), here.report(now=MONDAY), here.report(here.wei, now=MONDAY)
        handling.accept(case_id=taken.id, actor=colleague(here), now=MONDAY)
        came = together.accept_each(case_ids=[taken.id, mine.id, own.id, mine.id], actor=here.wei, now=MONDAY)
        assert [one.refused.code if one.refused else "" for one in came] == ["taken_by_another", "", "own_report"]

    def test_what_was_taken_on_before_is_not_counted_again(self, here: Place) -> None:
        old, new = here.report(now=clock.now()), here.report(now=clock.now())
        handling.accept(case_id=old.id, actor=here.wei, now=clock.now())
        ticked = {"tick": [old.code, new.code], "deed": "accept"}
        page = as_(here.wei).post("/s/yunqiao/today/together/", ticked).content.decode()
        assert "办成 1 件" in page and page.count("接下了") == 1 and page.count("早就在您手上") == 1
        page = as_(here.wei).post("/s/yunqiao/today/together/", ticked).content.decode()
        assert "办成 0 件" in page and page.count("早就在您手上") == 2 and "没办成" not in page

    def test_the_page_says_of_each_what_came_of_it(self, here: Place, client: Client) -> None:
        cases = [here.report(now=clock.now()) for _number in range(2)]
        handling.accept(case_id=cases[0].id, actor=colleague(here), now=clock.now())
        wei, ticked = as_(here.wei), {"tick": [case.code for case in cases]}
        page = wei.post("/s/yunqiao/today/together/", {**ticked, "deed": "accept"}).content.decode()
        assert "办成 1 件" in page and "陶小梁先接了" in page and "接下了" in page
        up = {**ticked, "deed": "hand_up", "text": "要修路，网格办不了"}
        page = wei.post("/s/yunqiao/today/together/", up).content.decode()
        assert "转给联动中心了" in page
        assert Case.objects.get(pk=cases[1].pk).state not in (State.REPORTED, State.ACCEPTED)
        assert wei.post("/s/yunqiao/today/together/", {}).status_code == 302

    def test_handed_up_without_a_word_the_list_comes_back_with_what_was_ticked(self, here: Place) -> None:
        one, _other = (here.report(by, now=clock.now()) for by in (here.lan, here.hua))
        for text, fault in (("", "写一句为什么办不了"), ("长" * 2001, "文字太长了")):
            up = {"tick": [one.code], "deed": "hand_up", "text": text}
            answer = as_(here.wei).post("/s/yunqiao/today/together/", up)
            html = answer.content.decode()
            assert answer.status_code == 422 and fault in html and text in html
            ticked = re.findall(r'name="tick" value="(\w+)"[^>]* checked', html)
            assert ticked == [one.code]

    def test_the_list_comes_back_at_its_page_and_says_why_also_of_the_only_one(
        self, here: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(working, "PAGE", 2)
        cases = [here.report(by, now=clock.now()) for by in (here.lan, here.hua, here.lan)]
        up = {"deed": "hand_up", "text": "", "page": "2"}
        shown = as_(here.wei).get("/s/yunqiao/today/?page=2").content.decode()
        [last] = [case for case in cases if f"/cases/{case.code}/" in shown]
        html = as_(here.wei).post("/s/yunqiao/today/together/", {**up, "tick": [last.code]}).content.decode()
        assert re.findall(r'name="tick" value="(\w+)"[^>]* checked', html) == [last.code]
        assert "写一句为什么办不了，联动中心好接着派</" in html and "/s/yunqiao/today/?page=1" in html
        assert '<input type="hidden" name="page" value="2">' in html

    def test_is_for_workers_alone(self, here: Place) -> None:
        ticked = {"tick": [here.report(now=clock.now()).code]}
        assert as_(here.lan).post("/s/yunqiao/today/together/", ticked).status_code == 403

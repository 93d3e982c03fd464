"""For somebody at the counter or on the telephone; the slip; and what a reporter may put right."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client

from huipai.cases.commands import (
    asking,
    correcting,
    counter,
    filing,
    handling,
    intake,
    joining,
    locating,
    triage,
    withdrawing,
)
from huipai.cases.commands.correcting import Correction
from huipai.cases.commands.counter import Caller
from huipai.cases.commands.locating import Where
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, Report, Slip
from huipai.cases.words import PositionSource, ReportState, State
from huipai.grid import commands as grid
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.coordinates import Point
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.commands import NumberInDoubt
from huipai.people.models import Account, Consent, Person
from huipai.people.words import LIMITS_OF_NUMBER, Channel, ConsentPurpose, Limit, Role, TryKind
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.test_alike import join, shown
from tests.cases.test_pages import as_, form
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SLIP, COUNTER = "/s/yunqiao/slip/", "/s/yunqiao/counter/slips/"


def calls(place: Place, **more: object) -> Caller:
    """Somebody without an account, at the counter, who agreed."""
    return replace(Caller("", "王阿婆", Channel.COUNTER, has_agreed=True), **more)  # type: ignore[arg-type]


def taken(place: Place, *photos: object, caller: Caller | None = None, **more: object) -> counter.TakenDown:
    sending = place.sending(*photos, **more)  # type: ignore[arg-type]
    return counter.take_down(
        sending=sending, caller=caller or calls(place), actor=place.coordinator, address="127.0.0.1", now=MONDAY
    )


class TestTakenDown:
    def test_for_somebody_without_an_account_and_without_a_photo(self, here: Place) -> None:
        done = taken(here, text="楼下堵了")
        report = Report.objects.select_related("reporter", "case").get()
        assert (report.reporter.name, report.reporter.account, report.case.code) == ("王阿婆", None, done.received.code)
        slip = Slip.objects.get()
        assert (slip.taken_by, slip.channel) == (here.coordinator, Channel.COUNTER)
        assert (slip.consent.purpose, slip.consent.noted_by, slip.consent.paper_number) == (
            ConsentPurpose.REPORT_ON_BEHALF, here.coordinator, done.received.code,
        )  # fmt: skip
        told = Entry.objects.get(what=Fact.TAKEN_DOWN)
        assert told.actor_id == here.coordinator.id and "王" not in str(told.facts)

    def test_who_has_an_account_sees_it_there(self, here: Place) -> None:
        assert here.lan.account is not None
        caller = calls(here, phone=here.lan.account.phone, name="", channel=Channel.TELEPHONE)
        photo = here.photo(here.coordinator)
        done = taken(here, photo, caller=caller)
        assert Report.objects.get().reporter == here.lan and CasePhoto.objects.get().photo == photo
        assert done.received.code in as_(here.lan).get("/s/yunqiao/mine/").content.decode()

    @pytest.mark.parametrize(
        "change", [{"is_active": False}, {"doubted_at": MONDAY}, {"phone_confirmed_at": MONDAY - 400 * DAY}]
    )
    def test_a_number_that_may_be_somebody_elses_by_now_is_nobodys_to_report_for(
        self, here: Place, change: dict[str, object]
    ) -> None:
        """Else what a stranger said would stand in the list of whoever had the number, with their recorded yes."""
        assert here.lan.account is not None
        Account.objects.filter(pk=here.lan.account_id).update(**change)
        with pytest.raises(NumberInDoubt) as refused:
            taken(here, caller=calls(here, phone=here.lan.account.phone, name="张三"))
        assert refused.value.field == "phone" and not Report.objects.exists()
        assert not Consent.objects.filter(purpose=ConsentPurpose.REPORT_ON_BEHALF).exists()
        taken(here, caller=calls(here, name="张三"))
        assert Report.objects.get().reporter.account is None

    def test_a_number_of_somebody_of_another_name_is_read_once_more(self, here: Place) -> None:
        assert here.lan.account is not None
        number = here.lan.account.phone
        with pytest.raises(counter.OfAnotherName) as refused:
            taken(here, caller=calls(here, phone=number, name="李四"))
        assert here.lan.name not in str(refused.value.reason) and not Report.objects.exists()
        taken(here, caller=calls(here, phone=number, name=f" {here.lan.name}"))
        assert Report.objects.get().reporter == here.lan
        Person.objects.filter(pk=here.lan.pk).update(name="")
        taken(here, caller=calls(here, phone=number, name="李四"))
        assert set(Report.objects.values_list("reporter", flat=True)) == {here.lan.pk}

    def test_a_number_that_nobody_has_wants_a_name(self, here: Place) -> None:
        with pytest.raises(counter.NobodyNamed) as refused:
            taken(here, caller=calls(here, phone="13700000000", name=" "))
        assert "填手机号" not in refused.value.reason and "没有账号" in refused.value.reason
        with pytest.raises(counter.NobodyNamed, match="填手机号"):
            taken(here, caller=calls(here, phone=" ", name=" \u200b"))
        taken(here, caller=calls(here, phone="13700000000"))
        assert Report.objects.get().reporter.account is None

    def test_the_same_again_is_one_report_and_only_the_last_slip_is_good(self, here: Place) -> None:
        sending = here.sending()
        first, again = (
            counter.take_down(
                sending=sending, caller=calls(here), actor=here.coordinator, address="127.0.0.1", now=MONDAY
            )
            for _ in range(2)
        )
        assert first.received == again.received and Case.objects.count() == 1
        assert Person.objects.filter(name="王阿婆").count() == 1
        with pytest.raises(counter.WrongSlip):
            look(first)
        assert look(again).code == first.received.code

    @pytest.mark.parametrize("other", ["person", "number", "matter"])
    def test_another_person_or_matter_under_the_same_id_is_not_taken_for_the_first(
        self, here: Place, other: str
    ) -> None:
        sending = here.sending(text="路灯不亮")
        first = counter.take_down(
            sending=sending, caller=calls(here), actor=here.coordinator, address="127.0.0.1", now=MONDAY
        )
        assert here.lan.account is not None
        caller = {
            "person": calls(here, name="李大爷"), "number": calls(here, phone=here.lan.account.phone),
        }.get(other, calls(here))  # fmt: skip
        changed = replace(sending, text="井盖没了") if other == "matter" else sending
        with pytest.raises(counter.AnotherMatter):
            counter.take_down(sending=changed, caller=caller, actor=here.coordinator, address="127.0.0.1", now=MONDAY)
        assert look(first).id == first.received.case_id  # the first paper stays good
        assert Report.objects.count() == 1 and not Person.objects.filter(name="李大爷").exists()

    def test_not_without_their_yes_nor_for_oneself_nor_by_a_resident(self, here: Place) -> None:
        with pytest.raises(counter.NotAgreed):
            taken(here, caller=calls(here, has_agreed=False))
        assert here.coordinator.account is not None
        with pytest.raises(NotAllowed):
            taken(here, caller=calls(here, phone=here.coordinator.account.phone, name=""))
        with pytest.raises(NotAllowed):
            counter.take_down(
                sending=here.sending(), caller=calls(here), actor=here.lan, address="127.0.0.1", now=MONDAY
            )
        with pytest.raises(intake.stepping.PhotoMissing):
            taken(here, here.photo(here.lan))
        with pytest.raises(locating.NoPlace):
            counter.take_down(
                sending=replace(here.sending(), point=None),
                caller=calls(here),
                actor=here.coordinator,
                address="127.0.0.1",
                now=MONDAY,
            )
        assert not Report.objects.exists() and not Person.objects.filter(name="王阿婆").exists()
        assert not Consent.objects.filter(purpose=ConsentPurpose.REPORT_ON_BEHALF).exists()

    def test_another_colleague_does_not_get_its_slip(self, here: Place) -> None:
        sending = here.sending()
        done = counter.take_down(
            sending=sending, caller=calls(here), actor=here.coordinator, address="127.0.0.1", now=MONDAY
        )
        with pytest.raises(intake.NotThisId):
            counter.take_down(sending=sending, caller=calls(here), actor=here.wei, address="127.0.0.1", now=MONDAY)
        with pytest.raises(NotVisible):
            counter.issue_again(report_id=done.received.report_id, actor=here.wei, now=MONDAY)


def look(done: counter.TakenDown, *, code: str | None = None, number: str | None = None) -> Case:
    return counter.look_up(
        number=number or done.received.code, code=code or done.slip_code, address="10.0.0.1", now=MONDAY
    )


class TestSlip:
    def test_leads_to_the_case_however_it_is_typed(self, here: Place) -> None:
        done = taken(here)
        typed = f" {done.slip_code[:4].lower()}-{done.slip_code[4:].lower()} "
        assert look(done, code=typed, number=done.received.code.lower()).id == done.received.case_id

    def test_says_nothing_to_a_wrong_one(self, here: Place, there: Place) -> None:
        done, plain = taken(here), here.report()
        with in_street(there.street.id):
            elsewhere = taken(there)
        wrong = [(done.received.code, "AAAAAAAA"), ("AAAAAAAA", done.slip_code), (plain.code, done.slip_code),
                 (elsewhere.received.code, elsewhere.slip_code)]  # fmt: skip
        said = set()
        for number, code in wrong:
            with pytest.raises(counter.WrongSlip) as refusal:
                look(done, number=number, code=code)
            said.add((refusal.value.code, refusal.value.reason))
        assert len(said) == 1

    def test_cannot_be_guessed(self, here: Place) -> None:
        done = taken(here)
        client = Client()
        for _ in range(5):
            assert client.post(SLIP, {"number": done.received.code, "code": "AAAAAAAA"}).status_code == 422
        locked = client.post(SLIP, {"number": done.received.code, "code": done.slip_code})
        assert locked.status_code == 429 and "先锁住" in locked.content.decode()

    def test_a_stranger_who_guesses_locks_out_only_themselves(self, here: Place) -> None:
        """The number is public as soon as the case is."""
        done = taken(here)
        stranger, holder = Client(REMOTE_ADDR="10.9.9.9"), Client(REMOTE_ADDR="10.1.1.1")
        paper = {"number": done.received.code, "code": done.slip_code}
        guesses = [stranger.post(SLIP, {**paper, "code": "AAAAAAAA"}).status_code for _ in range(6)]
        assert guesses == [422] * 5 + [429]
        assert holder.post(SLIP, paper).status_code == 200
        assert stranger.post(SLIP, paper).status_code == 429, "what the holder typed forgives them nothing"
        assert as_(here.coordinator).post(COUNTER, paper, REMOTE_ADDR="10.9.9.9").status_code == 302

    def test_many_addresses_together_do_not_guess_it_nor_lock_the_counter(
        self, here: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(LIMITS_OF_NUMBER, TryKind.SLIP, (Limit(3, DAY),))
        done = taken(here)
        paper = {"number": done.received.code, "code": done.slip_code}
        for last in range(3):
            wrong = Client(REMOTE_ADDR=f"10.9.{last}.1").post(SLIP, {**paper, "code": "AAAAAAAA"})
            assert wrong.status_code == 422
        locked = Client(REMOTE_ADDR="10.1.1.1").post(SLIP, paper)
        assert locked.status_code == 429 and "到窗口或者打社区电话" in locked.content.decode()
        assert as_(here.coordinator).post(COUNTER, paper).status_code == 302

    def test_is_found_as_a_chinese_keyboard_types_it(self, here: Place) -> None:
        done = taken(here)
        wide = str.maketrans({chr(sign): chr(sign + 0xFEE0) for sign in range(0x21, 0x7F)})
        paper = {"number": done.received.code.translate(wide), "code": f" {done.slip_code.lower().translate(wide)}"}
        assert "走到哪一步" in Client().post(SLIP, paper).content.decode()

    def test_follows_what_was_merged(self, here: Place) -> None:
        older = here.report(now=MONDAY - HOUR)
        done = taken(here)
        triage.merge(case_id=done.received.case_id, into_id=older.id, actor=here.coordinator, now=MONDAY + HOUR)
        assert look(done).id == older.id
        oldest = here.report(now=MONDAY - 2 * HOUR)
        triage.merge(case_id=older.id, into_id=oldest.id, actor=here.coordinator, now=MONDAY + 2 * HOUR)
        assert look(done).id == oldest.id

    def test_the_page_shows_steps_and_nobody(self, here: Place) -> None:
        done = taken(here, text="我家三楼", address="3 幢 G301")
        handling.decline(
            case_id=done.received.case_id, actor=here.wei, reason="not_the_streets", text="不是我们的", now=MONDAY
        )
        page = Client().post(SLIP, {"number": done.received.code, "code": done.slip_code}).content.decode()
        assert "这次没受理" in page and "可打 12345" in page
        for secret in ("王阿婆", "G301", "三楼", here.wei.name, "不是我们的"):
            assert secret not in page


class TestDoors:
    def test_under_a_minute_one_screen_and_a_slip_that_shows_its_code_once(self, here: Place) -> None:
        desk = as_(here.coordinator)
        assert "念给本人听" in desk.get("/s/yunqiao/counter/report/").content.decode()
        sent = {**form(here), "name": "王阿婆", "channel": "telephone", "agreed": "on"}
        page = desk.post("/s/yunqiao/counter/report/", sent, follow=True).content.decode()
        code = re.search(r"data-slip-code>(\w{8})<", page)
        assert code is not None and "收到了，谢谢您" in page and "王阿婆" not in page
        assert "slips" in desk.session and code[1] not in str(dict(desk.session))  # nor in a dump of the table
        number = Case.objects.get().code
        assert "前给您答复" in Client().post(SLIP, {"number": number, "code": code[1]}).content.decode()
        Case.objects.update(due_at=MONDAY - DAY)
        late = Client().post(SLIP, {"number": number, "code": code[1]}).content.decode()
        assert "前答复，已经过了" in late and "催" not in late.split("已经过了")[1][:20]
        again = desk.post(f"/s/yunqiao/counter/reports/{sent['report_id']}/slip/", follow=True).content.decode()
        assert code[1] not in again
        other = as_(here.wei).get(f"/s/yunqiao/counter/reports/{sent['report_id']}/slip/")
        assert other.status_code == 404
        later = as_(here.coordinator).get(f"/s/yunqiao/counter/reports/{sent['report_id']}/slip/").content.decode()
        assert "········" in later

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"agreed": ""}, "先念给本人听"),
            ({"name": ""}, "填手机号；没有手机号"),
            ({"case_type": ""}, "选一个最像的类别"),
            ({"channel": "pigeon"}, "人到窗口来的，还是打电话来的"),
            ({"channel": "page"}, "人到窗口来的，还是打电话来的"),
        ],
    )
    def test_bad_input_keeps_what_was_typed(self, here: Place, change: dict[str, str], sentence: str) -> None:
        sent = {**form(here), "name": "王阿婆", "channel": "counter", "agreed": "on", **change}
        answer = as_(here.coordinator).post("/s/yunqiao/counter/report/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422 and sentence in page and "东门堵了" in page

    def test_all_that_is_missing_is_told_at_once_and_nothing_is_chosen_for_them(self, here: Place) -> None:
        desk, path = as_(here.coordinator), "/s/yunqiao/counter/report/"
        assert 'value="counter" checked' not in desk.get(path).content.decode()
        sent = form(here, case_type="", lng="", lat="", address="")
        answer = desk.post(path, sent)
        page = answer.content.decode()
        assert answer.status_code == 422 and "还差 5 处" in page and "东门堵了" in page
        for sentence in (
            "选一个最像的类别", "先念给本人听", "填手机号；没有手机号", "人到窗口来的，还是打电话来的",
        ):  # fmt: skip
            assert sentence in page

    def test_the_form_of_the_last_one_with_the_next_one_in_it_comes_back_and_is_then_taken(self, here: Place) -> None:
        desk, path = as_(here.coordinator), "/s/yunqiao/counter/report/"
        sent = {**form(here), "name": "王阿婆", "channel": "counter", "agreed": "on"}
        photo = here.photo(here.coordinator)
        assert desk.post(path, {**sent, "photo_id": str(photo.id)}).status_code == 302
        other = {**sent, "name": "李大爷", "text": "井盖没了", "photo_id": str(photo.id)}
        answer = desk.post(path, other)
        page = answer.content.decode()
        assert answer.status_code == 409 and "再点一次就是新的一件" in page and "照片已经用在上一件里" in page
        assert "李大爷" in page and "井盖没了" in page and str(photo.id) not in page
        fresh = re.search(r'name="report_id" value="([0-9a-f-]{36})"', page)
        assert fresh is not None and fresh[1] != str(sent["report_id"])
        del other["photo_id"]
        assert desk.post(path, {**other, "report_id": fresh[1]}).status_code == 302
        assert sorted(Report.objects.values_list("reporter__name", flat=True)) == ["李大爷", "王阿婆"]

    def test_sent_twice_it_says_so_and_no_window_shows_a_code_that_is_void(self, here: Place) -> None:
        desk, path = as_(here.coordinator), "/s/yunqiao/counter/report/"
        sent = {**form(here), "name": "王阿婆", "channel": "counter", "agreed": "on"}
        desk.post(path, sent)
        again = desk.post(path, sent, follow=True).content.decode()
        assert "没有重复登记" in again and "以这一张为准" in again and "data-print" in again
        slip = f"/s/yunqiao/counter/reports/{sent['report_id']}/slip/"
        counter.issue_again(report_id=Report.objects.get().id, actor=here.coordinator, now=MONDAY)
        assert "········" in desk.get(slip).content.decode()

    def test_residents_and_strangers_do_not_serve(self, here: Place) -> None:
        for path in ("counter/report/", f"counter/reports/{uuid4()}/slip/"):
            assert as_(here.lan).get(f"/s/yunqiao/{path}").status_code == 403
            assert Client().get(f"/s/yunqiao/{path}").status_code == 302


class TestLooks:
    """Trying numbers and names here is looking people up as at the counter's own page (decision 0025)."""

    def test_count_as_there_and_are_in_the_journal(self, here: Place) -> None:
        assert here.lan.account is not None and here.lan.account.phone is not None
        desk, path = as_(here.coordinator), "/s/yunqiao/counter/report/"
        sent = {**form(here), "channel": "counter", "agreed": "on", "phone": here.lan.account.phone}
        limit = LIMITS_OF_NUMBER[TryKind.PERSON][0].times
        for number in range(limit):
            answer = desk.post(path, {**sent, "name": f"甲乙{number}"})
            assert answer.status_code == 422 and "不叫这个名字" in answer.content.decode()
        looked = Entry.objects.filter(
            what="person.looked_up", subject=f"person:{here.lan.id}", actor_id=here.coordinator.id
        )
        assert looked.count() == limit
        for typed in ({"name": "甲乙"}, {"phone": "13912345678", "name": "甲乙"}, {"name": here.lan.name}):
            locked = desk.post(path, {**sent, **typed})
            assert locked.status_code == 429 and "试错的次数太多了" in locked.content.decode()
        # Whoever is entered by what they are called is looked up nowhere.
        assert desk.post(path, {**sent, "phone": "", "name": "王阿婆"}).status_code == 302
        assert looked.count() == limit and Report.objects.get().reporter.name == "王阿婆"

    def test_what_was_taken_down_counts_for_none(self, here: Place) -> None:
        assert here.lan.account is not None and here.lan.account.phone is not None
        for _ in range(LIMITS_OF_NUMBER[TryKind.PERSON][0].times + 1):
            taken(here, caller=calls(here, phone=here.lan.account.phone, name=""))
        assert not Entry.objects.filter(what="person.looked_up").exists()


class TestWhoseWindow:
    def test_a_grid_worker_is_told_before_anything_is_typed_whom_they_can_take_down(self, here: Place) -> None:
        """Whoever is entered by name lives nowhere, so nobody of a grid can serve them."""
        path = "/s/yunqiao/counter/report/"
        theirs, window = (as_(one).get(path).content.decode() for one in (here.wei, here.coordinator))
        assert "没有账号的、不住这里的，请他到社区窗口" in theirs and 'name="name"' not in theirs
        assert 'name="name"' in window and "请他到社区窗口" not in window
        with pytest.raises(NotAllowed, match="由社区窗口登记"):
            counter.take_down(
                sending=here.sending(), caller=calls(here), actor=here.wei, address="127.0.0.1", now=MONDAY
            )
        assert not Report.objects.exists() and not Person.objects.filter(name="王阿婆").exists()

    def test_never_comes_to_the_worker_who_takes_it_down(self, here: Place) -> None:
        """They know whose it is, and print the slip: whoever handles it does not (ruling 11)."""
        long_ago, now = clock.now() - 30 * DAY, clock.now()
        grid.move_in(person=here.lan, household=here.town["H1"], at=long_ago, actor=None, now=long_ago)
        Account.objects.filter(pk=here.lan.account_id).update(phone_confirmed_at=now)
        done = counter.take_down(
            sending=here.sending(case_type=LITTER), actor=here.wei, address="127.0.0.1", now=now,
            caller=Caller(here.lan.account.phone, "", Channel.TELEPHONE, has_agreed=True),  # type: ignore[union-attr]
        )  # fmt: skip
        case = Case.objects.get(pk=done.received.case_id)
        assert case.worker is None and case.transitions.filter(action="pass_on").count() == 1
        for act in (handling.accept, partial(handling.handle_on_the_spot, text="扫了", photo_ids=())):
            with pytest.raises(NotAllowed) as refused:
                act(case_id=case.id, actor=here.wei, now=now)
            assert refused.value.code == "hands_on_the_report"
        other = here.report(here.hua, case_type=LITTER, now=now)
        assert other.worker == here.wei

    def test_is_passed_on_by_whoever_took_it_down_and_neither_ended_nor_asked_about(self, here: Place) -> None:
        """They have spoken with the reporter: what is not the street's is another's to say, and so is a question."""
        code = taken(here, case_type=LITTER).received.code
        case = Case.objects.get(code=code)
        cast.appoint(here.coordinator, Role.DISPATCHER)
        ends: tuple[Callable[..., object], ...] = (
            partial(handling.decline, reason="not_the_streets", text="楼里自己的事"),
            partial(filing.not_file, reason="not_our_power", text=""),
            partial(filing.void, reason="test", text="x"), partial(asking.ask, text="在哪"),
        )  # fmt: skip
        for act in ends:
            with pytest.raises(NotAllowed) as refused:
                act(case_id=case.id, actor=here.coordinator, now=clock.now())
            assert refused.value.code == "hands_on_the_report"
        page = as_(here.coordinator).get(f"/s/yunqiao/desk/?case={code}").content.decode()
        assert "/refusal/" not in page and "/question/" not in page
        filing.hand_up(case_id=case.id, actor=here.coordinator, text="请中心看", now=clock.now())
        assert filing.file(case_id=case.id, actor=here.coordinator, now=clock.now()).state == State.FILED


class TestCorrecting:
    def correction(self, place: Place, *photos: object, point: Point | None = None, **more: object) -> Correction:
        where = Where(point or place.town.at(50, 50), PositionSource.PIN, None, "柳溪路 1 号")
        base = Correction("西门", where, tuple(p.id for p in photos))  # type: ignore[attr-defined]
        return replace(base, **more)  # type: ignore[arg-type]

    def test_changes_text_place_and_photos_and_who_looks_after_it(self, here: Place) -> None:
        case = here.report(text="东门")
        old, new = case.photos.get().photo, here.photo(here.lan)
        fixed = self.correction(here, new, point=here.town.at(350, 350))
        correcting.correct(code=case.code, correction=fixed, actor=here.lan, now=MONDAY)
        case.refresh_from_db()
        report = case.reports.get()
        assert (report.text, case.address, case.node.code) == ("西门", "柳溪路 1 号", "M4")
        assert list(case.photos.values_list("photo_id", flat=True)) == [new.id] and old.id != new.id
        entry = Entry.objects.get(what=Fact.CORRECTED)
        assert entry.facts["changed"] == ["text", "address", "place", "photos"] and "西门" not in str(entry.facts)

    def test_the_same_again_changes_nothing(self, here: Place) -> None:
        case = here.report()
        fixed = self.correction(here, case.photos.get().photo)
        for _ in range(2):
            correcting.correct(code=case.code, correction=fixed, actor=here.lan, now=MONDAY)
        assert Entry.objects.filter(what=Fact.CORRECTED).count() == 1

    def test_only_ones_own_only_until_begun_and_never_into_nothing(self, here: Place, there: Place) -> None:
        case = here.report()
        photo = case.photos.get().photo
        for person in (here.hua, here.wei):
            with pytest.raises(NotVisible):
                correcting.correct(code=case.code, correction=self.correction(here, photo), actor=person, now=MONDAY)
        for wrong, refusal in (
            (self.correction(here), intake.NoPhoto),
            (self.correction(here, photo, point=here.town.at(5000, 5000)), locating.OutsideTheStreet),
            (self.correction(here, photo, text="长" * 2001), intake.TooLong),
            (self.correction(here, here.photo(here.hua)), intake.stepping.PhotoMissing),
        ):
            with pytest.raises(refusal):
                correcting.correct(code=case.code, correction=wrong, actor=here.lan, now=MONDAY)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        with pytest.raises(correcting.Begun):
            correcting.correct(code=case.code, correction=self.correction(here, photo), actor=here.lan, now=MONDAY)
        assert as_(there.lan).get(f"/s/hetang/cases/{case.code}/correction/").status_code == 404

    def test_a_phone_that_sends_the_first_one_again_gets_its_answer(self, here: Place) -> None:
        sending = here.sending(here.photo(here.lan))
        first = here.receive(sending, here.lan)
        fixed = self.correction(here, here.photo(here.lan))
        correcting.correct(code=first.code, correction=fixed, actor=here.lan, now=MONDAY)
        assert here.receive(sending, here.lan) == first

    def test_the_door(self, here: Place) -> None:
        case = here.report(text="东门")
        lan, door = as_(here.lan), f"/s/yunqiao/cases/{case.code}/correction/"
        photo = case.photos.get().photo_id
        assert "改一改" in lan.get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "东门" in lan.get(door).content.decode() and str(photo) in lan.get(door).content.decode()
        at = here.town.at(50, 50)
        sent = {"text": "西门", "lng": at.lng, "lat": at.lat, "crs": "wgs84", "photo_id": str(photo)}
        assert "西门" in lan.post(door, sent, follow=True).content.decode()
        wrong = lan.post(door, {**sent, "lng": "121.5"})
        assert wrong.status_code == 422 and "位置在本街道以外" in wrong.content.decode()
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        assert lan.get(door).status_code == 409


class TestTakingBack:
    def test_who_joined_takes_back_their_part_and_the_case_goes_on(self, here: Place) -> None:
        case = shown(here)
        join(here, case)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        assert "撤回" in as_(here.hua).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        withdrawing.withdraw(case_id=case.id, actor=here.hua, now=MONDAY + 2 * HOUR)
        assert Report.objects.get(reporter=here.hua).state == ReportState.WITHDRAWN
        assert Case.objects.get().state == State.ACCEPTED
        with pytest.raises(NotVisible):
            withdrawing.withdraw(case_id=case.id, actor=here.hua, now=MONDAY + 2 * HOUR)

    def test_then_the_first_may_take_back_theirs(self, here: Place) -> None:
        case = shown(here)
        sending = here.sending(here.photo(here.hua))
        joining.join(sending=sending, code=case.code, reporter=here.hua, now=MONDAY)
        with pytest.raises(NotAllowed):
            withdrawing.withdraw(case_id=case.id, actor=here.lan, now=MONDAY)
        withdrawing.withdraw(case_id=case.id, actor=here.hua, now=MONDAY)
        withdrawing.withdraw(case_id=case.id, actor=here.lan, now=MONDAY)
        assert Case.objects.get().state == State.VOIDED

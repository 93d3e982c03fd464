"""Notes that staff read, words that reporters read, and answers that are kept ready."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from huipai.cases import notices, telling_steps
from huipai.cases.commands import noting, phrasing, triage
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.noting import NoteTooLong
from huipai.cases.commands.phrasing import PhraseKnown, PhraseUnclear
from huipai.cases.models import Case, CaseType, Note, Phrase, Transition
from huipai.cases.words import Audience
from huipai.journal import queries as journal
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = "车主住三楼，先别通知", "已经约了周五清理"


@pytest.fixture
def case(here: Place) -> Case:
    return here.report(now=clock.now() - HOUR, case_type=LITTER)


def page(case: Case, person: Person, name: str = "") -> str:
    return as_(person).get(f"/s/yunqiao/cases/{case.code}/{name}").content.decode()


class TestTwoThings:
    def test_a_note_is_read_by_staff_and_a_word_by_reporters_too(self, here: Place, case: Case) -> None:
        order = Hub(here, case).sent(now=clock.now())
        steps = Transition.objects.filter(case=case).count()
        as_(here.coordinator).post(f"/s/yunqiao/cases/{case.code}/note/", {"text": INSIDE})
        as_(here.dispatcher).post(f"/s/yunqiao/cases/{case.code}/word/", {"text": OUTSIDE})
        for person in (here.dispatcher, here.coordinator, here.wei):
            assert INSIDE in page(case, person) and OUTSIDE in page(case, person)
        mine = page(case, here.lan)
        assert OUTSIDE in mine and INSIDE not in mine and here.dispatcher.name not in mine
        unit = as_(here.shi).get(f"/s/yunqiao/orders/{order.id}/").content.decode()
        assert INSIDE not in unit and OUTSIDE not in unit
        assert Transition.objects.filter(case=case).count() == steps

    def test_every_reporter_is_told_of_a_word_and_nobody_of_a_note(self, here: Place, case: Case) -> None:
        noting.note_inside(case_id=case.id, actor=here.coordinator, text=INSIDE, now=clock.now())
        assert "case.noted" not in notices.TOLD
        noting.tell_reporters(case_id=case.id, actor=here.coordinator, text=OUTSIDE, now=clock.now())
        notices.tell(entry_id=Entry.objects.get(what="case.told").id, now=clock.now())
        assert list(Notice.objects.filter(kind="case.told").values_list("person", flat=True)) == [here.lan.id]

    def test_of_what_was_merged_a_word_is_said_on_the_case_that_goes_on(self, here: Place, case: Case) -> None:
        second = here.report(here.hua, now=clock.now(), case_type=LITTER)
        assert f"cases/{second.code}/word/" in page(second, here.coordinator)
        triage.merge(case_id=second.id, into_id=case.id, actor=here.wei, now=clock.now())
        assert f"cases/{second.code}/word/" not in page(second, here.coordinator)
        assert f"cases/{second.code}/note/" in page(second, here.coordinator)
        path = f"/s/yunqiao/cases/{second.code}/word/"
        refused = as_(here.coordinator).post(path, {"text": OUTSIDE})
        assert refused.status_code == 409 and "到那一件上告诉他们" in refused.content.decode()
        assert OUTSIDE in refused.content.decode() and not Note.objects.exists()

    def test_stand_in_the_one_timeline_by_their_time(self, here: Place, case: Case) -> None:
        noting.note_inside(case_id=case.id, actor=here.coordinator, text=INSIDE, now=clock.now())
        [newest, *_older] = telling_steps.timeline(case, [], [], viewer=here.dispatcher)
        assert newest["kind"] == "internal" and newest["title"] == "内部记了一句"

    def test_the_journal_holds_no_word_of_it(self, here: Place, case: Case) -> None:
        note = noting.note_inside(case_id=case.id, actor=here.coordinator, text=INSIDE, now=clock.now())
        assert Entry.objects.get(what="case.noted").facts == {"note": str(note.id)}

    def test_a_second_press_writes_nothing_more(self, here: Place, case: Case) -> None:
        now = clock.now()
        for later in (timedelta(0), timedelta(seconds=2)):
            noting.tell_reporters(case_id=case.id, actor=here.coordinator, text=OUTSIDE, now=now + later)
        assert Note.objects.filter(case=case, audience=Audience.PUBLIC).count() == 1
        noting.tell_reporters(case_id=case.id, actor=here.coordinator, text=OUTSIDE, now=now + timedelta(hours=1))
        assert Note.objects.filter(case=case, audience=Audience.PUBLIC).count() == 2

    def test_nothing_and_too_much_are_refused(self, here: Place, case: Case) -> None:
        for text, refusal in ((" \u200b", WordsMissing), ("长" * 2001, NoteTooLong)):
            with pytest.raises(refusal):
                noting.note_inside(case_id=case.id, actor=here.coordinator, text=text, now=clock.now())
        answer = as_(here.coordinator).post(f"/s/yunqiao/cases/{case.code}/word/", {"text": "长" * 2001})
        assert answer.status_code == 422 and "长" * 100 in answer.content.decode()

    def test_each_door_for_each_person(self, here: Place, there: Place, case: Case) -> None:
        wanted = {
            here.dispatcher: 200,
            here.coordinator: 200,
            here.wei: 200,
            here.lan: 403,
            here.hua: 404,
            here.shi: 404,
        }
        for name in ("note", "word"):
            address = f"/s/yunqiao/cases/{case.code}/{name}/"
            assert {person: as_(person).get(address).status_code for person in wanted} == wanted
        with in_street(there.street.id):
            strange = as_(there.dispatcher)
        assert strange.post(f"/s/hetang/cases/{case.code}/note/", {"text": INSIDE}).status_code == 404
        with pytest.raises(NotAllowed):
            noting.note_inside(case_id=case.id, actor=here.lan, text=INSIDE, now=clock.now())


class TestReadyAnswers:
    def keep(self, by: Person, use: str, title: str, case_type: str = "") -> Phrase:
        return phrasing.keep(
            actor=by, use=use, case_type=case_type, title=title, text=f"{title}。谢谢您", now=clock.now()
        )

    def test_are_offered_by_outcome_and_kind_and_put_behind_what_is_typed(self, here: Place, case: Case) -> None:
        one = self.keep(here.dispatcher, "tell", "约了时间")
        self.keep(here.dispatcher, "tell", "车主联系上了", PARKING)
        self.keep(here.dispatcher, "decline", "归市政管")
        address = f"/s/yunqiao/cases/{case.code}/word/"
        shown = as_(here.coordinator).get(address).content.decode()
        assert "约了时间" in shown and "车主联系上了" not in shown and "归市政管" not in shown
        again = as_(here.coordinator).post(address, {"text": "您好", "phrase": str(one.id)}).content.decode()
        assert "您好\n约了时间。谢谢您" in again and not Note.objects.filter(case=case).exists()
        assert "归市政管" in page(case, here.wei, "refusal/")

    def test_go_into_answers_of_workers_units_and_the_hub(self, here: Place, case: Case) -> None:
        done, refused = (
            self.keep(here.dispatcher, "done", "清干净了"),
            self.keep(here.dispatcher, "not_filed", "已经没有了"),
        )
        again = as_(here.wei).post(f"/s/yunqiao/cases/{case.code}/response/", {"phrase": str(done.id)})
        assert again.status_code == 200 and "清干净了。谢谢您" in again.content.decode()
        order = Hub.with_a_case(here, now=clock.now()).signed(now=clock.now())
        again = as_(here.shi).post(f"/s/yunqiao/orders/{order.id}/response/", {"phrase": str(done.id)})
        assert again.status_code == 200 and "清干净了。谢谢您" in again.content.decode()
        as_(here.dispatcher).post(
            f"/s/yunqiao/desk/{case.code}/non-filing/",
            {"reason": "settled", "text": "去看过", "phrase": str(refused.id)},
        )
        assert Note.objects.get(case=case).text == "去看过\n已经没有了。谢谢您"

    def test_are_kept_by_the_desk_alone_and_once_a_name(self, here: Place) -> None:
        self.keep(here.coordinator, "tell", "约了时间")
        with pytest.raises(PhraseKnown):
            self.keep(here.dispatcher, "tell", "约了时间")
        for use, title in (("tell", ""), ("nonsense", "好"), ("tell", "长" * 21)):
            with pytest.raises(PhraseUnclear):
                self.keep(here.dispatcher, use, title)
        for person in (here.wei, here.lan, here.shi):
            with pytest.raises(NotAllowed):
                self.keep(person, "tell", "别的")
            assert as_(person).get("/s/yunqiao/desk/phrases/").status_code == 403

    def test_of_a_kind_that_is_not_there_are_kept_for_none(self, here: Place) -> None:
        form = {"use": "decline", "case_type": "nosuch", "title": "不归我们", "text": "这类不归我们"}
        answer = as_(here.dispatcher).post("/s/yunqiao/desk/phrases/", form)
        assert answer.status_code == 422 and "重新选一类" in answer.content.decode()
        assert "这类不归我们" in answer.content.decode() and not Phrase.objects.exists()

    def test_pressed_twice_are_one(self, here: Place) -> None:
        form = {"use": "decline", "case_type": "", "title": "不归我们", "text": "这类不归我们"}
        pressed = [as_(here.dispatcher).post("/s/yunqiao/desk/phrases/", form).status_code for _each in range(2)]
        assert pressed == [302, 302] and Phrase.objects.count() == 1
        assert as_(here.dispatcher).post("/s/yunqiao/desk/phrases/", {**form, "text": "别的"}).status_code == 409

    def test_that_a_colleague_has_just_dropped_let_nothing_go_out_without_them(self, here: Place, case: Case) -> None:
        gone, other = (
            self.keep(here.coordinator, "not_filed", "归供电公司"),
            self.keep(here.coordinator, "tell", "您好"),
        )
        phrasing.drop(actor=here.coordinator, phrase_id=gone.id, now=clock.now())
        for one in (gone, other):
            answer = as_(here.dispatcher).post(
                f"/s/yunqiao/desk/{case.code}/non-filing/",
                {"reason": "settled", "text": "去看过", "phrase": str(one.id)},
            )
            html = answer.content.decode()
            assert answer.status_code == 409 and "刚被删掉" in html and "去看过" in html
        assert not Note.objects.filter(case=case).exists()

    def test_have_one_title_for_each_kind_and_outcome(self, here: Place) -> None:
        whole = self.keep(here.dispatcher, "decline", "找物业")
        of_a_kind = self.keep(here.dispatcher, "decline", "找物业", LITTER)
        self.keep(here.dispatcher, "done", "找物业", LITTER)
        for case_type in ("", LITTER):
            with pytest.raises(PhraseKnown):
                self.keep(here.coordinator, "decline", "找物业", case_type)
        with pytest.raises(PhraseKnown):
            self.change(here.dispatcher, of_a_kind, case_type="")
        whole.refresh_from_db()
        assert Phrase.objects.count() == 3 and whole.case_type_id is None

    def change(self, by: Person, one: Phrase, **more: str) -> Phrase:
        kind = one.case_type.code if one.case_type else ""
        said = {"use": one.use, "case_type": kind, "title": one.title, "text": one.text, **more}
        return phrasing.change(actor=by, phrase_id=one.id, seen=one.mark, now=clock.now(), **said)

    def test_of_two_who_change_one_the_second_reads_what_the_first_wrote(self, here: Place) -> None:
        one = self.keep(here.coordinator, "tell", "约了时间")
        page = f"/s/yunqiao/desk/phrases/{one.id}/"
        seen = re.search(r'name="seen" value="(\w+)"', as_(here.dispatcher).get(page).content.decode())
        assert seen is not None
        self.change(here.coordinator, one, text="周五上门")
        form = {"use": "tell", "case_type": "", "title": "约了时间", "text": "下周再来", "seen": seen[1]}
        faulty = as_(here.dispatcher).post(page, {**form, "title": ""}).content.decode()
        assert f'name="seen" value="{seen[1]}"' in faulty, "they have not seen what was written meanwhile"
        answer = as_(here.dispatcher).post(page, form)
        html = answer.content.decode()
        assert answer.status_code == 409 and "刚有同事改过" in html and "周五上门" in html and "下周再来" in html
        one.refresh_from_db()
        assert one.text == "周五上门"
        again = re.search(r'name="seen" value="(\w+)"', html)
        assert again is not None
        assert as_(here.dispatcher).post(page, {**form, "seen": again[1]}).status_code == 302
        one.refresh_from_db()
        assert one.text == "下周再来"

    def test_are_changed_and_dropped_by_who_wrote_them_and_by_the_hub(self, here: Place) -> None:
        theirs, hubs = self.keep(here.coordinator, "tell", "约了时间"), self.keep(here.dispatcher, "tell", "您好")
        for _twice in range(2):
            self.change(here.coordinator, theirs, title="约好了", text="周五上门", use="done", case_type=LITTER)
        theirs.refresh_from_db()
        assert (theirs.title, theirs.text, theirs.use) == ("约好了", "周五上门", "done")
        self.change(here.dispatcher, theirs, text="周六上门")
        with pytest.raises(NotAllowed):
            self.change(here.coordinator, hubs, text="别的")
        with pytest.raises(NotAllowed):
            phrasing.drop(actor=here.coordinator, phrase_id=hubs.id, now=clock.now())
        for _twice in range(2):
            phrasing.drop(actor=here.dispatcher, phrase_id=theirs.id, now=clock.now())
        said = [(one.what, one.facts) for one in journal.about(theirs.subject)]
        assert [what for what, _facts in said] == ["phrase.kept", "phrase.changed", "phrase.changed", "phrase.dropped"]
        assert said[1][1]["fields"] == ["case_type", "text", "title", "use"] and said[2][1]["fields"] == ["text"]
        assert "上门" not in str(said) and "约" not in str(said)

    def test_are_changed_on_a_page_of_their_own_that_asks_before_one_is_dropped(self, here: Place) -> None:
        one, path = self.keep(here.dispatcher, "tell", "约了时间", LITTER), "/s/yunqiao/desk/phrases/"
        here_it_is = f"{path}{one.id}/"
        listed = as_(here.dispatcher).get(path).content.decode()
        assert here_it_is in listed and f"{here_it_is}removal/" not in listed
        assert here_it_is not in as_(here.coordinator).get(path).content.decode()
        assert as_(here.coordinator).get(here_it_is).status_code == 403
        CaseType.objects.filter(code=LITTER).update(is_active=False)
        html = as_(here.dispatcher).get(here_it_is).content.decode()
        assert "全街道回话时都选不到它" in html and f'value="{LITTER}" selected' in html.replace('=""', "")
        form = {"use": "tell", "case_type": LITTER, "title": "约好了", "text": "周五上门", "seen": one.mark}
        assert as_(here.dispatcher).post(here_it_is, form).status_code == 302
        refused = as_(here.dispatcher).post(here_it_is, {**form, "title": ""})
        assert refused.status_code == 422 and "周五上门" in refused.content.decode()
        phrasing.drop(actor=here.dispatcher, phrase_id=one.id, now=clock.now())
        gone = as_(here.dispatcher).post(here_it_is, form)
        assert gone.status_code == 409 and "周五上门" in gone.content.decode() and "刚被删掉" in gone.content.decode()
        assert as_(here.dispatcher).get(here_it_is).status_code == 404

    def test_are_added_and_dropped_on_their_page(self, here: Place, there: Place) -> None:
        browser, address = as_(here.dispatcher), "/s/yunqiao/desk/phrases/"
        assert "常用的话会放在这里" in browser.get(address).content.decode()
        browser.post(address, {"use": "tell", "title": "约了时间", "text": "周五上门"})
        assert "周五上门" in browser.get(address).content.decode()
        answer = browser.post(address, {"use": "tell", "title": "", "text": "没有名字的"})
        assert answer.status_code == 422 and "没有名字的" in answer.content.decode()
        with in_street(there.street.id):
            assert not Phrase.objects.exists()
        one = Phrase.objects.get()
        for _ in range(2):
            browser.post(f"{address}{one.id}/removal/")
        assert not Phrase.objects.exists()

"""Of whoever reported by slip and has no account nothing stays once nothing of theirs is kept, or when they ask."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cases import jobs as case_jobs
from huipai.cases.commands import at_counter, counter, filing, forgetting
from huipai.cases.commands.at_counter import Held
from huipai.cases.commands.counter import Caller
from huipai.cases.commands.retention import holding, letting_go
from huipai.cases.models import Case, Report, Slip
from huipai.cases.retention_words import FIRST, Kept
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.people import commands as people
from huipai.people import jobs
from huipai.people.models import Account, Person
from huipai.people.words import STAYS_KNOWN, Channel
from huipai.photos.models import Photo
from tests.by_hand import by_hand, ended
from tests.cases.conftest import LITTER, Place
from tests.cases.test_at_counter import DESK, SLIP, at_desk, typed, window
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder", "window"]
pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REFUSED = FIRST[Kept.REFUSED].days


def taken(here: Place, name: str = "王阿婆") -> counter.TakenDown:
    sending = here.sending(here.photo(here.coordinator), text="楼下有垃圾", case_type=LITTER)
    caller = Caller("", name, Channel.COUNTER, has_agreed=True)
    return counter.take_down(
        sending=sending, caller=caller, actor=here.coordinator, address="127.0.0.1", now=clock.now() - 3 * HOUR
    )


def caller_of(done: counter.TakenDown) -> Person:
    return Slip.objects.select_related("reporter").get(report=done.received.report_id).reporter


def held(done: counter.TakenDown) -> Held:
    return Held(done.received.report_id, Slip.objects.get(report=done.received.report_id).digest)


def over(here: Place, done: counter.TakenDown) -> Case:
    """Taken out of the books, so long ago that its words go."""
    case_id = done.received.case_id
    case = filing.void(case_id=case_id, actor=here.dispatcher, reason="test", text="试的", now=clock.now())
    return ended(case, clock.now() - (REFUSED + 1) * DAY)


class TestLettingGo:
    def test_takes_the_name_along_when_nothing_else_of_theirs_is_kept(self, here: Place) -> None:
        done, other = taken(here), taken(here, "李阿公")
        over(here, done)
        assert letting_go.let_go_of_case(case_id=done.received.case_id, now=clock.now()) is not None
        gone = caller_of(done)
        assert (gone.name, gone.erased_at is not None) == ("", True) and caller_of(other).name == "李阿公"
        entry = Entry.objects.get(what="person.erased")
        assert (entry.subject, entry.actor_id) == (f"person:{gone.id}", None)
        page = as_(here.coordinator).post(SLIP, typed(done)).content.decode()
        assert "走到哪一步" in page and "到窗口或者打电话" not in page, (
            "the paper still tells the steps, and offers nothing"
        )

    def test_keeps_them_while_another_report_of_theirs_is_kept(self, here: Place) -> None:
        done, other = taken(here), taken(here)
        person = caller_of(done)
        by_hand(
            "UPDATE cases_report SET reporter_id = %s WHERE street_id = %s AND id = %s",
            [person.id, here.street.id, other.received.report_id],
        )
        over(here, done)
        assert letting_go.let_go_of_case(case_id=done.received.case_id, now=clock.now()) is not None
        person.refresh_from_db()
        assert person.name == "王阿婆"

    def test_keeps_whoever_has_an_account_or_a_home(self, here: Place) -> None:
        case = here.report(here.lan, case_type=LITTER)
        filing.void(case_id=case.id, actor=here.dispatcher, reason="test", text="试的", now=clock.now())
        ended(case, clock.now() - (REFUSED + 1) * DAY)
        assert letting_go.let_go_of_case(case_id=case.id, now=clock.now()) is not None
        here.lan.refresh_from_db()
        assert here.lan.name and here.lan.erased_at is None

    def test_every_night_finds_whoever_was_left(self, here: Place) -> None:
        done = taken(here)
        over(here, done)
        letting_go.let_go_of_case(case_id=done.received.case_id, now=clock.now())
        Person.objects.filter(pk=caller_of(done).pk).update(erased_at=None, name="王阿婆")
        jobs.forget_the_nameless(0)
        assert caller_of(done).name == ""

    def test_the_job_of_a_case_does_the_same(self, here: Place) -> None:
        done = taken(here)
        case = over(here, done)
        case_jobs.let_go_of(street=str(here.street.id), kept=Kept.REFUSED.value, thing=str(case.id))
        assert caller_of(done).name == ""


class TestANumberGivenUp:
    @pytest.fixture
    def given_up(self, here: Place) -> Person:
        """Their number is somebody else's now: no account lets them in any more."""
        account = Account.objects.get(pk=here.lan.account_id)
        Account.objects.filter(pk=account.pk).update(doubted_at=clock.now())
        people.start_anew(account=account, now=clock.now())
        return Person.objects.get(pk=here.lan.pk)

    def at(self, person: Person) -> datetime:
        given_up_at = Account.objects.get(pk=person.account_id).given_up_at
        assert given_up_at is not None
        return given_up_at + STAYS_KNOWN

    def test_counts_as_nobodys_after_a_while_and_the_name_goes_with_the_last_report(
        self, here: Place, given_up: Person
    ) -> None:
        case, now = here.report(given_up, case_type=LITTER), self.at(given_up)
        assert people.forget_unkept(now=now) == 0, "the report is kept"
        filing.void(case_id=case.id, actor=here.dispatcher, reason="test", text="试的", now=clock.now())
        ended(case, now - (REFUSED + 1) * DAY)
        assert letting_go.let_go_of_case(case_id=case.id, now=now - timedelta(seconds=1)) is not None
        given_up.refresh_from_db()
        assert given_up.name and people.forget_unkept(now=now - timedelta(seconds=1)) == 0
        assert people.forget_unkept(now=now) == 1
        given_up.refresh_from_db()
        assert (given_up.name, given_up.account_id, given_up.erased_at) == ("", None, now)

    def test_not_while_another_is_asked_for_and_not_once_it_has_one(self, here: Place, given_up: Person) -> None:
        account, now = Account.objects.filter(pk=given_up.account_id), self.at(given_up)
        account.update(leaves_in=here.street)
        assert people.forget_unkept(now=now) == 0
        account.update(leaves_in=None, phone="+8613866660009", given_up_at=None)
        assert people.forget_unkept(now=now) == 0
        account.update(phone=None, given_up_at=now - STAYS_KNOWN, employed_in=1)
        assert people.forget_unkept(now=now) == 0, "employed in another street"
        account.update(employed_in=0)
        assert people.forget_unkept(now=now) == 1

    def test_is_dated(self, given_up: Person) -> None:
        account = Account.objects.filter(pk=given_up.account_id)
        for wrong in ({"given_up_at": None}, {"phone": "+8613866660009"}):
            with pytest.raises(IntegrityError, match="people_a_number_given_up_is_dated"), transaction.atomic():
                account.update(**wrong)


class TestAChildOfAPaper:
    def test_goes_when_nobody_has_answered_for_it_for_a_while(self, here: Place) -> None:
        now = clock.now()
        bond = people.record_guardian_of_child(
            guardian=here.lan, name="小满", birth_year=now.year - 9, paper_number="7", age_seen=True,
            actor=here.coordinator, now=now,
        )  # fmt: skip
        assert people.forget_unkept(now=now) == 0
        people.end_guardianship(guardianship=bond, actor=here.coordinator, now=now)
        assert people.forget_unkept(now=now + STAYS_KNOWN - HOUR) == 0, "ended by mistake it can be noted again"
        assert people.forget_unkept(now=now + STAYS_KNOWN + HOUR) == 1
        child = Person.objects.get(pk=bond.minor_id)
        assert (child.name, child.birth_year, child.erased_at is not None) == ("", None, True)


class TestAsked:
    def test_the_name_goes_at_once_and_the_words_when_it_is_over(self, here: Place, window: Person) -> None:
        done = taken(here)
        client, page = at_desk(window, done)
        assert "他要删掉自己的名字" in client.get(page).content.decode()
        answer = client.post(f"{page}forget/", {"word": "注销"})
        assert (answer.status_code, answer["Location"]) == (302, DESK)
        gone = caller_of(done)
        assert (gone.name, gone.erased_at is not None) == ("", True)
        assert Entry.objects.get(what="person.erased").actor_id == window.id
        now = clock.now()
        assert Report.objects.get(pk=done.received.report_id).text, "it is still being worked on"
        filing.void(case_id=done.received.case_id, actor=here.dispatcher, reason="test", text="试的", now=now)
        assert list(forgetting.left_behind(now)) == [gone]
        forgetting.forget(person=gone, now=now)
        assert Report.objects.get(pk=done.received.report_id).text == ""
        assert not Photo.objects.kept().exists(), "the photos that staff took of it for them as well"
        assert not forgetting.left_behind(now).exists()

    def test_not_by_a_slip_of_the_finger(self, here: Place, window: Person) -> None:
        done = taken(here)
        client, page = at_desk(window, done)
        answer = client.post(f"{page}forget/", {"word": "好"})
        assert answer.status_code == 422 and 'href="#f-word"' in answer.content.decode()
        assert caller_of(done).name == "王阿婆"

    def test_the_paper_then_tells_the_steps_and_nobody_speaks_by_it(self, here: Place, window: Person) -> None:
        done = taken(here)
        at_counter.forget(held=held(done), hand=window, now=clock.now())
        answer = as_(window).post(DESK, typed(done))
        assert answer.status_code == 403 and "已经注销" in answer.content.decode()
        with pytest.raises(NotAllowed):
            at_counter.say_still_there(held=held(done), hand=window, now=clock.now())
        with pytest.raises(NotAllowed):
            counter.issue_again(report_id=done.received.report_id, actor=here.coordinator, now=clock.now())
        with pytest.raises(NotAllowed):
            at_counter.forget(held=held(done), hand=window, now=clock.now())
        page = as_(window).post(SLIP, typed(done)).content.decode()
        assert "走到哪一步" in page and "到窗口或者打电话" not in page

    def test_a_hold_wins_over_it(self, here: Place, window: Person) -> None:
        done = taken(here)
        holding.hold(
            case_id=done.received.case_id, actor=here.dispatcher, reason="lawsuit", words="区法院来函",
            until=clock.now() + 30 * DAY, now=clock.now(),
        )  # fmt: skip
        client, page = at_desk(window, done)
        answer = client.post(f"{page}forget/", {"word": "注销"})
        assert answer.status_code == 409 and "依法先不删" in answer.content.decode()
        assert caller_of(done).name == "王阿婆"

    def test_without_the_slip_by_nobody_with_a_hand_in_it_and_not_while_it_is_held(
        self, here: Place, window: Person
    ) -> None:
        done, now = taken(here), clock.now()
        person = caller_of(done)
        page = f"/s/yunqiao/counter/{person.id}/leave/"
        Case.objects.filter(pk=done.received.case_id).update(worker=here.coordinator)
        shown = as_(here.coordinator).get(f"/s/yunqiao/counter/{person.id}/").content.decode()
        assert "请没经手的同事来办" in shown and page not in shown
        said = {"document": "id_card", "word": "注销"}
        assert as_(here.coordinator).post(page, said).status_code == 403
        Case.objects.filter(pk=done.received.case_id).update(worker=here.wei)
        held_back = holding.hold(
            case_id=done.received.case_id, actor=here.dispatcher, reason="lawsuit", words="区法院来函",
            until=now + 30 * DAY, now=now,
        )  # fmt: skip
        answer = as_(window).post(page, said)
        assert answer.status_code == 403 and "依法先不删" in answer.content.decode()
        assert caller_of(done).name == "王阿婆"
        holding.release(hold_id=held_back.id, actor=here.dispatcher, words="案子结了，函已收回", now=now)
        assert as_(window).post(page, said).status_code == 302 and caller_of(done).name == ""
        answer = as_(window).post(DESK, typed(done))
        assert answer.status_code == 403 and "已经注销" in answer.content.decode()

    def test_not_of_whoever_has_an_account_nor_by_who_has_a_hand_in_it(self, here: Place, window: Person) -> None:
        done = taken(here)
        with pytest.raises(NotAllowed):
            at_counter.forget(held=held(done), hand=here.wei, now=clock.now())
        person = caller_of(done)
        Person.objects.filter(pk=person.pk).update(
            account=Account.objects.create(phone="+8613866660001", created_at=clock.now())
        )
        with pytest.raises(NotAllowed):
            at_counter.forget(held=held(done), hand=window, now=clock.now())

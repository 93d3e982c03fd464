"""What is kept for how long, what is held back, and what goes: words and pictures, never number and steps."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.audit.commands import GroundMissing, GroundNotSaid
from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.cases import jobs, telling_deeds
from huipai.cases.commands import (
    attaching,
    comments,
    correcting,
    filing,
    finding_false,
    forgetting,
    noting,
    removing,
    splitting,
    triage,
)
from huipai.cases.commands.correcting import Correction
from huipai.cases.commands.deeds import ending, telling
from huipai.cases.commands.deeds.telling import Told
from huipai.cases.commands.locating import Where
from huipai.cases.commands.retention import holding, letting_go, terms
from huipai.cases.fact_words import RetentionFact
from huipai.cases.models import (
    Attachment,
    Case,
    Comment,
    GoodDeed,
    HoldRelease,
    LegalHold,
    LetGo,
    Note,
    OwnFind,
    Report,
    RetentionTerm,
    Searchable,
    WorkOrder,
)
from huipai.cases.queries import proof, retention
from huipai.cases.retention_words import FIRST, LEAST_DAYS, MOST_DAYS, Kept
from huipai.cases.words import PositionSource
from huipai.journal import queries as journal
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.coordinates import Point
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos import commands as photos
from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.by_hand import ended
from tests.cases.conftest import LITTER, Place, folder
from tests.cases.hub import Hub
from tests.cases.test_attachments import attach, drawer, hub
from tests.cases.test_own_finds import found, own_finds
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY

__all__ = ["drawer", "folder", "hub"]
pytestmark = pytest.mark.django_db

Capture = Callable[..., AbstractContextManager[list[Callable[[], object]]]]
DAY = timedelta(days=1)
WORD = "青瓦巷里的暗号"
REFUSED = FIRST[Kept.REFUSED].days
WHY = {"reason": "lawsuit", "words": "区法院来函"}


@pytest.fixture
def leader(here: Place) -> Person:
    return cast.appoint(cast.staff("冷小街", "13900018881"), Role.LEADER)


def refused(place: Place, *, now: datetime = MONDAY, **more: object) -> Case:
    """Voided by the hub; nobody asks for a review."""
    case = place.report(case_type=LITTER, text=f"{WORD}堵了", address=f"{WORD} 3 号", now=now, **more)
    filing.void(case_id=case.id, actor=place.dispatcher, reason="test", text=f"{WORD}试的", now=now)
    return Case.objects.get(pk=case.pk)


def long_refused(place: Place, now: datetime) -> Case:
    """What is over by now."""
    return ended(refused(place, now=now), now - (REFUSED + 1) * DAY)


def hold(case: Case, by: Person, *, now: datetime = TUESDAY, days: int = 300, **more: str) -> LegalHold:
    return holding.hold(case_id=case.id, actor=by, until=now + days * DAY, now=now, **{**WHY, **more})


def go(case: Case, now: datetime) -> LetGo | None:
    return letting_go.let_go_of_case(case_id=case.id, now=now)


class TestTerms:
    def test_each_class_has_a_term_with_its_ground_before_anybody_said_anything(self, here: Place) -> None:
        assert {term.kept for term in retention.terms(MONDAY)} == set(Kept) == set(FIRST)
        for term in retention.terms(MONDAY):
            assert LEAST_DAYS <= term.days <= MOST_DAYS and "第" in str(term.ground) and term.set_by is None

    def test_longer_at_once_and_shorter_after_a_month(self, here: Place, leader: Person) -> None:
        def said(days: int, now: datetime) -> RetentionTerm:
            return terms.set_term(kept="refused", days=days, ground="某法第一条", actor=leader, now=now)

        assert said(500, MONDAY) == said(500, TUESDAY), "the same again is once"
        assert retention.term_of(Kept.REFUSED, MONDAY).days == 500
        shorter = said(100, TUESDAY)
        assert retention.term_of(Kept.REFUSED, TUESDAY).days == 500
        assert retention.term_of(Kept.REFUSED, TUESDAY).later == shorter
        assert retention.term_of(Kept.REFUSED, TUESDAY + 31 * DAY).days == 100
        said(600, TUESDAY + 10 * DAY)  # overrules what had not begun
        later = retention.term_of(Kept.REFUSED, TUESDAY + 31 * DAY)
        assert (later.days, later.later, later.set_by) == (600, None, leader)
        assert Entry.objects.filter(what=RetentionFact.TERM_SET, subject="retention:refused").count() == 3
        assert retention.term_of(Kept.DONE, TUESDAY).days == FIRST[Kept.DONE].days

    def test_only_who_answers_for_the_street_and_not_without_a_ground(self, here: Place, leader: Person) -> None:
        with pytest.raises(NotAllowed):
            terms.set_term(kept="done", days=900, ground="某法", actor=here.dispatcher, now=MONDAY)
        for days in (LEAST_DAYS - 1, MOST_DAYS + 1, None):
            with pytest.raises(terms.TermOutOfBounds):
                terms.set_term(kept="done", days=days, ground="某法", actor=leader, now=MONDAY)
        with pytest.raises(terms.TermGroundMissing):
            terms.set_term(kept="done", days=900, ground=" ", actor=leader, now=MONDAY)
        with pytest.raises(terms.WhichClass):
            terms.set_term(kept="all", days=900, ground="某法", actor=leader, now=MONDAY)
        assert not RetentionTerm.objects.exists()

    def test_the_database_changes_nothing_that_was_said(self, here: Place, leader: Person) -> None:
        terms.set_term(kept="done", days=900, ground="某法", actor=leader, now=MONDAY)
        for change in ({"days": 60}, {"ground": "别的"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                RetentionTerm.objects.update(**change)
        with pytest.raises(IntegrityError, match="cases_a_term_is_bounded"), transaction.atomic():
            RetentionTerm.objects.create(
                kept="done", days=30, ground="某法", set_by=leader, set_at=MONDAY, since=MONDAY
            )


class TestGone:
    def test_words_pictures_and_papers_go_and_number_and_steps_stay(
        self, here: Place, hub: Hub, django_capture_on_commit_callbacks: Capture
    ) -> None:
        attach(hub)
        case = hub.case
        Report.objects.filter(case=case).update(text=WORD, address=WORD)
        noting.note_inside(case_id=case.id, actor=here.coordinator, text=WORD, now=MONDAY)
        filing.void(case_id=case.id, actor=here.dispatcher, reason="test", text=WORD, now=MONDAY)
        WorkOrder.objects.filter(case=case).update(brief=WORD)
        steps = list(case.transitions.values_list("id", flat=True))
        ended_at = Case.objects.get(pk=case.pk).ended_at
        assert ended_at is not None and go(case, ended_at + (REFUSED * DAY - timedelta(seconds=1))) is None
        assert Report.objects.get(case=case).text == WORD
        with django_capture_on_commit_callbacks(execute=True):
            done = [go(case, ended_at + REFUSED * DAY) for _twice in range(2)]
        assert done[0] is not None and (done[0].photos, done[0].papers, done[0].kept) == (1, 1, "refused")
        assert done[1] is None and LetGo.objects.count() == 1, "twice is once"
        assert not Report.objects.exclude(text="", address="").exists() and not Note.objects.filter(case=case).exists()
        assert not Photo.objects.kept().exists() and not list(storage.every_file(str(here.street.id)))
        assert not Attachment.objects.filter(removed_at=None).exists()
        assert WORD not in Searchable.objects.get(pk=case.pk).text
        assert list(case.transitions.values_list("id", flat=True)) == steps
        fresh = Case.objects.get(pk=case.pk)
        assert (fresh.code, fresh.outcome, fresh.ended_at, fresh.address) == (case.code, "voided", ended_at, "")
        entry = Entry.objects.get(what=RetentionFact.LET_GO)
        assert entry.facts == {"kept": "refused", "days": REFUSED, "photos": 1, "papers": 1}
        assert entry.actor_id is None
        assert journal.verify_chain() is None and list(proof.verify_cases(here.street)) == []
        Report.objects.filter(case=case).update(text="又写了")
        assert [one.table for one in proof.verify_cases(here.street)] == ["cases_letgo"]

    def test_is_not_written_to_again(self, here: Place) -> None:
        """Nothing would ever end what came after, and the proof would find it."""
        now = clock.now()
        case = long_refused(here, now)
        assert go(case, now) is not None
        for write in (noting.note_inside, noting.tell_reporters):
            with pytest.raises(holding.ContentGone):
                write(case_id=case.id, actor=here.dispatcher, text=WORD, now=now)
        with pytest.raises(holding.ContentGone):
            attaching.attach(case_id=case.id, actor=here.dispatcher, paper=None, eyes="inside", now=now)
        with pytest.raises(holding.ContentGone):
            finding_false.find(
                case_id=case.id, report_id=None, actor=here.dispatcher, ground="made_up", text=WORD, now=now
            )
        desk, page = as_(here.dispatcher), f"/s/yunqiao/cases/{case.code}/"
        answer = desk.post(f"{page}note/", {"text": WORD})
        assert answer.status_code == 409 and WORD in answer.content.decode()
        assert f"{page}note/" not in desk.get(page).content.decode()
        assert not Note.objects.filter(case=case).exists()
        # It ended so long ago only by this test's hand.
        assert {one.why for one in proof.verify_cases(here.street)} == {"it did not end as its last step says"}

    def test_a_photo_that_became_part_of_nothing_goes_after_a_month(self, here: Place) -> None:
        here.report()
        own_finds.record(found=found(here), worker=here.wei, now=MONDAY)
        used = set(Photo.objects.values_list("id", flat=True))
        left = here.photo(here.lan, MONDAY)
        for _twice in range(2):
            assert photos.forget_unused(now=MONDAY + 30 * DAY - timedelta(seconds=1)) == 0
        assert photos.forget_unused(now=MONDAY + 30 * DAY) == 1
        assert set(Photo.objects.kept().values_list("id", flat=True)) == used and left.id not in used
        assert photos.forget_unused(now=MONDAY + 4000 * DAY) == 0

    def test_what_is_open_or_came_back_stays(self, here: Place) -> None:
        case = here.report(text=WORD)
        again = refused(here)
        filing.ask_review(case_id=again.id, actor=here.lan, text="不对", now=TUESDAY)
        far = MONDAY + 10 * 365 * DAY
        assert go(case, far) is None and go(again, far) is None
        assert retention.due_now(far, 100) == []

    def test_what_was_merged_goes_with_the_case_that_went_on(self, here: Place) -> None:
        first, second = here.report(case_type=LITTER), here.report(here.hua, case_type=LITTER, now=TUESDAY)
        noting.note_inside(case_id=second.id, actor=here.coordinator, text=WORD, now=TUESDAY)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=TUESDAY)
        assert go(second, TUESDAY + 10 * 365 * DAY) is None, "the case that went on is open"
        ended = TUESDAY + 50 * DAY
        filing.void(case_id=first.id, actor=here.dispatcher, reason="test", text="试", now=ended)
        assert go(second, TUESDAY + (REFUSED + 1) * DAY) is None
        hold(first, here.dispatcher, now=ended + DAY)
        assert go(second, ended + 200 * DAY) is None and go(second, ended + 250 * DAY) is None
        done = go(second, ended + REFUSED * DAY)
        assert done is not None and done.ended_at == ended and not Note.objects.filter(case=second).exists()

    def test_a_part_goes_with_its_whole_and_is_held_with_it(self, here: Place, leader: Person) -> None:
        terms.set_term(kept="refused", days=60, ground="某法第一条", actor=leader, now=MONDAY)
        whole = here.report(case_type=LITTER, text=WORD)
        part = splitting.split(
            part_id=new_id(), case_id=whole.id, case_type=LITTER, actor=here.dispatcher, text="树枝", now=MONDAY
        )
        filing.void(case_id=part.id, actor=here.dispatcher, reason="test", text="试", now=MONDAY)
        assert go(part, MONDAY + 100 * DAY) is None, "the whole is open"
        ended = MONDAY + 100 * DAY
        filing.void(case_id=whole.id, actor=here.dispatcher, reason="test", text="试", now=ended)
        assert go(part, ended + 59 * DAY) is None
        hold(part, leader, now=ended, days=100)
        for one in (whole, part):
            assert go(one, ended + 60 * DAY) is None and retention.is_held(Case.objects.get(pk=one.pk), ended)
        done = [go(one, ended + 100 * DAY) for one in (part, whole)]
        assert [one.ended_at for one in done if one] == [ended, ended]
        assert not Report.objects.exclude(text="").exists()

    def test_a_shorter_term_of_the_street_counts(self, here: Place, leader: Person) -> None:
        case = refused(here)
        terms.set_term(kept="refused", days=60, ground="某法第一条", actor=leader, now=MONDAY)
        assert go(case, MONDAY + 89 * DAY) is not None
        assert LetGo.objects.get().days == 60

    def test_the_night_lets_go_of_finds_and_deeds_that_nobody_reads_too(
        self, here: Place, leader: Person, django_capture_on_commit_callbacks: Capture
    ) -> None:
        find = own_finds.record(found=found(here, text=WORD), worker=here.wei, now=MONDAY)
        told = Told(
            deed_id=new_id(), title=f"{WORD}撑伞", text=WORD, who=WORD, address=WORD, is_own=False,
            point=here.town.at(50, 50),
            photo_ids=(here.photo(here.lan).id,),
        )  # fmt: skip
        kept = telling.tell(told=replace_id(told, here), reporter=here.lan, now=MONDAY)
        gone = telling.tell(told=told, reporter=here.lan, now=MONDAY)
        ending.decline(deed_id=gone.id, actor=here.coordinator, reason="not_wished", text=WORD, now=TUESDAY)
        case = refused(here)
        long_after = MONDAY + 2 * 365 * DAY
        due = retention.due_now(long_after, 100)
        assert set(due) == {(Kept.REFUSED, case.id), (Kept.FOUND, find.id), (Kept.DEED, gone.id)}
        assert len(retention.due_now(long_after, 2)) == 2
        with django_capture_on_commit_callbacks(execute=True):
            for name, thing in due:
                jobs_run(name, thing, here.street, long_after)
        assert OwnFind.objects.get().text == "" and GoodDeed.objects.get(pk=gone.pk).text == ""
        assert GoodDeed.objects.get(pk=kept.pk).text == WORD, "it still waits for somebody to look at it"
        assert retention.due_now(long_after, 100) == [] and list(proof.verify_cases(here.street)) == []
        assert Photo.objects.kept().count() == 1
        assert not any(step["said"] for step in telling_deeds.steps(GoodDeed.objects.get(pk=gone.pk), here.lan))
        GoodDeed.objects.filter(pk=gone.pk).update(said=WORD)
        assert [one.table for one in proof.verify_cases(here.street)] == ["cases_letgo"]

    def test_the_proof_cannot_be_changed_and_comes_after_the_end(self, here: Place) -> None:
        case = refused(here)
        with pytest.raises(IntegrityError, match="cases_nothing_goes_before_its_end"), transaction.atomic():
            LetGo.objects.create(kept="refused", case=case, days=60, ended_at=TUESDAY, photos=0, gone_at=MONDAY)
        with pytest.raises(IntegrityError, match="cases_what_went_is_of_its_class"), transaction.atomic():
            LetGo.objects.create(kept="found", case=case, days=60, ended_at=MONDAY, photos=0, gone_at=TUESDAY)
        go(case, MONDAY + REFUSED * DAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            LetGo.objects.update(photos=0)
        with pytest.raises(IntegrityError), transaction.atomic():
            LetGo.objects.all().delete()

    def test_the_job_finds_what_is_due_by_now(self, here: Place, django_capture_on_commit_callbacks: Capture) -> None:
        case = long_refused(here, clock.now())
        jobs.let_go_of(street=str(here.street.id), kept="refused", thing=str(case.id))
        assert LetGo.objects.get().case_id == case.id

    def test_another_street_is_not_there(self, here: Place, there: Place) -> None:
        case = refused(here)
        with in_street(there.street.id), pytest.raises(NotVisible):
            go(case, MONDAY + REFUSED * DAY)


def replace_id(told: Told, here: Place) -> Told:
    return Told(
        deed_id=new_id(), title=told.title, text=told.text, who=told.who, is_own=False, point=told.point,
        photo_ids=(here.photo(here.lan).id,),
    )  # fmt: skip


def jobs_run(kept: Kept, thing: object, street: Street, now: datetime) -> None:
    """What `jobs.let_go_of` does, at a time of the test."""
    verbs = {Kept.FOUND: ("find_id", letting_go.let_go_of_find), Kept.DEED: ("deed_id", letting_go.let_go_of_deed)}
    name, verb = verbs.get(kept, ("case_id", letting_go.let_go_of_case))
    verb(**{name: thing}, now=now)  # type: ignore[operator]


class TestHeld:
    def test_nothing_goes_until_the_day_and_the_auditor_reads_why(self, here: Place, leader: Person) -> None:
        case = refused(here)
        due = MONDAY + (REFUSED + 5) * DAY
        one = hold(case, here.dispatcher, now=due - 10 * DAY, days=100, words=f"蓝小河起诉，{WORD}")
        assert hold(case, leader, now=due - 10 * DAY, days=100) == one, "the same again is once"
        assert go(case, due) is None and go(case, one.until - DAY) is None
        record = Disclosure.objects.get(kind=Kind.HELD)
        assert (record.person, record.about, record.until) == (here.dispatcher, case.code, one.until)
        assert record.words.startswith("＊＊起诉") and Entry.objects.get(what=RetentionFact.HELD).facts == {
            "reason": "lawsuit"
        }
        assert go(case, one.until) is not None, "a hold ends by itself"

    def test_it_is_ended_with_a_reason_and_then_it_goes(self, here: Place, leader: Person) -> None:
        case = refused(here)
        one = hold(case, here.dispatcher)
        with pytest.raises(GroundNotSaid):
            holding.release(hold_id=one.id, actor=leader, words="", now=TUESDAY)
        done = [holding.release(hold_id=one.id, actor=leader, words="撤诉了", now=TUESDAY) for _twice in range(2)]
        assert done[0] == done[1] and HoldRelease.objects.count() == 1
        assert Disclosure.objects.get(kind=Kind.RELEASED).words == "撤诉了"
        assert go(case, MONDAY + REFUSED * DAY) is not None
        with pytest.raises(holding.AlreadyGone):
            hold(case, here.dispatcher, now=MONDAY + (REFUSED + 1) * DAY)

    def test_by_whom_and_how(self, here: Place, there: Place) -> None:
        case = refused(here)
        for stranger in (here.wei, here.coordinator, here.shi, here.hua, here.lan):
            with pytest.raises(NotAllowed):
                hold(case, stranger)
        with pytest.raises(GroundMissing):
            hold(case, here.dispatcher, reason="willing")
        for days in (0, 400):
            with pytest.raises(holding.HoldUntilWhen):
                hold(case, here.dispatcher, days=days)
        with in_street(there.street.id), pytest.raises(NotVisible):
            hold(case, there.dispatcher)
        assert not LegalHold.objects.exists()

    def test_nobody_takes_back_or_replaces_what_they_wrote(self, here: Place) -> None:
        case = here.report()
        said = Comment.objects.create(
            id=new_id(), case=case, author=here.hua, text="天天停", written_at=MONDAY, written_date=MONDAY.date()
        )
        hold(case, here.dispatcher)
        with pytest.raises(holding.HeldBack):
            comments.withdraw(comment_id=said.id, author=here.hua, now=TUESDAY)
        where = Where(Point(case.lng, case.lat), PositionSource.DEVICE, None, "")
        with pytest.raises(holding.HeldBack):
            correcting.correct(
                code=case.code, actor=here.lan, now=TUESDAY,
                correction=Correction("没有车", where, here.photo_ids(here.lan)),
            )  # fmt: skip
        said.refresh_from_db()
        assert said.text == "天天停" and Report.objects.get(case=case).text != "没有车"

    def test_neither_a_removal_nor_a_paper_nor_who_leaves_takes_anything(self, here: Place, hub: Hub) -> None:
        paper = attach(hub)
        Report.objects.filter(case=hub.case).update(text=WORD)
        filing.void(case_id=hub.case.id, actor=here.dispatcher, reason="unlawful", text="不能留", now=MONDAY)
        second = cast.appoint(cast.staff("封小北", "13900018888"), Role.DISPATCHER)
        one = hold(hub.case, here.dispatcher)
        with pytest.raises(holding.HeldBack):
            removing.remove(case_id=hub.case.id, actor=second, now=MONDAY + 31 * DAY)
        with pytest.raises(holding.HeldBack):
            attaching.remove(attachment_id=paper.id, actor=here.coordinator, now=TUESDAY)
        people.erase(person=here.lan, actor=here.lan, now=TUESDAY)
        forgetting.forget(person=here.lan, now=TUESDAY)
        assert Report.objects.get(case=hub.case).text == WORD and Photo.objects.kept().exists()
        assert not forgetting.left_behind(TUESDAY).exists()
        assert list(forgetting.left_behind(one.until)) == [here.lan], "when it is over they are forgotten here too"
        forgetting.forget(person=here.lan, now=one.until)
        assert Report.objects.get(case=hub.case).text == ""

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_keeps_what_was_merged_in_the_case_that_went_on(self, here: Place, leader: Person, when: str) -> None:
        first = here.report(case_type=LITTER, text="前一条")
        second = here.report(here.hua, case_type=LITTER, text=WORD, now=TUESDAY)
        if when == "before":
            hold(second, leader)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=TUESDAY)
        if when == "after":
            hold(second, leader)
        filing.void(case_id=first.id, actor=here.dispatcher, reason="test", text="试", now=TUESDAY)
        terms.set_term(kept="refused", days=60, ground="某法第一条", actor=leader, now=TUESDAY)
        people.erase(person=here.hua, actor=here.hua, now=TUESDAY)
        forgetting.forget(person=here.hua, now=TUESDAY)
        assert go(Case.objects.get(pk=first.pk), TUESDAY + 299 * DAY) is None
        assert Report.objects.filter(case=first, text=WORD).exists()
        assert retention.hold_on(Case.objects.get(pk=first.pk), TUESDAY) is not None
        assert go(first, TUESDAY + 300 * DAY) is not None
        assert not Report.objects.filter(case=first).exclude(text="").exists()

    def test_what_was_said_of_it_cannot_be_changed(self, here: Place) -> None:
        hold(refused(here), here.dispatcher)
        for change in ({"until": MONDAY + 9 * DAY}, {"ground": "audit"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                LegalHold.objects.update(**change)


class TestPages:
    PAGE = "/s/yunqiao/retention/"

    def test_the_leader_sets_a_term_and_the_auditor_reads_it(self, here: Place, leader: Person) -> None:
        browser = as_(leader)
        wrong = browser.post(f"{self.PAGE}term/", {"kept": "refused", "days": "7", "ground": "某法第一条"})
        assert wrong.status_code == 422 and 'value="7"' in wrong.content.decode()
        assert "某法第一条" in wrong.content.decode(), "nothing typed is lost"
        right = browser.post(
            f"{self.PAGE}term/", {"kept": "refused", "days": "90", "ground": "某法第一条"}, follow=True
        ).content.decode()
        assert "三十天以后开始" in right and "改成 90 天" in right
        auditor = cast.appoint(cast.staff("申小计", "13900018883"), Role.AUDITOR)
        page = as_(auditor).get(self.PAGE).content.decode()
        assert "改成 90 天" in page and "改一类的期限" not in page
        assert as_(auditor).post(f"{self.PAGE}term/", {"kept": "refused"}).status_code == 403
        assert as_(here.wei).get(self.PAGE).status_code == as_(here.lan).get(self.PAGE).status_code == 403

    def test_held_from_the_case_and_ended_from_the_list(self, here: Place) -> None:
        case, browser = refused(here, now=clock.now()), as_(here.dispatcher)
        assert "到期先不删" in browser.get(f"/s/yunqiao/desk/?view=all&case={case.code}").content.decode()
        path = f"/s/yunqiao/cases/{case.code}/hold/"
        until = (clock.now() + 30 * DAY).date().isoformat()
        wrong = browser.post(path, {**WHY, "until": "9999-12-31"})
        assert wrong.status_code == 422 and WHY["words"] in wrong.content.decode()
        assert browser.post(path, {**WHY, "until": until}).status_code == 302
        held = LegalHold.objects.get()
        page = browser.get(self.PAGE).content.decode()
        assert case.code in page and "有诉讼、仲裁" in page
        mine = as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert "依法先不删" in mine and "诉讼" not in mine.split("data-keeping")[1].split("</p>")[0]
        end = f"{self.PAGE}holds/{held.id}/end/"
        assert browser.post(end, {"words": ""}).status_code == 422
        assert browser.post(end, {"words": "撤诉了"}).status_code == 302
        assert "没有留住的" in browser.get(self.PAGE).content.decode()

    def test_the_reporter_reads_when_it_goes_and_that_it_went(self, here: Place) -> None:
        now = clock.now()
        running, case = here.report(now=now), long_refused(here, now)
        path = "/s/yunqiao/mine/{}/".format
        browser = as_(here.lan)
        assert "办结以后保存 1825 天" in browser.get(path(running.code)).content.decode()
        assert "到期自动删掉；编号和经过留着" in browser.get(path(case.code)).content.decode()
        go(case, now)
        gone = browser.get(path(case.code)).content.decode()
        assert "保存期满" in gone and WORD not in gone
        page = as_(here.dispatcher).get(self.PAGE).content.decode()
        assert case.code in page and "照片 1 张" in page

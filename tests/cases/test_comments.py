"""Comments: off until a community turns them on, read by a person before anybody sees them, nobody named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cases import comment_notices
from huipai.cases.commands import comments, forgetting, triage
from huipai.cases.commands.comments import CommentTellsTooMuch, EnoughForToday, EnoughHere, SaySomething
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.commands.intake import NotThisId
from huipai.cases.comment_words import CommentState
from huipai.cases.models import Case, Comment, CommentOpening
from huipai.cases.queries import proof
from huipai.cases.queries.checking import checker_pool
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR
from tests.cases.showing import release
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
SAID = "早上送孩子都要绕着走"
DAY = timedelta(days=1)


@pytest.fixture
def case(here: Place) -> Case:
    """Public, and its community has comments."""
    comments.open_in(node_id=here.town["C"].id, actor=here.coordinator, now=clock.now() - DAY)
    return shown(here)


def shown(here: Place, by: Person | None = None) -> Case:
    case = here.report(by, now=clock.now() - HOUR, case_type=LITTER)
    release(here, case, by=here.coordinator, now=clock.now())
    return case


def write(here: Place, case: Case, by: Person | None = None, text: str = SAID, **more: object) -> Comment:
    asked = {"comment_id": new_id(), "code": case.code, "author": by or here.hua, "text": text, "now": clock.now()}
    return comments.write(**{**asked, **more})  # type: ignore[arg-type]


def public(case: Case, person: Person) -> str:
    return as_(person).get(f"/s/yunqiao/c/{case.code}/").content.decode()


def test_who_has_said_what_they_make_of_it_is_no_stranger_to_it(here: Place, case: Case) -> None:
    assert {here.qin.id, here.bo.id} <= set(checker_pool(case, clock.now()))
    comment = write(here, case, here.qin)
    comments.show(comment_id=comment.id, actor=here.coordinator, now=clock.now())
    pool = set(checker_pool(case, clock.now()))
    assert here.qin.id not in pool and here.bo.id in pool


class TestSwitch:
    def test_is_off_until_the_coordinator_of_the_community_turns_it_on(self, here: Place, there: Place) -> None:
        case = shown(here)
        assert "邻居说" not in public(case, here.hua)
        with pytest.raises(NotVisible):
            write(here, case)
        for person in (here.dispatcher, here.wei, here.lan):
            with pytest.raises(NotAllowed):
                comments.open_in(node_id=here.town["C"].id, actor=person, now=clock.now())
        with in_street(there.street.id), pytest.raises(NotVisible):
            comments.open_in(node_id=here.town["C"].id, actor=there.coordinator, now=clock.now())
        for _ in range(2):
            comments.open_in(node_id=here.town["C"].id, actor=here.coordinator, now=clock.now())
        assert CommentOpening.objects.count() == 1 and "邻居说" in public(case, here.hua)

    def test_turned_off_nothing_is_shown_or_written(self, here: Place, case: Case) -> None:
        comments.show(comment_id=write(here, case).id, actor=here.coordinator, now=clock.now())
        assert SAID in public(case, here.lan)
        for _ in range(2):
            comments.close_in(node_id=here.town["C"].id, actor=here.coordinator, now=clock.now())
        assert SAID not in public(case, here.lan) and Entry.objects.filter(what="comments.closed").count() == 1
        with pytest.raises(NotVisible):
            write(here, case)


class TestReading:
    def test_shows_only_after_a_person_has_read_it_and_never_in_a_feed(self, here: Place, case: Case) -> None:
        comment = write(here, case)
        surfaces = (f"c/{case.code}/", "feed/", "nearby/", f"feed/{here.town['C'].code}/")
        for surface in surfaces:
            assert SAID not in as_(here.lan).get(f"/s/yunqiao/{surface}").content.decode()
        comments.show(comment_id=comment.id, actor=here.coordinator, now=clock.now())
        page = public(case, here.lan)
        assert SAID in page and here.hua.name not in page and "一位邻居" in page
        for surface in surfaces[1:]:
            assert SAID not in as_(here.lan).get(f"/s/yunqiao/{surface}").content.decode()

    def test_is_not_shown_where_it_names_somebody_of_the_street(self, here: Place, case: Case) -> None:
        """Nor its reporter by family name and title, as it is struck out for the unit; whatever disguises it."""
        lan = here.lan.name
        names = (lan, " ".join(lan), "蓝\u200b小、河", "蓝阿姨", "老、蓝", "蓝家", "藍小河", here.bo.name)
        for name, by in zip(names, (here.hua, here.qin) * 4, strict=True):
            comment = write(here, case, by=by, text=f"{name}又报这个了")
            answer = as_(here.coordinator).post(f"/s/yunqiao/comments/{comment.id}/decision/", {"decision": "show"})
            assert answer.status_code == 422 and "里面写了人名" in answer.content.decode()
            comments.refuse(comment_id=comment.id, actor=here.coordinator, reason="personal", now=clock.now())
        Person.objects.filter(pk=here.bo.pk).update(name="高峰")
        everyday = write(here, case, by=here.qin, text="早高峰堵得厉害")
        assert comments.show(comment_id=everyday.id, actor=here.coordinator, now=clock.now()).state == "shown"

    def test_goes_along_with_a_merge_unless_it_names_who_reported_there(self, here: Place, case: Case) -> None:
        older = here.report(here.qin, now=clock.now() - 2 * HOUR, case_type=LITTER)
        release(here, older, by=here.coordinator, now=clock.now())
        called = f"小{here.qin.name[0]}知道的"
        kept, named = (write(here, case, text=text) for text in (SAID, called))
        for one in (kept, named):
            comments.show(comment_id=one.id, actor=here.coordinator, now=clock.now())
        triage.merge(case_id=case.id, into_id=older.id, actor=here.dispatcher, now=clock.now())
        assert SAID in public(older, here.bo) and called not in public(older, here.bo)
        comments.report(comment_id=kept.id, person=here.bo, reason="personal", now=clock.now())
        assert kept.reports.exists()

    def test_is_not_by_its_author_the_reporter_or_anybody_elses_coordinator(self, here: Place, case: Case) -> None:
        own = write(here, case, by=here.coordinator)
        for person in (here.coordinator, here.dispatcher, here.lan, here.wei):
            with pytest.raises(NotAllowed):
                comments.show(comment_id=own.id, actor=person, now=clock.now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=own.pk).update(
                state=CommentState.SHOWN, decided_by=here.coordinator, decided_at=clock.now()
            )

    def test_a_refusal_says_why_to_its_author(self, here: Place, case: Case) -> None:
        comment = write(here, case)
        with pytest.raises(ReasonMissing):
            comments.refuse(comment_id=comment.id, actor=here.coordinator, reason="", now=clock.now())
        for _ in range(2):
            comments.refuse(comment_id=comment.id, actor=here.coordinator, reason="personal", now=clock.now())
        for entry in Entry.objects.filter(what__in=comment_notices.TOLD).order_by("id"):
            comment_notices.tell(entry_id=entry.id, now=clock.now())
        told = Notice.objects.filter(kind__startswith="comment.").values_list("person", "kind")
        assert set(told) == {(here.coordinator.id, "comment.written"), (here.hua.id, "comment.refused")}
        assert "写了姓名" in as_(here.hua).get("/s/yunqiao/comments/mine/").content.decode()

    def test_a_neighbour_may_point_at_one_and_somebody_looks_again(self, here: Place, case: Case) -> None:
        comment = write(here, case)
        with pytest.raises(NotVisible):
            comments.report(comment_id=comment.id, person=here.lan, reason="insult", now=clock.now())
        comments.show(comment_id=comment.id, actor=here.coordinator, now=clock.now())
        for _ in range(2):
            comments.report(comment_id=comment.id, person=here.lan, reason="insult", now=clock.now())
        assert "邻居说不妥" in as_(here.coordinator).get("/s/yunqiao/comments/").content.decode()
        assert SAID in public(case, here.qin)
        comments.show(comment_id=comment.id, actor=here.coordinator, now=clock.now())
        assert "邻居说不妥" not in as_(here.coordinator).get("/s/yunqiao/comments/").content.decode()
        comments.refuse(comment_id=comment.id, actor=here.coordinator, reason="insult", now=clock.now())
        assert SAID not in public(case, here.qin) and Comment.objects.get().state == CommentState.TAKEN_DOWN


class TestWriting:
    def test_is_limited_by_day_and_thing_and_arrives_once(self, here: Place, case: Case) -> None:
        for text in ("", "长" * 201):
            with pytest.raises(SaySomething):
                write(here, case, text=text)
        with pytest.raises(CommentTellsTooMuch):
            write(here, case, text="找我 138,1234,5678")
        same = new_id()
        for _ in range(2):
            write(here, case, comment_id=same)
        with pytest.raises(NotThisId):
            write(here, case, by=here.lan, comment_id=same)
        for number in range(2):
            write(here, case, text=f"还有 {number}")
        with pytest.raises(EnoughHere):
            write(here, case)
        other = shown(here, by=here.qin)
        for number in range(2):
            write(here, other, text=f"别的 {number}")
        with pytest.raises(EnoughForToday):
            write(here, other)
        assert write(here, other, now=clock.now() + DAY)

    def test_is_a_neighbours_and_not_of_who_handles_or_checks(self, here: Place, case: Case) -> None:
        with pytest.raises(NotAllowed):
            write(here, case, by=here.wei)
        assert write(here, case, by=here.lan).author == here.lan

    def test_of_what_is_not_public_does_not_exist(self, here: Place, there: Place, case: Case) -> None:
        private = here.report(now=clock.now(), case_type=LITTER)
        with pytest.raises(NotVisible):
            write(here, private)
        comment = write(here, case)
        comments.show(comment_id=comment.id, actor=here.coordinator, now=clock.now())
        with in_street(there.street.id):
            strange = as_(there.lan)
            assert strange.get(f"/s/hetang/comments/{comment.id}/report/").status_code == 404
            assert strange.post(f"/s/hetang/comments/{comment.id}/withdrawal/").status_code == 404
            with pytest.raises(NotVisible):
                comments.show(comment_id=comment.id, actor=there.coordinator, now=clock.now())

    def test_is_taken_back_with_its_words_and_leaves_with_its_author(self, here: Place, case: Case) -> None:
        one, two = write(here, case), write(here, case, text="再说一句")
        comments.show(comment_id=two.id, actor=here.coordinator, now=clock.now())
        with pytest.raises(NotVisible):
            comments.withdraw(comment_id=one.id, author=here.lan, now=clock.now())
        for _ in range(2):
            comments.withdraw(comment_id=one.id, author=here.hua, now=clock.now())
        assert Comment.objects.get(pk=one.pk).text == ""
        forgetting.forget(person=here.hua, now=clock.now())
        assert not Comment.objects.exclude(text="").exists() and "再说一句" not in public(case, here.lan)
        assert list(proof.verify_cases(here.street)) == []

    def test_the_proof_finds_one_that_nobody_read(self, here: Place, case: Case) -> None:
        Comment.objects.filter(pk=write(here, case).pk).update(
            state=CommentState.SHOWN, decided_by=here.coordinator, decided_at=clock.now()
        )
        assert "cases_comment" in str(next(iter(proof.verify_cases(here.street))))


class TestPages:
    def test_lead_from_a_word_to_its_showing(self, here: Place, case: Case) -> None:
        hua, desk = as_(here.hua), as_(here.coordinator)
        again = hua.post(f"/s/yunqiao/c/{case.code}/comments/", {"text": "长" * 201})
        assert again.status_code == 422 and "长" * 201 in again.content.decode()
        assert hua.post(f"/s/yunqiao/c/{case.code}/comments/", {"text": SAID}).status_code == 302
        comment = Comment.objects.get()
        assert SAID in desk.get("/s/yunqiao/comments/").content.decode()
        decide = f"/s/yunqiao/comments/{comment.id}/decision/"
        assert desk.post(decide, {"decision": "refuse", "reason": ""}).status_code == 422
        assert desk.post(decide, {"decision": "show"}).status_code == 302 and SAID in public(case, here.lan)
        assert as_(here.dispatcher).post(decide, {"decision": "show"}).status_code == 404
        assert as_(here.lan).get(f"/s/yunqiao/comments/{comment.id}/report/").status_code == 200
        assert {who: as_(who).get("/s/yunqiao/comments/").status_code for who in (here.lan, here.wei)} == {
            here.lan: 403,
            here.wei: 403,
        }
        assert desk.post(f"/s/yunqiao/comments/switches/{here.town['C'].id}/", {"want": ""}).status_code == 302
        assert not CommentOpening.objects.filter(closed_at=None).exists()

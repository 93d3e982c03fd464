"""Several who reported one thing: each reads what was addressed to them, and of the others that they spoke."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from huipai.cases.attachment_words import Eyes
from huipai.cases.commands import (
    asking,
    attaching,
    checking,
    confirming,
    filing,
    handling,
    joining,
    splitting,
    triage,
    withdrawing,
)
from huipai.cases.commands.retention import holding
from huipai.cases.commands.retention.holding import HeldBack
from huipai.cases.models import Attachment, Case, Check
from huipai.cases.queries import attachments, proof
from huipai.kit import clock
from huipai.kit.coordinates import Point
from huipai.kit.ids import new_id
from huipai.people.models import Person
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR
from tests.cases.showing import release
from tests.cases.test_attachments import PDF, drawer_in, paper
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
NAME = "给蓝小河的答复 13800010000.pdf"
STAFF_ALONE, UNIT_TOO = "办的单位和别的上报人看不到写了什么", "别的上报人只知道有人说过"


@pytest.fixture(autouse=True)
def drawer(folder: Path, tmp_path: Path) -> Iterator[Path]:
    with drawer_in(tmp_path / "attachments") as place:
        yield place


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def case(here: Place, now: datetime) -> Case:
    """Reported by lan, and shown to neighbours."""
    return release(here, here.report(now=now - 9 * HOUR))


def also(here: Place, case: Case, who: Person, at: datetime) -> None:
    """A neighbour reports the same."""
    sending = here.sending(here.photo(who, at), case_type=case.case_type.code, at=Point(case.lng, case.lat))
    joining.join(sending=sending, code=case.code, reporter=who, now=at)


def addressed(here: Place, case: Case, at: datetime, name: str = NAME, content: bytes = PDF) -> Attachment:
    return attaching.attach(
        case_id=case.id, actor=here.coordinator, paper=paper(content, name), eyes=Eyes.REPORTER, now=at
    )  # fmt: skip


def page(who: Person, case: Case) -> str:
    return as_(who).get(f"/s/yunqiao/mine/{case.code}/").content.decode()


def opened(who: Person, one: Attachment) -> str:
    """The name by which the file comes; nothing where there is none for this person."""
    answer = as_(who).get(f"/s/yunqiao/attachments/{one.id}/")
    if answer.status_code == 404:
        return ""
    assert b"".join(answer)  # type: ignore[arg-type]  # read to its end, a file is closed
    return unquote(answer["Content-Disposition"])


def reads(who: Person, one: Attachment, on: Case) -> bool:
    """Whether the paper is there for this person; its page and its address agree."""
    is_named = str(one.id) in page(who, on)
    assert is_named == bool(opened(who, one)) == (one in attachments.for_reporter(on, who))
    return is_named


class TestAPaperForReporters:
    def test_is_for_those_who_were_there(self, here: Place, case: Case, now: datetime) -> None:
        also(here, case, here.hua, now - 4 * HOUR)
        one = addressed(here, case, now - 3 * HOUR)
        also(here, case, here.bo, now - 2 * HOUR)
        assert [who.name for who in (here.lan, here.hua, here.bo) if reads(who, one, case)] == ["蓝小河", here.hua.name]
        later = addressed(here, case, now - HOUR, content=PDF + b"2")
        assert all(reads(who, later, case) for who in (here.lan, here.hua, here.bo))

    def test_says_to_nobody_the_name_of_another_or_a_number(self, here: Place, case: Case, now: datetime) -> None:
        one = addressed(here, case, now - 5 * HOUR)
        assert NAME in page(here.lan, case) and NAME in opened(here.lan, one), "it is theirs alone"
        also(here, case, here.hua, now - 4 * HOUR)
        both = addressed(here, case, now - 3 * HOUR, f"给蓝小河、{here.hua.name}的答复 13800010000.pdf", PDF + b"2")
        for who, other in ((here.lan, here.hua), (here.hua, here.lan)):
            for said in (page(who, case), opened(who, both)):
                assert who.name in said and other.name not in said and "13800010000" not in said
        for staff in (here.coordinator, here.dispatcher):
            assert not re.search(f"蓝小河|{here.hua.name}|1380001", opened(staff, both))

    def test_is_addressed_anew_once_others_have_come(self, here: Place, case: Case, now: datetime) -> None:
        one = addressed(here, case, now - 5 * HOUR)
        assert addressed(here, case, now - 4 * HOUR) == one
        also(here, case, here.hua, now - 3 * HOUR)
        assert not reads(here.hua, one, case)
        again = addressed(here, case, now - 2 * HOUR)
        assert again != one and reads(here.hua, again, case) and reads(here.lan, again, case)
        assert not reads(here.lan, one, case) and addressed(here, case, now - HOUR) == again
        assert list(proof.verify_cases(here.street)) == []

    def test_is_not_for_who_took_their_part_back(self, here: Place, case: Case, now: datetime) -> None:
        also(here, case, here.hua, now - 4 * HOUR)
        one = addressed(here, case, now - 3 * HOUR)
        withdrawing.withdraw(case_id=case.id, actor=here.hua, now=now - 2 * HOUR)
        assert not reads(here.hua, one, case) and reads(here.lan, one, case)
        also(here, case, here.hua, now - HOUR)
        assert not reads(here.hua, one, case), "who comes back was not there"

    def test_on_a_part_is_for_those_of_its_whole(self, here: Place, case: Case, now: datetime) -> None:
        also(here, case, here.hua, now - 5 * HOUR)
        part = splitting.split(
            part_id=new_id(), case_id=case.id, case_type=LITTER, actor=here.dispatcher, text="垃圾", now=now - 4 * HOUR
        )  # fmt: skip
        one = addressed(here, part, now - 3 * HOUR)
        also(here, case, here.bo, now - 2 * HOUR)
        assert [reads(who, one, part) for who in (here.lan, here.hua, here.bo)] == [True, True, False]


class TestAfterAMerge:
    """Who read a paper reads on, and nobody more: 0075."""

    def test_everybody_reads_on_what_they_read(self, here: Place, case: Case, now: datetime) -> None:
        third = cast.resident("第三人", "13812345678")
        old = release(here, here.report(third, now=now - 10 * HOUR, at=here.town.at(51, 51)))
        also(here, case, here.hua, now - 6 * HOUR)
        one = addressed(here, case, now - 5 * HOUR, f"给{here.hua.name}和蓝小河的答复 13800010000.pdf")
        also(here, case, here.bo, now - 4 * HOUR)
        theirs = addressed(here, old, now - 4 * HOUR, f"给{third.name}的答复.pdf", PDF + b"old")
        triage.merge(case_id=case.id, into_id=old.id, actor=here.dispatcher, now=now - 3 * HOUR)
        old.refresh_from_db()
        who = (here.lan, here.hua, here.bo, third)
        assert [reads(person, one, old) for person in who] == [True, True, False, False]
        assert [reads(person, theirs, old) for person in who] == [False, False, False, True]
        assert not re.search("蓝小河|13800010000", page(here.hua, old) + opened(here.hua, one))
        assert not re.search(f"蓝小河|{here.hua.name}", opened(here.coordinator, one)), "its reports lie elsewhere now"
        both = addressed(here, old, now - 2 * HOUR, "都看.pdf", PDF + b"both")
        assert all(reads(person, both, old) for person in who)

    def test_however_often(self, here: Place, case: Case, now: datetime) -> None:
        """lan and hua reported one that went into bo's, and that into another's: each paper for who was where then."""
        third = cast.resident("第三人", "13812345678")
        oldest = release(here, here.report(third, now=now - 11 * HOUR, at=here.town.at(52, 52)))
        middle = release(here, here.report(here.bo, now=now - 10 * HOUR, at=here.town.at(51, 51)))
        also(here, case, here.hua, now - 8 * HOUR)
        papers = {
            "first": addressed(here, case, now - 7 * HOUR, "a.pdf", PDF + b"1"),
            "middle before": addressed(here, middle, now - 7 * HOUR, "b.pdf", PDF + b"2"),
        }
        triage.merge(case_id=case.id, into_id=middle.id, actor=here.dispatcher, now=now - 6 * HOUR)
        papers["middle after"] = addressed(here, middle, now - 5 * HOUR, "c.pdf", PDF + b"3")
        triage.merge(case_id=middle.id, into_id=oldest.id, actor=here.dispatcher, now=now - 4 * HOUR)
        papers["last"] = addressed(here, oldest, now - 3 * HOUR, "d.pdf", PDF + b"4")
        also(here, oldest, here.qin, now - 2 * HOUR)
        oldest.refresh_from_db()
        read = {
            who.name: {name for name, one in papers.items() if reads(who, one, oldest)}
            for who in (here.lan, here.hua, here.bo, third, here.qin)
        }
        from_the_first = {"first", "middle after", "last"}
        assert read == {
            here.lan.name: from_the_first, here.hua.name: from_the_first,
            here.bo.name: {"middle before", "middle after", "last"}, third.name: {"last"}, here.qin.name: set(),
        }  # fmt: skip

    def test_the_second_reporter_reads_on_what_was_asked_and_answered(
        self, here: Place, case: Case, now: datetime
    ) -> None:
        old = release(here, here.report(here.bo, now=now - 10 * HOUR, at=here.town.at(51, 51)))
        also(here, case, here.hua, now - 6 * HOUR)
        question = asking.ask(case_id=case.id, actor=here.coordinator, text="哪个门进？", now=now - 5 * HOUR)
        asking.answer(question_id=question.id, actor=here.hua, text="走北门", now=now - 4 * HOUR)
        triage.merge(case_id=case.id, into_id=old.id, actor=here.dispatcher, now=now - 3 * HOUR)
        told = {
            who.name: [words in page(who, old) for words in ("哪个门进", "走北门")]
            for who in (here.lan, here.hua, here.bo)
        }
        assert told == {here.lan.name: [True, False], here.hua.name: [True, True], here.bo.name: [False, False]}


class TestWhatAnotherSays:
    def test_is_told_without_a_word_of_it_whenever_one_came(self, here: Place, case: Case, now: datetime) -> None:
        also(here, case, here.hua, now - 8 * HOUR)
        handling.accept(case_id=case.id, actor=here.wei, now=now - 7 * HOUR)
        question = asking.ask(case_id=case.id, actor=here.wei, text="在哪一幢？", now=now - 7 * HOUR)
        asking.answer(question_id=question.id, actor=here.hua, text="华答 5 幢", now=now - 6 * HOUR)
        also(here, case, here.bo, now - 6 * HOUR)
        done(here, case, now - 5 * HOUR)
        confirming.confirm(case_id=case.id, actor=here.lan, rating=2, text="兰评 3 幢", now=now - 4 * HOUR)
        confirming.dispute(case_id=case.id, actor=here.hua, text="华争 302", photo_ids=(), now=now - 3 * HOUR)
        words = ("华答 5 幢", "兰评 3 幢", "华争 302")
        own: dict[Person, tuple[str, ...]] = {here.lan: words[1:2], here.hua: (words[0], words[2]), here.bo: ()}
        for who, theirs in own.items():
            shown = page(who, case)
            assert tuple(one for one in words if one in shown) == theirs, who.name
            assert "在哪一幢" in shown
        assert all(one in page(here.bo, case) for one in ("一位邻居回答了", "一位邻居说解决了", "一位邻居说还没有"))
        staff = as_(here.wei).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert all(one in staff for one in words)

    def test_is_so_for_a_review_too(self, here: Place, case: Case, now: datetime) -> None:
        also(here, case, here.hua, now - 8 * HOUR)
        handling.decline(
            case_id=case.id, actor=here.wei, reason="not_the_streets", text="路是市里的", now=now - 7 * HOUR
        )
        filing.ask_review(case_id=case.id, actor=here.lan, text="我家 3 幢 201", now=now - 6 * HOUR)
        assert "3 幢 201" in page(here.lan, case)
        hua = page(here.hua, case)
        assert "一位邻居申请了复核" in hua and "3 幢 201" not in hua and "路是市里的" in hua


class TestTheFormsSay:
    def test_who_reads_what_is_written(self, here: Place, case: Case, now: datetime) -> None:
        lan, mine = as_(here.lan), f"/s/yunqiao/mine/{case.code}/"
        handling.accept(case_id=case.id, actor=here.wei, now=now - 7 * HOUR)
        asking.ask(case_id=case.id, actor=here.wei, text="在哪一幢？", now=now - 7 * HOUR)
        assert UNIT_TOO in lan.get(mine).content.decode()
        done(here, case, now - HOUR)
        form = f"/s/yunqiao/cases/{case.code}"
        assert UNIT_TOO in lan.get(f"{form}/dispute/").content.decode()
        assert STAFF_ALONE in lan.get(f"{form}/confirmation/").content.decode()


def done(here: Place, case: Case, at: datetime) -> None:
    """Responded and checked: its reporters are asked."""
    handling.respond(case_id=case.id, actor=here.wei, text="拖走了", photo_ids=here.photo_ids(here.wei), now=at)
    check = Check.objects.get(case=case, result="")
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=at + timedelta(minutes=20))


def test_under_a_hold_it_is_not_addressed_anew_in_place_of_what_was_there(
    here: Place, case: Case, now: datetime
) -> None:
    first = addressed(here, case, now - 5 * HOUR)
    also(here, case, here.hua, now - 4 * HOUR)
    holding.hold(
        case_id=case.id, actor=here.dispatcher, reason="lawsuit", words="区法院来函", until=now + 30 * HOUR,
        now=now - 3 * HOUR,
    )  # fmt: skip
    with pytest.raises(HeldBack):
        addressed(here, case, now - 2 * HOUR)
    first.refresh_from_db()
    assert (first.removed_at, first.name) == (None, NAME)

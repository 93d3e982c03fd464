"""What a reporter wrote reaches nobody who may not know who it was with a name or a number in it (ruling 11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from huipai.cases.commands import asking, checking, confirming, handling, triage
from huipai.cases.models import Case, Check
from huipai.kit import clock
from huipai.kit.masking import HIDDEN
from huipai.people.models import Person
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR
from tests.cases.test_pages import as_

pytestmark = pytest.mark.django_db
SAID = "我是蓝小河，打 138 1234 5678，{}"


def of_two(here: Place, at: datetime) -> Case:
    """Reported by lan and by hua, in wei's hands; lan wrote who they are, and where they live."""
    case = here.report(now=at, case_type=LITTER, text=SAID.format("说的"), address=SAID.format("门口"))
    other = here.report(here.hua, now=at + HOUR / 10, case_type=LITTER)
    triage.merge(case_id=other.id, into_id=case.id, actor=here.wei, now=at + HOUR / 5)
    return handling.accept(case_id=case.id, actor=here.wei, now=at + HOUR / 4)


def asked_and_done(here: Place, at: datetime) -> Case:
    """Asked about, answered, done and passed by a checker: both reporters are asked whether it is solved."""
    case = of_two(here, at)
    question = asking.ask(case_id=case.id, actor=here.coordinator, text="蓝小河，几号门？", now=at + HOUR)
    asking.answer(question_id=question.id, actor=here.lan, text=SAID.format("答的"), now=at + 2 * HOUR)
    handling.respond(
        case_id=case.id, actor=here.wei, text="清了，值班电话 51266601234", photo_ids=(), now=at + 3 * HOUR
    )
    check = Check.objects.get(case=case, result="")
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=at + 4 * HOUR)
    return case


def disputed(case: Case, by: Person, at: datetime) -> None:
    confirming.dispute(case_id=case.id, actor=by, text=SAID.format("没好"), photo_ids=(), now=at)


def rated(case: Case, by: Person, at: datetime) -> None:
    confirming.confirm(case_id=case.id, actor=by, rating=1, text=SAID.format("没好"), now=at)


@pytest.mark.parametrize("judge", [disputed, rated])
def test_words_of_a_reporter_are_whole_for_themselves_and_for_nobody_else(
    here: Place, judge: Callable[[Case, Person, datetime], None]
) -> None:
    now = clock.now()
    case = asked_and_done(here, now - 6 * HOUR)
    judge(case, here.lan, now - HOUR)
    own = as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
    assert all(SAID.format(end) in own for end in ("没好", "答的", "说的", "门口"))
    neighbour = f"/s/yunqiao/mine/{case.code}/"
    for person, path, read in (
        (here.hua, neighbour, ()),
        (here.wei, f"/s/yunqiao/cases/{case.code}/", ("没好", "答的", "说的", "门口")),
        (here.dispatcher, f"/s/yunqiao/desk/?view=all&case={case.code}", ("没好", "答的", "说的", "门口")),
        (here.coordinator, f"/s/yunqiao/search/?q={case.code}", ("说的", "门口")),
        (here.wei, "/s/yunqiao/today/", ()),
        (here.wei, "/s/yunqiao/today/kept/list.json", ()),
    ):
        answer = as_(person).get(path)
        page = answer.content.decode()
        assert answer.status_code == 200 and "1234 5678" not in page and here.lan.name not in page, path
        for end in read:
            assert f"我是{HIDDEN}，打 {HIDDEN}，{end}" in page, (path, end)
    # Another reporter reads that they spoke, and no word of it (0109).
    other = as_(here.hua).get(neighbour).content.decode()
    assert not any(end in other for end in ("没好", "答的", "说的"))


def test_whoever_asked_reads_the_answer_and_an_office_gives_its_own_number(here: Place) -> None:
    """An answer once stood only on a unit's page: the worker who had asked read that there was one."""
    now = clock.now()
    case = asked_and_done(here, now - 6 * HOUR)
    for person in (here.coordinator, here.wei, here.lan):
        page = as_(person).get(f"/s/yunqiao/cases/{case.code}/", follow=True).content.decode()
        assert "几号门？" in page and "答的" in page and "值班电话 51266601234" in page
    other = as_(here.hua).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
    assert "答的" not in other
    assert "值班电话 51266601234" in other, "an office's own words are for all of them"


def test_who_has_confirmed_is_not_asked_again_while_another_is(here: Place) -> None:
    now = clock.now()
    case = asked_and_done(here, now - 6 * HOUR)
    rated(case, here.lan, now - HOUR)
    chips = {one: as_(one).get(f"/s/yunqiao/mine/{case.code}/").content.decode() for one in (here.lan, here.hua)}
    assert "待您确认" not in chips[here.lan] and "等另一位上报人确认" in chips[here.lan]
    assert "待您确认" in chips[here.hua] and "等另一位" not in chips[here.hua]

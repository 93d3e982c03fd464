"""Whoever refuses a report by a page of before has not seen what its reporter said since: it is shown first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from huipai.cases.commands import adding, filing, handling
from huipai.cases.models import Case
from huipai.cases.words import State
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.words import Role
from tests.cases.conftest import Place
from tests.cases.test_pages import as_
from tests.cast import appoint, staff

SAID = "上报人又说了话"


@pytest.fixture
def case(here: Place) -> Case:
    return here.report(now=clock.now() - timedelta(hours=1))


@pytest.fixture
def begun(here: Place, case: Case) -> Case:
    return handling.accept(case_id=case.id, actor=here.wei, now=clock.now() - timedelta(minutes=30))


def looked_at(page: str) -> str:
    return re.findall(r'name="looked_at" value="([^"]+)"', page)[0]


class TestAtTheDesk:
    def test_a_review_is_not_ended_by_who_has_not_read_why_it_is_asked_for(self, here: Place, case: Case) -> None:
        other = as_(appoint(staff("齐大江", "13900008888"), Role.DISPATCHER))
        desk, at = f"/s/yunqiao/desk/?view=all&case={case.code}", f"/s/yunqiao/desk/{case.code}/non-filing/"
        typed = {"reason": "settled", "text": "已经没有了", "looked_at": looked_at(other.get(desk).content.decode())}
        filing.not_file(case_id=case.id, actor=here.dispatcher, reason="settled", text="没有了", now=clock.now())
        filing.ask_review(case_id=case.id, actor=here.lan, text="还在，附上回函", now=clock.now())
        answer = other.post(at, typed)
        page = answer.content.decode()
        assert answer.status_code == 409 and SAID in page and "已经没有了" in page and "还在，附上回函" in page
        assert Case.objects.get(pk=case.pk).state == State.VERIFYING
        assert other.post(at, typed | {"looked_at": looked_at(page)}).status_code == 302
        assert Case.objects.get(pk=case.pk).state == State.NOT_FILED

    def test_nor_is_voided_what_was_added_to_since(self, here: Place, begun: Case) -> None:
        hub, at = as_(here.dispatcher), f"/s/yunqiao/desk/{begun.code}/voiding/"
        page = hub.get(f"/s/yunqiao/desk/?view=all&case={begun.code}").content.decode()
        typed = {"reason": "test", "text": "试用时发的", "looked_at": looked_at(page)}
        add(here, begun)
        for nothing in (typed, typed | {"looked_at": ""}, {"reason": "test", "text": "试用时发的"}):
            answer = hub.post(at, nothing)
            assert answer.status_code == 409 and SAID in answer.content.decode()
        assert Case.objects.get(pk=begun.pk).state == State.ACCEPTED


def test_a_worker_is_told_once_and_then_decides(here: Place, begun: Case) -> None:
    wei, at = as_(here.wei), f"/s/yunqiao/cases/{begun.code}/refusal/"
    typed = {"reason": "not_seen", "text": "没看到", "looked_at": looked_at(wei.get(at).content.decode())}
    add(here, begun)
    answer = wei.post(at, typed)
    page = answer.content.decode()
    assert answer.status_code == 409 and SAID in page and "没看到" in page
    # Another mistake of theirs does not move what they have seen.
    wrong = wei.post(at, typed | {"looked_at": looked_at(page), "reason": ""})
    assert looked_at(wrong.content.decode()) == looked_at(page)
    assert wei.post(at, typed | {"looked_at": looked_at(page)}).status_code == 302
    assert Case.objects.get(pk=begun.pk).state == State.DECLINED


def add(here: Place, case: Case) -> None:
    adding.add(
        addition_id=new_id(), case_id=case.id, actor=here.lan, text="有老人绊倒了", photo_ids=(), now=clock.now()
    )

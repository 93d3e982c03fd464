"""What of incentives no reviewer may decide reaches the leader, under the same ties."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from huipai.households import policies, queries
from huipai.households.commands import assessing
from huipai.households.models import Assessment
from huipai.households.words import AssessmentState, RefusalReason
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import last_resort
from huipai.points.models import Conflict
from huipai.points.words import CorrectionReason, CorrectionState
from tests import cast
from tests.cast import A_YEAR_AGO, MONDAY
from tests.households.conftest import Stairwell, join_up
from tests.households.test_assessing import AFTER, balance, in_public, proposed
from tests.points.test_awarding import home


@pytest.fixture
def lei(here: Stairwell) -> Person:
    join_up(here)
    return cast.appoint(cast.staff("雷望山", "13900000070"), Role.LEADER, since=A_YEAR_AGO)


@pytest.fixture
def ding(here: Stairwell) -> Person:
    return cast.appoint(cast.staff("丁一平", "13900000071"), Role.SYSTEM_ADMIN, since=A_YEAR_AGO)


def aside(*reviewers: Person, of: Person) -> None:
    for reviewer in reviewers:
        Conflict.objects.create(reviewer=reviewer, person=of, declared_at=MONDAY)


def told(person: Person) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(person=person, kind__startswith="points.left").values_list("kind", "subject"))


def test_an_incentive_of_people_whom_all_reviewers_know_is_decided_by_the_leader(
    here: Stairwell, lei: Person, as_: Callable[[Person], Client]
) -> None:
    one = proposed(here)
    assert policies.may_decide(lei, one, MONDAY).code == "points_left_to_reviewers"
    assert not queries.to_be_decided(lei, MONDAY).exists()
    aside(here.qin, here.bo, of=here.lan)
    assert queries.to_be_decided(lei, MONDAY).get() == one
    for _ in range(2):
        last_resort.tell(now=MONDAY)
    assert told(lei) == [("points.left_to_leader", f"assessment:{one.pk}")]
    assert [line.title for line in last_resort.lines_for(lei, MONDAY)] == ["1 件联户激励要您来定"]
    html = as_(lei).get("/s/yunqiao/linked/incentives/").content.decode()
    assert "楼道清爽" in html and f"{one.pk}" in html
    assert assessing.approve(assessment_id=one.pk, actor=lei, now=MONDAY).decided_by == lei


def test_an_objection_in_which_both_had_a_hand_is_decided_by_the_leader(here: Stairwell, lei: Person) -> None:
    one = in_public(here)
    aside(here.bo, of=here.lan)
    objection = assessing.object_to(assessment_id=one.pk, text="有杂物", actor=here.hua, now=MONDAY)
    assert not any(queries.open_objections(each, MONDAY).exists() for each in (here.qin, here.bo))
    last_resort.tell(now=MONDAY)
    assert told(lei) == [("points.left_to_leader", f"incentive_objection:{objection.pk}")]
    assert queries.open_objections(lei, MONDAY).get() == objection
    assert assessing.dismiss(objection_id=objection.pk, answer="看过了", actor=lei, now=MONDAY).decided_by == lei


@pytest.mark.parametrize(("way", "state"), [("approval", AssessmentState.PUBLIC), ("refusal", AssessmentState.REFUSED)])
def test_the_leader_says_yes_and_no_on_the_page(
    here: Stairwell, lei: Person, as_: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch, way: str,
    state: AssessmentState,
) -> None:  # fmt: skip
    one = proposed(here)
    aside(here.qin, here.bo, of=here.lan)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    door = f"/s/yunqiao/linked/incentives/{one.pk}/{way}/"
    assert door in as_(lei).get("/s/yunqiao/linked/incentives/").content.decode()
    assert as_(lei).post(door, {"reason": RefusalReason.NOT_SEEN.value}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.decided_by) == (state, lei)


@pytest.mark.parametrize(("way", "is_upheld"), [("upholding", True), ("dismissal", False)])
def test_and_to_an_objection_on_the_page(
    here: Stairwell, lei: Person, as_: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch, way: str,
    is_upheld: bool,
) -> None:  # fmt: skip
    one = in_public(here)
    aside(here.bo, of=here.lan)
    objection = assessing.object_to(assessment_id=one.pk, text="有杂物", actor=here.hua, now=MONDAY)
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    door = f"/s/yunqiao/linked/objections/{objection.pk}/{way}/"
    assert door in as_(lei).get("/s/yunqiao/linked/incentives/").content.decode()
    assert as_(lei).post(door, {"answer": "看过了"}).status_code == 302
    objection.refresh_from_db()
    assert (objection.is_upheld, objection.decided_by) == (is_upheld, lei)


@pytest.mark.parametrize(("answer", "state"), [("yes", CorrectionState.APPROVED), ("no", CorrectionState.DECLINED)])
def test_points_of_a_home_that_are_asked_back_are_decided_by_the_leader(
    here: Stairwell, lei: Person, as_: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch, answer: str,
    state: CorrectionState,
) -> None:  # fmt: skip
    posted = assessing.post(assessment_id=in_public(here).pk, now=AFTER)
    assert posted is not None and posted.posting_id is not None
    aside(here.bo, of=here.lan)
    asking = cast.appoint(cast.staff("何大桥", "13900000081"), Role.COORDINATOR, since=A_YEAR_AGO)
    one = points.propose_correction(
        posting_id=posted.posting_id, reason=CorrectionReason.DEED_UNDONE, note="没有做", actor=asking, now=AFTER
    )
    monkeypatch.setattr(clock, "now", lambda: AFTER)
    last_resort.tell(now=AFTER)
    assert told(lei) == [("points.left_to_leader", f"correction:{one.id}")]
    as_(lei).post(f"/s/yunqiao/points/corrections/{one.id}/decision/", {"answer": answer})
    one.refresh_from_db()
    assert (one.state, one.decided_by) == (state, lei)
    assert balance(here) == (0 if state == CorrectionState.APPROVED else 20)


def test_a_leader_of_one_home_may_not_and_whoever_names_reviewers_is_told(
    here: Stairwell, lei: Person, ding: Person
) -> None:
    one = proposed(here)
    aside(here.qin, here.bo, of=here.lan)
    home(lei, here.coordinator)
    with pytest.raises(NotAllowed) as refusal:
        assessing.approve(assessment_id=one.pk, actor=lei, now=MONDAY)
    assert refusal.value.code == "household_two_of_one_home"
    with pytest.raises(IntegrityError, match="home"), transaction.atomic():
        Assessment.objects.filter(pk=one.pk).update(
            state=AssessmentState.PUBLIC, decided_by=lei, decided_at=MONDAY, public_until=MONDAY
        )
    last_resort.tell(now=MONDAY)
    assert told(ding) == [("points.left_to_nobody", f"assessment:{one.pk}")] and not told(lei)


def test_whoever_had_a_part_in_what_an_objection_ended_is_no_reviewer_of_the_next(here: Stairwell, lei: Person) -> None:
    """In the list as in the question: otherwise it would wait for somebody who may not."""
    one = in_public(here)
    objection = assessing.object_to(assessment_id=one.pk, text="有杂物", actor=here.hua, now=MONDAY)
    assessing.uphold(objection_id=objection.pk, answer="是有", actor=here.bo, now=MONDAY)
    again = proposed(here, actor=Person.objects.get(name="纪小川"), note="清掉了")
    aside(here.bo, of=here.lan)
    assert policies.may_decide(here.qin, again, MONDAY).code in ("had_a_part", "contact_of_household")
    assert queries.to_be_decided(lei, MONDAY).get() == again

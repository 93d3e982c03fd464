"""A case put under another type is held to what that type said when the case was reported, and paid by that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huipai.cases.commands import checking, handling, paying, retyping, splitting, timing, types
from huipai.cases.models import Case, CaseType, Check, TypePayment
from huipai.cases.queries import types as read
from huipai.cases.queries.awards import verify_awards
from huipai.cases.rules.types import Terms
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.models import Posting
from huipai.workdays.words import Span, Unit
from tests import cast
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY

NOISE = Terms(code="noise", name="噪声扰民", handle=Span(4, Unit.URGENT_HOURS), hint="夜里施工", unit="U-city")
EARLIER = MONDAY - timedelta(days=3)


@pytest.fixture
def keeper(here: Place) -> Person:
    return cast.appoint(cast.staff("柯管理", "13900090001"), Role.SYSTEM_ADMIN)


@pytest.fixture
def leader(here: Place) -> Person:
    return cast.appoint(cast.staff("雷远山", "13911110002"), Role.LEADER)


def said(keeper: Person, *, at: object, code: str = LITTER, **changes: object) -> CaseType:
    kind = CaseType.objects.get(code=code)
    wanted = replace(read.terms_of(kind), **changes)  # type: ignore[arg-type]
    return types.change(terms=wanted, seen=kind.edition, reason="改一改", actor=keeper, now=at)  # type: ignore[arg-type]


def paid_by(keeper: Person, leader: Person, item: str, *, at: object, code: str = LITTER) -> None:
    said(keeper, at=at, code=code, point_item=item)
    waiting = TypePayment.objects.get(decided_at=None)
    paying.agree(payment_id=waiting.id, actor=leader, now=at)  # type: ignore[arg-type]


def put_under(place: Place, case: Case, code: str, *, at: object) -> Case:
    retyping.retype(case_id=case.id, case_type=code, actor=place.coordinator, text="", now=at)  # type: ignore[arg-type]
    return Case.objects.select_related("case_type").get(pk=case.pk)


def looked_at(place: Place, case: Case) -> list[str]:
    """By which items it was paid once it was handled and a check has passed."""
    handling.handle_on_the_spot(
        case_id=case.id, actor=place.wei, text="清了", photo_ids=place.photo_ids(place.wei), now=MONDAY + 8 * HOUR
    )
    check = Check.objects.get(case=case)
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 9 * HOUR)
    return list(Posting.objects.values_list("item_code", flat=True))


@pytest.mark.no_guard
class TestPay:
    def test_by_no_item_that_was_agreed_to_after_the_report(self, here: Place, keeper: Person, leader: Person) -> None:
        types.add(terms=NOISE, reason="夏天常有", actor=keeper, now=EARLIER)
        case = here.report(case_type="noise")
        paid_by(keeper, leader, cast.FOUND.code, at=MONDAY + HOUR)
        case = put_under(here, case, LITTER, at=MONDAY + 2 * HOUR)
        assert (case.edition, case.type_then.point_item) == (1, "")
        assert looked_at(here, case) == [] == list(verify_awards(here.street))

    def test_by_the_item_that_was_taken_off_since(self, here: Place, keeper: Person, leader: Person) -> None:
        paid_by(keeper, leader, cast.FOUND.code, at=EARLIER)
        case = here.report(case_type=PARKING)
        paid_by(keeper, leader, "", at=MONDAY + HOUR)
        case = put_under(here, case, LITTER, at=MONDAY + 2 * HOUR)
        assert (case.edition, CaseType.objects.get(code=LITTER).edition) == (2, 3)
        assert looked_at(here, case) == [cast.FOUND.code]
        assert list(verify_awards(here.street)) == []

    def test_by_the_edition_of_the_very_moment(self, here: Place, keeper: Person, leader: Person) -> None:
        paid_by(keeper, leader, cast.FOUND.code, at=MONDAY)
        case = put_under(here, here.report(case_type=PARKING, now=MONDAY), LITTER, at=MONDAY + HOUR)
        assert case.edition == 2

    def test_a_younger_type_pays_as_in_its_first_edition(self, here: Place, keeper: Person, leader: Person) -> None:
        case = here.report(case_type=PARKING)
        types.add(terms=NOISE, reason="夏天常有", actor=keeper, now=MONDAY + HOUR)
        paid_by(keeper, leader, cast.FOUND.code, at=MONDAY + 2 * HOUR, code="noise")
        case = put_under(here, case, "noise", at=MONDAY + 3 * HOUR)
        assert case.edition == 1 and looked_at(here, case) == []

    def test_an_award_by_a_later_edition_is_named(self, here: Place, keeper: Person, leader: Person) -> None:
        case = here.report(case_type=PARKING)
        paid_by(keeper, leader, cast.FOUND.code, at=MONDAY + HOUR)
        case = put_under(here, case, LITTER, at=MONDAY + 2 * HOUR)
        by_hand("UPDATE cases_case SET edition = 2 WHERE id = %s", [case.id])
        looked_at(here, case)
        why = "its case was put under an edition that came after its report"
        assert [(one.why, one.said, one.found) for one in verify_awards(here.street)] == [
            (why, "edition 1", "edition 2")
        ]

    def test_back_where_it_was_it_is_paid_as_it_came_in(self, here: Place, keeper: Person, leader: Person) -> None:
        case = here.report(case_type=PARKING)
        case = put_under(here, case, LITTER, at=MONDAY + HOUR)
        paid_by(keeper, leader, "", at=MONDAY + 2 * HOUR, code=PARKING)
        case = put_under(here, case, PARKING, at=MONDAY + 3 * HOUR)
        assert case.edition == 1 and looked_at(here, case) == [cast.FOUND.code]
        assert list(verify_awards(here.street)) == []


class TestTerms:
    def test_its_limits_and_returns_are_those_of_the_day_of_the_report(self, here: Place, keeper: Person) -> None:
        case = here.report(case_type=PARKING)
        said(keeper, at=MONDAY + HOUR, handle=Span(9, Unit.WORKDAYS), max_returns=0)
        case = put_under(here, case, LITTER, at=MONDAY + 2 * HOUR)
        assert case.due_at == timing.until(case.clock_started_at, Span(2, Unit.WORKDAYS))
        assert case.type_then.max_returns == 2

    def test_the_step_says_which_edition_holds(self, here: Place, keeper: Person) -> None:
        case = here.report(case_type=PARKING)
        said(keeper, at=MONDAY + HOUR, radius_m=80)
        put_under(here, case, LITTER, at=MONDAY + 2 * HOUR)
        assert Entry.objects.get(what="case.retyped").facts["under"] == 1

    def test_a_part_that_is_split_off_later_is_of_its_own_day(self, here: Place, keeper: Person) -> None:
        hub = Hub.with_a_case(here)
        said(keeper, at=MONDAY + HOUR, radius_m=80)
        part = splitting.split(
            part_id=new_id(),
            case_id=hub.case.id,
            case_type=LITTER,
            actor=here.dispatcher,
            text="扫",
            now=MONDAY + 2 * HOUR,
        )
        said(keeper, at=MONDAY + 3 * HOUR, radius_m=90)
        retyping.retype(case_id=part.id, case_type=PARKING, actor=here.dispatcher, text="", now=MONDAY + 4 * HOUR)
        retyping.retype(case_id=part.id, case_type=LITTER, actor=here.dispatcher, text="", now=MONDAY + 5 * HOUR)
        assert Case.objects.get(pk=part.pk).edition == 2

    def test_the_reporter_reads_of_points_only_where_it_could_have_earned_some(
        self, here: Place, keeper: Person, leader: Person
    ) -> None:
        CaseType.objects.filter(code=LITTER).update(check_share=0)
        case = here.report(case_type=LITTER)
        paid_by(keeper, leader, cast.FOUND.code, at=MONDAY + HOUR)
        handling.handle_on_the_spot(
            case_id=case.id, actor=here.wei, text="清了", photo_ids=here.photo_ids(here.wei), now=MONDAY + 2 * HOUR
        )
        page = as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert "没有抽到" in page and "积分" not in page.split("没有抽到")[1][:60]

"""A second click and a retry are answered as the first time; other words on a case that moved on are not taken."""

from datetime import timedelta
from uuid import UUID

import pytest

from huipai.cases.commands import checking, confirming, handling, withdrawing
from huipai.cases.commands.joint import visiting
from huipai.cases.models import Case, Check, Note
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Outcome, State
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.joint import DAY, RESULT, actions, call_of, convened, mustered
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
DONE = "车已挪走"


@pytest.fixture
def case(here: Place) -> Case:
    case = here.report()
    handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
    return case


def steps(case: Case) -> int:
    return case.transitions.count()


def respond(case: Case, here: Place, *, text: str = DONE, photos: tuple = ()) -> Case:
    return handling.respond(case_id=case.id, actor=here.wei, text=text, photo_ids=photos, now=MONDAY + HOUR)


def test_responding_twice_is_once(case: Case, here: Place) -> None:
    photos = here.photo_ids(here.wei)
    respond(case, here, photos=photos)
    before = steps(case)
    assert respond(case, here, photos=photos).state == State.CHECKING
    assert steps(case) == before
    assert Note.objects.filter(case=case, text=DONE).count() == 1


def test_other_words_after_the_response_are_refused(case: Case, here: Place) -> None:
    photos = here.photo_ids(here.wei)
    respond(case, here, photos=photos)
    with pytest.raises(NotNow):
        respond(case, here, text="又补了一句", photos=photos)


def test_checking_confirming_and_withdrawing_twice_are_once(case: Case, here: Place) -> None:
    respond(case, here, photos=here.photo_ids(here.wei))
    check = Check.objects.get(case=case)
    for _twice in range(2):
        checking.pass_check(check_id=check.id, actor=check.checker, text="看过了", photo_ids=(), now=MONDAY + 2 * HOUR)
    with pytest.raises(NotNow):
        checking.fail_check(
            check_id=check.id, actor=check.checker, text="看过了", photo_ids=here.photo_ids(check.checker),
            now=MONDAY + 2 * HOUR,
        )  # fmt: skip
    for _twice in range(2):
        confirming.confirm(case_id=case.id, actor=here.lan, rating=4, text="", now=MONDAY + 3 * HOUR)
    with pytest.raises(NotNow):
        confirming.confirm(case_id=case.id, actor=here.lan, rating=3, text="", now=MONDAY + 3 * HOUR)
    other = here.report()
    for _twice in range(2):
        withdrawing.withdraw(case_id=other.id, actor=here.lan, now=MONDAY + HOUR)
    other.refresh_from_db()
    assert (other.state, other.outcome) == (State.VOIDED, Outcome.WITHDRAWN)


def test_sending_back_twice_is_once_and_the_same_words_in_the_next_round_are_new(case: Case, here: Place) -> None:
    for round in (1, 2):
        handling.respond(
            case_id=case.id, actor=here.wei, text=DONE, photo_ids=here.photo_ids(here.wei), now=MONDAY + round * HOUR
        )
        check = Check.objects.get(case=case, round=round)
        seen = here.photo_ids(check.checker)
        for _twice in range(2):
            checking.fail_check(
                check_id=check.id, actor=check.checker, text="还有一辆", photo_ids=seen, now=MONDAY + round * HOUR
            )
        case.refresh_from_db()
        assert (case.state, case.round) == (State.REWORK, round + 1)


def test_disputing_twice_is_once_and_again_in_the_next_round_is_new(case: Case, here: Place) -> None:
    for round in (1, 2):
        handling.respond(
            case_id=case.id, actor=here.wei, text=DONE, photo_ids=here.photo_ids(here.wei), now=MONDAY + round * HOUR
        )
        check = Check.objects.get(case=case, round=round)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + round * HOUR)
        for _twice in range(2):
            confirming.dispute(case_id=case.id, actor=here.lan, text="还没有", photo_ids=(), now=MONDAY + round * HOUR)
        case.refresh_from_db()
        assert (case.state, case.round) == (State.REOPENED, round + 1)


def test_a_part_with_its_photo_sent_again_is_kept_also_when_there_is_a_result(here: Place) -> None:
    task, at = convened(Hub.with_a_case(here, case_type=LITTER)), MONDAY + DAY + HOUR
    call, photos = call_of(task, here, "police"), here.photo_ids(here.xu)
    visiting.visit(
        task_id=task.id,
        actor=here.coordinator,
        text="停满了",
        asked_of=mustered(),
        came=[call.id],
        photo_ids=(),
        now=at,
    )

    def say(*photo_ids: UUID) -> str:
        said = visiting.report_part(call_id=call.id, actor=here.xu, text="设隔离柱", photo_ids=photo_ids, now=at)
        return said.part

    for _twice in range(2):
        assert say(*photos) == "设隔离柱"
    assert actions(task).count("report_part") == 1
    visiting.resolve(task_id=task.id, actor=here.coordinator, text=RESULT, photo_ids=(), now=at)
    assert say(*photos) == "设隔离柱"
    with pytest.raises(NotNow):
        say(*here.photo_ids(here.xu))

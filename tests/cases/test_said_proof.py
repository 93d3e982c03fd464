"""Who said what of a case, a deed or a finding: nobody's to change, and what was changed all the same is named."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases.commands import confirming, handling
from huipai.cases.commands.deeds import ending
from huipai.cases.commands.retention import letting_go
from huipai.cases.models import Case, Check, Finding, GoodDeed
from huipai.cases.queries import proof
from huipai.grid.models import Assignment
from huipai.kit import clock
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_deeds import _rules, publish, tell
from tests.cases.test_findings import appealed, case
from tests.cases.test_loop import whole_loop
from tests.cases.test_share import handled, share
from tests.cast import MONDAY, TUESDAY
from tests.photos.conftest import folder

__all__ = ["_rules", "case", "folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.no_guard, pytest.mark.long]
# Of everything that each table holds in this street: what is set, and what it is called where it is found.
OF_A_CASE = {
    "somebody else was drawn": ("UPDATE cases_check SET checker_id = %(other)s", "cases_check"),
    "out of a bigger pool": ("UPDATE cases_check SET pool_size = pool_size + 40", "cases_check"),
    "out of another pool": ("UPDATE cases_check SET pool_hash = repeat('0', 64)", "cases_check"),
    "it had to be done again": ("UPDATE cases_check SET result = 'rework'", "cases_check"),
    "nobody has looked yet": ("UPDATE cases_check SET result = '', decided_at = NULL", "cases_check"),
    "the look is left out": ("DELETE FROM cases_check", "cases_check"),
    "silence": ("UPDATE cases_case SET outcome = 'no_answer'", "cases_case"),
    "it was not looked at": ("UPDATE cases_case SET is_unchecked = true", "cases_case"),
    "it ended earlier": ("UPDATE cases_case SET ended_at = ended_at - interval '9 days'", "cases_case"),
    "promised a month later": ("UPDATE cases_case SET due_at = due_at + interval '30 days'", "cases_case"),
    "handled by another": ("UPDATE cases_case SET handler_id = %(other)s", "cases_case"),
    "reported by another": ("UPDATE cases_case SET reporter_id = %(other)s", "cases_case"),
    "reported earlier": ("UPDATE cases_case SET reported_at = reported_at - interval '9 days'", "cases_case"),
    "by a clock that began later": ("UPDATE cases_case SET clock_started_at = now()", "cases_case"),
    "one star": ("UPDATE cases_confirmation SET rating = 1", "cases_confirmation"),
    "a quarrel": ("UPDATE cases_confirmation SET answer = 'disputed', rating = NULL", "cases_confirmation"),
    "nobody was asked": ("DELETE FROM cases_confirmation", "cases_confirmation"),
    "nobody has answered": ("DELETE FROM cases_response", "cases_response"),
    "somebody else has answered": ("UPDATE cases_response SET handler_id = %(other)s", "cases_response"),
    "somebody else has reported": ("UPDATE cases_report SET reporter_id = %(other)s", "cases_report"),
}
OF_A_DEED = {
    "nobody has verified it": ("UPDATE cases_gooddeed SET state = 'reported'", "cases_gooddeed"),
    "somebody else has": ("UPDATE cases_gooddeed SET decided_by_id = %(other)s", "cases_gooddeed"),
    "it was taken back": ("UPDATE cases_gooddeed SET state = 'withdrawn'", "cases_gooddeed"),
    "told earlier": ("UPDATE cases_gooddeed SET reported_at = reported_at - interval '9 days'", "cases_gooddeed"),
    "for another reason": ("UPDATE cases_deedstep SET reason = 'child' WHERE action = 'publish'", "cases_deedstep"),
    "somebody else told": ("UPDATE cases_gooddeed SET reporter_id = %(other)s", "cases_gooddeed"),
    "in other words": ("UPDATE cases_gooddeed SET public_text = '别的'", "cases_gooddeed"),
    "on a consent": (
        "UPDATE cases_gooddeed SET third_party = 'consented', consent_channel = 'counter'",
        "cases_gooddeed",
    ),
    "by a step that the journal does not know": (
        "UPDATE cases_deedstep SET actor_id = %(other)s WHERE action = 'publish'",
        "cases_deedstep",
    ),
}
OF_A_FINDING = {
    "somebody else found it": ("UPDATE cases_finding SET found_by_id = %(other)s", "cases_finding"),
    "of somebody else": ("UPDATE cases_finding SET reporter_id = %(other)s", "cases_finding"),
    "on another ground": ("UPDATE cases_finding SET ground = 'made_up'", "cases_finding"),
    "heard later": ("UPDATE cases_finding SET hear_until = hear_until + interval '9 days'", "cases_finding"),
    "appealed against for longer": (
        "UPDATE cases_finding SET appeal_until = appeal_until + interval '9 days'",
        "cases_finding",
    ),
    "long ago": ("UPDATE cases_finding SET found_at = found_at - interval '9 days'", "cases_finding"),
}
NOT_PROVED_BUT_GUARDED = {
    "nowhere": "UPDATE cases_case SET state = 'banana'",
    "with an end of another state": "UPDATE cases_case SET outcome = 'banana'",
    "a report less": "DELETE FROM cases_report",
}


def refuses(statement: str, place: Place) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"other": place.dispatcher.id})
            assert cursor.rowcount
            connection.check_constraints()
    except IntegrityError:
        return True
    return False


def is_found(statement: str, table: str, place: Place) -> bool:
    by_hand(statement.replace("%(other)s", f"'{place.dispatcher.id}'"))
    return table in {difference.table for difference in proof.verify_cases(place.street)}


class TestOfACase:
    @pytest.mark.parametrize("edit", OF_A_CASE)
    def test_it_stands_and_what_was_changed_is_named(self, here: Place, edit: str) -> None:
        whole_loop(here)
        statement, table = OF_A_CASE[edit]
        assert list(proof.verify_cases(here.street)) == []
        assert refuses(statement, here)
        assert is_found(statement, table, here)

    @pytest.mark.parametrize("edit", NOT_PROVED_BUT_GUARDED)
    def test_what_was_promised_stands_when_it_is_over(self, here: Place, edit: str) -> None:
        whole_loop(here)
        assert refuses(NOT_PROVED_BUT_GUARDED[edit], here)

    def test_an_order_that_is_over_stands_too(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER, now=MONDAY)
        hub.passed(hub.responded(hub.signed()))
        confirming.close_unanswered(case_id=hub.case.id, now=MONDAY + 24 * 9 * HOUR)
        assert Case.objects.get(pk=hub.case.pk).ended_at is not None
        assert refuses("UPDATE cases_workorder SET due_at = due_at + interval '30 days'", here)
        assert refuses("UPDATE cases_workorder SET handler_id = %(other)s", here)
        assert list(proof.verify_cases(here.street)) == []

    def test_whom_an_open_look_lies_with_is_left_to_the_lot(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=LITTER, now=MONDAY)
        hub.responded(hub.signed())
        assert refuses("UPDATE cases_check SET checker_id = %(other)s", here)
        assert is_found("UPDATE cases_check SET checker_id = %(other)s", "cases_check", here)

    def test_what_is_done_again_was_not_left_unchecked_even_while_nobody_can_be_drawn(self, here: Place) -> None:
        share("0.00")
        case = handled(here)
        assert case.is_unchecked
        confirming.dispute(case_id=case.id, actor=here.lan, text="还在", photo_ids=(), now=MONDAY + HOUR)
        Assignment.objects.exclude(person=here.wei).update(valid_until=MONDAY + HOUR)
        handling.respond(
            case_id=case.id, actor=here.wei, text="又挪了", photo_ids=here.photo_ids(here.wei), now=TUESDAY
        )
        case.refresh_from_db()
        assert not Check.objects.filter(case=case).exists()
        assert not case.is_unchecked
        assert list(proof.verify_cases(here.street)) == []


class TestOfADeed:
    @pytest.mark.parametrize("edit", OF_A_DEED)
    def test_it_stands_and_what_was_changed_is_named(self, here: Place, edit: str) -> None:
        publish(here, tell(here))
        statement, table = OF_A_DEED[edit]
        assert list(proof.verify_cases(here.street)) == []
        assert refuses(statement, here)
        assert is_found(statement, table, here)

    def test_what_nobody_verified_is_named(self, here: Place) -> None:
        tell(here)
        assert is_found(
            "UPDATE cases_gooddeed SET state = 'published', decided_by_id = %(other)s, published_at = now(),"
            " third_party = 'nobody', public_title = '好事'",
            "cases_gooddeed",
            here,
        )
        assert refuses("UPDATE cases_gooddeed SET state = 'banana'", here)

    def test_what_was_let_go_of_is_proved_by_what_is_left(self, here: Place) -> None:
        deed, _points = publish(here, tell(here))
        ending.withdraw(deed_id=deed.id, actor=here.lan, now=TUESDAY)
        assert letting_go.let_go_of_deed(deed_id=deed.id, now=clock.now() + 24 * 4000 * HOUR) is not None
        assert GoodDeed.objects.get(pk=deed.pk).public_text == ""
        assert list(proof.verify_cases(here.street)) == []


class TestOfAFinding:
    @pytest.mark.parametrize("edit", OF_A_FINDING)
    def test_it_stands_and_what_was_changed_is_named(self, here: Place, case: Case, edit: str) -> None:
        appealed(here, case)
        statement, table = OF_A_FINDING[edit]
        assert list(proof.verify_cases(here.street)) == []
        assert refuses(statement, here)
        assert is_found(statement, table, here)

    def test_its_words_are_wiped_and_nothing_else(self, here: Place, case: Case) -> None:
        finding = appealed(here, case)
        for said in ("grounds = '别的'", "appeal = '别的'", "hear_until = hear_until + interval '300 days'"):
            assert refuses(f"UPDATE cases_finding SET {said}", here)
        Finding.objects.filter(pk=finding.pk).update(grounds="—", appeal="", answer="")
        assert list(proof.verify_cases(here.street)) == []

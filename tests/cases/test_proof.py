"""The life of a case is proved by its steps and the journal; what is changed by hand is named."""

import pytest

from huipai.cases.models import Case
from huipai.cases.queries import proof
from tests.by_hand import by_hand
from tests.cases.conftest import Place
from tests.cases.test_loop import whole_loop

EDITS = {
    "a closed case is made a declined one": (
        "UPDATE cases_case SET state = 'declined', outcome = 'declined'",
        ["cases_case"],
    ),
    "a step is left out": (
        "DELETE FROM cases_transition WHERE action = 'accept'",
        ["cases_transition"],
    ),
    "the last step is left out and the case set back": (
        "WITH gone AS (DELETE FROM cases_transition WHERE action = 'confirm')"
        " UPDATE cases_case SET state = 'confirming', ended_at = NULL, outcome = ''",
        ["cases_transition"],
    ),
    "somebody else is said to have taken it on": (
        "UPDATE cases_transition SET actor_id = NULL WHERE action = 'accept'",
        ["cases_transition"],
    ),
    "a step is set earlier": (
        "UPDATE cases_transition SET happened_at = happened_at - interval '1 day' WHERE action = 'respond'",
        ["cases_transition", "cases_response"],
    ),
    "a photo is another one": (
        "UPDATE photos_photo SET sha256 = repeat('0', 64)",
        ["photos_photo"],
    ),
    "a photo is somebody else's": (
        "UPDATE photos_photo SET uploader_id = accepted.actor_id"
        " FROM cases_transition AS accepted WHERE accepted.action = 'accept'",
        ["photos_photo"],
    ),
    "a step is called what it was not": (
        "UPDATE cases_transition SET action = 'merge' WHERE action = 'accept'",
        ["cases_transition"],
    ),
}


@pytest.mark.no_guard
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_by_hand_is_named(here: Place, edit: str) -> None:
    whole_loop(here)
    assert list(proof.verify_cases(here.street)) == []
    statement, tables = EDITS[edit]
    assert by_hand(statement)
    found = list(proof.verify_cases(here.street))
    assert {difference.table for difference in found} == set(tables), [str(one) for one in found]
    assert Case.objects.count() == 1


@pytest.mark.no_guard
def test_a_photo_of_which_nothing_was_told_is_not_asked(here: Place) -> None:
    here.report()
    by_hand("UPDATE journal_entry SET facts = facts - 'sha256'")
    assert by_hand("UPDATE photos_photo SET sha256 = repeat('0', 64)")
    assert list(proof.verify_cases(here.street)) == []


@pytest.mark.no_guard
def test_each_street_is_proved_by_itself(here: Place, there: Place) -> None:
    whole_loop(here)
    by_hand("UPDATE cases_case SET state = 'declined', outcome = 'declined'")
    assert list(proof.verify_cases(there.street)) == []

"""`python -m huipai verify`: what holds, and the first thing that does not."""

import pytest

from huipai.cli import verify
from huipai.journal import commands as journal
from huipai.journal import queries
from huipai.journal.models import Entry, Seal
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.models import Account, Line, Lot, Posting
from huipai.points.words import GrantReason
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import MONDAY, TUESDAY, appoint, resident, rulebook, staff
from tests.points.ledger import award
from tests.settled import until_settled

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.no_guard, pytest.mark.usefixtures("whole_schema"),
]  # fmt: skip


@pytest.fixture
def streets(yunqiao: Street, hetang: Street) -> list[Street]:
    """Two streets with points each, given by hand by two and sealed."""
    for street in (yunqiao, hetang):
        with in_street(street.id):
            rulebook()
            given()
            until_settled()
            journal.seal(now=TUESDAY)
    return [yunqiao, hetang]


def given() -> None:
    """Five points that two decided on: what is proved without any case."""
    proposer, decider = (appoint(staff(f"审{n}", f"1390000002{n}"), Role.REVIEWER) for n in range(2))
    grant = points.propose_grant(
        person=resident(), points=5, reason=GrantReason.MISSED, item_code="woodpecker-02", done_at=MONDAY,
        paper_number="A-1", actor=proposer, now=MONDAY,
    )  # fmt: skip
    points.approve_grant(grant_id=grant.id, actor=decider, now=MONDAY)


def head_of(street: Street) -> str:
    with in_street(street.id):
        return f"{street.slug}:{queries.head()}"


def test_what_holds_is_said_for_each_street(streets: list[Street], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([]) == 0
    for line, street in zip(capsys.readouterr().out.splitlines(), (streets[1], streets[0]), strict=True):
        held = "journal, cases, rulebook, ledger, shop and households hold"
        assert line == f"{street.slug}: {held}; the chain's head is {head_of(street)}"


def test_a_head_that_was_kept_shows_when_the_chains_end_was_taken_away(
    streets: list[Street], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is left is a whole chain: only what is kept elsewhere tells."""
    street = streets[0]
    kept = head_of(street)
    with in_street(street.id):
        journal.record(what="people.signed_in", subject="person:x", actor_id=None, now=TUESDAY)
        until_settled()
        journal.seal(now=TUESDAY)
        newest = Seal.objects.order_by("-position")[0]
    later = head_of(street)
    assert later != kept and verify.main(["--kept", kept, "--kept", later]) == 0
    by_hand("DELETE FROM journal_seal WHERE id = %s", [newest.id])
    by_hand("DELETE FROM journal_entry WHERE id = %s", [newest.entry_id])
    assert verify.main([]) == 0
    capsys.readouterr()
    assert verify.main(["--kept", later]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("yunqiao: the chain no longer holds link ")
    assert verify.main(["--kept", later.replace("yunqiao", "yunqioa")]) == 1
    assert capsys.readouterr().out == "yunqioa: a head of its chain was kept, and there is no such street\n"


def test_the_first_edited_row_is_named(streets: list[Street], capsys: pytest.CaptureFixture[str]) -> None:
    by_hand("UPDATE points_posting SET points = 50")
    with in_street(streets[1].id):
        edited = Posting.objects.get()
    assert verify.main([]) == 1
    assert capsys.readouterr().out == (
        f"hetang: points_posting {edited.id}: points is not what the journal recorded: it must be 5 and is 50\n"
    )


@pytest.mark.parametrize("when", ["infinity", "-infinity", "0044-03-15 BC", "12000-01-01"])
def test_a_time_that_no_calendar_has_is_named_and_the_other_streets_are_proved(
    when: str, streets: list[Street], capsys: pytest.CaptureFixture[str]
) -> None:
    with in_street(streets[1].id):
        entry = Entry.objects.get(what="points.granted")
    by_hand("UPDATE journal_entry SET happened_at = %s WHERE id = %s", [when, entry.id])
    assert verify.main(["--all"]) == 1
    named, *others = capsys.readouterr().out.splitlines()
    assert named.startswith(f"hetang: journal_entry {entry.id}: happened_at is {when[:4].strip()}")
    assert any(line.startswith("yunqiao: journal, cases, rulebook,") for line in others)


def test_an_edit_of_ledger_and_journal_alike_breaks_the_chain(
    streets: list[Street], capsys: pytest.CaptureFixture[str]
) -> None:
    with in_street(streets[1].id):
        entry = Entry.objects.get(what="points.granted")
    by_hand("UPDATE journal_entry SET facts = jsonb_set(facts, '{points}', '50') WHERE id = %s", [entry.id])
    assert verify.main([]) == 1
    assert f"hetang: journal_entry {entry.id}" in capsys.readouterr().out


def test_all_goes_on(streets: list[Street], capsys: pytest.CaptureFixture[str]) -> None:
    by_hand("UPDATE points_account SET balance = 6 WHERE balance = 5")
    assert verify.main(["--all"]) == 1
    out = capsys.readouterr().out
    for street in streets:
        with in_street(street.id):
            account = Account.objects.get(balance=6)
        assert out.count(f"{street.slug}: points_account {account.id}") == 2


def test_a_row_that_another_names_and_is_gone_is_missed(
    streets: list[Street], capsys: pytest.CaptureFixture[str]
) -> None:
    """An account that was deleted leaves no balance to compare; its lines and its lot point at nothing."""
    with in_street(streets[0].id):
        account, line, lot = Account.objects.get(balance=5), Line.objects.get(account__isnull=False), Lot.objects.get()
    by_hand("DELETE FROM points_account WHERE id = %s", [account.id])
    assert verify.main(["--all"]) == 1
    out = capsys.readouterr().out
    for row in (f"points_line {line.id}", f"points_lot {lot.id}"):
        assert f"yunqiao: {row}: the points_account {account.id} that it names is not there" in out
    assert "hetang: journal, cases" in out


def test_an_award_that_no_case_earned_is_named(streets: list[Street], capsys: pytest.CaptureFixture[str]) -> None:
    """Through the ledger's own door, and sealed: lines, lot, balance and chain all agree."""
    with in_street(streets[0].id):
        one = award(resident("梅", "13800000002")).posting
        until_settled()
        journal.seal(now=TUESDAY)
    assert one is not None and verify.main([]) == 1
    said = f"yunqiao: points_posting {one.id}: its case did not earn it: it must be case one of this street and is case"
    assert said in capsys.readouterr().out

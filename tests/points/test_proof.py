"""`verify` finds every edit by hand, and names the row."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.models import Account, Allocation, Grant, Hold, HoldDraw, Line, Lot, Posting
from huipai.points.queries import Difference, verify_ledger
from huipai.points.rules import Holder
from huipai.points.words import FACT_OF, GrantReason, ReversalReason
from huipai.rulebook.models import RulebookVersion
from huipai.streets import references
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import A_MONTH_AGO, FOUND, FRIDAY, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff
from tests.points.ledger import award, capture, case, holds

pytestmark = [pytest.mark.no_guard]


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    """Somebody with every kind of posting behind her."""
    rulebook(FOUND, replace(FOUND, code="woodpecker-03", lot_months=1))
    person = resident()
    first = award(person)
    award(person, item_code="woodpecker-03")
    points.spend(person=person, subject=case(), points=7, actor=None, now=TUESDAY)
    points.expire(now=MONDAY.replace(year=2027))
    assert first.posting is not None
    points.reverse(
        posting_id=first.posting.id, actor=appoint(staff(), Role.REVIEWER), reason=ReversalReason.OBJECTION_UPHELD,
        now=WEDNESDAY,
    )  # fmt: skip
    award(person)
    award(person)
    for number, settle in enumerate((capture, points.void, None)):
        hold = points.reserve(
            holder=Holder(person.id), subject=f"reservation:{number}", points=1, expires_at=FRIDAY, actor=person,
            now=WEDNESDAY,
        )  # fmt: skip
        if settle:
            settle(hold_id=hold.id, actor=person, now=WEDNESDAY)
    proposer, decider = (appoint(staff(f"审{n}", f"1390000002{n}"), Role.REVIEWER) for n in range(2))
    grant = points.propose_grant(
        person=person, points=3, reason=GrantReason.MISSED, item_code="woodpecker-02", done_at=MONDAY,
        paper_number="A-1", actor=proposer, now=WEDNESDAY,
    )  # fmt: skip
    points.approve_grant(grant_id=grant.id, actor=decider, now=WEDNESDAY)
    assert holds(in_yunqiao)
    return person


def first_difference(street: Street) -> Difference:
    found = next(verify_ledger(street), None)
    assert found is not None
    return found


EDITS = {
    "points_posting": [
        "UPDATE points_posting SET points = 50 WHERE id = %s",
        "UPDATE points_posting SET subject = 'case:0' WHERE id = %s",
        "UPDATE points_posting SET actor_id = person_id WHERE id = %s",
        "UPDATE points_posting SET received_at = received_at + interval '1 microsecond' WHERE id = %s",
        "UPDATE points_posting SET posted_at = posted_at - interval '1 day' WHERE id = %s",
        "DELETE FROM points_posting WHERE id = %s",
    ],
    "points_line": [
        "UPDATE points_line SET amount = amount + 1 WHERE id = %s",
        "UPDATE points_line SET book = 'expiry', account_id = NULL, station_id = NULL WHERE id = %s",
        "UPDATE points_line SET station_id = NULL WHERE station_id IS NOT NULL AND id = %s",
    ],
    "points_lot": [
        "UPDATE points_lot SET remaining = remaining + 1, points = points + 1 WHERE id = %s",
        "UPDATE points_lot SET expires_at = expires_at + interval '1 year' WHERE id = %s",
        "UPDATE points_lot SET remaining = 0 WHERE remaining > 0 AND id = %s",
    ],
    "points_allocation": ["UPDATE points_allocation SET points = points + 1 WHERE id = %s"],
    "points_account": [
        "UPDATE points_account SET balance = balance + 1 WHERE purse = 'spendable' AND id = %s",
        "UPDATE points_account SET held = 0 WHERE held > 0 AND id = %s",
    ],
    "points_hold": [
        "UPDATE points_hold SET points = points + 1 WHERE state = 'captured' AND id = %s",
        "UPDATE points_hold SET expires_at = expires_at + interval '1 day' WHERE id = %s",
        "UPDATE points_hold SET subject = 'reservation:9' WHERE state = 'voided' AND id = %s",
        "UPDATE points_hold SET state = 'expired', settled_at = expires_at WHERE state = 'voided' AND id = %s",
        "DELETE FROM points_hold WHERE state = 'voided' AND id = %s",
    ],
    "points_grant": [
        "UPDATE points_grant SET points = points + 1 WHERE id = %s",
        "UPDATE points_grant SET decided_at = decided_at + interval '1 day' WHERE id = %s",
        "UPDATE points_grant SET paper_number = 'A-2' WHERE id = %s",
        "DELETE FROM points_grant WHERE id = %s",
    ],
}
MODELS = {model._meta.db_table: model for model in (Posting, Line, Lot, Allocation, Account, Hold, Grant)}


class TestEdits:
    @pytest.mark.long
    @pytest.mark.parametrize(("table", "statement"), [(t, s) for t, edits in EDITS.items() for s in edits])
    def test_the_edited_row_is_named_first(self, lan: Person, in_yunqiao: Street, table: str, statement: str) -> None:
        rows = MODELS[table].objects.order_by("-id").values_list("id", flat=True)
        edited = next(row for row in rows if by_hand(statement, [row]))
        difference = first_difference(in_yunqiao)
        assert (difference.table, difference.row_id) == (table, edited)

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("statement", "table"),
        [
            ("DELETE FROM points_account WHERE person_id = %s", "points_line"),
            ("DELETE FROM points_lot WHERE remaining = 0 AND account_id IN"
             " (SELECT id FROM points_account WHERE person_id = %s)", "points_allocation"),
        ],
    )  # fmt: skip
    def test_what_points_at_nothing_is_found(
        self, lan: Person, in_yunqiao: Street, statement: str, table: str
    ) -> None:  # fmt: skip
        assert by_hand(statement, [lan.id])
        assert table in {sentence.split()[0] for sentence in references.lost(in_yunqiao)}

    @pytest.mark.long
    def test_an_empty_purse_that_became_another_is_found_though_every_sum_is_right(
        self, lan: Person, in_yunqiao: Street
    ) -> None:
        spent = resident("花", "13800000066")
        award(spent)
        points.spend(person=spent, subject=case(), points=5, actor=None, now=TUESDAY)
        account = Account.objects.get(person=spent, purse="spendable")
        asked = [account.street_id, spent.id]
        by_hand("DELETE FROM points_account WHERE street_id = %s AND person_id = %s AND purse = 'debt'", asked)
        assert by_hand("UPDATE points_account SET purse = 'debt' WHERE street_id = %s AND person_id = %s", asked)
        difference = first_difference(in_yunqiao)
        assert (difference.table, difference.row_id) == ("points_account", account.id)

    @pytest.mark.long
    def test_two_lots_that_changed_hands_are_found_though_every_sum_is_right(
        self, lan: Person, in_yunqiao: Street
    ) -> None:
        hua = resident("华", "13800000066")
        theirs = award(hua, item_code="woodpecker-03", received_at=WEDNESDAY, now=WEDNESDAY).posting
        assert theirs is not None
        lots = Lot.objects.filter(posting=theirs).values_list("id", "account", "remaining")
        lot_id, account, remaining = lots.get()
        other = Lot.objects.filter(account__person=lan, remaining=remaining, held=0).exclude(expires_at=None).first()
        other = other or Lot.objects.filter(account__person=lan, remaining=remaining, held=0).first()
        assert other is not None
        assert by_hand("UPDATE points_lot SET account_id = %s WHERE id = %s", [other.account_id, lot_id])
        assert by_hand("UPDATE points_lot SET account_id = %s WHERE id = %s", [account, other.id])
        found = {(one.table, one.row_id) for one in verify_ledger(in_yunqiao)}
        assert {("points_lot", lot_id), ("points_lot", other.id)} <= found

    @pytest.mark.long
    def test_a_posting_from_nowhere_is_found_though_it_balances(self, lan: Person, in_yunqiao: Street) -> None:
        account = Account.objects.get(purse="spendable")
        forged = forge(Posting.objects.filter(kind="award").first(), account, 100)
        difference = first_difference(in_yunqiao)
        assert (difference.table, difference.row_id) == ("points_posting", forged)
        assert "no command wrote it" in str(difference)

    @pytest.mark.long
    @pytest.mark.parametrize(
        "change",
        [
            "redeem_until = redeem_until + interval '1 day'", "approved_at = approved_at + interval '1 minute'",
            "withdrawn_at = approved_at, approved_at = NULL, approved_by_id = NULL",
        ],
    )  # fmt: skip
    def test_an_end_of_the_scheme_edited_by_hand_is_found(self, lan: Person, in_yunqiao: Street, change: str) -> None:
        first, second = (appoint(staff(f"雷{n}", f"1390000003{n}"), Role.LEADER) for n in range(2))
        closing = points.propose_closing(
            awards_until=FRIDAY + timedelta(days=40), redeem_until=FRIDAY + timedelta(days=140), actor=first, now=FRIDAY
        )
        points.approve_closing(closing_id=closing.id, actor=second, now=FRIDAY)
        assert holds(in_yunqiao)
        assert by_hand(f"UPDATE points_closing SET {change} WHERE id = %s", [closing.id])
        assert first_difference(in_yunqiao).table == "points_closing"

    @pytest.mark.long
    def test_a_draw_of_a_hold_edited_by_hand_is_found(self, lan: Person, in_yunqiao: Street) -> None:
        by_hand("UPDATE points_holddraw SET points = points + 1 WHERE id = %s", [HoldDraw.objects.latest("id").id])
        assert first_difference(in_yunqiao).table in ("points_lot", "points_hold")

    @pytest.mark.long
    def test_a_hold_set_aside_by_hand_alone_is_found(self, lan: Person, in_yunqiao: Street) -> None:
        like = Hold.objects.filter(state="voided").get()
        by_hand(
            "INSERT INTO points_hold (id, street_id, account_id, subject, points, state, opened_at, expires_at,"
            " settled_at) VALUES (%s, %s, %s, 'reservation:8', 1, 'voided', %s, %s, %s)",
            [new_id(), like.street_id, like.account_id, MONDAY, FRIDAY, TUESDAY],
        )
        assert first_difference(in_yunqiao).table == "points_hold"

    @pytest.mark.long
    def test_a_raise_made_consistently_everywhere_is_found_by_the_journal(
        self, lan: Person, in_yunqiao: Street
    ) -> None:
        lot = Lot.objects.filter(remaining__gt=0).order_by("id")[0]
        by_hand("UPDATE points_posting SET points = points + 90 WHERE id = %s", [lot.posting_id])
        by_hand("UPDATE points_line SET amount = amount - 90 WHERE book <> '' AND posting_id = %s", [lot.posting_id])
        by_hand(
            "UPDATE points_line SET amount = amount + 90 WHERE account_id = %s AND posting_id = %s",
            [lot.account_id, lot.posting_id],
        )
        by_hand("UPDATE points_lot SET points = points + 90, remaining = remaining + 90 WHERE id = %s", [lot.id])
        by_hand("UPDATE points_account SET balance = balance + 90 WHERE id = %s", [lot.account_id])
        found = {difference.table for difference in verify_ledger(in_yunqiao)}
        assert {"points_posting", "points_line", "points_lot"} <= found

    @pytest.mark.long
    def test_a_posting_that_the_journal_knows_cannot_vanish(self, lan: Person, in_yunqiao: Street) -> None:
        gone = Posting.objects.filter(kind="spend", holds=None).get().id
        for table in ("points_line", "points_allocation"):
            by_hand(f"DELETE FROM {table} WHERE posting_id = %s", [gone])
        by_hand("DELETE FROM points_posting WHERE id = %s", [gone])
        difference = first_difference(in_yunqiao)
        assert (difference.table, difference.row_id) == ("points_posting", gone)

    @pytest.mark.long
    def test_an_account_cannot_be_given_away(self, lan: Person, in_yunqiao: Street) -> None:
        mei = resident("梅", "13800000002")
        by_hand("UPDATE points_account SET person_id = %s", [mei.id])
        assert first_difference(in_yunqiao).table == "points_line"

    @pytest.mark.long
    def test_an_item_of_a_published_rulebook_cannot_be_rewritten(self, lan: Person, in_yunqiao: Street) -> None:
        by_hand("UPDATE rulebook_pointitem SET points = 50")
        difference = first_difference(in_yunqiao)
        assert difference.table == "rulebook_rulebookversion"
        assert difference.row_id == RulebookVersion.objects.get().id

    def test_one_streets_edit_is_not_anothers(self, lan: Person, in_yunqiao: Street, hetang: Street) -> None:
        by_hand("UPDATE points_account SET balance = balance + 1 WHERE purse = 'spendable'")
        assert holds(hetang)
        assert not holds(in_yunqiao)


class TestErasure:
    def test_an_erased_name_leaves_the_ledger_as_it_was(self, lan: Person, in_yunqiao: Street) -> None:
        Person.objects.filter(pk=lan.id).update(name="", birth_year=None, account=None, erased_at=WEDNESDAY)
        assert holds(in_yunqiao)

    def test_the_journal_of_points_holds_ids_codes_and_numbers_only(self, lan: Person) -> None:
        written = Entry.objects.filter(what__startswith="points.")
        assert not any(lan.name in str(facts) for facts in written.values_list("facts", flat=True))
        for facts in written.filter(what__in=FACT_OF.values()).values_list("facts", flat=True):
            assert set(facts) == {
                "posting", "kind", "person", "item", "code", "points", "received", "reverses", "reason", "lines",
                "lot", "draws", *(("hold", "station") if "hold" in facts else ()),
            }  # fmt: skip


def forge(like: Posting | None, account: Account, amount: int) -> UUID:
    """A whole posting with lines, lot and balance, written past every command."""
    assert like is not None
    forged = new_id()
    by_hand(
        "INSERT INTO points_posting (id, street_id, kind, person_id, item_id, item_code, subject, points, received_at,"
        " posted_at, reason) VALUES (%s, %s, 'award', %s, %s, %s, 'case:1', %s, %s, %s, '')",
        [forged, like.street_id, like.person_id, like.item_id, like.item_code, amount, A_MONTH_AGO, MONDAY],
    )
    for holder, book, sign in ((account.id, "", 1), (None, "issuance", -1)):
        by_hand(
            "INSERT INTO points_line (id, street_id, posting_id, account_id, book, amount) VALUES (%s,%s,%s,%s,%s,%s)",
            [new_id(), like.street_id, forged, holder, book, sign * amount],
        )
    by_hand(
        "INSERT INTO points_lot (id, street_id, account_id, posting_id, points, remaining) VALUES (%s,%s,%s,%s,%s,%s)",
        [new_id(), like.street_id, account.id, forged, amount, amount],
    )
    by_hand("UPDATE points_account SET balance = balance + %s WHERE id = %s", [amount, account.id])
    return forged

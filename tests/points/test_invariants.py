"""What the database refuses, whoever asks: the ORM, a hot statement or psql."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.models import Account, Allocation, Hold, Line, Lot, Posting
from huipai.points.rules import Holder
from huipai.points.words import Book, HoldState, Kind, Purse, ReversalReason
from huipai.rulebook.models import PointItem
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY, TUESDAY, resident, rulebook
from tests.points.ledger import award, case, counter


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    rulebook()
    person = resident()
    award(person)
    return person


def refused(change: Callable[[], object]) -> str:
    """The name of the constraint that refuses this, now or at commit."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        change()
        connection.check_constraints()
    return refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr,no-any-return]


def posting(person: Person, **changes: object) -> Posting:
    values: dict[str, object] = {
        "kind": Kind.AWARD, "item": PointItem.objects.first(), "item_code": "woodpecker-02", "subject": case(),
        "points": 5, "received_at": MONDAY, "posted_at": MONDAY,
    }  # fmt: skip
    return Posting.objects.create(person=person, **{**values, **changes})


class TestBalanced:
    def test_lines_sum_to_zero_at_commit(self, lan: Person) -> None:
        account = Account.objects.get(purse="spendable")

        def crooked() -> None:
            made = posting(lan)
            Line.objects.create(posting=made, account=account, amount=5)
            Line.objects.create(posting=made, book=Book.ISSUANCE, amount=-4)

        assert refused(crooked) == "points_lines_sum_to_zero"

    def test_a_posting_without_lines_is_refused(self, lan: Person) -> None:
        assert refused(lambda: posting(lan)) == "points_posting_says_its_lines"

    def test_a_posting_says_what_its_lines_move(self, lan: Person) -> None:
        def boastful() -> None:
            made = posting(lan, points=500)
            Line.objects.create(posting=made, account=Account.objects.get(purse="spendable"), amount=5)
            Line.objects.create(posting=made, book=Book.ISSUANCE, amount=-5)

        assert refused(boastful) == "points_posting_says_its_lines"

    def test_nothing_is_slipped_into_an_old_posting(self, lan: Person) -> None:
        old, account = Posting.objects.get(), Account.objects.get(person=lan, purse=Purse.DEBT)
        assert refused(lambda: Line.objects.create(posting=old, account=account, amount=5)) == (
            "points_lines_sum_to_zero"
        )


class TestAppendOnly:
    @pytest.mark.parametrize("model", [Posting, Line, Allocation])
    @pytest.mark.no_guard
    def test_rows_are_neither_changed_nor_deleted(self, lan: Person, model: type[Posting]) -> None:
        table = model._meta.db_table
        if model is Allocation:
            lot = Lot.objects.get()
            Allocation.objects.create(posting=lot.posting, lot=lot, points=1)

        def run(statement: str) -> Callable[[], object]:
            return lambda: connection.cursor().execute(statement)

        assert refused(run(f"UPDATE {table} SET id = id")) == f"{table}_append_only"
        assert refused(run(f"DELETE FROM {table}")) == f"{table}_append_only"

    @pytest.mark.parametrize("table", ["posting", "line", "allocation", "lot", "account"])
    @pytest.mark.no_guard
    def test_tables_are_not_emptied(self, in_yunqiao: Street, table: str) -> None:
        name = f"points_{table}"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER {name}_no_truncate")
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(f"TRUNCATE {name} CASCADE")
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER {name}_no_truncate")

    def test_a_lot_only_gives_and_an_account_only_moves(self, lan: Person) -> None:
        assert refused(lambda: Lot.objects.update(points=50)) == "points_lot_is_frozen"
        assert refused(lambda: Lot.objects.update(expires_at=None)) == "points_lot_is_frozen"
        assert refused(lambda: Lot.objects.all().delete()) == "points_lot_is_frozen"
        assert refused(lambda: Account.objects.update(purse=Purse.DEBT)) == "points_account_is_frozen"
        assert refused(lambda: Account.objects.all().delete()) == "points_account_is_frozen"


class TestFloors:
    def test_nobody_spends_what_they_have_not_got(self, lan: Person) -> None:
        assert refused(lambda: Account.objects.update(balance=-1)) == "points_nothing_spent_that_is_not_there"
        mei = resident("梅", "13800000002")
        assert refused(lambda: Account.objects.create(person=mei, purse=Purse.DEBT, balance=1)) == (
            "points_nothing_spent_that_is_not_there"
        )

    def test_a_lot_does_not_give_more_than_it_holds(self, lan: Person) -> None:
        assert refused(lambda: Lot.objects.update(remaining=6)) == "points_lot_gives_what_it_holds"
        assert refused(lambda: Lot.objects.update(remaining=-1)) == "points_lot_holds_what_remains"


class TestOnce:
    def test_a_deed_is_paid_once(self, lan: Person) -> None:
        subject = Posting.objects.get().subject
        assert refused(lambda: posting(lan, subject=subject)) == "points_a_deed_is_paid_once"

    def test_a_posting_is_reversed_once(self, lan: Person) -> None:
        award_id = Posting.objects.get().id

        def reversal() -> Posting:
            return posting(
                lan, kind=Kind.REVERSAL, points=0, reverses_id=award_id, reason=ReversalReason.RECORDED_TWICE
            )

        def twice() -> None:
            reversal()
            reversal()

        assert refused(twice) == "points_reversed_once"

    def test_somebody_has_one_account_of_a_kind(self, lan: Person) -> None:
        assert refused(lambda: Account.objects.create(person=lan, purse=Purse.SPENDABLE)) == "points_one_purse_each"

    @pytest.mark.parametrize(
        "changes",
        [
            {"points": -5},
            {"item": None},
            {"item_code": ""},
            {"kind": Kind.SPEND},
            {"kind": Kind.EXPIRY, "points": 1},
            {"kind": Kind.REVERSAL, "points": -5},
        ],
    )
    def test_a_posting_is_of_a_kind(self, lan: Person, changes: dict[str, object]) -> None:
        assert refused(lambda: posting(lan, **changes)) == "points_posting_is_of_a_kind"

    def test_a_line_has_one_side(self, lan: Person) -> None:
        made, account = Posting.objects.get(), Account.objects.get(purse="spendable")
        sides: list[dict[str, object]] = [{"account": account, "book": Book.EXPIRY}, {"account": None, "book": ""}]
        for side in sides:
            assert refused(lambda side=side: Line.objects.create(posting=made, amount=1, **side)) == (  # type: ignore[misc]
                "points_line_has_one_side"
            )
        assert refused(lambda: Line.objects.create(posting=made, book=Book.ISSUANCE, amount=1)) == (
            "points_one_line_a_side"
        )

    def test_only_what_is_redeemed_is_redeemed_in_a_station(self, lan: Person) -> None:
        made, here = Posting.objects.get(), counter()
        owed = Account.objects.get(person=lan, purse=Purse.DEBT)
        sides: list[dict[str, object]] = [{"book": Book.EXPIRY}, {"account": owed}]
        for side in sides:
            assert refused(lambda side=side: Line.objects.create(posting=made, amount=1, station=here, **side)) == (  # type: ignore[misc]
                "points_a_station_is_of_what_is_redeemed"
            )

    def test_what_was_set_aside_is_used_in_some_station(self, lan: Person) -> None:
        """The database says so at commit, whichever of hold and lines comes first."""
        account = Account.objects.get(purse="spendable")
        hold = points.reserve(
            holder=Holder(lan.id), subject="reservation:1", points=5, expires_at=TUESDAY, actor=lan, now=MONDAY
        )

        def nowhere() -> None:
            made = posting(lan, kind=Kind.SPEND, item=None, item_code="", points=-5)
            Line.objects.create(posting=made, account=account, amount=-5)
            Line.objects.create(posting=made, book=Book.REDEMPTION, amount=5)
            Hold.objects.filter(pk=hold.pk).update(state=HoldState.CAPTURED, settled_at=MONDAY, posting=made)

        assert refused(nowhere) == "points_redeemed_somewhere"


class TestStreets:
    def test_no_row_points_into_another_street(self, lan: Person, hetang: Street) -> None:
        account, made, item, there = (
            Account.objects.get(purse="spendable"),
            Posting.objects.get(),
            PointItem.objects.get(),
            counter(),
        )
        with in_street(hetang.id):
            mei = resident("梅", "13800000002")
            rulebook()
            award(mei)
            connection.check_constraints()
            assert "person" in refused(lambda: Account.objects.create(person=lan, purse=Purse.SPENDABLE))
            assert "item" in refused(lambda: posting(mei, item=item, points=5))
            assert "posting" in refused(lambda: Line.objects.create(posting=made, book=Book.EXPIRY, amount=1))
            own = Posting.objects.get(person=mei)
            assert "station" in refused(
                lambda: Line.objects.create(posting=own, book=Book.REDEMPTION, amount=1, station=there)
            )
            assert "account" in refused(
                lambda: Lot.objects.create(
                    id=new_id(), account=account, posting=made, points=1, remaining=1, expires_at=TUESDAY
                )
            )

"""The journal: append-only, in the caller's transaction, chained once nothing can precede."""

import threading
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.config.wiring import FOLLOWERS
from huipai.journal import commands, queries
from huipai.journal.models import Entry, Seal
from huipai.journal.words import GENESIS
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import MONDAY, TUESDAY
from tests.settled import until_settled

FOLLOWERS_OF_ACCEPTED = len(FOLLOWERS["case.accepted"])


def record(what: str = "case.accepted") -> Entry:
    return commands.record(what=what, subject=f"case:{uuid4()}", actor_id=uuid4(), now=MONDAY, facts={"n": 1})


def waiting_for(entry: Entry) -> int:
    """How many jobs wait to follow this entry."""
    return ProcrastinateJob.objects.filter(status="todo", args__entry=str(entry.id)).count()


class TestRecord:
    def test_rolls_back_with_the_command_that_wrote_it(self, in_yunqiao: Street) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            record()
            raise RuntimeError
        assert not Entry.objects.exists()

    def test_a_follower_does_not_outlive_the_transaction_that_rolled_back(self, in_yunqiao: Street) -> None:
        """The job is deferred on the same connection: no fact, no job; the fact, the job."""
        with pytest.raises(RuntimeError), transaction.atomic():
            entry = record("case.accepted")
            assert waiting_for(entry) == FOLLOWERS_OF_ACCEPTED
            raise RuntimeError
        assert waiting_for(entry) == 0
        assert waiting_for(record("case.accepted")) == FOLLOWERS_OF_ACCEPTED

    def test_refuses_what_is_not_a_fact(self, in_yunqiao: Street) -> None:
        with pytest.raises(ValueError, match="not a fact"):
            record("Case accepted")

    @pytest.mark.parametrize("statement", ["UPDATE journal_entry SET what = 'a.b'", "DELETE FROM journal_entry"])
    @pytest.mark.no_guard
    def test_the_database_refuses_any_change(self, in_yunqiao: Street, statement: str) -> None:
        record()
        with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert refusal.value.__cause__.diag.constraint_name == "journal_entry_append_only"  # type: ignore[union-attr]

    @pytest.mark.no_guard
    def test_the_database_refuses_truncate(self, in_yunqiao: Street) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE journal_seal ENABLE TRIGGER journal_seal_no_truncate")
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute("TRUNCATE journal_seal")
            cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER journal_seal_no_truncate")


@pytest.mark.django_db(transaction=True)
class TestFollowers:
    def test_no_worker_sees_a_job_before_its_fact_is_committed(self, in_yunqiao: Street) -> None:
        """And after a rollback none ever does."""
        seen: list[int] = []
        before = ProcrastinateJob.objects.count()

        def look() -> None:
            try:
                seen.append(ProcrastinateJob.objects.count() - before)
            finally:
                connections.close_all()

        def looked() -> int:
            worker = threading.Thread(target=look)
            worker.start()
            worker.join()
            return seen[-1]

        with pytest.raises(RuntimeError), transaction.atomic():
            record("case.accepted")
            assert looked() == 0
            raise RuntimeError
        assert looked() == 0
        record("case.accepted")
        assert looked() == FOLLOWERS_OF_ACCEPTED


@pytest.mark.django_db(transaction=True)
class TestSeal:
    def test_chains_what_is_settled_and_once(self, in_yunqiao: Street) -> None:
        entries = [record() for _ in range(3)]
        until_settled()
        assert commands.seal(now=TUESDAY) == 3
        assert commands.seal(now=TUESDAY) == 0
        assert [seal.entry_id for seal in Seal.objects.order_by("position")] == [entry.id for entry in entries]
        assert queries.verify_chain() is None

    def test_waits_for_a_transaction_that_could_still_precede(self, in_yunqiao: Street) -> None:
        wrote, go_on = threading.Event(), threading.Event()

        def slow(street: Street) -> None:
            with in_street(street.id), transaction.atomic():
                record("case.filed")
                wrote.set()
                go_on.wait(10)
            connections.close_all()

        thread = threading.Thread(target=slow, args=(in_yunqiao,))
        thread.start()
        try:
            assert wrote.wait(10)
            record("case.accepted")
            assert commands.seal(now=TUESDAY) == 0
        finally:
            go_on.set()
            thread.join()
        until_settled()
        assert commands.seal(now=TUESDAY) == 2
        assert [seal.entry.what for seal in Seal.objects.order_by("position").select_related("entry")] == [
            "case.filed",
            "case.accepted",
        ]

    def test_two_sealers_at_once_make_one_chain(self, in_yunqiao: Street) -> None:
        for _ in range(20):
            record()
        until_settled()
        counts: list[int] = []

        def sealer(street: Street) -> None:
            with in_street(street.id):
                counts.append(commands.seal(now=TUESDAY))
            connections.close_all()

        threads = [threading.Thread(target=sealer, args=(in_yunqiao,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(counts) == 20
        assert queries.verify_chain() is None

    @pytest.mark.no_guard
    @pytest.mark.parametrize(
        "edit",
        [
            "UPDATE journal_entry SET facts = '{\"n\": 2}' WHERE id = %s",
            "UPDATE journal_entry SET transaction = 1 WHERE id = %s",
            "UPDATE journal_seal SET sealed_at = sealed_at - interval '30 days' WHERE entry_id = %s",
            "UPDATE journal_seal SET version = 1 WHERE entry_id = %s",
            "DELETE FROM journal_entry WHERE id = %s",
            "DELETE FROM journal_seal WHERE entry_id = %s",
        ],
    )
    def test_verify_names_the_row_that_was_edited_by_hand(self, in_yunqiao: Street, edit: str) -> None:
        entries = [record() for _ in range(5)]
        until_settled()
        commands.seal(now=TUESDAY)
        by_hand(edit, [entries[2].id])
        broken = queries.verify_chain()
        assert broken is not None
        assert (broken.position, broken.entry_id) == (3, entries[2].id)

    @pytest.mark.no_guard
    @pytest.mark.parametrize("place", [2, 4])
    def test_verify_tells_a_seal_that_was_edited_from_its_entry(self, in_yunqiao: Street, place: int) -> None:
        """By the next one, which follows from what was there; behind the last one there is none to say it."""
        entries = [record() for _ in range(5)]
        until_settled()
        commands.seal(now=TUESDAY)
        by_hand("UPDATE journal_seal SET digest = reverse(digest) WHERE entry_id = %s", [entries[place].id])
        assert str(queries.verify_chain()).startswith("journal_seal: link 3" if place == 2 else "journal_entry")

    def test_links_of_the_first_spelling_hold_and_are_followed(self, in_yunqiao: Street) -> None:
        old = Seal(position=1, entry=record(), sealed_at=MONDAY, version=1)
        old.digest = queries.digest_of(old, GENESIS)
        old.save()
        record()
        until_settled()
        assert commands.seal(now=TUESDAY) == 1 and queries.verify_chain() is None

    def test_each_street_has_its_own_chain(self, yunqiao: Street, hetang: Street) -> None:
        for street in (yunqiao, hetang):
            with in_street(street.id):
                record()
                until_settled()
                assert commands.seal(now=TUESDAY) == 1
                assert Seal.objects.get().position == 1

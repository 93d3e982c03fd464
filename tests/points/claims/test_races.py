"""At the same time, on a real PostgreSQL: each race is shown without its guard, and gone with it."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from huipai.cases.commands.retention import holding
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.models import Person
from huipai.people.words import ProxyScope, Role
from huipai.photos.models import Photo
from huipai.points import queries
from huipai.points.commands.claims import (
    answering,
    helping,
    keeping,
    objecting,
    reviewing,
    settling,
    statement,
    submitting,
)
from huipai.points.commands.claims.reviewing import BeingLookedAt
from huipai.points.models import Claim, ClaimStep, Conflict, Objection, Posting, Review
from huipai.points.rules.claiming import ClaimMovedOn
from huipai.points.words import ClaimState, ObjectionReason
from huipai.streets.models import Street
from tests.cases.test_own import helps
from tests.cast import MONDAY, TUESDAY, appoint, staff
from tests.points.claims.world import LATER, POST_ON, SOON, World, again, make
from tests.points.ledger import at_once, holds

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = timedelta(days=30)
DUE = LATER + timedelta(days=15)


@pytest.fixture
def world(in_yunqiao: Street) -> World:
    """What is to be seen by another connection is committed, so each test settles its street itself."""
    return make(in_yunqiao)


def kinds(came_of: list[object]) -> list[str]:
    return sorted(type(each).__name__ for each in came_of)


class TestSubmit:
    def test_one_claim_sent_by_six_at_once_is_one(self, world: World) -> None:
        sending = world.sending()
        came_of = at_once(
            world.street, *[lambda: submitting.submit(sending=sending, claimant=world.lan, now=MONDAY)] * 6
        )
        assert kinds(came_of) == ["Claim"] * 6 and Claim.objects.count() == ClaimStep.objects.count() == 1

    def test_without_the_key_one_deed_is_claimed_twice_and_with_it_once(self, world: World) -> None:
        one, other = world.sending(), world.sending()
        together = Barrier(2)

        def hasty(sending):
            def look_then_write() -> None:
                assert not submitting._is_claimed(sending, world.lan, MONDAY)
                together.wait(10)
                # Both have looked and found nothing: what is left is the database's key.
                submitting.submit(sending=sending, claimant=world.lan, now=MONDAY)

            return look_then_write

        assert kinds(at_once(world.street, hasty(one), hasty(other))) == ["ClaimedAlready", "NoneType"]
        assert Claim.objects.count() == 1


class TestHelper:
    """No more goes out of one pair of hands a day than anybody claims for themselves."""

    def room_for_one(self, world: World) -> None:
        helps(world.lan, world.hua, ProxyScope.CLAIM)
        first = world.sending(photo_ids=(), note="替他买了菜")
        helping.submit_for(sending=first, claimant_id=world.lan.id, helper=world.hua, now=clock.now())

    def send(self, world: World, number: int) -> object:
        told = world.sending(photo_ids=(), note=f"替他买了菜 {number}")
        return helping.submit_for(sending=told, claimant_id=world.lan.id, helper=world.hua, now=clock.now())

    def test_without_the_lock_four_find_room_for_one(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room_for_one(world)
        together, count = Barrier(4), QuerySet.count

        def count_together(found: QuerySet) -> int:
            number = count(found)
            together.wait(10)
            return number

        monkeypatch.setattr(helping, "CLAIMS_A_DAY", 2)
        monkeypatch.setattr(helping, "hold_here", lambda *_of: None)
        monkeypatch.setattr(QuerySet, "count", count_together)
        at_once(world.street, *[lambda number=number: self.send(world, number) for number in range(4)])
        monkeypatch.undo()
        assert Claim.objects.count() == 5

    def test_with_it_one_has_room(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room_for_one(world)
        monkeypatch.setattr(helping, "CLAIMS_A_DAY", 2)
        came_of = at_once(world.street, *[lambda number=number: self.send(world, number) for number in range(4)])
        assert kinds(came_of) == ["Claim", "TooManyClaims", "TooManyClaims", "TooManyClaims"]
        assert Claim.objects.count() == 2


class TestTheDaysLimit:
    """Of what one claimant sends from several devices at once."""

    def sent_by_four(
        self, world: World, monkeypatch: pytest.MonkeyPatch, *beside: Callable[[Barrier], None]
    ) -> list[str]:
        monkeypatch.setattr(submitting, "CLAIMS_A_DAY", 1)
        together = Barrier(4 + len(beside))

        def send(note: str) -> Claim:
            connection.ensure_connection()
            together.wait(10)
            return submitting.submit(sending=world.sending(note=note), claimant=world.lan, now=MONDAY)

        deeds = [lambda note=note: send(f"给老人买菜 {note}") for note in range(4)]
        return kinds(at_once(world.street, *deeds, *[lambda other=other: other(together) for other in beside])[:4])

    def test_counted_in_turn_one_has_room(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.sent_by_four(world, monkeypatch) == ["Claim", "TooManyClaims", "TooManyClaims", "TooManyClaims"]

    def test_counted_by_the_statement_itself_all_have(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """What the others have not committed when a statement begins is not in its count."""
        in_turn = """points_claims_in_turn(
        %(street)s, %(claimant)s, %(now)s::timestamptz - interval '1 day')"""
        by_itself = """(SELECT count(*) FROM points_claim AS before
        WHERE before.street_id = %(street)s AND before.claimant_id = %(claimant)s)
        + (SELECT length(pg_advisory_xact_lock_shared(5)::text))"""
        assert in_turn in statement.RECEIVE
        monkeypatch.setattr(statement, "RECEIVE", statement.RECEIVE.replace(in_turn, by_itself))

        def hold_until_all_have_begun(together: Barrier) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(5)")
                together.wait(10)
                for _moment in range(1000):
                    cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                    if cursor.fetchone() == (4,):
                        break
                    sleep(0.01)
                cursor.execute("SELECT pg_advisory_unlock(5)")

        assert self.sent_by_four(world, monkeypatch, hold_until_all_have_begun) == ["Claim"] * 4


class TestReview:
    def test_without_the_lease_two_reviewers_are_given_one_claim_and_with_it_two(self, world: World) -> None:
        world.checked()
        world.checked(world.hua)
        together = Barrier(2)

        def looking(reviewer):
            def look() -> object:
                with transaction.atomic():
                    found = queries.waiting_for(reviewer, MONDAY).first()
                    together.wait(10)
                    return found

            return look

        without = at_once(world.street, looking(world.fang), looking(world.qin))
        assert len(set(without)) == 1
        leased = at_once(
            world.street,
            lambda: reviewing.lease(reviewer=world.fang, now=MONDAY),
            lambda: reviewing.lease(reviewer=world.qin, now=MONDAY),
            lambda: reviewing.lease(reviewer=world.bo, now=MONDAY),
        )
        assert len({one for one in leased if one is not None}) == 2 and None in leased

    def test_two_who_decide_at_once_are_one_decision(self, world: World) -> None:
        claim = world.checked()
        came_of = at_once(
            world.street, lambda: world.approve(claim), lambda: world.refuse(claim, world.qin),
            lambda: world.approve(claim, world.bo),
        )  # fmt: skip
        assert kinds(came_of) == ["ClaimMovedOn", "ClaimMovedOn", "NoneType"]
        assert Review.objects.count() == 1 and again(claim).state == ClaimState.REVIEWED

    def test_without_the_row_lock_the_database_still_takes_one_word(self, world: World) -> None:
        claim, together = world.checked(), Barrier(2)

        def hasty(reviewer):
            def write() -> None:
                with transaction.atomic():
                    assert Claim.objects.get(pk=claim.pk).state == ClaimState.AUTO_CHECKED
                    together.wait(10)
                    review = Review(
                        claim=claim,
                        round=0,
                        claimant=world.lan,
                        reviewer=reviewer,
                        verdict="approved",
                        decided_at=MONDAY,
                    )
                    review.save(force_insert=True)
                    ClaimStep.objects.create(
                        claim=claim, position=3, action="approve", from_state="auto_checked", to_state="reviewed",
                        part="reviewer", actor=reviewer, happened_at=MONDAY,
                    )  # fmt: skip
                    Claim.objects.filter(pk=claim.pk).update(state="reviewed", undo_until=SOON)

            return write

        assert kinds(at_once(world.street, hasty(world.fang), hasty(world.qin))) == ["IntegrityError", "NoneType"]
        assert Review.objects.count() == 1 and IntegrityError

    def test_a_withdrawal_while_somebody_approves_is_one_of_the_two(self, world: World) -> None:
        claim = world.checked()
        came_of = at_once(
            world.street,
            lambda: answering.withdraw(claim_id=claim.id, actor=world.lan, now=MONDAY),
            lambda: world.approve(claim),
        )
        assert isinstance(came_of[0], Claim)
        assert came_of[1] is None or isinstance(came_of[1], ClaimMovedOn)
        assert again(claim).state == ClaimState.WITHDRAWN

    def test_an_undo_while_it_takes_effect_is_one_of_the_two(self, world: World) -> None:
        claim = world.checked()
        world.approve(claim)
        came_of = at_once(
            world.street,
            lambda: reviewing.undo(claim_id=claim.id, reviewer=world.fang, now=MONDAY),
            lambda: settling.take_effect(claim_id=claim.id, now=SOON, pick=lambda _most: 1),
        )
        undone = isinstance(came_of[0], Claim)
        assert again(claim).state == (ClaimState.AUTO_CHECKED if undone else ClaimState.PUBLICISED)
        assert BeingLookedAt


class TestPosting:
    def test_an_objection_while_points_are_posted_is_before_or_after_and_never_lost(self, world: World) -> None:
        claim = world.public()
        until = claim.public_until
        assert until is not None
        came_of = at_once(
            world.street,
            lambda: settling.post(claim_id=claim.id, now=until),
            lambda: world.objected(claim, now=TUESDAY),
        )
        state, paid = again(claim).state, Posting.objects.exists()
        assert not any(isinstance(each, Exception) and not isinstance(each, Refused) for each in came_of)
        assert state == ClaimState.OBJECTION and Objection.objects.count() == 1
        objecting.uphold(objection_id=Objection.objects.get().id, judge=world.qin, now=LATER)
        assert Posting.objects.count() == (2 if paid else 0) and holds(world.street)

    def test_one_claim_posted_by_five_at_once_is_paid_once(self, world: World) -> None:
        claim = world.public()
        came_of = at_once(world.street, *[lambda: settling.post(claim_id=claim.id, now=LATER)] * 5)
        assert kinds(came_of) == ["Claim"] + ["NoneType"] * 4
        assert Posting.objects.count() == 1 and holds(world.street)

    def test_two_who_object_at_once_are_one_objection(self, world: World) -> None:
        claim = world.public()

        def objecting_as(person):
            return lambda: objecting.object_to(
                claim_id=claim.id, objector=person, reason=ObjectionReason.NOT_DONE, text="", now=SOON
            )

        came_of = at_once(world.street, objecting_as(world.hua), objecting_as(world.bo))
        assert kinds(came_of) == ["ObjectedAlready", "Objection"]
        assert new_id() and NotVisible


class TestLastResort:
    def test_two_leaders_and_a_reviewer_named_meanwhile_decide_once(self, world: World) -> None:
        claim = world.public()
        objection_id = world.objected(claim)
        for reviewer in (world.fang, world.qin, world.bo):
            Conflict.objects.create(reviewer=reviewer, person=world.lan, declared_at=MONDAY)
        lei, other = (
            appoint(staff(name, phone), Role.LEADER)
            for name, phone in (("雷望山", "13900000070"), ("雷远山", "13900000071"))
        )
        named = staff("严小松", "13900009999")
        came_of = at_once(
            world.street,
            lambda: objecting.uphold(objection_id=objection_id, judge=lei, now=TUESDAY),
            lambda: objecting.dismiss(objection_id=objection_id, judge=other, now=TUESDAY),
            lambda: objecting.dismiss(
                objection_id=objection_id, judge=appoint(named, Role.REVIEWER), now=TUESDAY
            ),
        )  # fmt: skip
        assert kinds(came_of).count("Objection") == 1
        assert ClaimStep.objects.filter(claim=claim, action__in=("uphold", "dismiss")).count() == 1


class TestHeldWhileItsPicturesGo:
    """The clock erases the screenshots of a claim at the moment at which somebody holds it back: never both."""

    def shown(self, world: World) -> Claim:
        return world.posted(item=POST_ON, photo_ids=(world.photo(world.lan).id,))

    def hold_slowly(self, claim: Claim, by: Person, begun: Barrier) -> None:
        with transaction.atomic():
            holding.hold_claim(
                claim_id=claim.id, actor=by, reason="lawsuit", words="区法院来函", until=DUE + MONTH, now=TUESDAY
            )
            begun.wait(10)
            sleep(0.5)

    def test_without_the_lock_both_happen(self, world: World) -> None:
        claim, by, begun = self.shown(world), appoint(staff(), Role.DISPATCHER), Barrier(2)

        def hasty() -> bool:
            begun.wait(10)
            return queries.claims_to_let_go(DUE).exists()

        assert at_once(world.street, lambda: self.hold_slowly(claim, by, begun), hasty) == [None, True]
        assert queries.is_held(claim, DUE)

    def test_with_it_what_is_held_stays(self, world: World) -> None:
        claim, by, begun = self.shown(world), appoint(staff(), Role.DISPATCHER), Barrier(2)

        def careful() -> int:
            begun.wait(10)
            return keeping.erase_screenshots(claim_id=claim.id, now=DUE)

        assert at_once(world.street, lambda: self.hold_slowly(claim, by, begun), careful) == [None, 0]
        assert Photo.objects.kept().exists()

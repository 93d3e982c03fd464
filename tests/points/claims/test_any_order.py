"""Anything by anybody in any order, through the commands: the claim stays within its machine, and the ledger with it.

After every step: steps are contiguous and of the machine, nobody judges what is theirs or judges twice, points stand
only while a claim is posted, an upheld one has none left, and a refused step changed nothing. At the end `verify` finds
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.points import queries
from huipai.points.commands.claims import (
    answering,
    checking,
    contesting,
    keeping,
    objecting,
    reviewing,
    settling,
    standing_aside,
    submitting,
)
from huipai.points.models import Appeal, Claim, ClaimStep, Contest, Evidence, Finding, Objection, Posting, Review
from huipai.points.rules import claiming
from huipai.points.rules.sending import ClaimSending
from huipai.points.words import ClaimAction, ClaimState, ObjectionReason, RefusalReason
from tests.cast import MONDAY
from tests.points.claims.world import HELP, LARGE, World
from tests.rounds import DEPTH

pytestmark = pytest.mark.django_db
WHO = ("lan", "hua", "fang", "qin", "bo")


@dataclass
class Life:
    """One claim, and the time."""

    world: World
    sending: ClaimSending
    now: datetime = MONDAY

    def claim_id(self):
        return self.sending.claim_id

    def standing(self):
        found = Claim.objects.filter(pk=self.claim_id()).first()
        return found.standing if found else ""


def _objection(life: Life) -> Objection:
    found = Objection.objects.filter(claim=life.claim_id()).order_by("-filed_at", "-id").first()
    if found is None:
        raise Refused
    return found


def _contest(life: Life) -> Contest:
    found = Contest.objects.filter(claim=life.claim_id()).first()
    if found is None:
        raise Refused
    return found


Deed = Callable[[Life, Person], object]
DEEDS: dict[str, Deed] = {
    "keep": lambda life, p: submitting.keep(sending=life.sending, claimant=p, now=life.now),
    "submit": lambda life, p: submitting.submit(sending=life.sending, claimant=p, now=life.now),
    "check": lambda life, _p: checking.check(claim_id=life.claim_id(), now=life.now),
    "lease": lambda life, p: reviewing.lease(reviewer=p, now=life.now, claim_id=life.claim_id()),
    "approve": lambda life, p: reviewing.approve(
        claim_id=life.claim_id(), seen=life.standing(), reviewer=p, now=life.now
    ),
    "refuse": lambda life, p: reviewing.refuse(
        claim_id=life.claim_id(), seen=life.standing(), reviewer=p, reason=RefusalReason.UNCLEAR, now=life.now
    ),
    "refer": lambda life, p: reviewing.refer(claim_id=life.claim_id(), seen=life.standing(), reviewer=p, now=life.now),
    "undo": lambda life, p: reviewing.undo(claim_id=life.claim_id(), reviewer=p, now=life.now),
    "aside": lambda life, p: standing_aside.stand_aside(reviewer=p, claim_id=life.claim_id(), now=life.now),
    "effect": lambda life, _p: settling.take_effect(claim_id=life.claim_id(), now=life.now, pick=lambda _most: 1),
    "drawn": lambda life, _p: settling.take_effect(claim_id=life.claim_id(), now=life.now, pick=lambda _most: 0),
    "post": lambda life, _p: settling.post(claim_id=life.claim_id(), now=life.now),
    "expire": lambda life, _p: settling.expire(claim_id=life.claim_id(), now=life.now),
    "erase": lambda life, _p: keeping.erase_screenshots(claim_id=life.claim_id(), now=life.now),
    "object": lambda life, p: objecting.object_to(
        claim_id=life.claim_id(), objector=p, reason=ObjectionReason.NOT_DONE, text="", now=life.now
    ),
    "uphold": lambda life, p: objecting.uphold(objection_id=_objection(life).id, judge=p, now=life.now),
    "dismiss": lambda life, p: objecting.dismiss(objection_id=_objection(life).id, judge=p, now=life.now),
    "appeal": lambda life, p: answering.appeal(
        claim_id=life.claim_id(), actor=p, text="不对", photo_ids=(), now=life.now
    ),
    "contest": lambda life, p: contesting.contest(claim_id=life.claim_id(), actor=p, text="我做了", now=life.now),
    "grant": lambda life, p: contesting.grant(contest_id=_contest(life).id, judge=p, now=life.now),
    "deny": lambda life, p: contesting.dismiss(contest_id=_contest(life).id, judge=p, now=life.now),
    "withdraw": lambda life, p: answering.withdraw(claim_id=life.claim_id(), actor=p, now=life.now),
}
# The main road is taken more often than the ditches, so that most runs get far.
ROAD = ("submit", "check", "approve", "effect", "post", "object", "uphold", "dismiss", "refuse", "appeal")
step = st.tuples(
    st.one_of(st.sampled_from(ROAD), st.sampled_from(ROAD), st.sampled_from(sorted(DEEDS))),
    st.sampled_from(WHO),
    st.sampled_from([0, 1, 1, 30, 30, 24 * 60, 4 * 24 * 60, 9 * 24 * 60]),
)
BEGIN = [("submit", "lan", 0), ("check", "lan", 1)]


def rows() -> list[object]:
    """Everything a refused step may not have touched."""
    models = (Claim, ClaimStep, Review, Finding, Evidence, Objection, Appeal, Contest, Posting)
    return [list(model.objects.order_by("id").values_list()) for model in models]


def take(life: Life, deed: str, who: str, minutes: int) -> None:
    life.now += timedelta(minutes=minutes)
    before = rows()
    try:
        DEEDS[deed](life, getattr(life.world, who))
        connection.check_constraints()
    except Refused:  # the command takes back by itself what it wrote
        assert rows() == before, (deed, who)
    stands(life)


def stands(life: Life) -> None:
    claim = Claim.objects.filter(pk=life.claim_id()).first()
    if claim is None:
        return
    steps = list(ClaimStep.objects.filter(claim=claim).order_by("position"))
    assert [one.position for one in steps] == list(range(1, len(steps) + 1))
    assert claim.state == steps[-1].to_state and claim.state in claiming.states()
    for before, after in pairwise(steps):
        assert after.from_state == before.to_state
        assert claiming.allows(before.to_state, ClaimAction(after.action))
    judges = [review.reviewer_id for review in Review.objects.filter(claim=claim, undone_at=None)]
    assert len(judges) == len(set(judges)) and claim.claimant_id not in judges
    paid = sum(Posting.objects.filter(person=life.world.lan).values_list("points", flat=True))
    is_paid = claim.posting_id is not None and claim.state != ClaimState.UPHELD
    assert paid == (claim.item.points if is_paid else 0)
    for objection in Objection.objects.filter(claim=claim).exclude(result=""):
        assert objection.decided_by_id not in (claim.claimant_id, objection.objector_id, *judges)


def run(world: World, item, steps) -> None:
    """Live through these steps and leave no trace."""
    life = Life(world, world.sending(item))
    with transaction.atomic():
        for one in [*BEGIN, *steps]:
            take(life, *one)
        assert not list(queries.verify_ledger(world.street))
        transaction.set_rollback(True)


CHECKS = list(HealthCheck)


@settings(max_examples=10, deadline=None, suppress_health_check=CHECKS, print_blob=True)
@given(item=st.sampled_from([HELP, LARGE]), steps=st.lists(step, min_size=5, max_size=12))
def test_any_order_stays_within_the_machine(world: World, item, steps) -> None:
    run(world, item, steps)


@pytest.mark.long
@pytest.mark.deep
@settings(max_examples=40 * DEPTH, deadline=None, suppress_health_check=CHECKS, print_blob=True)
@given(item=st.sampled_from([HELP, LARGE]), steps=st.lists(step, min_size=10, max_size=40))
def test_any_long_order_stays_within_the_machine(world: World, item, steps) -> None:
    run(world, item, steps)


def test_every_state_is_reached_and_left_as_the_table_says() -> None:
    reached = {row.target for row in claiming.MACHINE if row.target is not None} | claiming.BEGINNINGS
    assert reached == set(ClaimState)
    left = {source for row in claiming.MACHINE for source in row.sources}
    assert set(ClaimState) - left == set(claiming.ENDS)

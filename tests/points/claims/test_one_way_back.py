"""At the last instant of a claim's time for neighbours points are objected to or asked back, never both."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.kit.verdict import Moved
from huipai.people.models import Person
from huipai.points.commands.claims.objecting import ObjectedAlready
from huipai.points.models import Claim, Correction, Objection
from huipai.points.words import ObjectionReason
from tests.points.claims.test_hands import TWICE, asked_back, keeper
from tests.points.claims.world import World

__all__ = ["keeper"]


@pytest.fixture
def claim(world: World) -> Claim:
    return world.posted()


def test_what_is_asked_back_is_not_objected_to(world: World, keeper: Person, claim: Claim) -> None:
    end = claim.object_until
    assert end is not None
    asked_back(world, claim.posting_id, keeper, end)
    before = end - timedelta(microseconds=1)  # whose request had begun and waited
    with pytest.raises(ObjectedAlready):
        world.objected(claim, now=before)
    with pytest.raises(IntegrityError, match="not both"), transaction.atomic():
        Objection.objects.create(
            claim=claim, claimant=world.lan, objector=world.hua, filed_at=before, reason=ObjectionReason.NOT_DONE
        )


def test_what_is_objected_to_is_not_asked_back(world: World, keeper: Person, claim: Claim) -> None:
    end = claim.object_until
    assert end is not None and claim.posting is not None
    world.objected(claim, now=end - timedelta(microseconds=1))
    with pytest.raises(Moved):
        asked_back(world, claim.posting_id, keeper, end)
    with pytest.raises(IntegrityError, match="not both"), transaction.atomic():
        Correction.objects.create(
            posting=claim.posting, person=world.lan, reason=TWICE, note="两次", proposed_by=keeper, proposed_at=end
        )

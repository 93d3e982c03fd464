"""A claim that a helper or a guardian sends for somebody: theirs in everything, and who pressed is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid
from huipai.people.models import Person
from huipai.points.commands.claims.submitting import Entry, TooManyClaims, receive
from huipai.points.models import Claim
from huipai.points.queries.claims import own
from huipai.points.rules.sending import ClaimSending
from huipai.points.words import CLAIMS_A_DAY, ClaimFact, ClaimPart, ClaimSource
from huipai.streets.holding import hold_here


class NotTheirClaimHelper(Invalid):
    """Nobody's elder, an ended permission, one of another scope, a child of others: one sentence for all."""

    code = "claim_not_their_helper"
    default_reason = _("现在不能替这一位申报。请对方在“请家人代办”里再请您一次，或者选“我自己”")


@transaction.atomic
def submit_for(*, sending: ClaimSending, claimant_id: UUID, helper: Person, now: datetime) -> Claim:
    """Take in a claim of somebody for whom `helper` may claim now; exactly once, with photos that the helper took.

    The points come to the claimant. The helper counts with them wherever it is judged, also when the permission has
    ended; and no more goes out of one pair of hands a day than anybody claims for themselves.
    """
    hold_here("points.claims_of_helper", helper.id)  # what one pair of hands sends is counted one after the other
    known = Claim.objects.filter(pk=sending.claim_id, claimant=claimant_id, entered_by=helper).first()
    # A phone that did not hear the answer hears it, also when the permission has ended meanwhile.
    claimant = known.claimant if known is not None else own.claimant_for(helper, claimant_id, now)
    if claimant is None or claimant.id == helper.id:
        raise NotTheirClaimHelper(field="for")
    sent = Claim.objects.filter(entered_by=helper, received_at__gt=now - timedelta(days=1))
    if known is None and sent.count() >= CLAIMS_A_DAY:
        raise TooManyClaims
    return receive(sending, Entry(claimant, helper, ClaimSource.HELPER, ClaimPart.HELPER, ClaimFact.HELPED), now)

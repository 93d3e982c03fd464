"""A grant by hand: entered by one employee, approved by two others. Nobody's word alone ever moves a point."""

from __future__ import annotations

from datetime import datetime

from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.points import policies
from huipai.points.commands.claims.submitting import Entry, receive, taken_in
from huipai.points.models import Claim
from huipai.points.rules.sending import ClaimSending
from huipai.points.words import ClaimFact, ClaimPart, ClaimSource


def enter(*, sending: ClaimSending, claimant: Person, enterer: Person, now: datetime) -> Claim:
    """Enter a claim for somebody at the counter; exactly once, as for any claim.

    Refuses whoever is too close to the claimant. Two people other than the enterer have to approve it.
    """
    entry = Entry(claimant, enterer, ClaimSource.STAFF, ClaimPart.ENTERER, ClaimFact.ENTERED)
    try:
        policies.may_enter_claims(enterer, now).require()
        policies.may_enter_for(enterer, claimant, now).require()
    except Refused:
        # Whoever did not hear the answer hears it, also when they may not enter claims any more.
        if (known := taken_in(sending, entry)) is None:
            raise
        return known
    return receive(sending, entry, now)

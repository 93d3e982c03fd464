"""Screenshots go when nobody can object any more, and leave a proof that they went (ruling 23)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.journal import commands as journal
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.points import queries
from huipai.points.commands.claims import stepping
from huipai.points.rules.claiming import ENDS
from huipai.points.rules.sending import takes_screenshots
from huipai.points.words import ClaimFact, ClaimState, Shown

# Without an open question: only from here the evidence goes.
_SETTLED = ENDS | {ClaimState.POSTED, ClaimState.REJECTED, ClaimState.UPHELD}


@transaction.atomic
def erase_screenshots(*, claim_id: UUID, now: datetime) -> int:
    """Erase the screenshots of a settled claim whose time has come and that nobody holds; how many. Twice is once.

    Where the item takes photos as well, every picture goes: no word of a sender makes a photo of a screenshot.
    What stays is the digest of each, in the photo's tombstone and in the journal, and its likeness in bits for as
    long as a claim is asked whether its picture was used before.
    """
    claim = stepping.locked(claim_id)
    if claim.evidence_until is None or claim.evidence_until > now or claim.state not in _SETTLED:
        return 0
    if queries.is_held(claim, now):
        return 0
    kinds = (Shown.SCREENSHOT, Shown.PHOTO) if takes_screenshots(claim.item.evidence) else (Shown.SCREENSHOT,)
    shots = Photo.objects.kept().filter(pk__in=claim.evidence.filter(kind__in=kinds).values("photo"))
    gone = {}
    for photo in shots.order_by("pk"):
        photos.expire(photo=photo, now=now)
        gone[str(photo.id)] = photo.sha256
    claim.evidence_until = None
    claim.save(update_fields=["evidence_until"])
    if gone:
        journal.record(
            what=ClaimFact.EVIDENCE_ERASED, subject=claim.subject_of_journal, actor_id=None, now=now,
            facts={"photos": gone},
        )  # fmt: skip
    return len(gone)

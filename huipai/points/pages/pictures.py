"""The pictures of a form: photos in one part, screenshots in the other; those sent before and those sent with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from huipai.people.http import SignedInRequest
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos import grants
from huipai.photos.models import Photo
from huipai.photos.words import Variant
from huipai.points import forms
from huipai.points.models import Claim
from huipai.points.rules.sending import may_be_either
from huipai.points.words import Shown

PHOTO, SCREENSHOT = "photo", "screenshot"
PARTS: Final = (PHOTO, SCREENSHOT)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The ids of each part, and why a file was not taken, by the part of the page."""

    photos: tuple[UUID, ...] = ()
    screenshots: tuple[UUID, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()

    @property
    def all(self) -> tuple[UUID, ...]:
        return tuple(dict.fromkeys([*self.photos, *self.screenshots]))

    def shown(self, person: Person, now: datetime) -> dict[str, list[dict[str, object]]]:
        """Those already there, for the macro `upload`, by part; only the person's own."""
        found = {one.id: one for one in Photo.objects.kept().filter(pk__in=self.all, uploader=person)}
        return {
            part: [
                {"id": id, "src": grants.url(found[id], Variant.THUMB, viewer=person, now=now) or None}
                for id in ids
                if id in found
            ]
            for part, ids in zip(PARTS, (self.photos, self.screenshots), strict=True)
        }


def taken_in(request: SignedInRequest, form_id: UUID, now: datetime) -> Pictures:
    """What came with this form. A file is kept even when a field is wrong: no browser sends it again by itself."""
    by_part, wrong = dict[str, tuple[UUID, ...]](), []
    for part in PARTS:
        # Sent with the form itself where no script has sent them before.
        files = [*request.FILES.getlist(part), *request.FILES.getlist(f"{part}_album")]
        batch = photos.receive_all(form_id=form_id, uploader=request.person, files=files, now=now)
        by_part[part] = tuple(dict.fromkeys([*forms.photo_ids(request.POST, part), *(one.id for one in batch.photos)]))
        if batch.refused:
            wrong.append((f"upload-{part}", batch.why))
    return Pictures(by_part[PHOTO], by_part[SCREENSHOT], tuple(wrong))


def of_draft(claim: Claim) -> Pictures:
    """What a claim that was put aside shows, each picture in the part into which its sender has put it."""
    shown = [(one.photo_id, one.kind) for one in claim.evidence.all() if one.photo_id]
    said = {id for id, kind in shown if kind == Shown.SCREENSHOT and may_be_either(claim.item.evidence)}
    return Pictures(tuple(id for id, _kind in shown if id not in said), tuple(id for id, _kind in shown if id in said))

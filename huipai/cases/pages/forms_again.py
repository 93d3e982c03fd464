"""Showing a form again with everything that was in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from huipai.cases.commands.intake import NotThisId
from huipai.cases.commands.locating import NoPlace, WhichPlace
from huipai.cases.forms import PlaceForm, photo_ids
from huipai.cases.models import CasePhoto
from huipai.cases.queries import own
from huipai.kit.coordinates import Crs
from huipai.kit.ids import new_id
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos import grants
from huipai.photos.models import Photo
from huipai.photos.words import Source, Variant

# Which part of a page a refusal belongs to.
PLACES = {
    "photos": "upload-photo",
    "after": "upload-after",
    "eyes": "pick-eyes",
    "file": "f-file",
    "another": "another",
    "place": "place",
    "address": "place",
    "for_elder": "pick-for_elder",
    "case_type": "pick-case_type",
    "channel": "pick-channel",
    "text": "f-text",
    "title": "f-title",
    "third_party": "f-third_party",
    "consent_channel": "f-consent_channel",
    "doer_phone": "f-doer_phone",
    "apart": "apart",
    "point_item": "f-point_item",
    "reason": "pick-reason",
    "owner": "f-owner",
    "result": "result",
    "rating": "pick-rating",
    "days": "f-days",
    "until": "f-until",
    "unit": "pick-unit",
    "report": "pick-report",
    "decision": "pick-decision",
    "worker": "pick-worker",
    "phone": "f-phone",
    "name": "f-name",
    "agreed": "agreed",
    "code": "f-code",
    "words": "f-words",
    "word": "f-word",
    "hours": "pick-hours",
    "envoy": "pick-envoy",
    "at": "f-day",
    "place_words": "f-place",
    "stars": "stars",
    "who": "f-who",
    "doer": "pick-doer",
    "kept": "pick-kept",
    "ground": "f-ground",
}


# A case comes back a few times, never thousands.
MOST_DIGITS = 4
# How the forms call the id that a browser sends again with a second press.
_IDS = {"report_id", "good_deed_id", "find_id"}


def round_seen(typed: Mapping[str, str]) -> int:
    """Of which round a form speaks; of none where it does not say so."""
    said = typed.get("round", "")
    return int(said) if said.isdecimal() and len(said) < MOST_DIGITS else 0


def errors_of(refusal: Refused) -> list[tuple[str, str]]:
    """The refusal for the summary on top: (id of the part of the page, sentence)."""
    field = refusal.field or ""
    return [(f"f-{field}" if field.startswith("q-") else PLACES.get(field, ""), refusal.reason)]


def faults_of(refusal: Refused, form: PlaceForm, ids: Collection[UUID], person: Person) -> list[tuple[str, str]]:
    """The same of a form with a place and an id of its own.

    Where it has no place and a photo of theirs carries one, that is offered in it. What cannot be taken under its id
    gets another: sent again it is a new one.
    """
    if isinstance(refusal, NotThisId):
        return _as_a_new_one(form, ids, person)
    if not isinstance(refusal, NoPlace | WhichPlace):
        return errors_of(refusal)
    placed = Photo.objects.filter(uploader=person, pk__in=ids, exif_lat__isnull=False).order_by("id").first()
    if placed is None:
        return errors_of(refusal)
    offered = {
        "lng": placed.exif_lng,
        "lat": placed.exif_lat,
        "crs": Crs.WGS84.value,
        "position_source": Source.EXIF.value,
    }
    form.data = {**dict(form.data.items()), **{name: str(value) for name, value in offered.items()}}
    return [(PLACES["place"], _("照片里带着位置，填在下面了：看看归哪里对不对，对就再点一次发送"))]


def _as_a_new_one(form: PlaceForm, ids: Collection[UUID], person: Person) -> list[tuple[str, str]]:
    """Only whoever has sent something under its id is told so: of anybody else's nothing is said (ruling 6)."""
    [name] = _IDS & form.fields.keys()
    if own.has_sent(person, form.cleaned_data[name]):
        faults = [("", _("这张表刚才已经发过一件。填的都在，看一遍，再点一次就是新的一件"))]
    else:
        faults = [("", _("这一件没有收下。填的都在，看一遍，再点一次发送"))]
    form.data = {**dict(form.data.items()), name: str(new_id())}
    if CasePhoto.objects.filter(photo__in=ids, photo__uploader=person).exists():
        faults.append((PLACES["photos"], _("照片已经用在上一件里，要的话再拍一张")))
    return faults


def files_of(request: HttpRequest, name: str) -> list[UploadedFile[bytes]]:
    """Files sent with the form itself, where no script has sent them before."""
    return [*request.FILES.getlist(name), *request.FILES.getlist(f"{name}_album")]


@dataclass(frozen=True)
class Sent:
    """The photos of a form, those that came with it received: a file that is none never passes for a form without."""

    ids: tuple[UUID, ...]
    refused: Refused | None = None

    def all(self) -> tuple[UUID, ...]:
        """Every photo of the form; raises the refusal of a file, so that nothing is done without what was meant."""
        if self.refused is not None:
            raise self.refused
        return self.ids


def beside(faults: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What stands beside each part of a form: everything that is wrong with it, not the last of it."""
    found = dict[str, list[str]]()
    for place, reason in faults:
        found.setdefault(place, []).append(reason)
    return {place: _("；").join(dict.fromkeys(reasons)) for place, reasons in found.items()}


def unfit(batch: photos.Batch, place: str = PLACES["photos"]) -> list[tuple[str, str]]:
    """Each file of a form that is not taken, for the summary on top."""
    return [(place, one.reason) for one in batch.refused]


def photos_of(request: HttpRequest, *, form_id: UUID, person: Person, now: datetime) -> Sent:
    """Receive what a browser without a script has sent along. Good files are kept even when another is refused."""
    ids = photo_ids(request.POST)
    batch = photos.receive_all(form_id=form_id, uploader=person, files=files_of(request, "photo"), now=now)
    kept = tuple(dict.fromkeys([*ids, *(photo.id for photo in batch.photos)]))
    return Sent(kept, _refusal_of(batch))


def _refusal_of(batch: photos.Batch) -> Refused | None:
    """That of the first file, with what is said of each."""
    if not batch.refused:
        return None
    refusal = batch.refused[0].refusal
    refusal.field, refusal.words = "photos", batch.why
    return refusal


def uploaded(
    ids: tuple[UUID, ...], person: Person, now: datetime, *, held: Collection[UUID] = ()
) -> list[dict[str, object]]:
    """Photos already there, for the macro `upload`: the person's own that are part of nothing yet, and those of the
    report that is put right."""
    unused = Q(uploader=person) & ~Exists(CasePhoto.objects.filter(photo=OuterRef("pk")))
    theirs = Photo.objects.filter(unused | Q(pk__in=held), pk__in=ids)
    found = {photo.id: photo for photo in theirs}
    return [
        {"id": id, "src": grants.url(found[id], Variant.THUMB, viewer=person, now=now) or None}
        for id in ids
        if id in found
    ]

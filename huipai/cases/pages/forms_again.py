"""Showing a form again with everything that was in it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.photos import grants
from huipai.photos.models import Photo
from huipai.photos.words import Variant

# Which part of a page a refusal belongs to.
PLACES = {
    "photos": "upload-photo",
    "place": "place",
    "case_type": "pick-case_type",
    "text": "f-text",
    "title": "f-title",
    "third_party": "f-third_party",
    "consent_channel": "f-consent_channel",
    "doer_phone": "f-doer_phone",
    "point_item": "f-point_item",
    "reason": "pick-reason",
    "days": "f-days",
    "until": "f-until",
    "unit": "pick-unit",
    "worker": "pick-worker",
    "phone": "f-phone",
    "name": "f-name",
    "agreed": "agreed",
    "code": "f-code",
}


def errors_of(refusal: Refused) -> list[tuple[str, str]]:
    """The refusal for the summary on top: (id of the part of the page, sentence)."""
    return [(PLACES.get(refusal.field or "", ""), refusal.reason)]


def files_of(request: HttpRequest, name: str) -> list[UploadedFile[bytes]]:
    """Files sent with the form itself, where no script has sent them before."""
    return [*request.FILES.getlist(name), *request.FILES.getlist(f"{name}_album")]


def uploaded(ids: tuple[UUID, ...], person: Person, now: datetime) -> list[dict[str, object]]:
    """Photos already there, for the macro `upload`; only the person's own."""
    found = {photo.id: photo for photo in Photo.objects.filter(pk__in=ids, uploader=person)}
    return [
        {"id": id, "src": grants.url(found[id], Variant.THUMB, viewer=person, now=now) or None}
        for id in ids
        if id in found
    ]

"""Reads of photos. Who may see one is the upper room's question; each asks it before it asks for a grant."""

from uuid import UUID

from huipai.people.models import Person
from huipai.photos.models import Photo, PhotoQuerySet


def own(person: Person) -> PhotoQuerySet[Photo]:
    """The photos that a person sent, newest first."""
    return Photo.objects.kept().filter(uploader=person).order_by("-received_at")


def attachable(person: Person, photo_ids: list[UUID]) -> list[Photo]:
    """Those of the ids that are this person's own kept photos, in the order asked for; others are not mentioned."""
    found = Photo.objects.kept().filter(uploader=person).in_bulk(photo_ids)
    return [found[photo_id] for photo_id in photo_ids if photo_id in found]

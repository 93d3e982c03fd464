"""Reads of photos. Who may see one is the upper room's question; each asks it before it asks for a grant."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from huipai.journal import queries as journal
from huipai.people.models import Person
from huipai.photos.models import Photo
from huipai.photos.rules.seals import Grant
from huipai.photos.words import Fact, Variant


def own(person: Person) -> QuerySet[Photo]:
    """The photos that a person sent, newest first."""
    return Photo.objects.kept().filter(uploader=person).order_by("-received_at")


def attachable(person: Person, photo_ids: list[UUID]) -> list[Photo]:
    """Those of the ids that are this person's own kept photos, in the order asked for; others are not mentioned."""
    found = Photo.objects.kept().filter(uploader=person).in_bulk(photo_ids)
    return [found[photo_id] for photo_id in photo_ids if photo_id in found]


def shown_by(grant: Grant) -> Photo | None:
    """The photo that a grant still shows: a visitor's while it is released, an original's if its opening is logged."""
    photo = Photo.objects.kept().filter(pk=grant.photo_id).first()
    if photo is None or not photo.key_of(grant.variant):
        return None
    if grant.viewer_id is None and not photo.is_public:
        return None
    if grant.variant == Variant.ORIGINAL and not _is_logged(photo, grant):
        return None
    return photo


def was_withdrawn(photo: Photo, *, since: datetime) -> bool:
    """Whether somebody has taken it back from where it was shown at this instant or later."""
    return journal.about(photo.subject).filter(what=Fact.WITHDRAWN, happened_at__gte=since).exists()


def _is_logged(photo: Photo, grant: Grant) -> bool:
    if grant.opening is None:
        return False
    openings = journal.about(photo.subject).filter(what=Fact.ORIGINAL_OPENED)
    return openings.filter(pk=grant.opening, actor_id=grant.viewer_id).exists()

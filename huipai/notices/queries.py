"""Reading the inbox."""

from uuid import UUID

from django.db.models import QuerySet

from huipai.notices.models import Notice, Preference
from huipai.people.models import Person


def visible_to(person: Person) -> QuerySet[Notice]:
    """A person's own notices, newest first; nobody else's."""
    return Notice.objects.filter(person=person).order_by("-created_at", "-id")


def unread_count(person: Person) -> int:
    return Notice.objects.filter(person=person, read_at__isnull=True).count()


def preference_of(person_id: UUID) -> Preference | None:
    return Preference.objects.filter(person_id=person_id).first()

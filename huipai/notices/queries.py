"""Reading the inbox."""

from uuid import UUID

from django.db.models import QuerySet

from huipai.kit import hot
from huipai.notices.models import Notice, Preference
from huipai.people.models import Person
from huipai.streets.current import street_in_force

_UNREAD = """
SELECT count(*) FROM notices_notice WHERE street_id = %(street)s AND person_id = %(person)s AND read_at IS NULL
"""


def visible_to(person: Person) -> QuerySet[Notice]:
    """A person's own notices, newest first; nobody else's."""
    return Notice.objects.filter(person=person).order_by("-created_at", "-id")


def unread_count(person: Person) -> int:
    """How many the person has not read; every page shows it."""
    [(count,)] = hot.rows(_UNREAD, {"street": street_in_force(), "person": person.pk})
    return int(count)


def preference_of(person_id: UUID) -> Preference | None:
    return Preference.objects.filter(person_id=person_id).first()

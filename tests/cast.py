"""Fixed instants and the named cast of our tests. Makers act through commands; packages add theirs below."""

from datetime import UTC, datetime

from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose

# A Monday in the middle of an ordinary working week of November 2026; 10:00 in Shanghai.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
A_MONTH_AGO = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)


# --- People: of the street in force, with an account, and past the privacy notice.
def resident(name: str = "兰", phone: str = "13800000001", *, now: datetime = A_MONTH_AGO) -> Person:
    person = people.register(phone=phone, name=name, now=now)
    people.give_consent(person=person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=now)
    return person


def staff(name: str = "魏", phone: str = "13900000001", *, now: datetime = A_MONTH_AGO) -> Person:
    person = people.employ(phone=phone, name=name, actor=None, now=now)
    people.give_consent(person=person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=now)
    return person

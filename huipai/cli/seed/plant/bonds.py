"""What people are, and who acts for whom: identities with their consents, guardians of children, helpers of elders."""

from datetime import datetime, timedelta
from random import Random

from huipai.cli.seed.folk.names import name_for
from huipai.cli.seed.plant.folk import Crowd
from huipai.people import commands as people
from huipai.people import policies
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import SENSITIVE_IDENTITIES, ConsentPurpose, IdentityKind, ProxyScope, Role

FAMILIES, HELPERS = 6, 5


def plant_identities(crowd: Crowd, *, now: datetime, chance: Random) -> None:
    """Everybody says what they are; half of it has been seen at a counter."""
    clerk = crowd.holding(Role.COORDINATOR)[0]
    for key, soul in crowd.souls.items():
        person = crowd.people[key]
        for kind in soul.identities:
            _add(person, kind, clerk, now=now, confirmed=chance.random() < 0.5)


def _add(person: Person, kind: IdentityKind, clerk: Person, *, now: datetime, confirmed: bool) -> None:
    if kind in SENSITIVE_IDENTITIES:
        people.give_consent(person=person, purpose=ConsentPurpose.SENSITIVE_IDENTITY, now=now)
    identity = people.add_identity(
        person=person, kind=kind, valid_from=now.date(), valid_until=None, actor=person, now=now
    )
    if confirmed:
        people.confirm_identity(identity=identity, actor=clerk, now=now + timedelta(days=3))


def plant_families(crowd: Crowd, *, now: datetime, chance: Random) -> None:
    """A few children whom a grown-up answers for."""
    clerk = crowd.holding(Role.COORDINATOR)[0]
    parents = _some(crowd, IdentityKind.TEACHER, IdentityKind.MERCHANT)[:FAMILIES]
    for n, parent in enumerate(parents):
        year = now.year - 8 - n % 5
        people.record_guardian_of_child(
            guardian=parent,
            name=name_for(year, chance),
            birth_year=year,
            paper_number=f"监-{now:%Y}-{n + 1:03d}",
            age_seen=True,
            actor=clerk,
            now=now,
        )


def plant_helpers(crowd: Crowd, *, now: datetime) -> None:
    """A few elders whom a neighbour helps. A permission lasts a year, so it is given late enough to hold to the end."""
    elders, others = _some(crowd, IdentityKind.PENSIONER), _some(crowd, IdentityKind.COURIER, IdentityKind.STUDENT)
    helpers = [one for one in others if policies.may_help_elders(one, local_date(now))]
    for elder, helper in zip(elders[2 : 2 + HELPERS], helpers[3 : 3 + HELPERS], strict=False):
        phone = helper.account.phone if helper.account else None
        if phone:
            proxy = people.invite_helper(
                elder=elder,
                phone=phone,
                scopes=[ProxyScope.REPORT, ProxyScope.ANSWER, ProxyScope.CLAIM],
                address=f"demo:{elder.pk}",
                now=now,
            )
            people.accept_invitation(proxy_id=proxy.pk, helper=helper, now=now + timedelta(hours=1))


def _some(crowd: Crowd, *kinds: IdentityKind) -> list[Person]:
    """Residents with a phone who are one of these."""
    return [
        crowd.people[key]
        for key, soul in crowd.souls.items()
        if soul.phone and not soul.is_staff and set(soul.identities) & set(kinds)
    ]

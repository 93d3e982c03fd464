"""People, what they are, what they do, where they live."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from huipai.cli.seed.folk.cast import Soul
from huipai.cli.seed.plant.ground import Ground
from huipai.grid import commands as grid
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role


@dataclass
class Crowd:
    """Everybody by key, and the residents who may report, in order."""

    people: dict[str, Person]
    souls: dict[str, Soul]

    @property
    def residents(self) -> list[Person]:
        return [self.people[key] for key, soul in self.souls.items() if not soul.is_staff and soul.phone]

    def holding(self, role: Role) -> list[Person]:
        return [self.people[key] for key, soul in self.souls.items() if any(post.role == role for post in soul.posts)]


def plant_people(ground: Ground, souls: list[Soul]) -> Crowd:
    """Employ, register or enter everybody, over the first days, each past the privacy notice."""
    crowd = Crowd({}, {soul.key: soul for soul in souls})
    for n, soul in enumerate(souls):
        at = ground.opened_at + timedelta(hours=2, seconds=30 * n)
        crowd.people[soul.key] = _enter(soul, crowd, at)
    for soul in souls:
        _give_posts(ground, soul, crowd.people[soul.key])
    _move_in(ground, crowd)
    return crowd


def _enter(soul: Soul, crowd: Crowd, at: datetime) -> Person:
    if not soul.phone:
        clerk = crowd.holding(Role.COORDINATOR)[0]
        return people.enter_at_counter(name=soul.name, birth_year=soul.birth_year, actor=clerk, now=at)
    if soul.is_staff:
        person = people.employ(phone=soul.phone, name=soul.name, actor=None, now=at)
    else:
        person = people.register(phone=soul.phone, name=soul.name, birth_year=soul.birth_year, now=at)
    people.give_consent(person=person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=at)
    return person


def _give_posts(ground: Ground, soul: Soul, person: Person) -> None:
    for post in soul.posts:
        grid.assign(
            person=person,
            role=post.role,
            node=ground.nodes[post.node] if post.node else None,
            unit=ground.units[post.unit] if post.unit else None,
            actor=None,
            now=ground.opened_at + timedelta(hours=8),
        )


def _move_in(ground: Ground, crowd: Crowd) -> None:
    """Two or three to a household, so that neighbours, families and strangers all exist."""
    homes = ground.households[:: max(1, len(ground.households) // 150)]
    residents = [person for key, person in crowd.people.items() if not crowd.souls[key].is_staff]
    if not homes:
        return
    for n, person in enumerate(residents):
        home = homes[(n // 2) % len(homes)]
        grid.move_in(person=person, household=home, at=ground.opened_at, actor=None, now=ground.opened_at)

"""Good deeds of the last two weeks, told, verified and thanked for through the commands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from huipai.cases.commands import liking
from huipai.cases.commands.deeds import ending, publishing
from huipai.cases.commands.deeds import telling as deed_telling
from huipai.cases.deed_words import DeedReason, ThirdParty
from huipai.cases.models import GoodDeed, Shown
from huipai.cases.queries import deeds as queries
from huipai.cli.seed import scenes
from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.texts.deeds import DEEDS
from huipai.cli.seed.texts.words import Deed
from huipai.cli.seed.town.words import Place, Town
from huipai.grid import queries as grid
from huipai.kit.coordinates import Point
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.words import Channel, Role
from huipai.photos import commands as photos
from huipai.photos.rules.claims import Claims
from huipai.rulebook import queries as rulebook
from huipai.rulebook.words import Port

PUBLISHED, DECLINED, WITHDRAWN = 8, 9, 10  # up to which place in the list
# One of them has a picture: two backs under one umbrella.
WITH_A_PICTURE = 0
MOST_LIKES = 38


@dataclass
class _Telling:
    town: Town
    residents: list[Person]
    seed: int
    chance: Random

    def tell(self, number: int, deed: Deed, at: datetime) -> GoodDeed:
        """A neighbour tells of it; every third tells of their own."""
        teller = self.chance.choice(self.residents)
        place = self._place(deed)
        ids = (self._picture(teller, at),) if number == WITH_A_PICTURE else ()
        told = deed_telling.Told(
            deed_id=derived(self.seed, at, self.town.slug, "deed", number), title=deed.title, text=deed.story,
            who="" if number % 3 == 2 else f"{place.name}附近的邻居", is_own=number % 3 == 2,
            point=Point(*place.position), photo_ids=ids,
        )  # fmt: skip
        return deed_telling.tell(told=told, reporter=teller, now=at)

    def _place(self, deed: Deed) -> Place:
        found = [place for micro in self.town.micro_grids for place in micro.places if place.kind in deed.places]
        return self.chance.choice(found or [place for micro in self.town.micro_grids for place in micro.places])

    def _picture(self, by: Person, at: datetime) -> UUID:
        content = scenes.photo("umbrella", 0, done=False, at=None, taken_at=at)
        photo_id = derived(self.seed, at, self.town.slug, "deed-photo")
        file = SimpleUploadedFile("deed.jpg", content, "image/jpeg")
        photos.receive(photo_id=photo_id, uploader=by, file=file, claims=Claims(), now=at)
        photos.process(photo_id=photo_id, now=at + timedelta(minutes=1))
        return photo_id


def plant_deeds(crowd: Crowd, town: Town, *, until: datetime, seed: int) -> None:
    """Most are shown and thanked for; one was refused, one taken back, the last ones wait for their coordinator."""
    chance = Random(f"{seed}:{town.slug}:deeds")
    telling = _Telling(town, crowd.residents, seed, chance)
    for number, deed in enumerate(DEEDS):
        at = (
            until - timedelta(hours=24 * (13 - number) + 5)
            if number < WITHDRAWN
            else until - timedelta(hours=21 - number)
        )
        _live(telling.tell(number, deed, at), number, at, until, crowd, chance)


def _live(deed: GoodDeed, number: int, at: datetime, until: datetime, crowd: Crowd, chance: Random) -> None:
    coordinator_id = grid.acting_at(deed.node, Role.COORDINATOR, at)
    coordinator = Person.objects.filter(pk=coordinator_id).first() if coordinator_id else None
    later = min(at + timedelta(hours=4), until)
    if coordinator is None or number >= WITHDRAWN:
        return
    if number == PUBLISHED:
        ending.decline(
            deed_id=deed.id, actor=coordinator, reason=DeedReason.DUTY, text="已经把您的谢意转给他了。", now=later
        )  # fmt: skip
    elif number == DECLINED:
        ending.withdraw(deed_id=deed.id, actor=deed.reporter, now=later)
    else:
        _publish(deed, coordinator, later, crowd, chance)
        for person in chance.sample(crowd.residents, min(chance.randrange(3, MOST_LIKES), len(crowd.residents))):
            if Shown.objects.filter(pk=deed.id).exists():
                liking.like(thing=deed.id, actor=person, now=later)


def _publish(deed: GoodDeed, coordinator: Person, at: datetime, crowd: Crowd, chance: Random) -> None:
    parts = deed.photos.select_related("photo")
    verified = publishing.Verified(
        title=deed.title, text=deed.text, third_party=ThirdParty.CONSENTED if parts else ThirdParty.NOBODY,
        consent_channel=Channel.TELEPHONE if parts else "", doer_phone=_doer_phone(deed, crowd, chance),
        point_item=_item(deed.reported_at), seen={part.photo_id: part.photo.public_sha256 for part in parts},
    )  # fmt: skip
    doer = deed.doer or people.by_typed_phone(verified.doer_phone)
    apart = frozenset(one.deed.id for one in queries.maybe_one(deed, doer, coordinator, at))
    verified = replace(verified, apart=apart)
    publishing.publish(deed_id=deed.id, actor=coordinator, verified=verified, now=at)


def _doer_phone(deed: GoodDeed, crowd: Crowd, chance: Random) -> str:
    """Half of those who did something are found and thanked."""
    others = [person for person in crowd.residents if person.id != deed.reporter_id]
    doer = chance.choice(others)
    return str(doer.account.phone) if doer.account and chance.random() < 0.5 else ""


def _item(at: datetime) -> str:
    """The item of the ox that is made for it."""
    version = rulebook.in_force(at)
    ox = rulebook.by_port(version)[Port.OX] if version is not None else []
    items = [item for item in ox if item.is_recorded_by_itself]
    return min(items, key=lambda item: (item.points, item.code)).code if items else ""

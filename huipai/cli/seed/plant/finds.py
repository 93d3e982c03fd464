"""What workers found on their rounds of the last days and mended at once: records, with a photo before and after."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from huipai.cases.commands import own_finds
from huipai.cases.commands.own_finds import Found
from huipai.cli.seed import scenes
from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.town.words import Town
from huipai.grid import queries as grid
from huipai.kit.coordinates import Point
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos import commands as photos
from huipai.photos.rules.claims import Claims

WORDS = (
    ("litter", "两袋垃圾，扎好放进桶里了"), ("flyposting", "墙上贴的小广告，铲干净了"),
    ("bike_mess", "共享单车倒了一排，扶起来靠边放"), ("dirty_road", "井盖边上的碎玻璃，扫了"),
    ("clutter", "楼道里的纸箱，和三楼说好收走了"), ("bins", "桶盖被风吹开，盖好压住了"),
)  # fmt: skip


def plant_finds(crowd: Crowd, town: Town, *, until: datetime, seed: int) -> None:
    """One each for the first workers, where they work; the last one was entered by mistake and struck out."""
    chance = Random(f"{seed}:{town.slug}:finds")
    places = [place for micro in town.micro_grids for place in micro.places]
    last = None
    for number, (kind, text) in enumerate(WORDS):
        at = until - timedelta(hours=5 + 19 * number)
        place = chance.choice(places)
        node = grid.locate(Point(*place.position), at).node
        worker_id = grid.acting_at(node, Role.GRID_WORKER, at) if node is not None else None
        worker = next((one for one in crowd.people.values() if one.id == worker_id), None)
        if worker is None:
            continue
        before, after = (_picture(worker, kind, number, done, at, seed, town.slug) for done in (False, True))
        found = Found(
            find_id=derived(seed, at, town.slug, "find", number), case_type=kind, point=Point(*place.position),
            text=text, address=place.name, before=(before,), after=(after,), is_another=True,
        )  # fmt: skip
        last = own_finds.record(found=found, worker=worker, now=at)
    if last is not None:
        own_finds.take_back(find_id=last.id, actor=last.worker, now=until - timedelta(hours=2))


def _picture(by: Person, kind: str, number: int, done: bool, at: datetime, seed: int, slug: str) -> UUID:
    content = scenes.photo(kind, number, done=done, at=None, taken_at=at)
    photo_id = derived(seed, at, slug, "find-photo", number, done)
    file = SimpleUploadedFile("find.jpg", content, "image/jpeg")
    photos.receive(photo_id=photo_id, uploader=by, file=file, claims=Claims(), now=at)
    photos.process(photo_id=photo_id, now=at + timedelta(minutes=1))
    return photo_id

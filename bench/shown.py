"""Cases that neighbours may see, let through by the gate itself: sent in, photographed, released."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import psycopg

from bench import photos
from bench.world import World
from huipai.cases.commands.intake_statement import RECEIVE
from huipai.kit.ids import new_id, short_code

COUNT = 4_000
_RELEASE = """
UPDATE photos_photo SET released_at = now(), released_by_id = uploader_id
WHERE street_id = %(street)s AND released_at IS NULL AND id = ANY(%(ids)s::uuid[])
"""


def make(world: World, count: int = COUNT) -> None:
    """So many public cases all over the street; what is there already stays."""
    with psycopg.connect(world.database_url) as connection:
        there = connection.execute(
            "SELECT count(*) FROM cases_shown WHERE street_id = %s", [world.street_id]
        ).fetchone()  # fmt: skip
    done = there[0] if there else 0
    if done >= count:
        return
    reporter = world.ground.residents[0].id
    photos.make(world.database_url, world.street_id, [reporter], first=photos.SHOWN + done, count=count - done)
    with psycopg.connect(world.database_url) as connection:
        connection.cursor().executemany(RECEIVE, list(_cases(world, done, count)))
        ids = [photos.photo_id(photos.SHOWN + number) for number in range(done, count)]
        connection.execute(_RELEASE, {"street": world.street_id, "ids": ids})


def _cases(world: World, first: int, end: int) -> Iterator[dict[str, object]]:
    ground, chance = world.ground, Random(f"shown:{first}")
    for number in range(first, end):
        place = chance.choice(ground.busy_places)
        at = world.now - timedelta(minutes=number)
        yield {
            "street": world.street_id, "report": new_id(), "case": new_id(), "step": new_id(), "entry": new_id(),
            "code": short_code(), "type": ground.case_type.id, "edition": 1, "node": chance.choice(ground.busy_nodes),
            "placed": "inside", "lng": place.lng + chance.uniform(-0.001, 0.001),
            "lat": place.lat + chance.uniform(-0.001, 0.001), "address": "柳溪路 18 号", "text": "三辆车",
            "public": True, "worker": ground.receiver.id, "reporter": ground.residents[0].id,
            "uploader": ground.residents[0].id, "now": at,
            "due": at + timedelta(hours=8), "due_year": None, "crs": "wgs84", "source": "device", "hidden": True,
            "hash": "a" * 64, "photos": [photos.photo_id(photos.SHOWN + number)], "photo_rows": [new_id()],
            # Counted like everybody's, and never held back.
            "allowance": new_id(), "day": world.now.date(), "hour": 0, "an_hour": 0, "a_day": 0, "at_a_place": 0,
            "another": False, "aside": 0.0, "up": 0.0,
        }  # fmt: skip

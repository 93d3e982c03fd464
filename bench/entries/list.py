"""A worker's list of 50: the page, against the very same statement run by pgbench."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg

from bench import http, photos
from bench.words import CLIENTS, Endpoint
from bench.world import World
from huipai.cases.commands.intake_statement import RECEIVE
from huipai.cases.today_statement import TODAY
from huipai.kit.ids import new_id, short_code

A_WORKER = 60


class List(Endpoint):
    name = "list"

    def prepare(self, world: World) -> None:
        ground = world.ground
        photos.make(
            world.database_url, world.street_id, [ground.residents[0].id], first=photos.LIST, count=CLIENTS * A_WORKER
        )
        with psycopg.connect(world.database_url) as connection:
            connection.cursor().executemany(RECEIVE, list(cases(world, photos.LIST)))
        self._requests = [
            http.get(world.host, f"/s/{world.slug}/today/", cookies=world.cookies(worker.account_id))
            for worker in ground.workers
        ]
        workers = ",".join(str(worker.id) for worker in ground.workers)
        values = {
            "street": f"'{world.street_id}'::uuid", "person": f"('{{{workers}}}'::uuid[])[:client_id::int + 1]",
            "role": "'grid_worker'", "at": f"'{world.now.isoformat()}'::timestamptz",
            "start": "0", "until": "51", "size": "51",
        }  # fmt: skip
        type(self).script = TODAY % values + ";\n"

    def requests(self, client: int) -> Iterator[bytes]:
        while True:
            yield self._requests[client]


def cases(world: World, first_photo: int) -> Iterator[dict[str, object]]:
    """Sixty cases in the hands of each worker, one after another due."""
    ground = world.ground
    for number in range(CLIENTS * A_WORKER):
        client, place = number % CLIENTS, ground.middles[number % len(ground.middles)]
        at = world.now - timedelta(minutes=number)
        yield {
            "street": world.street_id, "report": new_id(), "case": new_id(), "step": new_id(), "entry": new_id(),
            "code": short_code(), "type": ground.case_type.id, "edition": 1,
            "node": ground.own_nodes[client], "placed": "inside",
            "lng": place.lng, "lat": place.lat, "address": "柳溪路 18 号", "text": "三辆车", "public": True,
            "worker": ground.workers[client].id, "reporter": ground.residents[0].id,
            "uploader": ground.residents[0].id, "now": at,
            "due": at + timedelta(hours=8), "due_year": None, "crs": "wgs84", "source": "device", "hidden": True,
            "hash": "a" * 64, "photos": [photos.photo_id(first_photo + number)], "photo_rows": [new_id()],
            # Counted like everybody's, and never held back.
            "allowance": new_id(), "day": world.now.date(), "hour": 0, "an_hour": 0, "a_day": 0, "at_a_place": 0,
            "another": False, "aside": 0.0, "up": 0.0,
        }  # fmt: skip


ENTRY = List()

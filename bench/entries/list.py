"""A worker's list of 50: the page, against a statement that fetches the same cases and their first photos."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg

from bench import http, photos
from bench.words import CLIENTS, Endpoint
from bench.world import World
from huipai.cases.commands.intake_statement import RECEIVE
from huipai.cases.models.case import IN_HAND
from huipai.kit.ids import new_id, short_code

A_WORKER = 60
FIRST_PHOTO = 1_000_000

_SCRIPT = """
SELECT c.*, t.name, t.icon, n.name, p.*, f.*
FROM (SELECT * FROM cases_case
      WHERE street_id = '{street}' AND worker_id = ('{{{workers}}}'::uuid[])[:client_id::int + 1]
        AND state IN ({states})
      ORDER BY due_at ASC NULLS LAST, id LIMIT 50) AS c
JOIN cases_casetype AS t ON t.street_id = c.street_id AND t.id = c.case_type_id
JOIN grid_gridnode AS n ON n.street_id = c.street_id AND n.id = c.node_id
JOIN cases_casephoto AS p ON p.street_id = c.street_id AND p.case_id = c.id
JOIN photos_photo AS f ON f.street_id = p.street_id AND f.id = p.photo_id;
"""


class List(Endpoint):
    name = "list"

    def prepare(self, world: World) -> None:
        ground = world.ground
        photos.make(
            world.database_url, world.street_id, [ground.residents[0].id], first=FIRST_PHOTO, count=CLIENTS * A_WORKER
        )
        with psycopg.connect(world.database_url) as connection:
            connection.cursor().executemany(RECEIVE, list(_cases(world)))
        self._requests = [
            http.get(world.host, f"/s/{world.slug}/today/", cookies=world.cookies(worker.account_id))
            for worker in ground.workers
        ]
        type(self).script = _SCRIPT.format(
            street=world.street_id,
            workers=",".join(str(worker.id) for worker in ground.workers),
            states=",".join(f"'{state.value}'" for state in IN_HAND),
        )

    def requests(self, client: int) -> Iterator[bytes]:
        while True:
            yield self._requests[client]


def _cases(world: World) -> Iterator[dict[str, object]]:
    """Sixty cases in the hands of each worker, one after another due."""
    ground = world.ground
    for number in range(CLIENTS * A_WORKER):
        client, place = number % CLIENTS, ground.middles[number % len(ground.middles)]
        at = world.now - timedelta(minutes=number)
        yield {
            "street": world.street_id, "report": new_id(), "case": new_id(), "step": new_id(), "entry": new_id(),
            "code": short_code(), "type": ground.case_type.id, "node": ground.own_nodes[client], "placed": "inside",
            "lng": place.lng, "lat": place.lat, "address": "柳溪路 18 号", "text": "三辆车", "public": True,
            "worker": ground.workers[client].id, "reporter": ground.residents[0].id, "now": at,
            "due": at + timedelta(hours=8), "due_year": None, "crs": "wgs84", "source": "device", "hidden": True,
            "hash": "a" * 64, "photos": [photos.photo_id(FIRST_PHOTO + number)], "photo_rows": [new_id()],
        }  # fmt: skip


ENTRY = List()

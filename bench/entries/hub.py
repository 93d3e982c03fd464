"""The desk's queue of 50, with the first case beside it; against the very same statement run by pgbench."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from bench import http, photos
from bench.entries.list import A_WORKER, cases
from bench.words import CLIENTS, Endpoint
from bench.world import World
from huipai.cases.commands.intake_statement import RECEIVE
from huipai.cases.hub_statement import QUEUE
from huipai.cases.queries.hub import OPEN


class Hub(Endpoint):
    name = "hub"

    def prepare(self, world: World) -> None:
        ground = world.ground
        photos.make(
            world.database_url, world.street_id, [ground.residents[0].id], first=photos.HUB, count=CLIENTS * A_WORKER
        )
        with psycopg.connect(world.database_url) as connection:
            connection.cursor().executemany(RECEIVE, list(cases(world, photos.HUB)))
        cookies = world.cookies(ground.dispatcher.account_id)
        self._request = http.get(world.host, f"/s/{world.slug}/desk/?view=all", cookies=cookies)
        states = ",".join(f"'{state.value}'" for state in OPEN)
        values = {
            "street": f"'{world.street_id}'::uuid", "states": f"ARRAY[{states}]", "areas": "NULL", "due_after": "NULL",
            "due_until": "NULL", "free": "false", "watched": "false", "unread": "false", "guessed": "false",
            "holding": "NULL", "late": "false",
            "words": "''", "type": "NULL", "unit": "NULL", "now": "now()", "size": "51", "start": "0",
        }  # fmt: skip
        type(self).script = QUEUE % values + ";\n"

    def requests(self, client: int) -> Iterator[bytes]:
        while True:
            yield self._request


ENTRY = Hub()

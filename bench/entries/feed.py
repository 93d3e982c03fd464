"""The list of what is public, twenty large cards, nobody signed in; against the very same statement run by pgbench."""

from __future__ import annotations

from collections.abc import Iterator

from bench import http, shown
from bench.words import Endpoint
from bench.world import World
from huipai.cases.queries.shown import feed_statement


class Feed(Endpoint):
    name = "feed"

    def prepare(self, world: World) -> None:
        shown.make(world)
        self._request = http.get(world.host, f"/s/{world.slug}/nearby/")
        values = {"street": f"'{world.street_id}'::uuid", "size": "21", "start": "0"}
        type(self).script = feed_statement(("current",)) % values + ";\n"

    def requests(self, client: int) -> Iterator[bytes]:
        while True:
            yield self._request


ENTRY = Feed()

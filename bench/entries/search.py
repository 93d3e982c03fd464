"""A search by words that many cases hold: the page of the hub, against the very same statement run by pgbench."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bench import http, shown
from bench.words import Endpoint
from bench.world import World
from huipai.cases.queries.searching import MOST
from huipai.cases.search_statement import RECENT

WORDS = "柳溪路"


class Search(Endpoint):
    name = "search"

    def prepare(self, world: World) -> None:
        shown.make(world)
        cookies = world.cookies(world.ground.dispatcher.account_id)
        self._request = http.get(world.host, f"/s/{world.slug}/search/?q={quote(WORDS)}", cookies=cookies)
        values = {
            "street": f"'{world.street_id}'::uuid", "areas": "NULL", "person": f"'{world.ground.dispatcher.id}'::uuid",
            "words": f"ARRAY['{WORDS}']", "size": str(MOST + 1),
        }  # fmt: skip
        type(self).script = RECENT % values + ";\n"

    def requests(self, client: int) -> Iterator[bytes]:
        while True:
            yield self._request


ENTRY = Search()

"""The least that any page of ours costs: a street looked up, a template rendered, nobody signed in."""

from collections.abc import Iterator

from bench import http
from bench.words import Endpoint
from bench.world import World


class Page(Endpoint):
    name = "page"
    script = "SELECT * FROM streets_street WHERE slug = 'bench-one';\n"

    def prepare(self, world: World) -> None:
        self._request = http.get(world.host, f"/s/{world.slug}/complaint/")

    def requests(self, client: int) -> Iterator[bytes]:
        while True:
            yield self._request


ENTRY = Page()

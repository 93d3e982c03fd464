"""What a screen of the map asks for: the street in heaps; against the very same statement run by pgbench."""

from __future__ import annotations

from collections.abc import Iterator

from bench import http, shown
from bench.words import Endpoint
from bench.world import World
from huipai.cases.queries.shown import map_statement
from huipai.cases.rules.tiles import View, squares

# A wide screen over the middle of the street.
ZOOM = 14.0
ASIDE, UP = 0.031, 0.0155


class Map(Endpoint):
    name = "map"

    def prepare(self, world: World) -> None:
        shown.make(world)
        middle = world.ground.busy_places[len(world.ground.busy_places) // 2]
        view = View(middle.lng - ASIDE, middle.lat - UP, middle.lng + ASIDE, middle.lat + UP, ZOOM)
        box = ",".join(f"{edge:.5f}" for edge in (view.west, view.south, view.east, view.north))
        self._request = http.get(world.host, f"/s/{world.slug}/nearby/heaps/?bbox={box}&zoom={ZOOM}")
        cells = squares(view)
        values = {
            "street": f"'{world.street_id}'::uuid",
            "lows": f"'{{{','.join(str(cell.low) for cell in cells)}}}'",
            "highs": f"'{{{','.join(str(cell.high) for cell in cells)}}}'",
        }
        type(self).script = map_statement(("current",)) % values + ";\n"

    def requests(self, client: int) -> Iterator[bytes]:
        while True:
            yield self._request


ENTRY = Map()

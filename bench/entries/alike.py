"""What is asked before a report goes: open public cases right here; against the very same statement run by pgbench."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from bench import http, shown
from bench.words import Endpoint
from bench.world import CSRF, World
from huipai.cases.alike_statement import ALIKE
from huipai.kit.coordinates import metres_per_degree


class Alike(Endpoint):
    name = "alike"
    # 204: nothing there to ask about.
    expected = frozenset({200, 204})

    def prepare(self, world: World) -> None:
        shown.make(world)
        self._world, places = world, world.ground.busy_places
        self._cookies = [world.cookies(person.account_id) for person in world.ground.residents]
        east, north = metres_per_degree(places[0].lat)
        lngs, lats = (",".join(str(value) for value in values) for values in zip(*places_of(world), strict=True))
        values = {
            "street": f"'{world.street_id}'::uuid", "type": "'parking'", "east": str(east), "north": str(north),
            "lng": f"('{{{lngs}}}'::float8[])[:place::int]", "lat": f"('{{{lats}}}'::float8[])[:place::int]",
        }  # fmt: skip
        type(self).script = f"\\set place random(1, {len(places)})\n" + ALIKE % values + ";\n"

    def requests(self, client: int) -> Iterator[bytes]:
        world, places = self._world, self._world.ground.busy_places
        for number in count(client):
            place = places[number % len(places)]
            asked = {
                "csrfmiddlewaretoken": CSRF, "case_type": "parking", "lng": str(place.lng), "lat": str(place.lat),
            }  # fmt: skip
            cookies = self._cookies[client % len(self._cookies)]
            yield http.post_form(world.host, f"/s/{world.slug}/report/alike/", asked, cookies=cookies)


def places_of(world: World) -> list[tuple[float, float]]:
    return [(place.lng, place.lat) for place in world.ground.busy_places]


ENTRY = Alike()

"""A resident's report: the form's POST, against the very same statement run by pgbench."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from bench import http, photos
from bench.words import CLIENTS, Endpoint
from bench.world import CSRF, World
from huipai.cases.commands.intake_statement import RECEIVE
from huipai.kit.ids import new_id

# Photos that each side may use up; at the usual pace 8,000 a second raw, and nine rounds.
OURS, RAW = 80_000, 320_000
A_SLICE = 32_000

_NUMBERS = f"""\\set i :i + 1
\\set n :first + :i * {CLIENTS} + :client_id
\\set place random(1, :places)
"""


def _id(prefix: str) -> str:
    """An id that grows with the number, as ours do with time."""
    return f"('0{prefix}000000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid"


class Intake(Endpoint):
    name = "intake"
    writes = "cases_report"
    expected = frozenset({302})

    def prepare(self, world: World) -> None:
        self._world, ground = world, world.ground
        uploaders = [person.id for person in ground.residents]
        photos.make(world.database_url, world.street_id, uploaders, first=photos.INTAKE, count=OURS + RAW)
        self._cookies = [world.cookies(person.account_id) for person in ground.residents]
        self._firsts = count(OURS, A_SLICE)
        nodes, people = (",".join(map(str, ids)) for ids in (ground.busy_nodes, uploaders))
        reporter = f"('{{{people}}}'::uuid[])[:client_id::int + 1]"
        values = {
            "street": f"'{world.street_id}'::uuid", "type": f"'{ground.case_type.id}'::uuid", "edition": "1",
            "reporter": reporter, "uploader": reporter,
            "node": f"('{{{nodes}}}'::uuid[])[:place::int]", "worker": f"'{ground.receiver.id}'",
            "report": _id("1"), "case": _id("2"), "step": _id("3"), "entry": _id("4"),
            "code": "'B' || lpad(to_hex(:n::bigint), 9, '0')", "placed": "'inside'", "lng": "120.73", "lat": "31.28",
            "address": "'柳溪路 18 号'", "text": "'三辆车停在消防通道上'", "public": "true", "now": "now()",
            "due": "(now() + interval '8 hours')", "due_year": "NULL", "crs": "'wgs84'", "source": "'device'",
            "hidden": "true", "hash": "repeat('a', 64)",
            "photos": "ARRAY[('00000000-0000-7000-8f00-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid]",
            "photo_rows": f"ARRAY[{_id('5')}]",
            # Counted like everybody's, and never held back.
            "allowance": _id("6"), "day": "current_date", "hour": "0::smallint", "an_hour": "0", "a_day": "0",
            "at_a_place": "0", "another": "false", "aside": "0", "up": "0",
        }  # fmt: skip
        type(self).script = _NUMBERS + RECEIVE % values + ";\n"

    def variables(self) -> Mapping[str, object]:
        return {"i": 0, "first": next(self._firsts), "places": len(self._world.ground.busy_nodes)}

    def requests(self, client: int) -> Iterator[bytes]:
        world, places = self._world, self._world.ground.busy_places
        for number in range(client, OURS, CLIENTS):
            place = places[number % len(places)]
            form = {
                "csrfmiddlewaretoken": CSRF, "report_id": str(new_id()), "case_type": "parking",
                "text": "三辆车停在消防通道上", "address": "柳溪路 18 号", "lng": str(place.lng), "lat": str(place.lat),
                "crs": "wgs84", "position_source": "device", "photo_id": str(photos.photo_id(number)),
            }  # fmt: skip
            yield http.post_form(world.host, f"/s/{world.slug}/report/", form, cookies=self._cookies[client])


ENTRY = Intake()

"""A claim of points with a photo: the form's POST, against the very same statement run by pgbench."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

from bench import http, photos
from bench.ledger import ground
from bench.words import CLIENTS, Endpoint
from bench.world import CSRF, World
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose
from huipai.points.commands.claims.statement import RECEIVE
from huipai.points.words import CLAIMS_A_DAY

# Nobody claims more than twenty times a day, so many people claim. Photos that each side may use up; at the usual
# pace 8,000 a second raw, and nine rounds.
PEOPLE = 50 * CLIENTS
OURS, RAW = PEOPLE * CLAIMS_A_DAY, 320_000
A_SLICE = 32_000

_NUMBERS = f"""\\set i :i + 1
\\set n :first + :i * {CLIENTS} + :client_id
\\set who :n % {PEOPLE} + 1
"""


def _id(prefix: str) -> str:
    """An id that grows with the number, as ours do with time."""
    return f"('0{prefix}000000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid"


class Claim(Endpoint):
    name = "claim"
    writes = "points_claim"
    expected = frozenset({302})

    def prepare(self, world: World) -> None:
        item = ground(world).claimed
        claimants = [_person(f"136{number:08}", world) for number in range(PEOPLE)]
        # The other side claims for people of its own: nobody's day may be used up by it.
        others = [_person(f"137{number:08}", world) for number in range(PEOPLE)]
        self._world = world
        ids = [person.id for person in others]
        photos.make(
            world.database_url, world.street_id, [person.id for person in claimants], first=photos.CLAIM, count=OURS
        )
        photos.make(world.database_url, world.street_id, ids, first=photos.CLAIM + OURS, count=RAW)
        self._cookies = [world.cookies(person.account_id) for person in claimants]
        self._firsts = count(photos.CLAIM + OURS, A_SLICE)
        claimant = f"('{{{','.join(map(str, ids))}}}'::uuid[])[:who::int]"
        values = {
            "street": f"'{world.street_id}'::uuid", "claimant": claimant, "sender": claimant, "entered_by": "NULL",
            "item": f"'{item.id}'::uuid", "code": "'ox-01'", "source": "'self'", "part": "'claimant'",
            "fact": "'claim.submitted'", "note": "'给三楼的老人买了菜'", "measured": "NULL", "hash": "repeat('a', 64)",
            "date": "current_date", "subject": "'told:' || :n", "now": "now()", "most": "1000000000",
            "claim": _id("6"), "step": _id("7"), "entry": _id("8"), "scan": _id("9"), "photo_kinds": "ARRAY['photo']",
            "station": "NULL", "shown_at": "NULL",
            "photos": "ARRAY[('00000000-0000-7000-8f00-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid]",
            "photo_rows": f"ARRAY[{_id('5')}]",
            "told": f"""'{{"claimant": "{ids[0]}", "measured": null, "shown": [["photo", "{ids[0]}", null]]}}'""",
            "jobs": """'[{"queue": "points", "task": "points.check_claim", "args": {"street": "", "entry": ""}}]'""",
        }  # fmt: skip
        type(self).script = _NUMBERS + RECEIVE % values + ";\n"

    def variables(self) -> Mapping[str, object]:
        return {"i": 0, "first": next(self._firsts)}

    def requests(self, client: int) -> Iterator[bytes]:
        world = self._world
        for number in range(photos.CLAIM + client, photos.CLAIM + OURS, CLIENTS):
            form = {
                "csrfmiddlewaretoken": CSRF, "claim_id": str(new_id()), "note": "给三楼的老人买了菜",
                "photo_id": str(photos.photo_id(number)),
            }  # fmt: skip
            cookies = self._cookies[number % PEOPLE]
            yield http.post_form(world.host, f"/s/{world.slug}/points/items/ox-01/claim/", form, cookies=cookies)


def _person(phone: str, world: World) -> Person:
    person = people.register(phone=phone, name="测", now=world.now)
    people.give_consent(person=person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=world.now)
    return person


ENTRY = Claim()

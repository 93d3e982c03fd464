"""One street after a month and after eight years: the same work in hand, an archive of any size behind it.

A street of a hundred thousand people takes in some 330 cases a day, whatever lies in its archive. So a larger archive
reaches further back, and does not make more work: at every size `OPEN` cases are in hand, spread over workers, units
and checkers as the states say, a month of what ended is on the neighbours' map, a week of it on the wall. Everything
lies in the real tables of a copy of the world, with their keys and triggers in force again once it is filled.
"""

from __future__ import annotations

from random import Random
from typing import ClassVar

from django.db import connection, connections

from bench import database
from bench.words import Growing, Growth
from bench.world import World
from huipai.cases.models import CaseType
from huipai.grid.models import Assignment, GridNode
from huipai.grid.words import Level
from huipai.people.words import Role

A_DAY, OPEN, TYPES = 330, 1_500, 40
# Every third of the latest is open: some a day old, some two weeks.
_EVERY = 3
_STEP = 25_000
# Photos that nobody has used yet, for what comes in while it is measured.
FIRST_FREE, FREE = 500_000_000, 40_000
_ID = "(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '-7{part}-8000-' || lpad(to_hex(n), 12, '0'))"

_MADE = f"""
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT n, at, {_ID.format(part="001")}::uuid AS id, {_ID.format(part="002")}::uuid AS report,
       {_ID.format(part="003")}::uuid AS photo, 'S' || n AS code,
       (%(types)s::uuid[])[n %% %(kinds)s + 1] AS type, (%(nodes)s::uuid[])[p] AS node,
       (%(workers)s::uuid[])[p] AS worker, (%(lngs)s::float8[])[p] + (n %% 37 - 18) * 0.00004 AS lng,
       (%(lats)s::float8[])[p] + (n %% 41 - 20) * 0.00003 AS lat,
       (%(residents)s::uuid[])[n %% %(people)s + 1] AS reporter, n %% 10 < 7 AS is_public,
       CASE WHEN rank >= %(open)s * {_EVERY} OR rank %% {_EVERY} > 0
            THEN CASE WHEN n %% 12 = 0 THEN 'declined' ELSE 'closed' END
            ELSE (ARRAY['reported', 'reported', 'accepted', 'accepted', 'dispatched', 'in_progress', 'in_progress',
                        'checking', 'confirming', 'confirming'])[n / {_EVERY} %% 10 + 1] END AS state
FROM (SELECT n, %(size)s - n AS rank, (n::bigint * 7919 %% %(places)s)::int + 1 AS p,
             %(now)s - (%(size)s - n) * interval '1 day' / {A_DAY} AS at
      FROM generate_series(%(first)s, %(last)s) AS n) AS numbered
"""
_FILL = """
INSERT INTO photos_photo (id, street_id, uploader_id, received_at, state, sha256, kind, size, width, height,
                          opening_cost, claim_source, original_key, public_key, thumb_key, tiny_key, public_sha256,
                          developed_at, released_at, released_by_id)
SELECT photo, %(street)s, reporter, at, 'ready', repeat('a', 64), 'jpeg', 240000, 1600, 1200, 9000000, 'none',
       'o/' || n, 'p/' || n, 't/' || n, 'y/' || n, repeat('b', 64), at, CASE WHEN is_public THEN at END,
       CASE WHEN is_public THEN worker END FROM made;
INSERT INTO cases_report (id, street_id, case_id, reporter_id, kind, state, case_type_id, text, address, lng, lat,
                          source_crs, position_source, is_name_hidden, content_hash, received_at)
SELECT report, %(street)s, id, reporter, 'problem', 'received', type, '三辆车停在消防通道上，轮椅过不去',
       '柳溪路 ' || n %% 300 || ' 号', lng, lat, 'wgs84', 'device', true, repeat('a', 64), at FROM made;
INSERT INTO cases_case (id, street_id, code, kind, case_type_id, edition, state, node_id, placed, lng, lat, address,
                        is_public, worker_id, reporter_id, reported_at, clock_started_at, due_at, ended_at,
                        responded_at, outcome, round, number)
SELECT id, %(street)s, code, 'problem', type, 1, state, node, 'inside', lng, lat, '柳溪路 ' || n %% 300 || ' 号',
       is_public, CASE WHEN n %% 10 > 0 THEN worker END, reporter, at, at, at + interval '3 days',
       CASE WHEN state IN ('closed', 'declined') THEN least(at + interval '2 days', %(now)s) END,
       CASE WHEN state IN ('closed', 'checking', 'confirming') THEN at + interval '1 day' END,
       CASE state WHEN 'closed' THEN (ARRAY['confirmed', 'no_answer'])[n %% 2 + 1] WHEN 'declined' THEN 'declined'
                  ELSE '' END, 1, n FROM made;
INSERT INTO cases_casephoto (id, street_id, case_id, photo_id, report_id, moment, round, position)
SELECT photo, %(street)s, id, photo, report, 'before', 1, 1 FROM made;
INSERT INTO cases_transition (id, street_id, case_id, position, action, from_state, to_state, part, actor_id, reason,
                              clock, happened_at)
SELECT overlay(id::text placing to_hex(4096 + 16 * step) from 15 for 4)::uuid, %(street)s, id, step, action, '',
       'closed', 'reporter', reporter, '', '', at + step * interval '1 hour'
FROM made, (VALUES (1, 'report'), (2, 'accept'), (3, 'respond'), (4, 'pass')) AS steps(step, action);
INSERT INTO cases_searchable (id, street_id, text, grams, reported_at)
SELECT id, %(street)s, said, cases_grams(said) || cases_month_gram(%(street)s, at), at
FROM (SELECT id, at, concat('s', n, ' 车辆乱停 柳溪路 ', n %% 300, ' 号 三辆车停在消防通道上，轮椅过不去') AS said
      FROM made) AS one;
INSERT INTO journal_entry (id, street_id, what, subject, actor_id, happened_at, facts)
SELECT overlay(id::text placing to_hex(4096 + 16 * step) from 15 for 4)::uuid, %(street)s, what, 'case:' || id,
       reporter, at + step * interval '1 hour', '{}'
FROM made,
     (VALUES (1, 'case.reported'), (2, 'case.accepted'), (3, 'case.responded'), (4, 'case.closed')) AS s(step, what);
INSERT INTO cases_shown (id, street_id, kind, code, case_type_id, node_id, title, state, lng, lat, quadkey, cover_id,
                         happened_at, ended_at, is_current)
SELECT id, %(street)s, 'problem', code, type, node, '', state, lng, lat, cases_quadkey(lng, lat), photo, at,
       CASE WHEN state = 'closed' THEN least(at + interval '2 days', %(now)s) END,
       state <> 'closed' OR at > %(now)s - interval '28 days'
FROM made WHERE is_public AND state <> 'declined';
INSERT INTO cases_shownphoto (id, street_id, shown_id, photo_id, moment, round, position)
SELECT photo, %(street)s, id, photo, 'before', 1, 1 FROM made WHERE is_public AND state <> 'declined';
"""
_FREE = """
INSERT INTO photos_photo (id, street_id, uploader_id, received_at, state, sha256, kind, size, width, height,
                          opening_cost, claim_source, original_key, public_key, thumb_key, tiny_key, public_sha256,
                          developed_at)
SELECT ('00000000-0000-7000-8f00-' || lpad(to_hex(n), 12, '0'))::uuid, %(street)s, (%(residents)s::uuid[])[1],
       %(now)s, 'ready', repeat('a', 64), 'jpeg', 240000, 1600, 1200, 9000000, 'none', 'o/' || n, 'p/' || n, 't/' || n,
       'y/' || n, repeat('b', 64), %(now)s
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""


class Archive(Growing):
    """A read, or a report coming in, with two archives behind it."""

    measure: ClassVar[type[Growth]] = Growth
    times: ClassVar[int] = 600
    world: World
    chance: Random
    _filled: ClassVar[set[int]] = set()

    def fill(self, world: World, size: int) -> None:
        self.world, self.chance = world, Random(1)
        name = f"{database.BLANK}_{size}"
        if size not in self._filled:
            database.copied(world.database_url, name)
            _moved_to(name)
            _lay(world, size)
            self._filled.add(size)
        _moved_to(name)
        self.prepare()

    def prepare(self) -> None:
        """Once in each of them, before it is measured."""

    def types(self) -> list[str]:
        return list(CaseType.objects.order_by("code").values_list("code", flat=True))

    def clear(self) -> None:
        _moved_to(database.NAME)


def _moved_to(name: str) -> None:
    """From here on Django speaks with this copy of the world."""
    connection.close()
    connections["default"].settings_dict["NAME"] = name


def _lay(world: World, size: int) -> None:
    values = _values(world, size)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET statement_timeout = 0")
    for first in range(1, size + 1, _STEP):
        _run({**values, "first": first, "last": min(first + _STEP - 1, size)})
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {**values, "first": FIRST_FREE, "last": FIRST_FREE + FREE - 1})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _run(values: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(_MADE, values)
        cursor.execute(_FILL, values)
        cursor.execute("COMMIT")


def _values(world: World, size: int) -> dict[str, object]:
    """Every micro-grid with a middle and a worker; more kinds of cases than the one of the ground."""
    CaseType.objects.bulk_create(
        CaseType(code=f"kind_{number:02}", name=f"第 {number} 类", limit_amount=8, limit_unit="urgent_hours")
        for number in range(1, TYPES)
    )
    held = {one.node_id: one.person_id for one in Assignment.objects.filter(role=Role.GRID_WORKER)}
    grids = sorted((node for node in GridNode.objects.filter(id__in=held)), key=lambda node: node.path)
    places = [
        (node.id, held[grid.id], _middle(node))
        for grid in grids
        for node in GridNode.objects.filter(level=Level.MICRO_GRID, path__startswith=grid.path).order_by("path")
    ]
    nodes, workers, middles = zip(*places, strict=True)
    types = list(CaseType.objects.values_list("id", flat=True))
    return {
        "street": world.street_id, "now": world.now, "size": size, "open": OPEN, "types": types, "kinds": len(types),
        "nodes": list(nodes), "workers": list(workers), "places": len(nodes),
        "lngs": [lng for lng, _lat in middles], "lats": [lat for _lng, lat in middles],
        "residents": [person.id for person in world.ground.residents], "people": len(world.ground.residents),
    }  # fmt: skip


def _middle(node: GridNode) -> tuple[float, float]:
    [ring] = node.boundary["coordinates"]  # type: ignore[index]
    return sum(spot[0] for spot in ring) / len(ring), sum(spot[1] for spot in ring) / len(ring)

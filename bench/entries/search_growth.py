"""A search by words of every rarity, as the archive fills: `scale:search`, at 10^4 and at most 10^6 cases.

Cases of three years in tables of the same shape beside the real ones, with texts put together by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from django.db import connection

from bench.words import Growing, Tail
from bench.world import World
from huipai.cases.queries import searching
from huipai.people.models import Person

LARGEST = 1_000_000
_TABLES = ("cases_case", "cases_report", "cases_check", "cases_searchable")
# In the text of about: every case, one in 8, one in 40, one in 2,000, one in 100,000.
_TYPED = ("车辆乱停", "消防通道", "轮椅过不去", "第{}号楼后面", "钥匙{}")
_STEP = 20_000
_CASES = """
INSERT INTO searched.cases_case (id, street_id, code, kind, case_type_id, state, node_id, placed, lng, lat, address,
                                 is_public, returns, reporter_id, reported_at, clock_started_at, outcome, round)
SELECT ('0190' || lpad(to_hex(n), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(street)s,
       'S' || n, 'problem', %(type)s, 'reported', %(node)s, 'inside', 120.7, 31.3, '柳溪路 ' || n %% 300 || ' 号', true,
       0, %(reporter)s, %(now)s - (%(largest)s - n) * %(apart)s, %(now)s, '', 1
FROM generate_series(%(first)s, %(last)s) AS n;
INSERT INTO searched.cases_searchable (id, street_id, text, grams, reported_at)
SELECT one.id, one.street_id, said.words,
       cases_grams(said.words) || cases_month_gram(one.street_id, one.reported_at), one.reported_at
FROM searched.cases_case AS one, LATERAL (SELECT substr(one.code, 2)::bigint AS n) AS numbered,
LATERAL (SELECT concat_ws(' ', lower(one.code), '车辆乱停', one.address,
    (ARRAY['消防通道', '东门口', '西门口', '地下车库', '菜场边', '学校门口', '公交站台', '桥洞下'])[n %% 8 + 1],
    CASE WHEN n %% 40 = 0 THEN '轮椅过不去' ELSE '三辆车挡路' END, '第' || n %% 2000 || '号楼后面',
    CASE WHEN n %% 1000 = 0 THEN '钥匙' || n %% 100000 END) AS words) AS said
WHERE n BETWEEN %(first)s AND %(last)s AND one.code = 'S' || n;
"""


class SearchGrowth(Growing):
    name = "search"
    measure = Tail
    _count = 0

    def fill(self, world: World, size: int) -> None:
        self._person: Person = world.ground.dispatcher
        size = min(size, LARGEST)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            if not self._count:
                cursor.execute("DROP SCHEMA IF EXISTS searched CASCADE; CREATE SCHEMA searched")
                for table in _TABLES:
                    cursor.execute(f"CREATE TABLE searched.{table} (LIKE public.{table} INCLUDING ALL)")
            else:
                # The smaller archive makes way: each size fills the same three years.
                cursor.execute("TRUNCATE searched.cases_case, searched.cases_searchable")
            self._fill(cursor, world, size)
            for table in _TABLES:
                cursor.execute(f"VACUUM ANALYZE searched.{table}")
            cursor.execute("SET search_path TO searched, public")
        self._count = size

    def _fill(self, cursor: object, world: World, size: int) -> None:
        for first in range(1, size + 1, _STEP):
            values = {
                "street": world.street_id, "type": world.ground.case_type.id, "node": world.ground.own_nodes[0],
                "reporter": world.ground.residents[0].id, "now": world.now, "largest": size,
                "apart": (world.now - datetime(world.now.year - 3, world.now.month, 1, tzinfo=UTC)) / size,
                "first": first, "last": min(first + _STEP - 1, size),
            }  # fmt: skip
            cursor.execute(_CASES, values)  # type: ignore[attr-defined]

    def read(self) -> Callable[[], object]:
        chance, now = Random(1), datetime.now(UTC)

        def look() -> object:
            typed = chance.choice(_TYPED).format(chance.randrange(2000))
            return searching.search(self._person, typed, now)

        return look

    def clear(self) -> None:
        self._count = 0
        with connection.cursor() as cursor:
            cursor.execute("SET search_path TO public; DROP SCHEMA searched CASCADE; RESET statement_timeout")


ENTRY = SearchGrowth()

"""A ledger of any size in tables of the same shape, beside the real ones: the read finds them first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from bench.ledger import ground
from bench.words import Growing, Tail
from bench.world import World

# So many postings has everybody; the ledger grows by people, as a street does.
EACH, OPEN_LOTS = 100, 5

_TABLES = ("points_account", "points_posting", "points_lot")
_HOLDERS = """
INSERT INTO {schema}.points_account (id, street_id, person_id, purse, balance, held)
SELECT md5('a' || n)::uuid, %(street)s, md5('p' || n)::uuid, 'spendable', {lots} * 5, 0
FROM generate_series(1, %(people)s) AS n
"""
# One deed of everybody, the oldest first: what somebody has lies as far apart on the disk as it does after years, and
# ids grow with time.
_DEEDS = """
INSERT INTO {schema}.points_posting (id, street_id, kind, person_id, item_id, item_code, subject, points, received_at,
                                     posted_at, reason)
SELECT lpad(to_hex(({each} - %(ago)s) * %(people)s::bigint + n), 32, '0')::uuid, %(street)s, 'award',
       md5('p' || n)::uuid, %(item)s, 'woodpecker-01', 'case:' || n || '-' || %(ago)s, 5,
       %(now)s - %(ago)s * interval '3 days', %(now)s - %(ago)s * interval '3 days', ''
FROM generate_series(1, %(people)s) AS n;
INSERT INTO {schema}.points_lot (id, street_id, account_id, posting_id, points, remaining, held, expires_at)
SELECT posting, %(street)s, md5('a' || n)::uuid, posting, 5, CASE WHEN %(ago)s <= {lots} THEN 5 ELSE 0 END, 0,
       %(now)s + (30 + %(ago)s) * interval '1 day'
FROM generate_series(1, %(people)s) AS n,
     CAST(lpad(to_hex(({each} - %(ago)s) * %(people)s::bigint + n), 32, '0') AS uuid) AS posting;
"""


class Grown(Growing):
    """A read of the ledger at two sizes."""

    measure = Tail
    now: datetime
    # What is laid already: a ledger of ten million takes minutes, and every entry reads the same.
    _laid: ClassVar[set[str]] = set()

    def fill(self, world: World, size: int) -> None:
        self.now, schema = world.now, f"scaled_{size}"
        with connection.cursor() as cursor:
            if schema not in self._laid:
                self._lay(cursor, schema, world, max(1, size // EACH))
            self._laid.add(schema)
            cursor.execute(f"SET search_path TO {schema}, public")

    def _lay(self, cursor: CursorWrapper, schema: str, world: World, people: int) -> None:
        """Rows first and indexes afterwards; only read, so nothing of it need outlive a crash."""
        values: dict[str, Any] = {
            "street": world.street_id, "item": ground(world).items[0].id, "now": world.now, "people": people
        }  # fmt: skip
        cursor.execute(f"CREATE SCHEMA {schema}; SET maintenance_work_mem = '512MB'; SET statement_timeout = 0")
        for table in _TABLES:
            cursor.execute(
                f"CREATE UNLOGGED TABLE {schema}.{table} (LIKE public.{table} INCLUDING ALL EXCLUDING INDEXES)"
            )
        cursor.execute(_HOLDERS.format(schema=schema, lots=OPEN_LOTS), values)
        for ago in range(EACH, 0, -1):
            cursor.execute(_DEEDS.format(schema=schema, each=EACH, lots=OPEN_LOTS), {**values, "ago": ago})
        for table in _TABLES:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s", [table])
            for (definition,) in cursor.fetchall():
                cursor.execute(definition.replace(" ON public.", f" ON {schema}."))
            cursor.execute(f"VACUUM ANALYZE {schema}.{table}")

    def people(self) -> Iterator[UUID]:
        """The ids of people by chance, without end."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT person_id FROM points_account ORDER BY random() LIMIT 20000")
            ids = [row[0] for row in cursor.fetchall()]
        chance = Random(1)
        while True:
            yield chance.choice(ids)

    def clear(self) -> None:
        """The tables stay for the next entry; the next run begins with an empty database."""
        with connection.cursor() as cursor:
            cursor.execute("SET search_path TO public")

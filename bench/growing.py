"""A ledger of any size in tables of the same shape, beside the real ones: the read finds them first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random
from uuid import UUID

from django.db import connection

from bench.ledger import ground
from bench.words import Growing, Tail
from bench.world import World

# So many postings has everybody; the ledger grows by people, as a street does.
EACH, OPEN_LOTS = 100, 5

_TABLES = ("points_account", "points_posting", "points_lot")
_FILL = """
INSERT INTO scaled.points_account (id, street_id, person_id, purse, balance, held)
SELECT md5('a' || n)::uuid, %(street)s, md5('p' || n)::uuid, 'spendable', {lots} * 5, 0
FROM generate_series(%(first)s, %(last)s) AS n;
INSERT INTO scaled.points_posting (id, street_id, kind, person_id, item_id, item_code, subject, points, received_at,
                                   posted_at, reason)
SELECT md5('q' || n || '.' || m)::uuid, %(street)s, 'award', md5('p' || n)::uuid, %(item)s, 'woodpecker-01',
       'case:' || n || '-' || m, 5, %(now)s - m * interval '3 days', %(now)s - m * interval '3 days', ''
FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, {each}) AS m;
INSERT INTO scaled.points_lot (id, street_id, account_id, posting_id, points, remaining, held, expires_at)
SELECT md5('l' || n || '.' || m)::uuid, %(street)s, md5('a' || n)::uuid, md5('q' || n || '.' || m)::uuid, 5,
       CASE WHEN m <= {lots} THEN 5 ELSE 0 END, 0, %(now)s + (30 + m) * interval '1 day'
FROM generate_series(%(first)s, %(last)s) AS n, generate_series(1, {each}) AS m;
"""
# Rows of one statement: progress is kept, and a stop loses little.
_STEP = 5_000


class Grown(Growing):
    """A read of the ledger at two sizes."""

    measure = Tail
    now: datetime
    _count = 0

    def fill(self, world: World, size: int) -> None:
        self.now, item = world.now, ground(world).items[0]
        people = max(1, size // EACH)
        with connection.cursor() as cursor:
            if not self._count:
                cursor.execute("DROP SCHEMA IF EXISTS scaled CASCADE; CREATE SCHEMA scaled")
                for table in _TABLES:
                    cursor.execute(f"CREATE TABLE scaled.{table} (LIKE public.{table} INCLUDING ALL)")
            for first in range(self._count + 1, people + 1, _STEP):
                values = {
                    "street": world.street_id, "item": item.id, "now": world.now, "first": first,
                    "last": min(first + _STEP - 1, people),
                }  # fmt: skip
                cursor.execute(_FILL.format(each=EACH, lots=OPEN_LOTS), values)
            for table in _TABLES:
                cursor.execute(f"VACUUM ANALYZE scaled.{table}")
            cursor.execute("SET search_path TO scaled, public")
        self._count = people

    def people(self) -> Iterator[UUID]:
        """The ids of people by chance, without end."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT person_id FROM scaled.points_account ORDER BY random() LIMIT 20000")
            ids = [row[0] for row in cursor.fetchall()]
        chance = Random(1)
        while True:
            yield chance.choice(ids)

    def clear(self) -> None:
        self._count = 0
        with connection.cursor() as cursor:
            cursor.execute("SET search_path TO public; DROP SCHEMA scaled CASCADE")

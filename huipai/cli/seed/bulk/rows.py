"""Rows as PostgreSQL writes them, turned into forms with blanks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from django.db import connection
from django.db.models import Model
from psycopg import sql

# An id, or a moment in microseconds as the journal keeps it.
WORDS = re.compile(r"\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{16})\b")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00")
NOTHING = "\\N"


@dataclass
class Blanks:
    """Which words of a row are filled anew in each copy: by the word, or by table and column."""

    places: dict[str, int] = field(default_factory=dict)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    moments: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def word(self, word: object) -> int:
        """A blank for every place where this word stands."""
        if str(word) not in self.places:
            self.places[str(word)] = self.new()
        return self.places[str(word)]

    def moment(self, spelling: str) -> int:
        """A blank for every field that holds exactly this moment."""
        if spelling not in self.moments:
            self.moments[spelling] = self.new()
        return self.moments[spelling]

    def new(self) -> int:
        self.count += 1
        return self.count - 1


@dataclass(frozen=True)
class Form:
    """The rows of one table with blanks: `text % tuple(values[blank] for blank in blanks)`."""

    table: str
    columns: tuple[str, ...]
    text: str
    blanks: tuple[int, ...]


def columns_of(model: type[Model]) -> tuple[str, ...]:
    """Every column that a row is written with; what the database fills itself is left to it."""
    columns = (str(field.column) for field in model._meta.concrete_fields)
    return tuple(column for column in columns if column != "transaction")


def written(model: type[Model], ids: Iterable[UUID]) -> list[list[str]]:
    """The rows with these ids, as COPY writes them, in the order of their ids."""
    table, columns = model._meta.db_table, columns_of(model)
    statement = sql.SQL(
        "COPY (SELECT {columns} FROM {table} WHERE id = ANY({ids}::uuid[]) ORDER BY id) TO STDOUT"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        table=sql.Identifier(table),
        ids=sql.Literal([str(id) for id in ids]),
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        content = b"".join(bytes(block) for block in copy)
    return [line.split("\t") for line in content.decode().splitlines()]


def form(model: type[Model], rows: Sequence[Sequence[str]], blanks: Blanks) -> Form:
    """The rows with everything that is blank taken out."""
    table, columns = model._meta.db_table, columns_of(model)
    used: list[int] = []
    lines = []
    for row in rows:
        fields = [_field(table, column, value, blanks, used) for column, value in zip(columns, row, strict=True)]
        lines.append("\t".join(fields) + "\n")
    return Form(table, columns, "".join(lines), tuple(used))


def _field(table: str, column: str, value: str, blanks: Blanks, used: list[int]) -> str:
    if value == NOTHING:
        return value
    if (table, column) in blanks.columns:
        used.append(blanks.columns[table, column])
        return "%s"
    if MOMENT.fullmatch(value):
        used.append(blanks.moment(value))
        return "%s"
    value = value.replace("%", "%%")
    if column.endswith("_key"):
        return value  # where a file lies: all copies show the same one

    def blank(found: re.Match[str]) -> str:
        if found[0] not in blanks.places:
            return found[0]
        used.append(blanks.places[found[0]])
        return "%s"

    return WORDS.sub(blank, value)


def unhurried() -> None:
    """The limit of a page's statements does not hold for this session: one statement lays a street's people."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def copy_in(table: str, columns: Sequence[str], text: str) -> None:
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(
        table=sql.Identifier(table), columns=sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text)


def in_turn(turn: int, chance: Random) -> int:
    """Bits for an id of what is stamped as number `turn`, from 0 on: of one millisecond later ids are greater.

    An index then grows at the few places where a story was told, and not everywhere at once: its pages stay in memory.
    """
    return turn << 42 | chance.getrandbits(42)


def fresh(like: str, bits: int) -> str:
    """A version 7 id of the same millisecond as another, with these random bits."""
    low = bits & ((1 << 62) - 1)
    tail = f"{2 << 62 | low:016x}"
    return f"{like[:13]}-7{bits >> 62 & 0xFFF:03x}-{tail[:4]}-{tail[4:]}"

"""Stamping: bundles filled in and written by COPY, table by table, batch by batch."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from queue import Queue
from random import Random
from threading import Thread
from uuid import UUID

from django.db import connection, transaction

from huipai.cli.seed.bulk.bundles import Bundle
from huipai.cli.seed.bulk.moving import Rulebook, epoch, spelled
from huipai.cli.seed.bulk.people import Stamped
from huipai.cli.seed.bulk.rows import copy_in, fresh, in_turn, unhurried
from huipai.cli.words import Trouble
from huipai.kit.ids import new_id, short_code
from huipai.points.models import Account
from huipai.points.words import Purse
from huipai.streets.current import street_in_force

BATCH = 2_000
OPEN_SHARE = 0.04  # of what is stamped, so much is still open


@dataclass(frozen=True)
class Spot:
    """Somewhere a case may lie: micro-grid, position and how people name it."""

    node: str
    lng: str
    lat: str
    address: str


Writing = dict[tuple[str, tuple[str, ...]], list[str]]


def write_now(writing: Writing) -> None:
    """All of a batch, or nothing of it."""
    with transaction.atomic():
        for (table, columns), lines in writing.items():
            copy_in(table, columns, "".join(lines))


@dataclass
class Press:
    """Everything that is needed to stamp in one street."""

    bundles: list[Bundle]
    book: Rulebook
    residents: list[Stamped]
    spots: dict[UUID | None, list[Spot]]  # by the worker whose micro-grids they lie in
    chance: Random
    codes: set[str]
    write: Callable[[Writing], None]

    def stamp(self, cases: int, progress: Callable[[int], None]) -> int:
        """So many cases, one or two more where two belong together; the number stamped."""
        closed = [bundle for bundle in self.bundles if not bundle.is_open and bundle.worker_id in self.spots]
        still_open = [bundle for bundle in self.bundles if bundle.is_open and bundle.worker_id in self.spots]
        done = turn = 0
        while done < cases:
            writing: Writing = defaultdict(list)
            batch = min(BATCH, cases - done)
            began = done
            while done - began < batch:
                pool = still_open if still_open and self.chance.random() < OPEN_SHARE else closed
                done += self._fill(pool[turn % len(pool)], turn, writing)
                turn += 1
            self.write(writing)
            progress(done)
        self._open_purses()
        return done

    def _fill(self, bundle: Bundle, turn: int, writing: Writing) -> int:
        chance = self.chance
        values = [""] * bundle.count
        for blank, like in bundle.own:
            values[blank] = fresh(like, in_turn(turn, chance))
        for lot in bundle.lots:
            lot.fill(values, lambda: in_turn(turn, chance))
        who = [self.residents[(turn * 7919 + n * 31) % len(self.residents)] for n in range(len(bundle.reporters))]
        for (person, purse), resident in zip(bundle.reporters, who, strict=True):
            values[person], values[purse] = resident.person, resident.purse
        spot = chance.choice(self.spots[bundle.worker_id])
        values[bundle.node], values[bundle.address] = spot.node, spot.address
        values[bundle.lng], values[bundle.lat] = spot.lng, spot.lat
        for blank in bundle.codes:
            values[blank] = self._code()
        self._move(bundle, values)
        for place, (blank, *_) in enumerate(bundle.hashes):
            values[blank] = bundle.hash_of(place, values)
        for each in bundle.forms:
            writing[each.table, each.columns].append(each.text % tuple(values[blank] for blank in each.blanks))
        for reporter, points in bundle.earned:
            who[reporter].balance += points
        return bundle.cases

    def _move(self, bundle: Bundle, values: list[str]) -> None:
        """Put the story into another week in which it could have happened just so."""
        by = self.chance.choice(bundle.moves)
        for blank, moment in bundle.moments:
            values[blank] = spelled(moment + by)
        for blank, due in bundle.dues:
            values[blank] = epoch(due + by)
        if bundle.paid is not None:
            bundle.paid.fill(values, by, self.book)

    def _code(self) -> str:
        while (code := short_code()) in self.codes:
            pass
        self.codes.add(code)
        return code

    def _open_purses(self) -> None:
        """The accounts of all who earned something, each with the sum of its lines."""
        street = street_in_force()
        lines = [
            f"{id}\t{street}\t{one.person}\t{purse}\t{balance}\n"
            for one in self.residents
            if one.balance
            for id, purse, balance in ((one.purse, Purse.SPENDABLE, one.balance), (new_id(), Purse.DEBT, 0))
        ]
        copy_in(Account._meta.db_table, ("id", "street_id", "person_id", "purse", "balance"), "".join(lines))


class Background:
    """Writes batches in a thread with a session of its own, while the next ones are filled in.

    The session does not ask keys and triggers: what is stamped has passed them once.
    """

    def __init__(self) -> None:
        self.waiting: Queue[Writing | None] = Queue(maxsize=2)
        self.failure: Exception | None = None
        self.thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Background":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.waiting.put(None)
        self.thread.join()
        self._complain()

    def write(self, writing: Writing) -> None:
        self._complain()
        self.waiting.put(writing)

    def _complain(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        try:
            unhurried()
            without_checks()
            while (writing := self.waiting.get()) is not None:
                if self.failure is None:
                    self._try(writing)
        finally:
            connection.close()

    def _try(self, writing: Writing) -> None:
        try:
            write_now(writing)
        except Exception as failure:
            self.failure = failure


def require_rest() -> None:
    """Refuses a role that has to ask keys at every COMMIT: a batch names purses that are written with the last one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, has_parameter_privilege('session_replication_role', 'SET')")
        role, may = cursor.fetchone()
    if not may:
        raise Trouble(
            f"Streets for benchmarks are written with keys and triggers asleep, and the role {role} may not put them "
            f"to sleep. As a superuser: GRANT SET ON PARAMETER session_replication_role TO {role}"
        )


def without_checks() -> None:
    """Let this session write without asking keys and triggers; `require_rest` has asked whether it may."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role TO replica")

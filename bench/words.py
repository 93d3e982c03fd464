"""What an entry is, and what comes out of one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from bench.world import World

CLIENTS = 16


class Endpoint(ABC):
    """One of our doors against PostgreSQL doing the same rows; both by `CLIENTS` clients."""

    name: ClassVar[str]
    expected: ClassVar[frozenset[int]] = frozenset({200})
    # The same rows in SQL, for pgbench.
    script: ClassVar[str]
    # The table in which each operation of either side leaves a row; empty for a read.
    writes: ClassVar[str] = ""

    @abstractmethod
    def prepare(self, world: World) -> None:
        """Put in the database what both sides need. Runs once, with the street in force."""

    @abstractmethod
    def requests(self, client: int) -> Iterator[bytes]:
        """Whole HTTP requests, without end, of one client."""

    def variables(self) -> Mapping[str, object]:
        """What the script names with a colon."""
        return {}


class InProcess(ABC):
    """A function of ours against the bare library under it, in one thread."""

    name: ClassVar[str]

    @abstractmethod
    def prepare(self, world: World) -> None: ...

    @abstractmethod
    def ours(self) -> Callable[[], object]: ...

    @abstractmethod
    def raw(self) -> Callable[[], object]: ...


class InWorkers(ABC):
    """A command of ours, called by `CLIENTS` threads of two processes, against PostgreSQL writing the same rows.

    For what has no door of its own: no HTTP, no session, no page on either side.
    """

    name: ClassVar[str]
    # The same rows in SQL, for pgbench.
    script: ClassVar[str]
    # The table in which each operation of either side leaves a row.
    writes: ClassVar[str]
    # Of a hot entry: the same spread out, measured beside it slice by slice, to say how much of it the hot one keeps.
    cold: ClassVar[InWorkers | None] = None

    @abstractmethod
    def prepare(self, world: World) -> None: ...

    @abstractmethod
    def act(self, client: int) -> Callable[[], object]:
        """What one client does again and again; made in its own thread, with the street in force."""


class Growing(ABC):
    """A read at two sizes of its tables: it should not slow down as the ledger fills."""

    name: ClassVar[str]
    measure: ClassVar[type[Growth]]
    # How often it is done at each size.
    times: ClassVar[int] = 3_000

    @abstractmethod
    def fill(self, world: World, size: int) -> None:
        """Bring tables of the same shape to `size` rows."""

    @abstractmethod
    def read(self) -> Callable[[], object]:
        """One read of somebody else each time."""

    @abstractmethod
    def clear(self) -> None: ...


class Scale(ABC):
    """One page at two sizes of the database: it should not slow down as the street fills."""

    name: ClassVar[str]
    path: ClassVar[str]

    @abstractmethod
    def fill(self, world: World, size: int) -> None:
        """Bring the database to `size` (larger than before)."""

    @abstractmethod
    def request(self) -> bytes: ...


@dataclass(frozen=True)
class Slice:
    """Operations done on one side in one stretch of time."""

    operations: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.operations / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Result:
    """One line: both sides over all their slices, which took turns."""

    name: str
    ours: tuple[Slice, ...]
    raw: tuple[Slice, ...]
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def ours_per_second(self) -> float:
        return _overall(self.ours)

    @property
    def raw_per_second(self) -> float:
        return _overall(self.raw)

    @property
    def ratio(self) -> float:
        """Of the whole run: what one machine's noise does to one slice, it does to the other side's next."""
        return self.ours_per_second / self.raw_per_second if self.raw_per_second else 0.0

    @property
    def ratios(self) -> list[float]:
        """Round by round: how steady the figure is."""
        pairs = zip(self.ours, self.raw, strict=True)
        return [ours.per_second / raw.per_second if raw.per_second else 0.0 for ours, raw in pairs]

    def line(self) -> str:
        return f"{self.name} {self.ours_per_second:.0f} {self.raw_per_second:.0f} {self.ratio:.3f}"

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "ours": round(self.ours_per_second, 1),
            "raw": round(self.raw_per_second, 1),
            "ratio": round(self.ratio, 4),
            "ratios": [round(ratio, 4) for ratio in self.ratios],
            **self.details,
        }


@dataclass(frozen=True)
class Kept:
    """A hot entry and the cold one, whose slices took turns: neither had the fuller tables or the quieter hour."""

    hot: Result
    cold: Result

    @property
    def of_ours(self) -> float:
        return self.hot.ours_per_second / self.cold.ours_per_second

    @property
    def of_raw(self) -> float:
        """What PostgreSQL's own locks leave, writing the same rows."""
        return self.hot.raw_per_second / self.cold.raw_per_second

    def line(self) -> str:
        kept = f"# {self.hot.name} keeps {self.of_ours:.2f} of {self.cold.name}, its raw side {self.of_raw:.2f}"
        return f"{self.hot.line()}\n{kept}"

    def as_json(self) -> dict[str, object]:
        kept = {"ours": round(self.of_ours, 4), "raw": round(self.of_raw, 4), "cold": self.cold.as_json()}
        return {**self.hot.as_json(), "kept": kept}


@dataclass(frozen=True)
class Growth:
    """One line of a page or a read, at its smallest and its largest size: `scale:<path> ms1 ms2 growth`."""

    name: str
    path: str
    sizes: tuple[int, ...]
    small_ms: tuple[float, ...]
    large_ms: tuple[float, ...]
    # The medians at the sizes between the two.
    between_ms: tuple[float, ...] = ()

    @property
    def growth(self) -> float:
        return median(self.large_ms) / median(self.small_ms)

    @property
    def p99(self) -> tuple[float, float]:
        """The slowest one in a hundred, at both sizes."""
        small, large = (sorted(ms)[int(len(ms) * 0.99)] for ms in (self.small_ms, self.large_ms))
        return small, large

    def line(self) -> str:
        return f"scale:{self.path} {median(self.small_ms):.1f} {median(self.large_ms):.1f} {self.growth:.2f}"

    def as_json(self) -> dict[str, object]:
        figures = asdict(self)
        del figures["small_ms"], figures["large_ms"], figures["between_ms"]
        return {
            **figures,
            "ms": [median(self.small_ms), *self.between_ms, median(self.large_ms)],
            "growth": self.growth,
            "p99_ms": [round(ms, 3) for ms in self.p99],
            "p99_growth": round(self.p99[1] / self.p99[0], 3),
        }


def _overall(slices: tuple[Slice, ...]) -> float:
    seconds = sum(slice.seconds for slice in slices)
    return sum(slice.operations for slice in slices) / seconds if seconds else 0.0


@dataclass(frozen=True)
class Tail(Growth):
    """One line of a read at two sizes, by its slowest one in a hundred: `scale:<name> p99 p99 growth`."""

    def line(self) -> str:
        small, large = self.p99
        return f"scale:{self.path} {small:.2f} {large:.2f} {large / small:.2f}"

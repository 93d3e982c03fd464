"""Reading versions, their items, and what each of them changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import CharField, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from huipai.kit.sheets import SHANGHAI, beginning_of
from huipai.people.models import Person
from huipai.rulebook import rules
from huipai.rulebook.models import PointItem, Postponement, Remark, RulebookVersion, Writer
from huipai.rulebook.rules import Book, Changes, EndRule
from huipai.rulebook.words import HOLD_UP_AT, Port, Said, Standing
from huipai.streets.current import street_in_force


def in_force(at: datetime) -> RulebookVersion | None:
    """The version by which a deed received at `at` counts; None before the first one."""
    counts = calendar_at(at)
    begun = RulebookVersion.objects.filter(effective_from__lte=counts)
    return begun.filter(Q(effective_until=None) | Q(effective_until__gt=counts)).first()


def held_from() -> datetime | None:
    """The day on which the calendar stands still, because the version of that day waits for an objection's decision.

    None where nothing waits. Past that day everything goes on as just before it, whether or not a job has moved it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rulebook_held_from(%s)", [street_in_force()])
        found: tuple[datetime | None] = cursor.fetchone()
    return found[0]


def standing(version: RulebookVersion, at: datetime) -> Standing:
    """Where a version stands at `at`."""
    return version.standing(at, held=held_from())


def published() -> QuerySet[RulebookVersion]:
    """Every version that is or was in force or is about to be, newest first."""
    return RulebookVersion.objects.filter(published_at__isnull=False, ended_at__isnull=True).order_by("-number")


def held_up(at: datetime, *, within: timedelta) -> QuerySet[RulebookVersion]:
    """Versions that are to begin so soon, or should have begun, with an objection in time that nobody has decided."""
    in_time = Remark.objects.filter(said_at__lte=OuterRef("effective_from") - HOLD_UP_AT, version=OuterRef("pk"))
    undecided = in_time.filter(~Exists(_answered_before()), kind=Said.OBJECTION, answered_at__isnull=True)
    return published().filter(Exists(undecided), effective_from__lte=at + within)


def _answered_before() -> QuerySet[Remark]:
    """An objection of the same person to the same version that had its answer: one after it holds nothing up."""
    same = Remark.objects.filter(version=OuterRef("version"), person=OuterRef("person"), kind=Said.OBJECTION)
    return same.filter(answered_at__lte=OuterRef("said_at")).exclude(pk=OuterRef("pk"))


def holds_up(remark: Remark) -> bool:
    """Whether a version waits for the decision of this objection."""
    return Remark.objects.filter(~Exists(_answered_before()), pk=remark.pk, kind=Said.OBJECTION).exists()


@dataclass(frozen=True, slots=True)
class Undecided:
    """The objections to a version that nobody has decided, and the day on which it was to begin before they came."""

    count: int
    first_day: datetime | None


def undecided(version: RulebookVersion) -> Undecided:
    count = Remark.objects.filter(version=version, kind=Said.OBJECTION, answered_at__isnull=True).count()
    moved = Postponement.objects.filter(version=version).order_by("decided_at").values_list("was", flat=True)
    return Undecided(count, moved.first())


def open_draft() -> RulebookVersion | None:
    """The version that is being written; there is one at most."""
    return RulebookVersion.objects.filter(published_at__isnull=True, ended_at__isnull=True).first()


def readable(number: int) -> RulebookVersion | None:
    """A version that everybody may read: published, even if withdrawn since, or laid open for comments."""
    seen = Q(published_at__isnull=False) | Q(consulted_from__isnull=False, ended_at__isnull=True)
    return RulebookVersion.objects.filter(seen, number=number).first()


def laid_open() -> QuerySet[RulebookVersion]:
    """Versions on which residents can say something now or read what comes: newest first."""
    seen = Q(published_at__isnull=False, ended_at__isnull=True) | Q(consulted_from__isnull=False, ended_at__isnull=True)
    return RulebookVersion.objects.filter(seen).order_by("-number")


def writers(version: RulebookVersion) -> set[UUID]:
    """The authors of a version: who began it, and whoever has written anything of it since."""
    return {version.author_id, *Writer.objects.filter(version=version).values_list("person_id", flat=True)}


def version_before(version: RulebookVersion) -> RulebookVersion | None:
    """The version against which this one is read: the newest published one under it."""
    return published().filter(number__lt=version.number).first()


def item(version: RulebookVersion, code: str) -> PointItem | None:
    return PointItem.objects.filter(version=version, code=code).first()


def item_in_force(code: str, at: datetime) -> PointItem | None:
    """The item as it reads in the version in force at `at`; none once its admission is over."""
    counts = calendar_at(at)
    holds = Q(version__effective_until=None) | Q(version__effective_until__gt=counts)
    found = PointItem.objects.admitted(local_date(at)).filter(holds, code=code, version__effective_from__lte=counts)
    return found.select_related("version").first()


def last_in_force(code: str, at: datetime) -> PointItem | None:
    """The item as it read last, in force still or not any more; none that never was."""
    found = PointItem.objects.filter(code=code, version__effective_from__lte=calendar_at(at))
    return found.select_related("version").order_by("-version__effective_from").first()


def struck_since(since: datetime, at: datetime) -> list[PointItem]:
    """What was in force at some time after `since` and is not at `at`, as it read last; by code."""
    now = in_force(at)
    held = PointItem.objects.filter(
        Q(version__effective_until=None) | Q(version__effective_until__gt=since),
        version__in=published(), version__effective_from__lte=calendar_at(at),
    ).exclude(code__in=PointItem.objects.filter(version=now).values("code"))  # fmt: skip
    return list(held.select_related("version").order_by("code", "-version__effective_from").distinct("code"))


def items_in_force(asked: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], PointItem]:
    """The same for many at once: each item as it read at its own instant, in one query."""
    wanted, still = set(asked), held_from()
    found = PointItem.objects.filter(code__in={code for code, _at in wanted}, version__effective_from__isnull=False)
    held: dict[tuple[str, datetime], PointItem] = {}
    for one in found.select_related("version"):
        begin, end = one.version.effective_from, one.version.effective_until
        for code, at in wanted:
            counts = rules.counts_at(at, still)
            if code == one.code and begin is not None and begin <= counts and (end is None or end > counts):
                held[code, at] = one
    return held


def by_port(version: RulebookVersion, words: str = "") -> Mapping[Port, list[PointItem]]:
    """The items of a version under their three doors, by number; with `words`, those that say them."""
    doors: dict[Port, list[PointItem]] = {port: [] for port in Port}
    found = PointItem.objects.filter(version=version).select_related("version")
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(description__icontains=word) | Q(owner__icontains=word))
    for each in found.order_by("code"):
        doors[Port(each.port)].append(each)
    return doors


def readable_item(number: int, code: str) -> PointItem | None:
    """An item of a version that residents may read."""
    version = readable(number)
    found = PointItem.objects.filter(version=version, code=code).select_related("version") if version else None
    return found.first() if found is not None else None


def latest_wording(code: str) -> RulebookVersion | None:
    """The newest published version that still holds this code."""
    return published().filter(items__code=code).first()


def book(version: RulebookVersion) -> dict[str, rules.Terms]:
    """The items of a version by code."""
    return {each.code: each.terms() for each in PointItem.objects.filter(version=version)}


def leaves_out(version: RulebookVersion, wanted: Collection[str]) -> list[str]:
    """The codes of a draft that these are without, in order; not of what is new in it."""
    before = version_before(version)
    stood = PointItem.objects.filter(version=before).values_list("code", flat=True) if before else ()
    return sorted({*book(version)}.intersection(stood).difference(wanted))


def changes(version: RulebookVersion) -> Changes:
    """What this version changes against the one before it, each with its why."""
    before = version_before(version)
    return rules.diff(book(before) if before else {}, book(version), version.struck)


def carried(version: RulebookVersion) -> dict[str, RulebookVersion]:
    """What this version still holds of versions that were withdrawn after it was begun on top of them, by code.

    Such a change was consulted on as a change of another version, and that one does not come.
    """
    gone = RulebookVersion.objects.filter(
        number__lt=version.number, published_at__isnull=False, ended_at__gt=version.drafted_at
    ).order_by("number")  # fmt: skip
    found: dict[str, RulebookVersion] = {}
    for withdrawn in gone:
        found |= dict.fromkeys(rules.shared(changes(withdrawn), changes(version)), withdrawn)
    return found


def end_change(version: RulebookVersion) -> tuple[EndRule | None, EndRule] | None:
    """The rule of the scheme's end before and in this version, where it is another or stands in one at last."""
    before = version_before(version)
    held = before.end_rule if before is not None and before.holds_end_rule else None
    return (held, version.end_rule) if version.holds_end_rule and held != version.end_rule else None


@dataclass(frozen=True, slots=True)
class Revision:
    """A version with what it changed, and which revision of its year it is; 0: the first version of all."""

    version: RulebookVersion
    changes: Changes
    year: int
    place: int


def history(versions: Iterable[RulebookVersion]) -> list[Revision]:
    """These versions, oldest first in the reading, newest first in the answer; two questions however many."""
    ordered = sorted(versions, key=lambda version: version.number)
    books: dict[UUID, dict[str, rules.Terms]] = defaultdict(dict)
    for each in PointItem.objects.filter(version__in=ordered):
        books[each.version_id][each.code] = each.terms()
    places: dict[int, int] = defaultdict(int)
    found = [_first(version, books[version.id]) for version in ordered[:1]]
    for before, version in pairwise(ordered):
        year = _year(version)
        places[year] += 1
        leads = rules.diff(books[before.id], books[version.id], version.struck)
        found.append(Revision(version, leads, year, places[year]))
    return found[::-1]


def _first(version: RulebookVersion, items: Book) -> Revision:
    return Revision(version, rules.diff({}, items), _year(version), 0)


def _year(version: RulebookVersion) -> int:
    return local_date(version.effective_from or version.consulted_from or version.drafted_at).year


@dataclass(frozen=True, slots=True)
class Wording:
    """An item as one version worded it, and the wording before."""

    version: RulebookVersion
    change: rules.Change


def wordings(code: str) -> list[Wording]:
    """How an item came to read as it does: each published version that changed it, newest first."""
    items = {each.version_id: each.terms() for each in PointItem.objects.filter(code=code).select_related("version")}
    found, before = [], None
    for version in published().order_by("number"):
        after = items.get(version.id)
        leads = rules.diff(_alone(before), _alone(after), version.struck)
        found += [Wording(version, change) for change in leads.all]
        before = after
    return found[::-1]


def _alone(terms: rules.Terms | None) -> Book:
    return {terms.code: terms} if terms else {}


def content_hash(version_id: UUID) -> str:
    """The hash of the items of a version as they stand now."""
    return RulebookVersion.objects.annotate(now_reads=_CONTENT).values_list("now_reads", flat=True).get(pk=version_id)


def edited_by_hand() -> Iterator[RulebookVersion]:
    """Published versions whose items are no longer what was approved, oldest first."""
    published_versions = RulebookVersion.objects.filter(published_at__isnull=False)
    yield from published_versions.annotate(now_reads=_CONTENT).exclude(now_reads=F("content_hash")).order_by("number")


def seat_of(person: Person, at: datetime) -> str:
    """For whom this person would sit on the board at `at`."""
    seat = Func(F("street_id"), F("id"), Value(at), function="rulebook_seat", output_field=CharField())
    return Person.objects.annotate(seat=seat).values_list("seat", flat=True).get(pk=person.pk)


def local_date(at: datetime) -> date:
    """The day of the street's clock."""
    return at.astimezone(SHANGHAI).date()


def last_month(at: datetime) -> tuple[datetime, datetime]:
    """The calendar month before the one of `at`, by the street's clock."""
    ends = local_date(at).replace(day=1)
    begins = (ends - timedelta(days=1)).replace(day=1)
    return beginning_of(begins), beginning_of(ends)


def calendar_at(at: datetime) -> Func:
    return Func(Value(street_in_force()), Value(at), function="rulebook_calendar_at", output_field=DateTimeField())


_CONTENT: Final = Func(F("street_id"), F("id"), function="rulebook_content_hash", output_field=CharField())

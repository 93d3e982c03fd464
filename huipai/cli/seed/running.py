"""What `seed` does, in order, and what it says meanwhile."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import connection

from huipai.cases.commands import guessing
from huipai.cases.models import Case, StageLimit
from huipai.cli.seed.folk.cast import HETANG_SCALE, YUNQIAO_SCALE, Scale, people_of
from huipai.cli.seed.plant.attachments import plant_attachments
from huipai.cli.seed.plant.bonds import plant_families, plant_helpers, plant_identities
from huipai.cli.seed.plant.book import Book, plant_coming_rulebook, plant_rulebook
from huipai.cli.seed.plant.claims import plant_claims
from huipai.cli.seed.plant.comments import plant_comments
from huipai.cli.seed.plant.deeds import plant_deeds
from huipai.cli.seed.plant.disclosures import plant_disclosures
from huipai.cli.seed.plant.findings import plant_findings
from huipai.cli.seed.plant.finds import plant_finds
from huipai.cli.seed.plant.folk import Crowd, plant_people
from huipai.cli.seed.plant.ground import Ground, open_street, plant_map, plant_tree, plant_units
from huipai.cli.seed.plant.hub import name_units, plant_hub, stage_limits
from huipai.cli.seed.plant.linked import plant_linked
from huipai.cli.seed.plant.neighbours import plant_neighbours
from huipai.cli.seed.plant.open_doors import plant_stations
from huipai.cli.seed.plant.shop import Keeper
from huipai.cli.seed.plant.telling import Teller
from huipai.cli.seed.plant.types import improve_types, plant_types
from huipai.cli.seed.story import Matter, matters
from huipai.cli.seed.texts.stations import HETANG_STATIONS, STATIONS
from huipai.cli.seed.texts.units import HETANG_UNITS, UNITS
from huipai.cli.seed.texts.words import StationText, UnitText
from huipai.cli.seed.town.build import build
from huipai.cli.seed.town.hetang import HETANG
from huipai.cli.seed.town.plan import Plan
from huipai.cli.seed.town.words import Town
from huipai.cli.seed.town.yunqiao import YUNQIAO
from huipai.cli.words import Trouble
from huipai.journal import commands as journal
from huipai.kit import chance, planning
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.words import MOST_BEHIND
from huipai.streets.current import in_street
from huipai.streets.models import Street

YEAR = timedelta(days=375)
# Ids of the story lie before those that are made when it is over.
AN_HOUR = timedelta(hours=1)
Say = Callable[[str], None]


class _Step:
    """Says what begins, and how long it took."""

    def __init__(self, say: Say, words: str) -> None:
        self.say, self.words, self.began = say, words, 0.0

    def __enter__(self) -> None:
        self.began = time.monotonic()
        self.say(f"{self.words} …")

    def __exit__(self, *_: object) -> None:
        self.say(f"{self.words}: {time.monotonic() - self.began:.0f} s")


@dataclass(frozen=True)
class Script:
    """One street of the demo and how much of everything it gets."""

    plan: Plan
    scale: Scale
    units: tuple[UnitText, ...]
    stations: tuple[StationText, ...]
    cases: int
    phone: str
    shown: timedelta = timedelta(days=14)
    # A street for benchmarks is stamped from its cases, whose points nobody may have used and whose slips are one
    # person's paper.
    has_shop: bool = False


def scripts(cases: int) -> tuple[Script, ...]:
    return (
        Script(YUNQIAO, YUNQIAO_SCALE, UNITS, STATIONS, cases, "0500-0000-1200", has_shop=True),
        Script(HETANG, HETANG_SCALE, HETANG_UNITS, HETANG_STATIONS, cases // 10, "0500-0000-5600", has_shop=True),
    )


def is_there(script: Script) -> bool:
    street = Street.objects.filter(slug=script.plan.slug).first()
    if street is not None and not street.is_demo:
        raise Trouble(
            f"There is a street {script.plan.slug} that is not the demo's, or the demo did not finish it: "
            "seed into an empty database."
        )
    return street is not None


def plant(script: Script, *, seed: int, until: datetime, say: Say) -> Street:
    """One street with its year, up to `until`. Marked as the demo's when everything is there.

    The same seed and `until` give the same street, to the last id, lot and draw.
    """
    with chance.following(f"{seed}:{script.plan.slug}", until - AN_HOUR):
        return _plant(script, seed, until, say)


def _plant(script: Script, seed: int, until: datetime, say: Say) -> Street:
    opened_at = until - YEAR
    town = build(script.plan, seed=seed)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")  # a demo that a power cut breaks is made again
    street = open_street(script.plan, town, seed=seed, opened_at=opened_at, phone=script.phone)
    ground = Ground(street, town, opened_at)
    with in_street(street.id):
        crowd, book = _plant_ground(script, ground, seed=seed, until=until, say=say)
        # A list of eight households took two seconds where nothing had been counted.
        planning.count_rows()
        _plant_year(script, crowd, ground, seed=seed, until=until, say=say)
        with _Step(say, f"{script.plan.name}: claims in every state"):
            scale = 3 if script.scale is YUNQIAO_SCALE else 1
            plant_claims(crowd, slug=script.plan.slug, until=until, seed=seed, scale=scale)
        with _Step(say, f"{script.plan.name}: the next rulebook"):
            plant_coming_rulebook(book, until=until)
        with _Step(say, f"{script.plan.name}: learning which words mean which kind"):
            guessing.learn(now=until)
        improve_types(crowd.holding(Role.SYSTEM_ADMIN)[0], until=until)
        while journal.seal(now=until):
            pass
    _let_the_living_go_first()
    planning.count_rows()
    Street.objects.filter(pk=street.pk).update(is_demo=True)
    return street


def _let_the_living_go_first() -> None:
    """What a year has left to be done waits behind what somebody does now, also behind the last of many photos."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET priority = %s WHERE status = 'todo'", [-(MOST_BEHIND + 1)]
        )  # fmt: skip


def _plant_ground(script: Script, ground: Ground, *, seed: int, until: datetime, say: Say) -> tuple[Crowd, Book]:
    name = script.plan.name
    with _Step(say, f"{name}: tree, map and units"):
        plant_tree(ground, with_homes=True)
        plant_map(ground, script.plan)
        plant_units(ground, script.units)
        plant_types()
        name_units(script.units, ground)
        StageLimit.objects.bulk_create(stage_limits())
    with _Step(say, f"{name}: people"):
        souls = people_of(
            seed=seed, slug=script.plan.slug, scale=script.scale,
            grids=[grid.code for grid in ground.town.grids],
            communities=[community.code for community in ground.town.communities],
            street=ground.town.code, units=list(script.units),
        )  # fmt: skip
        crowd = plant_people(ground, souls)
        chance = Random(f"{seed}:{script.plan.slug}:bonds")
        plant_identities(crowd, now=ground.opened_at + timedelta(days=1), chance=chance)
        plant_families(crowd, now=ground.opened_at + timedelta(days=1, hours=1), chance=chance)
    with _Step(say, f"{name}: rulebook and stations"):
        book = plant_rulebook(crowd, until=until)
        plant_stations(ground, script.stations, phone=script.phone, now=ground.opened_at + timedelta(days=2))
    return crowd, book


def plan_of(script: Script, *, seed: int, until: datetime) -> list[Matter]:
    """The year as it will be told, without a database."""
    return _story(script, build(script.plan, seed=seed), seed, until)


def _story(script: Script, town: Town, seed: int, until: datetime) -> list[Matter]:
    return matters(town=town, cases=script.cases, residents=script.scale.residents, until=until, seed=seed)


def _plant_year(script: Script, crowd: Crowd, ground: Ground, *, seed: int, until: datetime, say: Say) -> None:
    story = _story(script, ground.town, seed, until)
    teller = Teller(crowd.residents, crowd.holding(Role.COORDINATOR)[0], until, seed, script.shown)

    def progress(done: int) -> None:
        if done % 100 == 0 and done < len(story):
            say(f"  {done} of {len(story)} cases …")

    with _Step(say, f"{script.plan.name}: {len(story)} cases of a year"):
        teller.tell(story, progress=progress)
    with _Step(say, f"{script.plan.name}: the hub and its units"):
        plant_hub(crowd, ground, until=until, seed=seed)
        plant_disclosures(crowd, until=until)
        plant_attachments(crowd, until=until)
        plant_findings(crowd, until=until)
        plant_comments(crowd, until=until, seed=seed, slug=script.plan.slug)
        plant_finds(crowd, ground.town, until=until, seed=seed)
    with _Step(say, f"{script.plan.name}: helpers of elders"):
        plant_helpers(crowd, now=until - timedelta(days=60))
    with _Step(say, f"{script.plan.name}: linked households"):
        plant_linked(crowd, seed=seed, slug=script.plan.slug, until=until)
    with _Step(say, f"{script.plan.name}: good deeds"):
        plant_deeds(crowd, ground.town, until=until, seed=seed)
    if script.has_shop:
        with _Step(say, f"{script.plan.name}: neighbours and the counter"):
            plant_neighbours(crowd, ground.town, until=until, seed=seed)
        with _Step(say, f"{script.plan.name}: shop"):
            Keeper(crowd, until=until, seed=seed, slug=script.plan.slug).tell()


def inventory() -> list[str]:
    """What is there, one line a street."""
    lines = []
    for street in Street.objects.order_by("-slug"):
        with in_street(street.id):
            people, cases = Person.objects.count(), Case.objects.count()
        lines.append(f"{street.name} (/s/{street.slug}/): {people} people, {cases} cases")
    return lines

"""`seed --streets N --cases M`: small streets told through the commands, then stamped until there are enough cases."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from huipai.cases.commands import finding, shown
from huipai.cases.models import Case
from huipai.cli.seed.bulk.bundles import bundles
from huipai.cli.seed.bulk.moving import Rulebook
from huipai.cli.seed.bulk.people import stamp_people
from huipai.cli.seed.bulk.stamping import Background, Press, Spot, Writing
from huipai.cli.seed.folk.cast import Scale
from huipai.cli.seed.running import YEAR, Say, Script, plant
from huipai.cli.seed.texts.stations import HETANG_STATIONS
from huipai.cli.seed.texts.units import HETANG_UNITS
from huipai.cli.seed.town.build import build
from huipai.cli.seed.town.hetang import HETANG
from huipai.cli.words import Trouble
from huipai.grid.models import Assignment, GridNode
from huipai.grid.words import Level
from huipai.kit import planning
from huipai.people.words import Role
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.words import State
from huipai.streets.current import in_street
from huipai.streets.models import Street

TOLD = 80  # cases told through the commands in each street
REPORTS_EACH = 12  # how many reports a resident makes in the year


def script(number: int, told: int = TOLD) -> Script:
    """One of many streets that look alike."""
    plan = replace(HETANG, slug=f"scale-{number:03d}", name=f"样本街道 {number:03d}")
    scale = Scale(workers=4, residents=60, checkers=12, members=8, prefix=f"1991{number:03d}")
    shown = timedelta(0)
    return Script(plan, scale, HETANG_UNITS, HETANG_STATIONS, told, "0500-0000-0000", shown)


def scale_up(*, streets: int, cases: int, seed: int, until: datetime, say: Say) -> None:
    """So many streets and cases in all. Streets that are there already stay as they are; refuses where one of them
    holds fewer cases than asked for, as an interrupted run leaves it."""
    each = -(-cases // streets)
    for number in range(1, streets + 1):
        one = script(number, min(TOLD, each))
        if is_whole(one.plan.slug, each):
            say(f"{one.plan.slug} is there already")
            continue
        street = plant(one, seed=seed + number, until=until, say=say)
        with in_street(street.id):
            with Background() as background:
                _develop_all()
                more = each - Case.objects.count()
                stamp(more=more, street_number=number, seed=seed, until=until, say=say, write=background.write)
            shown.ask_the_gate_again()
            tell = _every(50_000, lambda done: say(f"  {done} made findable …"))
            for found in finding.index_the_rest():
                tell(found)
    planning.count_rows()


def is_whole(slug: str, cases: int) -> bool:
    """Whether the street is there with at least so many cases; refuses a part of it."""
    street = Street.objects.filter(slug=slug).first()
    if street is None:
        return False
    with in_street(street.id):
        found = Case.objects.count()
    if found < cases:
        raise Trouble(
            f"{slug} holds {found} of {cases} cases: an earlier run was broken off or asked for fewer. Seed an empty "
            "database (the embedded one lies in var/postgres)."
        )
    return True


def stamp(
    *, more: int, street_number: int, seed: int, until: datetime, say: Say, write: Callable[[Writing], None]
) -> None:
    """So many more cases in the street in force, copies of those that are there."""
    if more <= 0:
        return
    began = time.monotonic()
    chance = Random(f"{seed}:stamp:{street_number}")
    count = max(20, more // REPORTS_EACH)
    residents = stamp_people(count=count, first=street_number * 200_000, chance=chance)
    codes = set(Case.objects.values_list("code", flat=True))
    book = Rulebook()
    told = bundles(book, earliest=until - YEAR + timedelta(days=10), latest=until)
    press = Press(told, book, residents, spots(), chance, codes, write)
    done = press.stamp(more, progress=_every(50_000, lambda done: say(f"  {done} cases …")))
    took = time.monotonic() - began
    say(f"  {done} cases and {count} residents stamped in {took:.0f} s ({done / max(took, 0.001):.0f} a second)")


def spots() -> dict[UUID | None, list[Spot]]:
    """Where cases may lie, by the worker of the place."""
    town = build(HETANG, seed=1)
    nodes = dict(GridNode.objects.of_level(Level.MICRO_GRID).values_list("code", "id"))
    workers = dict(
        Assignment.objects.filter(role=Role.GRID_WORKER, valid_until=None).values_list("node__code", "person_id")
    )
    found: dict[UUID | None, list[Spot]] = defaultdict(list)
    for grid in town.grids:
        for micro in grid.micro_grids:
            for place in micro.places:
                lng, lat = place.position
                found[workers.get(grid.code)].append(Spot(str(nodes[micro.code]), str(lng), str(lat), place.name))
    return dict(found)


def _develop_all() -> None:
    """The copies of every photo that was told, as its job would have made them: nothing stamped waits for them."""
    for photo_id, received_at in Photo.objects.filter(state=State.RECEIVED).values_list("id", "received_at"):
        photos.process(photo_id=photo_id, now=received_at + timedelta(seconds=4))


def _every(step: int, tell: Callable[[int], None]) -> Callable[[int], None]:
    told = 0

    def progress(done: int) -> None:
        nonlocal told
        if done // step > told:
            told = done // step
            tell(done)

    return progress

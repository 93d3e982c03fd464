"""Everybody in a demo street: forty employed, four hundred residents of every kind, with phones nobody can have."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from huipai.cli.seed.folk.names import names_for
from huipai.cli.seed.texts.words import UnitText
from huipai.people.words import IdentityKind, Role


@dataclass(frozen=True)
class Post:
    """A role somebody holds: for a node by its code, or for a unit by its code."""

    role: Role
    node: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Soul:
    """One person of the demo. Without a phone, only the counter knows them."""

    key: str
    name: str
    phone: str
    birth_year: int
    is_staff: bool = False
    identities: tuple[IdentityKind, ...] = ()
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True)
class Scale:
    """How many people a street has."""

    workers: int
    residents: int
    checkers: int
    members: int
    prefix: str  # the first nine digits of every phone: 199 0000 is nobody's


YUNQIAO_SCALE = Scale(workers=12, residents=400, checkers=36, members=64, prefix="1990000")
HETANG_SCALE = Scale(workers=4, residents=60, checkers=10, members=12, prefix="1990001")

# How many of each hundred residents are what, and in which years they were born.
KINDS: tuple[tuple[int, IdentityKind, tuple[int, int]], ...] = (
    (30, IdentityKind.PENSIONER, (1943, 1963)),
    (14, IdentityKind.STUDENT, (1999, 2009)),
    (7, IdentityKind.TEACHER, (1968, 1996)),
    (11, IdentityKind.COURIER, (1980, 2004)),
    (6, IdentityKind.DRIVER, (1968, 1994)),
    (8, IdentityKind.MERCHANT, (1964, 1995)),
    (3, IdentityKind.DEPUTY, (1960, 1988)),
    (5, IdentityKind.PROPERTY_STAFF, (1965, 1990)),
    (16, IdentityKind.RESIDENT, (1964, 2002)),
)


def people_of(
    *, seed: int, slug: str, scale: Scale, grids: list[str], communities: list[str], street: str, units: list[UnitText]
) -> list[Soul]:
    """The cast of one street, employed first; `grids` are in the order in which workers take them over."""
    chance = Random(f"{seed}:{slug}:people")
    posts = list(_staff_posts(scale, grids, communities, street, units))
    births = [chance.randint(1968, 1999) for _ in posts]
    born = [_born(chance, n) for n in range(scale.residents)]
    names = names_for([*births, *(year for _, year in born)], chance)
    staff = [
        Soul(f"staff-{n:02d}", names[n], f"{scale.prefix}{n + 1:04d}", births[n], True, (), held)
        for n, held in enumerate(posts)
    ]
    residents = [
        _resident(chance, scale, n, kind, year, names[len(posts) + n], communities)
        for n, (kind, year) in enumerate(born)
    ]
    return [*staff, *residents]


PROPOSING = ("city_management", "police", "municipal", "sanitation", "fire", "market_supervision")


def _staff_posts(
    scale: Scale, grids: list[str], communities: list[str], street: str, units: list[UnitText]
) -> Iterator[tuple[Post, ...]]:
    share = -(-len(grids) // scale.workers)
    for n in range(scale.workers):
        yield tuple(Post(Role.GRID_WORKER, node=code) for code in grids[n * share : (n + 1) * share])
    yield from ((Post(Role.COORDINATOR, node=community),) for community in communities)
    yield (Post(Role.DISPATCHER, node=street),)
    if len(communities) > 1:
        yield (Post(Role.DISPATCHER, node=street),)
    for unit in units:
        if unit.kind in PROPOSING:
            # Those that may ask for a point item in the name of their unit.
            yield (Post(Role.UNIT_HANDLER, unit=unit.code), Post(Role.UNIT_LEAD, unit=unit.code))
        elif unit.kind != "community":
            yield (Post(Role.UNIT_HANDLER, unit=unit.code),)
    yield (Post(Role.RULEBOOK_EDITOR, node=street),)
    yield (Post(Role.REVIEWER, node=street),)
    yield (Post(Role.LEADER, node=street), Post(Role.REVIEWER, node=street))
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN):
        yield (Post(role, node=street),)
    yield (Post(Role.BOARD_MEMBER, node=street), Post(Role.REVIEWER, node=street))
    yield (Post(Role.STATION_HOST, node=communities[0]),)
    # Whoever leads a unit works on cases and never sees who reported, so the coordinator is somebody else.
    yield from ((Post(Role.UNIT_LEAD, unit=unit.code),) for unit in units if unit.kind == "community")


def _born(chance: Random, n: int) -> tuple[IdentityKind, int]:
    """What the n-th resident is: the shares are kept exactly in every hundred."""
    place = (n * 37) % 100
    for share, kind, years in KINDS:
        if place < share:
            return kind, chance.randint(*years)
        place -= share
    raise AssertionError("the shares make a hundred")


def _resident(
    chance: Random, scale: Scale, n: int, kind: IdentityKind, year: int, name: str, communities: list[str]
) -> Soul:
    also: list[IdentityKind] = [] if kind == IdentityKind.RESIDENT else [kind]
    if chance.random() < 0.22:
        also.append(IdentityKind.VOLUNTEER)
    if year < 2003 and chance.random() < 0.12:
        also.append(IdentityKind.PARTY_MEMBER)
    home = communities[n % len(communities)]
    posts: list[Post] = []
    if n < 2:
        posts.append(Post(Role.BOARD_MEMBER, node=communities[0][:9]))
    elif n < 2 + scale.checkers:
        posts.append(Post(Role.CHECKER, node=home))
    if 8 <= n < 8 + scale.members:
        posts.append(Post(Role.PART_TIME_MEMBER, node=home))
    has_phone = n < 20 or n % 11 != 7
    phone = f"{scale.prefix}{1000 + n:04d}" if has_phone else ""
    return Soul(f"resident-{n:03d}", name, phone, year, False, tuple(also), tuple(posts))

"""A few stairwells that stand by each other: groups, contacts, what was needed, what households were thanked for."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta

from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.plant.folk import Crowd
from huipai.grid import queries as grid
from huipai.grid.models import GridNode, Residence
from huipai.households import queries
from huipai.households.commands import assessing, groups, links, needs
from huipai.households.models import Link
from huipai.households.rules import quarter_after, quarters_over
from huipai.households.words import NeedKind, Reason, Way
from huipai.kit.sheets import beginning_of
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import Role
from huipai.rulebook import queries as rulebook
from huipai.rulebook.words import Earner

STAIRWELLS, HOUSEHOLDS = 3, 4
DAY = timedelta(days=1)
# What somebody said, and how far it got: by place in the list of households.
NEEDS = (
    (NeedKind.REPAIR, "厨房水龙头一直滴水，自己拧不动", "met"),
    (NeedKind.PAPERWORK, "医保卡换卡，腿脚不便，想请人陪一趟", "taken"),
    (NeedKind.COMPANY, "白天一个人在家，想有人来说说话", "open"),
    (NeedKind.MEALS, "这周出院在家，想订社区食堂的饭", "met"),
)
NOTES = ("换了垫圈，不滴了", "量了血压，说说家常", "看了燃气软管，没到期")


def plant_linked(crowd: Crowd, *, seed: int, slug: str, until: datetime) -> None:
    """Over the last four months, so that the quarter that is over has some of it; all of it through the commands."""
    begun = until - 120 * DAY
    coordinator = crowd.holding(Role.COORDINATOR)[0]
    for number, homes in enumerate(_stairwells(coordinator, begun), start=1):
        _group(f"邻里互助 {number} 组", homes, coordinator, begun)
        contact = next((one for one in crowd.holding(Role.GRID_WORKER) if _may(one, homes[0], begun)), coordinator)
        made = [_link(home, contact, n, begun + n * DAY) for n, home in enumerate(homes)]
        _help(made, contact, number, seed=seed, slug=slug, until=until)
    _thank(crowd, until)


def _stairwells(coordinator: Person, at: datetime) -> list[list[GridNode]]:
    """Households with grown-ups, by their stairwell; the first few that have enough of them."""
    nodes = grid.nodes_of(coordinator, Role.COORDINATOR, at)
    found: dict[GridNode, list[GridNode]] = defaultdict(list)
    lived_in = GridNode.objects.filter(pk__in=Residence.objects.values("household")).select_related("parent")
    for home in lived_in.order_by("code"):
        inside = any(home.path.startswith(node.path) for node in nodes)
        if inside and home.parent is not None and queries.adults_of(home, at):
            found[home.parent].append(home)
    return [homes[:HOUSEHOLDS] for homes in found.values() if len(homes) >= 2][:STAIRWELLS]


def _may(person: Person, home: GridNode, at: datetime) -> bool:
    return grid.has_role(person, Role.GRID_WORKER, at, home)


def _grown_up(home: GridNode, at: datetime) -> Person:
    return Person.objects.get(pk=queries.adults_of(home, at)[0])


def _group(name: str, homes: list[GridNode], coordinator: Person, at: datetime) -> None:
    assert homes[0].parent is not None
    group = groups.open_group(node=homes[0].parent, name=name, actor=coordinator, now=at)
    for home in homes:
        groups.join(group_id=group.pk, household=home, agreed_by=_grown_up(home, at), actor=coordinator, now=at)
    groups.lead(group_id=group.pk, person=_grown_up(homes[0], at), actor=coordinator, now=at)


def _link(home: GridNode, contact: Person, n: int, at: datetime) -> Link:
    """Most have said yes; one has not answered yet, one wishes to be telephoned in the daytime."""
    link = links.ask_household(household=home, contact=contact, now=at)
    if n == HOUSEHOLDS - 1:
        return link
    speaker = _grown_up(home, at)
    link = links.accept(link_id=link.pk, actor=speaker, now=at + timedelta(hours=3))
    if n == 1:
        wishes = links.Wishes((Way.PHONE, Way.DOOR), time(9), time(18))
        link = links.wish(link_id=link.pk, wishes=wishes, actor=speaker, now=at + timedelta(hours=4))
    return link


def _help(made: list[Link], contact: Person, number: int, *, seed: int, slug: str, until: datetime) -> None:
    for n, link in enumerate(link for link in made if link.answered_at):
        kind, text, outcome = NEEDS[(n + number) % len(NEEDS)]
        at = until - timedelta(days=20 - 5 * n, hours=number)
        speaker = _grown_up(link.household, at)
        need_id = derived(seed, at, slug, f"need-{number}-{n}")
        need = needs.raise_need(need_id=need_id, household=link.household, kind=kind, text=text, actor=speaker, now=at)
        if outcome == "open":
            continue
        needs.take(need_id=need.pk, actor=contact, now=at + timedelta(hours=2))
        if outcome == "met":
            links.note_visit(
                link_id=link.pk, way=Way.DOOR, reason=Reason.NEED, note=NOTES[n % len(NOTES)],
                visited_on=local_date(at + DAY), need_id=need.pk, actor=contact, now=at + DAY,
            )  # fmt: skip
            needs.finish(need_id=need.pk, actor=contact, now=at + DAY)


def _thank(crowd: Crowd, until: datetime) -> None:
    """Where the rulebook in force thanks households: one incentive posted, one in public, one proposed."""
    at = until - 12 * DAY
    quarter = next(quarters_over(local_date(at)))
    version = rulebook.in_force(beginning_of(quarter_after(quarter)) - timedelta(microseconds=1))
    thanked = [item for item in version.items.order_by("code") if Earner.HOUSEHOLD in item.earners] if version else []
    items = [item for item in thanked if rulebook.item_in_force(item.code, at) is not None]
    standing = Link.objects.filter(answered_at__isnull=False).select_related("household", "contact").order_by("id")
    reviewers = crowd.holding(Role.REVIEWER)
    for n, link in enumerate(standing[:3] if items and reviewers else []):
        assessment = assessing.propose(
            household=link.household, item_code=items[0].code, quarter=quarter, note="",
            actor=link.contact, now=at,
        )  # fmt: skip
        if n < 2:
            approved_at = at + DAY if n == 0 else until - 2 * DAY
            assessing.approve(assessment_id=assessment.pk, actor=reviewers[0], now=approved_at)
        if n == 0:
            assessing.post(assessment_id=assessment.pk, now=at + 9 * DAY)

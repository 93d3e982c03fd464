"""Fixed instants and the named cast of our tests. Makers act through commands; packages add theirs below."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import connection

from huipai.grid.models import Assignment, GridNode
from huipai.grid.words import Level
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Account, Person
from huipai.people.words import ConsentPurpose, Role
from huipai.points import commands as points
from huipai.rulebook import commands as rules
from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.rulebook.rules import EndRule, Terms
from huipai.rulebook.words import CONSULTATION, PUBLICITY, Evidence, Port
from huipai.streets.current import street_in_force
from tests.registered import registered
from tests.remembered import remembered_beside

# A Monday in the middle of an ordinary working week of November 2026; 10:00 in Shanghai.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
A_MONTH_AGO = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
A_YEAR_AGO = datetime(2025, 11, 24, 2, 0, tzinfo=UTC)
TWO_YEARS_AGO = datetime(2024, 11, 25, 2, 0, tzinfo=UTC)


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Make what a test begins with: the same commands, without a savepoint around each step of theirs.

    A third of all statements were savepoints that nothing goes back to. What is refused in here ends the transaction
    around it, so that a test about a refusal has one of its own, or asks the command itself.
    """
    connection.features.uses_savepoints, before = False, connection.features.uses_savepoints
    try:
        yield
    finally:
        connection.features.uses_savepoints = before


# --- People: of the street in force, with an account, and past the privacy notice.
def resident(name: str = "兰", phone: str = "13800000001", *, now: datetime = A_MONTH_AGO) -> Person:
    return registered(_resident, name=name, phone=phone, now=now)


def staff(name: str = "魏", phone: str = "13900000001", *, now: datetime = A_MONTH_AGO) -> Person:
    return registered(_staff, name=name, phone=phone, now=now)


def _resident(name: str, phone: str, now: datetime) -> Person:
    return _noticed(people.register(phone=phone, name=name, now=now), now)


def _staff(name: str, phone: str, now: datetime) -> Person:
    return _noticed(people.employ(phone=phone, name=name, actor=None, now=now), now)


def _noticed(person: Person, now: datetime) -> Person:
    people.give_consent(person=person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=now)
    return person


# --- Roles and the rulebook: by the commands that a street office uses.
def appoint(person: Person, role: Role, *, since: datetime = A_MONTH_AGO) -> Person:
    """Let somebody hold a role for the whole street."""
    root = GridNode.objects.filter(parent=None).first() or _root()
    Assignment.objects.create(person=person, role=role, node=root, valid_from=since)
    return person


def clerk(name: str = "魏", phone: str = "13900000001", *, now: datetime = A_MONTH_AGO) -> Person:
    """Somebody whose post it is to serve at the counter of a community."""
    return appoint(staff(name, phone, now=now), Role.COORDINATOR)


def _root() -> GridNode:
    id = new_id()
    return GridNode.objects.create(
        id=id, path=f"{id}/", level=Level.STREET, code="0", name="街道", valid_from=TWO_YEARS_AGO
    )


# Who answers for an item of the street's own, and on what it rests: the linter asks both of each.
OWNER, GROUND = "街道联动中心", "街道积分办法第一条"
FOUND = Terms(
    code="woodpecker-02", port=Port.WOODPECKER, title="路上乱停乱摆", description="报车辆乱停，核查属实计 5 分。",
    points=5, evidence=(Evidence.FACT,), automatic=True, owner=OWNER, legal_ground=GROUND,
)  # fmt: skip


def rulebook(*items: Terms, since: datetime = A_MONTH_AGO, end: EndRule | None = None) -> RulebookVersion:
    """Put a rulebook of these items in force: drafted, laid open, tried out, approved by two seats, in publicity."""
    if _was_begun():
        return _in_force(items, since, end)
    id = remembered_beside(repr((items, since, end)), street_in_force(), lambda: _in_force(items, since, end).id)
    return RulebookVersion.objects.get(pk=id)


def _was_begun() -> bool:
    """A street's first rulebook, with the people who make it, is the same wherever nobody has a post yet and nobody is
    known by one of their numbers."""
    return (
        any(model.objects.exists() for model in (RulebookVersion, Assignment, GridNode))
        or Account.objects.filter(phone__startswith="+86137").exists()
    )


@without_savepoints()
def _in_force(items: tuple[Terms, ...], since: datetime, end: EndRule | None) -> RulebookVersion:
    drafted, decided = since - 2 * CONSULTATION - timedelta(days=2), since - PUBLICITY - timedelta(days=1)
    writer = next(_roles(Role.RULEBOOK_EDITOR, 1, drafted))
    version = rules.draft(author=writer, note="这一版" if end else "", now=drafted)
    wanted = {terms.code: terms for terms in items or (FOUND,)}
    for struck in PointItem.objects.filter(version=version).exclude(code__in=wanted):
        rules.strike_item(version_id=version.id, actor=writer, code=struck.code, why="用不着了", now=drafted)
    for terms in wanted.values():
        explained = replace(terms, why=terms.why or f"第 {version.number} 版")
        rules.put_item(version_id=version.id, actor=writer, terms=explained, now=drafted)
    if end is not None:
        rules.set_end_rule(version_id=version.id, actor=writer, rule=end, now=drafted)
    rules.consult(version_id=version.id, actor=writer, until=drafted + CONSULTATION, now=drafted)
    return decide(version, writer, effective_from=since, now=decided)


def decide(version: RulebookVersion, writer: Person, *, effective_from: datetime, now: datetime) -> RulebookVersion:
    """Try out a draft whose consultation is over, have two seats of the board agree, and publish it."""
    run = rules.ask_dry_run(version_id=version.id, actor=writer, now=now)
    points.run_dry(run_id=run.id, now=now)
    for member in board(2, now):
        rules.approve(version_id=version.id, approver=member, content_hash=run.content_hash, now=now)
    return rules.publish(
        version_id=version.id, actor=writer, publicity_until=now + PUBLICITY, effective_from=effective_from, now=now
    )


def board(count: int, at: datetime = MONDAY) -> list[Person]:
    """The first members of a board of three: a resident, somebody of the street, and one more."""
    seats = (lambda: resident("居民议事员", "13700000001"), lambda: _member(2), lambda: _member(3))
    held = Assignment.objects.filter(role=Role.BOARD_MEMBER, valid_from__lte=at).select_related("person").order_by("id")
    members = [each.person for each in held]
    if len(members) < len(seats):
        members += [appoint(make(), Role.BOARD_MEMBER, since=TWO_YEARS_AGO) for make in seats[len(members) :]]
    residents = [member for member in members if not member.is_staff]
    employed = [member for member in members if member.is_staff]
    return [*residents[:1], *employed, *residents[1:]][:count]


def _member(number: int) -> Person:
    return staff(f"审议组成员{number}", f"1370000000{number}")


def _roles(role: Role, count: int, at: datetime) -> Iterator[Person]:
    """The first holders of a role at `at`; they are found, or employed."""
    held = Assignment.objects.filter(role=role, valid_from__lte=at).select_related("person").order_by("id")[:count]
    yield from (assignment.person for assignment in held)
    for number in range(len(held), count):
        phone = f"137{list(Role).index(role):04}{number:04}"
        yield appoint(staff(f"{role.label}{number}", phone), role, since=TWO_YEARS_AGO)

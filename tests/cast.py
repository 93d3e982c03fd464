"""Fixed instants and the named cast of our tests. Makers act through commands; packages add theirs below."""

from collections.abc import Iterator
from datetime import UTC, datetime

from huipai.grid.models import Assignment, GridNode
from huipai.grid.words import Level
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role
from huipai.rulebook import commands as rules
from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import Evidence, Port

# A Monday in the middle of an ordinary working week of November 2026; 10:00 in Shanghai.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
A_MONTH_AGO = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
A_YEAR_AGO = datetime(2025, 11, 24, 2, 0, tzinfo=UTC)


# --- People: of the street in force, with an account, and past the privacy notice.
def resident(name: str = "兰", phone: str = "13800000001", *, now: datetime = A_MONTH_AGO) -> Person:
    person = people.register(phone=phone, name=name, now=now)
    people.give_consent(person=person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=now)
    return person


def staff(name: str = "魏", phone: str = "13900000001", *, now: datetime = A_MONTH_AGO) -> Person:
    person = people.employ(phone=phone, name=name, actor=None, now=now)
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
        id=id, path=f"{id}/", level=Level.STREET, code="0", name="街道", valid_from=A_YEAR_AGO
    )


FOUND = Terms(
    code="woodpecker-02", port=Port.WOODPECKER, title="路上乱停乱摆", description="报车辆乱停，核查属实计 5 分。",
    points=5, evidence=(Evidence.FACT,), automatic=True,
)  # fmt: skip


def rulebook(*items: Terms, since: datetime = A_MONTH_AGO) -> RulebookVersion:
    """Put a rulebook of these items in force: drafted, approved by two of the board, published."""
    writer = next(_roles(Role.RULEBOOK_EDITOR, 1))
    version = rules.draft(author=writer, note="", now=since)
    for struck in PointItem.objects.filter(version=version):
        rules.strike_item(version_id=version.id, actor=writer, code=struck.code, now=since)
    for terms in items or (FOUND,):
        rules.put_item(version_id=version.id, actor=writer, terms=terms, now=since)
    for member in _roles(Role.BOARD_MEMBER, 2):
        rules.approve(version_id=version.id, approver=member, now=since)
    return rules.publish(version_id=version.id, actor=writer, effective_from=since, now=since)


def _roles(role: Role, count: int) -> Iterator[Person]:
    """The first holders of a role; they are found, or employed."""
    held = [assignment.person for assignment in Assignment.objects.filter(role=role).select_related("person")]
    for number in range(count):
        if number < len(held):
            yield held[number]
        else:
            phone = f"137{list(Role).index(role):04}{number:04}"
            yield appoint(staff(f"{role.label}{number}", phone, now=A_YEAR_AGO), role, since=A_YEAR_AGO)

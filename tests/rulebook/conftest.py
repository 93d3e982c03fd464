"""An editor, a board of three from two sides, and a department with its lead."""

import pytest

from huipai.grid.models import Assignment, Unit
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import commands
from huipai.rulebook.models import Proposal, RulebookVersion
from huipai.streets.models import Street
from tests.cast import A_YEAR_AGO, FOUND, MONDAY, appoint, board, staff
from tests.rulebook.making import SWEEP, consulted, tried


@pytest.fixture
def writer(in_yunqiao: Street) -> Person:
    return appoint(staff("编", "13900000011"), Role.RULEBOOK_EDITOR)


@pytest.fixture
def members(in_yunqiao: Street) -> list[Person]:
    return board(3)


@pytest.fixture
def draft(writer: Person) -> RulebookVersion:
    version = commands.draft(author=writer, note="头一版", now=MONDAY)
    commands.put_item(version_id=version.id, actor=writer, terms=FOUND, now=MONDAY)
    return version


@pytest.fixture
def sanitation(in_yunqiao: Street) -> Unit:
    return Unit.objects.create(code="HW", name="环卫所", kind="sanitation")


@pytest.fixture
def lead(sanitation: Unit) -> Person:
    person = staff("环", "13900000021")
    Assignment.objects.create(person=person, role=Role.UNIT_LEAD, unit=sanitation, valid_from=A_YEAR_AGO)
    return person


@pytest.fixture
def ripe(draft: RulebookVersion, writer: Person, members: list[Person]) -> RulebookVersion:
    """Consulted and tried out: the board may decide."""
    consulted(draft, writer)
    tried(draft, writer)
    return draft


@pytest.fixture
def proposal(sanitation: Unit, lead: Person) -> Proposal:
    return commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=MONDAY)

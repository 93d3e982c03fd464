"""A street in the middle of a revision: a book in force, a draft out for comments, proposals at the board."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from huipai.cli.seed.plant.admission import terms_of
from huipai.cli.seed.texts.items import ITEMS
from huipai.grid.models import Assignment, Unit
from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import IdentityKind, Role
from huipai.points import commands as points
from huipai.rulebook import commands
from huipai.rulebook.models import Proposal, Remark, RulebookVersion
from huipai.rulebook.words import CONSULTATION, Evidence, Outcome
from tests import cast
from tests.points.ledger import case
from tests.rulebook.making import NEXT_YEAR, SWEEP


@dataclass
class Town:
    writer: Person
    board: list[Person]
    lead: Person
    residents: list[Person]
    draft: RulebookVersion
    waiting: Proposal
    refused: Proposal
    open_remark: Remark


def build() -> Town:
    """Everything that the pages of the rulebook can show, made through its commands."""
    now = clock.now()
    items = [terms_of(item, "") for item in ITEMS]
    cast.rulebook(*items[:-1], since=now - timedelta(days=90))
    fewer = [replace(terms, points=terms.points + 1) if terms.code == "ox-07" else terms for terms in items]
    cast.rulebook(*fewer, since=now - timedelta(days=50))
    writer = RulebookVersion.objects.get(number=1).author
    members = cast.board(3, now)
    residents = _earn(now)
    unit = Unit.objects.create(code="HW", name="云桥环卫所", kind="sanitation")
    lead = cast.staff("环", "13900000021")
    Assignment.objects.create(person=lead, role=Role.UNIT_LEAD, unit=unit, valid_from=now - timedelta(days=200))
    admitted = commands.propose(unit=unit, proposer=lead, terms=SWEEP, now=now - timedelta(days=20))
    commands.admit(
        proposal_id=admitted.id, seen=admitted.digest, actor=members[0], ground="《城市市容和环境卫生管理条例》第十条",
        until=NEXT_YEAR, reason="老楼没有物业扫楼道，是网格里的事。", is_grid_work=True, now=now - timedelta(days=18),
    )  # fmt: skip
    draft = _draft(writer, admitted, now - CONSULTATION + timedelta(days=4))
    remark = _comments(draft, residents, writer, now)
    waiting = commands.propose(unit=unit, proposer=lead, terms=replace(SWEEP, code="ox-21"), now=now)
    liked = replace(SWEEP, code="ox-22", title="转发点赞满 20 个", evidence=(Evidence.LIKES,), assessable=True)
    refused = commands.propose(unit=unit, proposer=lead, terms=liked, now=now)
    return Town(writer, members, lead, residents, draft, waiting, refused, remark)


def _earn(now: datetime) -> list[Person]:
    """Three groups of last month, one too small to be shown."""
    last_month = (now.replace(day=1) - timedelta(days=3)).replace(hour=3)
    people_of = []
    for n, kind in enumerate([*[IdentityKind.STUDENT] * 7, *[IdentityKind.PENSIONER] * 6, *[IdentityKind.TEACHER] * 2]):
        person = cast.resident(f"居民{n}", f"138000010{n:02d}")
        people.add_identity(
            person=person, kind=kind, valid_from=cast.A_YEAR_AGO.date(), valid_until=None, actor=person,
            now=cast.A_YEAR_AGO,
        )  # fmt: skip
        code = ("ox-07", "ox-04", "sunflower-02")[n % 3]
        points.award(item_code=code, subject=case(), person=person, received_at=last_month, actor=None, now=last_month)
        people_of.append(person)
    return people_of


def _draft(writer: Person, admitted: Proposal, at: datetime) -> RulebookVersion:
    version = commands.draft(author=writer, note="入冬了，打扫的分提一提；没有物业的老楼，扫楼道也算。", now=at)
    by_code = {item.code: terms_of(item, "") for item in ITEMS}
    changed = (
        replace(by_code["ox-07"], points=8, day_cap=16, why="一小时偏少，来的人说路上也要半小时。"),
        replace(by_code["sunflower-02"], points=1, why="转发省力，分不该比陪老人看病的零头还多。"),
    )
    for terms in changed:
        commands.put_item(version_id=version.id, actor=writer, terms=terms, now=at)
    commands.strike_item(version_id=version.id, actor=writer, code="ox-04", why="没人用，并到别的条目里。", now=at)
    commands.enter(version_id=version.id, proposal_id=admitted.id, actor=writer, why="老楼楼道没人扫。", now=at)
    commands.consult(version_id=version.id, actor=writer, until=at + CONSULTATION, now=at)
    run = commands.ask_dry_run(version_id=version.id, actor=writer, now=at)
    points.run_dry(run_id=run.id, now=at)
    return version


def _comments(draft: RulebookVersion, residents: list[Person], writer: Person, now: datetime) -> Remark:
    said = [
        commands.comment(version_id=draft.id, person=person, code=code, text=text, now=now - timedelta(days=1))
        for person, code, text in (
            (residents[0], "ox-20", "扫楼道的扫把和簸箕谁出？"),
            (residents[1], "", "楼上楼下约不到一起，分两次扫算不算？"),
        )
    ]
    commands.answer(
        remark_id=said[0].id, actor=writer, outcome=Outcome.ADOPTED, answer="到驿站领，用完还回来。", now=now
    )
    return said[1]

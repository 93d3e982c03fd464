"""Makers for tests of the rulebook."""

from dataclasses import replace
from datetime import datetime, timedelta

from huipai.grid.models import Unit
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.commands.trying import begun
from huipai.points.queries import month
from huipai.rulebook import commands, queries, rules
from huipai.rulebook.models import DryRun, Proposal, RulebookVersion
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import CONSULTATION, NUMBERS, PUBLICITY, REVIEW_LASTS, Evidence, Port, Review
from tests.cast import FOUND, FRIDAY, GROUND, MONDAY, OWNER

# What a department asks for.
SWEEP = Terms(
    code="ox-20", port=Port.OX, title="扫一条楼道", description="扫一条楼道，从一楼到顶楼。", points=5,
    evidence=(Evidence.PHOTO, Evidence.WITNESS), day_cap=10, month_cap=40, asked_fields=("姓名", "楼栋", "扫了几层"),
    asked_people=26, asked_times=15, why="楼道没有人扫", owner=OWNER, legal_ground=GROUND,
)  # fmt: skip
CLAIMED = replace(FOUND, automatic=False, evidence=(Evidence.PHOTO,), day_cap=10)
NEXT_YEAR = FRIDAY.replace(year=2027).date()
DECIDED = MONDAY + CONSULTATION
SHOWN = DECIDED + PUBLICITY
NEXT_DAY = DECIDED + timedelta(days=1)


def consulted(version: RulebookVersion, writer: Person, now: datetime = MONDAY) -> datetime:
    """Lay a draft open; the instant at which consultation is over."""
    commands.consult(version_id=version.id, actor=writer, until=now + CONSULTATION, now=now)
    return now + CONSULTATION


def tried(version: RulebookVersion, actor: Person, now: datetime = DECIDED) -> DryRun:
    """The dry run of the draft as it stands, done."""
    run = commands.ask_dry_run(version_id=version.id, actor=actor, now=now)
    return points.run_dry(run_id=run.id, now=now)


def sums(run: DryRun) -> tuple[int, int]:
    """All points before and after of what a run counts, with nothing held back."""
    trial = begun(queries.book(run.version), run.begins)
    for deeds in month.deeds_between(run.begins, run.ends, limit=100):
        for deed in deeds:
            trial.count(deed)
    worths = [worth for each in trial.people.values() for worth in each.by_item.values()]
    return sum(worth.before for worth in worths), sum(worth.after for worth in worths)


def approved(version: RulebookVersion, members: list[Person], now: datetime = DECIDED) -> None:
    content = queries.content_hash(version.id)
    for member in members:
        commands.approve(version_id=version.id, approver=member, content_hash=content, now=now)


def use_up(port: Port, unit: Unit, lead: Person) -> None:
    """Every number of a port is asked for."""
    terms, due = rules.to_json(SWEEP), MONDAY + REVIEW_LASTS
    Proposal.objects.bulk_create(
        Proposal(
            unit=unit, proposer=lead, code=f"{port.value}-{number:02}", terms=terms, proposed_at=MONDAY, due_at=due
        )
        for number in NUMBERS
    )  # fmt: skip


def entered(
    proposal: Proposal, writer: Person, members: list[Person], at: datetime = MONDAY
) -> RulebookVersion:  # fmt: skip
    """A version in publicity that holds a proposal; admitted by the first member if it waits."""
    if proposal.state == Review.WAITING:
        admitted(proposal, members[0], at)
    version = commands.draft(author=writer, note="", now=at)
    commands.enter(version_id=version.id, proposal_id=proposal.id, actor=writer, why="楼道没有人扫", now=at)
    decided = consulted(version, writer, at)
    tried(version, writer, decided)
    approved(version, members, decided)
    return commands.publish(
        version_id=version.id, actor=writer, publicity_until=decided + PUBLICITY, effective_from=decided + PUBLICITY,
        now=decided,
    )  # fmt: skip


def admitted(proposal: Proposal, member: Person, now: datetime = MONDAY) -> Proposal:
    return commands.admit(
        proposal_id=proposal.id, seen=proposal.digest,
        actor=member, ground="《城市市容和环境卫生管理条例》第十条", until=NEXT_YEAR,
        reason="是网格里的事", is_grid_work=True, now=now,
    )  # fmt: skip


def publish(version: RulebookVersion, writer: Person) -> RulebookVersion:
    return commands.publish(
        version_id=version.id, actor=writer, publicity_until=SHOWN, effective_from=SHOWN + timedelta(days=1),
        now=DECIDED,
    )  # fmt: skip

"""Anything in any order, through the commands: what is refused is passed over, and what was done is proved.

After every step `verify_ledger` finds nothing: what the rulebook holds is what its journal told, in whatever order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huipai.grid.models import Unit
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.queries import verify_ledger
from huipai.rulebook import commands, queries
from huipai.rulebook.models import Proposal, Remark, RulebookVersion
from huipai.rulebook.rules import EndRule
from huipai.rulebook.words import CONSULTATION, PUBLICITY, Outcome, Review
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, resident
from tests.rounds import DEPTH
from tests.rulebook.making import CLAIMED, SWEEP, admitted, approved, tried

pytestmark = [pytest.mark.django_db, pytest.mark.no_guard]


@dataclass
class Book:
    """One street's rulebook, who works on it, the time, and a number that makes each wording another."""

    writer: Person
    members: list[Person]
    neighbour: Person
    unit: Unit
    lead: Person
    now: datetime = MONDAY
    turn: int = 0

    @property
    def draft(self) -> RulebookVersion:
        return found(RulebookVersion.objects.filter(published_at=None, ended_at=None))

    @property
    def shown(self) -> RulebookVersion:
        return found(RulebookVersion.objects.exclude(published_at=None).order_by("-number"))

    def proposal(self, *states: Review) -> Proposal:
        return found(Proposal.objects.filter(state__in=states).order_by("-proposed_at", "-id"))

    def remark(self, kind: str) -> Remark:
        return found(Remark.objects.filter(kind=kind, answered_at=None).order_by("-said_at", "-id"))


def found(rows: QuerySet) -> object:
    one = rows.first()
    if one is None:
        raise NotVisible
    return one


def propose(book: Book) -> None:
    terms = replace(SWEEP, title=f"扫楼道 {book.turn}", points=book.turn % 5 + 1)
    commands.propose(unit=book.unit, proposer=book.lead, terms=terms, now=book.now)


def publish(book: Book) -> None:
    """Everything from a draft that nothing waits for to publicity: alone these steps seldom follow each other."""
    draft, ends = book.draft, book.now + CONSULTATION
    commands.consult(version_id=draft.id, actor=book.writer, until=ends, now=book.now)
    book.now = ends
    tried(draft, book.writer, book.now)
    approved(draft, book.members[:2], book.now)
    shown = book.now + PUBLICITY
    commands.publish(
        version_id=draft.id, actor=book.writer, publicity_until=shown, effective_from=shown + timedelta(days=2),
        now=book.now,
    )  # fmt: skip


def wait(days: float) -> Callable[[Book], None]:
    def later(book: Book) -> None:
        book.now += timedelta(days=days)
        commands.keep_time(now=book.now)

    return later


Deed = Callable[[Book], object]
DEEDS: dict[str, Deed] = {
    "draft": lambda b: commands.draft(author=b.writer, note=f"第 {b.turn} 稿", now=b.now),
    "put": lambda b: commands.put_item(
        version_id=b.draft.id, actor=b.writer, now=b.now,
        terms=replace(FOUND, points=b.turn % 9 + 1, why="改一改"),
    ),
    "put_new": lambda b: commands.put_item(
        version_id=b.draft.id, actor=b.writer, now=b.now,
        terms=replace(CLAIMED, code=f"woodpecker-1{b.turn % 5}", why="新的"),
    ),
    "strike": lambda b: commands.strike_item(
        version_id=b.draft.id, actor=b.writer, code=found(b.draft.items.order_by("-code")).code, why="用不着", now=b.now
    ),
    "note": lambda b: commands.reword_note(version_id=b.draft.id, actor=b.writer, note=f"又说 {b.turn}", now=b.now),
    "end_rule": lambda b: commands.set_end_rule(
        version_id=b.draft.id, actor=b.writer, rule=EndRule(30 + b.turn % 30, 90 + b.turn % 30), now=b.now
    ),
    "consult": lambda b: commands.consult(
        version_id=b.draft.id, actor=b.writer, until=b.now + CONSULTATION + timedelta(days=b.turn % 5), now=b.now
    ),
    "comment": lambda b: commands.comment(
        version_id=b.draft.id, person=b.neighbour, code="", text=f"意见 {b.turn}", now=b.now
    ),
    "answer": lambda b: commands.answer(
        remark_id=b.remark("comment").id, actor=b.writer, outcome=Outcome.ADOPTED, answer="好的", now=b.now
    ),
    "try": lambda b: points.run_dry(
        run_id=commands.ask_dry_run(version_id=b.draft.id, actor=b.writer, now=b.now).id, now=b.now
    ),
    "approve": lambda b: commands.approve(
        version_id=b.draft.id, approver=b.members[b.turn % 3], content_hash=queries.content_hash(b.draft.id), now=b.now
    ),
    "publish": publish,
    "object": lambda b: commands.object_to(
        version_id=b.shown.id, person=b.neighbour, code="", text=f"异议 {b.turn}", now=b.now
    ),
    "dismiss": lambda b: commands.dismiss(
        remark_id=b.remark("objection").id, actor=b.members[b.turn % 3], answer="不对", now=b.now
    ),
    "uphold": lambda b: commands.uphold(
        remark_id=b.remark("objection").id, actor=b.members[b.turn % 3], answer="对", now=b.now
    ),
    "withdraw": lambda b: commands.withdraw(version_id=b.shown.id, actor=b.writer, reason="再想想", now=b.now),
    "abandon": lambda b: commands.abandon(version_id=b.draft.id, actor=b.writer, reason="放下", now=b.now),
    "propose": propose,
    "give_back": lambda b: commands.give_back(
        proposal_id=b.proposal(Review.WAITING).id, seen=b.proposal(Review.WAITING).digest,
        actor=b.members[0], reason=f"补一补 {b.turn}", now=b.now
    ),
    "propose_again": lambda b: commands.propose_again(
        proposal_id=b.proposal(Review.RETURNED).id, proposer=b.lead, now=b.now,
        terms=replace(SWEEP, points=b.turn % 9 + 1),
    ),
    "admit": lambda b: admitted(b.proposal(Review.WAITING), b.members[0], b.now),
    "decline": lambda b: commands.decline(
        proposal_id=b.proposal(Review.WAITING).id, seen=b.proposal(Review.WAITING).digest,
        actor=b.members[0], reason="不是", is_grid_work=False, now=b.now
    ),
    "take_back": lambda b: commands.take_proposal_back(
        proposal_id=b.proposal(Review.WAITING, Review.RETURNED, Review.ADMITTED).id, actor=b.lead,
        reason=f"不提了 {b.turn}", now=b.now,
    ),
    "enter": lambda b: commands.enter(
        version_id=b.draft.id, proposal_id=b.proposal(Review.ADMITTED).id, actor=b.writer, why="楼道没人扫", now=b.now
    ),
    "hours_later": wait(0.2),
    "days_later": wait(4),
}  # fmt: skip
# What two looks found only by chance, in the order in which it came.
KNOWN = (
    ["draft", "put", "consult", "note", "consult", "note", "consult"],
    ["propose", "give_back", "take_back"],
    ["propose", "admit", "take_back"],
)


@pytest.fixture
def book(in_yunqiao: Street, writer: Person, members: list[Person], sanitation: Unit, lead: Person) -> Book:
    return Book(writer, members, resident("邻", "13800010001"), sanitation, lead)


def walk(street: Street, book: Book, names: list[str]) -> int:
    """Take each step that is not refused; how many were taken. What was done is proved after every one."""
    taken = 0
    for turn, name in enumerate(names):
        book.turn, book.now = turn, book.now + timedelta(minutes=7)
        try:
            with transaction.atomic():
                DEEDS[name](book)
        except Refused:
            continue
        taken += 1
        assert list(map(str, verify_ledger(street))) == [], names[: turn + 1]
    return taken


@pytest.mark.parametrize("names", KNOWN)
def test_what_was_found_by_chance_is_proved(in_yunqiao: Street, book: Book, names: list[str]) -> None:
    assert walk(in_yunqiao, book, names) == len(names)


@pytest.mark.long
@pytest.mark.deep
@settings(
    max_examples=8 * DEPTH, deadline=None, derandomize=DEPTH == 1,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(names=st.lists(st.sampled_from(sorted(DEEDS)), min_size=30, max_size=60))
def test_anything_in_any_order_is_proved(in_yunqiao: Street, book: Book, names: list[str]) -> None:
    with transaction.atomic():
        walk(in_yunqiao, replace(book), names)
        transaction.set_rollback(True)


def test_every_deed_is_taken_somewhere(in_yunqiao: Street, book: Book) -> None:
    """No step of the walk is refused always: it would prove nothing of it."""
    life = [
        "draft", "put", "put_new", "strike", "note", "end_rule", "consult", "comment", "answer", "days_later",
        "days_later", "try", "approve", "hours_later", "abandon", "draft", "put", "publish", "object", "dismiss",
        "object", "uphold", "draft", "put", "publish", "withdraw", "propose", "give_back", "propose_again", "decline",
        "propose", "take_back", "propose", "admit", "draft", "enter",
    ]  # fmt: skip
    assert set(life) == set(DEEDS)
    for turn, name in enumerate(life):
        book.turn, book.now = turn, book.now + timedelta(minutes=7)
        DEEDS[name](book)
    assert list(map(str, verify_ledger(in_yunqiao))) == []

"""What departments ask for, and what the board says to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from huipai.cli.seed.texts.admission import ENTERED, WISHES, Wish
from huipai.cli.seed.texts.words import Item
from huipai.grid.models import Assignment, Unit
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import commands as rulebook
from huipai.rulebook.models import Proposal
from huipai.rulebook.rules import Terms
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.words import Earner, Evidence, Port, Review


@dataclass
class Admissions:
    """The board, and the last moment of the year."""

    board: list[Person]
    until: datetime

    def of(self, item: Item, at: datetime) -> Proposal | None:
        """The admission by which an item comes into the version drafted at `at`, if a department asks for it."""
        if item.code != ENTERED.item.code:
            return None
        asked = (self.until - at).days + 5
        return self.wish(ENTERED._replace(item=item, days_ago=asked))

    def wish_all(self) -> None:
        for wish in WISHES:
            self.wish(wish)

    def wish(self, wish: Wish) -> Proposal | None:
        """A proposal and its review; nothing where the street has no such unit or nobody leads it."""
        unit = Unit.objects.filter(name__contains=wish.unit).first()
        lead = Assignment.objects.filter(unit=unit, role=Role.UNIT_LEAD).select_related("person").first()
        if unit is None or lead is None:
            return None
        at = self.until - timedelta(days=wish.days_ago)
        proposal = rulebook.propose(unit=unit, proposer=lead.person, terms=_terms(wish), now=at)
        if proposal.state == Review.WAITING:
            self._review(proposal, wish, at + timedelta(days=2))
        return proposal

    def _review(self, proposal: Proposal, wish: Wish, at: datetime) -> None:
        reviewer = self.board[0]
        if wish.becomes == "admitted":
            rulebook.admit(
                proposal_id=proposal.id, seen=proposal.digest, actor=reviewer, ground=wish.item.ground,
                until=(at + timedelta(days=365)).date(), reason=wish.reason, is_grid_work=True, now=at,
            )  # fmt: skip
        elif wish.becomes == "declined":
            rulebook.decline(
                proposal_id=proposal.id,
                seen=proposal.digest,
                actor=reviewer,
                reason=wish.reason,
                is_grid_work=False,
                now=at,
            )
        elif wish.becomes == "returned":
            rulebook.give_back(
                proposal_id=proposal.id, seen=proposal.digest, actor=reviewer, reason=wish.reason, now=at
            )


def _terms(wish: Wish) -> Terms:
    return replace(
        terms_of(wish.item, wish.why), asked_fields=wish.fields, asked_people=wish.people, asked_times=wish.times,
        assessable=wish.assessable,
    )  # fmt: skip


def terms_of(item: Item, why: str) -> Terms:
    """An item in the rulebook's own shape; never a ground on which anybody is assessed."""
    return Terms(
        code=item.code,
        port=Port(item.code.rsplit("-", 1)[0]),
        title=item.name,
        description=item.text,
        points=item.points,
        formula=parse(item.formula) if item.formula else None,
        evidence=tuple(Evidence(kind) for kind in item.evidence),
        earners=(Earner.HOUSEHOLD,) if item.household else (Earner.RESIDENT, Earner.PART_TIME_MEMBER),
        day_cap=item.cap_day or None,
        month_cap=item.cap_month or None,
        cooldown_minutes=item.cooldown_days * 24 * 60,
        under_14=item.minors,
        owner=item.owner,
        legal_ground=item.ground,
        automatic=item.automatic,
        why=why,
    )

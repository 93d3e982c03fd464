"""Points by hand, points asked back, families that leave, and the end of the scheme: what people decide."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from huipai.grid import commands as grid
from huipai.kit.verdict import Moved, NotAllowed
from huipai.people import commands as people_commands
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose
from huipai.points import commands as points
from huipai.points.commands import (
    ClosingExists,
    ClosingTooSoon,
    GrantDecided,
    GrantUnfit,
)
from huipai.points.commands.granting import GrantTooMuch
from huipai.points.models import (
    Closing,
    Correction,
    Grant,
)
from huipai.points.words import CorrectionReason, GrantReason, Why
from tests.cast import MONDAY
from tests.points.test_household import LINKED
from tests.points.test_machine import NEVER, Paid
from tests.shop.machine.base import GRANT, LATER, Streetwise
from tests.shop.model import GIVEN, HOME


class Deciding(Streetwise):
    """What moves points because two people agree that it should."""

    @rule()
    def award_home(self) -> None:
        self.subjects += 1
        before = self.rows() if self.model.is_over(self.now) else ""
        outcome = points.award_household(
            item_code=LINKED.code, subject=f"visit:{self.subjects}", household=self.home, received_at=self.now,
            actor=None, now=self.now,
        )  # fmt: skip
        if before:
            assert outcome.why == Why.WOUND_DOWN and self.rows() == before
            return
        assert outcome.why == Why.POSTED and outcome.posting
        self.earn(HOME, LINKED.code, LINKED.points, outcome.posting)

    @rule(
        who=st.integers(0, 1),
        count=st.integers(1, GIVEN.points + 1),
        end=st.sampled_from(["approve", "decline", "twice", "same", "back"]),
    )
    def grant(self, who: int, count: int, end: str) -> None:
        """Two people decide, or one of them says no; whoever proposed it decides nothing."""
        self.subjects += 1

        def propose() -> Grant:
            return points.propose_grant(
                person=self.people[who], points=count, reason=GrantReason.MISSED, item_code=GIVEN.code, done_at=MONDAY,
                paper_number=f"P-{self.subjects}", actor=self.reviewers[0], now=self.now,
            )  # fmt: skip

        if self.model.is_over(MONDAY):
            self.refused(GrantUnfit, propose)
            return
        if count > GIVEN.points:
            self.refused(GrantTooMuch, propose)
            return
        grant = propose()
        if end == "same":
            self.refused(
                NotAllowed, lambda: points.approve_grant(grant_id=grant.id, actor=self.reviewers[0], now=self.now)
            )
        if end == "back":
            self.refused(
                NotAllowed, lambda: points.take_back_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
            )
            points.take_back_grant(grant_id=grant.id, actor=self.reviewers[0], now=self.now)
            self.refused(
                GrantDecided, lambda: points.approve_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
            )
            return
        if end == "decline":
            points.decline_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
            self.refused(
                GrantDecided, lambda: points.approve_grant(grant_id=grant.id, actor=self.reviewers[2], now=self.now)
            )
            return
        approved = points.approve_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
        assert approved.posting is not None
        self.earn(who, GRANT, count, approved.posting)
        if end == "twice":
            before = self.rows()
            again = points.approve_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
            assert again.posting_id == approved.posting_id and self.rows() == before

    @rule(later=LATER)
    def another_family_begins(self, later: int) -> None:
        """All move out and strangers move in; when those who were there before come back, they begin anew too."""
        lan = self.people[0]
        self.time_passes(hours=later + 1)
        grid.move_out(person=lan, at=self.now, actor=None, now=self.now)
        self.time_passes(hours=1)
        grid.move_in(person=self.newcomer, household=self.home, at=self.now, actor=None, now=self.now)
        self.model.family_ends(HOME)
        self.left |= {paid.posting.id for paid in self.model.paid if paid.who == HOME}
        self.time_passes(hours=1)
        grid.move_out(person=self.newcomer, at=self.now, actor=None, now=self.now)
        self.time_passes(hours=1)
        grid.move_in(person=lan, household=self.home, at=self.now, actor=None, now=self.now)
        people_commands.give_consent(person=lan, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=self.now)

    @precondition(lambda self: self.model.paid)
    @rule(which=st.integers(0, 10**6), end=st.sampled_from(["approve", "decline", "withdraw", "dismissed", "upheld"]))
    def ask_back(self, which: int, end: str) -> None:
        """One asks, another decides, a third hears the appeal: what comes back pays first what is owed.

        Whoever judged what a neighbour said against a claim had a hand in its points, and decides neither.
        """
        paid = self.model.paid[which % len(self.model.paid)]

        def ask() -> Correction:
            return points.propose_correction(
                posting_id=paid.posting.id, reason=CorrectionReason.RECORDED_WRONGLY, note="记错了",
                actor=self.reviewers[0], now=self.now,
            )  # fmt: skip

        if paid.posting.id in self.asked:
            before = self.rows()
            assert ask().posting_id == paid.posting.id and self.rows() == before
            return
        if self.stands(paid):
            self.refused(Moved, ask)
            return
        one, decider = ask(), 2
        self.refused(NotAllowed, lambda: self.decide_asked(one, 0))
        if any(claim.paid is paid and claim.is_objected for claim in self.model.claims):
            self.refused(NotAllowed, lambda: self.decide_asked(one, 2))
            decider = 3
        if end == "decline":
            points.decline_correction(correction_id=one.id, actor=self.reviewers[decider], now=self.now)
            return
        if end == "withdraw":
            self.think_better(one)
            return
        self.decide_asked(one, decider)
        self.model.take_back(paid)
        self.asked.add(paid.posting.id)
        if end != "approve":
            self.is_appealed(one, paid, end, decider)

    def is_appealed(self, one: Correction, paid: Paid, end: str, decider: int) -> None:
        receiver = self.people[0 if paid.who == HOME else paid.who]
        points.appeal_correction(correction_id=one.id, actor=receiver, text="没有错", now=self.now)
        hear = points.uphold_appeal if end == "upheld" else points.dismiss_appeal
        self.refused(NotAllowed, lambda: hear(correction_id=one.id, actor=self.reviewers[decider], now=self.now))
        heard = hear(correction_id=one.id, actor=self.reviewers[decider + 1], now=self.now)
        if end == "upheld":
            assert (heard.restored is not None) == bool(paid.due)
        if heard.restored is not None:
            self.earn(paid.who, GRANT, paid.due, heard.restored, restores=paid.origin)

    def stands(self, paid: Paid) -> bool:
        """Whether nobody asks it back: gone, decided by a third, or a claim that is objected to instead."""
        is_heard = any(one.paid is paid and one.is_open(self.now) for one in self.model.claims)
        return paid.posting.id in self.left or paid.taken_back or paid.restores is not None or is_heard

    def think_better(self, one: Correction) -> None:
        """Whoever asked takes it back; nobody else does, and nobody decides it any more."""
        first, other = self.reviewers[0], self.reviewers[2]
        self.refused(NotAllowed, lambda: points.withdraw_correction(correction_id=one.id, actor=other, now=self.now))
        for again in (lambda act: act(), self.unchanged):
            again(lambda: points.withdraw_correction(correction_id=one.id, actor=first, now=self.now))
        self.refused(Moved, lambda: self.decide_asked(one, 2))

    def decide_asked(self, one: Correction, number: int) -> Correction:
        return points.approve_correction(correction_id=one.id, actor=self.reviewers[number], now=self.now)

    @precondition(lambda self: self.model.redeem_until == NEVER and len(self.model.paid) > 3)
    @rule(days=st.integers(30, 45), more=st.integers(90, 120), odd=st.integers(0, 3))
    def end_the_scheme(self, days: int, more: int, odd: int) -> None:
        """One proposes it, another decides; one in four comes to it, the rest is refused or taken back."""
        first, second = self.leaders
        awards_until = self.now + timedelta(days=days)
        redeem_until = awards_until + timedelta(days=more)

        def propose(until: datetime, by: Person = first) -> Closing:
            return points.propose_closing(awards_until=until, redeem_until=redeem_until, actor=by, now=self.now)

        if odd == 1:
            self.refused(ClosingTooSoon, lambda: propose(awards_until - timedelta(days=days - 29)))
            return
        made = propose(awards_until)
        before = self.rows()
        assert propose(awards_until) == made and self.rows() == before, "twice by one is once"
        self.refused(ClosingExists, lambda: propose(awards_until, by=second))
        self.refused(NotAllowed, lambda: points.approve_closing(closing_id=made.id, actor=first, now=self.now))
        if odd:
            points.withdraw_closing(closing_id=made.id, actor=second, now=self.now)
            return
        points.approve_closing(closing_id=made.id, actor=second, now=self.now)
        self.model.close(awards_until, redeem_until)

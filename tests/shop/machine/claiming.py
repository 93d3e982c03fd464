"""What people claim themselves: shown in public, paid, objected to, taken back, and given back."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from huipai.kit.ids import new_id
from huipai.kit.verdict import Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.points.commands.claims import checking, contesting, objecting, reviewing, settling, submitting
from huipai.points.models import Claim, Contest, Objection
from huipai.points.rules.deciding import public_until
from huipai.points.rules.sending import ClaimSending
from huipai.points.words import APPEAL_FOR, UNDO_FOR, ClaimState, ObjectionReason
from tests.shop.machine.base import GRANT, LATER, Streetwise
from tests.shop.model import CLAIM, Claimed

ENDS = {"public": ClaimState.PUBLICISED, "posted": ClaimState.POSTED, "unpaid": ClaimState.REJECTED}


class Claiming(Streetwise):
    """A claim from its first word to its last, and each step that moves points."""

    @precondition(lambda self: len(self.model.claims) < 12)
    @rule(who=st.integers(0, 1))
    def claim(self, who: int) -> None:
        """One claims, the machine looks, somebody approves, and the neighbours see it."""
        self.subjects += 1
        sending = ClaimSending(claim_id=new_id(), item_code=CLAIM.code, note=f"给老人买了菜 {self.subjects}")

        def submit() -> object:
            return submitting.submit(sending=sending, claimant=self.people[who], now=self.now)

        if self.model.is_over(self.now):
            self.refused(Moved, submit)
            return
        submit()
        self.unchanged(submit)
        at, id = self.now, sending.claim_id
        checking.check(claim_id=id, now=at)
        reviewing.approve(claim_id=id, seen=Claim.objects.get(pk=id).standing, reviewer=self.reviewers[1], now=at)
        assert self.unchanged(lambda: settling.take_effect(claim_id=id, now=at)) is None
        self.wait_until(at + UNDO_FOR)
        settling.take_effect(claim_id=id, now=self.now, pick=lambda _most: 1)
        self.model.claims.append(Claimed(id, who, at, public_until(self.now)))

    @precondition(lambda self: self.model.claims)
    @rule(which=st.integers(0, 10**6), is_waited_for=st.booleans())
    def publicity_ends(self, which: int, is_waited_for: bool) -> None:
        """Paid once, by the caps of the day on which it came in; or not, and it says why."""
        one = self.model.claims[which % len(self.model.claims)]
        if is_waited_for and one.state == "public":
            self.wait_until(one.until)
        if one.state != "public" or self.now < one.until:
            self.is_not_posted(one)
            return
        has_room = self.model.room(one.who, CLAIM.code, one.at) and not self.model.is_over(one.at)
        claim = settling.post(claim_id=one.id, now=self.now)
        assert claim is not None
        one.state = "posted" if has_room else "unpaid"
        assert claim.state == ENDS[one.state]
        if has_room:
            assert claim.posting is not None
            self.model.pay(one.who, CLAIM.code, one.at, self.now, claim.posting)
            one.paid, one.paid_at = self.model.paid[-1], self.now

    def is_not_posted(self, one: Claimed) -> None:
        assert self.unchanged(lambda: settling.post(claim_id=one.id, now=self.now)) is None

    @precondition(lambda self: self.model.claims)
    @rule(which=st.integers(0, 10**6), is_right=st.booleans(), later=LATER)
    def is_objected_to(self, which: int, is_right: bool, later: int) -> None:
        """By a neighbour, once; nothing is paid meanwhile, and what was paid is taken back if they are right."""
        one = self.model.claims[which % len(self.model.claims)]

        def file() -> Objection:
            return objecting.object_to(
                claim_id=one.id, objector=self.people[1 - one.who], reason=ObjectionReason.NOT_DONE, text="",
                now=self.now,
            )  # fmt: skip

        if one.is_objected:
            self.unchanged(file)
            return
        if not one.is_open(self.now):
            self.refused(NotVisible if one.state == "unpaid" else Moved, file)
            return
        objection, filed_at = file(), self.now
        one.is_objected = True
        self.time_passes(hours=later)
        self.is_not_posted(one)
        decide = objecting.uphold if is_right else objecting.dismiss
        self.refused(
            NotAllowed, lambda: decide(objection_id=objection.id, judge=self.reviewers[1], now=self.now)
        )  # who approved it
        decide(objection_id=objection.id, judge=self.reviewers[2], now=self.now)
        if not is_right:
            if one.paid_at is None:
                one.until += self.now - filed_at
            else:
                one.paid_at += self.now - filed_at
            return
        one.state, one.upheld_at, one.took = "upheld", self.now, 0
        if one.paid is not None and not one.paid.taken_back:
            self.model.take_back(one.paid)
            one.took = one.paid.due

    @precondition(lambda self: any(one.upheld_at for one in self.model.claims))
    @rule(which=st.integers(0, 10**6), is_right=st.booleans(), later=LATER)
    def is_contested(self, which: int, is_right: bool, later: int) -> None:
        """By its claimant, once, within a week: what was taken back comes back, and pays first what is owed."""
        upheld = [one for one in self.model.claims if one.upheld_at]
        one = upheld[which % len(upheld)]
        assert one.upheld_at is not None

        def file() -> Contest:
            return contesting.contest(claim_id=one.id, actor=self.people[one.who], text="我做了", now=self.now)

        if one.is_contested:
            self.unchanged(file)
            return
        if self.now >= one.upheld_at + APPEAL_FOR:
            self.refused(Moved, file)
            return
        contest = file()
        one.is_contested = True
        self.time_passes(hours=later)

        def hear(judge: Person) -> Contest:
            decide = contesting.grant if is_right else contesting.dismiss
            return decide(contest_id=contest.id, judge=judge, now=self.now)

        self.refused(NotAllowed, lambda: hear(self.reviewers[2]))  # who upheld the objection
        heard = hear(self.reviewers[3])
        self.unchanged(lambda: hear(self.reviewers[3]))
        if is_right:
            self.comes_back(one, heard, self.now)

    def comes_back(self, one: Claimed, heard: Contest, now: datetime) -> None:
        """Shown in public again where nothing was paid and still can be; else what was taken of it, and no more."""
        if one.paid is None:
            if now < self.model.redeem_until:
                one.state, one.until, one.upheld_at = "public", public_until(now), None
            return
        one.state = "posted"
        assert (heard.restored is None) == (not one.took)
        if heard.restored is not None:
            self.earn(one.who, GRANT, one.took, heard.restored, restores=one.paid)

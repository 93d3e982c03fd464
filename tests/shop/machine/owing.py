"""What is owed: how it comes about, what pays it, and when nobody has to; ways too long to be found by chance."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.points.test_machine import ITEMS
from tests.shop.machine.base import SLOT
from tests.shop.machine.claiming import Claiming
from tests.shop.machine.deciding import Deciding
from tests.shop.machine.fetching import Fetching
from tests.shop.model import HOME


class Owing(Deciding, Claiming, Fetching):
    """A few steps after each other, each of them as the other rules take it: it happens or is refused.

    Each way is gone once in a run; there is time for everything else beside it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[str] = set()

    @precondition(lambda self: "a_family_leaves_owing" not in self.gone)
    @rule(slot=SLOT, where=st.integers(0, 1))
    def a_family_leaves_owing(self, slot: int, where: int) -> None:
        """What they have used is asked back; whoever lives there next owes nothing."""
        self.gone.add("a_family_leaves_owing")
        self.award_home()
        self.reserve(who=HOME, slot=slot, where=where, quantity=1, again=False)
        if self.model.kept:
            self.hand_over(which=0, newest=True, later=0)
        for number in [n for n, paid in enumerate(self.model.paid) if paid.who == HOME]:
            self.ask_back(which=number, end="approve")
        self.another_family_begins(later=0)

    @precondition(lambda self: "what_was_kept_pays_what_is_owed" not in self.gone)
    @rule(who=st.integers(0, 1), slot=SLOT, where=st.integers(0, 1))
    def what_was_kept_pays_what_is_owed(self, who: int, slot: int, where: int) -> None:
        """Points that are set aside are not taken back; once they are let go they pay first."""
        self.gone.add("what_was_kept_pays_what_is_owed")
        self.reserve(who=who, slot=slot, where=where, quantity=1, again=False)
        for number in [n for n, paid in enumerate(self.model.paid) if paid.who == who and not paid.taken_back]:
            self.reverse(which=number)
        if self.model.kept:
            self.cancel(which=0, newest=True, later=0)

    @precondition(lambda self: "what_was_let_lie_pays_what_is_owed" not in self.gone)
    @rule(
        who=st.integers(0, 1), slot=SLOT, where=st.integers(0, 1), days=st.integers(7, 70), sweep=st.booleans(),
        code=st.sampled_from(sorted(ITEMS)),
    )  # fmt: skip
    def what_was_let_lie_pays_what_is_owed(
        self, who: int, slot: int, where: int, days: int, sweep: bool, code: str
    ) -> None:
        """When its time was over, also where nobody has posted that before its lots end and something new is earned."""
        self.gone.add("what_was_let_lie_pays_what_is_owed")
        self.reserve(who=who, slot=slot, where=where, quantity=1, again=False)
        for number in [n for n, paid in enumerate(self.model.paid) if paid.who == who and not paid.taken_back]:
            self.reverse(which=number)
        self.time_passes(hours=24 * days)
        if sweep:
            self.sweep_holds()
        self.award(who=who, code=code, ago=0, later=0)

    @precondition(lambda self: "a_month_is_full" not in self.gone and len(self.model.claims) < 9)
    @rule(who=st.integers(0, 1))
    def a_month_is_full(self, who: int) -> None:
        """The third claim of a month finds no room, when it comes out of publicity."""
        self.gone.add("a_month_is_full")
        for _each in range(3):
            self.claim(who=who)
        for number in range(len(self.model.claims)):
            self.publicity_ends(which=number, is_waited_for=True)

    @precondition(lambda self: self.model.claims)
    @rule(which=st.integers(0, 10**6), is_right=st.booleans())
    def is_upheld_and_contested(self, which: int, is_right: bool) -> None:
        """The last word of two."""
        self.is_objected_to(which=which, is_right=True, later=0)
        upheld = [one for one in self.model.claims if one.upheld_at]
        if upheld:
            self.is_contested(which=len(upheld) - 1, is_right=is_right, later=0)

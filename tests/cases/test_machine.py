"""The table of states by itself: everything can be reached, everything can end, and nothing waits for ever."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.conf import settings

from huipai.cases.models.case import IN_HAND
from huipai.cases.order_words import OrderAction, OrderState
from huipai.cases.rules import machine, orders, picture
from huipai.cases.rules.lateness import ENDED
from huipai.cases.rules.machine import NotNow
from huipai.cases.rules.machine_table import MACHINE
from huipai.cases.step_words import STEPS
from huipai.cases.words import Action, Actor, Clock, Outcome, State
from huipai.kit.verdict import NotAllowed
from huipai.web.chips import CHIPS


def reached(start: State, *, without: Iterable[Action] = ()) -> set[State]:
    """Every state that steps lead to from `start`."""
    rows = [row for row in MACHINE if row.action not in set(without)]
    found, edge = {start}, {start}
    while edge:
        edge = {row.leads_to(state) for state in edge for row in rows if state in row.sources} - found
        found |= edge
    return found


def test_every_state_can_be_reached_from_a_report() -> None:
    assert reached(State.REPORTED) == machine.states()


@pytest.mark.parametrize("state", sorted(machine.states()))
class TestState:
    def test_can_come_to_an_end(self, state: State) -> None:
        assert reached(state) & machine.ends()

    def test_ends_with_an_outcome_or_goes_on(self, state: State) -> None:
        rows = [row for row in MACHINE if row.target == state]
        assert {row.outcome is not None for row in rows} <= {state in machine.ends()}
        assert (state in machine.ends()) == (state in ENDED)

    def test_is_in_somebodys_hands_outside_or_over(self, state: State) -> None:
        outside = {State.RESPONDED, State.CHECKING, State.CONFIRMING}
        hub = {State.FILED, State.RETURNED}
        unit = {State.DISPATCHED, State.IN_PROGRESS, State.EXTENSION_PENDING, State.SUSPENDED}
        assert sum(state in some for some in (IN_HAND, outside, hub, unit, machine.ends())) == 1

    def test_has_a_chip(self, state: State) -> None:
        assert state in CHIPS


OUTWARD = [
    State.RESPONDED, State.CHECKING, State.CONFIRMING, State.VERIFYING, State.EXTENSION_PENDING, State.SUSPENDED,
]  # fmt: skip


@pytest.mark.parametrize("state", OUTWARD)
def test_who_waits_for_somebody_outside_has_a_time_out(state: State) -> None:
    by_system = [row for row in MACHINE if state in row.sources and Actor.SYSTEM in row.parts]
    assert any(row.leads_to(state) != state or row.action == Action.LAPSE_VERIFY for row in by_system)


@pytest.mark.parametrize("state", [State.VERIFYING, State.DISPATCHED, State.EXTENSION_PENDING, State.SUSPENDED])
def test_and_the_hub_can_go_on_by_itself(state: State) -> None:
    by_hub = [row for row in MACHINE if state in row.sources and Actor.DISPATCHER in row.parts]
    assert any(row.leads_to(state) != state for row in by_hub)


def test_nobody_who_works_on_it_stops_or_lengthens_the_clock_but_by_a_response() -> None:
    stopping = {row.action: row.parts for row in MACHINE if row.clock in (Clock.PAUSE, Clock.EXTEND)}
    responses = {Action.RESPOND, Action.HANDLE_ON_THE_SPOT}
    assert all(parts == {Actor.DISPATCHER} for action, parts in stopping.items() if action not in responses)


def test_only_a_review_leaves_an_end_and_never_a_closed_case() -> None:
    leaving = [row for row in MACHINE if row.sources & machine.ends()]
    assert {row.action for row in leaving} == {Action.ASK_REVIEW} and State.CLOSED not in leaving[0].sources


class TestOrders:
    def test_every_state_is_reached_and_can_end(self) -> None:
        found: set[OrderState] = {orders.INITIAL}
        for _turn in OrderState:
            found |= {row.target for row in orders.ORDERS for state in found if state in row.sources and row.target}
        assert found == set(OrderState)
        for state in orders.LIVE:
            assert any(row.target in orders.OVER for row in orders.ORDERS if state in row.sources)

    def test_the_hub_can_recall_whatever_lives(self) -> None:
        [recall] = [row for row in orders.ORDERS if row.action == OrderAction.RECALL]
        assert recall.sources == orders.LIVE

    def test_every_action_is_one_row(self) -> None:
        actions = [row.action for row in orders.ORDERS]
        assert len(actions) == len(set(actions)) and {*actions, OrderAction.SEND} == set(OrderAction)


def test_the_system_alone_brings_every_response_to_an_end_or_back() -> None:
    """Without reporter or handler, and with a checker drawn again and again, nothing is stuck in one state."""
    silent = {row.action for row in MACHINE if not row.parts & {Actor.SYSTEM, Actor.CHECKER}}
    assert State.CLOSED in reached(State.RESPONDED, without=silent)


def test_only_the_system_and_the_reporter_end_what_was_done() -> None:
    """No person closes a case (ruling 8): worker and checker cannot."""
    closing = [row for row in MACHINE if row.target == State.CLOSED]
    assert {part for row in closing for part in row.parts} == {Actor.SYSTEM, Actor.REPORTER}
    assert {row.outcome for row in closing} == {Outcome.CONFIRMED, Outcome.NO_ANSWER, Outcome.PART_DONE}


def test_the_clock_stands_exactly_between_response_and_return_and_while_suspended() -> None:
    into = {row.target for row in MACHINE if row.clock == Clock.PAUSE}
    back = {row.action: row.target for row in MACHINE if row.clock == Clock.RESUME}
    assert into == {State.RESPONDED, State.SUSPENDED}
    assert back == {
        Action.FAIL_CHECK: State.REWORK, Action.DISPUTE: State.REOPENED, Action.UNSUSPEND: State.IN_PROGRESS,
        Action.ASK_REVIEW: State.VERIFYING, Action.SEND_BACK_PART: State.REOPENED,
    }  # fmt: skip


def test_every_action_is_one_row_and_has_words() -> None:
    actions = [row.action for row in MACHINE]
    assert len(actions) == len(set(actions)) and {*actions, Action.REPORT} == set(Action) == set(STEPS)


def test_the_page_of_the_documentation_is_what_the_command_draws() -> None:
    """Else run `python -m huipai draw_machine`."""
    assert (settings.BASE_DIR / "docs" / "machine.md").read_text(encoding="utf-8") == picture.page()


def test_a_step_from_elsewhere_and_by_others_is_refused() -> None:
    with pytest.raises(NotNow):
        machine.step(State.CLOSED, Action.ACCEPT)
    with pytest.raises(NotAllowed):
        machine.require_part(machine.step(State.REPORTED, Action.ACCEPT), Actor.REPORTER)

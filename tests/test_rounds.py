"""Rounds of a walk on a build server, where Hypothesis draws the same for the same test each time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.rounds import walk


class Drawing(RuleBasedStateMachine):
    """Notes what it is told."""

    drawn: list[int]

    @rule(number=st.integers(0, 10**9))
    def draw(self, number: int) -> None:
        self.drawn.append(number)


@pytest.fixture
def on_a_build_server() -> Iterator[None]:
    here = settings.get_current_profile_name()
    settings.load_profile("ci")
    yield
    settings.load_profile(here)


@pytest.mark.usefixtures("on_a_build_server")
class TestOnABuildServer:
    def test_the_same_walk_again_is_the_same_walk(self) -> None:
        """Which is why a loop around it proved nothing more than its first round."""
        first, second = (self.walked_alone() for _ in range(2))
        assert first and first == second

    def walked_alone(self) -> list[int]:
        machine = type("Drawing", (Drawing,), {"drawn": []})
        run_state_machine_as_test(machine, settings=settings(max_examples=5, stateful_step_count=5))
        return machine.drawn

    def test_each_round_is_another_one(self) -> None:
        rounds: list[list[int]] = []
        machine = type("Drawing", (Drawing,), {"drawn": []})

        def is_enough() -> bool:
            rounds.append(machine.drawn)
            machine.drawn = []
            return len(rounds) == 4

        walk(machine, examples=5, steps=5, is_enough=is_enough)
        assert rounds[0] == [] and len({tuple(each) for each in rounds}) == 4

"""Walks of a machine in rounds, until they have gone far enough; no round repeats another."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from typing import Final

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

# How many times deeper the long property runs go than what half an hour on two cores allows: `make test-deep`.
DEPTH: Final = int(os.environ.get("HUIPAI_TEST_DEPTH", "1"))


def walk(machine: type[RuleBasedStateMachine], *, examples: int, steps: int, is_enough: Callable[[], bool]) -> None:
    """Rounds of so many sequences of so many steps at most; at the end `is_enough()`, which may also give up.

    Where Hypothesis draws the same for the same test each time, as it does by itself on a build server, every round
    would be the first one over again: each has the seed of its number there.
    """
    profile = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for number in count():
        if is_enough():
            return
        run_state_machine_as_test(seed(number)(machine) if profile.derandomize else machine, settings=profile)

"""Waiting for each other within a street."""

from __future__ import annotations

from huipai.kit.holding import hold
from huipai.streets.current import street_in_force


def hold_here(kind: str, what: object = "") -> None:
    """Until the transaction ends, whoever holds the same thing of the same street waits here.

    `kind` begins with the floor's name.
    """
    hold(f"{kind}:{street_in_force()}:{what}")

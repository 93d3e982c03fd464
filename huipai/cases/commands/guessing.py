"""Learning which words mean which type: from the street's own history, and from what its types say of themselves."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction

from huipai.cases.fact_words import GuessFact
from huipai.cases.models import TypeGuesser
from huipai.cases.queries import guessing as read
from huipai.cases.rules import guessing as rules
from huipai.cases.rules.guessing import Example, Weights
from huipai.journal import commands as journal
from huipai.streets.current import street_in_force

_PROGRAM = Path(rules.__file__).with_name("fitting.py")
_SECONDS = 300
# So many newer ones, and the weights of an older learning are dropped; its figures stay.
_KEPT = 3


class NotLearnt(Exception):
    """The program that learns came to no end; the job is tried again."""


def learn(*, now: datetime) -> TypeGuesser | None:
    """Learn anew, measured on the newest fifth that was held out, then from everything; None where types are too few.

    The floor below which nothing is offered is found on others again: what says how good it is had no say in it.
    Street by street: nothing of one street is learnt from in another.
    """
    history, own = read.history(), read.own_words()
    if len({one.code for one in own}) < 2:
        return None
    older, fresh, twins = rules.held_out(history)
    older, tuning, more_twins = rules.held_out(older)
    known = rules.without_asked(own, [*fresh, *tuning])
    tried, weights = _fitted([*older, *known * rules.OWN_COUNTS], [*history, *own * rules.OWN_COUNTS])
    told = rules.measured(tried, fresh, tuning, read.usual_list(), twins + more_twins)
    return _keep(weights, told, history=len(history), seeds=len(own), now=now)


@transaction.atomic
def _keep(weights: Weights, told: rules.Measured, *, history: int, seeds: int, now: datetime) -> TypeGuesser:
    last = TypeGuesser.objects.select_for_update(no_key=True).defer("weights").order_by("-number").first()
    learnt = TypeGuesser.objects.create(
        number=last.number + 1 if last else 1, learnt_at=now, codes=list(weights.codes), weights=weights.packed(),
        history=history, seeds=seeds, held_out=told.count, first=told.first, among_three=told.among_three,
        usual=told.usual, twins=told.twins, floor=told.floor, unsure=told.unsure, sure_hits=told.sure_hits,
    )  # fmt: skip
    TypeGuesser.objects.filter(number__lte=learnt.number - _KEPT).exclude(weights=b"").update(weights=b"")
    journal.record(
        what=GuessFact.LEARNT, subject=f"street:{street_in_force()}", actor_id=None, now=now,
        facts={"number": learnt.number, "history": history, "held_out": told.count, "among_three": told.among_three},
    )  # fmt: skip
    return learnt


def _fitted(*sets: Sequence[Example]) -> list[Weights]:
    """Weights for each of these sets of examples, learnt in one run of a program of its own."""
    arrays: dict[str, Any] = {"sets": np.array(len(sets)), "buckets": np.array(rules.BUCKETS)}
    for number, examples in enumerate(sets):
        arrays |= {f"{name}{number}": array for name, array in _arrays(examples).items()}
    out = io.BytesIO()
    np.savez(out, **arrays)
    done = subprocess.run(
        [sys.executable, "-P", str(_PROGRAM)], input=out.getvalue(), capture_output=True, check=False, timeout=_SECONDS
    )
    if done.returncode != 0:
        raise NotLearnt(done.stderr.decode(errors="replace")[-500:])
    with np.load(io.BytesIO(done.stdout), allow_pickle=False) as found:
        return [Weights(_codes(examples), found[f"rows{number}"]) for number, examples in enumerate(sets)]


def _codes(examples: Sequence[Example]) -> tuple[str, ...]:
    return tuple(sorted({one.code for one in examples}))


def _arrays(examples: Sequence[Example]) -> dict[str, Any]:
    codes = _codes(examples)
    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for one in examples:
        found = rules.features(one.text)
        places += found.keys()
        values += found.values()
        ends.append(len(places))
    return {
        "places": np.array(places, dtype=np.int32), "values": np.array(values, dtype=np.float32),
        "ends": np.array(ends, dtype=np.int32), "labels": np.array([codes.index(one.code) for one in examples]),
    }  # fmt: skip

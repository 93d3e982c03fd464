"""What was written in a joint task, beside the step in which it was. Nobody who reported one of its cases is in it.

Everybody who reads that there was a result reads it; whoever looks after a case reads the rest too: what was to be
looked at, what was seen and who stood there, what each unit did, why one did not come, why it came to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _now

from huipai.cases.joint_words import JointAction
from huipai.cases.models import Case, JointStep, JointTask, UnitCall
from huipai.cases.queries import joint as joint_read
from huipai.cases.queries import orders as orders_read
from huipai.kit.masking import masked, without_names

Written = Mapping[UUID, Sequence[str]]


def names_of(task: JointTask) -> list[str]:
    """Who reported one of its cases, or helped to: in no word of it."""
    return names_among(joint_read.cases_of(task))


def names_among(cases: Iterable[Case]) -> list[str]:
    """The same for who has its cases at hand."""
    return [name for case in cases for name in orders_read.names_to_hide(case)]


def results(steps: Iterable[JointStep]) -> Written:
    """What came of it, by the step; asked of the database once a task."""
    return _by_step([step for step in steps if step.action == JointAction.RESOLVE], {JointAction.RESOLVE: _result})


def everything(steps: Sequence[JointStep]) -> Written:
    """All that was written in these steps; words that a unit has replaced since stand nowhere."""
    return _by_step(steps, _WRITTEN)


@dataclass(frozen=True)
class _Book:
    """A task with what is asked for all of its steps at once, each when a step needs it."""

    task: JointTask

    @cached_property
    def names(self) -> list[str]:
        return names_of(self.task)

    @cached_property
    def calls(self) -> list[UnitCall]:
        return joint_read.calls_of(self.task)

    @cached_property
    def last_said(self) -> set[UUID]:
        return joint_read.last_said(self.task)

    def of_unit(self, step: JointStep) -> UnitCall | None:
        """The call whose words are those of this step."""
        if step.pk not in self.last_said:
            return None
        return next((call for call in self.calls if call.unit_id == step.unit_id), None)


def _by_step(steps: Sequence[JointStep], written: Mapping[str, Callable[[_Book, JointStep], list[str]]]) -> Written:
    tasks = {step.task_id: step.task for step in steps}
    books = {task.pk: _Book(task) for task in tasks.values()}
    said = {step.pk: written[step.action](books[step.task_id], step) for step in steps if step.action in written}
    return {step_id: [line for line in lines if line] for step_id, lines in said.items()}


def _matter(book: _Book, step: JointStep) -> list[str]:
    return [masked(book.task.matter, book.names)]


def _result(book: _Book, step: JointStep) -> list[str]:
    return [without_names(book.task.result, book.names)]


def _ending(book: _Book, step: JointStep) -> list[str]:
    return [masked(book.task.ending, book.names)]


def _seen(book: _Book, step: JointStep) -> list[str]:
    came = _now("、").join(call.unit.name for call in book.calls if call.came)
    absent = _now("、").join(call.unit.name for call in book.calls if call.came is False)
    return [
        masked(book.task.visit_note, book.names),
        _now("到了现场：%(units)s") % {"units": came} if came else "",
        _now("报到了，没有到现场：%(units)s") % {"units": absent} if absent else "",
    ]


def _part(book: _Book, step: JointStep) -> list[str]:
    call = book.of_unit(step)
    return [without_names(call.part, book.names)] if call is not None else []


def _excuse(book: _Book, step: JointStep) -> list[str]:
    call = book.of_unit(step)
    return [without_names(call.excuse, book.names)] if call is not None else []


_WRITTEN: Mapping[str, Callable[[_Book, JointStep], list[str]]] = {
    JointAction.WHISTLE: _matter,
    JointAction.DECLINE: _excuse,
    JointAction.VISIT: _seen,
    JointAction.REPORT_PART: _part,
    JointAction.RESOLVE: _result,
    JointAction.GIVE_UP: _ending,
    JointAction.CALL_OFF: _ending,
}

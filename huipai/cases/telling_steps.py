"""The steps of a case as its page tells them, newest first, with what was written on them and beside them."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases import queries
from huipai.cases.models import Case, Note, Transition
from huipai.cases.order_words import ExtensionGround, ReturnGround
from huipai.cases.step_words import NEIGHBOURS_STEPS, NOT_FILED, STAFF_STEPS, STEPS, UNIT_STEPS, WHERE_ELSE
from huipai.cases.telling_words import Reader, reader_of
from huipai.cases.words import Action, Audience, VoidReason
from huipai.people.models import Person


def timeline(case: Case, names: Collection[str], *, viewer: Person, to_reporter: bool) -> list[dict[str, object]]:
    """The steps of a case, newest first, for the macro `timeline`; these names stand in nothing that is not theirs."""
    taken = list(queries.steps_of(case))
    reader = reader_of(case, viewer, taken, names)
    steps = [_step(transition, reader, to_reporter) for transition in taken]
    if steps and not case.ended_at:
        steps[-1]["kind"] = "now"
    steps += [_beside(note, reader) for note in queries.words_beside(case) if note.audience in _readable(to_reporter)]
    steps.sort(key=lambda line: str(line["at"]))
    return list(reversed(steps))


def _readable(to_reporter: bool) -> set[Audience]:
    return {Audience.PUBLIC} if to_reporter else {Audience.PUBLIC, Audience.INTERNAL}


def _beside(note: Note, reader: Reader) -> dict[str, object]:
    """Words beside the steps: one thing for staff, another for whoever reported."""
    is_inside = note.audience == Audience.INTERNAL
    return {
        "title": _("内部记了一句") if is_inside else _("告诉上报人一句"),
        "at": note.written_at,
        "icon": "note" if is_inside else "message",
        "kind": "internal" if is_inside else "done",
        "text": "",
        "said": reader.beside(note),
    }


def _step(transition: Transition, reader: Reader, to_reporter: bool) -> dict[str, object]:
    title, icon = STEPS[transition.action]
    own = transition.actor_id == reader.person.id
    if not to_reporter:
        title = STAFF_STEPS.get(transition.action, title)
    elif not own:
        title = NEIGHBOURS_STEPS.get(transition.action, title)
    readable = _readable(to_reporter)
    said = reader.notes(transition, [note for note in transition.notes.all() if note.audience in readable])
    said += reader.of_the_question(transition)
    if transition.unit is not None and transition.action in UNIT_STEPS:
        title = UNIT_STEPS[transition.action] % {"unit": transition.unit.name}
    reason = _why(transition)
    return {"title": title, "at": transition.happened_at, "icon": icon, "kind": "done", "text": reason, "said": said}


def _why(transition: Transition) -> str | Promise:
    """The reason of a step, in words."""
    if transition.action == Action.DECLINE:
        return WHERE_ELSE.get(transition.reason, "")
    if transition.action == Action.NOT_FILE:
        return NOT_FILED.get(transition.reason, "")
    return _REASONS.get(transition.reason, "") if transition.reason else ""


_REASONS: dict[str, str | Promise] = {
    choice.value: choice.label for words in (ReturnGround, ExtensionGround, VoidReason) for choice in words
}

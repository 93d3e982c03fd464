"""The steps of a case as its page tells them, newest first, with what was written on them and beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from huipai.cases import queries
from huipai.cases.models import Addition, Case, Note, Transition
from huipai.cases.order_words import ExtensionGround, ReturnGround
from huipai.cases.queries import acting, additions, merged, own
from huipai.cases.step_words import NEIGHBOURS_STEPS, NOT_FILED, STAFF_STEPS, STEPS, UNIT_STEPS, WHERE_ELSE
from huipai.cases.telling_acting import Hands, hands_of
from huipai.cases.telling_words import Reader, reader_of
from huipai.cases.words import Action, Audience, VoidReason
from huipai.people.models import Person

_INSIDE = frozenset({Audience.PUBLIC, Audience.INTERNAL})
_OUTSIDE = frozenset({Audience.PUBLIC})
# What a reporter says, and whose hand it was where they said it at the counter or on the telephone.
_OF_REPORTERS = frozenset(
    {Action.ANSWER, Action.AGREE, Action.CONFIRM, Action.DISPUTE, Action.WITHDRAW, Action.ASK_REVIEW}
)
BY_THE_COUNTER = _("在窗口或者电话里说的，由工作人员记下")


def timeline(case: Case, names: Collection[str], came: Iterable[Case], *, viewer: Person) -> list[dict[str, object]]:
    """The steps of a case for staff, newest first, for the macro `timeline`; these names stand in no others' words.

    `came` are the cases that were merged into it.
    """
    taken = list(queries.steps_of(case))
    reader = reader_of(case, viewer, taken, names)
    steps = [_step(one, reader, _INSIDE, STAFF_STEPS.get(one.action)) for one in taken]
    mark_the_counter(case, steps, taken)
    added = [_added(one, reader, _now("上报人补充了")) for one in additions.of(case)]
    carried = [line for one in came for line in _carried_to_staff(one, names, viewer)]
    return _in_order(case, steps, [*added, *_all_beside(case, reader, _INSIDE), *carried])


def _carried_to_staff(case: Case, names: Collection[str], viewer: Person) -> list[dict[str, object]]:
    """What was written on a case that was merged away, for whoever goes on with the matter."""
    taken = list(queries.steps_of(case))
    reader = reader_of(case, viewer, taken, names)
    steps = [_step(one, reader, _INSIDE, STAFF_STEPS.get(one.action)) for one in taken]
    mark_the_counter(case, steps, taken)
    return come_along(case, [*_going_on(steps, taken), *_all_beside(case, reader, _INSIDE)])


def _carried_to_reporter(case: Case, names: Collection[str], hands: Hands) -> list[dict[str, object]]:
    """The same for whoever reported what was merged away: they read on what they read there, and that it was merged."""
    hands = hands_of(case, hands.whose, hands.reader)
    taken = list(queries.steps_of(case))
    reader = reader_of(case, hands.whose, taken, names, hands)
    steps = [_own_step(one, reader, hands, NEIGHBOURS_STEPS) for one in taken]
    merge = [line for line, one in zip(steps, taken, strict=True) if one.action == Action.MERGE]
    return come_along(case, [*_going_on(steps, taken), *merge, *_all_beside(case, reader, _OUTSIDE)])


def _going_on(lines: Iterable[dict[str, object]], steps: Iterable[Transition]) -> list[dict[str, object]]:
    """Those on which something was said, and that the hub watches it, as it goes on watching; the rest stays where it
    was. `lines` tell of `steps`, one of each."""
    both = zip(lines, steps, strict=True)
    return [line for line, step in both if line["said"] or step.action == Action.SUPERVISE]


def come_along(case: Case, lines: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """Each with the number that it came from."""
    came = _now("从并进来的 %(code)s 带来") % {"code": case.code}
    return [{**line, "text": f"{line['text']}　{came}" if line["text"] else came} for line in lines]


def mark_the_counter(case: Case, lines: Sequence[dict[str, object]], steps: Sequence[Transition]) -> None:
    """Say of what a reporter did by the hand of staff that it was so; `lines` tell of `steps`, one of each."""
    if not any(step.action in _OF_REPORTERS for step in steps):
        return
    spoken = acting.said_at_counter(case)
    for line, step in zip(lines, steps, strict=True):
        if step.action in _OF_REPORTERS and step.happened_at in spoken:
            line["text"] = line["text"] or BY_THE_COUNTER


def own_timeline(case: Case, names: Collection[str], hands: Hands) -> list[dict[str, object]]:
    """The same for whoever reported it, or helps them: it says who pressed, and nothing that staff tell each other."""
    taken = list(queries.steps_of(case))
    reader = reader_of(case, hands.whose, taken, names, hands)
    others = dict(NEIGHBOURS_STEPS)
    if own.has_taken_back(hands.whose, case):  # they are asked nothing: others who reported it are
        others |= {action: STAFF_STEPS[action] for action in (Action.ASK, Action.TAKE_BACK_QUESTION)}
    steps = [_own_step(one, reader, hands, others) for one in taken]
    added = [_added(one, reader, _own_addition(one, hands)) for one in additions.of(case)]
    read_on = merged.read_on_by(case, hands.whose)
    carried = [line for one in read_on for line in _carried_to_reporter(one, names, hands)]
    return _in_order(case, steps, [*hands.beside(), *added, *_all_beside(case, reader, _OUTSIDE), *carried])


def _own_addition(addition: Addition, hands: Hands) -> str:
    if addition.report.reporter_id != hands.whose.id:
        return _now("一位邻居补充了")
    return hands.added(addition.added_at) or _now("您补充了")


def _added(addition: Addition, reader: Reader, title: str) -> dict[str, object]:
    """What a reporter added beside the steps; its photos stand with the others."""
    return added_line(addition, title, reader.added(addition))


def added_line(addition: Addition, title: str, said: list[dict[str, str]]) -> dict[str, object]:
    count = addition.photos
    photos = ngettext("补了 %(num)s 张照片", "补了 %(num)s 张照片", count) % {"num": count} if count else ""
    return {"title": title, "at": addition.added_at, "icon": "plus", "kind": "done", "text": photos, "said": said}


def _in_order(
    case: Case, steps: list[dict[str, object]], beside: list[dict[str, object]]
) -> list[dict[str, object]]:  # fmt: skip
    if steps and not case.ended_at:
        steps[-1]["kind"] = "now"
    return list(reversed(sorted([*steps, *beside], key=lambda line: str(line["at"]))))


def _all_beside(case: Case, reader: Reader, readable: Collection[Audience]) -> list[dict[str, object]]:
    return [_beside(note, reader) for note in queries.words_beside(case) if note.audience in readable]


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


def _own_step(
    transition: Transition, reader: Reader, hands: Hands, others: Mapping[str, str | Promise]
) -> dict[str, object]:
    """A step in one's own name, by whosever hands, or of somebody else."""
    if transition.actor_id != hands.whose.id:
        return _step(transition, reader, _OUTSIDE, others.get(transition.action))
    told = _step(transition, reader, _OUTSIDE, hands.title(transition))
    return {**told, "text": hands.rated(transition) or told["text"]}


def _step(
    transition: Transition, reader: Reader, readable: Collection[Audience], instead: str | Promise | None
) -> dict[str, object]:
    title, icon = STEPS[transition.action]
    title = instead or title
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

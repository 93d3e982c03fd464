"""A public thing told to neighbours: no word that anybody wrote of a case, no address that anybody typed, no name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases import queries, step_words, telling_joint, telling_steps
from huipai.cases.models import Case, Shown, ShownPhoto, Transition
from huipai.cases.models.case import UNCHECKED
from huipai.cases.models.case import chip_of as case_chip_of
from huipai.cases.queries import merged, neighbours
from huipai.cases.queries import shown as shown_queries
from huipai.cases.queries.shown import Heap, Row
from huipai.cases.words import Action, Kind, Moment, State
from huipai.kit.addresses import AddressForm
from huipai.people.models import Person

# What the gate leaves inside has no pin.
_ON_THE_MAP = [state for state in State if state not in (State.DECLINED, State.NOT_FILED, State.MERGED, State.VOIDED)]
# Neighbours read of nobody, not even of a reporter.
STEPS: dict[str, str | Promise] = {
    Action.REPORT: _("有人上报"),
    Action.SKIP_CHECK: _("抽查，这一件没有抽到"),
    Action.PASS_CHECK: _("核查通过"),
    Action.AGREE: _("一位上报人说解决了"),
    Action.CONFIRM: _("上报人说解决了"),
    Action.CLOSE_UNANSWERED: _("已办结"),
    Action.DISPUTE: _("上报人说还没有，重新办"),
}
# What neighbours are told of; a step that is not named here stays inside, whoever adds it.
TOLD = (
    Action.REPORT, Action.ACCEPT, Action.FILE, Action.DISPATCH, Action.SIGN, Action.RESPOND, Action.HANDLE_ON_THE_SPOT,
    Action.SKIP_CHECK, Action.PASS_CHECK, Action.FAIL_CHECK, Action.AGREE, Action.CONFIRM, Action.CLOSE_UNANSWERED,
    Action.DISPUTE,
    Action.GRANT_EXTENSION, Action.SUSPEND, Action.UNSUSPEND,
)  # fmt: skip

_page = AddressForm("cases:public", "example")
_thumb = AddressForm("cases:public_thumb", "example", UUID(int=0))


@dataclass(frozen=True, slots=True)
class Card:
    """A public thing in a list, on the map or on the home page."""

    id: UUID
    code: str
    href: str
    chip: str
    title: str
    place: str
    src: str | None
    lng: float
    lat: float
    row: Row


def cards(rows: Iterable[Row]) -> list[Card]:
    return [card(row) for row in rows]


def card(row: Row) -> Card:
    return Card(
        id=row.id, code=row.code, href=_page(row.code), chip=chip_of(row), title=title_of(row),
        place=row.node_name, src=_thumb(row.code, row.cover_id) if row.cover_id else None, lng=row.lng, lat=row.lat,
        row=row,
    )  # fmt: skip


def chip_of(row: Row) -> str:
    """The word of the table of chips, as neighbours read it: it is not their word that is waited for."""
    if row.kind == Kind.GOOD_DEED:
        return "good_deed"
    return "awaiting_reporter" if row.state == State.CONFIRMING else case_chip_of(row.state, row.is_unchecked)


def marks() -> dict[str, str]:
    """All that the map is told of a pin or of what lies in a heap, and the chip of each."""
    states = {state.value: "awaiting_reporter" if state == State.CONFIRMING else state.value for state in _ON_THE_MAP}
    return {**states, **{chip: chip for chip in ("good_deed", "awaiting_reporter", UNCHECKED)}}


def title_of(row: Row) -> str:
    return row.title or row.type_name or ""


def row_of(shown: Shown) -> Row:
    """The same of one that was read alone."""
    return Row(
        shown.id, shown.kind, shown.code, shown.state, shown.title, shown.case_type.name if shown.case_type else None,
        shown.node.name, shown.lng, shown.lat, shown.cover_id, shown.happened_at, shown.ended_at, shown.is_unchecked,
    )  # fmt: skip


def pin(heap: Heap) -> dict[str, object]:
    """What the map is told of one of its squares."""
    told: dict[str, object] = {"n": heap.count, "at": [round(heap.lng, 6), round(heap.lat, 6)]}
    things = [
        {"state": one.chip, "code": one.code, "href": one.href, "title": one.title, "place": one.place, "src": one.src}
        for one in cards(heap.things)
    ]
    states = [str(thing["state"]) for thing in things] if len(things) == heap.count else heap.states
    return {**told, "states": states, "things": things, "more": heap.count >= shown_queries.COUNTED}


@dataclass(frozen=True)
class Picture:
    """A released photo as a page shows it."""

    id: UUID
    src: str
    alt: str
    moment: str


def pictures(shown: Shown, photos: Sequence[ShownPhoto]) -> list[Picture]:
    return [
        Picture(
            one.photo_id,
            reverse("cases:public_photo", args=[shown.code, one.photo_id]),
            str(shown.title or Moment(one.moment).label),
            one.moment,
        )
        for one in photos
    ]


def steps(shown: Shown) -> list[dict[str, object]]:
    """What happened and when, newest first, without a word that anybody wrote but the result of a joint task."""
    told = _told(step for step in shown_queries.steps_of(shown) if step.action in TOLD)
    return telling_joint.weave_for_neighbours(told, shown.id) if shown.kind == Kind.PROBLEM else told


# Whoever holds a slip is told the end too, which neighbours do not see.
_ENDS = (Action.DECLINE, Action.NOT_FILE, Action.WITHDRAW, Action.MERGE, Action.VOID)


def slip_steps(case: Case, holder: Person) -> list[dict[str, object]]:
    """The same for whoever holds a slip, with what was split off, why it was refused and where else to turn, and that
    the case on their paper was merged."""
    told = [
        step for step in queries.steps_of(case).select_related("unit") if step.action in (*TOLD, *_ENDS, Action.SPLIT)
    ]
    rows = _told(told)
    telling_steps.mark_the_counter(case, list(reversed(rows)), told)
    for row, step in zip(rows, reversed(told), strict=True):
        if step.action in _ENDS:
            row["text"] = {**step_words.WHERE_ELSE, **step_words.NOT_FILED}.get(step.reason, row["text"])
    for gone in merged.read_on_by(case, holder):
        rows += telling_steps.come_along(gone, _told(queries.steps_of(gone).filter(action=Action.MERGE)))
    return sorted(rows, key=lambda row: str(row["at"]), reverse=True)


def _told(steps: Iterable[Transition]) -> list[dict[str, object]]:
    told: list[dict[str, object]] = [
        {
            "title": _step_title(step),
            "at": step.happened_at,
            "icon": step_words.STEPS[step.action][1],
            "kind": "done",
            "text": "",
        }
        for step in steps
    ]
    return list(reversed(told))


@dataclass(frozen=True)
class Along:
    """How many follow a public thing, and what the one who looks has to do with it."""

    followers: int
    follows: bool
    is_reporter: bool


def along(shown: Shown, viewer: Person | None) -> Along | None:
    """Nothing of a good deed: it is done."""
    if shown.kind != Kind.PROBLEM:
        return None
    followers = neighbours.followers_of(shown.id).count()
    if viewer is None:
        return Along(followers, False, False)
    is_reporter = bool(neighbours.reported_among([shown.id], viewer))
    return Along(followers, neighbours.is_followed_by(viewer, shown.id), is_reporter)


def _step_title(step: Transition) -> str | Promise:
    if step.unit is not None and step.action in step_words.UNIT_STEPS:
        return step_words.UNIT_STEPS[step.action] % {"unit": step.unit.name}
    return STEPS.get(step.action, step_words.STEPS[step.action][0])

"""A case told in plain words: to whoever reported it, and to those who work on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases import queries
from huipai.cases.models import Case, CasePhoto, Transition
from huipai.cases.words import Action, Audience, DeclineReason, Moment, State
from huipai.kit.addresses import AddressForm
from huipai.people.models import Person
from huipai.photos import grants
from huipai.photos.words import Variant

# What a step is called for the reporter. The person acts first, the system last; nobody is named.
STEPS: dict[str, tuple[str | Promise, str]] = {
    Action.REPORT: (_("收到了，谢谢您"), "inbox"),
    Action.ACCEPT: (_("网格员接下了"), "circle-check"),
    Action.DECLINE: (_("这次没受理"), "info-circle"),
    Action.RESPOND: (_("网格员说办好了"), "message-check"),
    Action.HANDLE_ON_THE_SPOT: (_("网格员到现场办完了"), "message-check"),
    Action.DRAW_CHECK: (_("抽到一位没经手的人去看"), "dice-3"),
    Action.LAPSE_CHECK: (_("没按时去看，另抽一人"), "dice-3"),
    Action.PASS_CHECK: (_("核查过了，办好了，您来看看"), "eye-check"),
    Action.FAIL_CHECK: (_("核查没通过，返工"), "rotate-2"),
    Action.AGREE: (_("您说解决了，还在等另一位邻居看"), "circle-check"),
    Action.CONFIRM: (_("您说解决了，已办结"), "circle-check-filled"),
    Action.CLOSE_UNANSWERED: (_("三天没有答复，先办结"), "circle-check"),
    Action.DISPUTE: (_("您说还没有，重新办"), "refresh"),
    Action.MERGE: (_("和另一件是同一件，合在一起办"), "arrows-join-2"),
    Action.WITHDRAW: (_("您撤回了"), "arrow-back-up"),
    Action.PASS_ON: (_("换了一位同事接着办，时间照原来的算"), "refresh"),
    Action.TAKE_OVER: (_("网格员接过去办了"), "circle-check"),
}
# Staff read the same steps about somebody who is not shown to them.
STAFF_STEPS: dict[str, str | Promise] = {
    Action.REPORT: _("有人上报"),
    Action.PASS_CHECK: _("核查通过，等上报人确认"),
    Action.AGREE: _("一位上报人说解决了，还等另一位"),
    Action.CONFIRM: _("上报人说解决了，已办结"),
    Action.PASS_ON: _("原来的同事不在，换人办"),
    Action.DISPUTE: _("上报人说还没有，重新办"),
    Action.WITHDRAW: _("上报人撤回了"),
}
# What another reporter of the same thing did (ruling 15).
NEIGHBOURS_STEPS: dict[str, str | Promise] = {
    Action.REPORT: _("有人上报"),
    Action.AGREE: _("一位邻居说解决了，还等您看"),
    Action.CONFIRM: _("一位邻居说解决了，已办结"),
    Action.DISPUTE: _("一位邻居说还没有，重新办"),
    Action.WITHDRAW: _("上报人撤回了"),
}
# Neighbours read of nobody, not even of a reporter.
PUBLIC_STEPS: dict[str, str | Promise] = {
    Action.REPORT: _("有人上报"),
    Action.PASS_CHECK: _("核查通过"),
    Action.AGREE: _("一位上报人说解决了"),
    Action.CONFIRM: _("上报人说解决了"),
    Action.CLOSE_UNANSWERED: _("已办结"),
    Action.DISPUTE: _("上报人说还没有，重新办"),
}
# Of no interest to the neighbours.
_INWARD = (Action.LAPSE_CHECK, Action.DRAW_CHECK, Action.PASS_ON, Action.TAKE_OVER)
WHERE_ELSE: dict[str, str | Promise] = {
    DeclineReason.NOT_THE_STREETS: _("这里不归街道管，可打 12345"),
    DeclineReason.OUTSIDE: _("那里归隔壁街道，可打 12345 转过去"),
    DeclineReason.NOT_SEEN: _("我们去看时已经没有了，再出现请再拍一张"),
    DeclineReason.NOT_A_PROBLEM: _("拿不准的事可以打 12345 问"),
    DeclineReason.PRIVATE_DISPUTE: _("可以找社区调解，或者请律师帮忙看看"),
}


def addresses(case_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page of each of these cases."""
    codes = Case.objects.filter(pk__in=case_ids).values_list("id", "code")
    return {case_id: reverse("cases:detail", args=[code]) for case_id, code in codes}


@dataclass(frozen=True)
class Seen:
    """A photo as a page shows it."""

    src: str | None
    alt: str
    moment: str


def timeline(case: Case, *, viewer: Person, to_reporter: bool) -> list[dict[str, object]]:
    """The steps of a case, newest first, for the macro `timeline`."""
    steps = [_step(transition, viewer, to_reporter) for transition in queries.steps_of(case)]
    if steps and not case.ended_at:
        steps[-1]["kind"] = "now"
    return list(reversed(steps))


def _step(transition: Transition, viewer: Person, to_reporter: bool) -> dict[str, object]:
    title, icon = STEPS[transition.action]
    own = transition.actor_id == viewer.id
    if not to_reporter:
        title = STAFF_STEPS.get(transition.action, title)
    elif not own:
        title = NEIGHBOURS_STEPS.get(transition.action, title)
    readable = {Audience.PUBLIC} if to_reporter else {Audience.PUBLIC, Audience.INTERNAL}
    said = [
        {"by": "you" if own else "them", "text": note.text}
        for note in transition.notes.all()
        if note.audience in readable
    ]
    reason = WHERE_ELSE.get(transition.reason, "") if transition.action == Action.DECLINE else ""
    return {"title": title, "at": transition.happened_at, "icon": icon, "kind": "done", "text": reason, "said": said}


def photos(case: Case, viewer: Person, now: datetime) -> dict[str, list[Seen]]:
    """Photos by the moment they were taken, in the public copy; the original opens only by its own command."""
    seen: dict[str, list[Seen]] = {moment: [] for moment in Moment.values}
    for one in queries.photos_of(case):
        seen[one.moment].append(_seen(one, viewer, now))
    return seen


def _seen(one: CasePhoto, viewer: Person, now: datetime) -> Seen:
    src = grants.url(one.photo, Variant.PUBLIC, viewer=viewer, now=now)
    return Seen(src or None, str(Moment(one.moment).label if src else one.photo.missing_words), one.moment)


def first_photo(case: Case, viewer: Person, now: datetime) -> str | None:
    """The small picture of a row, from what the list has fetched."""
    first = next(iter(case.photos.all()), None)
    return grants.url(first.photo, Variant.THUMB, viewer=viewer, now=now) or None if first else None


def row(case: Case, viewer: Person, now: datetime, *, href: str = "", number: int | None = None) -> dict[str, object]:
    """What the macro `case_row` takes."""
    in_hand = not case.ended_at and case.state not in {State.RESPONDED, State.CHECKING, State.CONFIRMING}
    return {
        "id": case.code,
        "href": href or reverse("cases:detail", args=[case.code]),
        "title": case.case_type.name,
        "place": place(case),
        "state": case.state,
        "src": first_photo(case, viewer, now),
        "alt": case.case_type.name,
        "due_at": case.due_at,
        "now": now if in_hand else None,
        "lng": case.lng,
        "lat": case.lat,
        "number": number,
    }


_detail = AddressForm("cases:detail", "example")


def today_row(case: queries.InHand, viewer: Person, now: datetime, *, number: int) -> dict[str, object]:
    """The row of a worker's list; the same as `row` says of the case."""
    return {
        "id": case.code,
        "href": _detail(case.code),
        "title": case.type_name,
        "place": f"{case.address} · {case.node_name}" if case.address else case.node_name,
        "state": case.state,
        "src": grants.thumb_url(case.photo_id, viewer=viewer, now=now) if case.photo_id else None,
        "alt": case.type_name,
        "due_at": case.due_at,
        "now": now,
        "lng": case.lng,
        "lat": case.lat,
        "number": number,
    }


def public_row(case: Case, now: datetime) -> dict[str, object]:
    """The same for a neighbour: no address that somebody typed, only photos that were released."""
    first = next(iter(case.photos.all()), None)
    return {
        "id": case.code,
        "href": reverse("cases:public", args=[case.code]),
        "title": case.case_type.name,
        "place": case.node.name,
        "state": case.state,
        "src": grants.url(first.photo, Variant.THUMB, viewer=None, now=now) or None if first else None,
        "alt": case.case_type.name,
        "lng": case.lng,
        "lat": case.lat,
    }


def public_steps(case: Case) -> list[dict[str, object]]:
    """What happened and when, without a word that anybody wrote."""
    steps = queries.steps_of(case).exclude(action__in=_INWARD)
    told: list[dict[str, object]] = [
        {
            "title": PUBLIC_STEPS.get(step.action, STEPS[step.action][0]),
            "at": step.happened_at,
            "icon": STEPS[step.action][1],
            "kind": "done",
        }
        for step in steps
    ]
    return list(reversed(told))


def public_photos(case: Case, now: datetime) -> list[Seen]:
    """Photos that a person has released."""
    return [
        Seen(
            grants.url(one.photo, Variant.PUBLIC, viewer=None, now=now) or None,
            str(Moment(one.moment).label),
            one.moment,
        )
        for one in case.photos.all()
    ]


@dataclass(frozen=True)
class Releasable:
    """A public copy that nobody has released yet, and its digest: what is released is what was looked at."""

    id: UUID
    src: str
    alt: str
    copy: str


def releasable(case: Case, viewer: Person, now: datetime) -> list[Releasable]:
    """Photos before and after that could be shown to neighbours."""
    waiting = queries.photos_of(case).filter(photo__released_at=None, moment__in=(Moment.BEFORE, Moment.AFTER))
    return [
        Releasable(
            one.photo.id,
            grants.url(one.photo, Variant.PUBLIC, viewer=viewer, now=now),
            str(Moment(one.moment).label),
            one.photo.public_sha256,
        )
        for one in waiting
        if one.photo.is_ready
    ]


def place(case: Case) -> str:
    """Address and micro-grid, without a name of anybody."""
    return " · ".join(part for part in (case.address, case.node.name) if part)

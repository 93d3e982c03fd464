"""A case on paper: one way through it, photos, decisions with their grounds. Nobody who reported occurs in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huipai.audit.models import Disclosure
from huipai.cases import (
    queries,
    telling,
    telling_belonging,
    telling_joint,
    telling_orders,
    telling_stages,
    telling_steps,
)
from huipai.cases.commands import timing
from huipai.cases.models import Attachment, Case, CasePhoto, StageMark, WorkOrder
from huipai.cases.order_words import Stage
from huipai.cases.queries import attachments, given, hub, merged, said, types
from huipai.cases.queries import orders as orders_read
from huipai.cases.queries.types import Answered
from huipai.cases.words import Moment
from huipai.kit import prints
from huipai.kit.masking import masked
from huipai.kit.prints import Line, Paper, Picture
from huipai.people.models import Person
from huipai.photos import storage

_CHINA = ZoneInfo("Asia/Shanghai")
# So many are as large a file as a machine should hold at once; a case of several reports and a rework has some 40.
MOST_PICTURES = 60


@dataclass(frozen=True)
class Heard:
    """What the paper tells of what reporters wrote and took, and whose names stand nowhere on it."""

    names: list[str]
    words: list[str]
    photos: list[CasePhoto]


def of_case(case: Case, disclosure: Disclosure, viewer: Person) -> bytes:
    """For whoever looks after the place: every step, with what was said inside and what was whistled on it."""
    names = orders_read.names_to_hide(case)
    steps = telling_joint.weave_for_staff(telling_steps.timeline(case, names, merged.into(case), viewer=viewer), case)
    units = _("、").join(dict.fromkeys(order.unit.name for order in hub.orders_of(case)))
    facts = [*_facts(case, names), *_answers(types.answers_of(case), names), (_("单位"), units or _("没有派给单位"))]
    facts += telling_belonging.named(telling_belonging.for_staff(case, viewer, disclosure.happened_at))
    facts += [*_marks(telling_stages.all_marks_of(case)), *_files(attachments.for_staff(case), names)]
    shown = [*queries.photos_of_whole(case), *queries.photos_of(case)]
    return _paper(case, facts, steps, Heard(names, said.by_reporters(case).all, shown), disclosure)


def of_order(order: WorkOrder, disclosure: Disclosure) -> bytes:
    """For a unit: its own order, its own steps, what its page shows and no more; of one that ended what it had then."""
    heard = given.heard(order)
    names = heard.names
    facts = [
        *_facts_of(order, names), *_answers(types.answers_until(order.case, order.ended_at), names),
        (_("单位"), order.unit.name), (_("派来的时间"), _said(order.sent_at)),
        (_("时限"), _said(order.due_at)), (_("工单走到哪一步"), order.get_state_display()),
        *telling_belonging.named(telling_belonging.for_unit(order.case, disclosure.person, disclosure.happened_at)),
        *_marks(telling_stages.marks_of(order.case, order).values()), *_files(attachments.for_order(order), names),
    ]  # fmt: skip
    shown = [*given.photos_of_whole(order), *given.photos(order)]
    return _paper(order.case, facts, telling_orders.timeline(order, names), Heard(names, heard.all, shown), disclosure)


def _facts(case: Case, names: list[str]) -> list[tuple[str, str]]:
    standing = [(_("走到哪一步"), case.state_word)]
    if case.outcome:
        standing.append((_("怎么办结的"), case.get_outcome_display()))
    return [*_known_by(case), *standing, *_what_it_is(case, names, [(_("答复时限"), _said(case.due_at))])]


def _answers(told: Iterable[Answered], names: list[str]) -> list[tuple[str, str]]:
    """What was asked besides, in the words of the type as it was then."""
    return [(one.label, masked(one.words, names)) for one in told]


def _facts_of(order: WorkOrder, names: list[str]) -> list[tuple[str, str]]:
    """Of an order that ended, when it did; not where the case stands since."""
    if order.ended_at is None:
        return _facts(order.case, names)
    over = (_("工单结束的时间"), _said(order.ended_at))
    return [*_known_by(order.case), over, *_what_it_is(order.case, names, [])]


def _known_by(case: Case) -> list[tuple[str, str]]:
    return [(_("编号"), case.code), (_("第几号"), str(case.number or _("还没有立案")))]


def _what_it_is(case: Case, names: list[str], promised: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (_("在哪里"), telling.place(case, names)), (_("报上来的时间"), _said(case.reported_at)), *promised,
        (_("上报人"), _("不显示")),
        *([(_("办到什么样算好"), case.type_then.closing_standard)] if case.type_then.closing_standard else []),
    ]  # fmt: skip


def _marks(marks: Iterable[StageMark]) -> list[tuple[str, str]]:
    """When somebody was on the spot and when the resident had a first word, each against its limit."""
    return [(_mark_of(mark), _kept(mark)) for mark in sorted(marks, key=lambda mark: mark.done_at)]


def _mark_of(mark: StageMark) -> str:
    word = str(Stage(mark.stage).label)
    by_unit = mark.stage == Stage.ARRIVE and mark.order is not None
    return (
        _("%(stage)s（%(unit)s）") % {"stage": word, "unit": mark.order.unit.name} if by_unit and mark.order else word
    )


def _kept(mark: StageMark) -> str:
    due_at = timing.due_of(mark)
    words = {"at": _said(mark.done_at), "due": _said(due_at)}
    if due_at is None:
        return _("%(at)s，时限等日历定了再算") % words
    return _("%(at)s，按时，时限 %(due)s") % words if mark.done_at <= due_at else _("%(at)s，晚于时限 %(due)s") % words


def _files(rows: list[Attachment], names: list[str]) -> list[tuple[str, str]]:
    """What else belongs to it, with enough of each digest to tell one from another."""
    words = ({"name": masked(one.name, names), "more": one.sha256[:12]} for one in rows)
    told = _("；").join(_("%(name)s（%(more)s）") % each for each in words)
    return [(_("附件"), told)] if told else []


def _paper(
    case: Case,
    facts: list[tuple[str, str]],
    steps: list[dict[str, object]],
    heard: Heard,
    disclosure: Disclosure,
) -> bytes:
    street, by, at = disclosure.street, disclosure.person.name, disclosure.happened_at
    names, shown = heard.names, heard.photos
    before = next((one for one in shown if one.moment == Moment.BEFORE and one.photo.public_key), None)
    after = next((one for one in reversed(shown) if one.moment == Moment.AFTER and one.photo.public_key), None)
    pair = (_picture(before), _picture(after)) if before and after else None
    others = [one for one in shown if not (pair and one in (before, after))]
    printed = _to_print(others)
    mark = _("%(place)s · %(by)s %(at)s打印 · 编号 %(number)s · 只为写下的事由使用，不外传") % {
        "place": street.name, "by": by, "at": _said(at), "number": disclosure.number,
    }  # fmt: skip
    return prints.write(
        Paper(
            title=_("案卷：%(type)s") % {"type": case.case_type.name},
            subtitle=_("%(street)s · %(operator)s") % {"street": street.name, "operator": street.operator},
            facts=facts,
            words=[masked(text, names) for text in heard.words],
            pair=pair,
            pictures=[_picture(one) for one in printed],
            left_out=_left_out(len(others) - len(printed)),
            lines=list(_lines(reversed(steps), names)),
            mark=mark,
            number=disclosure.number,
            by=by,
            keywords=(case.code,),
        )
    )


def _to_print(photos: list[CasePhoto]) -> list[CasePhoto]:
    """Those that have a copy, in their order. Of too many, what came in gives way to what was done."""
    ready = [one for one in photos if one.photo.public_key]
    kept = sorted(ready, key=lambda one: one.moment == Moment.BEFORE)[:MOST_PICTURES]
    return [one for one in ready if one in kept]


def _left_out(count: int) -> str:
    """What stands below the photos where not all of them are on paper."""
    if not count:
        return ""
    return ngettext("另有 %(num)s 张照片没有印上", "另有 %(num)s 张照片没有印上", count) % {"num": count}


def _picture(one: CasePhoto) -> Picture:
    """The public copy: no metadata is in it."""
    with storage.photos().open(one.photo.public_key) as file:
        return Picture(file.read(), f"{Moment(one.moment).label}　{_said(one.photo.received_at)}")


def _lines(steps: Iterable[Mapping[str, object]], names: list[str]) -> Iterable[Line]:
    for step in steps:
        said = step.get("said") or ()
        at = step["at"]
        assert isinstance(at, datetime) and isinstance(said, list | tuple)
        yield Line(
            at=_said(at),
            title=str(step["title"]),
            ground=masked(str(step.get("text") or ""), names),
            said=[masked(str(words["text"]), names) for words in said],
        )


def _said(at: datetime | None) -> str:
    return at.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M") if at else _("日历待定")

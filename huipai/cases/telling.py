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
from huipai.cases.models import Case, CasePhoto, KeptBack, Note, Report, Transition
from huipai.cases.order_words import ExtensionGround, ReturnGround
from huipai.cases.telling_words import Reader, reader_of, whole_place
from huipai.cases.words import Action, Audience, DeclineReason, Moment, NotFiledReason, State, VoidReason
from huipai.kit.addresses import AddressForm
from huipai.kit.masking import masked
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
    Action.SKIP_CHECK: (_("这一类抽查，这一件没有抽到，您来看看"), "eye-off"),
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
    Action.HAND_UP: (_("网格员办不了，转给街道联动中心"), "arrow-up"),
    Action.VERIFY: (_("请网格员先去看一眼"), "eye-check"),
    Action.VOUCH: (_("网格员看过了，是这样"), "eye-check"),
    Action.LAPSE_VERIFY: (_("没按时去看，街道联动中心接着安排"), "refresh"),
    Action.FILE: (_("立案了，街道联动中心来派"), "file-check"),
    Action.NOT_FILE: (_("这次没有立案"), "info-circle"),
    Action.VOID: (_("这一件作废了"), "ban"),
    Action.ASK_REVIEW: (_("您申请了复核，换一个人重新看"), "refresh"),
    Action.DISPATCH: (_("派给单位去办"), "send"),
    Action.RULE: (_("定下了由谁来办"), "send"),
    Action.SIGN: (_("单位接下了"), "hammer"),
    Action.RETURN: (_("单位说不归它管，街道联动中心重新派"), "corner-up-left"),
    Action.RECALL: (_("从单位收回来，街道联动中心重新派"), "arrow-back-up"),
    Action.ASK_EXTENSION: (_("单位想多要几天，街道联动中心在看"), "calendar-time"),
    Action.GRANT_EXTENSION: (_("同意多给几天，新的日子写在上面"), "calendar-time"),
    Action.REFUSE_EXTENSION: (_("没有同意延期，照原来的日子办"), "calendar-time"),
    Action.LAPSE_EXTENSION: (_("延期没有批，照原来的日子办"), "calendar-time"),
    Action.SUSPEND: (_("先放一放，到了日子接着办"), "player-pause"),
    Action.UNSUSPEND: (_("接着办了"), "hammer"),
    Action.ASK: (_("想问您一句"), "message-question"),
    Action.ANSWER: (_("您回答了"), "message-check"),
    Action.LAPSE_QUESTION: (_("没有等到回答，接着办"), "message-question"),
    Action.URGE: (_("催了一次"), "bell-ringing"),
    Action.SUPERVISE: (_("街道联动中心盯上了这件"), "flag"),
    Action.SPLIT: (_("分出一件，请别的单位一起办"), "affiliate"),
    Action.RETYPE: (_("换了一个更准的类别，日子照一开始算"), "pencil"),
    Action.CLOSE_PART: (_("分出的一件办完了"), "circle-check"),
}
# The same where the unit is known: a reporter reads who is responsible, the unit and never a person.
UNIT_STEPS: dict[str, str | Promise] = {
    Action.DISPATCH: _("派给%(unit)s去办"),
    Action.RULE: _("定下来由%(unit)s办，不能再退"),
    Action.SIGN: _("%(unit)s接下了"),
    Action.RESPOND: _("%(unit)s说办好了"),
    Action.RETURN: _("%(unit)s说不归它管，街道联动中心重新派"),
    Action.RECALL: _("从%(unit)s收回来，街道联动中心重新派"),
    Action.ASK_EXTENSION: _("%(unit)s想多要几天，街道联动中心在看"),
}
# Staff read the same steps about somebody who is not shown to them.
STAFF_STEPS: dict[str, str | Promise] = {
    Action.REPORT: _("有人上报"),
    Action.SKIP_CHECK: _("没有抽到核查，等上报人确认"),
    Action.PASS_CHECK: _("核查通过，等上报人确认"),
    Action.AGREE: _("一位上报人说解决了，还等另一位"),
    Action.CONFIRM: _("上报人说解决了，已办结"),
    Action.PASS_ON: _("原来的同事不在，换人办"),
    Action.DISPUTE: _("上报人说还没有，重新办"),
    Action.WITHDRAW: _("上报人撤回了"),
    Action.HAND_UP: _("网格办不了，转给联动中心"),
    Action.VOUCH: _("核实过了，属实"),
    Action.FILE: _("立案"),
    Action.ASK_REVIEW: _("上报人申请复核"),
    Action.ASK: _("问了上报人一句"),
    Action.ANSWER: _("上报人回答了"),
}
# What another reporter of the same thing did (ruling 15).
NEIGHBOURS_STEPS: dict[str, str | Promise] = {
    Action.REPORT: _("有人上报"),
    Action.AGREE: _("一位邻居说解决了，还等您看"),
    Action.CONFIRM: _("一位邻居说解决了，已办结"),
    Action.DISPUTE: _("一位邻居说还没有，重新办"),
    Action.WITHDRAW: _("上报人撤回了"),
    Action.ASK_REVIEW: _("一位邻居申请了复核"),
    Action.ANSWER: _("一位邻居回答了"),
}
WHERE_ELSE: dict[str, str | Promise] = {
    DeclineReason.NOT_THE_STREETS: _("这里不归街道管，可打 12345"),
    DeclineReason.OUTSIDE: _("那里归隔壁街道，可打 12345 转过去"),
    DeclineReason.NOT_SEEN: _("我们去看时已经没有了，再出现请再拍一张"),
    DeclineReason.NOT_A_PROBLEM: _("拿不准的事可以打 12345 问"),
    DeclineReason.PRIVATE_DISPUTE: _("可以找社区调解，或者请律师帮忙看看"),
}
NOT_FILED: dict[str, str | Promise] = {
    NotFiledReason.NOT_OUR_POWER: _("街道没有这项职权，可打 12345 转到管的部门"),
    NotFiledReason.SETTLED: _("我们去看时已经解决了，再出现请再拍一张"),
    NotFiledReason.NOT_PROVEN: _("现场和说的对不上，有新的照片可以申请复核"),
    NotFiledReason.IN_PROCEEDINGS: _("已经在打官司或者复议，等那边的结果"),
    NotFiledReason.PRIVATE_DISPUTE: _("可以找社区调解，或者请律师帮忙看看"),
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


def photos(case: Case, viewer: Person, now: datetime) -> dict[str, list[Seen]]:
    """Photos by the moment they were taken, in the public copy; the original opens only by its own command."""
    seen: dict[str, list[Seen]] = {moment: [] for moment in Moment.values}
    for one in queries.photos_of(case):
        seen[one.moment].append(_seen(one, viewer, now))
    return seen


def _seen(one: CasePhoto, viewer: Person, now: datetime) -> Seen:
    src = grants.url(one.photo, Variant.PUBLIC, viewer=viewer, now=now)
    return Seen(src or None, str(Moment(one.moment).label if src else one.photo.missing_words), one.moment)


def own_photos(case: Case, reporter: Person, viewer: Person, now: datetime) -> dict[str, list[Seen]]:
    """The same for a reporter: of other reporters only what is public, for they may have taken what is theirs alone."""
    seen: dict[str, list[Seen]] = {moment: [] for moment in Moment.values}
    for one in queries.photos_of(case):
        if one.moment not in _OF_REPORTERS or _may_see(one, reporter):
            seen[one.moment].append(_seen(one, viewer, now))
    return seen


_OF_REPORTERS = (Moment.BEFORE, Moment.DISPUTE)


def _may_see(one: CasePhoto, reporter: Person) -> bool:
    """Theirs, taken by whom ever at the counter, or public."""
    theirs = one.report.reporter_id if one.report else one.photo.uploader_id
    return theirs == reporter.id or one.photo.is_public


def own_row(report: Report, viewer: Person, now: datetime) -> dict[str, object]:
    """A row of one's own list; of a case that others reported first it shows one's own picture and no typed address."""
    case, reporter = report.case, report.reporter
    own = next((one for one in case.photos.all() if _may_see(one, reporter)), None)
    return {
        **row(case, viewer, now),
        "src": grants.url(own.photo, Variant.THUMB, viewer=viewer, now=now) or None if own else None,
        "place": own_place(case, reporter),
    }


def own_place(case: Case, reporter: Person) -> str:
    """Where it is: as the first reporter wrote it for themselves, the grid for whoever came after."""
    return whole_place(case) if case.reporter_id == reporter.id else case.node.name


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
        "state": case.chip,
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
        "place": masked(f"{case.address} · {case.node_name}", case.reporters) if case.address else case.node_name,
        "state": case.state,
        "src": grants.thumb_url(case.photo_id, viewer=viewer, now=now) if case.photo_id else None,
        "alt": case.type_name,
        "due_at": case.due_at,
        "now": now,
        "lng": case.lng,
        "lat": case.lat,
        "number": number,
    }


def kept_row(case: Case, viewer: Person, now: datetime) -> dict[str, object]:
    """What a phone keeps of a case, ready to be shown where nobody can be asked."""
    shown, then = row(case, viewer, now), case.type_then
    return {
        "code": case.code, "title": shown["title"], "place": shown["place"], "word": case.get_state_display(),
        "due_at": case.due_at.isoformat() if case.due_at else "", "lng": case.lng, "lat": case.lat,
        "src": shown["src"] or "", "standard": then.closing_standard,
        "needs_photo": then.needs_after_photo,
    }  # fmt: skip


@dataclass(frozen=True)
class Releasable:
    """A public copy that nobody has released yet, and its digest: what is released is what was looked at."""

    id: UUID
    src: str
    alt: str
    copy: str


def releasable(case: Case, viewer: Person, now: datetime) -> list[Releasable]:
    """Photos before and after that could be shown to neighbours."""
    kept_back = KeptBack.objects.filter(case=case).values("photo")
    waiting = queries.photos_of(case).filter(photo__released_at=None, moment__in=(Moment.BEFORE, Moment.AFTER))
    waiting = waiting.exclude(photo__in=kept_back)
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
    """Address and micro-grid, and no number by which somebody could be reached."""
    return masked(whole_place(case), ())

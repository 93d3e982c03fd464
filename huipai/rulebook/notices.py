"""Who is told what about the rulebook, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.words import Role
from huipai.rulebook.models import PointItem, Remark
from huipai.rulebook.words import Fact, Said

# A follower that comes to run later than this stays silent: the page says how it stands.
NEWS_FOR = timedelta(days=7)


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whom an entry about the rulebook concerns, once however often this runs."""
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    to = [person_id for person_id in _TOLD[entry.what](entry, now) if person_id != entry.actor_id]
    if to:
        params = {key: entry.facts[key] for key in ("number", "code", "remark") if key in entry.facts}
        notices.tell(
            person_ids=to, kind=entry.what, subject=entry.subject, cause=f"entry:{entry.id}", now=entry.happened_at,
            params=params,
        )  # fmt: skip


def _holders(role: Role, now: datetime) -> Iterable[UUID]:
    held = Assignment.objects.attended(now).filter(role=role).select_related("person", "deputy").order_by("id")
    return [each.acting.id for each in held]


def _board(entry: Entry, now: datetime) -> Iterable[UUID]:
    return _holders(Role.BOARD_MEMBER, now)


def _board_and_editor(entry: Entry, now: datetime) -> Iterable[UUID]:
    return [*_holders(Role.BOARD_MEMBER, now), *_holders(Role.RULEBOOK_EDITOR, now)]


def _department(entry: Entry, now: datetime) -> Iterable[UUID]:
    held = grid.holders(Role.UNIT_LEAD, now).filter(unit=UUID(str(entry.facts["unit"]))).order_by("id")
    return list(held.values_list("person_id", flat=True))


def _department_and_editor(entry: Entry, now: datetime) -> Iterable[UUID]:
    return [*_department(entry, now), *_holders(Role.RULEBOOK_EDITOR, now)]


def _all_who_wrote_it(entry: Entry, now: datetime) -> Iterable[UUID]:
    """The board, the editors, and the department if the item is one's."""
    return [*_board_and_editor(entry, now), *(_department(entry, now) if "unit" in entry.facts else [])]


def _departments_of(entry: Entry, now: datetime) -> Iterable[UUID]:
    version_id = UUID(entry.subject.removeprefix("rulebook:"))
    units = PointItem.objects.filter(version=version_id, admission__isnull=False).values("admission__unit")
    return list(grid.holders(Role.UNIT_LEAD, now).filter(unit__in=units).values_list("person_id", flat=True))


def _speaker(entry: Entry, now: datetime) -> Iterable[UUID]:
    return [Remark.objects.values_list("person_id", flat=True).get(pk=UUID(str(entry.facts["remark"])))]


def _board_and_objectors(entry: Entry, now: datetime) -> Iterable[UUID]:
    """Whoever waits for what becomes of their objection: what they spoke against is gone."""
    version_id = UUID(entry.subject.removeprefix("rulebook:"))
    waiting = Remark.objects.filter(version=version_id, kind=Said.OBJECTION, answered_at=None)
    return [*_board(entry, now), *waiting.values_list("person_id", flat=True).distinct()]


def _speaker_and_editor(entry: Entry, now: datetime) -> Iterable[UUID]:
    return [*_speaker(entry, now), *_holders(Role.RULEBOOK_EDITOR, now)]


_TOLD: dict[str, Callable[[Entry, datetime], Iterable[UUID]]] = {
    Fact.PROPOSED: _board,
    Fact.RETURNED: _department,
    Fact.DECLINED: _department,
    Fact.LAPSED: _department,
    Fact.ADMITTED: _department_and_editor,
    Fact.READMITTED: _department_and_editor,
    Fact.EXPIRING: _department_and_editor,
    Fact.CONSULTED: _board,
    Fact.CONSULTATION_CLOSED: _board_and_editor,
    Fact.PUBLISHED: _departments_of,
    Fact.WITHDRAWN: _board_and_objectors,
    Fact.OBJECTED: _board,
    Fact.POSTPONED: _board_and_editor,
    Fact.OVERTAKEN: _all_who_wrote_it,
    Fact.ANSWERED: _speaker,
    Fact.UPHELD: _speaker_and_editor,
    Fact.DISMISSED: _speaker,
}
TOLD = tuple(fact.value for fact in Fact if fact in _TOLD)


# --- In which words.
def _of_proposal(title: str | Promise, text: str | Promise, subject: str, params: Mapping[str, object]) -> Wording:
    page = reverse_lazy("rulebook:proposal", args=[subject.removeprefix("proposal:")])
    return Wording(title, text, page)


def _of_version(title: str | Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, reverse_lazy("rulebook:changes", args=[int(str(params["number"]))]))


def _of_item(title: str | Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, reverse_lazy("rulebook:item", args=[int(str(params["number"])), str(params["code"])]))


def _at_desk(title: str | Promise, text: str | Promise, _subject: str, _params: Mapping[str, object]) -> Wording:
    return Wording(title, text, reverse_lazy("rulebook:desk"))


def _of_objection(title: str | Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, reverse_lazy("rulebook:answer", args=[str(params["remark"])]))


WORDINGS: dict[str, Writer] = {
    Fact.PROPOSED: partial(_of_proposal, _("有单位提了一个条目"), _("看看是不是网格里的事，14 天内答复")),
    Fact.RETURNED: partial(_of_proposal, _("您单位提的条目要补充"), _("要补什么写在里面，改好再交")),
    Fact.DECLINED: partial(_of_proposal, _("您单位提的条目这次没有准入"), _("理由写在里面")),
    Fact.LAPSED: partial(_of_proposal, _("您单位提的条目过了时间没有办"), _("还要的话，照原样再提一次")),
    Fact.ADMITTED: partial(_of_proposal, _("一个条目准入了"), _("条目编辑写进草稿，再公开征求意见")),
    Fact.READMITTED: partial(
        _of_proposal, _("列了一个条目的那一版撤回了"), _("准入还算数，单位不用再提；条目编辑可以写进下一版")
    ),
    Fact.EXPIRING: partial(_of_proposal, _("一个条目的准入一个月内到期"), _("还要的话再提一次；不提，下一版就不列了")),
    Fact.CONSULTED: partial(_of_version, _("新一版计分条目在征求意见"), _("先看看改了什么，到期以后请您表态")),
    Fact.CONSULTATION_CLOSED: partial(_at_desk, _("征求意见结束了"), _("意见都答复、试算过以后，请审议组表态")),
    Fact.PUBLISHED: partial(_of_version, _("您单位的条目在公示"), _("公示期里没有问题就用起来")),
    Fact.WITHDRAWN: partial(_of_version, _("公示的一版撤回了"), _("原来的一版接着用，为什么写在里面")),
    Fact.OBJECTED: partial(_of_objection, _("有人对计分条目提了异议"), _("没有起草这一版的成员来定，写明理由")),
    Fact.POSTPONED: partial(_of_version, _("一版计分条目推迟施行"), _("有异议还没答复，答复以前不施行")),
    Fact.OVERTAKEN: partial(
        _of_item,
        _("一版推迟了，有一个条目的准入等不到施行"),
        _("施行以后它不计分；还要的话，单位再提一次"),
    ),
    Fact.ANSWERED: partial(_of_version, _("您提的意见有答复了"), _("大家也能看到，不写您的名字")),
    Fact.UPHELD: partial(_of_version, _("对计分条目的异议成立"), _("怎么改写在里面，挣的分不变")),
    Fact.DISMISSED: partial(_of_version, _("您提的异议有结果了"), _("理由写在里面")),
}

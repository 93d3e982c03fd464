"""What no reviewer may decide: it reaches the sub-district's leader, and where the leader may not either, whoever names
reviewers (decision 0092)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from huipai.grid import queries as grid
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import policies, queries
from huipai.points.models import Claim, Contest, Objection
from huipai.points.queries import Eyes

LEFT, LEFT_TO_NOBODY = "points.left_to_leader", "points.left_to_nobody"


@dataclass(frozen=True, slots=True)
class Pile:
    """What of one kind waits for a decision, each with the turn that it waits for, and what of it these eyes may decide
    as strangers to it."""

    waiting: Mapping[UUID, str]
    open_to: Callable[[Eyes], Collection[UUID]]

    def left_by(self, those: Collection[Eyes]) -> set[UUID]:
        """What none of these may decide."""
        left = set(self.waiting)
        for eyes in those:
            if left:
                left.difference_update(self.open_to(eyes))
        return left


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of what is decided: the first word of its subjects, how it is called, where it is decided."""

    key: str
    label: str | Promise
    page: str | Promise
    pile: Callable[[datetime], Pile]


@dataclass(frozen=True, slots=True)
class Line:
    """What a desk says of one kind of matter that only its reader may decide."""

    title: str
    href: str | Promise


def tell(*, now: datetime) -> int:
    """Tell of everything that no reviewer may decide: each leader who may, once; where none may, once whoever names
    reviewers. The number told."""
    told, reviewers, leaders = 0, queries.eyes_as(Role.REVIEWER, now), queries.eyes_as(Role.LEADER, now)
    who_name_reviewers = [person.id for person in grid.acting_as(Role.SYSTEM_ADMIN, now)]
    for matter in matters():
        pile = matter.pile(now)
        left = pile.left_by(reviewers)
        may = {eyes.id: left & set(pile.open_to(eyes)) for eyes in leaders} if left else {}
        for one in sorted(left):
            to = [leader for leader, theirs in may.items() if one in theirs]
            kind = LEFT if to else LEFT_TO_NOBODY
            subject = f"{matter.key}:{one}"
            made = notices.tell(
                person_ids=to or who_name_reviewers, kind=kind, subject=subject,
                cause=f"{kind}:{subject}:{pile.waiting[one]}", now=now,
            )  # fmt: skip
            told += len(made)
    return told


def lines_for(person: Person, at: datetime) -> list[Line]:
    """What waits for the leader alone, a line a kind; nothing for others."""
    if grid.has_role(person, Role.REVIEWER, at) or not grid.has_role(person, Role.LEADER, at):
        return []
    eyes, lines = queries.eyes_of(person, at), []
    for matter in matters():
        pile = matter.pile(at)
        left = pile.left_by(eyes.first or ())
        count = len(left & set(pile.open_to(eyes))) if left else 0
        if count:
            said = ngettext("%(num)s 件%(what)s要您来定", "%(num)s 件%(what)s要您来定", count)
            lines.append(Line(said % {"num": count, "what": matter.label}, matter.page))
    return lines


# --- Its kinds.
def _rows(rows: QuerySet[Claim] | QuerySet[Objection] | QuerySet[Contest]) -> list[UUID]:
    return list(rows.values_list("pk", flat=True))


def _claims(at: datetime) -> Pile:
    waiting = {
        pk: f"{turn}-{state}" for pk, turn, state in Claim.objects.to_review().values_list("pk", "round", "state")
    }
    return Pile(waiting, lambda eyes: _rows(queries.claims_open_to(eyes)))


def _objections(at: datetime) -> Pile:
    waiting = dict.fromkeys(_rows(Objection.objects.filter(result="")), "")
    return Pile(waiting, lambda eyes: _rows(queries.objections_open_to(eyes)))


def _contests(at: datetime) -> Pile:
    waiting = dict.fromkeys(_rows(Contest.objects.filter(result="")), "")
    return Pile(waiting, lambda eyes: _rows(queries.contests_open_to(eyes)))


def _grants(at: datetime) -> Pile:
    found = list(queries.grants(waiting=True))
    return Pile(
        {one.pk: "" for one in found},
        lambda eyes: [one.pk for one in found if policies.stranger_to_grant(one, eyes)],
    )


def _corrections(at: datetime) -> Pile:
    found = policies.behind(list(queries.corrections(waiting=True)), at)
    return Pile(
        {one.correction.pk: one.correction.state for one in found},
        lambda eyes: [one.correction.pk for one in found if policies.stranger_to_correction(one, eyes)],
    )


_REVIEW = "points:review"
_OWN: tuple[Matter, ...] = (
    Matter("claim", _("申报"), reverse_lazy(_REVIEW), _claims),
    Matter("objection", _("对申报的异议"), format_lazy("{}?tab=objections", reverse_lazy(_REVIEW)), _objections),
    Matter("contest", _("不服异议的申诉"), reverse_lazy("points:contests"), _contests),
    Matter("grant", _("人工补记"), reverse_lazy("points:grants"), _grants),
    Matter("correction", _("退回积分"), reverse_lazy("points:corrections"), _corrections),
)
_wired: tuple[Matter, ...] = ()


def wire(known: tuple[Matter, ...]) -> None:
    """Name, once at start-up, what else reviewers decide; it belongs to packages above."""
    global _wired
    _wired = known


def matters() -> tuple[Matter, ...]:
    return (*_OWN, *_wired)


# --- In which words.
def _write(
    title: str | Promise, text: str | Promise, page: str | Promise | None, subject: str, _params: object
) -> Wording:
    key = subject.partition(":")[0]
    matter = next(one for one in matters() if one.key == key)
    return Wording(str(title) % {"what": matter.label}, text, matter.page if page is None else page)


WORDINGS: dict[str, Writer] = {
    LEFT: partial(
        _write, _("有一件%(what)s没有审核员能定，请您来定"),
        _("每一位审核员都经手过、有牵连，或者不在；您和它没有牵连"), None,
    ),
    LEFT_TO_NOBODY: partial(
        _write, _("有一件%(what)s没有人能定，请再任命一位积分审核员"),
        _("审核员和街道负责人都经手过、有牵连，或者不在"), reverse_lazy("grid:staff"),
    ),
}  # fmt: skip

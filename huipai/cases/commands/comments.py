"""Neighbours' comments: off until a community turns them on, read by a person before they show, taken back at will."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import stepping
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.commands.intake import NotThisId
from huipai.cases.commands.retention import holding
from huipai.cases.comment_words import (
    LONGEST_COMMENT,
    MOST_A_CASE,
    MOST_A_DAY,
    CommentReason,
    CommentState,
)
from huipai.cases.fact_words import CommentFact
from huipai.cases.models import Case, Comment, CommentOpening, CommentReport, Shown
from huipai.cases.policies import comments as may
from huipai.cases.queries import comments as queries
from huipai.cases.queries.naming import names_somebody_of
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Kind
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.masking import reaches_somebody
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person

_CHINA = ZoneInfo("Asia/Shanghai")
_ALIVE = (CommentState.WAITING, CommentState.SHOWN)


class SaySomething(Invalid):
    code = "comment_empty"
    default_reason = _("写一句再发，最多 200 个字")


class CommentTellsTooMuch(Invalid):
    code = "comment_tells_too_much"
    default_reason = _("留言谁都看得到，去掉电话、邮箱和证件号再发")


class CommentNamesSomebody(Invalid):
    code = "comment_names_somebody"
    default_reason = _("里面写了人名，放不出来。选“写了姓名”不放，写的人可以改了再发")


class EnoughForToday(Moved):
    code = "comments_of_the_day"
    default_reason = _("今天留过 5 条了，明天再说")


class EnoughHere(Moved):
    code = "comments_of_the_case"
    default_reason = _("这件事您已经留过 3 条，收回一条再写")


@transaction.atomic
def open_in(*, node_id: UUID, actor: Person, now: datetime) -> CommentOpening:
    """Let the neighbours of a community comment on its public cases; twice is once."""
    node = _community(node_id, actor, now)
    known = CommentOpening.objects.filter(node=node, closed_at=None).first()
    if known is not None:
        return known
    opening = CommentOpening.objects.create(node=node, opened_by=actor, opened_at=now)
    journal.record(what=CommentFact.OPENED, subject=f"node:{node.id}", actor_id=actor.id, now=now)
    return opening


@transaction.atomic
def close_in(*, node_id: UUID, actor: Person, now: datetime) -> None:
    """Have no comments any more: none is shown, none can be written. What was written stays with its authors."""
    node = _community(node_id, actor, now)
    if CommentOpening.objects.filter(node=node, closed_at=None).update(closed_at=now, closed_by=actor):
        journal.record(what=CommentFact.CLOSED, subject=f"node:{node.id}", actor_id=actor.id, now=now)


def _community(node_id: UUID, actor: Person, now: datetime) -> GridNode:
    """The community, held so that it is opened once."""
    node = GridNode.objects.select_for_update(no_key=True).filter(pk=node_id, level=Level.COMMUNITY).first()
    if node is None:
        raise NotVisible
    may.may_open(actor, node, now).require()
    return node


@transaction.atomic
def write(*, comment_id: UUID, code: str, author: Person, text: str, now: datetime) -> Comment:
    """Keep a comment on a public case until somebody has read it; the same again is the same."""
    _hold(code, author)
    known = Comment.objects.filter(pk=comment_id).first()
    if known is not None:
        if (known.author_id, known.text) != (author.id, as_seen(text)):
            raise NotThisId
        return known
    case = _open_case(code)
    may.may_comment(author, case).require()
    holding.require_kept(case)
    if not as_seen(text) or len(as_seen(text)) > LONGEST_COMMENT:
        raise SaySomething(field="text")
    if reaches_somebody(text):
        raise CommentTellsTooMuch(field="text")
    day = now.astimezone(_CHINA).date()
    mine = Comment.objects.filter(author=author)
    if mine.filter(written_date=day).count() >= MOST_A_DAY:
        raise EnoughForToday
    if mine.filter(case=case, state__in=_ALIVE).count() >= MOST_A_CASE:
        raise EnoughHere
    try:
        with transaction.atomic():
            comment = Comment.objects.create(
                id=comment_id, case=case, author=author, text=as_seen(text), written_at=now, written_date=day
            )
    except IntegrityError as clash:
        raise NotThisId from clash
    _say(CommentFact.WRITTEN, comment, author, now)
    return comment


def _hold(code: str, author: Person) -> None:
    """The case, as whoever draws its checker holds it: a comment makes somebody no stranger. Then the author, so that
    two at once cannot both be the last of the day."""
    for case_id in Shown.objects.filter(code=code, kind=Kind.PROBLEM).values_list("pk", flat=True):
        stepping.locked(case_id)
    Person.objects.select_for_update(no_key=True).get(pk=author.pk)


def _open_case(code: str) -> Case:
    """The case that neighbours see and may comment on; anything else does not exist."""
    shown = Shown.objects.select_related("node").filter(code=code, kind=Kind.PROBLEM).first()
    if shown is None or not queries.is_open(shown.node):
        raise NotVisible
    return Case.objects.select_related("node").get(pk=shown.pk)


@transaction.atomic
def withdraw(*, comment_id: UUID, author: Person, now: datetime) -> Comment:
    """Take one's comment back: its words are gone. Twice is once; refused while the case is held."""
    case_id = Comment.objects.filter(pk=comment_id, author=author).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotVisible
    case = stepping.locked(case_id)
    comment = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment_id)
    if comment.state != CommentState.WITHDRAWN:
        holding.require_free_for_its_author(case, now)
        comment.state, comment.text = CommentState.WITHDRAWN, ""
        comment.save(update_fields=["state", "text"])
        _say(CommentFact.WITHDRAWN, comment, author, now)
    return comment


@transaction.atomic
def show(*, comment_id: UUID, actor: Person, now: datetime) -> Comment:
    """It was read and may be seen; where neighbours pointed at it, it stays. A second press finds it done."""
    comment = _locked(comment_id, actor, now)
    if comment.state == CommentState.SHOWN:
        looked = CommentReport.objects.filter(comment=comment, looked_at=None).update(looked_at=now)
        if looked:
            _say(CommentFact.KEPT, comment, actor, now)
        return comment
    if comment.state != CommentState.WAITING:
        raise NotNow
    if names_somebody_of(comment.text, comment.case):
        raise CommentNamesSomebody
    return _decide(comment, CommentState.SHOWN, "", actor, CommentFact.SHOWN, now)


@transaction.atomic
def refuse(*, comment_id: UUID, actor: Person, reason: str, now: datetime) -> Comment:
    """It was read and is not shown, or no longer; its author is told why. A second press finds it done."""
    comment = _locked(comment_id, actor, now)
    if reason not in CommentReason.values:
        raise ReasonMissing(field="reason")
    if comment.state in (CommentState.REFUSED, CommentState.TAKEN_DOWN) and comment.reason == reason:
        return comment
    if comment.state not in _ALIVE:
        raise NotNow
    was_shown = comment.state == CommentState.SHOWN
    CommentReport.objects.filter(comment=comment, looked_at=None).update(looked_at=now)
    state = CommentState.TAKEN_DOWN if was_shown else CommentState.REFUSED
    fact = CommentFact.TAKEN_DOWN if was_shown else CommentFact.REFUSED
    return _decide(comment, state, reason, actor, fact, now)


def _locked(comment_id: UUID, actor: Person, now: datetime) -> Comment:
    found = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("case", "case__node")
    comment = found.filter(pk=comment_id).first()
    if comment is None:
        raise NotVisible
    may.may_decide(actor, comment, now).require()
    return comment


def _decide(
    comment: Comment, state: CommentState, reason: str, actor: Person, fact: CommentFact, now: datetime
) -> Comment:
    comment.state, comment.reason, comment.decided_by, comment.decided_at = state, reason, actor, now
    comment.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    _say(fact, comment, actor, now)
    return comment


@transaction.atomic
def report(*, comment_id: UUID, person: Person, reason: str, now: datetime) -> None:
    """A neighbour says that a comment is not fit to stand there: somebody looks again. Once a person."""
    comment = queries.one_shown(comment_id)
    if comment is None:
        raise NotVisible
    if reason not in CommentReason.values:
        raise ReasonMissing(field="reason")
    _row, is_new = CommentReport.objects.get_or_create(
        comment=comment, person=person, defaults={"reason": reason, "reported_at": now}
    )
    if is_new:
        _say(CommentFact.REPORTED, comment, person, now)


def _say(fact: CommentFact, comment: Comment, actor: Person, now: datetime) -> None:
    reason = {"reason": comment.reason} if comment.reason else {}
    journal.record(
        what=fact, subject=comment.subject, actor_id=actor.id, now=now, facts={"case": str(comment.case_id), **reason}
    )

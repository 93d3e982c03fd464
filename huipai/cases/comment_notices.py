"""What is told of comments: to the coordinators that one waits, to its author what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases.comment_words import CommentReason
from huipai.cases.fact_words import CommentFact
from huipai.cases.models import Comment
from huipai.cases.notices import NEWS_FOR
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.words import Role

TO_THE_DESK = (CommentFact.WRITTEN, CommentFact.REPORTED)
TO_THE_AUTHOR = (CommentFact.SHOWN, CommentFact.REFUSED, CommentFact.TAKEN_DOWN)
TOLD = tuple(fact.value for fact in (*TO_THE_DESK, *TO_THE_AUTHOR))


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whom an entry about a comment concerns, once however often this runs."""
    entry = Entry.objects.get(pk=entry_id)
    comment = Comment.objects.select_related("case__node").get(pk=UUID(entry.subject.removeprefix("comment:")))
    if now - entry.happened_at > NEWS_FOR:
        return
    people = _coordinators(comment, now) if entry.what in TO_THE_DESK else [comment.author_id]
    to = [id for id in people if id not in (entry.actor_id, comment.author_id if entry.what in TO_THE_DESK else None)]
    if to:
        notices.tell(
            person_ids=to, kind=entry.what, subject=comment.subject, cause=f"entry:{entry.id}", now=entry.happened_at,
            params={"reason": str(entry.facts.get("reason", ""))},
        )  # fmt: skip


def _coordinators(comment: Comment, now: datetime) -> list[UUID]:
    node = comment.case.node
    over = Assignment.objects.attended(now).filter(role=Role.COORDINATOR, node__in=[*node.ids_above(), node.pk])
    return [one.acting.id for one in over.select_related("person", "deputy").order_by("id")]


def _to_the_desk(title: Promise, text: Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, reverse_lazy("cases:comments_desk"))


def _to_the_author(title: Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    reason = str(params.get("reason", ""))
    text = CommentReason(reason).label if reason in CommentReason.values else ""
    return Wording(title, text, reverse_lazy("cases:own_comments"))


WORDINGS: dict[str, Writer] = {
    CommentFact.WRITTEN: partial(_to_the_desk, _("有 1 条邻居留言等您看"), _("看过放出来，邻居才看得到")),
    CommentFact.REPORTED: partial(_to_the_desk, _("有 1 条留言邻居说不妥"), _("请再看一眼，留着还是收回")),
    CommentFact.SHOWN: partial(_to_the_author, _("您的留言邻居看得到了")),
    CommentFact.REFUSED: partial(_to_the_author, _("您的留言这次没有放出来")),
    CommentFact.TAKEN_DOWN: partial(_to_the_author, _("您的一条留言收回了")),
}

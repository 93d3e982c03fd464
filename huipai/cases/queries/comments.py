"""Reading comments: what neighbours see, one's own, and what waits for a coordinator."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from huipai.cases.comment_words import MOST_SHOWN, CommentState
from huipai.cases.models import Case, Comment, CommentOpening, CommentReport, Report, Shown
from huipai.cases.queries import within
from huipai.cases.words import Kind
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.people.models import Person
from huipai.people.words import Role


def is_open(node: GridNode) -> bool:
    """Whether the community over this place lets its neighbours comment."""
    return CommentOpening.objects.filter(node__in=[*node.ids_above(), node.pk], closed_at=None).exists()


def under(shown: Shown) -> list[Comment] | None:
    """What neighbours read under a public case, the latest last; None where there are no comments at all."""
    if shown.kind != Kind.PROBLEM or not is_open(shown.node):
        return None
    latest = Comment.objects.filter(case=shown.id, state=CommentState.SHOWN).order_by("-id")[:MOST_SHOWN]
    return list(reversed(latest))


def one_shown(comment_id: UUID) -> Comment | None:
    """A comment that neighbours read now: released, under something that is shown, in a community that has comments."""
    public = Shown.objects.filter(pk=OuterRef("case_id"))
    found = Comment.objects.filter(Exists(public), pk=comment_id, state=CommentState.SHOWN)
    comment = found.select_related("case", "case__node", "case__case_type").first()
    return comment if comment is not None and is_open(comment.case.node) else None


def of(person: Person) -> QuerySet[Comment]:
    return Comment.objects.filter(author=person).select_related("case", "case__case_type").order_by("-id")


def looked_after_by(person: Person, at: datetime) -> QuerySet[Comment]:
    """Comments in this coordinator's communities; never their own, nor under what they reported themselves."""
    nodes = [held.node for held in grid.roles_of(person, at) if held.role == Role.COORDINATOR and held.node]
    here = Comment.objects.filter(case__in=Case.objects.filter(within(nodes))).exclude(author=person)
    own = Report.objects.filter(reporter=person).values("case")
    return here.exclude(case__in=own).select_related("case", "case__case_type", "case__node")


def waiting_for(person: Person, at: datetime) -> QuerySet[Comment]:
    """What nobody has read yet, and what neighbours pointed at; the oldest first."""
    pointed = Exists(CommentReport.objects.filter(comment=OuterRef("pk"), looked_at=None))
    here = looked_after_by(person, at).annotate(is_pointed_at=pointed)
    return here.filter(Q(state=CommentState.WAITING) | Q(state=CommentState.SHOWN) & pointed).order_by("id")


def decided_near(person: Person, at: datetime) -> QuerySet[Comment]:
    decided = (CommentState.SHOWN, CommentState.REFUSED, CommentState.TAKEN_DOWN)
    return looked_after_by(person, at).filter(state__in=decided).order_by("-id")


def communities_of(person: Person, at: datetime) -> list[tuple[GridNode, bool]]:
    """The communities that somebody coordinates, and whether each lets its neighbours comment."""
    nodes = [held.node for held in grid.roles_of(person, at) if held.role == Role.COORDINATOR and held.node]
    inside = Q(pk__in=[])
    for node in nodes:
        inside |= Q(path__startswith=node.path)
    found = GridNode.objects.valid_at(at).of_level(Level.COMMUNITY).filter(inside).order_by("code")
    opened = set(CommentOpening.objects.filter(closed_at=None).values_list("node_id", flat=True))
    return [(node, node.pk in opened) for node in found]

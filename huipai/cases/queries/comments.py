"""Reading comments: what neighbours see, one's own, and what waits for a coordinator."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from huipai.cases.comment_words import MOST_SHOWN, CommentState
from huipai.cases.models import Case, Comment, CommentOpening, CommentReport, Report, Shown
from huipai.cases.queries import naming, within
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
    here = Case.objects.filter(Q(pk=shown.id) | Q(merged_into=shown.id, is_public=True))
    latest = Comment.objects.filter(case__in=here, state=CommentState.SHOWN).order_by("-id")[:MOST_SHOWN]
    comments = list(reversed(latest))
    if all(one.case_id == shown.id for one in comments):
        return comments
    # What was released where it stood may name who reported the case that goes on: it stays there then.
    names = naming.who_reported(Case.objects.get(pk=shown.id))
    return [one for one in comments if one.case_id == shown.id or not naming.calls(one.text, names)]


def one_shown(comment_id: UUID) -> Comment | None:
    """A comment that neighbours read now: released, under something that is shown, in a community that has comments."""
    here = Exists(Shown.objects.filter(pk=OuterRef("case_id")))
    along = Exists(Shown.objects.filter(pk=OuterRef("case__merged_into"))) & Q(case__is_public=True)
    found = Comment.objects.filter(here | along, pk=comment_id, state=CommentState.SHOWN)
    comment = found.select_related("case", "case__node", "case__case_type").first()
    return comment if comment is not None and is_open(comment.case.node) else None


def of(person: Person) -> QuerySet[Comment]:
    return Comment.objects.filter(author=person).select_related("case", "case__case_type").order_by("-id")


def looked_after_by(person: Person, at: datetime) -> QuerySet[Comment]:
    """Comments in this coordinator's communities; never their own, nor under what they reported themselves."""
    nodes = [held.node for held in grid.roles_of(person, at) if held.role == Role.COORDINATOR and held.node]
    here = Comment.objects.filter(case__in=Case.objects.filter(within(nodes))).exclude(author=person)
    own = Report.objects.filter(reporter=person).values("case")
    here = here.exclude(Q(case__in=own) | Q(case__parent__in=own))
    return here.select_related("case", "case__case_type", "case__node")


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

"""What neighbours write under a public case. Nobody is named; nothing shows before a person has read it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.comment_words import CommentReason, CommentState
from huipai.cases.models.case import Case
from huipai.streets.models import TenantKey, TenantModel

_DECIDED = (CommentState.SHOWN, CommentState.REFUSED, CommentState.TAKEN_DOWN)


class CommentOpening(TenantModel):
    """A spell in which a community lets its neighbours comment. Without one there are no comments."""

    node = TenantKey("grid.GridNode", on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    closed_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="cases_comments_open_once", fields=["street", "node"], condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="cases_who_closed_comments",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]


class Comment(TenantModel):
    """One comment. Its id is made by the form (ruling 6); taken back, its words are gone."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="comments", db_index=False)
    author = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=CommentState, default=CommentState.WAITING)
    text = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    # Of the place's own calendar, for the limit of a day.
    written_date = models.DateField()
    reason = models.CharField(max_length=12, choices=CommentReason, blank=True)
    decided_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="cases_a_comment_says_something", condition=~Q(text="") | Q(state=CommentState.WITHDRAWN)
            ),
            models.CheckConstraint(
                name="cases_a_comment_taken_back_is_gone", condition=~Q(state=CommentState.WITHDRAWN) | Q(text="")
            ),
            models.CheckConstraint(
                name="cases_a_comment_was_read",
                condition=~Q(state__in=_DECIDED) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_nobody_releases_their_own_comment",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("author")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_comments_of_a_case", fields=["street", "case", "-id"]),
            models.Index(name="cases_comments_of_an_author", fields=["street", "author", "-id"]),
            models.Index(name="cases_comments_waiting", fields=["street", "id"], condition=Q(state="waiting")),
        ]

    @property
    def subject(self) -> str:
        return f"comment:{self.id}"


class CommentReport(TenantModel):
    """A neighbour says that a comment is not fit to stand there; once a person, until somebody has looked."""

    comment = TenantKey(Comment, on_delete=models.PROTECT, related_name="reports", db_index=False)
    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=12, choices=CommentReason)
    reported_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_comment_reported_once", fields=["street", "comment", "person"]),
        ]
        indexes: ClassVar = [
            models.Index(
                name="cases_comments_to_look_at", fields=["street", "comment"], condition=Q(looked_at__isnull=True)
            ),
        ]

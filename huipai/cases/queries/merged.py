"""What was merged into a case: whoever goes on with the matter reads what was asked, answered and noted there."""

from __future__ import annotations

from django.db.models import QuerySet

from huipai.cases.models import Case, Question


def into(case: Case) -> QuerySet[Case]:
    """The cases that were merged into this one, the first reported first; they keep what was written on them."""
    return Case.objects.filter(merged_into=case).order_by("reported_at", "id")


def questions_into(case: Case) -> QuerySet[Question]:
    """What the reporters of these were asked and have answered, oldest first."""
    return Question.objects.filter(case__merged_into=case).exclude(answer="").order_by("asked_at", "id")

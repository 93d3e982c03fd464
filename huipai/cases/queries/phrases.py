"""Answers that are kept ready."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q, QuerySet

from huipai.cases.models import Case, CaseType, Phrase
from huipai.cases.phrase_words import PhraseUse


def fitting(case: Case, use: PhraseUse) -> QuerySet[Phrase]:
    """Those for this kind of case first, then those for every kind."""
    found = Phrase.objects.filter(Q(case_type=case.case_type_id) | Q(case_type=None), use=use)
    return found.order_by(F("case_type").asc(nulls_last=True), "title")


def every() -> list[Phrase]:
    found = Phrase.objects.select_related("case_type", "written_by")
    return list(found.order_by("use", F("case_type__position").asc(nulls_first=True), "title", "id"))


def by_id(phrase_id: UUID) -> Phrase | None:
    return Phrase.objects.select_related("case_type", "written_by").filter(pk=phrase_id).first()


def kinds(*, also: UUID | None = None) -> list[CaseType]:
    """Those in use, and one that is not, for an answer that is of it."""
    return list(CaseType.objects.filter(Q(is_active=True) | Q(pk=also)).order_by("position", "code"))


def is_ready(phrase_id: str, case: Case, use: PhraseUse) -> bool:
    """Whether this is an answer for this kind of case and this outcome."""
    return bool(_text_of(phrase_id, case, use))


def added(typed: str, phrase_id: str, case: Case, use: PhraseUse) -> str:
    """What was typed, with the answer that was chosen behind it; unchanged where it is none of these."""
    text = _text_of(phrase_id, case, use)
    return "\n".join(part for part in (typed.strip(), text) if part) if text else typed


def _text_of(phrase_id: str, case: Case, use: PhraseUse) -> str:
    try:
        chosen = UUID(phrase_id)
    except ValueError:
        return ""
    return next((one.text for one in fitting(case, use) if one.pk == chosen), "")

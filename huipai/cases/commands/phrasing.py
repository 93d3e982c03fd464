"""Keeping answers ready, for everybody at the desk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.models import CaseType, Phrase
from huipai.cases.phrase_words import LONGEST_PHRASE, LONGEST_TITLE, PhraseUse
from huipai.cases.policies import entering
from huipai.kit.verdict import Invalid, Moved
from huipai.people.models import Person


class PhraseUnclear(Invalid):
    code = "phrase_unclear"
    default_reason = _("写个名字，再写要说的话；名字最多 20 个字，话最多 300 个字")


class PhraseKnown(Moved):
    code = "phrase_known"
    default_reason = _("已经有一句叫这个名字，换个名字")


@transaction.atomic
def keep(*, actor: Person, use: str, case_type: str, title: str, text: str, now: datetime) -> Phrase:
    """An answer for one outcome, and for one kind of case or every kind."""
    entering.may_enter_desk(actor, now).require()
    title, text = title.strip(), text.strip()
    if use not in PhraseUse.values or not (0 < len(title) <= LONGEST_TITLE and 0 < len(text) <= LONGEST_PHRASE):
        raise PhraseUnclear(field="text")
    kind = CaseType.objects.filter(code=case_type).first() if case_type else None
    try:
        with transaction.atomic():
            return Phrase.objects.create(
                use=use, case_type=kind, title=title, text=text, written_by=actor, written_at=now
            )
    except IntegrityError as twice:
        raise PhraseKnown(field="title") from twice


@transaction.atomic
def drop(*, actor: Person, phrase_id: UUID, now: datetime) -> None:
    """Offer an answer no longer; what was answered with it stays. Twice is once."""
    entering.may_enter_desk(actor, now).require()
    Phrase.objects.filter(pk=phrase_id).delete()

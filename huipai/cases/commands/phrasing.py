"""Keeping answers ready, for everybody at the desk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.models import CaseType, Phrase
from huipai.cases.phrase_words import LONGEST_PHRASE, LONGEST_TITLE, PhraseUse
from huipai.cases.policies import entering
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved
from huipai.people.models import Person


class PhraseUnclear(Invalid):
    code = "phrase_unclear"
    default_reason = _("写个名字，再写要说的话；名字最多 20 个字，话最多 300 个字")


class PhraseKnown(Moved):
    code = "phrase_known"
    default_reason = _("已经有一句叫这个名字，换个名字")


class PhraseKindGone(Invalid):
    """Kept for every kind, it would be offered where it does not belong."""

    code = "phrase_kind_gone"
    default_reason = _("没有这一类，重新选一类，或者选“每一类”")


class PhraseGone(Moved):
    """Sent without it, the reporter would read a reason and not where else to turn."""

    code = "phrase_gone"
    default_reason = _("选的那句常用的话刚被删掉了，重新选一句，或者自己写")


@transaction.atomic
def keep(*, actor: Person, use: str, case_type: str, title: str, text: str, now: datetime) -> Phrase:
    """An answer for one outcome, and for one kind of case or every kind. Pressed twice it is one."""
    entering.may_enter_desk(actor, now).require()
    title, text = as_seen(title), as_seen(text)
    if use not in PhraseUse.values or not (0 < len(title) <= LONGEST_TITLE and 0 < len(text) <= LONGEST_PHRASE):
        raise PhraseUnclear(field="text")
    kind = CaseType.objects.filter(code=case_type).first() if case_type else None
    if case_type and kind is None:
        raise PhraseKindGone(field="case_type")
    if known := Phrase.objects.filter(use=use, case_type=kind, title=title, text=text, written_by=actor).first():
        return known
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

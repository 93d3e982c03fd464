"""Keeping answers ready, for everybody at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import PhraseFact
from huipai.cases.models import CaseType, Phrase
from huipai.cases.phrase_words import LONGEST_PHRASE, LONGEST_TITLE, PhraseUse
from huipai.cases.policies import entering, phrases
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved
from huipai.people.models import Person


class PhraseUnclear(Invalid):
    code = "phrase_unclear"
    default_reason = _("写个名字，再写要说的话；名字最多 20 个字，话最多 300 个字")


class PhraseKnown(Moved):
    code = "phrase_known"
    default_reason = _("这一类的这种时候，已经有一句叫这个名字，换个名字")


class PhraseKindGone(Invalid):
    """Kept for every kind, it would be offered where it does not belong."""

    code = "phrase_kind_gone"
    default_reason = _("没有这一类，重新选一类，或者选“每一类”")


class PhraseGone(Moved):
    """Sent without it, the reporter would read a reason and not where else to turn."""

    code = "phrase_gone"
    default_reason = _("选的那句常用的话刚被删掉了，重新选一句，或者自己写")


class PhraseDropped(Moved):
    code = "phrase_dropped"
    default_reason = _("这一句刚被删掉了。还要用，再存一次就是新的一句")


class PhraseChanged(Moved):
    """Saved over it, the words of whoever was faster would be gone unseen."""

    code = "phrase_changed"
    default_reason = _("这一句刚有同事改过，现在写的在下面；还要照您的改，再存一次")


@transaction.atomic
def keep(*, actor: Person, use: str, case_type: str, title: str, text: str, now: datetime) -> Phrase:
    """An answer for one outcome, and for one kind of case or every kind. Pressed twice it is one."""
    entering.may_enter_desk(actor, now).require()
    said = _clear(use, case_type, title, text)
    if known := Phrase.objects.filter(**said, written_by=actor).first():
        return known
    with _once_a_title():
        one = Phrase.objects.create(**said, written_by=actor, written_at=now)
    journal.record(what=PhraseFact.KEPT, subject=one.subject, actor_id=actor.id, now=now, facts=_of(one))
    return one


@transaction.atomic
def change(
    *, actor: Person, phrase_id: UUID, seen: str, use: str, case_type: str, title: str, text: str, now: datetime
) -> Phrase:  # fmt: skip
    """Say it otherwise, or for another outcome or kind; what was answered with it stays. Twice is once.

    `seen`: the mark of the words that lay before whoever changes them; refused where they are others by now.
    """
    entering.may_enter_desk(actor, now).require()
    one = Phrase.objects.select_for_update(no_key=True).filter(pk=phrase_id).first()
    if one is None:
        raise PhraseDropped
    phrases.may_change(actor, one, now).require()
    said = _clear(use, case_type, title, text)
    changed = sorted(name for name, value in said.items() if getattr(one, name) != value)
    if not changed:
        return one
    if seen != one.mark:
        raise PhraseChanged
    for name in changed:
        setattr(one, name, said[name])
    with _once_a_title():
        one.save(update_fields=changed)
    journal.record(
        what=PhraseFact.CHANGED, subject=one.subject, actor_id=actor.id, now=now, facts={**_of(one), "fields": changed}
    )
    return one


@transaction.atomic
def drop(*, actor: Person, phrase_id: UUID, now: datetime) -> None:
    """Offer an answer no longer; what was answered with it stays. Twice is once."""
    entering.may_enter_desk(actor, now).require()
    one = Phrase.objects.select_for_update(no_key=True).filter(pk=phrase_id).first()
    if one is None:
        return
    phrases.may_change(actor, one, now).require()
    journal.record(what=PhraseFact.DROPPED, subject=one.subject, actor_id=actor.id, now=now, facts=_of(one))
    one.delete()


def _clear(use: str, case_type: str, title: str, text: str) -> dict[str, Any]:
    """What was typed, by its fields; refused where something is missing, too long or of no kind."""
    title, text = as_seen(title), as_seen(text)
    if use not in PhraseUse.values or not (0 < len(title) <= LONGEST_TITLE and 0 < len(text) <= LONGEST_PHRASE):
        raise PhraseUnclear(field="text")
    kind = CaseType.objects.filter(code=case_type).first() if case_type else None
    if case_type and kind is None:
        raise PhraseKindGone(field="case_type")
    return {"use": use, "case_type": kind, "title": title, "text": text}


@contextmanager
def _once_a_title() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        if "cases_one_phrase_a_title" not in str(twice):
            raise
        raise PhraseKnown(field="title") from twice


def _of(one: Phrase) -> dict[str, object]:
    return {"use": one.use, "kind": str(one.case_type_id) if one.case_type_id else None}

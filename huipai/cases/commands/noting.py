"""Words beside the steps of a case, as two things: a note that only staff read, and a word to whoever reported it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import measuring, stepping
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.commands.retention import holding
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Note
from huipai.cases.words import LONGEST_TEXT, Audience
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved
from huipai.people.models import Person

# The same words from the same person within so long are a second press.
_A_SECOND_PRESS = timedelta(minutes=5)


class NoteTooLong(Invalid):
    code = "note_too_long"
    default_reason = _("写短一点，最多 2000 个字")


class ToldOnTheOther(Moved):
    """Who reported it is a reporter of the case that goes on: a word here would reach nobody."""

    code = "told_on_the_other"
    default_reason = _("这一件合到另一件里办了，报的人都在那一件上，到那一件上告诉他们")


@transaction.atomic
def note_inside(*, case_id: UUID, actor: Person, text: str, now: datetime) -> Note:
    """A note for those who work on the case and look after it; no reporter, neighbour or unit reads it."""
    case = stepping.locked(case_id)
    policies.may_note(actor, case, now).require()
    return _written(case, actor, text, Audience.INTERNAL, Fact.NOTED, now)


@transaction.atomic
def tell_reporters(*, case_id: UUID, actor: Person, text: str, now: datetime) -> Note:
    """A word to everybody who reported it, read on their page and told as a notice. It moves nothing."""
    case = stepping.locked(case_id)
    policies.may_note(actor, case, now).require()
    if case.merged_into_id is not None:
        raise ToldOnTheOther
    note = _written(case, actor, text, Audience.PUBLIC, Fact.TOLD, now)
    measuring.answered(case, part=policies.part_in(actor, case, now), actor=actor, now=now)
    return note


def _written(case: Case, actor: Person, text: str, audience: Audience, fact: Fact, now: datetime) -> Note:
    holding.require_kept(case)
    text = as_seen(text)
    if not text:
        raise WordsMissing(_("写一句再发"), field="text")
    if len(text) > LONGEST_TEXT:
        raise NoteTooLong(field="text")
    mine = Note.objects.filter(case=case, author=actor, audience=audience, text=text, transition=None)
    again = mine.filter(written_at__gt=now - _A_SECOND_PRESS).first()
    if again is not None:
        return again
    note = Note.objects.create(case=case, author=actor, audience=audience, text=text, written_at=now)
    journal.record(what=fact, subject=case.subject, actor_id=actor.id, now=now, facts={"note": str(note.id)})
    return note

"""The fields that the system has already, as the street says: what is asked again costs nobody anything."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.people.models import Person
from huipai.rulebook import policies, queries, rules
from huipai.rulebook.commands.refusals import FieldTooLong, NoField, SaidOfField, WithoutReason
from huipai.rulebook.commands.telling import reason_of
from huipai.rulebook.models import KnownField
from huipai.rulebook.rules import digest_of
from huipai.rulebook.words import Fact
from huipai.streets.holding import hold_here


@transaction.atomic
def add_known(*, word: str, reason: str, actor: Person, now: datetime) -> KnownField:
    """From now on the field counts as known in what is asked for. What is under review keeps its burden."""
    return _say(word, True, reason, actor, now)


@transaction.atomic
def take_out_known(*, word: str, reason: str, actor: Person, now: datetime) -> KnownField:
    """From now on the field has to be filled in, and counts. What is under review keeps its burden."""
    return _say(word, False, reason, actor, now)


def _say(word: str, is_known: bool, reason: str, actor: Person, now: datetime) -> KnownField:
    policies.may_write(actor, now).require()
    hold_here("rulebook.known")
    word = rules.spellings(rules.unjudged(word))[0]
    if not word:
        raise NoField(field="word")
    if len(word) > rules.LONGEST_JUDGED:
        raise FieldTooLong(_("字段的名字最多 16 个字，请短一点"), field="word")
    reason = reason_of(reason, field="reason")
    if not reason:
        raise WithoutReason(field="reason")
    if rules.is_known(word, queries.said_of_fields()) is is_known:
        raise SaidOfField(field="word")
    said = KnownField.objects.create(word=word, is_known=is_known, reason=reason, said_by=actor, said_at=now)
    journal.record(
        what=Fact.FIELD_KNOWN if is_known else Fact.FIELD_NEW, subject=said.subject, actor_id=actor.id, now=now,
        facts={"word": digest_of({"word": word}), "reason": digest_of({"reason": reason})},
    )  # fmt: skip
    return said

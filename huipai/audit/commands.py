"""Writing down who is shown what is kept from view: with a ground and words, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.audit import policies, queries
from huipai.audit.models import Disclosure
from huipai.audit.queries import Wanted
from huipai.audit.words import A_LOOK, LONGEST_WORDS, MOST_ROWS, OF_A_RECORD, Fact, Ground, Kind
from huipai.journal import commands as journal
from huipai.kit.ids import new_id, short_code
from huipai.kit.lines import as_seen
from huipai.kit.masking import masked
from huipai.kit.verdict import Invalid
from huipai.people.models import Person
from huipai.streets.holding import hold_here


class GroundMissing(Invalid):
    code = "ground_missing"
    default_reason = _("选一个事由")


class GroundNotSaid(Invalid):
    code = "ground_not_said"
    default_reason = _("写一句为什么，审计管理员会看到")


class GroundTooLong(Invalid):
    code = "ground_too_long"
    default_reason = _("写短一点，最多 300 个字")


class RecordTooLarge(Invalid):
    code = "record_too_large"
    default_reason = _("太多了，一次最多 20000 行，按日子分几次导出")


@dataclass(frozen=True)
class Why:
    """The ground that was chosen and the words that were typed; of anybody's name or number nothing is kept."""

    ground: Ground
    words: str


def why(reason: str, words: str, *, of: Sequence[Ground], names: Iterable[str] = ()) -> Why:
    """What somebody gives as their reason; refuses where one of the two is missing."""
    if reason not in of:
        raise GroundMissing(field="reason")
    words = as_seen(words)
    if len(words) < 2:
        raise GroundNotSaid(field="words")
    if len(words) > LONGEST_WORDS:
        raise GroundTooLong(field="words")
    return Why(Ground(reason), masked(words, names))


@dataclass(frozen=True)
class Act:
    """What is shown: its kind, its subject for the journal, and what the record calls it."""

    kind: Kind
    subject: str
    about: str = ""
    number: str = ""
    count: int | None = None
    until: datetime | None = None
    # The ids of what was shown, where the subject does not say it.
    shown: tuple[UUID, ...] = ()


@transaction.atomic
def disclose(*, what: str, act: Act, by: Person, why: Why, now: datetime) -> Disclosure:
    """Journal and record of one act, together. Whoever shows what is sealed calls this first, in its transaction."""
    entry = journal.record(
        what=what, subject=act.subject, actor_id=by.pk, now=now,
        facts={
            "reason": why.ground.value,
            **({"number": act.number} if act.number else {}),
            **({"count": act.count} if act.count is not None else {}),
            **({"shown": [str(id) for id in act.shown]} if act.shown else {}),
        },
    )  # fmt: skip
    return Disclosure.objects.create(
        kind=act.kind, person=by, entry=entry, subject=act.subject, about=act.about, reason=why.ground,
        words=why.words, number=act.number, count=act.count, happened_at=now, until=act.until,
    )  # fmt: skip


@transaction.atomic
def look(*, actor: Person, now: datetime) -> Disclosure | None:
    """The auditor's own look is written down too, once in half an hour."""
    policies.may_audit(actor, now).require()
    hold_here("audit.look", actor.pk)
    if queries.looked_since(actor, now - A_LOOK):
        return None
    act = Act(Kind.LOOK, f"person:{actor.pk}")
    return disclose(what=Fact.LOOKED, act=act, by=actor, why=Why(Ground.AUDIT, ""), now=now)


@dataclass(frozen=True)
class Taken:
    """An act of taking the record along, and what was taken."""

    disclosure: Disclosure
    rows: list[Disclosure]


@transaction.atomic
def export(*, actor: Person, wanted: Wanted, reason: str, words: str, now: datetime) -> Taken:
    """The rows of the record that are wanted, and one more that says who took them."""
    policies.may_audit(actor, now).require()
    given = why(reason, words, of=OF_A_RECORD)
    rows = list(queries.record(wanted)[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        raise RecordTooLarge
    act = Act(Kind.RECORD, f"record:{new_id()}", number=short_code(), count=len(rows))
    return Taken(disclose(what=Fact.EXPORTED, act=act, by=actor, why=given, now=now), rows)

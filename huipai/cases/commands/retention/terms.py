"""How long a class is kept: said by who answers for the street, with its ground."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import RetentionFact
from huipai.cases.models import RetentionTerm
from huipai.cases.policies import retention as policies
from huipai.cases.queries import retention
from huipai.cases.retention_words import LEAST_DAYS, LONGEST_GROUND, MOST_DAYS, SHORTER_AFTER, Kept
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid
from huipai.people.models import Person
from huipai.streets.holding import hold_here


class WhichClass(Invalid):
    code = "retention_class_missing"
    default_reason = _("选一类")


class TermOutOfBounds(Invalid):
    code = "retention_days_out_of_bounds"
    default_reason = _("写 60 到 3650 之间的天数：复核期没过不能删，要存得更久就打印归档")


class TermGroundMissing(Invalid):
    code = "retention_ground_missing"
    default_reason = _("写依据：哪一部法、哪一条，或者上级哪一份文件，200 字以内")


@transaction.atomic
def set_term(*, kept: str, days: int | None, ground: str, actor: Person, now: datetime) -> RetentionTerm:
    """A class is kept for so many days: longer from now on, shorter after a month. The same again is once."""
    policies.may_set_terms(actor, now).require()
    if kept not in Kept.values:
        raise WhichClass(field="kept")
    if days is None or not LEAST_DAYS <= days <= MOST_DAYS:
        raise TermOutOfBounds(field="days")
    ground = as_seen(ground)
    if len(ground) < 2 or len(ground) > LONGEST_GROUND:
        raise TermGroundMissing(field="ground")
    hold_here("cases.retention_term", kept)
    last = RetentionTerm.objects.filter(kept=kept).order_by("-set_at", "-id").first()
    if last is not None and (last.days, last.ground) == (days, ground):
        return last
    is_shorter = days < retention.term_of(Kept(kept), now).days
    said = RetentionTerm.objects.create(
        kept=kept, days=days, ground=ground, set_by=actor, set_at=now, since=now + SHORTER_AFTER if is_shorter else now
    )  # fmt: skip
    journal.record(
        what=RetentionFact.TERM_SET, subject=said.subject, actor_id=actor.id, now=now,
        facts={"days": days, "since": said.since.isoformat()},
    )  # fmt: skip
    return said

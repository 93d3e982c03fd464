"""Who did what stands in somebody's name on a case: out of the journal, where it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from huipai.cases.fact_words import AT_THE_COUNTER, Fact
from huipai.cases.models import Case, Confirmation, Slip
from huipai.journal import queries as journal
from huipai.journal.models import Entry
from huipai.people.models import Person


@dataclass(frozen=True)
class Act:
    """Something that a helper did in an elder's name; `fact` is nothing for what was done before it was kept."""

    at: datetime
    fact: str
    helper_id: UUID
    helper: str


def acts_for(case: Case, elder: Person) -> list[Act]:
    """What was done for this elder on this case, oldest first."""
    entries = [
        entry
        for entry in journal.about(case.subject).filter(what=Fact.ACTED_FOR)
        if entry.facts["elder"] == str(elder.id) and entry.actor_id is not None
    ]
    helpers = Person.objects.filter(id__in={entry.actor_id for entry in entries}).select_related("account")
    called = {helper.id: helper.called for helper in helpers} if entries else {}
    return [
        Act(entry.happened_at, str(entry.facts.get("fact", "")), entry.actor_id, _hand(entry, called))
        for entry in entries
        if entry.actor_id is not None
    ]


def _hand(entry: Entry, called: Mapping[UUID, str]) -> str:
    """A helper by their name, a member of staff as the counter: who works there is no reporter's to read."""
    if entry.facts.get("scope") == AT_THE_COUNTER:
        return _("窗口")
    return called.get(entry.actor_id, "") if entry.actor_id else ""


def said_at_counter(case: Case) -> frozenset[datetime]:
    """When somebody said something of the case at the counter or on the telephone, in whosoever's name it stands."""
    spoken = journal.about(case.subject).filter(what=Fact.ACTED_FOR, facts__scope=AT_THE_COUNTER)
    return frozenset(spoken.values_list("happened_at", flat=True))


# In a reporter's name, by another's hand.
SERVED = (Fact.ACTED_FOR, Fact.SLIP_ISSUED)


def slips_of(case: Case) -> QuerySet[Slip]:
    """The papers of its reporters."""
    return Slip.objects.filter(report__case=case.matter_id)


def said_for_others(case: Case) -> QuerySet[Entry]:
    """What was done in a reporter's name by whoever is its actor."""
    named = Case.objects.of_one_matter(case).annotate(named=Concat(Value("case:"), Cast("pk", CharField())))
    return Entry.objects.filter(subject__in=named.values("named"), what__in=SERVED)


def ratings_of(case: Case, person: Person) -> Mapping[datetime, int]:
    """How somebody's answers rated the result, by when they gave them."""
    rated = Confirmation.objects.filter(case=case, report__reporter=person, rating__isnull=False)
    return {at: rating for at, rating in rated.values_list("answered_at", "rating") if at is not None and rating}

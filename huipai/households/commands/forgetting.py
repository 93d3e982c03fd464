"""Somebody is forgotten (ruling 26): their words about households go, and what stood through them ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from huipai.grid.models import Residence
from huipai.grid.models.periods import in_force
from huipai.households.commands.needs import forget_needs_of, put_back_what_lies_with
from huipai.households.commands.telling import tell
from huipai.households.models import Assessment, Group, Link, Objection, Visit
from huipai.households.words import Fact, LinkState
from huipai.people.models import Person


@transaction.atomic
def forget(*, person: Person, now: datetime) -> None:
    """End their links and their leading, wipe what they wrote, and what was written of a home that was theirs alone.

    Twice is once.
    """
    forget_needs_of(person=person, now=now)
    for link in Link.objects.filter(contact=person, state__in=(LinkState.PROPOSED, LinkState.STANDING)).order_by("id"):
        link.state, link.ended_at = LinkState.ENDED, now
        link.save(update_fields=["state", "ended_at"])
        tell(Fact.LINK_ENDED, f"link:{link.pk}", None, now, household=link.household_id)
    Group.objects.filter(lead=person).update(lead=None)
    put_back_what_lies_with(person=person, now=now)
    lived = Residence.objects.filter(person=person).values_list("household", flat=True)
    kept = Residence.objects.filter(in_force(now), household__in=lived, person__erased_at=None).exclude(person=person)
    alone = set(lived) - set(kept.values_list("household", flat=True))
    links = Link.objects.filter(Q(contact=person) | Q(household__in=alone)).values("pk")
    Visit.objects.filter(link__in=links).exclude(note="").update(note="")
    Assessment.objects.filter(Q(proposed_by=person) | Q(household__in=alone)).exclude(note="").update(note="")
    Objection.objects.filter(objector=person).exclude(text="").update(text="")

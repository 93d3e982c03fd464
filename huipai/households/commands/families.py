"""A new family begins in a home that others have left: their contacts, their group and their wishes end with them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huipai.grid import queries as grid
from huipai.grid.models import GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.households import queries
from huipai.households.commands.groups import lock_membership
from huipai.households.commands.needs import put_away_needs_of_home
from huipai.households.commands.telling import tell
from huipai.households.models import Membership
from huipai.households.words import Fact, LinkState
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose


@transaction.atomic
def end_with_family(*, household: GridNode, actor: Person | None, now: datetime) -> None:
    """End every link and question, put every open need away with its words, and leave the group. Twice is once."""
    put_away_needs_of_home(household=household, actor=actor, now=now)
    for link in queries.links_of_home(household).select_for_update(of=("self",), no_key=True):
        link.state, link.ended_at = LinkState.ENDED, now
        link.save(update_fields=["state", "ended_at"])
        tell(Fact.LINK_ENDED, f"link:{link.pk}", actor, now, household=household.pk, person=link.contact_id)
    if (membership := lock_membership(household, now)) is not None:
        _leave(membership, actor, now)
    _end_the_purse(household, actor, now)


def _end_the_purse(household: GridNode, actor: Person | None, now: datetime) -> None:
    """Who has agreed to spend together and lives nowhere now has agreed to nothing any more."""
    lived = Residence.objects.filter(household=household).values_list("person", flat=True)
    housed = Residence.objects.filter(in_force(now), person__in=lived).values_list("person", flat=True)
    people.end_consents(people=set(lived) - set(housed), purpose=ConsentPurpose.HOUSEHOLD_POINTS, actor=actor, now=now)


def _leave(membership: Membership, actor: Person | None, now: datetime) -> None:
    group = membership.group
    membership.valid_until = now
    membership.save(update_fields=["valid_until"])
    home = grid.household_of(group.lead, now) if group.lead else None
    if home is None or not queries.members_of(group, now).filter(household=home).exists():
        group.lead = None
        group.save(update_fields=["lead"])
    tell(Fact.GROUP_LEFT, f"group:{group.pk}", actor, now, household=membership.household_id)

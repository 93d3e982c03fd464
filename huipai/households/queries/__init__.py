"""Reading linked households. A household's things are read by its people, its contacts and its coordinator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date as Date
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from huipai.grid import queries as grid
from huipai.grid.models import Absence, GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.grid.words import TIES_LAST, Level
from huipai.households.models import Assessment, Group, Link, Membership, Need, Objection, Visit
from huipai.households.queries.standing import of_contacts, were_contacts
from huipai.households.words import AssessmentState, LinkState, NeedState, RefusalReason
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import local_date, may_be_under_age
from huipai.people.words import Role
from huipai.points import queries as points

# A household with what it stands in, up to the micro-grid: what a row shows of it.
WITH_PLACE = ("household", "household__parent__parent__parent__parent")
WITH_ASSESSMENT = tuple(f"assessment__{one}" for one in WITH_PLACE)
STANDING = (LinkState.PROPOSED, LinkState.STANDING)
OVER = (NeedState.MET, NeedState.UNMET, NeedState.WITHDRAWN)


# --- Whose a household is.
def is_adult_of(person: Person, household: GridNode, at: datetime) -> bool:
    """Whether a grown-up lives there; without a year of birth they count as grown up."""
    young = may_be_under_age(person.born_by, local_date(at))
    return not young and Residence.objects.filter(in_force(at), person=person, household=household).exists()


def adults_of(household: GridNode, at: datetime) -> list[UUID]:
    """The ids of the grown-ups who live there."""
    grown = Residence.objects.filter(in_force(at), people.grown_up("person", at), household=household)
    return list(grown.order_by("person_id").values_list("person_id", flat=True))


def first_names(household_ids: Collection[UUID], at: datetime) -> dict[UUID, list[str]]:
    """The name of the first grown-up of each household, to be masked where it is shown."""
    grown = Residence.objects.filter(in_force(at), people.grown_up("person", at), household__in=household_ids)
    names: dict[UUID, list[str]] = {}
    for household_id, name in grown.order_by("person_id").values_list("household_id", "person__name"):
        names.setdefault(household_id, []).append(name)
    return names


# --- Groups.
def group_of(household: GridNode, at: datetime) -> Group | None:
    """The group to which a household belongs."""
    membership = Membership.objects.select_related("group").filter(in_force(at), household=household).first()
    return membership.group if membership else None


def was_linked(household: GridNode, begin: datetime, end: datetime) -> bool:
    """Whether a household was a 双联户 at some time between two instants: in a group, or in a link that stood."""
    since = grid.family_since(household.pk)
    if since is not None:
        # What those before them were does not count for who lives there now.
        begin = max(begin, since)
    after = Q(valid_until=None) | Q(valid_until__gt=begin)
    if Membership.objects.filter(after, household=household, valid_from__lt=end).exists():
        return True
    stood = Q(state=LinkState.STANDING) | Q(state=LinkState.ENDED, ended_at__gt=begin)
    return Link.objects.filter(stood, household=household, answered_at__lt=end).exists()


def leads(person: Person, group: Group, at: datetime) -> bool:
    """Whether whoever is noted as a group's lead still lives in it: who has moved away speaks for it no more."""
    home = grid.household_of(person, at)
    return group.lead_id == person.pk and home is not None and members_of(group, at).filter(household=home).exists()


def people_of_group(household: GridNode, at: datetime) -> set[UUID]:
    """The ids of all who live in this household or in one of its group, or did lately, and of who is near to them."""
    lately = _lately(at)
    group = Membership.objects.filter(lately, household=household).values("group")
    homes = Membership.objects.filter(lately, group__in=group).values("household")
    near = {household.pk, *homes.values_list("household_id", flat=True)}
    living = Residence.objects.filter(lately, household__in=near)
    own = living_lately(household, at)
    return set(living.values_list("person_id", flat=True)) | grid.near_to(list(own), at)


def living_lately(household: GridNode, at: datetime) -> set[UUID]:
    """The ids of all who live in this household, or did lately."""
    return set(Residence.objects.filter(_lately(at), household=household).values_list("person_id", flat=True))


def _lately(at: datetime) -> Q:
    return Q(valid_from__lte=at) & (Q(valid_until=None) | Q(valid_until__gt=at - TIES_LAST))


def grouped_with(person_id: UUID, at: datetime) -> Collection[UUID]:
    """The ids of all who stand in one group with somebody, himself among them: nobody judges their claims."""
    mine = Residence.objects.filter(in_force(at), person=person_id).values("household")
    group = Membership.objects.filter(in_force(at), household__in=mine).values("group")
    homes = Membership.objects.filter(in_force(at), group__in=group).values("household")
    return set(Residence.objects.filter(in_force(at), household__in=homes).values_list("person_id", flat=True))


def grouped_lately(person_id: UUID, since: datetime, at: datetime) -> Collection[UUID]:
    """The same for everybody who stood in one group with somebody at some time in these days."""
    lately = Q(valid_from__lte=at) & (Q(valid_until=None) | Q(valid_until__gt=since))
    mine = Residence.objects.filter(lately, person=person_id).values("household")
    group = Membership.objects.filter(lately, household__in=mine).values("group")
    homes = Membership.objects.filter(lately, group__in=group).values("household")
    return set(Residence.objects.filter(lately, household__in=homes).values_list("person_id", flat=True))


def groups_kept_by(person: Person, at: datetime) -> QuerySet[Group]:
    """The open groups of this coordinator's communities, or of the whole street, with the number of households."""
    found = Group.objects.filter(closed_at=None).select_related("node", "lead")
    if not grid.has_role(person, Role.SYSTEM_ADMIN, at):
        found = found.filter(_within(grid.nodes_of(person, Role.COORDINATOR, at), "node"))
    members = Count("memberships", filter=in_force(at, "memberships__"))
    return found.annotate(households=members).order_by("node__code", "name", "id")


def members_of(group: Group, at: datetime) -> QuerySet[Membership]:
    return group.memberships.filter(in_force(at)).select_related(*WITH_PLACE, "agreed_by").order_by("household__code")


# --- Links and visits.
def links_of(contact: Person, at: datetime) -> QuerySet[Link]:
    """Those of a contact that stand or are asked for, where they may be one still; with the open needs of each."""
    open_needs = Need.objects.filter(household=OuterRef("household")).exclude(state__in=OVER)
    return (
        Link.objects.filter(of_contacts(at), contact=contact, state__in=STANDING)
        .select_related(*WITH_PLACE)
        .annotate(has_open_need=Exists(open_needs))
        .order_by("household__code", "id")
    )


def was_contact_lately(person_id: UUID, household: GridNode, at: datetime) -> bool:
    """Whether this person is a contact of the household or was one until lately: then others judge it."""
    return Link.objects.filter(were_contacts(at), contact=person_id, household=household).exists()


def links_of_home(household: GridNode) -> QuerySet[Link]:
    """The links of a household that stand or are asked for."""
    return (
        Link.objects.filter(household=household, state__in=STANDING)
        .select_related("contact")
        .order_by("asked_at", "id")
    )


def contacts_who_come(household: GridNode, at: datetime) -> list[UUID]:
    """The ids of the contacts of a household, without those who are away until nobody knows when."""
    gone = Absence.objects.filter(in_force(at), valid_until=None).values("person")
    standing = Link.objects.filter(of_contacts(at), household=household, state=LinkState.STANDING)
    return list(standing.exclude(contact__in=gone).order_by("asked_at", "id").values_list("contact_id", flat=True))


def visits_to(household: GridNode) -> QuerySet[Visit]:
    """When somebody came by, latest first."""
    return (
        Visit.objects.filter(grid.of_those_living("link__household", "noted_at"), link__household=household)
        .select_related("link", "link__contact", "need")
        .order_by("-visited_on", "-id")
    )


# --- Needs.
def needs_of(household: GridNode) -> QuerySet[Need]:
    """What a household has asked for, latest first."""
    living = grid.of_those_living("household", "raised_at")
    return Need.objects.filter(living, household=household).select_related("taken_by").order_by("-id")


def needs_for(person: Person, at: datetime) -> QuerySet[Need]:
    """What this person may read and help with: of the households they are linked with, and of their communities."""
    linked = Link.objects.filter(of_contacts(at), contact=person, state=LinkState.STANDING).values("household")
    within = _within(grid.nodes_of(person, Role.COORDINATOR, at), "household")
    return (
        Need.objects.filter(Q(household__in=linked) & grid.of_those_living("household", "raised_at") | within)
        .select_related(*WITH_PLACE, "taken_by")
        .order_by("raised_at", "id")
    )


# --- Incentives.
def assessments_of(household: GridNode) -> QuerySet[Assessment]:
    living = grid.of_those_living("household", "proposed_at")
    return Assessment.objects.filter(living, household=household).order_by("-quarter", "-id")


def hands_of(assessment_id: UUID) -> list[tuple[str, str]]:
    """Who proposed an incentive and who decided on it, as what and by name."""
    found = Assessment.objects.select_related("proposed_by", "decided_by").filter(pk=assessment_id).first()
    if found is None:
        return []
    decided = [(_("审核"), found.decided_by.name)] if found.decided_by else []
    return [(_("提出"), found.proposed_by.name), *decided]


def givers_of(posting_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Of these postings those of incentives, with each who proposed one, decided on it or on an objection to it."""
    found = Assessment.objects.filter(posting_id__in=posting_ids)
    hands = ("proposed_by", "decided_by", "objections__decided_by")
    rows = found.order_by("id").values_list("posting_id", *hands)
    return [(posting, hand) for posting, *hands_on in rows for hand in hands_on if posting and hand]


def had_a_part_before(person_id: UUID, household_id: UUID, item_code: str, quarter: Date) -> bool:
    """Whether this person proposed, approved or objected to the same, and an objection put an end to it.

    Of a family that has left nothing counts for those who came after it.
    """
    return _ended_by_objection(person_id).filter(household=household_id, item_code=item_code, quarter=quarter).exists()


def _ended_by_objection(person_id: UUID) -> QuerySet[Assessment]:
    objected = Exists(Objection.objects.filter(assessment=OuterRef("pk"), objector=person_id))
    ended = Assessment.objects.filter(grid.of_those_living("household", "proposed_at"), reason=RefusalReason.OBJECTION)
    return ended.filter(Q(proposed_by=person_id) | Q(decided_by=person_id) | objected)


def proposed() -> QuerySet[Assessment]:
    """Incentives that wait for a second person."""
    return Assessment.objects.filter(grid.of_those_living("household", "proposed_at"), state=AssessmentState.PROPOSED)


def to_be_decided(person: Person, at: datetime) -> QuerySet[Assessment]:
    """Proposed incentives that this person may decide, oldest first."""
    found = points.left_to(points.eyes_of(person, at), lambda eyes: proposed_open_to(eyes, at))
    return found.select_related(*WITH_PLACE, "proposed_by").order_by("proposed_at", "id")


def waiting_near(person: Person, at: datetime) -> QuerySet[Assessment]:
    """Proposed incentives that others decide and this person knows of: those of their communities and their own."""
    found = proposed().filter(_kept_by(person, at, "household") | Q(proposed_by=person))
    return found.select_related(*WITH_PLACE, "proposed_by").order_by("proposed_at", "id")


def objections_near(person: Person, at: datetime) -> QuerySet[Objection]:
    """Objections in their communities that others decide; none to what concerns themselves or those near to them."""
    found = objected_open_to(points.eyes_of(person, at), at).filter(_kept_by(person, at, "assessment__household"))
    return found.select_related(*WITH_ASSESSMENT, "objector").order_by("raised_at", "id")


def _kept_by(person: Person, at: datetime, field: str) -> Q:
    """Rows of the communities that somebody keeps: a coordinator's own, the administrator's all."""
    if grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return Q(pk__isnull=False)  # an empty Q would leave an "or" with its other side alone
    return _within(grid.nodes_of(person, Role.COORDINATOR, at), field)


def proposed_open_to(eyes: points.Eyes, at: datetime) -> QuerySet[Assessment]:
    """Those to whose household and proposer these eyes are strangers."""
    near = Membership.objects.filter(in_force(at), household__in=_groupmates_homes(eyes.id, at)).values("household")
    own = Residence.objects.filter(in_force(at), person=eyes.id).values("household")
    return (
        proposed()
        .exclude(proposed_by__in=eyes.tied)
        .exclude(Q(household__in=near) | Q(household__in=own))
        .exclude(_too_close_to(eyes, at, "household"))
        .exclude(Exists(_had_a_part_of_the_same(eyes, "")))
    )


def _had_a_part_of_the_same(eyes: points.Eyes, field: str) -> QuerySet[Assessment]:
    """Of the incentive named by `field`, what was the same and an objection ended, in which these eyes had a part."""
    same = {name: OuterRef(f"{field}{name}") for name in ("household", "item_code", "quarter")}
    return _ended_by_objection(eyes.id).filter(**same)


def _too_close_to(eyes: points.Eyes, at: datetime, field: str) -> Q:
    """Rows of the households of whom somebody may not judge, or whose contact they are or were lately."""
    homes = Residence.objects.filter(_lately(at), person__in=eyes.tied).values("household")
    linked = Link.objects.filter(were_contacts(at), contact=eyes.id).values("household")
    return Q(**{f"{field}__in": homes}) | Q(**{f"{field}__in": linked})


def in_public(at: datetime) -> QuerySet[Assessment]:
    """What every neighbour may look at, latest first; its time stands still while an objection is open."""
    open_ones = Objection.objects.filter(assessment=OuterRef("pk"), decided_at=None)
    return (
        Assessment.objects.filter(grid.of_those_living("household", "proposed_at"), state=AssessmentState.PUBLIC)
        .annotate(is_paused=Exists(open_ones))
        .filter(Q(public_until__gt=at) | Q(is_paused=True))
        .select_related("household", "decided_by")
        .order_by("-public_until", "-id")
    )


def in_public_for(person: Person, at: datetime) -> QuerySet[Assessment]:
    """The same, and whether this person may object to it now: `policies.may_object` as a column, once a person."""
    lives = Exists(Residence.objects.filter(_lately(at), person=person, household=OuterRef("household")))
    had_a_part = Q(proposed_by=person) | Q(decided_by=person)
    has_said = Exists(Objection.objects.filter(assessment=OuterRef("pk"), objector=person))
    return in_public(at).annotate(
        is_open=ExpressionWrapper(~had_a_part & Q(is_paused=False) & ~Q(lives) & ~Q(has_said), BooleanField())
    )


def once_in_public() -> QuerySet[Assessment]:
    """What every neighbour has been able to read, also when its time is over."""
    shown = Assessment.objects.filter(grid.of_those_living("household", "proposed_at"), public_until__isnull=False)
    return shown.select_related("household", "decided_by")


def to_be_posted(at: datetime) -> QuerySet[Assessment]:
    """Whose time in public is over and to which nobody objects any more."""
    open_ones = Objection.objects.filter(assessment=OuterRef("pk"), decided_at=None)
    return Assessment.objects.filter(~Exists(open_ones), state=AssessmentState.PUBLIC, public_until__lte=at)


def objected() -> QuerySet[Objection]:
    """Objections that wait for a decision."""
    return Objection.objects.filter(decided_at=None, assessment__state=AssessmentState.PUBLIC)


def open_objections(person: Person, at: datetime) -> QuerySet[Objection]:
    """Objections that this person may decide, oldest first."""
    found = points.left_to(points.eyes_of(person, at), lambda eyes: objected_open_to(eyes, at))
    return found.select_related(*WITH_ASSESSMENT, "objector").order_by("raised_at", "id")


def objected_open_to(eyes: points.Eyes, at: datetime) -> QuerySet[Objection]:
    """Those to whose household and people these eyes are strangers, and in which they had no part."""
    hands = ("objector", "assessment__decided_by", "assessment__proposed_by")
    found = objected().exclude(assessment__household__in=_groupmates_homes(eyes.id, at))
    for hand in hands:
        found = found.exclude(**{f"{hand}__in": eyes.tied})
    return found.exclude(_too_close_to(eyes, at, "assessment__household")).exclude(
        Exists(_had_a_part_of_the_same(eyes, "assessment__"))
    )


def answered_to(person: Person) -> QuerySet[Objection]:
    """What somebody objected to and was answered, newest first."""
    answered = Objection.objects.filter(objector=person, decided_at__isnull=False).select_related("assessment")
    return answered.order_by("-decided_at", "-id")


def _groupmates_homes(person_id: UUID, at: datetime) -> QuerySet[Residence, UUID]:
    """The households of somebody's group, as a subquery."""
    return Residence.objects.filter(in_force(at), person__in=grouped_with(person_id, at)).values_list(
        "household", flat=True
    )


def _within(nodes: Collection[GridNode], field: str) -> Q:
    """Rows whose node lies in one of these."""
    if not nodes:
        return Q(pk__in=[])
    inside = Q()
    for node in nodes:
        inside |= Q(path__startswith=node.path)
    return Q(**{f"{field}__in": GridNode.objects.filter(inside)})


def household_by_code(code: str, at: datetime) -> GridNode | None:
    """The household with this code that is valid now."""
    node = grid.by_code(code, at)
    return node if node is not None and node.level == Level.HOUSEHOLD else None

"""What the desk of the rulebook shows: who sits on the board, what is missing, what waits for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from uuid import UUID

from django.db.models import Case, CharField, F, Func, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from huipai.grid import queries as grid
from huipai.journal import queries as journal
from huipai.kit.verdict import Words
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook.models import Approval, DryRun, KnownField, PointItem, Proposal, Remark, RulebookVersion
from huipai.rulebook.queries.book import in_force, item, published, version_before, writers
from huipai.rulebook.queries.trying import is_of_late
from huipai.rulebook.words import (
    BOARD_NEEDED,
    NUMBERS,
    OPEN_REVIEWS,
    Fact,
    Port,
    Review,
    Said,
    Seat,
    Standing,
    Trying,
)


@dataclass(frozen=True, slots=True)
class BoardMember:
    """Somebody of the board, for whom they sit there, and when they agreed to the content as it stands."""

    person: Person
    seat: Seat
    agreed_at: datetime | None
    is_author: bool
    # Everybody who is near to them; whether one of the authors is.
    near: frozenset[UUID]
    is_near_author: bool

    def is_two_with(self, other: BoardMember) -> bool:
        """Whether the two agree as two: for two seats, from two homes."""
        return self.seat != other.seat and other.person.pk not in self.near


def agreed(version: RulebookVersion, content_hash: str, at: datetime) -> set[UUID]:
    """Who has agreed to this content and sits on the board still."""
    said = Approval.objects.filter(version=version, content_hash=content_hash)
    sits = grid.holders(Role.BOARD_MEMBER, at).values("person")
    return set(said.filter(approver__in=sits).values_list("approver_id", flat=True))


def votes(members: Collection[BoardMember]) -> list[BoardMember]:
    """Those whose agreement counts."""
    return [each for each in members if each.agreed_at and not each.is_author and not each.is_near_author]


def are_two(members: Collection[BoardMember]) -> bool:
    """Whether among these there are two for two seats, from two homes."""
    return any(one.is_two_with(other) for one, other in combinations(members, 2))


def could_be_two(members: Collection[BoardMember]) -> bool:
    """Whether two may agree yet, with those who have."""
    said = votes(members)
    free = [each for each in members if not each.is_author and not each.is_near_author]
    return are_two([each for each in free if each.near.isdisjoint(one.person.pk for one in said if one is not each)])


def board(version: RulebookVersion, hash_now: str, at: datetime) -> list[BoardMember]:
    """The board of a version, by seat and then by how long they have sat there: never by what they decide."""
    seat = Func(F("person__street_id"), F("person_id"), Value(at), function="rulebook_seat", output_field=CharField())
    held = grid.holders(Role.BOARD_MEMBER, at).select_related("person").annotate(seat=seat).order_by("valid_from", "pk")
    said = Approval.objects.filter(version=version, content_hash=hash_now).values_list("approver_id", "approved_at")
    said_at, authors, members = dict(said), writers(version), {}
    for each in held:
        near = frozenset(grid.near_to([each.person_id], at))
        members[each.person_id] = BoardMember(
            each.person, Seat(each.__dict__["seat"]), said_at.get(each.person_id), each.person_id in authors, near,
            not near.isdisjoint(authors),
        )  # fmt: skip
    return sorted(members.values(), key=lambda member: list(Seat).index(member.seat))


@dataclass(frozen=True, slots=True)
class Step:
    """One step on a draft's way, and whether it has been taken."""

    name: Words
    is_done: bool
    hint: Words = ""


def steps(
    version: RulebookVersion, hash_now: str, members: list[BoardMember], run: DryRun | None, at: datetime
) -> list[Step]:
    """The way of a draft to publicity, in order."""
    standing = version.standing(at)
    waiting = Remark.objects.filter(version=version, kind=Said.COMMENT, answered_at__isnull=True).count()
    asked = standing not in (Standing.DRAFT, Standing.ABANDONED)
    was_edited = version.was_edited(hash_now)
    others = sum(not member.is_author for member in members)
    unanswered = _("还有 %(count)s 条") % {"count": waiting} if waiting else ""
    return [
        Step(_("写好条目，每处都写上为什么"), asked),
        Step(
            _("征求意见满 7 天"), asked and not was_edited and standing != Standing.CONSULTING,
            _("公开以后又改了，要再公开一次") if was_edited else "",
        ),
        Step(_("每条意见都有答复"), asked and not waiting, unanswered),
        Step(
            _("拿上个月试算一遍"), run is not None and run.state == Trying.DONE and is_of_late(run, at),
            _("试算的不是上个月了") if run is not None and not is_of_late(run, at) else "",
        ),
        Step(
            _("两个不同方面、不是一家的审议组成员同意"), are_two(votes(members)),
            _("审议组不足 3 人，请系统管理员补上") if others < BOARD_NEEDED
            else "" if could_be_two(members)
            else _("审议组里凑不出不同方面、不是一家、也不和起草的人是一家的两位，请系统管理员补上别家的成员"),
        ),
        Step(_("公示 7 天以后施行"), version.published_at is not None),
    ]  # fmt: skip


def proposers(proposal: Proposal) -> frozenset[UUID]:
    """Everybody who has written its words: who proposed it, and who handed it in again."""
    made = journal.about(f"proposal:{proposal.pk}").filter(what=Fact.PROPOSED).values_list("actor_id", flat=True)
    return frozenset({proposal.proposer_id, *(actor_id for actor_id in made if actor_id is not None)})


def proposals_for(person: Person, at: datetime) -> QuerySet[Proposal]:
    """All of them for those who write and decide; for a department its own. Those that wait come first."""
    found = Proposal.objects.select_related("unit", "proposer")
    if not any(grid.has_role(person, role, at) for role in (Role.RULEBOOK_EDITOR, Role.BOARD_MEMBER, Role.AUDITOR)):
        found = found.filter(unit__in=[unit.pk for unit in grid.units_of(person, at)])
    waits = Case(
        When(state=Review.WAITING, then=0), When(state__in=(Review.RETURNED, Review.ADMITTED), then=1), default=2,
        output_field=IntegerField(),
    )  # fmt: skip
    return found.order_by(waits, "-proposed_at", "-id")


def was_in(version: RulebookVersion, code: str) -> bool:
    """Whether the item of this code ever was in the draft, as the journal and the version before tell."""
    before = version_before(version)
    if code in version.struck or (before is not None and item(before, code) is not None):
        return True
    told = (Fact.ITEM_WRITTEN, Fact.ITEM_STRUCK)
    return journal.about(f"rulebook:{version.id}").filter(what__in=told, facts__item=code).exists()


def is_written(proposal: Proposal) -> bool:
    """Whether it stands in a draft or in a version that was not withdrawn."""
    return PointItem.objects.filter(admission=proposal, version__ended_at=None).exists()


def admissions(at: datetime) -> list[PointItem]:
    """The admission list: the items in force that came in by one, those that end first on top."""
    version = in_force(at)
    if version is None:
        return []
    found = PointItem.objects.filter(version=version, admission__isnull=False).select_related("admission__unit")
    return list(found.order_by("admitted_until", "code"))


def all_remarks() -> QuerySet[Remark]:
    """Everything that was said, what waits for an answer first, then the newest."""
    found = Remark.objects.select_related("version")
    return found.order_by(F("answered_at").desc(nulls_first=True), "said_at", "id")


def shared_remarks(version: RulebookVersion, reader: Person | None) -> list[Remark]:
    """What everybody may read: what has been answered, without names; and the reader's own."""
    seen = Q(answered_at__isnull=False) | Q(person=reader) if reader else Q(answered_at__isnull=False)
    return list(Remark.objects.filter(seen, version=version).order_by("-said_at", "-id")[:100])


def next_code(port: Port) -> str | None:
    """The next number of a port that no item which people have read has ever had, and that nobody asks for now.

    What was refused, declined or taken back leaves its number to others, and so does a draft that was put aside.
    """
    aside = Q(version__published_at__isnull=True, version__ended_at__isnull=False)
    taken = {*PointItem.objects.filter(port=port).exclude(aside).values_list("code", flat=True)}
    asked = Proposal.objects.filter(code__startswith=f"{port.value}-", state__in=OPEN_REVIEWS)
    taken |= {*asked.values_list("code", flat=True)}
    return next((code for number in NUMBERS if (code := f"{port.value}-{number:02}") not in taken), None)


def retired() -> QuerySet[PointItem]:
    """What people have read and the newest version holds no more, each number once, as they read it last."""
    holds = PointItem.objects.filter(version=published().first()).values("code")
    read = PointItem.objects.filter(version__published_at__isnull=False).exclude(code__in=holds)
    return read.order_by("code", "-version__number").distinct("code")


def told_of_fields() -> list[KnownField]:
    """The latest that the street says of each field."""
    return list(KnownField.objects.order_by("word", "-said_at", "-id").distinct("word"))


def said_of_fields() -> dict[str, bool]:
    """Whether the system has a field, by word, as the street says; what it says nothing of is as it began."""
    return {one.word: one.is_known for one in told_of_fields()}

"""What neighbours have to do with a public case: whether it is what somebody is about to report, and who follows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from huipai.cases.alike_statement import ALIKE
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Follow, Report, Shown, Sighting
from huipai.cases.queries import shown
from huipai.cases.queries.shown import Row
from huipai.cases.rules.likeness import Sketch, likeness
from huipai.cases.words import Kind, State
from huipai.journal.models import Entry
from huipai.kit import hot
from huipai.kit.coordinates import Point, distance_m, metres_per_degree
from huipai.people.models import Person
from huipai.photos.models import Photo
from huipai.streets.current import street_in_force

# So many are shown; the fourth likeliest is never it.
MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Alike:
    """An open public case near a place that somebody is about to report, with a photo that was released."""

    id: UUID
    code: str
    state: str
    lng: float
    lat: float
    reported_at: datetime
    due_at: datetime | None
    node_name: str
    type_name: str
    radius_m: int
    cover_id: UUID
    # Only to compare with: what another reporter wrote is shown to nobody.
    text: str | None
    fingerprints: list[int] | None
    followers: int
    metres: float = 0.0


def alike(case_type: str, point: Point, mine: Sketch) -> list[Alike]:
    """Open public cases of this type within its radius, the likeliest first; none that neighbours may not see."""
    east, north = metres_per_degree(point.lat)
    around = {"street": street_in_force(), "type": case_type, "lng": point.lng, "lat": point.lat}
    found = [Alike(*row) for row in hot.rows(ALIKE, {**around, "east": east, "north": north})]
    placed = [replace(one, metres=distance_m(point, Point(one.lng, one.lat))) for one in found]
    near = [one for one in placed if one.metres <= one.radius_m]
    return sorted(near, key=lambda one: -_likeness(mine, one))[:MOST_ALIKE]


def _likeness(mine: Sketch, one: Alike) -> float:
    other = Sketch(one.text or "", one.reported_at, tuple(one.fingerprints or ()))
    return likeness(mine, other, metres=one.metres, radius=one.radius_m)


def open_to_join(code: str) -> UUID | None:
    """The public problem with this code while it is not ended; else it is as if there were none."""
    return Shown.objects.filter(code=code, kind=Kind.PROBLEM, ended_at=None).values_list("id", flat=True).first()


def shown_case(code: str) -> Case | None:
    """The case behind a public problem, ended or not."""
    one = Shown.objects.filter(code=code, kind=Kind.PROBLEM).values_list("id", flat=True).first()
    return Case.objects.filter(pk=one).first() if one else None


def gone_into(code: str) -> Case | None:
    """What neighbours saw under this code was made part of another case: that one. Nothing where they never saw it."""
    case = Case.objects.filter(code=code, state=State.MERGED, is_public=True).select_related("merged_into").first()
    if case is None or not Entry.objects.filter(subject=case.subject, what=Fact.MERGED, facts__shown=True).exists():
        return None
    return case.merged_into


def is_shown(case_id: UUID) -> bool:
    return Shown.objects.filter(pk=case_id).exists()


def fingerprints_of(photo_ids: Collection[UUID], uploader: Person) -> tuple[int, ...]:
    """Of one's own photos, as far as they have been looked at by now."""
    mine = Photo.objects.filter(pk__in=photo_ids, uploader=uploader, fingerprint__isnull=False)
    return tuple(bits for bits in mine.values_list("fingerprint", flat=True) if bits is not None)


def reported_among(case_ids: Collection[UUID], person: Person) -> set[UUID]:
    """Those of these cases that somebody has reported already."""
    return set(Report.objects.filter(case__in=case_ids, reporter=person).values_list("case_id", flat=True))


def is_followed_by(person: Person, case_id: UUID) -> bool:
    return Follow.objects.filter(case=case_id, person=person).exists()


class Followed:
    """The public things that somebody follows, latest first, cut before they are fetched."""

    def __init__(self, person: Person) -> None:
        follows = Follow.objects.filter(case=OuterRef("pk"), person=person)
        self._wanted = Shown.objects.filter(Exists(follows)).order_by("-id").values_list("id", flat=True)

    def __getitem__(self, cut: slice) -> list[Row]:
        return sorted(shown.by_ids(self._wanted[cut]), key=lambda row: row.id, reverse=True)


def followers_of(case_id: UUID) -> QuerySet[Follow]:
    return Follow.objects.filter(case=case_id).order_by("id")


def sightings_of(case: Case) -> QuerySet[Sighting]:
    """Who said that it is still there, of what was merged into it too, latest first."""
    said = Q(case=case) | Q(case__merged_into=case)
    return Sighting.objects.filter(said).order_by("-seen_at")

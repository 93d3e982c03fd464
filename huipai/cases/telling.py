"""A case as rows and pictures: to whoever reported it, and to those who work on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import reverse

from huipai.cases import queries
from huipai.cases.models import Case, CasePhoto, KeptBack, Report
from huipai.cases.queries import today
from huipai.cases.rules import lateness, machine
from huipai.cases.telling_words import whole_place
from huipai.cases.words import Action, Moment
from huipai.kit.addresses import AddressForm
from huipai.kit.masking import masked
from huipai.people.models import Person
from huipai.photos import grants
from huipai.photos.words import Variant


def addresses(case_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page of each of these cases."""
    codes = Case.objects.filter(pk__in=case_ids).values_list("id", "code")
    return {case_id: reverse("cases:detail", args=[code]) for case_id, code in codes}


@dataclass(frozen=True)
class Seen:
    """A photo as a page shows it."""

    src: str | None
    alt: str
    moment: str
    # When the photo says that it was taken, where that is not when it came in.
    odd_time: datetime | None = None


def photos(case: Case, viewer: Person, now: datetime) -> dict[str, list[Seen]]:
    """Photos by the moment they were taken, in the public copy; the original opens only by its own command."""
    return by_moment(queries.photos_of(case), viewer, now)


def by_moment(shown: Iterable[CasePhoto], viewer: Person, now: datetime) -> dict[str, list[Seen]]:
    """These photos, as a page has them."""
    seen: dict[str, list[Seen]] = {moment: [] for moment in Moment.values}
    for one in shown:
        seen[one.moment].append(_seen(one, viewer, now))
    return seen


def photos_of_whole(case: Case, viewer: Person, now: datetime) -> list[Seen]:
    """What a part that was split off is about, as the unit of the whole sees it too."""
    return as_seen(queries.photos_of_whole(case), viewer, now)


def as_seen(shown: Iterable[CasePhoto], viewer: Person, now: datetime) -> list[Seen]:
    return [_seen(one, viewer, now) for one in shown]


def _seen(one: CasePhoto, viewer: Person, now: datetime) -> Seen:
    src = grants.url(one.photo, Variant.PUBLIC, viewer=viewer, now=now)
    words = str(Moment(one.moment).label if src else one.photo.missing_words)
    return Seen(src or None, words, one.moment, one.photo.odd_time)


def own_photos(case: Case, reporter: Person, viewer: Person, now: datetime) -> dict[str, list[Seen]]:
    """The same for a reporter: of other reporters only what is public, for they may have taken what is theirs alone."""
    seen: dict[str, list[Seen]] = {moment: [] for moment in Moment.values}
    for one in queries.photos_of(case):
        if one.moment not in _OF_REPORTERS or _may_see(one, reporter):
            seen[one.moment].append(_seen(one, viewer, now))
    return seen


_OF_REPORTERS = (Moment.BEFORE, Moment.DISPUTE)


def _may_see(one: CasePhoto, reporter: Person) -> bool:
    """Theirs, taken by whom ever at the counter, or public."""
    theirs = one.report.reporter_id if one.report else one.photo.uploader_id
    return theirs == reporter.id or one.photo.is_public


def own_row(report: Report, viewer: Person, now: datetime, came_late: Collection[UUID]) -> dict[str, object]:
    """A row of one's own list; of a case that others reported first it shows one's own picture and no typed address."""
    case, reporter = report.case, report.reporter
    own = next((one for one in case.photos.all() if _may_see(one, reporter)), None)
    return {
        **row(case, viewer, now, own_place(case, reporter), came_late=came_late),
        "src": grants.url(own.photo, Variant.THUMB, viewer=viewer, now=now) or None if own else None,
    }


def own_place(case: Case, reporter: Person) -> str:
    """Where it is: as the first reporter wrote it for themselves, the grid for whoever came after."""
    return whole_place(case) if case.reporter_id == reporter.id else case.node.name


def first_photo(case: Case, viewer: Person, now: datetime) -> str | None:
    """The small picture of a row, from what the list has fetched."""
    return thumb(next(iter(case.photos.all()), None), viewer, now)


def thumb(first: CasePhoto | None, viewer: Person, now: datetime) -> str | None:
    """The small picture of this photo, where there is one."""
    return grants.url(first.photo, Variant.THUMB, viewer=viewer, now=now) or None if first else None


def row(
    case: Case, viewer: Person, now: datetime, place: str, *, href: str = "", came_late: Collection[UUID] = ()
) -> dict[str, object]:
    """What the macro `case_row` takes; `place` as this viewer may read it, `came_late` as `merged.late_into` says."""
    return {
        "id": case.code,
        "href": href or reverse("cases:detail", args=[case.code]),
        "title": case.case_type.name,
        "place": place,
        "state": case.chip,
        "src": first_photo(case, viewer, now),
        "alt": case.case_type.name,
        "due_at": case.due_at,
        "now": now if lateness.is_told(case.state, case.id in came_late) else None,
        "lng": case.lng,
        "lat": case.lat,
        "number": None,
    }


_detail = AddressForm("cases:detail", "example")


def today_row(case: today.InHand, viewer: Person, now: datetime, *, number: int) -> dict[str, object]:
    """The row of a worker's list; the same as `row` says of the case."""
    return {
        "id": case.code,
        "href": _detail(case.code),
        "title": case.type_name,
        "place": masked(f"{case.address} · {case.node_name}", case.reporters) if case.address else case.node_name,
        "state": case.state,
        "src": grants.thumb_url(case.photo_id, viewer=viewer, now=now) if case.photo_id else None,
        "alt": case.type_name,
        "due_at": case.due_at,
        "now": now,
        "lng": case.lng,
        "lat": case.lat,
        "number": number,
    }


class AtOnce(NamedTuple):
    """What a row of a worker's list offers without opening the case: the one thing to do, and whether to refuse it."""

    deed: Literal["spot", "done", "open"]
    declines: bool


def at_once(case: today.InHand) -> AtOnce:
    """As `pages.working.may` has it, from what the row knows; what only the page of the case knows, it says."""
    declines = machine.allows(case.state, Action.DECLINE) and not case.was_handled
    if machine.allows(case.state, Action.HANDLE_ON_THE_SPOT):
        return AtOnce("spot", declines)
    is_theirs = case.is_taken_on and machine.allows(case.state, Action.RESPOND)
    return AtOnce("done" if is_theirs else "open", declines)


def kept_row(case: Case, viewer: Person, now: datetime, place: str) -> dict[str, object]:
    """What a phone keeps of a case, ready to be shown where nobody can be asked."""
    shown, then = row(case, viewer, now, place), case.type_then
    return {
        "code": case.code, "title": shown["title"], "place": shown["place"], "word": case.get_state_display(),
        "due_at": case.due_at.isoformat() if case.due_at else "", "lng": case.lng, "lat": case.lat,
        "src": shown["src"] or "", "standard": then.closing_standard,
        "needs_photo": then.needs_after_photo, "round": case.round,
    }  # fmt: skip


@dataclass(frozen=True)
class Releasable:
    """A public copy that nobody has released yet, and its digest: what is released is what was looked at."""

    id: UUID
    src: str
    alt: str
    copy: str


def releasable(case: Case, viewer: Person, now: datetime) -> list[Releasable]:
    """Photos before and after that could be shown to neighbours."""
    # By photo: one that came along with a merge was kept back where it lay before.
    kept_back = Exists(KeptBack.objects.filter(photo=OuterRef("photo")))
    waiting = queries.photos_of(case).filter(photo__released_at=None, moment__in=(Moment.BEFORE, Moment.AFTER))
    waiting = waiting.exclude(kept_back).exclude(report__is_kept_private=True)
    return [
        Releasable(
            one.photo.id,
            grants.url(one.photo, Variant.PUBLIC, viewer=viewer, now=now),
            str(Moment(one.moment).label),
            one.photo.public_sha256,
        )
        for one in waiting
        if one.photo.is_ready
    ]


def place(case: Case, names: Iterable[str]) -> str:
    """Address and micro-grid, without these names and without a number by which somebody could be reached."""
    return masked(whole_place(case), names)


def places(cases: Collection[Case]) -> dict[UUID, str]:
    """The same of many, without the names of those who reported each, by the id of the case."""
    names = queries.reporters_names([case.code for case in cases])
    return {case.id: place(case, names.get(case.code, ())) for case in cases}

"""A reporter puts right what they sent, as long as nobody has begun on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import locating, stepping
from huipai.cases.commands.intake import NoPhoto, TooManyPhotos
from huipai.cases.commands.locating import Where
from huipai.cases.commands.retention import holding
from huipai.cases.commands.saying import TooLong
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, Report
from huipai.cases.words import LONGEST_TEXT, MOST_PHOTOS, Moment, ReportState
from huipai.grid import queries as grid
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.models import Photo


class Begun(Moved):
    code = "already_begun"
    default_reason = _("已经有人在办了，不能再改；还在办的时候，可以在这件事里补一句")


@dataclass(frozen=True)
class Correction:
    """What the report should say now. `photo_ids` is the whole row of photos, in their order."""

    text: str
    where: Where
    photo_ids: tuple[UUID, ...]


@transaction.atomic
def correct(*, code: str, correction: Correction, actor: Person, uploader: Person | None = None, now: datetime) -> Case:
    """Change text, place and photos of one's own report while nobody has begun on any of it; not what was added to it.

    Another place is another's grid. What was sent first stays the answer to a phone that sends it again. New photos are
    the reporter's own unless somebody uploaded them for them. While the case is held nothing of it is replaced.
    """
    case = stepping.locked(_own(code, actor))
    report = Report.objects.filter(case=case, reporter=actor, state=ReportState.RECEIVED).first()
    if report is None:
        raise NotVisible
    if not policies.may_correct(actor, case):
        raise Begun
    holding.require_free_for_its_author(case, now)
    _look_over(correction, report)
    moved = _place(report, case, correction, now)
    changed = _say(report, case, correction) + moved
    changed += _show(report, case, correction, uploader or actor)
    if changed:
        report.save()
        case.save()
        journal.record(
            what=Fact.CORRECTED, subject=case.subject, actor_id=actor.id, now=now,
            facts={"report": str(report.id), "changed": changed, "node": str(case.node_id)},
        )  # fmt: skip
    return case


def _own(code: str, actor: Person) -> UUID:
    own = Report.objects.filter(case__code=code, reporter=actor).values_list("case_id", flat=True).first()
    if own is None:
        raise NotVisible
    return own


def _look_over(correction: Correction, report: Report) -> None:
    if len(correction.text) > LONGEST_TEXT:
        raise TooLong(field="text")
    if len(set(correction.photo_ids)) > MOST_PHOTOS:
        raise TooManyPhotos(field="photos")
    # What was taken down without a photo may stay without.
    if not correction.photo_ids and CasePhoto.objects.filter(report=report).exists():
        raise NoPhoto(field="photos")


def _say(report: Report, case: Case, correction: Correction) -> list[str]:
    text, address = as_seen(correction.text), as_seen(correction.where.address)
    said = (("text", report.text, text), ("address", report.address, address))
    report.text, report.address, case.address = text, address, address
    return [name for name, before, after in said if before != after]


def _place(report: Report, case: Case, correction: Correction, now: datetime) -> list[str]:
    where = correction.where
    if _is_where_it_was(report, case, where):
        return []
    located = locating.locate(where, now)
    report.lng, report.lat, report.position_source = located.point.lng, located.point.lat, located.source
    case.lng, case.lat, case.node, case.placed = report.lng, report.lat, located.node, located.placed
    worker_id = None if located.waits_for_the_hub else grid.acting_at(located.node, Role.GRID_WORKER, now)
    worker = Person.objects.filter(pk=worker_id).first() if worker_id else None
    case.worker = worker if worker is not None and policies.may_come_to(worker, case) else None
    return ["place"]


def _is_where_it_was(report: Report, case: Case, where: Where) -> bool:
    """The same position; or, where there never was one, the same words and no other choice."""
    if where.point is not None:
        return (round(report.lng, 7), round(report.lat, 7)) == (round(where.point.lng, 7), round(where.point.lat, 7))
    return case.is_guessed and where.node_id is None and as_seen(where.address) == report.address


def _show(report: Report, case: Case, correction: Correction, uploader: Person) -> list[str]:
    wanted = tuple(dict.fromkeys(correction.photo_ids))
    held = list(CasePhoto.objects.filter(report=report, moment=Moment.BEFORE, added_at=None).order_by("position"))
    if [one.photo_id for one in held] == list(wanted):
        return []
    here = {one.photo_id for one in held}
    new = {photo.id: photo for photo in Photo.objects.kept().filter(pk__in=set(wanted) - here, uploader=uploader)}
    if len(new) != len(set(wanted) - here):
        raise stepping.PhotoMissing(field="photos")
    CasePhoto.objects.filter(report=report, photo__in=here - set(wanted)).delete()
    for position, photo_id in enumerate(wanted, start=1):
        CasePhoto.objects.filter(report=report, photo=photo_id).update(position=position)
    with stepping.photos_used_once(), transaction.atomic():
        CasePhoto.objects.bulk_create(
            CasePhoto(case=case, photo=new[id], report=report, moment=Moment.BEFORE, round=1, position=position)
            for position, id in enumerate(wanted, start=1)
            if id in new
        )
    return ["photos"]

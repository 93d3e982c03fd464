"""A worker records what they found on the round and mended at once (`self_handled`, ruling 10).

It is a record and not a case: nobody checks it, it pays nothing and stands in no figure. What another has reported is
handled from that report, so it is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands.intake import NotThisId, TooManyPhotos, asked_under
from huipai.cases.commands.locating import NoPlace, OutsideTheStreet
from huipai.cases.commands.saying import TooLong
from huipai.cases.commands.stepping import PhotoMissing, PhotoUsed
from huipai.cases.fact_words import FindFact
from huipai.cases.models import CaseType, FindPhoto, OwnFind
from huipai.cases.policies import own_finds as may
from huipai.cases.queries import own_finds as queries
from huipai.cases.rules.contents import content_hash
from huipai.cases.words import LONGEST_TEXT, Moment
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.journal import commands as journal
from huipai.kit.coordinates import Point
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, NotVisible
from huipai.people.models import Person
from huipai.photos.models import Photo

MOST_A_SIDE = 3


class FindTypeMissing(Invalid):
    code = "find_type_missing"
    default_reason = _("选一下是哪一类")


class BothSides(Invalid):
    code = "find_photos_missing"
    default_reason = _("办之前和办之后各拍一张")


class ReportedByAnother(Invalid):
    """Somebody else reported what looks the same: it is handled from their report, and then it is checked."""

    code = "reported_by_another"
    default_reason = _("附近有人报过同一类的，请从那一件办完；真不是同一件，勾上“不是同一件”再记")


@dataclass(frozen=True)
class Found:
    """What a worker found and did. `is_another` says that it is none of the open cases nearby."""

    find_id: UUID
    case_type: str
    point: Point | None
    text: str
    address: str
    before: tuple[UUID, ...]
    after: tuple[UUID, ...]
    is_another: bool = False
    # The edition of the type that stood on the form, however late it arrives; None: today's. No part of the content.
    edition: int | None = None

    def content(self) -> dict[str, object]:
        return {
            "type": self.case_type, "lng": self.point and self.point.lng, "lat": self.point and self.point.lat,
            "text": self.text, "address": self.address, "before": self.before, "after": self.after,
        }  # fmt: skip


def record(*, found: Found, worker: Person, now: datetime) -> OwnFind:
    """Keep one find, once however often it is sent."""
    _look_over(found)
    try:
        return _record(found, worker, now)
    except IntegrityError as error:
        if "cases_a_photo_belongs_to_one_find" in str(error):
            raise PhotoUsed(field="photos") from error
        if "cases_ownfind_pkey" in str(error) or "cases_ownfind_in_street" in str(error):
            return _arrived_before(found, worker, error)
        raise


def _arrived_before(found: Found, worker: Person, error: IntegrityError) -> OwnFind:
    """The find that came first under this id, at the same instant; another's is taken, without a word about it."""
    known = OwnFind.objects.filter(pk=found.find_id).first()
    if known is None:
        raise NotThisId from error
    return _require_same(known, found, worker)


def _require_same(known: OwnFind, found: Found, worker: Person) -> OwnFind:
    if known.worker_id != worker.id or known.content_hash != content_hash(found.content()):
        raise NotThisId
    return known


def _look_over(found: Found) -> None:
    if len(found.text) > LONGEST_TEXT:
        raise TooLong(field="text")
    if max(len(set(found.before)), len(set(found.after))) > MOST_A_SIDE:
        raise TooManyPhotos(_("每边照片最多 3 张，请去掉几张"), field=_side_of(len(set(found.before)) > MOST_A_SIDE))
    if found.point is None:
        raise NoPlace(field="place")
    if not found.before or not found.after:
        raise BothSides(field=_side_of(not found.before))


def _side_of(is_before: bool) -> str:
    return "photos" if is_before else "after"


@transaction.atomic
def _record(found: Found, worker: Person, now: datetime) -> OwnFind:
    known = OwnFind.objects.filter(pk=found.find_id).first()
    if known is not None:
        return _require_same(known, found, worker)
    case_type = _type_as_chosen(found)
    node = _place(found, now)
    may.may_record(worker, node, now).require()
    assert found.point is not None
    near = queries.reported_near(case_type, found.point, worker)
    if near and not found.is_another:
        raise ReportedByAnother(field="another")
    find = OwnFind.objects.create(
        id=found.find_id, worker=worker, case_type=case_type, node=node, lng=found.point.lng, lat=found.point.lat,
        address=as_seen(found.address)[:200], text=as_seen(found.text), content_hash=content_hash(found.content()),
        found_at=now,
    )  # fmt: skip
    _show(find, found, worker)
    journal.record(
        what=FindFact.RECORDED, subject=find.subject, actor_id=worker.id, now=now,
        facts={"node": str(node.id), "case_type": str(case_type.id), "near": len(near)},
    )  # fmt: skip
    return find


def _type_as_chosen(found: Found) -> CaseType:
    """A type that could be chosen when it was: what waited on a phone was good when it was written."""
    case_type = CaseType.objects.filter(code=found.case_type).first()
    if case_type is None:
        raise FindTypeMissing(field="case_type")
    could_be = case_type.is_active
    if found.edition is not None and found.edition != case_type.edition:
        could_be = asked_under(case_type.id, found.edition).is_in_use
    if not could_be:
        raise FindTypeMissing(field="case_type")
    return case_type


def _place(found: Found, now: datetime) -> GridNode:
    assert found.point is not None
    place = grid.locate(found.point, now)
    if place.node is None:
        raise OutsideTheStreet(field="place")
    return place.node


def _show(find: OwnFind, found: Found, worker: Person) -> None:
    """Photos that the worker has uploaded for this, whole; the database lets none be part of anything else."""
    sides = {Moment.BEFORE: tuple(dict.fromkeys(found.before)), Moment.AFTER: tuple(dict.fromkeys(found.after))}
    wanted = [id for ids in sides.values() for id in ids]
    if Photo.objects.kept().filter(pk__in=wanted, uploader=worker).count() != len(wanted):
        raise PhotoMissing(field="photos")
    FindPhoto.objects.bulk_create(
        FindPhoto(find=find, photo_id=id, moment=moment, position=position)
        for moment, ids in sides.items()
        for position, id in enumerate(ids)
    )


@transaction.atomic
def take_back(*, find_id: UUID, actor: Person, now: datetime) -> OwnFind:
    """Entered by mistake: struck out by whoever entered it. A second press finds it done."""
    find = OwnFind.objects.select_for_update(of=("self",), no_key=True).filter(pk=find_id, worker=actor).first()
    if find is None:
        raise NotVisible
    if find.taken_back_at is None:
        find.taken_back_at = now
        find.save(update_fields=["taken_back_at"])
        journal.record(what=FindFact.TAKEN_BACK, subject=find.subject, actor_id=actor.id, now=now)
    return find

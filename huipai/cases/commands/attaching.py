"""Papers and tables of a case: taken in by their bytes, kept under their digest, removed with a trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huipai.cases import attachment_storage as storage
from huipai.cases import policies
from huipai.cases.attachment_words import MOST_A_CASE, Eyes, FileKind
from huipai.cases.commands import dispatching, stepping
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.commands.retention import holding
from huipai.cases.fact_words import AttachmentFact
from huipai.cases.models import Attachment, Case, WorkOrder
from huipai.cases.models.attachment import key_of
from huipai.cases.queries import attachments as queries
from huipai.cases.rules import acting, papers
from huipai.cases.rules.bare import Broken, bare
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Actor
from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.photos.words import MAX_BYTES
from huipai.streets.current import street_in_force
from huipai.streets.holding import hold_here

# A file that no row names after this time never will be named.
GRACE = timedelta(days=1)


class NoFile(Invalid):
    code = "attachment_missing"
    default_reason = _("选一个文件：PDF、Word、Excel 或照片")


class FileTooLarge(Invalid):
    code = "attachment_too_large"
    default_reason = _("文件太大了，最多 20 MB，分开传或者压小一点")


class FileNotTaken(Invalid):
    code = "attachment_not_taken"
    default_reason = _("只收 PDF、Word（docx）、Excel（xlsx）、JPG 和 PNG，里面不能带宏")


class FileActs(Invalid):
    code = "attachment_acts"
    default_reason = _("里面有宏、脚本、密码、嵌入的文件或外部模板，打开就可能自己动。另存一份不带这些的 PDF 再传")


class FilesFull(Moved):
    code = "attachments_full"
    default_reason = _("这件事已经有 20 个附件，先去掉用不着的")


class NotYoursToRemove(NotAllowed):
    code = "attachment_not_yours"
    default_reason = _("附件由加它的一方去掉")


@dataclass(frozen=True)
class Paper:
    """A file as it came: its size is what was sent, even where the file itself was let go as too large."""

    file: IO[bytes]
    name: str
    size: int


@transaction.atomic
def attach(*, case_id: UUID, actor: Person, paper: Paper | None, eyes: str, now: datetime) -> Attachment:
    """Staff of the place add a paper, and say for whose eyes. The same paper for the same eyes is once; to reporters
    it is addressed anew when others have come since.

    What a unit has added for itself is none of it: given to units, it is there for all of them.
    """
    case = stepping.locked(case_id)
    policies.may_note(actor, case, now).require()
    if eyes not in Eyes.values:
        raise ReasonMissing(_("选一下给谁看"), field="eyes")
    return _keep(case, None, policies.part_in(actor, case, now), actor, paper, Eyes(eyes), now)


@transaction.atomic
def attach_to_order(*, order_id: UUID, actor: Person, paper: Paper | None, now: datetime) -> Attachment:
    """A unit adds a paper to its own order: for itself and those who look after the place. None to one that ended.

    The same paper from the same unit is once; another unit's, or the desk's, it does not see or could not take away.
    """
    order, case = dispatching.locked_order(order_id)
    if not policies.acts_for(actor, order.unit, now):
        raise NotVisible
    policies.may_work_on(actor, order, case, now).require()
    require_live(order)
    return _keep(case, order, Actor.UNIT, actor, paper, Eyes.UNIT, now)


def require_live(order: WorkOrder) -> None:
    """To an order that ended nothing is added."""
    if order.ended_at is not None:
        raise NotNow


def _keep(
    case: Case, order: WorkOrder | None, part: Actor, actor: Person, paper: Paper | None, eyes: Eyes, now: datetime
) -> Attachment:
    holding.require_kept(case)
    if paper is None or paper.size == 0:
        raise NoFile(field="file")
    if paper.size > MAX_BYTES:
        raise FileTooLarge(field="file")
    kind, file = _read(paper)
    sha256 = storage.digest_of(file)
    hold_here("cases.attachment", sha256)
    kept = Attachment.objects.filter(case=case, removed_at=None)
    known = kept.filter(_of_the_same_side(order), sha256=sha256, eyes=eyes).first()
    if known is not None and not (eyes == Eyes.REPORTER and queries.has_come_since(case, known.added_at)):
        return known
    if known is not None:
        holding.require_free(case, now)  # the one that was there goes
        _remove(known, actor, now)
    if kept.count() >= MOST_A_CASE:
        raise FilesFull
    storage.keep(key_of(str(street_in_force()), sha256), file)
    one = Attachment.objects.create(
        case=case, order=order, part=part, added_by=actor, added_at=now, eyes=eyes, kind=kind, sha256=sha256,
        size=storage.size_of(file), name=papers.name_of(paper.name, kind),
    )  # fmt: skip
    journal.record(
        what=AttachmentFact.ADDED, subject=one.subject, actor_id=actor.id, now=now,
        facts={
            "case": str(case.id), "kind": kind.value, "size": one.size, "sha256": sha256, "eyes": eyes.value,
            **({"order": str(order.id)} if order else {}),
        },
    )  # fmt: skip
    return one


def _of_the_same_side(order: WorkOrder | None) -> Q:
    """What the same unit added, also to an order that it had before; without one, what the desk did."""
    return Q(order=None) if order is None else Q(order__unit=order.unit_id)


def _read(paper: Paper) -> tuple[FileKind, IO[bytes]]:
    """What it is, and the file as it is kept: of a picture nothing but itself, for it may say where somebody lives."""
    kind = papers.kind_of(paper.file)
    if kind is None:
        raise FileNotTaken(field="file")
    if acting.acts(paper.file, kind):
        raise FileActs(field="file")
    if kind not in (FileKind.JPEG, FileKind.PNG):
        return kind, paper.file
    try:
        return kind, BytesIO(bare(paper.file.read(), kind))
    except Broken as broken:
        raise FileNotTaken(_("这张照片打不开，可能没有传完，换一张再试"), field="file") from broken


@transaction.atomic
def remove(*, attachment_id: UUID, actor: Person, now: datetime) -> Attachment:
    """Take a paper away: the unit its own, the desk those of the place. Its digest stays. Twice is once."""
    one = Attachment.objects.filter(pk=attachment_id).select_related("order__unit").first()
    if one is None:
        raise NotVisible
    case = stepping.locked(one.case_id)
    if one.removed_at is not None:
        raise NotVisible
    queries.opened_by(actor, one.id, now)
    if not _may_remove(actor, one, case, now):
        raise NotYoursToRemove
    holding.require_free(case, now)
    return _remove(one, actor, now)


def _may_remove(actor: Person, one: Attachment, case: Case, now: datetime) -> bool:
    if one.order is not None:
        return policies.acts_for(actor, one.order.unit, now)
    return bool(policies.may_note(actor, case, now))


def _remove(one: Attachment, actor: Person | None, now: datetime) -> Attachment:
    one.removed_at, one.name = now, ""
    one.save(update_fields=["removed_at", "name"])
    journal.record(what=AttachmentFact.REMOVED, subject=one.subject, actor_id=actor.id if actor else None, now=now)
    key, sha256 = one.key, one.sha256
    transaction.on_commit(lambda: _delete_unnamed(key, sha256))
    return one


def remove_all_of(case: Case, *, actor: Person | None, now: datetime) -> None:
    """Every paper of a locked case goes; the digests stay."""
    for one in (
        Attachment.objects.filter(case=case, removed_at=None)
        .select_for_update(of=("self",), no_key=True)
        .order_by("id")
    ):
        _remove(one, actor, now)


@transaction.atomic
def _delete_unnamed(key: str, sha256: str) -> bool:
    """Delete the file unless a row names it; whether it was."""
    # Else a file that is being added again, because it lies there, would be deleted.
    hold_here("cases.attachment", sha256)
    if Attachment.objects.filter(sha256=sha256, removed_at=None).exists():
        return False
    storage.attachments().delete(key)
    return True


def sweep(*, now: datetime) -> int:
    """Remove files of the street that no row names and that are older than a day; how many."""
    removed = 0
    for key in list(storage.every_file(str(street_in_force()))):
        if storage.attachments().get_modified_time(key) < now - GRACE:
            removed += _delete_unnamed(key, key.rsplit("/", 1)[-1])
    return removed

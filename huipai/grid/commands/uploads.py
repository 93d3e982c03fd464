"""Files that were checked and wait to be applied."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from huipai.grid import policies
from huipai.grid.commands.locking import lock_tree
from huipai.grid.commands.refusals import AlreadyApplied
from huipai.grid.models import Upload
from huipai.grid.words import TableKind
from huipai.kit.coordinates import Crs
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person

# A table holds names and telephone numbers: long enough to be looked at, no longer.
KEPT_FOR: Final = timedelta(days=2)


@transaction.atomic
def keep_upload(
    *,
    kind: TableKind,
    file_name: str,
    content: bytes,
    findings: str,
    actor: Person,
    now: datetime,
    crs: Crs = Crs.WGS84,
) -> Upload:
    """Keep a file with the digest of what its check found, until somebody applies it or two days are over."""
    policies.may_keep_tree(actor, now).require()
    return Upload.objects.create(
        kind=kind, file_name=file_name[:200], content=content, crs=crs, findings=findings, uploaded_by=actor,
        uploaded_at=now,
    )  # fmt: skip


@transaction.atomic
def look_again(*, upload_id: UUID, findings: str, actor: Person, now: datetime) -> Upload:
    """The person has been shown what the check finds now."""
    policies.may_keep_tree(actor, now).require()
    upload = Upload.objects.select_for_update(of=("self",), no_key=True).filter(pk=upload_id).first()
    if upload is None:
        raise NotVisible
    if upload.applied_at is not None:
        raise AlreadyApplied
    if upload.findings != findings:
        upload.findings = findings
        upload.save(update_fields=["findings"])
    return upload


@transaction.atomic
def forget_uploads(*, now: datetime) -> int:
    """Files that nobody applied are gone after two days; of an applied one only its name is left."""
    return Upload.objects.filter(applied_at=None, uploaded_at__lte=now - KEPT_FOR).delete()[0]


def take_for_applying(upload_id: UUID, kind: TableKind) -> Upload:
    """The file, with the street's tree locked: of two imports at once, the second waits and then looks again."""
    lock_tree()
    upload = Upload.objects.select_for_update(of=("self",), no_key=True).filter(pk=upload_id, kind=kind).first()
    if upload is None:
        raise NotVisible
    return upload


def finish(upload: Upload, now: datetime) -> None:
    upload.applied_at, upload.content = now, b""
    upload.save(update_fields=["applied_at", "content"])

"""A workbook of the whole rulebook: checked and kept, shown, then written into the draft, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.rulebook import policies, queries, rules
from huipai.rulebook.commands.drafting import strike, write_end_rule, write_item
from huipai.rulebook.commands.refusals import SheetMoved
from huipai.rulebook.commands.telling import draft_to_change, record, wrote
from huipai.rulebook.models import PointItem, Sheet
from huipai.rulebook.rules import EndRule, Terms
from huipai.rulebook.words import Fact


@transaction.atomic
def keep_sheet(
    *,
    version_id: UUID,
    actor: Person,
    file_name: str,
    items: Iterable[Terms],
    struck: Mapping[str, str],
    end_rule: EndRule | None = None,
    now: datetime,
) -> Sheet:
    """Keep what a checked workbook says, against the draft as it stands."""
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    return Sheet.objects.create(
        version=version, file_name=file_name[:200], items=[rules.to_json(terms) for terms in items],
        struck=dict(struck), end_rule=asdict(end_rule) if end_rule else None,
        content_hash=queries.content_hash(version.id), uploaded_by=actor, uploaded_at=now,
    )  # fmt: skip


@transaction.atomic
def apply_sheet(*, sheet_id: UUID, actor: Person, now: datetime) -> Sheet:
    """Make the draft say what the workbook says. A second time it gives back what was done the first.

    Refused when the draft has moved since the workbook was shown.
    """
    policies.may_write(actor, now).require()
    sheet = Sheet.objects.select_for_update(of=("self",)).filter(pk=sheet_id).first()
    if sheet is None:
        raise NotVisible
    if sheet.applied_at is not None:
        return sheet
    version = draft_to_change(sheet.version_id)
    if queries.content_hash(version.id) != sheet.content_hash:
        raise SheetMoved
    wanted = {plain["code"]: rules.from_json(plain) for plain in sheet.items}
    there = {item.code: item for item in PointItem.objects.filter(version=version)}
    for code in sorted(there.keys() - wanted.keys()):
        strike(version, code, sheet.struck.get(code, ""))
    for code, terms in sorted(wanted.items()):
        if code not in there or there[code].terms() != terms:
            write_item(version, terms, None)
    rule = EndRule(**sheet.end_rule) if sheet.end_rule else version.end_rule
    if rule != version.end_rule:
        write_end_rule(version, rule)
    wrote(version, sheet.uploaded_by, now)
    wrote(version, actor, now)
    sheet.items, sheet.applied_at = [], now
    sheet.save(update_fields=["items", "applied_at"])
    record(Fact.IMPORTED, version, actor, now, sheet=str(sheet.id), items=len(wanted))
    return sheet

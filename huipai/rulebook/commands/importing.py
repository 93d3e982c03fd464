"""A workbook of the whole rulebook: checked and kept, shown, then written into the draft, all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.kit.verdict import NotVisible, Refused
from huipai.people.models import Person
from huipai.rulebook import policies, queries, rules
from huipai.rulebook.commands.drafting import strike, write_end_rule, write_item
from huipai.rulebook.commands.promising import require_promise_kept
from huipai.rulebook.commands.refusals import Refusal, SheetMoved, SheetUnexplained, SheetUnfit
from huipai.rulebook.commands.telling import draft_to_change, reason_of, record, wrote
from huipai.rulebook.models import RulebookVersion, Sheet
from huipai.rulebook.rules import EndRule, Terms
from huipai.rulebook.words import Fact


@transaction.atomic
def try_sheet(*, version_id: UUID, actor: Person, items: Iterable[Terms], now: datetime) -> list[Refusal]:
    """Everything that writing these items into the draft would refuse, found by writing them; nothing is kept of it."""
    policies.may_write(actor, now).require()
    return _tried(draft_to_change(version_id), items, now)


@transaction.atomic
def keep_sheet(
    *,
    version_id: UUID,
    actor: Person,
    file_name: str,
    items: Iterable[Terms],
    end_rule: EndRule | None = None,
    lacking: Collection[str] = (),
    now: datetime,
) -> Sheet:
    """Keep what a workbook says, against the draft as it stands. Refuses what writing it would refuse, all at once.

    `lacking`: the columns that its file had not, of which the items say what the draft says.
    """
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    items = list(items)
    if refusals := _tried(version, items, now):
        raise SheetUnfit(refusals)
    _require_end_kept(version, end_rule)
    return Sheet.objects.create(
        version=version, file_name=file_name[:200], items=[rules.to_json(terms) for terms in items],
        lacking=sorted(lacking), end_rule=asdict(end_rule) if end_rule else None,
        content_hash=queries.content_hash(version.id), uploaded_by=actor, uploaded_at=now,
    )  # fmt: skip


@transaction.atomic
def keep_again(*, sheet_id: UUID, actor: Person, now: datetime) -> Sheet:
    """Keep the same workbook against the draft as it stands now, whoever asks: who brought it is its author still.

    Of what its file had no column for it says what the draft says now.
    """
    policies.may_write(actor, now).require()
    sheet = Sheet.objects.filter(pk=sheet_id).first()
    if sheet is None:
        raise NotVisible
    version = draft_to_change(sheet.version_id)
    items = sheet.wanted(queries.book(version)).values()
    if refusals := _tried(version, items, now):
        raise SheetUnfit(refusals)
    _require_end_kept(version, EndRule(**sheet.end_rule) if sheet.end_rule else None)
    return Sheet.objects.create(
        version=version, file_name=sheet.file_name, items=[rules.to_json(terms) for terms in items],
        lacking=sheet.lacking, end_rule=sheet.end_rule, content_hash=queries.content_hash(version.id),
        uploaded_by_id=sheet.uploaded_by_id, uploaded_at=now,
    )  # fmt: skip


@transaction.atomic
def apply_sheet(*, sheet_id: UUID, struck: Mapping[str, str], actor: Person, now: datetime) -> Sheet:
    """Make the draft say what the workbook says. A second time it gives back what was done the first.

    `struck`: why each item that it leaves out goes. Refused where one has stood in force and residents would read of no
    why, and when the draft has moved since the workbook was shown.
    """
    policies.may_write(actor, now).require()
    sheet = Sheet.objects.select_for_update(of=("self",), no_key=True).filter(pk=sheet_id).first()
    if sheet is None:
        raise NotVisible
    if sheet.applied_at is not None:
        return sheet
    version = draft_to_change(sheet.version_id)
    if queries.content_hash(version.id) != sheet.content_hash:
        raise SheetMoved
    book = queries.book(version)
    wanted = sheet.wanted(book)
    whys = _whys(version, wanted.keys(), struck)
    for code in sorted(book.keys() - wanted.keys()):
        strike(version, code, whys.get(code, ""))
    if refusals := _write(version, wanted.values(), now):
        raise SheetUnfit(refusals)
    rule = EndRule(**sheet.end_rule) if sheet.end_rule else version.end_rule
    if rule != version.end_rule:
        write_end_rule(version, rule)
    wrote(version, sheet.uploaded_by, now)
    wrote(version, actor, now)
    sheet.items, sheet.struck, sheet.applied_at = [], whys, now
    sheet.save(update_fields=["items", "struck", "applied_at"])
    record(Fact.IMPORTED, version, actor, now, sheet=str(sheet.id), items=len(wanted))
    return sheet


def _whys(version: RulebookVersion, wanted: Collection[str], struck: Mapping[str, str]) -> dict[str, str]:
    """Why each item goes that was not new in this draft; nobody reads of the others."""
    gone = queries.leaves_out(version, wanted)
    whys = {code: reason_of(struck.get(code, ""), field=f"why-{code}") for code in gone}
    if missing := [code for code, why in whys.items() if not why]:
        raise SheetUnexplained(missing)
    return whys


def _require_end_kept(version: RulebookVersion, rule: EndRule | None) -> None:
    """Refuse another rule of the end of the scheme than was promised, once the end is decided."""
    if rule is not None and rule != version.end_rule:
        require_promise_kept(rule)


def _tried(version: RulebookVersion, items: Iterable[Terms], now: datetime) -> list[Refusal]:
    with transaction.atomic():
        refusals = _write(version, items, now)
        transaction.set_rollback(True)
    return refusals


def _write(version: RulebookVersion, items: Iterable[Terms], now: datetime) -> list[Refusal]:
    """Write what says other than the draft does, and give back what was refused. Part of the caller's transaction."""
    there, refusals = queries.book(version), []
    retired = {*queries.retired().values_list("code", flat=True)}
    # Those last: by then it is known which numbers are free for what comes under one of them.
    for terms in sorted(items, key=lambda terms: (terms.code in retired, terms.code)):
        if there.get(terms.code) == terms:
            continue
        unfit = [Refusal(terms.code, finding) for finding in rules.lint(terms)]
        refusals += unfit
        if not unfit:
            try:
                write_item(version, terms, None, now)
            except Refused as refused:
                refusals.append(Refusal(terms.code, refused))
    return refusals

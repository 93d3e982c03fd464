"""The dry run of a draft: asked for here, computed by the points above, kept here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.rulebook import policies, queries, rules
from huipai.rulebook.commands.refusals import RunsUsedUp
from huipai.rulebook.commands.telling import draft_to_change, record
from huipai.rulebook.models import DryRun
from huipai.rulebook.rules import Cell, Telling
from huipai.rulebook.words import RUNS_A_MONTH, Fact, Trying
from huipai.streets.holding import hold_here

# What may be told beside what was told of the month before.
Tell = Callable[[Sequence[Mapping[str, Cell]]], Telling]


@transaction.atomic
def ask_dry_run(*, version_id: UUID, actor: Person, now: datetime) -> DryRun:
    """Have the draft as it stands counted over last month.

    Asked again, the same content over a month of which the same would be told is the run that there is. A month is
    counted again so often only, by all drafts together: each answer tells something more of it.
    """
    policies.may_try_out(actor, now).require()
    _one_run_at_a_time()
    version = draft_to_change(version_id)
    content_hash = queries.content_hash(version.id)
    begins, ends = queries.last_month(now)
    held = queries.month_held(begins, ends, rules.pauses(queries.book(version)))
    run, made = DryRun.objects.get_or_create(
        version=version, content_hash=content_hash, held=held,
        defaults={"asked_by": actor, "asked_at": now, "begins": begins, "ends": ends},
    )  # fmt: skip
    if made:
        if DryRun.objects.filter(begins=begins).count() > RUNS_A_MONTH:
            raise RunsUsedUp
        record(
            Fact.DRY_RUN_ASKED,
            version,
            actor,
            now,
            run=str(run.id),
            content=content_hash,
            begins=int(begins.timestamp()),
            ends=int(ends.timestamp()),
            held=held,
        )
    return run


@transaction.atomic
def note_progress(*, run_id: UUID, done: int, total: int) -> None:
    """So many deeds of so many have been counted; of a run that is done nothing changes."""
    DryRun.objects.filter(pk=run_id).exclude(state=Trying.DONE).update(
        state=Trying.RUNNING, done=min(done, total), total=total
    )


@transaction.atomic
def finish_dry_run(*, run_id: UUID, tell: Tell, beside: Mapping[str, object], total: int, now: datetime) -> DryRun:
    """Keep what may be told of it after what the runs of the same month told; the first result of a run stays.

    Of two that are done at once the later sees what the earlier told.
    """
    _one_run_at_a_time()
    run = (
        DryRun.objects.select_for_update(of=("self",), no_key=True).select_related("version").filter(pk=run_id).first()
    )
    if run is None:
        raise NotVisible
    if run.state == Trying.DONE:
        return run
    telling = tell(queries.told_of_month(run.begins))
    result, told = {**telling.result, **beside}, rules.cells_to_json(telling.cells)
    run.state, run.done, run.total, run.finished_at, run.result = Trying.DONE, total, total, now, result
    run.told = told
    run.save(update_fields=["state", "done", "total", "finished_at", "result", "told"])
    record(
        Fact.DRY_RUN_DONE, run.version, None, now, run=str(run.id), content=run.content_hash,
        result=rules.digest_of(result), told=rules.digest_of(told), total=total,
    )  # fmt: skip
    return run


def _one_run_at_a_time() -> None:
    hold_here("rulebook.dry_run")

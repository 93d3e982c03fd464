"""The dry run of a rulebook draft: what last month brought or left unpaid counted again, beside what still waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from huipai.kit.verdict import NotVisible
from huipai.points import queries
from huipai.points.rules.trying import Trial, beside
from huipai.rulebook import commands as rulebook
from huipai.rulebook import queries as books
from huipai.rulebook.models import DryRun
from huipai.rulebook.rules import Terms, pauses
from huipai.rulebook.words import Trying

AT_A_TIME: Final = 2_000


def run_dry(*, run_id: UUID, now: datetime) -> DryRun:
    """Count the month of a dry run under its draft, and keep what may be told of it beside the runs before.

    Writes no points. Not one transaction: it notes how far it is as it goes. One that is done is left as it is, and one
    whose draft has been edited since is left waiting: its content is no more.
    """
    run = DryRun.objects.select_related("version").filter(pk=run_id).first()
    if run is None:
        raise NotVisible
    if run.state == Trying.DONE:
        return run
    items = books.book(run.version)
    if books.content_hash(run.version_id) != run.content_hash:
        return run
    total, done, trial = queries.month_deeds(run.begins, run.ends), 0, begun(items, run.begins)
    for deeds in queries.deeds_between(run.begins, run.ends, limit=AT_A_TIME):
        for deed in deeds:
            trial.count(deed)
        done += sum(not deed.is_taken_back for deed in deeds)
        rulebook.note_progress(run_id=run.id, done=done, total=max(total, done))
    waits = beside(*queries.month_waits(run.begins, run.ends))
    return rulebook.finish_dry_run(run_id=run.id, tell=trial.tell, beside=waits, total=done, now=now)


def begun(items: Mapping[str, Terms], begins: datetime) -> Trial:
    """A trial of these items that knows what of the time before reaches into the period that begins then."""
    trial = Trial(items)
    for holder_id, code, room in queries.earned_before(begins, pauses(items)):
        trial.recall(holder_id, code, room)
    return trial

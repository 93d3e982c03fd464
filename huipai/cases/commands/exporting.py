"""Taking a table along: asked for with a reason, made by a job, kept for a day, written down for good."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.audit import commands as audit
from huipai.audit.commands import Act
from huipai.audit.words import OF_A_TABLE, Kind
from huipai.cases.export_words import KEPT_FOR, MOST_ROWS, TableKind, TableState
from huipai.cases.fact_words import Fact
from huipai.cases.models import Export, ExportFile
from huipai.cases.policies import entering
from huipai.cases.queries import exports
from huipai.cases.queries.hub import Filter
from huipai.kit.ids import new_id, short_code
from huipai.kit.verdict import Invalid
from huipai.people.models import Person


class TableTooLarge(Invalid):
    code = "table_too_large"
    default_reason = _("太多了，一张表最多 20000 行，先筛一筛再导出")


class NothingToTake(Invalid):
    code = "nothing_to_take"
    default_reason = _("照这个筛选一件也没有，换一个再导出")


@transaction.atomic
def ask_queue(*, actor: Person, asked: Filter, reason: str, words: str, now: datetime) -> Export:
    """The cases of the desk with the filter in use. Whoever reported them is in no table."""
    entering.may_enter_desk(actor, now).require()
    count = exports.count_queue(actor, asked, now)
    return _ask(TableKind.QUEUE, asked.as_address(), count, actor=actor, reason=reason, words=words, now=now)


@transaction.atomic
def ask_orders(*, actor: Person, view: str, reason: str, words: str, now: datetime) -> Export:
    """The orders of one's own unit on one shelf."""
    entering.may_enter_orders(actor, now).require()
    count = exports.orders_of(actor, view, now)[: MOST_ROWS + 1].count()
    return _ask(TableKind.ORDERS, {"view": view}, count, actor=actor, reason=reason, words=words, now=now)


def _ask(
    kind: TableKind, asked: dict[str, str], count: int, *, actor: Person, reason: str, words: str, now: datetime
) -> Export:
    given = audit.why(reason, words, of=OF_A_TABLE)
    if not count:
        raise NothingToTake
    if count > MOST_ROWS:
        raise TableTooLarge
    id, number = new_id(), short_code()
    act = Act(Kind.EXPORT, f"export:{id}", number=number, count=count)
    disclosure = audit.disclose(what=Fact.EXPORTED, act=act, by=actor, why=given, now=now)
    return Export.objects.create(
        id=id, kind=kind, person=actor, disclosure=disclosure, number=number, asked=asked, total=count, asked_at=now
    )


def to_be_made(export_id: UUID) -> Export | None:
    """A table that waits to be made; None where it is there already."""
    waiting = Export.objects.filter(pk=export_id, state=TableState.WAITING)
    return waiting.select_related("person", "street").first()


def progress(*, export_id: UUID, done: int) -> None:
    """How many rows there are so far; never more than were promised."""
    Export.objects.filter(pk=export_id, state=TableState.WAITING, total__gte=done).update(done=done)


@transaction.atomic
def finish(*, export_id: UUID, content: bytes, now: datetime) -> Export | None:
    """Keep the bytes for a day; nothing if another run of the job was faster."""
    export = (
        Export.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=export_id, state=TableState.WAITING)
        .first()
    )
    if export is None:
        return None
    ExportFile.objects.create(export=export, content=content)
    export.state, export.ready_at, export.done = TableState.READY, now, export.total
    export.save(update_fields=["state", "ready_at", "done"])
    return export


@transaction.atomic
def let_go(*, now: datetime) -> int:
    """Remove the bytes of tables that are older than a day; that they were taken stays in the record."""
    old = Export.objects.filter(state=TableState.READY, ready_at__lte=now - KEPT_FOR)
    ids = list(old.values_list("id", flat=True))
    ExportFile.objects.filter(export__in=ids).delete()
    return Export.objects.filter(pk__in=ids).update(state=TableState.GONE)

"""Tables of cases and orders. Names and numbers of whoever reported are struck out of every word in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from huipai.cases import queries, telling_orders
from huipai.cases.export_words import TableKind
from huipai.cases.models import Case, Export, WorkOrder
from huipai.cases.models.case import UNCHECKED
from huipai.cases.queries import exports, given, merged, said
from huipai.cases.queries import orders as orders_read
from huipai.cases.queries.hub import Filter
from huipai.cases.rules import lateness
from huipai.kit.masking import masked
from huipai.kit.sheets import Column, Table, text
from huipai.kit.sheets.marking import Mark, write_marked

Cells = dict[str, object]
OnBatch = Callable[[int], None]


def workbook(export: Export, on_batch: OnBatch, now: datetime) -> bytes:
    """The table that was asked for, with who took it on it; `on_batch` hears how many rows there are so far."""
    mark = Mark(export.street.name, export.person.name, export.number, export.asked_at)
    if export.kind == TableKind.ORDERS:
        return write_marked(orders_table(), _counted(_orders(export, now), on_batch), mark)
    return write_marked(queue_table(), _counted(_cases(export, now), on_batch), mark)


def _counted(batches: Iterator[list[Cells]], on_batch: OnBatch) -> Iterator[Cells]:
    done = 0
    for batch in batches:
        yield from batch
        done += len(batch)
        on_batch(done)


def queue_table() -> Table:
    return _table(
        _("案件"),
        {
            "code": _("编号"), "number": _("第几号"), "type": _("类别"), "state": _("走到哪一步"), "address": _("地址"),
            "node": _("网格"), "at": _("报上来的时间"), "due": _("时限"), "late": _("超时"), "unit": _("主办单位"),
            "returns": _("退过几次"), "watched": _("督办"), "text": _("怎么说的"), "reporter": _("上报人"),
        },
    )  # fmt: skip


def orders_table() -> Table:
    """Of whoever reported there is not even a column; nor of who handles it, beside what is late (ruling 25)."""
    return _table(
        _("工单"),
        {
            "number": _("第几号"), "unit": _("单位"), "type": _("类别"), "state": _("走到哪一步"),
            "part": _("主办协办"), "address": _("地址"), "node": _("网格"), "at": _("派来的时间"), "due": _("时限"),
            "late": _("超时"), "responded": _("反馈的时间"), "ended": _("办结的时间"), "text": _("怎么说的"),
        },
    )  # fmt: skip


def _table(name: str, headers: dict[str, str]) -> Table:
    return Table(name, tuple(Column(key, header, text(2000)) for key, header in headers.items()))


def _cases(export: Export, now: datetime) -> Iterator[list[Cells]]:
    asked = Filter(*(export.asked.get(name, "") for name in Filter().as_address()))
    for batch in exports.cases(export.person, asked, now, most=export.total):
        parts = queries.what_each_was_split_off_for(batch)
        came_late = merged.late_into(batch)
        yield [_case(case, parts.get(case.id, ""), case.id in came_late, now) for case in batch]


def _case(case: Case, split_off_for: str, came_late: bool, now: datetime) -> Cells:
    return {
        **_said(case, said.words_of(case.reports.all()), split_off_for),
        "code": case.code, "number": case.number, "type": case.case_type.name,
        "state": _("已办结，未经核查") if case.chip == UNCHECKED else case.state_word,
        "node": case.node.name, "at": case.reported_at, "due": case.due_at,
        "late": _late(
            lateness.is_late(case.state, case.due_at, now, came_late),
            lateness.was_answered_late(case.state, case.due_at, case.responded_at),
        ),
        "unit": case.unit.name if case.unit else "", "returns": case.returns,
        "watched": _("是") if case.supervised_at else "", "reporter": _("不显示"),
    }  # fmt: skip


def _orders(export: Export, now: datetime) -> Iterator[list[Cells]]:
    for batch in exports.order_batches(export.person, export.asked.get("view", ""), now, most=export.total):
        parts = queries.what_each_was_split_off_for([order.case for order in batch])
        came_late = merged.orders_late_into(batch)
        yield [_order(order, parts.get(order.case_id, ""), order.id in came_late, now) for order in batch]


def _order(order: WorkOrder, split_off_for: str, came_late: bool, now: datetime) -> Cells:
    case = order.case
    late = _late(
        lateness.order_is_late(order.state, case.state, order.due_at, now, came_late),
        lateness.order_was_answered_late(order.state, order.due_at, order.responded_at),
    )
    return {
        **_said(case, given.words(order), split_off_for), "number": case.number, "unit": order.unit.name,
        "type": case.case_type.name,
        "state": str(telling_orders.chip(order)[1]),
        "part": order.get_part_display(), "node": case.node.name, "at": order.sent_at, "due": order.due_at,
        "late": late, "responded": order.responded_at, "ended": order.ended_at,
    }  # fmt: skip


def _late(is_late: bool, was_answered_late: bool) -> str:
    """Late is what lies on the shelf of the late; what was answered late has another word."""
    if is_late:
        return _("是")
    return _("答复超时") if was_answered_late else _("否")


def _said(case: Case, heard: list[str], split_off_for: str) -> Cells:
    """Address and words of the reports, of a part those of its split; without names and numbers of who reported."""
    names = orders_read.names_to_hide(case)
    text = " ／ ".join(heard) or split_off_for
    return {"address": masked(case.address, names), "text": masked(text, names)}

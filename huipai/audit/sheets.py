"""The record as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from huipai.audit.models import Disclosure
from huipai.kit.sheets import Column, Table, text
from huipai.kit.sheets.marking import Mark, write_marked


def workbook(rows: Iterable[Disclosure], mark: Mark) -> bytes:
    """Who was shown what and why, as it stands in the record."""
    headers = {
        "at": _("时间"), "person": _("谁"), "kind": _("做了什么"), "about": _("哪件事"), "reason": _("事由"),
        "words": _("怎么说的"), "number": _("编号"), "count": _("多少行"),
    }  # fmt: skip
    table = Table(_("查阅记录"), tuple(Column(key, header, text(400)) for key, header in headers.items()))
    return write_marked(table, _cells(rows), mark)


def _cells(rows: Iterable[Disclosure]) -> Iterator[dict[str, object]]:
    for one in rows:
        yield {
            "at": one.happened_at, "person": one.person.name, "kind": one.get_kind_display(), "about": one.about,
            "reason": one.get_reason_display(), "words": one.words, "number": one.number, "count": one.count,
        }  # fmt: skip

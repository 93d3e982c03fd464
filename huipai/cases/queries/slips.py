"""Slips of paper, with what a page tells of them."""

from __future__ import annotations

from unicodedata import normalize

from django.db.models import QuerySet

from huipai.cases.models import Slip


def with_case() -> QuerySet[Slip]:
    return Slip.objects.select_related("report__case__case_type", "report__case__node", "reporter__account", "taken_by")


def plain(text: str) -> str:
    """A number or code as it stands on the paper, however it was typed."""
    written = normalize("NFKC", text).upper()  # a Chinese keyboard types Ｗ and ２
    return "".join(character for character in written if character.isalnum())[:20]


def of_number(number: str) -> list[Slip]:
    """By the number the report had when the slip was printed: a case that was merged leads to the one that goes on."""
    found = with_case().order_by("report__received_at", "id")
    number = plain(number)
    return [*found.filter(report__case__code=number), *found.filter(report__case__merged__code=number)]

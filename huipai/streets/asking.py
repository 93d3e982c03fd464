"""Asking a table of a street several things at once, for a proof that reads them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huipai.kit import hot
from huipai.streets.models import Street


def at_once(statements: Sequence[str], street: Street) -> list[tuple[Any, ...]]:
    """What all of them find, in their order and by the first column of each; all have the same columns.

    In a street that is whole asking costs more than answering.
    """
    numbered = (f"SELECT {place}, found.* FROM ({one}) AS found" for place, one in enumerate(statements))
    asked = f"{' UNION ALL '.join(numbered)} ORDER BY 1, 2"
    return [row[1:] for row in hot.rows(asked, {"street": street.id})]

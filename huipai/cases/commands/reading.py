"""What somebody decides by a page: not past what the reporters have said since that page was made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import stepping
from huipai.cases.fact_words import Fact
from huipai.journal import queries as journal
from huipai.kit.verdict import Moved

T = TypeVar("T")

# What whoever refuses a report has to have read: a review that is asked for is another's look at just that.
SAID: Final = (
    Fact.CORRECTED, Fact.ADDED, Fact.REVIEW_ASKED, Fact.QUESTION_ANSWERED, Fact.DISPUTED, Fact.JOINED,
)  # fmt: skip


class SaidSince(Moved):
    code = "case_said_since"
    default_reason = _("您打开这一页以后，上报人又说了话。看过现在的样子再定")


@transaction.atomic
def as_read(*, case_id: UUID, looked_at: datetime, act: Callable[[], T]) -> T:
    """Do what ends a case for its reporters, if they have said nothing since it was shown at `looked_at`.

    What is done holds with this, or neither does: the case stays locked in between.
    """
    case = stepping.locked(case_id)
    if journal.about(case.subject).filter(what__in=SAID, happened_at__gte=looked_at).exists():
        raise SaidSince
    return act()

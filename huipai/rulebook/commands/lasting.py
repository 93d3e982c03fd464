"""Whether an item still stands on the day on which its version can begin."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from huipai.rulebook import queries
from huipai.rulebook.commands.refusals import OverBefore
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import CONSULTATION, PUBLICITY


def require_lasting(terms: Terms, consulted_until: datetime) -> None:
    """Refuse an item that is over on the first day of a version that is laid open until then."""
    begins = queries.local_date(consulted_until + PUBLICITY)
    if terms.admitted_until is None or terms.admitted_until >= begins:
        return
    said = {"title": terms.title, "day": terms.admitted_until.isoformat(), "begins": begins.isoformat()}
    raise OverBefore(
        _("「%(title)s」到 %(day)s 为止，这一版最早 %(begins)s 起用，那天已经到期；改一个晚的日子，或者不要这一条")
        % said,
        field="admitted_until",
    )


def require_lasting_when_written(terms: Terms, now: datetime) -> None:
    """The same of what is written now: whatever is written is laid open after that."""
    require_lasting(terms, now + CONSULTATION)

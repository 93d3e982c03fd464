"""Waiting until a journal can be sealed whole."""

import time

from django.db.models import Exists, OuterRef

from huipai.journal import queries
from huipai.journal.models import Entry, Seal

# Seconds. A walk through a machine is one transaction and takes one minute, or three beside other work.
_PATIENCE = 300


def until_settled() -> None:
    """Return when no open transaction can precede what the street's journal holds.

    PostgreSQL counts transactions over the whole cluster: a test that runs beside this one, in a database of its own,
    holds the seal back for as long as its transaction lasts. That is right for a journal and wrong for a test to
    forget.
    """
    sealed = Seal.objects.filter(entry=OuterRef("pk"))
    give_up_at = time.monotonic() + _PATIENCE
    while queries.settled_and_unsealed(since=0).count() < Entry.objects.filter(~Exists(sealed)).count():
        assert time.monotonic() < give_up_at, "a transaction beside this test has been open for minutes"
        time.sleep(0.02)

"""Which follower hears which fact. The only place; searchable, no signals.

A follower is a job deferred in the transaction that records the fact. It runs at least once, so it is safe
to run twice.
"""

from procrastinate import App

from huipai.journal import commands as journal
from huipai.journal.commands import Follower

FOLLOWERS: dict[str, tuple[Follower, ...]] = {}


def connect(app: App) -> None:
    """Called once at start-up, when every model is known."""
    journal.wire(FOLLOWERS)

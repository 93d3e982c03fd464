"""The words of what a worker ticked together: what is done with each, and what came of it."""

from django.db.models import TextChoices


class BundleKind(TextChoices):
    """What today's list offers for several at once."""

    ACCEPT = "accept", "accept"
    HAND_UP = "hand_up", "hand_up"


class Became(TextChoices):
    """What came of one of them."""

    DONE = "done", "done"
    WAS_SO = "was_so", "was_so"
    REFUSED = "refused", "refused"

"""The words of answers that are kept ready."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST_TITLE, LONGEST_PHRASE = 20, 300


class PhraseUse(TextChoices):
    """To which outcome an answer belongs."""

    TELL = "tell", _("告诉上报人一句")
    DONE = "done", _("办好了")
    DECLINE = "decline", _("不归我们")
    NOT_FILED = "not_filed", _("不予立案")

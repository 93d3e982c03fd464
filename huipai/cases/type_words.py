"""The words of case types: what is asked besides, how a limit is written, which pictures there are."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionKind(TextChoices):
    TEXT = "text", _("文字")
    CHOICE = "choice", _("选择")
    NUMBER = "number", _("数字")


class PaymentState(TextChoices):
    """What became of the item that a type shall pay."""

    PROPOSED = "proposed", _("等另一位定")
    AGREED = "agreed", _("同意了")
    REFUSED = "refused", _("没有同意")
    WITHDRAWN = "withdrawn", _("提出的人撤回了")


# More than this nobody answers on a stairwell.
MOST_QUESTIONS: Final = 6
# Words of the addresses beside `types/<code>/`.
RESERVED: Final = frozenset({"new", "excel", "suggestions", "sheets", "payments"})
# The pictures that a type may have; each is drawn in the set of the pages.
ICONS: Final = (
    "dots", "camera", "alarm", "alert-square", "armchair", "barbell", "barrier-block", "battery-charging", "bike",
    "box", "brush", "building-store", "building-warehouse", "bulb-off", "car", "circle-dot", "crane", "dog",
    "droplet", "droplet-filled", "elevator", "fire-hydrant", "flag", "heart-handshake", "home-question", "leaf",
    "lock-open", "parking", "plant", "plug", "recycle", "ripple", "road", "shield-exclamation", "spray", "sticker",
    "trash", "tree", "volume", "wall", "wind",
)  # fmt: skip

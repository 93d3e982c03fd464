"""The words of case types: what is asked besides, how a limit is written, which pictures there are."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionKind(TextChoices):
    TEXT = "text", _("文字")
    CHOICE = "choice", _("选择")
    NUMBER = "number", _("数字")


# More than this nobody answers on a stairwell.
MOST_QUESTIONS: Final = 6
# Words of the addresses beside `types/<code>/`.
RESERVED: Final = frozenset({"new", "excel", "suggestions", "sheets"})
# The pictures that a type may have; each is drawn in the set of the pages.
ICONS: Final = (
    "dots", "camera", "alarm", "alert-square", "armchair", "barbell", "barrier-block", "battery-charging", "bike",
    "box", "brush", "building-store", "building-warehouse", "bulb-off", "car", "circle-dot", "crane", "dog",
    "droplet", "droplet-filled", "elevator", "fire-hydrant", "flag", "heart-handshake", "home-question", "leaf",
    "lock-open", "parking", "plant", "plug", "recycle", "ripple", "road", "shield-exclamation", "spray", "sticker",
    "trash", "tree", "volume", "wall", "wind",
)  # fmt: skip

"""The words of neighbours' comments: off until a community turns them on, read by a person before anybody sees them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CommentState(TextChoices):
    WAITING = "waiting", _("等社区看")
    SHOWN = "shown", _("邻居看得到")
    REFUSED = "refused", _("没有放出来")
    TAKEN_DOWN = "taken_down", _("放出来后收回")
    WITHDRAWN = "withdrawn", _("您收回了")


class CommentReason(TextChoices):
    """Why a comment is not shown, or no longer; also why a neighbour points at one. Nothing is preselected."""

    PERSONAL = "personal", _("写了姓名、电话、门牌或车牌")
    INSULT = "insult", _("骂人或者针对一个人")
    ADVERT = "advert", _("是广告")
    OFF_TOPIC = "off_topic", _("和这件事没有关系")
    UNLAWFUL = "unlawful", _("内容违法")


LONGEST_COMMENT = 200
MOST_A_DAY = 5
# Of one person under one thing, waiting or shown.
MOST_A_CASE = 3
# So many are shown under a thing, the latest.
MOST_SHOWN = 50

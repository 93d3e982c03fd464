"""The words of false reports: found by a person, with grounds, open to appeal; never by a machine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FindingState(TextChoices):
    """How a finding stands. Nothing but this line follows from it: no points, no ban, no list of names."""

    FOUND = "found", _("认定了，可以申诉")
    APPEALED = "appealed", _("申诉了，等另一位看")
    UPHELD = "upheld", _("另一位看过，维持")
    LIFTED = "lifted", _("撤销了，已经划去")


class FindingAction(TextChoices):
    """What can happen to a finding. Each is one command and one row of the machine."""

    FIND = "find", _("认定不属实")
    APPEAL = "appeal", _("上报人申诉")
    UPHOLD = "uphold", _("维持认定")
    LIFT = "lift", _("申诉成立，撤销")
    RETRACT = "retract", _("认定的人自己撤回")
    LAPSE = "lapse", _("没有人按时看申诉，撤销")


class FindingGround(TextChoices):
    """On which ground a report is found false. Nothing is preselected; being mistaken is none."""

    STAGED = "staged", _("东西是特意摆出来拍的")
    OTHER_PICTURE = "other_picture", _("照片是旧的、别处的或改过的")
    MADE_UP = "made_up", _("明知没有这回事还报")
    AGAINST_SOMEBODY = "against_somebody", _("编造事情针对别人")


# So long a reporter may appeal; so long somebody else has to look at it, then the finding is struck out by itself.
DAYS_TO_APPEAL = 15
DAYS_TO_HEAR = 10
# A matter that ended longer ago is left alone.
DAYS_TO_FIND = 90
# Grounds say what was seen and where; a word is none.
SHORTEST_GROUNDS = 10

"""The words of linked households (双联户): who links with whom, why one comes by, what is needed, what is assessed."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from huipai.people.words import Role

# Who is linked with households of their place; besides them the lead of a group.
CONTACT_ROLES: Final = (Role.GRID_WORKER, Role.PART_TIME_MEMBER, Role.COORDINATOR)


class LinkState(TextChoices):
    """A link holds when both sides have said yes."""

    PROPOSED = "proposed", _("等对方同意")
    STANDING = "standing", _("已结对")
    DECLINED = "declined", _("没有同意")
    ENDED = "ended", _("已结束")


class Side(TextChoices):
    """Who asked for a link."""

    CONTACT = "contact", _("联户人")
    HOUSEHOLD = "household", _("住户")


class Way(TextChoices):
    """How a household wishes to be reached."""

    DOOR = "door", _("上门")
    PHONE = "phone", _("打电话")
    MESSAGE = "message", _("发消息")


WAYS: Final = dict(Way.choices)


class Reason(TextChoices):
    """Why somebody came by. Never 'to have been there'."""

    NEED = "need", _("为要帮的事")
    SAFETY = "safety", _("看看水电气和消防")
    INFORM = "inform", _("告诉一件事")
    COMPANY = "company", _("陪着说说话")


class NeedKind(TextChoices):
    """What help is asked for; a wish of the household, never a label on a person (L12)."""

    REPAIR = "repair", _("修东西")
    MEALS = "meals", _("吃饭送餐")
    MEDICAL = "medical", _("看病陪护")
    PAPERWORK = "paperwork", _("办手续")
    COMPANY = "company", _("陪伴照看")
    CHILDREN = "children", _("孩子的事")
    NEIGHBOURS = "neighbours", _("邻里的事")
    OTHER = "other", _("别的事")


class NeedState(TextChoices):
    OPEN = "open", _("等人来帮")
    TAKEN = "taken", _("有人在帮")
    MET = "met", _("帮好了")
    UNMET = "unmet", _("没能帮上")
    WITHDRAWN = "withdrawn", _("不用了")


class AssessmentState(TextChoices):
    """From a proposal to points in the household's account, or to a no with its reason (ruling 19)."""

    PROPOSED = "proposed", _("等第二个人看")
    PUBLIC = "public", _("公示中")
    POSTED = "posted", _("已记分")
    UNPAID = "unpaid", _("没有记分")
    REFUSED = "refused", _("没有通过")


class RefusalReason(TextChoices):
    NOT_SEEN = "not_seen", _("没有看到做过")
    WRONG_ITEM = "wrong_item", _("不属于这一条")
    WRONG_PERIOD = "wrong_period", _("不是这一期的事")
    TOO_CLOSE = "too_close", _("提出的人和这一户太近")
    OBJECTION = "objection", _("异议成立")


class Fact(TextChoices):
    """What the journal records of linked households: ids and codes only."""

    GROUP_OPENED = "group.opened", _("联户组成立")
    GROUP_LED = "group.led", _("换联户长")
    GROUP_JOINED = "group.joined", _("住户加入联户组")
    GROUP_LEFT = "group.left", _("住户退出联户组")
    GROUP_CLOSED = "group.closed", _("联户组结束")
    LINK_PROPOSED = "link.proposed", _("提出结对")
    LINK_STANDS = "link.stands", _("结对成立")
    LINK_DECLINED = "link.declined", _("结对没有同意")
    LINK_ENDED = "link.ended", _("结对结束")
    LINK_LAPSED = "link.lapsed", _("联户人不再负责这里，结对结束")
    WISHES_CHANGED = "link.wishes_changed", _("改了联系方式的意愿")
    VISITED = "visit.noted", _("记下一次走访")
    VISIT_DENIED = "visit.denied", _("住户说没有来过")
    NEED_RAISED = "need.raised", _("说了一件要帮的事")
    NEED_TAKEN = "need.taken", _("有人来帮")
    NEED_CLOSED = "need.closed", _("要帮的事有了结果")
    NEED_REOPENED = "need.reopened", _("还没有帮好，接着帮")
    ASSESSED = "assessment.proposed", _("提出一项联户激励")
    ASSESSMENT_PUBLICISED = "assessment.publicised", _("联户激励公示")
    ASSESSMENT_REFUSED = "assessment.refused", _("联户激励没有通过")
    ASSESSMENT_POSTED = "assessment.posted", _("联户激励记分")
    ASSESSMENT_UNPAID = "assessment.unpaid", _("联户激励没有记分")
    ASSESSMENT_OBJECTED = "assessment.objected", _("对联户激励有异议")
    OBJECTION_DECIDED = "assessment.objection_decided", _("联户激励的异议有了结果")


# A group is a stairwell or a lane, not a quarter: about ten households in the places that began it.
MOST_HOUSEHOLDS: Final = 15
# So long a yes stands in public, and so long anybody may object, before points are posted.
PUBLIC_DAYS: Final = 7
# Who was told no asks the same household again after this; others may ask at any time.
ASK_AGAIN_DAYS: Final = 30
# A household waits for so many answers at a time, and asks so often in a day: each question rings at somebody's.
MOST_QUESTIONS: Final = 3
MOST_QUESTIONS_A_DAY: Final = 5
# A visit is noted while it is remembered.
OLDEST_VISIT_DAYS: Final = 30
LONGEST_TEXT: Final = 500

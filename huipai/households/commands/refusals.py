"""Why something about linked households is refused."""

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid, Moved


class NotAHousehold(Invalid):
    code = "not_a_household"
    default_reason = _("这里要选到户")


class NotThere(Invalid):
    code = "household_not_there"
    default_reason = _("这一户不在联户组所在的地方")


class GroupIsFull(Invalid):
    code = "group_is_full"
    default_reason = _("一组最多 15 户，另开一组")


class NameInUse(Invalid):
    code = "group_name_in_use"
    default_reason = _("这里已经有一组叫这个名字，换一个")


class LeadNotOfGroup(Invalid):
    code = "lead_not_of_group"
    default_reason = _("联户长要住在组里")


class LeadNotGrownUp(Invalid):
    code = "lead_not_grown_up"
    default_reason = _("联户长要由成年人来当，请换一位")


class AlreadyGrouped(Moved):
    code = "already_in_a_group"
    default_reason = _("这一户已经在一个联户组里，先退出再加入")


class GroupIsClosed(Moved):
    code = "group_is_closed"
    default_reason = _("这一组已经结束")


class LeftAlready(Moved):
    code = "left_the_group_already"
    default_reason = _("这一户已经不在这个组里，别的组没有动")


class LinkMoved(Moved):
    code = "link_moved"
    default_reason = _("这个结对刚刚有了变化，请看最新的")


class ContactGone(Moved):
    code = "contact_gone"
    default_reason = _("这一位不再负责这里，这个结对成不了；可以另请一位")


class SaidNoLately(Moved):
    code = "said_no_lately"
    default_reason = _("这一户说过不用了，过 30 天才能再问")


class QuestionsWait(Moved):
    code = "contact_questions_wait"
    default_reason = _("已经问了 3 位，等他们回话，或者先收回一个再问")


class AskedEnough(Moved):
    code = "contacts_asked_enough"
    default_reason = _("今天问得够多了，明天再问")


class NotWished(Invalid):
    code = "not_wished"
    default_reason = _("这一户不希望这样联系，换一种方式")


class NotThatDay(Invalid):
    code = "visit_not_that_day"
    default_reason = _("走访的日子不对，最多补记 30 天以内的")


class BeforeTheLink(Invalid):
    code = "visit_before_the_link"
    default_reason = _("那天还没有结对，只记结对以后的走访")


class NotedAlready(Moved):
    code = "visit_noted_already"
    default_reason = _("那天为这件事来过，已经记下了。要补充的话，选别的事由再记一次")


class NeedMoved(Moved):
    code = "need_moved"
    default_reason = _("这件要帮的事刚刚有了变化，请看最新的")


class NotAQuarter(Invalid):
    code = "not_a_quarter"
    default_reason = _("选一个已经过完的季度")


class AfterTheStop(Invalid):
    code = "incentive_after_the_stop"
    default_reason = _("积分停发以后才过完的季度不记分，选停发以前过完的")


class EndTooNear(Moved):
    """Nobody's name stands in public for points that nobody could exchange any more."""

    code = "incentive_end_too_near"
    default_reason = _("兑换快要结束了，公示一周以后来不及记分")


class NotLinkedThen(Invalid):
    code = "not_linked_then"
    default_reason = _("那个季度这一户还不是双联户；先结对或者入组，从那一季度起才能提")


class NotForHouseholds(Invalid):
    code = "not_for_households"
    default_reason = _("那一季度和现行的条款里没有这一条，或者它不对家庭计分")


class AssessedAlready(Moved):
    code = "assessed_already"
    default_reason = _("这一户这一季度这一条已经提过")


class AssessmentMoved(Moved):
    code = "assessment_moved"
    default_reason = _("这一条刚刚有了结果，请看最新的")


class TooLateToObject(Moved):
    code = "too_late_to_object"
    default_reason = _("公示期过了，有疑问请找社区")


class ObjectionWaits(Moved):
    code = "objection_waits"
    default_reason = _("已经有人提了异议，正在看")


class ObjectedBefore(Moved):
    code = "household_objected_before"
    default_reason = _("对这一条您已经提过一次异议了，结果会告诉您")


class WordsMissing(Invalid):
    code = "household_words_missing"
    default_reason = _("写一句话说明")


class TooLong(Invalid):
    code = "household_text_too_long"
    default_reason = _("最多 500 个字，删短一些")


class ReasonMissing(Invalid):
    code = "household_reason_missing"
    default_reason = _("选一个原因")

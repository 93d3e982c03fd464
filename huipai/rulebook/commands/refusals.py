"""Why a command about the rulebook does nothing, in the words of whoever asked for it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible, Refused


class Frozen(Moved):
    code = "rulebook_frozen"
    default_reason = _("这一版已经发布，不能再改；要改就起草下一版")


class DraftIsOpen(Moved):
    code = "rulebook_draft_is_open"
    default_reason = _("已经有一份草稿在改，先把它办完或者放下")


class NotApproved(Moved):
    code = "rulebook_not_approved"
    default_reason = _(
        "还差表态：要有代表不同方面的两位审议组成员同意现在的内容，两位不是一家，也不是起草、改写的人或他们的家人"
    )


class EndIsDecided(Moved):
    code = "rulebook_end_is_decided"
    default_reason = _("积分要停已经定了，照定的时候写的办；这一条现在不能写成别的")


class ConsultedAlready(Moved):
    code = "rulebook_consulted_already"
    default_reason = _("现在的内容已经公开征求过意见；改了内容才要再公开一次")


class ContentMoved(Moved):
    code = "rulebook_content_moved"
    default_reason = _("您看过以后这里又改了，请再看一遍再定")


class ProposalMoved(Moved):
    code = "rulebook_proposal_moved"
    default_reason = _("您看过以后单位又改了，下面是现在的，请再看一遍再定")


class WrittenMeanwhile(Moved):
    code = "rulebook_written_meanwhile"
    default_reason = _("您打开以后这里又改过，您写的还没有记；看看现在写的，再定怎么写")


class AdmissionOver(Moved):
    code = "rulebook_admission_over"
    default_reason = _("有条目的准入在施行那天已经到期；删去它，或者早一点施行")


class OverBefore(Invalid):
    code = "rulebook_over_before_it_begins"
    default_reason = _("到期的日子早于这一版最早能起用的那天；改一个晚的日子，或者不要这一条")


class FieldTooLong(Invalid):
    code = "rulebook_field_too_long"
    default_reason = _("这个字段的名字太长，退回单位改短到 16 个字以内")


class NoField(Invalid):
    code = "rulebook_no_field"
    default_reason = _("写上字段的名字")


class SaidOfField(Moved):
    code = "rulebook_said_of_field"
    default_reason = _("名单里已经是这样了，不用再改")


class BoardTooSmall(Moved):
    code = "rulebook_board_too_small"
    default_reason = _("除起草、改写的人外，审议组至少要有 3 位成员；请系统管理员补上")


class TriedLongAgo(Moved):
    code = "rulebook_tried_long_ago"
    default_reason = _("试算的不是上个月了，拿上个月再试算一遍")


class RunsUsedUp(Moved):
    code = "rulebook_runs_used_up"
    default_reason = _("上个月的数已经试算过很多遍，再算下去，比一比就看得出个别人的分。下个月再试算")


class NotTriedOut(Moved):
    code = "rulebook_not_tried_out"
    default_reason = _("现在的内容还没有试算过，先拿上个月试算一遍")


class NotConsulted(Moved):
    code = "rulebook_not_consulted"
    default_reason = _("先公开征求意见，满 7 天再表态")


class NotConsultedOnThis(Moved):
    code = "rulebook_not_consulted_on_this"
    default_reason = _("征求意见以后内容又改了，改过的大家还没看到；再公开征求一次，满 7 天再表态")


class StillConsulting(Moved):
    code = "rulebook_still_consulting"
    default_reason = _("还在征求意见，到期以后再表态")


class CommentsUnanswered(Moved):
    code = "rulebook_comments_unanswered"
    default_reason = _("还有意见没有答复，一条一条答复完再往下走")


class Unexplained(Invalid):
    code = "rulebook_unexplained"
    default_reason = _("每一处改动都要写上为什么")


class CarriedOver(Moved):
    """It was begun on top of a version that has been withdrawn since, and still holds what that one changed."""

    code = "rulebook_carried_over"
    default_reason = _("有条目是从后来撤回的一版带过来的；先把它们拿出来，再往下走")


class Unchanged(Invalid):
    code = "rulebook_unchanged"
    default_reason = _("这一版跟正在用的一模一样")


class Retroactive(Invalid):
    code = "rulebook_retroactive"
    default_reason = _("计分条目不溯及以前，施行时间不能早于现在，也不能早于上一版")


class TooFarOff(Invalid):
    code = "rulebook_too_far_off"
    default_reason = _("最晚一年以内施行；更晚的，到时候再定")


class TooShort(Invalid):
    code = "rulebook_too_short"
    default_reason = _("征求意见和公示都不能少于 7 天，公示完了才能施行")


class Empty(Invalid):
    code = "rulebook_empty"
    default_reason = _("这一版里一个条目也没有")


class UnknownItem(NotVisible):
    code = "rulebook_unknown_item"
    default_reason = _("这一版里没有这个条目")


class NeedsAdmission(NotAllowed):
    code = "rulebook_needs_admission"
    default_reason = _("单位的条目要由单位提出、审议准入以后才能写进来；要改也一样")


class ReviewIsOpen(Moved):
    code = "rulebook_review_is_open"
    default_reason = _("这个条目已经有一份在审，等它办完再提")


class OfAnotherUnit(NotAllowed):
    """The item stands in the book in the name of another unit."""

    code = "rulebook_of_another_unit"
    default_reason = _("这一条是别的单位的，要改由它来提")


class NumbersUsedUp(Moved):
    """No number is left under a port; those of items that people have read are never given again."""

    code = "rulebook_numbers_used_up"
    default_reason = _("这个端口的 99 个编号都用过了；改一个已有的条目，或者放到别的端口")


class NumberRetired(Moved):
    """People have read something else under this number; what was counted by it is of that item."""

    code = "rulebook_number_retired"
    default_reason = _("这个编号以前是别的条目的，已经停用；新条目用下一个空着的编号")


class TooManyUndecided(Moved):
    code = "rulebook_too_many_undecided"
    default_reason = _("你们单位还有 30 份没办完；等审议组答复几份，或者撤回几份，再提新的")


class NotWaiting(Moved):
    code = "rulebook_review_moved"
    default_reason = _("这一份刚刚有了新进展，请看最新的一步")


class NotGridWork(Invalid):
    code = "rulebook_not_grid_work"
    default_reason = _("只有网格里该做的事才能准入；不是就写明理由，不予准入")


class WithoutReason(Invalid):
    code = "rulebook_without_reason"
    default_reason = _("写一句理由，让对方看得明白")


class WrongEnd(Invalid):
    code = "rulebook_wrong_end"
    default_reason = _("准入要写到期的日子，从明天起，最长三年")


class NothingSaid(Invalid):
    code = "rulebook_nothing_said"
    default_reason = _("写一两句您的意见")


class SaidTooLong(Invalid):
    code = "rulebook_said_too_long"
    default_reason = _("写得太长了，最多 400 个字，请短一点；分成两条提也行")


class ReasonTooLong(Invalid):
    code = "rulebook_reason_too_long"
    default_reason = _("写得太长了，最多 200 个字，请短一点")


class SaidAlready(Moved):
    """Other words under an id that is used; the form that shows them again has a fresh one."""

    code = "rulebook_said_already"
    default_reason = _("先前写的那一条已经收到了，在「我说过的」里；现在写的还没交，再按一次就另提一条")


class NotOpenForComments(Moved):
    code = "rulebook_not_open_for_comments"
    default_reason = _("这一版现在不在征求意见；施行以后有意见，可以提异议")


class NotOpenForObjections(Moved):
    code = "rulebook_not_open_for_objections"
    default_reason = _("这一版还没有公示，先在征求意见里提")


class AnsweredAlready(Moved):
    code = "rulebook_answered_already"
    default_reason = _("这一条已经答复过了")


class TooMuchSaid(Moved):
    code = "rulebook_too_much_said"
    default_reason = _("这一版您已经提了 20 条，等答复了再提")


class SheetMoved(Moved):
    code = "rulebook_sheet_moved"
    default_reason = _("检查以后草稿有了变化，请再看一遍")


class SheetUnexplained(Invalid):
    """`missing`: the codes of what a workbook leaves out without a word why."""

    code = "rulebook_sheet_unexplained"
    default_reason = _("表里少了的每一条，都写一句为什么删去，居民看得到")

    def __init__(self, missing: list[str]) -> None:
        super().__init__()
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the draft does not take of a workbook: the item, and why."""

    code: str
    refused: Refused


class SheetUnfit(Invalid):
    """The draft does not take all of a workbook; `refusals` says of each item why."""

    code = "rulebook_sheet_unfit"
    default_reason = _("表里有草稿不能收的条目，改好再读进来")

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(
            _("；").join(
                _("%(code)s：%(reason)s") % {"code": one.code, "reason": one.refused.reason} for one in refusals[:3]
            )
        )
        self.refusals = refusals

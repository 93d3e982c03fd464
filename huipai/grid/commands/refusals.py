"""Why the grid refuses, and how the database's refusals become sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid, Moved, Refused


class CodeInUse(Invalid):
    code = "code_in_use"
    default_reason = _("这个编码正在使用")


class WrongCode(Invalid):
    code = "wrong_code"
    default_reason = _("编码只用字母、数字和短横，最多 40 个")


class NameMissing(Invalid):
    code = "name_missing"
    default_reason = _("写上名称")


class NotAnArea(Invalid):
    code = "not_an_area"
    default_reason = _("边界要是一块面，只有街道、社区、网格和微网格有边界")


class OffTheEarth(Invalid):
    code = "off_the_earth"
    default_reason = _("经度和纬度不对，看看是不是写反了")


class NotAHome(Invalid):
    code = "not_a_home"
    default_reason = _("住处要选到户")


class NotAFit(Invalid):
    code = "not_a_fit"
    default_reason = _("这一层不能放在所选的上级下面")


class NodeIsClosed(Moved):
    code = "node_is_closed"
    default_reason = _("这个网格那时已经停用")


class StillInUse(Moved):
    code = "still_in_use"
    default_reason = _("下面还有在用的楼栋或网格，先处理它们")


class SplitIsPlanned(Moved):
    code = "split_is_planned"
    default_reason = _("这个微网格已经定了拆分的日子，先撤回拆分")


class NothingPlanned(Moved):
    code = "nothing_planned"
    default_reason = _("没有定下停用或拆分的日子，或者已经到了那一天")


class OverClosesFirst(Moved):
    code = "over_closes_first"
    default_reason = _("上一级那天以前就停用了，先改上一级")


class PartsDoNotFit(Invalid):
    code = "parts_do_not_fit"
    default_reason = _("新的几块要刚好拼成原来的微网格")


class WrongScope(Invalid):
    code = "wrong_scope"
    default_reason = _("处置单位的角色要选单位，其他角色要选网格")


class NotEmployed(Invalid):
    code = "not_employed"
    default_reason = _("这个角色要由在职人员担任")


class IsEmployed(Invalid):
    code = "is_employed"
    default_reason = _("兼职网格员由居民担任，在职人员请选专职")


class AlreadyEmployed(Invalid):
    code = "already_employed"
    default_reason = _("这个号码的人已经是工作人员，在名单里找他就行")


class NotEmployedHere(Moved):
    code = "not_employed_here"
    default_reason = _("他已经不是这里的工作人员了")


class EmployedElsewhere(Moved):
    code = "employed_elsewhere"
    default_reason = _("他在别的街道也在职，登录这里动不了：密码由本人用短信验证码重设")


class AlreadyAssigned(Moved):
    code = "already_assigned"
    default_reason = _("这段时间里已经有同样的任务了")


class ThreePeople(Moved):
    code = "three_people"
    default_reason = _("系统、安全、审计三类管理员要由三个人担任")


class AlreadyEnded(Moved):
    code = "already_ended"
    default_reason = _("已经结束了")


class WrongPeriod(Invalid):
    code = "wrong_period"
    default_reason = _("结束不能早于开始")


class WrongDeputy(Invalid):
    code = "wrong_deputy"
    default_reason = _("代理人要另选一位")


class AlreadyAway(Moved):
    code = "already_away"
    default_reason = _("这段时间已经登记过请假")


class AlreadyAtHome(Moved):
    code = "already_at_home"
    default_reason = _("那之后已经登记了别的住处")


class HomeIsLivedIn(Moved):
    code = "home_is_lived_in"
    default_reason = _("这一户还登记着别人，先选是一起住，还是他们搬走了")


class HomeHasChanged(Moved):
    code = "home_has_changed"
    default_reason = _("这一户登记的人刚刚有了变化，请看过现在的再选")


class LivesSomewhere(Moved):
    code = "lives_somewhere"
    default_reason = _("已经登记了住处，不用再说")


class TooLateToSay(Moved):
    code = "too_late_to_say"
    default_reason = _("过了可以说的 30 天，请带证件到社区窗口登记")


class AlreadyAnswered(Moved):
    code = "already_answered"
    default_reason = _("同事已经答过了，请看现在的登记")


class UnitIsClosed(Moved):
    code = "unit_is_closed"
    default_reason = _("这个单位已经停用")


class FindingsMoved(Moved):
    code = "findings_moved"
    default_reason = _("检查之后网格有了变化，请再看一遍结果")


class HasProblems(Invalid):
    code = "has_problems"
    default_reason = _("还有没改好的地方，一行都没有导入")


class AlreadyApplied(Moved):
    code = "already_applied"
    default_reason = _("这个文件已经导入过了")


_EXPLAINED: Final[dict[str, type[Refused]]] = {
    "grid_a_code_names_one_node_at_a_time": CodeInUse,
    "grid_a_code_names_one_unit": CodeInUse,
    "grid_one_street_at_a_time": NotAFit,
    "grid_level_fits_its_parent": NotAFit,
    "grid_only_the_street_has_no_parent": NotAFit,
    "grid_no_node_succeeds_itself": NotAFit,
    "grid_node_stands_right": NotAFit,
    "grid_level_is_a_word": NotAFit,
    "grid_code_is_plain": WrongCode,
    "grid_unit_code_is_plain": WrongCode,
    "grid_name_is_not_empty": NameMissing,
    "grid_unit_name_is_not_empty": NameMissing,
    "grid_unit_kind_is_a_word": NotAFit,
    "grid_boundary_is_an_area": NotAnArea,
    "grid_point_lies_on_earth": OffTheEarth,
    "grid_node_ends_after_it_begins": WrongPeriod,
    "grid_assignment_ends_after_it_begins": WrongPeriod,
    "grid_absence_ends_after_it_begins": WrongPeriod,
    "grid_residence_ends_after_it_begins": WrongPeriod,
    "grid_residence_is_a_household": NotAHome,
    "grid_assignment_has_one_scope": WrongScope,
    "grid_role_can_be_assigned": WrongScope,
    "grid_nobody_deputises_himself": WrongDeputy,
    "grid_admins_have_no_deputy": WrongDeputy,
    "grid_absence_kind_is_a_word": WrongPeriod,
    "grid_a_family_begins_once": AlreadyAtHome,
    "grid_a_role_in_a_node_is_held_once": AlreadyAssigned,
    "grid_a_role_in_a_unit_is_held_once": AlreadyAssigned,
    "grid_three_admins_are_three_people": ThreePeople,
    "grid_nobody_is_away_twice": AlreadyAway,
    "grid_one_household_at_a_time": AlreadyAtHome,
    "grid_an_end_is_disputed_once": AlreadyAnswered,
    "grid_dispute_is_answered_whole": AlreadyAnswered,
}


@contextmanager
def explained() -> Iterator[None]:
    """The database decides, we explain: a broken constraint of ours becomes a refusal with a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in _EXPLAINED:
            raise
        raise _EXPLAINED[name]() from error

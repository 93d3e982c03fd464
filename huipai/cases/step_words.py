"""What each step of a case is called, for whoever reported it, for staff and for another reporter, and why it ended."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases.words import Action, DeclineReason, NotFiledReason

# What a step is called for the reporter. The person acts first, the system last; nobody is named.
STEPS: dict[str, tuple[str | Promise, str]] = {
    Action.REPORT: (_("收到了，谢谢您"), "inbox"),
    Action.ACCEPT: (_("网格员接下了"), "circle-check"),
    Action.DECLINE: (_("这次没受理"), "info-circle"),
    Action.RESPOND: (_("网格员说办好了"), "message-check"),
    Action.HANDLE_ON_THE_SPOT: (_("网格员到现场办完了"), "message-check"),
    Action.DRAW_CHECK: (_("抽到一位没经手的人去看"), "dice-3"),
    Action.SKIP_CHECK: (_("这一类抽查，这一件没有抽到，您来看看"), "eye-off"),
    Action.LAPSE_CHECK: (_("没有去看，另抽一人"), "dice-3"),
    Action.PASS_CHECK: (_("核查过了，办好了，您来看看"), "eye-check"),
    Action.FAIL_CHECK: (_("核查没通过，返工"), "rotate-2"),
    Action.AGREE: (_("您说解决了，还在等另一位邻居看"), "circle-check"),
    Action.CONFIRM: (_("您说解决了，已办结"), "circle-check-filled"),
    Action.CLOSE_UNANSWERED: (_("三天没有答复，先办结"), "circle-check"),
    Action.DISPUTE: (_("您说还没有，重新办"), "refresh"),
    Action.MERGE: (_("和另一件是同一件，合在一起办"), "arrows-join-2"),
    Action.WITHDRAW: (_("您撤回了"), "arrow-back-up"),
    Action.PASS_ON: (_("换人接着办，时间照原来的算"), "refresh"),
    Action.TAKE_OVER: (_("网格员接过去办了"), "circle-check"),
    Action.HAND_UP: (_("网格员办不了，转给街道联动中心"), "arrow-up"),
    Action.VERIFY: (_("请网格员先去看一眼"), "eye-check"),
    Action.VOUCH: (_("网格员看过了，是这样"), "eye-check"),
    Action.LAPSE_VERIFY: (_("没按时去看，街道联动中心接着安排"), "refresh"),
    Action.FILE: (_("立案了，街道联动中心来派"), "file-check"),
    Action.NOT_FILE: (_("这次没有立案"), "info-circle"),
    Action.VOID: (_("这一件作废了"), "ban"),
    Action.ASK_REVIEW: (_("您申请了复核，换一个人重新看"), "refresh"),
    Action.DISPATCH: (_("派给单位去办"), "send"),
    Action.RULE: (_("定下了由谁来办"), "send"),
    Action.SIGN: (_("单位接下了"), "hammer"),
    Action.RETURN: (_("单位说不归它管，街道联动中心重新派"), "corner-up-left"),
    Action.RECALL: (_("从单位收回来，街道联动中心重新派"), "arrow-back-up"),
    Action.ASK_EXTENSION: (_("单位想多要几天，街道联动中心在看"), "calendar-time"),
    Action.GRANT_EXTENSION: (_("同意多给几天"), "calendar-time"),
    Action.REFUSE_EXTENSION: (_("没有同意延期，照原来的日子办"), "calendar-time"),
    Action.LAPSE_EXTENSION: (_("延期没有批，照原来的日子办"), "calendar-time"),
    Action.SUSPEND: (_("先放一放，到了日子接着办"), "player-pause"),
    Action.UNSUSPEND: (_("接着办了"), "hammer"),
    Action.ASK: (_("想问您一句"), "message-question"),
    Action.ANSWER: (_("您回答了"), "message-check"),
    Action.LAPSE_QUESTION: (_("没有等到回答，接着办"), "message-question"),
    Action.TAKE_BACK_QUESTION: (_("问您的那一句收回了，不用回答"), "message-question"),
    Action.URGE: (_("催了一次"), "bell-ringing"),
    Action.SUPERVISE: (_("街道联动中心盯上了这件"), "flag"),
    Action.SPLIT: (_("分出一件，请别的单位一起办"), "affiliate"),
    Action.RETYPE: (_("换了一个更准的类别，日子照一开始算"), "pencil"),
    Action.SEND_BACK_PART: (_("这一份退回去重办了"), "refresh"),
    Action.CLOSE_PART: (_("分出的一件办完了"), "circle-check"),
}
# The same where the unit is known: a reporter reads who is responsible, the unit and never a person.
UNIT_STEPS: dict[str, str | Promise] = {
    Action.DISPATCH: _("派给%(unit)s去办"),
    Action.RULE: _("定下来由%(unit)s办，不能再退"),
    Action.SIGN: _("%(unit)s接下了"),
    Action.RESPOND: _("%(unit)s说办好了"),
    Action.RETURN: _("%(unit)s说不归它管，街道联动中心重新派"),
    Action.RECALL: _("从%(unit)s收回来，街道联动中心重新派"),
    Action.ASK_EXTENSION: _("%(unit)s想多要几天，街道联动中心在看"),
}
# Staff read the same steps about somebody who is not shown to them.
STAFF_STEPS: dict[str, str | Promise] = {
    Action.REPORT: _("有人上报"),
    Action.SKIP_CHECK: _("没有抽到核查，等上报人确认"),
    Action.PASS_CHECK: _("核查通过，等上报人确认"),
    Action.AGREE: _("一位上报人说解决了，还等另一位"),
    Action.CONFIRM: _("上报人说解决了，已办结"),
    Action.PASS_ON: _("换人接着办"),
    Action.DISPUTE: _("上报人说还没有，重新办"),
    Action.WITHDRAW: _("上报人撤回了"),
    Action.HAND_UP: _("网格办不了，转给联动中心"),
    Action.VOUCH: _("核实过了，属实"),
    Action.FILE: _("立案"),
    Action.ASK_REVIEW: _("上报人申请复核"),
    Action.ASK: _("问了上报人一句"),
    Action.ANSWER: _("上报人回答了"),
    Action.TAKE_BACK_QUESTION: _("收回了问上报人的那一句"),
}
# What another reporter of the same thing did (ruling 15).
NEIGHBOURS_STEPS: dict[str, str | Promise] = {
    Action.REPORT: _("有人上报"),
    Action.AGREE: _("一位邻居说解决了，还等您看"),
    Action.CONFIRM: _("一位邻居说解决了，已办结"),
    Action.DISPUTE: _("一位邻居说还没有，重新办"),
    Action.WITHDRAW: _("上报人撤回了"),
    Action.ASK_REVIEW: _("一位邻居申请了复核"),
    Action.ANSWER: _("一位邻居回答了"),
}
WHERE_ELSE: dict[str, str | Promise] = {
    DeclineReason.NOT_THE_STREETS: _("这里不归街道管，可打 12345"),
    DeclineReason.OUTSIDE: _("那里归隔壁街道，可打 12345 转过去"),
    DeclineReason.NOT_SEEN: _("我们去看时已经没有了，再出现请再拍一张"),
    DeclineReason.NOT_A_PROBLEM: _("拿不准的事可以打 12345 问"),
    DeclineReason.PRIVATE_DISPUTE: _("可以找社区调解，或者请律师帮忙看看"),
}
NOT_FILED: dict[str, str | Promise] = {
    NotFiledReason.NOT_OUR_POWER: _("街道没有这项职权，可打 12345 转到管的部门"),
    NotFiledReason.SETTLED: _("我们去看时已经解决了，再出现请再拍一张"),
    NotFiledReason.NOT_PROVEN: _("现场和说的对不上，有新的照片可以申请复核"),
    NotFiledReason.IN_PROCEEDINGS: _("已经在打官司或者复议，等那边的结果"),
    NotFiledReason.PRIVATE_DISPUTE: _("可以找社区调解，或者请律师帮忙看看"),
}

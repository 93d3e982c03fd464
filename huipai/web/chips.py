"""The one table from a state to its chip: colour family, icon and word, always together (ruling 7).

Keyed by the stored word. A word in the table is for the resident; staff may pass their own to `status_chip`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Chip:
    family: str
    icon: str
    word: str | Promise
    edge: str = ""


CHIPS: dict[str, Chip] = {
    # A report
    "received": Chip("slate", "inbox", _("已收到")),
    "joined": Chip("stone", "arrows-join-2", _("已合并")),
    "declined": Chip("stone", "info-circle", _("不予受理")),
    "withdrawn": Chip("stone", "arrow-back-up", _("您已撤回")),
    # A case
    "reported": Chip("slate", "inbox", _("已收到")),
    "verifying": Chip("slate", "eye-check", _("核实中")),
    "accepted": Chip("slate", "circle-check", _("已受理")),
    "filed": Chip("slate", "file-check", _("已立案")),
    "not_filed": Chip("stone", "info-circle", _("不予立案")),
    "dispatched": Chip("violet", "send", _("已派单")),
    "in_progress": Chip("blue", "hammer", _("处理中")),
    "responded": Chip("blue", "message-check", _("已答复")),
    "checking": Chip("violet", "user-search", _("核查中")),
    "confirming": Chip("teal", "hand-finger", _("待您确认")),
    "rework": Chip("orange", "rotate-2", _("返工中")),
    "returned": Chip("orange", "rotate-2", _("重新派单")),
    "extension_pending": Chip("amber", "calendar-time", _("等批延期")),
    "suspended": Chip("stone", "player-pause", _("已暂停")),
    "merged": Chip("stone", "arrows-join-2", _("已合并")),
    "voided": Chip("stone", "ban", _("已作废")),
    "closed": Chip("green", "circle-check-filled", _("已办结")),
    "reopened": Chip("orange", "refresh", _("重新办理")),
    # A claim of points
    "claim_draft": Chip("stone", "note", _("还没交"), edge="chip-waiting"),
    "claim_submitted": Chip("slate", "inbox", _("已收到")),
    "claim_auto_checked": Chip("slate", "list-check", _("等人审")),
    "claim_second_review": Chip("violet", "users", _("等第二位审")),
    "claim_appealed": Chip("orange", "refresh", _("申诉中")),
    "claim_reviewed": Chip("blue", "eye-check", _("审过了")),
    "claim_publicised": Chip("teal", "speakerphone", _("公示中")),
    "claim_posted": Chip("green", "circle-check-filled", _("已记分")),
    "claim_objection": Chip("amber", "message-question", _("有人提出异议")),
    "claim_rejected": Chip("stone", "info-circle", _("没有通过")),
    "claim_upheld": Chip("stone", "ban", _("异议成立")),
    "claim_withdrawn": Chip("stone", "arrow-back-up", _("已撤回")),
    "claim_expired": Chip("stone", "hourglass-high", _("过期没交")),
    # Not a state of a case, and still said by a chip
    "waiting": Chip("stone", "cloud-upload", _("待发送"), edge="chip-waiting"),
    "to_dispatch": Chip("slate", "inbox", _("待分拨")),
    "part_ready": Chip("teal", "circle-check", _("这一份办好了")),
    "awaiting_reporter": Chip("teal", "hand-finger", _("等上报人确认")),
    "awaiting_reply": Chip("amber", "message-question", _("等您回复")),
    "due_soon": Chip("amber", "hourglass-high", _("快到期")),
    "overdue": Chip("red", "alert-triangle-filled", _("已超时")),
    "good_deed": Chip("yellow", "heart-filled", _("好人好事")),
    "self_handled": Chip("stone", "note", _("自己发现")),
    "closed_unchecked": Chip("stone", "circle-check", _("已办结，未经核查")),
    "unchecked": Chip("stone", "eye-off", _("未经核查")),
}


def chip(state: str) -> Chip:
    """The chip of `state`; a state without one is a mistake of ours and fails loudly."""
    return CHIPS[str(state)]

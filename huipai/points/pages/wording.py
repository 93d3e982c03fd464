"""A claim told in plain words: to its claimant, and to those who judge it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from huipai.people.models import Person
from huipai.photos import grants
from huipai.photos.words import Variant
from huipai.points.models import Claim, ClaimStep, Contest, Correction, Evidence, Finding
from huipai.points.notices import why
from huipai.points.queries.claims.own import contest_of
from huipai.points.rules.claiming import TO_REVIEW
from huipai.points.rules.measuring import measures_of
from huipai.points.rules.sending import ways
from huipai.points.words import (
    CheckKind,
    CheckResult,
    ClaimAction,
    ClaimPart,
    ClaimState,
    ContestResult,
    Shown,
)
from huipai.rulebook.models import PointItem
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules import saying
from huipai.rulebook.words import WHOLE, Measure

# What a step is called for the claimant. The person acts first, the system last; nobody is named.
STEPS: dict[str, tuple[str | Promise, str]] = {
    ClaimAction.KEEP: (_("您先存着了，还没交"), "note"),
    ClaimAction.SUBMIT: (_("收到了，谢谢您"), "inbox"),
    ClaimAction.CHECK: (_("自动核对完，等人审"), "list-check"),
    ClaimAction.APPROVE: (_("一位审核员看过，同意"), "eye-check"),
    ClaimAction.REFUSE: (_("一位审核员看过，没有同意"), "eye"),
    ClaimAction.REFER: (_("一位审核员拿不准，请另一位再看"), "users"),
    ClaimAction.UNDO: (_("审核员改了主意，再看一遍"), "arrow-back-up"),
    ClaimAction.ASK_SECOND: (_("还要第二位看一眼"), "users"),
    ClaimAction.PUBLICISE: (_("开始公示，名字打星"), "speakerphone"),
    ClaimAction.REJECT: (_("这次没有通过"), "info-circle"),
    ClaimAction.POST: (_("公示完了，分记上了"), "circle-check-filled"),
    ClaimAction.LEAVE_UNPAID: (_("没有记分"), "info-circle"),
    ClaimAction.OBJECT: (_("有人提出异议，先停一停"), "message-question"),
    ClaimAction.UPHOLD: (_("异议成立，不记分"), "info-circle"),
    ClaimAction.DISMISS: (_("异议没有成立，接着公示"), "circle-check"),
    ClaimAction.DISMISS_POSTED: (_("异议没有成立，分不动"), "circle-check"),
    ClaimAction.RESTORE: (_("申诉成立，照旧记分"), "circle-check-filled"),
    ClaimAction.APPEAL: (_("您申诉了，换一位再看"), "refresh"),
    ClaimAction.CHECK_APPEAL: (_("申诉自动核对完，等人审"), "list-check"),
    ClaimAction.WITHDRAW: (_("您撤回了"), "arrow-back-up"),
    ClaimAction.EXPIRE: (_("一周没有交，过期了"), "hourglass-high"),
}
BY_STAFF: dict[str, str | Promise] = {
    ClaimAction.SUBMIT: _("工作人员替您登记了"),
    ClaimAction.APPEAL: _("您在窗口申诉了，换一位再看"),
    ClaimAction.WITHDRAW: _("登记的人撤回了"),
}
BY_HELPER: dict[str, str | Promise] = {
    ClaimAction.SUBMIT: _("家人替本人报的，收到了"),
    ClaimAction.APPEAL: _("家人替本人申诉了，换一位再看"),
    ClaimAction.WITHDRAW: _("家人替本人撤回了"),
}


def asked_of(item: PointItem) -> list[str]:
    """What the form of an item asks for: the ways in which it may be shown, and the amounts that it counts."""
    return [*ways(item.evidence), *measures_of(formulas.from_json(item.formula))]


def how_counted(item: PointItem) -> str:
    """How an item comes to count: by a person's `claim`, by the `system` itself, by the assessment of a `household`."""
    if not item.is_personal:
        return "household"
    return "claim" if ways(item.evidence) and not item.automatic else "system"


def timeline(claim: Claim) -> list[dict[str, object]]:
    """The steps of a claim, newest first, for the macro `timeline`."""
    steps = [_step(step) for step in claim.steps.order_by("position")]
    if steps and claim.state in WAITING:
        steps[-1]["kind"] = "now"
    return list(reversed(steps))


# Where a word of others is waited for.
SOON = TO_REVIEW | {ClaimState.SUBMITTED, ClaimState.REVIEWED}
WAITING = (
    ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.AUTO_CHECKED, ClaimState.SECOND_REVIEW, ClaimState.APPEALED,
    ClaimState.REVIEWED, ClaimState.PUBLICISED, ClaimState.OBJECTION,
)  # fmt: skip


def _step(step: ClaimStep) -> dict[str, object]:
    title, icon = STEPS[step.action]
    if step.part == ClaimPart.ENTERER:
        title = BY_STAFF.get(step.action, title)
    if step.part == ClaimPart.HELPER:
        title = BY_HELPER.get(step.action, title)
    reasoned = step.action in (ClaimAction.REJECT, ClaimAction.LEAVE_UNPAID)
    return {
        "title": title,
        "at": step.happened_at,
        "icon": icon,
        "kind": "done",
        "text": why(step.reason) if reasoned else "",
    }


def asked_back(correction: Correction | None) -> list[dict[str, object]]:
    """What became of the points of a claim after it was posted, newest first, for the macro `timeline`."""
    if correction is None:
        return []
    why, icon = str(correction.get_reason_display()), "arrow-back-up"
    gone: dict[str, object] = {
        "title": _now("记的分退回了"),
        "at": correction.decided_at,
        "icon": icon,
        "kind": "done",
        "text": why,
    }
    if correction.stands:
        return [gone]
    right = _now("申诉成立，分补回来了") if correction.restored_id else _now("申诉成立")
    back: dict[str, object] = {
        "title": right,
        "at": correction.heard_at,
        "icon": "circle-check-filled",
        "kind": "done",
        "text": "",
    }
    return [back, gone]


def what_next(claim: Claim, contest_until: datetime | None) -> str:
    """What comes now, and what is to be done, in a sentence."""
    until = claim.public_until
    match claim.state:
        case ClaimState.DRAFT:
            return _now("还没交，一周内都能接着填")
        case ClaimState.PUBLICISED if until is not None:
            return _now("没人提异议，公示完就记分")
        case ClaimState.POSTED:
            came_back = claim.contests.filter(restored__isnull=False).exists()
            return _now("申诉成立，分补回来了") if came_back else _now("在「我的积分」里能看到")
        case ClaimState.REJECTED:
            return str(why(claim.reason))
        case ClaimState.OBJECTION:
            return _now("由没有经手的人来定，一般一两天")
        case ClaimState.UPHELD:
            return _upheld(claim, contest_until)
        case ClaimState.WITHDRAWN | ClaimState.EXPIRED:
            return _now("没有记分，也不影响您")
    return _now("一般一两天有结果，结果告诉您")


def at_counter(claim: Claim, contest_until: datetime | None) -> str:
    """The same for staff at the counter, of somebody to whom nothing is sent: they come and ask."""
    match claim.state:
        case ClaimState.POSTED:
            return _now("分记上了")
        case ClaimState.UPHELD if contest_until is not None:
            return _now("没有记分，记过的已退回；本人觉得不对，7 天里可以申诉一次")
        case ClaimState.UPHELD if (one := contest_of(claim)) is not None and not one.result:
            return _now("申诉写下了，换一位没经手过的人来看；结果请本人来窗口问")
        case state if state in SOON:
            return _now("一般一两天有结果；结果请本人来窗口问")
    return what_next(claim, contest_until)


def _upheld(claim: Claim, contest_until: datetime | None) -> str:
    """What is to be said of an upheld objection: contest it, wait for who looks, or what came of that."""
    one = contest_of(claim)
    if one is None and contest_until is not None and claim.contests.exists():
        return _now("申诉成立以后又有一条异议成立，没有记分，记过的已退回；觉得不对，7 天里可以再申诉一次")
    if one is None and contest_until is None:
        return _now("没有记分，记过的已退回。申诉的 7 天过了；还有话说可以打给社区")
    if one is None:
        return _now("没有记分，记过的已退回；觉得不对，7 天里可以申诉一次")
    if not one.result:
        return _now("申诉收到了，换一位没经手过的人来看，结果会告诉您")
    if one.result == ContestResult.GRANTED:
        return _granted(one)
    return _now("申诉看过了，异议照旧成立。还有话说可以打给社区")


def _granted(one: Contest) -> str:
    """They were right, and it stands as upheld: nothing is paid any more."""
    return _now("申诉成立，分补回来了") if one.restored_id else _now("申诉成立；积分已经结束，不再记分")


# --- Evidence.
@dataclass(frozen=True)
class SeenEvidence:
    """One thing that shows the deed, as a page shows it."""

    kind: str
    src: str
    alt: str
    place: str = ""


def evidence(claim: Claim, viewer: Person, now: datetime) -> list[SeenEvidence]:
    """What shows the claim, for its claimant or a reviewer; in the copy without anything but pixels."""
    return [_seen(one, viewer, now) for one in claim.evidence.all()]


def _seen(one: Evidence, viewer: Person, now: datetime) -> SeenEvidence:
    word = str(Shown(one.kind).label)
    if one.photo is not None:
        src = grants.url(one.photo, Variant.PUBLIC, viewer=viewer, now=now)
        return SeenEvidence(one.kind, src, word if src else one.photo.missing_words)
    return SeenEvidence(one.kind, "", word, one.station.name if one.station else "")


# --- The automatic checks, explained.
@dataclass(frozen=True)
class Explained:
    """A finding as a reviewer reads it."""

    result: str
    title: str | Promise
    text: str
    photo: str = ""


_TITLES: dict[str, str | Promise] = {
    "evidence_there": _("凭据在"),
    "evidence_note_only": _("只有一句话，没有照片、截图，也没有扫码"),
    "evidence_says_little": _("没说清做了什么、谁看见了"),
    "evidence_roll": _("请对一对签到名册"),
    "evidence_roll_no_day": _("没写是哪一天的活动"),
    "evidence_unreadable": _("有一张照片打不开"),
    "evidence_not_ready": _("照片还没整理好"),
    "caps_room": _("没超上限"),
    "caps_none": _("这一条没有上限"),
    "caps_day": _("今天已到上限"),
    "caps_month": _("这个月已到上限"),
    "caps_household_day": _("他家今天已到上限"),
    "caps_household": _("他家这个月已到上限"),
    "cooldown_over": _("间隔够了"),
    "cooldown_too_soon": _("离上一次太近"),
    "cooldown_refused": _("同样的今天退回过"),
    "cooldown_repeat": _("像是重复报的"),
    "same_none": _("不是同一张旧图"),
    "same_own": _("他自己交过同一张"),
    "same_other": _("别人交过同一张"),
    "alike_own": _("和他自己交过的很像"),
    "alike_other": _("和别人交过的很像"),
    "alike_screen": _("和别人交过的很像"),
    "words_found": _("截图里找得到关键词"),
    "words_missing": _("截图里没找到这一条的词"),
    "words_no_text": _("截图里认不出字"),
    "words_not_read": _("截图没读出来"),
    "words_no_reader": _("没有装识字，请您自己看"),
    "dated_now": _("截图上的日期对得上"),
    "dated_old": _("截图上的日期对不上"),
    "time_near": _("时间对得上"),
    "time_old": _("照片拍得早"),
    "time_ahead": _("照片的时间在申报之后"),
    "time_sent_before": _("照片早就传上来了"),
    "place_inside": _("在本街道拍的"),
    "place_outside": _("在街道以外拍的"),
    "code_fresh": _("刚在驿站扫的码"),
    "code_late": _("码扫了有一会儿才交"),
    "code_shut": _("扫码时驿站不在开放时间"),
}


def explain(finding: Finding) -> Explained:
    """The sentence of a finding with its numbers."""
    return Explained(
        finding.result,
        _TITLES[finding.code],
        _detail(finding.code, finding.params),
        str(finding.params.get("photo", "")),
    )


def explained(claim: Claim) -> list[Explained]:
    """Every finding of the last look, doubts first, in the order in which a reviewer reads."""
    order = {CheckResult.FAIL: 0, CheckResult.DOUBT: 1, CheckResult.PASS: 2}
    kinds = list(CheckKind)
    last = max((one.round for one in claim.findings.all()), default=0)
    found = sorted(
        (one for one in claim.findings.all() if one.round == last),
        key=lambda one: (order[CheckResult(one.result)], kinds.index(CheckKind(one.kind))),
    )
    return [explain(one) for one in found]


def _detail(code: str, params: dict[str, object]) -> str:
    known: dict[str, str] = {
        "evidence_there": _now("照片 %(photos)s 张"),
        "evidence_note_only": _now("这一条也可以用照片、截图或扫码来说明，问一句或请他补一样"),
        "evidence_says_little": _now("请他写一句，或者问一问他说的人"),
        "evidence_roll": _now("名册在办活动的人手里，系统里没有；对得上再通过"),
        "evidence_roll_no_day": _now("问清楚是哪次活动、哪一天，再对签到名册；名册不在系统里"),
        "evidence_unreadable": _now("请他另选一张"),
        "evidence_not_ready": _now("过一会儿刷新再看"),
        "caps_room": _now("今天 %(today)s 分，本月 %(month)s 分，上限 %(cap)s"),
        "caps_none": _now("本月 %(month)s 分"),
        "caps_day": _now("今天已有 %(already)s 分，上限 %(cap)s，这次 %(points)s"),
        "caps_month": _now("本月已有 %(already)s 分，上限 %(cap)s，这次 %(points)s"),
        "caps_household_day": _now("今天全家 %(already)s 分，上限 %(cap)s，这次 %(points)s"),
        "caps_household": _now("本月全家 %(already)s 分，上限 %(cap)s，这次 %(points)s"),
        "cooldown_repeat": _now("同一条、同一段时间附近还有 %(count)s 条"),
        "cooldown_refused": _now("同一件事、同样的话或图，今天退回过 %(count)s 次"),
        "same_none": _now("和他以前交的 %(count)s 张都不一样") if params.get("count") else _now("他以前没有交过图"),
        "same_own": _now("一模一样的图以前交过"),
        "same_other": _now("一模一样的图别人传过"),
        "alike_own": _now("%(percent)s%% 像，看看是不是同一次"),
        "alike_other": _now("%(percent)s%% 像，看看是不是同一张：裁过、翻过、转过、加了边框或字的也算"),
        "alike_screen": _now("%(percent)s%% 像。同一篇文章常会这样，看看时间和群名"),
        "words_missing": _now("可能截错了，也可能只是认不全"),
        "words_no_text": _now("图太小或太花，看看能不能认"),
        "words_not_read": _now("图打不开或太慢"),
        "words_no_reader": _now("装了识字的扩展，这一项会自己看"),
        "dated_old": _now("差 %(days)s 天"),
        "time_near": _now("拍了 %(minutes)s 分钟后交的") if params.get("minutes") else _now("刚拍完就交了"),
        "time_old": _now("拍了 %(days)s 天才交"),
        "time_sent_before": _now("传上来一天多才用"),
        "code_late": _now("过了 %(minutes)s 分钟，也许当时没有网"),
        "code_shut": _now("也许临时开着，问一下值守"),
    }
    if code == "words_found":
        words = params.get("words")
        return (
            _now("、").join(_now("「%(words)s」") % {"words": word} for word in words)
            if isinstance(words, list)
            else ""
        )
    if code in ("cooldown_over", "cooldown_too_soon"):
        return _now("两次之间隔 %(span)s") % {"span": saying.span(int(str(params["minutes"])))}
    return known.get(code, "") % params


def caps_of(item: PointItem) -> str:
    """What is counted at most, in words; of an item that counts an amount, first how it counts."""
    terms = item.terms()
    if terms.formula is None:
        return saying.limits(terms)
    return _now("%(points)s；%(limits)s") % {"points": saying.points(terms), "limits": saying.limits(terms)}


def amounts_asked(measures: Iterable[str]) -> list[tuple[str, str, str]]:
    """Of each amount its name, its label, and an example of what to write."""
    wanted = [Measure(measure) for measure in measures]
    return [(one.value, str(one.label), _now("比如 3") if one in WHOLE else _now("比如 1.5")) for one in wanted]

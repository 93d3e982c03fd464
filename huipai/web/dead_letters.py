"""Jobs of a street that were tried as often as they may be, and failed: seen, and sent on their way again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from huipai.grid import queries as grid
from huipai.journal import commands as journal
from huipai.journal.words import Fact
from huipai.kit.verdict import YES, NotVisible, Verdict, no
from huipai.notices import commands as notices
from huipai.notices import queries as notices_read
from huipai.notices import rules as notice_rules
from huipai.notices.words import Wording, Writer
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import street_in_force

FAILED = "failed"
TOLD = "jobs.failed"
# What a job does, in words; one without a line here is shown by its name.
DOES: dict[str, str | Promise] = {
    "cases.tell": _("把案件的进展告诉人"),
    "cases.tell_of_deed": _("把好人好事的进展告诉人"),
    "cases.tell_followers": _("把进展告诉关注的人"),
    "cases.pass_on": _("把没办完的事转给别人"),
    "cases.pass_on_from_deputies": _("把代班的人手里的事转回去"),
    "cases.redraw": _("核查超时，另抽一人"),
    "cases.learn": _("学习类别建议"),
    "cases.draw_again": _("给案件抽核查人"),
    "cases.close_unanswered": _("没有答复的案件结案"),
    "cases.lapse": _("核实、延期、挂账到时间，接着办"),
    "cases.lapse_question": _("没有人回答的问题收起来"),
    "cases.alarm": _("提醒没人看的工单"),
    "cases.tell_of_comment": _("告诉写评论的人结果"),
    "cases.lapse_finding": _("申诉没人看，认定作废"),
    "cases.recall_from_unit": _("收回停用单位的工单"),
    "cases.lapse_joint": _("联合处置到时间没人来，接着办"),
    "cases.tell_of_joint": _("把联合处置的进展告诉人"),
    "cases.make_export": _("做导出的表格"),
    "cases.let_go_of": _("保存期满，删掉内容和照片"),
    "cases.date_again": _("按新日历重算时限"),
    "photos.process": _("做照片的公开副本"),
    "photos.sweep": _("清理照片"),
    "notices.gather": _("把一天的消息合成一条"),
    "notices.deliver": _("发消息提醒"),
    "households.tell": _("把联户的进展告诉人"),
    "households.post": _("公示期满的联户激励记分"),
    "households.tidy_home": _("一户搬空以后，把它的联户和约定收起来"),
    "households.let_go": _("联户人不再负责以后，结束结对、把要帮的事放回去"),
    "households.let_go_of_all": _("每晚看一遍有没有落在离开的人手里的联户和要帮的事"),
    "households.forget": _("撤回同意或注销后清掉联户里的话"),
    "cases.forget": _("注销后清掉报事里的话和照片"),
    "points.forget": _("注销后清掉申报里的话和照片"),
    "rulebook.forget": _("注销后清掉对条目的意见"),
    "shop.forget": _("注销后停用兑换卡"),
    "points.dry_run": _("试算一版计分条目"),
    "points.expire": _("到期积分记账"),
    "points.lapse_holds": _("过时没领的积分退回"),
    "points.warn": _("提醒积分快过期"),
    "points.announce_closing": _("告诉大家积分要结束了"),
    "shop.tell": _("告诉人卡的事和换走的东西"),
    "shop.end_with_station": _("驿站关了，把等人来领的退回去"),
    "shop.lapse": _("过时没领的东西放回架上"),
    "points.check_claim": _("自动看一遍申报"),
    "points.read_claim": _("认申报截图上的字"),
    "points.tell_of_claim": _("把申报的进展告诉人"),
    "points.tell_of_correction": _("把收回积分的事告诉人"),
    "points.tell_of_left": _("把没有审核员能定的告诉街道负责人"),
    "points.tell_of_family": _("把搬走的一家的积分怎么了结告诉他们"),
    "points.claim_takes_effect": _("审核决定过了反悔时间，生效"),
    "points.post_claim": _("公示期满的申报记分"),
    "points.check_appeal": _("核对申诉里补交的凭据"),
    "points.let_go_of_claim": _("清理申报的截图和草稿"),
    "rulebook.keep_time": _("到点的条目版本生效、公示、退役"),
    "rulebook.tell": _("把条目的进展告诉人"),
    "senders.deliver": _("发短信和邮件"),
    "journal.seal": _("封存流水"),
    "journal.sweep": _("补封流水"),
    "grid.take_effect": _("到点的指派和请假生效"),
    "grid.tell": _("告诉同事登录被改过"),
    "grid.leave_home": _("注销以后不再登记住在哪一户"),
    "grid.forget_uploads": _("清理导入的文件"),
    "people.apply_phone_changes": _("到期的换号生效"),
    "web.tell_of_dead_jobs": _("告诉系统管理员有任务没跑成"),
}


@dataclass(frozen=True)
class DeadLetter:
    """A failed job as the page shows it: ids and codes only."""

    id: int
    does: str | Promise
    task: str
    attempts: int
    failed_at: datetime | None
    about: str


def may_look_after_jobs(person: Person, at: datetime) -> Verdict:
    if grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    return no("not_system_admin", _("后台任务由系统管理员来看"))


def _failed() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(status=FAILED, args__street=str(street_in_force()))


def count() -> int:
    return _failed().count()


def count_of_no_street() -> int:
    """Failed jobs that belong to the whole installation; the operator reads of them in the worker's log."""
    return ProcrastinateJob.objects.filter(status=FAILED).exclude(args__has_key="street").count()


def latest(limit: int) -> list[DeadLetter]:
    """The latest failed jobs of the street in force."""
    failed_at = Max("procrastinateevent__at", filter=Q(procrastinateevent__type=FAILED))
    # Its own number of attempts also counts each time that it was put back by hand.
    begun = Count("procrastinateevent", filter=Q(procrastinateevent__type="started"))
    jobs = _failed().annotate(failed_at=failed_at, begun=begun).order_by("-id")[:limit]
    return [
        DeadLetter(job.id, DOES.get(job.task_name, ""), job.task_name, job.begun, job.failed_at, _about(job.args))
        for job in jobs
    ]


def _about(args: dict[str, object]) -> str:
    named = (f"{name} {value}" for name, value in sorted(args.items()) if name != "street")
    return ", ".join(islice(named, 3))


@transaction.atomic
def retry(*, job_id: int, actor: Person, now: datetime) -> None:
    """Put a failed job of this street back into its queue; each is safe to run twice. Journalled."""
    may_look_after_jobs(actor, now).require()
    if not _failed().select_for_update(no_key=True).filter(pk=job_id).exists():
        raise NotVisible(_("这件任务已经不在这里了，可能有人重跑过"))
    app.job_manager.retry_job_by_id(job_id=job_id, retry_at=now)
    journal.record(what=Fact.JOB_RETRIED, subject=f"job:{job_id}", actor_id=actor.id, now=now)


@transaction.atomic
def tell(*, now: datetime) -> None:
    """Tell each system administrator of the street in force, at most once a day, how many jobs lie here dead, if any of
    them has failed since they were last told. It stays in the inbox."""
    here = Q(job__args__street=str(street_in_force())) | ~Q(job__args__has_key="street")
    dead = ProcrastinateEvent.objects.filter(here, type=FAILED, job__status=FAILED)
    latest = dead.aggregate(latest=Max("id"))["latest"]
    if latest is None:
        return
    number, day = count() + count_of_no_street(), notice_rules.local(now).date()
    for admin in grid.acting_as(Role.SYSTEM_ADMIN, now):
        known = notices_read.last_told(admin, TOLD)
        if known is None or int(known.params["latest"]) < latest:
            notices.tell_inside(
                person_id=admin.pk, kind=TOLD, subject=f"day:{day}", cause=f"jobs:{day}", now=now,
                params={"count": number, "latest": latest},
            )  # fmt: skip


def _wording(subject: str, params: Mapping[str, object]) -> Wording:
    number = int(str(params["count"]))
    said = ngettext("有 %(num)s 件后台任务没跑成", "有 %(num)s 件后台任务没跑成", number) % {"num": number}
    return Wording(said, _("看看是哪些，能重跑的放回去重跑"), reverse_lazy("web:jobs"))


WORDINGS: dict[str, Writer] = {TOLD: _wording}

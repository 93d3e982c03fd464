"""What was shown, taken along and said beside the steps in the last days, and the answers that the desk keeps ready."""

from __future__ import annotations

from datetime import datetime, timedelta

from huipai.audit import commands as audit
from huipai.audit.queries import Wanted
from huipai.cases import policies
from huipai.cases.commands import exporting, noting, phrasing, printing, sealed
from huipai.cases.models import Case, CasePhoto
from huipai.cases.queries.hub import EVERYTHING, Filter
from huipai.cli.seed.plant.folk import Crowd
from huipai.people.models import Person
from huipai.people.words import Role

PHRASES = (
    ("tell", "约好了时间", "已经和办的人约好时间，这两天上门，请留个人在家。"),
    ("tell", "还要等两天", "材料在路上，到了就装，装好拍给您看。"),
    ("done", "清干净了", "清干净了，也和附近的商户说好了，再看见请再拍一张。"),
    ("decline", "归市政管", "这一段归市政管，我们替您转过去了，也可以打 12345 问进度。"),
    ("not_filed", "去看时已经没有了", "我们今天去看过，现场已经恢复，再出现请再拍一张。"),
)


def plant_disclosures(crowd: Crowd, *, until: datetime) -> None:
    """A few of each kind, through the commands; in a street without a hub there are none."""
    dispatchers, leaders = crowd.holding(Role.DISPATCHER), crowd.holding(Role.LEADER)
    if not dispatchers:
        return
    hub = dispatchers[0]
    for use, title, text in PHRASES:
        phrasing.keep(actor=hub, use=use, case_type="", title=title, text=text, now=until - timedelta(days=20))
    cases = [case for case in _sent_to_units() if policies.may_unmask(hub, case, until)]
    if not cases:
        return
    _beside_the_steps(hub, cases[0], until)
    sealed.unmask(
        case_id=cases[0].id, actor=hub, reason="contact", words="夜里要有人开门，问了没有回",
        now=_after_its_steps(cases[0], 0.6, until),
    )  # fmt: skip
    printing.print_case(
        case_id=cases[-1].id, actor=hub, reason="upward", words="联席会上用",
        now=_after_its_steps(cases[-1], 0.7, until),
    )  # fmt: skip
    exporting.ask_queue(
        actor=hub, asked=Filter(EVERYTHING), reason="upward", words="周例会看在办的", now=until - timedelta(hours=2)
    )
    for leader in leaders[:1]:
        _open_an_original(leader, cases, until)
    for auditor in crowd.holding(Role.AUDITOR)[:1]:
        audit.look(actor=auditor, now=until - timedelta(hours=1))
        audit.export(
            actor=auditor, wanted=Wanted(), reason="audit", words="季度检查", now=until - timedelta(minutes=50)
        )


def _sent_to_units() -> list[Case]:
    """The six that have been on their way the longest."""
    sent = Case.objects.filter(number__isnull=False, ended_at=None).select_related("node", "case_type")
    return list(sent.order_by("reported_at", "number")[:6])


def _after_its_steps(case: Case, share: float, until: datetime) -> datetime:
    """An instant between the latest step of a case and now."""
    since = case.transitions.latest("position").happened_at
    return since + share * (until - since)


def _beside_the_steps(hub: Person, case: Case, until: datetime) -> None:
    noting.note_inside(
        case_id=case.id, actor=hub, text="上周同一个地方也有一件，办完要一起看", now=_after_its_steps(case, 0.4, until)
    )
    noting.tell_reporters(
        case_id=case.id, actor=hub, text="单位明天上午到现场，看完给您一个准日子。",
        now=_after_its_steps(case, 0.5, until),
    )  # fmt: skip


def _open_an_original(leader: Person, cases: list[Case], until: datetime) -> None:
    for case in cases:
        photo = CasePhoto.objects.filter(case=case).values_list("photo", flat=True).first()
        if photo is not None and policies.may_unmask(leader, case, until):
            sealed.open_original(
                case_id=case.id, photo_id=photo, actor=leader, reason="dispute", words="单位说不是这里，看清门牌",
                now=_after_its_steps(case, 0.8, until),
            )  # fmt: skip
            return

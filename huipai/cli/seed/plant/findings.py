"""Three reports found false by a person: one may still be appealed, one waits for another, one was struck out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from huipai.cases.commands import finding_false
from huipai.cases.finding_words import DAYS_TO_FIND, FindingGround
from huipai.cases.models import Case, Finding
from huipai.cases.policies import findings as may
from huipai.cases.words import State
from huipai.cli.seed.plant.folk import Crowd
from huipai.people.models import Person
from huipai.people.words import Role

SEEN = (
    (FindingGround.OTHER_PICTURE, "照片里的店招去年就换了，现场是新店招，门口很干净"),
    (FindingGround.STAGED, "去看时桶还在院子里，保洁员说是有人搬出来拍完又搬回去的"),
    (FindingGround.MADE_UP, "前后两次去看，这里没有这样的东西，旁边三户也都说没有"),
)
APPEAL = "我是早上七点拍的，后来有人收走了，楼下早餐店的人也看见了"
LIFTED = "问了早餐店，早上确实有，七点半收走的，报得没有错"


def plant_findings(crowd: Crowd, *, until: datetime) -> None:
    """On the latest cases that were declined, by who looks after the place and has no hand in it."""
    desks = [*crowd.holding(Role.COORDINATOR), *crowd.holding(Role.DISPATCHER)]
    for number, (case, judges) in enumerate(_judged(desks, until)):
        if number == len(SEEN):
            return
        ground, text = SEEN[number]
        finding = finding_false.find(
            case_id=case.id, report_id=None, actor=judges[0], ground=ground, text=text, now=until - timedelta(days=3)
        )
        if number:
            _appeal(finding, judges[1], until, is_heard=number == 2)


def _appeal(finding: Finding, hears: Person, until: datetime, *, is_heard: bool) -> None:
    finding_false.appeal(finding_id=finding.id, actor=finding.reporter, text=APPEAL, now=until - timedelta(days=2))
    if is_heard:
        finding_false.lift(finding_id=finding.id, actor=hears, text=LIFTED, now=until - timedelta(days=1))


def _judged(desks: list[Person], until: datetime) -> Iterator[tuple[Case, list[Person]]]:
    """Declined cases that can still be found false and that one person reported, each with two who may judge it."""
    since = until - timedelta(days=DAYS_TO_FIND - 4)
    declined = Case.objects.filter(state=State.DECLINED, ended_at__gte=since, ended_at__lt=until - timedelta(days=4))
    for case in declined.select_related("node", "reporter").order_by("-ended_at", "id"):
        judges = [one for one in desks if may.may_judge(one, case, case.reporter, until)]
        if len(judges) > 1 and case.reports.count() == 1:
            yield case, judges

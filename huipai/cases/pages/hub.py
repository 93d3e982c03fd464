"""What is done at the desk: one address for each deed, one command behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from huipai.cases import queries, telling
from huipai.cases.commands import (
    asking,
    checking,
    deciding,
    desks,
    dispatching,
    filing,
    pressing,
    reading,
    removing,
    retyping,
    splitting,
    triage,
)
from huipai.cases.commands.phrasing import PhraseGone
from huipai.cases.models import Case, UnitRequest, WorkOrder
from huipai.cases.pages import desk
from huipai.cases.pages.units_asking import end_of_day
from huipai.cases.phrase_words import PhraseUse
from huipai.cases.policies import entering
from huipai.cases.queries import phrases
from huipai.cases.rules.machine import NotNow
from huipai.grid.models import Unit
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.shown import shown_at
from huipai.kit.verdict import Moved, NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Asked:
    """One press at the desk: who, about which case, with what typed."""

    case: Case
    person: Person
    typed: Mapping[str, str]
    helpers: tuple[UUID, ...]
    now: datetime

    def text(self, name: str = "text") -> str:
        return self.typed.get(name, "")

    def as_read(self, act: Callable[[], object]) -> object:
        """Do it unless the reporters have said something that the page of this press does not show."""
        return reading.as_read(case_id=self.case.id, looked_at=shown_at(self.text("looked_at")), act=act)

    def said(self, use: PhraseUse) -> str:
        """What was typed, with the ready answer that was chosen behind it; refused where that is gone."""
        chosen = self.text("phrase")
        if chosen and not phrases.is_ready(chosen, self.case, use):
            raise PhraseGone(field="phrase")
        return phrases.added(self.text(), self.text("phrase"), self.case, use)

    def id(self, name: str) -> UUID:
        """An id that was chosen; one that nothing has where none was."""
        try:
            return UUID(self.typed.get(name, ""))
        except ValueError:
            return UUID(int=0)

    def order(self) -> UUID:
        """An order of this very case."""
        found = WorkOrder.objects.filter(case=self.case, pk=self.id("order")).values_list("id", flat=True).first()
        if found is None:
            raise NotVisible
        return found

    def request(self) -> UUID:
        """The request that was read: not another one that lies there since."""
        found = UnitRequest.objects.filter(case=self.case, pk=self.id("request")).values_list("id", flat=True).first()
        if found is None:
            raise NotNow
        return found

    def question(self) -> UUID:
        """The question that was read."""
        found = self.case.questions.filter(pk=self.id("question")).values_list("id", flat=True).first()
        if found is None:
            raise NotVisible
        return found

    def part(self) -> UUID:
        """The id that the form made for what is split off."""
        try:
            return UUID(self.typed.get("part", ""))
        except ValueError:
            raise Moved from None

    def unit(self) -> UUID:
        return self.id("other" if self.typed.get("other") else "unit")

    def worker(self) -> Person:
        found = Person.objects.filter(pk=self.id("worker")).first()
        if found is None:
            raise filing.NobodyToLook(field="worker")
        return found

    def another(self) -> UUID:
        """Another case by its code or number, if this person may see it."""
        words = self.text("other_case").strip().upper()
        seen = queries.visible_to(self.person, self.now)
        by_number = Q(number=int(words)) if _is_number(words) else Q(pk__in=[])
        found = seen.filter(Q(code=words) | by_number).first()
        if found is None:
            raise splitting.NotTied(field="other")
        return found.id


def _is_number(words: str) -> bool:
    return words.isdecimal() and len(words) < 9


@dataclass(frozen=True)
class Deed:
    """One thing that can be done at the desk, and what is said afterwards."""

    act: Callable[[Asked], object]
    done: str | Promise
    # Whether the next case of the queue is wanted afterwards.
    goes_on: bool = False


DEEDS: dict[str, Deed] = {
    "dispatch": Deed(
        lambda a: dispatching.dispatch(
            case_id=a.case.id, unit_id=a.unit(), helper_ids=a.helpers, actor=a.person, brief=a.text("brief"), now=a.now
        ),
        _("派出去了，时间从现在开始算"),
        goes_on=True,
    ),
    "ruling": Deed(
        lambda a: dispatching.rule(
            case_id=a.case.id, unit_id=a.unit(), actor=a.person, text=a.text("ruling"), now=a.now
        ),
        _("裁定了，对方不能再退"),
        goes_on=True,
    ),
    "filing": Deed(lambda a: filing.file(case_id=a.case.id, actor=a.person, now=a.now), _("立案了")),
    "non-filing": Deed(
        lambda a: a.as_read(
            lambda: filing.not_file(
                case_id=a.case.id, actor=a.person, reason=a.text("reason"), text=a.said(PhraseUse.NOT_FILED), now=a.now
            )
        ),
        _("告诉上报人了，他可以申请复核"),
        goes_on=True,
    ),
    "voiding": Deed(
        lambda a: a.as_read(
            lambda: filing.void(
                case_id=a.case.id, actor=a.person, reason=a.text("reason"), text=a.text(), now=a.now
            )
        ),
        _("作废了，上报人看得到原因"),
        goes_on=True,
    ),
    "removal": Deed(
        lambda a: removing.remove(case_id=a.case.id, actor=a.person, now=a.now), _("清除了，编号和经过还在")
    ),
    "verification": Deed(
        lambda a: filing.verify(case_id=a.case.id, worker=a.worker(), actor=a.person, text=a.text(), now=a.now),
        _("请他去看了，8 个工作时没回音就回到这里"),
    ),
    "hand-up": Deed(
        lambda a: filing.hand_up(case_id=a.case.id, actor=a.person, text=a.text(), now=a.now), _("转给联动中心了")
    ),
    "draw": Deed(
        lambda a: checking.draw_now(case_id=a.case.id, actor=a.person, now=a.now), _("抽到人了，已经告诉他去看")
    ),
    "urge": Deed(
        lambda a: pressing.urge(case_id=a.case.id, actor=a.person, text=a.text(), now=a.now), _("催过了")
    ),
    "supervision": Deed(
        lambda a: pressing.supervise(case_id=a.case.id, actor=a.person, text=a.text(), now=a.now), _("盯上了，办完才放")
    ),
    "question": Deed(
        lambda a: asking.ask(case_id=a.case.id, actor=a.person, text=a.text(), now=a.now), _("问过去了，回答了会告诉您")
    ),
    "question-removal": Deed(
        lambda a: asking.take_back(question_id=a.question(), actor=a.person, now=a.now),
        _("收回了，上报人看得到不用回答"),
    ),
    "recall": Deed(
        lambda a: dispatching.recall(order_id=a.order(), actor=a.person, text=a.text(), now=a.now),
        _("收回来了，可以重新派"),
    ),
    "help": Deed(
        lambda a: dispatching.add_helper(
            case_id=a.case.id, unit_id=a.unit(), actor=a.person, brief=a.text("brief"), now=a.now
        ),
        _("请它来协办了"),
    ),
    "grant": Deed(
        lambda a: deciding.grant(request_id=a.request(), actor=a.person, text=a.text(), now=a.now),
        _("同意了，上报人看得到新的日子"),
    ),
    "refusal": Deed(
        lambda a: deciding.refuse(request_id=a.request(), actor=a.person, text=a.text(), now=a.now),
        _("没有同意，照原来的时限办"),
    ),
    "suspension": Deed(
        lambda a: deciding.suspend(
            order_id=a.order(), actor=a.person, ground=a.text("reason"), text=a.text(),
            rests_until=end_of_day(a.text("until")), now=a.now,
        ),
        _("挂账了，到日子自己接着办"),
    ),
    "resumption": Deed(
        lambda a: deciding.take_up(case_id=a.case.id, actor=a.person, now=a.now), _("接着办了")
    ),
    "split": Deed(
        lambda a: splitting.split(
            part_id=a.part(), case_id=a.case.id, case_type=a.text("case_type"), actor=a.person, text=a.text(), now=a.now
        ),
        _("分出一件，在待分拨里"),
    ),
    "part-return": Deed(
        lambda a: splitting.send_back(part_id=a.case.id, actor=a.person, text=a.text(), now=a.now),
        _("退回去了，由原来的单位接着办"),
    ),
    "retyping": Deed(
        lambda a: retyping.retype(
            case_id=a.case.id, case_type=a.text("case_type"), actor=a.person, text=a.text(), now=a.now
        ),
        _("换好了，建议类别时会跟着学"),
    ),
    "merge": Deed(
        lambda a: triage.merge(case_id=a.case.id, into_id=a.another(), actor=a.person, now=a.now),
        _("并过去了，后报的人会知道"),
        goes_on=True,
    ),
    "tie": Deed(
        lambda a: splitting.tie(
            case_id=a.case.id, other_id=a.another(), tie=a.text("tie"), actor=a.person, now=a.now
        ),
        _("连上了"),
    ),
    "untie": Deed(
        lambda a: splitting.untie(case_id=a.case.id, other_id=a.another(), actor=a.person, now=a.now),
        _("断开了"),
    ),
}  # fmt: skip


@require_POST
@signed_in
def act(request: SignedInRequest, code: str, deed: str) -> HttpResponse:
    """Do one thing; what is refused comes back with everything that was typed."""
    now = clock.now()
    entering.may_enter_desk(request.person, now).require()
    if deed not in DEEDS:
        raise NotVisible
    asked = desk.asked_by(request.POST)
    case = queries.by_code(request.person, code, now)
    press = Asked(case, request.person, request.POST, _ids(request, "helper"), now)
    try:
        DEEDS[deed].act(press)
    except NotVisible:
        raise
    except Refused as refusal:
        return desk.show(request, asked, code, refused=refusal, deed=deed)
    messages.success(request, str(DEEDS[deed].done))
    return redirect(desk.address(asked, case="" if DEEDS[deed].goes_on else code))


@require_POST
@signed_in
def bulk(request: SignedInRequest) -> HttpResponse:
    """Send everything that was ticked to one unit, and say of each what came of it."""
    now = clock.now()
    entering.may_enter_desk(request.person, now).require()
    codes = list(dict.fromkeys(request.POST.getlist("tick")))[:MOST_AT_ONCE]
    seen = queries.visible_to(request.person, now).select_related("case_type", "node")
    ticked = {case.code: case for case in seen.filter(code__in=codes)}
    cases = {ticked[code].pk: ticked[code] for code in codes if code in ticked}
    asked, unit_id = desk.asked_by(request.POST), next(iter(_ids(request, "unit")), UUID(int=0))
    try:
        found = dispatching.dispatch_each(
            case_ids=list(cases), unit_id=unit_id, actor=request.person, brief=request.POST.get("brief", ""), now=now
        )
    except Refused as refusal:
        return desk.show(request, asked, "", refused=refusal, deed="bulk")
    places = telling.places(list(cases.values()))
    results = [
        {
            "case": cases[sent.case_id],
            "place": places[sent.case_id],
            "sent": sent,
            "href": desk.address(asked, case=cases[sent.case_id].code),
        }
        for sent in found
    ]
    context = {
        "results": results, "back": desk.address(asked), "now": now,
        "done": sum(1 for sent in found if sent.order and not sent.is_again),
        "again": sum(1 for sent in found if sent.is_again),
        "unit_name": Unit.objects.filter(pk=unit_id).values_list("name", flat=True).first() or "",
    }  # fmt: skip
    return render(request, "cases/desk_bulk.jinja", context)


@require_POST
@signed_in
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep the filter in use under a name."""
    asked = desk.asked_by(request.POST)
    try:
        desks.save_view(
            person=request.person, name=request.POST.get("name", ""), asked=asked.as_address(), now=clock.now()
        )
    except Refused as refusal:
        return desk.show(request, asked, "", refused=refusal, deed="view")
    messages.success(request, _now("存好了，在上面一排"))
    return redirect(desk.address(asked))


@require_POST
@signed_in
def rename_view(request: SignedInRequest, view_id: UUID) -> HttpResponse:
    asked = desk.asked_by(request.POST)
    try:
        desks.rename_view(person=request.person, view_id=view_id, name=request.POST.get("name", ""))
    except NotVisible:
        raise
    except Refused as refusal:
        return desk.show(request, asked, "", refused=refusal, deed=f"view-{view_id}")
    messages.success(request, _now("改好了"))
    return redirect(desk.address(asked))


@require_POST
@signed_in
def drop_view(request: SignedInRequest, view_id: UUID) -> HttpResponse:
    desks.drop_view(person=request.person, view_id=view_id)
    return redirect(desk.address(desk.asked_by(request.POST)))


def _ids(request: SignedInRequest, name: str) -> tuple[UUID, ...]:
    found = []
    for text in request.POST.getlist(name):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(found)

"""What the home page of a street shows to whoever looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huipai.cases import policies, queries, showing, telling
from huipai.cases.policies import entering
from huipai.cases.queries import checking, deeds, merged, orders, releasing, shown, today
from huipai.grid import queries as grid
from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import last_resort
from huipai.points import queries as claims
from huipai.web.navigation import address_of
from huipai.web.ports import PORTS

ROWS = 3


@dataclass(frozen=True)
class Duty:
    """Something that waits for this person."""

    title: str
    text: str
    href: str
    icon: str


def of(request: HttpRequest) -> dict[str, object]:
    """Everything on the home page: the doors for everybody, their own things for whoever is signed in."""
    home = reverse("web:home")
    now, person = clock.now(), getattr(request, "person", None)
    reports = list(queries.reported_by(person)[: ROWS + 1]) if person else []
    came_late = merged.late_into([report.case for report in reports])
    return {
        "report_url": address_of("cases:report") or home,
        "mine_url": address_of("cases:mine") or home,
        "nearby_url": address_of("cases:nearby") or home,
        "sign_in_url": address_of("people:sign_in"),
        "proxy_url": address_of("people:proxy") or reverse("web:complaint"),
        "ports": [{"key": key, "href": reverse("points:port", args=[key])} for key in PORTS],
        "first": _first(getattr(request, "unsettled", None)),
        "duties": _duties(person, now) if person else [],
        "mine": [telling.own_row(report, person, now, came_late) for report in reports[:ROWS]] if person else [],
        "mine_count": queries.reported_by(person).count() if len(reports) > ROWS and person else len(reports),
        "nearby": showing.cards(shown.Feed(shown.Wanted())[:ROWS]),
    }


def _first(unsettled: str | None) -> Duty | None:
    """What has to be settled before this page shows anybody's own things."""
    if unsettled is None:
        return None
    return Duty(_("登录还差一步"), _("办完这一步，再看您的事"), reverse(unsettled), "lock")


def _duties(person: Person, now: datetime) -> list[Duty]:
    duties = []
    if policies.is_worker(person, now):
        count = today.today_of(person, now).count()
        title = ngettext("今天有 %(num)s 件要去看", "今天有 %(num)s 件要去看", count) % {"num": count}
        duties.append(Duty(title, _("超时的排在最前"), reverse("cases:today"), "list-check"))
    if entering.may_enter_orders(person, now):
        count = orders.count_to_do(person, now)
        title = ngettext("单位有 %(num)s 件工单要办", "单位有 %(num)s 件工单要办", count) % {"num": count}
        duties.append(Duty(title, _("先签收，快到期的排在最前"), reverse("cases:orders"), "send"))
    if grid.has_role(person, Role.REVIEWER, now):
        count = claims.counts(person, now).all
        title = ngettext("%(num)s 条申报等您审", "%(num)s 条申报等您审", count) % {"num": count}
        duties.append(Duty(title, _("机器先看过，由您来定"), reverse("points:review"), "clipboard-check"))
    for line in last_resort.lines_for(person, now):
        duties.append(Duty(line.title, _("审核员都定不了的"), str(line.href), "clipboard-check"))
    if person.is_staff:
        duties += _looking_duties(person, now)
    questions = queries.questions_to(person).count()
    if questions:
        title = ngettext("%(num)s 件等您看看结果", "%(num)s 件等您看看结果", questions) % {"num": questions}
        duties.append(Duty(title, _("您看，解决了吗？"), reverse("cases:mine"), "hand-finger"))
    checks = checking.count_checks_of(person)
    if checks:
        title = ngettext("抽到您去核查 %(num)s 件", "抽到您去核查 %(num)s 件", checks) % {"num": checks}
        duties.append(Duty(title, _("和您没有牵连的事，去看一眼"), reverse("cases:checks"), "dice-3"))
    return duties


def _looking_duties(person: Person, now: datetime) -> list[Duty]:
    """Photos that wait to be looked at, and good deeds that wait to be verified."""
    found = []
    photos = releasing.waiting_for(person, now).count() if releasing.may_look(person, now) else 0
    if photos:
        title = ngettext("%(num)s 张照片等人看", "%(num)s 张照片等人看", photos) % {"num": photos}
        found.append(Duty(title, _("看过能公开的，邻居才看得到"), reverse("cases:releasing"), "photo"))
    told = deeds.waiting_for(person, now).count() if deeds.is_coordinator(person, now) else 0
    if told:
        title = ngettext("%(num)s 件好人好事等您核实", "%(num)s 件好人好事等您核实", told) % {"num": told}
        found.append(Duty(title, _("先找当事人问一句"), reverse("cases:deeds_desk"), "heart-handshake"))
    return found

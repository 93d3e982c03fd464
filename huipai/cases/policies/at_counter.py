"""Who may do, at the counter or on the telephone, what a reporter without an account says: nobody with a hand in it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.models import Case, FindingStep, GoodDeed, Report, Slip, Transition
from huipai.cases.policies import entering
from huipai.cases.queries import involved, retention
from huipai.cases.words import Action, Actor
from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.policies import may_serve_at_counter
from huipai.people.words import Role

# What somebody is told who asks to be forgotten while something of theirs is held.
HELD_BACK = _("这件事依法先不删，名字也先留着；依法保留结束以后再来说")

LET_ANOTHER_ERASE = no("let_another_erase", _("他报的事您经手、核查、认定或者拒绝过，请没经手的同事来办"))

_REFUSALS = (Action.DECLINE, Action.NOT_FILE, Action.VOID)


def may_enter(hand: Person, at: datetime) -> Verdict:
    """May this person look a slip up to write down what its holder says? Who takes down whoever has no account."""
    return entering.may_name_callers(hand, at)


def has_own_pages(reporter: Person, at: datetime) -> bool:
    """Whether the reporter says it themselves: they have an account, and its number is still theirs."""
    return reporter.account is not None and people.is_theirs_today(reporter.account, at)


def may_speak(hand: Person, case: Case, reporter: Person, at: datetime) -> Verdict:
    """May this person do in the reporter's name what the reporter says of this case?"""
    for verdict in (may_enter(hand, at), may_serve_at_counter(hand, reporter, at), _is_known(reporter)):
        if not verdict:
            return verdict
    if has_own_pages(reporter, at):
        return no("reporter_has_pages", _("这位有自己的账号，登录以后在“我的”里自己说；登不进去，先在窗口把账号办好"))
    if policies.has_reported(hand, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if _has_a_hand_in_it(hand, case, at):
        return no("let_another_speak", _("这件事您经手、核查、认定或者拒绝过，请没经手的同事来记他说的话"))
    return YES


def may_forget(hand: Person, case: Case, reporter: Person, at: datetime) -> Verdict:
    """May this person take the reporter's name away, because they ask for it?"""
    verdict = may_speak(hand, case, reporter, at)
    if verdict and people.has_own_page(reporter):
        return no("leaves_alone", _("这位有自己的账号，由本人登录以后注销"))
    return verdict


def may_write_down_leaving(hand: Person, person: Person, at: datetime) -> Verdict:
    """May this person write down, of somebody without a slip at hand, that they ask to be forgotten? Not while anything
    of theirs is held, and not who has a hand in a report that is kept, nor who decided on a good deed of theirs."""
    if retention.holds_something_of(person, at):
        return no("name_held_back", HELD_BACK)
    kept = Report.objects.filter(reporter=person, case__let_go=None).select_related("case__node")
    for case in {report.case_id: report.case for report in kept}.values():
        if policies.has_reported(hand, case):
            return no("own_report", _("自己报的事要由别人来办"))
        if _has_a_hand_in_it(hand, case, at):
            return LET_ANOTHER_ERASE
    told = GoodDeed.objects.filter(Q(reporter=person) | Q(doer=person), let_go=None, decided_by=hand)
    return LET_ANOTHER_ERASE if told.exists() else YES


def _is_known(reporter: Person) -> Verdict:
    return no("reporter_erased", _("这位已经注销，名字删了，不再替他记话")) if reporter.erased_at is not None else YES


def is_at_its_window(hand: Person, slip: Slip, at: datetime) -> bool:
    """Whether a slip is this person's to serve: they took it down, or coordinate where it lies or was taken down."""
    if slip.taken_by_id == hand.id:
        return True
    windows = grid.nodes_of(slip.taken_by, Role.COORDINATOR, slip.report.received_at)
    return any(grid.has_role(hand, Role.COORDINATOR, at, node) for node in (slip.report.case.node, *windows))


def may_print_anew(hand: Person, slip: Slip, at: datetime) -> Verdict:
    """May this person print a slip of their window anew for whoever lost it? Not who has a hand in it: it is a key."""
    case = slip.report.case
    serves = may_serve_at_counter(hand, slip.reporter, at) and _is_known(slip.reporter)
    if not serves or slip.taken_by_id == hand.id:
        return serves
    if policies.has_reported(hand, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if _has_a_hand_in_it(hand, case, at):
        return no("let_another_print", _("这件事您经手、核查、认定或者拒绝过，请没经手的同事来重打"))
    return YES


def _has_a_hand_in_it(person: Person, case: Case, at: datetime) -> bool:
    """Whether somebody works on the matter, was drawn to check it, found it false, heard the appeal or refused it."""
    works = person.id in involved.in_the_hands_of(case) or grid.units_of(person, at)
    if works or policies.has_checked(person, case):
        return True
    matter = Case.objects.of_one_matter(case).values("pk")
    judged = FindingStep.objects.filter(finding__case__in=matter, actor=person).exclude(part=Actor.REPORTER)
    refused = Transition.objects.filter(case__in=matter, action__in=_REFUSALS, actor=person)
    return judged.exists() or refused.exists()

"""Who may do what with a case, and why not. Asked inside each command, and by pages to show or hide a button."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.cases import queries
from huipai.cases.models import Case, Check, Follow, GoodDeed, Question, Report, Response, UnitCall, WorkOrder
from huipai.cases.queries import involved, own
from huipai.cases.queries.joint import was_there
from huipai.cases.queries.parts_in import parts_in
from huipai.cases.rules import machine
from huipai.cases.words import Action, Actor, ReportState, State
from huipai.grid import queries as grid
from huipai.grid.models import Unit
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import queries as points


def is_worker(person: Person, at: datetime) -> bool:
    return grid.has_role(person, Role.GRID_WORKER, at)


def is_worker_of(person: Person, case: Case, at: datetime) -> bool:
    """Whether the case lies in this person's area, or is in their hands."""
    return case.worker_id == person.id or grid.has_role(person, Role.GRID_WORKER, at, node=case.node)


def is_reporter_of(person: Person, case: Case) -> bool:
    """Whether the reporter's page of it is theirs: of a part that of everybody who reported the whole.

    Whether it is to be kept out of their hands is asked by `has_reported`.
    """
    theirs = Report.objects.filter(case__in=[id for id in (case.id, case.parent_id) if id], reporter=person)
    return case.reporter_id == person.id or theirs.exists()


def has_reported(person: Person, case: Case) -> bool:
    """Whether it is this person's report, or one of an elder for whom they sent it or spoke: all parts of one matter.

    They neither handle nor check any of it.
    """
    return case.reporter_id == person.id or parts_in(person, case).reported


def may_come_to(person: Person, case: Case) -> bool:
    """Whether it may be laid into this person's hands."""
    return bool(may_have_in_hand(person, case))


def may_have_in_hand(person: Person, case: Case) -> Verdict:
    """May this person work on it, or come for it? Nobody is two of reporter, handler and checker, and whoever works on
    it does not know who reported it (ruling 11)."""
    parts = parts_in(person, case)
    if case.reporter_id == person.id or parts.reported:
        return no("own_report", _("自己报的事要由别人来办"))
    if parts.checked:
        return no("own_check", _("自己去核查的事要由别人来办"))
    if parts.took_down:
        return no("hands_on_the_report", _("这一份是您替上报人登记的，请另一位同事来办"))
    if parts.was_shown_who:
        return no("knows_who_reported", _("您看过这件是谁报的，请另一位同事来办"))
    return YES


def waits_in_the_queue(case: Case) -> bool:
    """Whether a case that was begun has nobody in whose hands it is."""
    return case.worker_id is None and case.unit_id is None and machine.allows(case.state, Action.TAKE_OVER)


def is_free(case: Case) -> bool:
    """Whether nobody has begun it: a neighbour may still take it on."""
    return case.state == State.REPORTED or waits_in_the_queue(case)


def has_checked(person: Person, case: Case) -> bool:
    """Whether this person was drawn to check the case or anything of one matter with it, in whatever round."""
    return parts_in(person, case).checked


def may_handle(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person take the case on or handle it on the spot?"""
    if not is_worker_of(person, case, at):
        return no("not_your_area", _("这件事不在您的网格里"))
    return may_have_in_hand(person, case)


def took_down(person: Person, case: Case) -> bool:
    """Whether this person wrote down, at the counter or by telephone, a report of the matter or its reporter's words.

    They know who it is: whoever works on it must not (ruling 11).
    """
    return parts_in(person, case).took_down


def may_respond(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person say that it is done? Only in whose hands it is."""
    if case.worker_id != person.id:
        return no("not_in_your_hands", _("这件事现在不在您手里"))
    return may_have_in_hand(person, case)


def may_decline(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person say that it is not the street's? Not of what another has in hand, nor of what was handled.

    The desk of its place may, unless they handled it themselves.
    """
    verdict = may_attend_to(person, case, at)
    if not verdict:
        return verdict
    if not is_at_the_desk_of(person, case, at):
        if case.state != State.REPORTED and case.worker_id not in (None, person.id):
            return no("not_in_your_hands", _("这件事现在不在您手里"))
        if queries.was_handled(case):
            return no("handled_before", _("已经办过一回了，还是不归街道管的，上报联动中心来定"))
    return may_end_unsolved(person, case)


def may_end_unsolved(person: Person, case: Case) -> Verdict:
    """May this person end it without a result? Nobody so ends what they have handled, or signed for a unit, in any case
    of the matter, nor what they took down: whoever has spoken with the reporter passes it on, and another decides.
    """
    matter = Case.objects.of_one_matter(case).values("pk")
    handled = Response.objects.filter(case__in=matter, handler=person)
    if handled.exists() or WorkOrder.objects.filter(case__in=matter, handler=person).exists():
        return no("own_handling", _("这件事您办过，不归街道管、不立案或者作废，请另一位来定"))
    if took_down(person, case):
        return no("hands_on_the_report", _("这一份是您替上报人登记的，不归街道管、不立案或者作废，请另一位来定"))
    return YES


def may_attend_to(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person ask, write and pass on: whose it is by its place or in whose hands, and not who reported it?"""
    if has_reported(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    return may_look_after(person, case, at)


def may_look_after(person: Person, case: Case, at: datetime) -> Verdict:
    """Is it this person's by its place or in their hands? Whoever reported it is asked about besides."""
    if is_worker_of(person, case, at) or is_at_the_desk_of(person, case, at):
        return YES
    return no("not_your_area", _("这件事不在您的网格里"))


def is_at_the_desk_of(person: Person, case: Case, at: datetime) -> bool:
    """Whether this person coordinates the case's community or sits in the hub."""
    return any(grid.has_role(person, role, at, node=case.node) for role in (Role.COORDINATOR, Role.DISPATCHER))


def may_sort(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person ask, urge, have somebody look: coordinators in their communities, and the hub?"""
    if not is_at_the_desk_of(person, case, at):
        return no("not_at_the_desk", _("这一页由社区协调员和分拨员用"))
    if has_reported(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    return YES


def may_place(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person say where it lies? The desk of its place, and whoever was sent there."""
    if case.worker_id == person.id and not has_reported(person, case):
        return YES
    return may_sort(person, case, at)


def may_dispatch(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person file, send, rule, grant? Only the hub."""
    if not grid.has_role(person, Role.DISPATCHER, at, node=case.node):
        return no("not_the_hub", _("立案、派单和裁定由联动中心来做"))
    if has_reported(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    return YES


def may_decide_on_time_of(person: Person, order: WorkOrder, at: datetime) -> Verdict:
    """May this person of the hub give an order more time, set it aside or take it back? Nobody decides on the clock of
    their own unit."""
    return OWN_UNITS_CLOCK if acts_for(person, order.unit, at) else YES


OWN_UNITS_CLOCK = no("own_units_clock", _("这一单归您自己的单位办，请联动中心的另一位来定"))


def may_retype(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person put it under another type? Whoever sorts; not where that moves the clock of their own unit, which
    has it or had it."""
    own = grid.units_of(person, at) if case.number is not None else ()
    if own and WorkOrder.objects.filter(case=case, unit__in=[unit.pk for unit in own]).exists():
        return OWN_UNITS_CLOCK
    return may_sort(person, case, at)


def may_unmask(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person be shown who reported, and the originals, for a reason that is written down (ruling 11)?

    Who looks after the place: its coordinator, the hub, the leader of the street. Never who works on cases there or
    for a unit, who was drawn to check anything of the matter, or had it in hand: they ask through the product.
    """
    looks_after = (Role.COORDINATOR, Role.DISPATCHER, Role.LEADER)
    if has_reported(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if not any(grid.has_role(person, role, at, node=case.node) for role in looks_after):
        return no("not_yours_to_unmask", _("上报人只有社区协调员、联动中心和街道负责人写明原因才能看"))
    works = is_worker_of(person, case, at) or grid.units_of(person, at) or person.id in involved.handlers_of(case)
    if works or has_checked(person, case):
        return no("hands_on_it", _("办这件事、核查这件事的人不看上报人，要问什么从系统里问"))
    return YES


def may_print(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person take the file of the case along? Who looks after its place, and did not report it."""
    if has_reported(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if is_at_the_desk_of(person, case, at) or grid.has_role(person, Role.LEADER, at, node=case.node):
        return YES
    return no("not_yours_to_print", _("案卷由社区协调员、联动中心和街道负责人来打印"))


def may_read_names(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person read who reported it, of those who want the community to know? Its coordinator."""
    if not grid.has_role(person, Role.COORDINATOR, at, node=case.node):
        return no("not_told_the_name", _("留名的上报人只告诉社区协调员"))
    return may_unmask(person, case, at)


def part_at_the_desk(person: Person, case: Case, at: datetime) -> Actor:
    return Actor.DISPATCHER if grid.has_role(person, Role.DISPATCHER, at, node=case.node) else Actor.COORDINATOR


def part_in(person: Person, case: Case, at: datetime) -> Actor:
    """In which part somebody asks about a case."""
    return Actor.WORKER if is_worker_of(person, case, at) else part_at_the_desk(person, case, at)


def may_ask(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person put a question to the reporter? Not who has written down for them: neither knows the other."""
    if took_down(person, case):
        return no("hands_on_the_report", _("这一份是您替上报人登记的，要问上报人，请另一位同事来问"))
    return may_attend_to(person, case, at)


def may_take_back_question(person: Person, case: Case, question: Question, at: datetime) -> Verdict:
    """May this person take back what the reporter was asked? Who asked and acts there still, and the desk."""
    if question.asked_by_id != person.id and not is_at_the_desk_of(person, case, at):
        is_workers = question.part == Actor.WORKER and case.worker_id in (None, person.id)
        if not is_workers:
            return no("not_your_question", _("这一句不是您问的，请问的人或者联动中心来收回"))
    return may_attend_to(person, case, at)


def may_note(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person write beside the steps, for colleagues or to the reporters?"""
    return may_attend_to(person, case, at)


def may_hand_up(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person pass the case up to the hub? Whose it is, and the community's coordinator."""
    if case.worker_id not in (None, person.id) and not is_at_the_desk_of(person, case, at):
        return no("not_in_your_hands", _("这件事现在不在您手里"))
    return may_attend_to(person, case, at)


def may_vouch(person: Person, case: Case) -> Verdict:
    """May this person say that it is so? Who was asked to look."""
    if case.worker_id != person.id:
        return no("not_in_your_hands", _("这件事现在不在您手里"))
    return YES


def acts_for(person: Person, unit: Unit, at: datetime) -> bool:
    """Whether this person is a handler or the lead of the unit; for everybody else its orders do not exist."""
    return any(held.pk == unit.pk for held in grid.units_of(person, at))


def may_work_on(person: Person, order: WorkOrder, case: Case, at: datetime) -> Verdict:
    """May this person of the unit work on the order?"""
    return may_have_in_hand(person, case)


def may_open(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person make a case that neighbours do not see part of what they see? Only of a type that they may see.

    Of what came in with it neighbours see nothing: its reporters were told so.
    """
    if not case.case_type.is_public:
        return no("type_not_public", _("先报的那一件，这一类不给邻居看"))
    if not is_at_the_desk_of(person, case, at):
        return no("not_at_the_desk", _("要让邻居看到，由社区协调员或者联动中心来合"))
    return may_sort(person, case, at)


def may_release(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person say that a photo can be public? Somebody of the grid, not who took part in it."""
    return may_attend_to(person, case, at)


def may_check(person: Person, check: Check) -> bool:
    """Only the one who was drawn; for everybody else the check does not exist."""
    return check.checker_id == person.id


def may_say_solved(reporter: Person, hand: Person, case: Case, at: datetime) -> Verdict:
    """May a reporter say, by this hand, that it is solved? A yes to the work of one's own unit is none (ruling 8),
    whoever's name it is said in; a no is heard.
    """
    if any(_is_own_units_work(person, case, at) for person in {reporter, hand}):
        return no("own_units_work", _("这件事是您的单位办的，解决了没有不能由您来说；没解决可以说"))
    return YES


def may_decide_on_deed(person: Person, deed: GoodDeed, at: datetime) -> Verdict:
    """May this person verify a good deed? A coordinator of its place who neither told of it nor did it (ruling 16)."""
    if person.id in (deed.reporter_id, deed.doer_id):
        return no("own_deed", _("自己讲的、自己做的好事，要请另一位来核实"))
    if deed.doer is not None and points.is_tied(person, deed.doer, at):
        return no("deed_too_close", _("做好事的人和您同住、同组，或者您已申明回避，请另一位来核实"))
    if grid.has_role(person, Role.COORDINATOR, at, node=deed.node):
        return YES
    return no("not_the_coordinator", _("好人好事由当地社区的协调员核实"))


def may_join(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person report the same? Not who handles or checks it: nobody is two of the three.

    Nor a colleague of who handles it for a unit: a word on the work of one's own unit is none (ruling 8).
    """
    if has_checked(person, case):
        return no("own_check", _("抽到您去核查的事，不能再跟着报"))
    if person.id in involved.handlers_of(case):
        return no("own_work", _("您经手办的事，不能再跟着报"))
    if _is_own_units_work(person, case, at):
        return no("own_units_work", _("这件事在您的单位办，不能再跟着报；有要补的，在工单里写"))
    return YES


def _is_own_units_work(person: Person, case: Case, at: datetime) -> bool:
    """Whether a unit that this person acts for has anything of the matter, or has said of any of it that it is done; or
    has come when it was whistled.

    What it sent back, or what was taken back from it before that, is another's work.
    """
    units = grid.units_of(person, at)
    if not units:
        return False
    matter = Case.objects.of_one_matter(case).values("pk")
    has_an_order = WorkOrder.objects.of_who_does_it().filter(case__in=matter, unit__in=units)
    came = UnitCall.objects.filter(task__cases__case__in=matter, unit__in=units, mustered_at__isnull=False)
    return has_an_order.exists() or came.exists()


def may_follow(person: Person, case: Case) -> Verdict:
    """May this person follow? Not who was drawn to check it (ruling 9)."""
    if has_checked(person, case):
        return no("own_check", _("抽到您去核查的事，不能再跟着"))
    return YES


def may_say_still_there(person: Person, case: Case) -> Verdict:
    """Only who follows it; whoever reported it is asked by the question itself."""
    if not Follow.objects.filter(case=case, person=person).exists():
        return no("not_following", _("先跟着这件事，再说它还在不在"))
    return YES


def may_add(person: Person, case: Case) -> Verdict:
    """Is this person asked to add to what they reported? While they can put it right, they do that."""
    if (verdict := may_write_beside(person, case)) and may_correct(person, case):
        return no("correct_instead", _("还没有人开始办，直接改您报的就行"))
    return verdict


def may_write_beside(person: Person, case: Case) -> Verdict:
    """May this person's words stand beside what they reported? Not who took it back.

    A phone may hold what was written besides a report that it had sent already: that is taken whether or not anybody
    has begun (0115).
    """
    if not Report.objects.filter(case=case, reporter=person).exclude(state=ReportState.WITHDRAWN).exists():
        return no("taken_back", _("您报的已经撤回了，要补充就再报一次"))
    return YES


def may_ask_review(person: Person, case: Case) -> Verdict:
    """May this reporter ask that a refusal be looked at again? Not who took back their report, or that of the whole."""
    if own.has_taken_back(person, case):
        return no("review_taken_back", _("您的那一份已经收回了，复核由还在报的人来申请；要再报，重新拍一张"))
    return YES


def may_speak_as_reporter(person: Person, case: Case) -> Verdict:
    """May this reporter answer what is asked, and urge? Not who took back their report: whoever still waits does."""
    if own.has_taken_back(person, case):
        return no("report_taken_back", _("您的那一份已经收回了，由还在报的人来答、来催；要再报，重新拍一张"))
    return YES


def has_only_joined(person: Person, case: Case) -> bool:
    """Whether the case goes on without them: what they would take back is their part, not the case."""
    mine = set(Report.objects.filter(case=case, reporter=person).values_list("state", flat=True))
    return ReportState.JOINED in mine and ReportState.RECEIVED not in mine


def may_withdraw(person: Person, case: Case) -> bool:
    """Whether there is something of this person's to take back: what they reported first, before anybody has begun or
    was there for it, or their part in another's. Of what was split off there is no report: nothing to take back.
    """
    mine = set(Report.objects.filter(case=case, reporter=person).values_list("state", flat=True))
    if ReportState.RECEIVED not in mine:
        return ReportState.JOINED in mine and case.ended_at is None
    return (
        machine.allows(case.state, Action.WITHDRAW)
        and not others_wait(person, case)
        and not case.parts.held_up_by().exists()
        and not queries.was_taken_on(case)
        and not was_there(case)
    )


def looks_anew(person: Person, case: Case) -> bool:
    """May this person refuse it? Not on a review of what they refused: that they take on, or leave to another."""
    return not queries.refused_what_is_reviewed(person, case)


def others_wait(person: Person, case: Case) -> bool:
    """Whether somebody else reported it too and has not taken that back."""
    return Report.objects.filter(case=case).exclude(reporter=person).exclude(state=ReportState.WITHDRAWN).exists()


def may_correct(person: Person, case: Case) -> bool:
    """Whether this person alone reported it, and nobody has begun on it or on a part of it, nor was there for it."""
    reporters = Report.objects.filter(case=case).values_list("reporter_id", flat=True)
    if case.state != State.REPORTED or list(reporters) != [person.id]:
        return False
    return not case.parts.exists() and not was_there(case)

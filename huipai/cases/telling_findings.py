"""A finding told to the reporter, who is not told who found it, and to whoever looks after the place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.cases import policies, telling_words
from huipai.cases.commands import finding_false
from huipai.cases.finding_words import FindingAction, FindingState
from huipai.cases.models import Case, Finding, FindingStep, Report
from huipai.cases.policies import findings as may
from huipai.cases.queries import acting, findings
from huipai.cases.telling_acting import Hands
from huipai.cases.telling_steps import BY_THE_COUNTER
from huipai.cases.words import State
from huipai.people.models import Person

STEPS: dict[str, tuple[str | Promise, str]] = {
    FindingAction.FIND: (gettext_lazy("认定不属实"), "flag"),
    FindingAction.APPEAL: (gettext_lazy("上报人申诉"), "message"),
    FindingAction.UPHOLD: (gettext_lazy("另一位看过，维持"), "circle-check"),
    FindingAction.LIFT: (gettext_lazy("申诉成立，撤销"), "arrow-back-up"),
    FindingAction.RETRACT: (gettext_lazy("认定的人自己撤回"), "arrow-back-up"),
    FindingAction.LAPSE: (gettext_lazy("没有人按时看申诉，撤销"), "arrow-back-up"),
}


def state_at(finding: Finding, now: datetime) -> str:
    """How it stands, in words: one whose time for an appeal is over ends by no step."""
    if finding.state == FindingState.FOUND and finding.appeal_until <= now:
        return _("认定了，没有申诉")
    return finding.get_state_display()


# The reporter acts first, the street last; nobody is named.
OWN_STEPS: dict[str, str | Promise] = {
    FindingAction.FIND: gettext_lazy("社区看过，认定不属实"),
    FindingAction.APPEAL: gettext_lazy("您申诉了，换一个人看"),
    FindingAction.RETRACT: gettext_lazy("社区发现认错了，撤销"),
}


def timeline(finding: Finding) -> list[dict[str, object]]:
    """The steps for staff, newest first, each with what was written on it."""
    words = _words(finding) | {FindingAction.FIND: finding.grounds, FindingAction.APPEAL: finding.appeal}
    # Whoever found it may have written who it was; only the reporter reads that.
    words = {action: telling_words.heard_by_staff(finding.case, text) for action, text in words.items()}
    spoken = acting.said_at_counter(finding.case)
    return [
        _line(step, STEPS[FindingAction(step.action)][0], _by(step, spoken), "them", words)
        for step in reversed(findings.steps_of(finding))
    ]


def _by(step: FindingStep, spoken: Collection[datetime]) -> str | Promise:
    """In which part; of an appeal that was made at the counter, that it was."""
    is_spoken = step.action == FindingAction.APPEAL and step.happened_at in spoken
    return BY_THE_COUNTER if is_spoken else step.get_part_display()


def own_timeline(finding: Finding, hands: Hands) -> list[dict[str, object]]:
    """The same for the reporter, or who helps them; the grounds stand on the page itself, as long as they hold."""
    words = _words(finding) | {FindingAction.APPEAL: finding.appeal}
    lines = []
    for step in reversed(findings.steps_of(finding)):
        action = FindingAction(step.action)
        title, by = OWN_STEPS.get(action, STEPS[action][0]), "them"
        if action == FindingAction.APPEAL:
            title = hands.appeal(step.happened_at) or title
            by = "you" if hands.is_readers(step.happened_at) else "them"
        lines.append(_line(step, title, "", by, words))
    return lines


def _words(finding: Finding) -> dict[FindingAction, str]:
    return {FindingAction.UPHOLD: finding.answer, FindingAction.LIFT: finding.answer}


def _line(
    step: FindingStep, title: str | Promise, part: str | Promise, by: str, words: Mapping[FindingAction, str]
) -> dict[str, object]:
    said, action = words.get(FindingAction(step.action), ""), FindingAction(step.action)
    return {
        "title": title, "at": step.happened_at, "icon": STEPS[action][1], "kind": "done", "text": part,
        "said": [{"by": by, "text": said}] if said else [],
    }  # fmt: skip


def choices(case: Case, reports: Sequence[Report]) -> list[dict[str, str]]:
    """Which report is meant: by its place in the row and its words, never by whose it is."""
    return [
        {
            "value": str(one.id),
            "title": _("第 %(number)s 份上报") % {"number": number},
            "hint": telling_words.heard_by_staff(case, one.text)[:60] or _("没有写字，只有照片"),
        }
        for number, one in enumerate(reports, start=1)
    ]


def beside(case: Case, viewer: Person, now: datetime) -> dict[str, object]:
    """For the page of a case: what was found about it, for whoever looks after its place; and whether more could be."""
    if case.state == State.REPORTED or not policies.is_at_the_desk_of(viewer, case, now):
        return {"findings": [], "may_find_false": False}
    return {
        "findings": findings.of_case(case),
        "may_find_false": finding_false.is_findable(case, now)
        and bool(may.may_find(viewer, case, now))
        and bool(findings.findable(case)),
    }

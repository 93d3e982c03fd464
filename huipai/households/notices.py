"""What people are told about their household, their contact, what they asked for; and in which words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.grid.models import Assignment, GridNode, Residence
from huipai.grid.words import Fact as GridFact
from huipai.households import queries
from huipai.households.models import Assessment, Link, Need, Objection, Visit
from huipai.households.words import Fact, LinkState, NeedState, Side
from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.words import Role
from huipai.points import queries as points
from huipai.points.words import Why

# A follower that comes to run later than this, after a long standstill, stays silent: the page says how it stands.
NEWS_FOR = timedelta(days=7)
# What an objector is told of the same entry, in words of their own.
OBJECTION_LAPSED = "assessment.objection_lapsed"
# What a household is told where a need came back from somebody who is gone; who may help is told to take it.
NEED_PUT_BACK = "need.put_back"


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whom an entry concerns, once however often this runs."""
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    about, cause = UUID(entry.subject.partition(":")[2]), f"entry:{entry.id}"
    to, params = _CONCERNED[entry.what](entry, about, now)
    to = [person_id for person_id in to if person_id != entry.actor_id]
    if to:
        notices.tell(
            person_ids=to, kind=entry.what, subject=entry.subject, cause=cause, now=entry.happened_at, params=params
        )
    if _was_put_back(entry):
        notices.tell(
            person_ids=_whose_need(about, now), kind=NEED_PUT_BACK, subject=entry.subject, cause=cause,
            now=entry.happened_at,
        )  # fmt: skip
    if _ended_with_the_family(entry):
        notices.tell(
            person_ids=_still_objecting(about), kind=OBJECTION_LAPSED, subject=entry.subject, cause=cause,
            now=entry.happened_at,
        )  # fmt: skip


Concerned = tuple[list[UUID], dict[str, object]]


def _of_the_question(entry: Entry, link_id: UUID, now: datetime) -> Concerned:
    """Whoever has to answer; nobody once it is answered."""
    link = Link.objects.select_related("household").get(pk=link_id)
    if link.state != LinkState.PROPOSED:
        return [], {}
    side = Side(link.asked_by_side)
    to = _at_home(link.household, link.asked_at, now) if side == Side.CONTACT else [link.contact_id]
    return to, {"side": side}


def _of_the_link(entry: Entry, link_id: UUID, now: datetime) -> Concerned:
    link = Link.objects.select_related("household").get(pk=link_id)
    return [link.contact_id, *_at_home(link.household, link.asked_at, now)], {}


def _of_the_lapse(entry: Entry, link_id: UUID, now: datetime) -> Concerned:
    """Both sides, and whether it had stood or was only asked."""
    to, _params = _of_the_link(entry, link_id, now)
    return to, {"stood": Link.objects.get(pk=link_id).answered_at is not None}


def _of_the_visit(entry: Entry, visit_id: UUID, now: datetime) -> Concerned:
    visit = Visit.objects.select_related("link__household").get(pk=visit_id)
    return _at_home(visit.link.household, visit.noted_at, now), {}


def _of_the_denial(entry: Entry, visit_id: UUID, now: datetime) -> Concerned:
    visit = Visit.objects.select_related("link__household").get(pk=visit_id)
    return [visit.link.contact_id, *_coordinators(visit.link.household, now)], {}


def _of_the_need(entry: Entry, need_id: UUID, now: datetime) -> Concerned:
    """Who may help; the coordinator where no contact is there or one left it. Nobody once it is taken or withdrawn."""
    need = Need.objects.select_related("household").get(pk=need_id)
    if need.state != NeedState.OPEN:
        return [], {}
    contacts = queries.contacts_who_come(need.household, now)
    if contacts and not _was_put_back(entry):
        return contacts, {"need": need.kind}
    return list(dict.fromkeys([*contacts, *_coordinators(need.household, now)])), {"need": need.kind}


def _was_put_back(entry: Entry) -> bool:
    """Not by a word of the household or of whoever ended a link."""
    return entry.what == Fact.NEED_REOPENED and entry.actor_id is None


def _whose_need(need_id: UUID, now: datetime) -> list[UUID]:
    """The household, while it is still to be taken."""
    need = Need.objects.select_related("household").get(pk=need_id)
    return _at_home(need.household, need.raised_at, now) if need.state == NeedState.OPEN else []


def _of_the_help(entry: Entry, need_id: UUID, now: datetime) -> Concerned:
    need = Need.objects.get(pk=need_id)
    return [need.raised_by_id], {"need": need.kind, "state": str(entry.facts.get("state", NeedState.TAKEN))}


def _of_the_incentive(entry: Entry, assessment_id: UUID, now: datetime) -> Concerned:
    assessment = Assessment.objects.select_related("household").get(pk=assessment_id)
    return _at_home(assessment.household, assessment.proposed_at, now), {"item": assessment.item_code}


def _of_the_unpaid(entry: Entry, assessment_id: UUID, now: datetime) -> Concerned:
    """Who had lived there, where it ended with their moving away; the page says of every other no."""
    if not _ended_with_the_family(entry):
        return [], {}
    assessment = Assessment.objects.get(pk=assessment_id)
    return points.left_before(assessment.household_id, entry.happened_at), {}


def _ended_with_the_family(entry: Entry) -> bool:
    return entry.what == Fact.ASSESSMENT_UNPAID and entry.facts.get("why") == Why.MOVED_AWAY


def _still_objecting(assessment_id: UUID) -> list[UUID]:
    """Whoever waits for an answer that nobody owes any more; also where they are who registered the moving in."""
    waiting = Objection.objects.filter(assessment=assessment_id, decided_at=None, objector__erased_at=None)
    return list(waiting.values_list("objector_id", flat=True))


def _of_the_objection(entry: Entry, _assessment_id: UUID, now: datetime) -> Concerned:
    """Whoever objected, and how it ended; nobody else hears who that was."""
    decided = Objection.objects.filter(pk=UUID(str(entry.facts["objection"])), objector__erased_at=None)
    return list(decided.values_list("objector_id", flat=True)), {"is_upheld": entry.facts["result"] == "upheld"}


def _of_the_end(entry: Entry, residence_id: UUID, now: datetime) -> Concerned:
    """Who was struck off by another's hand, and is not registered elsewhere by now."""
    residence = Residence.objects.select_related("person").get(pk=residence_id)
    gone = residence.person.erased_at is not None or grid.household_of(residence.person, now) is not None
    return [] if gone or entry.actor_id is None else [residence.person_id], {}


def _of_the_dispute(entry: Entry, residence_id: UUID, now: datetime) -> Concerned:
    residence = Residence.objects.select_related("household").get(pk=residence_id)
    return _coordinators(residence.household, now), {"person": str(residence.person_id)}


def _of_the_answer(entry: Entry, residence_id: UUID, now: datetime) -> Concerned:
    residence = Residence.objects.get(pk=residence_id)
    return [residence.person_id], {"lives_there": entry.facts.get("lives_there") is True}


def _at_home(household: GridNode, since: datetime, now: datetime) -> list[UUID]:
    """The grown-ups of a household, unless it was about those who lived there before them."""
    return queries.adults_of(household, now) if grid.is_of_those_living(household.pk, since) else []


def _coordinators(household: GridNode, now: datetime) -> list[UUID]:
    over = Assignment.objects.attended(now).filter(role=Role.COORDINATOR, node__in=household.ids_above())
    return [held.acting.id for held in over.select_related("person", "deputy").order_by("id")]


_CONCERNED: dict[str, Callable[[Entry, UUID, datetime], Concerned]] = {
    GridFact.RESIDENCE_ENDED: _of_the_end,
    GridFact.RESIDENCE_DISPUTED: _of_the_dispute,
    GridFact.DISPUTE_ANSWERED: _of_the_answer,
    Fact.LINK_PROPOSED: _of_the_question,
    Fact.LINK_STANDS: _of_the_link,
    Fact.LINK_ENDED: _of_the_link,
    Fact.LINK_LAPSED: _of_the_lapse,
    Fact.VISITED: _of_the_visit,
    Fact.VISIT_DENIED: _of_the_denial,
    Fact.NEED_RAISED: _of_the_need,
    Fact.NEED_REOPENED: _of_the_need,
    Fact.NEED_TAKEN: _of_the_help,
    Fact.NEED_CLOSED: _of_the_help,
    Fact.ASSESSMENT_PUBLICISED: _of_the_incentive,
    Fact.ASSESSMENT_POSTED: _of_the_incentive,
    Fact.ASSESSMENT_UNPAID: _of_the_unpaid,
    Fact.OBJECTION_DECIDED: _of_the_objection,
}
TOLD = tuple(_CONCERNED)


# --- In which words.
_HOME = reverse_lazy("households:home")
_CONTACTS = reverse_lazy("households:contacts")
_OUTCOMES: dict[str, tuple[str | Promise, str | Promise]] = {
    NeedState.TAKEN: (_("您说的事有人在帮了"), ""),
    NeedState.MET: (_("您说的事帮好了"), _("要是还没好，点进来说一声，接着帮")),
    NeedState.UNMET: (_("您说的事这次没能帮上"), _("点进来可以再说一次，社区会另找人")),
    NeedState.WITHDRAWN: (_("您说的事已经收起来了"), ""),
}


def _words(
    title: str | Promise, text: str | Promise, page: Promise, _subject: str, _params: Mapping[str, object]
) -> Wording:
    return Wording(title, text, page)


def _question(_subject: str, params: Mapping[str, object]) -> Wording:
    if params.get("side") == Side.CONTACT:
        return Wording(_("有人想做您家的联户人"), _("同意不同意都可以，不用说原因"), _HOME)
    return Wording(_("有一户想请您做联户人"), _("点进来回个话"), _CONTACTS)


def _lapse(_subject: str, params: Mapping[str, object]) -> Wording:
    if params.get("stood"):
        return Wording(_("联户人不再负责这里，结对结束了"), _("说过的要帮的事都还在；住户可以另请一位"), _HOME)
    return Wording(_("一个结对不用答了，那一位不再负责这里"), _("住户可以另请一位"), _HOME)


def _help(_subject: str, params: Mapping[str, object]) -> Wording:
    title, text = _OUTCOMES[str(params["state"])]
    return Wording(title, text, _HOME)


def _dispute(_subject: str, params: Mapping[str, object]) -> Wording:
    page = reverse("households:home_of", args=(str(params["person"]),))
    return Wording(_("有人说还住在登记搬走的那一户"), _("核对证件，登记住回去，或者答复不住了"), page)


def _answer(_subject: str, params: Mapping[str, object]) -> Wording:
    if params.get("lives_there"):
        return Wording(_("登记您又住在原来那一户了"), "", _HOME)
    return Wording(_("您说还住着，同事核对过，登记不变"), _("不同意就带证件到社区窗口"), _HOME)


def _objection_decided(_subject: str, params: Mapping[str, object]) -> Wording:
    page = reverse_lazy("households:publicity")
    if params["is_upheld"]:
        return Wording(_("您对一项联户激励提的异议成立，谢谢您指出来"), _("那一项不记分，点开看答复"), page)
    title = _("您对一项联户激励提的异议看过了，没有成立")
    return Wording(title, _("点开看答复；还有话说可以打给社区"), page)


WORDINGS: dict[str, Writer] = {
    GridFact.RESIDENCE_ENDED: partial(
        _words, _("街道登记您不住在原来那一户了"), _("要是还住着，30 天内点进来说一声"), _HOME
    ),
    GridFact.RESIDENCE_DISPUTED: _dispute,
    GridFact.DISPUTE_ANSWERED: _answer,
    Fact.LINK_PROPOSED: _question,
    Fact.LINK_STANDS: partial(_words, _("结对成了"), _("有事可以直接说"), _HOME),
    Fact.LINK_ENDED: partial(_words, _("一个结对结束了"), "", _HOME),
    Fact.LINK_LAPSED: _lapse,
    Fact.VISITED: partial(_words, _("联户人记下来过您家"), _("要是没有来过，点进来说一声"), _HOME),
    Fact.VISIT_DENIED: partial(_words, _("有一户说没有来过"), _("点进来看看是哪一次"), _CONTACTS),
    Fact.NEED_RAISED: partial(_words, _("有一户说了一件要帮的事"), _("点进来看看，能帮就接下"), _CONTACTS),
    Fact.NEED_REOPENED: partial(_words, _("有一件事还没帮好"), _("点进来接着帮"), _CONTACTS),
    NEED_PUT_BACK: partial(
        _words, _("帮您的那一位不在了，您说的事又在等人来帮"), _("您说的话都在，不用再说；社区已经知道"), _HOME
    ),
    Fact.NEED_TAKEN: _help,
    Fact.NEED_CLOSED: _help,
    Fact.ASSESSMENT_PUBLICISED: partial(_words, _("您家的联户激励在公示"), _("公示 7 天，没有异议就记分"), _HOME),
    Fact.ASSESSMENT_POSTED: partial(_words, _("您家记了联户积分"), _("全家的成年人都可以用"), _HOME),
    Fact.ASSESSMENT_UNPAID: partial(
        _words,
        _("您以前住的那一户搬来了别家，没办完的一项联户激励不办了"),
        _("那一项不记分；以后在新家做的，照样可以提"),
        reverse_lazy("points:home"),
    ),
    Fact.OBJECTION_DECIDED: _objection_decided,
    OBJECTION_LAPSED: partial(
        _words,
        _("您提过异议的那项联户激励不办了"),
        _("那一户搬来了别家，那一项不记分，您的异议也就不用再答复；您不用做什么"),
        reverse_lazy("households:publicity"),
    ),
}


def addresses(assessment_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page on which a posting of a household's incentive is explained."""
    return {id: reverse("households:home") for id in assessment_ids}

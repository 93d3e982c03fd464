"""A street with somebody for every role, and what there is to open: one's own, another node's, another street's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import set_urlconf

from huipai.cases import jobs
from huipai.cases.commands import counter, desks, dispatching, exporting, handling, phrasing, walls, working
from huipai.cases.commands.counter import Caller
from huipai.cases.commands.deeds import telling
from huipai.cases.commands.deeds.telling import Told
from huipai.cases.commands.joint import whistling
from huipai.cases.commands.retention import holding
from huipai.cases.models import Check, Report
from huipai.cases.queries.hub import Filter
from huipai.grid import commands as grid
from huipai.grid.models import Absence, Assignment, GridNode, Unit
from huipai.grid.words import AbsenceKind, Level
from huipai.households.commands import groups, links, needs
from huipai.households.words import NeedKind
from huipai.journal.models import Entry
from huipai.kit import planning
from huipai.kit.coordinates import Point
from huipai.kit.ids import new_id
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Channel, Role
from huipai.photos import grants
from huipai.photos.models import Photo
from huipai.points import commands as points
from huipai.points.commands.claims import checking, submitting
from huipai.points.models import Correction
from huipai.points.rules.sending import ClaimSending
from huipai.points.words import CorrectionReason
from huipai.rulebook import commands as rulebook
from huipai.shop import commands as shop
from huipai.shop.commands import Offer, Plan
from huipai.shop.words import Category
from huipai.stations.models import Station
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place, open_street, settle
from tests.cases.showing import release
from tests.grid.conftest import SIDE
from tests.points.claims.world import HELP
from tests.points.ledger import award
from tests.rulebook.making import SWEEP

HOUR = timedelta(hours=1)
VISITOR, NEIGHBOUR, REPORTER, STRANGER = "visitor", "neighbour", "reporter", "other street"
# Roles that one is given for a part of the street; the other roles are held for all of it, or in a unit.
OF_A_PART = {Role.GRID_WORKER: "G", Role.COORDINATOR: "C", Role.PART_TIME_MEMBER: "G"}
_CORRECTORS = (("退分甲", "13977000001"), ("退分乙", "13977000002"))
OF_A_UNIT = {Role.UNIT_HANDLER, Role.UNIT_LEAD}


@dataclass
class Access:
    """Who asks, and for what: `own` lies where the roles are held, `other` in another community and unit."""

    place: Place
    people: dict[str, Person | None] = field(default_factory=dict)
    own: dict[str, object] = field(default_factory=dict)
    other: dict[str, object] = field(default_factory=dict)


def make(place: Place, number: int, now: datetime) -> Access:
    """In the street of `place`."""
    set_urlconf("huipai.config.street_urls")
    with in_street(place.street.id):
        cast.rulebook(cast.FOUND, HELP, since=cast.A_MONTH_AGO + 24 * HOUR)
        made = Access(place, people=dict(_everybody(place, number)))
        _elsewhere(place, number)
        _let_draw(made.people[Role.CHECKER])
        hands = Hands(place.lan, _of(made, Role.GRID_WORKER), _of(made, Role.COORDINATOR), place.shi)
        made.own = {**_cases(place, place.town.at(50, 50), (place.city, place.guard), hands, now), **_rest(made, now)}
        _let_draw(place.bo)
        far = place.town.at(2 * SIDE + 50, 50)
        made.other = {
            **made.own,
            **_cases(place, far, (place.police, _guard_elsewhere(place, number)), _hands_elsewhere(place), now),
        }
        made.own |= _tables(made, made.people[Role.DISPATCHER], now)
        made.other |= _tables(made, place.dispatcher, now)
        made.other |= {"node_id": place.town["M9"].pk, "unit_id": place.police.pk}
    set_urlconf(None)
    return made


def _of(made: Access, role: Role) -> Person:
    person = made.people[role]
    assert person is not None
    return person


def _let_draw(checker: Person | None) -> None:
    """Leave one checker to draw."""
    Assignment.objects.filter(role=Role.CHECKER).exclude(person=checker).update(valid_until=cast.MONDAY)
    Assignment.objects.filter(role=Role.CHECKER, person=checker).update(valid_until=None)


def _everybody(place: Place, street: int) -> Iterator[tuple[str, Person | None]]:
    yield VISITOR, None
    yield NEIGHBOUR, cast.resident("邻居", f"136{street}0000001")
    yield REPORTER, place.lan
    for number, role in enumerate(Role):
        if role == Role.RESIDENT:
            continue
        make_one = cast.resident if role in {Role.PART_TIME_MEMBER, Role.CHECKER, Role.BOARD_MEMBER} else cast.staff
        person = make_one(f"{role.label}甲", f"136{street}00001{number:02}")
        part = {"unit": place.city} if role in OF_A_UNIT else {"node": place.town[OF_A_PART.get(role, "S")]}
        Assignment.objects.create(person=person, role=role, valid_from=cast.A_MONTH_AGO, **part)
        yield role.value, person


def _elsewhere(place: Place, street: int) -> None:
    """A second community beside the first, with a worker and a coordinator of its own."""
    root = place.town["S"]
    GridNode.objects.filter(pk=root.pk).update(boundary=place.town.square(0, 0, 3 * SIDE, 2 * SIDE))
    place.town.add(Level.COMMUNITY, "D", "S")
    place.town.add(Level.GRID, "G9", "D")
    place.town.add(Level.MICRO_GRID, "M9", "G9", boundary=place.town.square(2 * SIDE, 0))
    for number, (role, node) in enumerate(((Role.GRID_WORKER, "G9"), (Role.COORDINATOR, "D"))):
        person = cast.staff(f"{role.label}乙", f"135{street}000000{number}")
        Assignment.objects.create(person=person, role=role, node=place.town[node], valid_from=cast.A_MONTH_AGO)


@dataclass(frozen=True)
class Hands:
    """Through whom the things of one place go."""

    reporter: Person
    worker: Person
    coordinator: Person
    signer: Person


def _hands_elsewhere(place: Place) -> Hands:
    worker, coordinator = (
        Assignment.objects.select_related("person").get(role=role, node=place.town[node]).person
        for role, node in ((Role.GRID_WORKER, "G9"), (Role.COORDINATOR, "D"))
    )
    return Hands(place.hua, worker, coordinator, place.xu)


def _guard_elsewhere(place: Place, street: int) -> Unit:
    """With somebody in it who could come when it is whistled."""
    unit = Unit.objects.create(code="U-D", name="那边的物业", kind=place.guard.kind, node=place.town["D"])
    person = cast.staff("那边的物业经理", f"135{street}0000009")
    Assignment.objects.create(person=person, role=Role.UNIT_LEAD, unit=unit, valid_from=cast.A_MONTH_AGO)
    return unit


def _cases(place: Place, at: Point, units: tuple[Unit, Unit], hands: Hands, now: datetime) -> dict[str, object]:
    """An open case that is shown, an order, a check, a slip, a good deed."""
    shown, sent, done = (place.report(hands.reporter, now=now - 5 * HOUR, at=at, case_type=LITTER) for _ in range(3))
    release(place, shown, by=hands.coordinator, now=now - 4 * HOUR)
    order = dispatching.dispatch(
        case_id=sent.id, unit_id=units[0].id, actor=place.dispatcher, brief="先到现场", now=now - 3 * HOUR
    )
    working.sign(order_id=order.id, actor=hands.signer, now=now - 2 * HOUR)
    handling.handle_on_the_spot(case_id=done.id, actor=hands.worker, text="扫了", photo_ids=(), now=now - HOUR)
    caller = Caller("", "王阿婆", Channel.COUNTER, has_agreed=True)
    slip = counter.take_down(
        sending=place.sending(at=at, text="堵了"), caller=caller, actor=hands.coordinator, address="127.0.0.1", now=now
    )
    task = whistling.whistle(
        case_ids=[sent.id], unit_ids=[one.id for one in units], actor=hands.coordinator, matter="一起去看",
        hours=4, now=now - HOUR,
    )  # fmt: skip
    told = Told(
        deed_id=new_id(), title="送老人回家", text="一直送到楼下。", who="小伙子", is_own=False, point=at, photo_ids=()
    )
    held = holding.hold(
        case_id=shown.id, actor=place.dispatcher, reason="lawsuit", words="区法院来函", until=now + 30 * HOUR, now=now
    )
    photo = Photo.objects.get(pk=shown.photos.values_list("photo_id", flat=True)[0])
    address = grants.url(photo, "thumb", viewer=hands.reporter, now=now)
    return {
        "code": shown.code, "hold_id": held.id, "order_id": order.id, "task_id": task.id,
        "check_id": Check.objects.get(case=done, result="").id,
        "deed_id": telling.tell(told=told, reporter=hands.reporter, now=now).id, "photo_id": photo.id,
        "report_id": Report.objects.get(case=shown).id, "slip": slip.received.report_id,
        "caller": Report.objects.get(pk=slip.received.report_id).reporter_id, "variant": "thumb",
        "token": address.rsplit("/", 1)[-1],
    }  # fmt: skip


def _tables(made: Access, dispatcher: Person | None, now: datetime) -> dict[str, object]:
    """A table somebody took along, and a screen on a wall."""
    assert dispatcher is not None
    asked = exporting.ask_queue(actor=dispatcher, asked=Filter("all"), reason="upward", words="月度例会", now=now)
    entry = Entry.objects.get(what="export.asked", subject=asked.subject)
    jobs.make_export(street=str(made.place.street.id), entry=str(entry.id))
    _link, token = walls.make(actor=_of(made, Role.SYSTEM_ADMIN), name=f"大厅 {asked.id}", now=now)
    return {"export_id": asked.id, "wall": token}


def _rest(made: Access, now: datetime) -> dict[str, object]:
    """What the other packages keep; where the reporter may have one, it is the reporter's own."""
    place, lan, worker = made.place, made.place.lan, _of(made, Role.GRID_WORKER)
    phrase = phrasing.keep(
        actor=_of(made, Role.DISPATCHER), use="tell", case_type="", title="约好了", text="这两天上门", now=now
    )
    view = desks.save_view(person=_of(made, Role.DISPATCHER), name="超时的", asked={"due": "over"}, now=now)
    assignment = Assignment.objects.get(person=worker)
    absence = Absence.objects.create(
        person=place.wei, kind=AbsenceKind.LEAVE, valid_from=now + HOUR, valid_until=now + 9 * HOUR
    )
    notice = Notice.objects.filter(person=lan).order_by("id").first()
    return {
        "view_id": view.id, "phrase_id": phrase.id,
        "node_id": place.town["M1"].pk, "unit_id": place.city.pk, "assignment_id": assignment.pk,
        "absence_id": absence.pk, "person_id": worker.pk, "resident": lan.pk,
        "notice_id": notice.pk if notice else new_id(),
        **_household(place, _of(made, Role.COORDINATOR), now), **_points(place, now), **_shelf(made, now),
        **_book(made, now),
    }  # fmt: skip


def _household(place: Place, coordinator: Person, now: datetime) -> dict[str, object]:
    for person, home in ((place.lan, "H1"), (place.hua, "H2")):
        grid.move_in(person=person, household=place.town[home], at=cast.A_MONTH_AGO, actor=None, now=now)
    link = links.ask_household(household=place.town["H1"], contact=place.wei, now=now)
    links.accept(link_id=link.id, actor=place.lan, now=now)
    need = needs.raise_need(
        need_id=new_id(), household=place.town["H1"], kind=NeedKind.REPAIR, text="水龙头漏水", actor=place.lan, now=now
    )
    group = groups.open_group(node=place.town["B1"], name="一号楼联户", actor=coordinator, now=now)
    member = groups.join(group_id=group.id, household=place.town["H1"], agreed_by=place.lan, actor=coordinator, now=now)
    return {
        "link_id": link.id, "need_id": need.id, "group_id": group.id, "membership_id": member.id,
        **_struck_off(place, now),
    }  # fmt: skip


def _struck_off(place: Place, now: datetime) -> dict[str, object]:
    """Somebody who says that they live still where it is noted that they have left."""
    gone = cast.resident("茅小岸", "13800000077")
    grid.move_in(person=gone, household=place.town["H2"], at=cast.A_MONTH_AGO, actor=None, now=now)
    home = grid.move_out(person=gone, at=now, actor=None, now=now)
    dispute = grid.dispute_end(residence_id=home.pk, actor=gone, now=now)
    return {"residence_id": home.pk, "dispute_id": dispute.pk}


def _points(place: Place, now: datetime) -> dict[str, object]:
    sending = ClaimSending(claim_id=new_id(), item_code=HELP.code, note="给三楼的老人买了菜")
    claim = submitting.keep(sending=sending, claimant=place.lan, now=now)
    checking.check(claim_id=claim.id, now=now)
    sending = ClaimSending(claim_id=new_id(), item_code=HELP.code, note="给四楼的老人买了菜")
    sent = submitting.submit(sending=sending, claimant=place.lan, now=now)
    outcome = award(place.lan, received_at=now, now=now)
    assert outcome.posting is not None
    one = _asked_back(place, now)
    return {
        "claim_id": claim.id, "sent_claim": sent.id, "posting_id": outcome.posting.id, "correction_id": one.id,
    }  # fmt: skip


def _asked_back(place: Place, now: datetime) -> Correction:
    """Points that were taken back by two who have no other part in anything here."""
    got = award(place.lan, received_at=now, now=now).posting
    assert got is not None
    asker, judge = (cast.appoint(cast.staff(name, phone), Role.REVIEWER) for name, phone in _CORRECTORS)
    one = points.propose_correction(
        posting_id=got.id, reason=CorrectionReason.RECORDED_TWICE, note="记了两次", actor=asker, now=now
    )
    return points.approve_correction(correction_id=one.id, actor=judge, now=now)


def _shelf(made: Access, now: datetime) -> dict[str, object]:
    place = made.place
    station = Station.objects.create(
        code="Y01", kind="care_station", name="柳溪驿站", place="柳溪路 18 号", node=place.town["M1"],
        lng=place.town.at(60, 60).lng, lat=place.town.at(60, 60).lat, opened_at=cast.A_YEAR_AGO,
    )  # fmt: skip
    offer = Offer(name="洗洁精", unit="瓶", category=Category.DAILY, points=20, description="1 公斤装")
    asked = shop.propose_item(offer=offer, plan=Plan(quantity=5), actor=_of(made, Role.COORDINATOR), now=now)
    item = shop.open_item(proposal_id=asked.id, actor=_of(made, Role.LEADER), now=now)
    return {"station_id": station.id, "item_id": item.id}


def _book(made: Access, now: datetime) -> dict[str, object]:
    proposal = rulebook.propose(unit=made.place.city, proposer=_of(made, Role.UNIT_LEAD), terms=SWEEP, now=now)
    rulebook.draft(author=_of(made, Role.RULEBOOK_EDITOR), note="下一版", now=now)
    return {"proposal_id": proposal.id}


def two_streets(now: datetime) -> tuple[Access, Access]:
    """With the same in both; the ids of one mean nothing in the other."""
    here, there = settle(open_street("yunqiao", "云桥街道"), 1), settle(open_street("hetang", "荷塘街道"), 2)
    both = make(here, 1, now), make(there, 2, now)
    planning.count_rows()  # nothing is committed, so nobody else does
    return both

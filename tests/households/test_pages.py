"""The pages of linked households: who may open what, and the way through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from huipai.grid import commands as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.households import queries
from huipai.households.commands import assessing, groups, links, needs
from huipai.households.models import Assessment, Group, Link, Need, Objection, Visit
from huipai.households.pages.parts import place_of
from huipai.households.words import LinkState, NeedKind
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests import cast
from tests.cast import A_YEAR_AGO
from tests.households.conftest import CALM, Stairwell, join_up
from tests.households.test_assessing import QUARTER

As = Callable[[Person], Client]
S = "/s/yunqiao/"


def words(client: Client, page: str, status: int = 200) -> str:
    answer = client.get(S + page)
    assert answer.status_code == status, answer.content.decode()[:300]
    return answer.content.decode()


def test_a_household_and_its_contact_find_each_other(here: Stairwell, as_: As) -> None:
    as_(here.tao).post(S + "contacts/new/", {"household": "H1"})
    link = Link.objects.get()
    assert "陶小梁" in words(as_(here.lan), "household/")
    as_(here.lan).post(f"{S}household/links/{link.pk}/acceptance/")
    need_id = str(new_id())
    typed = {"need_id": need_id, "kind": NeedKind.REPAIR, "text": "水龙头漏水", "agree": "on"}
    for _twice in range(2):
        assert as_(here.lan).post(S + "household/needs/new/", typed).status_code == 302
    assert Need.objects.count() == 1
    assert "水龙头漏水" in words(as_(here.tao), "contacts/")
    as_(here.tao).post(f"{S}contacts/needs/{need_id}/taking/")
    today = local_date(clock.now()).isoformat()
    noted = {"visited_on": today, "way": "door", "reason": "need", "need": need_id, "note": "换了垫圈"}
    assert as_(here.tao).post(f"{S}contacts/{link.pk}/visit/", noted).status_code == 302
    as_(here.tao).post(f"{S}contacts/needs/{need_id}/done/")
    page = words(as_(here.lan), "household/")
    assert "换了垫圈" in page and "还没好，接着帮" in page
    as_(here.lan).post(f"{S}household/visits/{Visit.objects.get().pk}/denial/")
    assert "您家说没有来过" in words(as_(here.lan), "household/")


def test_each_visit_can_be_read_and_denied_however_many_there_are(here: Stairwell, as_: As) -> None:
    join_up(here)
    now = clock.now()
    link = Link.objects.get(household=here.first)
    visits = Visit.objects.bulk_create(
        Visit(
            link=link,
            way="door",
            reason="company",
            note="",
            visited_on=local_date(now - timedelta(days=n)),
            noted_at=now,
        )
        for n in range(25)
    )
    first, second = words(as_(here.lan), "household/"), words(as_(here.lan), "household/?visits=2")
    assert (first.count("没有来过"), second.count("没有来过")) == (20, 5) and "?visits=2" in first
    assert f"household/visits/{visits[-1].pk}/denial/" in second


def test_what_was_typed_wrong_stays(here: Stairwell, as_: As) -> None:
    typed = {"need_id": str(new_id()), "kind": NeedKind.REPAIR, "text": "水龙头漏水"}
    answer = as_(here.lan).post(S + "household/needs/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "水龙头漏水" in page and "要您同意" in page
    answer = as_(here.tao).post(S + "contacts/new/", {"household": "H99"})
    assert answer.status_code == 422 and "没有编码是 H99 的户" in answer.content.decode()


def test_nobody_types_a_code_where_the_system_knows_the_households(here: Stairwell, as_: As) -> None:
    page = words(as_(here.tao), "contacts/new/")
    assert "?household=H1" in page and "?household=H2" in page and "住户编码" not in page
    assert "兰小河" not in page and "?household=H2" not in words(as_(here.tao), "contacts/new/?q=B1+H1")
    assert "没有找到" in words(as_(here.tao), "contacts/new/?q=nowhere")
    form = words(as_(here.tao), "contacts/new/?household=H1")
    assert 'name="household" value="H1"' in form and "换一户" in form
    as_(here.tao).post(S + "contacts/new/", {"household": "H1"})
    assert "?household=H1" not in words(as_(here.tao), "contacts/new/")
    assert "先和一户结对" in words(as_(here.tao), "linked/incentives/new/")
    links.accept(link_id=Link.objects.get().pk, actor=here.lan, now=clock.now())
    assert "?household=H1" in words(as_(here.tao), "linked/incentives/new/")
    assert "?household=H1" in words(as_(here.coordinator), "linked/incentives/new/?q=H1")
    assert "?household=H2" not in words(as_(here.coordinator), "linked/incentives/new/?q=H2")
    assert 'name="item_code"' in words(as_(here.coordinator), "linked/incentives/new/?household=H1")


def test_whoever_leads_a_group_chooses_among_its_households_and_never_for_it(here: Stairwell, as_: As) -> None:
    assert "联户长只联本组的户" in words(as_(here.lan), "contacts/new/")
    group = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=clock.now())
    joining = f"linked/{group.pk}/joining/"
    assert "?household=H1" in words(as_(here.coordinator), joining)
    for home, person in ((here.first, here.lan), (here.second, here.hua)):
        groups.join(
            group_id=group.pk, household=home, agreed_by=person, actor=here.coordinator, now=clock.now()
        )  # fmt: skip
    assert "这里的住户都有联户组了" in words(as_(here.coordinator), joining)
    groups.lead(group_id=group.pk, person=here.lan, actor=here.coordinator, now=clock.now())
    page = words(as_(here.lan), "contacts/new/")
    assert "?household=H2" in page and "?household=H1" not in page
    asked = links.ask_household(household=here.second, contact=here.lan, now=clock.now())
    links.accept(link_id=asked.pk, actor=here.hua, now=clock.now())
    assert "?household=" not in words(as_(here.lan), "linked/incentives/new/")


def test_another_streets_households_are_not_offered(here: Stairwell, there: Stairwell, as_: As) -> None:
    GridNode.objects.filter(code="H1").update(code="H7")
    new = "/s/hetang/contacts/new/"
    page = as_(there.tao).get(new).content.decode()
    assert "?household=H1" in page and "?household=H7" not in page
    assert as_(there.tao).post(new, {"household": "H7"}).status_code == 422


def test_an_incentive_from_proposal_to_objection(here: Stairwell, as_: As) -> None:
    join_up(here)
    typed = {"household": "H1", "item_code": CALM.code, "quarter": QUARTER.isoformat(), "note": "楼道清爽"}
    assert as_(here.coordinator).post(S + "linked/incentives/new/", typed).status_code == 302
    assessment = Assessment.objects.get()
    assert "楼道清爽" in words(as_(here.qin), "linked/incentives/")
    as_(here.qin).post(f"{S}linked/incentives/{assessment.pk}/approval/")
    page = words(as_(here.hua), "household/publicity/")
    assert "兰**家" in page or "兰*家" in page
    assert "兰小河" not in page and "H1" not in page
    door = f"{S}household/publicity/{assessment.pk}/objection/"
    assert door in page
    for own in (here.lan, here.coordinator, here.qin):
        assert door not in words(as_(own), "household/publicity/")
        assert as_(own).get(door).status_code == 403
    as_(here.hua).post(door, {"text": "堆过纸箱"})
    page = words(as_(here.hua), "household/publicity/")
    assert "公示时间先停着" in page and door not in page
    objection = Objection.objects.get()
    assert "堆过纸箱" in words(as_(here.bo), "linked/incentives/")
    assert as_(here.bo).post(f"{S}linked/objections/{objection.pk}/upholding/", {"answer": ""}).status_code == 422
    assert as_(here.bo).post(f"{S}linked/objections/{objection.pk}/upholding/", {"answer": "堆过"}).status_code == 302
    assert "异议成立" in words(as_(here.lan), "household/")
    answered = words(as_(here.hua), "household/publicity/")
    assert "您说：堆过纸箱" in answered and "答复：堆过" in answered
    assert "答复" not in words(as_(here.bo), "household/publicity/")


def test_a_coordinator_reads_incentives_of_their_community_and_their_own_proposals(here: Stairwell, as_: As) -> None:
    """Undecided ones have an address and a note, and what is said against one is nobody else's business."""
    join_up(here)
    other, elsewhere = cast.staff("冯小渡", "13900000031"), here.town.add(Level.COMMUNITY, "C2", "S")
    grid.assign(person=other, role=Role.COORDINATOR, node=elsewhere, actor=None, now=clock.now())
    admin = cast.appoint(cast.staff("管小全", "13900000032"), Role.SYSTEM_ADMIN)
    proposed = [
        assessing.propose(
            household=household, item_code=CALM.code, quarter=QUARTER, note=note, actor=here.coordinator,
            now=clock.now(),
        )
        for household, note in ((here.first, "楼道清爽"), (here.second, "楼下通畅"))
    ]  # fmt: skip
    assessing.approve(assessment_id=proposed[0].pk, actor=here.qin, now=clock.now())
    assessing.object_to(assessment_id=proposed[0].pk, text="堆过纸箱", actor=here.tao, now=clock.now())
    near = cast.staff("邻小桥", "13900000033")
    grid.assign(person=near, role=Role.COORDINATOR, node=here.town["C"], actor=None, now=A_YEAR_AGO)
    page = "linked/incentives/"
    for person, waits, against in (
        (other, False, False), (near, True, True), (here.coordinator, True, False), (here.bo, True, True),
        (admin, True, True),
    ):  # fmt: skip
        read = words(as_(person), page)
        assert ("楼下通畅" in read, "堆过纸箱" in read) == (waits, against), person.name
    held, now = here.coordinator.assignments.get(), clock.now()
    grid.hand_over(assignment_id=held.pk, to=cast.staff("纪小川", "13900000034"), at=now, actor=None, now=now)
    grid.assign(person=here.coordinator, role=Role.COORDINATOR, node=elsewhere, actor=None, now=now)
    assert "楼下通畅" in words(as_(here.coordinator), page)


def test_who_decides_on_an_objection_reads_whose_incentive_it_is(here: Stairwell, as_: As) -> None:
    join_up(here)
    one = assessing.propose(
        household=here.first, item_code=CALM.code, quarter=QUARTER, note="楼道清爽", actor=here.coordinator,
        now=clock.now(),
    )  # fmt: skip
    place = place_of(here.first)
    refusing = words(as_(here.bo), f"linked/incentives/{one.pk}/refusal/")
    assert place in refusing and "楼道清爽" in refusing
    assessing.approve(assessment_id=one.pk, actor=here.qin, now=clock.now())
    said = assessing.object_to(assessment_id=one.pk, text="堆过纸箱", actor=here.tao, now=clock.now())
    for page in (
        "linked/incentives/",
        f"linked/objections/{said.pk}/upholding/",
        f"linked/objections/{said.pk}/dismissal/",
    ):
        read = words(as_(here.bo), page)
        assert all(word in read for word in (place, "20 分", "楼道清爽", "公示到", "堆过纸箱")), page


def test_a_form_for_a_group_opens_for_its_keepers_alone(here: Stairwell, as_: As) -> None:
    assert as_(here.coordinator).get(S + "linked/new/").status_code == 200
    assert as_(here.qin).get(S + "linked/new/").status_code == 403  # a reviewer, who may look at the groups
    assert as_(here.qin).get(S + "linked/").status_code == 200


def test_the_desk_keeps_groups(here: Stairwell, as_: As) -> None:
    desk = as_(here.coordinator)
    assert desk.post(S + "linked/new/", {"node": "B1", "name": "一单元"}).status_code == 302
    group = Group.objects.get()
    page = f"{S}linked/{group.pk}/"
    assert desk.post(page + "joining/", {"household": "H1", "agreed_by": "13800000001"}).status_code == 302
    assert desk.post(page + "joining/", {"household": "H2", "agreed_by": "13800000001"}).status_code in (403, 422)
    assert desk.post(page + "lead/", {"lead": "13800000001"}).status_code == 302
    assert "联户长 兰小河" in words(desk, "linked/?q=一单元")
    leaving = page + f"members/{group.memberships.get().pk}/leaving/"
    assert desk.post(leaving).status_code == 302
    assert desk.post(page + "joining/", {"household": "H1", "agreed_by": "13800000001"}).status_code == 302
    again = desk.post(leaving)
    assert again.status_code == 409 and "已经不在这个组里" in again.content.decode()
    assert queries.group_of(here.first, clock.now()) == group, "what it has joined since is another membership"
    assert desk.post(page + "closing/").status_code == 302
    assert "一单元" not in words(desk, "linked/")


DESK_ROLES = {Role.COORDINATOR, Role.REVIEWER, Role.LEADER, Role.SYSTEM_ADMIN}


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.RESIDENT, Role.UNIT_HANDLER, Role.UNIT_LEAD)]
)
def test_the_desk_opens_to_four_roles_only(here: Stairwell, as_: As, settings: object, role: Role) -> None:
    settings.SECOND_FACTOR_FOR_ADMINS = False  # type: ignore[attr-defined]
    somebody = cast.appoint(cast.staff("安小全", "13900000099"), role)
    for page in ("linked/", "linked/incentives/"):
        words(as_(somebody), page, 200 if role in DESK_ROLES else 403)


def test_strangers_and_the_other_street_find_nothing(here: Stairwell, there: Stairwell, as_: As) -> None:
    now = clock.now()
    join_up(here)
    group = groups.open_group(node=here.town["B1"], name="一单元", actor=here.coordinator, now=now)
    link = links.ask_household(household=here.first, contact=here.tao, now=now)
    links.accept(link_id=link.pk, actor=here.lan, now=now)
    need = needs.raise_need(
        need_id=uuid4(), household=here.first, kind=NeedKind.MEALS, text="", actor=here.lan, now=now
    )
    assessment = assessing.propose(
        household=here.first, item_code=CALM.code, quarter=QUARTER, note="", actor=here.coordinator, now=now
    )
    posts = [
        f"household/needs/{need.pk}/withdrawal/", f"contacts/needs/{need.pk}/taking/",
        f"linked/{group.pk}/closing/", f"linked/incentives/{assessment.pk}/approval/",
        f"household/links/{link.pk}/acceptance/",
    ]  # fmt: skip
    for post in posts:
        assert as_(here.hua).post(S + post).status_code in (403, 404), post
    assert as_(here.hua).get(f"{S}contacts/{link.pk}/visit/").status_code == 404
    assert as_(here.hua).get(f"{S}household/links/{link.pk}/wishes/").status_code == 404
    with in_street(there.street.id):
        for person in (there.coordinator, there.tao, there.lan, there.qin):
            for post in posts:
                answer = as_(person).post("/s/hetang/" + post)
                assert answer.status_code in (403, 404), (person.name, post, answer.status_code)
    link.refresh_from_db()
    assert link.state == LinkState.STANDING


def test_who_lives_nowhere_is_told_what_to_do(here: Stairwell, as_: As) -> None:
    assert "到社区窗口登记" in words(as_(here.tao), "household/")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_a_fixed_number(
    here: Stairwell, as_: As, count: int, django_assert_max_num_queries: Callable[..., object]
) -> None:
    now = clock.now()
    join_up(here)
    link = links.ask_household(household=here.first, contact=here.tao, now=now)
    links.accept(link_id=link.pk, actor=here.lan, now=now)
    for _ in range(count):
        needs.raise_need(need_id=new_id(), household=here.first, kind=NeedKind.MEALS, text="", actor=here.lan, now=now)
    with_more = replace(CALM, code="ox-32")
    cast.rulebook(CALM, with_more, since=datetime(2026, 6, 1, tzinfo=UTC))
    for household in (here.first, here.second)[: count - 1]:
        for code in (CALM.code, with_more.code):
            thanked = assessing.propose(
                household=household, item_code=code, quarter=QUARTER, note="", actor=here.coordinator, now=now
            )
            if code == CALM.code:
                assessing.approve(assessment_id=thanked.pk, actor=here.qin, now=now)
                assessing.object_to(assessment_id=thanked.pk, text="堆过纸箱", actor=here.tao, now=now)
    pages = (
        (here.lan, "household/", 24), (here.tao, "contacts/", 20), (here.hua, "household/publicity/", 17),
        (here.bo, "linked/incentives/", 22),
    )  # fmt: skip
    for person, page, most in pages:
        client = as_(person)
        with django_assert_max_num_queries(most):  # type: ignore[attr-defined]
            client.get(S + page)

"""Whoever has no page of their own asks at the counter to be forgotten: a document is seen, the word is typed."""

from __future__ import annotations

import pytest

from huipai.grid import commands as grid
from huipai.grid.words import UnitKind
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.people import commands
from huipai.people.models import Account, Person, SignInCode
from huipai.people.words import Document, Role
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.grid.conftest import build
from tests.people.doors import LAN, Browser, leads_to, words
from tests.people.test_counter import NOT_AT_THE_COUNTER, NOW, colleague, worker_of

pytestmark = pytest.mark.django_db
SAID = {"document": "id_card", "word": "注销"}


@pytest.fixture
def wang(in_yunqiao: Street) -> Person:
    """Known to the counter only."""
    clerk = cast.staff("邵窗口", "13900010088")
    return commands.enter_at_counter(name="王阿婆", actor=clerk, now=cast.A_MONTH_AGO, birth_year=1948)


def page(person: Person) -> str:
    return f"counter/{person.id}/leave/"


def is_gone(person: Person) -> bool:
    person.refresh_from_db()
    return (person.name, person.birth_year, person.erased_at is not None) == ("", None, True)


class TestWhoWritesItDown:
    @pytest.mark.parametrize("role", NOT_AT_THE_COUNTER)
    def test_no_other_role(self, wang: Person, role: Role) -> None:
        desk = Browser().enter(colleague(role))
        assert desk.open(page(wang)).status_code == desk.send(page(wang), **SAID).status_code == 403
        assert not is_gone(wang)

    @pytest.mark.parametrize("role", [Role.UNIT_HANDLER, Role.UNIT_LEAD])
    def test_nobody_who_works_for_a_unit(self, wang: Person, yunqiao: Street, role: Role) -> None:
        unit = grid.create_unit(
            code="U", name="绿化队", kind=UnitKind.GREENERY, node=build(yunqiao)["S"], actor=None, now=cast.A_MONTH_AGO
        )
        handler = cast.staff("齐", "13720000000")
        grid.assign(person=handler, role=role, unit=unit, actor=None, now=cast.A_MONTH_AGO)
        assert Browser().enter(handler).send(page(wang), **SAID).status_code == 403 and not is_gone(wang)

    def test_no_neighbour_no_visitor_and_no_other_street(self, wang: Person, hetang: Street) -> None:
        with in_street(hetang.id):
            there = cast.appoint(cast.staff("何", "13900000077"), Role.COORDINATOR)
        assert Browser().enter(cast.resident("兰", LAN)).send(page(wang), **SAID).status_code == 403
        assert leads_to(Browser().send(page(wang), **SAID)).startswith("/s/yunqiao/sign-in/")
        assert Browser("hetang").enter(there).send(page(wang), **SAID).status_code == 404
        assert not is_gone(wang)

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SECURITY_ADMIN])
    def test_who_serves_every_resident(self, wang: Person, role: Role) -> None:
        hand = colleague(role)
        desk = Browser().enter(hand)
        assert leads_to(desk.send("counter/", name="王阿婆")).endswith(f"/counter/{wang.id}/")
        assert f"/s/yunqiao/{page(wang)}" in words(desk.open(f"counter/{wang.id}/"))
        assert leads_to(desk.send(page(wang), **SAID)) == "/s/yunqiao/counter/" and is_gone(wang)
        entry = Entry.objects.get(what="person.erased")
        assert (entry.subject, entry.actor_id) == (f"person:{wang.id}", hand.id)
        assert entry.facts == {"document": "id_card"}
        assert desk.open(page(wang)).status_code == desk.send(page(wang), **SAID).status_code == 404, "once"

    def test_a_grid_worker_of_who_lives_there(self, wang: Person, yunqiao: Street) -> None:
        town = build(yunqiao)
        worker, elsewhere = worker_of(town, "M1"), worker_of(town, "M2")
        assert Browser().enter(worker).send(page(wang), **SAID).status_code == 403
        grid.move_in(person=wang, household=town["H1"], at=cast.A_MONTH_AGO, actor=None, now=cast.A_MONTH_AGO)
        assert Browser().enter(elsewhere).send(page(wang), **SAID).status_code == 403 and not is_gone(wang)
        assert leads_to(Browser().enter(worker).send(page(wang), **SAID)) and is_gone(wang)


class TestOfWhom:
    def test_not_of_who_leaves_by_themselves_nor_of_staff(self, wang: Person) -> None:
        lan, desk = cast.resident("兰", LAN), Browser().enter(colleague(Role.SECURITY_ADMIN))
        answer = desk.send(page(lan), **SAID)
        assert answer.status_code == 403 and "由本人登录以后注销" in words(answer)
        shown = words(desk.open(f"counter/{lan.id}/"))
        assert page(lan) not in shown and "删掉登记" not in shown
        assert desk.send(page(colleague(Role.GRID_WORKER)), **SAID).status_code == 403
        with pytest.raises(NotAllowed):
            commands.erase_at_counter(person=lan, document=Document.ID_CARD, actor=cast.clerk(), now=NOW)

    def test_of_who_gave_their_number_up_and_comes_in_no_more(self, wang: Person) -> None:
        lan = cast.resident("兰", LAN)
        Account.objects.filter(pk=lan.account_id).update(phone=None, given_up_at=NOW)
        desk = Browser().enter(colleague(Role.COORDINATOR))
        assert leads_to(desk.send(page(lan), **SAID)) and is_gone(lan)
        assert Account.objects.filter(erased_at__isnull=False).count() == 1


class TestHow:
    @pytest.mark.parametrize(
        ("typed", "at"), [({"word": "好"}, "word"), ({"document": ""}, "document"), ({"document": "x"}, "document")]
    )
    def test_not_by_a_slip_of_the_finger_and_not_without_a_document(
        self, wang: Person, typed: dict[str, str], at: str
    ) -> None:
        desk = Browser().enter(colleague(Role.COORDINATOR))
        assert "看的是哪种证件" in words(desk.open(page(wang)))
        answer = desk.send(page(wang), **{**SAID, **typed})
        assert answer.status_code == 422 and f'href="#f-{at}"' in words(answer) and not is_gone(wang)

    def test_with_it_go_a_home_and_what_stood_through_them(self, wang: Person, yunqiao: Street) -> None:
        clerk = colleague(Role.COORDINATOR)
        bond = commands.record_guardian_of_child(
            guardian=wang, name="小满", birth_year=NOW.year - 9, paper_number="1", age_seen=True, actor=clerk, now=NOW
        )
        commands.erase_at_counter(person=wang, document=Document.HOUSEHOLD_REGISTER, actor=clerk, now=NOW)
        bond.refresh_from_db()
        assert is_gone(wang) and bond.ended_at == NOW


def test_to_whom_only_the_counter_knows_no_code_is_sent(wang: Person) -> None:
    """There is no number to change: none is asked for, and what is sent all the same is refused before it costs."""
    desk = Browser().enter(colleague(Role.COORDINATOR))
    shown = words(desk.open(f"counter/{wang.id}/"))
    assert "只在窗口登记过" in shown and "给新号码发验证码" not in shown
    sent = SignInCode.objects.count()
    answer = desk.send(f"counter/{wang.id}/", phone=LAN)
    assert answer.status_code == 403 and "只在窗口登记过" in words(answer)
    assert SignInCode.objects.count() == sent

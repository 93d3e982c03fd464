"""The counter is a post: who serves there, whom, and what stays in the journal."""

from datetime import UTC, datetime

import pytest

from huipai.grid import commands as grid
from huipai.grid.words import UnitKind
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.people import commands, policies, queries
from huipai.people.models import Account, Person, PhoneChange
from huipai.people.words import Channel, ConsentPurpose, Fact, FactorLoss, Role
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.grid.conftest import Town, build
from tests.people.doors import LAN, MEI, Browser, leads_to, words

NOW = datetime.now(UTC)
NO_ACCOUNT = "这位没有自己的账号"
NOT_AT_THE_COUNTER = [
    role
    for role in Role
    if role
    not in {Role.RESIDENT, Role.COORDINATOR, Role.GRID_WORKER, Role.SECURITY_ADMIN, Role.UNIT_HANDLER, Role.UNIT_LEAD}
]


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return cast.resident(name="兰", phone=LAN, now=cast.A_MONTH_AGO)


def colleague(role: Role) -> Person:
    return cast.appoint(cast.staff("卫", f"1371000{list(Role).index(role):04}"), role)


class TestWhoServes:
    @pytest.mark.parametrize("role", NOT_AT_THE_COUNTER)
    def test_no_other_role(self, lan: Person, role: Role) -> None:
        desk = Browser().enter(colleague(role))
        for page in ("counter/", f"counter/{lan.id}/", f"counter/{lan.id}/ward/"):
            assert desk.open(page).status_code == 403
            assert desk.send(page, phone=MEI).status_code == 403
        assert not PhoneChange.objects.exists()
        assert "counter/" not in words(desk.open("me/"))

    def test_nobody_who_works_for_a_unit(self, lan: Person, yunqiao: Street) -> None:
        town = build(yunqiao)
        unit = grid.create_unit(
            code="U", name="绿化队", kind=UnitKind.GREENERY, node=town["S"], actor=None, now=cast.A_MONTH_AGO
        )
        for number, role in enumerate((Role.UNIT_HANDLER, Role.UNIT_LEAD)):
            handler = cast.staff("齐", f"1372000000{number}")
            grid.assign(person=handler, role=role, unit=unit, actor=None, now=cast.A_MONTH_AGO)
            assert Browser().enter(handler).open("counter/").status_code == 403

    def test_a_coordinator_serves_every_resident(self, lan: Person) -> None:
        desk = Browser().enter(colleague(Role.COORDINATOR))
        assert "counter/" in words(desk.open("me/"))
        assert leads_to(desk.send("counter/", phone=LAN)).endswith(f"/counter/{lan.id}/")

    def test_a_grid_worker_serves_who_lives_in_the_grid(self, lan: Person, yunqiao: Street) -> None:
        town = build(yunqiao)
        mei = cast.resident("梅", MEI)
        grid.move_in(person=mei, household=town["H1"], at=cast.A_MONTH_AGO, actor=None, now=cast.A_MONTH_AGO)
        desk = Browser().enter(worker_of(town, "M1"))
        assert leads_to(desk.send("counter/", phone=MEI)).endswith(f"/counter/{mei.id}/")
        answer = desk.send("counter/", phone=LAN)
        assert answer.status_code == 403 and "请到社区窗口" in words(answer)
        assert desk.open(f"counter/{lan.id}/").status_code == 403
        elsewhere = Browser().enter(worker_of(town, "M2"))
        assert elsewhere.open(f"counter/{mei.id}/").status_code == 403

    def test_who_has_held_the_post_does_so_no_more(self, lan: Person) -> None:
        clerk = cast.clerk()
        held = clerk.assignments.get()  # type: ignore[attr-defined]
        held.valid_until = cast.MONDAY
        held.save()
        assert not policies.may_serve_at_counter(clerk, lan, cast.TUESDAY)

    def test_a_post_in_one_street_is_none_in_the_other(self, lan: Person, hetang: Street) -> None:
        clerk = cast.clerk()
        with in_street(hetang.id):
            there = cast.resident("兰", LAN)
            cast.staff("魏", "13900000001")
        assert Browser("hetang").enter(clerk).open(f"counter/{there.id}/").status_code == 403


def worker_of(town: Town, code: str) -> Person:
    person = cast.staff("许", f"1373000000{code[-1]}")
    grid.assign(person=person, role=Role.GRID_WORKER, node=town[code], actor=None, now=cast.A_MONTH_AGO)
    return person


class TestAccountsOfStaff:
    """With a changed number one may ask for a new password: what opens a desk is not changed at a counter."""

    @pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.GRID_WORKER, Role.AUDITOR])
    def test_are_closed_to_the_counter(self, in_yunqiao: Street, role: Role) -> None:
        victim, desk = colleague(role), Browser().enter(cast.clerk())
        assert victim.account is not None
        answer = desk.send("counter/", phone=str(victim.account.phone))
        assert answer.status_code == 403 and "安全管理员" in words(answer)
        assert desk.send(f"counter/{victim.id}/", phone=MEI).status_code == 403
        assert desk.send(f"counter/{victim.id}/recognise/").status_code == 403

    def test_of_somebody_employed_in_another_street_too(self, lan: Person, hetang: Street) -> None:
        with in_street(hetang.id):
            cast.staff("兰", LAN)
        victim = Person.objects.get(pk=lan.pk)
        assert not policies.may_serve_at_counter(cast.clerk(), victim, NOW)

    def test_are_changed_by_the_security_administrator_but_never_ones_own(self, in_yunqiao: Street) -> None:
        guard, worker = colleague(Role.SECURITY_ADMIN), colleague(Role.GRID_WORKER)
        desk = Browser().enter(guard)
        assert desk.open(f"counter/{worker.id}/").status_code == 200
        assert desk.open(f"counter/{guard.id}/").status_code == 403


class TestSomebodyWhomOnlyTheCounterKnows:
    """There is no account to move to a number, to trust again, or to open without its app."""

    @pytest.fixture
    def zhou(self, in_yunqiao: Street) -> Person:
        return commands.enter_at_counter(name="周奶奶", actor=cast.staff("邵", "13900010088"), now=cast.A_MONTH_AGO)

    @pytest.mark.parametrize("press", ["recognise/", "second-factor/"])
    def test_has_nothing_to_be_trusted_again_or_taken_off(self, zhou: Person, press: str) -> None:
        answer = Browser().enter(cast.clerk()).send(f"counter/{zhou.id}/{press}", why=FactorLoss.LOST)
        assert answer.status_code == 403 and NO_ACCOUNT in words(answer)

    def test_is_not_whoever_has_an_account_and_gave_its_number_up(self, lan: Person) -> None:
        Account.objects.filter(pk=lan.account_id).update(phone=None, given_up_at=NOW)
        desk, page = Browser().enter(cast.clerk()), f"counter/{lan.id}/"
        assert 'name="phone"' in words(desk.open(page))
        assert leads_to(desk.send(page, phone=MEI)).endswith(page) and 'name="code"' in words(desk.open(page))


class TestGuardians:
    def test_one_is_ended_at_the_counter_and_both_see_that(self, lan: Person, hetang: Street) -> None:
        with in_street(hetang.id):
            neighbour = colleague(Role.COORDINATOR)
        clerk = colleague(Role.COORDINATOR)
        desk, page = Browser().enter(clerk), f"counter/{lan.id}/"
        bond = commands.record_guardian_of_child(
            guardian=lan, name="小满", birth_year=NOW.year - 9, paper_number="1", age_seen=True, actor=clerk, now=NOW
        )
        end = f"guardianships/{bond.id}/end/"
        shown = words(desk.open(page))
        assert f"{NOW.year - 9} 年生" in shown and "同意书 1" in shown, "which of two children"
        assert end in words(desk.open(page)) and end in words(desk.open(f"counter/{bond.minor_id}/"))
        stranger = cast.resident(name="梅", phone=MEI, now=NOW)
        assert desk.send(f"counter/{stranger.id}/{end}").status_code == 404, "not hers"
        assert Browser().enter(lan).send(page + end).status_code == 403
        assert Browser("hetang").enter(neighbour).send(page + end).status_code == 404
        assert leads_to(desk.send(page + end)).endswith(page)
        assert end not in words(desk.open(page)) and desk.send(page + end).status_code == 404
        assert Entry.objects.filter(what=Fact.GUARDIANSHIP_ENDED, actor_id=clerk.id).count() == 1

    @pytest.mark.parametrize("typed", ["", "五四", "54", str(NOW.year + 1), str(NOW.year - 126)])
    def test_a_year_in_which_nobody_was_born_is_said_and_stays_in_the_field(self, lan: Person, typed: str) -> None:
        answer = Browser().enter(colleague(Role.COORDINATOR)).send(f"counter/{lan.id}/birth-year/", birth_year=typed)
        lan.refresh_from_db()
        assert answer.status_code == 422 and f'value="{typed}"' in words(answer) and lan.birth_year is None

    def test_a_year_of_birth_is_noted_again_where_it_was_wrong_and_read_by_whose_it_is(self, lan: Person) -> None:
        clerk = colleague(Role.COORDINATOR)
        for year in (1945, 1954, 1954):
            leads_to(Browser().enter(clerk).send(f"counter/{lan.id}/birth-year/", birth_year=str(year)))
        assert Entry.objects.filter(what=Fact.BIRTH_YEAR_NOTED, actor_id=clerk.id).count() == 2
        assert "1954 年生" in words(Browser().enter(lan).open("me/"))
        assert Browser().enter(clerk).send(f"counter/{clerk.id}/birth-year/", birth_year="1954").status_code == 403

    @pytest.mark.parametrize(("field", "what"), [("paper", "编号太长"), ("name", "名字太长")])
    def test_what_is_too_long_is_said_and_the_rest_stays(self, lan: Person, field: str, what: str) -> None:
        desk = Browser().enter(colleague(Role.COORDINATOR))
        typed = {"paper": "纸-7", "name": "小满", "birth_year": str(NOW.year - 9), "age_seen": "on", field: "长" * 41}
        answer = desk.send(f"counter/{lan.id}/ward/", **typed)
        assert (
            answer.status_code == 422
            and what in words(answer)
            and all(value in words(answer) for value in typed.values())
        )


class TestCommands:
    def test_ask_again_whatever_the_door(self, lan: Person) -> None:
        handler = cast.staff("齐", "13720000009")
        refused = (
            lambda: commands.recognise_at_counter(person=lan, actor=handler, now=NOW),
            lambda: commands.look_up_at_counter(phone=LAN, actor=handler, now=NOW),
            lambda: commands.erase(person=lan, actor=handler, now=NOW),
            lambda: commands.record_guardian_of_child(
                guardian=lan,
                name="小满",
                birth_year=NOW.year - 9,
                paper_number="1",
                age_seen=True,
                actor=handler,
                now=NOW,
            ),
            lambda: commands.note_consent(
                person=lan, purpose=ConsentPurpose.CARE, channel=Channel.PAPER, paper_number="1", actor=handler, now=NOW
            ),
        )
        for command in refused:
            with pytest.raises(NotAllowed):
                command()
        assert not Entry.objects.filter(actor_id=handler.id).exclude(subject=f"person:{handler.id}").exists()

    def test_what_was_agreed_to_at_the_counter_is_taken_back_there(self, lan: Person) -> None:
        clerk, other = cast.clerk(), cast.appoint(cast.staff("齐", "13720000009"), Role.REVIEWER)
        commands.note_consent(
            person=lan, purpose=ConsentPurpose.CARE, channel=Channel.PAPER, paper_number="1", actor=clerk, now=NOW
        )
        here, desk = f"counter/{lan.id}/", Browser().enter(clerk)
        page, taken_back = words(desk.open(here)), f"{here}consents/care/withdraw/"
        assert "登记需要的帮助" in page and page.count("本人撤回") == 1  # not what she said on her own page
        assert Browser().enter(other).send(taken_back).status_code == 403
        assert Browser().enter(lan).send(taken_back).status_code == 403
        assert leads_to(desk.send(taken_back)).endswith(here)
        assert not queries.has_consent(lan, ConsentPurpose.CARE)
        told = Entry.objects.get(what=Fact.CONSENT_WITHDRAWN)
        assert (told.actor_id, told.facts["purpose"]) == (clerk.id, "care")
        assert "本人撤回" not in words(desk.open(here))
        for purpose in ("care", "privacy_notice", "guardianship", "none"):
            assert desk.send(f"{here}consents/{purpose}/withdraw/").status_code == 404
        with pytest.raises(NotAllowed):
            commands.note_withdrawal(person=lan, purpose=ConsentPurpose.PRIVACY_NOTICE, actor=other, now=NOW)

    def test_each_is_in_the_journal_with_who_did_it(self, lan: Person) -> None:
        clerk = cast.clerk()
        commands.look_up_at_counter(phone=LAN, actor=clerk, now=NOW)
        commands.recognise_at_counter(person=lan, actor=clerk, now=NOW)
        commands.note_consent(
            person=lan, purpose=ConsentPurpose.CARE, channel=Channel.PAPER, paper_number="1", actor=clerk, now=NOW
        )
        commands.record_guardian_of_child(
            guardian=lan, name="小满", birth_year=NOW.year - 9, paper_number="1", age_seen=True, actor=clerk, now=NOW
        )
        told = set(Entry.objects.filter(actor_id=clerk.id).values_list("what", flat=True))
        assert {
            Fact.PERSON_LOOKED_UP, Fact.ACCOUNT_NAMED_BY_COUNTER, Fact.CONSENT_GIVEN, Fact.GUARDIANSHIP_RECORDED,
        } <= told  # fmt: skip

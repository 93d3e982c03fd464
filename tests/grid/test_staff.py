"""Those who work for the street: employed, given roles, let go, and let in again; each by the right administrator."""

import re
from datetime import timedelta

import pytest

from huipai.grid import commands
from huipai.grid.commands.refusals import AlreadyEmployed, EmployedElsewhere, NotEmployedHere, ThreePeople
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people import queries as people_queries
from huipai.people.commands import NoSecondFactor, NotLocked, TextHasMoved, TooManyTries
from huipai.people.models import Account, ConsentText, Person
from huipai.people.words import ConsentPurpose, FactorLoss, Role, TryKind
from huipai.senders.models import Message
from huipai.streets.current import in_street
from tests.cast import A_MONTH_AGO, MONDAY, appoint, resident, staff
from tests.grid.conftest import build
from tests.grid.test_pages import text
from tests.jobs import run_jobs
from tests.people.test_settling import shows

STAFF = "/s/yunqiao/grid/staff/"
TEXTS = "/s/yunqiao/grid/texts/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_FOR_ADMINS = False


def person_with(role, node, name, phone):
    person = staff(name, phone)
    commands.assign(person=person, role=role, node=node, actor=None, now=A_MONTH_AGO)
    return person


@pytest.fixture
def system(in_yunqiao, town):
    return person_with(Role.SYSTEM_ADMIN, town["S"], "石", "13900000009")


@pytest.fixture
def security(in_yunqiao, town):
    return person_with(Role.SECURITY_ADMIN, town["S"], "安", "13900000008")


@pytest.fixture
def auditor(in_yunqiao, town):
    return person_with(Role.AUDITOR, town["S"], "沈", "13900000007")


@pytest.fixture
def wei(in_yunqiao, town):
    return person_with(Role.GRID_WORKER, town["M1"], "魏", "13900000001")


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(Account.objects.get(pk=person.account_id))
        return client

    return sign_in


def bind(person):
    account = Account.objects.get(pk=person.account_id)
    people.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=person, now=clock.now())


SECRET = "JBSWY3DPEHPK3PXP"


def lock(person, now):
    for _try in range(5):
        people.spend_try(kind=TryKind.PASSWORD, number=str(person.account.phone), address="a", now=now)


class TestEmployment:
    def test_makes_a_colleague_once(self, system):
        person = commands.take_on(phone="13700001111", name="新", actor=system, now=MONDAY)
        assert person.is_staff and Account.objects.get(pk=person.account_id).employed_in == 1
        with pytest.raises(AlreadyEmployed):
            commands.take_on(phone="137 0000 1111", name="新", actor=system, now=MONDAY)

    def test_keeps_the_name_of_a_resident_who_joins(self, system):
        lan = resident("兰")
        commands.take_on(phone="13800000001", name="别的名字", actor=system, now=MONDAY)
        lan.refresh_from_db()
        assert (lan.name, lan.is_staff) == ("兰", True)

    def test_ends_with_every_role_planned_ones_too(self, system, wei, town):
        commands.assign(
            person=wei, role=Role.CHECKER, node=town["C"], valid_from=MONDAY + timedelta(days=9), actor=None, now=MONDAY
        )
        commands.let_go(person_id=wei.pk, actor=system, now=MONDAY)
        wei.refresh_from_db()
        assert not wei.is_staff
        assert not Assignment.objects.in_force(MONDAY + timedelta(days=10)).filter(person=wei).exists()
        assert Entry.objects.filter(what="assignment.ended").count() == 1  # the other is told when it would have begun
        with pytest.raises(NotEmployedHere):
            commands.let_go(person_id=wei.pk, actor=system, now=MONDAY)

    def test_is_for_the_system_administrator_and_nobody_ends_his_own(self, system, security, auditor, wei):
        for other in (security, auditor, wei):
            with pytest.raises(NotAllowed):
                commands.take_on(phone="13700001111", name="新", actor=other, now=MONDAY)
            with pytest.raises(NotAllowed):
                commands.let_go(person_id=wei.pk, actor=other, now=MONDAY)
        with pytest.raises(NotAllowed):
            commands.let_go(person_id=system.pk, actor=system, now=MONDAY)

    def test_an_administrator_is_let_go_when_that_role_has_been_ended(self, system, security, auditor):
        with pytest.raises(NotAllowed):
            commands.let_go(person_id=auditor.pk, actor=system, now=MONDAY)
        held = Assignment.objects.get(person=auditor)
        commands.end_assignment(assignment_id=held.pk, at=MONDAY, actor=security, now=MONDAY)
        commands.let_go(person_id=auditor.pk, actor=system, now=MONDAY)
        assert not Person.objects.get(pk=auditor.pk).is_staff

    def test_another_streets_people_do_not_exist(self, system, hetang):
        with in_street(hetang.id):
            build(hetang)
            theirs = staff("外", "13900000077")
        with pytest.raises(NotVisible):
            commands.let_go(person_id=theirs.pk, actor=system, now=MONDAY)


class TestAccess:
    def test_a_password_for_once_opens_and_must_be_changed(self, security, wei):
        password = commands.put_password(person_id=wei.pk, actor=security, now=MONDAY)
        account = Account.objects.get(pk=wei.account_id)
        assert re.fullmatch("(?:[a-z2-9]{4}-){2}[a-z2-9]{4}", password)
        assert account.check_password(password) and account.must_change_password
        assert commands.put_password(person_id=wei.pk, actor=security, now=MONDAY) != password

    def test_a_password_of_two_streets_is_not_put_by_one(self, security, wei, hetang):
        with in_street(hetang.id):
            staff("魏", "13900000001")
        bind(wei)
        before = Account.objects.get(pk=wei.account_id)
        for act in (
            lambda: commands.put_password(person_id=wei.pk, actor=security, now=MONDAY),
            lambda: commands.require_password(person_id=wei.pk, actor=security, now=MONDAY),
            lambda: commands.unlock(person_id=wei.pk, actor=security, now=MONDAY),
            lambda: commands.take_off_second_factor(person_id=wei.pk, why=FactorLoss.LOST, actor=security, now=MONDAY),
        ):
            with pytest.raises(EmployedElsewhere):
                act()
        account = Account.objects.get(pk=wei.account_id)
        assert (account.password, account.session_mark) == (before.password, before.session_mark)

    def test_a_new_password_is_asked_for_once(self, security, wei):
        before = Account.objects.get(pk=wei.account_id).session_mark
        for _again in range(2):
            commands.require_password(person_id=wei.pk, actor=security, now=MONDAY)
        account = Account.objects.get(pk=wei.account_id)
        assert account.must_change_password and account.session_mark != before
        assert Entry.objects.filter(what="account.new_password_required").count() == 1

    def test_a_lost_second_factor_comes_off_with_its_reason(self, security, wei):
        with pytest.raises(NoSecondFactor):
            commands.take_off_second_factor(person_id=wei.pk, why=FactorLoss.LOST, actor=security, now=MONDAY)
        bind(wei)
        commands.take_off_second_factor(person_id=wei.pk, why=FactorLoss.LOST, actor=security, now=MONDAY)
        entry = Entry.objects.get(what="account.second_factor_removed")
        assert (entry.actor_id, entry.facts) == (security.pk, {"why": "lost"})
        assert not people_queries.has_second_factor(Account.objects.get(pk=wei.account_id))

    def test_who_mistyped_too_often_may_try_again(self, security, wei):
        with pytest.raises(NotLocked):
            commands.unlock(person_id=wei.pk, actor=security, now=MONDAY)
        lock(wei, MONDAY)
        with pytest.raises(TooManyTries):
            lock(wei, MONDAY)
        assert people_queries.lock_of([wei.account], MONDAY) == {wei.account_id: timedelta(minutes=15)}
        commands.unlock(person_id=wei.pk, actor=security, now=MONDAY)
        lock(wei, MONDAY)

    @pytest.mark.parametrize("deed", ["put_password", "require_password", "unlock"])
    def test_is_kept_by_the_security_administrator_and_never_one_s_own(self, deed, system, security, auditor, wei):
        for actor, whom in ((system, wei), (auditor, wei), (wei, wei), (security, security)):
            with pytest.raises(NotAllowed):
                getattr(commands, deed)(person_id=whom.pk, actor=actor, now=MONDAY)
        with pytest.raises(NotVisible):
            getattr(commands, deed)(person_id=resident().pk, actor=security, now=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_the_one_whom_it_concerns_is_told_once_and_told_what_to_do(security, wei):
    bind(wei)
    now = clock.now()
    commands.take_off_second_factor(person_id=wei.pk, why=FactorLoss.LOST, actor=security, now=now)
    commands.put_password(person_id=wei.pk, actor=security, now=now)
    run_jobs()
    run_jobs()
    told = Notice.objects.filter(person=wei)
    assert {notice.kind for notice in told} == {"account.second_factor_removed", "account.password_set_by_staff"}
    assert all("不是您要求的" in str(notice.wording.text) for notice in told)
    assert Message.objects.filter(address=wei.account.phone, text__contains="解除了您的动态口令").count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_the_operator_took_off_is_told_as_well(wei):
    bind(wei)
    people.remove_second_factor(account=wei.account, why=FactorLoss.UNREADABLE, actor=None, now=clock.now())
    run_jobs()
    (notice,) = Notice.objects.filter(person=wei)
    assert notice.kind == "account.second_factor_removed" and "不是您要求的" in str(notice.wording.text)


class TestPages:
    def pages(self, wei):
        return {
            "": "admins", f"{wei.pk}/": "admins", "new/": "system", f"{wei.pk}/roles/": "both",
        }  # fmt: skip

    def test_each_to_its_administrators(self, as_, system, security, auditor, wei):
        allowed = {
            system.name: {"admins", "system", "both"}, security.name: {"admins", "both"}, auditor.name: {"admins"},
            wei.name: set(),
        }  # fmt: skip
        lan = appoint(resident(), Role.CHECKER)
        for person in (system, security, auditor, wei, lan):
            for path, kind in self.pages(wei).items():
                wanted = 200 if kind in allowed.get(person.name, set()) else 403
                assert as_(person).get(STAFF + path).status_code == wanted, (person.name, path)
        for role in (Role.LEADER, Role.COORDINATOR, Role.DISPATCHER, Role.STATION_HOST, Role.REVIEWER):
            other = appoint(staff(str(role), f"1391111{list(Role).index(role):04}"), role)
            assert as_(other).get(STAFF).status_code == 403 == as_(other).get(TEXTS).status_code

    def test_deeds_are_refused_by_the_page_too(self, as_, system, security, wei):
        deeds = {"password/": 200, "password/renewal/": 302, "unlocking/": 409, "second-factor/": 422, "leaving/": 403}
        for path, wanted in deeds.items():
            assert as_(security).post(f"{STAFF}{wei.pk}/{path}").status_code == wanted, path
            if path != "leaving/":
                assert as_(system).post(f"{STAFF}{wei.pk}/{path}", {"why": "lost"}).status_code == 403, path

    def test_another_street_does_not_exist(self, as_, system, security, hetang):
        with in_street(hetang.id):
            build(hetang)
            theirs = staff("外", "13900000077")
        for path in ("", "roles/"):
            assert as_(system).get(f"{STAFF}{theirs.pk}/{path}").status_code == 404
        for path in ("password/", "unlocking/", "second-factor/", "password/renewal/"):
            assert as_(security).post(f"{STAFF}{theirs.pk}/{path}", {"why": "lost"}).status_code == 404
        assert as_(system).post(f"{STAFF}{theirs.pk}/leaving/").status_code == 404

    def test_the_list_is_searched_filtered_and_turned(self, as_, system, wei, town):
        for number in range(55):
            staff(f"组员{number:02}", f"139555{number:05}")
        client = as_(system)
        first = text(client.get(STAFF, {"q": "组员"}))
        assert first.count('<strong class="font-semibold">组员') == 50 and "page=2" in first
        assert text(client.get(STAFF, {"q": "组员", "page": 2})).count('<strong class="font-semibold">组员') == 5
        assert "组员07" in text(client.get(STAFF, {"q": "13955500007"})) and "没有找到" in text(
            client.get(STAFF, {"q": "1395550000"})
        )
        by_role = text(client.get(STAFF, {"role": "grid_worker"}))
        assert "魏" in by_role and "组员" not in by_role
        assert "13955500007" not in text(client.get(STAFF))

    def test_the_list_costs_the_same_however_long(self, as_, system, wei, django_assert_num_queries):
        client = as_(system)
        client.get(STAFF)
        with django_assert_num_queries(10):  # one of them counts the jobs that lie dead
            client.get(STAFF)
        for number in range(40):
            staff(f"组员{number:02}", f"139555{number:05}")
        client.get(STAFF)
        with django_assert_num_queries(10):
            client.get(STAFF)

    def test_employ_give_a_role_and_let_go(self, as_, system, town):
        client = as_(system)
        bad = client.post(f"{STAFF}new/", {"phone": "12", "name": "新人"})
        assert bad.status_code == 422 and 'value="新人"' in text(bad)
        assert client.post(f"{STAFF}new/", {"phone": "13700001111", "name": "新人"}).status_code == 302
        person = Person.objects.get(name="新人")
        own = f"{STAFF}{person.pk}/"
        role = {"role": "grid_worker", "scope": "NONE", "since": "2026-11-01"}
        assert "没有这个编码的网格" in text(client.post(f"{own}roles/", role))
        assert client.post(f"{own}roles/", {**role, "scope": "M1", "until": "2027-11-01"}).status_code == 302
        held = Assignment.objects.get(person=person)
        assert (held.node, held.valid_until is None) == (town["M1"], False)
        assert client.post(f"{own}roles/", {**role, "scope": "M1"}).status_code == 409
        assert client.post(f"{own}roles/", {**role, "role": "auditor"}).status_code == 422
        page = text(client.get(own))
        assert "专职网格员" in page and "成为工作人员" in page and "<title>新人" in page
        assert f'action="/s/yunqiao/grid/staff/{person.pk}/leaving/"' in page
        assert client.post(f"{own}leaving/").status_code == 302
        assert client.get(own).status_code == 404

    def test_a_role_of_a_unit_and_one_of_the_whole_street(self, as_, system, wei, property_unit):
        client, own = as_(system), f"{STAFF}{wei.pk}/roles/"
        since = {"since": "2026-11-01"}
        assert client.post(own, {"role": "unit_handler", "scope": property_unit.code, **since}).status_code == 302
        assert client.post(own, {"role": "dispatcher", "scope": "", **since}).status_code == 302
        assert "没有这个编码的单位" in text(client.post(own, {"role": "unit_lead", "scope": "M1", **since}))

    def test_the_three_stay_three(self, as_, security, auditor):
        answer = as_(security).post(
            f"{STAFF}{auditor.pk}/roles/", {"role": "system_admin", "scope": "", "since": "2026-11-01"}
        )
        assert answer.status_code == 409 and str(ThreePeople.default_reason) in text(answer)

    def test_the_password_for_once_is_shown_once(self, as_, security, wei):
        client = as_(security)
        answer = client.post(f"{STAFF}{wei.pk}/password/")
        found = re.search(r">([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<", text(answer))
        assert found and found[1] not in text(client.get(f"{STAFF}{wei.pk}/"))
        assert "no-store" in answer["Cache-Control"]


class TestTexts:
    NEW = {"body": "只记手机号。\n\n三年后删除。", "legal_basis": "《个人信息保护法》第十三条", "seen": "1"}

    def test_are_looked_at_before_they_are_published_and_stay(self, as_, security, auditor):
        client = as_(security)
        assert "处置单位看不到您是谁" in text(client.get(f"{TEXTS}privacy_notice/"))
        path = f"{TEXTS}care/"
        looked_at = text(client.post(path, self.NEW))
        assert "发布后是这样：第 2 版" in looked_at and not ConsentText.objects.exists()
        assert client.post(path, {**self.NEW, "publish": "yes"}).status_code == 302
        again = client.post(path, {**self.NEW, "publish": "yes"})
        assert again.status_code == 409 and ConsentText.objects.count() == 1
        assert "三年后删除" in text(again)
        client.post(path, {**self.NEW, "seen": "2", "body": "第三版的话", "publish": "yes"})
        page = text(as_(auditor).get(path))
        assert "第 3 版" in page and "三年后删除" in page and "写新的一版" not in page

    def test_are_published_by_the_security_administrator(self, as_, system, security, auditor, wei):
        for person in (system, auditor, wei):
            answer = as_(person).post(f"{TEXTS}privacy_notice/", {**self.NEW, "publish": "yes"})
            assert answer.status_code == 403
            with pytest.raises(NotAllowed):
                commands.publish_text(
                    purpose=ConsentPurpose.CARE, seen=1, body="甲", legal_basis="乙", actor=person, now=MONDAY
                )
        commands.publish_text(
            purpose=ConsentPurpose.CARE, seen=1, body="甲", legal_basis="乙", actor=security, now=MONDAY
        )
        with pytest.raises(TextHasMoved):
            commands.publish_text(
                purpose=ConsentPurpose.CARE, seen=1, body="甲", legal_basis="乙", actor=security, now=MONDAY
            )

    def test_what_is_missing_is_said_and_the_rest_kept(self, as_, security):
        answer = as_(security).post(f"{TEXTS}care/", {**self.NEW, "legal_basis": ""})
        assert answer.status_code == 422 and "三年后删除" in text(answer)
        assert as_(security).get(f"{TEXTS}nothing/").status_code == 404


def test_administrators_find_their_pages_in_the_rail_and_others_do_not(as_, system, auditor, wei):
    assert "/grid/staff/" in text(as_(system).get("/s/yunqiao/grid/"))
    page = text(as_(system).get(STAFF))
    assert all(path in page for path in ("/jobs/", "/workdays/", "/grid/texts/"))
    page = text(as_(auditor).get(STAFF))
    assert "/grid/texts/" in page and "/s/yunqiao/jobs/" not in page and "/s/yunqiao/workdays/" not in page
    assert "/grid/staff/" not in text(as_(wei).get("/s/yunqiao/grid/"))

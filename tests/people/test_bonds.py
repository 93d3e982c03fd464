"""Guardians of minors, helpers of elders."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import Moved, NotAllowed
from huipai.people import commands, policies, queries
from huipai.people.commands import limits
from huipai.people.models import Account, Consent, ConsentText, Guardianship, Person, Proxy
from huipai.people.rules import mask_phone
from huipai.people.words import (
    INVITATION_LASTS,
    LIMITS_OF_ADDRESS,
    PROXY_LASTS,
    ConsentPurpose,
    Limit,
    ProxyScope,
    TryKind,
)
from huipai.senders.models import Message
from huipai.senders.queries import last_to
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cast import FRIDAY, MONDAY, TUESDAY
from tests.people.doors import LAN, MEI, WEI, Browser, code_sent_to, leads_to, not_it, words

NOW = datetime.now(UTC)
BOTH = [ProxyScope.REPORT, ProxyScope.ANSWER]


@pytest.fixture
def zhou(in_yunqiao: Street) -> Person:
    return cast.resident(name="周奶奶", phone=LAN, now=NOW)


@pytest.fixture
def mei(in_yunqiao: Street) -> Person:
    return cast.resident(name="梅", phone=MEI, now=NOW)


class TestInviting:
    def test_holds_only_once_it_is_accepted_with_that_number(self, zhou: Person, mei: Person) -> None:
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=MONDAY)
        assert not policies.may_act_for(mei, zhou, ProxyScope.REPORT, TUESDAY)
        commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=MONDAY)
        assert policies.may_act_for(mei, zhou, ProxyScope.REPORT, TUESDAY)
        assert not policies.may_act_for(mei, zhou, ProxyScope.POINTS, TUESDAY)
        assert list(queries.elders_helped_by(mei, ProxyScope.REPORT, TUESDAY)) == [zhou]

    def test_ends_by_itself_after_a_year(self, zhou: Person, mei: Person) -> None:
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=MONDAY)
        commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=MONDAY)
        assert not policies.may_act_for(mei, zhou, ProxyScope.REPORT, MONDAY + PROXY_LASTS)

    def test_an_invitation_grows_old(self, zhou: Person, mei: Person) -> None:
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=MONDAY)
        with pytest.raises(commands.InvitationOver):
            commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=MONDAY + INVITATION_LASTS)

    def test_somebody_elses_invitation_does_not_exist(self, zhou: Person, mei: Person) -> None:
        proxy = commands.invite_helper(elder=zhou, phone="13611110000", scopes=BOTH, address="", now=MONDAY)
        with pytest.raises(commands.InvitationOver):
            commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=MONDAY)
        assert Browser().enter(mei).send(f"me/proxy/{proxy.id}/end/").status_code == 404

    def test_the_message_names_nobody(self, zhou: Person) -> None:
        commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=MONDAY)
        message = last_to(MEI)
        assert message is not None
        assert "周奶奶" not in message.text

    def test_oneself_twice_and_for_nothing_are_refused(self, zhou: Person) -> None:
        with pytest.raises(commands.NotYourself):
            commands.invite_helper(elder=zhou, phone=LAN, scopes=BOTH, address="", now=MONDAY)
        with pytest.raises(commands.NothingAllowed):
            commands.invite_helper(elder=zhou, phone=MEI, scopes=[], address="", now=MONDAY)
        commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=MONDAY)
        with pytest.raises(commands.AlreadyInvited):
            commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=MONDAY)

    def test_nobody_floods_a_phone_with_invitations_or_burns_money(self, zhou: Person, mei: Person) -> None:
        browser, sent = Browser().enter(zhou), Counter[int]()
        for _again in range(4):
            sent[browser.send("me/proxy/invite/", phone=MEI, scopes=["report"]).status_code] += 1
            for invitation in queries.invitations_to(mei, NOW + timedelta(hours=1)):
                commands.end_proxy(proxy=invitation, actor=zhou, now=NOW)
        assert sent == {302: 2, 429: 2} and Message.objects.filter(address=MEI).count() == 2
        for n in range(4):
            answer = browser.send("me/proxy/invite/", phone=f"1391234000{n}", scopes=["report"])
        assert (
            answer.status_code == 429 and "您请的人够多了" in words(answer) and 'value="13912340003"' in words(answer)
        )
        assert Message.objects.count() == 5 and Proxy.objects.count() == 5

    def test_nor_do_many_from_one_network_or_all_together_in_a_day(
        self, zhou: Person, mei: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(LIMITS_OF_ADDRESS, TryKind.INVITED, (Limit(1, timedelta(hours=1)),))
        by = {"scopes": BOTH, "now": NOW}
        commands.invite_helper(elder=zhou, phone="13912340001", address="192.0.2.1", **by)  # type: ignore[arg-type]
        with pytest.raises(commands.TooManyInvitations, match="网络"):
            commands.invite_helper(elder=mei, phone="13912340002", address="192.0.2.1", **by)  # type: ignore[arg-type]
        monkeypatch.setattr(limits, "CODES_A_DAY", 1)
        with pytest.raises(commands.BudgetSpent):
            commands.invite_helper(elder=mei, phone="13912340002", address="192.0.2.2", **by)  # type: ignore[arg-type]

    @pytest.mark.parametrize("who", ["elder", "helper"])
    def test_either_may_end_it_and_others_may_not(self, zhou: Person, mei: Person, who: str) -> None:
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=MONDAY)
        proxy = commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=MONDAY)
        with pytest.raises(NotAllowed):
            commands.end_proxy(proxy=proxy, actor=cast.resident("陶", "13611110000"), now=TUESDAY)
        commands.end_proxy(proxy=proxy, actor=zhou if who == "elder" else mei, now=TUESDAY)
        assert not policies.may_act_for(mei, zhou, ProxyScope.REPORT, FRIDAY)
        with pytest.raises(Moved):
            commands.end_proxy(proxy=proxy, actor=zhou, now=TUESDAY)

    def test_withdrawing_the_consent_ends_it(self, zhou: Person, mei: Person) -> None:
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=MONDAY)
        commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=MONDAY)
        commands.withdraw_consent(person=zhou, purpose=ConsentPurpose.PROXY, actor=zhou, now=TUESDAY)
        assert not policies.may_act_for(mei, zhou, ProxyScope.REPORT, FRIDAY)

    def test_walks_through_the_pages(self, zhou: Person, mei: Person) -> None:
        elder, helper = Browser().enter(zhou), Browser().enter(mei)
        empty = elder.send("me/proxy/invite/", phone="139 0000 5678")
        assert "至少选一样" in words(empty)
        assert 'value="139 0000 5678"' in words(empty)
        leads_to(elder.send("me/proxy/invite/", phone="139 0000 5678", scopes=["report", "answer"]))
        assert "139****5678，还没答应" in words(elder.open("me/proxy/"))
        assert "周奶奶请您代办" in words(helper.open("me/"))
        proxy = Proxy.objects.get()
        leads_to(helper.send(f"me/proxy/{proxy.id}/accept/"))
        assert "梅" in words(elder.open("me/proxy/"))
        leads_to(elder.send(f"me/proxy/{proxy.id}/end/"))
        assert "周奶奶" not in words(helper.open("me/proxy/"))

    def test_elders_without_a_name_who_ask_are_told_apart(self, zhou: Person, mei: Person) -> None:
        commands.rename(person=zhou, name="", actor=zhou, now=NOW)
        commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=NOW)
        helper = Browser().enter(mei)
        for page in ("me/", "me/proxy/"):
            assert f"{mask_phone(LAN)}请您代办" in words(helper.open(page))

    def test_an_invitation_may_be_declined(self, zhou: Person, mei: Person) -> None:
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=NOW)
        leads_to(Browser().enter(mei).send(f"me/proxy/{proxy.id}/end/"))
        proxy.refresh_from_db()
        assert proxy.ended_at is not None
        assert proxy.invited_phone == ""

    def test_ended_twice_is_ended(self, zhou: Person, mei: Person) -> None:
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=NOW)
        commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=NOW)
        for _press in range(2):
            leads_to(Browser().enter(zhou).send(f"me/proxy/{proxy.id}/end/"))
        stranger = cast.resident(name="秋", phone="+8613800007777", now=NOW)
        assert Browser().enter(stranger).send(f"me/proxy/{proxy.id}/end/").status_code == 404

    def test_in_one_street_is_nothing_in_the_other(self, zhou: Person, hetang: Street) -> None:
        commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=NOW)
        with in_street(hetang.id):
            there = cast.resident(name="梅", phone=MEI, now=NOW)
            assert not queries.invitations_to(there, NOW + timedelta(seconds=1))


class TestTheYoung:
    """Who is under 14 lets nobody act for them; who is under 18 acts for nobody (L2)."""

    def aged(self, years: int, phone: str) -> Person:
        person = cast.resident(name="小", phone=phone, now=NOW)
        Person.objects.filter(pk=person.pk).update(birth_year=NOW.year - years)
        person.refresh_from_db()
        return person

    def test_under_14_invite_nobody_and_read_out_no_code(self, in_yunqiao: Street, mei: Person) -> None:
        child = self.aged(12, LAN)
        browser = Browser().enter(child)
        assert "由监护人来办" in words(browser.open("me/proxy/"))
        answer = browser.send("me/proxy/invite/", phone=MEI, scopes=["report", "points"])
        assert answer.status_code == 403 and "由监护人来办" in words(answer)
        helper = Browser().enter(mei)
        leads_to(helper.send("me/proxy/help/", phone=LAN))
        answer = helper.send("me/proxy/help/", code=code_sent_to(LAN), scopes=["points"])
        assert answer.status_code == 403 and not Proxy.objects.exists() and last_to(MEI) is None

    @pytest.mark.parametrize("years", [12, 16, 18])
    def test_under_18_become_nobodys_helper(self, zhou: Person, years: int) -> None:
        young = self.aged(years, MEI)
        browser = Browser().enter(young)
        invited = commands.invite_helper(elder=zhou, phone=MEI, scopes=BOTH, address="", now=NOW)
        assert "没满 18 岁" in words(browser.open("me/proxy/"))
        assert browser.send(f"me/proxy/{invited.id}/accept/").status_code == 403
        answer = browser.send("me/proxy/help/", phone=LAN)
        assert answer.status_code == 403 and "没满 18 岁" in words(answer) and last_to(LAN) is None, "no code is sent"
        with pytest.raises(NotAllowed):
            read_out = commands.ReadOut(new_id(), "123456", [ProxyScope.POINTS])
            commands.begin_helping(helper=young, read_out=read_out, now=NOW)
        assert not Proxy.objects.filter(helper=young).exists()
        leads_to(browser.send(f"me/proxy/{invited.id}/end/"))

    def test_of_14_may_be_helped(self, in_yunqiao: Street) -> None:
        commands.invite_helper(elder=self.aged(16, LAN), phone=MEI, scopes=BOTH, address="", now=NOW)


class TestReadingACodeOut:
    """For an elder who has a phone and cannot use the pages."""

    def test_is_the_elders_consent(self, mei: Person) -> None:
        helper = Browser().enter(mei)
        leads_to(helper.send("me/proxy/help/", phone="138 0000 1234"))
        answer = helper.send("me/proxy/help/", code=not_it(code_sent_to(LAN)), scopes=["report"])
        assert "还能试 3 次" in words(answer)
        leads_to(helper.send("me/proxy/help/", code=code_sent_to(LAN), scopes=["report"]))
        proxy = Proxy.objects.get()
        assert proxy.helper == mei
        assert proxy.consent.channel == "code"
        assert policies.may_act_for(mei, proxy.elder, ProxyScope.REPORT, NOW + timedelta(hours=1))

    @pytest.mark.parametrize("state", ["a year old", "in doubt", "closed"])
    def test_is_no_door_to_what_belonged_to_the_number_before(
        self, zhou: Person, mei: Person, settings: Settings, state: str
    ) -> None:
        """Whoever has the number today is not yet known to be whose account it is, at this door neither (ruling 2)."""
        settings.NUMBERS_GROW_OLD = True
        change = {
            "a year old": {"phone_confirmed_at": NOW - timedelta(days=400)},
            "in doubt": {"doubted_at": NOW},
            "closed": {"is_active": False},
        }[state]
        Account.objects.filter(pk=zhou.account_id).update(**change)
        helper = Browser().enter(mei)
        leads_to(helper.send("me/proxy/help/", phone=LAN))
        answer = helper.send("me/proxy/help/", code=code_sent_to(LAN), scopes=["report", "answer"])
        assert answer.status_code == 422 and "说不准还是不是本人的" in words(answer)
        assert zhou.name not in words(answer) and not Proxy.objects.exists()

    def test_does_not_work_on_oneself(self, mei: Person) -> None:
        answer = Browser().enter(mei).send("me/proxy/help/", phone=MEI)
        assert "这是您自己的号码" in words(answer)


class TestGuardians:
    @pytest.fixture
    def child(self, in_yunqiao: Street) -> Person:
        return commands.register(phone="13811110000", name="小满", birth_year=MONDAY.year - 9, now=MONDAY)

    def test_are_noted_at_the_counter_with_a_paper(self, child: Person, mei: Person) -> None:
        wei = cast.clerk()
        bond = commands.record_guardian(
            minor=child, guardian=mei, paper_number="2026-17", age_seen=True, actor=wei, now=MONDAY
        )
        assert bond.consent.given_by == mei
        assert bond.consent.paper_number == "2026-17"
        assert queries.is_guardian(mei, child, TUESDAY)
        with pytest.raises(commands.AlreadyGuardian):
            commands.record_guardian(minor=child, guardian=mei, paper_number="2", age_seen=True, actor=wei, now=MONDAY)

    def test_of_a_child_who_signed_in_alone_are_noted_with_the_year_on_the_paper(self, mei: Person) -> None:
        child, wei = commands.register(phone="13811110001", name="小雨", now=MONDAY), cast.clerk()
        by = {"minor": child, "guardian": mei, "paper_number": "1", "age_seen": True, "actor": wei}
        with pytest.raises(commands.ChildAgeUnseen):
            commands.record_guardian(**by, now=MONDAY)  # type: ignore[arg-type]
        with pytest.raises(commands.NotAChild):
            commands.record_guardian(**by, birth_year=MONDAY.year - 30, now=MONDAY)  # type: ignore[arg-type]
        child.refresh_from_db()
        assert child.birth_year is None
        answer = Browser().enter(wei).send(
            f"counter/{mei.id}/ward/", phone="13811110001", birth_year=str(MONDAY.year - 9), age_seen="on", paper="1"
        )  # fmt: skip
        child.refresh_from_db()
        assert leads_to(answer) and child.birth_year == MONDAY.year - 9 and queries.is_guardian(mei, child, TUESDAY)

    def test_say_yes_for_the_child_and_nobody_else_does(self, child: Person, mei: Person, zhou: Person) -> None:
        commands.record_guardian(
            minor=child, guardian=mei, paper_number="1", age_seen=True, actor=cast.clerk(), now=MONDAY
        )
        purpose = ConsentPurpose.PRIVACY_NOTICE
        with pytest.raises(NotAllowed):
            commands.give_consent(person=child, purpose=purpose, now=MONDAY)
        with pytest.raises(NotAllowed):
            commands.give_consent_for(minor=child, guardian=zhou, purpose=purpose, now=MONDAY)
        commands.give_consent_for(minor=child, guardian=mei, purpose=purpose, now=MONDAY)
        assert Browser().enter(child).open("me/").status_code == 200

    def test_a_new_notice_waits_for_the_guardian_and_keeps_no_child_out_for_good(
        self, child: Person, mei: Person
    ) -> None:
        purpose = ConsentPurpose.PRIVACY_NOTICE
        commands.record_guardian(
            minor=child, guardian=mei, paper_number="P-1", actor=cast.clerk(), age_seen=True, now=MONDAY
        )
        commands.give_consent_for(minor=child, guardian=mei, purpose=purpose, now=MONDAY)
        kid, parent = Browser().enter(child), Browser().enter(mei)
        assert "替孩子看一遍" not in words(parent.open("me/"))
        ConsentText.objects.create(
            purpose=purpose, version=2, body="新的", legal_basis="第十三条", published_at=MONDAY,
        )  # fmt: skip
        assert leads_to(kid.open("me/")).startswith("/s/yunqiao/privacy/")
        leads_to(parent.send("privacy/agree/"))
        assert "孩子的隐私说明也要您看一遍" in words(parent.open(""))
        assert "新的隐私说明等您替孩子看一遍" in words(parent.open("me/"))
        page = words(parent.open(f"me/wards/{child.id}/"))
        assert "有新的一版" in page and "替孩子同意" in page
        leads_to(parent.send(f"me/wards/{child.id}/give/"))
        assert kid.open("me/").status_code == 200 and "替孩子看一遍" not in words(parent.open("me/"))

    def test_of_ones_own_kin_are_noted_by_another_colleague(self, child: Person) -> None:
        wei = cast.clerk()
        with pytest.raises(NotAllowed):
            commands.record_guardian(minor=child, guardian=wei, paper_number="1", age_seen=True, actor=wei, now=MONDAY)

    def test_walk_through_the_pages(self, mei: Person) -> None:
        desk, parent = Browser().enter(cast.clerk(now=NOW)), Browser().enter(mei)
        page = f"counter/{mei.id}/ward/"
        for typed, says in (
            ({"paper": ""}, "填一下同意书的编号"),
            ({"paper": "7"}, "填姓名和出生年份"),
            ({"paper": "7", "name": "小满", "birth_year": "九岁"}, "4 位数字"),
            ({"paper": "7", "name": "小满", "birth_year": "1990"}, "满 18 岁了"),
            ({"paper": "7", "name": "小满", "birth_year": str(NOW.year + 1)}, "今年以后"),
            ({"paper": "7", "phone": "13611110000"}, "没有人用这个号码"),
            ({"paper": "7", "phone": MEI}, "这是家长自己的号码"),
            ({"paper": "7", "name": "小满", "birth_year": str(NOW.year - 9), "age_seen": ""}, "看过证件，满 18 岁"),
        ):
            if typed.setdefault("age_seen", "on") == "":
                del typed["age_seen"]
            answer = desk.send(page, **typed)
            assert answer.status_code == 422
            assert says in words(answer)
        year = str(NOW.year - 9)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in year)
        for paper, name, born in (("P-7", "小满", year), ("P-7", "小满", year), (" ｐ－７", "小 满", wide)):
            leads_to(desk.send(page, paper=paper, name=name, birth_year=born, age_seen="on"))
        assert "小满" in words(parent.open("me/"))
        child = Guardianship.objects.get().minor
        leads_to(parent.send(f"me/wards/{child.id}/give/"))
        assert queries.has_consent(child, ConsentPurpose.PRIVACY_NOTICE)
        leads_to(parent.send(f"me/wards/{child.id}/guardianship/withdraw/"))
        assert parent.open(f"me/wards/{child.id}/").status_code == 404
        assert not queries.is_guardian(mei, child, TUESDAY)

    def test_keep_two_children_of_one_paper_and_two_papers_apart(self, mei: Person) -> None:
        wei, year = cast.clerk(now=NOW), NOW.year - 9
        for name, paper in (("小满", "1-11"), ("小满", "11-1"), ("小雪", "1-11"), ("小满", "1-11")):
            commands.record_guardian_of_child(
                guardian=mei, name=name, birth_year=year, paper_number=paper, age_seen=True, actor=wei, now=NOW
            )
        assert Guardianship.objects.count() == 3
        mark = Guardianship.objects.exclude(child_mark="").first()
        assert mark is not None and "小" not in mark.child_mark

    def test_of_one_child_from_one_paper_are_there_once_in_the_database(self, mei: Person) -> None:
        wei = cast.clerk(now=NOW)
        bond = commands.record_guardian_of_child(
            guardian=mei, name="小满", birth_year=NOW.year - 9, paper_number="7", age_seen=True, actor=wei, now=NOW
        )
        second = commands.enter_at_counter(name="小满", actor=wei, now=NOW)
        with pytest.raises(IntegrityError, match="people_a_child_of_a_paper_once"), transaction.atomic():
            Guardianship.objects.create(
                minor=second, guardian=mei, consent=bond.consent, confirmed_by=wei, child_mark=bond.child_mark,
                valid_from=NOW,
            )  # fmt: skip
        commands.erase(person=bond.minor, actor=wei, now=NOW)
        assert not Guardianship.objects.exclude(child_mark="").exists()

    def test_are_grown_up_whoever_writes_them_in(self, child: Person) -> None:
        wei, by = cast.clerk(now=NOW), {"paper_number": "1", "age_seen": True, "now": NOW}
        sister = commands.register(phone=MEI, name="小雪", birth_year=NOW.year - 18, now=NOW)
        with pytest.raises(commands.GuardianUnderAge):
            commands.record_guardian(minor=child, guardian=sister, actor=wei, **by)  # type: ignore[arg-type]
        with pytest.raises(commands.GuardianUnderAge):
            commands.record_guardian_of_child(guardian=sister, name="小", birth_year=NOW.year - 2, actor=wei, **by)  # type: ignore[arg-type]
        page = Browser().enter(wei).send(f"counter/{sister.id}/ward/", paper="1", name="小", birth_year=str(NOW.year))
        assert page.status_code == 422 and "没满 18 岁，不能做监护人" in words(page)
        assert "看过家长的证件" not in words(page)
        aunt = commands.register(phone=WEI, name="姑", birth_year=NOW.year - 19, now=NOW)
        bond = commands.record_guardian(
            minor=child, guardian=aunt, paper_number="1", age_seen=False, actor=wei, now=NOW
        )
        with pytest.raises(IntegrityError, match="is 18"), transaction.atomic():
            Guardianship.objects.create(
                minor=aunt, guardian=sister, consent=bond.consent, confirmed_by=wei, valid_from=NOW
            )

    def test_stand_as_they_were_noted_and_end_once(self, mei: Person, zhou: Person) -> None:
        """Whoever writes: who answers for whom, on whose word and since when is nobody's to change."""
        bond = commands.record_guardian_of_child(
            guardian=mei, name="小", birth_year=NOW.year - 2, paper_number="1", age_seen=True,
            actor=cast.clerk(now=NOW), now=NOW,
        )  # fmt: skip
        its, later = Guardianship.objects.filter(pk=bond.pk), NOW + timedelta(days=1)
        for change in (
            {"guardian": zhou}, {"minor": zhou}, {"confirmed_by": zhou}, {"valid_from": later},
            {"child_mark": "1" * 32},
        ):  # fmt: skip
            with pytest.raises(IntegrityError, match="only ever ends"), transaction.atomic():
                its.update(**change)
        with pytest.raises(IntegrityError, match="only ever ends"), transaction.atomic():
            its.delete()
        its.update(ended_at=later)
        for end in (None, NOW):
            with pytest.raises(IntegrityError, match="only ever ends"), transaction.atomic():
                its.update(ended_at=end)
        its.update(child_mark="")

    def test_are_none_any_more_when_the_year_of_the_eighteenth_birthday_is_over(
        self, child: Person, mei: Person
    ) -> None:
        """By the clock: no job has to run, nobody has to end it."""
        wei = cast.clerk()
        Person.objects.filter(pk=child.pk).update(birth_year=2008)
        child.refresh_from_db()
        commands.record_guardian(minor=child, guardian=mei, paper_number="1", age_seen=True, actor=wei, now=MONDAY)
        last = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
        after = last + timedelta(minutes=1)
        purpose = ConsentPurpose.PRIVACY_NOTICE
        commands.give_consent_for(minor=child, guardian=mei, purpose=purpose, now=last)
        assert queries.is_guardian(mei, child, last) and queries.acting_for(ProxyScope.POINTS, last)
        assert list(queries.wards_of(mei, last)) == [child] and queries.guardianships_of(child, last)
        assert not queries.is_guardian(mei, child, after) and not queries.acting_for(ProxyScope.POINTS, after)
        assert not queries.wards_of(mei, after) and not queries.guardianships_of(child, after)
        with pytest.raises(NotAllowed):
            commands.withdraw_consent(person=child, purpose=purpose, actor=mei, now=after)
        with pytest.raises(NotAllowed):
            commands.give_consent_for(minor=child, guardian=mei, purpose=ConsentPurpose.THANK_YOU_WALL, now=after)

    def test_show_no_page_of_a_grown_up(self, child: Person, mei: Person) -> None:
        wei = cast.clerk(now=NOW)
        commands.record_guardian(minor=child, guardian=mei, paper_number="1", age_seen=True, actor=wei, now=NOW)
        parent = Browser().enter(mei)
        assert parent.open(f"me/wards/{child.id}/").status_code == 200
        Person.objects.filter(pk=child.pk).update(birth_year=NOW.year - 26)
        assert parent.open(f"me/wards/{child.id}/").status_code == 404
        assert parent.send(f"me/wards/{child.id}/privacy_notice/withdraw/").status_code == 404
        assert "您是监护人" not in words(parent.open("me/"))

    def test_sign_a_paper_each_and_take_back_no_other_one(self, child: Person, mei: Person, zhou: Person) -> None:
        wei = cast.clerk()
        for guardian, paper in ((mei, "P-9"), (zhou, "P-77")):
            bond = commands.record_guardian(
                minor=child, guardian=guardian, paper_number=paper, age_seen=True, actor=wei, now=MONDAY
            )
            assert (bond.consent.given_by, bond.consent.paper_number) == (guardian, paper)
        purpose = ConsentPurpose.GUARDIANSHIP
        commands.withdraw_consent(person=child, purpose=purpose, actor=mei, now=TUESDAY)
        assert not queries.is_guardian(mei, child, TUESDAY) and queries.is_guardian(zhou, child, TUESDAY)
        again = commands.record_guardian(
            minor=child, guardian=mei, paper_number="P-10", age_seen=True, actor=wei, now=TUESDAY
        )
        assert again.consent.paper_number == "P-10"
        commands.end_guardianship(guardianship=again, actor=wei, now=TUESDAY)
        third = commands.record_guardian(
            minor=child, guardian=mei, paper_number="P-11", age_seen=True, actor=wei, now=FRIDAY
        )
        assert third.consent.paper_number == "P-11"

    def test_are_dismissed_by_no_child(self, child: Person, mei: Person) -> None:
        wei = cast.clerk(now=NOW)
        commands.record_guardian(minor=child, guardian=mei, paper_number="1", age_seen=True, actor=wei, now=NOW)
        commands.give_consent_for(minor=child, guardian=mei, purpose=ConsentPurpose.PRIVACY_NOTICE, now=NOW)
        browser = Browser().enter(child)
        assert "guardianship/withdraw" not in words(browser.open("me/consents/"))
        assert browser.send("me/consents/guardianship/withdraw/").status_code == 403
        assert queries.is_guardian(mei, child, NOW)

    def test_end_at_the_counter_or_with_the_consent(self, child: Person, mei: Person) -> None:
        wei = cast.clerk()
        bond = commands.record_guardian(
            minor=child, guardian=mei, paper_number="1", age_seen=True, actor=wei, now=MONDAY
        )
        commands.end_guardianship(guardianship=bond, actor=wei, now=TUESDAY)
        assert not queries.is_guardian(mei, child, TUESDAY)
        with pytest.raises(Moved):
            commands.end_guardianship(guardianship=bond, actor=wei, now=TUESDAY)
        assert Consent.objects.filter(person=child).count() == 1


class TestNobodyAnswersAnyMore:
    """A yes that a guardian gave for a child goes with the guardian, unless another one stands."""

    NOTICE, WALL = ConsentPurpose.PRIVACY_NOTICE, ConsentPurpose.THANK_YOU_WALL

    @pytest.fixture(autouse=True)
    def clerk(self, in_yunqiao: Street) -> Person:
        self.wei = cast.clerk(now=NOW)
        return self.wei

    def guarded(self, mei: Person, years: int = 10) -> Person:
        child = commands.register(phone="13811110000", name="小满", birth_year=NOW.year - years, now=NOW)
        self.bind(child, mei)
        for purpose in (self.NOTICE, self.WALL):
            commands.give_consent_for(minor=child, guardian=mei, purpose=purpose, now=NOW)
        return child

    def bind(self, child: Person, guardian: Person) -> Guardianship:
        return commands.record_guardian(
            minor=child, guardian=guardian, paper_number="1", age_seen=True, actor=self.wei, now=NOW
        )

    def standing(self, child: Person) -> set[str]:
        return set(
            Consent.objects.filter(person=child, withdrawn_at__isnull=True).values_list("purpose", flat=True)
        )  # fmt: skip

    def test_the_guardian_withdraws_and_the_child_is_out_with_all_that_was_agreed(self, mei: Person) -> None:
        child = self.guarded(mei)
        kid, parent = Browser().enter(child), Browser().enter(mei)
        assert kid.open("me/").status_code == 200
        leads_to(parent.send(f"me/wards/{child.id}/guardianship/withdraw/"))
        assert leads_to(kid.open("me/")).startswith("/s/yunqiao/sign-in/")
        assert self.standing(child) == set()
        again = Browser().enter(child)
        assert leads_to(again.open("me/")).startswith("/s/yunqiao/privacy/")
        assert again.send("privacy/agree/").status_code == 403
        said = Entry.objects.filter(what="consent.withdrawn", subject=f"person:{child.id}")
        assert sorted(entry.facts["purpose"] for entry in said) == ["guardianship", "privacy_notice", "thank_you_wall"]

    def test_another_guardian_keeps_it_standing(self, mei: Person, zhou: Person) -> None:
        child = self.guarded(mei)
        self.bind(child, zhou)
        kid = Browser().enter(child)
        leads_to(Browser().enter(mei).send(f"me/wards/{child.id}/guardianship/withdraw/"))
        assert kid.open("me/").status_code == 200
        assert self.standing(child) == {"guardianship", self.NOTICE, self.WALL}

    def test_of_14_what_was_said_oneself_stays(self, mei: Person) -> None:
        child = self.guarded(mei, years=16)
        commands.give_consent(person=child, purpose=ConsentPurpose.CARE, now=NOW)
        leads_to(Browser().enter(mei).send(f"me/wards/{child.id}/guardianship/withdraw/"))
        assert self.standing(child) == {ConsentPurpose.CARE}
        kid = Browser().enter(child)
        leads_to(kid.send("privacy/agree/"))
        assert kid.open("me/").status_code == 200

    def test_ended_at_the_counter_it_is_the_same(self, mei: Person) -> None:
        child = self.guarded(mei)
        kid = Browser().enter(child)
        commands.end_guardianship(guardianship=Guardianship.objects.get(), actor=self.wei, now=NOW)
        assert leads_to(kid.open("me/")).startswith("/s/yunqiao/sign-in/")
        assert self.standing(child) == {"guardianship"}

    def test_the_notice_alone_taken_back_for_the_child_ends_the_sessions(self, mei: Person) -> None:
        child = self.guarded(mei)
        kid = Browser().enter(child)
        leads_to(Browser().enter(mei).send(f"me/wards/{child.id}/privacy_notice/withdraw/"))
        assert leads_to(kid.open("me/")).startswith("/s/yunqiao/sign-in/")

"""An account and its number: changed by two codes, or at the counter after a cooling time (ruling 2)."""

from datetime import UTC, datetime, timedelta

import pytest

from huipai.journal.models import Entry
from huipai.kit.verdict import Moved, NotAllowed
from huipai.people import commands, queries
from huipai.people.commands import codes
from huipai.people.models import Account, Person, PhoneChange, SignInCode
from huipai.people.words import CODE_LIFE, COOLING_TIME, CodePurpose, Document, Role
from huipai.senders.queries import last_to
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cast import MONDAY
from tests.people.doors import LAN, MEI, Browser, code_sent_to, leads_to, not_it, words

NOW = datetime.now(UTC)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return cast.resident(name="兰", phone=LAN, now=NOW)


def phone_of(person: Person) -> str | None:
    return Account.objects.get(pk=commands.account_id_of(person)).phone


class TestByTwoCodes:
    def asked(self, lan: Person, new: str = MEI) -> Browser:
        browser = Browser().enter(lan)
        leads_to(browser.send("me/phone/", phone=new))
        return browser

    def test_both_right_and_the_account_has_moved(self, lan: Person) -> None:
        browser = self.asked(lan)
        assert leads_to(browser.send("me/phone/", leave=code_sent_to(LAN), enter=code_sent_to(MEI))).endswith("/me/")
        assert phone_of(lan) == MEI
        warning = last_to(LAN)
        assert warning is not None
        assert "139****5678" in warning.text
        assert MEI.removeprefix("+86") not in warning.text

    def test_ends_every_other_session_such_as_that_of_the_phone_that_was_sold(self, lan: Person) -> None:
        sold = Browser().enter(lan)
        here = self.asked(lan)
        leads_to(here.send("me/phone/", leave=code_sent_to(LAN), enter=code_sent_to(MEI)))
        assert leads_to(sold.open("me/")).startswith("/s/yunqiao/sign-in/")
        assert here.open("me/").status_code == 200

    def test_one_wrong_moves_nothing_and_uses_up_neither(self, lan: Person) -> None:
        browser = self.asked(lan)
        answer = browser.send("me/phone/", leave=code_sent_to(LAN), enter=not_it(code_sent_to(MEI)))
        assert answer.status_code == 422
        assert "还能试 3 次" in words(answer)
        assert 'href="#f-enter"' in words(answer)
        assert f'value="{code_sent_to(LAN)}"' in words(answer)
        leads_to(browser.send("me/phone/", leave=code_sent_to(LAN), enter=code_sent_to(MEI)))
        assert phone_of(lan) == MEI

    def test_a_number_that_has_an_account_is_refused_only_after_its_code(self, lan: Person) -> None:
        cast.resident(name="梅", phone=MEI, now=NOW)
        browser = self.asked(lan)
        answer = browser.send("me/phone/", leave=code_sent_to(LAN), enter=code_sent_to(MEI))
        assert "这个号码已经有账号了" in words(answer) and 'name="phone"' in words(answer), (
            "another number is asked for"
        )
        assert phone_of(lan) == LAN

    def test_the_same_number_is_no_change(self, lan: Person) -> None:
        assert "这就是现在的号码" in words(Browser().enter(lan).send("me/phone/", phone="138 0000 1234"))

    def test_codes_of_somebody_else_move_nothing(self, lan: Person) -> None:
        mei = cast.resident(name="梅", phone=MEI, now=NOW)
        typed = []
        for purpose, phone in ((CodePurpose.LEAVE_NUMBER, LAN), (CodePurpose.ENTER_NUMBER, "+8613611110000")):
            wanted = commands.Request(phone=phone, purpose=purpose, address="a", life=CODE_LIFE, account=lan.account)
            code = commands.send_code(request=wanted, now=NOW)
            typed.append(codes.Typed(code.id, purpose, code_sent_to(phone)))
        assert mei.account is not None
        with pytest.raises(commands.NumberMoved):
            commands.change_phone(account=mei.account, leave=typed[0], enter=typed[1], now=NOW)

    def test_starting_over_sends_to_another_number(self, lan: Person) -> None:
        browser = self.asked(lan)
        leads_to(browser.send("me/phone/again/"))
        assert "新手机号" in words(browser.open("me/phone/"))


class TestAtTheCounter:
    @pytest.fixture
    def wei(self, in_yunqiao: Street) -> Person:
        return cast.clerk(name="魏", now=NOW)

    def asked(self, lan: Person, wei: Person, new: str = MEI, now: datetime = MONDAY) -> PhoneChange:
        wanted = commands.Request(
            phone=new, purpose=CodePurpose.ENTER_NUMBER, address="a", life=CODE_LIFE, account=lan.account
        )
        code = commands.send_code(request=wanted, now=now)
        return commands.ask_phone_change(
            person=lan, document=Document.ID_CARD, code_id=code.id, typed=code_sent_to(new), actor=wei, now=now
        )

    def test_a_code_that_was_sent_for_one_changes_nothing_of_another(self, lan: Person, wei: Person) -> None:
        mei, new = cast.resident(name="梅", phone=MEI, now=NOW), "+8613611110000"
        desk = Browser().enter(wei)
        leads_to(desk.send(f"counter/{lan.id}/", phone=new))
        assert "136****0000" in words(desk.open(f"counter/{lan.id}/"))
        for another in (f"counter/{mei.id}/", "me/phone/"):
            assert 'name="phone"' in words(desk.open(another))
        typed = {"document": "id_card", "code": code_sent_to(new)}
        assert desk.send(f"counter/{mei.id}/", **typed).status_code == 422
        code = SignInCode.objects.get(phone=new)
        with pytest.raises(commands.CodeForAnother):
            commands.ask_phone_change(
                person=mei, document=Document.ID_CARD, code_id=code.id, typed=typed["code"], actor=wei, now=NOW
            )
        assert not PhoneChange.objects.exists() and last_to(MEI) is None
        assert "136****0000" in words(desk.open(f"counter/{lan.id}/"))  # it waits on where it was asked for

    @pytest.mark.parametrize("is_here_too", [False, True])
    def test_moves_no_number_of_whom_another_street_employs(
        self, wei: Person, hetang: Street, is_here_too: bool
    ) -> None:
        """One street's counter would come into the other's desk."""
        here = cast.staff("安", "13900000031") if is_here_too else cast.resident("安", "13900000031", now=NOW)
        with in_street(hetang.id):
            cast.staff("安", "13900000031")
        security = cast.appoint(cast.staff("关", "13900000032"), Role.SECURITY_ADMIN)
        person = Person.objects.select_related("account").get(pk=here.pk)
        new = "+8613611110000"
        desk = Browser().enter(security)
        page = words(desk.open(f"counter/{person.id}/"))
        assert "这位在别的街道任职" in page and 'name="phone"' not in page
        assert desk.send(f"counter/{person.id}/", phone=new).status_code == 403 and last_to(new) is None
        with pytest.raises(NotAllowed):
            self.asked(person, security, new=new)
        with pytest.raises(NotAllowed):
            commands.recognise_at_counter(person=person, actor=security, now=MONDAY)
        assert not PhoneChange.objects.exists()

    def test_waits_for_three_days_then_holds_and_forgets_both_numbers(self, lan: Person, wei: Person) -> None:
        change = self.asked(lan, wei)
        commands.apply_phone_changes(now=MONDAY + COOLING_TIME - timedelta(seconds=1))
        assert phone_of(lan) == LAN
        assert commands.apply_phone_changes(now=MONDAY + COOLING_TIME) == 1
        assert commands.apply_phone_changes(now=MONDAY + COOLING_TIME) == 0
        assert phone_of(lan) == MEI
        change.refresh_from_db()
        assert (change.old_phone, change.new_phone) == ("", "")

    def test_warns_the_old_number_and_its_owner_may_object(self, lan: Person, wei: Person) -> None:
        change = self.asked(lan, wei, now=NOW)
        warning = last_to(LAN)
        assert warning is not None
        assert "3 天后生效" in warning.text
        browser = Browser().enter(lan)
        assert "不是我，撤销" in words(browser.open("me/"))
        leads_to(browser.send(f"me/phone/{change.id}/cancel/"))
        commands.apply_phone_changes(now=NOW + COOLING_TIME)
        assert phone_of(lan) == LAN

    def test_is_seen_and_taken_back_in_every_street_where_its_owner_is_known(
        self, lan: Person, wei: Person, hetang: Street
    ) -> None:
        with in_street(hetang.id):
            there, clerk = cast.resident(name="兰", phone=LAN, now=NOW), cast.clerk("文", "13900000009", now=NOW)
            mei = cast.resident(name="梅", phone="13811112222", now=NOW)
        change = self.asked(lan, wei, now=NOW)
        warning = last_to(LAN)
        assert warning is not None and "云桥" in warning.text
        browser = Browser("hetang").enter(there)
        for page in ("me/", "me/phone/"):
            assert "云桥街道的窗口" in words(browser.open(page)) and "不是我，撤销" in words(browser.open(page))
        with in_street(hetang.id), pytest.raises(commands.ChangeWaiting):
            self.asked(there, clerk, new="+8613611110000", now=NOW)
        assert Browser("hetang").enter(mei).send(f"me/phone/{change.id}/cancel/").status_code == 404
        leads_to(browser.send(f"me/phone/{change.id}/cancel/"))
        for street in ("hetang", "yunqiao"):
            again = (browser if street == "hetang" else Browser().enter(lan)).send(f"me/phone/{change.id}/cancel/")
            assert again.status_code == 409 and "刚刚有了新进展" in words(again), "pressed twice, wherever"
        commands.apply_phone_changes(now=NOW + COOLING_TIME)
        assert phone_of(lan) == LAN and "不是我，撤销" not in words(browser.open("me/"))
        with in_street(hetang.id):
            self.asked(there, clerk, new="+8613611110000", now=NOW)  # the way is free again

    def test_ends_the_sessions_of_whoever_holds_the_old_phone(self, lan: Person, wei: Person) -> None:
        browser = Browser().enter(lan)
        self.asked(lan, wei)
        commands.apply_phone_changes(now=MONDAY + COOLING_TIME)
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/sign-in/")

    def test_is_not_lost_when_its_owner_signs_in_with_the_new_number_before_it_holds(
        self, lan: Person, wei: Person, hetang: Street
    ) -> None:
        self.asked(lan, wei, now=NOW)
        for slug in ("yunqiao", "hetang"):
            browser = Browser(slug)
            leads_to(browser.send("sign-in/", phone=MEI))
            answer = browser.send("sign-in/code/", code=code_sent_to(MEI))
            assert answer.status_code == 409 and "云桥街道的窗口正在把您原来的账号换到这个号码" in words(answer)
        helper = Browser().enter(cast.resident("陶", "13611110000", now=NOW))
        leads_to(helper.send("me/proxy/help/", phone=MEI))
        assert helper.send("me/proxy/help/", code=code_sent_to(MEI), scopes=["report"]).status_code == 409
        assert not Account.objects.filter(phone=MEI).exists()
        commands.apply_phone_changes(now=NOW + COOLING_TIME)
        assert phone_of(lan) == MEI

    def test_lapses_if_the_number_was_changed_meanwhile(self, lan: Person, wei: Person) -> None:
        self.asked(lan, wei)
        Account.objects.filter(phone=LAN).update(phone="+8613611110000")
        commands.apply_phone_changes(now=MONDAY + COOLING_TIME)
        assert phone_of(lan) == "+8613611110000"
        assert Entry.objects.filter(what="phone_change.lapsed").exists()

    def test_lapses_if_the_new_number_was_taken_meanwhile(self, lan: Person, wei: Person) -> None:
        self.asked(lan, wei)
        cast.resident(name="梅", phone=MEI, now=NOW)
        commands.apply_phone_changes(now=MONDAY + COOLING_TIME)
        assert phone_of(lan) == LAN
        for phone in (LAN, MEI):
            message = last_to(phone)
            assert message is not None and "换号没有办成" in message.text

    def test_is_asked_once_at_a_time(self, lan: Person, wei: Person) -> None:
        self.asked(lan, wei)
        with pytest.raises(commands.ChangeWaiting):
            self.asked(lan, wei, new="+8613611110000")

    def test_is_not_for_residents_nor_for_oneself(self, lan: Person, wei: Person) -> None:
        for actor, person in ((lan, wei), (wei, wei)):
            with pytest.raises(NotAllowed):
                self.asked(person, actor, now=NOW)

    def test_nobody_else_cancels_it(self, lan: Person, wei: Person) -> None:
        change = self.asked(lan, wei)
        with pytest.raises(NotAllowed):
            commands.cancel_phone_change(change=change, actor=cast.resident("梅", MEI[3:]), now=MONDAY)
        commands.cancel_phone_change(change=change, actor=wei, now=MONDAY)
        with pytest.raises(Moved):
            commands.cancel_phone_change(change=change, actor=lan, now=MONDAY)

    def test_walks_through_the_pages(self, lan: Person, wei: Person) -> None:
        desk = Browser().enter(wei)
        assert "没有人用这个号码" in words(desk.send("counter/", phone="13611110000"))
        page = leads_to(desk.send("counter/", phone="138 0000 1234")).removeprefix("/s/yunqiao/")
        assert "兰*" in words(desk.open(page))
        leads_to(desk.send(page, phone="13900005678"))
        answer = desk.send(page, code=code_sent_to(MEI))
        assert "选一下看的是哪种证件" in words(answer)
        leads_to(desk.send(page, code=code_sent_to(MEI), document="id_card"))
        change = queries.open_phone_change(lan)
        assert change is not None
        assert change.document == Document.ID_CARD
        leads_to(desk.send(f"{page}cancel/"))
        assert queries.open_phone_change(lan) is None

    def test_the_journal_holds_no_number(self, lan: Person, wei: Person) -> None:
        self.asked(lan, wei)
        commands.apply_phone_changes(now=MONDAY + COOLING_TIME)
        for entry in Entry.objects.all():
            assert LAN.removeprefix("+86") not in str(entry.facts), entry.facts
            assert MEI.removeprefix("+86") not in str(entry.facts), entry.facts

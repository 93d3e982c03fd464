"""What has to be settled before the other pages open."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from pytest_django.fixtures import Settings

from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.people import commands, queries
from huipai.people.models import Account, Consent, Guardianship, Person
from huipai.people.words import Channel, ConsentPurpose, FactorLoss, Role
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.people.doors import LAN, MEI, WEI, Browser, code_sent_to, leads_to, not_it, words

NOTICE = ConsentPurpose.PRIVACY_NOTICE
NOW = datetime.now(UTC)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return commands.register(phone=LAN, name="兰", now=NOW)


def account_of(person: Person) -> Account:
    return Account.objects.get(pk=commands.account_id_of(person))


class TestPrivacyNotice:
    def test_is_shown_at_first_use_and_leads_on_when_agreed(self, lan: Person) -> None:
        browser = Browser().enter(lan)
        assert leads_to(browser.open("me/name/")) == "/s/yunqiao/privacy/?next=/s/yunqiao/me/name/"
        assert "看过了，同意" in words(browser.open("privacy/"))
        assert leads_to(browser.send("privacy/agree/", next="/s/yunqiao/me/name/")) == "/s/yunqiao/me/name/"
        assert browser.open("me/name/").status_code == 200
        assert "看过了，同意" not in words(browser.open("privacy/"))

    def test_can_be_read_by_everybody(self, yunqiao: Street) -> None:
        answer = Browser().open("privacy/")
        assert answer.status_code == 200
        assert "云桥街道办事处" in words(answer)
        assert "看过了，同意" not in words(answer)

    def test_a_new_version_asks_again_but_loses_nothing_that_was_being_typed(self, lan: Person) -> None:
        commands.give_consent(person=lan, purpose=NOTICE, now=NOW)
        browser = Browser().enter(lan)
        text = commands.publish_text(
            purpose=NOTICE, seen=1, body="新的说法", legal_basis="个人信息保护法第十三条", actor=cast.staff(), now=NOW
        )
        assert text.version == 2
        assert leads_to(browser.send("me/name/", name="兰兰")) == "/s/yunqiao/me/"
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/privacy/")
        assert "新的说法" in words(browser.open("privacy/"))
        browser.send("privacy/agree/")
        assert browser.open("me/").status_code == 200
        assert sorted(Consent.objects.filter(person=lan).values_list("version", flat=True)) == [1, 2]

    def test_of_one_street_says_nothing_about_the_other(self, lan: Person, hetang: Street) -> None:
        commands.give_consent(person=lan, purpose=NOTICE, now=NOW)
        browser = Browser("hetang").enter(lan)
        assert leads_to(browser.open("me/")).startswith("/s/hetang/privacy/")

    def test_a_child_cannot_agree_alone(self, in_yunqiao: Street) -> None:
        child = commands.register(phone=LAN, name="小满", birth_year=NOW.year - 10, now=NOW)
        answer = Browser().enter(child).send("privacy/agree/")
        assert answer.status_code == 403
        assert "要监护人一起" in words(answer)

    def test_asks_at_first_use_whether_one_is_14_and_waits_for_the_guardian_of_who_is_not(
        self, in_yunqiao: Street
    ) -> None:
        browser = Browser()
        browser.send("sign-in/", phone=LAN[3:])
        leads_to(browser.send("sign-in/code/", code=code_sent_to(LAN)))
        page = words(browser.open("privacy/"))
        assert "满 14 岁，看过了，同意" in page and "还不满 14 岁" in page
        assert leads_to(browser.send("privacy/under-14/")) == "/s/yunqiao/privacy/"
        page = words(browser.open("privacy/"))
        assert "请监护人" in page and "看过了，同意" not in page
        again = browser.send("privacy/agree/")
        assert again.status_code == 403 and "要监护人一起" in words(again)
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/privacy/")
        child = Person.objects.get(account__phone=LAN)
        assert child.said_under_14_at is not None and not queries.has_consent(child, NOTICE)
        browser.send("privacy/under-14/")
        assert Entry.objects.filter(what="person.waits_for_guardian", subject=f"person:{child.id}").count() == 1
        mother, clerk = cast.resident("梅", MEI, now=NOW), cast.clerk(now=NOW)
        with pytest.raises(NotAllowed):
            commands.note_consent(
                person=child, purpose=NOTICE, channel=Channel.COUNTER, paper_number="", actor=clerk, now=NOW
            )
        commands.record_guardian(
            minor=child, guardian=mother, birth_year=NOW.year - 10, paper_number="1", age_seen=True, actor=clerk,
            now=NOW,
        )  # fmt: skip
        commands.give_consent_for(minor=child, guardian=mother, purpose=NOTICE, now=NOW)
        assert browser.open("me/").status_code == 200

    def test_who_pressed_the_wrong_answer_is_let_on_by_the_document(self, lan: Person) -> None:
        browser = Browser().enter(lan)
        browser.send("privacy/under-14/")
        commands.note_birth_year(person=lan, birth_year=1950, actor=cast.clerk(now=NOW), now=NOW)
        page = words(browser.open("privacy/"))
        assert "看过了，同意" in page and "14 岁，看过了" not in page and "还不满 14 岁" not in page
        browser.send("privacy/under-14/")
        leads_to(browser.send("privacy/agree/"))
        assert browser.open("me/").status_code == 200

    def test_a_child_who_had_agreed_alone_takes_it_back_with_the_answer(self, lan: Person) -> None:
        commands.give_consent(person=lan, purpose=NOTICE, now=NOW)
        commands.give_consent(person=lan, purpose=ConsentPurpose.CARE, now=NOW)
        commands.publish_text(
            purpose=NOTICE, seen=1, body="新的说法", legal_basis="第十三条", actor=cast.staff(now=NOW), now=NOW
        )
        browser = Browser().enter(lan)
        browser.send("privacy/under-14/")
        assert not Consent.objects.filter(person=lan, withdrawn_at__isnull=True).exists()
        commands.erase(person=lan, actor=lan, now=NOW)
        assert Person.objects.get(pk=lan.pk).said_under_14_at is None

    def test_a_machine_is_told_in_its_own_language(self, yunqiao: Street, lan: Person) -> None:
        json = {"headers": {"Accept": "application/json"}}
        answer = Browser().get("/s/yunqiao/me/", **json)
        assert (answer.status_code, answer.json()["error"]) == (401, "sign_in_first")
        answer = Browser().enter(lan).get("/s/yunqiao/me/", **json)
        assert (answer.status_code, answer.json()["error"]) == (403, "privacy_first")
        assert "隐私告知" in answer.json()["reason"]

    def test_htmx_is_sent_there_whole(self, yunqiao: Street) -> None:
        answer = Browser().get("/s/yunqiao/me/", headers={"HX-Request": "true"})
        assert answer.headers["HX-Redirect"] == "/s/yunqiao/sign-in/"
        page = {"HX-Request": "true", "Referer": "http://testserver/s/yunqiao/feed/?kind=parking"}
        answer = Browser().get("/s/yunqiao/me/", headers=page)
        assert answer.headers["HX-Redirect"] == "/s/yunqiao/sign-in/?next=/s/yunqiao/feed/%3Fkind%3Dparking"


class TestForcedPassword:
    def test_nothing_else_opens_until_it_is_changed(self, in_yunqiao: Street) -> None:
        wei = cast.staff(now=NOW)
        commands.set_password_for(account=account_of(wei), password="别人设的密码一二三", actor=None, now=NOW)
        browser = Browser()
        leads_to(browser.send("sign-in/password/", phone="13900000001", password="别人设的密码一二三"))
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/me/password/")
        same = browser.send("me/password/", old="别人设的密码一二三", new="别人设的密码一二三")
        assert same.status_code == 422
        wrong = browser.send("me/password/", old="x", new="自己想出来的密码四五")
        assert "现在的密码不对" in words(wrong)
        leads_to(browser.send("me/password/", old="别人设的密码一二三", new="自己想出来的密码四五"))
        assert browser.open("me/").status_code == 200

    @pytest.mark.parametrize(("days", "leads"), [(89, "/s/yunqiao/me/"), (91, "/s/yunqiao/me/password/")])
    def test_after_three_months_another_one_is_asked_for(self, in_yunqiao: Street, days: int, leads: str) -> None:
        wei = cast.staff(now=NOW)
        account = commands.set_password_for(account=account_of(wei), password="刚才的密码一二三四", actor=None, now=NOW)
        then = NOW - timedelta(days=days)
        commands.change_password(
            account=account, old="刚才的密码一二三四", new="自己想出来的密码四五", address="a", now=then
        )
        browser = Browser().enter(wei)
        answer = browser.open("me/")
        assert (leads_to(answer) if answer.status_code == 302 else "/s/yunqiao/me/").startswith(leads)
        if answer.status_code == 302:
            assert "用满 90 天" in words(browser.open("me/password/"))
            leads_to(browser.send("me/password/", old="自己想出来的密码四五", new="又想出来的密码六七八"))
            assert browser.open("me/").status_code == 200

    def test_a_resident_is_not_asked(self, in_yunqiao: Street) -> None:
        lan = cast.resident(now=NOW)
        Account.objects.filter(pk=lan.account_id).update(
            password=make_password("自己想出来的密码四五"), password_changed_at=NOW - timedelta(days=400)
        )
        assert Browser().enter(lan).open("me/").status_code == 200

    @pytest.mark.parametrize("weak", ["1234567890123", "password12", "短", "我的号码13900000001"])
    def test_a_weak_one_is_refused(self, in_yunqiao: Street, weak: str) -> None:
        account = account_of(cast.staff(now=NOW))
        account.set_password("别人设的密码一二三")
        account.save()
        with pytest.raises(commands.WeakPassword):
            commands.change_password(account=account, old="别人设的密码一二三", new=weak, address="a", now=NOW)

    def test_a_change_ends_the_other_sessions(self, in_yunqiao: Street) -> None:
        wei = cast.staff(now=NOW)
        account = account_of(wei)
        account.set_password("别人设的密码一二三")
        account.save()
        here, there = Browser().enter(wei), Browser().enter(wei)
        leads_to(here.send("me/password/", old="别人设的密码一二三", new="自己想出来的密码四五"))
        assert here.open("me/").status_code == 200
        assert leads_to(there.open("me/")).startswith("/s/yunqiao/sign-in/")


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def shows(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def bind(account: Account) -> None:
    """By what the app shows now: minutes after this file was read it shows something else."""
    now = datetime.now(UTC)
    commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=None, now=now)


class TestSecondFactor:
    @pytest.fixture
    def admin(self, in_yunqiao: Street, settings: Settings) -> Person:
        person = cast.staff(now=NOW)
        account = account_of(person)
        account.set_password("塘边柳树一共是七棵半")
        account.save()
        commands.require_second_factor(account=account, actor=None, now=NOW)
        settings.SECOND_FACTOR_FOR_ADMINS = True
        return person

    def password(self) -> tuple[Browser, str]:
        browser = Browser()
        answer = browser.send("sign-in/password/", phone="13900000001", password="塘边柳树一共是七棵半")
        return browser, leads_to(answer)

    def test_an_admin_without_one_gets_nowhere(self, admin: Person) -> None:
        browser, _where = self.password()
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/me/second-factor/")

    def test_is_bound_by_scanning_and_asked_for_ever_after(self, admin: Person) -> None:
        browser, _where = self.password()
        page = words(browser.open("me/second-factor/"))
        secret = browser.session["mfa.totp.secret"]
        assert "data:image/svg+xml" in page
        for typed in ("000000", "①②③④⑤⑥", "é" * 10_000, "停\0"):
            assert browser.send("me/second-factor/", code=typed).status_code == 422
        bound = browser.send("me/second-factor/", code=shows(secret))
        assert "恢复码" in words(bound)
        assert browser.open("me/").status_code == 200
        assert secret not in str(list(account_of(admin).authenticator_set.values_list("data", flat=True)))

        browser, where = self.password()
        assert where == "/s/yunqiao/sign-in/second/"
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/sign-in/")
        used = browser.send("sign-in/second/", code=shows(secret))
        assert "刚才用过了" in words(used)
        assert leads_to(browser.send("sign-in/second/", code=shows(secret, 1))) == "/s/yunqiao/"
        assert browser.open("me/").status_code == 200

    def test_a_recovery_code_works_once(self, admin: Person) -> None:
        account = account_of(admin)
        now = datetime.now(UTC)
        codes = commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=admin, now=now)
        commands.take_second_factor(account=account, typed=codes[0], address="a", now=now)
        with pytest.raises(commands.WrongSecondFactor):
            commands.take_second_factor(account=account, typed=codes[0], address="a", now=now)

    def test_who_used_a_recovery_code_reads_how_many_are_left_and_renews_the_paper(self, admin: Person) -> None:
        account = account_of(admin)
        now = datetime.now(UTC)
        old = commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=None, now=now)
        browser, _where = self.password()
        browser.send("sign-in/second/", code=old[0])
        page = browser.open("me/second-factor/")
        assert words(page).count("恢复码还剩 9 个") == 2  # said once, and standing there
        assert "恢复码不对，或者已经用过一次" in words(browser.send("me/second-factor/", code=old[0]))
        renewed = words(browser.send("me/second-factor/", code=old[1]))
        assert "只显示这一回" in renewed and not any(f"{code[:4]} {code[4:]}" in renewed for code in old)
        assert queries.recovery_codes_left(account) == 10
        with pytest.raises(commands.WrongSecondFactor):
            commands.take_second_factor(account=account, typed=old[2], address="a", now=now)

    def test_wrong_ones_lock_it(self, admin: Person) -> None:
        account = account_of(admin)
        now = datetime.now(UTC)
        commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=None, now=now)
        for _time in range(5):
            with pytest.raises(commands.WrongSecondFactor):
                commands.take_second_factor(account=account, typed="000000", address="a", now=now)
        with pytest.raises(commands.TooManyTries):
            commands.take_second_factor(account=account, typed=shows(SECRET, 1), address="a", now=now)

    def test_a_lost_phone_is_unbound_and_the_next_sign_in_binds_another(self, admin: Person) -> None:
        account = account_of(admin)
        now = datetime.now(UTC)
        commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=None, now=now)
        commands.remove_second_factor(
            account=account, why=FactorLoss.LOST, actor=cast.staff("任", "13900000002"), now=now
        )
        assert not queries.has_second_factor(account)
        browser, _where = self.password()
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/me/second-factor/")

    def test_what_another_secret_key_locked_is_refused_in_words_and_counts_as_no_wrong_try(
        self, admin: Person, settings: Settings
    ) -> None:
        account, now = account_of(admin), datetime.now(UTC)
        codes = commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=None, now=now)
        kept, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
        browser, where = self.password()
        assert where == "/s/yunqiao/sign-in/second/"
        for typed in (shows(SECRET, 1), codes[0], "000000") * 3:
            refused = browser.send("sign-in/second/", code=typed)
            assert refused.status_code == 422 and "平台换过密钥" in words(refused)
        assert queries.recovery_codes_left(account) == 0 and queries.unreadable_second_factors() == 2
        settings.SECRET_KEY = kept
        browser, _where = self.password()
        assert leads_to(browser.send("sign-in/second/", code=codes[0])) == "/s/yunqiao/"

    def test_a_paper_that_cannot_be_read_is_renewed_by_the_app(self, admin: Person) -> None:
        account, now = account_of(admin), datetime.now(UTC)
        old = commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=None, now=now)
        paper = account.authenticator_set.get(type="recovery_codes")
        paper.data["seed"] = "locked otherwise"
        paper.save()
        with pytest.raises(commands.WrongSecondFactor):
            commands.take_second_factor(account=account, typed=old[0], address="a", now=now)
        new = commands.renew_recovery_codes(account=account, typed=shows(SECRET, 1), address="a", now=now)
        assert queries.recovery_codes_left(account) == len(new) == 10

    def test_nobody_binds_a_second_one_over_the_first(self, admin: Person) -> None:
        account = account_of(admin)
        now = datetime.now(UTC)
        commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET), actor=None, now=now)
        with pytest.raises(commands.AlreadySet):
            commands.set_second_factor(account=account, secret=SECRET, typed=shows(SECRET, 1), actor=None, now=now)

    def test_the_second_step_has_no_door_without_the_first(self, yunqiao: Street) -> None:
        assert leads_to(Browser().open("sign-in/second/")).endswith("/sign-in/")

    def test_is_not_asked_of_others(self, in_yunqiao: Street, settings: Settings) -> None:
        settings.SECOND_FACTOR_FOR_ADMINS = True
        assert Browser().enter(cast.staff(now=NOW)).open("me/").status_code == 200


class TestANumberThatComesBack:
    """Ruling 2: after a year a number may be somebody else's."""

    @pytest.fixture
    def long_gone(self, in_yunqiao: Street) -> Person:
        return cast.resident(name="李兰", phone="13800001234", now=NOW - timedelta(days=400))

    def come_back(self) -> Browser:
        browser = Browser()
        leads_to(browser.send("sign-in/", phone="13800001234"))
        leads_to(browser.send("sign-in/code/", code=code_sent_to()))
        return browser

    def test_shows_nothing_old_until_the_name_is_said(self, long_gone: Person) -> None:
        browser = self.come_back()
        for page in ("me/", "me/name/", "me/proxy/"):
            assert leads_to(browser.open(page)).startswith("/s/yunqiao/me/whose-number/")
        assert "李兰" not in words(browser.open("me/whose-number/"))
        wrong = browser.send("me/whose-number/", name="王五")
        assert wrong.status_code == 422
        assert "和登记的姓名不一样" in words(wrong)
        leads_to(browser.send("me/whose-number/", name=" 李 兰 "))
        assert "李兰" in words(browser.open("me/"))

    def test_the_name_may_be_guessed_three_times_a_month(self, long_gone: Person) -> None:
        browser = self.come_back()
        for name in ("王一", "王二", "王三"):
            browser.send("me/whose-number/", name=name)
        assert browser.send("me/whose-number/", name="李兰").status_code == 429

    def test_its_new_owner_starts_anew_and_sees_nothing(self, long_gone: Person) -> None:
        browser = self.come_back()
        leads_to(browser.send("me/whose-number/", anew="1"))
        leads_to(browser.send("privacy/agree/"))
        assert "李兰" not in words(browser.open("me/"))
        before = Account.objects.get(pk=commands.account_id_of(long_gone))
        assert before.phone is None and before.given_up_at is not None
        assert Account.objects.get(phone=LAN) != before

    def test_somebody_within_the_year_is_not_asked(self, in_yunqiao: Street) -> None:
        cast.resident(name="李兰", phone="13800001234", now=NOW - timedelta(days=300))
        assert self.come_back().open("me/").status_code == 200

    def test_the_counter_can_settle_it_with_a_document(self, long_gone: Person) -> None:
        browser = self.come_back()
        commands.recognise_at_counter(person=long_gone, actor=cast.clerk(), now=NOW)
        assert browser.open("me/").status_code == 200

    def test_nobody_starts_anew_who_was_not_doubted(self, in_yunqiao: Street) -> None:
        person = cast.resident(phone="13800001234", now=NOW)
        with pytest.raises(commands.NumberMoved):
            commands.start_anew(account=account_of(person), now=NOW)


class TestAStaleNumber:
    def test_of_staff_is_confirmed_by_a_code_before_anything_else(self, in_yunqiao: Street) -> None:
        browser = Browser().enter(cast.staff(phone="13800001234", now=NOW - timedelta(days=366)))
        assert leads_to(browser.open("me/")) == "/s/yunqiao/me/confirm-number/?next=/s/yunqiao/me/"
        leads_to(browser.send("me/confirm-number/", send="1"))
        assert "还能试 3 次" in words(browser.send("me/confirm-number/", code=not_it(code_sent_to())))
        leads_to(browser.send("me/confirm-number/", code=code_sent_to()))
        assert browser.open("me/").status_code == 200


class TestWhileInDoubt:
    """Whoever holds the number of an account today may be another: until that is settled nothing of it changes."""

    @pytest.fixture
    def stranger(self, in_yunqiao: Street) -> Browser:
        cast.resident("兰小河", LAN, now=NOW - timedelta(days=500))
        Account.objects.filter(phone=LAN).update(phone_confirmed_at=NOW - timedelta(days=400))
        browser = Browser()
        browser.send("sign-in/", phone=LAN[3:])
        browser.send("sign-in/code/", code=code_sent_to(LAN))
        return browser

    def test_no_second_factor_is_bound(self, stranger: Browser) -> None:
        assert leads_to(stranger.open("me/second-factor/")).startswith("/s/yunqiao/me/whose-number/")
        stranger.get("/s/yunqiao/me/whose-number/")
        assert leads_to(stranger.send("me/second-factor/", code="000000")).startswith("/s/yunqiao/me/whose-number/")
        account = Account.objects.get(phone=LAN)
        with pytest.raises(commands.NumberInDoubt):
            commands.set_second_factor(
                account=account, secret=SECRET, typed=shows(SECRET), actor=None, now=datetime.now(UTC)
            )
        assert not queries.has_second_factor(account)

    @pytest.mark.parametrize("page", ["me/password/", "me/confirm-number/", "sign-out/everywhere/"])
    def test_nothing_else_that_is_the_account_s_opens(self, stranger: Browser, page: str) -> None:
        owner = Browser().enter(Person.objects.get(account__phone=LAN))
        mark = Account.objects.get(phone=LAN).session_mark
        assert leads_to(stranger.send(page, send="1")).startswith("/s/yunqiao/me/whose-number/")
        account = Account.objects.get(phone=LAN)
        assert account.session_mark == mark and account.doubted_at is not None
        assert leads_to(owner.open("me/")).startswith("/s/yunqiao/me/whose-number/")

    def test_whose_it_is_comes_before_what_an_administrator_has_to_set(
        self, stranger: Browser, settings: Settings
    ) -> None:
        settings.SECOND_FACTOR_FOR_ADMINS = True
        Account.objects.filter(phone=LAN).update(must_change_password=True, needs_second_factor=True)
        assert leads_to(stranger.open("me/")).startswith("/s/yunqiao/me/whose-number/")
        assert stranger.open("me/whose-number/").status_code == 200


class TestALostSecondFactor:
    """Whoever is not employed is not for ever shut out of their own things by a lost phone."""

    @pytest.fixture
    def lan(self, in_yunqiao: Street) -> Person:
        lan = cast.resident("兰", LAN, now=NOW)
        commands.set_second_factor(
            account=account_of(lan), secret=SECRET, typed=shows(SECRET), actor=None, now=datetime.now(UTC)
        )
        return lan

    def come_in(self) -> str:
        browser = Browser()
        browser.send("sign-in/", phone=LAN[3:])
        return leads_to(browser.send("sign-in/code/", code=code_sent_to(LAN)))

    @pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SECURITY_ADMIN])
    def test_of_a_resident_is_taken_off_by_whom_the_counter_lets(self, lan: Person, role: Role) -> None:
        desk = Browser().enter(cast.appoint(cast.staff("卫", WEI, now=NOW), role))
        page = f"counter/{lan.id}/"
        assert "sign-in/second/" in self.come_in()
        assert "解除动态口令" in words(desk.open(page))
        asked = desk.send(page + "second-factor/", why="？")
        assert asked.status_code == 422 and "选一下为什么解除" in words(asked)
        assert leads_to(desk.send(page + "second-factor/", why="lost")).endswith(page)
        assert not queries.has_second_factor(account_of(lan))
        assert "解除动态口令" not in words(desk.open(page))
        assert desk.send(page + "second-factor/", why="lost").status_code == 409

    def test_of_who_has_left_too(self, in_yunqiao: Street) -> None:
        guard = cast.appoint(cast.staff("卫", WEI, now=NOW), Role.SECURITY_ADMIN)
        left = cast.staff("兰", LAN, now=NOW)
        commands.set_second_factor(
            account=account_of(left), secret=SECRET, typed=shows(SECRET), actor=None, now=datetime.now(UTC)
        )
        commands.dismiss(person=left, actor=None, now=NOW)
        left = Person.objects.select_related("account").get(pk=left.pk)
        assert leads_to(Browser().enter(guard).send(f"counter/{left.id}/second-factor/", why="broken"))
        assert not queries.has_second_factor(account_of(left))

    def test_is_taken_off_by_nobody_else(self, lan: Person, hetang: Street) -> None:
        clerk = cast.clerk(now=NOW)
        for other in (cast.appoint(cast.staff("韦", WEI, now=NOW), Role.DISPATCHER), lan):
            assert Browser().enter(other).send(f"counter/{lan.id}/second-factor/", why="lost").status_code == 403
        with in_street(hetang.id):
            cast.staff("兰", LAN, now=NOW)
        victim = Person.objects.select_related("account").get(pk=lan.pk)
        with pytest.raises(NotAllowed):
            commands.remove_second_factor_at_counter(person=victim, why=FactorLoss.LOST, actor=clerk, now=NOW)
        assert queries.has_second_factor(account_of(lan))


class TestSeenAtTheCounter:
    """The year in a document, seen at the counter, ends what nobody of that age can have agreed to."""

    def test_a_child_who_had_agreed_alone_is_out_until_a_guardian_agrees(self, lan: Person) -> None:
        clerk, mother = cast.clerk(now=NOW), cast.resident("母亲", "13800000077", now=NOW)
        commands.give_consent(person=lan, purpose=NOTICE, now=NOW)
        browser = Browser().enter(lan)
        assert browser.open("me/").status_code == 200
        commands.note_birth_year(person=lan, birth_year=NOW.year - 11, actor=clerk, now=NOW)
        assert not Consent.objects.filter(person=lan, withdrawn_at__isnull=True).exists()
        assert "/sign-in/" in leads_to(browser.open("me/")) or browser.open("me/").status_code != 200
        commands.record_guardian(
            minor=lan, guardian=mother, birth_year=NOW.year - 11, paper_number="1", age_seen=True, actor=clerk, now=NOW
        )
        commands.give_consent_for(minor=lan, guardian=mother, purpose=NOTICE, now=NOW)
        assert Browser().enter(lan).open("me/").status_code == 200

    def test_a_guardian_who_is_none_of_age_answers_for_nobody_any_more(self, lan: Person) -> None:
        clerk, child = cast.clerk(now=NOW), cast.resident("孩子", "13800000078", now=NOW)
        commands.record_guardian(
            minor=child, guardian=lan, birth_year=NOW.year - 9, paper_number="1", age_seen=True, actor=clerk, now=NOW
        )
        commands.give_consent_for(minor=child, guardian=lan, purpose=NOTICE, now=NOW)
        commands.note_birth_year(person=lan, birth_year=1980, actor=clerk, now=NOW)
        assert Guardianship.objects.filter(guardian=lan, ended_at=None).exists(), "grown up by the document"
        commands.note_birth_year(person=lan, birth_year=NOW.year - 11, actor=clerk, now=NOW)
        assert not Guardianship.objects.filter(ended_at=None).exists()
        left = Consent.objects.filter(person=child, withdrawn_at__isnull=True)
        assert not left.exclude(purpose=ConsentPurpose.GUARDIANSHIP).exists()

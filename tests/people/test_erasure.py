"""Being forgotten (ruling 26)."""

import pytest
from django.db import connection

from huipai.journal import commands as journal
from huipai.journal import queries as journal_queries
from huipai.journal.models import Entry
from huipai.kit.verdict import Moved, NotAllowed
from huipai.people import commands
from huipai.people.models import Account, Consent, Identity, Person, Proxy
from huipai.people.words import ConsentPurpose, IdentityKind, ProxyScope
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cast import MONDAY, TUESDAY
from tests.people.doors import LAN, MEI, Browser, leads_to, words


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return cast.resident(name="李兰兰", phone=LAN)


class TestErase:
    def test_leaves_no_name_and_no_number_anywhere(self, lan: Person) -> None:
        commands.add_identity(
            person=lan, kind=IdentityKind.COURIER, valid_from=MONDAY.date(), valid_until=None, actor=lan, now=MONDAY
        )
        commands.invite_helper(elder=lan, phone=MEI, scopes=[ProxyScope.REPORT], address="", now=MONDAY)
        commands.erase(person=lan, actor=lan, now=TUESDAY)
        commands.forget_former_names(person=lan)  # by whoever knows that nothing goes on
        for table in ("people_account", "people_person", "people_proxy", "people_identity", "people_phonechange"):
            with connection.cursor() as cursor:
                where = "" if table == "people_account" else f" WHERE t.street_id = '{lan.street_id}'"
                cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} AS t{where}")
                stored = cursor.fetchone()[0]
            assert "李兰兰" not in stored
            assert "13800001234" not in stored
            assert "13900005678" not in stored
        assert not Identity.objects.exists()
        assert not Consent.objects.filter(person=lan, withdrawn_at__isnull=True).exists()
        assert not Proxy.objects.filter(ended_at__isnull=True).exists()

    def test_leaves_journal_and_chain_whole(self, lan: Person) -> None:
        before = Entry.objects.count()
        journal.seal(now=MONDAY)
        commands.erase(person=lan, actor=lan, now=TUESDAY)
        journal.seal(now=TUESDAY)
        assert Entry.objects.count() == before + 1
        assert journal_queries.verify_chain() is None

    def test_in_one_street_leaves_the_other_and_the_account(self, lan: Person, hetang: Street) -> None:
        with in_street(hetang.id):
            there = cast.resident(name="李兰兰", phone=LAN)
        commands.erase(person=lan, actor=lan, now=TUESDAY)
        assert Account.objects.get(phone=LAN).is_active
        with in_street(hetang.id):
            commands.erase(person=there, actor=there, now=TUESDAY)
        assert not Account.objects.filter(phone=LAN).exists()

    def test_the_same_number_may_begin_again_as_somebody_new(self, lan: Person) -> None:
        commands.erase(person=lan, actor=lan, now=TUESDAY)
        assert cast.resident(name="李兰兰", phone=LAN) != lan

    def test_twice_and_by_others_and_of_staff_is_refused(self, lan: Person) -> None:
        wei = cast.clerk()
        with pytest.raises(commands.StillEmployed):
            commands.erase(person=wei, actor=wei, now=MONDAY)
        with pytest.raises(NotAllowed):
            commands.erase(person=lan, actor=cast.resident("梅", MEI), now=MONDAY)
        commands.erase(person=lan, actor=wei, now=MONDAY)
        with pytest.raises(Moved):
            commands.erase(person=lan, actor=wei, now=MONDAY)

    def test_page_wants_the_word(self, lan: Person) -> None:
        browser = Browser().enter(lan)
        answer = browser.send("me/leave/", word="好")
        assert answer.status_code == 422
        assert 'value="好"' in words(answer)
        assert leads_to(browser.send("me/leave/", word="注销")) == "/s/yunqiao/"
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/sign-in/")

    def test_needs_no_new_yes(self, lan: Person) -> None:
        """Who has taken the privacy notice back may still be forgotten: nothing else is left to them."""
        commands.withdraw_consent(person=lan, purpose=ConsentPurpose.PRIVACY_NOTICE, actor=lan, now=TUESDAY)
        browser = Browser().enter(lan)
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/privacy/")
        assert "/s/yunqiao/me/leave/" in words(browser.open("privacy/"))
        assert browser.open("me/leave/").status_code == 200
        assert leads_to(browser.send("me/leave/", word="注销")) == "/s/yunqiao/"

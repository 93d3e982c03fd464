"""Saying yes, taking it back, and what rests on it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.journal.models import Entry
from huipai.kit.verdict import Moved, NotAllowed
from huipai.people import commands, queries
from huipai.people.models import Consent, ConsentText, Identity, Person, Proxy
from huipai.people.words import Channel, ConsentPurpose, IdentityKind, ProxyScope
from huipai.streets.models import Street
from tests import cast
from tests.cast import FRIDAY, MONDAY, TUESDAY
from tests.people.doors import LAN, MEI, Browser, leads_to, words

WALL, SENSITIVE = ConsentPurpose.THANK_YOU_WALL, ConsentPurpose.SENSITIVE_IDENTITY
TODAY = MONDAY.date()
NOW = datetime.now(UTC)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return cast.resident()


class TestConsent:
    def test_said_twice_counts_once(self, lan: Person) -> None:
        first = commands.give_consent(person=lan, purpose=WALL, now=MONDAY)
        assert commands.give_consent(person=lan, purpose=WALL, now=TUESDAY) == first
        assert Entry.objects.filter(what="consent.given", facts__purpose="thank_you_wall").count() == 1

    def test_taken_back_stops_and_its_history_stays(self, lan: Person) -> None:
        commands.give_consent(person=lan, purpose=WALL, now=MONDAY)
        commands.withdraw_consent(person=lan, purpose=WALL, actor=lan, now=TUESDAY)
        assert not queries.has_consent(lan, WALL)
        with pytest.raises(commands.NothingToWithdraw):
            commands.withdraw_consent(person=lan, purpose=WALL, actor=lan, now=TUESDAY)
        commands.give_consent(person=lan, purpose=WALL, now=FRIDAY)
        assert queries.has_consent(lan, WALL)
        assert Consent.objects.filter(person=lan, purpose=WALL).count() == 2

    def test_is_nobody_elses_to_take_back(self, lan: Person) -> None:
        commands.give_consent(person=lan, purpose=WALL, now=MONDAY)
        with pytest.raises(NotAllowed):
            commands.withdraw_consent(person=lan, purpose=WALL, actor=cast.staff(), now=TUESDAY)

    def test_at_the_counter_is_noted_with_who_and_which_paper(self, lan: Person) -> None:
        consent = commands.note_consent(
            person=lan, purpose=ConsentPurpose.REPORT_ON_BEHALF, channel=Channel.TELEPHONE, paper_number="T-9",
            actor=cast.clerk(), now=MONDAY,
        )  # fmt: skip
        assert (consent.paper_number, consent.given_by) == ("T-9", lan)
        with pytest.raises(NotAllowed):
            commands.note_consent(
                person=cast.staff(), purpose=WALL, channel=Channel.COUNTER, paper_number="1", actor=lan, now=MONDAY
            )

    @pytest.mark.parametrize("change", ["version = 9", "purpose = 'care'", "given_at = now()", "withdrawn_at = NULL"])
    def test_the_database_refuses_to_edit_one(self, lan: Person, change: str) -> None:
        consent = commands.give_consent(person=lan, purpose=WALL, now=MONDAY)
        commands.withdraw_consent(person=lan, purpose=WALL, actor=lan, now=TUESDAY)
        with (
            pytest.raises(IntegrityError, match="only ever withdrawn"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"UPDATE people_consent SET {change} WHERE id = %s AND street_id = %s", [consent.id, lan.street_id]
            )

    def test_the_database_refuses_to_delete_one(self, lan: Person) -> None:
        with pytest.raises(IntegrityError, match="only ever withdrawn"), transaction.atomic():
            Consent.objects.all().delete()

    def test_a_published_text_never_changes(self, lan: Person) -> None:
        text = commands.publish_text(purpose=WALL, seen=1, body="甲", legal_basis="乙", actor=cast.staff(), now=MONDAY)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            ConsentText.objects.filter(pk=text.pk).update(body="丙")
        with pytest.raises(NotAllowed):
            commands.publish_text(purpose=WALL, seen=1, body="甲", legal_basis="乙", actor=lan, now=MONDAY)

    def test_page_lists_and_withdraws(self, lan: Person) -> None:
        browser = Browser().enter(lan)
        commands.give_consent(person=lan, purpose=WALL, now=MONDAY)
        assert "在感谢墙上出现" in words(browser.open("me/consents/"))
        leads_to(browser.send("me/consents/thank_you_wall/withdraw/"))
        assert not queries.has_consent(lan, WALL)
        assert browser.send("me/consents/nothing_such/withdraw/").status_code == 404

    def test_whoever_took_back_the_notice_takes_back_all_the_rest(self, in_yunqiao: Street) -> None:
        zhou, mei = cast.resident(phone=LAN, now=NOW), cast.resident("梅", MEI, now=NOW)
        browser, notice = Browser().enter(zhou), ConsentPurpose.PRIVACY_NOTICE
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=[ProxyScope.REPORT], address="", now=NOW)
        commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=NOW)
        second = commands.invite_helper(
            elder=zhou, phone="13611110000", scopes=[ProxyScope.REPORT], address="", now=NOW
        )  # fmt: skip
        for purpose in (SENSITIVE, WALL, ConsentPurpose.CARE):
            commands.give_consent(person=zhou, purpose=purpose, now=NOW)
        leads_to(browser.send(f"me/consents/{notice}/withdraw/"))
        assert leads_to(browser.open("me/")).startswith("/s/yunqiao/privacy/")
        assert "/s/yunqiao/me/consents/" in words(browser.open("privacy/"))
        assert "/consents/care/withdraw/" in words(browser.open("me/consents/"))
        leads_to(browser.send(f"me/proxy/{second.id}/end/"))
        assert Proxy.objects.get(pk=second.pk).ended_at is not None
        for purpose in (SENSITIVE, WALL, ConsentPurpose.CARE, ConsentPurpose.PROXY):
            leads_to(browser.send(f"me/consents/{purpose}/withdraw/"))
        assert not Consent.objects.filter(person=zhou, withdrawn_at__isnull=True).exists()
        assert not queries.elders_helped_by(mei, ProxyScope.REPORT, NOW).exists()
        # Saying yes waits for the notice.
        assert leads_to(browser.send("me/consents/care/give/")).startswith("/s/yunqiao/privacy/")


class TestIdentities:
    def add(self, lan: Person, kind: IdentityKind = IdentityKind.COURIER, **period: object) -> Identity:
        days = {"valid_from": TODAY, "valid_until": None, **period}
        return commands.add_identity(person=lan, kind=kind, actor=lan, now=MONDAY, **days)  # type: ignore[arg-type]

    def test_several_hold_at_once_each_for_its_time(self, lan: Person) -> None:
        self.add(lan, IdentityKind.STUDENT, valid_until=TODAY + timedelta(days=10))
        self.add(lan, IdentityKind.VOLUNTEER)
        assert len(queries.identities_of(lan, TODAY)) == 2
        assert [one.kind for one in queries.identities_of(lan, TODAY + timedelta(days=10))] == ["volunteer"]

    def test_the_same_twice_at_one_time_is_refused_by_the_database(self, lan: Person) -> None:
        self.add(lan, valid_until=TODAY + timedelta(days=10))
        with pytest.raises(commands.AlreadySo):
            self.add(lan, valid_from=TODAY + timedelta(days=9))
        self.add(lan, valid_from=TODAY + timedelta(days=10))

    def test_a_sensitive_one_wants_its_own_consent_and_goes_with_it(self, lan: Person) -> None:
        with pytest.raises(commands.ConsentMissing):
            self.add(lan, IdentityKind.PARTY_MEMBER)
        commands.give_consent(person=lan, purpose=SENSITIVE, now=MONDAY)
        self.add(lan, IdentityKind.PARTY_MEMBER)
        self.add(lan, IdentityKind.COURIER)
        commands.withdraw_consent(person=lan, purpose=SENSITIVE, actor=lan, now=TUESDAY)
        assert list(Identity.objects.values_list("kind", flat=True)) == ["courier"]

    def test_the_journal_does_not_say_which(self, lan: Person) -> None:
        commands.give_consent(person=lan, purpose=SENSITIVE, now=MONDAY)
        self.add(lan, IdentityKind.PARTY_MEMBER)
        assert "party_member" not in str(list(Entry.objects.values_list("facts", flat=True)))

    def test_is_confirmed_by_a_colleague_and_never_by_oneself(self, lan: Person) -> None:
        wei = cast.clerk()
        courier, own = self.add(lan), self.add(wei)
        assert commands.confirm_identity(identity=courier, actor=wei, now=TUESDAY).confirmed_by == wei
        for actor, identity in ((wei, own), (lan, courier)):
            with pytest.raises(NotAllowed):
                commands.confirm_identity(identity=identity, actor=actor, now=TUESDAY)

    def test_ends_on_a_day(self, lan: Person) -> None:
        identity = self.add(lan)
        commands.end_identity(identity=identity, day=TUESDAY.date(), actor=lan, now=TUESDAY)
        assert not queries.identities_of(lan, TUESDAY.date())
        with pytest.raises(Moved):
            commands.end_identity(identity=identity, day=TUESDAY.date(), actor=lan, now=TUESDAY)

    def test_page_keeps_what_was_typed(self, lan: Person) -> None:
        browser = Browser().enter(lan)
        answer = browser.send("me/identities/", kind="courier", valid_from="2026-11-23", valid_until="2026-11-01")
        assert answer.status_code == 422
        assert "结束的日子在开始之前" in words(answer)
        assert 'value="2026-11-01"' in words(answer)
        assert "日期这样写" in words(browser.send("me/identities/", kind="courier", valid_from="明天"))
        assert "选一种身份" in words(browser.send("me/identities/", kind="wizard"))
        leads_to(browser.send("me/identities/", kind="courier", valid_from="2026-11-01"))
        identity = Identity.objects.get()
        assert "快递、外卖骑手" in words(browser.open("me/"))
        assert Browser().enter(cast.resident("梅", "13611110000")).send(
            f"me/identities/{identity.id}/end/"
        ).status_code == 404  # fmt: skip
        leads_to(browser.send(f"me/identities/{identity.id}/end/"))

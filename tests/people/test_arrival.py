"""Who comes in, in as few statements as it takes."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from huipai.people import arrival, jobs, queries
from huipai.people import commands as people
from huipai.people.commands import accounts
from huipai.people.models import Account, ConsentText
from huipai.people.words import ConsentPurpose
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY, resident

pytestmark = pytest.mark.django_db


class TestOf:
    def test_is_what_two_questions_would_answer(self, in_yunqiao: Street) -> None:
        person = resident()
        assert person.account_id is not None
        account = arrival.of(person.account_id)
        assert account == person.account
        assert account is not None and account.session_mark == Account.objects.get().session_mark
        arrived, asked = queries.visitor(account), queries.visitor(account)
        assert arrived == asked
        assert arrived is not None and arrived.person.name == person.name and arrived.has_read_notice

    def test_a_new_text_asks_for_a_new_yes(self, in_yunqiao: Street) -> None:
        person = resident()
        ConsentText.objects.create(
            purpose=ConsentPurpose.PRIVACY_NOTICE, version=2, body="…", legal_basis="…", published_at=MONDAY
        )
        account = arrival.of(person.account_id)  # type: ignore[arg-type]
        arrived, asked = queries.visitor(account), queries.visitor(account)  # type: ignore[arg-type]
        assert arrived == asked
        assert arrived is not None and not arrived.has_read_notice and arrived.has_read_any_notice

    def test_in_another_street_the_account_is_nobody_yet(self, in_yunqiao: Street, hetang: Street) -> None:
        person = resident()
        with in_street(hetang.id):
            account = arrival.of(person.account_id)  # type: ignore[arg-type]
            assert account == person.account
            assert queries.visitor(account) is None  # type: ignore[arg-type]

    def test_an_unknown_account_is_nobody(self, in_yunqiao: Street) -> None:
        assert arrival.of(uuid4()) is None


class TestDoor:
    def test_somebody_signed_in_costs_two_statements(
        self, client: Client, in_yunqiao: Street, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.force_login(resident().account)
        # The street, which tests do not keep; session; arrival; unread notices.
        with django_assert_num_queries(4):
            assert client.get("/s/yunqiao/complaint/").status_code == 200

    def test_a_closed_account_and_an_expired_session_are_signed_out(self, client: Client, in_yunqiao: Street) -> None:
        person = resident()
        client.force_login(person.account)
        assert client.get("/s/yunqiao/me/").status_code == 200
        Session.objects.update(expire_date=timezone.now())
        assert client.get("/s/yunqiao/me/").status_code == 302
        client.force_login(person.account)
        Account.objects.update(is_active=False)
        assert client.get("/s/yunqiao/me/").status_code == 302

    def test_what_is_over_is_not_kept_and_nobody_who_is_signed_in_is_shut_out(
        self, client: Client, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(accounts, "SESSIONS_AT_ONCE", 2)
        here = Client()
        lan = resident()
        for browser in (*(Client() for _over in range(5)), here):
            browser.force_login(lan.account)
        now = timezone.now()
        Session.objects.exclude(pk=here.session.session_key).update(expire_date=now - timedelta(seconds=1))
        assert jobs.forget_sessions(timestamp=0) is None
        assert list(Session.objects.values_list("pk", flat=True)) == [here.session.session_key]
        assert people.forget_sessions(now=now) == 0 and here.get("/s/yunqiao/me/").status_code == 200

    def test_signing_out_everywhere_ends_other_sessions(self, client: Client, in_yunqiao: Street) -> None:
        person = resident()
        client.force_login(person.account)
        Account.objects.update(session_mark="changed")
        assert client.get("/s/yunqiao/me/").status_code == 302

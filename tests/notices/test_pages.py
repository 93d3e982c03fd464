from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from huipai.notices import commands, queries
from huipai.notices.words import A_PAGE
from huipai.people.models import Person
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY, resident

pytestmark = pytest.mark.django_db
INBOX = "/s/yunqiao/notices/"


@pytest.fixture
def lan(in_yunqiao: Street, client: Client) -> Person:
    person = resident("兰", "13800000001")
    client.force_login(person.account)
    return person


def fill(person: Person, count: int) -> None:
    for n in range(count):
        commands.tell(
            person_ids=[person.id], kind="report.received", subject="report:7", cause=f"entry-{n}",
            now=MONDAY + timedelta(minutes=n),
        )  # fmt: skip


class TestInbox:
    def test_says_what_would_be_here_when_it_is_empty(self, client: Client, lan: Person) -> None:
        page = client.get(INBOX)
        assert page.status_code == 200
        assert "这里会放您的消息" in page.content.decode()

    def test_is_for_people_who_are_signed_in(self, client: Client, yunqiao: Street) -> None:
        assert client.get(INBOX).status_code == 302

    def test_pages_through_with_the_newest_first(self, client: Client, lan: Person) -> None:
        fill(lan, A_PAGE + 1)
        first, second = client.get(INBOX).content.decode(), client.get(INBOX + "?page=2").content.decode()
        assert first.count("<li>") == A_PAGE and "?page=2" in first
        assert second.count("<li>") == 1 and "?page=1" in second
        beyond = client.get(INBOX + "?page=9").content.decode()
        assert beyond.count("<li>") == 1 and "?page=1" in beyond and "?page=8" not in beyond
        assert client.get(INBOX + "?page=绿").status_code == 200

    def test_costs_the_same_queries_however_long_it_is(
        self, client: Client, lan: Person, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.get(INBOX)
        fill(lan, 1)
        with django_assert_num_queries(5) as few:
            client.get(INBOX)
        fill(lan, 15)
        with django_assert_num_queries(len(few)):
            client.get(INBOX)


class TestReading:
    def test_a_press_takes_note_and_leads_on(self, client: Client, lan: Person) -> None:
        fill(lan, 1)
        notice = queries.visible_to(lan).get()
        answer = client.post(f"{INBOX}{notice.id}/reading/")
        assert (answer.status_code, answer["Location"]) == (302, INBOX)
        assert queries.unread_count(lan) == 0

    def test_another_persons_notice_is_not_found(self, client: Client, lan: Person, in_yunqiao: Street) -> None:
        fill(resident("梅", "13800000002"), 1)
        notice = queries.Notice.objects.get()
        assert client.post(f"{INBOX}{notice.id}/reading/").status_code == 404

    def test_another_streets_notice_is_not_found(self, client: Client, lan: Person, hetang: Street) -> None:
        with in_street(hetang.id):
            fill(resident("梅", "13800000002"), 1)
            notice = queries.Notice.objects.get()
        assert client.post(f"{INBOX}{notice.id}/reading/").status_code == 404

    def test_all_at_once(self, client: Client, lan: Person) -> None:
        fill(lan, 2)
        assert client.post(f"{INBOX}reading/", {"shown_at": "nonsense"}).status_code == 302
        assert queries.unread_count(lan) == 0


class TestPreference:
    def test_is_kept_and_shown_again(self, client: Client, lan: Person) -> None:
        wish = {"by_sms": "on", "quiet_from": "20:00", "quiet_until": "08:15"}
        assert client.post(f"{INBOX}preference/", wish).status_code == 302
        held = queries.preference_of(lan.id)
        assert held is not None and held.by_sms
        page = client.get(f"{INBOX}preference/").content.decode()
        assert "20:00" in page and "08:15" in page and "checked" in page

    def test_a_wrong_hour_comes_back_with_everything_typed(self, client: Client, lan: Person) -> None:
        answer = client.post(f"{INBOX}preference/", {"by_sms": "on", "quiet_from": "25:00", "quiet_until": "08:15"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "出错：" in page and "25:00" in page and "checked" in page
        assert queries.preference_of(lan.id) is None


def test_what_is_no_thing_can_be_muted_and_asked_for_again_without_harm(client: Client, lan: Person) -> None:
    for subject in ("case:abc", "nonsense", "case:", ""):
        for want in ("on", ""):
            answer = client.post(f"{INBOX}muting/", {"subject": subject, "want": want})
            assert answer.status_code in (302, 404)
            assert client.get(f"{INBOX}preference/").status_code == 200

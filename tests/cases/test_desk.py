"""The workbench: whose it is, what stands in it, and in what order."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from huipai.kit import clock
from huipai.people.models import Person
from tests.cases.conftest import LITTER, Place

pytestmark = pytest.mark.django_db


def at(client: Client, person: Person, query: str = "") -> str:
    client.force_login(person.account)  # type: ignore[arg-type]
    answer = client.get(f"/s/yunqiao/desk/{query}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


class TestDesk:
    def test_is_for_those_who_look_after_communities(self, client: Client, here: Place) -> None:
        for person in (here.lan, here.wei):
            client.force_login(person.account)  # type: ignore[arg-type]
            answer = client.get("/s/yunqiao/desk/")
            assert answer.status_code == 403 and "社区协调员" in answer.content.decode()
        assert "现在一件都没有" in at(client, here.coordinator)

    def test_shows_the_most_urgent_first_with_the_first_beside_it(self, client: Client, here: Place) -> None:
        now = clock.now()
        later = here.report(now=now, case_type=LITTER)
        sooner = here.report(here.hua, now=now - timedelta(hours=1))
        html = at(client, here.coordinator)
        assert html.index(f"case={sooner.code}") < html.index(f"case={later.code}")
        assert html.count('aria-current="true"') == 1 and f"/cases/{sooner.code}/" in html

    def test_shows_the_case_that_is_asked_for(self, client: Client, here: Place) -> None:
        case = here.report(now=clock.now())
        other = here.report(here.hua, now=clock.now())
        assert f"/cases/{case.code}/refusal/" in at(client, here.coordinator, f"?case={case.code}")
        assert f"/cases/{other.code}/refusal/" in at(client, here.coordinator, f"?case={other.code}")

    def test_filters_by_what_is_late(self, client: Client, here: Place) -> None:
        old = here.report(now=clock.now() - timedelta(days=5))
        new = here.report(here.hua, now=clock.now())
        html = at(client, here.coordinator, "?view=late")
        assert f"case={old.code}" in html and f"case={new.code}" not in html

    def test_a_made_up_filter_is_the_whole_queue(self, client: Client, here: Place) -> None:
        case = here.report(now=clock.now())
        assert f"case={case.code}" in at(client, here.coordinator, "?view=nonsense&page=x")

    def test_never_names_the_reporter(self, client: Client, here: Place) -> None:
        here.report(now=clock.now())
        assert here.lan.name not in at(client, here.coordinator)

    def test_another_streets_case_does_not_exist(self, client: Client, here: Place) -> None:
        client.force_login(here.coordinator.account)  # type: ignore[arg-type]
        assert client.get("/s/yunqiao/desk/?case=NOWHERE1").status_code == 404

    def test_asks_the_database_no_more_for_a_longer_queue(
        self, client: Client, here: Place, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        here.report(now=clock.now())
        at(client, here.coordinator)
        for number in range(5):
            here.report(here.hua, now=clock.now() - timedelta(minutes=number))
        with django_assert_max_num_queries(32):
            at(client, here.coordinator)

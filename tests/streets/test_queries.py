from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.postgresql import base
from pytest_django import DjangoAssertNumQueries, Settings

from huipai.streets import queries
from huipai.streets.models import Street

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings: Settings) -> Iterator[None]:
    settings.STREET_KEPT_SECONDS = 60
    yield
    queries._kept.clear()


class TestBySlug:
    def test_a_street_is_asked_for_once_in_a_while(
        self, yunqiao: Street, kept: None, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        assert queries.by_slug("yunqiao") == yunqiao
        with django_assert_num_queries(0):
            assert queries.by_slug("yunqiao") == yunqiao

    def test_what_an_operator_changes_shows_when_the_time_is_over(
        self, yunqiao: Street, kept: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = queries.by_slug("yunqiao")
        Street.objects.update(name="云桥新街道")
        monkeypatch.setattr(queries, "monotonic", lambda: 1e12)
        again = queries.by_slug("yunqiao")
        assert found is not None and again is not None
        assert (found.name, again.name) == ("云桥街道", "云桥新街道")

    def test_a_street_that_is_not_there_is_looked_for_each_time(
        self, kept: None, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _time in range(2):
            with django_assert_num_queries(1):
                assert queries.by_slug("nowhere") is None


class TestHealthCheck:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        asked: list[int] = []
        monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda self: asked.append(1) or True)
        monkeypatch.setattr(connections["default"], "_answered_at", 0.0)
        return asked

    def test_a_connection_that_has_just_answered_is_not_asked_again(self, asked: list[int]) -> None:
        assert all(connections["default"].is_usable() for _time in range(3))
        assert len(asked) == 1

    def test_after_an_error_it_is_asked(self, asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
        connections["default"].is_usable()
        monkeypatch.setattr(connections["default"], "errors_occurred", True)
        connections["default"].is_usable()
        assert len(asked) == 2

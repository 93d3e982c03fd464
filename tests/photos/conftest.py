"""A folder for the files of each test, and people of two streets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from huipai.people.models import Person
from huipai.photos.rules import darkroom
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.copies import MADE_EACH_TIME

STATICS = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the photos of this test lie."""
    place = tmp_path / "photos"
    sealed = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": {"location": str(place)}}
    with override_settings(STORAGES={"photos": sealed, "staticfiles": STATICS}):
        yield place


@pytest.fixture(autouse=True)
def _made_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(darkroom, "develop", MADE_EACH_TIME)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return cast.resident("兰", "13800000001")


@pytest.fixture
def he(in_yunqiao: Street) -> Person:
    return cast.resident("何", "13800000002")


@pytest.fixture
def wei(in_yunqiao: Street) -> Person:
    return cast.staff("魏", "13900000001")


@pytest.fixture
def qiu(hetang: Street) -> Person:
    """Somebody of the other street."""
    with in_street(hetang.id):
        return cast.resident("秋", "13800000003")

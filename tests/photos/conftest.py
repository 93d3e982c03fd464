"""A folder for the files of each test, and people of two streets."""

from pathlib import Path

import pytest
from django.test import override_settings

from huipai.people import commands as people
from huipai.people.models import Person
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO


@pytest.fixture(autouse=True)
def folder(tmp_path: Path):
    """Where the photos of this test lie."""
    place = tmp_path / "photos"
    sealed = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": {"location": str(place)}}
    statics = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={"photos": sealed, "staticfiles": statics}):
        yield place


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return people.register(phone="+8613800000001", name="兰", now=A_MONTH_AGO)


@pytest.fixture
def wei(in_yunqiao: Street) -> Person:
    return people.register(phone="+8613800000002", name="伟", now=A_MONTH_AGO)


@pytest.fixture
def qiu(hetang: Street) -> Person:
    """Somebody of the other street."""
    with in_street(hetang.id):
        return people.register(phone="+8613800000003", name="秋", now=A_MONTH_AGO)

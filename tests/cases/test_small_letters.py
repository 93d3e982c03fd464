"""A code is read off a slip or a screen and typed as it comes: in small letters too."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cases.conftest import Place
from tests.cases.showing import release
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db


def test_a_code_opens_its_pages_in_small_letters_too(here: Place) -> None:
    code = release(here, here.report()).code.lower()
    assert code != code.upper()
    assert as_(here.dispatcher).get(f"/s/yunqiao/cases/{code}/").status_code == 200
    assert as_(here.lan).get(f"/s/yunqiao/mine/{code}/").status_code == 200
    assert as_(here.hua).get(f"/s/yunqiao/mine/{code}/").status_code == 404
    assert Client().get(f"/s/yunqiao/c/{code}/").status_code == 200

"""The auditor reads who opened what and why, and opens no resident's case (decision 0062)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from huipai.cases import queries
from huipai.cases.models import CasePhoto
from huipai.cases.queries import findings, joint, own_finds, searching
from huipai.kit import clock
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from tests.cases.conftest import Place, folder, here, settled, there
from tests.cases.test_pages import as_
from tests.cast import appoint, staff

__all__ = ["folder", "here", "settled", "there"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_factor() -> Iterator[None]:
    with override_settings(SECOND_FACTOR_FOR_ADMINS=False):
        yield


@pytest.fixture
def auditor(here: Place) -> Person:
    return appoint(staff("甄细看", "13900007701"), Role.AUDITOR)


def test_opens_the_record_and_no_page_file_or_list_of_cases(here: Place, auditor: Person) -> None:
    now = clock.now()
    case = here.report(now=now)
    photo = CasePhoto.objects.get(case=case).photo_id
    theirs = as_(auditor)
    assert theirs.get("/s/yunqiao/audit/").status_code == 200
    base = f"/s/yunqiao/cases/{case.code}"
    for page in (
        f"{base}/", f"{base}/print/", f"{base}/originals/", f"{base}/originals/{photo}/", f"{base}/reporter/",
        f"/s/yunqiao/mine/{case.code}/", f"/s/yunqiao/c/{case.code}/", f"/s/yunqiao/c/{case.code}/photos/{photo}/",
        "/s/yunqiao/desk/", "/s/yunqiao/search/?q=车", "/s/yunqiao/findings/", "/s/yunqiao/own-finds/",
        "/s/yunqiao/joint/", "/s/yunqiao/orders/", "/s/yunqiao/checks/", "/s/yunqiao/today/", "/s/yunqiao/releasing/",
        "/s/yunqiao/wall/", "/s/yunqiao/wall/grids/", "/s/yunqiao/exports/new/cases/",
    ):  # fmt: skip
        answer = theirs.get(page)
        shows = answer.status_code == 200 and case.code in answer.content.decode()
        assert answer.status_code in (403, 404) or (not shows and page.split("yunqiao")[1] in ("/checks/",)), page


def test_is_in_no_list_of_what_lies_behind_the_pages(here: Place, auditor: Person) -> None:
    now = clock.now()
    case = here.report(now=now)
    assert not queries.visible_to(auditor, now).exists()
    with pytest.raises(NotVisible):
        queries.by_code(auditor, case.code, now)
    assert searching.search(auditor, case.code, now).ids == []
    for readers in (queries.ROLES_WITH_A_VIEW, findings.READERS, own_finds.READERS, joint.ROLES_WITH_A_VIEW):
        assert Role.AUDITOR not in readers

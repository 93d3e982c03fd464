"""The administrator's door to the calendar."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huipai.kit import sheets as kit_sheets
from huipai.people.words import Role
from huipai.streets.models import Street
from huipai.workdays import queries, sheets
from huipai.workdays.models import CalendarYear
from tests.cast import appoint, resident, staff
from tests.workdays.test_sheets import ROWS

pytestmark = pytest.mark.django_db
PAGE = "/s/yunqiao/workdays/"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def admin(client: Client, in_yunqiao: Street) -> Client:
    client.force_login(appoint(staff(), Role.SYSTEM_ADMIN).account)
    return client


def sent(content: bytes, year: str = "2027") -> dict[str, object]:
    return {"year": year, "source": "通知（样例）", "file": SimpleUploadedFile("2027.csv", content)}


class TestWorkdays:
    def test_is_for_the_system_administrator(self, client: Client, in_yunqiao: Street) -> None:
        client.force_login(resident().account)
        assert client.get(PAGE).status_code == 403

    def test_brings_a_year_in(self, admin: Client) -> None:
        assert "自带的表" in admin.get(PAGE).content.decode()
        assert admin.post(PAGE, sent(kit_sheets.write_csv(sheets.TABLE, ROWS))).status_code == 302
        table = CalendarYear.objects.get()
        assert (table.year, table.imported_by is None) == (2027, False)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"\x89PNG\x00\x01", "这不是 Excel"),
            ("日期,安排,名称\n2027-02-30,休息,\n".encode(), "第 2 行 日期"),
            ("日期,安排,名称\n2027-01-01,休息,元旦\n".encode(), "2027-05-01"),
        ],
    )
    def test_a_wrong_table_is_refused_with_its_reason_and_what_was_typed(
        self, admin: Client, content: bytes, sentence: str
    ) -> None:
        answer = admin.post(PAGE, sent(content))
        page = answer.content.decode()
        assert answer.status_code == 422 and sentence in page and "通知（样例）" in page
        assert not CalendarYear.objects.exists()

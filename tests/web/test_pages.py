"""Home, look, complaint, chooser and shell."""

import re

import pytest
from django.test import Client

from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast

pytestmark = pytest.mark.django_db


class TestChooser:
    def test_lists_the_streets_with_their_operator(self, client: Client, yunqiao: Street, hetang: Street) -> None:
        page = client.get("/").content.decode()
        assert "云桥街道" in page and "荷塘街道办事处" in page

    def test_leads_to_the_street_visited_last(self, client: Client, yunqiao: Street) -> None:
        client.get("/s/yunqiao/")
        assert client.get("/")["Location"] == "/s/yunqiao/"

    def test_offers_the_choice_again_when_asked(self, client: Client, yunqiao: Street) -> None:
        client.get("/s/yunqiao/")
        assert client.get("/?choose").status_code == 200

    def test_a_forgotten_street_is_no_trap(self, client: Client, yunqiao: Street) -> None:
        client.cookies["street"] = "nowhere"
        assert client.get("/").status_code == 200

    def test_an_unknown_street_is_not_found(self, client: Client, yunqiao: Street) -> None:
        answer = client.get("/s/nowhere/")
        assert answer.status_code == 404 and "没有找到" in answer.content.decode()

    def test_a_street_is_found_without_its_last_slash(self, client: Client, yunqiao: Street) -> None:
        assert client.get("/s/yunqiao?choose=1")["Location"] == "/s/yunqiao/?choose=1"
        assert client.get("/s/yunqiao", follow=True).status_code == 200
        assert client.get("/s/nowhere").status_code == 404


class TestFormsOfAPage:
    def test_share_one_token_that_is_another_in_each_answer(self, client: Client, yunqiao: Street) -> None:
        first, second = (
            re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/s/yunqiao/nearby/").content.decode())
            for _ in range(2)
        )
        assert len(first) > 1 and len(set(first)) == 1 and first[0] != second[0]


class TestRefusedPage:
    def refused(self, client: Client, street: Street, came_from: str) -> str:
        with in_street(street.id):
            client.force_login(cast.resident().account)
        answer = client.post("/s/yunqiao/jobs/1/retry/", headers={"referer": came_from})
        assert answer.status_code == 403
        return answer.content.decode()

    def test_leads_back_to_where_something_was_sent(self, client: Client, yunqiao: Street) -> None:
        words = self.refused(client, yunqiao, "http://testserver/s/yunqiao/points/?year=2026")
        assert 'href="/s/yunqiao/points/?year=2026"' in words

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/x", "javascript:alert(1)", "//evil.example/", ""])
    def test_never_leads_to_another_host(self, client: Client, yunqiao: Street, elsewhere: str) -> None:
        words = self.refused(client, yunqiao, elsewhere)
        assert "evil" not in words and "alert" not in words


def test_the_address_of_a_deed_opened_again_is_a_page_with_a_way_back(client: Client, yunqiao: Street) -> None:
    """As a reload or a bookmark does after something was refused."""
    answer = client.get("/s/yunqiao/sign-out/", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这一步要从按钮来" in answer.content.decode()
    assert "这一步要从按钮来" in client.get("/s/yunqiao/sign-out/").content.decode()
    assert client.get("/s/yunqiao/sign-out/", HTTP_ACCEPT="application/json").content == b""


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/s/yunqiao/nearby/", 200), ("/s/yunqiao/none/", 404)])
def test_who_only_asks_whether_a_page_is_there_is_told(client: Client, yunqiao: Street, path: str, status: int) -> None:
    head, page = client.head(path), client.get(path)
    assert head.status_code == page.status_code == status and head.content == b"" and page.content
    assert head["Content-Type"] == page["Content-Type"] and "Content-Security-Policy" in head

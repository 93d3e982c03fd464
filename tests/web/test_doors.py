"""What every answer carries: policy, look, language; and refusals as pages."""

import re

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from procrastinate.contrib.django.django_connector import wrap_exceptions
from procrastinate.exceptions import ConnectorException
from pytest_django import Settings

from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible, Refused, TooMany
from huipai.streets.models import Street
from huipai.web import errors, middleware

pytestmark = pytest.mark.django_db

PAGES = ["", "look/", "complaint/", "activities/", "gallery/"]
FOREIGN = re.compile(r"(?:src|href|action|content)=\"(?:https?:)?//", re.IGNORECASE)


@pytest.fixture(params=PAGES, ids=lambda path: path or "home")
def page(request: pytest.FixtureRequest, client: Client, yunqiao: Street) -> HttpResponse:
    return client.get(f"/s/yunqiao/{request.param}")


class TestEveryPage:
    def test_names_the_operator_and_the_way_to_complain(self, page: HttpResponse) -> None:
        html = page.content.decode()
        assert "云桥街道办事处主办" in html and "/s/yunqiao/complaint/" in html

    def test_has_a_strict_policy_and_keeps_to_it(self, page: HttpResponse) -> None:
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        html = page.content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", html)
        assert all('src="' in tag for tag in re.findall(r"<script[^>]*>", html))

    def test_names_no_foreign_host(self, page: HttpResponse) -> None:
        assert not FOREIGN.search(page.content.decode())

    def test_is_not_kept_by_anyone(self, page: HttpResponse) -> None:
        assert "no-store" in page.headers["Cache-Control"]

    def test_has_one_heading_one_main_and_a_way_past_the_bar(self, page: HttpResponse) -> None:
        html = page.content.decode()
        assert html.count("<h1") == 1 and html.count("<main") == 1 and 'href="#main"' in html


class TestFooter:
    def test_shows_the_filing_number_once_it_is_entered(self, client: Client, yunqiao: Street) -> None:
        assert "备案号" not in client.get("/s/yunqiao/").content.decode()
        Street.objects.filter(pk=yunqiao.pk).update(filing_number="演示备 1 号", map_approval="演示审图 2 号")
        html = client.get("/s/yunqiao/").content.decode()
        assert "备案号 演示备 1 号" in html and "审图号 演示审图 2 号" in html

    def test_outside_the_streets_it_names_the_one_last_visited(self, client: Client, yunqiao: Street) -> None:
        client.get("/s/yunqiao/")
        html = client.get("/?choose").content.decode()
        assert "云桥街道办事处主办" in html and 'href="/s/yunqiao/complaint/"' in html and "tel:0512-0000-1234" in html

    def test_the_shell_names_none(self, client: Client, yunqiao: Street) -> None:
        """A phone keeps one for all streets: the number of one must not stand under another's address."""
        client.get("/s/yunqiao/")
        html = client.get("/offline/").content.decode()
        assert "云桥" not in html and "0512-0000" not in html

    @pytest.mark.parametrize("path", ["/", "/offline/"])
    def test_where_no_street_runs_the_page_it_says_who_does_and_where_to_complain(
        self, client: Client, yunqiao: Street, path: str
    ) -> None:
        html = client.get(path).content.decode()
        assert "每个街道自己主办" in html and 'href="tel:12345"' in html


class TestLook:
    def test_elder_mode_is_chosen_and_left_again(self, client: Client, yunqiao: Street) -> None:
        answer = client.post("/s/yunqiao/look/", {"elder": "1", "next": "/s/yunqiao/"})
        assert answer["Location"] == "/s/yunqiao/"
        html = client.get("/s/yunqiao/").content.decode()
        assert "data-elder" in html and "打给社区" in html and "标准版" in html
        client.post("/s/yunqiao/look/", {"elder": "", "next": "/s/yunqiao/"})
        assert "data-elder" not in client.get("/s/yunqiao/").content.decode()

    def test_dark_is_asked_for_or_left_to_the_device(self, client: Client, yunqiao: Street) -> None:
        assert "data-theme" not in client.get("/s/yunqiao/").content.decode()
        client.post("/s/yunqiao/look/", {"theme": "dark"})
        assert 'data-theme="huipai-dark"' in client.get("/s/yunqiao/").content.decode()

    def test_a_made_up_theme_is_passed_over(self, client: Client, yunqiao: Street) -> None:
        client.cookies["theme"] = '"><script>'
        assert "<script>" not in client.get("/s/yunqiao/").content.decode()

    def test_leads_back_to_our_own_pages_only(self, client: Client, yunqiao: Street) -> None:
        for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)", "evil", "web:home", "look/"):
            assert client.post("/s/yunqiao/look/", {"next": elsewhere})["Location"] == "/s/yunqiao/"

    def test_is_chinese_until_another_language_is_chosen(self, client: Client, yunqiao: Street) -> None:
        html = client.get("/s/yunqiao/", headers={"Accept-Language": "en-GB"}).content.decode()
        assert '<html lang="zh-CN"' in html
        client.post("/s/yunqiao/look/", {"language": "en"})
        assert '<html lang="en"' in client.get("/s/yunqiao/").content.decode()


FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON django_session FOR EACH ROW EXECUTE FUNCTION no_room();
"""


class TestRefusals:
    @pytest.mark.parametrize("refusal", [NotVisible, NotAllowed, Moved, Invalid, TooMany])
    def test_become_pages_with_their_status_and_sentence(self, rf: RequestFactory, refusal: type[Refused]) -> None:
        answer = self.answer_to(rf.get("/", headers={"Accept": "text/html"}), refusal())
        assert answer.status_code == refusal.status
        assert str(refusal.default_reason) in answer.content.decode()
        assert "出错：" in answer.content.decode()

    def test_are_notes_for_htmx(self, rf: RequestFactory) -> None:
        answer = self.answer_to(rf.get("/", headers={"HX-Request": "true"}), Moved())
        assert answer.status_code == 409 and answer["HX-Retarget"] == "#messages"
        assert "<html" not in answer.content.decode()

    def test_are_json_for_who_asks_for_json(self, rf: RequestFactory) -> None:
        answer = self.answer_to(rf.get("/", headers={"Accept": "application/json"}), Moved())
        assert b'"moved"' in answer.content

    def test_a_database_that_cannot_answers_with_a_sentence(self, rf: RequestFactory) -> None:
        """Its disk is full, or it is starting again: nobody is told that the page is broken."""
        answers = [
            self.answer_to(rf.get("/", headers={"Accept": accept}), OperationalError("No space left on device"))
            for accept in ("text/html", "application/json")
        ]
        assert [answer.status_code for answer in answers] == [503, 503]
        assert "服务器现在收不下" in answers[0].content.decode() and b'"not_now"' in answers[1].content

    def test_so_does_one_that_cannot_keep_a_job(self, rf: RequestFactory) -> None:
        """The command is taken back whole, whichever table could not grow."""
        with pytest.raises(ConnectorException) as caught, wrap_exceptions():
            raise DatabaseError from psycopg.errors.DiskFull("No space left on device")
        answer = self.answer_to(rf.get("/", headers={"Accept": "text/html"}), caught.value)
        assert answer.status_code == 503 and "服务器现在收不下" in answer.content.decode()

    @pytest.mark.parametrize("is_known", [False, True])
    def test_so_does_one_that_cannot_keep_a_session(self, client: Client, yunqiao: Street, is_known: bool) -> None:
        """It is written after the page was made, where no view and no middleware of ours hears of it."""
        if is_known:
            client.post("/s/yunqiao/sign-in/", {"phone": "13800001234"})
        with connection.cursor() as cursor:
            cursor.execute(FULL)
        client.raise_request_exception = False
        answer = client.post("/s/yunqiao/sign-in/", {"phone": "13800005678"})
        assert answer.status_code == 503 and "服务器现在收不下" in answer.content.decode()

    def test_what_is_no_refusal_is_left_to_django(self, rf: RequestFactory) -> None:
        pages = middleware.RefusalPages(lambda request: HttpResponse())
        for ours in (ValueError(), ConnectorException()):
            assert pages.process_exception(rf.get("/"), ours) is None

    @staticmethod
    def answer_to(request: HttpRequest, refusal: Exception) -> HttpResponse:
        request.session = {}  # type: ignore[assignment]
        request._messages = []  # type: ignore[attr-defined]
        answer = middleware.RefusalPages(lambda r: HttpResponse()).process_exception(request, refusal)
        assert answer is not None
        return answer

    def test_a_page_that_is_not_there_says_so(self, client: Client, yunqiao: Street) -> None:
        answer = client.get("/s/yunqiao/nothing/")
        assert answer.status_code == 404 and "云桥街道办事处主办" in answer.content.decode()

    def test_an_old_form_is_explained(self, yunqiao: Street) -> None:
        answer = Client(enforce_csrf_checks=True).post("/s/yunqiao/look/", {"elder": "1"})
        assert answer.status_code == 403 and "刷新一下再发" in answer.content.decode()

    def test_even_when_nothing_works_two_sentences_come(self, rf: RequestFactory, settings: Settings) -> None:
        settings.TEMPLATES = []
        answer = errors.server_error(rf.get("/"))
        assert answer.status_code == 500 and "我们这边出了点问题" in answer.content.decode()


class TestBadRequests:
    """What no browser sends is refused in a sentence, wherever it comes."""

    @pytest.mark.parametrize("path", ["/", "/offline/", "/s/yunqiao/", "/s/yunqiao/look/"])
    def test_an_unknown_host(self, client: Client, yunqiao: Street, path: str) -> None:
        client.raise_request_exception = False
        for answer in (
            client.get(path, headers={"Host": "evil.example"}),
            client.post(path, headers={"Host": "evil.example", "Referer": "https://evil.example/"}),
        ):
            assert answer.status_code == 400 and "这个请求没看懂" in answer.content.decode()

    @pytest.mark.parametrize("path", ["?q=%00", "complaint/?%00=1", "cases/%00/", "nearby/?q=a%00b"])
    def test_a_nul_in_an_address(self, client: Client, yunqiao: Street, path: str) -> None:
        client.raise_request_exception = False
        assert client.get(f"/s/yunqiao/{path}").status_code in {200, 400}

    def test_a_nul_in_a_cookie(self, client: Client, yunqiao: Street) -> None:
        for name in ("street", "sessionid", "elder"):
            client.cookies[name] = "a\0b"
        client.raise_request_exception = False
        assert client.get("/s/yunqiao/").status_code == client.get("/").status_code == 400

    def test_a_nul_in_what_is_typed_is_left_out(self, client: Client, yunqiao: Street) -> None:
        answer = client.post("/s/yunqiao/sign-in/", {"phone": "1380000\0", "ne\0xt": "/s/yunqiao/mi\0ne/"})
        html = answer.content.decode()
        assert answer.status_code == 422 and 'value="1380000"' in html and 'value="/s/yunqiao/mine/"' in html


class TestGallery:
    def test_is_not_there_in_production(self, client: Client, yunqiao: Street, settings: Settings) -> None:
        settings.IS_PRODUCTION = True
        assert client.get("/s/yunqiao/gallery/").status_code == 404


class TestTiles:
    def test_a_tile_service_is_let_in_only_when_configured(self, settings: Settings) -> None:
        assert "tiles" not in middleware.policy()
        settings.MAP_TILES_ORIGIN = "https://tiles.test"
        assert "img-src 'self' data: blob: https://tiles.test" in middleware.policy()

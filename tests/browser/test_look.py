"""Every page reads well: nothing for axe, nothing sideways, targets large enough, light enough for a slow phone."""

import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.streets.models import Street
from huipai.web import assets
from tests.browser import looking
from tests.browser.kept import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = [
    "/",
    "/offline/",
    "/s/yunqiao/",
    "/s/yunqiao/look/",
    "/s/yunqiao/complaint/",
    "/s/yunqiao/activities/",
    "/s/yunqiao/gallery/",
    "/s/yunqiao/nothing-here/",
]
NOT_FOUND = "the server responded with a status of 404"


class TestPublicPages:
    @pytest.mark.long
    @pytest.mark.parametrize("paths", [PUBLIC[:4], PUBLIC[4:]], ids=["first half", "second half"])
    def test_read_well_in_every_view(
        self, browser: Browser, live_server: LiveServer, yunqiao: Street, paths: list[str]
    ) -> None:
        found = looking.faults_of(browser, live_server.url, paths, but=NOT_FOUND)
        assert not found, "\n".join(found)

    def test_fit_the_narrowest_phone(self, browser: Browser, live_server: LiveServer, yunqiao: Street) -> None:
        with looking.looking(browser, live_server.url, "elder") as look:
            look.page.set_viewport_size({"width": 320, "height": 640})
            for path in PUBLIC:
                look.open(live_server.url + path)
                assert looking.sideways(look.page) <= 0, path

    def test_axe_would_find_something(self, browser: Browser, live_server: LiveServer, yunqiao: Street) -> None:
        with looking.looking(browser, live_server.url, "normal") as look:
            look.open(live_server.url + "/s/yunqiao/")
            look.page.evaluate("() => document.querySelector('main').append(document.createElement('img'))")
            assert any(line.startswith("image-alt") for line in looking.axe(look.page))


class TestWeight:
    @pytest.mark.parametrize("path", PUBLIC)
    def test_a_residents_page_weighs_at_most_100_kb(self, client: Client, yunqiao: Street, path: str) -> None:
        assert looking.weight_of(client.get(path).content.decode()) <= 100_000

    @pytest.mark.parametrize(
        ("island", "most"),
        [
            ("map.ts", 460_000),
            ("report.ts", 500_000),
            ("claim.ts", 500_000),
            ("deed.ts", 500_000),
            ("find.ts", 500_000),
            ("good_deed.ts", 500_000),
            ("batch.ts", 7_600),  # both know who was last here from the store, and not from notes that may be lost
            ("guess.ts", 1_500),
            ("keep_today.ts", 2_000),
            ("before_after.ts", 1_000),
            ("today.ts", 2_000),
            ("shoot.ts", 2_400),
            ("spot.ts", 460_000),
        ],
    )
    def test_an_island_keeps_its_own_budget(self, island: str, most: int) -> None:
        assert looking.island_weight(island) <= most

    def test_the_form_itself_needs_no_map(self) -> None:
        assert "basemap" not in "".join(looking.at_once("report.ts"))


class TestBuilt:
    def test_nothing_that_is_served_names_a_foreign_host(self) -> None:
        served = [path for path in looking.BUILT.rglob("*") if path.suffix in {".js", ".css", ".svg"}]
        assert served and {host for path in served for host in looking.foreign_hosts(path.read_text())} <= {
            "www.w3.org"
        }

    def test_the_lock_of_the_front_end_names_no_registry(self) -> None:
        lock = Path(looking.ROOT / "frontend" / "package-lock.json").read_text()
        assert '"resolved"' not in lock and "registry" not in lock


class TestShell:
    def test_is_served_without_a_network_and_holds_nothing_private(
        self, browser: Browser, live_server: LiveServer, yunqiao: Street
    ) -> None:
        context = browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
        page = context.new_page()
        page.goto(f"{live_server.url}/s/yunqiao/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.goto(f"{live_server.url}/s/yunqiao/complaint/")
        context.set_offline(True)
        page.goto(f"{live_server.url}/s/yunqiao/")
        expect(page.get_by_role("heading", name="现在没有网")).to_be_visible()
        assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(247, 242, 233)"
        kept = page.evaluate(
            "async () => (await Promise.all((await caches.keys()).map(async name =>"
            " (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat()"
        )
        assert "/offline/" in kept and all(
            re.match(
                r"/static/web/|/offline/$|"
                r"/s/yunqiao/((report|report/good-deed|own-finds)/offline|points/claim|today/kept|additions/new)/$",
                path,
            )
            for path in kept
        )
        context.set_offline(False)
        page.goto(f"{live_server.url}/s/yunqiao/look/")
        page.get_by_text("English").click()
        page.get_by_role("button", name="就这样").click()
        # Between the old shell and the new one there is none for a moment.
        match = "caches.match('/offline/', {ignoreSearch: true, ignoreVary: true})"
        shell = f"async () => ((await (await {match})?.text()) ?? '')"
        until(page, f"{shell}.includes('No network just now')", answer=True)
        context.close()

    def test_a_new_version_keeps_the_empty_forms(
        self, browser: Browser, live_server: LiveServer, yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whoever goes out of the network after an update and before the next page still has the form."""
        context = browser.new_context(viewport={"width": 360, "height": 780}, locale="zh-CN")
        page = context.new_page()
        page.goto(f"{live_server.url}/s/yunqiao/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.goto(f"{live_server.url}/s/yunqiao/complaint/")
        there = (
            "async () => { const names = await caches.keys();"
            " return names.length === 1 && !!(await (await caches.open(names[0])).match("
            "'/s/yunqiao/report/offline/', {ignoreSearch: true, ignoreVary: true})) }"
        )
        until(page, there, answer=True)
        (before,) = page.evaluate("() => caches.keys()")
        files = assets.shell_files()
        monkeypatch.setattr(assets, "shell_files", lambda: files[:-1])
        page.evaluate("() => navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true)")
        until(page, f"async () => (await caches.keys()).includes('{before}')", answer=False)
        until(page, there, answer=True)
        context.close()

    def test_is_renewed_when_a_file_changes(self, client: Client, yunqiao: Street) -> None:
        answer = client.get("/sw.js")
        assert answer["Service-Worker-Allowed"] == "/" and answer["Cache-Control"] == "no-cache"
        assert re.match(r'self\.SHELL = \{.*"version": "[0-9a-f]{16}"\}', answer.content.decode())

    def test_no_script_still_sends_a_form(self, browser: Browser, live_server: LiveServer, yunqiao: Street) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 780})
        page = context.new_page()
        page.goto(f"{live_server.url}/s/yunqiao/")
        page.get_by_role("button", name="长辈版").click()
        expect(page.get_by_text("打给社区")).to_be_visible()
        context.close()

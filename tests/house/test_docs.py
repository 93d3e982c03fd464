"""The lists of the documentation are complete and name nothing that is no more."""

import json

from huipai.config.wiring import FOLLOWERS, WORDINGS
from huipai.notices.words import KIND
from scripts import reference


class TestFacts:
    def test_every_fact_is_documented_and_every_documented_one_exists(self) -> None:
        assert reference.documented("facts.md") == set(reference.facts())

    def test_every_declared_fact_is_recorded_somewhere(self) -> None:
        assert reference.unrecorded() == set()

    def test_every_followed_fact_is_declared(self) -> None:
        assert set(FOLLOWERS) <= set(reference.facts())

    def test_every_follower_is_a_job_that_is_tried_again(self) -> None:
        for fact, followers in FOLLOWERS.items():
            assert followers and all(follower.retry_strategy for follower in followers), fact  # type: ignore[attr-defined]

    def test_every_kind_of_notice_has_a_word(self) -> None:
        assert all(KIND.match(kind) for kind in WORDINGS)


class TestRefusals:
    def test_the_page_is_what_the_script_writes(self) -> None:
        """Else run `python scripts/reference.py`."""
        assert (reference.DOCS / "refusals.md").read_text(encoding="utf-8") == reference.refusals_page()

    def test_a_code_means_one_status(self) -> None:
        statuses: dict[str, set[int]] = {}
        for one in reference.refusals():
            statuses.setdefault(one.code, set()).add(one.status)
        assert {code: found for code, found in statuses.items() if len(found) > 1} == {}

    def test_nobody_is_refused_without_a_sentence(self) -> None:
        assert [one.code for one in reference.refusals() if not one.sentence] == []


class TestSettings:
    def test_every_variable_is_documented_and_every_documented_one_is_read(self) -> None:
        assert reference.documented("settings.md") == reference.settings()


class TestBrowsers:
    def test_the_chromium_of_the_table_is_the_one_that_is_fetched(self) -> None:
        packages = json.loads((reference.DOCS.parent / "tests" / "browser" / "package.json").read_text())
        version = packages["dependencies"]["@sparticuz/chromium"].split(".")[0]
        assert f"| Chromium {version}, headless" in (reference.DOCS / "browsers.md").read_text(encoding="utf-8")

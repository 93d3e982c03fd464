"""Small pieces that a list repeats are written once, and once more in each language."""

import pytest
from django.template import engines
from django.utils import translation

from huipai.web import jinja

TEMPLATE = """
{%- macro piece(word) %}<b>{{ counted(word) }}</b>{% endmacro -%}
{{ kept(piece, word) }}{{ kept(piece, word) }}{{ kept(piece, "other") }}
"""


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jinja, "_kept", {})


def render(word: str, calls: list[str]) -> str:
    def counted(said: str) -> str:
        calls.append(said)
        return said

    environment = engines["jinja"].env  # type: ignore[attr-defined]
    return str(environment.from_string(TEMPLATE).render(word=word, counted=counted)).strip()


class TestKept:
    def test_writes_a_piece_once(self) -> None:
        calls: list[str] = []
        assert render("<x>", calls) == "<b>&lt;x&gt;</b><b>&lt;x&gt;</b><b>other</b>"
        assert calls == ["<x>", "other"]

    def test_once_in_each_language(self) -> None:
        environment = engines["jinja"].env  # type: ignore[attr-defined]
        template = environment.from_string("{% macro piece(n) %}{{ lang() }}{% endmacro %}{{ kept(piece, 1) }}")
        for language in ("zh-hans", "en", "zh-hans"):
            with translation.override(language):
                assert template.render(lang=translation.get_language) == language

    def test_forgets_before_it_grows_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jinja, "_MOST_KEPT", 2)
        for word in "abc":
            render(word, [])
        assert len(jinja._kept) <= 3

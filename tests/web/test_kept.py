"""What pages repeat is written or looked up once, and once more in each language."""

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


class TestSaying:
    def said(self, template: str, **values: object) -> str:
        return str(engines["jinja"].env.from_string(template).render(**values))  # type: ignore[attr-defined]

    def test_each_language_says_its_own(self) -> None:
        for language, word in (("zh-hans", "今天"), ("en", "Today"), ("zh-hans", "今天")):
            with translation.override(language):
                assert self.said("{{ _('今天') }}") == self.said("{% trans %}今天{% endtrans %}") == word

    def test_what_is_put_in_is_escaped_and_a_percent_stays(self) -> None:
        assert self.said("{{ _('勾上%(title)s', title=title) }}", title="<b>5%</b>") == "勾上&lt;b&gt;5%&lt;/b&gt;"
        assert self.said("{% trans share=share %}满 {{ share }} %{% endtrans %}", share=80) == "满 80 %"

"""What pages write is to the letter what Jinja writes by itself."""

import jinja2
import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from huipai.web.page_code import PageCode, written

PAGE = """{% macro row(a, b="") %}<li title="{{ a }}">{{ b }}{{ caller() if caller else "" }}</li>{% endmacro %}
{% set kept %}<b>{{ value }}</b>{% endset %}
{{ kept }}{{ row(value, kept) }}{% call row(value) %}{{ value }}{% endcall %}
{{ value|e }}{{ value|safe }}{% filter upper %}{{ value }}{% endfilter %}{{ [value, kept]|join(" & ") }}
{% autoescape false %}{{ value }}{% endautoescape %}{{ "<const>" }}{{ {"a": value}|xmlattr }}"""


def page(code: type[PageCode] | None) -> jinja2.Template:
    class Pages(jinja2.Environment):
        pass

    if code:
        Pages.code_generator_class = code
        Pages.written = staticmethod(written)  # type: ignore[attr-defined]
    return Pages(autoescape=True).from_string(PAGE)


plain, ours = page(None), page(PageCode)


class Html:
    def __html__(self) -> str:
        return "<i>made</i>"


@pytest.mark.parametrize(
    "value", ["<a href='x'>&\"", Markup("<b>"), 7, 7.5, True, None, gettext_lazy("今天"), Html(), ["<"], "柳溪路"]
)
def test_each_kind_of_value_is_written_as_jinja_writes_it(value: object) -> None:
    assert ours.render(value=value) == plain.render(value=value)


@given(st.text())
def test_any_text_is_written_as_jinja_writes_it(text: str) -> None:
    assert ours.render(value=text) == plain.render(value=text)
    assert "environment.written(" in ours.environment.compile(PAGE, raw=True)

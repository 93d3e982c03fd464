"""Macros say what they are for, in words, and to a screen reader too."""

import re
from datetime import timedelta
from typing import cast

import pytest
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment, UndefinedError

from huipai.web.chips import CHIPS
from huipai.web.icons import art, icon, names
from tests.cast import MONDAY


@pytest.fixture(scope="module")
def env() -> Environment:
    return cast(Jinja2, engines["jinja"]).env


def drawn(env: Environment, source: str, **context: object) -> str:
    return env.from_string(source).render(now=MONDAY, **context)


class TestIcon:
    def test_is_silent_without_a_label(self) -> None:
        assert 'aria-hidden="true"' in icon("camera") and "aria-label" not in icon("camera")

    def test_speaks_with_one_and_escapes_it(self) -> None:
        assert 'aria-label="&lt;b&gt;"' in icon("camera", label="<b>")

    def test_refuses_an_unknown_name(self) -> None:
        with pytest.raises(LookupError, match="no-such"):
            icon("no-such-icon")

    def test_our_own_drawings_keep_their_box(self) -> None:
        assert 'viewBox="0 0 64 64"' in art("port-ox")


class TestChips:
    def test_every_chip_has_a_drawing(self) -> None:
        assert {chip.icon for chip in CHIPS.values()} <= names()

    @pytest.mark.parametrize("state", CHIPS)
    def test_is_colour_icon_and_word(self, env: Environment, state: str) -> None:
        chip = drawn(env, '{% from "components/status_chip.jinja" import status_chip %}{{ status_chip(s) }}', s=state)
        assert f"chip-{CHIPS[state].family}" in chip and "<svg" in chip and str(CHIPS[state].word) in chip

    def test_a_state_without_a_chip_is_a_mistake_of_ours(self, env: Environment) -> None:
        with pytest.raises(KeyError):
            drawn(env, '{% from "components/status_chip.jinja" import status_chip %}{{ status_chip("no") }}')


class TestDue:
    SOURCE = '{% from "components/due.jinja" import due %}{{ due(at, now, paused=paused) }}'

    @pytest.mark.parametrize(
        ("hours", "family", "words"),
        [
            (-2, "red", "超时 2 小时"),
            (1.3334, "amber", "剩 1 小时 20 分"),
            (4, "amber", "剩 4 小时"),
            (8, "slate", "今天 18:00 前"),
            (24, "slate", "明天 10:00 前"),
            (72, "slate", "11 月 26 日 10:00 前"),
        ],
    )
    def test_says_how_much_is_left(self, env: Environment, hours: float, family: str, words: str) -> None:
        said = drawn(env, self.SOURCE, at=MONDAY + timedelta(hours=hours), paused=False)
        assert f"chip-{family}" in said and words in said.replace("\u00a0", " ")

    def test_says_when_the_calendar_does_not_know(self, env: Environment) -> None:
        assert "日历待定" in drawn(env, self.SOURCE, at=None, paused=False)

    def test_says_when_the_clock_stands_still(self, env: Environment) -> None:
        assert "已暂停计时" in drawn(env, self.SOURCE, at=MONDAY, paused=True)


class TestForms:
    def test_an_error_stands_over_its_field_and_is_read_with_it(self, env: Environment) -> None:
        field = drawn(
            env,
            '{% from "components/field.jinja" import text_field %}{{ text_field("p", "手机号", error="少 1 位") }}',
        )
        assert 'aria-invalid="true"' in field and 'aria-describedby="f-p-error"' in field
        assert field.index("少 1 位") < field.index("<input")

    def test_optional_is_said_instead_of_starring_the_rest(self, env: Environment) -> None:
        field = drawn(
            env,
            '{% from "components/field.jinja" import text_field %}'
            '{{ text_field("m", "补一句", optional=True, rows=2) }}',
        )
        assert "可以不写" in field and "<textarea" in field

    def test_the_summary_counts_and_leads_to_each_field(self, env: Environment) -> None:
        source = '{% from "components/error_summary.jinja" import error_summary %}{{ error_summary(errors) }}'
        two = drawn(env, source, errors=[("a", "甲"), ("b", "乙")])
        assert "还差 2 处" in two and 'href="#a"' in two and "data-error-summary" in two
        assert "还差一处" in drawn(env, source, errors=[("a", "甲")])
        assert drawn(env, source, errors=[]).strip() == ""

    def test_what_names_no_place_of_the_page_is_not_said_to_be_missing(self, env: Environment) -> None:
        source = '{% from "components/error_summary.jinja" import error_summary %}{{ error_summary(errors) }}'
        moved = drawn(env, source, errors=[("", "刚催过"), (None, "刚有新进展")])
        assert "这一次没有做成" in moved and "还差" not in moved and "刚催过" in moved
        assert "还差 2 处" in drawn(env, source, errors=[("", "甲"), ("b", "乙")])

    def test_a_choice_works_without_a_script(self, env: Environment) -> None:
        picks = drawn(
            env,
            '{% from "components/pick.jinja" import pick %}'
            '{{ pick("k", "哪类", [{"value": 1, "title": "甲"}], value=1) }}',
        )
        assert 'type="radio"' in picks and "checked" in picks and "<legend" in picks

    def test_what_was_typed_is_escaped(self, env: Environment) -> None:
        field = drawn(
            env,
            '{% from "components/field.jinja" import text_field %}{{ text_field("t", "话", value=v, rows=2) }}',
            v="</textarea><script>",
        )
        assert "<script>" not in field


class TestLists:
    def test_a_row_with_a_place_is_a_pin(self, env: Environment) -> None:
        row = drawn(
            env,
            '{% from "components/case_row.jinja" import case_row %}'
            '{{ case_row("/c", "堵车", state="reported", lng=120.7, lat=31.2, now=now, due_at=now) }}',
        )
        assert 'data-lng="120.7"' in row and "data-overdue" in row

    def test_a_row_without_one_is_not(self, env: Environment) -> None:
        row = drawn(env, '{% from "components/case_row.jinja" import case_row %}{{ case_row("/c", "堵车") }}')
        assert "data-lng" not in row

    def test_an_internal_step_says_so(self, env: Environment) -> None:
        steps = [{"title": "改了类别", "at": MONDAY, "kind": "internal"}]
        line = drawn(env, '{% from "components/timeline.jinja" import timeline %}{{ timeline(s) }}', s=steps)
        assert "只有工作人员能看到" in line

    def test_a_number_of_too_few_is_not_shown(self, env: Environment) -> None:
        metric = drawn(
            env,
            '{% from "components/metric.jinja" import metric %}{{ metric("满意", "96%", 3, "近 30 天", "定义") }}',
        )
        assert "样本太少" in metric and "96%" not in metric

    def test_points_carry_their_sign(self, env: Environment) -> None:
        source = '{% from "components/entry.jinja" import entry %}{{ entry("路灯", "03 条", n) }}'
        assert "+5" in drawn(env, source, n=5) and "−5" in drawn(env, source, n=-5)

    def test_one_picture_of_two_stands_alone(self, env: Environment) -> None:
        alone = drawn(
            env,
            '{% from "components/before_after.jinja" import before_after %}'
            '{{ before_after({"src": "/a", "alt": "前", "label": "前"}, None) }}',
        )
        assert "data-before-after" not in alone and 'src="/a"' in alone


def test_nothing_undefined_passes_silently(env: Environment) -> None:
    with pytest.raises(UndefinedError):
        drawn(env, "{{ mistyped }}")


class TestTemplates:
    def test_every_one_compiles(self, env: Environment) -> None:
        templates = env.list_templates(extensions=["jinja"])
        assert len(templates) > 40
        for name in templates:
            env.get_template(name)

    def test_every_icon_that_is_named_is_drawn(self, env: Environment) -> None:
        named = re.compile(r"""icon(?:_name)?(?:\(|=|": )"([a-z0-9-]+)\"""")
        texts = [source(env, name) for name in env.list_templates(extensions=["jinja"])]
        asked = {name for text in texts for name in named.findall(text)}
        assert asked - names() == set()

    def test_none_carries_a_style_or_a_script_of_its_own(self, env: Environment) -> None:
        inline = re.compile(r"\sstyle=|\son(?:click|load|submit|change)=|<style|<script(?! type=\"module\" src)")
        guilty = [name for name in env.list_templates(extensions=["jinja"]) if inline.search(source(env, name))]
        assert guilty == []


def source(env: Environment, name: str) -> str:
    assert env.loader is not None
    return env.loader.get_source(env, name)[0]

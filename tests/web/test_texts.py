"""Every text can be read in English, and says the same things there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from django.template import engines
from django.utils.translation import gettext, override, pgettext
from jinja2 import nodes

from scripts import texts


def test_texts_are_found_in_code_and_templates() -> None:
    found = {message.id for message in texts.extract() if isinstance(message.id, str)}
    assert "已办结" in found and "看见了，" in found


def test_texts_are_found_under_whatever_name_they_are_asked_for() -> None:
    for path in (texts.ROOT / "huipai").rglob("*.py"):
        for one in ast.walk(ast.parse(path.read_text())):
            if isinstance(one, ast.ImportFrom) and one.module == "django.utils.translation":
                asked = {name.asname or name.name for name in one.names if "gettext" in name.name}
                assert asked <= set(texts.KEYWORDS), path


def test_no_file_of_macros_puts_words_at_its_top() -> None:
    """What stands there is evaluated once a process: everybody would read the language of whoever came first."""
    environment = engines["jinja"].env  # type: ignore[attr-defined]
    files = (texts.ROOT / "huipai").rglob("*.jinja")
    trees = {str(path).rsplit("/templates/", 1)[1]: environment.parse(path.read_text()) for path in files}
    imports = [each for tree in trees.values() for each in tree.find_all((nodes.FromImport, nodes.Import))]
    imported = {each.template.value for each in imports if not each.with_context}
    assert "components/checks.jinja" in imported
    for name in imported:
        assert not list(_words_at_the_top(trees[name])), name


def test_words_at_the_top_of_a_file_are_found() -> None:
    environment = engines["jinja"].env  # type: ignore[attr-defined]
    inside = "{% macro one(a) %}{% set said = _('过') %}{{ said }}{{ _('过') }}{% endmacro %}"
    assert not list(_words_at_the_top(environment.parse(inside)))
    for top in ("{% set said = {'a': (1, _('过'))} %}", "{% if 1 %}{% set said = _('过') %}{% endif %}"):
        assert list(_words_at_the_top(environment.parse(top + inside)))


def _words_at_the_top(node: nodes.Node) -> Iterator[nodes.Call]:
    for each in node.iter_child_nodes():
        if isinstance(each, nodes.Macro):
            continue
        if isinstance(each, nodes.Call) and isinstance(each.node, nodes.Name) and each.node.name in texts.KEYWORDS:
            yield each
        yield from _words_at_the_top(each)


def test_no_template_joins_words_with_signs_of_chinese_alone() -> None:
    """Between words that are translated, a full-width comma is one to be translated too (`_("，")`)."""
    environment = engines["jinja"].env  # type: ignore[attr-defined]
    files = (path for path in (texts.ROOT / "huipai").rglob("*.jinja") if path.name != "gallery.jinja")
    found = {str(path): list(_untranslated_signs(environment.parse(path.read_text()))) for path in files}
    assert {path: signs for path, signs in found.items() if signs} == {}


def test_signs_of_chinese_alone_are_found() -> None:
    environment = engines["jinja"].env  # type: ignore[attr-defined]
    for joined in ("{{ a }}，{{ b }}", '{{ a|join("、") }}', '{{ _("到 %(a)s", a=a|join("，")) }}', "<b>{{ a }}：</b>"):
        assert list(_untranslated_signs(environment.parse(joined))), joined
    for said in (
        '{{ _("，") }}',
        "{% trans count=a %}共 {{ count }} 件，好{% pluralize %}{% endtrans %}",
        "{# 注，释 #}",
    ):
        assert not list(_untranslated_signs(environment.parse(said))), said


def _untranslated_signs(node: nodes.Node) -> Iterator[str]:
    signs = re.compile("[，；：、。（）「」]")
    is_asked = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in texts.KEYWORDS
    for each in node.iter_child_nodes():
        if is_asked and isinstance(each, nodes.Const):
            continue
        words = getattr(each, "data", None) or getattr(each, "value", None)
        if isinstance(words, str) and signs.search(words):
            yield words
        yield from _untranslated_signs(each)


def test_no_code_joins_what_it_says_with_signs_of_chinese_alone() -> None:
    """Workbooks and forms are read again by these signs; rules read what was typed."""
    joins = re.compile(r"""["'][，；：、。]["']\.join\(""")
    files = [path.relative_to(texts.ROOT / "huipai") for path in (texts.ROOT / "huipai").rglob("*.py")]
    told = [path for path in files if not re.search(r"sheets\.py|forms\.py|/rules/|/migrations/|^cli/", str(path))]
    assert [str(path) for path in told if joins.search((texts.ROOT / "huipai" / path).read_text())] == []


def test_english_has_no_gaps() -> None:
    missing = texts.gaps() if texts.ENGLISH.exists() else []
    assert not missing, f"{len(missing)} texts have no English, the first: {missing[:5]}"


def test_english_says_all_that_its_original_says() -> None:
    """But for the number of one thing."""
    for message in texts.english():
        of_one, *others = message.string if message.pluralizable else ("", message.string)
        said = [set(texts.NAMED.findall(one)) for one in others]
        assert all(one == texts.names_in(message) for one in said), message.id
        assert set(texts.NAMED.findall(of_one)) <= texts.names_in(message), message.id


def test_what_is_translated_fills_the_places_of_its_original(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that the code does not give, or a bare per cent, would break the page in English only."""
    wrong = {
        "%(day)s 前答复": "by %(day)s %(month_name)s",
        "有把握在 %(low)s 以上": "above %(low)s with 95 % confidence",
        "放 %(count)s 天": "%(count)d days off, %s",
    }
    kept = Catalog(locale="en", charset="utf-8")
    for original, translation in wrong.items():
        kept.add(original, translation, flags=["python-format"])
    kept.add(("还有 %(count)s 张", "还有 %(count)s 张"), ("one photo waits", "%(count)s photos wait"))
    assert {one.split("'")[1] for one in texts.troubles(kept)} == set(wrong)
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    with source.open("wb") as file:
        write_po(file, kept)
    monkeypatch.setattr(texts, "ROOT", tmp_path)
    assert texts.main(["compile"]) == 1
    assert not source.with_suffix(".mo").exists()


def test_nothing_is_glued_together_from_a_text_that_varies() -> None:
    """An f-string in `_()` would never be found by the extraction."""
    broken = [
        f"{path}:{number}"
        for path in (texts.ROOT / "huipai").rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\b_\(f[\"']", line)
    ]
    assert broken == []


def test_the_word_that_is_to_be_typed_is_the_one_that_is_taken() -> None:
    with override("en"):
        word = pgettext("要填的字", "注销")
        for sentence in ("想好了，就填“注销”两个字", "要注销，就填“注销”两个字"):
            assert word in gettext(sentence)

"""Every text can be read in English, and says the same things there."""

import re

from scripts import texts

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def test_texts_are_found_in_code_and_templates() -> None:
    found = {message.id for message in texts.extract() if isinstance(message.id, str)}
    assert "已办结" in found and "看见了，" in found


def test_english_has_no_gaps() -> None:
    missing = texts.gaps() if texts.ENGLISH.exists() else []
    assert not missing, f"{len(missing)} texts have no English, the first: {missing[:5]}"


def test_english_fills_the_same_places() -> None:
    for message in texts.english():
        if not message.id or not message.string:
            continue
        originals = message.id if isinstance(message.id, tuple | list) else [message.id]
        translations = message.string if isinstance(message.string, tuple | list) else [message.string]
        named = {name for text in originals for name in _PLACEHOLDER.findall(text)}
        if "month" in named:
            named.add("month_name")  # huipai/web/dates.py gives both
        if len(originals) > 1:
            named.add("num")  # Jinja gives it to every text that counts
        for text in translations:
            assert set(_PLACEHOLDER.findall(text)) <= named, originals[0]


def test_nothing_is_glued_together_from_a_text_that_varies() -> None:
    """An f-string in `_()` would never be found by the extraction."""
    broken = [
        f"{path}:{number}"
        for path in (texts.ROOT / "huipai").rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\b_\(f[\"']", line)
    ]
    assert broken == []

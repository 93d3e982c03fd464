"""What nobody sees is not there, and what makes a picture is."""

import pytest

from huipai.kit.lines import as_seen


@pytest.mark.parametrize(
    "unseen", ["\u202e\u200b\u3164", "\u200d\ufe0f", "\ufe0f\u200d", "\u00ad \ufeff", "\u200b\n\u2060"]
)
def test_what_nobody_sees_is_nothing(unseen: str) -> None:
    assert as_seen(unseen) == ""


@pytest.mark.parametrize(
    ("typed", "seen"),
    [("王\u200d芳", "王芳"), ("柳\ufe0f", "柳"), ("1\ufe0f", "1"), ("a\u202eb", "ab"), (" 好 ", "好")],
)
def test_a_name_with_it_is_the_name_without(typed: str, seen: str) -> None:
    assert as_seen(typed) == seen


@pytest.mark.parametrize("picture", ["❤\ufe0f好", "👨\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "👍🏽", "✔\ufe0f"])
def test_pictures_stay_whole(picture: str) -> None:
    assert as_seen(picture) == picture
    assert as_seen(as_seen(picture + "\u200d\u200d")) == as_seen(picture + "\u200d\u200d")

"""Cutting what was typed into words, and marking where they stand."""

import pytest

from huipai.kit.searching import around, grams_of, marked, plain, words_of


class TestWords:
    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("消防通道堵车", ("消防通道", "堵车")),
            ("  东门，堵！ ", ("东门", "堵")),
            ("ＡＢ１２ 18号", ("ab12", "18", "号")),
            ("堵 堵 堵", ("堵",)),
            ("，。！%_'", ()),
            ("", ()),
        ],
    )
    def test_are_cut_without_blanks_and_marks(self, typed: str, words: tuple[str, ...]) -> None:
        assert set(words_of(typed)) == set(words)

    def test_are_found_by_their_pairs_of_signs(self) -> None:
        assert grams_of(["消防通道", "堵"]) == ["消防", "防通", "通道", "堵"]


class TestMarking:
    def test_marks_each_place_and_escapes_everything(self) -> None:
        assert marked("<b>东门</b>堵，东门", ("东门",)) == ("&lt;b&gt;<mark>东门</mark>&lt;/b&gt;堵，<mark>东门</mark>")

    def test_finds_whatever_width_and_case_was_typed(self) -> None:
        assert marked(
            "Ｂ幢 b幢", words_of("B幢")
        ) == "<mark>Ｂ幢</mark> <mark>b幢</mark>" or "<mark>Ｂ</mark>" in marked("Ｂ幢 b幢", words_of("B幢"))
        assert plain("ＡＢｃ") == "abc"

    def test_the_longest_word_wins_and_nothing_is_marked_without_words(self) -> None:
        assert marked("消防通道", ("消防", "消防通道")) == "<mark>消防通道</mark>"
        assert marked("消防", ()) == "消防"

    def test_a_long_text_is_cut_around_the_first_word(self) -> None:
        text = "一" * 100 + "东门" + "二" * 100
        piece = around(text, ("东门",))
        assert "东门" in piece and piece.startswith("…") and piece.endswith("…") and len(piece) <= 62
        assert around("东门堵", ("东门",)) == "东门堵"

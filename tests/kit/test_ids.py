"""Codes that are read out, typed, and written in texts."""

import pytest

from huipai.kit import chance, ids
from huipai.kit.masking import masked


class TestAShortCode:
    @pytest.mark.parametrize("drawn", ["6QQFGQY4", "WX4A7C9D", "A3467934"])
    def test_is_none_that_would_be_struck_out_where_it_is_spoken_of(
        self, drawn: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert masked(f"和{drawn}是同一件", ()) != f"和{drawn}是同一件"
        signs = iter(f"{drawn}A7C9DEFG")
        monkeypatch.setattr(chance, "below", lambda _end: ids._ALPHABET.index(next(signs)))
        code = ids.short_code()
        assert code == "A7C9DEFG"
        assert masked(f"和{code}是同一件，见 {code}。", ()) == f"和{code}是同一件，见 {code}。"

    def test_is_read_wherever_it_stands(self) -> None:
        for _each in range(3000):
            code = ids.short_code()
            assert masked(f"和{code}是同一件", ()) == f"和{code}是同一件", code

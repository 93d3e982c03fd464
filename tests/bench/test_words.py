import pytest

from bench.__main__ import module_of
from bench.words import Growth, Kept, Result, Slice

RESULT = Result("intake", (Slice(1000, 4.0), Slice(1400, 4.0)), (Slice(4000, 4.0), Slice(4000, 4.0)), {"p50_ms": 15.1})


class TestResult:
    def test_the_ratio_is_of_all_slices_together(self) -> None:
        assert RESULT.ours_per_second == pytest.approx(300)
        assert RESULT.raw_per_second == pytest.approx(1000)
        assert RESULT.ratio == pytest.approx(0.3)
        assert RESULT.ratios == pytest.approx([0.25, 0.35])

    def test_is_one_line_and_one_json_object(self) -> None:
        assert RESULT.line() == "intake 300 1000 0.300"
        assert RESULT.as_json() == {
            "name": "intake", "ours": 300.0, "raw": 1000.0, "ratio": 0.3, "ratios": [0.25, 0.35], "p50_ms": 15.1,
        }  # fmt: skip

    def test_slices_of_unequal_length_weigh_by_their_time(self) -> None:
        result = Result("list", (Slice(100, 1.0), Slice(100, 3.0)), (Slice(500, 1.0), Slice(500, 1.0)))
        assert result.ours_per_second == pytest.approx(50)
        assert result.ratio == pytest.approx(0.1)

    def test_without_a_raw_figure_the_ratio_is_nothing_rather_than_a_crash(self) -> None:
        assert Result("list", (Slice(100, 1.0),), (Slice(0, 0.0),)).ratio == 0.0


class TestKept:
    COLD = Result("award", (Slice(4000, 4.0),), (Slice(8000, 4.0),))
    HOT = Result("award-hot", (Slice(3600, 4.0),), (Slice(7600, 4.0),))

    def test_says_how_much_of_the_cold_entry_each_side_of_the_hot_one_keeps(self) -> None:
        kept = Kept(self.HOT, self.COLD)
        assert kept.line() == "award-hot 900 1900 0.474\n# award-hot keeps 0.90 of award, its raw side 0.95"
        assert kept.as_json()["ratio"] == 0.4737
        assert kept.as_json()["kept"] == {"ours": 0.9, "raw": 0.95, "cold": self.COLD.as_json()}


class TestGrowth:
    def test_is_the_median_at_the_large_size_over_that_at_the_small_one(self) -> None:
        growth = Growth("today", "/today/", (1000, 100_000), (4.0, 5.0, 60.0), (9.0, 10.0, 11.0))
        assert growth.growth == pytest.approx(2.0)
        assert growth.line() == "scale:/today/ 5.0 10.0 2.00"
        assert growth.as_json()["ms"] == [5.0, 10.0]


@pytest.mark.parametrize(
    ("asked", "stands_in"),
    [
        ("redeem-hot", "redeem_hot"), ("redeem_hot", "redeem_hot"), ("intake", "intake"), ("scale", "scale"),
        ("scale:feed", "feed_growth"), ("scale:balance", "balance"), ("nothing-of-it", "nothing_of_it"),
    ],
)  # fmt: skip
def test_an_entry_is_asked_for_as_it_is_printed(asked: str, stands_in: str) -> None:
    assert module_of(asked, {"redeem_hot", "intake", "feed", "feed_growth", "balance"}) == stands_in

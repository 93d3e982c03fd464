import pytest

from huipai.kit.paging import Page, page_of

ROWS = list(range(5))


class TestPageOf:
    def test_knows_its_neighbours(self) -> None:
        assert page_of(ROWS, None, size=2) == Page([0, 1], 1, 0, 2)
        assert page_of(ROWS, "2", size=2) == Page([2, 3], 2, 1, 3)
        assert page_of(ROWS, "3", size=2) == Page([4], 3, 2, 0)

    @pytest.mark.parametrize("number", ["4", "5", "9", "1000"])
    def test_beyond_the_end_it_is_the_last_that_has_rows(self, number: str) -> None:
        assert page_of(ROWS, number, size=2) == Page([4], 3, 2, 0)
        assert page_of(ROWS[:4], number, size=2) == Page([2, 3], 2, 1, 0)

    def test_of_a_list_without_rows_it_is_the_first(self) -> None:
        assert page_of(ROWS[:0], "9", size=2) == Page([], 1, 0, 0)

    @pytest.mark.parametrize("number", ["", "0", "-1", "x", "二", "1e3", "²", "9" * 5000])
    def test_whatever_is_no_number_is_the_first(self, number: str) -> None:
        assert page_of(ROWS, number, size=2).number == 1

    def test_does_not_go_deeper_than_anybody_reads(self) -> None:
        assert page_of(range(3000), "9" * 9, size=2).number == 1000

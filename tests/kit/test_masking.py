"""By what somebody can be reached is found however it is spaced; days, doors and prices are left alone."""

import pytest

from huipai.kit.masking import HIDDEN, masked, reaches_somebody


@pytest.mark.parametrize(
    "number",
    [
        "13812345678", "138 1234 5678", "138-1234-5678", "138_1234_5678", "138,1234,5678", "138，1234，5678",
        "138/1234/5678", "1 3 8 1 2 3 4 5 6 7 8", "+86 138 1234 5678", "+86,138,1234,5678", "１３８１２３４５６７８",
        "010-87654321", "0512,6666,1234", "(0512) 6666 1234", "87654321", "8765_4321", "400-800-1234", "400,800,1234",
        "32050019900101123X", "320500_19900101_123X", "320500,19900101,123X", "lan.he@example.com",
        "2026-11-26 13812345678", "12-3-1201 13812345678",
    ],
)  # fmt: skip
def test_a_number_is_found_and_struck_out_whole(number: str) -> None:
    said = f"有事找王师傅 {number}，谢谢"
    assert reaches_somebody(said)
    assert masked(said, []) == f"有事找王师傅 {HIDDEN}，谢谢"
    assert not reaches_somebody(masked(said, []))


@pytest.mark.parametrize(
    "said",
    [
        "2026-11-26 20:30 去看", "2026年11月26日", "2026/11/26", "2026.11.26-2026.11.30", "11-26/11-30 施工",
        "20261126 现场", "2026_11_26", "8:00-11:30", "6 幢 2 单元 501", "12-3-1201 漏水", "12/3/1201", "101,102,103 室",
        "1201,1202,1203 室", "3,5,8,12,15 幢", "花了 1,234,567.80 元", "一共 1500000 元", "¥1500000", "150 个车位",
        "88 路、106 路", "电动车 20 辆/3 天",
    ],
)  # fmt: skip
def test_days_doors_and_prices_stay(said: str) -> None:
    assert not reaches_somebody(said) and masked(said, []) == said


def test_before_a_feast_a_number_is_no_price() -> None:
    assert reaches_somebody("87654321元旦前打")

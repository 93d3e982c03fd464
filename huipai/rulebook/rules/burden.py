"""What an item costs those who have to fill something in for it: the burden price."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from huipai.rulebook.rules.terms import Terms

SECONDS_A_FIELD: Final = 60
# What the system has already, by the names under which people ask for it. Nobody types it again.
KNOWN_FIELDS: Final = frozenset({
    "姓名", "手机号", "电话", "联系电话", "身份", "网格", "微网格", "社区", "楼栋", "户", "门牌", "地址", "地点",
    "位置", "时间", "日期", "照片", "案件编号", "事件类型", "处置单位", "处置结果", "核查结果", "参加人数", "签到名单",
    "积分", "活动名称", "服务时长", "网格员",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Burden:
    """Fields, people and times a month, and the staff-hours that come of them."""

    fields: int
    known: tuple[str, ...]
    new: tuple[str, ...]
    people: int
    times: int

    @property
    def hours(self) -> Fraction:
        """Staff-hours a month, exactly; what the system knows costs nobody anything."""
        return Fraction(len(self.new) * self.people * self.times * SECONDS_A_FIELD, 3600)


def price(terms: Terms) -> Burden:
    asked = tuple(dict.fromkeys(field.strip() for field in terms.asked_fields if field.strip()))
    known = tuple(field for field in asked if field in KNOWN_FIELDS)
    new = tuple(field for field in asked if field not in KNOWN_FIELDS)
    return Burden(len(asked), known, new, terms.asked_people, terms.asked_times)

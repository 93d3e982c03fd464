"""The columns of the grid's workbook: the tree, the units, and the people who are responsible."""

from __future__ import annotations

from typing import IO, Final

from django.utils.translation import gettext_lazy

from huipai.grid.words import Level, UnitKind
from huipai.kit import sheets
from huipai.kit.coordinates import Crs
from huipai.kit.sheets import Column, Rows, Table
from huipai.people.words import ADMIN_ROLES, Role

_CODE = sheets.matching(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}", gettext_lazy("编码只用字母、数字和短横，最多 40 个"))
_LEVELS: Final = sheets.written(Level)
_KINDS: Final = sheets.written(UnitKind)
_SYSTEMS: Final = {
    "WGS-84": Crs.WGS84, "WGS84": Crs.WGS84, "GCJ-02": Crs.GCJ02, "GCJ02": Crs.GCJ02, "BD-09": Crs.BD09,
    "BD09": Crs.BD09, "CGCS2000": Crs.CGCS2000,
}  # fmt: skip
# The three admins are named one by one, by the security administrator.
_ROLES: Final = sheets.written(role for role in Role if role != Role.RESIDENT and role not in ADMIN_ROLES)

NODES: Final = Table(
    "网格树",
    (
        Column("level", "层级", sheets.choice(_LEVELS), hint="、".join(_LEVELS), example="微网格"),
        Column("code", "编码", _CODE, hint="在用的编码不能重复", example="SZ-01-03"),
        Column("name", "名称", sheets.text(80), example="第三微网格"),
        Column("parent", "上级编码", _CODE, is_needed=False, hint="街道不填，其他都要填", example="SZ-01"),
        Column("lng", "经度", sheets.number(-180, 180), is_needed=False, hint="楼栋的位置", example="120.7321"),
        Column("lat", "纬度", sheets.number(-90, 90), is_needed=False, example="31.3172"),
        Column(
            "crs", "坐标系", sheets.choice(_SYSTEMS), is_needed=False, example="GCJ-02",
            hint="不填就是 WGS-84；高德、腾讯是 GCJ-02，百度是 BD-09",
        ),
        Column("since", "启用日期", sheets.day, is_needed=False, hint="不填就是从现在起", example="2026-07-01"),
    ),
)  # fmt: skip
UNITS: Final = Table(
    "单位",
    (
        Column("code", "编码", _CODE, example="WY-01"),
        Column("name", "名称", sheets.text(80), example="安居物业"),
        Column("kind", "类别", sheets.choice(_KINDS), hint="、".join(_KINDS), example="物业"),
        Column("node", "负责网格编码", _CODE, is_needed=False, hint="不填就是整个街道", example="SZ-01"),
    ),
)
PEOPLE: Final = Table(
    "人员",
    (
        Column("name", "姓名", sheets.text(40), example="张三"),
        Column("phone", "手机号", sheets.text(20), hint="已登记的人按手机号认", example="13800000000"),
        Column("role", "角色", sheets.choice(_ROLES), hint="、".join(_ROLES), example="专职网格员"),
        Column("node", "网格编码", _CODE, is_needed=False, hint="处置单位的角色不填", example="SZ-01-03"),
        Column("unit", "单位编码", _CODE, is_needed=False, hint="只有处置单位的角色填", example="WY-01"),
        Column("since", "开始日期", sheets.day, is_needed=False, hint="不填就是从现在起", example="2026-07-01"),
        Column("until", "结束日期", sheets.day, is_needed=False, hint="这一天起不再担任", example="2027-07-01"),
        Column(
            "deputy", "代理人手机号", sheets.text(20), is_needed=False, hint="本表或已登记的人", example="13900000000"
        ),
    ),
)
TABLES: Final = (NODES, UNITS, PEOPLE)


def read(file: IO[bytes]) -> dict[str, Rows]:
    """The rows of an uploaded workbook or CSV, with a sentence for each cell that is wrong."""
    return sheets.read(file, tables=TABLES)


def template() -> bytes:
    """The workbook to fill in."""
    return sheets.write_template(TABLES)

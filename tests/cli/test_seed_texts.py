"""What is written for the demo: nobody real, nothing forbidden, every icon drawn, every rule kept."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from huipai.cli.seed import texts
from huipai.cli.seed.texts.deeds import DEEDS
from huipai.cli.seed.texts.items import ITEMS, PORTS
from huipai.cli.seed.texts.items.woodpecker import ITEM_OF_FAMILY, ITEM_OF_KIND
from huipai.cli.seed.texts.kinds import FAMILIES, KINDS
from huipai.cli.seed.texts.stations import HETANG_STATIONS, STATIONS
from huipai.cli.seed.texts.units import HETANG_UNITS, UNITS
from huipai.cli.seed.texts.words import StationText
from huipai.cli.seed.town.build import build
from huipai.cli.seed.town.hetang import HETANG
from huipai.cli.seed.town.plan import Plan
from huipai.cli.seed.town.yunqiao import YUNQIAO
from huipai.web import icons

# People and places of the newspaper page, as salted hashes: not even the test may name them.
REAL = frozenset(
    [
        "03488d1175e7bb87",
        "08f299ff9ce966e1",
        "0f7a31ffdcfdebf1",
        "10ad68e894778e33",
        "1389dd1545021309",
        "13da59fde97e0df9",
        "1a67e4a382d9c909",
        "243776007beb7fb0",
        "26209de70b3aeb25",
        "267d1f3229bf1342",
        "3036cb9572eda517",
        "380bec7fff260250",
        "4e319cd83004e6fb",
        "4e41d2e4d9dd80fb",
        "4fc496abb8e8f284",
        "52beb5b9ab1ae072",
        "52e38e54b0bfa4bb",
        "571054623223c920",
        "5a37c4a74e40b38e",
        "5ec875b5a00905ff",
        "69f67a87b54019a0",
        "8569cfc52ced5f8c",
        "8984376a1d63e271",
        "8c173f4ae1b7efa5",
        "8dac7db63d61981c",
        "92a093c5abe9078d",
        "9a9e34a2ba153135",
        "9ffb6929ad28e094",
        "a0c84fadcae91040",
        "a5ac6cab6ce990c4",
        "a8ce6d8e8910165f",
        "aa0d52af0073a9ad",
        "aa962c82e69d8e36",
        "aae1861ca9ed06e8",
        "abe3d012b80f816d",
        "b1f69ecdcf8ac4ef",
        "b9f9f08348173778",
        "ba74675649d8cc06",
        "c3aa7339dc0c8051",
        "ed6a3f5a297fcd37",
        "fc4daecc111a733f",
        "fc946a4959ed9586",
    ]
)
LENGTHS = (2, 3, 4)
# Words that design.md keeps out of the product.
UNKIND = (
    *("系统繁忙", "操作失败", "非法输入", "未知错误", "该诉求", "予以受理", "请知悉", "特此告知"),
    *("按照相关规定", "相关部门", "高度重视", "提交成功", "敬请谅解", "打卡", "排名"),
)
# What no item may count: bans of 2026-01 on likes, votes, study time, installs, check-ins and tracks.
COUNTED = ("点赞", "集赞", "投票", "学习时长", "安装", "下载", "登录", "签到打卡", "轨迹", "步数")


def written() -> str:
    return "\n".join(path.read_text() for path in sorted(Path(texts.__file__).parents[1].rglob("*.py")))


def pieces(text: str) -> Iterator[str]:
    return (text[start : start + length] for length in LENGTHS for start in range(len(text) - length + 1))


def test_nobody_real_is_named() -> None:
    chinese = {piece for piece in pieces(written()) if all("\u4e00" <= sign <= "\u9fff" for sign in piece)}
    assert not [piece for piece in chinese if sha256(f"huipai:{piece}".encode()).hexdigest()[:16] in REAL]


def test_the_tone_is_a_neighbours() -> None:
    text = written()
    assert not [word for word in UNKIND if word in text]


def test_forty_kinds_with_unique_codes_names_and_drawn_icons() -> None:
    assert len(KINDS) == 40
    assert len({kind.code for kind in KINDS}) == len({kind.name for kind in KINDS}) == 40
    assert not [kind.icon for kind in KINDS if kind.icon not in icons.names()]


def test_every_family_has_some_fifty_reports_and_none_twice() -> None:
    for family, kinds in FAMILIES.items():
        assert sum(len(kind.reports) for kind in kinds) >= 37, family
    count = Counter(report for kind in KINDS for report in kind.reports)
    assert [report for report, times in count.items() if times > 1] == []


def test_a_kind_says_what_is_needed() -> None:
    units = {unit.kind for unit in UNITS}
    for kind in KINDS:
        assert kind.filing and kind.closing and kind.limits, kind.code
        assert kind.owner in units, kind.code
        assert 0 <= kind.check_share <= 1 and kind.radius > 0
        assert len(kind.answers) == 3
        assert len(kind.hours) == 24


def test_illegal_parking_is_closed_with_an_after_photo() -> None:
    assert next(kind for kind in KINDS if kind.code == "parking_jam").after_photo


def test_other_kinds_do_not_show_homes_to_the_public() -> None:
    assert not next(kind for kind in KINDS if kind.code == "neighbour").public
    assert not next(kind for kind in KINDS if kind.code == "fraud_hint").public


def test_thirty_seven_items_under_three_ports() -> None:
    assert {port: len(items) for port, items in PORTS.items()} == {"sunflower": 10, "ox": 15, "woodpecker": 12}
    assert len({item.code for item in ITEMS}) == 37


def test_no_item_counts_what_may_not_be_counted() -> None:
    for item in ITEMS:
        assert not [word for word in COUNTED if word in item.name + item.text.replace("不看有多少人喜欢", "")], (
            item.code
        )
        assert item.points <= item.cap_day <= item.cap_month
        assert item.ground and item.owner and item.evidence


def test_a_verified_problem_earns_five() -> None:
    found = [item for item in PORTS["woodpecker"] if item.code != "woodpecker-12"]
    assert {item.points for item in found} == {5}
    codes = {item.code for item in ITEMS}
    assert set(ITEM_OF_FAMILY) == set(FAMILIES)
    assert set(ITEM_OF_KIND) <= {kind.code for kind in KINDS}
    assert {*ITEM_OF_FAMILY.values(), *ITEM_OF_KIND.values()} <= codes


@pytest.mark.parametrize("plan", [YUNQIAO, HETANG], ids=["yunqiao", "hetang"])
def test_every_kind_finds_places_in_the_town(plan: Plan) -> None:
    there = {place.kind for micro in build(plan, seed=1).micro_grids for place in micro.places}
    for kind in KINDS:
        assert there & set(kind.places), kind.code
    for deed in DEEDS:
        assert there & set(deed.places), deed.title


@pytest.mark.parametrize(
    ("plan", "stations"), [(YUNQIAO, STATIONS), (HETANG, HETANG_STATIONS)], ids=["yunqiao", "hetang"]
)
def test_every_station_stands_somewhere(plan: Plan, stations: tuple[StationText, ...]) -> None:
    blocks = {micro.block.name for micro in build(plan, seed=1).micro_grids}
    assert [station.name for station in stations if station.near not in blocks] == []
    assert len({station.name for station in stations}) == len(stations)


def test_thirty_stations_and_units_with_unique_codes() -> None:
    assert len(STATIONS) == 30
    for units in (UNITS, HETANG_UNITS):
        assert len({unit.code for unit in units}) == len({unit.name for unit in units}) == len(units)

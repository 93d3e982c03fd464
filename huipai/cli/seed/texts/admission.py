"""What departments ask to bring into the grid, and what neighbours say of a draft."""

from typing import NamedTuple

from huipai.cli.seed.texts.words import Item


class Wish(NamedTuple):
    """A department's proposal: from which unit, how many days ago, what became of it and why."""

    unit: str
    item: Item
    days_ago: int
    fields: tuple[str, ...] = ()
    people: int = 0
    times: int = 0
    becomes: str = "waiting"
    reason: str = ""
    why: str = ""
    assessable: bool = False


def wish_item(
    code: str, name: str, text: str, points: int, ground: str, evidence: tuple[str, ...], caps: tuple[int, int]
) -> Item:
    return Item(
        code=code, name=name, text=text, points=points, owner="", ground=ground, evidence=evidence, cap_day=caps[0],
        cap_month=caps[1],
    )  # fmt: skip


FIRE_RULES = "《高层民用建筑消防安全管理规定》"
CITY_RULES = "《城市市容和环境卫生管理条例》"
# The one that came into a version of the year: found by its code there.
ENTERED = Wish(
    "消防工作站",
    wish_item("woodpecker-09", "", "", 5, FIRE_RULES, ("fact",), (0, 0)),
    days_ago=100,
    becomes="admitted",
    reason="楼道里的火灾隐患是网格里的事，系统核查过就知道，不用谁填表。",
    why="今年楼道充电的事多，一半以上是居民先看到的。",
)
# The one that stands in the draft that is out for comments.
NEXT = Wish(
    "环卫",
    wish_item(
        "ox-17", "扫一条楼道", "约好时间，把一个单元的楼道从顶楼扫到一楼，邻居或社区看过就算。", 5, CITY_RULES,
        ("witness", "photo"), (10, 40),
    ),
    days_ago=20,
    fields=("楼栋", "时间", "扫了几层"),
    people=4,
    times=30,
    becomes="admitted",
    reason="老楼没有物业扫楼道，是网格里的事；两个字段系统已有，只多填一个。",
    why="没有物业的老楼，楼道一直没人扫。",
)  # fmt: skip
WISHES = (
    Wish(
        "市政养护所",
        wish_item(
            "woodpecker-14", "井盖松动先围起来", "看到井盖松动，人站在安全的地方拍一张报上来，核查属实计 5 分。", 5,
            "《城市道路管理条例》", ("photo",), (10, 50),
        ),
        days_ago=3,
        fields=("地点", "照片", "井盖编号", "管线单位"),
        people=26,
        times=15,
        why="雨季过后松动的井盖多，早一天知道少一个人摔。",
    ),
    Wish(
        "城管中队",
        wish_item(
            "sunflower-12", "转发点赞满 20 个", "把街道文章转到朋友圈，集赞满 20 个，作为网格员月度评价。", 3,
            "街道宣传工作安排", ("likes", "reposts"), (3, 24),
        ),
        days_ago=9,
        fields=("姓名", "点赞数", "截图编号"),
        people=40,
        times=20,
        why="想让更多人看到街道的文章。",
        assessable=True,
    ),
    Wish(
        "城管中队",
        wish_item(
            "ox-18", "帮着登记沿街店铺", "到沿街店铺登记营业执照和经营范围，每家 1 分。", 1, "街道工作安排",
            ("photo", "note"), (10, 60),
        ),
        days_ago=30,
        fields=("店名", "地址", "营业执照号", "经营范围", "联系电话"),
        people=30,
        times=40,
        becomes="declined",
        reason="登记店铺是市场监管的事，不能换个名字派给网格；执照信息系统里能查到。",
        why="店铺底数不清。",
    ),
    Wish(
        "派出所",
        wish_item(
            "ox-19", "陪夜巡走一段", "跟着巡逻队走一个小时，只看只报，不上前。", 5, "《人民警察法》", ("roll",), (5, 20)
        ),
        days_ago=6,
        fields=("姓名", "时间", "带队人"),
        people=6,
        times=8,
        becomes="returned",
        reason="写清楚 18 岁以上才能参加，保险怎么办。",
        why="冬天天黑得早，愿意一起走走的居民不少。",
    ),
)  # fmt: skip

# What neighbours said of a draft, what became of it, and the answer.
COMMENTS = (
    ("分数可以少一点，别让人为了分去做。", "kept", "先按这个分用半年，再看是不是高了。"),
    ("有没有考虑手脚不方便的人？", "partly", "代办、陪伴、打电话问候都算，不用出门。"),
    ("希望写清楚多久能记上分。", "adopted", "加了一句：核实以后当天记上。"),
)
OPEN_COMMENTS = (
    ("扫楼道的扫把和簸箕谁出？", "adopted", "到驿站领，用完还回来，已经写进说明。"),
    ("一楼的老人扫不动，能不能一家出一个人？", "kept", "不按户摊派，愿意的人来做。"),
    ("楼上楼下约不到一起，分两次扫算不算？", "", ""),
)
OBJECTION = ("骑手常常半夜才歇脚，值班写到几点？", "")

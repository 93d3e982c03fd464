"""A year of the rulebook: eight revisions, five items added, nine changed, three struck, each with its reason.

The last of them is in publicity; the one after it is a draft on which neighbours have begun to comment.
"""

from huipai.cli.seed.texts.items import ITEMS
from huipai.cli.seed.texts.words import Item, Revision

BY_CODE = {item.code: item for item in ITEMS}


def before(code: str, text: str = "", points: int = 0, caps: tuple[int, int] = (0, 0)) -> Item:
    """An item as it stood before a revision: what is given differed, the rest was the same."""
    item = BY_CODE[code]
    day, month = caps
    return item._replace(
        text=text or item.text,
        points=points or item.points,
        cap_day=day or item.cap_day,
        cap_month=month or item.cap_month,
    )


RECITING = Item(
    code="sunflower-11",
    name="学完一篇写心得",
    text="学完一篇文章，抄一遍要点交到社区。",
    points=2,
    owner="街道联动中心",
    ground="《志愿服务条例》",
    evidence=("note",),
    cap_day=2,
    cap_month=20,
)
FORM = Item(
    code="ox-15",
    name="帮社区填一张表",
    text="帮社区把居民信息抄到一张新表上，每张 2 分。",
    points=2,
    owner="街道联动中心",
    ground="《城市居民委员会组织法》",
    evidence=("note",),
    cap_day=10,
    cap_month=40,
)
PATROL = Item(
    code="woodpecker-13",
    name="随手记一处",
    text="看到一处记一处，不用等核查，每处 1 分。",
    points=1,
    owner="街道联动中心",
    ground="《志愿服务条例》",
    evidence=("photo",),
    cap_day=10,
    cap_month=100,
)

# The year begins with two weeks in which everybody may read it first.
FIRST_DAYS_AGO = 358
FIRST_NOTE = "第 1 版：三个端口，先把身边最常见的事写清楚。"
REVISIONS: tuple[Revision, ...] = (
    Revision(
        287,
        "拦下的骗局多了，单列一条；抄心得不再计分。",
        added=("woodpecker-10",),
        struck=((RECITING, "抄一遍不等于懂了，还费时间。"),),
    ),
    Revision(
        266,
        "接送孩子、陪写作业都要监护人点头。",
        changed=(
            (before("ox-02", text="帮双职工邻居接送孩子，一次 5 分。"), "要写明监护人同意，不拍孩子的脸。"),
            (before("ox-06", text="陪孩子写作业，一小时 5 分，一次最多 10 分。"), "孩子的事，两位大人在场更稳妥。"),
        ),
    ),
    Revision(
        234,
        "食物驿站开了，帮着分发也算。",
        added=("ox-13",),
        changed=((before("ox-08", points=5, caps=(5, 40)), "一班两小时，5 分偏少。"),),
    ),
    Revision(
        186,
        "汛期前加一条；引导停车说清楚不拦车。",
        added=("ox-12",),
        changed=((before("ox-10", text="晚高峰在门口引导停车一小时。"), "出现过拦车争吵，写清楚只提醒。"),),
    ),
    Revision(
        144,
        "报了不等于办了，随手记不再计分。",
        changed=(
            (before("woodpecker-02", text="报车辆乱停、单车乱放、占道经营，核查属实计 5 分。"), "补一句拍车不拍人。"),
        ),
        struck=((PATROL, "只数条数，会有人一件事拆成十件报。"),),
    ),
    Revision(
        100,
        "转发改成 2 分，写明自愿。",
        changed=(
            (before("sunflower-02", points=3, caps=(3, 24)), "转发省力，分不该比陪老人看病的零头还多。"),
            (before("sunflower-04", text="认领一块公告栏，过期的揭下来，新的贴整齐。"), "老人说贴得太高，补上高度。"),
        ),
    ),
    Revision(
        53,
        "给社区填表不计分，也请少让人填表；楼道充电单列一条。",
        added=("woodpecker-09",),
        changed=(
            (
                before(
                    "ox-07",
                    points=3,
                    caps=(9, 36),
                    text="参加社区组织的打扫，按签到记，每次 3 分，每天最多 9 分。",
                ),
                "一次 3 分偏少，来的人说路上也要半小时，提到 5 分。",
            ),
        ),
        struck=((FORM, "表是我们该填的，不该请居民代填。"),),
    ),
)
SOUP = Item(
    code="ox-16",
    name="给骑手盛一碗热汤",
    text="冬天在元气加油站值一班，给进来歇脚的骑手盛一碗热汤，按班次记。",
    points=5,
    owner="街道联动中心",
    ground="《志愿服务条例》",
    evidence=("roll",),
    cap_day=5,
    cap_month=40,
)
# Why an item is new, as residents read it.
ADDED = {
    "woodpecker-10": "今年拦下的骗局多，早一点有人说就少一家受骗。",
    "ox-13": "食物驿站开了，分发要有人搭手。",
    "ox-12": "汛期前把搭把手的事写进来，大家心里有数。",
    "woodpecker-09": "今年楼道充电的事多，一半以上是居民先看到的。",
    "ox-16": "冬天骑手要有个地方歇脚、喝口热的。",
}
# The eighth: in publicity while the demo runs, in force some days later.
DRAFT = Revision(
    -5,
    "入冬给骑手留一碗热汤；14 岁以下的记分办法写清楚。",
    added=("ox-16",),
    changed=(
        (
            before("ox-07", text="参加社区组织的打扫，按签到记，每次 5 分，每天最多 10 分。"),
            "家长反映孩子签到要自拍，不合适：改由监护人代记，不公开姓名和照片。",
        ),
    ),
)


NEXT_NOTE = "没有物业的老楼，扫一条楼道也算；陪写作业的时间写清楚。"
NEXT_CHANGED = (
    BY_CODE["ox-06"]._replace(text="陪孩子写作业，一小时 5 分，一次最多 10 分；晚上八点前结束，两位大人在场。"),
    "有家长说太晚了孩子睡不好。",
)


def editions() -> list[tuple[Revision, tuple[Item, ...]]]:
    """Each edition with all its items, the first one first, the one in publicity last."""
    content = {**BY_CODE, SOUP.code: SOUP}
    found = []
    for revision in (DRAFT, *reversed(REVISIONS)):
        found.append((revision, _ordered(content)))
        for code in revision.added:
            del content[code]
        content |= {item.code: item for item, _ in (*revision.changed, *revision.struck)}
    found.append((Revision(FIRST_DAYS_AGO, FIRST_NOTE), _ordered(content)))
    return found[::-1]


def _ordered(content: dict[str, Item]) -> tuple[Item, ...]:
    return tuple(content[code] for code in sorted(content))

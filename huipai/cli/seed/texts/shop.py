"""What the demo's shop holds: things of every day, a few services, an outing."""

from typing import NamedTuple


class Goods(NamedTuple):
    """One item of the shop; `picture` is one of scenes/goods.py, `cents` is what one costs, 0 if it was given."""

    picture: str
    name: str
    unit: str
    category: str
    points: int
    cents: int
    text: str
    audience: str = "everybody"
    limit: int | None = None


GOODS = (
    Goods("soap", "洗洁精", "瓶", "daily", 20, 690, "1 公斤装，柠檬味"),
    Goods("tissues", "抽纸", "提", "daily", 30, 1190, "6 包一提"),
    Goods("bag", "环保购物袋", "只", "daily", 8, 260, "帆布的，装得下一棵白菜"),
    Goods("rice", "东北大米", "袋", "food", 80, 3200, "5 公斤，今年的新米", limit=1),
    Goods("oil", "菜籽油", "桶", "food", 90, 3980, "1.8 升，本地榨的", limit=1),
    Goods("noodles", "挂面", "把", "food", 15, 480, "1 公斤"),
    Goods("notebooks", "作业本", "套", "study", 10, 350, "10 本一套，带格子"),
    Goods("thermometer", "医用体温计", "支", "health", 35, 1450, "电子的，会报数", limit=1),
    Goods("slippers", "防滑拖鞋", "双", "health", 40, 1680, "老人洗澡穿的，38 到 44 码", audience="elders", limit=1),
    Goods("fire_blanket", "灭火毯", "条", "safety", 45, 1890, "1 米见方，挂在灶台边", limit=1),
    Goods("knives", "磨刀磨剪子", "次", "service", 10, 0, "周六上午，师傅在打铁巷", audience="adults"),
    Goods("haircut", "上门理发", "次", "service", 25, 0, "给腿脚不方便的人，志愿者上门", limit=1),
    Goods("outing", "古镇半日游", "位", "outing", 60, 0, "共建单位出车，自己带水", limit=1),
)

# What the coordinator asked for lately: the first waits, the second was not wanted.
WANTED = (
    Goods("bag", "折叠雨伞", "把", "daily", 45, 1850, "三折的，放得进包里", limit=1),
    Goods("noodles", "坚果礼盒", "盒", "food", 120, 5200, "六种坚果，过节用"),
)

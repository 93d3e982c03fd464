"""我是啄木鸟: find problems. Posted by the system when the check has passed; first report only, likes count nothing."""

from huipai.cli.seed.texts.words import Item


def found(code: str, name: str, text: str, owner: str, ground: str, cap_month: int = 50) -> Item:
    return Item(
        code=code,
        name=name,
        text=text,
        points=5,
        owner=owner,
        ground=ground,
        evidence=("fact",),
        cap_day=15,
        cap_month=cap_month,
        minors=True,
        automatic=True,
    )


ITEMS = (
    found(
        "woodpecker-01",
        "垃圾、脏乱",
        "报垃圾堆放、分类点没清、建筑垃圾、路面和河道不干净，核查属实计 5 分。",
        "环卫所",
        "《固体废物污染环境防治法》",
    ),
    found(
        "woodpecker-02",
        "路上乱停乱摆",
        "报车辆乱停、单车乱放、占道经营，核查属实计 5 分。拍车不拍人。",
        "城管中队",
        "《道路交通安全法》",
    ),
    found(
        "woodpecker-03",
        "路和灯坏了",
        "报井盖、路灯、路面、积水、护栏的问题，核查属实计 5 分。",
        "市政养护所",
        "《城市道路管理条例》",
    ),
    found(
        "woodpecker-04",
        "消防通道和设施",
        "报消防通道被占、消防设施坏了，核查属实计 5 分。",
        "消防工作站",
        "《消防法》",
    ),
    found(
        "woodpecker-05",
        "小广告、乱张贴",
        "报小广告、横幅、松动的招牌、乱涂乱画，核查属实计 5 分。不用自己撕。",
        "城管中队",
        "《城市市容和环境卫生管理条例》",
    ),
    found(
        "woodpecker-06",
        "树、草和公园",
        "报倒树断枝、毁绿、健身器材和座椅损坏，核查属实计 5 分。",
        "绿化所",
        "《城市绿化条例》",
    ),
    found(
        "woodpecker-07",
        "小区里的公共事",
        "报车位、电梯、门禁、漏水、物业服务的公共问题，核查属实计 5 分。自家里的事不算。",
        "社区居委会",
        "《物业管理条例》",
    ),
    found(
        "woodpecker-08",
        "工地和违建",
        "报夜间施工、扬尘、私搭乱建，核查属实计 5 分。",
        "城管中队",
        "《噪声污染防治法》",
    ),
    found(
        "woodpecker-09",
        "楼道飞线、停车充电",
        "发现楼道、门厅停车或拉线充电，拍照上报，核查属实后计 5 分；同一地点 7 天内只计一次。",
        "消防工作站",
        "《高层民用建筑消防安全管理规定》",
    ),
    found(
        "woodpecker-10",
        "像骗人的事",
        "报可疑讲座、上门收费、收卡刷单的线索，核实后计 5 分。不要自己去当面问。",
        "派出所",
        "《反电信网络诈骗法》",
        cap_month=30,
    ),
    found(
        "woodpecker-11",
        "邻居要帮忙",
        "看到独居、生病、要搭把手的邻居，问过本人愿意再报；联系上后计 5 分。",
        "民政办",
        "《老年人权益保障法》",
        cap_month=30,
    ),
    Item(
        code="woodpecker-12",
        name="抽到了去看一眼",
        text="被抽中当核查员，到现场看一件自己没报过也没办过的事，拍一张，给个结论。通过还是返工都一样计分。",
        points=3,
        owner="街道联动中心",
        ground="《志愿服务条例》",
        evidence=("fact",),
        cap_day=9,
        cap_month=30,
        automatic=True,
    ),
)
ITEM_OF_FAMILY = {
    "市容环境": "woodpecker-01",
    "街面秩序": "woodpecker-02",
    "道路设施": "woodpecker-03",
    "消防安全": "woodpecker-04",
    "宣传广告": "woodpecker-05",
    "绿地公园": "woodpecker-06",
    "小区里的事": "woodpecker-07",
    "工地和其他": "woodpecker-08",
}
ITEM_OF_KIND = {
    "ebike_stairs": "woodpecker-09",
    "loose_wires": "woodpecker-09",
    "fraud_hint": "woodpecker-10",
    "neighbour": "woodpecker-11",
}

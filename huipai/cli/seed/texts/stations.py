"""Thirty stations: where a neighbour can sit down, get help or lend a hand."""

from huipai.cli.seed.texts.words import StationText

DAILY = (1, 2, 3, 4, 5, 6, 7)
WORKDAYS = (1, 2, 3, 4, 5)
WEEKEND = (6, 7)


def station(
    name: str, kind: str, near: str, days: tuple[int, ...], opens: str, closes: str, *services: str
) -> StationText:
    return StationText(name, kind, near, days, opens, closes, services)


STATIONS = (
    station("柳溪驿站", "neighbour", "柳溪社区服务中心", DAILY, "08:30", "20:00", "兑换", "歇脚", "代办", "借伞"),
    station("柳溪花园网格小驻", "grid_post", "柳溪花园", WORKDAYS, "09:00", "17:30", "找网格员", "报事", "盖章代跑"),
    station("学士老街书香驿站", "neighbour", "学士老街", DAILY, "09:00", "21:00", "看书", "歇脚", "写大字"),
    station("菱塘元气加油站", "rider", "菱塘公园", DAILY, "07:00", "23:00", "充电", "热饭", "饮水", "针线药箱"),
    station("柳北食物驿站", "food", "柳北菜场", DAILY, "19:00", "20:30", "领余量食物"),
    station("织里银龄茶座", "silver", "织锦苑", WORKDAYS, "13:00", "17:00", "喝茶", "下棋", "量血压"),
    station("西塘网格小驻", "grid_post", "西塘新村", WORKDAYS, "09:00", "17:30", "找网格员", "报事"),
    station("通云共享工具间", "neighbour", "通云新村", WEEKEND, "09:00", "17:00", "借工具", "修理日"),
    station("望山驿站", "neighbour", "望山名苑", DAILY, "08:30", "20:00", "兑换", "歇脚", "代办"),
    station(
        "街道群众来访室", "counter", "云桥街道办事处", WORKDAYS, "09:00", "17:00", "柜台报事", "法律咨询", "查进度"
    ),
    station("银杏街元气加油站", "rider", "银杏公馆", DAILY, "00:00", "23:59", "充电", "热饭", "饮水", "休息"),
    station("山前网格小驻", "grid_post", "山前新村", WORKDAYS, "09:00", "17:30", "找网格员", "报事"),
    station("文星四点半小屋", "child", "文星苑", WORKDAYS, "15:30", "18:30", "陪写作业", "看书"),
    station("荷风食物驿站", "food", "荷风苑", DAILY, "18:30", "20:00", "领余量食物"),
    station("打铁巷修理铺", "neighbour", "打铁巷", WEEKEND, "09:00", "16:00", "修小家电", "磨刀", "修伞"),
    station("湾东工友之家", "rider", "湾东工业坊", DAILY, "06:30", "22:00", "热饭", "饮水", "洗衣", "求职信息"),
    station("云桥法治文化角", "law", "书院公园", DAILY, "06:00", "21:00", "看案例", "周六讲法"),
    station("新港驿站", "neighbour", "新港社区服务中心", DAILY, "08:30", "20:00", "兑换", "歇脚", "代办"),
    station("老码头茶馆驿站", "silver", "老码头街区", DAILY, "07:00", "18:00", "喝茶", "听评弹", "量血压"),
    station("港口东苑网格小驻", "grid_post", "港口东苑", WORKDAYS, "09:00", "17:30", "找网格员", "报事"),
    station("物流站元气加油站", "rider", "港南物流站", DAILY, "00:00", "23:59", "充电", "热饭", "饮水", "淋浴"),
    station("杏花助餐点", "silver", "杏花苑", DAILY, "10:30", "18:00", "午餐晚餐", "送餐上门"),
    station("南塘网格小驻", "grid_post", "南塘新村", WORKDAYS, "09:00", "17:30", "找网格员", "报事"),
    station("港南四点半小屋", "child", "港南新村", WORKDAYS, "15:30", "18:30", "陪写作业", "下棋"),
    station("塘湾驿站", "neighbour", "塘湾社区服务中心", DAILY, "08:30", "20:00", "兑换", "歇脚", "代办"),
    station("塘湾食物驿站", "food", "塘湾菜场", DAILY, "18:30", "20:00", "领余量食物"),
    station("湖滨元气加油站", "rider", "湖滨创新园", DAILY, "07:00", "23:00", "充电", "热饭", "饮水"),
    station("东湾渔村网格小驻", "grid_post", "东湾渔村", WORKDAYS, "09:00", "17:30", "找网格员", "报事"),
    station("望湖公园护河驿站", "neighbour", "望湖公园", WEEKEND, "08:00", "17:00", "领捡拾夹", "歇脚", "看水质"),
    station("南湾银龄课堂", "silver", "南湾苑", WORKDAYS, "09:00", "16:30", "学手机", "唱歌", "写大字"),
)
HETANG_STATIONS = (
    station("荷塘驿站", "neighbour", "荷塘社区服务中心", DAILY, "08:30", "20:00", "兑换", "歇脚", "代办"),
    station("莲心网格小驻", "grid_post", "莲心苑", WORKDAYS, "09:00", "17:30", "找网格员", "报事"),
    station("采莲元气加油站", "rider", "采莲公寓", DAILY, "07:00", "23:00", "充电", "热饭", "饮水"),
)

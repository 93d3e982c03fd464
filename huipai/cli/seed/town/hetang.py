"""荷塘街道 on paper: the small neighbour, one community, so that every page can be tried in a second street."""

from huipai.cli.seed.town.plan import Plan, Superblock
from huipai.cli.seed.town.warp import Bend
from huipai.cli.seed.town.words import Way

HETANG = Plan(
    slug="hetang",
    code="990101002",
    name="荷塘街道",
    bend=Bend(lng=120.2260, lat=31.2000, turn=-9.0, swing=0.8, phase=2.1),
    columns=((0, Way.ROAD, "莲叶路"), (470, Way.CANAL, "藕香路"), (960, Way.ROAD, "采莲路")),
    rows=((980, Way.ROAD, "清荷街"), (480, Way.MAIN, "荷塘街"), (0, Way.ROAD, "蛙声路")),
    communities=(
        (
            "荷塘社区",
            (
                Superblock(
                    0, 0, "six", "s荷塘新村 s荷塘新村 e荷塘小学 s莲心苑 s莲心苑 m荷塘菜场", "莲心弄 新村巷 塘边弄"
                ),
                Superblock(
                    1,
                    0,
                    "six",
                    "t采莲公寓 t采莲公寓 p荷塘公园 l荷塘社区服务中心 s清荷里 s清荷里",
                    "清荷弄 采莲弄 蜻蜓巷",
                ),
                Superblock(
                    0, 1, "six", "v蛙声小筑 v蛙声小筑 s莲叶苑 f荷塘工坊 s莲叶苑 b荷塘公交场站", "莲叶弄 蛙声弄 藕粉巷"
                ),
                Superblock(
                    1,
                    1,
                    "six",
                    "s藕香苑 s藕香苑 c荷塘商务楼 h荷塘卫生服务站 s藕香二村 s藕香二村",
                    "藕香弄 荷叶弄 菱歌巷",
                ),
            ),
        ),
    ),
    canals=((470, -700, 1700, "藕香河"),),
)

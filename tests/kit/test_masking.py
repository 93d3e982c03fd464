"""By what somebody can be reached is found however it is spaced; days, doors and prices are left alone."""

import pytest

from huipai.kit.known_names import is_called
from huipai.kit.masking import HIDDEN, masked, reaches_somebody, without_names


@pytest.mark.parametrize(
    "number",
    [
        "13812345678", "138 1234 5678", "138-1234-5678", "138_1234_5678", "138,1234,5678", "138，1234，5678",
        "138/1234/5678", "1 3 8 1 2 3 4 5 6 7 8", "+86 138 1234 5678", "+86,138,1234,5678", "１３８１２３４５６７８",
        "010-87654321", "0512,6666,1234", "(0512) 6666 1234", "87654321", "8765_4321", "400-800-1234", "400,800,1234",
        "32050019900101123X", "320500_19900101_123X", "320500,19900101,123X", "lan.he@example.com",
        "2026-11-26 13812345678", "12-3-1201 13812345678",
        "136*1234*9876", "136～1234～9876", "136|1234|9876", "136\n1234\n9876", "136 1234 九八七六",
        "一三八一二三四五六七八", "幺三八 一二三四 五六七八", "138一二三四5678", "〇五一二六六六六一二三四",
        "壹叁捌壹贰叁肆伍陆柒捌", "①③⑧①②③④⑤⑥⑦⑧", "lan.he＠example.com",
    ],
)  # fmt: skip
def test_a_number_is_found_and_struck_out_whole(number: str) -> None:
    said = f"有事找王师傅 {number}，谢谢"
    assert reaches_somebody(said)
    assert masked(said, []) == f"有事找王师傅 {HIDDEN}，谢谢"
    assert not reaches_somebody(masked(said, []))


@pytest.mark.parametrize("called", ["微信号 ", "加V：", "wx: ", "QQ ", "微信", "qq号是 ", "加微信"])
@pytest.mark.parametrize("name", ["wangxm1988", "abc_12345", "12345678", "13800000001"])
def test_what_somebody_is_called_in_a_chat_is_struck_out_and_the_word_for_it_stays(called: str, name: str) -> None:
    assert masked(f"找我{called}{name}。", []) == f"找我{called}{HIDDEN}。"
    assert reaches_somebody(f"找我{called}{name}。")


@pytest.mark.parametrize(
    "said",
    [
        "2026-11-26 20:30 去看", "2026年11月26日", "2026/11/26", "2026.11.26-2026.11.30", "11-26/11-30 施工",
        "20261126 现场", "2026_11_26", "8:00-11:30", "6 幢 2 单元 501", "12-3-1201 漏水", "12/3/1201",
        "101,102,103 室",
        "1201,1202,1203 室", "3,5,8,12,15 幢", "花了 1,234,567.80 元", "一共 1500000 元", "¥1500000", "150 个车位",
        "88 路、106 路", "电动车 20 辆/3 天", "二〇二六年十一月二十六日", "一、二、三、四、五、六、七单元",
        "三五一十五辆", "微信群里说过", "扫微信二维码", "加微信群", "1101~1205 室", "V 形沟",
        "QQ 车停在门口", "2026-11-26～2026-11-30", "微信 A 座三单元门口",

    ],
)  # fmt: skip
def test_days_doors_and_prices_stay(said: str) -> None:
    assert not reaches_somebody(said) and masked(said, []) == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("我是302的李", "我是302的＊＊"), ("我是302的李，灯坏了", "我是302的＊＊，灯坏了"),
        ("我是三楼的老王。", "我是三楼的＊＊。"), ("我是302的李大姐", "我是302的＊＊大姐"), ("我姓李，住三楼",
        "我姓＊＊，住三楼"),
        ("免贵姓高", "免贵姓＊＊"), ("楼上姓欧阳的漏水", "楼上姓＊＊的漏水"), ("我叫宋浩然，住 302",
        "我叫＊＊，住 302"),
        ("本人叫高桂英", "本人叫＊＊"), ("我叫李建民", "我叫＊＊"), ("我是李建国，", "我是＊＊，"),
        ("我是高阿姨，", "我是＊＊阿姨，"),
        ("联系人：陈女士", "联系人：＊＊女士"), ("联系人张伟 138 1234 5678", "联系人＊＊ ＊＊"),
        ("我就是楼下的周先生", "我就是楼下的＊＊先生"), ("我姓刘先生那一户", "我姓＊＊先生那一户"),
    ],
)  # fmt: skip
def test_who_somebody_says_they_are_is_struck_out(said: str, shown: str) -> None:
    assert masked(said, []) == shown


@pytest.mark.parametrize(
    "said",
    [
        "我是高层住户", "我是高层的，", "我是金都的。", "我是常住户", "我是程序员，", "我是钟点工",
        "我是周边居民", "我是周边的，",
        "我是业主", "我是302的", "我是这里的常住户", "我是社区的黄马甲", "我是龙湖的", "我叫高空作业车来过",
        "我叫车来过", "我叫何时来",
        "老百姓安心，", "老百姓方便", "姓名没写", "同姓的两家", "有事找王师傅", "王府路口积水", "李子树倒了",
        "黄线停车", "白天没人",
        "高空抛物", "请找李主任", "联系社区", "我是在张家弄，", "我是新来的，", "我是孔雀苑的", "我是一号楼的老住户",
    ],
)  # fmt: skip
def test_words_that_look_like_names_stay(said: str) -> None:
    assert masked(said, []) == said


def test_whom_somebody_speaks_to_is_no_address() -> None:
    for said in ("已经@物业。请尽快处理", "物业@了大家。没人管", "@陶师傅 看一下"):
        assert masked(said, []) == said and not reaches_somebody(said)
    assert masked("写到 lan＠example。com 吧", []) == "写到 ＊＊ 吧"


def test_before_a_feast_a_number_is_no_price() -> None:
    assert reaches_somebody("87654321元旦前打")


@pytest.mark.parametrize(
    ("said", "name", "shown"),
    [
        ("我是高峰，住三楼", "高峰", "我是＊＊，住三楼"),
        ("高峰 138", "高峰", "＊＊ 138"),
        ("高峰家门口", "高峰", "＊＊家门口"),
        ("联系人：石头", "石头", "联系人：＊＊"),
        ("请找石头的电话", "石头", "请找＊＊的电话"),
        ("高峰", "高峰", "＊＊"),
        ("302 高 桂 英", "高桂英", "302 ＊＊"),
        ("高桂英家漏水", "高桂英", "＊＊家漏水"),
        ("找高阿姨开门", "高峰", "找＊＊阿姨开门"),
        ("老白大爷摔了", "白云生", "＊＊大爷摔了"),
        ("欧阳先生在家", "欧阳明", "＊＊先生在家"),
        ("江女士说的", "江心", "＊＊女士说的"),
        ("乐呵呵报的", "乐呵呵", "＊＊报的"),
        ("网名 Xiao-Wei_1 报", "Xiao-Wei_1", "网名 ＊＊ 报"),
        ("藍小河报的", "蓝小河", "＊＊报的"),
        ("找老李\n明天再说", "李明", "找老李\n明天再说"),
        ("老王—小区门口", "王小", "老王—小区门口"),
        ("蓝小河报的", "藍小河", "＊＊报的"),
    ],
)
def test_a_known_name_is_struck_out_wherever_it_is_one(said: str, name: str, shown: str) -> None:
    assert without_names(said, [name]) == shown


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("早高峰堵在路口", "高峰"),
        ("花坛边的石墩倒了", "花坛"),
        ("花坛边的石墩倒了", "石墩"),
        ("马路上有坑", "马路"),
        ("安全出口堵了", "安全"),
        ("金属板翘起来", "金属"),
        ("高楼上掉东西", "高楼"),
        ("白车停在门口", "白车"),
        ("江边路灯不亮", "江边"),
        ("高空抛物", "高桂英"),
        ("白线看不清", "白云生"),
        ("金桥路马路牙子", "金小马"),
        ("王府路口积水", "王芳"),
        ("石头路不平", "石小花"),
    ],
)
def test_a_word_that_somebody_is_called_by_stays_a_word(said: str, name: str) -> None:
    assert without_names(said, [name]) == said


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+86 138 1234 5678",
        "１３８１２３４５６７８",
        "幺三八 一二三四 五六七八",
        "壹叁捌 壹贰叁肆 伍陆柒捌",
    ],
)
def test_somebodys_own_number_is_struck_out_of_words_in_which_an_offices_number_stays(written: str) -> None:
    said = f"他的电话 {written}，办公室 0512-66661234"
    assert without_names(said, ["+8613812345678"]) == f"他的电话 {HIDDEN}，办公室 0512-66661234"


def test_a_longer_number_is_not_somebodys_own() -> None:
    assert without_names("单号 9138123456780", ["+8613812345678"]) == "单号 9138123456780"


@pytest.mark.parametrize(
    ("name", "said", "calls"),
    [
        ("蓝小河", "谢谢老蓝", True), ("蓝小河", "小蓝又报了", True), ("蓝小河", "是蓝家报上去的", True),
        ("蓝小河", "问老蓝家", True), ("蓝小河", "藍小河报的", True), ("蓝小河", "藍阿姨", True),
        ("张三", "老张报的", True), ("张三", "張三家", True), ("欧阳小海", "歐陽家", True),
        ("蓝小河", "蓝天，一家人", False), ("蓝小河", "小区蓝色的桶", False), ("金大石", "养老金还没发", False),
        ("石强", "石家庄来的车", False), ("管平", "找管家", False), ("路遥", "小路上有坑", False),
        ("高峰", "楼老高了", False), ("万方", "万家灯火", False), ("陈列", "老陈醋", False),
        ("13812345678", "138", False),
    ],
)  # fmt: skip
def test_somebody_is_called_as_neighbours_do(name: str, said: str, calls: bool) -> None:
    assert is_called(said, [name]) is calls


class TestANameOfSeveralParts:
    @pytest.mark.parametrize(
        "said",
        [
            "我是{}，住6幢",
            "{}家门口",
        ],
    )
    @pytest.mark.parametrize(
        ("name", "spelt"),
        [
            ("阿依古丽·买买提", spelt)
            for spelt in (
                "阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽买买提", "阿依古丽", "阿依古丽 买买提", "买买提",
            )
        ]
        + [("John Smith", spelt) for spelt in ("John Smith", "john smith", "JOHN", "Smith", "JohnSmith")],
    )  # fmt: skip
    def test_is_struck_out_however_it_is_written(self, said: str, name: str, spelt: str) -> None:
        assert masked(said.format(spelt), [name]) == said.format(HIDDEN)

    def test_is_no_part_of_another_word(self) -> None:
        assert masked("Johnson 强生的广告牌掉了", ["John Smith"]) == "Johnson 强生的广告牌掉了"

    def test_a_family_name_of_two_signs_goes_with_what_somebody_is_called(self) -> None:
        assert masked("欧阳老师家门口，欧阳师傅知道", ["欧阳小雨"]) == f"{HIDDEN}老师家门口，{HIDDEN}师傅知道"

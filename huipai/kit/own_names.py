"""Where somebody says who they are: after 我是, 我叫, 姓, 联系人. Only there can a rule tell a name from a word.

A family name is also a colour, a height or a road, so that it is taken for one only with what belongs to a name beside
it: a title, an end of the sentence, or given names that are none of the words which end a place or a calling.
"""

from __future__ import annotations

import re

# Family names that are hardly ever a word by themselves, and those that often are.
_PLAIN = (
    "王李张刘陈杨赵吴周徐孙朱胡郭何罗宋郑谢韩唐冯董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾魏薛阎闫潘杜戴夏汪任姜范姚谭廖邹熊陆郝孔崔邱秦顾"
    "侯邵孟龙段雷钱汤尹黎贺樊颜倪严牛温芦季俞章鲁葛聂焦柴庞裴梅祁左翟翁冉纪鲍涂耿霍岑乔赖覃武康毛"
)
PLAIN = frozenset(_PLAIN)
_WORDLIKE = "高林梁黄马叶江金石丁方田钟史易常万白余文安洪向关柳于管华祝施申甘凌单欧席巫薄陶"
_DOUBLES = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|长孙"
DOUBLE = frozenset(_DOUBLES.split("|"))
_ANY = rf"(?:{_DOUBLES}|[{_PLAIN}{_WORDLIKE}])"
_SURE = rf"(?:{_DOUBLES}|[{_PLAIN}])"
_HAN = r"[\u4e00-\u9fff]"
# A given name does not end as the name of a place, a calling or a deed does.
_NO_END = "(?<![的人工员户家民主边区苑园村路楼院厦庄镇店号门层了吗呢在来去过])"
TITLES = "先生|女士|小姐|大爷|大妈|大娘|大姐|大哥|大叔|大婶|阿姨|叔叔|奶奶|爷爷|伯伯|婆婆"
_NO_DEED = "(?<![的了吗呢在来去过人])"
_GIVEN = rf"(?!{TITLES}){_HAN}{{1,2}}{_NO_END}"
_TITLE = rf"(?={TITLES})"
_END = r"(?![\u4e00-\u9fffA-Za-z])"
_OF = r"我(?:就)?是[^，。！？；,.!?;\s]{1,12}?的"

_SAID = [
    re.compile(pattern)
    for pattern in (
        rf"(?<![百同])姓(?P<name>{_ANY})(?=的|{_END}|{_TITLE})",
        rf"(?:我|本人|俺|名字)叫(?!{_ANY}(?:{TITLES}))(?P<name>{_SURE}{_HAN}{{1,2}}{_NO_DEED}|{_ANY}{_HAN}{{2}}{_NO_DEED})(?:{_END}|{_TITLE})",
        rf"(?:我(?:就)?是|{_OF}|联系人?[:：是]?)[老小]?(?P<name>{_ANY}{_HAN}{{0,2}}?){_TITLE}",
        rf"{_OF}(?P<name>[老小]?{_SURE}){_END}",
        rf"(?:我(?:就)?是|联系人[:：是]?)(?P<name>{_SURE}{_GIVEN}){_END}",
    )
]


def own_names(text: str) -> list[tuple[int, int]]:
    """Where in a text somebody says a name as theirs, from the first to the last, none within another."""
    spans = sorted(match.span("name") for said in _SAID for match in said.finditer(text))
    kept: list[tuple[int, int]] = []
    for begin, end in spans:
        if kept and begin < kept[-1][1]:
            kept[-1] = kept[-1][0], max(end, kept[-1][1])
        else:
            kept.append((begin, end))
    return kept

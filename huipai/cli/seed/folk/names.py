"""Names that anybody could have: common surnames with common given names of their generation."""

from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
OLD = (
    *("桂英", "秀兰", "玉珍", "建国", "国强", "志明", "凤英", "素珍", "文华", "德福", "永康", "根发", "阿宝", "水根"),
    *("美娟", "惠芳", "金凤", "宝林", "家骏", "荣生", "月华", "巧云", "长庚", "福生", "秀珍", "爱华", "菊芬", "林根"),
)
MIDDLE = (
    *("海燕", "丽华", "建军", "晓东", "红梅", "志刚", "秀梅", "文军", "海涛", "春燕", "永强", "丽萍", "国平", "立新"),
    *("雪芳", "小红", "卫东", "振宇", "敏", "静", "勇", "军", "燕", "斌", "芳", "磊", "凯", "琳", "建华", "玉兰"),
)
YOUNG = (
    *("子涵", "雨桐", "浩然", "思远", "佳怡", "梓轩", "一诺", "欣悦", "俊杰", "天宇", "晨曦", "若溪", "嘉禾", "明轩"),
    *("雅楠", "逸飞", "梦洁", "诗雨", "泽宇", "可欣", "宇航", "心怡", "博文", "清扬", "知夏", "亦凡", "悠然", "景行"),
)


def name_for(birth_year: int, chance: Random) -> str:
    """A name as people born in that year have it."""
    given = OLD if birth_year < 1965 else MIDDLE if birth_year < 1990 else YOUNG
    return chance.choice(SURNAMES) + chance.choice(given)


def names_for(birth_years: list[int], chance: Random) -> list[str]:
    """One name each, in order, none twice."""
    taken: dict[str, None] = {}
    for year in birth_years:
        name = name_for(year, chance)
        while name in taken:
            name = name_for(year, chance)
        taken[name] = None
    return list(taken)

"""The forty kinds of cases, by family."""

from huipai.cli.seed.texts.kinds import clean, fire, green, homes, order, posters, roads, sites
from huipai.cli.seed.texts.words import Kind

FAMILIES: dict[str, tuple[Kind, ...]] = {
    "市容环境": clean.KINDS,
    "街面秩序": order.KINDS,
    "消防安全": fire.KINDS,
    "道路设施": roads.KINDS,
    "宣传广告": posters.KINDS,
    "绿地公园": green.KINDS,
    "小区里的事": homes.KINDS,
    "工地和其他": sites.KINDS,
}
KINDS: tuple[Kind, ...] = tuple(kind for family in FAMILIES.values() for kind in family)

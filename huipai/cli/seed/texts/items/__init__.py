"""The thirty-seven point items under three doors."""

from huipai.cli.seed.texts.items import ox, sunflower, woodpecker
from huipai.cli.seed.texts.words import Item

PORTS: dict[str, tuple[Item, ...]] = {
    "sunflower": sunflower.ITEMS,
    "ox": ox.ITEMS,
    "woodpecker": woodpecker.ITEMS,
}
ITEMS: tuple[Item, ...] = tuple(item for items in PORTS.values() for item in items)

"""The three ports as they look: drawing, tint and words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class PortLook:
    art: str
    tint: str
    name: str | Promise
    deed: str | Promise


PORTS: dict[str, PortLook] = {
    "sunflower": PortLook("port-sunflower", "bg-sun-tint text-sun-ink", _("向日葵"), _("传播好消息")),
    "ox": PortLook("port-ox", "bg-ox-tint text-ox-ink", _("孺子牛"), _("搭把手")),
    "woodpecker": PortLook("port-woodpecker", "bg-wood-tint text-wood-ink", _("啄木鸟"), _("发现问题")),
}


def port_of(port: str) -> PortLook:
    return PORTS[str(port)]

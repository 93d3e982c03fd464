"""Stations: opened with their hours and services where the plan says."""

from datetime import datetime

from huipai.cli.seed.plant.ground import Ground
from huipai.cli.seed.texts.words import StationText
from huipai.kit.coordinates import Point
from huipai.stations import commands as stations
from huipai.stations.rules import Span
from huipai.stations.words import Service, StationKind

KINDS: dict[str, StationKind] = {
    "neighbour": StationKind.CARE_STATION,
    "grid_post": StationKind.GRID_STOP,
    "rider": StationKind.ENERGY_STOP,
    "food": StationKind.FOOD_STATION,
    "law": StationKind.LAW_CORNER,
    "silver": StationKind.CARE_STATION,
    "child": StationKind.CARE_STATION,
    "counter": StationKind.PARTY_CENTRE,
}
# What is offered, in the words of the services that the product knows.
SERVICES: dict[str, Service] = {
    "饮水": Service.WATER,
    "喝茶": Service.WATER,
    "热饭": Service.MICROWAVE,
    "充电": Service.CHARGING,
    "歇脚": Service.REST,
    "休息": Service.REST,
    "针线药箱": Service.FIRST_AID,
    "量血压": Service.FIRST_AID,
    "借伞": Service.UMBRELLA,
    "修伞": Service.UMBRELLA,
    "看书": Service.READING,
    "借工具": Service.TOOLS,
    "修小家电": Service.TOOLS,
    "代办": Service.COUNTER,
    "报事": Service.COUNTER,
    "柜台报事": Service.COUNTER,
    "兑换": Service.COUNTER,
}


def plant_stations(ground: Ground, texts: tuple[StationText, ...], *, phone: str, now: datetime) -> None:
    for n, text in enumerate(texts, start=1):
        micro = next(micro for micro in ground.town.micro_grids if micro.block.name == text.near)
        stations.open_station(
            code=f"Y{n:02d}",
            kind=KINDS[text.kind],
            name=text.name,
            place=f"{text.near}，{'、'.join(text.services)}",
            point=Point(*micro.middle),
            hours=[Span(day, _minute(text.opens), _minute(text.closes)) for day in text.days],
            services={SERVICES[word] for word in text.services if word in SERVICES},
            phone=phone,
            actor=None,
            now=now,
        )


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return 24 * 60 if clock == "23:59" else int(hour) * 60 + int(minute)

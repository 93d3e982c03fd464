"""Drawn photos: two dozen scenes, before and after, as real JPEG files with the place and time a phone writes."""

from datetime import datetime
from functools import cache
from io import BytesIO
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from huipai.cli.seed.scenes import outdoors, walls
from huipai.cli.seed.scenes.canvas import Canvas
from huipai.cli.seed.town.warp import Position

CHINA = ZoneInfo("Asia/Shanghai")
VARIANTS = 3


class Scene(Protocol):
    def __call__(self, canvas: Canvas, *, done: bool) -> None: ...


SCENES: dict[str, Scene] = {
    "parking": outdoors.parking,
    "litter": outdoors.litter,
    "bins": outdoors.bins,
    "flood": outdoors.flood,
    "manhole": outdoors.manhole,
    "lamp": outdoors.lamp,
    "tree": outdoors.fallen_tree,
    "river": outdoors.river,
    "bikes": outdoors.bikes,
    "umbrella": outdoors.umbrella,
    "flyers": walls.flyers,
    "windscreen": walls.windscreen,
    "stairs": walls.stairs,
    "clutter": walls.clutter,
    "broken": walls.broken,
    "works": walls.works,
}
SCENE_OF: dict[str, str] = {
    "litter": "litter", "bins": "bins", "rubble": "works", "dirty_road": "litter", "river": "river",
    "parking_jam": "parking", "bike_mess": "bikes", "stalls": "parking", "noise": "lamp", "dogs": "broken",
    "fire_lane": "parking", "ebike_stairs": "stairs", "loose_wires": "stairs", "clutter": "clutter",
    "fire_gear": "clutter", "manhole": "manhole", "street_lamp": "lamp", "pothole": "manhole", "flooding": "flood",
    "guard_rail": "river", "flyposting": "windscreen", "banner": "flyers", "loose_sign": "flyers",
    "graffiti": "flyers", "fallen_tree": "tree", "green_taken": "broken", "bald_lawn": "broken",
    "playground": "broken", "bench": "broken", "parking_short": "parking", "lift": "clutter", "gate_broken": "flyers",
    "leak": "flood", "service": "clutter", "night_work": "works", "dust": "works", "illegal_building": "works",
    "fraud_hint": "flyers", "neighbour": "clutter", "other": "litter",
}  # fmt: skip


def photo(kind: str, variant: int, *, done: bool, at: Position | None, taken_at: datetime) -> bytes:
    """A JPEG of a kind of case. Without `at` it comes as messengers send it: stripped of place and time."""
    plain = _drawn(SCENE_OF.get(kind, kind), variant % VARIANTS, done)
    if at is None:
        return plain
    exif = Image.Exif()
    local = taken_at.astimezone(CHINA)
    exif[Base.Make], exif[Base.Model] = "Demo", "Drawn by hand"
    exif[Base.DateTime] = f"{local:%Y:%m:%d %H:%M:%S}"
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = f"{local:%Y:%m:%d %H:%M:%S}"
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", _degrees(at[1])
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", _degrees(at[0])
    block = exif.tobytes()
    segment = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
    return plain[:2] + segment + plain[2:]  # right behind the start marker, where cameras put it


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    whole = int(value)
    minutes = int((value - whole) * 60)
    seconds = ((value - whole) * 60 - minutes) * 60
    return IFDRational(whole), IFDRational(minutes), IFDRational(round(seconds * 10_000), 10_000)


@cache
def _drawn(scene: str, variant: int, done: bool) -> bytes:
    canvas = Canvas(Random(f"{scene}:{variant}"))
    SCENES[scene](canvas, done=done)
    file = BytesIO()
    canvas.finished().save(file, "JPEG", quality=82)
    return file.getvalue()

"""What a photo says about its own place and time. A claim, never a fact: it is offered, shown and can be corrected."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags, Image

from huipai.photos.words import Source

CHINA = timezone(timedelta(hours=8))
"""A camera that does not say its zone is taken to be set to the clock of the country."""

MOST_EXIF = 65_533
"""Bytes of an EXIF block that are read: what fits into the one segment of a JPEG that holds it (CIPA DC-008, 4.5.4).
Other formats have room for a block of 20 MB, whose numbers would take a gigabyte as objects."""

_OLDEST, _NEWEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Claims:
    """A place in WGS-84, a time, and who says where the place is."""

    lat: float | None = None
    lng: float | None = None
    taken_at: datetime | None = None
    source: Source = Source.NONE

    @property
    def has_place(self) -> bool:
        return self.lat is not None and self.lng is not None


def read_exif(exif: bytes) -> Claims:
    """The place and time inside an EXIF block; whatever is missing, damaged or impossible is left out."""
    if not exif:
        return Claims()
    tags = Image.Exif()
    try:
        tags.load(b"Exif\0\0" + exif[:MOST_EXIF])
        gps, camera = tags.get_ifd(ExifTags.IFD.GPSInfo), tags.get_ifd(ExifTags.IFD.Exif)
        lat, lng = place_of(gps)
        taken_at = _moment({**dict(tags), **camera})
    except Exception:  # a damaged block fails in every way that there is, and none of them is the sender's fault
        return Claims()
    return Claims(lat=lat, lng=lng, taken_at=taken_at, source=Source.NONE if lat is None else Source.EXIF)


def place_of(gps: Mapping[int, Any]) -> tuple[float, float] | tuple[None, None]:
    """Latitude and longitude, or neither: (0, 0) is what a camera without a fix writes."""
    tag = ExifTags.GPS
    lat = _degrees(gps.get(tag.GPSLatitude), gps.get(tag.GPSLatitudeRef), {"N": 1, "S": -1})
    lng = _degrees(gps.get(tag.GPSLongitude), gps.get(tag.GPSLongitudeRef), {"E": 1, "W": -1})
    return possible_place(lat, lng)


def possible_place(lat: float | None, lng: float | None) -> tuple[float, float] | tuple[None, None]:
    """The pair if it can be a place on Earth, else neither."""
    if lat is None or lng is None or not (math.isfinite(lat) and math.isfinite(lng)):
        return None, None
    if abs(lat) > 90 or abs(lng) > 180 or (lat == 0 and lng == 0):
        return None, None
    return lat, lng


def possible_time(taken_at: datetime | None) -> datetime | None:
    """The time if the clock of a digital camera can say so. One that lies ahead is kept: whoever judges is told."""
    if taken_at is None or taken_at.tzinfo is None or not _OLDEST <= taken_at < _NEWEST:
        return None
    return taken_at.astimezone(UTC)


def _degrees(parts: Any, reference: Any, signs: Mapping[str, int]) -> float | None:
    if parts is None or len(parts) != 3 or not isinstance(reference, str):
        return None
    sign = signs.get(reference.strip("\0 ").upper())
    if sign is None:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    return round(sign * (degrees + minutes / 60 + seconds / 3600), 7)


def _moment(camera: Mapping[int, Any]) -> datetime | None:
    base = ExifTags.Base
    written = camera.get(base.DateTimeOriginal) or camera.get(base.DateTime)
    zone = str(camera.get(base.OffsetTimeOriginal, "")).strip("\0 ")
    try:
        local = datetime.strptime(str(written).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        return None
    try:
        return local.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo)
    except ValueError:
        return local

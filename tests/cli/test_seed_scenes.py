"""The drawn photos are real photos: JPEG with the place a phone writes, or stripped as messengers do."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD

from huipai.cli.seed import scenes
from huipai.cli.seed.scenes.goods import PICTURES, goods
from huipai.cli.seed.texts.kinds import KINDS
from huipai.cli.seed.texts.shop import GOODS

WHEN = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def test_every_kind_of_case_has_a_scene() -> None:
    assert {kind.code for kind in KINDS} == set(scenes.SCENE_OF)
    assert set(scenes.SCENE_OF.values()) <= set(scenes.SCENES)


def test_everything_in_the_shop_has_a_picture() -> None:
    assert {each.picture for each in GOODS} == set(PICTURES)
    assert {opened(goods(name)).size for name in PICTURES} == {(1280, 960)}


def test_a_photo_says_where_and_when() -> None:
    picture = opened(scenes.photo("manhole", 0, done=False, at=(120.1534567, 31.2198765), taken_at=WHEN))
    place = picture.getexif().get_ifd(IFD.GPSInfo)
    degrees, minutes, seconds = place[GPS.GPSLongitude]
    assert picture.format == "JPEG" and picture.size == (1280, 960)
    assert float(degrees + minutes / 60 + seconds / 3600) == pytest.approx(120.1534567, abs=1e-7)
    assert picture.getexif().get_ifd(IFD.Exif)[36867] == "2026:11:01 11:30:00"


def test_a_photo_from_a_messenger_says_nothing() -> None:
    assert not opened(scenes.photo("manhole", 0, done=False, at=None, taken_at=WHEN)).getexif()


def test_before_and_after_differ_and_the_same_is_the_same() -> None:
    before, after, again = (
        scenes.photo("manhole", 1, done=done, at=None, taken_at=WHEN) for done in (False, True, False)
    )
    assert before != after and before == again

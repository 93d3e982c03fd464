"""The same picture again: cut, turned, mirrored, framed or saved anew; and hundreds that are not the same."""

from collections.abc import Collection
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from PIL import Image, ImageDraw, ImageOps
from threadpoolctl import threadpool_info

from huipai.kit.ids import new_id
from huipai.photos import commands
from huipai.photos.models import Photo
from huipai.photos.queries import looking
from huipai.photos.rules import likeness
from huipai.photos.rules.developing import marks
from huipai.photos.words import LIKENESS_LASTS, ErasingReason, State
from tests.cast import MONDAY, TUESDAY
from tests.photos import samples
from tests.photos.makers import receive

SCENE = samples.scene(cars=5, size=(640, 480), seed=99)
T = Image.Transpose


def cut(picture: Image.Image, left: float, right: float, top: float, bottom: float) -> Image.Image:
    width, height = picture.size
    return picture.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    )


def framed(picture: Image.Image, width: int, colour: str) -> Image.Image:
    return ImageOps.expand(picture, width, colour)


def painted(picture: Image.Image, place: tuple[int, int, int, int], colour: str) -> Image.Image:
    copy = picture.copy()
    ImageDraw.Draw(copy).rectangle(place, fill=colour)
    return copy


AGAIN = {
    "smaller": SCENE.resize((320, 240)),
    "cut_by_4": cut(SCENE, 0.04, 0.04, 0.04, 0.04),
    "cut_by_10": cut(SCENE, 0.1, 0.1, 0.1, 0.1),
    "cut_at_one_end": cut(SCENE, 0.1, 0, 0, 0),
    "cut_unevenly": cut(SCENE, 0.02, 0.09, 0.07, 0),
    "mirrored": SCENE.transpose(T.FLIP_LEFT_RIGHT),
    "turned_by_90": SCENE.transpose(T.ROTATE_90),
    "turned_by_180": SCENE.transpose(T.ROTATE_180),
    "turned_by_270": SCENE.transpose(T.ROTATE_270),
    "mirrored_and_turned": SCENE.transpose(T.TRANSPOSE),
    "cut_and_mirrored": cut(SCENE, 0.1, 0.1, 0.1, 0.1).transpose(T.FLIP_LEFT_RIGHT),
    "with_a_strip_of_words": painted(SCENE, (0, 440, 640, 480), "black"),
    "with_a_sticker": painted(SCENE, (440, 330, 640, 480), "white"),
    "with_a_white_border": framed(SCENE, 24, "white"),
    "with_a_black_border_and_turned": framed(SCENE, 40, "black").transpose(T.ROTATE_90),
}


def ready(uploader, picture: Image.Image, now=MONDAY) -> Photo:
    content = samples.encode(picture, "JPEG", quality=60)
    photo = commands.process(photo_id=receive(new_id(), uploader, content, now=now).id, now=now)
    assert photo is not None
    return photo


def alike(photo: Photo, *, beside: Collection[UUID]) -> looking.Alike | None:
    """What is of the same uploader is own."""
    return looking.alike(photo, beside=beside, is_own=lambda _photo, uploader: uploader == photo.uploader_id)


@pytest.mark.django_db
class TestLooking:
    @pytest.mark.parametrize("how", AGAIN)
    def test_another_persons_picture_is_known_again(self, how, lan, wei, folder):
        first = ready(lan, SCENE)
        again = ready(wei, AGAIN[how], TUESDAY)
        found = alike(again, beside=())
        assert found is not None and (found.photo_id, found.is_own) == (first.id, False) and found.percent >= 82
        assert alike(again, beside=[first.id]) is None and alike(first, beside=()) is None

    def test_the_whole_is_known_where_a_part_of_it_came_before(self, lan, wei, folder):
        part = ready(lan, cut(SCENE, 0.07, 0.07, 0.07, 0.07).transpose(T.ROTATE_90))
        found = alike(ready(lan, SCENE, TUESDAY), beside=())
        assert found is not None and (found.photo_id, found.is_own) == (part.id, True)

    def test_somebody_elses_is_named_before_ones_own_copy_of_it(self, lan, wei, folder):
        first = ready(lan, SCENE)
        ready(wei, cut(SCENE, 0.02, 0.02, 0.02, 0.02), MONDAY + timedelta(hours=1))
        found = alike(ready(wei, cut(SCENE, 0.03, 0.02, 0.02, 0.02), TUESDAY), beside=())
        assert found is not None and (found.photo_id, found.is_own) == (first.id, False)

    def test_of_what_is_gone_the_marks_still_speak_for_as_long_as_somebody_looks(self, lan, wei, folder):
        first = ready(lan, SCENE)
        commands.expire(photo=first, now=TUESDAY)
        turned = ready(wei, SCENE.transpose(T.ROTATE_90), TUESDAY)
        found = alike(turned, beside=())
        assert found is not None and found.photo_id == first.id
        commands.erase(photo=turned, by=None, reason=ErasingReason.REQUEST, now=TUESDAY)
        commands.forget_likenesses(now=MONDAY + LIKENESS_LASTS)
        assert set(Photo.objects.values_list("fingerprint", "marks")) == {(None, None)}

    def test_photos_from_before_there_were_marks_get_theirs_once(self, lan, wei, folder):
        first = ready(lan, SCENE)
        made = bytes(first.marks or b"")
        Photo.objects.update(marks=None)
        turned = ready(wei, SCENE.transpose(T.ROTATE_90), TUESDAY)
        assert alike(turned, beside=()) is None
        assert (commands.mark_older(), commands.mark_older()) == (1, 0)
        first.refresh_from_db()
        differing = likeness.unpacked(bytes(first.marks or b""))[0] ^ likeness.unpacked(made)[0]
        assert max(int(mark).bit_count() for mark in differing) <= likeness.SURELY
        found = alike(turned, beside=())
        assert found is not None and found.photo_id == first.id

    def test_a_copy_that_is_missing_stops_nobody(self, lan, folder):
        photo = ready(lan, SCENE)
        (folder / photo.tiny_key).unlink()
        Photo.objects.update(marks=None)
        assert commands.mark_older() == 0 and Photo.objects.get().state == State.READY


class TestApart:
    def test_different_scenes_from_one_spot_are_not_the_same(self):
        """One street, one spot, other houses and other cars: the likest that two pictures can be."""
        rng = Random(5)
        scenes = [samples.scene(cars=rng.randrange(1, 9), size=(480, 360), seed=3000 + number) for number in range(18)]
        assert [pair for pair in _the_same(scenes)] == []


def _the_same(scenes: list[Image.Image]):
    made = [marks(scene.resize((96, 72), Image.Resampling.LANCZOS)) for scene in scenes]
    for at, mine in enumerate(made):
        if not at:
            continue
        forms = likeness.in_all_forms(mine)
        for other in range(at):
            bits, form = likeness.nearest(forms, likeness.unpacked(made[other]))
            if bits[0] <= likeness.MAY_BE:
                agreement = likeness.fit(scenes[at], scenes[other], int(form[0]))
                if agreement is None or likeness.is_one(agreement):
                    yield at, other, agreement


def test_a_product_of_ours_is_one_threads_work() -> None:
    """Shared out, it waits for the slowest thread: on a busy machine ten times as long."""
    assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}

"""A picture among the papers of a case says nothing but itself."""

from __future__ import annotations

import contextlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from huipai.cases.attachment_words import FileKind
from huipai.cases.rules.bare import Broken, bare
from tests.photos import samples

SECRET = "幸福路 3 号 502".encode()


def pixels(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_loses_place_device_and_words_and_keeps_every_pixel(progressive: bool) -> None:
    image, exif = samples.scene(cars=1, size=(320, 240), seed=1), Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Make of somebody"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 5.0), 3: "E", 4: (120.0, 9.0, 7.0)})
    file = BytesIO()
    image.convert("RGB").save(file, "JPEG", exif=exif, comment=SECRET, progressive=progressive, icc_profile=b"icc" * 50)
    content = file.getvalue() + b"\xff\xd8 a film hidden behind the picture " + SECRET
    kept = bare(content, FileKind.JPEG)
    assert SECRET not in kept and b"somebody" not in kept and b"hidden" not in kept
    assert pixels(kept) == pixels(content)
    with Image.open(BytesIO(kept)) as image:
        assert dict(image.getexif()) == {0x0112: 6}
        assert image.info["icc_profile"] == b"icc" * 50
    assert bare(kept, FileKind.JPEG) == kept


def test_a_screenshot_loses_its_words_and_keeps_every_pixel() -> None:
    words, file = PngImagePlugin.PngInfo(), BytesIO()
    words.add_text("Author", SECRET.decode())
    words.add_itxt("Comment", SECRET.decode())
    samples.scene(cars=1, size=(64, 48), seed=1).save(file, "PNG", pnginfo=words)
    content = file.getvalue() + SECRET
    kept = bare(content, FileKind.PNG)
    assert SECRET not in kept and b"tEXt" not in kept and b"iTXt" not in kept
    assert pixels(kept) == pixels(content)


@given(cut=st.integers(4, 3000), kind=st.sampled_from([FileKind.JPEG, FileKind.PNG]), noise=st.binary(max_size=8))
def test_what_is_cut_off_or_damaged_is_a_sentence_and_never_a_crash(cut: int, kind: FileKind, noise: bytes) -> None:
    file = BytesIO()
    samples.scene(cars=1, size=(64, 48), seed=1).convert("RGB").save(file, kind.value.replace("jpg", "jpeg"))
    content = file.getvalue()
    for damaged in (content[:cut], content[:cut] + noise + content[cut + len(noise) :]):
        with contextlib.suppress(Broken):
            bare(damaged, kind)

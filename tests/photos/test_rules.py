"""What a file is, what it claims, and the copies that are made of it: no database."""

import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import piexif
import pytest
from PIL import Image

from huipai.kit.verdict import Invalid
from huipai.photos.rules import claims, darkroom, developing, sniffing
from huipai.photos.rules.refusals import (
    CutShort,
    EmptyFile,
    NotAPicture,
    TooCostly,
    TooLarge,
    TooManyParts,
    TooManyPixels,
    UnsupportedPicture,
)
from huipai.photos.words import MAX_BYTES, Kind, Source
from tests.photos import samples
from tests.photos.heif_grid import grid_heic


def developed(content: bytes, folder: Path) -> darkroom.Copies:
    seen = sniffing.look(content)
    original = folder / "original"
    original.write_bytes(content)
    return darkroom.develop(original=original, kind=seen.kind, cost=seen.cost, folder=folder)


def opened(copy: Path) -> Image.Image:
    with Image.open(copy) as picture:
        picture.load()
    return picture


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


def is_upright(picture: Image.Image) -> bool:
    width, height = picture.size
    spots = {(0.25, 0.25): (255, 0, 0), (0.75, 0.25): (0, 255, 0), (0.25, 0.75): (0, 0, 255), (0.75, 0.75): (255,) * 3}
    return width > height and all(
        near(picture.getpixel((int(width * x), int(height * y))), colour) for (x, y), colour in spots.items()
    )


class TestLook:
    @pytest.mark.parametrize(
        ("content", "kind", "size"),
        [
            (samples.jpeg(), Kind.JPEG, (1600, 1200)),
            (samples.heic(), Kind.HEIC, (1600, 1200)),
            (samples.stripped(), Kind.JPEG, (1280, 960)),
            (samples.screenshot(), Kind.PNG, (540, 960)),
            (samples.encode(samples.corners(), "WEBP"), Kind.WEBP, (400, 300)),
            (samples.encode(samples.corners(), "WEBP", lossless=True), Kind.WEBP, (400, 300)),
            (samples.encode(samples.corners(), "WEBP", exif=samples.exif()), Kind.WEBP, (400, 300)),
            (samples.encode(samples.corners(), "JPEG", progressive=True), Kind.JPEG, (400, 300)),
            (samples.encode(samples.corners().convert("CMYK"), "JPEG"), Kind.JPEG, (400, 300)),
            (samples.encode(Image.new("I;16", (40, 30), 40_000), "PNG"), Kind.PNG, (40, 30)),
        ],
    )
    def test_knows_a_picture_by_its_bytes(self, content, kind, size):
        seen = sniffing.look(content)
        assert (seen.kind, (seen.width, seen.height)) == (kind, size)

    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b"", EmptyFile),
            ("这是一段文字".encode() * 50, NotAPicture),
            (b"<html><script>alert(1)</script></html>", NotAPicture),
            (b"MZ" + bytes(400), NotAPicture),
            (samples.encode(samples.corners(), "GIF"), UnsupportedPicture),
            (samples.encode(samples.corners(), "TIFF"), UnsupportedPicture),
            (samples.encode(samples.corners(), "BMP"), UnsupportedPicture),
            (samples.encode(samples.corners(), "AVIF"), UnsupportedPicture),
            (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', UnsupportedPicture),
            (b"<svg onload='alert(1)'/>", UnsupportedPicture),
            (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(40), UnsupportedPicture),
            (b"\xff\xd8\xff" + bytes(MAX_BYTES), TooLarge),
            (samples.png_header(20_000, 10_000), TooManyPixels),
            (samples.jpeg_bomb(20_000, 10_000), TooManyPixels),
            (samples.png_header(0, 10), CutShort),
        ],
    )
    def test_refuses_with_a_sentence_of_its_own(self, content, refusal):
        with pytest.raises(refusal) as refused:
            sniffing.look(content)
        assert type(refused.value) is refusal
        assert refused.value.status == 422 and refused.value.field == "file" and refused.value.reason

    @pytest.mark.parametrize(
        "content",
        [samples.jpeg(), samples.heic(), samples.screenshot(), samples.encode(samples.scene(cars=1), "WEBP")],
        ids=["jpeg", "heic", "png", "webp"],
    )
    @pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.999])
    def test_knows_that_the_end_is_missing(self, content, share):
        with pytest.raises(CutShort):
            sniffing.look(content[: int(len(content) * share)])

    def test_never_fails_otherwise_on_any_cut_or_damage(self):
        for whole in (samples.encode(samples.corners((32, 24)), form) for form in ("JPEG", "PNG", "WEBP", "HEIF")):
            for at in range(4, len(whole), 3):
                for content in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
                    with suppress(Invalid):
                        sniffing.look(content)

    def test_takes_a_photo_with_something_behind_it(self):
        """Phones append a film or a second picture; what stands behind is never served to anybody."""
        assert sniffing.look(samples.stripped() + b"PK\3\4<script>alert(1)</script>").kind == Kind.JPEG

    def test_120_megapixels_are_taken_and_one_row_more_is_not(self):
        assert sniffing.look(samples.jpeg_bomb(12_000, 10_000)).width == 12_000
        with pytest.raises(TooManyPixels):
            sniffing.look(samples.jpeg_bomb(12_000, 10_001))


class TestExif:
    @pytest.mark.parametrize("place", [samples.PLACE, (-33.8568, 151.2153), (40.6892, -74.0445)])
    def test_reads_place_and_time(self, place):
        for content in (samples.jpeg(place=place), samples.heic(place=place)):
            claim = claims.read_exif(sniffing.look(content).exif)
            assert claim.lat == pytest.approx(place[0], abs=1e-6) and claim.lng == pytest.approx(place[1], abs=1e-6)
            assert claim.taken_at == datetime(2026, 3, 2, 0, 15, 30, tzinfo=UTC)
            assert claim.source == Source.EXIF

    def test_believes_the_zone_that_the_camera_names(self):
        claim = claims.read_exif(samples.exif(zone="+01:00"))
        assert claim.taken_at == datetime(2026, 3, 2, 7, 15, 30, tzinfo=UTC)

    def test_a_png_and_a_webp_can_carry_it_too(self):
        for form in ("PNG", "WEBP"):
            content = samples.encode(samples.corners(), form, exif=samples.exif())
            assert claims.read_exif(sniffing.look(content).exif).has_place

    def test_a_stripped_photo_claims_nothing(self):
        assert claims.read_exif(sniffing.look(samples.stripped()).exif) == claims.Claims()

    @pytest.mark.parametrize("place", [(0.0, 0.0), (91.0, 20.0), (10.0, 181.0)])
    def test_an_impossible_place_is_left_out(self, place):
        assert not claims.read_exif(samples.exif(place=place)).has_place

    @pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "2026:13:40 25:61:61", ""])
    def test_an_impossible_time_is_left_out(self, taken):
        claim = claims.read_exif(samples.exif(taken=taken))
        assert claim.taken_at is None and claim.has_place

    def test_a_zero_denominator_and_any_damage_are_no_error(self):
        gps = {1: "N", 2: ((30, 0), (1, 1), (1, 1)), 3: "E", 4: ((104, 1), (1, 1), (1, 1))}
        assert not claims.read_exif(piexif.dump({"GPS": gps})).has_place
        whole = samples.exif()
        for at in range(0, len(whole), 2):
            claims.read_exif(whole[:at])
            claims.read_exif(whole[:at] + b"\xff\xff" + whole[at + 2 :])

    def test_what_stands_in_front_of_a_block_longer_than_a_camera_writes_is_read(self):
        assert claims.read_exif(samples.exif() + bytes(1_000_000)).has_place

    def test_a_time_from_before_digital_cameras_or_from_another_century_is_not_possible(self):
        now = datetime(2026, 3, 2, tzinfo=UTC)
        assert claims.possible_time(now - timedelta(days=3))
        assert claims.possible_time(now + timedelta(days=400))  # a wrong clock, which whoever judges is told of
        for taken in (datetime(1980, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), now.replace(tzinfo=None)):
            assert claims.possible_time(taken) is None


class TestDevelop:
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_every_way_of_holding_the_phone_comes_out_upright(self, orientation, tmp_path):
        turned = samples.as_held(orientation)
        for form in ("JPEG", "WEBP"):
            content = samples.encode(turned, form, quality=90, exif=samples.exif(orientation=orientation))
            for copy in (copies := developed(content, tmp_path)).public, copies.thumb, copies.tiny:
                assert is_upright(opened(copy)), (form, copy.name)

    @pytest.mark.parametrize("orientation", [1, 3, 6, 8])
    def test_a_heic_is_not_turned_twice(self, orientation, tmp_path):
        content = samples.encode(samples.as_held(orientation), "HEIF", exif=samples.exif(orientation=orientation))
        assert is_upright(opened(developed(content, tmp_path).public))

    @pytest.mark.parametrize(
        "content",
        [
            samples.encode(samples.corners().convert("CMYK"), "JPEG", quality=95),
            samples.encode(samples.corners().convert("RGBA"), "PNG"),
            samples.encode(samples.corners().quantize(8), "PNG"),
            samples.encode(samples.corners().convert("RGBA"), "WEBP", lossless=True),
            samples.encode(samples.corners(), "WEBP", save_all=True, append_images=[Image.new("RGB", (400, 300))]),
            samples.encode(samples.corners(), "PNG", save_all=True, append_images=[Image.new("RGB", (400, 300))]),
            samples.encode(samples.corners().convert("RGBA"), "HEIF", quality=90),
        ],
        ids=["cmyk", "alpha", "palette", "webp-alpha", "animated-webp", "animated-png", "heic-alpha"],
    )
    def test_every_way_of_storing_colours_shows_the_first_picture(self, content, tmp_path):
        assert is_upright(opened(developed(content, tmp_path).public))

    def test_sixteen_bits_a_sample_keep_their_brightness(self, tmp_path):
        content = samples.encode(Image.new("I;16", (40, 30), 40_000), "PNG")
        assert near(opened(developed(content, tmp_path).public).getpixel((5, 5)), (156, 156, 156))

    def test_transparency_becomes_white_paper(self, tmp_path):
        content = samples.encode(Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "PNG")
        assert near(opened(developed(content, tmp_path).public).getpixel((5, 5)), (255, 255, 255))

    def test_the_longest_sides_are_2048_480_and_96_and_nothing_grows(self, tmp_path):
        copies = developed(samples.jpeg(size=(4000, 3000)), tmp_path)
        assert [opened(copy).size for copy in (copies.public, copies.thumb, copies.tiny)] == [
            (2048, 1536),
            (480, 360),
            (96, 72),
        ]
        assert opened(developed(samples.encode(samples.corners(), "PNG"), tmp_path).public).size == (400, 300)

    @pytest.mark.parametrize(
        ("size", "kept"),
        [
            ((1080, 2400), (922, 2048)),
            ((1080, 8000), (720, 5333)),
            ((8000, 1080), (5333, 720)),
            ((1080, 20_000), (648, 12_000)),
            ((400, 3000), (400, 3000)),
        ],
    )
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", pytest.param("HEIF", marks=pytest.mark.long)])
    def test_a_long_screenshot_stays_readable(self, kind, size, kept, tmp_path):
        copies = developed(samples.encode(Image.new("RGB", size, "white"), kind), tmp_path)
        assert opened(copies.public).size == kept and max(opened(copies.thumb).size) == 480

    def test_a_strip_of_one_pixel_is_a_picture(self, tmp_path):
        copies = developed(samples.encode(Image.new("RGB", (30_000, 1), "red"), "PNG"), tmp_path)
        assert opened(copies.public).size == (2048, 1)

    def test_no_copy_holds_anything_but_pixels(self, tmp_path):
        """Not only the known blocks: the file is walked, segment by segment."""
        secrets = {"exif": samples.exif(), "comment": b"SECRET-COMMENT", "xmp": b"<x:xmpmeta>SECRET</x:xmpmeta>"}
        content = samples.encode(samples.scene(cars=8), "JPEG", **secrets) + b"SECRET-BEHIND-THE-END"
        copies = developed(content, tmp_path)
        for path in (copies.public, copies.thumb, copies.tiny):
            copy = path.read_bytes()
            assert b"SECRET" not in copy and b"Exif" not in copy and b"GPS" not in copy
            assert segments(copy) <= {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}, "only JFIF, tables, frame and scans"
            assert copy.endswith(b"\xff\xd9")
            assert not opened(path).getexif()

    def test_the_same_photo_shrunk_by_a_messenger_has_nearly_the_same_fingerprint(self, tmp_path):
        jam, again = (developed(content, tmp_path).fingerprint for content in (samples.jpeg(), samples.stripped()))
        other = developed(samples.encode(samples.corners(), "JPEG"), tmp_path).fingerprint
        assert darkroom.distance(jam, again) <= 6 < 16 < darkroom.distance(jam, other)
        assert all(-(2**63) <= mark < 2**63 for mark in (jam, again, other))

    @pytest.mark.parametrize(
        "content",
        [
            samples.heic()[:5000] + bytes(20_000),
            samples.jpeg().replace(b"\xff\xc0", b"\xff\xc3"),
            samples.png_header(4000, 3000, body=b"not compressed data"),
        ],
        ids=["heic-of-zeroes", "jpeg-of-no-known-kind", "png-without-pixels"],
    )
    def test_what_cannot_be_decoded_is_unreadable(self, content, tmp_path):
        original = tmp_path / "original"
        original.write_bytes(content)
        kind = {b"\x89": Kind.PNG, b"\xff": Kind.JPEG}.get(content[:1], Kind.HEIC)
        with pytest.raises(darkroom.Unreadable):
            darkroom.develop(original=original, kind=kind, cost=0, folder=tmp_path)

    def test_a_full_disk_is_not_the_photos_fault(self, tmp_path):
        original = tmp_path / "original"
        original.write_bytes(samples.stripped())
        with pytest.raises(OSError, match="no copies, exit code 4"):
            darkroom.develop(original=original, kind=Kind.JPEG, cost=0, folder=Path("/dev/full"))

    @pytest.mark.parametrize(
        ("end", "whose"),
        [
            ("import a_package_that_is_being_replaced", OSError),
            ("signal.signal(signal.SIGINT, signal.SIG_DFL); os.kill(os.getpid(), signal.SIGINT)", OSError),
            ("os.kill(os.getpid(), signal.SIGTERM)", OSError),
            ("os.kill(os.getpid(), signal.SIGKILL)", OSError),
            ("sys.exit(2)", OSError),
            ("os.kill(os.getpid(), signal.SIGXCPU)", darkroom.Unreadable),
            ("os.kill(os.getpid(), signal.SIGSEGV)", darkroom.Unreadable),
        ],
    )
    def test_nor_is_whatever_else_ends_the_program(self, end, whose, tmp_path, monkeypatch):
        original, program = tmp_path / "original", tmp_path / "developing.py"
        original.write_bytes(samples.stripped())
        program.write_text(f"import os, signal, sys\n{end}\n")
        monkeypatch.setattr(darkroom.developing, "__file__", str(program))
        with pytest.raises(whose):
            darkroom.develop(original=original, kind=Kind.JPEG, cost=0, folder=tmp_path)


def segments(content: bytes) -> set[int]:
    """The markers of every segment of a JPEG."""
    found, at = set(), 2
    while content[at + 1] != 0xD9:
        found.add(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if content[at] != 0xFF or content[at + 1] in (0, *range(0xD0, 0xD8)):
            at = next(m.start() for m in sniffing._JPEG_MARKER_IN_SCAN.finditer(content, at))
    return found


@pytest.mark.long
class TestMemory:
    """The whole point of a process of its own: what it takes is measured, and the kernel stops it at the limit."""

    @pytest.mark.parametrize(("name", "megabytes"), [("jpeg", 150), ("progressive", 450), ("png", 620), ("heic", 620)])
    def test_120_megapixels_stay_within_the_limit(self, name, megabytes, tmp_path):
        makers = {
            "jpeg": lambda: samples.huge("JPEG", quality=40),
            "progressive": lambda: samples.huge("JPEG", quality=20, progressive=True),
            "png": lambda: samples.encode(Image.new("RGB", (12648, 9486), "#5a7850"), "PNG", compress_level=1),
            "heic": lambda: grid_heic(13, 10, width=12648, height=9486),
        }
        content = makers[name]()
        seen = sniffing.look(content)
        original = tmp_path / "original"
        original.write_bytes(content)
        peak = measured(developing.__file__, original, seen.kind.value, tmp_path)
        assert peak < megabytes, f"{name}: {peak} MB"
        assert opened(tmp_path / "2048.jpg").size == (2048, 1536)

    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_file_of_millions_of_empty_parts_is_refused_before_it_costs_anything(self, kind, tmp_path):
        path = tmp_path / "empty"
        path.write_bytes(samples.of_empty_parts(kind, MAX_BYTES))
        call = (
            "import mmap, resource, sys; from huipai.photos.rules import refusals, sniffing;"
            "source = open(sys.argv[1], 'rb');"
            "content = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ);"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "try: sniffing.look(content)\n"
            "except refusals.TooManyParts: print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
        )
        done = subprocess.run([sys.executable, "-c", call, str(path)], check=True, capture_output=True, text=True)
        assert int(done.stdout) < 80

    def test_a_scan_that_is_said_again_and_again_is_refused_before_a_job_goes_over_the_picture_for_each(self):
        whole = samples.encode(Image.new("RGB", (640, 480)), "JPEG", progressive=True)
        last = whole.rindex(b"\xff\xda")
        scan = whole[last:-2]
        assert sniffing.look(whole[:-2] + scan * 40 + whole[-2:]).kind == Kind.JPEG
        with pytest.raises(TooManyParts):
            sniffing.look(whole[:-2] + scan * 64 + whole[-2:])

    def test_a_brand_that_a_long_list_of_them_hides_is_not_looked_for(self):
        brands = b"".join(number.to_bytes(4, "big") for number in range(1_000_000))
        box = (8 + len(brands) + 4).to_bytes(4, "big") + b"ftyp" + brands + b"heic"
        with pytest.raises(UnsupportedPicture):
            sniffing.look(box)

    @pytest.mark.parametrize(
        "content",
        [
            # Behind a JPEG anything may stand, in a HEIC a box that nobody reads, in a PNG's EXIF millions of numbers.
            pytest.param(lambda: samples.stripped().ljust(MAX_BYTES, b"\0"), id="jpeg"),
            pytest.param(lambda: samples.with_a_free_box(samples.heic(), MAX_BYTES), id="heic"),
            pytest.param(lambda: samples.png_of_numbers(MAX_BYTES), id="png"),
        ],
    )
    def test_judging_twenty_megabytes_costs_a_web_process_little(self, content, tmp_path):
        path = tmp_path / "large"
        path.write_bytes(content())
        call = (
            "import mmap, resource, sys; from huipai.photos.rules import claims, sniffing;"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; source = open(sys.argv[1], 'rb');"
            "claims.read_exif(sniffing.look(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)).exif);"
            "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
        )
        done = subprocess.run([sys.executable, "-c", call, str(path)], check=True, capture_output=True, text=True)
        assert int(done.stdout) < 80

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("form", "mode", "size", "options"),
        [
            ("WEBP", "RGBA", (6000, 5160), {"quality": 1, "method": 0}),
            ("JPEG", "RGB", (10_800, 9_100), {"quality": 20, "progressive": True, "subsampling": 0}),
            ("JPEG", "CMYK", (12_000, 10_000), {"quality": 20}),
            ("PNG", "RGBA", (12_000, 10_000), {"compress_level": 1}),
            ("PNG", "I;16", (12_000, 10_000), {"compress_level": 1}),
        ],
    )
    def test_the_largest_that_is_taken_of_each_kind_can_be_opened(self, form, mode, size, options, tmp_path):
        content = samples.encode(Image.new(mode, size), form, **options)
        assert opened(developed(content, tmp_path).public).size[0] == 2048

    def test_the_kernel_stops_what_would_take_more(self, tmp_path):
        """A WebP of 120 megapixels wants 1.9 GB: it is refused by its header, and would be stopped if it were not."""
        content = samples.encode(Image.new("RGB", (12_648, 9_486)), "WEBP", quality=1, method=0)
        with pytest.raises(TooCostly):
            sniffing.look(content)
        original = tmp_path / "original"
        original.write_bytes(content)
        with pytest.raises(darkroom.Unreadable, match=r"decoder object|Memory"):
            darkroom.develop(original=original, kind=Kind.WEBP, cost=0, folder=tmp_path)


def measured(*arguments: str | Path) -> int:
    """Peak resident memory, in MB, of one run of the developing program under its real limits."""
    call = (
        "import resource, subprocess, sys; from pathlib import Path;"
        "from huipai.kit import apart;"
        "command = apart.command(*sys.argv[3:], cpu=int(sys.argv[1]), data=int(sys.argv[2]));"
        "subprocess.run(command, check=True, env={});"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    limits = [str(darkroom.CPU_SECONDS), str(darkroom.DATA_LIMIT)]
    command = [sys.executable, "-c", call, *limits, *map(str, arguments), "2048,480,96"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1])

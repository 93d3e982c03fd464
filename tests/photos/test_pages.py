"""The two doors: sending a photo in, and getting a file out."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse, set_script_prefix, set_urlconf

from huipai.audit.commands import Why
from huipai.audit.words import Ground
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.photos import commands, grants
from huipai.photos.forms import PhotosField
from huipai.photos.models import Photo
from huipai.photos.rules.refusals import TooLarge
from huipai.photos.uploads import BoundedUploadHandler
from huipai.photos.words import MAX_BYTES, MAX_FILES, Variant
from huipai.streets.current import in_street
from huipai.web.jinja import photo_url
from huipai.web.middleware import LONGEST_BODY
from tests import cast
from tests.photos import samples
from tests.photos.makers import JAM, files_in, receive, sent

NOW = clock.now()
WHY = Why(Ground.OWNER, "看看自己的")
COPIES = (Variant.PUBLIC, Variant.THUMB, Variant.TINY)


@pytest.fixture
def lan(in_yunqiao):
    return cast.resident("兰", "13800000001", now=NOW)


@pytest.fixture
def he(in_yunqiao):
    return cast.resident("何", "13800000002", now=NOW)


@pytest.fixture
def qiu(hetang):
    with in_street(hetang.id):
        return cast.resident("秋", "13800000003", now=NOW)


def browser(person: Person | None = None, **options) -> Client:
    client = Client(**options)
    if person is not None:
        client.force_login(person.account)
    return client


def get(client: Client, given: str, **headers: str) -> tuple[int, bytes, Any]:
    """Status, body and headers; a file that is read to its end is closed."""
    answer = client.get(given, **headers)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, content, answer.headers


def status(client: Client, given: str) -> int:
    return get(client, given)[0]


def post(client: Client, content: bytes = JAM, *, slug: str = "yunqiao", photo_id: UUID | str = "", **fields):
    file = SimpleUploadedFile("IMG_0042.jpg", content, content_type="image/jpeg")
    fields = {"file": file, "photo_id": str(photo_id or new_id()), **fields}
    return client.post(f"/s/{slug}/photos/", fields)


@pytest.fixture
def photo(lan) -> Photo:
    return commands.process(photo_id=receive(new_id(), lan, samples.jpeg(), now=NOW).id, now=NOW)


@contextmanager
def street_urls() -> Iterator[None]:
    """As inside a request: `reverse()` knows the street's pages, and begins with its prefix."""
    set_urlconf("huipai.config.street_urls")
    set_script_prefix("/s/yunqiao/")
    try:
        yield
    finally:
        set_urlconf(None)
        set_script_prefix("/")


def address(photo: Photo, variant: str, viewer: Person | None, *, minutes_ago: int = 0) -> str:
    with street_urls():
        return grants.url(photo, variant, viewer=viewer, now=clock.now() - timedelta(minutes=minutes_ago))


def original_address(opening: commands.Opening, *, minutes_ago: int = 0) -> str:
    with street_urls():
        return grants.original_url(opening, now=clock.now() - timedelta(minutes=minutes_ago))


def sent_unread(client, length, address="/s/yunqiao/photos/", *, method="POST", **headers):
    """What comes back of a body of that length, and how often somebody began to read it."""
    reads = []

    class Counted:
        def read(self, *_):
            reads.append(1)
            return b""

        readline = read

    answer = client.generic(
        method, address, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(length),
        **{"wsgi.input": Counted()}, **headers,
    )  # fmt: skip
    return answer, len(reads)


class TestUpload:
    def test_answers_with_the_photo_and_what_it_claims(self, lan):
        photo_id = new_id()
        answer = post(
            browser(lan), photo_id=photo_id, lat="31.2805", lng="120.7312", position_source="exif",
            taken_at="2026-01-05T08:15:30+08:00",
        )  # fmt: skip
        assert answer.status_code == 200
        assert answer.json() == {
            "id": str(photo_id),
            "state": "received",
            "claims": {"lat": 31.2805, "lng": 120.7312, "taken_at": "2026-01-05T00:15:30+00:00", "source": "exif"},
        }

    def test_sent_twice_answers_twice_the_same(self, lan, folder):
        photo_id = new_id()
        first, again = (post(browser(lan), photo_id=photo_id).json() for _ in range(2))
        assert first == again and Photo.objects.count() == 1 and len(files_in(folder)) == 1

    @pytest.mark.parametrize(
        "fields",
        [
            {"lat": "north", "lng": "12", "position_source": "exif"},
            {"lat": "1e999", "lng": "12", "position_source": "device"},
            {"lat": "31", "lng": "120", "position_source": "made up"},
            {"taken_at": "2026-13-45T99:00:00Z", "position_source": "exif"},
            {"taken_at": "2026-01-05T08:15:30", "position_source": "exif"},
        ],
    )
    def test_a_senseless_claim_is_left_out(self, lan, fields):
        answer = post(browser(lan), **fields)
        assert answer.json()["claims"] == {"lat": None, "lng": None, "taken_at": None, "source": "none"}

    @pytest.mark.parametrize(
        ("content", "status", "code", "words"),
        [
            (b"", 422, "empty_file", "空的"),
            (b"text renamed", 422, "not_a_picture", "不是图片"),
            (b"GIF89a....", 422, "unsupported_picture", "收不了"),
            (JAM[: len(JAM) // 2], 422, "cut_short", "没传完整"),
            (samples.jpeg_bomb(20_000, 10_000), 422, "too_many_pixels", "像素太多"),
            (JAM + bytes(MAX_BYTES), 422, "too_large", "太大"),
        ],
    )
    def test_bad_input_gets_its_sentence(self, lan, folder, content, status, code, words):
        answer = post(browser(lan), content)
        assert (answer.status_code, answer.json()["error"]) == (status, code)
        assert words in answer.json()["reason"] and not files_in(folder)

    def test_a_form_that_makes_no_sense_is_told_so(self, lan):
        client = browser(lan)
        assert post(client, photo_id="not-an-id").json()["error"] == "id_not_usable"
        assert client.post("/s/yunqiao/photos/", {"photo_id": str(new_id())}).json()["error"] == "no_file"

    def test_a_body_that_is_too_large_is_refused_unread(self, lan):
        answer, reads = sent_unread(browser(lan), 30 * 1024 * 1024)
        assert (answer.status_code, answer.json()["error"], reads) == (422, "too_large", 0)

    def test_so_is_anything_of_a_stranger(self, in_yunqiao):
        answer, reads = sent_unread(browser(), 19 * 1024 * 1024)
        assert (answer.status_code, answer.json()["error"], reads) == (401, "sign_in_first", 0)

    def test_and_what_no_form_of_ours_brings(self, lan):
        answer, reads = sent_unread(browser(lan), LONGEST_BODY + 1, "/s/yunqiao/report/")
        assert (answer.status_code, reads) == (413, 0) and "一次发得太多了" in answer.content.decode()
        answer, reads = sent_unread(
            browser(lan), LONGEST_BODY + 1, "/s/yunqiao/report/", HTTP_ACCEPT="application/json"
        )
        assert (answer.status_code, answer.json()["error"], reads) == (413, "body_too_long", 0)

    def test_a_proxy_as_we_deploy_it_lets_through_what_the_program_refuses_in_words(self):
        """A form of several photos that is sent without script is a body of more than one photo."""
        conf = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
        assert [int(most) for most in re.findall(r"client_max_body_size (\d+)m;", conf)] == [66, 21]
        assert LONGEST_BODY < 66 * 1024 * 1024
        (said,) = re.findall(r"return 413 '({.*})';", conf)
        assert json.loads(said) == {"error": TooLarge.code, "reason": str(TooLarge.default_reason)}

    @pytest.mark.parametrize("length", [30 * 1024 * 1024, LONGEST_BODY + 1, 10 * LONGEST_BODY])
    @pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json"])
    def test_however_large_a_photo_is_its_door_answers_in_json(self, lan, length, accept):
        answer, reads = sent_unread(browser(lan), length, HTTP_ACCEPT=accept)
        assert answer["Content-Type"] == "application/json"
        assert (answer.status_code, answer.json()["error"], reads) == (422, "too_large", 0)
        assert "照片太大" in answer.json()["reason"]
        pieces = f"/s/yunqiao/photos/{new_id()}/pieces/"
        answer, reads = sent_unread(browser(lan), LONGEST_BODY + length, pieces, method="PATCH", HTTP_ACCEPT=accept)
        assert (answer.status_code, answer.json()["error"], reads) == (422, "too_large", 0)

    def test_somebody_elses_id_is_refused_like_another_streets(self, lan, he, qiu):
        photo_id = new_id()
        post(browser(lan), photo_id=photo_id)
        answers = [post(browser(he), photo_id=photo_id), post(browser(qiu), photo_id=photo_id, slug="hetang")]
        assert {(answer.status_code, answer.content) for answer in answers} == {(422, answers[0].content)}
        assert answers[0].json()["error"] == "id_not_usable"

    def test_a_stranger_is_asked_to_sign_in(self, in_yunqiao):
        answer = post(browser())
        assert (answer.status_code, answer.json()["error"]) == (401, "sign_in_first")
        assert not files_exist()

    def test_a_form_of_another_site_is_refused(self, lan):
        assert post(browser(lan, enforce_csrf_checks=True)).status_code == 403

    def test_only_post(self, lan):
        assert browser(lan).get("/s/yunqiao/photos/").status_code == 405

    def test_a_full_disk_while_the_body_arrives_is_told_so(self, lan, folder):
        """/dev/full takes no byte; the upload's temporary file is put there."""
        with override_settings(FILE_UPLOAD_HANDLERS=["tests.photos.test_pages.FullDiskHandler"]):
            answer = post(browser(lan))
        assert (answer.status_code, answer.json()["error"]) == (503, "not_stored")
        assert not files_in(folder) and not files_exist()


class FullDiskHandler(BoundedUploadHandler):
    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.file.file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115


def files_exist() -> bool:
    return Photo.objects.exists()


class TestFile:
    """Every address of a file, for everybody who did not get it."""

    @pytest.mark.parametrize("variant", COPIES)
    def test_shows_a_copy_to_the_viewer_it_was_signed_for(self, photo, lan, variant):
        status_code, content, answer = get(browser(lan), address(photo, variant, lan))
        assert status_code == 200
        assert content.startswith(b"\xff\xd8") and b"Exif" not in content
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Content-Disposition"] == 'inline; filename="photo.jpeg"'
        assert "Content-Encoding" not in answer and int(answer["Content-Length"]) == len(content)

    def test_is_not_compressed_again(self, photo, lan):
        given = address(photo, "public", lan)
        assert "Content-Encoding" not in get(browser(lan), given, HTTP_ACCEPT_ENCODING="gzip")[2]

    @pytest.mark.parametrize("variant", COPIES)
    def test_nobody_else_can_use_the_address(self, photo, lan, he, qiu, hetang, variant):
        given = address(photo, variant, lan)
        elsewhere = given.replace("/s/yunqiao/", "/s/hetang/")
        assert status(browser(he), given) == 404
        assert status(browser(), given) == 404
        assert status(browser(qiu), elsewhere) == 404
        assert status(browser(lan), elsewhere) == 404, "the same account, in another street"

    def test_ends_by_itself(self, photo, lan):
        for age, expected in ((0, 200), (14, 200), (31, 404)):
            given = address(photo, "public", lan, minutes_ago=age)
            assert status(browser(lan), given) == expected

    def test_cannot_be_made_up(self, photo, lan):
        good = address(photo, "public", lan)
        head, token = good.rsplit("/", 1)
        expires, signature = token.split(".")
        later = f"{int(expires, 16) + 3600:x}"
        other = "B" if signature.endswith("A") else "A"
        forged = [
            f"{later}.{signature}", f"{expires}.{signature[:-1]}{other}", f"{expires}.", expires, f".{signature}",
            "x.y",
            f"{expires}.{new_id().hex}.{signature}", f"{expires}.{signature}é", f"0{token}", f"{token}.", "-1.-1.-1.-1",
        ]  # fmt: skip
        client = browser(lan)
        assert status(client, good) == 200
        for wrong in forged:
            assert status(client, f"{head}/{wrong}") == 404, wrong
        for variant in ("original", "thumb"):
            assert status(client, good.replace("/public/", f"/{variant}/")) == 404
        assert status(client, good.replace(str(photo.id), str(new_id()))) == 404
        assert status(client, good.replace("/public/", "/secret/")) == 404

    def test_a_visitor_sees_only_what_is_released_and_only_as_long(self, photo, lan):
        assert address(photo, "public", None) == ""
        released = commands.release(photo=photo, by=lan, copy_seen=photo.public_sha256, now=NOW)
        given = address(released, "public", None)
        status_code, content, answer = get(browser(), given)
        assert status_code == 200 and content and answer["Cache-Control"] == "private, max-age=300"
        commands.withdraw_release(photo=photo, by=lan, now=NOW)
        assert status(browser(), given) == 404

    def test_an_original_is_shown_only_after_its_opening_is_logged(self, photo, lan, he):
        with pytest.raises(ValueError, match="open_original"):
            grants.url(photo, "original", viewer=lan, now=clock.now())
        opening = commands.open_original(photo=photo, by=lan, why=WHY, now=NOW)
        given = original_address(opening)
        _, content, answer = get(browser(lan), given)
        assert content == samples.jpeg()
        assert answer["Cache-Control"] == "private, no-store"
        assert status(browser(he), given) == 404
        late = original_address(opening, minutes_ago=3)
        assert status(browser(lan), late) == 404
        for other in (commands.Opening(photo, lan, new_id()), commands.Opening(photo, he, opening.entry_id)):
            assert status(browser(other.by), original_address(other)) == 404

    def test_a_released_original_stays_sealed(self, photo, lan):
        commands.release(photo=photo, by=lan, copy_seen=photo.public_sha256, now=NOW)
        opening = commands.open_original(photo=photo, by=lan, why=WHY, now=NOW)
        assert status(browser(), original_address(opening)) == 404

    def test_an_original_that_is_also_a_page_is_only_ever_an_image(self, lan):
        """A polyglot: a whole JPEG with a page behind it. The copy has lost it; the original cannot run."""
        page = b"<html><script>alert(document.domain)</script></html>"
        photo = commands.process(photo_id=receive(new_id(), lan, JAM + page).id, now=NOW)
        client = browser(lan)
        assert b"<script>" not in get(client, address(photo, "public", lan))[1]
        opening = commands.open_original(photo=photo, by=lan, why=WHY, now=NOW)
        _, _, original = get(client, original_address(opening))
        assert original["Content-Type"] == "image/jpeg" and original["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in original["Content-Security-Policy"]

    def test_there_is_no_address_before_there_is_a_copy(self, lan):
        assert address(receive(new_id(), lan), "thumb", lan) == ""

    def test_a_lost_file_is_not_found(self, photo, lan, folder):
        (folder / photo.thumb_key).unlink()
        assert status(browser(lan), address(photo, "thumb", lan)) == 404

    def test_one_address_serves_a_quarter_of_an_hour(self, photo, lan):
        """So that a browser need not fetch a list's pictures again with each page."""
        at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        with street_urls():
            first, later, next_one = (
                grants.url(photo, "thumb", viewer=lan, now=at + timedelta(minutes=age)) for age in (0, 14, 15)
            )
        assert first == later != next_one

    def test_the_template_name_is_known(self, photo, lan):
        from_request = type("Request", (), {"person": lan})()
        with street_urls():
            assert photo_url({"request": from_request}, photo, "thumb").startswith(reverse("photos:upload"))
        assert photo_url({"request": from_request}, None) == ""


class TestPhotosField:
    def test_takes_up_to_nine(self):
        field = PhotosField(required=False)
        assert field.clean(None) == [] and len(field.clean([sent(JAM)] * MAX_FILES)) == MAX_FILES
        with pytest.raises(Exception, match="一次最多 9 张"):
            field.clean([sent(JAM)] * (MAX_FILES + 1))
        with pytest.raises(Exception, match="请拍一张照片"):
            PhotosField().clean([])

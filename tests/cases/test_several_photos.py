"""Without a script several photos come with one form: each that is refused is named, and nothing else is lost."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huipai.cases.models import CasePhoto
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.photos.models import Photo
from tests.cases.conftest import LITTER, SMALL, Place
from tests.cases.test_additions import at_a_unit
from tests.cases.test_pages import as_, form
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]

EMPTY, NO_PICTURE = "这个文件是空的，再选一次照片", "不是图片，换一张 JPG 或 HEIC"
STREET = "/s/yunqiao"
ODD = '<b>"x"&.jpg'


def three() -> list[SimpleUploadedFile]:
    """An empty one, a good one and one that is no picture."""
    return [
        SimpleUploadedFile("IMG_0042.jpg", b"", "image/jpeg"),
        SimpleUploadedFile("IMG_0043.jpg", SMALL, "image/jpeg"),
        SimpleUploadedFile("IMG_0044.jpg", b"no picture", "image/jpeg"),
    ]


def report(here: Place) -> tuple[Client, str, dict[str, object]]:
    return as_(here.lan), f"{STREET}/report/", form(here)


def good_deed(here: Place) -> tuple[Client, str, dict[str, object]]:
    told = {"good_deed_id": uuid4(), "title": "送伞", "doer": "self"}
    return as_(here.lan), f"{STREET}/report/good-deed/", {**form(here), **told}


def find(here: Place) -> tuple[Client, str, dict[str, object]]:
    found = {"find_id": uuid4(), "case_type": LITTER, "after_id": [str(here.photo(here.wei).id)]}
    return as_(here.wei), f"{STREET}/own-finds/new/", {**form(here), **found}


def counter(here: Place) -> tuple[Client, str, dict[str, object]]:
    asked = {"name": "王阿婆", "channel": "telephone", "agreed": "on"}
    return as_(here.coordinator), f"{STREET}/counter/report/", {**form(here), **asked}


def correction(here: Place) -> tuple[Client, str, dict[str, object]]:
    case = here.report(now=clock.now())
    held = [str(one.photo_id) for one in CasePhoto.objects.filter(case=case)]
    return as_(here.lan), f"{STREET}/cases/{case.code}/correction/", {**form(here), "photo_id": held}


PLACED = {"report": report, "deed": good_deed, "find": find, "counter": counter, "correction": correction}


def addition(here: Place) -> tuple[Client, str, dict[str, object]]:
    path = f"{STREET}/cases/{at_a_unit(here).case.code}/addition/"
    return as_(here.lan), path, {"addition_id": uuid4(), "text": "东门堵了"}


def response(here: Place) -> tuple[Client, str, dict[str, object]]:
    case = here.report(now=clock.now(), case_type=LITTER)
    return as_(here.wei), f"{STREET}/cases/{case.code}/response/", {"round": "1", "text": "东门堵了"}


ALL = {**PLACED, "addition": addition, "response": response}
Made = Callable[[Place], tuple[Client, str, dict[str, object]]]


@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
class TestEveryForm:
    def test_names_each_photo_that_is_refused_and_keeps_the_words_and_the_good_one(
        self, here: Place, made: Made
    ) -> None:
        browser, path, typed = made(here)
        answer = browser.post(path, {**typed, "photo_album": three()})
        page = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert f"照片“IMG_0042.jpg”：{EMPTY}" in page and f"照片“IMG_0044.jpg”：{NO_PICTURE}" in page
        beside = re.search(r'id="upload-photo-error".*?</p>', page, re.S)
        assert beside is not None and "IMG_0042.jpg" in beside[0] and "IMG_0044.jpg" in beside[0]
        assert "东门堵了" in page
        good = Photo.objects.latest("received_at")
        before = typed.get("photo_id", [])
        assert isinstance(before, list)
        assert re.findall(r'name="photo_id" value="([^"]+)"', page) == [*before, str(good.id)]

    def test_a_second_time_without_the_bad_ones_it_is_taken_with_the_good_one(self, here: Place, made: Made) -> None:
        browser, path, typed = made(here)
        page = browser.post(path, {**typed, "photo_album": three()}).content.decode()
        ids = re.findall(r'name="photo_id" value="([^"]+)"', page)
        answer = browser.post(path, {**typed, "photo_id": ids})
        assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize("made", PLACED.values(), ids=PLACED)
class TestPlaced:
    def test_the_pin_the_address_and_the_building_come_back(self, here: Place, made: Made) -> None:
        browser, path, typed = made(here)
        more = {**typed, "address": "6 幢后面", "position_source": "pin", "photo_album": three()}
        page = browser.post(path, more).content.decode()
        for name in ("lng", "lat"):
            assert f'name="{name}" value="{typed[name]}"' in page
            assert f'data-{name}="{typed[name]}"' in page, "and the map begins there"
        assert 'name="position_source" value="pin"' in page and 'value="6 幢后面"' in page
        assert 'name="crs" value="wgs84"' in page
        nowhere = {**more, "lng": "", "lat": "", "position_source": "", "address": "B1", "photo_album": three()}
        page = browser.post(path, {**nowhere, "spot": "120.7312,31.2805"}).content.decode()
        spot = re.findall(r'<option value="([^"]+)">M4<', page)[0]
        page = browser.post(path, {**nowhere, "spot": spot, "photo_album": three()}).content.decode()
        assert f'<option value="{spot}" selected="">' in page


class TestReport:
    def test_what_else_is_wrong_is_said_beside_the_photos(self, here: Place) -> None:
        """Where only the words were too long, the photos that were refused went without a word."""
        sent = {**form(here), "text": "长" * 2001, "photo_album": three()}
        page = as_(here.lan).post(f"{STREET}/report/", sent).content.decode()
        assert f"照片“IMG_0042.jpg”：{EMPTY}" in page and "长" * 2001 in page and page.count('name="photo_id"') == 1

    @pytest.mark.parametrize("name", ["长" * 41 + ".jpg", "e\u0301\u0302\u0303.jpg"])
    def test_one_whose_name_cannot_be_said_is_counted(self, here: Place, name: str) -> None:
        files = [
            SimpleUploadedFile("a.jpg", b"", "image/jpeg"),
            SimpleUploadedFile(name, b"no picture", "image/jpeg"),
        ]
        page = as_(here.lan).post(f"{STREET}/report/", {**form(here), "photo_album": files}).content.decode()
        assert f"照片“a.jpg”：{EMPTY}" in page and f"第 2 张照片：{NO_PICTURE}" in page and name not in page

    def test_two_of_one_name_are_counted(self, here: Place) -> None:
        files = [SimpleUploadedFile("image.jpg", content, "image/jpeg") for content in (b"", b"no picture", SMALL)]
        page = as_(here.lan).post(f"{STREET}/report/", {**form(here), "photo_album": files}).content.decode()
        assert f"第 1 张照片：{EMPTY}" in page and f"第 2 张照片：{NO_PICTURE}" in page and "image.jpg" not in page

    def test_of_one_alone_there_is_nothing_to_tell_apart(self, here: Place) -> None:
        files = [SimpleUploadedFile("image.jpg", b"", "image/jpeg")]
        page = as_(here.lan).post(f"{STREET}/report/", {**form(here), "photo_album": files}).content.decode()
        assert EMPTY in page and "image.jpg" not in page and "张照片：" not in page

    def test_a_name_is_shown_as_letters_and_left_nowhere(self, here: Place, caplog: pytest.LogCaptureFixture) -> None:
        files = [SimpleUploadedFile(ODD, b"", "image/jpeg"), SimpleUploadedFile("b.jpg", SMALL, "image/jpeg")]
        with caplog.at_level(logging.DEBUG):
            answer = as_(here.lan).post(f"{STREET}/report/", {**form(here), "photo_album": files})
        page = answer.content.decode()
        assert ODD not in page and f"照片“{ODD}”" in html.unescape(page)
        recorded = "".join(str(entry.facts) for entry in Entry.objects.all())
        assert ODD not in recorded and "b.jpg" not in recorded
        assert ODD not in caplog.text and "b.jpg" not in caplog.text
        kept = Photo.objects.get()
        assert not any("b.jpg" in str(value) for value in vars(kept).values())

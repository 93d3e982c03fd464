"""Who reported is found by nobody who works on it: not on a page, in a file, in a picture or its name, in a feed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from huipai.cases.commands import asking, exporting, intake
from huipai.cases.models import Case, Check
from huipai.cases.queries.hub import Filter
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Account, Person
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import release
from tests.cases.test_exporting import WHY, made
from tests.cases.test_pages import as_
from tests.photos import makers, samples
from tests.photos.conftest import folder
from tests.web.walking import Walk

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
_SHOWN = re.compile(rb'(?:src|href|data-src|poster)="([^"]+)"')


class Seen:
    """Everything that somebody is shown who follows every link, with every picture and file of it."""

    def __init__(self, person: Person) -> None:
        self.client = as_(person)
        self.answers: dict[str, HttpResponse] = {}
        self.client.get = self._keep(self.client)  # type: ignore[method-assign]
        self.walk = Walk(self.client, "/s/yunqiao/")
        for address in sorted(self._pictures()):
            self.client.get(address)
        for more in ("/s/yunqiao/feed/", "/s/yunqiao/feed/C/", "/s/yunqiao/today/kept/list.json"):
            self.client.get(more)

    def _keep(self, client: Client) -> object:
        plain = client.get

        def get(address: str, **more: object) -> HttpResponse:
            answer = plain(address, **more)  # type: ignore[arg-type]
            self.answers[address] = answer
            answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
            if answer.streaming:
                answer.streaming_content = iter([answer.whole])  # type: ignore[attr-defined]
            return answer

        return get

    def _pictures(self) -> set[str]:
        found = {name.decode() for answer in self.answers.values() for name in _SHOWN.findall(answer.whole)}  # type: ignore[attr-defined]
        return {one.replace("&amp;", "&") for one in found if "/photos/" in one or "/thumbs/" in one}

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Each body with its headers, under its address."""
        for address, answer in self.answers.items():
            said = "\n".join(f"{name}: {value}" for name, value in answer.items() if name != "Set-Cookie")
            yield address, said.encode() + b"\n" + unpacked(answer.whole)  # type: ignore[attr-defined]

    def files(self) -> list[HttpResponse]:
        return list(self.answers.values())

    def images(self) -> Iterator[tuple[str, Image.Image]]:
        for address, answer in self.answers.items():
            if answer.headers.get("Content-Type", "").startswith("image/") and "svg" not in answer["Content-Type"]:
                yield address, Image.open(io.BytesIO(answer.whole))  # type: ignore[attr-defined]


def unpacked(body: bytes) -> bytes:
    """What a workbook says, or a printed file; anything else as it is."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return b"\n".join(book.read(name) for name in book.namelist())
    if body.startswith(b"%PDF"):
        read = PdfReader(io.BytesIO(body))
        return f"{read.metadata}{''.join(page.extract_text() for page in read.pages)}".encode()
    return body


def told(here: Place) -> Case:
    """A case with a photo straight from a phone, through every hand: released, sent, asked about, answered, checked."""
    now = clock.now()
    at = here.town.at(50, 50)
    photo = makers.receive(new_id(), here.lan, samples.jpeg(size=(320, 240), place=(at.lat, at.lng)), now=now)
    sending = here.sending(photo, case_type=LITTER, text="东门堵了")
    case = Case.objects.get(pk=intake.receive(sending=sending, reporter=here.lan, now=now - 5 * HOUR).case_id)
    release(here, case, now=now - 4 * HOUR)
    hub = Hub(here, case)
    order = hub.signed(now=now - 3 * HOUR)
    asking.ask_for_unit(order_id=order.id, actor=here.shi, text="几号门？", now=now - 2 * HOUR)
    question = case.questions.get()
    asking.answer(question_id=question.id, actor=here.lan, text="东门", now=now - HOUR)
    hub.responded(order, now=now - HOUR / 2)
    here.report(here.lan, now=now, case_type=LITTER)
    Hub(here, here.report(here.lan, now=now - HOUR, case_type=LITTER)).signed(now=now - HOUR)
    return case


def tables(here: Place) -> None:
    """A table of the desk and one of a unit, made and ready to be fetched."""
    now = clock.now()
    made(here, exporting.ask_queue(actor=here.dispatcher, asked=Filter("all"), now=now, **WHY))
    made(here, exporting.ask_orders(actor=here.shi, view="", now=now, **WHY))


def marks_of(person: Person) -> list[bytes]:
    """Everything by which somebody could be known."""
    account = Account.objects.get(pk=person.account_id)
    assert account.phone
    words = [person.name, str(person.id), str(account.id), account.phone, account.phone.removeprefix("+86")]
    return [word.encode() for word in words]


def test_nobody_who_works_on_it_finds_who_reported(here: Place) -> None:
    case = told(here)
    tables(here)
    hands = {name: getattr(here, name) for name in ("shi", "wei", "dispatcher")}
    hands["checker"] = Check.objects.get(case=case).checker
    marks = marks_of(here.lan)
    assert any(mark in as_(here.lan).get("/s/yunqiao/me/").content for mark in marks)
    taken, pictures = {}, 0
    for name, person in hands.items():
        seen = Seen(person)
        taken[name] = [kept for kept in (answer.headers.get("Content-Disposition") for answer in seen.files()) if kept]
        for address, body in seen.texts():
            assert not [mark for mark in marks if mark in body], (name, address)
        for address, image in seen.images():
            pictures += 1
            assert not image.getexif() and not {"exif", "comment", "xmp"} & {*image.info}, (name, address)
    assert pictures > 3
    # What is taken along is looked into by its name as well: names travel in headers, written any way.
    assert taken["shi"] and taken["dispatcher"]
    assert not [kept for names in taken.values() for kept in names if here.lan.name in unquote(kept)]

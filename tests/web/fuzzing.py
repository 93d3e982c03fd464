"""Somebody who types what no field expects, field by field, and looks at what comes back."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from zlib import crc32

import django
from django import forms
from django.core import validators
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.rounds import DEPTH
from tests.web.walking import Form, Page, Walk, reading_of

KEPT = "留住这几个字"
HOSTILE: dict[str, str] = {
    "long": "长" * 10_000,
    "a lone surrogate": "停\ud83d车\0",
    "html": "<script>alert(1)</script>\"'",
    "negative": "-1",
    "huge": "9" * 6_000,
    "more than a column holds": "9" * 14,
    "infinite": "1e999",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "another uuid": "01935000-0000-7000-8000-000000000000",
    "nothing": "",
}
# Sending these would end the visit; they have no field that somebody types.
LEFT_OUT = re.compile(r"/(sign-out|look|me/leave)/")


@dataclass(frozen=True)
class Try:
    """One thing sent in place of what a field expects."""

    what: str
    sent: dict[str, object]
    spoilt: str


class _UndoneError(Exception):
    pass


def sent(client: Client, form: Form, fields: dict[str, object]) -> HttpResponse:
    """The answer; whatever the form did is taken back, so that the next one finds the same street."""
    answer: list[HttpResponse] = []
    try:
        with transaction.atomic():
            answer.append(_send(client, form, fields))
            raise _UndoneError
    except _UndoneError:
        return answer[0]


def _send(client: Client, form: Form, fields: dict[str, object]) -> HttpResponse:
    if any(isinstance(value, SimpleUploadedFile) for value in fields.values()):
        return client.post(form.action, fields)
    # As bytes: half a sign of UTF-16 cannot be written down otherwise, and some browser sends it.
    body = urlencode(fields, doseq=True, errors="surrogatepass")
    if form.method == "post":
        return client.post(form.action, body, content_type="application/x-www-form-urlencoded")
    return client.get(form.action, QUERY_STRING=body)


def tries(form: Form) -> Iterator[Try]:
    """Every field in turn spoilt, the others filled; then left out, then a file in its place.

    In every way under `make test-deep`. Else in a third of the ways, drawn by names and the same at each run: a field
    of another form is spoilt in others, and each way meets some hundreds of fields.
    """
    asked = " ".join(sorted({name for name, _value in form.fields}))
    for one in _all_tries(form):
        if DEPTH > 1 or crc32(f"{one.what} of {asked}".encode()) % 3 == 0:
            yield one


def _all_tries(form: Form) -> Iterator[Try]:
    filled: dict[str, object] = {
        name: value or (KEPT if name in form.typed else "")
        for name, value in form.fields
        if name != "csrfmiddlewaretoken"
    }
    for name in filled:
        for what, value in HOSTILE.items():
            yield Try(f"{what} in {name}", {**filled, name: value}, name)
        yield Try(f"no {name}", {other: value for other, value in filled.items() if other != name}, name)
        yield Try(f"{name} twice", {**filled, name: [filled[name], KEPT]}, name)
        if form.method == "post":
            yield Try(f"a file in {name}", {**filled, name: SimpleUploadedFile("长.jpg", b"no photo")}, name)


def trouble(client: Client, form: Form) -> Iterator[str]:
    """What a form answers that it should not: a fall, the framework's words, or typed words gone."""
    for one in tries(form):
        answer = sent(client, form, one.sent)
        if answer.status_code >= 500:
            info = getattr(answer, "exc_info", None)
            yield f"{form.action}: {answer.status_code} for {one.what}: {info and repr(info[1])[:200]}"
        elif answer.status_code == 422:
            yield from (f"{form.action}: {one.what}: {said}" for said in _unlike_us(answer))
            yield from (f"{form.action}: {one.what}: lost {name}" for name in _lost(answer, form, one))


def addresses(page: Page) -> Iterator[str]:
    """The address of a page with each question and each name in it spoilt."""
    parts = urlsplit(page.address)
    asked = parse_qsl(parts.query)
    for position, (name, _value) in enumerate(asked):
        for value in HOSTILE.values():
            spoilt = [*asked[:position], (name, value), *asked[position + 1 :]]
            yield parts._replace(query=urlencode(spoilt, errors="surrogatepass")).geturl()
    named = parts.path.split("/")
    for position, part in enumerate(named):
        if position > 2 and re.search(r"\d", part):
            for value in ("\0", "停车", "9" * 40, "-1", HOSTILE["another uuid"]):
                path = "/".join([*named[:position], quote(value), *named[position + 1 :]])
                yield parts._replace(path=path).geturl()


def _lost(answer: HttpResponse, form: Form, one: Try) -> Iterator[str]:
    body = answer.content.decode()
    for name in form.typed & one.sent.keys():
        if one.sent[name] == KEPT and name != one.spoilt and name not in form.secret and KEPT not in body:
            yield name


def forms_of(walk: Walk) -> Iterator[tuple[str, Form]]:
    for page in walk.seen:
        for form in page.reading.forms if page.reading else ():
            if not LEFT_OUT.search(form.action or page.address):
                yield page.name, replace(form, action=form.action or page.address)


def _messages() -> Iterator[object]:
    """What the framework can say of a field."""
    for kind in vars(forms.fields).values():
        if isinstance(kind, type) and issubclass(kind, forms.Field):
            yield from kind.default_error_messages.values()
    yield from (one.message for one in vars(validators).values() if hasattr(one, "message"))


def _theirs() -> Iterator[str]:
    """The same in its own Chinese, up to what it puts in; ours says these things otherwise."""
    chinese = gettext.translation("django", Path(django.__file__).parent / "conf/locale", ["zh_Hans"])
    for message in _messages():
        for english in getattr(message, "_args", ()):
            said = re.split(r"%\(|%s", chinese.gettext(english))[0].strip("“ ")
            if len(said) > 3 and said != english:
                yield said


_THEIRS = set(_theirs())


def _unlike_us(answer: HttpResponse) -> set[str]:
    reading = reading_of(answer)
    texts = " ".join(reading.texts) if reading else ""
    return {said for said in _THEIRS if said in texts}

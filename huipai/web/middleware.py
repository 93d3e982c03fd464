"""Language and look before the page, the strict policy after it, and refusals as pages."""

import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict, StreamingHttpResponse

from huipai.kit.language import speaking, spoken
from huipai.photos.rules.refusals import TooLarge
from huipai.web import errors, look

NUL = "\0"
# Three photos of 20 MB and what is written beside them. Whoever has more of them sends them one by one.
LONGEST_BODY = 64 * 1024 * 1024
# Where photos are sent by programs, in one go or in pieces: every answer is JSON there, whatever was asked for.
_PHOTOS = re.compile(r"^/s/[a-z][a-z0-9-]*/photos/([^/]+/pieces/)?$")
log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]


def policy() -> str:
    """The content security policy: ourselves only, and the tile server where one is configured."""
    tiles = f" {settings.MAP_TILES_ORIGIN}" if settings.MAP_TILES_ORIGIN else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: blob:{tiles}",
            f"connect-src 'self'{tiles}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """No answer leaves without the policy; camera and position are ours alone to ask for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.policy = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
        )
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Heads:
    """HEAD is answered as GET is, without the page: who asks whether an address is there opens every page that way."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()
        else:
            response.content = b""
        return response


class PlainRequest:
    """Before anybody looks at a request: it names a host of ours, holds no character that no database takes, and is not
    longer than all that a form of ours may bring.

    Refused here, it is answered outside every street, so that the page can always be made.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()
        if _length_of(request) > LONGEST_BODY:
            is_photo = _PHOTOS.match(request.path_info)
            return errors.as_json(TooLarge()) if is_photo else errors.refused(request, errors.BodyTooLong())
        if NUL in request.path_info or any(NUL in value for value in request.COOKIES.values()):
            return errors.page(request, 400)
        return self.get_response(request)


class PlainText:
    """Nothing with a NUL in it reaches a page: PostgreSQL holds none, nobody types one and nobody sees one.

    It comes with what was pasted, and is left out: whoever pasted it would not know what to delete. A body is read when
    somebody asks for it and not here: doors that first look at its length, or at who sends it, refuse it unread.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        request._load_post_and_files = partial(_load_plainly, request, request._load_post_and_files)  # type: ignore[method-assign]
        return self.get_response(request)


def _load_plainly(request: Any, load: Callable[[], None]) -> None:
    """Read the body as Django does, and leave out what nobody typed."""
    load()
    if _holds_nul(request._post):
        request._post = _without_nul(request._post)
    for _name, several in request._files.lists():
        for file in several:
            file.name = (file.name or "").replace(NUL, "")


def _length_of(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdigit() else 0


def _holds_nul(said: QueryDict) -> bool:
    return any(NUL in text for name, values in said.lists() for text in (name, *values))


def _without_nul(said: QueryDict) -> QueryDict:
    plain = QueryDict(mutable=True)
    for name, values in said.lists():
        plain.setlist(name.replace(NUL, ""), [text.replace(NUL, "") for text in values])
    plain._mutable = False
    return plain


class Language:
    """The language that the person chose here, Chinese otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with speaking(look.language_of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", spoken() or settings.LANGUAGE_CODE)
            return response


class RefusalPages:
    """A refusal that no page caught becomes a page with its status and its sentence; so does a database that cannot.

    Whoever opens the address of a deed, as a reload or a bookmark does, gets a page too.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not errors.wants_json(request):
            told = errors.page(request, response.status_code)
            told["Allow"] = response["Allow"]
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if errors.is_of_the_database(exception):
            log.error("The database could not do what a page asked", exc_info=exception)
            return errors.not_now(request)
        refusal = errors.refusal_of(exception)
        return errors.refused(request, refusal) if refusal is not None else None

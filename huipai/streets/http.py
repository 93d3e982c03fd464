"""The street of a request: `/s/<slug>/…` (ruling 1)."""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix, set_script_prefix

from huipai.streets import queries
from huipai.streets.current import in_street, in_street_to_read
from huipai.streets.models import Street

_PATH = re.compile(r"^/s/(?P<slug>[a-z][a-z0-9-]*)(?P<rest>/.*)?$")


class StreetRequest(HttpRequest):
    """A request under `/s/<slug>/`."""

    street: Street


class StreetMiddleware:
    """Puts the street of the path in force and hides its prefix from the urls below.

    `reverse()` then answers with the prefix by itself, so that no page carries a slug around.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _PATH.match(request.path_info)
        if match is None:
            return self.get_response(request)
        street = queries.by_slug(match["slug"])
        if street is None:
            raise Http404
        if match["rest"] is None:
            asked = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(f"{request.path}/{'?' if asked else ''}{asked}")
        request.street = street  # type: ignore[attr-defined]
        request.path_info = match["rest"]
        request.urlconf = "huipai.config.street_urls"
        prefix = get_script_prefix()
        set_script_prefix(f"{prefix}s/{street.slug}/")
        try:
            entered = in_street_to_read if request.method in {"GET", "HEAD"} else in_street
            with entered(street.id):
                return self.get_response(request)
        finally:
            set_script_prefix(prefix)

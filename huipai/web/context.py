"""What every page knows without being told."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

from huipai.kit.language import spoken
from huipai.notices.queries import unread_count
from huipai.web import look

# With this the phone's worker says that it only puts the page away (frontend/src/sw.ts).
KEPT_FOR_LATER = "X-Kept-For-Later"


def page(request: HttpRequest) -> dict[str, object]:
    """The street and person of the request, how it should look, and whether this is a demo."""
    person = getattr(request, "person", None)
    street = getattr(request, "street", None)
    return {
        "street": street,
        "last_street": None if street else look.last_street(request),
        "person": person,
        "unread": unread_count(person) if person else 0,
        "look": look.of(request),
        "language": spoken() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "is_demo": settings.MODE == "demo",
        "get_messages": lambda: get_messages(request) if _is_read(request) else (),
        "here": request.get_full_path(),
        # Masked once a page, where it is used at all: a list of twenty cards has a form in each.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
    }


def _is_read(request: HttpRequest) -> bool:
    """Whether somebody sees this page. What is said once must not be said to the phone's worker, which fetches forms to
    keep them: it would be gone, and stand in the kept form."""
    return KEPT_FOR_LATER not in request.headers

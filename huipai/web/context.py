"""What every page knows without being told."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.translation import get_language

from huipai.notices.queries import unread_count
from huipai.web import look


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
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "is_demo": settings.MODE == "demo",
        "get_messages": lambda: get_messages(request),
        "here": request.get_full_path(),
    }

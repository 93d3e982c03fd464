"""Language and look before the page, the strict policy after it, and refusals as pages."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid, Refused
from huipai.web import errors, look

NUL = "\0"
Answer = Callable[[HttpRequest], HttpResponse]


class HoldsNul(Invalid):
    code = "holds_nul"
    default_reason = _("里面有一个看不见的坏字符，多半是粘贴带进来的；删掉重新输入")


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


class PlainRequest:
    """Before anybody looks at a request: it names a host of ours, and holds no character that no database takes.

    Refused here, it is answered outside every street, so that the page can always be made.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()
        if NUL in request.path_info or any(NUL in value for value in request.COOKIES.values()):
            return errors.page(request, 400)
        return self.get_response(request)


class PlainText:
    """Nothing with a NUL in it reaches a page: PostgreSQL holds none, and nobody types one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: tuple[object, ...], named: dict[str, object]
    ) -> HttpResponse | None:
        return errors.refused(request, HoldsNul()) if _holds_nul(request) else None


def _holds_nul(request: HttpRequest) -> bool:
    said = (*request.GET.lists(), *request.POST.lists())
    files = (file.name or "" for _name, several in request.FILES.lists() for file in several)
    return any(NUL in text for name, values in said for text in (name, *values)) or any(NUL in name for name in files)


class Language:
    """The language that the person chose here, Chinese otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(look.language_of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            return response


class RefusalPages:
    """A refusal that no page caught becomes a page with its status and its sentence."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.refused(request, exception) if isinstance(exception, Refused) else None

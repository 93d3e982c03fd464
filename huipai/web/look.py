"""How a person wants pages to look: light or dark, larger, in which language. Kept in cookies, never in a record."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse

from huipai.streets import queries
from huipai.streets.models import Street

THEME_COOKIE: Final = "theme"
ELDER_COOKIE: Final = "elder"
STREET_COOKIE: Final = "street"
THEMES: Final = {"light": "huipai", "dark": "huipai-dark"}
A_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True)
class Look:
    theme: str = ""
    elder: bool = False

    @property
    def data_theme(self) -> str | None:
        """The theme asked for; none means that the device decides."""
        return THEMES.get(self.theme)


def of(request: HttpRequest) -> Look:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return Look(theme=theme if theme in THEMES else "", elder=request.COOKIES.get(ELDER_COOKIE) == "1")


def last_street(request: HttpRequest) -> Street | None:
    """The street that was visited last from here, for pages that stand in none."""
    slug = request.COOKIES.get(STREET_COOKIE, "")
    return queries.by_slug(slug) if slug_re.fullmatch(slug) else None


def language_of(request: HttpRequest) -> str:
    """The language chosen here; Chinese until another is chosen, whatever the browser was set to by its maker."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Remember one choice for a year; an empty value forgets it."""
    if value:
        response.set_cookie(
            name, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(name, samesite="Lax")

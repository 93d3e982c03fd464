"""Who stands at the door, and what has to be settled before a page of ours opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol
from urllib.parse import urlencode, urlsplit

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from huipai.kit import clock
from huipai.kit.verdict import Moved, NotVisible, Words
from huipai.people import commands, queries
from huipai.people.models import Account, Person
from huipai.people.rules import is_fresh
from huipai.people.words import STAFF_IDLE, STAFF_SESSION
from huipai.streets.http import StreetRequest

SEEN, CAME_IN = "people_seen_at", "people_came_in_at"
# The session is written for "seen" at most this often.
SEEN_EVERY_SECONDS = 60
# What a page says of a fetch that nobody asked for: its own timer did, or the service worker.
BY_ITSELF = ("X-By-Itself", "X-Kept-For-Later")
# What a write that waited on a phone says of itself.
KEPT_STREET, KEPT_PERSON = "X-Street-Id", "X-Person-Id"

_P = ParamSpec("_P")


class SignedInRequest(StreetRequest):
    """A request of somebody whose sign-in is complete."""

    user: Account
    person: Person


class OtherPerson(Moved):
    """What one person kept on a phone is never sent in another's name."""

    code = "other_person"
    default_reason = _("这是另一个账号存下的，换回那个账号登录再发")


class View(Protocol[_P]):
    def __call__(self, request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse: ...


class PersonMiddleware:
    """Sets `request.person`: who the signed-in account is in the street of the path; None otherwise.

    Nobody's things are shown before it is settled whose they are: as long as `request.unsettled` names a page that has
    to be passed first, there is no person, on public pages neither (ruling 2). A session of somebody employed ends
    after half an hour without a page, and after a working day.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = None  # type: ignore[attr-defined]
        request.visitor = None  # type: ignore[attr-defined]
        request.unsettled = None  # type: ignore[attr-defined]
        if hasattr(request, "street") and isinstance(request.user, Account):
            over = _why_over(request, request.user, clock.now())
            if over is not None:
                _end(request, over)
            else:
                visitor, unsettled = queries.visitor(request.user), _unsettled(request.user, clock.now())
                request.visitor, request.unsettled = visitor, unsettled  # type: ignore[attr-defined]
                request.person = visitor.person if visitor and not unsettled else None  # type: ignore[attr-defined]
        return self.get_response(request)


def _end(request: HttpRequest, why: Words) -> None:
    """Nobody is signed in any more; what a page fetches by itself does not use up the sentence that says why."""
    if _goes_by_itself(request):
        request.user = AnonymousUser()
        return
    logout(request)
    messages.info(request, str(why))


def _goes_by_itself(request: HttpRequest) -> bool:
    """A screen that was left open fetches on and on: that is nobody being there."""
    return any(name in request.headers for name in BY_ITSELF)


def _why_over(request: HttpRequest, account: Account, now: datetime) -> Words | None:
    """What whoever has to sign in again is told; None where the session goes on."""
    if not account.is_staff:
        return None
    stamp = now.timestamp()
    came_in = request.session.setdefault(CAME_IN, stamp)
    seen = request.session.get(SEEN, stamp)
    if stamp - seen >= STAFF_IDLE.total_seconds():
        return _("离开久了，为了安全已经退出，请重新登录")
    if stamp - came_in >= STAFF_SESSION.total_seconds():
        return _("登录满 12 小时了，为了安全请重新登录")
    if SEEN not in request.session or (not _goes_by_itself(request) and stamp - seen >= SEEN_EVERY_SECONDS):
        request.session[SEEN] = stamp
    return None


def _unsettled(account: Account, now: datetime) -> str | None:
    """The page that this account has to pass before it is anybody here."""
    if account.doubted_at is not None:
        # First of all: until it is known whose account it is, nobody chooses how to come into it.
        return "people:whose_number"
    if account.must_change_password or account.password_is_over(now):
        return "people:password"
    wants_second = settings.SECOND_FACTOR_FOR_ADMINS and account.needs_second_factor
    if wants_second and not queries.has_second_factor(account):
        return "people:second_factor"
    stale = account.phone is not None and not is_fresh(account.phone_confirmed_at, now)
    return "people:confirm_number" if stale else None


def safe_next(request: HttpRequest, default: str) -> str:
    """Where the visitor wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else default


def client_address(request: HttpRequest) -> str:
    """The network address that limits are counted by; an IPv6 subscriber counts once."""
    return str(get_ip(request))


# --- Gates: each answers with the page that has to be passed first, or None.
Gate = Callable[[HttpRequest], str | None]


def _signed_in(request: HttpRequest) -> str | None:
    return None if isinstance(request.user, Account) else "people:sign_in"


def _is_settled(request: HttpRequest) -> str | None:
    name: str | None = request.unsettled  # type: ignore[attr-defined]
    return name


def _person_is_known(request: HttpRequest) -> str | None:
    if getattr(request, "person", None) is None:
        account = _account(request)
        commands.visit(account=account, now=clock.now())
        visitor = queries.visitor(account)
        assert visitor is not None
        request.visitor = visitor  # type: ignore[attr-defined]
        request.person = visitor.person  # type: ignore[attr-defined]
    return None


def _notice_is_read(request: HttpRequest) -> str | None:
    visitor: queries.Visitor = request.visitor  # type: ignore[attr-defined]
    # What somebody has typed under the old notice is still taken; the new one is shown with the next page.
    enough = visitor.has_read_notice if request.method in {"GET", "HEAD"} else visitor.has_read_any_notice
    return None if enough else "people:privacy"


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _behind(*gates: Gate) -> Callable[[Callable[Concatenate[Any, _P], HttpResponse]], View[_P]]:
    def decorate(page: Callable[Concatenate[Any, _P], HttpResponse]) -> View[_P]:
        @wraps(page)
        def guarded(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            for gate in gates:
                first = gate(request)
                if first is not None:
                    return _send_to(request, first)
            return page(request, *args, **kwargs)

        return guarded

    return decorate


# What whoever asks for JSON reads, by the page that has to be passed first.
_FIRST = {
    "people:sign_in": _("请先登录"),
    "people:whose_number": _("请先确认这个号码现在是谁的"),
    "people:password": _("请先设一个新密码"),
    "people:second_factor": _("请先输入第二道验证"),
    "people:confirm_number": _("请先确认手机号还是您的"),
    "people:privacy": _("请先看完隐私告知，同意了再来"),
}


def _send_to(request: HttpRequest, name: str) -> HttpResponse:
    is_a_piece = "HX-Request" in request.headers
    is_a_page = request.method == "GET" and not is_a_piece
    back = request.get_full_path() if is_a_page else _page_it_was_sent_from(request)
    url = reverse(name) + (f"?{urlencode({'next': back}, safe='/')}" if back else "")
    if is_a_piece:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    if "application/json" in request.headers.get("Accept", ""):
        status = 401 if name == "people:sign_in" else 403
        code = name.removeprefix("people:")
        told = {"error": f"{code}_first", "reason": str(_FIRST[name]), "url": reverse(name)}
        return JsonResponse(told, status=status)
    return HttpResponseRedirect(url)


def _page_it_was_sent_from(request: HttpRequest) -> str:
    """The path of the page of ours that this was sent from; empty where the browser does not say."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return ""
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _settling_only(*pages: str) -> Gate:
    """Passes whoever has nothing else to settle before than these pages themselves."""

    def gate(request: HttpRequest) -> str | None:
        first = _is_settled(request)
        return None if first in pages else first

    return gate


# The page of an account in the middle of settling something, by the name of what it settles: nothing else comes first.
def settling(*pages: str) -> Callable[[Callable[Concatenate[Any, _P], HttpResponse]], View[_P]]:
    return _behind(_signed_in, _settling_only(*pages))


_complete = (_signed_in, _is_settled)
# All but the privacy notice: the notice's own page, taking back whatever else was agreed to, and leaving.
before_notice = _behind(*_complete, _person_is_known)
# What nearly every page of ours wants.
signed_in = _behind(*_complete, _person_is_known, _notice_is_read)


def require_kept_here(request: SignedInRequest) -> None:
    """Refuse also what does not say for which street it was kept: a write that waited always does."""
    if KEPT_STREET not in request.headers:
        raise NotVisible
    was_kept_here(request)


def was_kept_here(request: SignedInRequest) -> None:
    """Refuse what was kept on a phone for another street, or by another person (ruling 1)."""
    street, person = request.headers.get(KEPT_STREET, ""), request.headers.get(KEPT_PERSON, "")
    if street and street != str(request.street.id):
        raise NotVisible
    if person and person != str(request.person.id):
        raise OtherPerson

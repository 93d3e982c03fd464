"""Browsers in which somebody has signed in before: what strangers try elsewhere does not keep them out there."""

from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from huipai.kit.locked import Unreadable, lock, unlock
from huipai.people.models import Account

_COOKIE = "known"
_PURPOSE = "huipai.people.known_browser"
_LASTS = timedelta(days=180)
# At a shared desk several come in; who has not for longest is forgotten.
_MOST = 8


def knows(request: HttpRequest, phone: str) -> bool:
    """Whether whoever has this number has signed in here before."""
    known = _accounts(request)
    return bool(known) and Account.objects.filter(phone=phone, pk__in=known).exists()


def remember(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Ids and nothing else, which only this installation can read."""
    known = [str(account.pk), *(one for one in _accounts(request) if one != str(account.pk))][:_MOST]
    response.set_cookie(
        _COOKIE, lock(json.dumps(known), purpose=_PURPOSE), max_age=_LASTS, secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip


def _accounts(request: HttpRequest) -> list[str]:
    try:
        known: list[str] = json.loads(unlock(request.COOKIES.get(_COOKIE, ""), purpose=_PURPOSE))
    except Unreadable:
        return []
    return known

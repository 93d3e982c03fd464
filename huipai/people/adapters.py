"""Where allauth meets our house: it carries the steps of signing in, we say what each of them means."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from huipai.kit import clock
from huipai.kit.locked import lock, unlock
from huipai.people import commands, known_browsers
from huipai.people.models import Account
from huipai.people.rules import mask_phone
from huipai.people.words import STAFF_SESSION, TryKind

_SECOND_FACTOR = "huipai.people.second_factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts by phone number; every try counted in PostgreSQL; one more step where a second factor is set."""

    def get_login_stages(self) -> list[str]:
        # Codes are ours (people.commands.codes): allauth keeps them in the session, where guesses made at once overlook
        # each other.
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_user_by_phone(self, phone: str) -> Account | None:
        return Account.objects.filter(phone=phone).first()

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        return (user.phone, user.phone_confirmed_at is not None) if user.phone else None

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        phone = str(credentials.get("phone"))
        commands.spend_try(kind=_kind(request, phone), number=phone, address=get_ip(request), now=clock.now())
        commands.spend_in_a_row(Account.objects.filter(phone=phone))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        account: Account | None = super().authenticate(request, **credentials)
        if account is not None:
            phone = str(credentials.get("phone"))
            commands.forgive(kind=TryKind.PASSWORD_AT_HOME, number=phone)
            commands.forgive_from(kind=TryKind.PASSWORD, number=phone, address=get_ip(request))
        return account

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        messages.error(request, commands.AccountIsClosed().reason)
        return HttpResponseRedirect(reverse("people:sign_in"))

    def login(self, request: HttpRequest, user: Account) -> None:
        """Every step is done: begin the session, and note it in the journal of this street."""
        super().login(request, user)
        if user.is_staff:
            request.session.set_expiry(STAFF_SESSION)
        commands.forget_failures(account=user)
        commands.welcome(account=user, now=clock.now())

    def post_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse:
        """Whoever has a password is known in this browser from now on."""
        response: HttpResponse = super().post_login(request, user, **more)
        if user.is_staff:
            known_browsers.remember(request, response, user)
        return response

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **more: Any
    ) -> None:
        """Only words of ours reach a page."""
        if message:
            messages.add_message(request, level, message)


def _kind(request: HttpRequest, phone: str) -> TryKind:
    return TryKind.PASSWORD_AT_HOME if known_browsers.knows(request, phone) else TryKind.PASSWORD


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of one-time passwords are encrypted at rest with a key of this installation."""

    def get_totp_label(self, user: Account) -> str:
        return mask_phone(user.phone)

    def get_totp_issuer(self) -> str:
        return f"{settings.MFA_TOTP_ISSUER} {context.request.street.name}"

    def encrypt(self, text: str) -> str:
        return lock(text, purpose=_SECOND_FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        return unlock(encrypted_text, purpose=_SECOND_FACTOR)

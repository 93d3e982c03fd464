"""What has to be settled before the other pages open."""

from __future__ import annotations

from typing import Any

import segno
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_second_factor_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.verdict import Refused
from huipai.people import commands, policies, queries
from huipai.people.http import SignedInRequest, before_notice, client_address, safe_next, settling
from huipai.people.models import Account
from huipai.people.pages.asking import ask, forget, pending, send
from huipai.people.pages.signin import enter
from huipai.people.rules import local_date, mask_phone
from huipai.people.words import PASSWORD_LASTS, CodePurpose, ConsentPurpose
from huipai.streets.http import StreetRequest

NOTICE, CONFIRM = ConsentPurpose.PRIVACY_NOTICE, CodePurpose.CONFIRM_NUMBER


@require_GET
def privacy(request: StreetRequest) -> HttpResponse:
    """What is kept, why, on which ground, how long: readable by everybody, agreed to at first use."""
    return _notice(request)


@require_POST
@before_notice
def agree(request: SignedInRequest) -> HttpResponse:
    try:
        commands.give_consent(person=request.person, purpose=NOTICE, now=clock.now())
    except Refused as refusal:
        return _notice(request, refusal)
    if queries.wards_to_agree_for(request.person, clock.now()):
        messages.info(request, _("孩子的隐私说明也要您看一遍：点“我的”，再点孩子的名字"))
    return HttpResponseRedirect(safe_next(request, reverse("web:home")))


@require_POST
@before_notice
def under_14(request: SignedInRequest) -> HttpResponse:
    """The other answer at first use: not 14 yet. It is kept, and the page says what the guardian does."""
    commands.say_under_14(person=request.person, now=clock.now())
    return redirect("people:privacy")


def _notice(request: StreetRequest, refusal: Refused | None = None) -> HttpResponse:
    visitor: queries.Visitor | None = getattr(request, "visitor", None)
    asks = isinstance(request.user, Account) and not (visitor and visitor.has_read_notice)
    shown: dict[str, Any] = {"asks": asks, "asks_age": False, "waits": False}
    if asks and visitor is not None:
        shown["waits"] = not policies.may_consent_alone(visitor.person, local_date(clock.now()))
    if asks and not shown["waits"]:
        shown["asks_age"] = visitor is None or visitor.person.birth_year is None
    return ask(request, "people/privacy.jinja", refusal=refusal, text=queries.text_in_force(NOTICE), **shown)


@never_cache
@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "POST"])
@settling("people:password")
def password(request: SignedInRequest) -> HttpResponse:
    """One's own password; forced after somebody else has put it, and when it has lasted its time."""
    account = request.user
    if not account.has_usable_password():
        return redirect("people:forgotten")
    is_over = account.password_is_over(clock.now())
    shown: dict[str, Any] = {"forced": account.must_change_password, "is_over": is_over, "lasts": PASSWORD_LASTS.days}
    if request.method == "GET":
        return ask(request, "people/password.jinja", **shown)
    try:
        changed = commands.change_password(
            account=account,
            old=request.POST.get("old", ""),
            new=request.POST.get("new", ""),
            address=client_address(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return ask(request, "people/password.jinja", refusal=refusal, **shown)
    update_session_auth_hash(request, changed)
    messages.success(request, _("密码改好了，其他设备都退出了"))
    return HttpResponseRedirect(safe_next(request, reverse("web:home")))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@settling("people:second_factor")
def second_factor(request: SignedInRequest) -> HttpResponse:
    """Binds an app for one-time passwords, or renews the paper of recovery codes; these are shown this once."""
    account = request.user
    if queries.has_second_factor(account):
        return _renewing(request)
    secret: str = get_totp_secret(regenerate=False)
    if request.method == "POST":
        try:
            codes = commands.set_second_factor(
                account=account, secret=secret, typed=request.POST.get("code", ""), actor=None, now=clock.now()
            )
        except Refused as refusal:
            return _binding(request, secret, refusal)
        clear_totp_secret(request)
        return ask(request, "people/second_factor_set.jinja", codes=codes, next=safe_next(request, ""))
    return _binding(request, secret)


def _renewing(request: SignedInRequest) -> HttpResponse:
    shown: dict[str, Any] = {"codes": [], "left": queries.recovery_codes_left(request.user)}
    if request.method == "GET":
        return ask(request, "people/second_factor_set.jinja", **shown)
    try:
        codes = commands.renew_recovery_codes(
            account=request.user, typed=request.POST.get("code", ""), address=client_address(request), now=clock.now()
        )
    except Refused as refusal:
        return ask(request, "people/second_factor_set.jinja", refusal=refusal, **shown)
    return ask(request, "people/second_factor_set.jinja", codes=codes)


def _binding(request: SignedInRequest, secret: str, refusal: Refused | None = None) -> HttpResponse:
    address = get_second_factor_adapter().build_totp_url(request.user, secret)
    picture = segno.make(address, micro=False).svg_data_uri(scale=5, border=3)
    parts = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return ask(request, "people/second_factor.jinja", refusal=refusal, picture=picture, secret=" ".join(parts))


@never_cache
@require_http_methods(["GET", "POST"])
@settling("people:whose_number")
def whose_number(request: SignedInRequest) -> HttpResponse:
    """After a year: is the number still the same person's? Until that is settled nothing old is shown."""
    account = request.user
    after = safe_next(request, reverse("web:home"))
    if account.doubted_at is None:
        return HttpResponseRedirect(after)
    shown: dict[str, Any] = {"phone": mask_phone(account.phone)}
    if request.method == "GET":
        return ask(request, "people/whose_number.jinja", **shown)
    try:
        if "anew" in request.POST:
            fresh = commands.start_anew(account=account, now=clock.now())
            get_adapter().logout(request)
            return enter(request, fresh, method="code")
        commands.recognise(
            account=account,
            name=request.POST.get("name", ""),
            address=client_address(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return ask(request, "people/whose_number.jinja", refusal=refusal, **shown)
    messages.success(request, _("对上了，还是您"))
    return HttpResponseRedirect(after)


@never_cache
@require_http_methods(["GET", "POST"])
@settling("people:confirm_number")
def confirm_number(request: SignedInRequest) -> HttpResponse:
    """A number not confirmed for a year is confirmed by a code before old cases are shown (ruling 2)."""
    account = request.user
    waiting = pending(request, CONFIRM)
    shown: dict[str, Any] = {"phone": mask_phone(account.phone), "sent": waiting is not None}
    if request.method == "GET" or account.phone is None:
        return ask(request, "people/confirm_number.jinja", **shown)
    try:
        if "send" in request.POST or waiting is None:
            send(request, account.phone, CONFIRM, clock.now(), account)
            return redirect(request.get_full_path())
        commands.confirm_number(
            account=account, code_id=waiting.code_id, typed=request.POST.get("code", ""), now=clock.now()
        )
    except Refused as refusal:
        return ask(request, "people/confirm_number.jinja", refusal=refusal, **shown)
    forget(request, CONFIRM)
    messages.success(request, _("号码确认了"))
    return HttpResponseRedirect(safe_next(request, reverse("web:home")))

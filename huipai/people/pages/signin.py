"""Coming in and going out."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.verdict import Refused
from huipai.people import commands, queries
from huipai.people.http import SignedInRequest, client_address, safe_next, settling
from huipai.people.models import Account
from huipai.people.pages.asking import ask, forget, pending, send
from huipai.people.rules import mask_phone
from huipai.people.words import CodePurpose
from huipai.streets.http import StreetRequest

SIGN_IN, RESET = CodePurpose.SIGN_IN, CodePurpose.RESET_PASSWORD


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: StreetRequest) -> HttpResponse:
    """First page: the number. Known or new, it gets a code; the answer is the same."""
    home = reverse("web:home")
    if isinstance(request.user, Account):
        return HttpResponseRedirect(safe_next(request, home))
    if request.method == "GET":
        return ask(request, "people/sign_in.jinja", demo=settings.MODE == "demo")
    try:
        send(request, commands.phone_of(request.POST.get("phone", "")), SIGN_IN, clock.now())
    except Refused as refusal:
        return ask(request, "people/sign_in.jinja", refusal=refusal, demo=settings.MODE == "demo")
    return _on(request, "people:sign_in_code")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: StreetRequest) -> HttpResponse:
    """Second page: the code, or another one."""
    waiting = pending(request, SIGN_IN)
    if waiting is None:
        return _on(request, "people:sign_in")
    shown: dict[str, Any] = {"phone": mask_phone(waiting.phone), "minutes": waiting.minutes}
    if request.method == "GET":
        return ask(request, "people/sign_in_code.jinja", **shown)
    try:
        if "again" in request.POST:
            send(request, waiting.phone, SIGN_IN, clock.now())
            messages.success(request, _("又发了一条，用最后收到的"))
            return _on(request, "people:sign_in_code")
        account = commands.sign_in_by_code(code_id=waiting.code_id, typed=request.POST.get("code", ""), now=clock.now())
    except commands.PasswordNeeded as refusal:
        messages.info(request, refusal.reason)
        return _on(request, "people:sign_in_password")
    except Refused as refusal:
        return ask(request, "people/sign_in_code.jinja", refusal=refusal, **shown)
    forget(request, SIGN_IN)
    return enter(request, account, method="code")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in_password(request: StreetRequest) -> HttpResponse:
    """For whoever is employed: number and password."""
    if isinstance(request.user, Account):
        return HttpResponseRedirect(safe_next(request, reverse("web:home")))
    if request.method == "GET":
        return ask(request, "people/sign_in_password.jinja")
    try:
        phone = commands.phone_of(request.POST.get("phone", ""))
        account = get_adapter().authenticate(request, phone=phone, password=request.POST.get("password", ""))
        if account is None:
            raise commands.WrongPassword(field="password")
    except Refused as refusal:
        return ask(request, "people/sign_in_password.jinja", refusal=refusal)
    return enter(request, account, method="password")


@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: StreetRequest) -> HttpResponse:
    """The one-time password, or a recovery code, of whoever has set one."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None:
        return redirect("people:sign_in")
    if request.method == "GET":
        return ask(request, "people/second_step.jinja")
    try:
        authenticator = commands.take_second_factor(
            account=stage.login.user,
            typed=request.POST.get("code", ""),
            address=client_address(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return ask(request, "people/second_step.jinja", refusal=refusal)
    post_authentication(request, authenticator)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        left = queries.recovery_codes_left(stage.login.user)
        said = ngettext(
            "恢复码还剩 %(num)s 个，到“我的”里的“动态口令”可以换一张新的",
            "恢复码还剩 %(num)s 个，到“我的”里的“动态口令”可以换一张新的",
            left,
        )
        messages.warning(request, said % {"num": left})
    answer: HttpResponse = stage.exit()
    return answer


@never_cache
@sensitive_post_parameters("new")
@require_http_methods(["GET", "POST"])
def forgotten(request: StreetRequest) -> HttpResponse:
    """A first or forgotten password: a code to the number, then a new one. One page, two steps."""
    waiting = pending(request, RESET)
    shown: dict[str, Any] = {"phone": mask_phone(waiting.phone) if waiting else ""}
    if request.method == "GET":
        return ask(request, "people/forgotten.jinja", **shown)
    try:
        if "phone" in request.POST:
            send(request, commands.phone_of(request.POST["phone"]), RESET, clock.now())
            return redirect("people:forgotten")
        if waiting is None:
            raise commands.CodeExpired(field="phone")
        commands.reset_password(
            code_id=waiting.code_id,
            typed=request.POST.get("code", ""),
            new=request.POST.get("new", ""),
            now=clock.now(),
        )
    except Refused as refusal:
        return ask(request, "people/forgotten.jinja", refusal=refusal, **shown)
    forget(request, RESET)
    messages.success(request, _("密码设好了，用它登录"))
    return redirect("people:sign_in_password")


@require_POST
def sign_out(request: StreetRequest) -> HttpResponse:
    """Out on this device; signed out already, it is the same."""
    get_adapter().logout(request)
    messages.success(request, _("已经退出"))
    return redirect("web:home")


@require_POST
@settling("people:password", "people:second_factor", "people:confirm_number")
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    commands.sign_out_everywhere(account=request.user, now=clock.now())
    get_adapter().logout(request)
    messages.success(request, _("所有设备上都退出了"))
    return redirect("people:sign_in")


def enter(request: StreetRequest, account: Account, *, method: str) -> HttpResponse:
    """allauth takes over: the second step where there is one, a fresh session, and on to where they wanted to go."""
    record_authentication(request, account, method=method)
    login = Login(user=account, redirect_url=safe_next(request, reverse("web:home")))
    answer: HttpResponse = perform_login(request, login)
    return answer


def _on(request: HttpRequest, name: str) -> HttpResponse:
    """To the next page of signing in; where the visitor wanted to go comes along."""
    wanted = safe_next(request, "")
    return HttpResponseRedirect(reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else ""))

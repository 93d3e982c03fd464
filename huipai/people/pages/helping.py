"""Doing things for an elder, answering for a child."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.people import commands, policies, queries
from huipai.people.http import SignedInRequest, before_notice, client_address, signed_in
from huipai.people.models import Person
from huipai.people.pages.asking import ask, forget, pending, send
from huipai.people.rules import local_date, mask_phone
from huipai.people.words import CodePurpose, ConsentPurpose, ProxyScope

PROXY = CodePurpose.PROXY


@require_GET
@signed_in
def proxy(request: SignedInRequest) -> HttpResponse:
    """Who helps me, whom I help, who has asked me."""
    now = clock.now()
    standing = list(queries.proxies_of(request.person, now))
    return render(
        request,
        "people/proxy.jinja",
        {
            "helpers": [one for one in standing if one.elder_id == request.person.id],
            "elders": [one for one in standing if one.helper_id == request.person.id],
            "invitations": list(queries.invitations_to(request.person, now)),
            "scope_names": dict(ProxyScope.choices),
            "mask": mask_phone,
            "may_invite": policies.may_invite_helper(request.person, local_date(now)),
            "may_help": policies.may_help_elders(request.person, local_date(now)),
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def invite(request: SignedInRequest) -> HttpResponse:
    """An elder asks somebody."""
    if request.method == "GET":
        return ask(request, "people/invite.jinja", scopes=ProxyScope.choices)
    try:
        commands.invite_helper(
            elder=request.person,
            phone=request.POST.get("phone", ""),
            scopes=_scopes(request),
            address=client_address(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return ask(request, "people/invite.jinja", refusal=refusal, scopes=ProxyScope.choices)
    messages.success(request, _("请了。对方用那个号码登录，答应了就生效"))
    return redirect("people:proxy")


@require_http_methods(["GET", "POST"])
@signed_in
def help_elder(request: SignedInRequest) -> HttpResponse:
    """A helper begins: the elder reads out the code that came to their phone."""
    waiting = pending(request, PROXY)
    shown: dict[str, Any] = {"phone": mask_phone(waiting.phone) if waiting else "", "scopes": ProxyScope.choices}
    if request.method == "GET":
        return ask(request, "people/help_elder.jinja", **shown)
    try:
        if "phone" in request.POST:
            # Nobody is sent a code by whoever may not use it.
            policies.may_help_elders(request.person, local_date(clock.now())).require()
            number = commands.phone_of(request.POST["phone"])
            if number == request.user.phone:
                raise commands.NotYourself(_("这是您自己的号码，填要帮的那位的号码"), field="phone")
            send(request, number, PROXY, clock.now(), request.user)
            return redirect("people:help_elder")
        if waiting is None:
            raise commands.CodeExpired(field="phone")
        read_out = commands.ReadOut(waiting.code_id, request.POST.get("code", ""), _scopes(request))
        commands.begin_helping(helper=request.person, read_out=read_out, now=clock.now())
    except Refused as refusal:
        return ask(request, "people/help_elder.jinja", refusal=refusal, **shown)
    forget(request, PROXY)
    messages.success(request, _("可以代办了"))
    return redirect("people:proxy")


@require_POST
@signed_in
def accept(request: SignedInRequest, proxy_id: UUID) -> HttpResponse:
    commands.accept_invitation(proxy_id=proxy_id, helper=request.person, now=clock.now())
    messages.success(request, _("答应了，可以代办了"))
    return redirect("people:proxy")


@require_POST
@before_notice
def end(request: SignedInRequest, proxy_id: UUID) -> HttpResponse:
    """Ends a proxy, takes an invitation back, or declines one; anybody else's does not exist."""
    now = clock.now()
    standing = queries.proxies_of(request.person, now).filter(pk=proxy_id).first()
    found = standing or queries.invitations_to(request.person, now).filter(pk=proxy_id).first()
    if found is not None:
        commands.end_proxy(proxy=found, actor=request.person, now=now)
    elif not queries.had_proxy(request.person, proxy_id):
        raise Http404
    messages.success(request, _("结束了"))
    return redirect("people:proxy")


def _scopes(request: SignedInRequest) -> list[ProxyScope]:
    return [ProxyScope(code) for code in request.POST.getlist("scopes") if code in ProxyScope.values]


@require_GET
@signed_in
def ward(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """What a guardian has agreed to for a child."""
    minor = _ward(request, person_id)
    given = list(queries.consents_of(minor))
    notice = [one for one in given if one.purpose == ConsentPurpose.PRIVACY_NOTICE and one.withdrawn_at is None]
    agreed = minor.pk not in queries.wards_to_agree_for(request.person, clock.now())
    return render(
        request, "people/ward.jinja", {"minor": minor, "given": given, "agreed": agreed, "is_new": bool(notice)}
    )


@require_POST
@signed_in
def ward_give(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    minor = _ward(request, person_id)
    commands.give_consent_for(
        minor=minor, guardian=request.person, purpose=ConsentPurpose.PRIVACY_NOTICE, now=clock.now()
    )
    messages.success(request, _("记下了，随时可以撤回"))
    return redirect("people:ward", person_id=person_id)


@require_POST
@signed_in
def ward_withdraw(request: SignedInRequest, person_id: UUID, purpose: str) -> HttpResponse:
    minor = _ward(request, person_id)
    if purpose not in ConsentPurpose.values:
        raise Http404
    commands.withdraw_consent(person=minor, purpose=ConsentPurpose(purpose), actor=request.person, now=clock.now())
    messages.success(request, _("撤回了，相关的处理停下了"))
    return redirect("people:me")


def _ward(request: SignedInRequest, person_id: UUID) -> Person:
    minor = queries.wards_of(request.person, clock.now()).filter(pk=person_id).first()
    if minor is None:
        raise Http404
    return minor

"""One's own page."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, Refused
from huipai.people import commands, queries
from huipai.people.http import SignedInRequest, before_notice, signed_in
from huipai.people.models import Identity
from huipai.people.pages.asking import ask, forget, pending_for, send
from huipai.people.rules import is_the_word, local_date, mask_phone
from huipai.people.words import SENSITIVE_IDENTITIES, CodePurpose, ConsentPurpose, IdentityKind
from huipai.streets.current import in_street

LEAVE, ENTER = CodePurpose.LEAVE_NUMBER, CodePurpose.ENTER_NUMBER


@require_GET
@signed_in
def me(request: SignedInRequest) -> HttpResponse:
    person, now = request.person, clock.now()
    return render(
        request,
        "people/me.jinja",
        {
            "phone": mask_phone(request.user.phone),
            "identities": [one.get_kind_display() for one in queries.identities_of(person, local_date(now))],
            "proxies": list(queries.proxies_of(person, now)),
            "invitations": list(queries.invitations_to(person, now)),
            "guardianships": list(queries.guardianships_of(person, now)),
            "change": queries.number_leaves(request.user),
        },
    )


@require_http_methods(["GET", "POST"])
@signed_in
def name(request: SignedInRequest) -> HttpResponse:
    if request.method == "GET":
        return ask(request, "people/name.jinja", name=request.person.name)
    try:
        commands.rename(person=request.person, name=request.POST.get("name", ""), actor=request.person, now=clock.now())
    except Refused as refusal:
        return ask(request, "people/name.jinja", refusal=refusal, name=request.POST.get("name", ""))
    messages.success(request, _("姓名改好了"))
    return redirect("people:me")


@require_http_methods(["GET", "POST"])
@signed_in
def identities(request: SignedInRequest) -> HttpResponse:
    """What somebody says they are; a proof is looked at by the counter."""
    person, now = request.person, clock.now()
    shown: dict[str, Any] = {
        "held": list(queries.identities_of(person, local_date(now))),
        "kinds": [{"value": kind.value, "title": str(kind.label)} for kind in IdentityKind],
        "today": local_date(now).isoformat(),
        "may_keep_sensitive": queries.has_consent(person, ConsentPurpose.SENSITIVE_IDENTITY),
        "sensitive": [str(IdentityKind(kind).label) for kind in sorted(SENSITIVE_IDENTITIES)],
    }
    if request.method == "GET":
        return ask(request, "people/identities.jinja", **shown)
    try:
        commands.add_identity(
            person=person,
            kind=_kind(request.POST.get("kind", "")),
            valid_from=_day(request.POST.get("valid_from", ""), "valid_from") or local_date(now),
            valid_until=_day(request.POST.get("valid_until", ""), "valid_until"),
            actor=person,
            now=now,
        )
    except Refused as refusal:
        return ask(request, "people/identities.jinja", refusal=refusal, **shown)
    messages.success(request, _("登记好了"))
    return redirect("people:identities")


def _kind(typed: str) -> IdentityKind:
    if typed not in IdentityKind.values:
        raise Invalid(_("选一种身份"), field="kind")
    return IdentityKind(typed)


def _day(typed: str, field: str) -> date | None:
    try:
        day = parse_date(typed)
    except ValueError:
        day = None
    if typed and day is None:
        raise Invalid(_("日期这样写：2026-11-23"), field=field)
    return day


@require_POST
@signed_in
def end_identity(request: SignedInRequest, identity_id: UUID) -> HttpResponse:
    identity = Identity.objects.filter(pk=identity_id, person=request.person).select_related("person").first()
    if identity is None:
        raise Http404
    now = clock.now()
    commands.end_identity(identity=identity, day=local_date(now), actor=request.person, now=now)
    messages.success(request, _("取消登记了"))
    return redirect("people:identities")


@require_GET
@before_notice
def consents(request: SignedInRequest) -> HttpResponse:
    """Everything agreed to, with its version and day, and what was taken back."""
    given = list(queries.consents_of(request.person))
    standing = {one.purpose for one in given if one.withdrawn_at is None}
    context = {"given": given, "offers_sensitive": ConsentPurpose.SENSITIVE_IDENTITY not in standing}
    return render(request, "people/consents.jinja", context)


@require_POST
@signed_in
def give(request: SignedInRequest, purpose: str) -> HttpResponse:
    commands.give_consent(person=request.person, purpose=_purpose(purpose), now=clock.now())
    messages.success(request, _("记下了，随时可以撤回"))
    return redirect("people:identities" if purpose == ConsentPurpose.SENSITIVE_IDENTITY else "people:consents")


@require_POST
@before_notice
def withdraw(request: SignedInRequest, purpose: str) -> HttpResponse:
    commands.withdraw_consent(person=request.person, purpose=_purpose(purpose), actor=request.person, now=clock.now())
    messages.success(request, _("撤回了，相关的处理停下了"))
    return redirect("people:consents")


def _purpose(code: str) -> ConsentPurpose:
    if code not in ConsentPurpose.values:
        raise Http404
    return ConsentPurpose(code)


@require_http_methods(["GET", "POST"])
@signed_in
def phone(request: SignedInRequest) -> HttpResponse:
    """Another number: a code to the old one and a code to the new one (ruling 2)."""
    account, now = request.user, clock.now()
    left, entered = pending_for(account, request, LEAVE), pending_for(account, request, ENTER)
    shown: dict[str, Any] = {
        "old": mask_phone(account.phone),
        "new": mask_phone(entered.phone) if entered else "",
        "change": queries.number_leaves(account),
    }
    if request.method == "GET" or account.phone is None:
        return ask(request, "people/phone.jinja", **shown)
    try:
        if "phone" in request.POST:
            number = commands.phone_of(request.POST["phone"])
            if number == account.phone:
                raise commands.SameNumber(field="phone")
            send(request, account.phone, LEAVE, now, account)
            send(request, number, ENTER, now, account)
            return redirect("people:phone")
        if left is None or entered is None:
            raise commands.CodeExpired(field="leave")
        moved = commands.change_phone(
            account=account,
            leave=left.typed(LEAVE, request.POST.get("leave", ""), "leave"),
            enter=entered.typed(ENTER, request.POST.get("enter", ""), "enter"),
            now=now,
        )
    except Refused as refusal:
        if refusal.field == "phone":
            # Another number is needed, not another code.
            forget(request, ENTER)
            shown["new"] = ""
        return ask(request, "people/phone.jinja", refusal=refusal, **shown)
    forget(request, LEAVE)
    forget(request, ENTER)
    update_session_auth_hash(request, moved)
    messages.success(request, _("号码换好了，下次用新号码登录；其他设备都退出了"))
    return redirect("people:me")


@require_POST
@signed_in
def phone_again(request: SignedInRequest) -> HttpResponse:
    """Start over with another number."""
    forget(request, LEAVE)
    forget(request, ENTER)
    return redirect("people:phone")


@require_POST
@signed_in
def cancel_phone_change(request: SignedInRequest, change_id: UUID) -> HttpResponse:
    """Whichever street's counter was asked: the number is one's own in every street."""
    change = queries.number_leaves(request.user)
    if change is None or change.id != change_id:
        if queries.had_change(request.user, change_id):
            raise Moved
        raise Http404
    with in_street(change.street.id):
        commands.cancel_phone_change(change=change, actor=change.person, now=clock.now())
    messages.success(request, _("撤销了，号码没有变"))
    return redirect("people:me")


@require_http_methods(["GET", "POST"])
@before_notice
def leave(request: SignedInRequest) -> HttpResponse:
    """Being forgotten. The word has to be typed, so that nobody leaves by a slip."""
    if request.method == "GET":
        return ask(request, "people/leave.jinja")
    try:
        if not is_the_word(request.POST.get("word", "")):
            raise Invalid(_("要注销，就填“注销”两个字"), field="word")
        commands.erase(person=request.person, actor=request.person, now=clock.now())
    except Refused as refusal:
        return ask(request, "people/leave.jinja", refusal=refusal)
    get_adapter().logout(request)
    messages.success(request, _("注销了，姓名和手机号已经删除"))
    return redirect("web:home")

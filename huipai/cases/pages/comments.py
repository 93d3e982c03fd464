"""Comments: written on the public page, read by the coordinator at a desk, taken back on one's own page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases.commands import comments as commands
from huipai.cases.comment_words import CommentReason, CommentState
from huipai.cases.models import Comment
from huipai.cases.pages import public
from huipai.cases.pages.forms_again import errors_of
from huipai.cases.policies import comments as may
from huipai.cases.queries import comments as reads
from huipai.cases.queries import shown
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in

PAGE = 30


@require_POST
@signed_in
def write(request: SignedInRequest, code: str) -> HttpResponse:
    """A word under a public case; it waits until somebody has read it."""
    text = request.POST.get("text", "")
    try:
        comment_id = UUID(request.POST.get("comment_id", ""))
    except ValueError:
        comment_id = new_id()
    try:
        commands.write(comment_id=comment_id, code=code, author=request.person, text=text, now=clock.now())
    except Refused as refusal:
        one = shown.one(code)
        if one is None or isinstance(refusal, NotVisible):
            raise
        return public.page(request, one, typed=text, refused=refusal)
    messages.success(request, _("收到了，社区看过再放出来；放不放都告诉您"))
    return redirect(reverse("cases:public", args=[code]) + "#comments")


@require_POST
@signed_in
def withdraw(request: SignedInRequest, comment_id: UUID) -> HttpResponse:
    commands.withdraw(comment_id=comment_id, author=request.person, now=clock.now())
    messages.success(request, _("收回了，写的话也删掉了"))
    return redirect("cases:own_comments")


@require_http_methods(["GET", "POST"])
@signed_in
def report(request: SignedInRequest, comment_id: UUID) -> HttpResponse:
    """This one should not stand there."""
    comment = reads.one_shown(comment_id)
    if comment is None:
        raise NotVisible
    refused: Refused | None = None
    if request.method == "POST":
        try:
            commands.report(
                comment_id=comment_id, person=request.person, reason=request.POST.get("reason", ""), now=clock.now()
            )
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("告诉社区了，会有人再看一眼"))
            return redirect("cases:public", code=comment.case.code)
    errors = errors_of(refused) if refused else []
    context = {
        "comment": comment, "errors": errors, "has_errors": bool(errors), "wrong": dict(errors),
        "reasons": [{"value": one.value, "title": one.label} for one in CommentReason],
    }  # fmt: skip
    return render(request, "cases/comment_report.jinja", context, status=refused.status if refused else 200)


@require_GET
@signed_in
def mine(request: SignedInRequest) -> HttpResponse:
    """What one wrote, how each stands, and the way to take it back."""
    page: Page[Comment] = page_of(reads.of(request.person), request.GET.get("page"), size=PAGE)
    alive = (CommentState.WAITING, CommentState.SHOWN)
    return render(request, "cases/own_comments.jinja", {"page": page, "alive": alive})


@require_GET
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """What waits to be read, what neighbours pointed at, and the switch of each community."""
    return _desk(request)


def _desk(request: SignedInRequest, refused: Refused | None = None, at: UUID | None = None) -> HttpResponse:
    now = clock.now()
    may.may_enter(request.person, now).require()
    view = "decided" if request.GET.get("view") == "decided" else ""
    rows = reads.decided_near(request.person, now) if view else reads.waiting_for(request.person, now)
    page: Page[Comment] = page_of(rows, request.GET.get("page"), size=PAGE)
    context = {
        "page": page, "view": view, "communities": reads.communities_of(request.person, now), "at": at,
        "reasons": CommentReason.choices, "errors": errors_of(refused) if refused else [],
        "has_errors": refused is not None,
    }  # fmt: skip
    return render(request, "cases/comments_desk.jinja", context, status=refused.status if refused else 200)


@require_POST
@signed_in
def decide(request: SignedInRequest, comment_id: UUID) -> HttpResponse:
    """Read it: show it, or say why not."""
    now, person = clock.now(), request.person
    if not reads.looked_after_by(person, now).filter(pk=comment_id).exists():
        raise NotVisible
    try:
        if request.POST.get("decision") == "show":
            commands.show(comment_id=comment_id, actor=person, now=now)
        else:
            commands.refuse(comment_id=comment_id, actor=person, reason=request.POST.get("reason", ""), now=now)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _desk(request, refusal, comment_id)
    messages.success(request, _("记下了，写的人会收到"))
    return redirect("cases:comments_desk")


@require_POST
@signed_in
def switch(request: SignedInRequest, node_id: UUID) -> HttpResponse:
    """Let a community's neighbours comment, or stop it."""
    act, words = (
        (commands.open_in, _("打开了，邻居可以留言，您看过才放出来"))
        if request.POST.get("want")
        else (commands.close_in, _("关掉了，留言都不再显示"))
    )
    act(node_id=node_id, actor=request.person, now=clock.now())
    messages.success(request, words)
    return redirect("cases:comments_desk")

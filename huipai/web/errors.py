"""Error pages: what happened and what to do, in the words of a neighbour; no codes, no apologies."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from django.core.exceptions import DisallowedHost
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from procrastinate.exceptions import ConnectorException

from huipai.kit.render import render
from huipai.kit.verdict import Refused
from huipai.kit.written import written

_LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title>出错：慧拍</title>'
    "<h1>我们这边出了点问题</h1><p>已经记下来了。您过几分钟再试，着急的事请打 12345。</p></html>"
)


# What the database refuses while the clock of one machine is behind the other's: it goes as soon as that one is there.
AHEAD_OF_ITS_CLOCK = frozenset({
    "cases_a_payment_is_decided_after_it_was_asked",
    "households_assessed_before_it_is_decided",
    "households_objected_before_it_is_decided",
    "points_a_closing_is_decided_after_it_was_asked",
    "points_a_contest_is_decided_after_it_came",
    "points_a_correction_has_its_order",
    "points_a_grant_is_decided_after_it_was_asked",
    "points_a_review_comes_after_its_claim",
    "points_an_objection_is_decided_after_it_came",
    "rulebook_admitted_after_it_was_asked",
    "shop_a_budget_is_decided_after_it_was_asked",
    "shop_an_item_is_decided_after_it_was_asked",
})  # fmt: skip


# What the database refuses of somebody who is no stranger to it any more: between the question whether they are and
# what they wrote, two moved into one home or were linked.
BETWEEN_STRANGERS = frozenset({
    "cases_payment_eyes_are_strangers",
    "households_eyes_are_strangers",
    "points_closing_eyes_are_strangers",
    "points_contest_by_other_eyes",
    "points_correction_eyes_are_strangers",
    "points_grant_eyes_are_strangers",
    "points_grant_judge_is_a_stranger",
    "points_judge_is_a_stranger_to_the_helper",
    "points_judge_is_a_stranger_to_the_speaker",
    "points_objection_judge_is_a_stranger",
    "points_reviewer_is_a_stranger",
    "points_reviewers_are_strangers",
    "shop_budget_eyes_are_strangers",
    "shop_proposal_eyes_are_strangers",
})  # fmt: skip


class TiedMeanwhile(Refused):
    """Whoever decides has come to live with, or to look after, somebody in it while they did."""

    status = 409
    code = "tied_meanwhile"
    default_reason = _("您和这件事里的一个人刚刚成了一家或者结了对，要请别人来，这一次没有收下")


class NotNow(Refused):
    """The database cannot take it: its disk is full, it is starting again, it is too busy to answer in time, or the
    clocks of two machines differ."""

    status = 503
    code = "not_now"
    default_reason = _("服务器现在收不下，这一步没有记下，过一会儿再发")


class BodyTooLong(Refused):
    """More than any form of ours brings: refused unread."""

    status = 413
    code = "body_too_long"
    default_reason = _("一次发得太多了，少选几张照片，分几次发")


@dataclass(frozen=True)
class Words:
    title: str | Promise
    next: str | Promise


WORDS: dict[int, Words] = {
    400: Words(_("这个请求没看懂"), _("回到上一页，再点一次")),
    403: Words(_("这一步不由您来做"), _("换个账号登录，或者回首页")),
    404: Words(_("没有找到这一页"), _("地址可能抄漏了，或者这件事不归您看")),
    405: Words(_("这一步要从按钮来"), _("回到上一页，再点一次")),
    409: Words(_("刚刚有了新进展"), _("回去看最新的一步")),
    413: Words(_("一次发得太多了，少选几张照片，分几次发"), _("回到上一页，少选几张再发")),
    422: Words(_("有一处要改一下"), _("回到上一页，改好再发")),
    429: Words(_("太快了，歇一会儿"), _("过一分钟再来，什么都没丢")),
    500: Words(_("我们这边出了点问题"), _("已经记下来了，过几分钟再试；着急的事请打 12345")),
    503: Words(_("服务器现在收不下"), _("按返回键回去，过几分钟再试；着急的事请打 12345")),
}


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "") and "text/html" not in request.headers["Accept"]


def page(request: HttpRequest, status: int, reason: str = "", *, words_sent: Sequence[str] = ()) -> HttpResponse:
    """The error page of `status`; a reason, where there is one, is its first sentence. What somebody had written is
    on it, to be copied."""
    words = WORDS.get(status, WORDS[400])
    context = {
        "title": reason or words.title, "next": words.next, "status": status, "has_errors": True,
        "back": _where_they_were(request), "written": words_sent,
    }  # fmt: skip
    return render(request, "web/error.jinja", context, status=status)


def _where_they_were(request: HttpRequest) -> str | None:
    """The page of ours on which something was sent, so that nobody ends here; None where there is none."""
    came_from = request.headers.get("Referer", "")
    if request.method != "POST" or not came_from:
        return None
    try:
        ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    except DisallowedHost:
        return None
    if not ours:
        return None
    return urlsplit(came_from)._replace(scheme="", netloc="").geturl()


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal as whoever asked can read it: JSON, a note for htmx, or a page."""
    if wants_json(request):
        return as_json(refusal)
    if request.headers.get("HX-Request") == "true":
        answer = render(request, "web/refused_note.jinja", {"reason": refusal.reason}, status=refusal.status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#messages", "beforeend"
        return answer
    sent = [] if isinstance(refusal, BodyTooLong) else _words_sent(request)
    return page(request, refusal.status, refusal.reason, words_sent=sent)


def as_json(refusal: Refused) -> JsonResponse:
    return JsonResponse({"error": refusal.code, "reason": refusal.reason}, status=refusal.status)


def _words_sent(request: HttpRequest) -> list[str]:
    """What was written into the form that is refused. A view has refused it, so that it came from a page of ours: what
    another site has a browser send is never shown as somebody's own words."""
    return written(request.POST.dict()) if request.method == "POST" else []


def not_now(request: HttpRequest) -> HttpResponse:
    """Needs no database itself: when even the page cannot be made, two plain sentences are."""
    try:
        return refused(request, NotNow())
    except Exception:
        return HttpResponse(_LAST_RESORT, status=NotNow.status)


def is_of_the_database(exception: BaseException | None) -> bool:
    """The database could not do it; also where it was a job that it could not keep."""
    if isinstance(exception, ConnectorException):
        return isinstance(exception.__cause__, psycopg.OperationalError)
    return isinstance(exception, OperationalError) or _is_of_two_clocks(exception)


def refusal_of(exception: BaseException) -> Refused | None:
    """What is to be said of it, where that is more than that something went wrong."""
    if isinstance(exception, Refused):
        return exception
    return TiedMeanwhile() if _constraint(exception) in BETWEEN_STRANGERS else None


def _is_of_two_clocks(exception: BaseException | None) -> bool:
    return _constraint(exception) in AHEAD_OF_ITS_CLOCK


def _constraint(exception: BaseException | None) -> str | None:
    """The name of what the database would not break, if it was that."""
    cause = exception.__cause__ if isinstance(exception, IntegrityError) else None
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    words = str(_("这一页开得太久了，刷新一下再发"))
    if wants_json(request):
        return JsonResponse({"error": "stale_page", "reason": words}, status=403)
    return page(request, 403, words)


def server_error(request: HttpRequest) -> HttpResponse:
    """Never fails itself: when even the page cannot be made, two plain sentences are.

    What is written after a page was made, as a session is, fails here.
    """
    if is_of_the_database(sys.exc_info()[1]):
        return not_now(request)
    try:
        return page(request, 500)
    except Exception:
        return HttpResponse(_LAST_RESORT, status=500)

"""The doors of a phone that keeps what was ticked on today's list, and the page that says what came of each."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.cases.bundle_words import Became, BundleKind
from huipai.cases.commands import bundling
from huipai.cases.commands.bundling import Bundle
from huipai.cases.commands.handling import TakenByAnother
from huipai.cases.models import BundleResult, KeptBundle
from huipai.cases.queries import bundles as reads
from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, NotVisible, Refused
from huipai.people.http import SignedInRequest, require_kept_here, signed_in, was_kept_here
from huipai.people.models import Person


@require_POST
@signed_in
def send(request: SignedInRequest) -> HttpResponse:
    """Do what was ticked without a network. The same again gets the same answer."""
    require_kept_here(request)
    try:
        kept = bundling.do_bundle(bundle=_bundle(request), actor=request.person, now=clock.now())
    except Refused as refusal:
        return JsonResponse({"error": refusal.code, "reason": refusal.reason}, status=refusal.status)
    return _told(kept)


def _bundle(request: SignedInRequest) -> Bundle:
    data = request.POST
    try:
        id, kind = UUID(data.get("bundle_id", "")), BundleKind(data.get("deed", ""))
    except ValueError as wrong:
        raise Invalid from wrong
    codes = tuple(dict.fromkeys(data.get("codes", "").split()))
    return Bundle(id=id, kind=kind, codes=codes, text=data.get("text", "").strip())


@require_GET
@signed_in
def answer(request: SignedInRequest, bundle_id: UUID) -> HttpResponse:
    """What was answered to this one of one's own, for a phone that did not hear it."""
    was_kept_here(request)
    kept = reads.own(request.person).filter(pk=bundle_id).first()
    if kept is None:
        raise NotVisible
    return _told(kept)


def _told(kept: KeptBundle) -> JsonResponse:
    return JsonResponse({"bundle": str(kept.id), "url": reverse("cases:bundle", args=[kept.id])})


@require_GET
@signed_in
def results(request: SignedInRequest, bundle_id: UUID) -> HttpResponse:
    """What came of each; reading it once takes the line about it off today's list."""
    kept = bundling.see(bundle_id=bundle_id, actor=request.person, now=clock.now())
    words = done_in_words(BundleKind(kept.kind))
    rows = [_row(one, request.person, words) for one in reads.results_of(kept.id)]
    return render(request, "cases/together.jinja", {"results": rows, "left": kept.left})


def done_in_words(kind: BundleKind) -> dict[Became, str]:
    """What is said of a case that was not refused."""
    if kind == BundleKind.HAND_UP:
        return {Became.DONE: _("转给联动中心了"), Became.WAS_SO: _("早就转给联动中心了，这次写的那边也看得到")}
    return {Became.DONE: _("接下了"), Became.WAS_SO: _("早就在您手上")}


def _row(result: BundleResult, reader: Person, words: dict[Became, str]) -> dict[str, object]:
    was_so = result.became == Became.WAS_SO
    return {
        "case": result.case, "refused": _refused(result, reader), "was_so": was_so,
        "done": words[Became.WAS_SO if was_so else Became.DONE],
    }  # fmt: skip


def _refused(result: BundleResult, reader: Person) -> str:
    """Why not; who was faster is whoever has it now."""
    worker = result.case.worker
    if result.refusal == TakenByAnother.code and worker is not None and worker != reader:
        return _("这件事%(name)s先接了，看下一件") % {"name": worker.name}
    return result.words or result.refusal

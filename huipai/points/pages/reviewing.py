"""The reviewers' desk: the queue, the evidence, the checks explained, one key for each decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from huipai.grid import queries as grid
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Person
from huipai.people.rules import mask_name
from huipai.people.words import Role
from huipai.photos import grants
from huipai.photos.models import Photo
from huipai.photos.words import Variant
from huipai.points import policies, queries
from huipai.points.commands.claims import objecting, reviewing, standing_aside
from huipai.points.models import Claim, Conflict, Evidence, Objection, Review
from huipai.points.pages import wording
from huipai.points.queries.claims import queue
from huipai.points.words import ObjectionReason, ObjectionResult, RefusalReason, SecondReason, Verdict

PAGE = 30
Queue = Callable[[Person, datetime], QuerySet[Claim]]


@dataclass(frozen=True)
class _Tab:
    key: str
    label: str | Promise
    queue: Queue


TABS: dict[str, _Tab] = {
    "": _Tab("", gettext_lazy("要您看"), queries.to_look_at),
    "clean": _Tab("clean", gettext_lazy("全部检查通过"), queries.clean),
    "second": _Tab("second", gettext_lazy("二审"), queries.second),
}


@require_GET
@signed_in
def desk(request: SignedInRequest) -> HttpResponse:
    """What waits for this reviewer; the claim that is asked for, or the first, is theirs alone while they look."""
    now = clock.now()
    policies.may_enter_reviews(request.person, now).require()
    if request.GET.get("tab") == "objections":
        return _objections(request, now)
    tab = TABS.get(request.GET.get("tab", ""), TABS[""])
    waiting = tab.queue(request.person, now).select_related("item", "claimant")
    page: Page[Claim] = page_of(waiting, request.GET.get("page"), size=PAGE)
    asked = uuid_in(request.GET.get("claim", ""))
    wanted = asked or next((claim.id for claim in page.items), None)
    held = reviewing.lease(reviewer=request.person, now=now, claim_id=wanted) if wanted else None
    if asked and held is None:
        messages.info(request, _("那一条已经有人在看，或者已经审完了"))
        return redirect(address(tab.key))
    context = {
        **around(request, now, tab.key), "page": page,
        "rows": [row_of(claim, tab.key, page.number) for claim in page.items],
        "turns": {"before": address(tab.key, page=page.before), "after": address(tab.key, page=page.after)},
        "chosen": told_of(held.id, request.person, now) if held else None, "is_asked": bool(asked),
        "back": address(tab.key, page=page.number), "is_clean": tab.key == "clean",
    }  # fmt: skip
    return render(request, "points/review.jinja", context)


def around(request: SignedInRequest, now: datetime, tab: str) -> dict[str, object]:
    """What every tab of the desk says."""
    counts = queries.counts(request.person, now)
    shown = (("", counts.look), ("clean", counts.clean), ("second", counts.second))
    tabs = [{"key": key, "label": TABS[key].label, "count": count, "href": address(key)} for key, count in shown]
    tabs += [
        {"key": "objections", "label": _("有异议"), "count": counts.objections, "href": address("objections")},
        {"key": "contests", "label": _("不服异议"), "count": counts.contests, "href": reverse("points:contests")},
    ]
    return {
        "tabs": tabs, "tab": tab, "now": now, "objection": None, "contest": None,
        "is_last_resort": not grid.has_role(request.person, Role.REVIEWER, now),
        "undoable": queries.last_decision(request.person, now),
        "refusals": [{"value": one.value, "title": one.label} for one in RefusalReason],
    }  # fmt: skip


def address(tab: str, *, claim: UUID | str = "", page: int = 1) -> str:
    asked = {"tab": tab, "claim": str(claim), "page": page if page > 1 else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("points:review") + (f"?{query}" if query else "")


def uuid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def row_of(claim: Claim, tab: str, page: int) -> dict[str, object]:
    return {
        "id": claim.id, "href": address(tab, claim=claim.id, page=page), "title": claim.item.title,
        "port": claim.item.port, "who": mask_name(claim.claimant.name), "at": claim.received_at,
        "has_doubt": getattr(claim, "has_doubt", False), "state": claim.state, "points": claim.worth,
    }  # fmt: skip


def told_of(claim_id: UUID, person: Person, now: datetime) -> dict[str, object]:
    """Everything the middle and the right of the desk say of one claim."""
    claim = queries.with_evidence(claim_id)
    assert claim is not None
    findings = wording.explained(claim)
    appeal = next(iter(claim.appeals.all()), None)
    return {
        "claim": claim, "who": mask_name(claim.claimant.name), "evidence": wording.evidence(claim, person, now),
        "alike": _alike(findings, claim, person, now), "findings": findings, "caps": wording.caps_of(claim.item),
        "passed": sum(finding.result == "pass" for finding in findings),
        "doubts": sum(finding.result != "pass" for finding in findings), "appeal": appeal,
        "entered_by": claim.entered_by, "before": [_before(word) for word in queue.reviews_of(claim.id)],
        "why_second": SecondReason(claim.second_reason).label if claim.second_reason else "",
        "measured": claim.measured or {},
    }  # fmt: skip


def _before(word: Review) -> str:
    """What a reviewer before said; not who."""
    verdict = Verdict(word.verdict).label
    if not word.reason:
        return str(verdict)
    return _("%(verdict)s：%(reason)s") % {"verdict": verdict, "reason": RefusalReason(word.reason).label}


def _alike(findings: list[wording.Explained], claim: Claim, viewer: Person, now: datetime) -> dict[str, object] | None:
    """The earlier picture that this one is or looks like. What never showed a claim is told of, not shown: it may be of
    somebody's report, which is no reviewer's to open."""
    photo_id = next((uuid_in(finding.photo) for finding in findings if finding.photo), None)
    earlier = Photo.objects.filter(pk=photo_id).first() if photo_id else None
    if earlier is None:
        return None
    other = Evidence.objects.filter(photo=earlier).select_related("claim").first()
    if other is None:
        return {
            "src": "", "missing": _("不是申报里的图，这里不显示"), "at": earlier.received_at,
            "is_own": earlier.uploader_id in (claim.claimant_id, claim.entered_by_id), "state": _("没有用来申报"),
        }  # fmt: skip
    return {
        "src": grants.url(earlier, Variant.PUBLIC, viewer=viewer, now=now), "missing": earlier.missing_words,
        "at": other.claim.received_at, "is_own": other.claim.claimant_id == claim.claimant_id,
        "state": other.claim.get_state_display(),
    }  # fmt: skip


@require_POST
@signed_in
def decide(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """Yes, no with a sentence, or let another look."""
    now, reviewer, verdict = clock.now(), request.person, request.POST.get("verdict", "")
    reason, tab, seen = (request.POST.get(name, "") for name in ("reason", "tab", "seen"))
    try:
        if verdict == Verdict.APPROVED:
            reviewing.approve(claim_id=claim_id, seen=seen, reviewer=reviewer, now=now)
        elif verdict == Verdict.REFERRED:
            reviewing.refer(claim_id=claim_id, seen=seen, reviewer=reviewer, now=now)
        else:
            given = RefusalReason(reason) if reason in RefusalReason.values else None
            reviewing.refuse(claim_id=claim_id, seen=seen, reviewer=reviewer, reason=given, now=now)
    except (NotAllowed, NotVisible):
        raise
    except Refused as refusal:
        messages.error(request, refusal.reason)
        stays = refusal.status == 422 or isinstance(refusal, reviewing.NotAsItWasSeen)
        return redirect(address(tab, claim=claim_id if stays else ""))
    return redirect(address(tab))


@require_POST
@signed_in
def undo(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """Take the last decision back, and look at that claim again."""
    try:
        claim = reviewing.undo(claim_id=claim_id, reviewer=request.person, now=clock.now())
    except (NotAllowed, NotVisible):
        raise
    except Refused as refusal:
        messages.error(request, refusal.reason)
        return redirect(address(request.POST.get("tab", "")))
    messages.success(request, _("撤回来了，请再看一遍"))
    return redirect(address("second" if claim.state == "second_review" else "", claim=claim.id))


@require_POST
@signed_in
def batch(request: SignedInRequest) -> HttpResponse:
    """Approve together what passed every check; what became of each is said."""
    ids = [found for text in request.POST.getlist("claim") if (found := uuid_in(text))]
    results = reviewing.approve_all(claim_ids=ids, reviewer=request.person, now=clock.now())
    claims = Claim.objects.filter(pk__in=ids).select_related("item", "claimant").in_bulk()
    rows = [
        {"title": claims[one.claim_id].item.title, "port": claims[one.claim_id].item.port,
         "who": mask_name(claims[one.claim_id].claimant.name), "refusal": one.refusal}
        for one in results
        if one.claim_id in claims
    ]  # fmt: skip
    done = sum(one.refusal is None for one in results)
    context = {**around(request, clock.now(), "clean"), "results": rows, "done": done, "left": len(results) - done}
    return render(request, "points/batch.jinja", context)


@require_POST
@signed_in
def stand_aside(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """Too close to this claimant: nothing of theirs comes here any more."""
    standing_aside.stand_aside(reviewer=request.person, claim_id=claim_id, now=clock.now())
    messages.success(request, _("记下了，这位的申报以后不会排给您"))
    return redirect(address(request.POST.get("tab", "")))


@require_GET
@signed_in
def conflicts(request: SignedInRequest) -> HttpResponse:
    """Whom this reviewer has said not to judge, and taking it back."""
    policies.may_enter_reviews(request.person, clock.now()).require()
    mine = Conflict.objects.filter(reviewer=request.person, ended_at=None).select_related("person")
    rows = [(one, mask_name(one.person.name)) for one in mine.order_by("-declared_at", "-id")]
    return render(request, "points/conflicts.jinja", {"rows": rows})


@require_POST
@signed_in
def end_conflict(request: SignedInRequest, conflict_id: UUID) -> HttpResponse:
    standing_aside.stand_by_again(reviewer=request.person, conflict_id=conflict_id, now=clock.now())
    messages.success(request, _("撤回了，这位的申报又会排给您"))
    return redirect("points:conflicts")


# --- Objections.
def _objections(request: SignedInRequest, now: datetime) -> HttpResponse:
    open_ones = queries.objections_for(request.person, now)
    page: Page[Objection] = page_of(open_ones, request.GET.get("page"), size=PAGE)
    asked = uuid_in(request.GET.get("claim", ""))
    chosen = next((one for one in page.items if one.claim_id == asked), None) or next(iter(page.items), None)
    context = {
        **around(request, now, "objections"), "page": page,
        "rows": [row_of(one.claim, "objections", page.number) for one in page.items],
        "turns": {
            "before": address("objections", page=page.before), "after": address("objections", page=page.after),
        },
        "chosen": told_of(chosen.claim_id, request.person, now) if chosen else None, "objection": chosen,
        "objection_reason": ObjectionReason(chosen.reason).label if chosen else "",
        "is_asked": bool(asked), "back": address("objections"), "is_clean": False,
    }  # fmt: skip
    return render(request, "points/review.jinja", context)


@require_POST
@signed_in
def decide_objection(request: SignedInRequest, objection_id: UUID) -> HttpResponse:
    """Right or not right; what was posted is taken back at once."""
    result, now = request.POST.get("result", ""), clock.now()
    if not Objection.objects.filter(pk=objection_id).exists():
        raise NotVisible
    policies.may_enter_reviews(request.person, now).require()
    if result not in ObjectionResult.values:
        raise Http404
    do = objecting.uphold if result == ObjectionResult.UPHELD else objecting.dismiss
    try:
        do(objection_id=objection_id, judge=request.person, now=now)
    except (NotAllowed, NotVisible):
        raise
    except Refused as refusal:
        messages.error(request, refusal.reason)
    else:
        upheld = result == ObjectionResult.UPHELD
        messages.success(request, _("异议成立，分没有记或已退回") if upheld else _("异议没有成立，照常往下走"))
    return redirect(address("objections"))

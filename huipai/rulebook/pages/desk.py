"""The desk of the rulebook: where the draft stands, what it still needs, and each next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.http import SignedInRequest, signed_in
from huipai.rulebook import commands, policies, queries
from huipai.rulebook.forms import ConsultForm, EndRuleForm, NoteForm, PublishForm, ReasonForm, take
from huipai.rulebook.models import RulebookVersion
from huipai.rulebook.pages.shapes import group_rows, told, total_burden
from huipai.rulebook.rules import EndRule, digest_of
from huipai.rulebook.words import Standing


class Page(Protocol):
    def __call__(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def at_desk(page: Page) -> Any:
    """Only those who propose, write, admit, decide or audit."""

    @wraps(page)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policies.may_enter_desk(request.person, clock.now()).require()
        return page(request, *args, **kwargs)

    return signed_in(guarded)


def attempt(form: Form, act: Callable[[], object]) -> int:
    """Do it; 0 if it is done, else the status with which the form is shown again, everything typed in it."""
    if not form.is_valid():
        return 422
    try:
        act()
    except (Invalid, Moved) as refusal:
        return take(form, refusal)
    return 0


def seen_by(request: SignedInRequest) -> str:
    """The digest of what the page showed, as its form sends it back."""
    return request.POST.get("seen", "")


def to_send_back(request: SignedInRequest, digest: str, status: int) -> str:
    """What a form is to send back: the digest of what stands there now; after a mistake in it what it sent before, so
    that whoever mends that is told of what was written meanwhile."""
    return seen_by(request) if status == 422 else digest


def draft_or_404() -> RulebookVersion:
    version = queries.open_draft()
    if version is None:
        raise NotVisible
    return version


@require_GET
@at_desk
def desk(request: SignedInRequest) -> HttpResponse:
    return _desk(request)


def _desk(request: SignedInRequest, status: int = 200, **forms: Form) -> HttpResponse:
    now = clock.now()
    version = queries.open_draft()
    may_write = bool(policies.may_write(request.person, now))
    if version is None or not policies.may_read_draft(request.person, now):
        shown: dict[str, Any] = {
            "version": None, "may_write": may_write, "now": now, "wording": forms.get("wording") or NoteForm(),
            "failed": next(iter(forms.values()), None),
            "coming": _coming(forms), "has_errors": bool(forms), "reason": forms.get("reason") or ReasonForm(),
        }  # fmt: skip
        return render(request, "rulebook/desk.jinja", shown, status=status)
    content_hash = queries.content_hash(version.id)
    run = queries.last_run(version, content_hash)
    members = queries.board(version, content_hash, now)
    leads = queries.changes(version)
    shown = {
        "version": version, "before": queries.version_before(version), "now": now,
        "standing": queries.standing(version, now),
        "content_hash": content_hash, "was_edited": version.was_edited(content_hash),
        "steps": queries.steps(version, content_hash, members, run, now), "members": members,
        "changes": [told(change) for change in leads.all], "carried": _carried(version),
        "ending": queries.end_change(version),
        "decided_end": queries.end_rule_published_last() if queries.end_is_decided() else None,
        "end_rule": forms.get("end_rule") or EndRuleForm(initial=asdict(version.end_rule)),
        "tally": (len(leads.added), len(leads.changed), len(leads.removed)),
        "run": run, "groups": group_rows(run), "burden": total_burden(leads), "may_write": may_write,
        "may_approve": policies.may_approve(request.person, version, now),
        "has_approved": any(each.person.pk == request.person.pk and each.agreed_at for each in members),
        "is_fragment": False, "may_try": bool(policies.may_try_out(request.person, now)),
        "wording": forms.get("wording") or NoteForm(initial={"note": version.note}),
        "consult_seen": to_send_back(request, content_hash, status if "consult" in forms else 200),
        "reason_seen": to_send_back(request, content_hash, status if "reason" in forms else 200),
        "note_seen": to_send_back(request, digest_of({"note": version.note}), status if "wording" in forms else 200),
        "end_seen": to_send_back(request, digest_of(asdict(version.end_rule)), status if "end_rule" in forms else 200),
        "consult": forms.get("consult") or ConsultForm(initial={"until": ConsultForm.default(now)}),
        "publish": forms.get("publish") or PublishForm(initial=PublishForm.default(now)),
        "reason": forms.get("reason") or ReasonForm(), "has_errors": bool(forms), "coming": _coming(forms),
        "failed": next(iter(forms.values()), None),
    }  # fmt: skip
    return render(request, "rulebook/desk.jinja", shown, status=status)


def _carried(version: RulebookVersion) -> list[tuple[str, int]]:
    """Codes that came along from a version which was withdrawn since, and its number."""
    return [(code, withdrawn.number) for code, withdrawn in sorted(queries.carried(version).items())]


def _coming(forms: Mapping[str, Form]) -> list[tuple[RulebookVersion, Form]]:
    """Published versions that have not begun: they can still be withdrawn, each with a reason of its own."""
    now, held = clock.now(), queries.held_from()
    coming = (Standing.PUBLICITY, Standing.COMING)
    found = [each for each in queries.published()[:3] if each.standing(now, held=held) in coming]
    return [(each, forms.get(_withdrawal(each)) or ReasonForm(auto_id=f"id_{_withdrawal(each)}_%s")) for each in found]


def _withdrawal(version: RulebookVersion) -> str:
    return f"withdraw_{version.number}"


@require_POST
@at_desk
def start(request: SignedInRequest) -> HttpResponse:
    form = NoteForm(request.POST)
    note = request.POST.get("note", "")
    if status := attempt(form, lambda: commands.draft(author=request.person, note=note, now=clock.now())):
        return _desk(request, status, wording=form)
    messages.success(request, _("草稿开好了，条目都在，改哪条点哪条"))
    return redirect("rulebook:items")


@require_POST
@at_desk
def reword(request: SignedInRequest) -> HttpResponse:
    version, form = draft_or_404(), NoteForm(request.POST)
    status = attempt(
        form,
        lambda: commands.reword_note(
            version_id=version.id, actor=request.person, note=form.cleaned_data["note"], now=clock.now(),
            seen=seen_by(request),
        ),
    )  # fmt: skip
    if status:
        return _desk(request, status, wording=form)
    messages.success(request, _("说明改好了"))
    return redirect("rulebook:desk")


@require_POST
@at_desk
def set_end_rule(request: SignedInRequest) -> HttpResponse:
    """What happens to points if the scheme stops."""
    version, form = draft_or_404(), EndRuleForm(request.POST)
    status = attempt(
        form,
        lambda: commands.set_end_rule(
            version_id=version.id, actor=request.person, rule=EndRule(**form.cleaned_data), now=clock.now(),
            seen=seen_by(request),
        ),
    )  # fmt: skip
    if status:
        return _desk(request, status, end_rule=form)
    messages.success(request, _("写好了，和条目一起征求意见、一起表态"))
    return redirect("rulebook:desk")


@require_POST
@at_desk
def take_out(request: SignedInRequest) -> HttpResponse:
    """Takes out what came along from a version that was withdrawn since."""
    commands.take_out_carried(version_id=draft_or_404().id, actor=request.person, now=clock.now())
    messages.success(request, _("拿出来了，照正在用的一版"))
    return redirect("rulebook:desk")


@require_POST
@at_desk
def consult(request: SignedInRequest) -> HttpResponse:
    version, form = draft_or_404(), ConsultForm(request.POST)
    status = attempt(
        form,
        lambda: commands.consult(
            version_id=version.id, actor=request.person, until=form.until_at(), now=clock.now(),
            seen=seen_by(request),
        ),
    )  # fmt: skip
    if status:
        return _desk(request, status, consult=form)
    messages.success(request, _("公开了，大家可以提意见"))
    return redirect("rulebook:desk")


@require_POST
@at_desk
def try_out(request: SignedInRequest) -> HttpResponse:
    """Asks for the dry run; a job computes it and the page shows how far it is."""
    commands.ask_dry_run(version_id=draft_or_404().id, actor=request.person, now=clock.now())
    messages.success(request, _("正在拿上个月试算，算好了就在这里"))
    return redirect("rulebook:desk")


@require_GET
@at_desk
def run_card(request: SignedInRequest) -> HttpResponse:
    """How far the dry run is: the piece of the desk that asks again by itself."""
    policies.may_read_draft(request.person, clock.now()).require()
    version = draft_or_404()
    run = queries.last_run(version, queries.content_hash(version.id))
    shown = {"run": run, "groups": group_rows(run), "is_fragment": True, "now": clock.now()}
    return render(request, "rulebook/run_card.jinja", shown)


@require_POST
@at_desk
def approve(request: SignedInRequest) -> HttpResponse:
    """Agrees to the content that the page showed, and to no other."""
    seen = request.POST.get("content_hash", "")
    commands.approve(version_id=draft_or_404().id, approver=request.person, content_hash=seen, now=clock.now())
    messages.success(request, _("记下了您的同意；内容再改一个字就作废"))
    return redirect("rulebook:desk")


@require_POST
@at_desk
def publish(request: SignedInRequest) -> HttpResponse:
    version, form = draft_or_404(), PublishForm(request.POST)

    def act() -> RulebookVersion:
        shown, effective = form.instants()
        return commands.publish(
            version_id=version.id, actor=request.person, publicity_until=shown, effective_from=effective,
            now=clock.now(),
        )  # fmt: skip

    if status := attempt(form, act):
        return _desk(request, status, publish=form)
    messages.success(request, _("公示了；到期没有问题就照写的日子用起来"))
    return redirect("rulebook:changes", number=version.number)


@require_POST
@at_desk
def abandon(request: SignedInRequest) -> HttpResponse:
    version, form = draft_or_404(), ReasonForm(request.POST)
    status = attempt(
        form,
        lambda: commands.abandon(
            version_id=version.id, actor=request.person, reason=form.cleaned_data["reason"], now=clock.now(),
            seen=seen_by(request),
        ),
    )  # fmt: skip
    if status:
        return _desk(request, status, reason=form)
    messages.success(request, _("草稿放下了"))
    return redirect("rulebook:desk")


@require_POST
@at_desk
def withdraw(request: SignedInRequest, number: int) -> HttpResponse:
    version = RulebookVersion.objects.filter(number=number, published_at__isnull=False).first()
    if version is None:
        raise NotVisible
    form = ReasonForm(request.POST, auto_id=f"id_{_withdrawal(version)}_%s")
    status = attempt(
        form,
        lambda: commands.withdraw(
            version_id=version.id, actor=request.person, reason=form.cleaned_data["reason"], now=clock.now()
        ),
    )
    if status:
        return _desk(request, status, **{_withdrawal(version): form})
    messages.success(request, _("撤回了，原来的一版接着用"))
    return redirect("rulebook:desk")

"""The counter: for whoever stands there with a document."""

from __future__ import annotations

import re
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.lines import as_seen
from huipai.kit.render import render
from huipai.kit.verdict import Invalid, Refused
from huipai.people import commands, finding, policies, queries
from huipai.people.http import SignedInRequest, signed_in
from huipai.people.models import Guardianship, Identity, Person
from huipai.people.pages.asking import ask, forget, pending_for, send
from huipai.people.rules import is_the_word, local_date, mask_name, mask_phone, normalise_code
from huipai.people.words import CodePurpose, ConsentPurpose, Document, FactorLoss

ENTER = CodePurpose.ENTER_NUMBER
DOCUMENTS = [{"value": document.value, "title": document.label} for document in Document]
LOSSES = [{"value": loss.value, "title": loss.label} for loss in FactorLoss]


class Page(Protocol):
    def __call__(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def _at_the_counter(page: Page) -> Page:
    """Only whose post it is sees the counter at all."""

    @wraps(page)
    def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policies.may_enter_counter(request.person, clock.now()).require()
        return page(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "POST"])
@signed_in
@_at_the_counter
def counter(request: SignedInRequest) -> HttpResponse:
    """Somebody is found by their whole number, or by name and home; nobody browses people."""
    now = clock.now()
    asks = request.method == "POST"
    looked = finding.search(request, policies.may_find_at_counter, now) if asks else finding.Search()
    if len(looked.found) == 1:
        return redirect("people:counter_person", person_id=looked.found[0].person_id)
    chosen = finding.chosen(request, now)
    if request.method == "GET" and chosen is not None:
        return redirect("people:counter_person", person_id=chosen.id)
    shown = {"sought": looked, "has_errors": bool(looked.refusal)}
    return render(request, "people/counter.jinja", shown, status=looked.status)


@require_http_methods(["GET", "POST"])
@signed_in
@_at_the_counter
def counter_person(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Change the number of somebody who has shown a document: a code to the new one, then the cooling time."""
    person = _find(request, person_id)
    waiting = pending_for(person.account, request, ENTER)
    shown = _shown(request, person)
    if request.method == "GET":
        return ask(request, "people/counter_person.jinja", **shown)
    try:
        policies.may_touch_account(request.person, person, clock.now()).require()
        if "phone" in request.POST:
            send(request, commands.phone_of(request.POST["phone"]), ENTER, clock.now(), person.account)
            return redirect("people:counter_person", person_id=person.id)
        if waiting is None:
            raise commands.CodeExpired(field="phone")
        commands.ask_phone_change(
            person=person,
            document=_document(request.POST.get("document", "")),
            code_id=waiting.code_id,
            typed=request.POST.get("code", ""),
            actor=request.person,
            now=clock.now(),
        )
    except Refused as refusal:
        if refusal.field == "phone" and waiting is not None:
            # Another number is needed, not another code. A code that waits for somebody else goes on waiting.
            forget(request, ENTER)
            shown["new"] = ""
        return ask(request, "people/counter_person.jinja", refusal=refusal, **shown)
    forget(request, ENTER)
    messages.success(request, _("登记了，3 天后生效；旧号码收到了提醒"))
    return redirect("people:counter_person", person_id=person.id)


@require_POST
@signed_in
@_at_the_counter
def recognise(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """A document was seen: whoever came back after a year is the same person."""
    commands.recognise_at_counter(person=_find(request, person_id), actor=request.person, now=clock.now())
    messages.success(request, _("恢复了，还是本人"))
    return redirect("people:counter_person", person_id=person_id)


@require_POST
@signed_in
@_at_the_counter
def take_off_second_factor(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """A document was seen: the app for one-time passwords is lost, and the paper with it."""
    person = _find(request, person_id)
    try:
        commands.remove_second_factor_at_counter(
            person=person, why=_loss(request.POST.get("why", "")), actor=request.person, now=clock.now()
        )
    except Refused as refusal:
        return ask(request, "people/counter_person.jinja", refusal=refusal, **_shown(request, person))
    messages.success(request, _("解除了，也告诉了本人"))
    return redirect("people:counter_person", person_id=person_id)


@require_POST
@signed_in
@_at_the_counter
def confirm_identity(request: SignedInRequest, identity_id: UUID) -> HttpResponse:
    identity = Identity.objects.filter(pk=identity_id).first()
    if identity is None:
        raise Http404
    commands.confirm_identity(identity=identity, actor=request.person, now=clock.now())
    messages.success(request, _("核实了"))
    return redirect("people:counter_person", person_id=identity.person_id)


@require_POST
@signed_in
@_at_the_counter
def cancel(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    change = queries.open_phone_change(_find(request, person_id))
    if change is None:
        raise Http404
    commands.cancel_phone_change(change=change, actor=request.person, now=clock.now())
    messages.success(request, _("撤销了，号码没有变"))
    return redirect("people:counter_person", person_id=person_id)


@require_POST
@signed_in
@_at_the_counter
def withdraw(request: SignedInRequest, person_id: UUID, purpose: str) -> HttpResponse:
    """Somebody at the counter takes back what they agreed to there."""
    noted = queries.noted_consents_of(_find(request, person_id)).filter(purpose=purpose).first()
    if noted is None:
        raise Http404
    commands.note_withdrawal(
        person=noted.person, purpose=ConsentPurpose(purpose), actor=request.person, now=clock.now()
    )
    messages.success(request, _("撤回了，靠它做的事马上停下"))
    return redirect("people:counter_person", person_id=person_id)


@require_http_methods(["GET", "POST"])
@signed_in
@_at_the_counter
def counter_ward(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """A grown-up at the counter has signed for a child: one who has a number here, or one who has none."""
    guardian = _find(request, person_id)
    asks_age = guardian.birth_year is None
    shown: dict[str, Any] = {"who": mask_name(guardian.name), "person_id": guardian.id, "asks_age": asks_age}
    if request.method == "GET":
        return ask(request, "people/counter_ward.jinja", **shown)
    try:
        _record_ward(request, guardian)
    except Refused as refusal:
        return ask(request, "people/counter_ward.jinja", refusal=refusal, **shown)
    messages.success(request, _("监护人登记好了"))
    return redirect("people:counter_person", person_id=person_id)


@require_http_methods(["GET", "POST"])
@signed_in
@_at_the_counter
def counter_birth_year(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """The year of birth, from the document that is shown: what goes by age goes by it."""
    person = _find(request, person_id)
    shown: dict[str, Any] = {"who": mask_name(person.name), "person_id": person.id, "known": person.birth_year}
    if request.method == "GET":
        return ask(request, "people/counter_birth_year.jinja", **shown)
    try:
        year = _year(request.POST.get("birth_year", ""))
        commands.note_birth_year(person=person, birth_year=year, actor=request.person, now=clock.now())
    except Refused as refusal:
        return ask(request, "people/counter_birth_year.jinja", refusal=refusal, **shown)
    messages.success(request, _("出生年份登记好了"))
    return redirect("people:counter_person", person_id=person_id)


@require_http_methods(["GET", "POST"])
@signed_in
@_at_the_counter
def counter_leave(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """Somebody without a page of their own asks to be forgotten. The word has to be typed, as on that page."""
    person = _find(request, person_id)
    policies.may_erase_at_counter(request.person, person, clock.now()).require()
    shown: dict[str, Any] = {"who": mask_name(person.name), "person_id": person.id, "documents": DOCUMENTS}
    if request.method == "GET":
        return ask(request, "people/counter_leave.jinja", **shown)
    try:
        if not is_the_word(request.POST.get("word", "")):
            raise Invalid(_("要删掉，就填“注销”两个字"), field="word")
        document = _document(request.POST.get("document", ""))
        commands.erase_at_counter(person=person, document=document, actor=request.person, now=clock.now())
    except Refused as refusal:
        return ask(request, "people/counter_leave.jinja", refusal=refusal, **shown)
    messages.success(request, _("删掉了；他写的话等办完了也删"))
    return redirect("people:counter")


@require_POST
@signed_in
@_at_the_counter
def end_guardianship(request: SignedInRequest, person_id: UUID, bond_id: UUID) -> HttpResponse:
    """Somebody answers for a child no more; said on the page of either of the two."""
    bond = queries.guardianships_of(_find(request, person_id), clock.now()).filter(pk=bond_id).first()
    if bond is None:
        raise Http404
    commands.end_guardianship(guardianship=bond, actor=request.person, now=clock.now())
    messages.success(request, _("监护登记结束了"))
    return redirect("people:counter_person", person_id=person_id)


def _record_ward(request: SignedInRequest, guardian: Person) -> None:
    typed = request.POST
    paper = as_seen(typed.get("paper", ""))
    if not paper:
        raise Invalid(_("填一下同意书的编号"), field="paper")
    if typed.get("phone"):
        minor = commands.look_up_at_counter(phone=typed["phone"], actor=request.person, now=clock.now())
        commands.record_guardian(
            minor=minor,
            guardian=guardian,
            paper_number=paper,
            age_seen="age_seen" in typed,
            birth_year=_year(typed["birth_year"]) if typed.get("birth_year", "").strip() else None,
            actor=request.person,
            now=clock.now(),
        )
        return
    name = as_seen(typed.get("name", ""))
    if not name:
        raise Invalid(_("孩子没有号码，就填姓名和出生年份"), field="name")
    commands.record_guardian_of_child(
        guardian=guardian,
        name=name,
        birth_year=_year(typed.get("birth_year", "")),
        paper_number=paper,
        age_seen="age_seen" in typed,
        actor=request.person,
        now=clock.now(),
    )


def _year(typed: str) -> int:
    year = normalise_code(typed)
    if not re.fullmatch("[12][0-9]{3}", year):
        raise Invalid(_("出生年份填 4 位数字，比如 2015"), field="birth_year")
    return int(year)


def _find(request: SignedInRequest, person_id: UUID) -> Person:
    """Somebody whom this colleague may serve; the commands ask again."""
    person = Person.objects.filter(pk=person_id, erased_at__isnull=True).select_related("account").first()
    if person is None:
        raise Http404
    policies.may_serve_at_counter(request.person, person, clock.now()).require()
    return person


def _shown(request: SignedInRequest, person: Person) -> dict[str, Any]:
    waiting = pending_for(person.account, request, ENTER)
    may_move = policies.may_touch_account(request.person, person, clock.now())
    new = mask_phone(waiting.phone) if waiting else ""
    may_leave = policies.may_erase_at_counter(request.person, person, clock.now())
    return {**_about(person), "new": new, "may_not": may_move.reason, "may_not_leave": may_leave.reason}


def _about(person: Person) -> dict[str, Any]:
    account, now = person.account, clock.now()
    return {
        "has_own_page": queries.has_own_page(person),
        "who": mask_name(person.name),
        "person_id": person.id,
        "phone": mask_phone(account.phone) if account else "",
        "birth_year": person.birth_year,
        "losses": LOSSES if account is not None and queries.has_second_factor(account) else [],
        "doubted": account is not None and account.doubted_at is not None,
        "change": queries.open_phone_change(person),
        "identities": list(queries.identities_of(person, local_date(now))),
        "noted": list(queries.noted_consents_of(person)),
        "bonds": [
            {
                "id": bond.id,
                "is_guardian": bond.guardian_id == person.id,
                "other": mask_name(_other(bond, person).name),
                "born": bond.minor.birth_year,
                "paper": bond.consent.paper_number,
            }
            for bond in queries.guardianships_of(person, now).select_related("consent").order_by("valid_from", "id")
        ],
        "documents": DOCUMENTS,
    }


def _other(bond: Guardianship, person: Person) -> Person:
    return bond.minor if bond.guardian_id == person.id else bond.guardian


def _document(typed: str) -> Document:
    if typed not in Document.values:
        raise Invalid(_("选一下看的是哪种证件"), field="document")
    return Document(typed)


def _loss(typed: str) -> FactorLoss:
    if typed not in FactorLoss.values:
        raise Invalid(_("选一下为什么解除"), field="why")
    return FactorLoss(typed)

"""The kinds of cases in administration: the list, one with its history, changing, retiring, a workbook out and in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import telling_types, type_forms, type_sheets
from huipai.cases.commands import types
from huipai.cases.commands.types import TypesMoved
from huipai.cases.models import CaseType, TypeSheet
from huipai.cases.policies import entering
from huipai.cases.queries import types as read
from huipai.cases.rules import types as rules
from huipai.cases.rules.types import Terms
from huipai.cases.type_forms import TypeForm
from huipai.cases.type_words import PaymentState, QuestionKind
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.sheets import MAX_BYTES
from huipai.kit.verdict import Invalid, NotVisible, Refused
from huipai.people.http import SignedInRequest, signed_in

# Digits of the last edition that the column holds.
LONGEST_EDITION = 5

PAGE, SHOWN = 50, 200
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@signed_in
def listed(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    entering.may_see_types(request.person, now).require()
    words, retired = request.GET.get("q", "")[:40], request.GET.get("shelf") == "retired"
    page: Page[CaseType] = page_of(read.found(words, retired=retired), request.GET.get("page"), size=PAGE)
    context = {
        "page": page, "words": words, "retired": retired, "now": now,
        "terms": {one.code: read.terms_of(one, []) for one in page.items},
        "may_keep": bool(entering.may_keep_types(request.person, now)),
    }  # fmt: skip
    return render(request, "cases/types.jinja", context)


@require_GET
@signed_in
def one(request: SignedInRequest, code: str) -> HttpResponse:
    """One kind with everything that it says, and every edition with what it changed."""
    now = clock.now()
    entering.may_see_types(request.person, now).require()
    return shown(request, _find(code), now)


def shown(
    request: SignedInRequest, case_type: CaseType, now: datetime, *, refused: Refused | None = None, typed: str = "",
    answered: str = "",
) -> HttpResponse:  # fmt: skip
    """The page of a kind, also where something was refused: with what was typed on it."""
    terms, payments = read.terms_of(case_type), read.payments_of(case_type)
    waits = next((each for each in payments if each.state == PaymentState.PROPOSED), None)
    older = {number: count for number, count in read.open_cases(case_type).items() if number < case_type.edition}
    context = {
        "type": case_type, "terms": terms, "question": telling_types.question, "now": now,
        "history": [
            {"edition": edition, "changes": [telling_types.told(change) for change in edition.changes]}
            for edition in read.history(case_type)
        ],
        "older": sum(older.values()), "may_keep": bool(entering.may_keep_types(request.person, now)),
        "unit_kind": telling_types.said("unit_kind", terms.unit_kind), "typed": typed,
        "refused": refused.reason if refused else "", "has_errors": bool(refused),
        "share": telling_types.said("check_share", terms.check_share), "payments": payments, "answered": answered,
        "may_agree": waits and bool(entering.may_decide_on_payment(request.person, waits.proposed_by, now)),
        "may_withdraw": waits and bool(entering.may_withdraw_payment(request.person, waits)),
    }  # fmt: skip
    return render(request, "cases/type.jinja", context, status=refused.status if refused else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    entering.may_keep_types(request.person, now).require()
    if request.method == "GET":
        initial = {
            "radius_m": 50, "check_share": 100, "max_returns": 2, "position": 0, "is_public": True, "icon": "dots",
            "handle_unit": "work_hours",
        }  # fmt: skip
        return _form(request, _blank(now, initial=initial), None)
    form = _blank(now, request.POST)
    return _tried(
        request, form, None, now,
        lambda terms, reason: types.add(terms=terms, reason=reason, actor=request.person, now=now),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in
def change(request: SignedInRequest, code: str) -> HttpResponse:
    now = clock.now()
    entering.may_keep_types(request.person, now).require()
    case_type = _find(code)
    terms = read.terms_of(case_type)
    if request.method == "GET":
        form = _blank(now, initial=type_forms.initial_of(terms, case_type.edition))
        return _form(request, form, case_type, rows=type_forms.question_rows(terms.questions))
    form = _blank(now, {**request.POST.dict(), "code": case_type.code})
    return _tried(
        request, form, case_type, now,
        lambda wanted, reason: types.change(
            terms=type_forms.retired(wanted, is_active=case_type.is_active),
            seen=_seen(request), reason=reason, actor=request.person, now=now,
        ),
    )  # fmt: skip


def _seen(request: SignedInRequest) -> int:
    """The edition that was looked at; nought, which no edition is, for anything else."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) <= LONGEST_EDITION else 0


@require_POST
@signed_in
def retire(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a kind out of use, or bring it back; nothing that runs stops."""
    now = clock.now()
    entering.may_keep_types(request.person, now).require()
    case_type = _find(code)
    is_active, terms = request.POST.get("do") == "back", read.terms_of(case_type)
    if not is_active:
        terms = rules.out_of_use(terms, units=read.units_in_service(), items=read.items_at(now))
    reason = request.POST.get("reason", "")
    try:
        types.change(
            terms=type_forms.retired(terms, is_active=is_active),
            seen=_seen(request), reason=reason, actor=request.person, now=now,
        )  # fmt: skip
    except Refused as refusal:
        return shown(request, _find(code), now, refused=refusal, typed=reason)
    messages.success(request, _("又可以选了") if is_active else _("停用了，正在办的照旧办完"))
    return redirect("cases:type", code=code)


@require_http_methods(["GET", "POST"])
@signed_in
def excel(request: SignedInRequest) -> HttpResponse:
    """The workbook out, and in again: what is wrong is said cell by cell."""
    now = clock.now()
    entering.may_keep_types(request.person, now).require()
    if request.method == "GET":
        return _excel(request)
    file: File[bytes] | None = request.FILES.get("file")
    try:
        if file is None:
            raise Invalid(_("选一个文件"), field="file")
        if (file.size or 0) > MAX_BYTES:
            raise Invalid(_("文件超过 %(size)s MB，分成几个再传") % {"size": MAX_BYTES // 1024 // 1024}, field="file")
        said = type_sheets.read(
            file.open(), units=read.units_in_service(), items=frozenset(read.items_at(now)),
            standing=read.book(),
        )  # fmt: skip
    except Invalid as refusal:
        return _excel(request, refused=refusal)
    if said.problems:
        return _excel(request, problems=said.problems)
    kept = types.keep_sheet(wanted=said.wanted, file_name=file.name or "", actor=request.person, now=now)
    return redirect("cases:type_sheet", sheet_id=kept.pk)


def _excel(
    request: SignedInRequest, *, refused: Refused | None = None, problems: list[Any] | None = None
) -> HttpResponse:
    found = problems or []
    context = {
        "problems": found[:SHOWN], "rest": len(found) - SHOWN, "refused": refused.reason if refused else "",
        "has_errors": bool(found or refused), "now": clock.now(),
        "sheets": TypeSheet.objects.filter(applied_at__isnull=False)
        .defer("wanted", "before").select_related("uploaded_by").order_by("-applied_at")[:10],
    }  # fmt: skip
    return render(request, "cases/types_excel.jinja", context, status=422 if found or refused else 200)


@require_GET
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """Every type as it is now, or the empty workbook."""
    entering.may_see_types(request.person, clock.now()).require()
    if request.GET.get("what") == "template":
        return _workbook(type_sheets.template(), _("案件类别模板.xlsx"))
    return _workbook(type_sheets.workbook(read.book().values()), _("案件类别.xlsx"))


@require_GET
@signed_in
def before(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    """What every type said before a workbook was put in force: reading it in again undoes that."""
    then = [Terms.of(plain) for plain in _sheet_of(request, sheet_id).before.values()]
    return _workbook(type_sheets.workbook(then), _("案件类别（导入前）.xlsx"))


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=SPREADSHEET)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@require_http_methods(["GET", "POST"])
@signed_in
def sheet(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    """What a workbook would change, row by row; by POST all of it, or nothing."""
    found = _sheet_of(request, sheet_id)
    if request.method == "GET":
        return _sheet(request, found)
    now = clock.now()
    try:
        types.apply_sheet(sheet_id=found.pk, actor=request.person, now=now)
    except TypesMoved as moved:
        wanted = {code: Terms.of(plain) for code, plain in found.wanted.items()}
        again = types.keep_sheet(wanted=wanted, file_name=found.file_name, actor=request.person, now=now)
        return _sheet(request, again, said=moved)
    except Invalid as refusal:
        return _sheet(request, found, said=refusal)
    messages.success(request, _("导入好了；正在办的照原来的时限"))
    return redirect("cases:types")


def _sheet(request: SignedInRequest, found: TypeSheet, *, said: Refused | None = None) -> HttpResponse:
    wanted = {code: Terms.of(plain) for code, plain in found.wanted.items()}
    context = {
        "sheet": found, "plan": telling_types.plan(wanted, read.book()), "said": said.reason if said else "",
        "has_errors": bool(said), "now": clock.now(),
    }  # fmt: skip
    return render(request, "cases/types_sheet.jinja", context, status=said.status if said else 200)


def _sheet_of(request: SignedInRequest, sheet_id: UUID) -> TypeSheet:
    entering.may_keep_types(request.person, clock.now()).require()
    found = TypeSheet.objects.filter(pk=sheet_id).first()
    if found is None:
        raise NotVisible
    return found


def _find(code: str) -> CaseType:
    found = CaseType.objects.select_related("unit").filter(code=code).first()
    if found is None:
        raise NotVisible
    return found


def _blank(now: datetime, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None) -> TypeForm:
    return TypeForm(data, initial=initial, units=read.units_in_service(), items=read.items_at(now))


def _tried(
    request: SignedInRequest, form: TypeForm, case_type: CaseType | None, now: datetime,
    act: Callable[[Terms, str], CaseType],
) -> HttpResponse:  # fmt: skip
    status = 422
    rows = type_forms.question_rows(tuple(type_forms.questions_in(request.POST)))
    if form.is_valid():
        try:
            done = act(form.terms(is_active=True), form.cleaned_data["reason"])
        except NotVisible:
            raise
        except TypesMoved as moved:
            assert case_type is not None
            return _beside(request, form, case_type, rows, moved)
        except Refused as refusal:
            names = (refusal.field, f"{refusal.field}_amount")
            form.add_error(next((name for name in names if name in form.fields), None), refusal.reason)
            status = refusal.status
        else:
            messages.success(request, _("从现在起照这样；正在办的照原来的时限"))
            if form.cleaned_data["point_item"] != done.point_item:
                messages.info(request, _("按哪条积分，等另一位定了再改"))
            return redirect("cases:type", code=done.code)
    return _form(request, form, case_type, rows=rows, status=status)


def _beside(
    request: SignedInRequest, form: TypeForm, case_type: CaseType, rows: list[dict[str, object]], moved: Refused
) -> HttpResponse:
    """What others changed since stands beside what was written, which is kept as it is when it is sent once more."""
    seen = _seen(request)
    since = [edition for edition in read.history(case_type) if edition.number > seen]
    form.add_error(None, _("您开着这一页的时候，别人改过这一类。改了什么写在下面；看过再保存一次，就照您写的"))
    form.data = {**form.data, "seen": case_type.edition}
    return _form(request, form, case_type, rows=rows, status=moved.status, since=since)


def _form(
    request: SignedInRequest, form: TypeForm, case_type: CaseType | None, *,
    rows: list[dict[str, object]] | None = None, status: int = 200, since: Sequence[read.Edition] = (),
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form, "type": case_type, "has_errors": bool(form.errors), "kinds": QuestionKind.choices,
        "rows": rows if rows is not None else type_forms.question_rows(()),
        "stages": [(form[f"{stage.value}_amount"], form[f"{stage.value}_unit"]) for stage in type_forms.STAGES],
        "handle": (form["handle_amount"], form["handle_unit"]),
        "since": [(one, [telling_types.told(change) for change in one.changes]) for one in since],
    }  # fmt: skip
    return render(request, "cases/type_form.jinja", context, status=status)

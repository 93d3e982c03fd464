"""The whole rulebook out as a workbook, and in again: shown first, then written into the draft as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.kit import clock
from huipai.kit.render import render
from huipai.kit.sheets import MAX_BYTES, Problem, Row, Rows
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible, Refused
from huipai.people.http import SignedInRequest
from huipai.rulebook import commands, policies, queries, rules, sheets
from huipai.rulebook.commands.refusals import ReasonTooLong, SheetMoved, SheetUnexplained
from huipai.rulebook.forms import UploadForm, take
from huipai.rulebook.models import RulebookVersion, Sheet
from huipai.rulebook.pages.desk import at_desk, draft_or_404
from huipai.rulebook.pages.reading import SPREADSHEET
from huipai.rulebook.pages.shapes import told

_SHOWN = 200


@require_http_methods(["GET", "POST"])
@at_desk
def exchange(request: SignedInRequest) -> HttpResponse:
    """Choose a file; what is wrong with it is said row by row."""
    policies.may_write(request.person, clock.now()).require()
    version = queries.open_draft()
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "GET":
        return _page(request, form, version)
    if version is None:
        raise NotVisible
    if not form.is_valid():
        return _page(request, form, version, status=422)
    try:
        file: File[bytes] = form.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise Invalid(_("文件超过 %(size)s MB，分成几个再传") % {"size": MAX_BYTES // 1024 // 1024}, field="file")
        rows, ending = sheets.read(file), sheets.read_ending(file)
        book = queries.book(version)
        items = [_terms(row, rows, book.get(row["code"])) for row in rows.rows]
        if problems := [*_problems(rows), *ending.problems]:
            first = {terms.code: terms for terms in reversed(items)}.values()
            refusals = commands.try_sheet(version_id=version.id, actor=request.person, items=first, now=clock.now())
            return _page(request, form, version, problems=[*problems, *_unfit(rows, refusals)], status=422)
        kept = commands.keep_sheet(
            version_id=version.id, actor=request.person, file_name=file.name or "", items=items,
            end_rule=sheets.end_rule_of(ending), lacking=sheets.lacking(rows.columns), now=clock.now(),
        )  # fmt: skip
    except commands.SheetUnfit as unfit:
        return _page(request, form, version, problems=_unfit(rows, unfit.refusals), status=422)
    except (Invalid, Moved) as refusal:
        return _page(request, form, version, status=take(form, refusal))
    return redirect("rulebook:sheet", sheet_id=kept.pk)


def _terms(row: Row, rows: Rows, then: rules.Terms | None) -> rules.Terms:
    return rules.with_breaks_of(then, sheets.terms_of(row, rows.columns, then))


def _problems(rows: Rows) -> list[Problem]:
    """What the cells and the codes say against it."""
    found = [*rows.problems, *_twice(rows)]
    if not rows.rows and not found:
        found.append(Problem(rows.table.name, 2, "", _("表里一行条目也没有")))
    return found


def _unfit(rows: Rows, refusals: list[commands.Refusal]) -> list[Problem]:
    """What the draft would refuse, at the row and the column that it is about."""
    places = {row["code"]: row.number for row in reversed(rows.rows)}
    return [
        Problem(rows.table.name, places[one.code], _header(one.refused.field), _said(one.refused)) for one in refusals
    ]


def _said(refused: Refused) -> str:
    mend = refused.mend if isinstance(refused, rules.Unfit) else ""
    return _("%(name)s（%(more)s）") % {"name": refused.reason, "more": mend} if mend else refused.reason


def _twice(rows: Rows) -> Iterator[Problem]:
    """Codes that stand a second time, those of rows with another error among them."""
    seen = set()
    for row in sorted([*rows.rows, *rows.wrong], key=lambda row: row.number):
        code = row.cells.get("code")
        if code in seen:
            yield Problem(rows.table.name, row.number, _("编号"), _("这个编号在前面已经有了"))
        if code:
            seen.add(code)


def _header(field: str | None) -> str:
    return next((column.header for column in sheets.ITEMS.columns if column.key == field), field or "")


def _page(
    request: SignedInRequest, form: UploadForm, version: RulebookVersion | None, *, status: int = 200,
    problems: list[Problem] | None = None,
) -> HttpResponse:  # fmt: skip
    problems = sorted(problems or [], key=lambda problem: (problem.table != sheets.ITEMS.name, problem.row))
    shown: dict[str, Any] = {
        "form": form, "version": version, "problems": problems[:_SHOWN], "rest": len(problems) - _SHOWN,
        "has_errors": bool(form.errors or problems), "in_force": queries.in_force(clock.now()),
    }  # fmt: skip
    return render(request, "rulebook/exchange.jinja", shown, status=status)


@require_GET
@at_desk
def sheet(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    return _sheet(request, _find(request, sheet_id))


def _sheet(
    request: SignedInRequest, found: Sheet, *, said: str = "", wrong: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """What the workbook would change in the draft as it stands now; `wrong`: what is amiss, by the code of an item."""
    book = queries.book(found.version)
    wanted = found.wanted(book)
    leads = rules.diff(book, wanted) if found.applied_at is None else None
    shown = {
        "sheet": found, "changes": [told(change) for change in leads.all] if leads else [], "said": said,
        "tally": (len(leads.added), len(leads.changed), len(leads.removed)) if leads else (0, 0, 0),
        "ending": _ending(found) if found.applied_at is None else None,
        "reasoned": len(leads.reasoned) if leads else 0, "has_errors": bool(said or wrong), "now": clock.now(),
        "unexplained": queries.leaves_out(found.version, wanted) if leads else [], "whys": _whys(request),
        "wrong": wrong or {}, "errors": [(f"f-why-{code}", words) for code, words in (wrong or {}).items()],
    }  # fmt: skip
    return render(request, "rulebook/sheet.jinja", shown, status=status)


def _whys(request: SignedInRequest) -> dict[str, str]:
    """Why each item goes that the workbook leaves out, by its code."""
    return {name.removeprefix("why-"): request.POST[name] for name in request.POST if name.startswith("why-")}


def _ending(found: Sheet) -> tuple[rules.EndRule, rules.EndRule] | None:
    """The rule of the scheme's end before and after, where the workbook says another."""
    wanted = rules.EndRule(**found.end_rule) if found.end_rule else found.version.end_rule
    return (found.version.end_rule, wanted) if wanted != found.version.end_rule else None


@require_POST
@at_desk
def apply_sheet(request: SignedInRequest, sheet_id: UUID) -> HttpResponse:
    found = _find(request, sheet_id)
    try:
        commands.apply_sheet(sheet_id=found.pk, struck=_whys(request), actor=request.person, now=clock.now())
    except SheetMoved:
        return _shown_again(request, found)
    except (ReasonTooLong, SheetUnexplained) as refusal:
        codes = refusal.missing if isinstance(refusal, SheetUnexplained) else [(refusal.field or "")[4:]]
        return _sheet(request, found, wrong=dict.fromkeys(codes, refusal.reason), status=422)
    except (Invalid, Moved, NotAllowed) as refusal:
        return _sheet(request, found, said=refusal.reason, status=refusal.status)
    messages.success(request, _("写进草稿了"))
    return redirect("rulebook:items")


def _shown_again(request: SignedInRequest, found: Sheet) -> HttpResponse:
    """The same workbook against the draft as it stands now."""
    try:
        again = commands.keep_again(sheet_id=found.pk, actor=request.person, now=clock.now())
    except Invalid as refusal:
        return _sheet(request, found, said=refusal.reason, status=refusal.status)
    return _sheet(request, again, said=SheetMoved().reason, status=409)


@require_GET
@at_desk
def template(request: SignedInRequest) -> HttpResponse:
    """The workbook to fill in."""
    return _workbook(sheets.template(), "rulebook-template.xlsx")


@require_GET
@at_desk
def draft_workbook(request: SignedInRequest) -> HttpResponse:
    """The draft as a workbook."""
    policies.may_read_draft(request.person, clock.now()).require()
    version = draft_or_404()
    items = queries.book(version)
    content = sheets.workbook((items[code] for code in sorted(items)), version.end_rule)
    return _workbook(content, "rulebook-draft.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=SPREADSHEET)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _find(request: SignedInRequest, sheet_id: UUID) -> Sheet:
    policies.may_write(request.person, clock.now()).require()
    found = Sheet.objects.select_related("version").filter(pk=sheet_id).first()
    if found is None:
        raise NotVisible
    return found

"""Imports: a file is checked and shown, then applied as a whole, or not at all."""

from __future__ import annotations

import io
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huipai.grid import commands, policies, sheets
from huipai.grid.commands.refusals import FindingsMoved
from huipai.grid.commands.uploads import look_again
from huipai.grid.forms import DrawingForm, UploadForm, take
from huipai.grid.models import Upload
from huipai.grid.pages.desk import at_desk
from huipai.grid.queries.drawing import DrawingReport, check_drawing
from huipai.grid.queries.plan import TreePlan, plan_tree
from huipai.grid.rules.drawing import MAX_BYTES
from huipai.grid.words import TableKind
from huipai.kit import clock
from huipai.kit.coordinates import Crs
from huipai.kit.render import render
from huipai.kit.sheets import MAX_BYTES as MAX_SHEET_BYTES
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.http import SignedInRequest

_SHOWN = 200
_TREE, _DRAWING = "tree-%s", "drawing-%s"


@dataclass(frozen=True)
class _Checked:
    """What a file would do now."""

    digest: str
    drawing: DrawingReport | None = None
    plan: TreePlan | None = None

    @property
    def has_problems(self) -> bool:
        return bool((self.drawing and self.drawing.troubles) or (self.plan and self.plan.problems))


def _check(request: SignedInRequest, kind: TableKind, content: bytes, crs: Crs) -> _Checked:
    now = clock.now()
    if kind == TableKind.BOUNDARIES:
        drawing = check_drawing(content, crs, now, _middle(request))
        return _Checked(drawing.digest, drawing=drawing)
    plan = plan_tree(sheets.read(io.BytesIO(content)), request.person, now)
    return _Checked(plan.digest, plan=plan)


def _middle(request: SignedInRequest) -> tuple[float, float]:
    return request.street.center_lng, request.street.center_lat


@require_GET
@at_desk
def imports(request: SignedInRequest) -> HttpResponse:
    policies.may_keep_tree(request.person, clock.now()).require()
    return _page(request, UploadForm(auto_id=_TREE), DrawingForm(auto_id=_DRAWING))


def _page(request: SignedInRequest, tree: Form, drawing: Form, *, status: int = 200) -> HttpResponse:
    waiting = Upload.objects.defer("content").select_related("uploaded_by").order_by("-uploaded_at")[:20]
    shown = {
        "tree": tree, "drawing": drawing, "uploads": waiting, "now": clock.now(),
        "has_errors": bool(tree.errors or drawing.errors), "keeps_tree": True,
    }  # fmt: skip
    return render(request, "grid/imports.jinja", shown, status=status)


@require_POST
@at_desk
def upload_tree(request: SignedInRequest) -> HttpResponse:
    return _upload(request, TableKind.TREE, UploadForm(request.POST, request.FILES, auto_id=_TREE), MAX_SHEET_BYTES)


@require_POST
@at_desk
def upload_boundaries(request: SignedInRequest) -> HttpResponse:
    return _upload(request, TableKind.BOUNDARIES, DrawingForm(request.POST, request.FILES, auto_id=_DRAWING), MAX_BYTES)


def _upload(request: SignedInRequest, kind: TableKind, form: UploadForm, most: int) -> HttpResponse:
    policies.may_keep_tree(request.person, clock.now()).require()
    status = 422
    if form.is_valid():
        file: File[bytes] = form.cleaned_data["file"]
        crs = Crs(form.cleaned_data.get("crs") or Crs.WGS84)
        try:
            content = _content(file, most)
            checked = _check(request, kind, content, crs)
        except (Invalid, Moved) as refusal:
            status = take(form, refusal)
        else:
            kept = commands.keep_upload(
                kind=kind, file_name=file.name or "", content=content, crs=crs, findings=checked.digest,
                actor=request.person, now=clock.now(),
            )  # fmt: skip
            return redirect("grid:preview", upload_id=kept.pk)
    if kind == TableKind.TREE:
        return _page(request, form, DrawingForm(auto_id=_DRAWING), status=status)
    return _page(request, UploadForm(auto_id=_TREE), form, status=status)


def _content(file: File[bytes], most: int) -> bytes:
    if (file.size or 0) > most:
        raise Invalid(_("文件超过 %(size)s MB，分成几个再传") % {"size": most // 1024 // 1024}, field="file")
    content: bytes = file.read()
    return content


@require_GET
@at_desk
def preview(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """What the file would change, what is wrong with it, and what it would leave between the areas."""
    return _preview(request, _find(request, upload_id))


@require_POST
@at_desk
def check_again(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """The same file against the grid as it is now."""
    upload = _find(request, upload_id)
    checked = _check(request, TableKind(upload.kind), bytes(upload.content), Crs(upload.crs))
    look_again(upload_id=upload.pk, findings=checked.digest, actor=request.person, now=clock.now())
    return redirect("grid:preview", upload_id=upload.pk)


@require_POST
@at_desk
def apply(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """All of it, or nothing; if the grid has moved since it was shown, it is shown again."""
    upload = _find(request, upload_id)
    try:
        if upload.kind == TableKind.BOUNDARIES:
            commands.apply_boundaries(
                upload_id=upload.pk, middle=_middle(request), actor=request.person, now=clock.now()
            )
        elif upload.applied_at is None:
            tables = sheets.read(io.BytesIO(bytes(upload.content)))
            commands.apply_tree(upload_id=upload.pk, tables=tables, actor=request.person, now=clock.now())
    except FindingsMoved as refusal:
        checked = _check(request, TableKind(upload.kind), bytes(upload.content), Crs(upload.crs))
        look_again(upload_id=upload.pk, findings=checked.digest, actor=request.person, now=clock.now())
        return _preview(request, upload, said=refusal.reason, status=409)
    except (Invalid, Moved) as refusal:
        return _preview(request, upload, said=refusal.reason, status=refusal.status)
    messages.success(request, _("导入好了"))
    return redirect("grid:preview", upload_id=upload.pk)


def _preview(request: SignedInRequest, upload: Upload, *, said: str = "", status: int = 200) -> HttpResponse:
    checked = None
    if upload.applied_at is None:
        checked = _check(request, TableKind(upload.kind), bytes(upload.content), Crs(upload.crs))
    shown = {
        "upload": upload, "checked": checked, "said": said, "shown": _SHOWN, "now": clock.now(),
        "has_errors": bool(said), "is_drawing": upload.kind == TableKind.BOUNDARIES,
        "has_moved": checked is not None and not said and checked.digest != upload.findings,
    }  # fmt: skip
    return render(request, "grid/preview.jinja", shown, status=status)


@require_GET
@at_desk
def template(request: SignedInRequest) -> HttpResponse:
    """The workbook to fill in."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(sheets.template(), content_type=kind)
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E7%BD%91%E6%A0%BC%E4%B8%8E%E4%BA%BA%E5%91%98.xlsx"
    return answer


def _find(request: SignedInRequest, upload_id: UUID) -> Upload:
    policies.may_keep_tree(request.person, clock.now()).require()
    upload = Upload.objects.filter(pk=upload_id).first()
    if upload is None:
        raise NotVisible
    return upload

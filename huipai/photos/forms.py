"""Photos in a form that is sent without script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from huipai.photos.words import MAX_FILES


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/*", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sequence[UploadedFile[bytes]]:
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []


class PhotosField(forms.Field):
    """Up to nine files, as they came. What each one is, is judged by `photos.commands.receive_all`."""

    widget = SeveralFiles
    default_error_messages = {
        "required": _("请拍一张照片，或者从相册选一张"),
        "too_many": _("一次最多 %(most)s 张照片，请少选几张"),
    }

    def clean(self, value: Any) -> list[UploadedFile[bytes]]:
        files = list(value or [])
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > MAX_FILES:
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many", params={"most": MAX_FILES})
        return files

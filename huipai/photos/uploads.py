"""Receiving the bytes of an upload: streamed into a temporary file, which never grows beyond the limit."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from huipai.photos.words import MAX_BYTES


class StreamedUpload(TemporaryUploadedFile):
    """`size` is what was sent. A file too large, or one the disk could not hold, is kept empty, never cut short."""

    failure: OSError | None = None


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps at most `MAX_BYTES` of each file and goes on reading, so that the other fields of the form survive."""

    file: StreamedUpload

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super(TemporaryFileUploadHandler, self).new_file(*args, **kwargs)
        self.file = StreamedUpload(
            self.file_name or "", self.content_type or "", 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > MAX_BYTES or self.file.failure is not None:
            return
        try:
            self.file.write(raw_data)
        except OSError as failure:
            self.file.failure = failure

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        try:
            self.file.flush()
        except OSError as failure:
            self.file.failure = failure
        if file_size > MAX_BYTES or self.file.failure is not None:
            self._empty()
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def _empty(self) -> None:
        with open(self.file.temporary_file_path(), "wb"):
            pass

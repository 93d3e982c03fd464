"""The words of attachments: papers and tables that belong to a case, each for named eyes and never public."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileKind(TextChoices):
    """What a file is by its bytes; the name decides nothing."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"


class Eyes(TextChoices):
    """For whom an attachment is, besides those who look after the place. Nothing is preselected."""

    INSIDE = "inside", _("只给网格、社区和联动中心")
    UNIT = "unit", _("也给办这件事的单位")
    REPORTER = "reporter", _("也给上报人")


CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}
LONGEST_NAME = 80
MOST_A_CASE = 20

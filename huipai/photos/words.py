"""The words of photos: states, kinds, sources, sizes and limits."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 120_000_000
MAX_FILES = 9
MOST_BEHIND = 30
"""By so many of their own that wait a photo falls behind those of others, and not by more."""
PER_DAY, PER_DAY_STAFF = 100, 400
"""Photos that one person may send within 24 hours."""

LARGEST_PIECE = 1024 * 1024
UPLOAD_KEPT_DAYS = 3
"""So long the server keeps a photo of which only a part has come."""
UPLOADS_AT_ONCE, BYTES_AT_ONCE = 30, 200 * 1024 * 1024
"""What one person may have on the way."""

LIKENESS_LASTS = timedelta(days=400)
"""So long after it came a picture is looked for among what is sent later; then it may be used again."""

MARKED_A_NIGHT = 20_000
"""Of so many photos the marks are made in one night where they were developed before there were any."""

UNUSED_LASTS = timedelta(days=30)
"""So long a photo may lie beside a draft: the shortest time that the purpose needs (PIPL art. 19)."""

GRANT_STEP_SECONDS = 900
"""A grant ends with the step after the one it was given in: after 15 to 30 minutes, with one address a step."""
ORIGINAL_GRANT_SECONDS = 120
PUBLIC_CACHE_SECONDS = 300


class Kind(TextChoices):
    """What the bytes are, judged by the bytes."""

    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    WEBP = "webp", "WebP"
    HEIC = "heic", "HEIC"


class State(TextChoices):
    RECEIVED = "received", _("照片已收到，正在整理")
    READY = "ready", _("照片已就绪")
    UNREADABLE = "unreadable", _("照片打不开，请另选一张")


ERASED_WORDS = _("照片已按规定删除")


class Source(TextChoices):
    """Where a claimed place and time come from."""

    EXIF = "exif", _("照片里记的")
    DEVICE = "device", _("手机定位")
    NONE = "none", _("没有")


class Variant(TextChoices):
    ORIGINAL = "original", _("原图")
    PUBLIC = "public", _("公开用的副本")
    THUMB = "thumb", _("缩略图")
    TINY = "tiny", _("小图标")


class Copy:
    """Longest side, in pixels, of each copy that the job makes; of a long, narrow picture the public one is longer."""

    PUBLIC = 2048
    THUMB = 480
    TINY = 96


class ErasingReason(TextChoices):
    RETENTION = "retention", _("保存期满")
    REQUEST = "request", _("本人要求删除")
    UNLAWFUL = "unlawful", _("不应保存的内容")


class Fact(TextChoices):
    RECEIVED = "photo.received", _("照片收到并封存")
    READY = "photo.ready", _("公开副本已生成")
    UNREADABLE = "photo.unreadable", _("照片打不开")
    ORIGINAL_OPENED = "photo.original_opened", _("打开了原图")
    RELEASED = "photo.released", _("照片由人看过后公开")
    WITHDRAWN = "photo.release_withdrawn", _("照片收回公开")
    ERASED = "photo.erased", _("照片已删除")

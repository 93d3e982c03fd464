"""Why a file is not taken as a photo. Each has its own sentence; what was typed beside it is kept."""

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid


class BadPhoto(Invalid):
    """A file that cannot become a photo of a report."""

    code = "bad_photo"
    default_reason = _("这张照片用不了，请另选一张")

    def __init__(self) -> None:
        super().__init__(field="file")


class EmptyFile(BadPhoto):
    code = "empty_file"
    default_reason = _("这个文件是空的，再选一次照片")


class NotAPicture(BadPhoto):
    code = "not_a_picture"
    default_reason = _("不是图片，换一张 JPG 或 HEIC")


class UnsupportedPicture(BadPhoto):
    code = "unsupported_picture"
    default_reason = _("这种图片格式收不了，换一张 JPG 或 HEIC")


class CutShort(BadPhoto):
    code = "cut_short"
    default_reason = _("照片没传完整，再选一次")


class TooLarge(BadPhoto):
    code = "too_large"
    default_reason = _("照片太大（超过 20 MB），压小后再传")


class TooCostly(BadPhoto):
    """Few enough pixels, in a form whose decoder takes more memory for each than a picture may have here."""

    code = "picture_costs_too_much"
    default_reason = _("这种格式的大照片我们打不开，另存成普通的 JPEG 再传")


class TooManyPixels(BadPhoto):
    code = "too_many_pixels"
    default_reason = _("照片像素太多，我们打不开，换一张普通尺寸的")


class TooManyParts(BadPhoto):
    """So many empty pieces that looking at them costs more than the picture; no camera and no program writes such."""

    code = "too_many_parts"
    default_reason = _("这个文件不像相机拍的，打不开，另存成普通的 JPEG 再传")

"""Ways out of the house."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    SMS = "sms", _("短信")
    MAIL = "mail", _("邮件")
    WECHAT = "wechat", _("微信")
    WEBPUSH = "webpush", _("浏览器推送")


class Kind(TextChoices):
    """What a message is for; the gateway chooses its template and its queue by it."""

    CODE = "code", _("验证码")
    NOTICE = "notice", _("通知")
    WARNING = "warning", _("安全提醒")


class Failure(TextChoices):
    NOT_CONFIGURED = "not_configured", _("没有配置这个通道")
    TOO_LATE = "too_late", _("发出前已经过期")
    REFUSED = "refused", _("对方没有收下")


# A worker that claimed a message and died gives it up after this time.
CLAIM_HOLDS = timedelta(minutes=2)
MESSAGES_ARE_KEPT = timedelta(days=31)

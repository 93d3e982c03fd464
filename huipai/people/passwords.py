"""What a password of ours may not be, beside Django's own rules."""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from huipai.people.models import Account


class NotThePhone:
    """Refuses a password with the account's number in it."""

    def validate(self, password: str, user: Account | None = None) -> None:
        number = (user.phone or "")[3:] if user else ""
        if number and number in password:
            raise ValidationError(_("密码里不要有自己的手机号"), code="password_has_phone")

    def get_help_text(self) -> str:
        return _("密码里不要有自己的手机号")


class NotTheOldOne:
    """Refuses the password that is in use now: a forced change has to change it."""

    def validate(self, password: str, user: Account | None = None) -> None:
        if user is not None and user.has_usable_password() and check_password(password, user.password):
            raise ValidationError(_("新密码要和现在的不一样"), code="password_unchanged")

    def get_help_text(self) -> str:
        return _("新密码要和现在的不一样")

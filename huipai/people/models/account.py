"""Sign-in, the same in all streets."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from huipai.kit.ids import new_id
from huipai.people.words import MOST_IN_A_ROW, PASSWORD_LASTS
from huipai.streets.models import Street


def no_password() -> str:
    """A stored password that nothing matches: its owner signs in by a code."""
    return make_password(None)


def new_session_mark() -> str:
    return secrets.token_hex(8)


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(phone=username)


class Account(AbstractBaseUser):
    """A sign-in, by phone number, valid in all streets (ruling 2)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # E.164; nobody's once it was given up or its owner was erased.
    phone = models.CharField(max_length=16, unique=True, null=True)  # noqa: DJ001
    phone_confirmed_at = models.DateTimeField(null=True)
    # When the number went to somebody else, and nobody comes in with the account any more; None once it has another.
    given_up_at = models.DateTimeField(null=True)
    password = models.CharField(max_length=128, default=no_password)
    password_changed_at = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # In how many streets its owner is employed.
    employed_in = models.PositiveSmallIntegerField(default=0)
    needs_second_factor = models.BooleanField(default=False)
    # The last time step whose one-time password was taken; none is taken twice.
    second_factor_step = models.BigIntegerField(null=True)
    # Wrong passwords and one-time passwords since somebody last came in with it.
    failed_in_a_row = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Part of every session's hash: a new mark ends them all.
    session_mark = models.CharField(max_length=16, default=new_session_mark)
    # Set when a number comes back after a year: it may be somebody else's now.
    doubted_at = models.DateTimeField(null=True)
    # The street whose counter was asked for another number, while that cools: the account is one in all streets.
    leaves_in = models.ForeignKey(Street, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="people_a_phone_is_e164", condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$")
            ),
            models.CheckConstraint(
                name="people_an_erased_account_is_empty",
                condition=Q(erased_at__isnull=True) | Q(phone__isnull=True, is_active=False),
            ),
            models.CheckConstraint(
                name="people_a_number_given_up_is_dated",
                condition=Q(phone__isnull=False, given_up_at__isnull=True)
                | Q(phone__isnull=True) & (Q(given_up_at__isnull=False) | Q(erased_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="people_numbers_on_their_way", fields=["leaves_in"], condition=Q(leaves_in__isnull=False))
        ]

    @property
    def is_staff(self) -> bool:
        """Employed somewhere: signs in with a password, and its sessions end when idle."""
        return self.employed_in > 0

    @property
    def is_stopped(self) -> bool:
        """Nobody comes in with its password before its owner was looked at another way."""
        return self.failed_in_a_row >= MOST_IN_A_ROW

    def password_is_over(self, at: datetime) -> bool:
        """Whether somebody employed has had the same password for so long that it opens only the page of another."""
        since = self.password_changed_at
        return self.is_staff and self.has_usable_password() and since is not None and at - since >= PASSWORD_LASTS

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Changes with the password and with the session mark, so that either ends every session."""
        return salted_hmac(
            "huipai.people.session", f"{self.password}:{self.session_mark}", secret=secret, algorithm="sha256"
        ).hexdigest()

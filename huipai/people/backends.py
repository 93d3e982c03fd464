"""Signing in is allauth's; looking up who has signed in is ours."""

from __future__ import annotations

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from huipai.people import arrival
from huipai.people.models import Account
from huipai.streets.current import is_in_street


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend, with the look-up of every request made together with the person's."""

    def get_user(self, user_id: UUID) -> Account | None:
        account: Account | None = arrival.of(user_id) if is_in_street() else super().get_user(user_id)
        return account if account is not None and self.user_can_authenticate(account) else None

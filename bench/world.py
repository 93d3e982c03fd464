"""A fresh database in production mode with two streets, and people signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.management import call_command
from django.test import Client

from huipai.people.models import Account
from huipai.streets.models import Street

CSRF = "a" * 32


@dataclass
class Built:
    """The world that entries prepare and ask."""

    database_url: str
    host: str
    street_id: UUID
    slug: str
    now: datetime
    _cookies: dict[UUID, str] = field(default_factory=dict)

    def cookies(self, account_id: UUID) -> str:
        """The Cookie header of somebody signed in, with a CSRF cookie that goes with `CSRF` in a form."""
        if account_id not in self._cookies:
            client = Client()
            client.force_login(Account.objects.get(id=account_id))
            self._cookies[account_id] = f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"
        return self._cookies[account_id]


def build(database_url: str, host: str, now: datetime) -> Built:
    """Migrate, and open two streets: one that is measured, and one whose rows lie between."""
    call_command("migrate", verbosity=0)
    street = _open_street("bench-one", now)
    _open_street("bench-two", now)
    return Built(database_url, host, street.id, street.slug, now)


def _open_street(slug: str, now: datetime) -> Street:
    return Street.objects.create(
        slug=slug, name="柳溪街道", operator="柳溪街道办事处", center_lng=120.73, center_lat=31.28, opened_at=now
    )

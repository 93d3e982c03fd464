"""A fresh database in production mode with two streets, and people signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.management import call_command
from django.test import Client

from bench.ground import Ground, lay
from huipai.people.models import Account
from huipai.streets.current import in_street
from huipai.streets.models import Street

CSRF = "a" * 32


@dataclass
class World:
    """The world that entries prepare and ask."""

    database_url: str
    host: str
    street_id: UUID
    slug: str
    now: datetime
    ground: Ground
    _cookies: dict[UUID, str] = field(default_factory=dict)

    def cookies(self, account_id: UUID | None) -> str:
        """The Cookie header of somebody signed in, with a CSRF cookie that goes with `CSRF` in a form."""
        assert account_id is not None
        if account_id not in self._cookies:
            client = Client()
            client.force_login(Account.objects.get(id=account_id))
            self._cookies[account_id] = f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"
        return self._cookies[account_id]


def build(database_url: str, host: str, now: datetime) -> World:
    """Migrate, and open two streets: one that is measured, and one whose rows lie between."""
    call_command("migrate", verbosity=0)
    street, _other = _open_street("bench-one", now), _open_street("bench-two", now)
    with in_street(street.id):
        ground = lay(now)
    return World(database_url, host, street.id, street.slug, now, ground)


def _open_street(slug: str, now: datetime) -> Street:
    return Street.objects.create(
        slug=slug, name="柳溪街道", operator="柳溪街道办事处", center_lng=120.73, center_lat=31.28, opened_at=now
    )

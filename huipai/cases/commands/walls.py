"""Links for screens on walls: made by the system administrator, shown once, read-only, revocable."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import WallFact
from huipai.cases.models import WallLink
from huipai.cases.policies import entering
from huipai.cases.queries import wall
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person

LONGEST_NAME = 40
DAYS = 365


class NameTheWall(Invalid):
    code = "wall_name_missing"
    default_reason = _("写这块屏挂在哪里，40 字以内")


class OneLinkAScreen(Moved):
    """Also the answer to a double press: the address stood on the first answer and stands nowhere else."""

    code = "wall_has_a_link"
    default_reason = _("这块屏已经有一个链接了。网址没抄到或者丢了，先收回那一个，再做一个")


@transaction.atomic
def make(*, actor: Person, name: str, now: datetime) -> tuple[WallLink, str]:
    """A link good for a year, and what stands in its address: told here and never again.

    A screen has one link that was not taken back.
    """
    entering.may_keep_walls(actor, now).require()
    name = as_seen(name)
    if not name or len(name) > LONGEST_NAME:
        raise NameTheWall(field="name")
    token, valid_until = secrets.token_urlsafe(32), now + timedelta(days=DAYS)
    made = WallLink(name=name, digest=wall.digest_of(token), made_by=actor, made_at=now, valid_until=valid_until)
    [link] = WallLink.objects.bulk_create([made], ignore_conflicts=True)
    if not WallLink.objects.filter(pk=link.pk).exists():
        raise OneLinkAScreen(field="name")
    journal.record(what=WallFact.MADE, subject=link.subject, actor_id=actor.id, now=now, facts={"days": DAYS})
    return link, token


@transaction.atomic
def revoke(*, link_id: UUID, actor: Person, now: datetime) -> WallLink:
    """The link is good for nothing from now on. Twice is once."""
    entering.may_keep_walls(actor, now).require()
    link = WallLink.objects.select_for_update(of=("self",), no_key=True).filter(pk=link_id).first()
    if link is None:
        raise NotVisible
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now, actor
        link.save(update_fields=["revoked_at", "revoked_by"])
        journal.record(what=WallFact.REVOKED, subject=link.subject, actor_id=actor.id, now=now)
    return link

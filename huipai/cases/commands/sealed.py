"""Opening what is kept from view, with a reason that is written down: who reported, and original photos (ruling 11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from huipai.audit import commands as audit
from huipai.audit.commands import Act, Why
from huipai.audit.models import Disclosure
from huipai.audit.words import OF_A_PERSON, OF_A_PHOTO, Ground, Kind
from huipai.cases import policies
from huipai.cases.commands import stepping
from huipai.cases.queries import orders, sealed
from huipai.cases.words import Fact
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.commands import Opening

OPEN_FOR = timedelta(minutes=10)


@transaction.atomic
def unmask(*, case_id: UUID, actor: Person, reason: str, words: str, now: datetime) -> Disclosure:
    """For ten minutes this one person sees who reported this case. A second press opens nothing more."""
    case = stepping.locked(case_id)
    policies.may_unmask(actor, case, now).require()
    given = audit.why(reason, words, of=OF_A_PERSON, names=orders.names_to_hide(case))
    opened = sealed.opened_by(actor, case, now)
    if opened is not None:
        return opened
    act = Act(Kind.UNMASKED, case.subject, case.code, until=now + OPEN_FOR)
    return audit.disclose(what=Fact.UNMASKED, act=act, by=actor, why=given, now=now)


@transaction.atomic
def read_names(*, case_id: UUID, actor: Person, now: datetime) -> Disclosure:
    """For ten minutes the coordinator reads the names of those who want the community to know; nobody else's."""
    case = stepping.locked(case_id)
    policies.may_read_names(actor, case, now).require()
    if not sealed.has_named(case):
        raise NotVisible
    opened = sealed.names_read_by(actor, case, now)
    if opened is not None:
        return opened
    act = Act(Kind.NAMED, case.subject, case.code, until=now + OPEN_FOR)
    willing = Why(Ground.WILLING, str(Ground.WILLING.label))
    return audit.disclose(what=Fact.NAME_READ, act=act, by=actor, why=willing, now=now)


@transaction.atomic
def open_original(*, case_id: UUID, photo_id: UUID, actor: Person, reason: str, words: str, now: datetime) -> Opening:
    """One look at one original, for two minutes; who may not, for them there is none."""
    case = stepping.locked(case_id)
    if not policies.may_unmask(actor, case, now):
        raise NotVisible
    one = sealed.photo_of(case, photo_id)
    given = audit.why(reason, words, of=OF_A_PHOTO, names=orders.names_to_hide(case))
    return photos.open_original(photo=one.photo, by=actor, why=given, about=case.code, now=now)

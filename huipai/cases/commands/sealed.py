"""Opening what is kept from view, with a reason that is written down: who reported, and original photos (ruling 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.audit import commands as audit
from huipai.audit.commands import Act, Why
from huipai.audit.models import Disclosure
from huipai.audit.words import OF_A_PERSON, OF_A_PHOTO, Ground, Kind
from huipai.cases import policies
from huipai.cases.commands import stepping
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, GoodDeed
from huipai.cases.policies import entering
from huipai.cases.policies import retention as holders
from huipai.cases.queries import orders, retention, sealed
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, NotVisible
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.commands import Opening
from huipai.points.models import Claim

OPEN_FOR = timedelta(minutes=10)
MOST_BY_PERSON = 50


class WholeNameOrNumber(Invalid):
    code = "whole_name_or_number"
    default_reason = _("写完整的姓名或者整个手机号，一部分找不出来")


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


@dataclass(frozen=True)
class LookedUp:
    """The cases that somebody reported, as far as whoever asked may know; their good deeds and claims for whoever may
    hold them back. Written down even where there are none."""

    cases: list[Case]
    deeds: list[GoodDeed]
    claims: list[Claim]
    disclosure: Disclosure


@transaction.atomic
def look_up(*, actor: Person, who: str, reason: str, words: str, now: datetime) -> LookedUp:
    """Cases by a whole name or number of who reported them, for this one answer."""
    entering.may_look_up(actor, now).require()
    people = sealed.people_called(who)
    if people is None:
        raise WholeNameOrNumber(field="who")
    given = audit.why(
        reason, words, of=OF_A_PERSON, names=[who, *(name for person in people for name in person.every_name)]
    )
    seen = sealed.reported_by(people, actor, now)[: MOST_BY_PERSON * 2]
    cases = [case for case in seen if policies.may_unmask(actor, case, now)][:MOST_BY_PERSON]
    deeds = [one for one in retention.deeds_about(people) if holders.may_hold_deed(actor, one, now)][:MOST_BY_PERSON]
    claims = [one for one in retention.claims_of(people) if holders.may_hold_claim(actor, one, now)][:MOST_BY_PERSON]
    # Whoever has seen whose these are is not to handle them.
    shown = tuple(case.id for case in cases)
    act = Act(Kind.LOOKED_UP, f"search:{new_id()}", count=len(cases) + len(deeds) + len(claims), shown=shown)
    return LookedUp(cases, deeds, claims, audit.disclose(what=Fact.LOOKED_UP, act=act, by=actor, why=given, now=now))

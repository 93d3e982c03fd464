"""A street with claims: its claimants, three reviewers, a station, and the steps of a claim in one line each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos import commands as photo_commands
from huipai.photos.models import Photo
from huipai.photos.rules.claims import Claims
from huipai.points.commands.claims import checking, objecting, reviewing, settling, submitting
from huipai.points.models import Claim
from huipai.points.rules.sending import ClaimSending
from huipai.points.words import PUBLIC_DAYS, UNDO_FOR, ObjectionReason, RefusalReason
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import Evidence, Port
from huipai.streets.models import Street
from tests import cast
from tests.cast import GROUND, MONDAY, OWNER
from tests.photos import makers, samples

SMALL = samples.encode(samples.scene(cars=1, size=(64, 64)), "JPEG", quality=60)

HELP = Terms(
    code="ox-01", port=Port.OX, title="帮独居老人买菜", description="老人点头了再去，买回来当面交。", points=5,
    evidence=(Evidence.PHOTO, Evidence.NOTE), day_cap=10, month_cap=60, owner=OWNER, legal_ground=GROUND,
)  # fmt: skip
POST_ON = Terms(
    code="sunflower-02", port=Port.SUNFLOWER, title="转发防骗提醒", description="转到邻里群，可打 96110。", points=2,
    evidence=(Evidence.SCREENSHOT,), day_cap=2, month_cap=16, owner=OWNER, legal_ground=GROUND,
)  # fmt: skip
SHIFT = replace(
    HELP, code="ox-08", title="驿站值一班", evidence=(Evidence.ON_SITE_CODE,), points=8, day_cap=8, month_cap=64
)
EITHER = replace(
    POST_ON, code="sunflower-04", title="劝邻居装反诈提醒", evidence=(Evidence.PHOTO, Evidence.SCREENSHOT), month_cap=60
)
LARGE = replace(HELP, code="ox-12", title="风雨里搬沙袋", points=30, day_cap=30, month_cap=90)
BY_ITSELF = replace(cast.FOUND, month_cap=50)
ITEMS = (HELP, POST_ON, SHIFT, EITHER, LARGE, BY_ITSELF)

# Past the time to undo, and past the publicity.
SOON = MONDAY + UNDO_FOR + timedelta(seconds=1)
LATER = MONDAY + timedelta(days=PUBLIC_DAYS + 2)


def never(_most: int) -> int:
    """No claim is drawn for a second look."""
    return 1


@dataclass
class World:
    """The people of a street's claims."""

    street: Street
    lan: Person
    hua: Person
    fang: Person
    qin: Person
    bo: Person

    def photo(self, by: Person, content: bytes | None = None, *, now: datetime = MONDAY, **claims: object) -> Photo:
        """A photo sent and developed; each another one unless its bytes are given."""
        bytes_ = content if content is not None else unlike()
        photo = makers.receive(new_id(), by, bytes_, claims=Claims(**claims), now=now)  # type: ignore[arg-type]
        return photo_commands.process(photo_id=photo.id, now=now) or photo

    def sending(self, item: Terms = HELP, **more: object) -> ClaimSending:
        given = {"claim_id": new_id(), "item_code": item.code, "note": "给三楼的老人买了菜", **more}
        return ClaimSending(**given)  # type: ignore[arg-type]

    def claim(self, by: Person | None = None, item: Terms = HELP, *, now: datetime = MONDAY, **more: object) -> Claim:
        """A claim that has come in."""
        more.setdefault("note", f"给老人买了菜 {new_id()}")
        return submitting.submit(sending=self.sending(item, **more), claimant=by or self.lan, now=now)

    def checked(self, by: Person | None = None, item: Terms = HELP, *, now: datetime = MONDAY, **more: object) -> Claim:
        claim = checking.check(claim_id=self.claim(by, item, now=now, **more).id, now=now)
        assert claim is not None
        return claim

    def checked_again(self, claim: Claim, now: datetime = MONDAY) -> Claim:
        """A claim that came in by another door, looked at by the machine."""
        checking.check(claim_id=claim.id, now=now)
        return again(claim)

    def approve(self, claim: Claim, by: Person | None = None, now: datetime = MONDAY) -> None:
        reviewing.approve(claim_id=claim.id, seen=standing(claim), reviewer=by or self.fang, now=now)

    def refuse(self, claim: Claim, by: Person | None = None, now: datetime = MONDAY) -> None:
        reviewing.refuse(
            claim_id=claim.id,
            seen=standing(claim),
            reviewer=by or self.fang,
            reason=RefusalReason.UNCLEAR,
            now=now,
        )

    def settle(self, claim: Claim, now: datetime = SOON) -> Claim:
        """Let the decision count."""
        settling.take_effect(claim_id=claim.id, now=now, pick=never)
        return again(claim)

    def public(self, by: Person | None = None, item: Terms = HELP, *, now: datetime = MONDAY, **more: object) -> Claim:
        """A claim in public."""
        claim = self.checked(by, item, now=now, **more)
        self.approve(claim, now=now)
        return self.settle(claim, now + UNDO_FOR + timedelta(seconds=1))

    def rejected(self, by: Person | None = None, *, now: datetime = MONDAY) -> Claim:
        claim = self.checked(by, now=now)
        self.refuse(claim, now=now)
        return self.settle(claim, now + UNDO_FOR + timedelta(seconds=1))

    def posted(self, by: Person | None = None, item: Terms = HELP, *, now: datetime = MONDAY, **more: object) -> Claim:
        claim = self.public(by, item, now=now, **more)
        settling.post(claim_id=claim.id, now=now + timedelta(days=PUBLIC_DAYS + 2))
        return again(claim)

    def objected(self, claim: Claim, by: Person | None = None, now: datetime = SOON) -> UUID:
        return objecting.object_to(
            claim_id=claim.id, objector=by or self.hua, reason=ObjectionReason.NOT_DONE, text="", now=now
        ).id


def standing(claim: Claim) -> str:
    """As what a reviewer who looks now sees it; nothing where there is no such claim."""
    found = Claim.objects.filter(pk=claim.pk).first()
    return found.standing if found else ""


def again(claim: Claim) -> Claim:
    """The claim as it stands now."""
    return Claim.objects.select_related("item", "claimant").get(pk=claim.pk)


class Drawn:
    """How many pictures a test has drawn: the next begins with the same ones again."""

    number = 0


def unlike() -> bytes:
    """A picture that looks like no other of this test."""
    Drawn.number += 1
    return _picture(Drawn.number)


@cache
def _picture(number: int) -> bytes:
    scene = samples.scene(cars=number % 9, size=(96, 72), seed=1000 + number)
    return samples.encode(scene.rotate(90 * (number % 4)), "JPEG", quality=70)


def make(street: Street, prefix: str = "1380000") -> World:
    """The cast and the rulebook of a street in force."""
    cast.rulebook(*ITEMS)
    reviewers = [
        cast.appoint(cast.staff(name, f"139{prefix[3:]}{number:04}"), Role.REVIEWER)
        for number, name in enumerate(("方云舟", "秦小楼", "薄明远"), 1)
    ]
    lan, hua = (cast.resident(name, f"{prefix}{number:04}") for number, name in enumerate(("蓝小河", "华小山"), 1))
    return World(street, lan, hua, *reviewers)

"""Claims in every state, told through the commands that residents, reviewers and the clock use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.folk.showing import shown_resident
from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.scenes.deeds import still_life
from huipai.cli.seed.scenes.screens import screenshot
from huipai.people import commands as people
from huipai.people import queries as people_queries
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, ProxyScope, Role
from huipai.photos import commands as photos
from huipai.photos.rules.claims import Claims
from huipai.points import policies, queries
from huipai.points.commands.claims import (
    answering,
    checking,
    contesting,
    entering,
    helping,
    objecting,
    reviewing,
    settling,
    submitting,
)
from huipai.points.models import Claim
from huipai.points.rules.sending import ClaimSending
from huipai.points.words import PUBLIC_DAYS, UNDO_FOR, ClaimState, ObjectionReason, RefusalReason

MOMENT = UNDO_FOR + timedelta(seconds=1)
# What somebody says beside a photo, by item.
SAID = {
    "ox-01": "给三楼的老人买了菜和药，当面交的，问了今天血压",
    "ox-04": "替腿脚不便的邻居取了两件快递",
    "ox-12": "雨后扫了单元门口的积水和树叶",
    "sunflower-01": "在楼下给四位邻居讲了冒充客服退款的骗法",
    "sunflower-03": "在驿站讲了一次厨余和其他垃圾怎么分",
    "sunflower-05": "教一位长辈挂号，他自己点了一遍",
    "sunflower-06": "周末看见有人把滑倒的长辈扶起来送到家，问过他们愿意写在这里",
}
PICTURED = {"ox-01", "ox-12", "sunflower-01", "sunflower-03", "sunflower-02"}


@dataclass
class Claimants:
    """Who claims and who judges in a street, and the clock of the demo."""

    crowd: Crowd
    until: datetime
    seed: int
    slug: str
    made: int = 0

    def __post_init__(self) -> None:
        self.residents = [one for one in self.crowd.residents if one.birth_year and one.birth_year < 2005][5:]
        # The first one is shown to visitors: something is left for them on every tab.
        self.judges = self.crowd.holding(Role.REVIEWER)[::-1]

    def judge_of(self, claim: Claim, at: datetime, *, but: tuple[UUID, ...] = ()) -> Person:
        """The first reviewer who may judge it."""
        return next(
            one
            for one in self.judges
            if one.id not in but and queries.waiting_for(one, at).filter(pk=claim.pk).exists()
        )

    def picture(self, by: Person, code: str, at: datetime) -> UUID:
        """A photo or screenshot, sent and developed as anybody's."""
        content = screenshot(self.made) if code == "sunflower-02" else still_life(self.made)
        photo_id = derived(self.seed, at, f"{self.slug}-claim-{self.made}")
        file = SimpleUploadedFile("claim.jpg", content, "image/jpeg")
        photos.receive(photo_id=photo_id, uploader=by, file=file, claims=Claims(taken_at=at), now=at)
        photos.process(photo_id=photo_id, now=at)
        return photo_id

    def sending(self, code: str, by: Person, at: datetime, *, pictured: bool = True) -> ClaimSending:
        self.made += 1
        shown = (self.picture(by, code, at),) if pictured and code in PICTURED else ()
        return ClaimSending(
            claim_id=derived(self.seed, at, f"{self.slug}-the-claim-{self.made}"), item_code=code, photo_ids=shown,
            note=SAID.get(code, ""),
        )  # fmt: skip

    def claim(self, who: int, code: str, hours_ago: float, *, pictured: bool = True) -> Claim:
        """A claim that has been looked at by the machine."""
        at = self.until - timedelta(hours=hours_ago)
        by = self.residents[who % len(self.residents)]
        sending = self.sending(code, by, at, pictured=pictured)
        claim = submitting.submit(sending=sending, claimant=by, now=at)
        return checking.check(claim_id=claim.id, now=at + timedelta(seconds=20)) or claim

    def approved(self, claim: Claim, after_hours: float = 1) -> Claim:
        """Approved by as many as it takes; in public."""
        at = claim.received_at + timedelta(hours=after_hours)
        seen: tuple[UUID, ...] = ()
        for _ in range(3):
            judge = self.judge_of(claim, at, but=seen)
            reviewing.approve(claim_id=claim.id, seen=claim.standing, reviewer=judge, now=at)
            seen = (*seen, judge.id)
            claim = settling.take_effect(claim_id=claim.id, now=at + MOMENT, pick=lambda most: most - 1) or claim
            if claim.state == ClaimState.PUBLICISED:
                break
            at += timedelta(hours=1)
        return claim

    def refused(self, claim: Claim, reason: RefusalReason) -> Claim:
        at = claim.received_at + timedelta(hours=1)
        judge = self.judge_of(claim, at)
        reviewing.refuse(claim_id=claim.id, seen=claim.standing, reviewer=judge, reason=reason, now=at)
        return settling.take_effect(claim_id=claim.id, now=at + MOMENT) or claim

    def posted(self, claim: Claim) -> Claim:
        at = claim.received_at + timedelta(days=PUBLIC_DAYS + 2)
        return settling.post(claim_id=self.approved(claim).id, now=at) or claim

    def objected(self, claim: Claim, who: int, at: datetime, text: str) -> UUID:
        """By this resident, or by the next who is not of the claimant's family."""
        start = who % len(self.residents)
        asked = (*self.residents[start:], *self.residents[:start])
        objector = next(one for one in asked if policies.may_object(one, claim, at))
        return objecting.object_to(
            claim_id=claim.id, objector=objector, reason=ObjectionReason.BY_SOMEBODY_ELSE, text=text, now=at
        ).id

    def stranger_to(self, objection: UUID, at: datetime) -> Person:
        return next(one for one in self.judges if queries.objections_for(one, at).filter(pk=objection).exists())


def plant_claims(crowd: Crowd, *, slug: str, until: datetime, seed: int, scale: int) -> None:
    """`scale` 3 for the large street: weeks of posted claims, and one or more in each state today."""
    told = Claimants(crowd, until, seed, slug)
    codes = ("ox-01", "sunflower-06", "ox-04", "sunflower-05", "sunflower-01", "ox-12")
    for number in range(8 * scale):
        told.posted(told.claim(number, codes[number % len(codes)], 24 * 6 + 31 * number, pictured=number % 8 == 0))
    for number in range(0, 8 * scale, 2):
        _thank(told.residents[number % len(told.residents)], until)
    for number in range(2 * scale):
        told.approved(told.claim(30 + number, codes[number % len(codes)], 20 + 5 * number))
    _own(told)
    _waiting(told, scale)
    _ended(told)
    _in_dispute(told)
    _unsent(told)
    _helped(told)


def _own(told: Claimants) -> None:
    """For the resident whose account is printed: a claim at each turn."""
    person = shown_resident()
    if person is None or person.id in {one.id for one in told.residents[:110]}:
        return
    told.residents.insert(0, person)
    told.posted(told.claim(0, "ox-04", 24 * 8))
    told.approved(told.claim(0, "sunflower-05", 22))
    told.refused(told.claim(0, "sunflower-01", 26), RefusalReason.UNCLEAR)
    told.claim(0, "ox-01", 3)
    kept = told.until - timedelta(hours=2)
    submitting.keep(sending=told.sending("sunflower-02", person, kept), claimant=person, now=kept)
    told.residents.pop(0)


def _thank(person: Person, until: datetime) -> None:
    people.give_consent(person=person, purpose=ConsentPurpose.THANK_YOU_WALL, now=until - timedelta(days=20))


def _waiting(told: Claimants, scale: int) -> None:
    """For the desks: clean ones, doubtful ones, a large one for a second look, one entered by staff."""
    for number in range(2 * scale):
        told.claim(50 + number, ("ox-01", "sunflower-01")[number % 2], 3 + number)
    for number in range(scale):
        told.claim(60 + number, "sunflower-02", 2 + number)
        told.claim(70 + number, "ox-01", 4 + number, pictured=False)
    large = told.claim(80, "ox-12", 8)
    at = large.received_at + timedelta(hours=1)
    reviewing.refer(claim_id=large.id, seen=large.standing, reviewer=told.judge_of(large, at), now=at)
    settling.take_effect(claim_id=large.id, now=at + MOMENT)
    at = told.until - timedelta(hours=5)
    elder, enterer = told.residents[81 % len(told.residents)], told.crowd.holding(Role.COORDINATOR)[0]
    told.made += 1
    entered = entering.enter(
        sending=ClaimSending(derived(told.seed, at, f"{told.slug}-entered"), "ox-04", (), "居委会看见他替邻居送了材料"),
        claimant=elder, enterer=enterer, now=at,
    )  # fmt: skip
    checking.check(claim_id=entered.id, now=at + timedelta(seconds=20))


def _helped(told: Claimants) -> None:
    """What a helper claims for an elder who has asked for it."""
    at = told.until - timedelta(hours=7)
    pair = people_queries.proxies_at(at).filter(scopes__contains=[ProxyScope.CLAIM]).order_by("id").first()
    if pair is None or pair.helper is None:
        return
    sending = told.sending("ox-01", pair.helper, at)
    claim = helping.submit_for(sending=sending, claimant_id=pair.elder_id, helper=pair.helper, now=at)
    checking.check(claim_id=claim.id, now=at + timedelta(seconds=20))


def _ended(told: Claimants) -> None:
    told.refused(told.claim(90, "sunflower-03", 30), RefusalReason.UNCLEAR)
    told.refused(told.claim(91, "ox-04", 24 * 12), RefusalReason.OTHER_ITEM)
    appealed = told.refused(told.claim(92, "sunflower-01", 40), RefusalReason.NOT_SHOWN)
    at = told.until - timedelta(hours=9)
    answering.appeal(
        claim_id=appealed.id, actor=appealed.claimant, text="照片里左边就是我，四位邻居都能说", photo_ids=(), now=at
    )
    withdrawn = told.claim(93, "ox-01", 50)
    answering.withdraw(claim_id=withdrawn.id, actor=withdrawn.claimant, now=withdrawn.received_at + MOMENT)


def _in_dispute(told: Claimants) -> None:
    """An objection that waits, one that was not right, one that was after the points were posted: the claimant says
    that it was not, and a third waits to hear it."""
    told.objected(
        told.approved(told.claim(94, "ox-12", 26)), 95, told.until - timedelta(hours=6), "那天是另一栋的人扫的"
    )
    for who, upheld in ((96, True), (97, False)):
        claim = told.posted(told.claim(who, "ox-01", 24 * 9))
        at = claim.received_at + timedelta(days=PUBLIC_DAYS + 3)
        objection = told.objected(claim, who + 10, at, "")
        decide = objecting.uphold if upheld else objecting.dismiss
        decide(objection_id=objection, judge=told.stranger_to(objection, at), now=at + timedelta(hours=3))
        if upheld:
            contesting.contest(
                claim_id=claim.id, actor=claim.claimant, text="那天是我送上去的，三楼的邻居看见了，可以问",
                now=at + timedelta(hours=20),
            )  # fmt: skip


def _unsent(told: Claimants) -> None:
    for who, days in ((98, 1), (99, 9)):
        at, by = told.until - timedelta(days=days), told.residents[who % len(told.residents)]
        kept = submitting.keep(sending=told.sending("ox-01", by, at), claimant=by, now=at)
        settling.expire(claim_id=kept.id, now=told.until)
    fresh = told.residents[100 % len(told.residents)]
    at = told.until - timedelta(minutes=4)
    submitting.submit(sending=told.sending("ox-01", fresh, at), claimant=fresh, now=at)

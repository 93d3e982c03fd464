"""The shop of a street: a budget, goods in the stations, and a month of people who fetch them, or do not."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import Sum

from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.plant import shots
from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.texts.shop import GOODS, WANTED, Goods
from huipai.grid.models import GridNode
from huipai.households import queries as households
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role
from huipai.points import commands as points
from huipai.points import policies as points_policies
from huipai.points import queries as ledger
from huipai.points.models import Account, Posting
from huipai.points.rules import Holder
from huipai.points.words import CorrectionReason, GrantReason, Kind
from huipai.shop import commands as shop
from huipai.shop import policies
from huipai.shop.commands import Offer, Order, Plan
from huipai.shop.models import ItemProposal, ShopItem
from huipai.shop.words import HOLD_LASTS, Audience, Reason
from huipai.stations.models import Station
from huipai.stations.words import Service

# So many people exchange something in the last month.
TELLING, STATIONS, MOST_FILLED = 36, 5, 24


class Keeper:
    """Tells the month of a shop, every step through a command."""

    def __init__(self, crowd: Crowd, *, until: datetime, seed: int, slug: str) -> None:
        self.crowd, self.until, self.seed, self.slug = crowd, until, seed, slug
        self.chance, self.keys = Random(f"{seed}:{slug}:shop"), 0
        self.keeper, self.leader = crowd.holding(Role.COORDINATOR)[0], crowd.holding(Role.LEADER)[0]
        self.hosts = [*crowd.holding(Role.STATION_HOST), *crowd.holding(Role.COORDINATOR)]

    def key(self) -> UUID:
        self.keys += 1
        return derived(self.seed, self.until, self.slug, "shop", self.keys)

    def tell(self) -> None:
        """Budget, goods, people; a grant by hand, a household, a count."""
        began = self.until - timedelta(days=40)
        self._budget(began)
        stations = list(Station.objects.filter(services__contains=[Service.COUNTER]).order_by("code")[:STATIONS])
        stations = stations or list(Station.objects.order_by("code")[:1])
        items = [(self._item(goods, began), goods) for goods in GOODS]
        for station in stations:
            for item, goods in items:
                self._fill(item, goods, station, began + timedelta(days=1))
        self._household([item for item, _goods in items], stations[0], self.until - timedelta(days=2))
        self._grants()
        self._month([item for item, _goods in items], stations)
        self._count(items[0][0], stations[0])
        self._decisions(items[0][0], self.until - timedelta(days=1))

    def _budget(self, at: datetime) -> None:
        for year in sorted({at.year, self.until.year}):
            proposed = shop.propose_budget(
                begins_on=date(year, 1, 1), ends_on=date(year, 12, 31), amount_cents=6_000_000, point_cents=10,
                actor=self.keeper, now=at,
            )  # fmt: skip
            shop.approve_budget(budget_id=proposed.id, actor=self.leader, now=at + timedelta(hours=3))

    def _item(self, goods: Goods, at: datetime) -> ShopItem:
        """Proposed by the coordinator, opened by the leader, with its photo."""
        asked = self._proposed(goods, at + timedelta(hours=4))
        item = shop.open_item(proposal_id=asked.id, actor=self.leader, now=at + timedelta(hours=6))
        photo = shots.take_goods(goods.picture, self.keeper, photo_id=self.key(), now=at + timedelta(hours=7))
        return shop.picture_item(item_id=item.id, photo=photo, actor=self.keeper, now=at + timedelta(hours=7))

    def _proposed(self, goods: Goods, at: datetime) -> ItemProposal:
        offer = Offer(
            name=goods.name, unit=goods.unit, category=goods.category, points=goods.points, description=goods.text,
            audience=goods.audience, limit_count=goods.limit,
        )  # fmt: skip
        plan = Plan(quantity=MOST_FILLED * STATIONS, cost_cents=goods.cents * MOST_FILLED * STATIONS)
        return shop.propose_item(offer=offer, plan=plan, actor=self.keeper, now=at)

    def _decisions(self, item: ShopItem, at: datetime) -> None:
        """A dearer price that waits, something new that waits, and something that another did not want."""
        for number, goods in enumerate(WANTED):
            asked = self._proposed(goods, at)
            if number:
                shop.refuse_item(
                    proposal_id=asked.id, actor=self.leader, reason="先把架上的换完，开春再进",
                    now=at + timedelta(hours=5),
                )  # fmt: skip
        dearer = Offer(
            name=item.name, unit=item.unit, category=item.category, points=item.points + 5,
            description=item.description, audience=item.audience, limit_count=2,
        )  # fmt: skip
        shop.propose_change(item_id=item.id, offer=dearer, actor=self.keeper, now=at + timedelta(hours=6))

    def _fill(self, item: ShopItem, goods: Goods, station: Station, at: datetime) -> None:
        quantity = self.chance.randint(6, MOST_FILLED)
        if goods.cents:
            shop.deliver(
                key=self.key(), item_id=item.id, station_id=station.id, quantity=quantity,
                cost_cents=goods.cents * quantity, actor=self.keeper, now=at,
            )  # fmt: skip
        else:
            shop.donate(
                key=self.key(), item_id=item.id, station_id=station.id, quantity=quantity, actor=self.keeper, now=at
            )

    def _month(self, items: list[ShopItem], stations: list[Station]) -> None:
        earned = dict(
            Posting.objects.filter(kind="award", person__isnull=False)
            .values_list("person_id").annotate(sum=Sum("points")).order_by()
        )  # fmt: skip
        able = [person for person in self.crowd.residents if policies.may_exchange_for(person, person, self.until)]
        able.sort(key=lambda person: -earned.get(person.id, 0))
        for turn, person in enumerate(able[:TELLING]):
            self._exchange(turn, person, items, stations)

    def _exchange(self, turn: int, person: Person, items: list[ShopItem], stations: list[Station]) -> None:
        """One of four ends: still kept, fetched, called off, over."""
        end = turn % 4
        days = {0: 2, 1: 3 + turn % 20, 2: 5, 3: 9 + turn % 10}[end]
        at = self.until - timedelta(days=days, hours=turn % 9)
        # What was earned later than this counts for nothing yet.
        earned = Posting.objects.filter(person=person, posted_at__lt=at).aggregate(sum=Sum("points", default=0))["sum"]
        most = min(ledger.balance(person, at).spendable, earned)
        affordable = [
            item for item in items if item.points <= most and policies.may_have(person, Audience(item.audience), at)
        ]
        if not affordable:
            return
        item, station = self.chance.choice(affordable), self.chance.choice(stations)
        order = Order(item_id=item.id, station_id=station.id, person=person)
        kept = shop.reserve(key=self.key(), order=order, actor=person, now=at)
        if end == 1:
            self._hand_over(kept.id, station, person, at + timedelta(hours=5))
        elif end == 2:
            shop.cancel(reservation_id=kept.id, actor=person, now=at + timedelta(hours=2))
        elif end == 3 and turn % 8 == 3:
            shop.lapse(now=at + HOLD_LASTS)

    def _hand_over(self, reservation_id: UUID, station: Station, person: Person, at: datetime) -> None:
        for host in self.hosts:
            if policies.may_serve(host, person, station, at):
                shop.hand_over(reservation_id=reservation_id, host=host, now=min(at, self.until))
                return

    def _household(self, items: list[ShopItem], station: Station, at: datetime) -> None:
        """A grown-up of a household that was thanked agrees that they use its points together, and uses some; then
        somebody asks whether it was thanked twice for the same."""
        account = Account.objects.filter(household__isnull=False).select_related("household").order_by("id").first()
        if account is None or account.household is None:
            return
        for person_id in households.adults_of(account.household, at)[:1]:
            person = Person.objects.get(pk=person_id)
            people.give_consent(person=person, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=at)
            self._of_the_home(person, account.household, items, station, at + timedelta(hours=2))
        thanked = Posting.objects.filter(household=account.household, kind=Kind.AWARD).order_by("id").first()
        asked_at = at + timedelta(days=1)
        if thanked is not None and points_policies.may_ask_back(self.keeper, thanked, asked_at):
            points.propose_correction(
                posting_id=thanked.id, reason=CorrectionReason.RECORDED_TWICE, note="邻组也报了，请核对一下",
                actor=self.keeper, now=asked_at,
            )  # fmt: skip

    def _of_the_home(
        self, person: Person, home: GridNode, items: list[ShopItem], station: Station, at: datetime
    ) -> None:
        """The dearest thing that leaves the home something, fetched the same day."""
        most = ledger.balance_of(Holder(household_id=home.pk), at).spendable
        fit = [one for one in items if one.points < most and policies.may_have(person, Audience(one.audience), at)]
        if fit:
            dearest = max(fit, key=lambda one: one.points)
            order = Order(item_id=dearest.id, station_id=station.id, person=person, household=home)
            kept = shop.reserve(key=self.key(), order=order, actor=person, now=at)
            self._hand_over(kept.id, station, person, at + timedelta(hours=5))

    def _grants(self) -> None:
        """One approved by a second person, one that waits, and one that is asked back."""
        at, reviewer = self.until - timedelta(days=4), self.crowd.holding(Role.REVIEWER)[0]
        for number, person in enumerate(self.crowd.residents[5:8]):
            grant = points.propose_grant(
                person=person, points=10, reason=GrantReason.PAPER_SLIP, item_code="ox-03",
                done_at=at - timedelta(days=3), paper_number=f"ZB-{at:%Y}-{number + 1:03}", actor=self.keeper, now=at,
            )  # fmt: skip
            if number == 1:
                continue
            given = points.approve_grant(grant_id=grant.id, actor=reviewer, now=at + timedelta(hours=6)).posting
            if number == 2 and given:
                self._ask_back(given, at + timedelta(days=1))

    def _ask_back(self, given: Posting, at: datetime) -> None:
        """Points that somebody got twice, taken back by a second person; the receiver does not agree."""
        one = points.propose_correction(
            posting_id=given.id, reason=CorrectionReason.RECORDED_TWICE, note="这一件月初已经记过一次",
            actor=self.keeper, now=at,
        )  # fmt: skip
        reviewers = self.crowd.holding(Role.REVIEWER)
        judge = next((who for who in reviewers if points_policies.may_decide_correction(who, one, at)), None)
        if judge is None or one.person is None:
            return
        points.approve_correction(correction_id=one.id, actor=judge, now=at + timedelta(hours=4))
        points.appeal_correction(
            correction_id=one.id, actor=one.person, text="月初那次是另一天的事，凭证是两张", now=at + timedelta(hours=9)
        )

    def _count(self, item: ShopItem, station: Station) -> None:
        host = next((host for host in self.hosts if policies.may_host(host, station, self.until)), None)
        if host is None:
            return
        at = self.until - timedelta(days=1)
        shop.write_off(
            key=self.key(), item_id=item.id, station_id=station.id, quantity=1, reason=Reason.BROKEN, actor=host,
            now=at,
        )  # fmt: skip

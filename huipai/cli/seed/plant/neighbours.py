"""What neighbours do with each other's cases, and who came to the counter: through the commands, a few of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from huipai.cases.commands import (
    acting,
    adding,
    asking,
    at_counter,
    correcting,
    counter,
    following,
    joining,
    reporting_for,
)
from huipai.cases.commands.at_counter import Held
from huipai.cases.commands.correcting import Correction
from huipai.cases.commands.counter import Caller, TakenDown
from huipai.cases.commands.intake import Sending
from huipai.cases.commands.locating import Where
from huipai.cases.models import Case, Report, Slip
from huipai.cases.policies import may_join
from huipai.cases.queries import additions, neighbours
from huipai.cases.words import PositionSource
from huipai.cli.seed import scenes
from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.plant.types import besides
from huipai.cli.seed.town.words import Town
from huipai.grid import queries as grid
from huipai.kit.coordinates import Crs, Point
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.words import Channel, ProxyScope, Role
from huipai.photos import commands as photos
from huipai.photos.rules.claims import Claims

MOST, JOINED = 12, 2
AT_THE_COUNTER = (
    ("street_lamp", "楼上的阿婆", Channel.COUNTER, "楼下的路灯坏了好几天，夜里看不见台阶"),
    ("pothole", "跑长途的师傅", Channel.TELEPHONE, "小区门口的路面塌了一块，轮子会陷进去"),
)
# What the hub asks them, and what one of them came back to say; of the other it waits for their slip.
ASKED_BY_SLIP = (
    ("坏的是哪几盏，灯杆上有没有编号？", "三盏，从单元门口数过去，杆子上写着 07 到 09"),
    ("塌的是进门左手边还是右手边？", ""),
)
# Whoever called knew no more than this: the hub finds it.
WITHOUT_A_PLACE = (
    "street_lamp",
    "赶早班的阿姨",
    "去菜场那条小路的路灯不亮，早上五点一片黑",
    "菜场后面的小路，靠河那边",
)
FOR_AN_ELDER = ("litter", "楼下垃圾桶满了两天，奶奶从窗口看到的")
MORE_OF_THE_SAME = "今天又去看了一眼，还是老样子，边上多了两处"
MORE_FOR_AN_ELDER = "楼下垃圾桶满了两天，奶奶从窗口看到的。我下楼看了，旁边还堆了三袋"


@dataclass
class _Street:
    """Who lives there, and its open cases that neighbours see, the latest first."""

    residents: list[Person]
    slug: str
    until: datetime
    seed: int
    chance: Random

    def shown(self) -> list[Case]:
        latest = Case.objects.filter(ended_at=None).select_related("case_type").order_by("-reported_at", "id")
        return [case for case in latest[: 5 * MOST] if neighbours.open_to_join(case.code)][:MOST]

    def strangers(self, case: Case, count: int) -> list[Person]:
        """Residents who have nothing to do with the case."""
        reporters = set(Report.objects.filter(case=case).values_list("reporter_id", flat=True))
        stake = {*reporters, case.worker_id}
        others = [person for person in self.residents if person.id not in stake]
        self.chance.shuffle(others)
        # Asked of one after the other until there are enough, not of the whole street.
        return list(islice((person for person in others if may_join(person, case, self.until)), count))

    def lately(self, case: Case, hours: int) -> datetime:
        """So long ago, but after everything that has happened to the case."""
        last = case.transitions.order_by("-position").values_list("happened_at", flat=True).first()
        return max(last or case.reported_at, self.until - timedelta(hours=hours))

    def follow(self, case: Case, place: int) -> None:
        for person in self.strangers(case, 1 + place % 4):
            following.follow(code=case.code, person=person, now=self.lately(case, 6))

    def join(self, case: Case) -> None:
        """Somebody photographs the same, and says so."""
        at = self.lately(case, 2)
        for person in self.strangers(case, 1):
            name = f"{self.slug}:joined:{case.code}"
            kind, point = case.case_type.code, Point(case.lng, case.lat)
            photo_id = self.photo(person, kind, name, point, at)
            sending = self.sending(kind, point, "我家门口也看到了", name, at)
            joining.join(
                sending=replace(sending, photo_ids=(photo_id,)), code=case.code, reporter=person, now=at
            )  # fmt: skip
            self.add(case, person)

    def add(self, case: Case, person: Person) -> None:
        """An hour later they look again and say more, while somebody has it in hand."""
        case.refresh_from_db()
        if additions.is_in_hand(case):
            adding.add(
                addition_id=derived(self.seed, case.reported_at, f"{self.slug}:added:{case.code}"), case_id=case.id,
                actor=person, text=MORE_OF_THE_SAME, photo_ids=(), now=self.lately(case, 1),
            )  # fmt: skip

    def photo(self, person: Person, kind: str, name: str, point: Point, at: datetime) -> UUID:
        """A picture of it that this person took and sent."""
        content = scenes.photo(kind, 1, done=False, at=(point.lng, point.lat), taken_at=at)
        photo_id = derived(self.seed, at, name, "photo")
        file = SimpleUploadedFile("seen.jpg", content, "image/jpeg")
        photos.receive(photo_id=photo_id, uploader=person, file=file, claims=Claims(), now=at)
        return photo_id

    def report_for_an_elder(self, middle: Point) -> None:
        """A helper, whom an elder lets, reports what the elder sees from the window."""
        at, name = self.until - timedelta(hours=5), f"{self.slug}:for-elder"
        pair = people.proxies_at(at).filter(scopes__contains=[ProxyScope.REPORT]).order_by("id").first()
        if pair is None or pair.helper is None:
            return
        kind, text = FOR_AN_ELDER
        photo_id = self.photo(pair.helper, kind, name, middle, at)
        sending = replace(self.sending(kind, middle, text, name, at), photo_ids=(photo_id,))
        got = reporting_for.report_for(elder_id=pair.elder_id, helper=pair.helper, sending=sending, joins="", now=at)
        self.put_right(got.case_id, pair.elder_id, pair.helper, photo_id)

    def put_right(self, case_id: UUID, elder_id: UUID, helper: Person, photo_id: UUID) -> None:
        """The helper goes down to look, and says more; the elder reads on the page whose hands that was."""
        case, at = Case.objects.get(pk=case_id), self.until - timedelta(hours=4)
        said = Correction(
            MORE_FOR_AN_ELDER, Where(Point(case.lng, case.lat), PositionSource.PIN, None, ""), (photo_id,)
        )
        acting.for_elder(
            elder_id=elder_id, helper=helper, scope=ProxyScope.REPORT, case=case, now=at,
            act=lambda elder: correcting.correct(code=case.code, correction=said, actor=elder, uploader=helper, now=at),
        )  # fmt: skip

    def ask_by_slip(self, taken: TakenDown, clerk: Person, hub: Person, number: int) -> None:
        """Two who have no account are asked something: one has come back with the slip, of the other it waits."""
        if number >= len(ASKED_BY_SLIP):
            return
        asked, answered = ASKED_BY_SLIP[number]
        at = self.until - timedelta(minutes=50 - 5 * number)
        question = asking.ask(case_id=taken.received.case_id, actor=hub, text=asked, now=at)
        if not answered:
            return
        slip = Slip.objects.get(report=taken.received.report_id)
        at_counter.answer(
            held=Held(slip.report_id, slip.digest), hand=clerk, question_id=question.id, text=answered,
            now=at + timedelta(minutes=20),
        )  # fmt: skip

    def call_without_a_place(self, clerk: Person, town: Town) -> None:
        """By telephone, an address that nothing fits: it waits at the hub until somebody sets the place."""
        kind, name, text, address = WITHOUT_A_PLACE
        at = self.until - timedelta(hours=1)
        whole = grid.root(at)
        assert whole is not None
        told = self.sending(kind, Point(*town.micro_grids[0].middle), text, f"{town.slug}:unplaced", at)
        sending = replace(told, point=None, address=address, node_id=whole.id)
        caller = Caller(phone="", name=name, channel=Channel.TELEPHONE, has_agreed=True)
        counter.take_down(sending=sending, caller=caller, actor=clerk, address="127.0.0.1", now=at)

    def sending(self, code: str, point: Point, text: str, name: str, at: datetime) -> Sending:
        return Sending(
            report_id=derived(self.seed, at, name), case_type=code, point=point, source_crs=Crs.WGS84,
            position_source=PositionSource.PIN, photo_ids=(), text=text, answers=besides(code, 0),
        )  # fmt: skip


def plant_neighbours(crowd: Crowd, town: Town, *, until: datetime, seed: int) -> None:
    """Followers of what is shown, two reports of the same, one for an elder, some who came to the counter or called."""
    street = _Street(crowd.residents, town.slug, until, seed, Random(f"{seed}:{town.slug}:neighbours"))
    for place, case in enumerate(street.shown()):
        street.follow(case, place)
        if place < JOINED:
            street.join(case)
    street.report_for_an_elder(Point(*street.chance.choice(town.micro_grids).middle))
    clerk, hub = crowd.holding(Role.COORDINATOR)[0], crowd.holding(Role.DISPATCHER)[0]
    for number, (kind, name, channel, text) in enumerate(AT_THE_COUNTER):
        at = until - timedelta(hours=4 - number)
        micro = street.chance.choice(town.micro_grids)
        sending = street.sending(kind, Point(*micro.middle), text, f"{town.slug}:counter:{number}", at)
        caller = Caller(phone="", name=name, channel=channel, has_agreed=True)
        taken = counter.take_down(sending=sending, caller=caller, actor=clerk, address="127.0.0.1", now=at)
        street.ask_by_slip(taken, clerk, hub, number)
    street.call_without_a_place(clerk, town)

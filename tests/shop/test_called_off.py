"""What is kept and called off by others than whoever asked for it: each is told why, and where the points are."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.grid.models import Assignment, Residence
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Person, Proxy
from huipai.people.words import ConsentPurpose, ProxyScope, Role
from huipai.shop import commands as shop
from huipai.shop import notices
from huipai.shop.commands import recalling, settling
from huipai.shop.commands.stocking import SoldOut
from huipai.shop.models import Movement, Reservation
from huipai.shop.words import HOLD_LASTS, Reason, State, Unfetchable
from huipai.stations import commands as stations
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY, appoint, resident, staff
from tests.people.doors import Browser, words
from tests.points.ledger import award, spendable
from tests.points.test_awarding import home
from tests.shop.shop import (
    SOAP,
    Shop,
    deliver,
    holds,
    home_with_points,
    lies,
    order,
    put_on_shelf,
    reserve,
    shelves,
    station,
)

LATER = MONDAY + HOLD_LASTS


class TestStationCloses:
    def test_what_waits_there_is_let_go_at_once_and_each_is_told(self, shop_open: Shop) -> None:
        made, there = shop_open, station("望山驿站", "Y02")
        deliver(made, 2, to=there)
        kept, elsewhere, fetched = reserve(made), reserve(made, station_id=there.id), reserve(made)
        shop.hand_over(reservation_id=fetched.id, host=made.host, now=MONDAY)
        stations.close_station(station_id=made.station.id, actor=None, now=TUESDAY)
        closed = Entry.objects.get(what="station.closed")
        assert ProcrastinateJob.objects.filter(task_name="shop.end_with_station", args__entry=str(closed.id)).exists()
        assert shop.end_with_stations(now=MONDAY) == 0
        assert [shop.end_with_stations(now=TUESDAY) for _ in range(2)] == [1, 0]
        for one in (kept, elsewhere, fetched):
            one.refresh_from_db()
        assert [one.state for one in (kept, elsewhere, fetched)] == [
            State.CANCELLED, State.RESERVED, State.HANDED_OVER
        ]  # fmt: skip
        assert (spendable(made.lan, TUESDAY), lies(made), shelves_held(made)) == (60, 4, 0)
        assert holds(made.street)
        for entry in Entry.objects.filter(what="shop.cancelled"):
            for _ in range(2):
                notices.tell(entry_id=entry.id, now=TUESDAY)
        told = Notice.objects.get(person=made.lan, kind="shop.cancelled")
        wording = notices.WORDINGS[told.kind](told.subject, told.params)
        assert "柳溪驿站关了" in str(wording.title) and "洗洁精 1 瓶" in str(wording.title)
        assert "20 分退回" in str(wording.text)

    def test_what_somebody_calls_off_is_told_to_nobody(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        shop.cancel(reservation_id=kept.id, actor=shop_open.lan, now=TUESDAY)
        notices.tell(entry_id=Entry.objects.get(what="shop.cancelled").id, now=TUESDAY)
        assert not Notice.objects.filter(kind="shop.cancelled").exists()

    def test_the_page_says_what_happened_and_not_that_nobody_wanted_it(self, shop_open: Shop) -> None:
        made = shop_open
        kept, called_off = reserve(made), reserve(made)
        shop.cancel(reservation_id=called_off.id, actor=made.lan, now=MONDAY)
        stations.close_station(station_id=made.station.id, actor=None, now=TUESDAY)
        shop.end_with_stations(now=TUESDAY)
        browser = Browser().enter(made.lan)
        assert "驿站关了，取消了" in words(browser.open(f"shop/reservations/{kept.id}/"))
        assert "不要了" in words(browser.open(f"shop/reservations/{called_off.id}/"))
        page = words(browser.open("shop/mine/"))
        assert page.count("驿站关了，取消了") == 1 and page.count("不要了") == 1


class TestNobodyIsLeftToComeInVain:
    def told(self, what: str, now: datetime) -> dict[str, str]:
        """Who heard of it, and in which words."""
        for entry in Entry.objects.filter(what=what):
            for _ in range(2):
                notices.tell(entry_id=entry.id, now=now)
        found = Notice.objects.filter(kind=what).select_related("person")
        return {
            one.person.name: f"{(said := notices.WORDINGS[what](one.subject, one.params)).title}。{said.text}"
            for one in found
        }

    def test_what_was_not_fetched_in_time_is_told(self, shop_open: Shop) -> None:
        reserve(shop_open)
        assert shop.lapse(now=MONDAY + HOLD_LASTS) == 1
        told = self.told("shop.lapsed", MONDAY + HOLD_LASTS)
        assert set(told) == {shop_open.lan.name}
        assert "洗洁精 1 瓶过了日子没领" in told[shop_open.lan.name] and "20 分退回" in told[shop_open.lan.name]

    def test_what_a_housemate_calls_off_is_told_to_who_asked_for_it(self, shop_open: Shop) -> None:
        mei, home_there = resident("梅", "13800000022"), home_with_points(shop_open.lan)
        Residence.objects.create(person=mei, household=home_there, valid_from=A_MONTH_AGO)
        people.give_consent(person=mei, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=A_MONTH_AGO)
        kept = reserve(shop_open, shop_open.lan, household=home_there)
        shop.cancel(reservation_id=kept.id, actor=mei, now=TUESDAY)
        told = self.told("shop.cancelled", TUESDAY)
        assert set(told) == {shop_open.lan.name} and "有人取消了" in told[shop_open.lan.name]

    def closed(self, made: Shop) -> dict[str, str]:
        stations.close_station(station_id=made.station.id, actor=None, now=TUESDAY)
        assert shop.end_with_stations(now=TUESDAY) == 1
        return self.told("shop.cancelled", TUESDAY)

    def test_of_a_station_that_closed_the_guardian_hears_who_kept_it_for_a_child(self, shop_open: Shop) -> None:
        child, mother = resident("果", "13800000023"), resident("芳", "13800000024")
        clerk = appoint(staff("文", "13900000044"), Role.COORDINATOR)
        award(child)
        Person.objects.filter(pk=child.pk).update(birth_year=2016)
        child.refresh_from_db()
        people.record_guardian(
            minor=child, guardian=mother, paper_number="G-1", age_seen=True, actor=clerk, now=A_MONTH_AGO
        )
        shop.reserve(key=uuid4(), order=order(shop_open, child), actor=mother, now=MONDAY)
        told = self.closed(shop_open)
        assert told == dict.fromkeys(
            ("果", "芳"), "柳溪驿站关了，留的洗洁精 1 瓶取消了。20 分退回了；还要的话在别的驿站订"
        )

    def test_nor_does_a_home_read_that_its_points_came_back_to_one_of_it(self, shop_open: Shop) -> None:
        reserve(shop_open, household=home_with_points(shop_open.lan))
        assert self.closed(shop_open)[shop_open.lan.name].endswith("分退回那一家了；还要的话在别的驿站订")


class TestGoodsAreGoneOrUnsafe:
    """Whoever waits for what is not there, or must not be given, hears it before they come."""

    told = TestNobodyIsLeftToComeInVain.told

    def recall(self, made: Shop, actor: Person, why: Unfetchable = Unfetchable.GONE) -> int:
        return shop.recall(
            item_id=made.soap.id, station_id=made.station.id, why=why, actor=actor, now=TUESDAY
        )  # fmt: skip

    def test_what_is_kept_of_them_there_is_called_off_and_nothing_else(self, shop_open: Shop) -> None:
        made, there = shop_open, station("望山驿站", "Y02")
        rice = put_on_shelf(replace(SOAP, name="大米", unit="袋"), made.keeper, made.leader)
        for item, to in ((rice, made.station), (made.soap, there)):
            deliver(made, 1, item=item, to=to)
        other, elsewhere = reserve(made, item_id=rice.id), reserve(made, station_id=there.id)
        kept, fetched = reserve(made), reserve(made)
        shop.hand_over(reservation_id=fetched.id, host=made.host, now=MONDAY)
        assert [self.recall(made, made.host), self.recall(made, made.host)] == [1, 0]
        for one in (kept, other, elsewhere, fetched):
            one.refresh_from_db()
        assert (kept.state, kept.settled_by) == (State.CANCELLED, made.host.id)
        assert [one.state for one in (other, elsewhere, fetched)] == [
            State.RESERVED, State.RESERVED, State.HANDED_OVER
        ]  # fmt: skip
        assert (spendable(made.lan, TUESDAY), shelves_held(made), lies(made)) == (40 - 20 + 20, 0, 0)
        entry = Entry.objects.get(what="shop.cancelled")
        assert (entry.facts["why"], entry.actor_id) == ("goods_gone", made.host.id)
        assert holds(made.street)
        # Nobody orders it there any more, nor is served, until some of it is found to be good.
        with pytest.raises(SoldOut), transaction.atomic():
            reserve(made, now=TUESDAY)
        assert Movement.objects.filter(reason=Reason.RECALLED, actor_id=made.host.id).count() >= 1
        shop.count(
            key=uuid4(), item_id=made.soap.id, station_id=made.station.id, counted=2, actor=made.host, now=TUESDAY
        )
        assert lies(made) == 2 and reserve(made, now=TUESDAY) and holds(made.street)

    def test_what_somebody_reserves_meanwhile_is_called_off_too(
        self, shop_open: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made, taken = shop_open, list[Reservation]()
        kept = reserve(made)

        def then_another(reservation_id: UUID, *args: object, **more: object) -> bool:
            came = settling.call_off(reservation_id, *args, **more)  # type: ignore[arg-type]
            if not taken:
                taken.append(reserve(made, now=TUESDAY))
            return came

        monkeypatch.setattr(recalling, "call_off", then_another)
        assert self.recall(made, made.host, Unfetchable.UNSAFE) == 2
        for one in (kept, *taken):
            one.refresh_from_db()
            assert one.state == State.CANCELLED
        assert (lies(made), shelves_held(made)) == (0, 0) and holds(made.street)

    def test_host_and_keeper_may_and_nobody_else(self, shop_open: Shop) -> None:
        made, elsewhere = shop_open, staff("阳", "13900000049")
        reserve(made)
        village = home(made.lan).parent
        Assignment.objects.create(person=elsewhere, role=Role.STATION_HOST, node=village, valid_from=A_MONTH_AGO)
        for nobody in (made.lan, made.leader, elsewhere):
            with pytest.raises(NotAllowed), transaction.atomic():
                self.recall(made, nobody)
        assert self.recall(made, made.keeper) == 1

    @pytest.mark.parametrize(
        ("why", "title"),
        [
            (Unfetchable.GONE, "柳溪驿站没有货了，留的洗洁精 1 瓶取消了，不用去领"),
            (Unfetchable.UNSAFE, "柳溪驿站留的洗洁精 1 瓶怕不安全，不发了，不用去领"),
        ],
    )
    def test_each_is_told_why_and_where_the_points_are(self, shop_open: Shop, why: Unfetchable, title: str) -> None:
        made, elder, child = shop_open, resident("爷", "13800000007"), resident("果", "13800000023")
        mother, mei = resident("芳", "13800000024"), resident("梅", "13800000022")
        clerk = appoint(staff("文", "13900000044"), Role.COORDINATOR)
        for one in (elder, child):
            award(one)
        consent = people.give_consent(person=elder, purpose=ConsentPurpose.PROXY, now=A_MONTH_AGO)
        Proxy.objects.create(
            elder=elder, helper=made.lan, scopes=[ProxyScope.POINTS], consent=consent, invited_at=A_MONTH_AGO,
            accepted_at=A_MONTH_AGO, valid_from=A_MONTH_AGO, valid_until=LATER,
        )  # fmt: skip
        Person.objects.filter(pk=child.pk).update(birth_year=2016)
        child.refresh_from_db()
        people.record_guardian(
            minor=child, guardian=mother, paper_number="G-1", age_seen=True, actor=clerk, now=A_MONTH_AGO
        )
        shop.reserve(key=uuid4(), order=order(made, child), actor=mother, now=MONDAY)
        shop.reserve(key=uuid4(), order=order(made, elder), actor=made.lan, now=MONDAY)
        reserve(made, mei, household=home_with_points(mei))
        assert self.recall(made, made.host, why) == 3
        own, homely = "20 分退回了；可以换别的", "分退回那一家了；可以换别的"
        assert self.told("shop.cancelled", TUESDAY) == {
            **dict.fromkeys(("果", "芳", "爷", "兰"), f"{title}。{own}"), "梅": f"{title}。{homely}",
        }  # fmt: skip

    def test_the_owners_page_says_so(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        self.recall(shop_open, shop_open.host, Unfetchable.UNSAFE)
        page = words(Browser().enter(shop_open.lan).open(f"shop/reservations/{kept.id}/"))
        assert "怕不安全，不发了，取消了" in page and "20 分退回了" in page


def shelves_held(made: Shop) -> int:
    return sum(held for _free, held in shelves(made))


class TestAtTheCounter:
    """The host hears why the street called it off: what is unsafe is given to nobody, whatever its owner wanted."""

    def look_up(self, made: Shop, kept: Reservation) -> str:
        counter = f"shop/counter/{made.station.id}/"
        return words(Browser().enter(made.host).send(f"{counter}code/", code=kept.code))

    def is_not_given(self, made: Shop, kept: Reservation, said: str) -> None:
        page = self.look_up(made, kept)
        assert said in page and "不要了" not in page
        answer = Browser().enter(made.host).send(f"shop/counter/{made.station.id}/hand-over/{kept.id}/")
        assert answer.status_code == 409 and f"这一份不用给了：{said}" in words(answer)

    @pytest.mark.parametrize(
        ("unfetchable", "said"),
        [(Unfetchable.UNSAFE, "怕不安全，不发了，取消了"), (Unfetchable.GONE, "驿站没有货了，取消了")],
    )
    def test_of_what_was_recalled(self, shop_open: Shop, unfetchable: Unfetchable, said: str) -> None:
        made, kept = shop_open, reserve(shop_open)
        shop.recall(item_id=made.soap.id, station_id=made.station.id, why=unfetchable, actor=made.host, now=MONDAY)
        self.is_not_given(made, kept, said)

    def test_of_a_home_that_moved_away(self, shop_open: Shop) -> None:
        made, home_there = shop_open, home_with_points(shop_open.lan)
        kept = reserve(made, made.lan, household=home_there)
        settling.end_with_family(household=home_there, actor=None, now=MONDAY)
        self.is_not_given(made, kept, "那一家搬走了，取消了")

    def test_of_what_its_owner_called_off(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        shop.cancel(reservation_id=kept.id, actor=shop_open.lan, now=MONDAY)
        assert "不要了" in self.look_up(shop_open, kept)
        with pytest.raises(settling.CalledOff, match="已经说不要了"):
            shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=MONDAY)

"""Handed over, called off, or over by the clock: one of them, once; at the counter too."""

from dataclasses import asdict, replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from huipai.grid import commands as grid
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import Moved, NotAllowed, NotVisible, Refused, TooMany
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Account, Person
from huipai.people.words import ConsentPurpose, ProxyScope, Role
from huipai.points import commands as points
from huipai.points import queries as ledger
from huipai.points.models import Hold, Lot, Posting
from huipai.points.rules import Holder
from huipai.points.words import HoldState, ReversalReason
from huipai.shop import commands as shop
from huipai.shop import jobs as shop_jobs
from huipai.shop import notices, queries
from huipai.shop.commands import CalledOff, ElsewhereToFetch, FetchedAlready, NoSuchCard, NoSuchCode, TooLate
from huipai.shop.models import Card, Movement, Reservation
from huipai.shop.telling import came_back, what_of
from huipai.shop.words import HOLD_LASTS, Fact, Reason, State
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import A_MONTH_AGO, FOUND, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff
from tests.people.doors import Browser, words
from tests.points.ledger import award, spendable
from tests.points.test_awarding import home
from tests.points.test_household import LINKED
from tests.shop.shop import (
    Shop,
    deliver,
    free,
    holds,
    home_with_points,
    host_of,
    lies,
    order,
    reserve,
    station,
)

LATER = MONDAY + HOLD_LASTS
AT = "192.0.2.1"


def look(made: Shop, typed: str, host: Person | None = None) -> Reservation:
    return shop.look_up(typed=typed, station=made.station, host=host or made.host, address=AT, now=TUESDAY)


class TestHandOver:
    def test_both_are_posted(self, shop_open: Shop) -> None:
        kept = reserve(shop_open, quantity=2)
        found = look(shop_open, f" {kept.code[:4].lower()}-{kept.code[4:]} ")
        given = shop.hand_over(reservation_id=found.id, host=shop_open.host, now=TUESDAY)
        assert (given.state, given.settled_at, given.settled_by) == (State.HANDED_OVER, TUESDAY, shop_open.host.id)
        assert (spendable(shop_open.lan), ledger.balance(shop_open.lan, TUESDAY).held) == (60, 0)
        assert (free(shop_open), lies(shop_open)) == (3, 3)
        assert Movement.objects.get(reason=Reason.HANDED_OVER).quantity == -2
        assert holds(shop_open.street)

    def test_twice_is_once(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        for now in (TUESDAY, WEDNESDAY):
            assert shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=now).settled_at == TUESDAY
        assert (lies(shop_open), spendable(shop_open.lan)) == (4, 80)

    def test_by_another_host_is_refused_so_that_it_is_not_given_twice(self, shop_open: Shop) -> None:
        kept, other = reserve(shop_open), staff("胡二", "13900000062")
        appoint(other, Role.STATION_HOST)
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=TUESDAY)
        for now in (TUESDAY, WEDNESDAY):
            with pytest.raises(Moved) as refusal, transaction.atomic():
                shop.hand_over(reservation_id=kept.id, host=other, now=now)
            assert refusal.value.code == "shop_given_by_another"
        assert (lies(shop_open), spendable(shop_open.lan)) == (4, 80)

    def test_when_the_time_is_over_it_is_refused_and_nothing_moves(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        with pytest.raises(TooLate), transaction.atomic():
            shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=LATER)
        assert (kept.state_at(LATER), spendable(shop_open.lan, LATER)) == (State.LAPSED, 100)
        assert holds(shop_open.street)

    def test_what_was_called_off_is_not_handed_over(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        shop.cancel(reservation_id=kept.id, actor=shop_open.lan, now=TUESDAY)
        with pytest.raises(CalledOff), transaction.atomic():
            shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=TUESDAY)

    def test_who_has_moved_out_collects_nothing_with_the_homes_points_and_any_of_it_lets_it_go(
        self, shop_open: Shop
    ) -> None:
        lan, mei, strange = shop_open.lan, resident("梅", "13800000077"), resident("异", "13800000078")
        house = home_with_points(lan)
        grid.move_in(person=mei, household=house, at=A_MONTH_AGO, actor=None, now=A_MONTH_AGO)
        people.give_consent(person=mei, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=A_MONTH_AGO)
        kept = reserve(shop_open, mei, household=house)
        assert queries.visible_to(lan, MONDAY).filter(pk=kept.pk).exists()
        assert not queries.visible_to(strange, MONDAY).filter(pk=kept.pk).exists()
        grid.move_out(person=mei, at=TUESDAY, actor=mei, now=TUESDAY)
        with pytest.raises(NotAllowed) as refusal, transaction.atomic():
            shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=WEDNESDAY)
        assert refusal.value.code == "shop_home_not_theirs_now"
        with pytest.raises(NotAllowed):
            shop.cancel(reservation_id=kept.id, actor=strange, now=WEDNESDAY)
        assert shop.cancel(reservation_id=kept.id, actor=lan, now=WEDNESDAY).state == State.CANCELLED
        assert ledger.balance_of(Holder(household_id=house.id), WEDNESDAY).spendable == 20
        assert holds(shop_open.street)

    def test_what_was_collected_stays_so_when_they_move_out(self, shop_open: Shop) -> None:
        house = home_with_points(shop_open.lan)
        kept = reserve(shop_open, household=house)
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=MONDAY)
        grid.move_out(person=shop_open.lan, at=TUESDAY, actor=shop_open.lan, now=TUESDAY)
        assert shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=WEDNESDAY).settled_at == MONDAY

    def test_only_a_host_of_that_station_who_is_not_of_the_family(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        with pytest.raises(NotAllowed) as refusal:
            shop.hand_over(reservation_id=kept.id, host=shop_open.leader, now=TUESDAY)
        assert refusal.value.code == "shop_not_the_host"
        sister = host_of(shop_open, "妹", "13900000049")
        home(shop_open.lan, sister)
        with pytest.raises(NotAllowed) as refusal:
            shop.hand_over(reservation_id=kept.id, host=sister, now=TUESDAY)
        assert refusal.value.code == "shop_own_reservation"

    def test_nor_of_the_helpers_home_who_asked_for_it(self, shop_open: Shop) -> None:
        wife = resident("吴", "13800000055")
        home(wife, shop_open.host)
        asked = people.invite_helper(
            elder=shop_open.lan, phone="13800000055", scopes=[ProxyScope.POINTS], address="", now=MONDAY
        )
        people.accept_invitation(proxy_id=asked.id, helper=wife, now=MONDAY)
        kept = shop.reserve(key=uuid4(), order=order(shop_open), actor=wife, now=MONDAY)
        with pytest.raises(NotAllowed) as refusal:
            shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=MONDAY)
        assert refusal.value.code == "shop_own_reservation"
        other = host_of(shop_open, "高", "13900000049")
        assert shop.hand_over(reservation_id=kept.id, host=other, now=MONDAY).state == State.HANDED_OVER


class TestCode:
    def test_a_wrong_code_says_nothing_and_soon_nobody_may_try(self, shop_open: Shop, hetang: Street) -> None:
        kept = reserve(shop_open)
        with in_street(hetang.id):
            there = station("荷塘驿站")
        wrong = ["77777777", "", "王小明", kept.code[:7], "7" * 40]
        for typed in wrong:
            with pytest.raises(NoSuchCode) as refusal:
                look(shop_open, typed)
            assert str(refusal.value) == "没有这个码，再看一遍"
        for _ in range(10 - len(wrong)):
            with pytest.raises(NoSuchCode):
                look(shop_open, "77777777")
        with pytest.raises(TooMany):
            look(shop_open, kept.code)
        with in_street(hetang.id), pytest.raises(Refused):
            shop.look_up(typed=kept.code, station=there, host=shop_open.host, address=AT, now=TUESDAY)

    def test_right_ones_are_not_counted(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        for _ in range(12):
            assert look(shop_open, kept.code) == kept

    def test_nor_do_they_wipe_out_wrong_ones(self, shop_open: Shop) -> None:
        """Who holds a code that is right would have no limit on those that are not."""
        kept = reserve(shop_open)
        for turn in range(10):
            assert look(shop_open, kept.code) == kept
            with pytest.raises(NoSuchCode):
                look(shop_open, f"{turn}7777777")
        with pytest.raises(TooMany):
            look(shop_open, kept.code)

    def test_another_station_is_named(self, shop_open: Shop) -> None:
        other = station("望山驿站", "Y02")
        kept = reserve(shop_open)
        with pytest.raises(ElsewhereToFetch) as refusal:
            shop.look_up(typed=kept.code, station=other, host=shop_open.keeper, address=AT, now=TUESDAY)
        assert "柳溪驿站" in str(refusal.value)

    def test_only_hosts_may_look(self, shop_open: Shop) -> None:
        with pytest.raises(NotAllowed):
            look(shop_open, "77777777", shop_open.lan)


class TestCancel:
    def test_points_and_stock_come_back(self, shop_open: Shop) -> None:
        kept = reserve(shop_open, quantity=3)
        for _ in range(2):
            assert shop.cancel(reservation_id=kept.id, actor=shop_open.lan, now=TUESDAY).state == State.CANCELLED
        assert (free(shop_open), spendable(shop_open.lan)) == (5, 100)
        assert holds(shop_open.street)

    def test_not_by_anybody_else_and_not_after_it_was_fetched(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        with pytest.raises(NotAllowed):
            shop.cancel(reservation_id=kept.id, actor=resident("梅", "13800000002"), now=TUESDAY)
        with pytest.raises(NotVisible):
            shop.cancel(reservation_id=uuid4(), actor=shop_open.lan, now=TUESDAY)
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=TUESDAY)
        with pytest.raises(FetchedAlready), transaction.atomic():
            shop.cancel(reservation_id=kept.id, actor=shop_open.lan, now=TUESDAY)


class TestLapse:
    def test_what_nobody_fetched_comes_back_by_itself(self, shop_open: Shop) -> None:
        over = reserve(shop_open, quantity=2)
        lasting = reserve(shop_open, now=TUESDAY)
        assert (shop.lapse(now=LATER), shop.lapse(now=LATER)) == (1, 0)
        assert Reservation.objects.get(pk=over.pk).state == State.LAPSED
        assert Reservation.objects.get(pk=lasting.pk).state == State.RESERVED
        assert (free(shop_open, LATER), spendable(shop_open.lan, LATER)) == (4, 80)
        assert holds(shop_open.street)

    def test_it_is_the_same_whoever_sweeps_first(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        points.lapse(now=LATER)
        assert Hold.objects.get().state == HoldState.EXPIRED
        assert holds(shop_open.street)
        assert shop.lapse(now=LATER) == 1
        assert Reservation.objects.get(pk=kept.pk).settled_at == LATER
        assert holds(shop_open.street)

    def test_a_clock_that_is_a_moment_behind_does_no_harm(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        points.lapse(now=LATER)
        late = shop.cancel(reservation_id=kept.id, actor=shop_open.lan, now=LATER - timedelta(seconds=1))
        assert late.state == State.LAPSED
        assert holds(shop_open.street)


class TestCounter:
    """For somebody without a phone: a card, whose code is told once."""

    def test_who_has_said_to_be_under_14_gets_none(self, shop_open: Shop) -> None:
        Person.objects.filter(pk=shop_open.lan.pk).update(said_under_14_at=A_MONTH_AGO)
        shop_open.lan.refresh_from_db()
        with pytest.raises(NotAllowed) as refusal:
            shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=MONDAY)
        assert refusal.value.code == "shop_card_of_the_guardian"

    def test_a_card_is_enough_to_take_something_away(self, shop_open: Shop) -> None:
        card, code = shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=MONDAY)
        assert code not in str(Card.objects.filter(pk=card.pk).values())
        person = shop.read_card(typed=code, station=shop_open.station, host=shop_open.host, address=AT, now=TUESDAY)
        key = uuid4()
        for _ in range(2):
            given = shop.serve(
                key=key, order=order(shop_open, person), card_code=code, host=shop_open.host, now=TUESDAY
            )
        assert (given.state, given.settled_by, given.asked_by) == (State.HANDED_OVER, shop_open.host.id, person)
        assert (spendable(person, TUESDAY), lies(shop_open)) == (80, 4)
        assert Entry.objects.filter(what="shop.reserved").get().actor_id == shop_open.host.id
        assert holds(shop_open.street)
        shop.block_card(person=shop_open.lan, actor=shop_open.lan, now=TUESDAY)
        again = shop.serve(key=key, order=order(shop_open, person), card_code=code, host=shop_open.host, now=TUESDAY)
        assert again == given, "the host who did not hear it hears it, though the card is blocked since"

    def test_a_blocked_or_wrong_card_is_one_and_the_same_refusal(self, shop_open: Shop) -> None:
        _card, code = shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=MONDAY)
        assert shop.block_card(person=shop_open.lan, actor=shop_open.lan, now=MONDAY)
        for typed in (code, "77777777", ""):
            with pytest.raises(NoSuchCard):
                shop.read_card(typed=typed, station=shop_open.station, host=shop_open.host, address=AT, now=TUESDAY)
        with pytest.raises(NoSuchCard):
            shop.serve(key=uuid4(), order=order(shop_open), card_code=code, host=shop_open.host, now=TUESDAY)
        _card, again = shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=TUESDAY)
        assert again != code

    def test_of_whoever_has_left_no_card_is_good_and_nothing_is_fetched(self, shop_open: Shop) -> None:
        """At once, before the job has blocked it for good; what was set aside goes back within minutes."""
        _card, code = shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=MONDAY)
        kept = reserve(shop_open)
        people.erase(person=shop_open.lan, actor=shop_open.lan, now=TUESDAY)
        gone = Person.objects.get(pk=shop_open.lan.pk)
        for act in (
            lambda: shop.read_card(
                typed=code, station=shop_open.station, host=shop_open.host, address=AT, now=TUESDAY
            ),
            lambda: shop.serve(
                key=uuid4(), order=order(shop_open, gone), card_code=code, host=shop_open.host, now=TUESDAY
            ),
            lambda: shop.issue_card(person=gone, actor=shop_open.keeper, now=TUESDAY),
        ):  # fmt: skip
            with pytest.raises(NotAllowed) as refusal:
                act()
            assert refusal.value.code == "shop_has_left"
        entry = Entry.objects.get(what="person.erased")
        for _twice in range(2):
            shop_jobs.forget(street=str(shop_open.street.id), entry=str(entry.id))
        assert Card.objects.get().blocked_at is not None
        assert Entry.objects.get(what="shop.card_blocked").actor_id is None
        shop.end_with_permissions(now=TUESDAY, limit=10)
        kept.refresh_from_db()
        assert kept.state == State.CANCELLED and holds(shop_open.street)

    def test_whoever_issued_a_card_serves_nobody_by_it(self, shop_open: Shop) -> None:
        _card, code = shop.issue_card(person=shop_open.lan, actor=shop_open.host, now=MONDAY)
        for act in (
            lambda: shop.read_card(
                typed=code, station=shop_open.station, host=shop_open.host, address=AT, now=TUESDAY
            ),
            lambda: shop.serve(
                key=uuid4(), order=order(shop_open), card_code=code, host=shop_open.host, now=TUESDAY
            ),
        ):  # fmt: skip
            with pytest.raises(NotAllowed) as refusal:
                act()
            assert refusal.value.code == "shop_own_issue"
        assert spendable(shop_open.lan, TUESDAY) == 100
        other = host_of(shop_open, "邻", "13900000077")
        given = shop.serve(key=uuid4(), order=order(shop_open), card_code=code, host=other, now=TUESDAY)
        assert given.state == State.HANDED_OVER

    def test_points_at_home_pay_for_a_member_who_has_agreed_and_not_by_the_hand_that_noted_it(
        self, shop_open: Shop
    ) -> None:
        lan, now = shop_open.lan, clock.now()
        home(lan)
        household = lan.residences.get().household
        points.award_household(
            item_code=LINKED.code, subject="visit:1", household=household, received_at=now, actor=None, now=now
        )
        _card, code = shop.issue_card(person=lan, actor=shop_open.host, now=now)
        there = order(shop_open, household=household)

        def serve(host: Person) -> Reservation:
            return shop.serve(key=uuid4(), order=there, card_code=code, host=host, now=now)

        other = host_of(shop_open, "邻", "13900000077")
        for host, why in ((other, "shop_household_consent"), (shop_open.keeper, "shop_own_note")):
            with pytest.raises(NotAllowed) as refusal, transaction.atomic():
                serve(host)
            assert refusal.value.code == why
            for _twice in range(2):
                shop.note_home_consent(person=lan, actor=shop_open.keeper, now=now)
        with pytest.raises(NotAllowed), transaction.atomic():
            shop.note_home_consent(person=resident("独", "13800000009", now=now), actor=shop_open.keeper, now=now)
        given = serve(other)
        assert (given.state, given.household, given.asked_by) == (State.HANDED_OVER, household, lan)
        assert (ledger.balance_of(Holder(household_id=household.id), now).spendable, spendable(lan, now)) == (0, 100)
        assert Entry.objects.get(what="shop.reserved").facts["household"] == str(household.id)
        assert holds(shop_open.street)
        notices.tell(entry_id=Entry.objects.get(what="shop.handed_over").id, now=now)
        assert "用您家里的分领走了" in Browser().enter(lan).open("notices/").content.decode()

    def test_a_child_is_served_by_the_guardians_card_and_not_by_the_hand_that_wrote_down_the_bond(
        self, shop_open: Shop
    ) -> None:
        lan, keeper, other, now = shop_open.lan, shop_open.keeper, host_of(shop_open, "邻", "13900000077"), clock.now()
        bond = people.record_guardian_of_child(
            guardian=lan, name="兰小宝", birth_year=now.year - 9, paper_number="1", age_seen=True, actor=keeper, now=now
        )
        child = bond.minor
        rulebook(replace(FOUND, points=100, lot_months=None, under_14=True), since=now - timedelta(hours=1))
        award(child, now=now)
        with pytest.raises(NotAllowed, match="给监护人发卡") as refusal:
            shop.issue_card(person=child, actor=other, now=now)
        assert refusal.value.code == "shop_card_of_the_guardian" and not Card.objects.exists()
        _card, code = shop.issue_card(person=lan, actor=other, now=now)

        def serve(host: Person, whose: Person = child) -> Reservation:
            return shop.serve(key=uuid4(), order=order(shop_open, whose), card_code=code, host=host, now=now)

        mei = resident("梅", "13800000002", now=now)
        for host, whose, why in ((keeper, child, "shop_own_guardianship"), (shop_open.host, mei, "no_proxy")):
            with pytest.raises(NotAllowed) as refusal:
                serve(host, whose)
            assert refusal.value.code == why
        Account.objects.update(phone_confirmed_at=now)
        counter, here = Browser().enter(shop_open.host), f"shop/counter/{shop_open.station.id}/card/"
        wrong = counter.send(here, card="ABCD-0123").content.decode()
        assert 'value="ABCD-0123"' in wrong and 'href="#f-card"' in wrong
        assert f'value="{child.id}"' in words(page := counter.send(here, card=code)) and "兰**的分" in words(page)
        chosen = {"card": code, "item": shop_open.soap.id, "quantity": "1", "key": uuid4()}
        assert counter.send(f"{here}serving/", **chosen, payer=mei.id).status_code == 422
        assert counter.send(f"{here}serving/", **chosen, payer=child.id).status_code == 302
        given = Reservation.objects.get()
        assert (given.person, given.asked_by, given.state) == (child, lan, State.HANDED_OVER)
        assert (spendable(child, now), spendable(lan, now)) == (80, 100)
        notices.tell(entry_id=Entry.objects.get(what="shop.handed_over").id, now=now)
        assert set(Notice.objects.values_list("person", flat=True)) == {child.id, lan.id}
        assert "代办的人凭兑换卡领走了" in words(Browser().enter(lan).open("notices/"))
        assert holds(shop_open.street)
        people.end_guardianship(guardianship=bond, actor=keeper, now=now)
        assert counter.send(f"{here}serving/", **{**chosen, "key": uuid4()}, payer=child.id).status_code == 422
        with pytest.raises(NotAllowed, match="监护人"):
            serve(shop_open.host)

    def test_its_owner_is_told_of_it_and_of_what_is_taken_and_blocks_it(self, shop_open: Shop) -> None:
        now = clock.now()
        _card, code = shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=now)
        shop.serve(key=uuid4(), order=order(shop_open), card_code=code, host=shop_open.host, now=now)
        own = shop.reserve(key=uuid4(), order=order(shop_open), actor=shop_open.lan, now=now)
        shop.hand_over(reservation_id=own.id, host=shop_open.host, now=now + timedelta(minutes=1))
        for _twice in range(2):
            for entry in Entry.objects.filter(what__in=notices.TOLD):
                notices.tell(entry_id=entry.id, now=now)
        told = Notice.objects.filter(person=shop_open.lan)
        assert sorted(told.values_list("kind", flat=True)) == ["shop.card_issued", "shop.handed_over"]
        Account.objects.update(phone_confirmed_at=now)
        browser = Browser().enter(shop_open.lan)
        page = browser.open("notices/").content.decode()
        assert "给您发了一张兑换卡" in page and "用您的分领走了" in page
        assert "停用这张卡" in browser.open("shop/mine/").content.decode()
        card = Card.objects.get(blocked_at=None)
        assert f'name="card" value="{card.id}"' in browser.open("shop/mine/").content.decode()
        for said in ("停用了", "您现在没有兑换卡"):
            browser.send("shop/mine/card/blocking/", card=card.id)
            page = browser.open("shop/mine/").content.decode()
            assert said in page and "停用这张卡" not in page
        another, _code = shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=now)
        browser.send("shop/mine/card/blocking/", card=card.id)
        assert "现在的这一张没有动" in browser.open("shop/mine/").content.decode()
        assert Card.objects.get(pk=another.pk).blocked_at is None
        with pytest.raises(NoSuchCard):
            shop.serve(key=uuid4(), order=order(shop_open), card_code=code, host=shop_open.host, now=now)

    def test_what_comes_free_and_pays_a_debt_is_said_wherever_it_is_told(self, shop_open: Shop) -> None:
        made, now = shop_open, clock.now()
        kept = reserve(made, quantity=5, now=now)
        paid = Posting.objects.get(kind="award", person=made.lan)
        judge = appoint(staff("审", "13900000077"), Role.REVIEWER)
        points.reverse(posting_id=paid.id, actor=judge, now=now, reason=ReversalReason.RECORDED_TWICE)
        Account.objects.update(phone_confirmed_at=now)
        browser = Browser().enter(made.lan)
        assert "正留给换好的东西，记成欠的" in words(browser.open("points/"))
        page = words(browser.post(f"/s/yunqiao/shop/reservations/{kept.id}/cancellation/", follow=True))
        assert "100 分退回了，其中 100 分补了以前欠的" in page
        assert "其中 100 分补了以前欠的" in words(browser.open(f"shop/reservations/{kept.id}/"))
        assert "补了以前欠的 100 分" in words(browser.open("points/"))
        repaid = Posting.objects.get(kind="repayment")
        told = words(browser.open(f"points/postings/{repaid.id}/"))
        assert "补了以前欠的 100 分" in told and "系统自动记的" in told and "按条目" not in told

    def test_what_pays_a_debt_and_what_had_ended_are_told_apart(self, shop_open: Shop) -> None:
        """On the page, in the answer and in the notice; what pays a debt is part of what came back."""
        made, now = shop_open, clock.now()
        paid = Posting.objects.get(kind="award", person=made.lan)
        award(made.lan, received_at=now, now=now)
        short = Lot.objects.exclude(posting=paid).get(posting__person=made.lan)
        deliver(made, 3)
        kept = reserve(made, quantity=6, now=now)
        judge = appoint(staff("审", "13900000077"), Role.REVIEWER)
        points.reverse(posting_id=paid.id, actor=judge, now=now, reason=ReversalReason.RECORDED_TWICE)
        soon = now + timedelta(minutes=1)
        by_hand(
            "UPDATE points_lot SET expires_at = %s WHERE street_id = %s AND id = %s", [soon, short.street_id, short.pk]
        )
        later = now + timedelta(minutes=2)
        shop.cancel(reservation_id=kept.id, actor=made.lan, now=later)
        kept.refresh_from_db()
        told = "100 分退回了，其中 20 分补了以前欠的；另外 20 分那时已经过期"
        assert came_back(kept, reader_id=made.lan.id).words == told
        assert "欠" not in came_back(kept, reader_id=made.host.id).words, "who helped with it does not read of a debt"
        Account.objects.update(phone_confirmed_at=now)
        assert told in words(Browser().enter(made.lan).open(f"shop/reservations/{kept.id}/"))
        params = {"what": what_of(kept), **asdict(came_back(kept, reader_id=made.lan.id)), "home": False}
        assert f"{told}，想问打给社区；还要的话再订一次" == notices.WORDINGS[Fact.LAPSED]("", params).text

    def test_of_two_that_come_free_at_once_none_is_said_to_have_paid_what_both_did(self, shop_open: Shop) -> None:
        made, now = shop_open, clock.now()
        kept = [reserve(made, quantity=2, now=now) for _both in range(2)]
        paid = Posting.objects.get(kind="award", person=made.lan)
        judge = appoint(staff("审", "13900000077"), Role.REVIEWER)
        points.reverse(posting_id=paid.id, actor=judge, now=now, reason=ReversalReason.RECORDED_TWICE)
        for one in kept:
            shop.cancel(reservation_id=one.id, actor=made.lan, now=now)
            one.refresh_from_db()
        assert Posting.objects.filter(kind="repayment").count() == 2
        assert {came_back(one, reader_id=made.lan.id).words for one in kept} == {"40 分退回了"}

    def test_one_card_each_and_none_for_oneself(self, shop_open: Shop) -> None:
        shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=MONDAY)
        with pytest.raises(Moved), transaction.atomic():
            shop.issue_card(person=shop_open.lan, actor=shop_open.keeper, now=MONDAY)
        with pytest.raises(NotAllowed):
            shop.issue_card(person=shop_open.keeper, actor=shop_open.keeper, now=MONDAY)
        with pytest.raises(NotAllowed):
            shop.issue_card(person=resident("梅", "13800000002"), actor=shop_open.lan, now=MONDAY)

    def test_the_host_sees_a_masked_name_and_no_points(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        waiting = list(queries.to_be_fetched(shop_open.station, TUESDAY))
        assert waiting == [kept]
        assert queries.hosted_by(shop_open.host, TUESDAY) == [shop_open.station]
        assert queries.hosted_by(shop_open.lan, TUESDAY) == []


class TestOwn:
    def test_everybody_sees_their_own_only(self, shop_open: Shop) -> None:
        mei = resident("梅", "13800000002")
        award(mei)
        mine, theirs = reserve(shop_open), reserve(shop_open, mei)
        assert list(queries.mine(shop_open.lan, TUESDAY, waiting=True)) == [mine]
        assert list(queries.mine(mei, TUESDAY, waiting=True)) == [theirs]
        assert list(queries.mine(mei, LATER, waiting=False)) == [theirs]

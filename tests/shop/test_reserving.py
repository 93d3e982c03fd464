"""Points and a thing are set aside together, or neither."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Guardianship, Person, Proxy
from huipai.people.words import Channel, ConsentPurpose, ProxyScope, Role
from huipai.points import commands as points
from huipai.points import queries as ledger
from huipai.points.commands import KeyTaken, NotEnough
from huipai.points.commands.writing import lock_accounts
from huipai.points.models import Account, Answered, Hold, HoldDraw, Lot
from huipai.points.rules import Holder
from huipai.points.words import Purse
from huipai.shop import commands as shop
from huipai.shop import notices, queries
from huipai.shop.commands import LimitReached, SoldOut, WrongQuantity, at_once
from huipai.shop.commands.keeping import NameStands
from huipai.shop.models import Reservation, Shelf, ShopItem
from huipai.shop.words import HOLD_LASTS, Audience, State
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, staff
from tests.points.ledger import award, spendable
from tests.points.test_awarding import home
from tests.points.test_household import LINKED
from tests.shop.shop import (
    SOAP,
    Shop,
    change,
    free,
    holds,
    home_with_points,
    lies,
    open_shop,
    order,
    reserve,
    shelves,
)

LATER = MONDAY + HOLD_LASTS


class TestReserve:
    def test_points_and_stock_are_kept_for_a_week(self, shop_open: Shop) -> None:
        kept = reserve(shop_open, quantity=2)
        assert (kept.state, kept.points, kept.expires_at) == (State.RESERVED, 40, LATER)
        assert len(kept.code) == 8 and kept.spoken_code == f"{kept.code[:4]} {kept.code[4:]}"
        assert (spendable(shop_open.lan), ledger.balance(shop_open.lan, MONDAY).held) == (60, 40)
        assert (free(shop_open), lies(shop_open)) == (3, 5)
        assert holds(shop_open.street)

    def test_without_points_nothing_is_kept(self, shop_open: Shop) -> None:
        with pytest.raises(NotEnough), transaction.atomic():
            reserve(shop_open, resident("梅", "13800000002"))
        assert (free(shop_open), Reservation.objects.count()) == (5, 0)
        assert holds(shop_open.street)

    def test_what_is_owed_beside_free_points_is_paid_first(self, shop_open: Shop) -> None:
        """As it could stand before decision 0106: of 100 points 90 are owed, and 20 are more than is left."""
        Account.objects.filter(pk=lock_accounts(Holder(shop_open.lan.id))[Purse.DEBT].id).update(balance=-90)
        with pytest.raises(NotEnough), transaction.atomic():
            reserve(shop_open)
        assert not Reservation.objects.exists()

    def test_without_stock_no_points_are_kept(self, shop_open: Shop) -> None:
        reserve(shop_open, quantity=5)
        mei = resident("梅", "13800000002")
        award(mei)
        with pytest.raises(SoldOut), transaction.atomic():
            reserve(shop_open, mei)
        assert spendable(mei) == 100
        assert holds(shop_open.street)

    def test_several_are_brought_together_from_where_they_lie(self, shop_open: Shop) -> None:
        assert max(part for part, _held in shelves(shop_open)) == 1
        reserve(shop_open, quantity=4)
        assert sorted(shelves(shop_open))[-2:] == [(0, 4), (1, 0)]
        assert holds(shop_open.street)

    def test_the_same_key_is_the_stored_answer_and_another_order_is_refused(self, shop_open: Shop) -> None:
        key = uuid4()
        kept = reserve(shop_open, key=key)
        assert reserve(shop_open, key=key, now=TUESDAY) == kept
        with pytest.raises(KeyTaken), transaction.atomic():
            reserve(shop_open, key=key, quantity=2)
        assert (Reservation.objects.count(), free(shop_open)) == (1, 4)

    def test_what_was_refused_may_be_sent_again_under_its_key(self, shop_open: Shop) -> None:
        key, mei = uuid4(), resident("梅", "13800000002")
        with pytest.raises(NotEnough), transaction.atomic():
            reserve(shop_open, mei, key=key)
        award(mei)
        assert reserve(shop_open, mei, key=key).state == State.RESERVED

    @pytest.mark.parametrize("quantity", [0, -1, 11])
    def test_a_few_at_a_time(self, shop_open: Shop, quantity: int) -> None:
        with pytest.raises(WrongQuantity):
            reserve(shop_open, quantity=quantity)

    def test_what_is_withdrawn_or_of_another_street_is_not_there(self, shop_open: Shop, hetang: Street) -> None:
        shop.withdraw_item(item_id=shop_open.soap.id, actor=shop_open.keeper, now=MONDAY)
        with pytest.raises(NotVisible), transaction.atomic():
            reserve(shop_open)
        with in_street(hetang.id):
            mei = resident("梅", "13800000002")
            with pytest.raises(NotVisible), transaction.atomic():
                reserve(shop_open, mei)

    def test_its_price_is_the_price_when_it_was_made(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        change(shop_open, replace(SOAP, points=90))
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=TUESDAY)
        assert spendable(shop_open.lan) == 80

    def test_what_somebody_exchanged_keeps_its_name(self, shop_open: Shop) -> None:
        """Else one person could make another thing of everybody's accounts."""
        renamed = replace(SOAP, name="一张废纸")
        change(shop_open, renamed)
        change(shop_open, SOAP, now=TUESDAY)
        kept = reserve(shop_open)
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=TUESDAY)
        for other in (renamed, replace(SOAP, unit="只")):
            with pytest.raises(NameStands):
                change(shop_open, other, now=TUESDAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            ShopItem.objects.filter(pk=shop_open.soap.pk).update(name="一张废纸")
        said = replace(SOAP, points=30, description="2 公斤装")
        change(shop_open, said, now=WEDNESDAY)

    def test_the_journal_says_who_what_and_where_in_ids(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        entry = Entry.objects.get(what="shop.reserved")
        assert entry.subject == f"reservation:{kept.id}"
        assert kept.code not in str(entry.facts) and shop_open.lan.name not in str(entry.facts)


class TestLimit:
    def test_so_many_for_one_person_within_so_many_days(self, in_hetang: Street) -> None:
        made = open_shop(in_hetang, offer=replace(SOAP, limit_count=2, limit_days=30))
        first = reserve(made, quantity=2)
        with pytest.raises(LimitReached), transaction.atomic():
            reserve(made)
        shop.cancel(reservation_id=first.id, actor=made.lan, now=MONDAY)
        again = reserve(made, quantity=2)
        shop.hand_over(reservation_id=again.id, host=made.host, now=TUESDAY)
        with pytest.raises(LimitReached), transaction.atomic():
            reserve(made, now=MONDAY + timedelta(days=29))
        assert reserve(made, now=MONDAY + timedelta(days=30)).state == State.RESERVED

    def test_it_is_counted_in_the_one_statement(self, in_hetang: Street) -> None:
        made = open_shop(in_hetang, offer=replace(SOAP, limit_count=2))
        for _ in range(2):
            assert at_once.reserve(key=uuid4(), order=order(made), actor=made.lan, now=MONDAY) is not None
        before = written()
        assert at_once.reserve(key=uuid4(), order=order(made), actor=made.lan, now=MONDAY) is None
        assert written() == before
        assert holds(in_hetang)

    def test_it_is_one_limit_for_what_a_home_pays_and_what_oneself_pays(self, in_hetang: Street) -> None:
        made = open_shop(in_hetang, offer=replace(SOAP, limit_count=2))
        household = home_with_points(made.lan)
        reserve(made, household=household)
        reserve(made)
        assert at_once.reserve(key=uuid4(), order=order(made), actor=made.lan, now=MONDAY) is None
        for pays in (None, household):
            with pytest.raises(LimitReached), transaction.atomic():
                reserve(made, household=pays)

    def test_what_was_not_fetched_in_time_leaves_its_place_free(self, in_hetang: Street) -> None:
        made = open_shop(in_hetang, offer=replace(SOAP, limit_count=1))
        reserve(made)
        assert reserve(made, now=LATER).state == State.RESERVED


def written() -> list[tuple[object, ...]]:
    """Every row that a reservation writes or changes."""
    tables = (Reservation, Hold, HoldDraw, Answered, Entry, Account, Lot, Shelf)
    return [row for table in tables for row in table.objects.order_by("pk").values_list()]


class TestWho:
    def test_a_child_comes_with_the_guardian(self, shop_open: Shop) -> None:
        child, mother, clerk = resident("果", "13800000003"), resident("芳", "13800000004"), staff("文", "13900000044")
        Person.objects.filter(pk=child.pk).update(birth_year=2016)
        child.refresh_from_db()
        award(child)
        with pytest.raises(NotAllowed) as refusal, transaction.atomic():
            reserve(shop_open, child)
        assert refusal.value.code == "shop_with_the_guardian"
        appoint(clerk, Role.COORDINATOR)
        people.record_guardian(
            minor=child, guardian=mother, paper_number="G-1", age_seen=True, actor=clerk, now=A_MONTH_AGO
        )
        kept = shop.reserve(key=uuid4(), order=order(shop_open, child), actor=mother, now=MONDAY)
        assert (kept.person, kept.asked_by, spendable(child)) == (child, mother, 80)
        Guardianship.objects.update(ended_at=TUESDAY)
        with pytest.raises(NotAllowed), transaction.atomic():
            shop.reserve(key=uuid4(), order=order(shop_open, child), actor=mother, now=WEDNESDAY)

    def test_a_helper_does_it_for_an_elder_while_the_proxy_holds(self, shop_open: Shop) -> None:
        helper = resident("助", "13800000005")
        with pytest.raises(NotAllowed), transaction.atomic():
            shop.reserve(key=uuid4(), order=order(shop_open), actor=helper, now=MONDAY)
        consent = people.give_consent(person=shop_open.lan, purpose=ConsentPurpose.PROXY, now=A_MONTH_AGO)
        assert consent.channel == Channel.PAGE
        Proxy.objects.create(
            elder=shop_open.lan, helper=helper, scopes=[ProxyScope.POINTS], consent=consent, invited_at=A_MONTH_AGO,
            accepted_at=A_MONTH_AGO, valid_from=A_MONTH_AGO, valid_until=TUESDAY,
        )  # fmt: skip
        kept = shop.reserve(key=uuid4(), order=order(shop_open), actor=helper, now=MONDAY)
        assert (kept.person, kept.asked_by) == (shop_open.lan, helper)
        shop.cancel(reservation_id=kept.id, actor=helper, now=MONDAY)
        key, wanted = uuid4(), order(shop_open)
        left = shop.reserve(key=key, order=wanted, actor=helper, now=MONDAY)
        assert left in queries.visible_to(helper, MONDAY)
        with pytest.raises(NotAllowed), transaction.atomic():
            shop.reserve(key=uuid4(), order=order(shop_open), actor=helper, now=TUESDAY)
        assert shop.reserve(key=key, order=wanted, actor=helper, now=TUESDAY) == left, "who did not hear it hears it"
        # What the helper had set aside is the elder's alone from then on, and the code on the helper's phone is worth
        # nothing: the elder calls it off and asks again.
        with pytest.raises(NotAllowed) as late:
            shop.hand_over(reservation_id=left.id, host=shop_open.host, now=TUESDAY)
        assert late.value.code == "shop_not_their_helper_now"
        assert left not in queries.visible_to(helper, TUESDAY)
        with pytest.raises(NotAllowed):
            shop.cancel(reservation_id=left.id, actor=helper, now=TUESDAY)
        assert left in queries.visible_to(shop_open.lan, TUESDAY)
        # Who has no phone to call it off with gets the points back without.
        assert spendable(shop_open.lan, TUESDAY) == 80 and shop.end_with_permissions(now=MONDAY) == 0
        assert [shop.end_with_permissions(now=TUESDAY) for _ in range(2)] == [1, 0]
        left.refresh_from_db()
        assert (left.state, spendable(shop_open.lan, TUESDAY)) == (State.CANCELLED, 100)
        notices.tell(entry_id=Entry.objects.filter(what="shop.cancelled").latest("id").id, now=TUESDAY)
        told = Notice.objects.get(kind="shop.cancelled")
        wording = notices.WORDINGS[told.kind](told.subject, told.params)
        assert told.person == shop_open.lan and "20 分退回了" in str(wording.text)

    @pytest.mark.parametrize(
        ("audience", "birth_year", "allowed"),
        [
            (Audience.ADULTS, 2010, False),
            (Audience.ADULTS, 2000, True),
            (Audience.ELDERS, 1980, False),
            (Audience.ELDERS, 1960, True),
            (Audience.ELDERS, None, False),
        ],
    )
    def test_an_item_has_its_audience(
        self, in_hetang: Street, audience: Audience, birth_year: int | None, allowed: bool
    ) -> None:
        made = open_shop(in_hetang, offer=replace(SOAP, audience=audience))
        Person.objects.filter(pk=made.lan.pk).update(birth_year=birth_year)
        made.lan.refresh_from_db()
        if allowed:
            assert reserve(made).state == State.RESERVED
        else:
            with pytest.raises(NotAllowed):
                reserve(made)


class TestHousehold:
    @pytest.fixture
    def family(self, shop_open: Shop) -> Shop:
        home(shop_open.lan, resident("梅", "13800000002"))
        points.award_household(
            item_code=LINKED.code, subject="visit:1", household=shop_open.lan.residences.get().household,
            received_at=MONDAY, actor=None, now=MONDAY,
        )  # fmt: skip
        return shop_open

    def test_any_consenting_grown_up_of_it_may_spend_its_points(self, family: Shop) -> None:
        household, mei = family.lan.residences.get().household, Person.objects.get(name="梅")
        with pytest.raises(NotAllowed) as refusal, transaction.atomic():
            reserve(family, mei, household=household)
        assert refusal.value.code == "shop_household_consent"
        people.give_consent(person=mei, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=MONDAY)
        kept = reserve(family, mei, household=household)
        shop.hand_over(reservation_id=kept.id, host=family.host, now=TUESDAY)
        assert ledger.balance_of(Holder(household_id=household.id), TUESDAY).spendable == 0
        assert (spendable(family.lan), spendable(mei)) == (100, 0)
        assert holds(family.street)

    def test_nobody_else_may(self, family: Shop) -> None:
        stranger = resident("陌", "13800000006")
        people.give_consent(person=stranger, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=MONDAY)
        with pytest.raises(NotAllowed) as refusal, transaction.atomic():
            reserve(family, stranger, household=family.lan.residences.get().household)
        assert refusal.value.code == "shop_other_household"

    def test_nor_may_a_child_of_it(self, family: Shop) -> None:
        Person.objects.filter(name="梅").update(birth_year=2010)
        mei = Person.objects.get(name="梅")
        people.give_consent(person=mei, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=MONDAY)
        with pytest.raises(NotAllowed) as refusal, transaction.atomic():
            reserve(family, mei, household=family.lan.residences.get().household)
        assert refusal.value.code == "shop_grown_ups_only"


class TestClock:
    def test_what_nobody_fetched_is_to_be_had_again_though_nobody_has_swept(self, shop_open: Shop) -> None:
        reserve(shop_open, quantity=5)
        mei = resident("梅", "13800000002")
        award(mei)
        assert (free(shop_open, LATER - timedelta(seconds=1)), free(shop_open, LATER)) == (0, 5)
        assert reserve(shop_open, mei, quantity=4, now=LATER).state == State.RESERVED
        assert spendable(shop_open.lan, LATER) == 100
        assert holds(shop_open.street)


class TestInvariants:
    def refused(self, change: Callable[[], object]) -> str:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            change()
            connection.check_constraints()
        return refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr,no-any-return]

    def test_a_settled_reservation_is_frozen(self, shop_open: Shop) -> None:
        kept = reserve(shop_open)
        assert self.refused(lambda: Reservation.objects.update(points=1)) == "shop_reservation_is_frozen"
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=TUESDAY)
        assert self.refused(lambda: Reservation.objects.update(state=State.RESERVED)) == "shop_reservation_is_frozen"

    def test_it_is_handed_over_in_time_by_somebody_else(self, shop_open: Shop) -> None:
        reserve(shop_open)
        changes: list[tuple[datetime, Person]] = [(LATER, shop_open.host)]
        for at, who in changes:
            assert (
                self.refused(
                    lambda at=at, who=who: Reservation.objects.update(  # type: ignore[misc]
                        state=State.HANDED_OVER, settled_at=at, settled_by=who.id
                    )
                )
                == "shop_a_reservation_is_settled_once"
            )
        assert (
            self.refused(
                lambda: Reservation.objects.update(
                    state=State.HANDED_OVER, settled_at=TUESDAY, settled_by=shop_open.lan.id
                )
            )
            == "shop_nobody_hands_over_to_themselves"
        )


def test_a_refusal_leaves_no_answer_behind(shop_open: Shop) -> None:
    before = Answered.objects.count()
    with pytest.raises(Refused), transaction.atomic():
        reserve(shop_open, resident("梅", "13800000002"))
    assert Answered.objects.count() == before

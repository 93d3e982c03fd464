"""A gift, its price and its limits are asked for by one and opened by another."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.shop import commands as shop
from huipai.shop import queries
from huipai.shop.commands import BudgetSpent, ChangeWaits, NameTaken, NoBudget, Plan, ProposalDecided
from huipai.shop.commands.keeping import NameStands
from huipai.shop.models import ItemProposal, ShopItem
from huipai.shop.words import ProposalState
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import A_YEAR_AGO, MONDAY, TUESDAY, WEDNESDAY, appoint, staff
from tests.people.doors import Browser, words
from tests.points.test_awarding import home
from tests.shop.shop import GIVEN, SOAP, Shop, change, holds, reserve

RICE = replace(SOAP, name="大米", unit="袋", points=60)
DEARER = replace(SOAP, points=90, limit_count=1)


def asked(made: Shop, plan: Plan = GIVEN) -> ItemProposal:
    return shop.propose_item(offer=RICE, plan=plan, actor=made.keeper, now=MONDAY)


def asked_dearer(made: Shop) -> ItemProposal:
    return shop.propose_change(item_id=made.soap.id, offer=DEARER, actor=made.keeper, now=MONDAY)


def on_sale(at: object = WEDNESDAY) -> list[str]:
    return [one.item.name for one in queries.items_listed(at)]  # type: ignore[arg-type]


class TestTwoPeople:
    def test_nobody_finds_it_until_another_has_opened_it(self, shop_open: Shop) -> None:
        one = asked(shop_open)
        assert asked(shop_open) == one and on_sale() == ["洗洁精"]
        for who in (shop_open.keeper, shop_open.host):
            with pytest.raises(NotAllowed):
                shop.open_item(proposal_id=one.id, actor=who, now=TUESDAY)
        for _ in range(2):
            item = shop.open_item(proposal_id=one.id, actor=shop_open.leader, now=TUESDAY)
        assert (item.points, item.opened_at) == (60, TUESDAY) and on_sale() == ["洗洁精", "大米"]
        assert ShopItem.objects.count() == 2 and holds(shop_open.street)

    def test_signs_that_nobody_sees_make_no_second_gift_of_a_name(self, shop_open: Shop) -> None:
        hidden = replace(SOAP, name="洗\u200b洁精\u202e")
        with pytest.raises(NameTaken):
            shop.propose_item(offer=hidden, plan=GIVEN, actor=shop_open.keeper, now=MONDAY)

    def test_another_keeper_may_open_it_and_none_of_the_same_home(self, shop_open: Shop) -> None:
        second, third = (
            appoint(staff(f"柯{n}", f"1390000006{n}"), Role.COORDINATOR) for n in range(2)
        )  # fmt: skip
        home(shop_open.keeper, third)
        one = asked(shop_open)
        with pytest.raises(NotAllowed) as refusal:
            shop.open_item(proposal_id=one.id, actor=third, now=TUESDAY)
        assert refusal.value.code == "shop_two_of_one_home"
        with pytest.raises(IntegrityError, match="in one home"), transaction.atomic():
            _decided(one, third)
        assert shop.open_item(proposal_id=one.id, actor=second, now=TUESDAY).name == "大米"

    def test_a_price_and_a_limit_stay_until_another_agrees(self, shop_open: Shop) -> None:
        one = asked_dearer(shop_open)
        shop_open.soap.refresh_from_db()
        assert (shop_open.soap.points, shop_open.soap.limit_count) == (20, None)
        with pytest.raises(NotAllowed):
            shop.open_item(proposal_id=one.id, actor=shop_open.keeper, now=TUESDAY)
        for _ in range(2):
            item = shop.open_item(proposal_id=one.id, actor=shop_open.leader, now=TUESDAY)
        assert (item.points, item.limit_count) == (90, 1) and holds(shop_open.street)

    def test_refused_with_a_reason_it_stays_as_it_was(self, shop_open: Shop) -> None:
        one = asked_dearer(shop_open)
        for reason in ("", " \u200b", "长" * 201):
            with pytest.raises(Invalid) as refusal:
                shop.refuse_item(proposal_id=one.id, actor=shop_open.leader, reason=reason, now=TUESDAY)
            assert refusal.value.field == "reason"
        for _ in range(2):
            shop.refuse_item(proposal_id=one.id, actor=shop_open.leader, reason="太贵", now=TUESDAY)
        with pytest.raises(ProposalDecided):
            shop.open_item(proposal_id=one.id, actor=shop_open.leader, now=TUESDAY)
        shop_open.soap.refresh_from_db()
        assert shop_open.soap.points == 20 and holds(shop_open.street)

    def test_who_asked_takes_it_back(self, shop_open: Shop) -> None:
        one = asked(shop_open)
        with pytest.raises(NotAllowed):
            shop.withdraw_proposal(proposal_id=one.id, actor=shop_open.leader, now=TUESDAY)
        for _ in range(2):
            shop.withdraw_proposal(proposal_id=one.id, actor=shop_open.keeper, now=TUESDAY)
        with pytest.raises(Moved):
            shop.open_item(proposal_id=one.id, actor=shop_open.leader, now=TUESDAY)
        assert asked(shop_open) != one and holds(shop_open.street)


class TestWhatIsAsked:
    def test_one_of_a_name_and_one_change_at_a_time(self, shop_open: Shop) -> None:
        asked(shop_open)
        other = appoint(staff("柯二", "13900000061"), Role.COORDINATOR)
        for offer, actor in ((replace(RICE, points=1), shop_open.keeper), (RICE, other)):
            with pytest.raises(NameTaken):
                shop.propose_item(offer=offer, plan=GIVEN, actor=actor, now=MONDAY)
        with pytest.raises(NameTaken):
            shop.propose_item(offer=SOAP, plan=GIVEN, actor=other, now=MONDAY)
        asked_dearer(shop_open)
        with pytest.raises(ChangeWaits):
            shop.propose_change(item_id=shop_open.soap.id, offer=DEARER, actor=other, now=MONDAY)
        with pytest.raises(Invalid, match="和现在的一样"):
            shop.propose_change(item_id=shop_open.soap.id, offer=SOAP, actor=other, now=MONDAY)

    def test_its_money_must_be_in_the_budget_when_asked_and_when_opened(self, shop_open: Shop) -> None:
        with pytest.raises(BudgetSpent):
            asked(shop_open, Plan(quantity=5, cost_cents=1_000_001))
        with pytest.raises(NoBudget):
            shop.propose_item(
                offer=RICE, plan=Plan(quantity=5, cost_cents=1), actor=shop_open.keeper,
                now=MONDAY.replace(year=2028),
            )  # fmt: skip
        one = asked(shop_open, Plan(quantity=5, cost_cents=999_000))
        shop.deliver(
            key=one.id, item_id=shop_open.soap.id, station_id=shop_open.station.id, quantity=1, cost_cents=900_000,
            actor=shop_open.keeper, now=MONDAY,
        )  # fmt: skip
        with pytest.raises(BudgetSpent):
            shop.open_item(proposal_id=one.id, actor=shop_open.leader, now=TUESDAY)
        for plan, field in ((Plan(quantity=0), "quantity"), (Plan(quantity=1, cost_cents=-1), "cost")):
            with pytest.raises(Invalid) as refusal:
                asked(shop_open, plan)
            assert refusal.value.field == field

    def test_what_was_exchanged_meanwhile_keeps_its_name(self, shop_open: Shop) -> None:
        renamed = replace(SOAP, name="肥皂")
        one = shop.propose_change(item_id=shop_open.soap.id, offer=renamed, actor=shop_open.keeper, now=MONDAY)
        reserve(shop_open)
        with pytest.raises(NameStands):
            shop.open_item(proposal_id=one.id, actor=shop_open.leader, now=TUESDAY)

    def test_a_change_ends_with_what_goes_off_the_shelf_meanwhile(self, shop_open: Shop) -> None:
        one = asked_dearer(shop_open)
        shop.withdraw_item(item_id=shop_open.soap.id, actor=shop_open.keeper, now=TUESDAY)
        one.refresh_from_db()
        assert (one.state, one.decided_at) == (ProposalState.WITHDRAWN, TUESDAY) and holds(shop_open.street)
        with pytest.raises(ProposalDecided):
            shop.open_item(proposal_id=one.id, actor=shop_open.leader, now=WEDNESDAY)
        desk = words(Browser().enter(shop_open.leader).open("shop/desk/proposals/"))
        assert "这件下架了，改动作罢" in desk and "同意，照这样改" not in desk

    def test_another_streets_is_not_there(self, shop_open: Shop, hetang: Street) -> None:
        one = asked(shop_open)
        with in_street(hetang.id):
            lei = appoint(staff("外", "13900000091"), Role.LEADER)
            with pytest.raises(NotVisible):
                shop.open_item(proposal_id=one.id, actor=lei, now=TUESDAY)


def _decided(one: ItemProposal, who: Person) -> None:
    ItemProposal.objects.filter(pk=one.pk).update(
        state=ProposalState.OPENED, decided_by=who, decided_at=TUESDAY, item_id=one.id
    )


class TestInTheDatabase:
    def test_nobody_opens_what_they_asked_for(self, shop_open: Shop) -> None:
        one = asked(shop_open)
        with pytest.raises(IntegrityError, match="nobody_opens_what_they_proposed"), transaction.atomic():
            _decided(one, shop_open.keeper)

    def test_a_decision_does_not_date_from_before_it_was_asked_for(self, shop_open: Shop) -> None:
        """Two of one home would be strangers at a date on which they were."""
        home(shop_open.keeper, shop_open.leader)
        one, opened = asked(shop_open), {"state": ProposalState.OPENED, "decided_by": shop_open.leader}
        for at, why in ((TUESDAY, "in one home"), (A_YEAR_AGO, "decided_after_it_was_asked")):
            with pytest.raises(IntegrityError, match=why), transaction.atomic():
                ItemProposal.objects.filter(pk=one.pk).update(**opened, decided_at=at)

    def test_nothing_stands_there_or_costs_what_nobody_opened(self, shop_open: Shop) -> None:
        for change_of in ({"points": 1}, {"limit_count": 3}, {"description": "别的"}):
            with pytest.raises(IntegrityError, match="nobody has opened"), transaction.atomic():
                ShopItem.objects.filter(pk=shop_open.soap.pk).update(**change_of)
        with pytest.raises(IntegrityError, match="nobody has opened"), transaction.atomic():
            ShopItem.objects.create(name="米", unit="袋", category="food", points=1, opened_at=MONDAY)

    def test_nothing_comes_decided_and_what_is_decided_stays(self, shop_open: Shop) -> None:
        one = asked_dearer(shop_open)
        with pytest.raises(IntegrityError, match="waits for another"), transaction.atomic():
            ItemProposal.objects.create(
                item=shop_open.soap, is_new=False, name="皂", unit="块", category="daily", points=1,
                audience="everybody", limit_days=30, proposed_by=shop_open.keeper, proposed_at=MONDAY,
                state=ProposalState.OPENED, decided_by=shop_open.leader, decided_at=MONDAY,
            )  # fmt: skip
        with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
            ItemProposal.objects.filter(pk=one.pk).update(points=1)
        shop.refuse_item(proposal_id=one.id, actor=shop_open.leader, reason="太贵", now=TUESDAY)
        for again in ({"reason": "别的"}, {"state": "proposed", "decided_by": None, "decided_at": None, "reason": ""}):
            with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
                ItemProposal.objects.filter(pk=one.pk).update(**again)
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemProposal.objects.all().delete()


@pytest.mark.no_guard
class TestProof:
    @pytest.mark.parametrize(
        "edit",
        [
            "UPDATE shop_itemproposal SET points = points + 1 WHERE state = 'opened'",
            "UPDATE shop_itemproposal SET decided_by_id = (SELECT id FROM people_person WHERE name = '胡')"
            " WHERE state = 'opened'",
            "UPDATE shop_itemproposal SET cost_cents = 5 WHERE is_new",
            "UPDATE shop_itemproposal SET state = 'withdrawn', decided_by_id = NULL, reason = ''"
            " WHERE state = 'refused'",
            "UPDATE shop_itemproposal SET description = 'x' WHERE state = 'proposed'",
            "DELETE FROM shop_itemproposal WHERE state = 'refused'",
            "UPDATE shop_shopitem SET points = 1",
        ],
    )
    def test_what_is_edited_by_hand_is_found(self, shop_open: Shop, edit: str) -> None:
        change(shop_open, DEARER)
        refused = asked(shop_open)
        shop.refuse_item(proposal_id=refused.id, actor=shop_open.leader, reason="太贵", now=TUESDAY)
        asked(shop_open)
        assert holds(shop_open.street)
        assert by_hand(edit)
        assert not holds(shop_open.street)


class TestPages:
    def test_from_asking_to_the_shelf(self, shop_open: Shop) -> None:
        keeper, leader = Browser().enter(shop_open.keeper), Browser().enter(shop_open.leader)
        typed = {
            "name": "大米", "unit": "袋", "category": "food", "points": "60", "audience": "everybody",
            "limit_days": "30", "quantity": "10", "cost": "9999999",
        }  # fmt: skip
        answer = keeper.send("shop/desk/items/new/", **typed)
        assert answer.status_code == 409 and "预算还剩" in words(answer) and 'value="9999999"' in words(answer)
        answer = keeper.send("shop/desk/items/new/", **{**typed, "cost": "35.50"})
        assert answer.status_code == 302 and answer["Location"].endswith("/shop/desk/proposals/")
        one = ItemProposal.objects.get(name="大米")
        page = words(keeper.open("shop/desk/proposals/"))
        assert "等另一位定" in page and "35.50" in page and "同意，上架" not in page
        assert "只是第一批" in page, "whoever opens it knows what they are not asked about"
        assert "1 件等另一位定" in words(keeper.open("shop/desk/"))
        keeper.send(f"shop/desk/proposals/{one.id}/approval/")
        assert "自己提的，要由另一位来定" in words(keeper.open("shop/desk/proposals/"))
        assert "大米" not in words(Browser().open("shop/"))
        answer = leader.send(f"shop/desk/proposals/{one.id}/refusal/", reason="长" * 201)
        assert answer.status_code == 422 and "长" * 201 in words(answer)
        assert "同意，上架" in words(leader.open("shop/desk/proposals/"))
        leader.send(f"shop/desk/proposals/{one.id}/approval/")
        assert "大米" in words(Browser().open("shop/"))
        rice = ShopItem.objects.get(name="大米")
        keeper.send(f"shop/desk/items/{rice.id}/words/", **{**typed, "points": "75"})
        page = words(leader.open("shop/desk/proposals/"))
        assert "60 分" in page and "75 分" in page and "同意，照这样改" in page
        assert "等另一位定" in words(keeper.open(f"shop/desk/items/{rice.id}/"))
        change_asked = ItemProposal.objects.get(item=rice, is_new=False)
        keeper.send(f"shop/desk/proposals/{change_asked.id}/withdrawal/")
        assert "提出的人撤回了" in words(leader.open("shop/desk/proposals/"))
        assert holds(shop_open.street)

"""Any order of everything that can happen to points and stock, against a plain model of what must come of it.

Two people and the household of one of them, two items in two stations, a budget, a clock that only goes forward, and
at last, perhaps, the end of the scheme. After each step: all lines sum to zero; nothing is negative; every balance,
lot and shelf is what its rows add up to, as the model says; what is held is what open holds have set aside; no delivery
is dearer than the budget; and a step that was refused has left every row as it was, those of the journal among them.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import replace
from uuid import uuid4

import pytest

import tests.points.test_machine
from huipai.people import commands as people_commands
from huipai.people.words import ConsentPurpose, Role
from huipai.points import commands as points
from huipai.points.words import ClaimFact, Fact
from huipai.shop import commands as shop
from huipai.shop.commands import (
    Offer,
)
from huipai.shop.words import Fact as ShopFact
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY, appoint, resident, rulebook, staff
from tests.points.test_awarding import home
from tests.points.test_household import LINKED
from tests.points.test_machine import ITEMS
from tests.rounds import DEPTH, walk
from tests.shop.machine import base, claiming, deciding, fetching, shelving
from tests.shop.machine.owing import Owing
from tests.shop.machine.shelving import Shelving
from tests.shop.model import CLAIM, GIVEN, LIMIT, PRICES, STOCK
from tests.shop.shop import put_on_shelf, station


class ShopOfOneStreet(Owing, Shelving):
    """The ledger's rules, and those of grants, claims, holds, households and the shop."""


# Whatever ledger and shop tell the journal, and what of a claim moves points.
EVERYTHING = frozenset(
    {*Fact.values, *ShopFact.values, ClaimFact.POSTED, ClaimFact.UNPAID, ClaimFact.UPHELD, ClaimFact.DISMISSED,
     ClaimFact.CONTEST_GRANTED, ClaimFact.CONTEST_DISMISSED}
)  # fmt: skip

MOVES_NOTHING = {
    "points.answer_to": "reads what was answered",
    "points.answered_before": "reads what was answered",
    "points.appeal_correction_at_counter": "as points.appeal_correction, by the hand of staff",
    "points.as_stored": "a row as the database keeps it",
    "points.capture": "in shop.hand_over",
    "points.hash_of": "part of stored_answer",
    "points.lock_accounts": "locks only",
    "points.lock_opened": "locks only",
    "points.locked_claim": "locks only",
    "points.reserve": "in shop.reserve",
    "points.run_dry": "writes a report on a draft of the rulebook",
    "points.stored_answer": "in each delivery and count",
    "points.void": "in shop.cancel",
    "shop.block_card_of_who_left": "as shop.block_card, of somebody who has left",
    "shop.is_card_of": "reads",
    "shop.look_up": "reads; wrong codes are counted in people",
    "shop.made_by": "reads what was answered",
    "shop.moved_by": "reads what was answered",
    "shop.note_home_consent": "a yes, in people",
    "shop.picture_item": "a picture",
    "shop.read_card": "reads; wrong codes are counted in people",
}


def run(street: Street, *, examples: int, steps: int, least: int, facts: frozenset[str] = frozenset()) -> None:
    """Let Hypothesis try so many sequences of so many steps at most, until it has taken `least` and told `facts`."""
    with in_street(street.id):
        rulebook(*ITEMS.values(), CLAIM, GIVEN, replace(LINKED, month_cap=None, household_month_cap=None))
        people = [resident("甲", "13800000051"), resident("乙", "13800000052")]
        home(people[0])
        people_commands.give_consent(person=people[0], purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=MONDAY)
        reviewers = [appoint(staff("审", f"1390000005{n}"), Role.REVIEWER) for n in (1, 2, 3, 4, 5)]
        leaders = [appoint(staff("雷", f"1390000007{n}"), Role.LEADER) for n in (1, 2)]
        hosts = [
            appoint(staff("胡", "13900000061"), Role.STATION_HOST),
            appoint(staff("柯", "13900000062"), Role.COORDINATOR),
        ]
        stations = [station("柳溪驿站", "Y01"), station("望山驿站", "Y02")]
        offers = [
            Offer(name="洗洁精", unit="瓶", category="daily", points=PRICES[0]),
            Offer(name="大米", unit="袋", category="food", points=PRICES[1], limit_count=LIMIT),
        ]
        items = [put_on_shelf(offer, hosts[1], leaders[0], now=MONDAY) for offer in offers]
        for item in items:
            for one in stations:
                shop.donate(key=uuid4(), item_id=item.id, station_id=one.id, quantity=STOCK, actor=hosts[1], now=MONDAY)
        world = {
            "street": street, "people": people, "home": people[0].residences.get().household,
            "newcomer": resident("丙", "13800000053"),
            "reviewer": reviewers[2], "reviewers": reviewers, "leaders": leaders, "hosts": hosts, "items": items,
            "stations": stations, "steps": 0, "happened": set(),
        }  # fmt: skip
    machine: type[ShopOfOneStreet] = type("EverythingOfOneStreet", (ShopOfOneStreet,), world)

    def is_enough() -> bool:
        assert machine.steps < 3 * least, facts - machine.happened
        return machine.steps >= least and facts <= machine.happened

    walk(machine, examples=examples, steps=steps, is_enough=is_enough)


def test_any_order_of_events_comes_out_as_the_model_says(yunqiao: Street) -> None:
    run(yunqiao, examples=8, steps=30, least=120)


@pytest.mark.long
@pytest.mark.deep
def test_ten_thousand_steps_come_out_as_the_model_says_and_everything_happens_in_them(yunqiao: Street) -> None:
    run(yunqiao, examples=50, steps=70, least=10_000 * DEPTH, facts=EVERYTHING)


def test_every_command_of_ledger_and_shop_is_in_a_machine() -> None:
    """Or stands in the list of those that move neither points nor stock."""
    rooms = {"points": points.__all__, "shop": shop.__all__}
    commands = {f"{room}.{name}" for room, names in rooms.items() for name in names if name.islower()}
    assert commands - called_by_machines() == set(MOVES_NOTHING)


def called_by_machines() -> set[str]:
    rules = [tests.points.test_machine, base, claiming, deciding, fetching, shelving]
    nodes = (node for module in rules for node in ast.walk(ast.parse(inspect.getsource(module))))
    return {
        f"{node.value.id}.{node.attr}" for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }  # fmt: skip

"""Whoever has no number is found by name and home, by those whose post it is, a few at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from huipai.grid.models import GridNode, Residence
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.finding import shown
from huipai.people.models import Person
from huipai.people.rules import open_choice, seal_choice
from huipai.people.words import LIMITS_OF_NUMBER, STAFF_SESSION, Fact, Role, TryKind
from huipai.points.models import Claim, Grant
from huipai.shop.models import Card
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.grid.conftest import Town, build
from tests.people.doors import LAN, MEI, Browser, found, leads_to, words

NOW = clock.now()
PAGES = ("counter/", "shop/desk/cards/", "points/enter/", "points/grants/")


@pytest.fixture
def town(in_yunqiao: Street) -> Town:
    town = build(in_yunqiao)
    cast.rulebook(cast.FOUND)
    for code, name in {"M1": "柳岸微网格", "B1": "1 幢", "E1": "2 单元", "H1": "101 室", "H2": "1101 室"}.items():
        GridNode.objects.filter(pk=town[code].pk).update(name=name)
    return town


@pytest.fixture
def move(town: Town) -> Callable[..., Person]:
    def move(name: str, home: str, birth_year: int | None = 1948) -> Person:
        person = Person.objects.create(name=name, birth_year=birth_year, created_at=cast.A_MONTH_AGO)
        return living(person, town, home)

    return move


def living(person: Person, town: Town, home: str) -> Person:
    Residence.objects.create(person=person, household=town[home], valid_from=cast.A_MONTH_AGO)
    return person


@pytest.fixture
def elder(move: Callable[..., Person]) -> Person:
    """Somebody without an account."""
    return move("赵 秀珍", "H1")


@pytest.fixture
def desk(town: Town) -> Browser:
    return Browser().enter(cast.clerk())


class TestFinding:
    @pytest.mark.parametrize(
        "asked",
        [
            {"name": "赵秀珍"}, {"name": "赵　秀珍 "}, {"name": "赵秀珍", "home": "1幢"},
            {"home": "1 幢 2 单元 101 室"},
            {"home": "1-2-101"}, {"home": "1栋2单元101"}, {"home": "柳岸 1幢2单元101"}, {"home": "H1"},
        ],
    )  # fmt: skip
    def test_by_name_and_home(
        self, elder: Person, desk: Browser, move: Callable[..., Person], asked: dict[str, str]
    ) -> None:
        move("钱桂花", "H2")
        page = words(desk.get(leads_to(desk.send("shop/desk/cards/", act="find", **asked))))
        assert "赵***" in page and "1 幢 2 单元 101 室" in page and "没有手机号" in page and "1940 年代生" in page
        assert "秀珍" not in page and "钱" not in page

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({}, "填手机号"), ({"name": "赵"}, "没有找到"), ({"name": "赵秀"}, "没有找到"),
            ({"home": "1 幢"}, "写到一户"), ({"home": "9-9-9"}, "没有找到"), ({"phone": "1"}, "11 位"),
            ({"name": "赵秀珍", "home": "2-2-101"}, "没有找到"),
            ({"phone": "13899999999"}, "没有人用这个号码"), ({"name": "赵秀珍", "home": "("}, "没有找到"),
        ],
    )  # fmt: skip
    def test_nobody_is_listed_for_a_guess(
        self, elder: Person, desk: Browser, move: Callable[..., Person], asked: dict[str, str], said: str
    ) -> None:
        move("钱桂花", "H2")
        for page in PAGES:
            answer = desk.send(page, act="find", **asked)
            assert answer.status_code == 422 and said in words(answer), page
            assert "赵*" not in words(answer)
            assert all(f'value="{typed}"' in words(answer) for typed in asked.values())

    def test_a_few_of_one_name_are_told_apart_and_many_are_not_listed(
        self, elder: Person, desk: Browser, move: Callable[..., Person]
    ) -> None:
        move("赵秀珍", "H2", 1971)
        answer = desk.send("points/enter/", act="find", name="赵秀珍")
        assert answer.status_code == 200 and words(answer).count("?who=") == 2
        assert "1940 年代生" in words(answer) and "1101 室" in words(answer)
        for _number in range(5):
            move("赵秀珍", "H2", None)
        answer = desk.send("points/enter/", act="find", name="赵秀珍")
        assert answer.status_code == 422 and "写上住址" in words(answer) and "?who=" not in words(answer)

    def test_whoever_left_or_moved_is_not_found_there(self, elder: Person, desk: Browser) -> None:
        Residence.objects.filter(person=elder).update(valid_until=clock.now() - timedelta(days=1))
        assert desk.send("counter/", name="赵秀珍", home="1-2-101").status_code == 422
        assert leads_to(desk.send("counter/", name="赵秀珍")).endswith(f"/counter/{elder.id}/")
        Person.objects.filter(pk=elder.pk).update(erased_at=clock.now(), name="", birth_year=None)
        assert desk.send("counter/", name="赵秀珍").status_code == 422

    def test_the_other_street_has_its_own(self, elder: Person, hetang: Street) -> None:
        with in_street(hetang.id):
            there = Browser("hetang").enter(cast.clerk())
            for page in PAGES:
                assert there.send(page, act="find", name="赵秀珍").status_code == 422

    def test_only_whose_post_it_is_and_a_grid_worker_in_the_own_grid(self, elder: Person, town: Town) -> None:
        for role in Role:
            if role in {Role.RESIDENT, Role.UNIT_HANDLER, Role.UNIT_LEAD}:
                continue
            somebody = Browser().enter(cast.appoint(cast.staff("卫", f"1371000{list(Role).index(role):04}"), role))
            asked = {page: somebody.send(page, act="find", name="赵秀珍").status_code for page in PAGES}
            may = {page for page, status in asked.items() if status == 302}
            assert may == {
                Role.COORDINATOR: set(PAGES), Role.SECURITY_ADMIN: {"counter/"}, Role.REVIEWER: {"points/grants/"},
                Role.GRID_WORKER: {"counter/", "points/enter/"},
                Role.STATION_HOST: {"shop/desk/cards/", "points/enter/"},
            }.get(role, set()), role  # fmt: skip
            assert all(status == 403 for page, status in asked.items() if page not in may), role
        assert Browser().enter(cast.resident("梅", MEI)).send(PAGES[1], act="find", name="赵秀珍").status_code == 403

    def test_tries_are_counted_and_each_one_found_is_in_the_journal(self, elder: Person, desk: Browser) -> None:
        most = LIMITS_OF_NUMBER[TryKind.PERSON][0].times
        for number in range(most):
            desk.send(PAGES[number % len(PAGES)], act="find", name="赵秀珍")
        refused = desk.send("points/enter/", act="find", name="赵秀珍")
        assert refused.status_code == 429 and "锁住" in words(refused)
        looks = Entry.objects.filter(what=Fact.PERSON_LOOKED_UP, subject=f"person:{elder.id}")
        assert looks.count() == most and "赵" not in str(list(looks.values_list("facts", flat=True)))

    def test_asks_the_same_however_many_are_found(
        self,
        elder: Person,
        move: Callable[..., Person],
        django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
    ) -> None:
        clerk, people = cast.clerk(), [elder, *(move("赵秀珍", "H2") for _number in range(4))]
        with django_assert_max_num_queries(1):
            assert [one.home for one in shown(people, clerk, NOW)][1:] == ["1 幢 2 单元 1101 室"] * 4


class TestChoice:
    def test_is_good_for_who_chose_and_for_a_day(self, elder: Person) -> None:
        clerk, other = new_id(), new_id()
        sealed = seal_choice(elder.id, clerk, NOW)
        assert open_choice(sealed, clerk, NOW) == elder.id
        assert open_choice(sealed, other, NOW) is None
        assert open_choice(sealed, clerk, NOW + STAFF_SESSION + timedelta(seconds=2)) is None
        assert open_choice(sealed[:-1], clerk, NOW) is None and open_choice("", clerk, NOW) is None

    def test_of_another_or_of_none_does_nothing(self, elder: Person, desk: Browser) -> None:
        forged = [seal_choice(elder.id, new_id(), clock.now()), str(elder.id), ""]
        for who in forged:
            for page, typed in (
                ("shop/desk/cards/", {"act": "issue"}),
                ("points/enter/", {"claim_id": new_id(), "item": "ox-01", "note": "看见的"}),
            ):
                answer = desk.send(page, who=who, **typed)
                assert answer.status_code in {404, 422} and "赵" not in words(answer), page
        assert not Card.objects.exists() and not Claim.objects.exists()

    def test_of_the_other_street_is_nobody(self, elder: Person, hetang: Street) -> None:
        with in_street(hetang.id):
            clerk = cast.clerk()
            there = Browser("hetang").enter(clerk)
        answer = there.send("shop/desk/cards/", who=seal_choice(elder.id, clerk.id, clock.now()), act="issue")
        assert answer.status_code == 422 and "先找到这位" in words(answer)


class TestDeeds:
    def test_a_card_points_by_hand_and_the_own_home(self, elder: Person, desk: Browser, town: Town) -> None:
        who = found(desk, "shop/desk/cards/", name="赵秀珍", home="1-2-101")
        assert "data-code>" in words(desk.send("shop/desk/cards/", who=who, act="issue"))
        assert Card.objects.get().person_id == elder.id
        who = found(desk, "points/grants/", home="1-2-101")
        day = f"{clock.now() - timedelta(days=1):%Y-%m-%d}"
        granted = desk.send(
            "points/grants/", who=who, item_code="woodpecker-02", done_on=day, points="5", reason="missed",
            paper_number="A-1",
        )  # fmt: skip
        assert granted.status_code == 302 and Grant.objects.get().person_id == elder.id
        kin = living(cast.appoint(cast.staff("孙", LAN), Role.COORDINATOR), town, "H1")
        for page in PAGES[1:]:
            assert Browser().enter(kin).send(page, act="find", name="赵秀珍").status_code == 403, page

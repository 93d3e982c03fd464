"""What a household earned together is asked back like what a person got; what it owes ends with the family."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.grid import commands as grid
from huipai.grid.models import Family, GridNode, Residence
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import Moved, NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import correction_notices, queries
from huipai.points.models import Account, Correction, Posting
from huipai.points.rules import Holder
from huipai.points.words import CorrectionReason, CorrectionState, Kind
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import MONDAY, TUESDAY, WEDNESDAY, appoint, resident, staff
from tests.people.doors import Browser, words
from tests.points.ledger import capture, holds
from tests.points.test_household import family, household, pay

__all__ = ["family"]
LATER = WEDNESDAY + timedelta(days=1)


@pytest.fixture
def reviewers(in_yunqiao: Street) -> list[Person]:
    return [appoint(staff(name, f"139000000{n}"), Role.REVIEWER) for n, name in enumerate("秦石严", 11)]


@pytest.fixture
def home_of(family: list[Person]) -> GridNode:
    return household(family)


@pytest.fixture
def got(home_of: GridNode) -> Posting:
    posting = pay(home_of).posting
    assert posting is not None
    return posting


def balance(home_of: GridNode) -> tuple[int, int]:
    found = queries.balance_of(Holder(household_id=home_of.id), LATER)
    return found.spendable, found.debt


def used(home_of: GridNode, actor: Person, number: int = 15) -> None:
    hold = points.reserve(
        holder=Holder(household_id=home_of.id), subject=f"reservation:{number}", points=number, expires_at=TUESDAY,
        actor=actor, now=MONDAY,
    )  # fmt: skip
    capture(hold_id=hold.id, actor=actor, now=MONDAY)


def ask(got: Posting, actor: Person) -> Correction:
    return points.propose_correction(
        posting_id=got.id, reason=CorrectionReason.RECORDED_WRONGLY, note="是隔壁一家做的", actor=actor, now=TUESDAY
    )


class TestAskedBack:
    def test_by_one_and_taken_back_by_another_what_was_used_is_owed(
        self, got: Posting, home_of: GridNode, family: list[Person], reviewers: list[Person], in_yunqiao: Street
    ) -> None:
        used(home_of, family[1])
        one = ask(got, reviewers[0])
        assert balance(home_of) == (5, 0)
        with pytest.raises(NotAllowed):
            points.approve_correction(correction_id=one.id, actor=reviewers[0], now=WEDNESDAY)
        for _ in range(2):
            points.approve_correction(correction_id=one.id, actor=reviewers[1], now=WEDNESDAY)
        assert balance(home_of) == (0, 15) and holds(in_yunqiao)
        assert [queries.balance(person, LATER).debt for person in family] == [0, 0]

    def test_any_grown_up_of_the_home_appeals_once_and_a_third_decides(
        self, got: Posting, home_of: GridNode, family: list[Person], reviewers: list[Person], in_yunqiao: Street
    ) -> None:
        used(home_of, family[1])
        one = ask(got, reviewers[0])
        points.approve_correction(correction_id=one.id, actor=reviewers[1], now=WEDNESDAY)
        with pytest.raises(NotVisible):
            points.appeal_correction(
                correction_id=one.id, actor=resident("外", "13800000077"), text="不对", now=WEDNESDAY
            )
        points.appeal_correction(correction_id=one.id, actor=family[1], text="是我们家做的", now=WEDNESDAY)
        for judge in reviewers[:2]:
            with pytest.raises(NotAllowed):
                points.uphold_appeal(correction_id=one.id, actor=judge, now=WEDNESDAY)
        done = points.uphold_appeal(correction_id=one.id, actor=reviewers[2], now=WEDNESDAY)
        assert done.state == CorrectionState.UPHELD and balance(home_of) == (5, 0) and holds(in_yunqiao)
        restored = Posting.objects.get(kind=Kind.GRANT)
        assert (restored.person_id, restored.household_id, restored.points) == (None, home_of.id, 20)

    def test_the_second_of_the_home_who_appeals_is_told_so_and_keeps_their_words(
        self, got: Posting, family: list[Person], reviewers: list[Person]
    ) -> None:
        now = clock.now()
        one = points.propose_correction(
            posting_id=got.id, reason=CorrectionReason.RECORDED_WRONGLY, note="记错了", actor=reviewers[0], now=now
        )
        points.approve_correction(correction_id=one.id, actor=reviewers[1], now=now)
        points.appeal_correction(correction_id=one.id, actor=family[0], text="是我们家做的", now=now)
        late = Browser().enter(family[1]).send(f"points/corrections/{one.id}/appeal/", text="我也有话说")
        page = words(late)
        assert late.status_code == 409 and "一笔只能申诉一次，您这次写的没有收下" in page and "已经有人定了" not in page
        assert "我也有话说" in page and "没有发出去，要用可以复制" in page and "是我们家做的" in page
        points.uphold_appeal(correction_id=one.id, actor=reviewers[2], now=now)
        with pytest.raises(points.CorrectionAppealed):
            points.appeal_correction(correction_id=one.id, actor=family[1], text="我也有话说", now=now)

    def test_not_by_who_lives_there_in_the_database_too(
        self, got: Posting, family: list[Person], reviewers: list[Person]
    ) -> None:
        appoint(family[0], Role.REVIEWER)
        with pytest.raises(NotAllowed):
            ask(got, family[0])
        one = ask(got, reviewers[0])
        with pytest.raises(NotAllowed):
            points.decline_correction(correction_id=one.id, actor=family[0], now=WEDNESDAY)
        with pytest.raises(IntegrityError, match="strangers"), transaction.atomic():
            Correction.objects.update(state=CorrectionState.DECLINED, decided_by=family[0], decided_at=WEDNESDAY)

    def test_the_grown_ups_are_told_and_the_page_opens_for_them(
        self, got: Posting, family: list[Person], reviewers: list[Person]
    ) -> None:
        child = resident("小小", "13800000005")
        Person.objects.filter(pk=child.pk).update(birth_year=2018)
        Residence.objects.create(person=child, household=household(family), valid_from=MONDAY)
        one = ask(got, reviewers[0])
        points.approve_correction(correction_id=one.id, actor=reviewers[1], now=WEDNESDAY)
        entry = Entry.objects.get(what="points.correction_approved")
        for _ in range(2):
            correction_notices.tell(entry_id=entry.id, now=WEDNESDAY)
        told = Notice.objects.filter(kind=entry.what)
        assert {notice.person_id for notice in told} == {person.id for person in family}
        wording = correction_notices.WORDINGS[entry.what](told[0].subject, told[0].params)
        assert "您家一起的" in str(wording.title)
        page = words(Browser().enter(family[1]).open(f"points/corrections/{one.id}/"))
        assert "您家一起的分" in page and "是隔壁一家做的" in page
        desk = words(Browser().enter(reviewers[2]).open("points/corrections/"))
        assert "一家，退回 20 分" in desk

    @pytest.mark.no_guard
    @pytest.mark.parametrize(
        "edit",
        [
            "UPDATE points_correction SET household_id = (SELECT id FROM grid_gridnode WHERE level = 'street')",
            "UPDATE points_correction SET decided_by_id = (SELECT id FROM people_person WHERE name = '严')",
        ],
    )
    def test_what_is_edited_by_hand_is_found(
        self, got: Posting, reviewers: list[Person], in_yunqiao: Street, edit: str
    ) -> None:
        points.approve_correction(correction_id=ask(got, reviewers[0]).id, actor=reviewers[1], now=WEDNESDAY)
        assert holds(in_yunqiao)
        assert by_hand(edit)
        assert not holds(in_yunqiao)


class TestAFamilyThatHasLeft:
    """Everybody moves out; strangers move in and begin a family of their own."""

    @pytest.fixture
    def owing(self, got: Posting, home_of: GridNode, family: list[Person], reviewers: list[Person]) -> GridNode:
        used(home_of, family[1])
        points.approve_correction(correction_id=ask(got, reviewers[0]).id, actor=reviewers[1], now=WEDNESDAY)
        assert balance(home_of) == (0, 15)
        return home_of

    def _others_move_in(self, home_of: GridNode, family: list[Person]) -> None:
        for person in family:
            grid.move_out(person=person, at=WEDNESDAY, actor=None, now=WEDNESDAY)
        newcomer = resident("新", "13800000088")
        grid.move_in(person=newcomer, household=home_of, at=LATER, actor=None, now=LATER)

    def test_what_they_owe_ends_and_is_told_to_them(
        self, owing: GridNode, family: list[Person], in_yunqiao: Street
    ) -> None:
        self._others_move_in(owing, family)
        assert Family.objects.filter(household=owing).exists()
        debt = Account.objects.get(household=owing, purse="debt")
        assert debt.balance == 0 and balance(owing) == (0, 0) and holds(in_yunqiao)
        entry = Entry.objects.get(what="points.family_settled")
        assert entry.facts == {"points": 0, "owed": 15}
        for _ in range(2):
            correction_notices.tell_family(entry_id=entry.id, now=LATER)
        told = Notice.objects.filter(kind=entry.what)
        assert {notice.person_id for notice in told} == {person.id for person in family}
        assert "15" in str(correction_notices.WORDINGS[entry.what](told[0].subject, told[0].params).text)

    def test_who_comes_back_goes_on_paying(self, owing: GridNode, family: list[Person]) -> None:
        grid.move_out(person=family[0], at=WEDNESDAY, actor=None, now=WEDNESDAY)
        grid.move_out(person=family[1], at=WEDNESDAY, actor=None, now=WEDNESDAY)
        grid.move_in(person=family[0], household=owing, at=LATER, actor=None, now=LATER)
        assert balance(owing) == (0, 15)

    def test_nothing_of_theirs_is_asked_back_decided_or_given_back_any_more(
        self, got: Posting, home_of: GridNode, family: list[Person], reviewers: list[Person]
    ) -> None:
        one = ask(got, reviewers[0])
        self._others_move_in(home_of, family)
        with pytest.raises(Moved, match="已经搬走"):
            points.approve_correction(correction_id=one.id, actor=reviewers[1], now=LATER)
        points.withdraw_correction(correction_id=one.id, actor=reviewers[0], now=LATER)
        with pytest.raises(Moved, match="已经搬走"):
            ask(got, reviewers[0])

    @pytest.mark.no_guard
    def test_a_debt_that_was_let_go_by_hand_is_found(
        self, owing: GridNode, family: list[Person], in_yunqiao: Street
    ) -> None:
        self._others_move_in(owing, family)
        assert by_hand("DELETE FROM journal_entry WHERE what = 'family.began'")
        assert not holds(in_yunqiao)

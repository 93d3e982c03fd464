"""Points by hand: four eyes, nobody for themselves or their household, and each one explains itself."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.households.models import Group, Membership
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import GrantUnfit, PaperGranted
from huipai.points.commands.correcting import PaperPaysBesides
from huipai.points.commands.granting import PaperIsAppealed
from huipai.points.commands.writing import lock_accounts, write
from huipai.points.models import Conflict, Correction, Grant, Lot, Posting
from huipai.points.rules import Booking, Holder, NewLot, award_lines
from huipai.points.words import (
    CorrectionReason,
    CorrectionState,
    Fact,
    GrantReason,
    GrantState,
    Kind,
    Purse,
    ReversalReason,
)
from huipai.rulebook.models import PointItem
from huipai.rulebook.words import Earner
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import A_YEAR_AGO, FOUND, FRIDAY, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff
from tests.people.doors import Browser, found, words
from tests.points.ledger import at_once, award, holds, spendable
from tests.points.test_awarding import home

LARGE = replace(FOUND, points=200)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    rulebook(LARGE)
    return resident()


@pytest.fixture
def qin(in_yunqiao: Street) -> Person:
    return appoint(staff("秦", "13900000011"), Role.REVIEWER)


@pytest.fixture
def shi(in_yunqiao: Street) -> Person:
    return appoint(staff("石", "13900000012"), Role.REVIEWER)


def asked_back(grant: Grant, asking: Person, deciding: Person) -> Correction:
    """What was given by it was recorded wrongly, and goes back."""
    asked = points.propose_correction(
        posting_id=grant.posting_id,
        reason=CorrectionReason.RECORDED_WRONGLY,
        note="数错了",
        actor=asking,
        now=WEDNESDAY,
    )
    return points.approve_correction(correction_id=asked.id, actor=deciding, now=WEDNESDAY)


def propose(person: Person, actor: Person, *, paper: str = "ZB-2026-017", count: int = 12, **changes: object) -> Grant:
    values: dict[str, object] = {
        "reason": GrantReason.PAPER_SLIP, "item_code": "woodpecker-02", "done_at": MONDAY, "now": TUESDAY,
    }  # fmt: skip
    return points.propose_grant(
        person=person,
        points=count,
        paper_number=paper,
        actor=actor,
        **{**values, **changes},  # type: ignore[arg-type]
    )


class TestWhoHasLeft:
    def test_is_given_nothing_that_was_proposed_before(self, lan: Person, qin: Person, shi: Person) -> None:
        grant = propose(lan, qin)
        people.erase(person=lan, actor=lan, now=TUESDAY)
        with pytest.raises(GrantUnfit, match="已经注销了"):
            points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        assert not Posting.objects.exists()
        assert points.decline_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY).state == GrantState.DECLINED


class TestFourEyes:
    def test_nothing_counts_until_another_has_approved(
        self, lan: Person, qin: Person, shi: Person, in_yunqiao: Street
    ) -> None:
        grant = propose(lan, qin)
        assert spendable(lan, TUESDAY) == 0
        approved = points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        posting = Posting.objects.get(kind=Kind.GRANT)
        assert (spendable(lan, WEDNESDAY), posting.points, posting.reason) == (12, 12, GrantReason.PAPER_SLIP)
        assert (approved.state, approved.posting_id, posting.actor_id) == (GrantState.APPROVED, posting.id, shi.id)
        assert posting.item is not None and posting.item.code == "woodpecker-02"
        assert holds(in_yunqiao)

    def test_is_good_for_as_long_as_what_the_deed_would_have_brought(
        self, lan: Person, qin: Person, shi: Person
    ) -> None:
        rulebook(replace(LARGE, lot_months=None), since=MONDAY)
        points.approve_grant(grant_id=propose(lan, qin).id, actor=shi, now=WEDNESDAY)
        assert list(Lot.objects.values_list("expires_at", flat=True)) == [None]

    def test_nothing_is_given_by_hand_that_nobody_decided(self, lan: Person, qin: Person, shi: Person) -> None:
        grant = propose(lan, qin)
        points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        posting = Posting.objects.get(kind=Kind.GRANT)
        account = lock_accounts(Holder(lan.id))[Purse.SPENDABLE]
        lines, free = award_lines(50, spendable_id=account.id, debt_id=None, debt=0)
        forged = Booking(
            id=new_id(), kind=Kind.GRANT, holder=Holder(lan.id), item_id=posting.item_id,
            item_code=posting.item_code, subject=f"grant:{new_id()}", points=50, received_at=WEDNESDAY,
            posted_at=WEDNESDAY, actor_id=shi.id, reason=GrantReason.MISSED, lines=lines,
            lot=NewLot(new_id(), account.id, free, FRIDAY),
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="nobody has decided it"), transaction.atomic():
            write([forged])
            connection.check_constraints()
        # Where somebody has put the guard to sleep, `verify` says it.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE points_posting DISABLE TRIGGER points_posting_gift_is_decided")
            write([forged])
            found = [difference.why for difference in queries.verify_ledger(lan.street)]
            assert found == ["it was given by hand, and no grant or appeal that was decided is behind it"]
            transaction.set_rollback(True)

    def test_whoever_proposed_cannot_approve(self, lan: Person, qin: Person) -> None:
        grant = propose(lan, qin)
        with pytest.raises(NotAllowed) as refusal:
            points.approve_grant(grant_id=grant.id, actor=qin, now=WEDNESDAY)
        assert refusal.value.code == "points_four_eyes"

    def test_the_database_says_so_too(self, lan: Person, qin: Person) -> None:
        grant = propose(lan, qin)
        with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(state=GrantState.DECLINED, decided_by=qin, decided_at=TUESDAY)
        with pytest.raises(IntegrityError, match="grants_themselves"), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(state=GrantState.DECLINED, decided_by=lan, decided_at=TUESDAY)

    def test_nobody_gives_to_themselves_or_their_household(self, lan: Person, qin: Person, shi: Person) -> None:
        for receiver in (qin, lan):
            if receiver is lan:
                home(lan, qin)
            with pytest.raises(NotAllowed) as refusal:
                propose(receiver, qin)
            assert refusal.value.code == "points_own_grant"
        grant = propose(lan, shi)
        with pytest.raises(NotAllowed) as refusal:
            points.approve_grant(grant_id=grant.id, actor=qin, now=WEDNESDAY)
        assert refusal.value.code == "points_own_grant"

    def test_nor_to_their_household_group_or_whom_they_stand_aside_from(
        self, lan: Person, qin: Person, shi: Person
    ) -> None:
        grant = propose(lan, shi)
        conflict = Conflict.objects.create(reviewer=qin, person=lan, declared_at=MONDAY)
        self.refused_to(qin, lan, grant)
        Conflict.objects.filter(pk=conflict.pk).update(ended_at=TUESDAY)
        theirs, mine = home(lan), home(qin)
        group = Group.objects.create(node=mine, name="六幢", opened_at=MONDAY)
        for household, person in ((theirs, lan), (mine, qin)):
            Membership.objects.create(group=group, household=household, agreed_by=person, valid_from=MONDAY)
        self.refused_to(qin, lan, grant)

    def refused_to(self, judge: Person, receiver: Person, grant: Grant) -> None:
        for act in (
            lambda: points.approve_grant(grant_id=grant.id, actor=judge, now=WEDNESDAY),
            lambda: propose(receiver, judge, paper="ZB-2"),
        ):
            with pytest.raises(NotAllowed) as refusal:
                act()
            assert refusal.value.code == "points_own_grant"
        posted = Posting(id=uuid4())
        with pytest.raises(IntegrityError, match="decided by somebody else"), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(
                state=GrantState.APPROVED, decided_by=judge, decided_at=WEDNESDAY, posting=posted.id
            )

    def test_four_eyes_are_those_of_two_homes(self, lan: Person, qin: Person, shi: Person) -> None:
        grant = propose(lan, qin)
        home(qin, shi)
        page = Browser().enter(shi).open("points/grants/").content.decode()
        assert "提出的人和您同住" in page and "同意，记上" not in page
        with pytest.raises(NotAllowed) as refusal:
            points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        assert refusal.value.code == "points_two_of_one_home"
        posted = Posting(id=uuid4())
        with pytest.raises(IntegrityError, match="in one home"), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(
                state=GrantState.APPROVED, decided_by=shi, decided_at=WEDNESDAY, posting=posted.id
            )
        stranger = appoint(staff("严", "13900000014"), Role.REVIEWER)
        assert points.approve_grant(grant_id=grant.id, actor=stranger, now=WEDNESDAY).state == GrantState.APPROVED

    def test_what_a_household_is_thanked_for_never_comes_to_a_person(self, lan: Person, qin: Person) -> None:
        rulebook(FOUND, replace(FOUND, code="woodpecker-31", earners=(Earner.HOUSEHOLD,)), since=MONDAY)
        with pytest.raises(Invalid) as refusal:
            propose(lan, qin, item_code="woodpecker-31")
        assert refusal.value.field == "item_code"

    def test_nobody_gets_by_hand_what_they_could_not_earn(self, lan: Person, qin: Person) -> None:
        rulebook(replace(FOUND, under_14=False), since=MONDAY)
        child = resident("小", "13800000008")
        Person.objects.filter(pk=child.pk).update(birth_year=MONDAY.year - 9)
        child.refresh_from_db()
        with pytest.raises(Invalid, match="14 岁以下") as refusal:
            propose(child, qin)
        assert refusal.value.field == "item_code"
        rulebook(replace(FOUND, earners=(Earner.PART_TIME_MEMBER,)), since=TUESDAY)
        with pytest.raises(Invalid, match="身份"):
            propose(lan, qin, done_at=TUESDAY)

    def test_the_second_pair_of_eyes_sees_what_the_item_gives(self, lan: Person, qin: Person, shi: Person) -> None:
        rulebook(replace(FOUND, points=20, month_cap=21), since=MONDAY)
        small, large = propose(lan, qin, count=2), propose(lan, qin, paper="ZB-3", count=20)
        points.approve_grant(grant_id=small.id, actor=shi, now=WEDNESDAY)
        beside = queries.beside(list(queries.grants(waiting=True)))
        assert [(one.once, one.already, one.is_more) for one in beside] == [(20, 2, True)]
        page = Browser().enter(shi).open("points/grants/").content.decode()
        assert "这一条一次 20 分" in page and "那个月已有 2 分" in page and "这笔多出来了" in page
        assert large.state == GrantState.PROPOSED

    def test_it_takes_a_role(self, lan: Person, qin: Person) -> None:
        stranger = staff("陶", "13900000013")
        with pytest.raises(NotAllowed):
            propose(lan, stranger)
        with pytest.raises(NotAllowed):
            points.approve_grant(grant_id=propose(lan, qin).id, actor=stranger, now=WEDNESDAY)


class TestOnce:
    def test_approved_twice_is_posted_once(self, lan: Person, qin: Person, shi: Person) -> None:
        grant = propose(lan, qin)
        for _ in range(2):
            points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        assert spendable(lan, WEDNESDAY) == 12

    def test_what_is_decided_stays_decided(self, lan: Person, qin: Person, shi: Person, in_yunqiao: Street) -> None:
        grant = propose(lan, qin)
        points.decline_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        with pytest.raises(Moved):
            points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
            Grant.objects.update(state=GrantState.PROPOSED, decided_by=None, decided_at=None)
        assert holds(in_yunqiao)

    def test_one_paper_pays_once_unless_it_was_declined(self, lan: Person, qin: Person, shi: Person) -> None:
        grant = propose(lan, qin)
        assert propose(lan, qin).id == grant.id  # pressed twice
        for actor, count in ((shi, 12), (qin, 11)):
            with pytest.raises(Moved):
                propose(lan, actor, count=count)
        assert Entry.objects.filter(what=Fact.GRANT_PROPOSED).count() == 1
        points.decline_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        assert propose(lan, qin).state == GrantState.PROPOSED

    def test_a_paper_whose_points_were_asked_back_is_entered_anew_and_its_number_says_so(
        self, lan: Person, qin: Person, shi: Person
    ) -> None:
        third = appoint(staff("严", "13900000019"), Role.REVIEWER)
        grant = propose(lan, qin, paper="ZB-7", count=120)
        points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        with pytest.raises(PaperGranted):
            propose(lan, qin, paper="ZB-7")
        grant.refresh_from_db()
        asked = points.propose_correction(
            posting_id=grant.posting_id, reason=CorrectionReason.RECORDED_WRONGLY, note="多写了一个零", actor=shi,
            now=WEDNESDAY,
        )  # fmt: skip
        with pytest.raises(PaperGranted):
            propose(lan, qin, paper="ZB-7")
        with pytest.raises(IntegrityError, match="not been asked back"), transaction.atomic():
            Grant.objects.create(
                person=lan, points=12, reason=grant.reason, item=grant.item, done_at=grant.done_at,
                paper_number="ZB-7-C1", proposed_by=qin, proposed_at=WEDNESDAY,
            )  # fmt: skip
        points.approve_correction(correction_id=asked.id, actor=third, now=WEDNESDAY)
        for typed in ("ZB-7-C1", "zb-9-c2"):
            with pytest.raises(GrantUnfit, match="更正以后系统加的"):
                propose(lan, qin, paper=typed)
        again = propose(lan, qin, paper="zb-7")
        assert again.paper_number == "ZB-7-C1"
        points.approve_grant(grant_id=again.id, actor=shi, now=WEDNESDAY)
        with pytest.raises(PaperGranted):
            propose(lan, qin, paper="ZB-7")
        again.refresh_from_db()
        own = Browser().enter(lan)
        assert "ZB-7-C1" in words(own.open(f"points/postings/{again.posting_id}/"))
        assert "ZB-7-C1" in words(Browser().enter(shi).open("points/grants/")) and holds(lan.street)

    def test_a_paper_that_was_entered_anew_does_not_pay_by_an_appeal_as_well(
        self, lan: Person, qin: Person, shi: Person
    ) -> None:
        third, fourth = (appoint(staff(f"严{n}", f"1390000001{n}"), Role.REVIEWER) for n in (7, 8))
        first = points.approve_grant(grant_id=propose(lan, qin, count=4).id, actor=shi, now=WEDNESDAY)
        asked = asked_back(first, shi, third)
        again = propose(lan, qin, count=5)
        points.appeal_correction(correction_id=asked.id, actor=lan, text="没有数错", now=WEDNESDAY)
        with pytest.raises(PaperIsAppealed):
            points.approve_grant(grant_id=again.id, actor=shi, now=WEDNESDAY)
        with pytest.raises(PaperPaysBesides, match=again.paper_number):
            points.uphold_appeal(correction_id=asked.id, actor=fourth, now=WEDNESDAY)
        with pytest.raises(IntegrityError, match="entered anew"), transaction.atomic():
            Correction.objects.filter(pk=asked.id).update(
                state=CorrectionState.UPHELD, heard_by=fourth, heard_at=WEDNESDAY
            )
        points.decline_grant(grant_id=again.id, actor=shi, now=WEDNESDAY)
        points.uphold_appeal(correction_id=asked.id, actor=fourth, now=WEDNESDAY)
        assert spendable(lan, WEDNESDAY) == 4 and holds(lan.street)
        with pytest.raises(PaperGranted):
            propose(lan, qin, count=5)

    @pytest.mark.parametrize("is_first_upheld", [True, False])
    def test_of_all_its_entries_one_pays_whichever_appeal_is_upheld(
        self, lan: Person, qin: Person, shi: Person, is_first_upheld: bool
    ) -> None:
        third, fourth = (appoint(staff(f"严{n}", f"1390000001{n}"), Role.REVIEWER) for n in (7, 8))
        first = points.approve_grant(grant_id=propose(lan, qin, count=4).id, actor=shi, now=WEDNESDAY)
        asked = asked_back(first, shi, third)
        again = points.approve_grant(grant_id=propose(lan, qin, count=5).id, actor=shi, now=WEDNESDAY)
        points.appeal_correction(correction_id=asked.id, actor=lan, text="没有数错", now=WEDNESDAY)
        with pytest.raises(PaperPaysBesides):
            points.uphold_appeal(correction_id=asked.id, actor=fourth, now=WEDNESDAY)
        # What was entered anew goes back first: then the appeal may be right.
        undo = asked_back(again, shi, third)
        points.appeal_correction(correction_id=undo.id, actor=lan, text="这个也对", now=WEDNESDAY)
        first, second = (asked, undo) if is_first_upheld else (undo, asked)
        points.uphold_appeal(correction_id=first.id, actor=fourth, now=WEDNESDAY)
        with pytest.raises(PaperPaysBesides):
            points.uphold_appeal(correction_id=second.id, actor=fourth, now=WEDNESDAY)
        with pytest.raises(IntegrityError, match="entered anew"), transaction.atomic():
            Correction.objects.filter(pk=second.id).update(
                state=CorrectionState.UPHELD, heard_by=fourth, heard_at=WEDNESDAY
            )
        assert spendable(lan, WEDNESDAY) == (4 if is_first_upheld else 5) and holds(lan.street)

    def test_one_paper_has_one_number_however_it_is_written(self, lan: Person, qin: Person, shi: Person) -> None:
        grant = propose(lan, qin, paper="E5-1")
        for again in ("e5-1", " E5-1 "):
            with pytest.raises(Moved):
                propose(lan, shi, paper=again)
            assert propose(lan, qin, paper=again).id == grant.id
        assert propose(lan, qin, paper="e5-2").paper_number == "E5-2"
        grant.pk, grant.paper_number = uuid4(), "e5-1"
        with pytest.raises(IntegrityError, match="written in capitals"), transaction.atomic():
            grant.save(force_insert=True)

    def test_taken_back_by_whoever_proposed_it_and_proposed_anew(
        self, lan: Person, qin: Person, shi: Person, in_yunqiao: Street
    ) -> None:
        grant = propose(lan, qin)
        with pytest.raises(NotAllowed):
            points.take_back_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        browser = Browser().enter(qin)
        assert "撤回" in browser.open("points/grants/").content.decode()
        browser.send(f"points/grants/{grant.id}/decision/")
        assert "再按一次" in browser.open("points/grants/").content.decode()
        for _ in range(2):
            browser.send(f"points/grants/{grant.id}/decision/", answer="back")
        grant.refresh_from_db()
        assert (grant.state, grant.decided_by, grant.posting) == (GrantState.WITHDRAWN, None, None)
        assert Entry.objects.filter(what="points.grant_withdrawn", actor_id=qin.id).count() == 1
        assert "提出的人撤回了" in browser.open("points/grants/").content.decode()
        with pytest.raises(Moved):
            points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        assert propose(lan, qin).state == GrantState.PROPOSED
        assert holds(in_yunqiao)

    def test_a_grant_can_be_taken_back_by_a_third(
        self, lan: Person, qin: Person, shi: Person, in_yunqiao: Street
    ) -> None:
        points.approve_grant(grant_id=propose(lan, qin).id, actor=shi, now=WEDNESDAY)
        third = appoint(staff("严", "13900000014"), Role.REVIEWER)
        points.reverse(
            posting_id=Posting.objects.get().id, actor=third, reason=ReversalReason.RECORDED_WRONGLY, now=WEDNESDAY
        )
        assert spendable(lan, WEDNESDAY) == 0
        assert holds(in_yunqiao)


class TestWorth:
    """What is given by hand was missed: it is worth what the item gave for it, and falls under the same caps."""

    def test_never_more_than_the_item_gives_for_the_deed(self, lan: Person, qin: Person) -> None:
        rulebook(FOUND, since=MONDAY)
        with pytest.raises(GrantUnfit, match="一次最多 5 分") as refusal:
            propose(lan, qin, count=FOUND.points + 1)
        assert (refusal.value.code, refusal.value.field) == ("points_grant_too_much", "points")
        assert propose(lan, qin, count=FOUND.points).points == FOUND.points

    @pytest.mark.parametrize(
        ("caps", "words"),
        [
            ({"day_cap": 9}, "那天就超过上限"),
            ({"month_cap": 9}, "那个月就超过上限"),
            ({"household_day_cap": 9}, "他家那天就超过上限"),
            ({"household_month_cap": 9}, "他家那个月就超过上限"),
        ],
    )
    def test_the_caps_of_the_day_of_the_deed_bind_what_is_proposed_and_what_is_approved(
        self, lan: Person, qin: Person, shi: Person, caps: dict[str, int], words: str
    ) -> None:
        rulebook(replace(FOUND, **caps), since=MONDAY)  # type: ignore[arg-type]
        home(lan)
        first, second = propose(lan, qin, count=5), propose(lan, qin, paper="ZB-2", count=5)
        points.approve_grant(grant_id=first.id, actor=shi, now=WEDNESDAY)
        for act in (
            lambda: points.approve_grant(grant_id=second.id, actor=shi, now=WEDNESDAY),
            lambda: propose(lan, qin, paper="ZB-3", count=5),
        ):
            with pytest.raises(GrantUnfit, match=words) as refusal:
                act()
            assert refusal.value.code == "points_grant_too_much"
        assert propose(lan, qin, paper="ZB-4", count=4).state == GrantState.PROPOSED
        assert spendable(lan, WEDNESDAY) == 5

    def test_what_the_system_paid_itself_takes_its_place(self, lan: Person, qin: Person) -> None:
        rulebook(replace(FOUND, day_cap=5), since=MONDAY)
        award(lan, received_at=MONDAY + timedelta(hours=1))
        with pytest.raises(GrantUnfit, match="那天就超过上限"):
            propose(lan, qin, count=5, done_at=MONDAY + timedelta(hours=2))

    def test_a_paper_tells_no_minute_so_no_pause_is_asked_of_it(self, lan: Person, qin: Person, shi: Person) -> None:
        rulebook(replace(FOUND, cooldown_minutes=60), since=MONDAY)
        for number in (1, 2):
            grant = propose(lan, qin, count=5, paper=f"ZB-{number}")
            points.approve_grant(grant_id=grant.id, actor=shi, now=WEDNESDAY)
        assert spendable(lan, WEDNESDAY) == 10

    def test_the_desk_is_told_in_words(self, lan: Person, qin: Person) -> None:
        rulebook(since=clock.now() - timedelta(days=2))
        browser = Browser().enter(qin)
        typed = {
            "who": found(browser, "points/grants/", phone="13800000001"), "item_code": "woodpecker-02", "points": "6",
            "reason": "missed", "paper_number": "ZB-9", "done_on": local_date(clock.now()),
        }  # fmt: skip
        answer = browser.send("points/grants/", **typed)
        assert answer.status_code == 422 and "一次最多 5 分" in answer.content.decode()

    def test_what_has_been_struck_since_is_given_for_the_day_on_which_it_stood(self, lan: Person, qin: Person) -> None:
        rulebook(replace(FOUND, code="woodpecker-03", title="还在的一条"), since=clock.now() - timedelta(days=2))
        browser = Browser().enter(qin)
        who = found(browser, "points/grants/", phone="13800000001")
        assert "路上乱停乱摆（已经不列" in browser.open(f"points/grants/?who={who}").content.decode()
        typed = {
            "who": who, "item_code": "woodpecker-02", "points": "5",
            "reason": "missed", "paper_number": "ZB-9", "done_on": local_date(clock.now() - timedelta(days=5)),
        }  # fmt: skip
        assert browser.send("points/grants/", **typed).status_code == 302
        assert Grant.objects.get().item.code == "woodpecker-02"
        typed |= {"paper_number": "ZB-10", "done_on": local_date(clock.now())}
        answer = browser.send("points/grants/", **typed)
        assert answer.status_code == 422 and "那一天施行的计分条目里没有这一条" in answer.content.decode()


class TestUnfit:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"count": 0}, "points"),
            ({"count": 201}, "points"),
            ({"paper": "王家第三次"}, "paper_number"),
            ({"paper": ""}, "paper_number"),
            ({"item_code": "ox-99"}, "item_code"),
            ({"done_at": WEDNESDAY}, "done_at"),
            ({"done_at": A_YEAR_AGO}, "item_code"),
        ],
    )
    def test_it_is_refused_with_its_field(
        self, lan: Person, qin: Person, changes: dict[str, datetime], field: str
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            propose(lan, qin, **changes)  # type: ignore[arg-type]
        assert refusal.value.field == field

    def test_the_page_takes_no_day_to_come_for_today(self, lan: Person, qin: Person) -> None:
        rulebook(LARGE, since=clock.now() - timedelta(days=2))
        browser, today = Browser().enter(qin), local_date(clock.now())
        typed = {
            "who": found(browser, "points/grants/", phone="13800000001"),
            "item_code": "woodpecker-02", "points": "12", "reason": "missed",
            "paper_number": "ZB-9",
        }  # fmt: skip
        for day in (today + timedelta(days=1), today.replace(year=today.year + 1, day=1)):
            answer = browser.send("points/grants/", **typed, done_on=day)
            assert answer.status_code == 422 and "事情的日期不能在以后" in answer.content.decode()
        assert browser.send("points/grants/", **typed, done_on=today).status_code == 302
        assert local_date(Grant.objects.get().done_at) == today

    def test_staff_earn_nothing(self, lan: Person, qin: Person, shi: Person) -> None:
        with pytest.raises(Invalid):
            propose(shi, qin)

    def test_another_streets_grant_is_not_there(self, lan: Person, qin: Person, hetang: Street) -> None:
        grant = propose(lan, qin)
        with in_street(hetang.id):
            reviewer = appoint(staff("何", "13900000015"), Role.REVIEWER)
            for id in (grant.id, uuid4()):
                with pytest.raises(NotVisible):
                    points.approve_grant(grant_id=id, actor=reviewer, now=WEDNESDAY)

    def test_the_journal_holds_ids_and_codes_only(self, lan: Person, qin: Person) -> None:
        propose(lan, qin)
        assert lan.name not in str(Entry.objects.get(what="points.grant_proposed").facts)


@pytest.mark.django_db(transaction=True)
def test_approved_and_declined_at_once_is_one_of_them(in_yunqiao: Street) -> None:
    rulebook(LARGE)
    lan, qin = resident(), appoint(staff("秦", "13900000011"), Role.REVIEWER)
    deciders = [appoint(staff("石", f"1390000003{n}"), Role.REVIEWER) for n in range(2)]
    grant = propose(lan, qin)
    came_of = at_once(
        in_yunqiao,
        lambda: points.approve_grant(grant_id=grant.id, actor=deciders[0], now=WEDNESDAY),
        lambda: points.decline_grant(grant_id=grant.id, actor=deciders[1], now=WEDNESDAY),
    )
    assert sum(isinstance(each, Moved) for each in came_of) == 1
    grant.refresh_from_db()
    assert spendable(lan, WEDNESDAY) == (12 if grant.state == GrantState.APPROVED else 0)
    assert holds(in_yunqiao)


def test_comes_undecided(lan: Person, qin: Person, shi: Person) -> None:
    """The database asks who decides when a decision is added; else one of the home could give by hand."""
    item = PointItem.objects.get()
    with pytest.raises(IntegrityError, match="waits for another"), transaction.atomic():
        Grant.objects.create(
            person=lan, points=5, reason=GrantReason.MISSED, item=item, done_at=MONDAY, paper_number="ZB-1",
            state=GrantState.DECLINED, proposed_by=qin, proposed_at=MONDAY, decided_by=shi, decided_at=MONDAY,
        )  # fmt: skip

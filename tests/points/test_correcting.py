"""Points asked back: two people of two homes, a reason for the receiver, and an appeal that a third decides."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import WIPED, Role
from huipai.points import commands as points
from huipai.points import correction_notices, queries
from huipai.points.commands import correcting, forgetting
from huipai.points.models import Correction, Lot, Posting
from huipai.points.rules.booking import Holder
from huipai.points.words import APPEAL_FOR, CorrectionReason, CorrectionState, Fact, GrantReason, Kind
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import FOUND, FRIDAY, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff
from tests.people.doors import Browser, found, leads_to, words
from tests.points.ledger import at_once, award, case, holds, spendable
from tests.points.test_awarding import home

WRONG = CorrectionReason.RECORDED_WRONGLY


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    rulebook()
    return resident()


def reviewer(name: str, number: int) -> Person:
    return appoint(staff(name, f"139000000{number}"), Role.REVIEWER)


@pytest.fixture
def qin(in_yunqiao: Street) -> Person:
    return reviewer("秦", 11)


@pytest.fixture
def shi(in_yunqiao: Street) -> Person:
    return reviewer("石", 12)


@pytest.fixture
def third(in_yunqiao: Street) -> Person:
    return reviewer("严", 13)


@pytest.fixture
def got(lan: Person) -> Posting:
    """Five points for a case, given by the system itself."""
    posting = award(lan).posting
    assert posting is not None
    return posting


def ask(got: Posting, actor: Person, **changes: object) -> Correction:
    values: dict[str, object] = {"reason": WRONG, "note": "这件事是隔壁楼的人报的", "now": TUESDAY}
    return points.propose_correction(posting_id=got.id, actor=actor, **{**values, **changes})  # type: ignore[arg-type]


def taken(got: Posting, qin: Person, shi: Person) -> Correction:
    return points.approve_correction(correction_id=ask(got, qin).id, actor=shi, now=WEDNESDAY)


def appealed(got: Posting, qin: Person, shi: Person) -> Correction:
    one = taken(got, qin, shi)
    return points.appeal_correction(correction_id=one.id, actor=one.person, text="是我报的", now=WEDNESDAY)


class TestFourEyes:
    def test_what_was_given_stays_until_another_agrees_and_is_owed_where_it_is_spent(
        self, got: Posting, lan: Person, qin: Person, shi: Person, in_yunqiao: Street
    ) -> None:
        points.spend(person=lan, subject="order:1", points=4, actor=None, now=MONDAY)
        one = ask(got, qin)
        assert ask(got, qin).id == one.id  # pressed twice
        assert spendable(lan, TUESDAY) == 1
        for _ in range(2):
            done = points.approve_correction(correction_id=one.id, actor=shi, now=WEDNESDAY)
        assert (done.state, done.reversal.points) == (CorrectionState.APPROVED, -5)
        balance = queries.balance(lan, WEDNESDAY)
        assert (balance.spendable, balance.debt) == (0, 4)
        assert holds(in_yunqiao)

    def test_a_grant_that_was_approved_wrongly_is_taken_back_too(
        self, lan: Person, qin: Person, shi: Person, third: Person, in_yunqiao: Street
    ) -> None:
        grant = points.propose_grant(
            person=lan, points=4, reason=GrantReason.MISSED, item_code="woodpecker-02", done_at=MONDAY,
            paper_number="P-1", actor=qin, now=MONDAY,
        )  # fmt: skip
        given = points.approve_grant(grant_id=grant.id, actor=shi, now=MONDAY).posting
        assert given is not None
        one = ask(given, qin)
        with pytest.raises(NotAllowed):  # who gave it does not decide that it stays
            points.decline_correction(correction_id=one.id, actor=shi, now=WEDNESDAY)
        points.approve_correction(correction_id=one.id, actor=third, now=WEDNESDAY)
        assert spendable(lan, WEDNESDAY) == 0
        assert "后来退回了" in words(Browser().enter(qin).open("points/grants/"))
        assert holds(in_yunqiao)

    def test_nobody_takes_part_who_is_near_to_the_receiver_or_to_the_hand_before(
        self, got: Posting, lan: Person, qin: Person, shi: Person, third: Person
    ) -> None:
        with pytest.raises(NotAllowed):
            ask(got, resident("甲", "13800000002"))  # no role
        home(lan, third)
        with pytest.raises(NotAllowed) as refusal:
            ask(got, third)
        assert refusal.value.code == "points_own_correction"
        one = ask(got, qin)
        home(qin, shi)
        for judge, code in (
            (qin, "points_other_eyes"), (third, "points_own_correction"), (shi, "points_two_of_one_home")
        ):  # fmt: skip
            with pytest.raises(NotAllowed) as refusal:
                points.approve_correction(correction_id=one.id, actor=judge, now=WEDNESDAY)
            assert refusal.value.code == code
            with pytest.raises(IntegrityError), transaction.atomic():
                Correction.objects.filter(pk=one.pk).update(
                    state=CorrectionState.DECLINED, decided_by=judge, decided_at=WEDNESDAY
                )
        page = words(Browser().enter(shi).open("points/corrections/"))
        assert "提出的人和您同住" in page and "同意，退回" not in page

    def test_declined_or_taken_back_it_may_be_asked_anew(
        self, got: Posting, lan: Person, qin: Person, shi: Person, in_yunqiao: Street
    ) -> None:
        points.decline_correction(correction_id=ask(got, qin).id, actor=shi, now=WEDNESDAY)
        one = ask(got, shi)
        with pytest.raises(NotAllowed):
            points.withdraw_correction(correction_id=one.id, actor=qin, now=WEDNESDAY)
        points.withdraw_correction(correction_id=one.id, actor=shi, now=WEDNESDAY)
        with pytest.raises(Moved):
            points.approve_correction(correction_id=one.id, actor=qin, now=WEDNESDAY)
        again = ask(got, qin, now=WEDNESDAY)
        with pytest.raises(Moved):
            ask(got, shi, now=WEDNESDAY)
        assert (again.state, spendable(lan, WEDNESDAY)) == (CorrectionState.PROPOSED, 5)
        assert holds(in_yunqiao)

    def test_what_cannot_be_taken_back_says_why(
        self, got: Posting, lan: Person, qin: Person, shi: Person, third: Person, hetang: Street
    ) -> None:
        for note in ("", " \u200b", "长" * 301):
            with pytest.raises(Invalid) as refusal:
                ask(got, qin, note=note)
            assert refusal.value.field == "note"
        spent = points.spend(person=lan, subject="order:1", points=1, actor=None, now=MONDAY)
        with pytest.raises(Moved, match="挣来的分"):
            ask(spent, qin)
        one = appealed(got, qin, shi)
        points.uphold_appeal(correction_id=one.id, actor=third, now=WEDNESDAY)
        with pytest.raises(Moved, match="已经有人提出"):
            ask(got, qin, note="别的")
        back = Posting.objects.get(kind=Kind.GRANT)
        with pytest.raises(Moved, match="第三位定过"):
            ask(back, qin)
        with in_street(hetang.id):
            stranger = reviewer("外", 19)
            with pytest.raises(NotVisible):
                ask(got, stranger)
            with pytest.raises(NotVisible):
                points.approve_correction(correction_id=one.id, actor=stranger, now=WEDNESDAY)


class TestAppeal:
    def test_what_was_good_for_ever_comes_back_for_ever(
        self, lan: Person, qin: Person, shi: Person, third: Person
    ) -> None:
        rulebook(replace(FOUND, lot_months=None), since=MONDAY)
        got = award(lan, now=TUESDAY, received_at=TUESDAY).posting
        assert got is not None
        points.uphold_appeal(correction_id=appealed(got, qin, shi).id, actor=third, now=WEDNESDAY)
        assert list(Lot.objects.filter(remaining__gt=0).values_list("expires_at", flat=True)) == [None]

    def test_upheld_by_a_third_it_comes_back_and_pays_what_is_owed_for_it(
        self, got: Posting, lan: Person, qin: Person, shi: Person, third: Person, in_yunqiao: Street
    ) -> None:
        points.spend(person=lan, subject="order:1", points=4, actor=None, now=MONDAY)
        one = appealed(got, qin, shi)
        for judge in (qin, shi):
            with pytest.raises(NotAllowed):
                points.uphold_appeal(correction_id=one.id, actor=judge, now=WEDNESDAY)
        for _ in range(2):
            done = points.uphold_appeal(correction_id=one.id, actor=third, now=WEDNESDAY)
        balance = queries.balance(lan, WEDNESDAY)
        assert (done.state, balance.spendable, balance.debt) == (CorrectionState.UPHELD, 1, 0)
        with pytest.raises(Moved):
            points.dismiss_appeal(correction_id=one.id, actor=third, now=WEDNESDAY)
        assert holds(in_yunqiao)

    @pytest.mark.parametrize("is_tidied", [False, True])
    def test_upheld_of_what_had_lapsed_before_nothing_comes_back_and_it_is_said(
        self, got: Posting, lan: Person, qin: Person, shi: Person, third: Person, is_tidied: bool
    ) -> None:
        late = MONDAY + timedelta(days=800)
        if is_tidied:
            points.expire(now=late)
        one = points.approve_correction(correction_id=ask(got, qin, now=late).id, actor=shi, now=late)
        points.appeal_correction(correction_id=one.id, actor=lan, text="是我报的", now=late)
        done = points.uphold_appeal(correction_id=one.id, actor=third, now=late)
        assert (done.state, done.restored, done.reversal.points) == (CorrectionState.UPHELD, None, 0)
        entry = Entry.objects.get(what=Fact.CORRECTION_UPHELD)
        correction_notices.tell(entry_id=entry.id, now=late)
        told = Notice.objects.get(kind=Fact.CORRECTION_UPHELD)
        assert "过期了" in str(correction_notices.WORDINGS[told.kind](told.subject, told.params).text)
        assert holds(got.street) and spendable(lan, late) == 0

    def test_dismissed_it_stays_taken_and_there_is_no_second_one(
        self, got: Posting, lan: Person, qin: Person, shi: Person, third: Person, in_yunqiao: Street
    ) -> None:
        one = appealed(got, qin, shi)
        points.dismiss_appeal(correction_id=one.id, actor=third, now=WEDNESDAY)
        with pytest.raises(Moved):
            points.appeal_correction(correction_id=one.id, actor=lan, text="还是我", now=WEDNESDAY)
        assert spendable(lan, WEDNESDAY) == 0
        assert holds(in_yunqiao)

    def test_is_the_receivers_within_seven_days_and_in_words(
        self, got: Posting, lan: Person, qin: Person, shi: Person
    ) -> None:
        one = taken(got, qin, shi)
        stranger = resident("甲", "13800000002")
        with pytest.raises(NotVisible):
            points.appeal_correction(correction_id=one.id, actor=stranger, text="不", now=WEDNESDAY)
        with pytest.raises(Invalid):
            points.appeal_correction(correction_id=one.id, actor=lan, text=" ", now=WEDNESDAY)
        with pytest.raises(Moved):
            points.appeal_correction(correction_id=one.id, actor=lan, text="是我", now=WEDNESDAY + APPEAL_FOR)

    def test_the_receiver_is_told_with_the_reason_and_no_word_is_in_the_journal(
        self, got: Posting, lan: Person, qin: Person, shi: Person
    ) -> None:
        one = taken(got, qin, shi)
        entry = Entry.objects.get(what=Fact.CORRECTION_APPROVED)
        for _ in range(2):
            correction_notices.tell(entry_id=entry.id, now=WEDNESDAY)
        told = Notice.objects.get(kind=Fact.CORRECTION_APPROVED)
        assert (told.person_id, told.params["points"]) == (lan.id, 5)
        assert all("隔壁楼" not in str(each.facts) for each in Entry.objects.all())
        forgetting.forget(person=lan, now=WEDNESDAY)
        one.refresh_from_db()
        assert one.note == WIPED


class TestProof:
    @pytest.mark.parametrize(
        "change",
        [
            {"reason": CorrectionReason.DEED_UNDONE}, {"proposed_at": MONDAY}, {"appealed_at": FRIDAY},
            {"state": CorrectionState.DISMISSED, "restored": None}, {"decided_at": TUESDAY},
        ],
    )  # fmt: skip
    def test_a_step_changed_by_hand_is_found(
        self, change: dict[str, object], got: Posting, qin: Person, shi: Person, third: Person, in_yunqiao: Street
    ) -> None:
        one = appealed(got, qin, shi)
        points.uphold_appeal(correction_id=one.id, actor=third, now=FRIDAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(pk=one.pk).update(**change)
        connection.check_constraints()  # as its commit would have
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
            Correction.objects.filter(pk=one.pk).update(**change)
        assert "points_correction" in {each.table for each in queries.verify_ledger(in_yunqiao)}


class TestPages:
    def test_whoever_comes_to_live_with_them_meanwhile_reads_so_and_keeps_their_words(
        self, got: Posting, lan: Person, qin: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two move together after it was asked whether they are strangers, and before it is written."""
        lock = correcting.lock_accounts

        def after_the_move(holder: Holder) -> object:
            home(lan, qin)
            return lock(holder)

        monkeypatch.setattr(correcting, "lock_accounts", after_the_move)
        desk, form = Browser().enter(qin), f"points/postings/{got.id}/correction/"
        page = desk.send(form, reason=WRONG, note="是别人报的")
        assert page.status_code == 409 and "刚刚成了一家" in words(page) and "是别人报的" in words(page)
        assert not Correction.objects.exists()
        typed, as_json = {"reason": WRONG, "note": "是别人报的"}, {"Accept": "application/json"}
        told = desk.post(f"/s/yunqiao/{form}", typed, headers=as_json)
        assert (told.status_code, told.json()["error"]) == (409, "tied_meanwhile")

    def test_from_the_entry_of_the_person_at_the_desk_to_the_third_pair_of_eyes(
        self, got: Posting, lan: Person, qin: Person, shi: Person, third: Person
    ) -> None:
        desk = Browser().enter(qin)
        seal = found(desk, "points/corrections/", phone="13800000001")
        assert f"points/postings/{got.id}/correction/" in words(desk.open(f"points/corrections/?who={seal}"))
        form = f"points/postings/{got.id}/correction/"
        page = desk.send(form, reason="", note="写了一半")
        assert page.status_code == 422 and "写了一半" in words(page)
        assert desk.send(form, reason=WRONG, note="是别人报的").status_code == 302
        assert "已经有人提出退回" in words(desk.open(form))
        one = Correction.objects.get()
        door = f"points/corrections/{one.id}/decision/"
        for _ in range(2):
            assert leads_to(Browser().enter(shi).send(door, answer="yes")).endswith("/points/corrections/")
        assert Posting.objects.filter(kind=Kind.REVERSAL).count() == 1
        own = Browser().enter(lan)
        page = words(own.open(f"points/corrections/{one.id}/"))
        assert "是别人报的" in page and "觉得看错了" in page and "石" not in page.replace("石*", "")
        assert f"corrections/{one.id}/" in words(own.open(f"points/postings/{Posting.objects.get(reverses=got).id}/"))
        door = f"points/corrections/{one.id}/appeal/"
        assert own.send(door, text=" ").status_code == 422
        assert own.send(door, text="真的是我报的").status_code == 302
        assert Browser().enter(resident("甲", "13800000002")).send(door, text="x").status_code == 404
        assert "真的是我报的" in words(Browser().enter(third).open("points/corrections/"))
        Browser().enter(third).send(f"points/corrections/{one.id}/decision/", answer="right")
        one.refresh_from_db()
        assert one.state == CorrectionState.UPHELD
        assert "申诉成立，分补回来了" in words(own.open(f"points/corrections/{one.id}/"))

    def test_unheard_nothing_happens_and_another_street_has_none_of_it(
        self, got: Posting, qin: Person, shi: Person, hetang: Street
    ) -> None:
        one = ask(got, qin, now=clock.now())
        Browser().enter(shi).send(f"points/corrections/{one.id}/decision/")
        assert Correction.objects.get().state == CorrectionState.PROPOSED
        with in_street(hetang.id):
            other = Browser("hetang").enter(reviewer("外", 19))
        for page in (f"points/postings/{got.id}/correction/", f"points/corrections/{one.id}/"):
            assert other.open(page).status_code == 404
        assert other.send(f"points/corrections/{one.id}/decision/", answer="yes").status_code == 404


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_without_the_lock_two_decide_and_the_database_stops_one(self, in_yunqiao: Street) -> None:
        rulebook()
        got = award(resident()).posting
        assert got is not None
        one, judges, together = ask(got, reviewer("秦", 11)), [reviewer("石", 12), reviewer("严", 13)], Barrier(2)

        def hasty(judge: Person) -> None:
            with transaction.atomic():
                assert Correction.objects.get(pk=one.pk).state == CorrectionState.PROPOSED
                together.wait(10)
                Correction.objects.filter(pk=one.pk).update(
                    state=CorrectionState.DECLINED, decided_by=judge, decided_at=WEDNESDAY
                )

        came_of = at_once(in_yunqiao, *[lambda who=who: hasty(who) for who in judges])
        assert [type(each) for each in came_of if each is not None] == [IntegrityError]

    def test_with_it_asked_and_decided_by_many_at_once_it_is_taken_back_once(self, in_yunqiao: Street) -> None:
        rulebook()
        lan = resident()
        got = award(lan, case()).posting
        assert got is not None
        qin, shi, third = reviewer("秦", 11), reviewer("石", 12), reviewer("严", 13)
        came_of = at_once(in_yunqiao, *[lambda who=who: ask(got, who) for who in (qin, qin, shi)])
        assert sum(isinstance(each, Correction) for each in came_of) in (1, 2)
        one = Correction.objects.get()
        judges = [each for each in (qin, shi, third) if each.id != one.proposed_by_id]
        came_of = at_once(
            in_yunqiao,
            lambda: points.approve_correction(correction_id=one.id, actor=judges[0], now=WEDNESDAY),
            lambda: points.approve_correction(correction_id=one.id, actor=judges[1], now=WEDNESDAY),
            lambda: points.decline_correction(correction_id=one.id, actor=judges[1], now=WEDNESDAY),
            lambda: points.approve_correction(correction_id=one.id, actor=judges[0], now=WEDNESDAY),
        )
        one.refresh_from_db()
        assert {type(each) for each in came_of} <= {Correction, points.CorrectionDecided}
        taken_back = Posting.objects.filter(kind=Kind.REVERSAL).count()
        assert taken_back == (one.state == CorrectionState.APPROVED)
        assert spendable(lan, WEDNESDAY) == (0 if taken_back else 5)
        assert holds(in_yunqiao)

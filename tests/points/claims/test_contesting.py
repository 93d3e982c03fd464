"""Against an objection that was upheld its claimant speaks once; somebody with no hand in it decides."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cli.verify import problems
from huipai.journal.models import Entry
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import WIPED, ConsentPurpose, Role
from huipai.points import commands as points
from huipai.points import notices, queries, rules
from huipai.points.commands import forgetting
from huipai.points.commands.claims import contesting, objecting, settling
from huipai.points.commands.claims.contesting import ClaimedAnew, ContestDecided, NothingToContest, TooLateToContest
from huipai.points.commands.claims.objecting import TooLateToObject
from huipai.points.models import Claim, Contest, Objection, Posting
from huipai.points.words import APPEAL_FOR, OBJECT_FOR, ClaimState, ContestResult, Kind, ReversalReason
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import MONDAY, TUESDAY, WEDNESDAY, appoint, resident, staff
from tests.people.doors import Browser, words
from tests.points.claims.world import LATER, SOON, World, again
from tests.points.ledger import holds, spendable
from tests.points.test_awarding import home

pytestmark = pytest.mark.django_db
NEXT = LATER + timedelta(hours=1)
MOMENT = timedelta(minutes=1)


@pytest.fixture
def spare(world: World) -> Person:
    """A reviewer who has touched nothing: fang judged, qin upheld."""
    return appoint(staff("严小松", "13900009999"), Role.REVIEWER)


def upheld(world: World) -> Claim:
    """Points were posted, four of them spent, and then an objection was upheld."""
    claim = world.posted()
    points.spend(person=world.lan, subject="order:1", points=4, actor=None, now=LATER)
    objecting.uphold(objection_id=world.objected(claim, now=LATER), judge=world.qin, now=LATER)
    return again(claim)


def contested(world: World, claim: Claim, text: str = "我做了，老人可以作证") -> Contest:
    return contesting.contest(claim_id=claim.id, actor=world.lan, text=text, now=NEXT)


class TestGranted:
    def test_what_was_taken_back_comes_back_and_pays_the_debt_first(self, world: World, spare: Person) -> None:
        claim = upheld(world)
        assert queries.balance(world.lan, NEXT).debt == 4
        one = contested(world, claim)
        assert contested(world, claim) == one
        for _ in range(2):
            done = contesting.grant(contest_id=one.id, judge=spare, now=NEXT)
        assert done.result == ContestResult.GRANTED and done.restored.points == 5
        balance = queries.balance(world.lan, NEXT)
        assert (balance.spendable, balance.debt) == (1, 0)
        assert again(claim).state == ClaimState.POSTED and holds(world.street)
        restored = Posting.objects.get(kind=Kind.GRANT)
        assert queries.not_correctable(restored, NEXT)

    @pytest.mark.parametrize("before", [MOMENT, timedelta(0)])
    def test_what_others_had_taken_before_does_not_come_back_with_it(
        self, world: World, spare: Person, before: timedelta
    ) -> None:
        """The objection took nothing: what was recorded twice stays taken back, be it of the same instant."""
        claim = world.posted()
        points.reverse(
            posting_id=claim.posting_id, actor=world.bo, reason=ReversalReason.RECORDED_TWICE, now=LATER - before
        )
        objecting.uphold(objection_id=world.objected(claim, now=LATER), judge=world.qin, now=LATER)
        done = contesting.grant(contest_id=contested(world, again(claim)).id, judge=spare, now=NEXT)
        assert (done.result, done.restored) == (ContestResult.GRANTED, None)
        assert spendable(world.lan, NEXT) == 0 and holds(world.street)

    def test_what_came_back_says_for_what_and_what_it_undoes(self, world: World, spare: Person) -> None:
        claim = upheld(world)
        contesting.grant(contest_id=contested(world, claim).id, judge=spare, now=NEXT)
        restored = Posting.objects.get(kind=Kind.GRANT)
        reversal = Posting.objects.get(kind=Kind.REVERSAL)
        assert queries.came_back_of(restored) == reversal and queries.came_back_of(reversal) is None
        lan = Browser().enter(world.lan)
        page = lan.open(f"points/postings/{restored.id}/").content.decode()
        assert f"/points/postings/{reversal.id}/" in page and f"/points/claims/{claim.id}/" in page

    def test_what_came_back_keeps_its_place_in_the_caps(self, world: World, spare: Person) -> None:
        claim = upheld(world)
        posted, offer = claim.posting, queries.offer_of(claim.item)
        asked = {"subject": "claim:another", "person": world.lan, "at": posted.received_at}
        assert queries.tally(offer, **asked).today == 0, "taken back, it leaves its place free"
        contesting.grant(contest_id=contested(world, claim).id, judge=spare, now=NEXT)
        found = queries.tally(offer, **asked)
        assert (found.today, found.this_month) == (5, 5)

    def test_what_was_not_posted_yet_is_shown_once_more_and_then_posted(self, world: World, spare: Person) -> None:
        claim = world.public()
        objecting.uphold(objection_id=world.objected(claim), judge=world.qin, now=TUESDAY)
        one = contesting.contest(claim_id=claim.id, actor=world.lan, text="我做了", now=TUESDAY)
        contesting.grant(contest_id=one.id, judge=spare, now=WEDNESDAY)
        shown = again(claim)
        assert shown.state == ClaimState.PUBLICISED and shown.public_until is not None
        assert holds(world.street)
        assert settling.post(claim_id=claim.id, now=shown.public_until) is not None
        assert spendable(world.lan, shown.public_until) == 5 and holds(world.street)

    def test_not_where_the_same_was_claimed_again_meanwhile(self, world: World, spare: Person) -> None:
        claim = world.public(note="给三楼的老人买菜")
        objecting.uphold(objection_id=world.objected(claim), judge=world.qin, now=TUESDAY)
        one = contesting.contest(claim_id=claim.id, actor=world.lan, text="我做了", now=TUESDAY)
        world.claim(note="给三楼的老人买菜")
        with pytest.raises(ClaimedAnew), transaction.atomic():
            contesting.grant(contest_id=one.id, judge=spare, now=WEDNESDAY)
        contesting.dismiss(contest_id=one.id, judge=spare, now=WEDNESDAY)


class TestStandsAgain:
    """Who was right reads nowhere that nothing came of it, and neighbours have what was left of their days."""

    @pytest.fixture
    def restored(self, world: World, spare: Person) -> Claim:
        claim = upheld(world)
        contesting.grant(contest_id=contested(world, claim).id, judge=spare, now=NEXT)
        return again(claim)

    def test_on_its_page_in_the_list_in_the_year_and_on_the_wall(self, world: World, restored: Claim) -> None:
        Person.objects.filter(pk=world.lan.pk).update(birth_year=1980)
        people.give_consent(person=world.lan, purpose=ConsentPurpose.THANK_YOU_WALL, now=MONDAY)
        lan = Browser().enter(world.lan)
        page = words(lan.open(f"points/claims/{restored.id}/"))
        assert page.index("申诉成立，照旧记分") < page.index("异议成立，不记分"), "the last step stands on top"
        assert "已记分" in page and "+5" in page
        rows = words(lan.open("points/claims/"))
        assert "已记分" in rows and "没有记分" not in rows and "+5" in rows
        assert list(queries.thanked(rules.local_month(MONDAY))) == [restored]
        assert queries.year_of(world.lan, rules.local_year(MONDAY.year)).by_port == {"ox": (1, 5)}

    def test_neighbours_have_what_was_left_and_what_came_back_is_taken_back(
        self, world: World, restored: Claim, spare: Person
    ) -> None:
        posted_at = restored.posting.posted_at
        assert restored.object_until == posted_at + OBJECT_FOR + (NEXT - LATER) == restored.evidence_until
        third = resident("贾三", "13800000066")
        later = NEXT + timedelta(days=1)
        objection = world.objected(restored, by=third, now=later)
        with pytest.raises(NotAllowed):
            objecting.uphold(objection_id=objection, judge=spare, now=later)
        objecting.uphold(objection_id=objection, judge=world.bo, now=later)
        balance = queries.balance(world.lan, later)
        assert (balance.spendable, balance.debt) == (0, 4) and holds(world.street)
        assert not queries.thanked(rules.local_month(MONDAY))
        page = words(Browser().enter(world.lan).open(f"points/claims/{restored.id}/"))
        assert "又有一条异议成立" in page and "可以再申诉一次" in page and "分补回来了" not in page

    def test_a_second_objection_is_contested_too_and_heard_by_somebody_new(
        self, world: World, restored: Claim, spare: Person
    ) -> None:
        later, after = NEXT + timedelta(days=1), NEXT + timedelta(days=2)
        objection = world.objected(restored, by=resident("贾三", "13800000066"), now=later)
        objecting.uphold(objection_id=objection, judge=world.bo, now=later)
        one = contesting.contest(claim_id=restored.id, actor=world.lan, text="还是做了", now=after)
        assert one.objection_id == objection
        for judge in (spare, world.qin, world.bo):
            with pytest.raises(NotAllowed):
                contesting.grant(contest_id=one.id, judge=judge, now=after)
        for judge in (spare, world.qin):
            with pytest.raises(IntegrityError, match="no hand in the claim"), transaction.atomic():
                Contest.objects.filter(pk=one.pk).update(
                    result=ContestResult.DISMISSED, decided_by=judge, decided_at=after
                )
        fresh = appoint(staff("郁青山", "13900009998"), Role.REVIEWER)
        done = contesting.grant(contest_id=one.id, judge=fresh, now=after)
        assert done.restored is not None and done.restored.points == 5
        balance = queries.balance(world.lan, after)
        assert (balance.spendable, balance.debt) == (1, 0) and again(restored).state == ClaimState.POSTED
        assert holds(world.street)

    def test_each_upheld_objection_is_contested_once(self, world: World, restored: Claim) -> None:
        later = NEXT + timedelta(days=1)
        objection = world.objected(restored, by=resident("贾三", "13800000066"), now=later)
        objecting.uphold(objection_id=objection, judge=world.bo, now=later)
        contesting.contest(claim_id=restored.id, actor=world.lan, text="还是做了", now=later)
        with pytest.raises(TooLateToContest):
            contesting.contest(claim_id=restored.id, actor=world.lan, text="换一句", now=later)
        with pytest.raises(IntegrityError, match="contested_once"), transaction.atomic():
            Contest.objects.create(
                claim=restored, objection_id=objection, claimant_id=world.lan.id, filed_by=world.lan, filed_at=later,
                text="换一句",
            )  # fmt: skip

    def test_not_when_their_time_is_over(self, world: World, restored: Claim) -> None:
        with pytest.raises(TooLateToObject):
            world.objected(restored, by=resident("贾三", "13800000066"), now=restored.object_until)

    def test_only_dismissal_and_restoring_move_their_time(self, world: World, restored: Claim) -> None:
        with pytest.raises(IntegrityError, match="publicity runs its time"), transaction.atomic():
            Claim.objects.filter(pk=restored.pk).update(object_until=NEXT)

    def test_not_beside_the_same_claimed_anew(self, world: World, spare: Person) -> None:
        claim = world.posted(note="给三楼的老人买菜")
        objecting.uphold(objection_id=world.objected(claim, now=LATER), judge=world.qin, now=LATER)
        one = contested(world, claim)
        world.claim(note="给三楼的老人买菜")
        with pytest.raises(ClaimedAnew), transaction.atomic():
            contesting.grant(contest_id=one.id, judge=spare, now=NEXT)
        assert spendable(world.lan, NEXT) == 0 and holds(world.street)


class TestWhoAndWhen:
    def test_nobody_decides_who_had_a_hand_in_it(self, world: World, spare: Person) -> None:
        one = contested(world, upheld(world))
        for judge in (world.fang, world.qin, world.lan, world.hua):
            with pytest.raises(NotAllowed):
                contesting.grant(contest_id=one.id, judge=judge, now=NEXT)
        for judge in (world.fang, world.qin):
            with pytest.raises(IntegrityError, match="no hand in the claim"), transaction.atomic():
                Contest.objects.update(result=ContestResult.DISMISSED, decided_by=judge, decided_at=NEXT)
        home(spare, world.qin)
        with pytest.raises(NotAllowed):
            contesting.dismiss(contest_id=one.id, judge=spare, now=NEXT)
        assert contesting.dismiss(contest_id=one.id, judge=world.bo, now=NEXT).result == ContestResult.DISMISSED

    def test_once_within_seven_days_with_a_sentence(self, world: World, spare: Person) -> None:
        claim = upheld(world)
        for text in ("", " \u200b", "长" * 301):
            with pytest.raises(Invalid):
                contested(world, claim, text)
        with pytest.raises(TooLateToContest):
            contesting.contest(claim_id=claim.id, actor=world.lan, text="晚了", now=LATER + APPEAL_FOR)
        one = contested(world, claim)
        with pytest.raises(TooLateToContest):
            contested(world, claim, "换一句")
        contesting.dismiss(contest_id=one.id, judge=spare, now=NEXT)
        with pytest.raises(ContestDecided):
            contesting.grant(contest_id=one.id, judge=spare, now=NEXT)
        assert queries.balance(world.lan, NEXT).debt == 4 and holds(world.street)

    def test_only_against_an_objection_that_was_upheld_and_only_ones_own(self, world: World, hetang: Street) -> None:
        with pytest.raises(NothingToContest):
            contested(world, world.rejected())
        claim = upheld(world)
        with pytest.raises(NotVisible):
            contesting.contest(claim_id=claim.id, actor=world.hua, text="不对", now=NEXT)
        one = contested(world, claim)
        with in_street(hetang.id):
            stranger = appoint(staff("外", "13900008888"), Role.REVIEWER)
            with pytest.raises(NotVisible):
                contesting.grant(contest_id=one.id, judge=stranger, now=NEXT)

    def test_the_database_lets_it_be_decided_once_and_only_of_what_was_upheld(
        self, world: World, spare: Person
    ) -> None:
        one = contested(world, upheld(world))
        contesting.dismiss(contest_id=one.id, judge=spare, now=NEXT)
        for change in ({"result": "granted"}, {"text": "别的"}, {"result": "", "decided_by": None, "decided_at": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Contest.objects.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            Contest.objects.all().delete()
        other = world.public(world.hua)
        objection = Objection.objects.get(pk=world.objected(other, world.lan))
        with pytest.raises(IntegrityError, match="only an objection that was upheld"), transaction.atomic():
            Contest.objects.create(
                claim=other, objection=objection, claimant=world.hua, filed_by=world.hua, filed_at=NEXT, text="不对"
            )


def test_the_claimant_is_told_and_forgotten(world: World, spare: Person) -> None:
    claim = upheld(world)
    contesting.grant(contest_id=contested(world, claim).id, judge=spare, now=NEXT)
    entry = Entry.objects.get(what="claim.contest_granted")
    for _ in range(2):
        notices.tell(entry_id=entry.id, now=NEXT)
    told = Notice.objects.get(person=world.lan, kind="claim.contest_granted")
    assert "申诉成立" in str(notices.WORDINGS[told.kind](told.subject, told.params).title)
    assert "作证" not in str(list(Entry.objects.values_list("facts", flat=True)))
    people.erase(person=world.lan, actor=world.lan, now=NEXT)
    forgetting.forget(person=world.lan, now=NEXT)
    assert Contest.objects.get().text == WIPED and holds(world.street)


@pytest.mark.no_guard
@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE points_contest SET decided_by_id = (SELECT id FROM people_person WHERE name = '薄明远')",
        "UPDATE points_contest SET result = 'dismissed', restored_id = NULL",
        "UPDATE points_contest SET filed_at = filed_at - interval '1 day'",
        "UPDATE points_posting SET points = 4 WHERE subject LIKE 'contest:%%'",
        "DELETE FROM points_contest",
    ],
)
def test_what_is_edited_by_hand_is_found(world: World, spare: Person, edit: str) -> None:
    contesting.grant(contest_id=contested(world, upheld(world)).id, judge=spare, now=NEXT)
    assert holds(world.street)
    assert by_hand(edit)
    assert not holds(world.street)


def test_on_the_pages(world: World, spare: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = upheld(world)
    monkeypatch.setattr("huipai.kit.clock.now", lambda: LATER + APPEAL_FOR)
    page = words(Browser().enter(world.lan).open(f"points/claims/{claim.id}/"))
    assert "申诉的 7 天过了" in page and "7 天里可以申诉" not in page
    monkeypatch.setattr("huipai.kit.clock.now", lambda: NEXT)
    lan, judge = Browser().enter(world.lan), Browser().enter(spare)
    page = words(lan.open(f"points/claims/{claim.id}/"))
    assert "觉得异议不对" in page
    answer = lan.send(f"points/claims/{claim.id}/contest/", contest="长" * 301)
    assert answer.status_code == 422 and "长" * 301 in words(answer)
    lan.send(f"points/claims/{claim.id}/contest/", contest="老人可以作证")
    assert "老人可以作证" in words(lan.open(f"points/claims/{claim.id}/"))
    desk = words(judge.open("points/review/contests/"))
    assert "老人可以作证" in desk and "申诉成立" in desk
    judge.send(f"points/review/contests/{Contest.objects.get().id}/", result="granted")
    assert "分补回来了" in words(lan.open(f"points/claims/{claim.id}/"))
    with pytest.raises(Moved):
        contesting.dismiss(contest_id=Contest.objects.get().id, judge=world.bo, now=NEXT)


class TestWhoHasLeft:
    def test_is_not_shown_in_public_anew_and_gets_nothing(self, world: World) -> None:
        claim = world.public()
        objecting.uphold(objection_id=world.objected(claim), judge=world.qin, now=SOON)
        one = contesting.contest(claim_id=claim.id, actor=world.lan, text="有人证", now=SOON)
        people.erase(person=world.lan, actor=world.lan, now=SOON)
        contesting.grant(contest_id=one.id, judge=world.bo, now=SOON)
        assert again(claim).state == ClaimState.UPHELD and not Posting.objects.exists()
        assert not list(problems(world.street))

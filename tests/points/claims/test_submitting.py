"""A claim comes in: once, by the rulebook in force, with what shows it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cases.commands.deeds import telling
from huipai.cases.commands.deeds.telling import Told
from huipai.cases.commands.stepping import PhotoUsed
from huipai.grid.models import Assignment
from huipai.journal import commands as journal
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.commands.claims import entering, submitting
from huipai.points.commands.claims.ending import ClaimsOver
from huipai.points.commands.claims.submitting import (
    ClaimedAlready,
    EvidenceMissing,
    EvidenceUsed,
    NoSuchItem,
    NoSuchStation,
    NotThisClaimId,
    TooManyClaims,
)
from huipai.points.models import Claim, ClaimStep, Evidence
from huipai.points.rules.sending import (
    AmountMissing,
    AmountNotWhole,
    AmountTooSmall,
    NoEvidence,
    NoteTooLong,
    TooManyEvidencePhotos,
)
from huipai.points.words import CLAIMS_A_DAY, ClaimFact, ClaimState, Shown
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.words import Earner
from huipai.rulebook.words import Evidence as EvidenceKind
from huipai.stations.models import Station
from huipai.stations.rules import OnSite
from huipai.streets.current import in_street
from tests.cast import A_YEAR_AGO, MONDAY, TUESDAY, appoint, resident, rulebook, staff
from tests.grid.conftest import Town
from tests.people.doors import Browser, words
from tests.points.claims.test_outbox import phone
from tests.points.claims.world import BY_ITSELF, HELP, ITEMS, LARGE, POST_ON, SHIFT, World

pytestmark = pytest.mark.django_db


def submit(world: World, sending, *, by=None, now=MONDAY) -> Claim:
    return submitting.submit(sending=sending, claimant=by or world.lan, now=now)


def written_by_hand(claim: Claim, amount: object) -> None:
    """A claim like this one with another amount, without the command."""
    other = Claim.objects.get(pk=claim.pk)
    other.pk, other.subject, other.measured = new_id(), "x", {"hours": amount}
    other.save(force_insert=True)


class TestSubmit:
    def test_writes_the_claim_its_evidence_its_first_step_and_the_journal(self, world: World) -> None:
        photo = world.photo(world.lan)
        claim = submit(world, world.sending(photo_ids=(photo.id,)))
        assert (claim.state, claim.claimant_id, claim.item.code) == (ClaimState.SUBMITTED, world.lan.id, "ox-01")
        shown = Evidence.objects.get()
        assert (shown.claim_id, shown.photo_id, shown.kind) == (claim.id, photo.id, Shown.PHOTO)
        step = ClaimStep.objects.get()
        assert (step.from_state, step.to_state, step.actor_id) == ("", "submitted", world.lan.id)
        entry = Entry.objects.get(what="claim.submitted")
        assert (entry.subject, entry.actor_id, entry.facts["code"]) == (f"claim:{claim.id}", world.lan.id, "ox-01")
        assert "老人" not in str(entry.facts)

    def test_sent_again_it_is_the_same_claim(self, world: World) -> None:
        sending = world.sending()
        first, second = submit(world, sending), submit(world, sending, now=TUESDAY)
        assert first == second and Claim.objects.count() == ClaimStep.objects.count() == 1

    def test_one_refusal_for_an_id_with_other_content_of_another_or_of_another_street(
        self, world: World, elsewhere: World
    ) -> None:
        sending = world.sending()
        submit(world, sending)
        with pytest.raises(NotThisClaimId):
            submit(world, replace(sending, note="别的话"))
        with pytest.raises(NotThisClaimId):
            submit(world, sending, by=world.hua)
        with in_street(elsewhere.street.id), pytest.raises(NotThisClaimId):
            submit(elsewhere, sending, by=elsewhere.lan)

    def test_the_same_deed_is_claimed_once_a_day_but_another_deed_is_another(self, world: World) -> None:
        first = world.sending()
        submit(world, first)
        with pytest.raises(ClaimedAlready):
            submit(world, replace(first, claim_id=new_id()))
        submit(world, replace(first, claim_id=new_id(), note="给五楼的老人买了米"))
        submit(world, replace(first, claim_id=new_id()), now=TUESDAY)
        submit(world, replace(first, claim_id=new_id()), by=world.hua)
        assert Claim.objects.count() == 4

    def test_the_version_is_the_one_in_force_when_it_is_received(self, world: World) -> None:
        rulebook(*(replace(HELP, points=7) if item is HELP else item for item in ITEMS), since=TUESDAY)
        before = submit(world, world.sending(), now=TUESDAY - timedelta(seconds=1))
        after = submit(world, world.sending(note="又给五楼买了一次"), now=TUESDAY)
        assert (before.item.points, after.item.points) == (5, 7)

    def test_wants_something_that_shows_it(self, world: World) -> None:
        for refused, sending in [
            (NoEvidence, world.sending(note=" ")),
            (NoEvidence, world.sending(note="\u202e\u3164")),
            (NoEvidence, world.sending(POST_ON, note="只有一句话")),
            (NoteTooLong, world.sending(note="长" * 301)),
            (TooManyEvidencePhotos, world.sending(photo_ids=tuple(new_id() for _ in range(5)))),
            (EvidenceMissing, world.sending(photo_ids=(new_id(),))),
            (EvidenceMissing, world.sending(photo_ids=(world.photo(world.hua).id,))),
            (NoSuchItem, replace(world.sending(), item_code="ox-99")),
        ]:
            with pytest.raises(refused):
                submit(world, sending)
        assert not Claim.objects.exists()

    def test_a_photo_shows_one_claim(self, world: World) -> None:
        photo = world.photo(world.lan)
        submit(world, world.sending(photo_ids=(photo.id,)))
        with pytest.raises(EvidenceUsed):
            submit(world, world.sending(photo_ids=(photo.id,), note="又一次"), now=TUESDAY)
        assert Claim.objects.count() == 1

    def test_a_photo_shows_a_claim_and_nothing_else(self, world: World, town: Town) -> None:
        """A screenshot goes two weeks after it has paid; no case and no deed may lose its picture by that."""
        shot, of_a_deed = world.photo(world.lan), world.photo(world.lan)
        submit(world, world.sending(photo_ids=(shot.id,)))
        told = Told(new_id(), "送伞", "", "", False, town.at(50, 50), (of_a_deed.id,))
        telling.tell(told=told, reporter=world.lan, now=MONDAY)
        with pytest.raises(PhotoUsed):
            telling.tell(told=replace(told, deed_id=new_id(), photo_ids=(shot.id,)), reporter=world.lan, now=MONDAY)
        with pytest.raises(EvidenceUsed):
            submit(world, world.sending(photo_ids=(of_a_deed.id,), note="又一次"), now=TUESDAY)

    def test_only_who_may_earn_by_the_item_and_nothing_the_system_knows_itself(self, world: World) -> None:
        child = resident("小宝", "13800000099")
        child.birth_year = 2016
        child.save()
        for_members = replace(SHIFT, earners=(Earner.PART_TIME_MEMBER,))
        for_households = replace(LARGE, earners=(Earner.HOUSEHOLD,))
        rulebook(replace(HELP, under_14=False), for_members, for_households, BY_ITSELF, since=MONDAY)
        member = appoint(resident("兼职", "13800000098"), Role.PART_TIME_MEMBER)
        for person, item, code in [
            (staff("陶", "13900000077"), HELP, "claim_staff"),
            (child, HELP, "claim_under_14"),
            (world.lan, SHIFT, "claim_not_an_earner"),
            (world.lan, LARGE, "claim_by_household"),
            (member, LARGE, "claim_by_household"),
            (world.lan, BY_ITSELF, "claim_by_itself"),
        ]:
            with pytest.raises(NotAllowed) as refusal:
                submit(world, world.sending(item), by=person)
            assert refusal.value.code == code

    def test_an_amount_where_the_item_counts(self, world: World) -> None:
        counted = replace(HELP, code="ox-07", points=10, day_cap=10, formula=parse("取小(小时 × 5, 10)"))
        rulebook(counted, since=MONDAY)
        for typed in ({}, {"hours": "很多"}, {"hours": "0"}, {"hours": "1000"}, {"hours": "1.25"}):
            with pytest.raises(AmountMissing):
                submit(world, world.sending(counted, measured=typed))
        assert submit(world, world.sending(counted, measured={"hours": "1.5"})).measured == {"hours": "1.5"}

    def test_people_and_pieces_come_whole_and_no_amount_is_worth_nothing(self, world: World) -> None:
        pieces = replace(HELP, code="ox-07", points=10, day_cap=10, formula=parse("取小(件数 × 2, 10)"))
        hours = replace(HELP, code="ox-08", points=10, day_cap=10, formula=parse("取小(小时 × 5, 10)"))
        rulebook(pieces, hours, since=MONDAY)
        with pytest.raises(AmountNotWhole, match="整数"):
            submit(world, world.sending(pieces, measured={"pieces": "1.5"}))
        with pytest.raises(AmountTooSmall, match="不到 1 分"):
            submit(world, world.sending(hours, measured={"hours": "0.1"}))
        assert submit(world, world.sending(pieces, measured={"pieces": "3.0"})).worth == 6
        assert submit(world, world.sending(hours, measured={"hours": "0.2"}, note="扫了十二分钟")).worth == 1

    def test_what_an_item_does_not_count_is_no_amount_of_it_and_in_no_journal(self, world: World) -> None:
        words = {"people": "张三丰，住柳溪3幢201，电话13800138000", "hours": "1e99999999"}
        sending = world.sending(measured=words)
        claim = submit(world, sending)
        assert submit(world, sending).id == claim.id
        draft = submitting.keep(sending=world.sending(measured=words), claimant=world.lan, now=MONDAY)
        assert (claim.measured, draft.measured) == (None, None)
        assert all("张三丰" not in str(each.facts) for each in Entry.objects.all())
        for amount in ("两小时", "1e9", "-1", [1]):
            with pytest.raises(IntegrityError, match="an amount is a number"), transaction.atomic():
                written_by_hand(claim, amount)

    def test_the_database_takes_no_other_amount_in_a_claim_a_draft_or_the_journal(self, world: World) -> None:
        counted = replace(HELP, code="ox-07", points=10, day_cap=10, formula=parse("取小(小时 × 5, 10)"))
        rulebook(*ITEMS, counted, since=MONDAY)
        other, of_hours = world.claim(), submit(world, world.sending(counted, measured={"hours": "2"}))
        more = {"hours": "2", "people": "3"}
        draft = submitting.keep(
            sending=world.sending(counted, measured={"hours": "张三丰"}), claimant=world.lan, now=MONDAY
        )
        assert draft.measured is None, "a draft keeps a half typed number, and no word"
        told = Entry.objects.get(what=ClaimFact.SUBMITTED, subject=of_hours.subject_of_journal)
        assert told.facts["measured"] == {"hours": "2"}
        for one, wrong in (
            (other, {"hours": "2"}),
            (of_hours, more),
            (draft, {"hours": "张"}),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Claim.objects.filter(pk=one.pk).update(measured=wrong)
        for wrong in ({"hours": "2", "people": "张三丰"}, {"people": "2"}, {"hours": "二"}, "张三丰", 2):
            facts = {**told.facts, "measured": wrong}
            with pytest.raises(IntegrityError, match="the item counts"), transaction.atomic():
                journal.record(
                    what=ClaimFact.SUBMITTED, subject=of_hours.subject_of_journal, actor_id=world.lan.id, now=MONDAY,
                    facts=facts,
                )  # fmt: skip

    def test_a_day_has_an_end(self, world: World) -> None:
        for _ in range(CLAIMS_A_DAY):
            world.claim()
        with pytest.raises(TooManyClaims):
            world.claim()
        world.claim(now=TUESDAY + timedelta(hours=1))

    def test_a_day_has_its_end_for_what_was_put_aside_before(self, world: World) -> None:
        kept = [world.sending(note=f"第 {n} 件") for n in range(CLAIMS_A_DAY + 1)]
        for sending in kept[:-1]:
            submitting.keep(sending=sending, claimant=world.lan, now=MONDAY - timedelta(days=2))
        with pytest.raises(TooManyClaims), transaction.atomic():
            submitting.keep(sending=kept[-1], claimant=world.lan, now=MONDAY - timedelta(days=2))
        submitting.keep(sending=kept[-1], claimant=world.lan, now=MONDAY - timedelta(days=1))
        for sending in kept[:-1]:
            submit(world, sending)
        with pytest.raises(TooManyClaims), transaction.atomic():
            submit(world, kept[-1])
        assert submit(world, kept[-1], now=TUESDAY + timedelta(hours=1)).state == ClaimState.SUBMITTED


class TestOnSite:
    def test_once_a_person_item_and_day_whatever_station(self, world: World, station, other_station) -> None:
        def scanned(where, now=MONDAY):
            return world.sending(SHIFT, note="", on_site=OnSite(where.id, now, "ab"))

        claim = submit(world, scanned(station))
        shown = Evidence.objects.get(claim=claim)
        assert (shown.kind, shown.station_id, shown.code_shown_at) == (Shown.ON_SITE_CODE, station.id, MONDAY)
        with pytest.raises(ClaimedAlready):
            submit(world, scanned(other_station))
        submit(world, scanned(station), by=world.hua)
        submit(world, scanned(station, TUESDAY), now=TUESDAY)

    def test_a_station_that_is_gone_or_of_another_street_counts_for_nothing(self, world: World) -> None:
        with pytest.raises(NoSuchStation):
            submit(world, world.sending(SHIFT, note="", on_site=OnSite(new_id(), MONDAY, "ab")))


class TestDraft:
    def test_is_kept_gone_on_with_and_sent(self, world: World) -> None:
        photo = world.photo(world.lan)
        sending = world.sending(note="")
        kept = submitting.keep(sending=sending, claimant=world.lan, now=MONDAY)
        kept = submitting.keep(sending=replace(sending, photo_ids=(photo.id,)), claimant=world.lan, now=MONDAY)
        assert kept.state == ClaimState.DRAFT and Evidence.objects.count() == 1
        sent = submit(world, replace(sending, photo_ids=(photo.id,), note="买好了"), now=TUESDAY)
        assert (sent.id, sent.state, sent.received_at, sent.note) == (kept.id, "submitted", TUESDAY, "买好了")
        assert Claim.objects.get().evidence_until is None
        assert [step.action for step in ClaimStep.objects.order_by("position")] == ["keep", "submit"]

    def test_is_nobody_elses_and_cannot_be_kept_once_sent(self, world: World) -> None:
        sending = world.sending()
        submitting.keep(sending=sending, claimant=world.lan, now=MONDAY)
        for do in (submitting.keep, submitting.submit):
            with pytest.raises(Refused):
                do(sending=sending, claimant=world.hua, now=MONDAY)
        submit(world, sending)
        with pytest.raises(NotThisClaimId):
            submitting.keep(sending=sending, claimant=world.lan, now=MONDAY)

    def test_two_drafts_of_one_deed_become_one_claim(self, world: World) -> None:
        one, other = world.sending(), world.sending()
        for sending in (one, other):
            submitting.keep(sending=sending, claimant=world.lan, now=MONDAY)
        submit(world, one)
        with pytest.raises(ClaimedAlready):
            submit(world, other)


class TestAfterTheEnd:
    """From the day on which nothing is earned any more no claim comes in; what came in before goes on."""

    STOP = MONDAY + timedelta(days=31)
    LAST = MONDAY + timedelta(days=131)

    @pytest.fixture
    def ends(self, world: World) -> World:
        self.decide(MONDAY)
        return world

    @staticmethod
    def decide(now: datetime) -> None:
        leader = appoint(staff("雷", "13900000066"), Role.LEADER, since=A_YEAR_AGO)
        editor = appoint(staff("编", "13900000067"), Role.RULEBOOK_EDITOR, since=A_YEAR_AGO)
        dates = {"awards_until": now + timedelta(days=31), "redeem_until": now + timedelta(days=131)}
        proposed = points.propose_closing(**dates, actor=leader, now=now)
        points.approve_closing(closing_id=proposed.id, actor=editor, now=now)

    def test_nothing_is_taken_by_any_door_and_what_can_be_done_is_said(self, ends: World) -> None:
        before, after = self.STOP - timedelta(microseconds=1), self.STOP
        submit(ends, ends.sending(), now=before)
        draft = submitting.keep(sending=ends.sending(note="先存着"), claimant=ends.lan, now=before)
        for act in (
            lambda: submit(ends, ends.sending(note="晚了"), now=after),
            lambda: submit(ends, replace(ends.sending(note="先存着"), claim_id=draft.id), now=after),
            lambda: submitting.keep(sending=ends.sending(), claimant=ends.lan, now=after),
            lambda: entering.enter(sending=ends.sending(), claimant=ends.lan, enterer=self.clerk(), now=after),
        ):
            with pytest.raises(ClaimsOver) as refusal:
                act()
            assert refusal.value.status == 409 and "手里的分能换到" in refusal.value.reason
        with pytest.raises(ClaimsOver) as refusal:
            submit(ends, ends.sending(note="太晚了"), now=self.LAST)
        assert "已经结束" in refusal.value.reason
        assert set(Claim.objects.values_list("state", flat=True)) == {ClaimState.SUBMITTED, ClaimState.DRAFT}

    def test_a_retry_of_what_was_taken_in_before_still_hears_the_answer_of_then(self, ends: World) -> None:
        sending = ends.sending()
        first = submit(ends, sending, now=self.STOP - timedelta(seconds=1))
        assert submit(ends, sending, now=self.STOP) == first
        for other, by in ((replace(sending, note="别的话"), None), (sending, ends.hua)):
            with pytest.raises(ClaimsOver):
                submit(ends, other, by=by, now=self.STOP)

    def test_what_was_put_aside_can_still_be_read_and_a_phone_hears_why(self, world: World) -> None:
        now = clock.now()
        self.decide(now - timedelta(days=33))
        draft = submitting.keep(
            sending=world.sending(note="给五楼修了灯"), claimant=world.lan, now=now - timedelta(days=3)
        )
        browser = Browser().enter(world.lan)
        page = words(browser.open(f"points/items/ox-01/claim/?draft={draft.id}"))
        assert "给五楼修了灯" in page and "不再收申报" in page and "交上来" not in page
        answer = browser.send("points/items/ox-01/claim/", claim_id=str(new_id()), note="晚了")
        assert answer.status_code == 409 and "晚了" in words(answer) and "手里的分能换到" in words(answer)
        kept = phone(world, world.lan).post(
            "/s/yunqiao/outbox/claims/", {"claim_id": str(new_id()), "item": "ox-01", "note": "山里没有网"}
        )
        assert (kept.status_code, kept.json()["error"]) == (409, "claims_over")
        assert "手里的分能换到" in kept.json()["reason"] and Claim.objects.count() == 1

    @staticmethod
    def clerk() -> Person:
        return appoint(staff("登记", "13900000068"), Role.COORDINATOR)


class TestSentAgainAfterAChange:
    """Whoever did not hear the answer hears it, whatever has changed since; anything else is looked at as new."""

    COUNTED = replace(HELP, code="ox-07", points=10, day_cap=10, formula=parse("取小(小时 × 5, 10)"))

    def test_the_item_was_struck(self, world: World) -> None:
        sending = world.sending(HELP)
        first = submit(world, sending)
        rulebook(*(item for item in ITEMS if item.code != HELP.code), since=TUESDAY)
        assert submit(world, sending, now=TUESDAY) == first
        for other, by in ((replace(sending, note="别的话"), None), (sending, world.hua)):
            with pytest.raises(NoSuchItem):
                submit(world, other, by=by, now=TUESDAY)

    def test_the_item_wants_something_else(self, world: World) -> None:
        sending = world.sending(HELP)
        first = submit(world, sending)
        others = (item for item in ITEMS if item.code != HELP.code)
        rulebook(*others, replace(HELP, evidence=(EvidenceKind.PHOTO,)), since=TUESDAY)
        assert submit(world, sending, now=TUESDAY) == first

    def test_nothing_is_counted_any_more(self, world: World) -> None:
        rulebook(*ITEMS, self.COUNTED, since=MONDAY)
        sending = world.sending(self.COUNTED, measured={"hours": "1"})
        first = submit(world, sending)
        rulebook(*ITEMS, replace(self.COUNTED, formula=None), since=TUESDAY)
        assert submit(world, sending, now=TUESDAY) == first

    def test_the_station_was_closed(self, world: World, station: Station) -> None:
        sending = world.sending(SHIFT, note="", on_site=OnSite(station.id, MONDAY, "ab"))
        first = submit(world, sending)
        Station.objects.filter(pk=station.pk).update(closed_at=MONDAY + timedelta(hours=1))
        assert submit(world, sending, now=TUESDAY) == first

    def test_a_draft_is_no_answer(self, world: World) -> None:
        sending = world.sending(HELP)
        submitting.keep(sending=sending, claimant=world.lan, now=MONDAY)
        rulebook(*(item for item in ITEMS if item.code != HELP.code), since=TUESDAY)
        with pytest.raises(NoSuchItem):
            submit(world, sending, now=TUESDAY)

    def test_what_was_put_aside_is_kept(self, world: World) -> None:
        sending = world.sending(HELP)
        draft = submitting.keep(sending=sending, claimant=world.lan, now=MONDAY)
        rulebook(*(item for item in ITEMS if item.code != HELP.code), since=TUESDAY)
        assert submitting.keep(sending=sending, claimant=world.lan, now=TUESDAY) == draft
        with pytest.raises(NoSuchItem):
            submitting.keep(sending=replace(sending, note="别的话"), claimant=world.lan, now=TUESDAY)

    def test_whoever_entered_it_may_enter_no_more(self, world: World) -> None:
        clerk = appoint(staff("登记", "13900000068"), Role.COORDINATOR)
        sending = world.sending(HELP)
        first = entering.enter(sending=sending, claimant=world.lan, enterer=clerk, now=MONDAY)
        Assignment.objects.filter(person=clerk).update(valid_until=TUESDAY)
        assert entering.enter(sending=sending, claimant=world.lan, enterer=clerk, now=TUESDAY) == first
        for other in (replace(sending, note="别的话"), world.sending(HELP)):
            with pytest.raises(NotAllowed):
                entering.enter(sending=other, claimant=world.lan, enterer=clerk, now=TUESDAY)

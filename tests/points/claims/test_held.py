"""A claim that is held for a court or an office: nothing takes what was said and shown, by whatever way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.cases.commands.retention import holding
from huipai.cases.models import LegalHold
from huipai.cases.policies.at_counter import may_write_down_leaving
from huipai.cli.verify import problems
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people import commands as people
from huipai.people import keepers
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.models import Photo
from huipai.points import commands as points
from huipai.points import jobs, queries
from huipai.points.commands import forgetting
from huipai.points.commands.claims import answering, keeping, objecting, submitting
from huipai.points.models import Claim, Objection
from huipai.points.words import ClaimState, CorrectionReason, ObjectionReason
from huipai.streets.current import in_street
from tests import cast
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY
from tests.points.claims.world import LATER, POST_ON, World, again

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DUE = LATER + 15 * DAY
WHY = {"reason": "lawsuit", "words": "区法院来函"}


@pytest.fixture
def tong(world: World) -> Person:
    return cast.appoint(cast.staff("佟小楼", "13900018870"), Role.DISPATCHER)


def hold(claim: Claim, by: Person, *, days: int = 300, **more: str) -> LegalHold:
    until = TUESDAY + days * DAY
    return holding.hold_claim(claim_id=claim.id, actor=by, until=until, now=TUESDAY, **{**WHY, **more})


def shown(world: World) -> Claim:
    return world.posted(item=POST_ON, photo_ids=(world.photo(world.lan).id,), note="转到邻里群了")


@pytest.mark.parametrize("is_held", [True, False])
def test_screenshots_go_only_when_nobody_holds_them(world: World, tong: Person, is_held: bool) -> None:
    claim = shown(world)
    one = hold(claim, tong) if is_held else None
    assert queries.claims_to_let_go(DUE).exists() != is_held, "and no job is made of it every minute"
    assert keeping.erase_screenshots(claim_id=claim.id, now=DUE) == (0 if is_held else 1)
    assert Photo.objects.kept().exists() == is_held and not [*problems(world.street)]
    if one is not None:
        holding.release(hold_id=one.id, actor=tong, words="案子结了", now=DUE)
        assert queries.claims_to_let_go(DUE + DAY).exists()
        assert keeping.erase_screenshots(claim_id=claim.id, now=DUE + DAY) == 1


@pytest.mark.parametrize("is_held", [True, False])
def test_who_leaves_takes_nothing_of_it_and_is_forgotten_there_when_it_is_over(
    world: World, tong: Person, monkeypatch: pytest.MonkeyPatch, is_held: bool
) -> None:
    claim = shown(world)
    objecting.object_to(
        claim_id=claim.id, objector=world.hua, reason=ObjectionReason.NOT_DONE, text="没有转", now=LATER
    )
    one = hold(claim, tong) if is_held else None
    for person in (world.lan, world.hua):
        people.erase(person=person, actor=person, now=LATER)
        forgetting.forget(person=person, now=LATER)
    assert bool(again(claim).note) == Photo.objects.kept().exists() == is_held
    assert (Objection.objects.get().text == "没有转") == is_held
    assert not forgetting.left_behind(LATER).exists() and not [*problems(world.street)]
    if one is not None:
        assert set(forgetting.left_behind(one.until)) == {world.lan, world.hua}
        over = one.until
        monkeypatch.setattr(clock, "now", lambda: over)
        jobs.forget_left_behind(timestamp=0)
        assert not again(claim).note and not Photo.objects.kept().exists()
        assert not Objection.objects.filter(text="没有转").exists()
        assert not forgetting.left_behind(over).exists() and not [*problems(world.street)]


@pytest.mark.parametrize("is_held", [True, False])
def test_what_was_said_when_its_points_were_asked_back_stays_with_it(world: World, tong: Person, is_held: bool) -> None:
    claim = shown(world)
    assert claim.posting is not None
    asked = points.propose_correction(
        posting_id=claim.posting.id, reason=CorrectionReason.RECORDED_TWICE, note="记了两次", actor=world.qin, now=DUE
    )
    if is_held:
        hold(claim, tong)
    people.erase(person=world.lan, actor=world.lan, now=DUE)
    forgetting.forget(person=world.lan, now=DUE)
    asked.refresh_from_db()
    assert (asked.note == "记了两次") == is_held
    assert (world.lan in forgetting.left_behind(TUESDAY + 301 * DAY)) == is_held


def test_what_its_claimant_takes_back_stays_and_is_not_paid(world: World, tong: Person) -> None:
    claim = world.claim(item=POST_ON, photo_ids=(world.photo(world.lan).id,))
    hold(claim, tong)
    people.erase(person=world.lan, actor=world.lan, now=TUESDAY)
    forgetting.forget(person=world.lan, now=TUESDAY)
    assert again(claim).state == ClaimState.WITHDRAWN and again(claim).note and Photo.objects.kept().exists()
    sent = world.claim(world.hua, POST_ON, photo_ids=(world.photo(world.hua).id,))
    hold(sent, tong)
    answering.withdraw(claim_id=sent.id, actor=world.hua, now=TUESDAY)
    assert keeping.erase_screenshots(claim_id=sent.id, now=DUE) == 0


def test_the_counter_takes_nobodys_name_away_meanwhile(world: World, tong: Person) -> None:
    claim = shown(world)
    window = cast.appoint(cast.staff("柜小台", "13900018801"), Role.COORDINATOR)
    assert may_write_down_leaving(window, world.lan, TUESDAY)
    one = hold(claim, tong)
    assert not may_write_down_leaving(window, world.lan, TUESDAY)
    Person.objects.filter(pk=world.lan.pk).update(account=None)
    assert world.lan not in keepers.unkept(one.until - DAY), "whoever has no account keeps their name as long"
    assert world.lan in keepers.unkept(one.until)


def test_by_whom_and_how(world: World, tong: Person, elsewhere: World) -> None:
    claim = shown(world)
    for stranger in (world.fang, world.hua, world.lan):
        with pytest.raises(NotAllowed):
            hold(claim, stranger)
    leader = cast.appoint(cast.staff("冷小街", "13900018881"), Role.LEADER)
    one = hold(claim, leader, words=f"区法院要{world.lan.name}的话")
    assert hold(claim, tong) == one, "the same again is once, whoever says it"
    said = Disclosure.objects.get(kind=Kind.HELD)
    assert (said.subject, said.about) == (claim.subject_of_journal, claim.mark) and world.lan.name not in said.words
    draft = submitting.keep(
        sending=world.sending(POST_ON, photo_ids=(world.photo(world.hua).id,)), claimant=world.hua, now=MONDAY
    )
    with pytest.raises(NotVisible):
        hold(draft, tong)
    with in_street(elsewhere.street.id):
        stranger = cast.appoint(cast.staff("远小方", "13900018871"), Role.DISPATCHER)
        with pytest.raises(NotVisible):
            hold(claim, stranger)
        assert as_(stranger).get(f"/s/hetang/claims/{claim.id}/hold/").status_code == 404


def test_on_its_page_from_a_look_by_name_and_on_the_list(world: World, tong: Person) -> None:
    claim, browser = shown(world), as_(tong)
    path = f"/s/yunqiao/claims/{claim.id}/hold/"
    found = browser.post(
        "/s/yunqiao/search/person/", {"who": world.lan.name, "reason": "legal", "words": "区法院来函"}
    ).content.decode()
    assert path in found and claim.mark in found
    assert as_(world.fang).get(path).status_code == as_(world.lan).get(path).status_code == 403
    until = (clock.now() + 30 * DAY).date().isoformat()
    assert browser.post(path, {**WHY, "until": until}).status_code == 302
    page = browser.get("/s/yunqiao/retention/").content.decode()
    assert f"积分申报 {claim.mark}" in page and world.lan.name not in page
    held = LegalHold.objects.get()
    mine = as_(world.lan).get(f"/s/yunqiao/points/claims/{claim.id}/").content.decode()
    assert "依法先不删" in mine and "诉讼" not in mine
    end = f"/s/yunqiao/retention/holds/{held.id}/end/"
    assert browser.get(end).status_code == 200 and as_(world.fang).get(end).status_code == 403
    assert browser.post(end, {"words": "函已收回"}).status_code == 302
    assert keeping.erase_screenshots(claim_id=claim.id, now=clock.now() + 90 * DAY) == 1

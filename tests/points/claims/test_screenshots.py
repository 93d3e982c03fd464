"""Screenshots are sealed, looked for again, and go when nobody can object any more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cli.verify import problems
from huipai.journal.models import Entry
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.words import LIKENESS_LASTS
from huipai.points.commands import forgetting
from huipai.points.commands.claims import (
    answering,
    keeping,
    objecting,
    settling,
    submitting,
)
from huipai.points.commands.claims.submitting import NotThisClaimId
from huipai.points.models import Posting
from huipai.points.queries.claims import facts
from huipai.points.words import (
    CheckKind,
    ClaimState,
    Shown,
)
from tests.cast import MONDAY
from tests.photos import samples
from tests.points.claims.world import EITHER, HELP, LATER, POST_ON, World, again
from tests.points.ledger import holds

pytestmark = pytest.mark.django_db


class TestScreenshots:
    def test_go_when_nobody_can_object_any_more_and_leave_a_proof(self, world: World) -> None:
        photo = world.photo(world.lan)
        claim = world.posted(item=POST_ON, photo_ids=(photo.id,), note="")
        assert keeping.erase_screenshots(claim_id=claim.id, now=LATER + timedelta(days=13)) == 0
        assert keeping.erase_screenshots(claim_id=claim.id, now=LATER + timedelta(days=15)) == 1
        assert keeping.erase_screenshots(claim_id=claim.id, now=LATER + timedelta(days=16)) == 0
        gone = Photo.objects.get(pk=photo.pk)
        assert not gone.is_kept and gone.original_key == "" and gone.fingerprint is not None
        entry = Entry.objects.get(what="claim.evidence_erased")
        assert entry.facts["photos"] == {str(photo.id): photo.sha256}

    def test_are_known_again_after_they_have_gone_until_nobody_looks_for_them_any_more(self, world: World) -> None:
        scene = samples.scene(cars=5, size=(640, 480), seed=99)
        shot = world.photo(world.lan, samples.encode(scene, "JPEG", quality=85))
        claim = world.posted(item=POST_ON, photo_ids=(shot.id,), note="")
        gone = LATER + timedelta(days=15)
        assert keeping.erase_screenshots(claim_id=claim.id, now=gone) == 1

        late = gone + timedelta(days=1)
        saved_anew = world.photo(world.hua, samples.encode(scene.resize((320, 240)), "JPEG", quality=60), now=late)
        sent = world.checked(world.hua, POST_ON, photo_ids=(saved_anew.id,), note="", now=late)
        assert sent.findings.get(kind=CheckKind.ALIKE).code == "alike_screen"
        assert photos.forget_likenesses(now=MONDAY + LIKENESS_LASTS - timedelta(hours=1)) == 0
        assert photos.forget_likenesses(now=MONDAY + LIKENESS_LASTS) == 1
        assert Photo.objects.get(pk=shot.pk).fingerprint is None
        with pytest.raises(IntegrityError, match="likeness_ends"), transaction.atomic():
            Photo.objects.filter(pk=saved_anew.pk).update(fingerprint=7, erased_at=late + LIKENESS_LASTS)

    def test_of_whoever_leaves_keep_no_likeness(self, world: World) -> None:
        shot = world.photo(world.lan)
        claim = world.posted(item=POST_ON, photo_ids=(shot.id,), note="")
        keeping.erase_screenshots(claim_id=claim.id, now=LATER + timedelta(days=15))
        forgetting.forget(person=world.lan, now=LATER + timedelta(days=16))
        assert Photo.objects.get(pk=shot.pk).fingerprint is None

    def test_an_objection_to_what_somebody_asked_for_who_has_left_leads_to_no_points(self, world: World) -> None:
        claim = world.public()
        objection_id = world.objected(claim)
        forgetting.forget(person=world.lan, now=LATER)
        Person.objects.filter(pk=world.lan.pk).update(account=None, name="", erased_at=LATER)
        assert again(claim).state == ClaimState.OBJECTION
        objecting.dismiss(objection_id=objection_id, judge=world.qin, now=LATER)
        assert again(claim).state == ClaimState.WITHDRAWN
        settling.post(claim_id=claim.id, now=LATER + timedelta(days=90))
        assert not Posting.objects.exists()
        assert holds(world.street)

    def test_stay_while_a_question_is_open_and_a_photo_is_no_screenshot(self, world: World) -> None:
        claim = world.public(item=POST_ON, photo_ids=(world.photo(world.lan).id,), note="")
        world.objected(claim)
        taken = world.posted(world.hua, photo_ids=(world.photo(world.hua).id,))
        for one in (claim, taken):
            assert keeping.erase_screenshots(claim_id=one.id, now=LATER + timedelta(days=90)) == 0
        assert Photo.objects.kept().count() == 2

    def test_where_either_is_taken_the_sender_says_which_it_is_and_nothing_that_may_be_one_stays(
        self, world: World
    ) -> None:
        taken, shot = world.photo(world.lan), world.photo(world.lan)
        more = {"photo_ids": (taken.id, shot.id), "note": ""}
        claim = world.posted(item=EITHER, screenshot_ids=frozenset({shot.id}), **more)
        shown = {one.photo_id: one.kind for one in claim.evidence.all()}
        assert shown == {taken.id: Shown.PHOTO, shot.id: Shown.SCREENSHOT}
        assert [one.id for one in facts.screenshots_of(claim)] == [shot.id], "it is read"
        assert claim.findings.filter(kind=CheckKind.WORDS).exists()
        assert keeping.erase_screenshots(claim_id=claim.id, now=LATER + timedelta(days=13)) == 0
        # A word of the sender makes no photo of a screenshot: where either is taken, every picture goes.
        assert keeping.erase_screenshots(claim_id=claim.id, now=LATER + timedelta(days=15)) == 2
        assert not Photo.objects.kept().exists() and not [*problems(world.street)]

    def test_what_is_said_of_a_picture_counts_only_where_either_is_taken(self, world: World) -> None:
        for item, kind in ((POST_ON, Shown.SCREENSHOT), (HELP, Shown.PHOTO)):
            photo = world.photo(world.lan)
            for said in (frozenset({photo.id}), frozenset()):
                sent = {"photo_ids": (photo.id,), "note": ""}
                claim = submitting.keep(
                    sending=world.sending(item, screenshot_ids=said, **sent), claimant=world.lan, now=MONDAY
                )
                assert claim.evidence.get().kind == kind
                answering.withdraw(claim_id=claim.id, actor=world.lan, now=MONDAY)
                photo = world.photo(world.lan)

    def test_another_kind_of_the_same_picture_is_other_content(self, world: World) -> None:
        photo = world.photo(world.lan)
        told = world.sending(EITHER, photo_ids=(photo.id,), note="")
        submitting.submit(sending=told, claimant=world.lan, now=MONDAY)
        with pytest.raises(NotThisClaimId):
            submitting.submit(
                sending=replace(told, screenshot_ids=frozenset({photo.id})), claimant=world.lan, now=MONDAY
            )

    def test_of_a_withdrawn_or_lapsed_claim_go_at_once(self, world: World) -> None:
        sent = world.claim(item=POST_ON, photo_ids=(world.photo(world.lan).id,))
        answering.withdraw(claim_id=sent.id, actor=world.lan, now=MONDAY)
        kept = submitting.keep(
            sending=world.sending(POST_ON, photo_ids=(world.photo(world.hua).id,)), claimant=world.hua, now=MONDAY
        )
        assert settling.expire(claim_id=kept.id, now=MONDAY + timedelta(days=6)) is None
        assert settling.expire(claim_id=kept.id, now=LATER + timedelta(days=7)) is not None
        for claim in (sent, kept):
            assert keeping.erase_screenshots(claim_id=claim.id, now=LATER + timedelta(days=7)) == 1

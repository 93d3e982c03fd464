"""`verify` finds every edit of a claim, of what shows it and of what was said of it; and the tables refuse most."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cli.verify import problems
from huipai.people.commands import erase, give_consent
from huipai.people.models import Proxy
from huipai.people.words import ConsentPurpose, ProxyScope, Role
from huipai.points.commands import forgetting
from huipai.points.commands.claims import (
    answering,
    entering,
    helping,
    keeping,
    objecting,
    reviewing,
    settling,
    standing_aside,
    submitting,
)
from huipai.points.models import Claim
from huipai.points.queries import verify_ledger
from huipai.points.words import ClaimState, SecondReason
from huipai.rulebook.rules.formula import parse
from huipai.stations.models import Station
from huipai.stations.rules import OnSite
from tests.by_hand import by_hand
from tests.cast import MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff
from tests.points.claims.world import EITHER, HELP, ITEMS, LARGE, LATER, POST_ON, SHIFT, World, again
from tests.points.ledger import holds
from tests.points.test_invariants import refused

pytestmark = [pytest.mark.django_db, pytest.mark.no_guard]


@pytest.fixture
def lived(world: World, station: Station) -> World:
    """Claims of every kind, each step of a claim taken at least once."""
    counted = replace(HELP, code="ox-07", points=10, day_cap=10, formula=parse("取小(小时 × 5, 10)"))
    rulebook(*ITEMS, counted, since=MONDAY)
    paid = world.posted(item=counted, measured={"hours": "1.5"}, photo_ids=(world.photo(world.lan).id,))
    objecting.dismiss(objection_id=world.objected(paid, now=LATER), judge=world.qin, now=LATER + timedelta(days=2))
    held_up = world.public(world.lan, HELP)
    objecting.dismiss(objection_id=world.objected(held_up, now=TUESDAY), judge=world.qin, now=WEDNESDAY)
    upheld = world.posted(world.hua)
    objecting.uphold(objection_id=world.objected(upheld, world.lan, LATER), judge=world.qin, now=LATER)
    world.rejected(world.lan, now=WEDNESDAY)
    refused = world.rejected(world.hua, now=TUESDAY)
    answering.appeal(
        claim_id=refused.id, actor=world.hua, text="写了时间", photo_ids=(world.photo(world.hua, now=TUESDAY).id,),
        now=TUESDAY + timedelta(hours=1),
    )  # fmt: skip
    world.approve(again(refused), world.bo, WEDNESDAY)
    reviewing.undo(claim_id=refused.id, reviewer=world.bo, now=WEDNESDAY)
    world.refuse(again(refused), world.bo, WEDNESDAY)
    world.settle(again(refused), WEDNESDAY + timedelta(minutes=1))
    scanned = world.claim(item=SHIFT, on_site=OnSite(station.id, MONDAY, "n"), now=MONDAY)
    answering.withdraw(claim_id=scanned.id, actor=world.lan, now=MONDAY)
    draft = world.sending(POST_ON, photo_ids=(world.photo(world.lan).id,))
    submitting.keep(sending=draft, claimant=world.lan, now=MONDAY)
    submitting.submit(sending=draft, claimant=world.lan, now=TUESDAY)
    submitting.keep(sending=world.sending(HELP), claimant=world.hua, now=MONDAY)
    entering.enter(
        sending=world.sending(HELP, note="在柜台登记的"), claimant=world.hua, now=WEDNESDAY,
        enterer=appoint(staff("桂", "13900000077"), Role.COORDINATOR),
    )  # fmt: skip
    friend = resident("友", "13800000055")
    consent = give_consent(person=world.lan, purpose=ConsentPurpose.PROXY, now=MONDAY)
    Proxy.objects.create(
        elder=world.lan, helper=friend, scopes=[ProxyScope.CLAIM], consent=consent, invited_at=MONDAY,
        accepted_at=MONDAY, valid_from=MONDAY, valid_until=LATER,
    )  # fmt: skip
    helped = helping.submit_for(
        sending=world.sending(HELP, note="替他报的"), claimant_id=world.lan.id, helper=friend, now=TUESDAY
    )
    answering.withdraw(claim_id=helped.id, actor=friend, now=WEDNESDAY)
    conflict = standing_aside.stand_aside(reviewer=world.qin, claim_id=paid.id, now=WEDNESDAY)
    standing_aside.stand_by_again(reviewer=world.qin, conflict_id=conflict.id, now=WEDNESDAY)
    shot = world.public(world.hua, POST_ON, photo_ids=(world.photo(world.hua).id,))
    answering.withdraw(claim_id=shot.id, actor=world.hua, now=TUESDAY)
    assert keeping.erase_screenshots(claim_id=shot.id, now=TUESDAY) == 1
    assert list(map(str, verify_ledger(world.street))) == []
    return world


@pytest.mark.long
def test_what_the_journal_told_beside_the_amounts_before_the_database_refused_it_is_no_difference(world: World) -> None:
    counted = replace(HELP, code="ox-07", points=10, day_cap=10, formula=parse("取小(小时 × 5, 10)"))
    rulebook(*ITEMS, counted, since=MONDAY)
    words = {"people": "张三丰，住柳溪3幢201"}
    of_words, of_both = world.claim(), world.claim(item=counted, measured={"hours": "2"})
    for claim, told in ((of_words, words), (of_both, {"hours": "2", **words})):
        facts = json.dumps({"measured": told})
        by_hand("UPDATE journal_entry SET facts = facts || %s WHERE subject = %s", [facts, claim.subject_of_journal])
    assert not [*problems(world.street)], "as it was written then"
    by_hand("UPDATE points_claim SET measured = %s WHERE id = %s", [json.dumps({"hours": "3"}), of_both.pk])
    assert [*problems(world.street)], "an amount that counts is proved as before"


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


OTHER = (
    "(SELECT id FROM people_person WHERE id <> points_claim.claimant_id AND NOT is_staff"
    " AND id IS DISTINCT FROM points_claim.entered_by_id ORDER BY id LIMIT 1)"
)
JUDGE = "(SELECT id FROM people_person WHERE id NOT IN ({}) LIMIT 1)"
OF_REVIEW, OF_OBJECTION = (
    JUDGE.format("claimant_id, reviewer_id"),
    JUDGE.format("claimant_id, objector_id, decided_by_id"),
)
# Each touches at least one row, and the first difference names the table.
EDITS = {
    "points_claim": [
        f"UPDATE points_claim SET claimant_id = {OTHER} WHERE state = 'posted'",
        *(
            f"UPDATE points_claim SET measured = '{kept}' WHERE measured IS NOT NULL"
            for kept in ('{"hours": "9"}', "{}", "[]", "7", '{"hours": null}', '{"hours": {}}')
        ),
        "UPDATE points_claim SET item_id = (SELECT min(id::text)::uuid FROM rulebook_pointitem) WHERE state = 'posted'",
        "UPDATE points_claim SET received_at = received_at - interval '1 day' WHERE source = 'staff'",
        "UPDATE points_claim SET source = 'self', entered_by_id = NULL WHERE source = 'staff'",
        "UPDATE points_claim SET source = 'staff' WHERE source = 'helper'",
        f"UPDATE points_claim SET claimant_id = {OTHER} WHERE source = 'helper'",
        f"UPDATE points_claim SET claimant_id = {OTHER} WHERE source = 'staff'",
        f"UPDATE points_claim SET claimant_id = {OTHER} WHERE state = 'draft'",
        "UPDATE points_claim SET state = 'withdrawn' WHERE state = 'rejected'",
        "UPDATE points_claim SET reason = 'counted' WHERE state = 'rejected'",
        "UPDATE points_claim SET round = 0 WHERE round = 1",
        "UPDATE points_claim SET round = 1 WHERE state = 'posted'",
        "UPDATE points_claim SET reason = 'counted' WHERE state = 'posted'",
        "UPDATE points_claim SET second_reason = 'large' WHERE state = 'draft'",
        "UPDATE points_claim SET subject = 'on_site' WHERE subject <> 'on_site' AND state = 'posted'",
        "UPDATE points_claim SET subject = left(subject, 20) WHERE state = 'withdrawn' AND subject <> 'on_site'",
        "UPDATE points_claim SET content_hash = repeat('0', 64) WHERE subject <> 'on_site' AND state = 'posted'",
        "UPDATE points_claim SET content_hash = repeat('0', 64) WHERE subject = 'on_site'",
        "UPDATE points_claim SET note = '' WHERE note <> '' AND source = 'staff'",
        "UPDATE points_claim SET evidence_until = evidence_until + interval '9 years' WHERE state = 'posted'",
        "UPDATE points_claim SET evidence_until = evidence_until - interval '1 day' WHERE state = 'rejected'",
        "UPDATE points_claim SET evidence_until = evidence_until - interval '1 day' WHERE state = 'upheld'",
        "UPDATE points_claim SET evidence_until = evidence_until + interval '1 day' WHERE state = 'withdrawn'",
        "UPDATE points_claim SET evidence_until = NULL WHERE state = 'draft'",
        "UPDATE points_claim SET evidence_until = now() WHERE state = 'publicised'",
        "UPDATE points_claim SET note = note || '，一共三次' WHERE note <> '' AND state = 'posted'",
        "UPDATE points_claim SET public_until = public_until - interval '1 day' WHERE state = 'publicised'",
        "UPDATE points_claim SET public_until = public_until + interval '1 day' WHERE state = 'posted'",
        "UPDATE points_claim SET appeal_until = appeal_until + interval '1 day' WHERE state = 'rejected'",
        "UPDATE points_claim SET appeal_until = NULL WHERE state = 'rejected'",
        "UPDATE points_claim SET object_until = object_until - interval '1 day' WHERE state = 'posted'",
        "UPDATE points_claim SET local_date = local_date - 1 WHERE state = 'posted'",
        "UPDATE points_claim SET posting_id = NULL, state = 'upheld' WHERE state = 'upheld'",
        "DELETE FROM points_claim WHERE state = 'posted'",
        "DELETE FROM points_claim WHERE state = 'draft'",
        "DELETE FROM points_evidence WHERE position = 0",
        "DELETE FROM points_evidence WHERE kind = 'on_site_code'",
        "UPDATE points_evidence SET code_shown_at = code_shown_at - interval '1 hour' WHERE code_shown_at IS NOT NULL",
        "UPDATE points_evidence SET kind = 'screenshot' WHERE kind = 'photo' AND round = 0",
    ],
    "points_claimstep": [
        "DELETE FROM points_claimstep WHERE action = 'approve'",
        *(
            f"UPDATE points_claimstep SET part = '{other}' WHERE part = '{part}'"
            for part, other in (
                ("claimant", "helper"), ("helper", "claimant"), ("enterer", "claimant"), ("reviewer", "system"),
                ("neighbour", "claimant"), ("system", "reviewer"),
            )
        ),
        "UPDATE points_claimstep SET actor_id = NULL WHERE action = 'approve'",
        "UPDATE points_claimstep SET happened_at = happened_at + interval '1 minute' WHERE action = 'publicise'",
        "UPDATE points_claimstep SET reason = 'counted' WHERE action = 'refuse'",
        "UPDATE points_claimstep SET position = position + 7 WHERE action = 'withdraw'",
    ],
    "points_finding": [
        "DELETE FROM points_finding WHERE result = 'pass'",
        "UPDATE points_finding SET code = 'other' WHERE result = 'pass'",
        "UPDATE points_finding SET params = '{\"n\": 9}' WHERE result = 'pass'",
        "UPDATE points_finding SET result = 'fail' WHERE result = 'pass'",
        "DELETE FROM points_finding WHERE result <> 'pass'",
    ],
    "points_review": [
        f"UPDATE points_review SET reviewer_id = {OF_REVIEW} WHERE verdict = 'approved' AND undone_at IS NULL",
        f"UPDATE points_review SET claimant_id = {OF_REVIEW}",
        "UPDATE points_review SET verdict = 'approved', reason = '' WHERE verdict = 'refused'",
        "UPDATE points_review SET reason = 'counted' WHERE verdict = 'refused'",
        "UPDATE points_review SET decided_at = decided_at + interval '1 minute'",
        "UPDATE points_review SET undone_at = undone_at + interval '1 minute' WHERE undone_at IS NOT NULL",
        "UPDATE points_review SET undone_at = decided_at WHERE undone_at IS NULL AND verdict = 'approved'",
        "DELETE FROM points_review WHERE verdict = 'refused'",
    ],
    "points_objection": [
        "UPDATE points_objection SET result = 'dismissed' WHERE result = 'upheld'",
        f"UPDATE points_objection SET decided_by_id = {OF_OBJECTION}",
        f"UPDATE points_objection SET objector_id = {OF_OBJECTION}",
        "UPDATE points_objection SET reason = 'old'",
        "UPDATE points_objection SET result = '', decided_by_id = NULL, decided_at = NULL",
        "DELETE FROM points_objection WHERE result = 'upheld'",
    ],
    "points_appeal": [
        "UPDATE points_appeal SET filed_at = filed_at - interval '1 day'",
        "DELETE FROM points_appeal",
        "DELETE FROM points_evidence WHERE round = 1",
    ],
    "points_evidence": [
        "UPDATE photos_photo SET sha256 = repeat('0', 64) WHERE erased_at IS NOT NULL",
        "UPDATE photos_photo SET sha256 = repeat('0', 64) WHERE erased_at IS NULL",
    ],
    "points_conflict": [
        "UPDATE points_conflict SET ended_at = NULL",
        f"UPDATE points_conflict SET person_id = {JUDGE.format('person_id, reviewer_id')}",
        f"UPDATE points_conflict SET reviewer_id = {JUDGE.format('person_id, reviewer_id')}",
        "DELETE FROM points_conflict",
    ],
}  # fmt: skip


@pytest.mark.long
def test_a_picture_that_may_be_a_screenshot_and_is_erased_on_no_day_is_found(world: World) -> None:
    claim = world.posted(item=EITHER, photo_ids=(world.photo(world.lan).id,), note="")
    assert [one.kind for one in claim.evidence.all()] == ["photo"] and holds(world.street)
    with undone():
        by_replica(f"UPDATE points_claim SET evidence_until = NULL WHERE id = '{claim.pk}'")
        assert [(one.table, one.row_id) for one in verify_ledger(world.street)] == [("points_claim", claim.pk)]


@pytest.mark.long
def test_the_day_on_which_a_picture_is_to_go_goes_only_after_it(world: World) -> None:
    claim = world.posted(item=EITHER, photo_ids=(world.photo(world.lan).id,), note="")
    with pytest.raises(IntegrityError, match="is to go on a day"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(evidence_until=None)
    assert claim.evidence_until is not None
    keeping.erase_screenshots(claim_id=claim.pk, now=claim.evidence_until)
    assert Claim.objects.get(pk=claim.pk).evidence_until is None
    kept = submitting.keep(sending=world.sending(HELP, note="买菜"), claimant=world.lan, now=MONDAY)
    with pytest.raises(IntegrityError, match="is to go on a day"), transaction.atomic():
        Claim.objects.filter(pk=kept.pk).update(evidence_until=None)


@pytest.mark.long
def test_each_edit_by_hand_is_found(lived: World) -> None:
    missed = []
    for table, statements in EDITS.items():
        for statement in statements:
            with undone():
                by_replica(statement)
                if table not in {difference.table for difference in verify_ledger(lived.street)}:
                    missed.append(statement)
    assert missed == []


def by_replica(statement: str) -> None:
    """With every trigger asleep; it has to touch something."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount, statement
        cursor.execute("SET LOCAL session_replication_role = origin")


REFUSED = {
    'UPDATE points_claim SET measured = \'{"hours": "9"}\' WHERE measured IS NOT NULL': "points_claim_is_frozen",
    "UPDATE points_claim SET note = '另一句' WHERE state = 'posted'": "points_claim_is_frozen",
    "UPDATE points_claim SET round = 0 WHERE round = 1": "points_claim_is_frozen",
    "UPDATE points_claim SET public_until = now() WHERE state = 'publicised'": "points_publicity_runs_its_time",
    "UPDATE points_claim SET object_until = now() WHERE state = 'posted'": "points_publicity_runs_its_time",
    "DELETE FROM points_evidence WHERE round = 0": "points_evidence_is_frozen",
    "UPDATE points_evidence SET kind = 'screenshot' WHERE kind = 'photo'": "points_evidence_is_frozen",
}


@pytest.mark.long
def test_points_that_came_before_their_publicity_was_over_are_found(lived: World) -> None:
    """Consistently: the step and the journal say the same too early hour."""
    early = lived.public(lived.hua, now=WEDNESDAY)
    by_replica(f"UPDATE points_claim SET public_until = '{WEDNESDAY}' WHERE id = '{early.id}'")
    settling.post(claim_id=early.id, now=WEDNESDAY + timedelta(hours=1))
    assert again(early).state == "posted"
    found = list(verify_ledger(lived.street))
    assert [(one.table, one.row_id) for one in found] == [("points_claim", early.id)]
    assert "in public" in found[0].why


def test_plain_sql_changes_nothing_of_a_claim_that_was_sent(lived: World) -> None:
    for statement, name in REFUSED.items():
        assert refused(partial(connection.cursor().execute, statement)) == name
    connection.check_constraints()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE points_evidence ENABLE TRIGGER points_evidence_no_truncate")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("TRUNCATE points_evidence")
        cursor.execute("ALTER TABLE points_evidence DISABLE TRIGGER points_evidence_no_truncate")


def test_a_draft_is_filled_in_anew_and_somebody_forgotten_leaves_a_ledger_that_holds(lived: World) -> None:
    mei = resident("梅", "13800000088")
    draft = lived.sending(POST_ON, photo_ids=(lived.photo(mei).id,))
    submitting.keep(sending=draft, claimant=mei, now=MONDAY)
    other = replace(draft, photo_ids=(lived.photo(mei).id,), note="换一张")
    submitting.keep(sending=other, claimant=mei, now=MONDAY)
    submitting.submit(sending=other, claimant=mei, now=TUESDAY)
    assert holds(lived.street)
    for person in (mei, lived.lan, lived.hua):
        erase(person=person, actor=person, now=LATER)
        forgetting.forget(person=person, now=LATER)
    assert not Claim.objects.exclude(note="").exists()
    assert Claim.objects.filter(state=ClaimState.WITHDRAWN).count() > 2 and holds(lived.street)


@pytest.mark.long
def test_why_a_claim_is_looked_at_again_stands_and_is_proved_even_where_the_first_word_ended_it(world: World) -> None:
    claim = world.checked(world.lan, LARGE)
    world.refuse(claim)
    world.settle(again(claim))
    assert again(claim).second_reason == SecondReason.LARGE and holds(world.street)
    with pytest.raises(IntegrityError, match="looked at again stands"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(second_reason="")
    with undone():
        by_replica(f"UPDATE points_claim SET second_reason = '' WHERE id = '{claim.pk}'")
        assert [(one.table, one.row_id) for one in verify_ledger(world.street)] == [("points_claim", claim.pk)]


@pytest.mark.long
def test_what_wanted_two_words_and_passed_on_one_is_found(world: World) -> None:
    claim = world.public(world.lan)
    told = json.dumps({"second": "sampled"})
    with undone():
        by_replica(f"UPDATE points_claim SET second_reason = 'sampled' WHERE id = '{claim.pk}'")
        by_replica(f"UPDATE journal_entry SET facts = facts || '{told}' WHERE facts ? 'second'")
        found = [str(one) for one in verify_ledger(world.street) if one.row_id == claim.pk]
        assert any("fewer words" in one for one in found)


@pytest.mark.long
def test_until_when_a_decision_is_taken_back_stands_and_is_proved(world: World) -> None:
    claim = world.checked(world.lan)
    world.approve(claim)
    with pytest.raises(IntegrityError, match="taken back stands"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(undo_until=LATER)
    with undone():
        by_replica(f"UPDATE points_claim SET undo_until = undo_until + interval '1 year' WHERE id = '{claim.pk}'")
        assert [(one.table, one.row_id) for one in verify_ledger(world.street)] == [("points_claim", claim.pk)]


@pytest.mark.long
def test_a_lease_that_no_command_gives_keeps_nobody_out(world: World) -> None:
    claim = world.checked(world.lan)
    reviewing.lease(claim_id=claim.id, reviewer=world.fang, now=MONDAY)
    by_replica(f"UPDATE points_claim SET leased_until = leased_until + interval '9000 days' WHERE id = '{claim.pk}'")
    assert reviewing.lease(claim_id=claim.id, reviewer=world.bo, now=MONDAY) == claim

"""Pictures are read one claim at a time on a server, within bounds: that holds up neither other jobs nor reviews."""

from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.points.commands.claims import answering, checking
from huipai.points.jobs import claiming
from huipai.points.models import Claim, Finding
from huipai.points.words import CheckKind, ClaimState
from tests.cast import MONDAY, TUESDAY
from tests.points.claims.world import HELP, POST_ON, World

pytestmark = pytest.mark.django_db


def followed(claim: Claim) -> None:
    """The job that follows a claim which came in."""
    entry = Entry.objects.get(subject=claim.subject_of_journal, what="claim.submitted")
    claiming.check_claim(street=str(claim.street_id), entry=str(entry.pk))


def waiting() -> list[tuple[str, str, str]]:
    jobs = ProcrastinateJob.objects.filter(task_name__in=("points.read_claim", "points.check_appeal"))
    return [(job.task_name, job.lock, job.args["claim"]) for job in jobs.order_by("id")]


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


def test_what_shows_a_screenshot_waits_its_turn_once_and_is_then_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "read_lines", lambda _picture: ["防骗提醒", "96110"])
    first, second = (world.claim(who, POST_ON, photo_ids=(world.photo(who).id,)) for who in (world.lan, world.hua))
    for claim in (first, second, first):
        followed(claim)
    assert waiting() == [("points.read_claim", "points.reading", str(one.pk)) for one in (first, second)]
    assert {*Claim.objects.values_list("state", flat=True)} == {ClaimState.SUBMITTED}
    claiming.read_claim(street=str(first.street_id), claim=str(first.pk))
    first.refresh_from_db()
    assert first.state == ClaimState.AUTO_CHECKED


def test_what_shows_none_is_looked_at_at_once(world: World) -> None:
    claim = world.claim(item=HELP, photo_ids=(world.photo(world.lan).id,))
    followed(claim)
    claim.refresh_from_db()
    assert claim.state == ClaimState.AUTO_CHECKED and waiting() == []


def test_appeals_wait_in_the_same_row(world: World) -> None:
    claim = world.rejected()
    photo = world.photo(world.lan, now=TUESDAY)
    answering.appeal(claim_id=claim.id, actor=world.lan, text="补一张", photo_ids=(photo.id,), now=TUESDAY)
    for _minute in range(2):
        claiming.look_at_claims(timestamp=0)
    assert waiting() == [("points.check_appeal", "points.reading", str(claim.pk))]


@pytest.mark.parametrize(("waited", "is_read"), [(timedelta(minutes=9), True), (timedelta(minutes=10), False)])
def test_who_has_waited_long_is_looked_at_unread(
    world: World, monkeypatch: pytest.MonkeyPatch, waited: timedelta, is_read: bool
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(checking, "read_lines", lambda picture: read.append(picture) or ["防骗提醒", "96110"])
    claim = world.claim(item=POST_ON, photo_ids=(world.photo(world.lan).id,), note="")
    checking.check(claim_id=claim.id, now=claim.received_at + waited)
    code = Finding.objects.get(claim=claim, kind=CheckKind.WORDS).code
    assert (bool(read), code) == (is_read, "words_found" if is_read else "words_not_read")


def test_of_a_picture_that_takes_too_long_what_was_read_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text(
        "for said in ('[\"防骗\"]', '[\"96110\"]', '[\"half'):\n    print(said, flush=True)\nwhile True:\n    pass\n"
    )
    monkeypatch.setattr(checking.reader, "__file__", str(slow))
    monkeypatch.setattr(checking, "CPU_SECONDS", 1)
    assert checking.read_lines(tmp_path / "picture.jpg") == ["防骗", "96110"]

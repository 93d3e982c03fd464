"""What follows a claim, and what the clock brings it. Everything here is safe to run twice."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.points import correction_notices, notices, queries
from huipai.points.commands.claims import checking, keeping, settling
from huipai.points.models import Claim
from huipai.points.words import ClaimState
from huipai.streets.current import in_street
from huipai.streets.models import Street

_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)
# Copies of a photo are made within seconds; a claim does not wait for them longer than this.
WAIT_FOR_COPIES = timedelta(minutes=3)
READING = "points.reading"


@app.task(name="points.check_claim", queue="points", retry=_AGAIN)
def check_claim(*, street: str, entry: str) -> None:
    """Follows `claim.submitted` and `claim.entered`: looks once the copies of the photos are there."""
    with in_street(UUID(street)):
        subject = Entry.objects.get(pk=entry).subject
        _check(UUID(subject.removeprefix("claim:")), street, entry)


def _check(claim_id: UUID, street: str, entry: str) -> None:
    now = clock.now()
    claim = Claim.objects.filter(pk=claim_id, state=ClaimState.SUBMITTED).first()
    if claim is None:
        return
    if queries.waits_for_copies(claim) and now - claim.received_at < WAIT_FOR_COPIES:
        check_claim.configure(schedule_in={"seconds": 5}).defer(street=street, entry=entry)
        return
    if queries.screenshots_of(claim):
        _in_turn(read_claim, claim_id, street)
        return
    checking.check(claim_id=claim_id, now=now)


def _in_turn(task: Task[..., None, ...], claim_id: UUID, street: str) -> None:
    """Whatever reads pictures waits for what reads before it, and leaves the rest of the workers to other jobs."""
    turn = task.configure(lock=READING, queueing_lock=f"{task.name}:{claim_id}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        turn.defer(street=street, claim=str(claim_id))


@app.task(name="points.read_claim", queue="points", retry=_AGAIN)
def read_claim(*, street: str, claim: str) -> None:
    """Reads the screenshots of a claim, one claim at a time on a server, and looks."""
    with in_street(UUID(street)):
        checking.check(claim_id=UUID(claim), now=clock.now())


@app.task(name="points.tell_of_claim", queue="points", retry=_AGAIN)
def tell(*, street: str, entry: str) -> None:
    """Follows what people are told of."""
    with in_street(UUID(street)):
        notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="points.tell_of_correction", queue="points", retry=_AGAIN)
def tell_of_correction(*, street: str, entry: str) -> None:
    """Follows what people are told of points that were taken back from them."""
    with in_street(UUID(street)):
        correction_notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="points.tell_of_family", queue="points", retry=_AGAIN)
def tell_of_family(*, street: str, entry: str) -> None:
    with in_street(UUID(street)):
        correction_notices.tell_family(entry_id=UUID(entry), now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="points.look_at_claims", queue="points", queueing_lock="points.look_at_claims")
def look_at_claims(timestamp: int) -> None:
    """Every minute: one job a decision that counts now, an ended publicity, what is to let go, an appeal to look at."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            claims = Claim.objects.order_by("id")
            due = (
                (take_effect, claims.filter(state=ClaimState.REVIEWED, undo_until__lte=now)),
                (post, claims.filter(state=ClaimState.PUBLICISED, public_until__lte=now)),
                (let_go, queries.claims_to_let_go(now)),
            )
            for task, found in due:
                for claim_id in found.values_list("id", flat=True):
                    task.defer(street=str(street_id), claim=str(claim_id))
            for claim_id in queries.unchecked_appeals().order_by("id").values_list("id", flat=True):
                _in_turn(check_appeal, claim_id, str(street_id))


@app.task(name="points.claim_takes_effect", queue="points", retry=_AGAIN)
def take_effect(*, street: str, claim: str) -> None:
    with in_street(UUID(street)):
        settling.take_effect(claim_id=UUID(claim), now=clock.now())


@app.task(name="points.post_claim", queue="points", retry=_AGAIN)
def post(*, street: str, claim: str) -> None:
    with in_street(UUID(street)):
        settling.post(claim_id=UUID(claim), now=clock.now())


@app.task(name="points.check_appeal", queue="points", retry=_AGAIN)
def check_appeal(*, street: str, claim: str) -> None:
    """Looks once the copies of the added photos are there; a minute later it is asked again."""
    now = clock.now()
    with in_street(UUID(street)):
        appealed = queries.unchecked_appeals().filter(pk=UUID(claim)).first()
        if appealed is None:
            return
        filed_at = appealed.appeals.values_list("filed_at", flat=True).get()
        if queries.waits_for_copies(appealed) and now - filed_at < WAIT_FOR_COPIES:
            return
        checking.check_appeal(claim_id=appealed.id, now=now)


@app.task(name="points.let_go_of_claim", queue="points", retry=_AGAIN)
def let_go(*, street: str, claim: str) -> None:
    """A draft expires; then, as of any settled claim, its screenshots are erased."""
    with in_street(UUID(street)):
        settling.expire(claim_id=UUID(claim), now=clock.now())
        keeping.erase_screenshots(claim_id=UUID(claim), now=clock.now())

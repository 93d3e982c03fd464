"""Delivery, outside every transaction, retried."""

from uuid import UUID

from procrastinate import JobContext, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from huipai.kit import clock
from huipai.senders import commands
from huipai.senders.transports import NotDelivered, transport_of
from huipai.senders.words import CLAIM_HOLDS, Channel

ATTEMPTS = 4


class _Again(RetryStrategy):
    """Soon, a few times; what a worker had in its hands when it died, once its claim is over."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, commands.InOtherHands):
            return RetryDecision(retry_in={"seconds": CLAIM_HOLDS.seconds + 1})
        soon: RetryDecision | None = super().get_retry_decision(exception=exception, job=job)
        return soon


@app.task(
    name="senders.deliver",
    queue="senders",
    retry=_Again(max_attempts=ATTEMPTS, exponential_wait=3),
    pass_context=True,
)
def deliver(context: JobContext, *, message: str) -> None:
    """Take one message out. Run twice, it goes out once, unless a worker dies between the gateway and its note."""
    taken = commands.claim(message_id=UUID(message), now=clock.now())
    if taken is None:
        return
    transport = transport_of(Channel(taken.channel))
    try:
        transport.deliver(taken)
    except NotDelivered as problem:
        last = context.job is not None and context.job.attempts + 1 >= ATTEMPTS
        if last or not problem.again:
            commands.give_up(message_id=taken.id, failure=problem.failure, now=clock.now())
            return
        commands.let_go(message_id=taken.id)
        raise
    except Exception:
        # A fault of ours: the job stands in the list of the dead in the end, and can be run from there.
        commands.let_go(message_id=taken.id)
        raise
    mark = commands.mark_sent_and_forget if transport.forgets else commands.mark_sent
    mark(message_id=taken.id, now=clock.now())


@app.periodic(cron="20 3 * * *")
@app.task(name="senders.forget_old", queue="senders", queueing_lock="senders.forget_old")
def forget_old(timestamp: int) -> None:
    commands.forget_old(now=clock.now())

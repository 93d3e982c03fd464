"""What time brings: checks that lapse, questions that nobody answers, limits whose calendar has arrived."""

from uuid import UUID

from procrastinate.contrib.django import app

from huipai.cases.commands import checking, confirming, timing
from huipai.cases.models import Case, Check, Confirmation
from huipai.cases.words import State
from huipai.kit import clock
from huipai.streets.current import in_street
from huipai.streets.models import Street


@app.periodic(cron="*/5 * * * *")
@app.task(name="cases.look_at_the_clock", queue="cases", queueing_lock="cases.look_at_the_clock")
def look_at_the_clock(timestamp: int) -> None:
    """Every five minutes: one job a check that lapsed, a question past its time, a case without a checker."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            for check_id in Check.objects.filter(result="", due_at__lte=now).values_list("id", flat=True):
                redraw.defer(street=str(street_id), check=str(check_id))
            silent = Confirmation.objects.filter(answer="", until__lte=now).values_list("case_id", flat=True)
            for case_id in set(silent):
                close_unanswered.defer(street=str(street_id), case=str(case_id))
            for case_id in Case.objects.filter(state=State.RESPONDED).values_list("id", flat=True):
                draw_again.defer(street=str(street_id), case=str(case_id))


@app.task(name="cases.redraw", queue="cases", retry=3)
def redraw(*, street: str, check: str) -> None:
    with in_street(UUID(street)):
        checking.redraw(check_id=UUID(check), now=clock.now())


@app.task(name="cases.close_unanswered", queue="cases", retry=3)
def close_unanswered(*, street: str, case: str) -> None:
    with in_street(UUID(street)):
        confirming.close_unanswered(case_id=UUID(case), now=clock.now())


@app.task(name="cases.draw_again", queue="cases", retry=3)
def draw_again(*, street: str, case: str) -> None:
    with in_street(UUID(street)):
        checking.draw_again(case_id=UUID(case), now=clock.now())


@app.task(name="cases.date_again", queue="cases", retry=3)
def date_again(*, street: str, years: list[int]) -> None:
    """A calendar has arrived: every limit that waited for it gets its date."""
    with in_street(UUID(street)):
        for year in years:
            timing.date_again(year=year, now=clock.now())

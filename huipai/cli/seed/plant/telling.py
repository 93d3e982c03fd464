"""A year of cases, told through the commands in the order of time: no state and no balance is painted in."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from huipai.cases.commands import allowing, checking, confirming, handling, intake, triage, withdrawing
from huipai.cases.models import Case, Check
from huipai.cases.words import PositionSource, State
from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.plant import shots
from huipai.cli.seed.plant.hours import awake, between, in_office
from huipai.cli.seed.plant.types import besides
from huipai.cli.seed.story import OPEN, Matter, Way
from huipai.cli.seed.texts import said
from huipai.kit.coordinates import Crs, Point
from huipai.people.models import Person

Telling = Iterator[datetime]
# The past is told as it went: whoever reported twice in one place had said that it was another matter.
UNHINDERED = allowing.Limits(an_hour=0, a_day=0, at_a_place=0)


@dataclass
class Teller:
    """Who tells, to whom, and until when."""

    residents: list[Person]
    looker: Person  # who looks at public copies before anybody else sees them
    until: datetime
    seed: int
    shown: timedelta  # so far back somebody has looked at public copies

    def tell(self, matters: list[Matter], *, progress: Callable[[int], None]) -> None:
        """Tell all of them, each step at its moment, until the present; what would come later stays open."""
        waiting: list[tuple[datetime, int, Telling]] = []
        for matter in matters:
            life = Life(self, matter, Random(f"{self.seed}:life:{matter.number}")).go()
            heapq.heappush(waiting, (next(life), matter.number, life))
        done = 0
        while waiting:
            moment, number, life = heapq.heappop(waiting)
            following = next(life, None) if moment <= self.until else None
            if following is None:
                done += 1
                progress(done)
            else:
                heapq.heappush(waiting, (max(following, moment), number, life))


class Life:
    """One matter from the report to its end. Each `yield` is the moment of what comes next."""

    def __init__(self, teller: Teller, matter: Matter, chance: Random) -> None:
        self.teller, self.matter, self.chance = teller, matter, chance
        self.reporter = teller.residents[matter.reporter % len(teller.residents)]
        self.case_id = UUID(int=0)
        self.at = matter.reported_at

    def go(self) -> Telling:
        yield self.at
        self._report(self.reporter, "report")
        match self.matter.way:
            case Way.FRESH:
                return
            case Way.WITHDRAWN:
                yield self._wait(0.1, 0.7)
                withdrawing.withdraw(case_id=self.case_id, actor=self.reporter, now=self.at)
            case Way.DECLINED:
                yield self._office(0.3, 5)
                self._decline()
            case Way.MERGED:
                yield from self._merged()
                yield from self._handled()
            case _:
                yield from self._handled()

    def _merged(self) -> Telling:
        """A second neighbour reports the same; the worker makes one matter of the two."""
        first = self.case_id
        other = self._somebody_else()
        yield self._wait(0.2, 1.5)
        self._report(other, "again")
        second, self.case_id = self.case_id, first
        yield self._office(0.1, 1)
        worker = self._worker()
        if worker is not None:
            triage.merge(case_id=second, into_id=first, actor=worker, now=self.at)

    def _handled(self) -> Telling:
        way = self.matter.way
        yield from self._worked(on_the_spot=way == Way.ON_THE_SPOT)
        if way in (Way.IN_HAND, Way.OVERDUE, Way.CHECKING):
            return
        if way in (Way.REWORKED, Way.REWORKING):
            yield from self._failed()
            if self._case().state == State.REWORK:
                if way == Way.REWORKING:
                    return
                yield from self._worked_again()
        yield from self._passed()
        if way in (Way.DISPUTED, Way.REOPENED):
            yield self._resident(2, 30)
            confirming.dispute(
                case_id=self.case_id, actor=self.reporter, text=self.chance.choice(said.DISPUTED), photo_ids=(),
                now=self.at,
            )  # fmt: skip
            if way == Way.REOPENED:
                return
            yield from self._worked_again()
            yield from self._passed()
        yield from self._ended()

    def _worked(self, *, on_the_spot: bool) -> Telling:
        case = self._case()
        worker = self._worker()
        if worker is None:
            return
        begins, done = self._pace(case)
        if on_the_spot:
            yield self._move(done)
            handling.handle_on_the_spot(
                case_id=self.case_id, actor=worker, text=self.chance.choice(said.ON_THE_SPOT),
                photo_ids=self._after(worker, "after"), now=self.at,
            )  # fmt: skip
            return
        yield self._move(begins)
        handling.accept(case_id=self.case_id, actor=worker, now=self.at)
        if self.matter.way in (Way.IN_HAND, Way.OVERDUE):
            return
        yield self._move(done)
        self._respond(worker, "after")

    def _worked_again(self) -> Telling:
        yield self._office(2, 16)
        worker = self._worker()
        assert worker is not None
        self._respond(worker, f"after-{self.at:%j%H%M}")

    def _respond(self, worker: Person, name: str) -> None:
        handling.respond(
            case_id=self.case_id, actor=worker, text=self.chance.choice(self.matter.kind.answers),
            photo_ids=self._after(worker, name), now=self.at,
        )  # fmt: skip

    def _failed(self) -> Telling:
        yield from self._looked(
            lambda check: checking.fail_check(
                check_id=check.pk, actor=check.checker, text=self.chance.choice(said.REWORK),
                photo_ids=(self._still_there(check.checker),), now=self.at,
            )
        )  # fmt: skip

    def _passed(self) -> Telling:
        yield from self._looked(
            lambda check: checking.pass_check(
                check_id=check.pk, actor=check.checker, text=self.chance.choice(said.PASSED), photo_ids=(), now=self.at
            )
        )

    def _looked(self, decide: Callable[[Check], object]) -> Telling:
        """The drawn checker goes; one in thirty does not, and another is drawn."""
        check = self._check()
        if check is None:
            return
        if check.due_at is not None and self.matter.way not in OPEN and self.chance.random() < 0.03:
            yield self._move(check.due_at + timedelta(minutes=3))
            checking.redraw(check_id=check.pk, now=self.at)
            check = self._check()
            if check is None:
                return
        moment = self._soon(0.6, 4)
        if check.due_at is not None:
            moment = min(moment, check.due_at - timedelta(minutes=20))
        yield self._move(moment)
        decide(check)

    def _ended(self) -> Telling:
        if self.matter.way == Way.ASKING:
            return
        if self.matter.way == Way.SILENT:
            yield self._move(self.at + timedelta(days=3, minutes=2))
            confirming.close_unanswered(case_id=self.case_id, now=self.at)
            return
        yield self._resident(0.5, 50)
        rating = self.chance.choices((None, 3, 4, 5), (3, 1, 4, 9))[0]
        words = self.chance.choice(said.THANKED)
        confirming.confirm(case_id=self.case_id, actor=self.reporter, rating=rating, text=words, now=self.at)
        if self._case().state == State.CONFIRMING:
            # A second reporter, who says nothing, was waited for.
            yield self._move(self.at + timedelta(days=3, minutes=2))
            confirming.close_unanswered(case_id=self.case_id, now=self.at)

    def _decline(self) -> None:
        worker = self._worker()
        if worker is None:
            return
        reason = self.chance.choice(sorted(said.DECLINED))
        handling.decline(case_id=self.case_id, actor=worker, reason=reason, text=said.DECLINED[reason], now=self.at)

    def _report(self, reporter: Person, name: str) -> None:
        matter = self.matter
        lng, lat = matter.place.position
        position = (
            round(lng + self.chance.uniform(-4, 4) * 1e-5, 7),
            round(lat + self.chance.uniform(-3, 3) * 1e-5, 7),
        )
        number = f"{matter.number}-{name}"
        photo = shots.take(
            matter, reporter, done=False, seed=self.teller.seed, name=f"photo-{number}", position=position, now=self.at
        )
        received = intake.file(
            sending=intake.Sending(
                report_id=derived(self.teller.seed, self.at, "report", number),
                case_type=matter.kind.code,
                point=Point(*position),
                source_crs=Crs.WGS84,
                position_source=PositionSource.PIN if matter.stripped else PositionSource.EXIF,
                photo_ids=(photo,),
                text=matter.text,
                address=matter.place.name,
                is_name_hidden=self.chance.random() < 0.8,
                answers=besides(matter.kind.code, matter.number),
            ),
            reporter=reporter,
            uploader=reporter,
            limits=UNHINDERED,
            now=self.at,
        )
        self.case_id = received.case_id
        self._show(photo)

    def _after(self, worker: Person, name: str) -> tuple[UUID, ...]:
        matter = self.matter
        if not matter.kind.after_photo and self.chance.random() < 0.55:
            return ()
        photo = shots.take(
            matter, worker, done=True, seed=self.teller.seed, name=f"photo-{matter.number}-{name}",
            position=matter.place.position, now=self.at,
        )  # fmt: skip
        self._show(photo)
        return (photo,)

    def _still_there(self, checker: Person) -> UUID:
        """What whoever looked has seen."""
        matter = self.matter
        return shots.take(
            matter, checker, done=False, seed=self.teller.seed, name=f"photo-{matter.number}-rework",
            position=matter.place.position, now=self.at,
        )  # fmt: skip

    def _show(self, photo: UUID) -> None:
        """What neighbours can still see in their surroundings has been looked at; the older rest waits for its turn."""
        if self.matter.kind.public and self.at > self.teller.until - self.teller.shown:
            shots.show(photo, self.teller.looker, now=self.at + timedelta(minutes=9))

    def _pace(self, case: Case) -> tuple[datetime, datetime]:
        """When it is taken on and when it is done: nine times in ten inside the limit."""
        if self.matter.way in OPEN:
            spell = self.teller.until - self.at
            return self.at + spell * self.chance.uniform(0.03, 0.1), self.at + spell * self.chance.uniform(0.15, 0.3)
        due = case.due_at or self.at + timedelta(days=3)
        room = due - self.at
        share = self.chance.uniform(0.2, 0.85)
        done = in_office(self.at + room * share)
        if done >= due:
            done = self.at + room * self.chance.uniform(0.3, 0.9)
        if self.chance.random() < 0.1:
            done = in_office(due + between(self.chance, 0.5, 20))
        begins = self.at + (done - self.at) * self.chance.uniform(0.05, 0.5)
        return begins, done

    def _case(self) -> Case:
        return Case.objects.select_related("worker").get(pk=self.case_id)

    def _worker(self) -> Person | None:
        return self._case().worker

    def _check(self) -> Check | None:
        return Check.objects.select_related("checker").filter(case_id=self.case_id, result="").first()

    def _somebody_else(self) -> Person:
        residents = self.teller.residents
        other = self.chance.choice(residents)
        while other == self.reporter:
            other = self.chance.choice(residents)
        return other

    def _move(self, moment: datetime) -> datetime:
        self.at = max(self.at, moment)
        return self.at

    def _wait(self, low: float, high: float) -> datetime:
        return self._move(self.at + between(self.chance, low, high))

    def _soon(self, low: float, high: float) -> datetime:
        """In so many hours, at work; what is still open today has to have come where it is by now."""
        if self.matter.way in OPEN:
            return self.at + (self.teller.until - self.at) * self.chance.uniform(0.12, 0.3)
        return in_office(self.at + between(self.chance, low, high))

    def _office(self, low: float, high: float) -> datetime:
        return self._move(self._soon(low, high))

    def _resident(self, low: float, high: float) -> datetime:
        if self.matter.way in OPEN:
            return self._office(low, high)
        return self._move(awake(self.at + between(self.chance, low, high)))

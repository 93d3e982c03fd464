"""A small demo street, planted through the commands: whole, lawful, provable, and not planted twice."""

import itertools
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import TestCase, override_settings

from huipai.cases.models import Case, CaseType, Check, Confirmation, Report, Transition
from huipai.cases.rules.machine import MACHINE
from huipai.cases.words import State
from huipai.cli import verify
from huipai.cli.seed import running
from huipai.cli.seed.folk.cast import Scale
from huipai.cli.seed.folk.ids import derived
from huipai.cli.words import Trouble
from huipai.grid.models import Assignment, BaseMapLayer, GridNode
from huipai.grid.words import Level
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.models import Photo
from huipai.points.models import Posting
from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.stations.models import Station
from huipai.streets.current import in_street
from huipai.streets.models import Street

UNTIL = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SMALL = replace(running.scripts(40)[1], scale=Scale(4, 40, 10, 6, "1990001"), cases=30, shown=timedelta(hours=30))


class TestASmallDemoStreet(TestCase):
    """Planted once for all of these; each test takes back what it changes."""

    street: Street
    folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory(prefix="huipai-seed-")
        cls.addClassCleanup(cls.folder.cleanup)
        sealed = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": {"location": cls.folder.name}}
        with override_settings(STORAGES={**settings.STORAGES, "photos": sealed}):
            street = running.plant(SMALL, seed=5, until=UNTIL, say=lambda words: None)
        cls.street = Street.objects.get(pk=street.pk)

    def setUp(self) -> None:
        self.enterContext(in_street(self.street.pk))

    def test_the_street_is_whole(self) -> None:
        levels = Counter(GridNode.objects.values_list("level", flat=True))
        assert self.street.is_demo
        assert (levels[Level.COMMUNITY], levels[Level.GRID], levels[Level.MICRO_GRID]) == (1, 4, 24)
        assert levels[Level.HOUSEHOLD] > 0
        assert BaseMapLayer.objects.count() >= 5
        assert CaseType.objects.count() == 40
        assert Station.objects.count() == 3
        assert {role for role in Role if role not in set(Assignment.objects.values_list("role", flat=True))} == {
            Role.RESIDENT
        }

    def test_the_rulebook_went_through_its_year(self) -> None:
        versions = RulebookVersion.objects.order_by("number")
        assert [version.number for version in versions] == list(range(1, 10))
        in_force = versions.get(effective_from__isnull=False, effective_until=None)
        assert (in_force.number, PointItem.objects.filter(version=in_force).count()) == (8, 36)
        assert versions.get(number=9).published_at is None

    def test_every_state_of_a_desk_is_there(self) -> None:
        states = Counter(Case.objects.values_list("state", flat=True))
        assert states[State.CLOSED] > 10
        for state in (State.REPORTED, State.ACCEPTED, State.CHECKING, State.CONFIRMING, State.DECLINED, State.REWORK):
            assert states[state], state
        assert Case.objects.filter(state=State.ACCEPTED, due_at__lt=UNTIL).exists()

    def test_every_step_is_one_of_the_machine(self) -> None:
        rows = {(str(step.action), str(step.target)): step.sources for step in MACHINE}
        for case in Case.objects.prefetch_related("transitions"):
            steps = sorted(case.transitions.all(), key=lambda step: step.position)
            assert [step.position for step in steps] == list(range(1, len(steps) + 1))
            assert steps[-1].to_state == case.state
            for before, after in itertools.pairwise(steps):
                assert after.from_state == before.to_state
                assert after.happened_at >= before.happened_at
                assert after.from_state in rows[(after.action, after.to_state)]

    def test_nothing_happens_later_than_now(self) -> None:
        assert not Transition.objects.filter(happened_at__gt=UNTIL).exists()
        assert not Report.objects.filter(received_at__gt=UNTIL).exists()

    def test_reporter_handler_and_checker_are_three(self) -> None:
        for check in Check.objects.all():
            assert len({check.reporter_id, check.handler_id, check.checker_id}) == 3

    def test_points_follow_from_passed_checks_and_prove(self) -> None:
        passed = Check.objects.filter(result="passed").values("case").distinct().count()
        assert 0 < Posting.objects.count() <= passed
        assert set(Posting.objects.values_list("points", flat=True)) == {5}
        assert list(verify.problems(self.street)) == []

    def test_silence_is_recorded_as_silence(self) -> None:
        answers = Counter(Confirmation.objects.values_list("answer", flat=True))
        assert answers["no_answer"] and answers["confirmed"]
        assert not Confirmation.objects.filter(answer="no_answer", rating__isnull=False).exists()

    def test_every_report_carries_a_real_photo(self) -> None:
        assert Photo.objects.count() >= Report.objects.count()
        sources = Counter(Photo.objects.values_list("claim_source", flat=True))
        assert sources["exif"] and sources["none"]

    def test_what_is_told_follows_from_the_seed(self) -> None:
        plan = running.plan_of(SMALL, seed=5, until=UNTIL)
        assert plan == running.plan_of(SMALL, seed=5, until=UNTIL)
        assert plan != running.plan_of(SMALL, seed=6, until=UNTIL)
        told = set(Report.objects.values_list("id", flat=True))
        planned = {derived(5, matter.reported_at, "report", f"{matter.number}-report") for matter in plan}
        assert planned <= told

    def test_it_is_not_planted_twice(self) -> None:
        assert running.is_there(SMALL)
        people = Person.objects.count()
        assert any(f"{people} people" in line for line in running.inventory())

    def test_somebody_elses_street_of_that_name_is_refused(self) -> None:
        Street.objects.filter(pk=self.street.pk).update(is_demo=False)
        try:
            with pytest.raises(Trouble):
                running.is_there(SMALL)
        finally:
            Street.objects.filter(pk=self.street.pk).update(is_demo=True)

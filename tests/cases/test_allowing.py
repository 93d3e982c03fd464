"""How much one person may send: nobody floods those who work, and nothing that was written is lost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django import Settings

from huipai.cases.commands import allowing, counter, intake, joining, stepping
from huipai.cases.models import Case, Report, ReportAllowance
from huipai.kit import clock
from huipai.people.models import Person
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.test_alike import release
from tests.cases.test_counter import calls
from tests.cases.test_outbox import REPORTS, phone
from tests.cases.test_pages import as_, form
from tests.cast import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.REPORTS_AN_HOUR, settings.REPORTS_A_DAY, settings.REPORTS_AT_A_PLACE = 2, 3, 2
    settings.COUNTER_REPORTS_A_DAY = 4


def report(place: Place, by: Person, number: int = 0, *, now: object = MONDAY, **more: object) -> Case:
    """Each at a place of its own, 90 metres on."""
    return place.report(by, now=now, at=place.town.at(20 + 90 * number, 50), **more)  # type: ignore[arg-type]


class TestOfAnAccount:
    def test_an_hour_and_a_day_end_by_the_clock_of_china(self, here: Place) -> None:
        report(here, here.lan, 0), report(here, here.lan, 1)
        with pytest.raises(allowing.TooManyReports, match=r"一小时.*110"):
            report(here, here.lan, 2)
        report(here, here.lan, 2, now=MONDAY + HOUR)
        with pytest.raises(allowing.TooManyReports, match=r"今天.*110"):
            report(here, here.lan, 3, now=MONDAY + 3 * HOUR)
        report(here, here.lan, 3, now=MONDAY + DAY)
        assert Report.objects.count() == 4
        held = ReportAllowance.objects.get()
        assert (held.person, held.in_day, held.in_hour) == (here.lan, 1, 1)

    def test_others_and_another_street_have_their_own(self, here: Place, there: Place) -> None:
        for number in (0, 1):
            report(here, here.lan, number)
        report(here, here.hua, 2)
        with in_street(there.street.id):
            report(there, there.lan, 0)

    def test_a_retry_costs_nothing_and_is_answered_when_all_is_used_up(self, here: Place) -> None:
        first = here.sending(here.photo(here.lan))
        answer = here.receive(first, here.lan)
        report(here, here.lan, 1)
        assert here.receive(first, here.lan) == answer
        assert ReportAllowance.objects.get().in_hour == 2
        with pytest.raises(intake.NotThisId):
            here.receive(replace(first, text="别的"), here.lan)

    def test_what_is_refused_for_another_reason_costs_nothing(self, here: Place) -> None:
        with pytest.raises(stepping.PhotoMissing):
            here.receive(here.sending(here.photo(here.hua)), here.lan)
        assert not ReportAllowance.objects.exists()

    def test_joining_counts_too(self, here: Place) -> None:
        case = report(here, here.hua)
        release(here, case)
        report(here, here.lan, 1, now=MONDAY), report(here, here.lan, 2)
        with pytest.raises(allowing.TooManyReports):
            sending = here.sending(here.photo(here.lan))
            joining.join(sending=sending, code=case.code, reporter=here.lan, now=MONDAY)
        assert not Report.objects.filter(case=case, reporter=here.lan).exists()

    def test_who_serves_at_the_counter_has_a_higher_limit(self, here: Place) -> None:
        def take(number: int) -> counter.TakenDown:
            sending = here.sending(text=f"{number}")
            return counter.take_down(
                sending=sending,
                caller=calls(here, name=f"王阿婆{number}"),
                actor=here.coordinator,
                address="127.0.0.1",
                now=MONDAY,
            )

        for number in range(4):
            take(number)
        with pytest.raises(allowing.TooManyReports, match="今天"):
            take(4)


class TestAtAPlace:
    def test_their_own_open_one_is_offered_and_another_is_taken_when_they_say_so(self, here: Place) -> None:
        first = here.report()
        with pytest.raises(allowing.OwnIsOpen, match=first.code):
            here.report()
        sending = replace(here.sending(here.photo(here.lan)), is_another=True)
        here.receive(sending, here.lan)
        with pytest.raises(allowing.EnoughHere):
            here.receive(replace(here.sending(here.photo(here.lan)), is_another=True), here.lan, MONDAY + HOUR)
        assert Report.objects.count() == 2

    def test_only_of_the_kind_within_its_radius_while_it_is_open(self, here: Place) -> None:
        case = here.report()
        here.report(case_type=LITTER)
        Case.objects.filter(pk=case.pk).update(state="closed", ended_at=MONDAY, outcome="confirmed")
        assert here.report(now=MONDAY + HOUR).case_type.code == PARKING

    def test_somebody_elses_is_no_matter(self, here: Place) -> None:
        here.report(here.hua)
        assert here.report(here.lan)


class TestDoors:
    def test_the_form_comes_back_with_everything_and_offers_the_open_one(self, here: Place) -> None:
        case, lan = here.report(), as_(here.lan)
        photo = here.photo(here.lan).id
        answer = lan.post("/s/yunqiao/report/", form(here, photo))
        page = answer.content.decode()
        assert answer.status_code == 422 and case.code in page and "是另一件，照样报" in page
        assert str(photo) in page and "东门堵了" in page and "去我在办的那一件里补一句" in page
        done = lan.post("/s/yunqiao/report/", form(here, photo, not_same="on"))
        assert done.status_code == 302 and Case.objects.count() == 2

    def test_too_many_is_429_with_everything_kept(self, here: Place) -> None:
        for number in (0, 1):
            report(here, here.lan, number, now=clock.now())
        photo = here.photo(here.lan).id
        answer = as_(here.lan).post("/s/yunqiao/report/", form(here, photo, case_type=LITTER))
        page = answer.content.decode()
        assert answer.status_code == 429 and "东门堵了" in page and str(photo) in page and "110" in page

    def test_a_phone_keeps_it_and_sends_it_later(self, here: Place) -> None:
        for number in (0, 1):
            report(here, here.lan, number, now=clock.now())
        sent = form(here, here.photo(here.lan).id, case_type=LITTER)
        answer = phone(here, here.lan).post(REPORTS, sent)
        assert (answer.status_code, answer.json()["error"]) == (429, "too_many_reports")
        ReportAllowance.objects.update(hour=(ReportAllowance.objects.get().hour + 23) % 24)
        assert phone(here, here.lan).post(REPORTS, sent).status_code == 200

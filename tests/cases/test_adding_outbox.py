"""The doors of a phone that kept what a reporter adds: once however often it is sent, found by the search."""

from __future__ import annotations

from datetime import timedelta

from huipai.cases.commands import correcting, filing, handling, triage, withdrawing
from huipai.cases.commands.locating import Where
from huipai.cases.models import Addition, Case, CasePhoto, Searchable, Sighting
from huipai.cases.queries import own, searching
from huipai.cases.words import OwnView, PositionSource
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Person, Proxy
from huipai.people.words import ProxyScope
from tests.cases.conftest import LITTER, Place, folder
from tests.cases.hub import HOUR, Hub
from tests.cases.test_outbox import phone
from tests.cases.test_own import helps
from tests.cases.test_pages import as_

__all__ = ["folder"]
DOOR = "/s/yunqiao/outbox/additions/"
DAY = timedelta(days=1)


def begun(place: Place, by: Person | None = None) -> Case:
    case = place.report(by, now=clock.now() - 3 * HOUR, case_type=LITTER, text="桶倒了")
    handling.accept(case_id=case.id, actor=place.wei, now=clock.now() - 2 * HOUR)
    return case


def kept(case: Case, **more: object) -> dict[str, object]:
    return {"addition_id": str(new_id()), "code": case.code, "text": "又倒了一个", **more}


class TestSending:
    def test_the_same_again_gets_the_same_answer_and_is_once(self, here: Place) -> None:
        case, lan = begun(here), phone(here, here.lan)
        sent = kept(case, photo_id=str(here.photo(here.lan, clock.now()).id))
        first, again = (lan.post(DOOR, sent) for _ in range(2))
        assert first.status_code == 200 and first.json() == again.json()
        assert Addition.objects.get().photos == 1 and CasePhoto.objects.filter(case=case).count() == 2
        assert Entry.objects.filter(what="case.added").count() == 1
        assert lan.get(f"{DOOR}{sent['addition_id']}/").json()["url"] == first.json()["url"]
        seen = lan.get(f"/s/yunqiao/additions/{sent['addition_id']}/case/")
        assert seen.status_code == 302 and seen["Location"] == first.json()["url"]
        other = lan.post(DOOR, {**sent, "text": "别的"})
        assert other.status_code in (409, 422) and other.json()["error"].endswith("id_in_use")
        assert Addition.objects.get().text == "又倒了一个"

    def test_another_photo_is_not_taken_for_the_one_that_arrived(self, here: Place) -> None:
        case, lan = begun(here), phone(here, here.lan)
        sent = kept(case, photo_id=str(here.photo(here.lan, clock.now()).id))
        assert lan.post(DOOR, sent).status_code == 200
        other = lan.post(DOOR, {**sent, "photo_id": str(here.photo(here.lan, clock.now()).id)})
        assert (other.status_code, other.json()["error"]) == (409, "id_in_use")
        assert CasePhoto.objects.filter(case=case).count() == 2

    def test_nobody_elses_and_no_other_street(self, here: Place, there: Place) -> None:
        case = begun(here)
        sent = kept(case)
        assert phone(here, here.lan).post(DOOR, sent).status_code == 200
        assert phone(here, here.hua).get(f"{DOOR}{sent['addition_id']}/").status_code == 404
        assert phone(here, here.hua).post(DOOR, kept(case)).json()["error"] == "addition_not_yours"
        assert phone(there, here.lan).post(DOOR, kept(case)).status_code == 404
        assert phone(here, here.hua, owner=here.lan).post(DOOR, kept(case)).json()["error"] == "other_person"
        assert as_(here.lan).post(DOOR, kept(case)).status_code == 404, "without its street it is not taken"
        assert phone(here, here.lan).post(DOOR, kept(case, addition_id="x")).status_code == 422

    def test_what_was_merged_meanwhile_goes_to_the_case_that_goes_on(self, here: Place) -> None:
        first, second = here.report(here.hua, case_type=LITTER, now=clock.now() - 5 * HOUR), begun(here)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=clock.now() - HOUR)
        assert phone(here, here.lan).post(DOOR, kept(second)).status_code == 200
        assert Addition.objects.get().report.case_id == first.id

    def test_what_is_over_by_then_is_said_and_stays_on_the_phone(self, here: Place) -> None:
        case = begun(here)
        filing.void(case_id=case.id, actor=here.dispatcher, reason="test", text="试的", now=clock.now() - HOUR)
        refused = phone(here, here.lan).post(DOOR, kept(case))
        assert (refused.status_code, refused.json()["error"]) == (409, "not_in_hand")

    def test_what_was_written_beside_a_report_is_taken_before_anybody_has_begun_and_no_correction_takes_it_away(
        self, here: Place
    ) -> None:
        case, lan = here.report(now=clock.now() - HOUR, case_type=LITTER, text="桶倒了"), phone(here, here.lan)
        sent = kept(case, photo_id=str(here.photo(here.lan, clock.now()).id))
        assert lan.post(DOOR, sent).json()["error"] == "correct_instead"
        first, again = (lan.post(DOOR, {**sent, "beside": "yes"}) for _ in range(2))
        assert first.status_code == 200 and first.json() == again.json()
        assert phone(here, here.hua).post(DOOR, kept(case, beside="yes")).json()["error"] == "addition_not_yours"
        photos = tuple(CasePhoto.objects.filter(case=case, added_at=None).values_list("photo_id", flat=True))
        where = Where(here.town.at(50, 50), PositionSource.PIN, None, "南门")
        correction = correcting.Correction("两个桶倒了", where, photos)
        correcting.correct(code=case.code, correction=correction, actor=here.lan, now=clock.now())
        assert CasePhoto.objects.filter(case=case).count() == 2 and Addition.objects.get().photos == 1

    def test_nothing_is_written_beside_what_was_taken_back(self, here: Place) -> None:
        case = here.report(now=clock.now() - HOUR, case_type=LITTER)
        withdrawing.withdraw(case_id=case.id, actor=here.lan, now=clock.now())
        refused = phone(here, here.lan).post(DOOR, kept(case, beside="yes"))
        assert refused.status_code in (403, 409) and not Addition.objects.exists()

    def test_for_an_elder_by_who_reports_for_them(self, here: Place) -> None:
        case = begun(here)
        helps(here.lan, here.hua, ProxyScope.REPORT)
        hua, sent = phone(here, here.hua), kept(case, **{"for": str(here.lan.id)})
        assert hua.post(DOOR, sent).status_code == 200
        assert Addition.objects.get().report.reporter_id == here.lan.id
        assert Entry.objects.filter(what="case.acted_for", actor_id=here.hua.id).exists()
        assert hua.get(f"{DOOR}{sent['addition_id']}/").status_code == 200

    def test_for_an_elder_who_has_ended_the_helping_it_says_so_and_not_that_the_street_is_gone(
        self, here: Place
    ) -> None:
        """A phone takes a 404 for a street whose page is not there any more."""
        case = begun(here)
        helps(here.lan, here.hua, ProxyScope.REPORT)
        people.end_proxy(proxy=Proxy.objects.get(), actor=here.lan, now=clock.now())
        for other in (here.lan.id, new_id()):
            told = phone(here, here.hua).post(DOOR, kept(case, **{"for": str(other)}))
            assert (told.status_code, told.json()["error"]) == (409, "addition_not_for_them")
            assert "请对方在“请家人代办”里再请您一次" in told.json()["reason"]
        assert not Addition.objects.exists()


class TestStillThere:
    def say(self, here: Place, case: Case, seen_at: object) -> int:
        at = str(int(seen_at.timestamp() * 1000)) if hasattr(seen_at, "timestamp") else str(seen_at)
        return int(phone(here, here.lan).post(DOOR, kept(case, seen_at=at)).status_code)

    def test_is_of_the_day_on_which_it_was_seen_so_that_sent_twice_it_is_once(self, here: Place) -> None:
        case, now = begun(here), clock.now()
        assert [self.say(here, case, now - 2 * DAY) for _twice in range(2)] == [200, 200]
        assert abs(Sighting.objects.get().seen_at - (now - 2 * DAY)) < timedelta(seconds=1)
        assert self.say(here, case, now) == 200 and Sighting.objects.count() == 2

    def test_a_clock_that_is_wrong_makes_no_day_of_the_future(self, here: Place) -> None:
        case, now = begun(here), clock.now()
        for seen_at in (now + 400 * DAY, "soon", "9" * 14):
            assert self.say(here, case, seen_at) == 200
        assert self.say(here, case, now - 400 * DAY) == 200
        dates = sorted(Sighting.objects.values_list("seen_at", flat=True))
        assert len(dates) == 2 and now - 8 * DAY < dates[0] < now - 6 * DAY and dates[1] <= clock.now()


class TestFound:
    def found(self, here: Place, words: str) -> list[object]:
        return list(searching.search(here.coordinator, words, clock.now()).ids)

    def test_by_what_was_added_until_it_is_taken_back_or_wiped(self, here: Place) -> None:
        case = begun(here)
        assert self.found(here, "井盖也不见了") == []
        phone(here, here.lan).post(DOOR, kept(case, text="井盖也不见了"))
        assert self.found(here, "井盖也不见了") == [case.id]
        [row] = searching.rows([case.id])
        assert "井盖也不见了" in (row.text or "")
        assert own.reports_of(here.lan, OwnView.ALL, "井盖").count() == 1
        assert not own.reports_of(here.hua, OwnView.ALL, "井盖").exists()
        Addition.objects.update(text="—")
        assert self.found(here, "井盖也不见了") == [] and "井盖" not in Searchable.objects.get(pk=case.pk).text

    def test_not_by_what_whoever_took_their_report_back_had_added(self, here: Place) -> None:
        first, second = begun(here, here.hua), begun(here)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=clock.now() - HOUR)
        phone(here, here.lan).post(DOOR, kept(first, text="井盖也不见了"))
        assert self.found(here, "井盖也不见了") == [first.id]
        withdrawing.withdraw(case_id=first.id, actor=here.lan, now=clock.now())
        assert self.found(here, "井盖也不见了") == []

    def test_by_the_unit_whose_order_it_is_with_the_names_struck_out(self, here: Place) -> None:
        hub = Hub.with_a_case(here, now=clock.now() - 3 * HOUR)
        order = hub.signed(now=clock.now() - 2 * HOUR)
        phone(here, here.lan).post(DOOR, kept(hub.case, text="井盖也不见了，蓝小河"))
        assert searching.orders_found(here.shi, "井盖也不见了", clock.now()) == [order]
        assert searching.orders_found(here.shi, "蓝小河", clock.now()) == []

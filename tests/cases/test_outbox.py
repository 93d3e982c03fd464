"""The doors of a phone that kept a report: who may send it, and the same answer however often it is sent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from huipai.cases.models import Case, CasePhoto, Report
from huipai.people.models import Person
from huipai.people.words import ProxyScope
from tests.cases.conftest import Place
from tests.cases.test_own import helps
from tests.cases.test_pages import as_, form

DOOR = "/s/yunqiao/outbox/"
REPORTS = "/s/yunqiao/outbox/reports/"


def phone(place: Place, person: Person | None, *, owner: Person | None = None) -> Client:
    """A phone on which `owner` kept something, and on which `person` is signed in."""
    kept = owner or person
    assert kept is not None
    client = Client(
        headers={"Accept": "application/json", "X-Street-Id": str(place.street.id), "X-Person-Id": str(kept.id)}
    )
    if person is not None:
        assert person.account is not None
        client.force_login(person.account)
    return client


class TestHello:
    def test_says_who_would_be_sending(self, here: Place) -> None:
        told = phone(here, here.lan).get(DOOR).json()
        assert told["person"] == str(here.lan.id) and told["csrf"]

    def test_signed_out_is_said_in_words(self, here: Place) -> None:
        answer = phone(here, None, owner=here.lan).get(DOOR)
        assert answer.status_code == 401
        assert answer.json() == {"error": "sign_in_first", "reason": "请先登录", "url": "/s/yunqiao/sign-in/"}

    def test_another_person_is_not_asked_for_it(self, here: Place) -> None:
        answer = phone(here, here.hua, owner=here.lan).get(DOOR)
        assert (answer.status_code, answer.json()["error"]) == (409, "other_person")

    def test_another_street_is_not_there(self, here: Place, there: Place) -> None:
        assert phone(there, here.lan).get(DOOR).status_code == 404


class TestSending:
    def test_the_same_again_gets_the_stored_answer(self, here: Place) -> None:
        lan, sent = phone(here, here.lan), form(here, here.photo(here.lan).id)
        first, again = (lan.post(REPORTS, sent) for _ in range(2))
        assert first.status_code == 200 and first.json() == again.json()
        assert Report.objects.count() == Case.objects.count() == 1
        assert lan.get(f"{REPORTS}{sent['report_id']}/").json() == first.json()

    def test_says_for_whom_it_was_so_that_what_is_added_goes_to_the_same(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        hua, own = phone(here, here.hua), form(here, here.photo(here.hua).id)
        elders = {**form(here, here.photo(here.hua).id), "for_elder": str(here.lan.id)}
        for sent, whose in ((own, ""), (elders, str(here.lan.id))):
            assert hua.post(REPORTS, sent).json()["for_elder"] == whose
            assert hua.get(f"{REPORTS}{sent['report_id']}/").json()["for_elder"] == whose

    def test_without_its_street_it_is_not_taken(self, here: Place, there: Place) -> None:
        sent = form(here, here.photo(here.lan).id)
        assert here.lan.account is not None
        nameless = Client(headers={"Accept": "application/json"})
        nameless.force_login(here.lan.account)
        for client in (nameless, phone(there, here.lan)):
            assert client.post(REPORTS, sent).status_code == 404
        assert not Report.objects.exists()

    def test_it_is_never_sent_in_anothers_name(self, here: Place) -> None:
        sent = form(here, here.photo(here.lan).id)
        answer = phone(here, here.hua, owner=here.lan).post(REPORTS, sent)
        assert (answer.status_code, answer.json()["error"]) == (409, "other_person")
        assert not Report.objects.exists()

    @pytest.mark.parametrize(
        ("change", "error", "at"),
        [
            ({"photo_id": []}, "no_photo", "upload-photo"),
            ({"lng": "", "lat": ""}, "no_place", "place"),
            ({"lng": "121.5"}, "outside_the_street", "place"),
            ({"case_type": "nonsense"}, "unknown_case_type", "pick-case_type"),
            ({"text": "长" * 2001}, "invalid", "f-text"),
            ({"report_id": "x"}, "invalid", ""),
        ],
    )
    def test_a_refusal_says_what_is_wrong_and_where(
        self, here: Place, change: dict[str, object], error: str, at: str
    ) -> None:
        sent = {**form(here, here.photo(here.lan).id), **change}
        answer = phone(here, here.lan).post(REPORTS, sent)
        told = answer.json()
        assert (answer.status_code, told["error"], told["at"]) == (422, error, at) and told["reason"]

    def test_a_stale_token_is_said_to_a_script(self, here: Place) -> None:
        lan = Client(enforce_csrf_checks=True, headers={"Accept": "application/json"})
        assert here.lan.account is not None
        lan.force_login(here.lan.account)
        answer = lan.post(REPORTS, form(here))
        assert (answer.status_code, answer.json()["error"]) == (403, "stale_page")

    def test_kept_from_neighbours_it_stays_private(self, here: Place) -> None:
        lan = phone(here, here.lan)
        lan.post(REPORTS, form(here, here.photo(here.lan).id, keep_private="on"))
        lan.post(REPORTS, form(here, here.photo(here.lan).id))
        assert list(Case.objects.order_by("id").values_list("is_public", flat=True)) == [False, True]


class TestAnswer:
    def test_is_for_whoever_sent_it(self, here: Place, there: Place) -> None:
        report = here.report().reports.get()
        assert phone(here, here.lan).get(f"{REPORTS}{report.id}/").status_code == 200
        assert phone(here, here.hua).get(f"{REPORTS}{report.id}/").status_code == 404
        assert phone(here, here.lan).get(f"{REPORTS}{uuid4()}/").status_code == 404
        elsewhere = f"/s/hetang/outbox/reports/{report.id}/"
        assert phone(there, there.lan).get(elsewhere).status_code == 404


class TestPhotos:
    def test_are_never_taken_in_anothers_name(self, here: Place) -> None:
        answer = phone(here, here.hua, owner=here.lan).post("/s/yunqiao/photos/", {"photo_id": str(uuid4())})
        assert (answer.status_code, answer.json()["error"]) == (409, "other_person")


class TestEmptyForm:
    def test_is_the_same_for_everybody(self, here: Place) -> None:
        signed_in, stranger = phone(here, here.lan), Client()
        pages = [client.get("/s/yunqiao/report/offline/").content.decode() for client in (signed_in, stranger)]
        assert pages[0] == pages[1] and "data-person" not in pages[0] and "csrf" not in pages[0]
        assert f'data-street-id="{here.street.id}"' in pages[0] and "车辆乱停" in pages[0]


class TestTheKeptForm:
    def test_takes_nothing_that_is_to_be_said_to_somebody(self, here: Place) -> None:
        """A phone's worker fetches it beside a press: what was to be said would be gone, and stand in the kept form."""
        lan = as_(here.lan)
        lan.post("/s/yunqiao/report/", form(here, here.photo(here.lan).id))
        code = Case.objects.get().code
        at = here.town.at(50, 50)
        sent = {"text": "又来一辆", "photo_id": [str(CasePhoto.objects.get().photo_id)], "lng": at.lng, "lat": at.lat}
        assert lan.post(f"/s/yunqiao/cases/{code}/correction/", sent).status_code == 302
        kept = lan.get("/s/yunqiao/report/offline/", headers={"X-Kept-For-Later": "yes"}).content.decode()
        assert "改好了" not in kept
        assert "改好了" in lan.get(f"/s/yunqiao/cases/{code}/").content.decode()

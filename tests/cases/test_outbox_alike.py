"""What waited on a phone and what neighbours see already; and places by their names without a network."""

from __future__ import annotations

from django.test import Client

from huipai.cases.models import Case, Report
from tests.cases.conftest import LITTER, PARKING, Place, folder
from tests.cases.test_alike import shown
from tests.cases.test_outbox import REPORTS, phone
from tests.cases.test_pages import as_, form

__all__ = ["folder"]


class TestAskedWhetherItIsTheSame:
    """Of what neighbours see already no other case is made without asking whoever is there."""

    def test_first_asked_then_joined_or_sent_as_another(self, here: Place) -> None:
        seen = shown(here, by=here.hua, case_type=LITTER)
        lan = phone(here, here.lan)
        sent = form(here, here.photo(here.lan).id, case_type=LITTER)
        asked = lan.post(REPORTS, {**sent, "ask_first": "on"})
        told = asked.json()
        assert (asked.status_code, told["error"]) == (409, "alike_found") and not Report.objects.filter(
            reporter=here.lan
        )
        assert [one["code"] for one in told["near"]] == [seen.code]
        assert told["near"][0]["url"].endswith(f"/c/{seen.code}/") and here.hua.name not in str(told)
        joined = lan.post(REPORTS, {**sent, "same": seen.code})
        assert joined.status_code == 200 and Report.objects.get(reporter=here.lan).case_id == seen.id
        again = lan.post(REPORTS, {**sent, "same": seen.code, "ask_first": "on"})
        assert again.json() == joined.json(), "what has come is not asked about"

    def test_nobody_there_to_answer_or_answered_goes_as_it_is(self, here: Place) -> None:
        seen = shown(here, by=here.hua, case_type=LITTER)
        lan = phone(here, here.lan)
        unasked = lan.post(REPORTS, form(here, here.photo(here.lan).id, case_type=LITTER))
        assert unasked.status_code == 200
        other = form(here, here.photo(here.lan).id, case_type=LITTER, not_same="on", ask_first="on")
        assert lan.post(REPORTS, other).status_code == 200
        assert Case.objects.exclude(pk=seen.pk).count() == 2

    def test_not_where_its_reporter_keeps_it_from_neighbours_or_of_another_kind(self, here: Place) -> None:
        shown(here, by=here.hua, case_type=LITTER)
        for more in ({"case_type": LITTER, "keep_private": "on"}, {"case_type": PARKING}):
            sent = form(here, here.photo(here.lan).id, ask_first="on", **more)
            assert phone(here, here.lan).post(REPORTS, sent).status_code == 200


def test_the_empty_form_holds_the_list_of_places(here: Place) -> None:
    page = Client().get("/s/yunqiao/report/offline/").content.decode()
    kept = page.split("data-spots-kept")[1].split("</template>")[0]
    assert "data-spot-list" in kept and here.town["M1"].name in kept and 'name="spot"' in kept
    mine = as_(here.lan).get("/s/yunqiao/report/").content.decode()
    assert "data-spots-kept" not in mine, "with a network the list is asked for"

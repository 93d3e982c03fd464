"""A report with an address and no position is taken; whoever sets the place brings it to its worker."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from huipai.cases import notices as tellers
from huipai.cases.commands import correcting, counter, intake, joining, locating, placing
from huipai.cases.commands.intake import Sending
from huipai.cases.commands.locating import Where
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Report, Shown
from huipai.cases.queries import hub, neighbours
from huipai.cases.words import Placed, PositionSource
from huipai.grid.models import GridNode
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.photos.models import Photo
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, Place
from tests.cases.test_alike import release
from tests.cases.test_counter import calls
from tests.cases.test_outbox import REPORTS, phone
from tests.cases.test_pages import as_, form
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
DOOR = "B1 E1"


def without_position(place: Place, *photos: Photo, address: str = DOOR, node: UUID | None = None) -> Sending:
    return replace(
        place.sending(*photos, address=address), point=None, position_source=PositionSource.PIN, node_id=node
    )


def guessed(place: Place, *, address: str = "菜场对面", node: str = "C") -> Case:
    """Taken with nothing but the community known."""
    sending = without_position(place, place.photo(place.lan), address=address, node=place.town[node].id)
    return Case.objects.get(pk=intake.receive(sending=sending, reporter=place.lan, now=MONDAY).case_id)


def at(place: Place, **more: object) -> Where:
    where = Where(place.town.at(250, 50), PositionSource.PIN, None, "")
    return replace(where, **more)  # type: ignore[arg-type]


class TestTaken:
    def test_a_house_that_is_known_is_as_good_as_a_pin(self, here: Place) -> None:
        sending = without_position(here, here.photo(here.lan))
        got = [intake.receive(sending=sending, reporter=here.lan, now=MONDAY) for _again in range(2)]
        case, report = Case.objects.get(), Report.objects.get()
        assert got[0] == got[1] and (case.node.code, case.placed, case.worker_id) == ("M1", Placed.INSIDE, here.wei.id)
        assert report.position_source == PositionSource.ADDRESS
        assert (case.lng, case.lat) == (here.town["B1"].lng, here.town["B1"].lat)

    def test_a_retry_is_answered_although_its_house_is_gone_meanwhile(self, here: Place) -> None:
        sending = without_position(here, here.photo(here.lan))
        first = intake.receive(sending=sending, reporter=here.lan, now=MONDAY)
        GridNode.objects.filter(code__in=("B1", "E1")).update(valid_until=MONDAY)
        assert intake.receive(sending=sending, reporter=here.lan, now=MONDAY + HOUR) == first
        with pytest.raises(intake.NotThisId):
            intake.receive(sending=replace(sending, address="别处"), reporter=here.lan, now=MONDAY + HOUR)

    @pytest.mark.parametrize(
        ("address", "node", "refusal"),
        [
            ("", None, locating.NoPlace),
            ("菜场对面", None, locating.WhichPlace),
            ("菜场", uuid4(), locating.NotAPlaceHere),
        ],
    )
    def test_what_says_nothing_of_the_place_is_asked_for(
        self, here: Place, address: str, node: UUID | None, refusal: type[Exception]
    ) -> None:
        sending = without_position(here, here.photo(here.lan), address=address, node=node)
        with pytest.raises(refusal):
            intake.receive(sending=sending, reporter=here.lan, now=MONDAY)
        assert not Case.objects.exists()

    def test_another_streets_place_is_none(self, here: Place, there: Place) -> None:
        with pytest.raises(locating.NotAPlaceHere):
            sending = without_position(here, here.photo(here.lan), node=there.town["M1"].id)
            intake.receive(sending=sending, reporter=here.lan, now=MONDAY)

    def test_on_the_telephone_too_and_never_along_with_a_neighbour(self, here: Place) -> None:
        """What has no position was not offered what lies beside it, and nobody can say that it does."""
        took = counter.take_down(
            sending=without_position(here), caller=calls(here), actor=here.coordinator, address="127.0.0.1", now=MONDAY
        )  # fmt: skip
        assert Case.objects.get(pk=took.received.case_id).node.code == "M1"
        case = here.report(case_type=LITTER)
        release(here, case)
        sending = replace(without_position(here, here.photo(here.hua), address=""), node_id=here.town["C"].id)
        with pytest.raises(joining.NotTheSame):
            joining.join(sending=replace(sending, case_type=LITTER), code=case.code, reporter=here.hua, now=MONDAY)
        assert not Report.objects.filter(reporter=here.hua).exists()


class TestGuessed:
    def test_waits_first_at_the_hub_with_nobody_in_the_grid(self, here: Place) -> None:
        case = guessed(here)
        assert (case.placed, case.node.code, case.worker_id) == (Placed.GUESSED, "C", None)
        assert [one.code for one in hub.Queue(None, hub.Filter(hub.TO_BE_PLACED), MONDAY)[0:9]] == [case.code]
        assert hub.counts(None, MONDAY)[hub.TO_BE_PLACED] == 1
        page = as_(here.dispatcher).get(f"/s/yunqiao/desk/?case={case.code}").content.decode()
        assert "待定位置" in page and "位置是按地址估的" in page and f"/cases/{case.code}/place/" in page

    def test_of_a_micro_grid_its_worker_has_it_and_sets_the_place_on_the_spot(self, here: Place) -> None:
        case = guessed(here, node="M3")
        assert (case.placed, case.worker_id) == (Placed.GUESSED, here.wei.id)
        assert hub.counts(None, MONDAY)[hub.TO_BE_PLACED] == 0
        placing.set_place(case_id=case.id, where=at(here, point=here.town.at(60, 350)), actor=here.wei, now=MONDAY)
        case.refresh_from_db()
        assert (case.placed, case.node.code, case.worker_id) == (Placed.INSIDE, "M3", here.wei.id)

    def test_neighbours_see_it_when_its_place_is_known_and_not_before(self, here: Place) -> None:
        case = guessed(here, node="M1")
        release(here, case)
        assert not Shown.objects.exists() and neighbours.open_to_join(case.code) is None
        placing.set_place(case_id=case.id, where=at(here), actor=here.dispatcher, now=MONDAY)
        shown = Shown.objects.get()
        assert (shown.id, shown.node.code) == (case.id, "M2")

    def test_is_offered_as_nobodys_duplicate_by_distance(self, here: Place) -> None:
        case = guessed(here, node="M1")
        other = here.report()
        Case.objects.filter(pk=other.pk).update(lng=case.lng, lat=case.lat)
        assert not hub.near(case).exists() and not hub.near(Case.objects.get(pk=other.pk)).exists()

    def test_its_reporter_reads_that_it_is_a_guess_and_can_say_better(self, here: Place) -> None:
        case, lan = guessed(here), as_(here.lan)
        for page in (f"mine/{case.code}/", f"reports/{case.reports.get().id}/received/"):
            words = lan.get(f"/s/yunqiao/{page}").content.decode()
            assert "位置是按您写的地址估的" in words and "data-map=" not in words
        assert lan.get(f"/s/yunqiao/cases/{case.code}/correction/").status_code == 200
        photos = tuple(case.photos.values_list("photo_id", flat=True))
        for where, place in (
            (Where(None, PositionSource.PIN, None, "菜场对面"), ("C", Placed.GUESSED)),
            (Where(here.town.at(250, 50), PositionSource.PIN, None, "菜场对面"), ("M2", Placed.INSIDE)),
        ):
            said = correcting.Correction("东门", where, photos)
            correcting.correct(code=case.code, correction=said, actor=here.lan, now=MONDAY)
            case.refresh_from_db()
            assert (case.node.code, case.placed) == place


class TestSetPlace:
    def test_goes_to_the_worker_and_its_reporter_is_told(self, here: Place) -> None:
        case = guessed(here)
        due = case.due_at
        placing.set_place(case_id=case.id, where=at(here), actor=here.dispatcher, now=MONDAY + HOUR)
        case.refresh_from_db()
        assert (case.node.code, case.placed, case.worker_id, case.due_at) == ("M2", Placed.INSIDE, here.wei.id, due)
        entry = Entry.objects.get(what=Fact.PLACED)
        assert entry.facts == {
            "before": str(here.town["C"].id), "node": str(here.town["M2"].id), "placed": "inside",
        } and entry.actor_id == here.dispatcher.id  # fmt: skip
        tellers.tell(entry_id=entry.id, now=MONDAY + HOUR)
        assert Notice.objects.get(kind=Fact.PLACED).person_id == here.lan.id
        with pytest.raises(placing.PlaceSet):
            placing.set_place(case_id=case.id, where=at(here), actor=here.dispatcher, now=MONDAY + HOUR)

    def test_never_to_who_reported_it(self, here: Place) -> None:
        sending = without_position(here, here.photo(here.wei), address="菜场", node=here.town["C"].id)
        case = Case.objects.get(pk=intake.receive(sending=sending, reporter=here.wei, now=MONDAY).case_id)
        with pytest.raises(NotAllowed), transaction.atomic():
            placing.set_place(case_id=case.id, where=at(here), actor=here.wei, now=MONDAY)
        placing.set_place(case_id=case.id, where=at(here), actor=here.coordinator, now=MONDAY)
        case.refresh_from_db()
        assert case.worker_id is None and case.node.code == "M2"

    def test_a_community_is_no_more_than_was_known(self, here: Place) -> None:
        case = guessed(here, node="S")
        for where, refusal in (
            (at(here, point=None, node_id=here.town["C"].id), placing.StillTooWide),
            (at(here, point=None), locating.NoPlace),
            (at(here, point=here.town.at(5000, 0)), locating.OutsideTheStreet),
        ):
            with pytest.raises(refusal):
                placing.set_place(case_id=case.id, where=where, actor=here.dispatcher, now=MONDAY)
        assert not Entry.objects.filter(what=Fact.PLACED).exists()

    def test_strangers_other_streets_and_what_is_over(self, here: Place, there: Place) -> None:
        case = guessed(here)
        for person in (here.hua, here.shi):
            with pytest.raises(NotAllowed):
                placing.set_place(case_id=case.id, where=at(here), actor=person, now=MONDAY)
        with in_street(there.street.id), pytest.raises(NotVisible):
            placing.set_place(case_id=case.id, where=at(here), actor=there.dispatcher, now=MONDAY)


def spot_called(page: str, name: str) -> str:
    return str(re.findall(rf'<option value="([^"]+)"[^>]*>{name}<', page)[0])


class TestPages:
    def test_without_map_and_script_from_the_address_to_the_place(self, here: Place) -> None:
        """Photo, category, an address that fits nothing; then the last choice; then the hub finds it."""
        lan, hub_desk = as_(here.lan), as_(here.dispatcher)
        sent = form(here, here.photo(here.lan).id, lng="", lat="", position_source="", address="菜场对面")
        answer = lan.post("/s/yunqiao/report/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422 and "说不准是哪里" in page and "菜场对面" in page
        assert spot_called(page, "C，说不准哪一块").endswith(str(here.town["C"].id))
        last = spot_called(page, "就写地点，让街道来找")
        done = lan.post("/s/yunqiao/report/", {**sent, "spot": last}, follow=True)
        assert done.status_code == 200 and "位置是按您写的地址估的" in done.content.decode()
        case = Case.objects.get()
        path = f"/s/yunqiao/cases/{case.code}/place/"
        assert "只写了“菜场对面”" in hub_desk.get(path).content.decode()
        empty = hub_desk.post(path, {"address": "菜场对面"})
        assert empty.status_code == 422 and "说不准是哪里" in empty.content.decode()
        moved = hub_desk.post(path, {"address": "B1"}, follow=True)
        assert "位置定了，归M1" in moved.content.decode()
        assert hub_desk.get(path).status_code == 409 and lan.get(path).status_code == 403

    def test_what_fits_several_is_offered_by_name(self, here: Place) -> None:
        door = here.town.at(250, 50)
        GridNode.objects.filter(code="B1").update(name="1 幢")
        node = GridNode(level="building", code="B2", name="1 幢", parent=here.town["M2"], lng=door.lng, lat=door.lat,
                        valid_from=here.town["M2"].valid_from)  # fmt: skip
        node.path = f"{here.town['M2'].path}{node.id}/"
        node.save(force_insert=True)
        sent = form(here, here.photo(here.lan).id, lng="", lat="", address="1 幢门口")
        lan = as_(here.lan)
        page = lan.post("/s/yunqiao/report/", sent).content.decode()
        assert ">M1 1 幢<" in page and ">M2 1 幢<" in page
        listed = lan.get("/s/yunqiao/map/spots/", {"address": "M2 一幢"}).content.decode()
        assert ">M2 1 幢<" in listed and ">M1 1 幢<" not in listed
        lan.post("/s/yunqiao/report/", {**sent, "spot": spot_called(page, "M2 1 幢")})
        case = Case.objects.get()
        assert case.node.code == "M2" and case.placed == Placed.INSIDE

    def test_a_phone_that_kept_it_is_told_what_is_missing(self, here: Place) -> None:
        lan, sent = phone(here, here.lan), form(here, here.photo(here.lan).id, lng="", lat="", address="菜场对面")
        answer = lan.post(REPORTS, sent)
        assert answer.status_code == 422 and answer.json()["error"] == "which_place" and answer.json()["at"] == "place"
        good = lan.post(REPORTS, {**sent, "address": DOOR})
        assert good.status_code == 200 and Case.objects.get().code == good.json()["code"]

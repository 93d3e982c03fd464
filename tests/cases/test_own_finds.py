"""Own finds: a worker records what they found and mended; no case, and never another's report (ruling 10)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huipai.cases.commands import forgetting, own_finds, stepping
from huipai.cases.commands.deeds import telling
from huipai.cases.commands.intake import NotThisId
from huipai.cases.commands.locating import NoPlace, OutsideTheStreet
from huipai.cases.commands.own_finds import BothSides, FindTypeMissing, Found, ReportedByAnother
from huipai.cases.commands.stepping import PhotoMissing, PhotoUsed
from huipai.cases.models import Case, FindPhoto, OwnFind, Report
from huipai.cases.queries import proof
from huipai.cases.words import Moment
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.coordinates import Point
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.models import Photo
from huipai.points.models import Posting
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, PARKING, SMALL, Place
from tests.cases.test_deeds import told
from tests.cases.test_pages import as_
from tests.cases.test_types import changed, keeper, terms
from tests.grid.conftest import SIDE
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder", "keeper"]
pytestmark = pytest.mark.django_db
DOOR = "/s/yunqiao/outbox/"


def found(here: Place, by: Person | None = None, **more: object) -> Found:
    worker = by or here.wei
    made = Found(
        find_id=new_id(), case_type=LITTER, point=here.town.at(50, 50), text="两袋垃圾，扎好放进桶里",
        address="6 幢后面",        before=here.photo_ids(worker), after=here.photo_ids(worker),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def record(here: Place, by: Person | None = None, **more: object) -> OwnFind:
    return own_finds.record(found=found(here, by, **more), worker=by or here.wei, now=clock.now())


def doors(page: str) -> list[str]:
    """The button by which a find is made a report."""
    return re.findall(r"<button[^>]*data-elsewhere[^>]*>", page)


class TestRecord:
    def test_is_kept_and_is_no_case_and_no_points(self, here: Place) -> None:
        before = (Case.objects.count(), Posting.objects.count())
        find = record(here)
        assert (Case.objects.count(), Posting.objects.count()) == before
        assert find.node.code == "M1" and FindPhoto.objects.filter(find=find).count() == 2
        entry = Entry.objects.get(what="find.self_handled")
        assert find.text not in str(entry.facts) and entry.actor_id == here.wei.id
        assert list(proof.verify_cases(here.street)) == []
        OwnFind.objects.filter(pk=find.pk).update(worker=here.coordinator)
        assert "cases_ownfind" in str(next(iter(proof.verify_cases(here.street))))

    def test_is_refused_for_what_another_reported(self, here: Place) -> None:
        here.report(now=clock.now(), case_type=LITTER)
        with pytest.raises(ReportedByAnother):
            record(here)
        assert record(here, case_type=PARKING) and record(here, is_another=True)
        assert Entry.objects.filter(what="find.self_handled", facts__near=1).count() == 1

    def test_needs_both_sides_a_kind_and_a_place_of_ones_own(self, here: Place) -> None:
        for more, refusal in (
            ({"before": ()}, BothSides), ({"after": ()}, BothSides), ({"case_type": "nothing"}, FindTypeMissing),
            ({"point": None}, NoPlace), ({"point": Point(100.0, 20.0)}, OutsideTheStreet),
        ):  # fmt: skip
            with pytest.raises(refusal):
                record(here, **more)
        for person in (here.lan, here.coordinator, here.shi):
            with pytest.raises(NotAllowed):
                record(here, by=person)

    def test_arrives_once_and_its_photos_serve_once(self, here: Place) -> None:
        one = found(here)
        for _ in range(2):
            own_finds.record(found=one, worker=here.wei, now=clock.now())
        assert OwnFind.objects.count() == 1 and Entry.objects.filter(what="find.self_handled").count() == 1
        with pytest.raises(NotThisId):
            own_finds.record(found=replace(one, text="别的"), worker=here.wei, now=clock.now())
        with pytest.raises(PhotoUsed):
            record(here, before=one.before)
        with pytest.raises(PhotoMissing):
            record(here, before=here.photo_ids(here.lan))
        case = here.report(now=clock.now(), case_type=PARKING, by=here.wei)
        with pytest.raises(PhotoUsed):
            record(here, before=(case.photos.get().photo_id,))

    def test_no_photo_is_part_of_two_things_whichever_came_first(self, here: Place) -> None:
        """What lets go of the one would take the picture of the other, which may be open or held for a court."""
        now, of_a_deed = clock.now(), here.photo(here.wei)
        telling.tell(told=told(here, photos=(of_a_deed.id,)), reporter=here.wei, now=now)
        of_a_find = Photo.objects.get(pk=record(here).photos.earliest("id").photo_id)
        case = here.report(now=now, by=here.lan)
        for photo in (of_a_deed, of_a_find):
            with pytest.raises(PhotoUsed):
                here.receive(here.sending(photo), here.wei, now)
            with pytest.raises(PhotoUsed):
                stepping.attach(case, (photo.id,), by=here.wei, moment=Moment.AFTER, now=clock.now())
        with pytest.raises(PhotoUsed):
            telling.tell(told=told(here, photos=(of_a_find.id,)), reporter=here.wei, now=now)
        with pytest.raises(PhotoUsed):
            record(here, before=(of_a_deed.id,))

    def test_is_struck_out_by_who_entered_it(self, here: Place) -> None:
        find = record(here)
        with pytest.raises(NotVisible):
            own_finds.take_back(find_id=find.id, actor=here.coordinator, now=clock.now())
        for _ in range(2):
            own_finds.take_back(find_id=find.id, actor=here.wei, now=clock.now())
        assert Entry.objects.filter(what="find.taken_back").count() == 1

    def test_words_leave_with_their_writer_and_the_pictures_stay(self, here: Place) -> None:
        find = record(here)
        forgetting.forget(person=here.wei, now=clock.now())
        find.refresh_from_db()
        assert (find.text, find.address) == ("", "")
        assert Photo.objects.kept().filter(pk__in=find.photos.values("photo")).count() == 2


class TestPages:
    def test_one_screen_keeps_what_was_typed_and_leads_to_the_record(self, here: Place) -> None:
        wei, one = as_(here.wei), found(here)
        at = here.town.at(50, 50)
        sent = {
            "find_id": one.find_id, "case_type": LITTER, "lng": at.lng, "lat": at.lat, "text": one.text,
            "photo_id": [str(id) for id in one.before], "after_id": [],
        }  # fmt: skip
        again = wei.post("/s/yunqiao/own-finds/new/", sent)
        assert again.status_code == 422 and one.text in again.content.decode()
        assert str(one.before[0]) in again.content.decode()
        sent["after_id"] = [str(id) for id in one.after]
        here.report(now=clock.now(), case_type=LITTER)
        near = wei.post("/s/yunqiao/own-finds/new/", sent)
        assert near.status_code == 422 and Case.objects.get().code in near.content.decode()
        assert wei.post("/s/yunqiao/own-finds/new/", {**sent, "another": "on"}).status_code == 302
        shown = wei.get(f"/s/yunqiao/own-finds/{one.find_id}/").content.decode()
        assert one.text in shown and "不计分" in shown
        assert "/own-finds/new/" in wei.get("/s/yunqiao/today/").content.decode()
        assert as_(here.lan).get("/s/yunqiao/feed/").content.decode().count(one.text) == 0

    @pytest.mark.parametrize("where", ["own grid, somebody reported it", "another's grid"])
    def test_becomes_a_report_with_everything_in_it_without_a_script(
        self, here: Place, folder: None, where: str
    ) -> None:
        wei, one = as_(here.wei), found(here)
        at = here.town.at(50, 50)
        sent = {
            "find_id": str(one.find_id), "case_type": LITTER, "lng": at.lng, "lat": at.lat, "text": one.text,
            "address": one.address, "photo_id": [str(id) for id in one.before],
            "after_id": [str(id) for id in one.after],
        }  # fmt: skip
        again = wei.post("/s/yunqiao/own-finds/new/", {**sent, "case_type": ""}).content.decode()
        assert "hidden" in doors(again)[0], "only where it is refused as a find"
        if where.startswith("own"):
            here.report(now=clock.now(), case_type=LITTER)
        else:
            Assignment.objects.filter(person=here.wei, role=Role.GRID_WORKER).update(node=here.town["M4"])
        refused = wei.post("/s/yunqiao/own-finds/new/", sent)
        [door] = doors(refused.content.decode())
        assert refused.status_code in (403, 422) and "hidden" not in door
        more = SimpleUploadedFile("more.jpg", samples.jpeg(), "image/jpeg")
        page = wei.post("/s/yunqiao/own-finds/report/", {**sent, "photo": more}).content.decode()
        ids = re.findall(r'name="photo_id" value="([^"]+)"', page)
        assert set(ids) > {str(id) for id in (*one.before, *one.after)} and len(ids) == 3
        assert one.text in page and one.address in page and re.search(rf'value="{LITTER}"[^>]*checked', page)
        report_id = re.search(r'name="report_id" value="([^"]+)"', page)
        assert report_id is not None and not Report.objects.filter(reporter=here.wei).exists()
        form = {**sent, "report_id": report_id[1], "photo_id": ids, "position_source": "pin", "crs": "wgs84"}
        for _twice in range(2):
            assert wei.post("/s/yunqiao/report/", form).status_code == 302
        report = Report.objects.get(reporter=here.wei)
        assert report.text == one.text and report.case.photos.filter(report=report).count() == 3
        assert not OwnFind.objects.exists()

    def test_is_made_a_report_by_workers_of_the_street_alone(self, here: Place, there: Place) -> None:
        for person in (here.lan, here.shi, there.wei):
            assert as_(person).post("/s/yunqiao/own-finds/report/", {}).status_code in (302, 403, 404)
        assert as_(here.wei).get("/s/yunqiao/own-finds/report/").status_code == 405
        strangers = as_(here.wei).post(
            "/s/yunqiao/own-finds/report/", {"photo_id": [str(here.photo(here.lan).id)], "text": "x"}
        )
        assert strangers.status_code == 200 and 'name="photo_id"' not in strangers.content.decode()

    def test_what_is_wrong_with_a_side_stands_at_that_side(self, here: Place) -> None:
        files = {
            "photo": SimpleUploadedFile("leer.jpg", b"", "image/jpeg"),
            "after": [
                SimpleUploadedFile("text.jpg", b"no picture", "image/jpeg"),
                SimpleUploadedFile("gut.jpg", SMALL, "image/jpeg"),
            ],
        }
        sent = {"find_id": found(here).find_id, "case_type": LITTER, "text": "扫了", **files}
        page = as_(here.wei).post("/s/yunqiao/own-finds/new/", sent).content.decode()
        before, after = (re.search(rf'id="upload-{side}-error".*?</p>', page, re.S) for side in ("photo", "after"))
        assert before is not None and "空" in before[0] and "不是图片" not in before[0]
        assert after is not None and "不是图片" in after[0] and "空" not in after[0]
        # The good one is kept, at its side.
        assert page.count('name="after_id"') == 1 and 'name="photo_id"' not in page

    def test_each_door_for_each_person(self, here: Place, there: Place) -> None:
        find = record(here)
        doors = {
            "own-finds/new/": {here.wei: 200, here.coordinator: 403, here.lan: 403, here.shi: 403},
            "own-finds/": {here.wei: 200, here.coordinator: 200, here.dispatcher: 200, here.lan: 403, here.shi: 403},
            f"own-finds/{find.id}/": {here.wei: 200, here.coordinator: 200, here.dispatcher: 200, here.lan: 404,
                                      here.shi: 404},
        }  # fmt: skip
        for door, wanted in doors.items():
            assert {who: as_(who).get(f"/s/yunqiao/{door}").status_code for who in wanted} == wanted, door
        assert here.wei.name not in as_(here.coordinator).get(f"/s/yunqiao/own-finds/{find.id}/").content.decode()
        with in_street(there.street.id):
            strange = as_(there.dispatcher)
        assert strange.get(f"/s/hetang/own-finds/{find.id}/").status_code == 404

    def test_a_list_asks_the_same_however_long_it_is(self, here: Place) -> None:
        hub, counts = as_(here.dispatcher), []
        record(here)
        hub.get("/s/yunqiao/own-finds/")
        for step in range(2):
            with CaptureQueriesContext(connection) as asked:
                assert hub.get("/s/yunqiao/own-finds/").status_code == 200
            counts.append(len(asked))
            if not step:
                record(here, point=here.town.at(SIDE + 20, 20))
        assert counts[0] == counts[1]


class TestOutbox:
    """The doors of a phone that kept a find."""

    def sent(
        self, place: Place, one: Found, by: Person, *, kept_by: Person | None = None, **more: str
    ) -> tuple[int, dict[str, object]]:
        assert one.point is not None
        headers = {"X-Street-Id": str(place.street.id), "X-Person-Id": str((kept_by or by).id)}
        form = {
            "find_id": one.find_id, "case_type": one.case_type, "lng": one.point.lng, "lat": one.point.lat,
            "text": one.text, "address": one.address, "photo_id": one.before, "after_id": one.after, **more,
        }  # fmt: skip
        answer = as_(by).post(f"{DOOR}finds/", form, headers={**headers, "Accept": "application/json"})
        return answer.status_code, answer.json()

    def test_the_same_again_gets_the_stored_answer_and_leads_to_the_record(self, here: Place) -> None:
        one = found(here)
        first, again = (self.sent(here, one, here.wei) for _twice in range(2))
        assert first == again == (200, {"find": str(one.find_id), "url": f"/s/yunqiao/own-finds/{one.find_id}/"})
        assert OwnFind.objects.count() == 1 and FindPhoto.objects.filter(moment="after").count() == 1
        assert as_(here.wei).get(f"{DOOR}finds/{one.find_id}/").json() == first[1]
        assert as_(here.coordinator).get(f"{DOOR}finds/{one.find_id}/").status_code == 404
        status, told = self.sent(here, replace(one, text="别的"), here.wei)
        assert (status, told["error"]) == (409, "id_in_use")

    def test_it_goes_in_nobody_elses_name_and_into_no_other_street(self, here: Place, there: Place) -> None:
        one = found(here)
        status, told = self.sent(here, one, here.coordinator, kept_by=here.wei)
        assert (status, told["error"]) == (409, "other_person")
        assert self.sent(there, one, here.wei)[0] == 404
        assert as_(here.wei).post(f"{DOOR}finds/", {"find_id": one.find_id}).status_code == 404
        status, told = self.sent(here, replace(one, point=there.town.at(50, 50)), here.wei, kept_by=here.wei)
        assert (status, told["at"]) == (422, "place") and not OwnFind.objects.exists()

    def test_a_refusal_says_which_part_of_the_form_and_what_lies_nearby(self, here: Place) -> None:
        case, one = here.report(now=clock.now(), case_type=LITTER), found(here)
        status, told = self.sent(here, one, here.wei)
        assert (status, told["error"], told["at"]) == (422, "reported_by_another", "another")
        (near,) = told["near"]  # type: ignore[misc]
        assert near["url"] == f"/s/yunqiao/cases/{case.code}/" and here.lan.name not in str(told)
        for more, at in (({"after_id": ""}, "upload-after"), ({"case_type": "nothing"}, "pick-case_type")):
            status, told = self.sent(here, one, here.wei, **more)
            assert (status, told["at"]) == (422, at) and "near" not in told
        assert self.sent(here, one, here.wei, another="on")[0] == 200

    def test_what_was_written_before_its_type_went_out_of_use_is_taken(self, here: Place, keeper: Person) -> None:
        page = as_(here.wei).get("/s/yunqiao/own-finds/offline/").content.decode()
        [editions] = re.findall(r'name="editions" value="([^"]*)"', page)
        changed(keeper, replace(terms(), is_active=False))
        one = found(here)
        for by, error in (
            ("", "find_type_missing"), ("litter.2", "find_type_missing"), ("litter.9", "asked_under_nothing"),
        ):  # fmt: skip
            status, told = self.sent(here, one, here.wei, editions=by)
            assert (status, told["error"], told["at"]) == (422, error, "pick-case_type")
        first, again = (self.sent(here, one, here.wei, editions=editions) for _twice in range(2))
        assert first == again and first[0] == 200
        kept = OwnFind.objects.get()
        assert (kept.case_type.code, kept.text, kept.photos.count()) == (LITTER, one.text, 2)
        page = as_(here.wei).get("/s/yunqiao/own-finds/new/").content.decode()
        assert f'<option value="{LITTER}"' not in page and "litter." not in page

    def test_another_grids_is_to_be_reported_and_the_empty_form_knows_nobody(self, here: Place) -> None:
        Assignment.objects.filter(person=here.wei).update(valid_until=clock.now())
        status, told = self.sent(here, found(here), here.wei)
        assert (status, told["error"]) == (403, "find_elsewhere") and "上报" in str(told["reason"])
        pages = [as_(who).get("/s/yunqiao/own-finds/offline/").content.decode() for who in (here.wei, here.lan)]
        assert pages[0] == pages[1] and "csrfmiddlewaretoken" not in pages[0] and "data-person" not in pages[0]

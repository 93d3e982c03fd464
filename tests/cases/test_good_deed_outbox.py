"""The doors of a phone that kept a good deed: taken in once, refused in words, nobody else's, no other street's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huipai.cases.commands.deeds import telling
from huipai.cases.models import DeedStep, GoodDeed
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from tests.cases.conftest import Place
from tests.cases.test_deeds import told
from tests.cases.test_outbox import phone
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
DOOR = "/s/yunqiao/outbox/good-deeds/"


def kept(place: Place, **more: object) -> dict[str, object]:
    at = place.town.at(50, 50)
    return {
        "good_deed_id": str(new_id()), "title": "雨天撑伞送老人回家", "doer": "other", "who": "3 号楼的小伙子",
        "text": "把伞让给老人", "address": "3 幢东门",
        "lng": at.lng, "lat": at.lat, "position_source": "device", **more,
    }  # fmt: skip


def test_the_same_again_gets_the_same_answer_and_is_once(here: Place) -> None:
    lan, photo = phone(here, here.lan), here.photo(here.lan, clock.now())
    sent = kept(here, photo_id=str(photo.id))
    first, again = (lan.post(DOOR, sent) for _ in range(2))
    assert first.status_code == 200 and first.json() == again.json()
    deed = GoodDeed.objects.get()
    assert (str(deed.id), deed.who, deed.address, deed.doer, deed.photos.get().photo_id) == (
        sent["good_deed_id"], "3 号楼的小伙子", "3 幢东门", None, photo.id,
    )  # fmt: skip
    assert DeedStep.objects.count() == Entry.objects.filter(what="deed.reported").count() == 1
    assert lan.get(f"{DOOR}{deed.id}/").json() == first.json()
    assert "3 幢东门" in as_(here.lan).get(first.json()["url"]).content.decode()
    assert "3 幢东门" in as_(here.coordinator).get(f"/s/yunqiao/deeds/{deed.id}/verification/").content.decode()
    other = lan.post(DOOR, {**sent, "title": "别的"})
    assert (other.status_code, other.json()["error"]) == (409, "id_in_use")
    assert GoodDeed.objects.get().title == sent["title"]


def test_nobody_elses_and_no_other_street(here: Place, there: Place) -> None:
    sent = kept(here)
    assert phone(here, here.lan).post(DOOR, sent).status_code == 200
    hua = phone(here, here.hua)
    assert hua.get(f"{DOOR}{sent['good_deed_id']}/").status_code == 404
    assert hua.post(DOOR, sent).json()["error"] == "id_in_use", "another's id, the same words"
    assert phone(there, here.lan).post(DOOR, kept(here)).status_code == 404
    assert phone(here, here.hua, owner=here.lan).post(DOOR, kept(here)).json()["error"] == "other_person"
    assert as_(here.lan).post(DOOR, kept(here)).status_code == 404, "without its street it is not taken"
    assert GoodDeed.objects.count() == 1


def test_what_is_wrong_is_said_with_its_place_and_nothing_is_taken(here: Place) -> None:
    lan, now = phone(here, here.lan), clock.now()
    of_a_case = here.report(now=now).photos.get().photo_id
    of_a_deed = here.photo(here.lan, now).id
    telling.tell(told=replace(told(here), photo_ids=(of_a_deed,)), reporter=here.lan, now=now)
    for more, error, at in (
        ({"photo_id": str(of_a_case)}, "photo_used", "upload-photo"),
        ({"photo_id": str(of_a_deed)}, "photo_used", "upload-photo"),
        ({"photo_id": str(new_id())}, "photo_missing", "upload-photo"),
        ({"title": " "}, "deed_title_missing", "f-title"),
        ({"doer": ""}, "invalid", "pick-doer"),
        ({"who": "王" * 61}, "invalid", "f-who"),
        ({"address": "路" * 201}, "invalid", "place"),
        ({"lng": "", "lat": ""}, "no_place", "place"),
        ({"lng": "100", "lat": "20"}, "outside_the_street", "place"),
        ({"good_deed_id": "x"}, "invalid", ""),
    ):
        refused = lan.post(DOOR, kept(here, **more))
        assert (refused.status_code, refused.json()["error"], refused.json()["at"]) == (422, error, at), more
        assert refused.json()["reason"]
    assert GoodDeed.objects.count() == 1


def test_the_empty_form_knows_nobody_and_has_the_places(here: Place) -> None:
    pages = [as_(who).get("/s/yunqiao/report/good-deed/offline/").content.decode() for who in (here.lan, here.hua)]
    assert pages[0] == pages[1] and "csrfmiddlewaretoken" not in pages[0] and "data-person" not in pages[0]
    assert "data-spots-kept" in pages[0] and 'name="good_deed_id"' not in pages[0]
    assert 'name="good_deed_id"' in as_(here.lan).get("/s/yunqiao/report/good-deed/").content.decode()

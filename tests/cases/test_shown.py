"""The gate: what a person has released and nothing else, on every surface, and gone from all of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile
from random import Random
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client

from huipai.cases import showing, telling
from huipai.cases.commands import handling, releasing, retyping, triage, withdrawing
from huipai.cases.models import Case, CaseType, KeptBack, Shown, ShownPhoto
from huipai.cases.models.case import UNCHECKED
from huipai.cases.queries import shown
from huipai.cases.queries.shown import Feed, Wanted
from huipai.cases.rules import tiles
from huipai.cases.rules.tiles import View
from huipai.cases.words import Going, Span, State
from huipai.grid.models import GridNode
from huipai.kit.ids import new_id
from huipai.kit.verdict import Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.words import ErasingReason
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.showing import Surfaces, developed, photo_ids_of, release
from tests.cases.test_neighbours import passed
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY

ALL_SURFACES = 14


def seen(case: Case, **more: object) -> dict[str, bool]:
    return Surfaces(**more).of(case.code, photo_ids_of(case)[0])  # type: ignore[arg-type]


def test_a_neighbour_is_not_the_one_whose_word_is_waited_for(here: Place) -> None:
    case = release(here, here.report(case_type=LITTER))
    passed(here, case)
    Shown.objects.get(code=case.code, state="confirming")
    for path in ("nearby/", f"c/{case.code}/"):
        page = re.sub(r"<template.*?</template>", "", Client().get(f"/s/yunqiao/{path}").content.decode(), flags=re.S)
        assert "等上报人确认" in page and "待您确认" not in page
    heaps = Client().get("/s/yunqiao/nearby/heaps/?bbox=119,30,122,33&zoom=18").content.decode()
    assert "awaiting_reporter" in heaps


def nowhere(case: Case, **more: object) -> bool:
    found = seen(case, **more)
    assert len(found) == ALL_SURFACES
    return not any(found.values())


class TestTheGate:
    def test_a_released_case_is_on_every_surface(self, here: Place) -> None:
        case = release(here, here.report())
        assert all(seen(case).values()), seen(case)

    def test_what_nobody_released_is_nowhere(self, here: Place) -> None:
        case = here.report()
        developed(photo_ids_of(case)[0])
        assert nowhere(case)

    @pytest.mark.parametrize("client", ["visitor", "reporter", "worker"])
    def test_the_gate_is_the_same_for_everybody(self, here: Place, client: str) -> None:
        case = here.report()
        person = {"reporter": here.lan, "worker": here.wei}.get(client)
        found = seen(case, client=as_(person) if person else Client())
        found.pop("home")  # where the reporter has a list of their own
        assert not any(found.values())

    def test_taken_back_is_gone_from_all_of_them_at_once(self, here: Place) -> None:
        case = release(here, here.report())
        releasing.take_back(photo_id=photo_ids_of(case)[0], actor=here.coordinator, now=TUESDAY)
        assert nowhere(case)

    def test_a_browser_that_kept_a_photo_is_told(self, here: Place) -> None:
        case = release(here, here.report())
        path = f"/s/yunqiao/c/{case.code}/photos/{photo_ids_of(case)[0]}/"
        first = Client().get(path)
        assert b"".join(first.streaming_content)  # type: ignore[attr-defined]
        assert first["Cache-Control"] == "private, no-cache"
        assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
        releasing.take_back(photo_id=photo_ids_of(case)[0], actor=here.coordinator, now=TUESDAY)
        assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 404

    def test_a_reader_that_kept_the_feed_is_told(self, here: Place) -> None:
        case = release(here, here.report())
        Shown.objects.update(title="雨天\x08撑\uffff伞")  # as one could be typed before such signs were left out
        first = Client().get("/s/yunqiao/feed/")
        assert "雨天撑伞" in {one.text for one in ElementTree.fromstring(first.content).iter() if one.text}
        assert Client().get("/s/yunqiao/feed/", headers={"If-None-Match": first["ETag"]}).status_code == 304
        releasing.take_back(photo_id=photo_ids_of(case)[0], actor=here.coordinator, now=TUESDAY)
        again = Client().get("/s/yunqiao/feed/", headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 200 and case.code not in again.content.decode()

    def test_a_reader_that_kept_the_feed_is_told_of_another_kind_name_and_place(self, here: Place) -> None:
        case = release(here, here.report(case_type=LITTER))
        path, client = "/s/yunqiao/feed/", Client()
        tags = [client.get(path)["ETag"]]
        retyping.retype(case_id=case.id, case_type=PARKING, actor=here.coordinator, text="", now=TUESDAY)
        tags.append(client.get(path)["ETag"])
        CaseType.objects.filter(code=PARKING).update(name="车停歪了")
        tags.append(client.get(path)["ETag"])
        GridNode.objects.filter(pk=case.node_id).update(name="新名字")
        tags.append(client.get(path)["ETag"])
        assert len(set(tags)) == 4 and client.get(path, headers={"If-None-Match": tags[-1]}).status_code == 304

    def test_the_page_has_a_mark_for_all_that_the_map_can_be_told(self, here: Place) -> None:
        marks = showing.marks()
        html = Client().get("/s/yunqiao/nearby/").content.decode()
        assert all(f'data-state="{mark}"' in html for mark in marks)
        row = Shown.objects.get(pk=release(here, here.report()).pk)
        for state in set(State) - {State.DECLINED, State.NOT_FILED, State.MERGED, State.VOIDED}:
            for is_unchecked in (False, True):
                row.state, row.is_unchecked = state, is_unchecked
                assert {showing.chip_of(showing.row_of(row)), str(state)} <= set(marks)
        row.kind = "good_deed"
        assert showing.chip_of(showing.row_of(row)) in marks

    def test_a_private_kind_is_not_shown_even_if_released(self, here: Place) -> None:
        case = release(here, here.report())
        Case.objects.filter(pk=case.pk).update(is_public=False)
        assert nowhere(case)
        with pytest.raises(releasing.NotToBeShown):
            release(here, case)

    def test_declined_is_gone(self, here: Place) -> None:
        case = release(here, here.report())
        handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="", now=TUESDAY)
        assert nowhere(case)

    def test_withdrawn_is_gone(self, here: Place) -> None:
        case = release(here, here.report())
        withdrawing.withdraw(case_id=case.id, actor=here.lan, now=TUESDAY)
        assert nowhere(case)

    def test_merged_is_gone_and_its_photo_goes_on_with_the_other(self, here: Place) -> None:
        first, second = release(here, here.report()), release(here, here.report(here.hua, now=TUESDAY))
        moved = photo_ids_of(second)[0]
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=TUESDAY)
        left = Surfaces().of(second.code, moved)
        left.pop("map, far out")  # where the other one lies
        assert left.pop("page")  # its address leads to the other one
        led = Client().get(f"/s/yunqiao/c/{second.code}/")
        assert (led.status_code, led["Location"]) == (302, f"/s/yunqiao/c/{first.code}/")
        assert not any(left.values()), left
        assert Surfaces().text(f"c/{first.code}/").count("<figcaption") == 2

    def test_an_erased_photo_is_gone(self, here: Place) -> None:
        case = release(here, here.report())
        photo = Photo.objects.get(pk=photo_ids_of(case)[0])
        photos.erase(photo=photo, by=None, reason=ErasingReason.REQUEST, now=TUESDAY)
        assert nowhere(case)

    def test_what_a_child_photographed_is_not_shown(self, here: Place) -> None:
        case = release(here, here.report())
        Person.objects.filter(pk=here.lan.pk).update(birth_year=MONDAY.year - 12)
        assert nowhere(case)

    def test_what_a_child_sends_is_not_shown_from_the_start(self, here: Place) -> None:
        Person.objects.filter(pk=here.lan.pk).update(birth_year=MONDAY.year - 12)
        assert nowhere(release(here, here.report()))

    def test_another_streets_is_not_found_here(self, here: Place, there: Place) -> None:
        with in_street(there.street.id):
            case = release(there, there.report())
            photo = photo_ids_of(case)[0]
        assert not any(Surfaces("yunqiao").of(case.code, photo).values())
        assert all(Surfaces("hetang").of(case.code, photo).values()) or there.street.center_lng != 120.73

    def test_photos_of_the_check_and_of_a_dispute_stay_inside(self, here: Place) -> None:
        case = release(here, here.report())
        part = case.photos.get()
        part.moment = "check"
        part.save()
        assert nowhere(case)

    def test_nothing_else_of_a_case_is_told(self, here: Place) -> None:
        sending = here.sending(here.photo(here.lan), text="楼上老王又堵了", address="柳溪路 18 号 G302 室")
        case = release(here, Case.objects.get(pk=here.receive(sending, here.lan).case_id))
        handling.accept(case_id=case.id, actor=here.wei, now=TUESDAY)
        for path in ("nearby/", f"c/{case.code}/", "feed/", "nearby/heaps/?bbox=119,30,122,33&zoom=18"):
            told = Surfaces().text(path)
            assert case.code in told
            for secret in ("老王", "G302", here.lan.name, here.wei.name, str(here.lan.id), str(case.id)):
                assert secret not in told, (path, secret)

    def test_what_stands_there_is_what_the_gate_says_now(self, here: Place) -> None:
        """After a life with everything in it, asking the gate about every case again changes nothing."""
        for number in range(4):
            case = release(here, here.report(case_type=LITTER, now=MONDAY))
            if number % 2:
                handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="", now=TUESDAY)
        before = list(Shown.objects.order_by("id").values()), list(ShownPhoto.objects.order_by("id").values())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT cases_show(one.street_id, one.id) FROM cases_case AS one WHERE one.street_id = %s",
                [here.street.id],
            )
        assert before == (
            list(Shown.objects.order_by("id").values()), list(ShownPhoto.objects.order_by("id").values())
        )  # fmt: skip
        assert len(before[0]) == 2 and shown.leaks() == []

    def test_verify_finds_what_was_written_past_the_gate(self, here: Place) -> None:
        case = here.report()
        [photo_id] = photo_ids_of(case)
        one = Shown.objects.create(
            id=case.id, kind=case.kind, code=case.code, case_type=case.case_type, node=case.node, state=case.state,
            lng=case.lng, lat=case.lat, quadkey=0, happened_at=MONDAY, is_current=True,
        )  # fmt: skip
        ShownPhoto.objects.create(id=photo_id, shown=one, photo_id=photo_id, moment="before")
        assert shown.leaks() == [photo_id]


class TestReleasing:
    def test_only_somebody_of_the_grid_who_took_no_part(self, here: Place, there: Place) -> None:
        case = here.report()
        for person in (here.lan, here.hua, here.qin):
            with pytest.raises(NotAllowed):
                release(here, case, by=person)
            assert as_(person).get("/s/yunqiao/releasing/").status_code == 403
        for person in (here.wei, here.coordinator):
            assert as_(person).get("/s/yunqiao/releasing/").status_code == 200
        assert Client().get("/s/yunqiao/releasing/").status_code == 302

    def test_no_name_of_a_reporter_stands_in_a_place(self, here: Place) -> None:
        developed(photo_ids_of(here.report(address=f"东门，{here.lan.name}家门口"))[0])
        page = as_(here.coordinator).get("/s/yunqiao/releasing/").content.decode()
        assert "东门" in page and here.lan.name not in page

    def test_the_queue_leads_through_every_photo_with_a_way_back(self, here: Place) -> None:
        case = here.report()
        photo = developed(photo_ids_of(case)[0])
        desk = as_(here.coordinator)
        assert photo.public_sha256 in desk.get("/s/yunqiao/releasing/").content.decode()
        path = f"/s/yunqiao/releasing/{photo.id}"
        after = desk.post(f"{path}/release/", {"copy": photo.public_sha256}, follow=True).content.decode()
        assert "都看过了" in after and "撤销" in after
        assert desk.post(f"{path}/taking-back/", follow=True).status_code == 200
        assert not Shown.objects.exists()
        assert desk.post(f"{path}/keeping/", {}).status_code == 422
        assert desk.post(f"{path}/keeping/", {"reason": "faces"}, follow=True).status_code == 200
        assert "有人脸" in desk.get("/s/yunqiao/releasing/?view=kept").content.decode()
        assert "都看过了" in desk.get("/s/yunqiao/releasing/").content.decode()
        desk.post(f"{path}/reconsidering/")
        assert not KeptBack.objects.exists()

    def test_whoever_looks_at_photos_is_led_there_from_home(self, here: Place) -> None:
        developed(photo_ids_of(here.report())[0])
        for person in (here.wei, here.coordinator):
            assert "1 张照片等人看" in as_(person).get("/s/yunqiao/").content.decode()
        assert "照片等人看" not in as_(here.hua).get("/s/yunqiao/").content.decode()

    def test_twice_is_once_and_a_shown_photo_is_not_kept_back(self, here: Place) -> None:
        case = release(here, release(here, here.report()))
        with pytest.raises(releasing.IsShown):
            releasing.keep_back(
                photo_id=photo_ids_of(case)[0], actor=here.coordinator, reason="faces", now=TUESDAY
            )  # fmt: skip

    def test_what_another_has_decided_since_the_page_was_made_is_not_undone_by_it(self, here: Place) -> None:
        """Both are shown the same photo: the yes of one who has not seen the other's no shows it to nobody."""
        case = here.report()
        photo = developed(photo_ids_of(case)[0])
        page, at = (
            as_(here.coordinator).get("/s/yunqiao/releasing/").content.decode(),
            f"/s/yunqiao/releasing/{photo.id}/",
        )
        read = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[0] for name in ("copy", "looked_at")}
        as_(here.wei).post(f"{at}keeping/", {"reason": "faces"})
        answer = as_(here.coordinator).post(f"{at}release/", read)
        assert answer.status_code == 409 and "刚才有人定了先不公开" in answer.content.decode()
        assert KeptBack.objects.get().reason == "faces" and not Photo.objects.get(pk=photo.pk).is_public
        as_(here.wei).post(f"{at}reconsidering/")
        assert as_(here.coordinator).post(f"{at}release/", read).status_code == 302
        as_(here.wei).post(f"{at}taking-back/")
        assert as_(here.coordinator).post(f"{at}release/", read).status_code == 409
        for nothing in ({}, {"looked_at": "soon"}, {"looked_at": "2026-11-24T02:00:00"}):
            answer = as_(here.coordinator).post(f"{at}release/", {"copy": read["copy"], **nothing})
            assert answer.status_code == 409
        assert not Photo.objects.get(pk=photo.pk).is_public

    def test_one_that_was_kept_back_is_so_after_a_merge_too(self, here: Place) -> None:
        first, second = here.report(), here.report(here.hua)
        photo = developed(photo_ids_of(second)[0])
        releasing.keep_back(photo_id=photo.id, actor=here.coordinator, reason="faces", now=TUESDAY)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.coordinator, now=TUESDAY)
        assert photo.id in photo_ids_of(first)
        assert str(photo.id) not in [str(one.id) for one in telling.releasable(first, here.coordinator, TUESDAY)]
        with pytest.raises(releasing.DecidedSince):
            releasing.release(
                photo_id=photo.id, actor=here.coordinator, copy_seen=photo.public_sha256, looked_at=TUESDAY, now=TUESDAY
            )

    def test_another_copy_than_the_one_looked_at_is_not_released(self, here: Place) -> None:
        case = here.report()
        photo = developed(photo_ids_of(case)[0])
        with pytest.raises(Moved):
            releasing.release(
                photo_id=photo.id, actor=here.coordinator, copy_seen="0" * 64, looked_at=TUESDAY, now=TUESDAY
            )

    def test_another_streets_photo_does_not_exist(self, here: Place, there: Place) -> None:
        with in_street(there.street.id):
            photo_id = photo_ids_of(there.report())[0]
        with pytest.raises(NotVisible):
            releasing.release(photo_id=photo_id, actor=here.coordinator, copy_seen="", looked_at=TUESDAY, now=TUESDAY)
        assert as_(here.coordinator).post(f"/s/yunqiao/releasing/{photo_id}/release/").status_code == 404


class TestFilters:
    def codes(self, **wanted: object) -> set[str]:
        return {row.code for row in Feed(Wanted(**wanted))[:50]}  # type: ignore[arg-type]

    def test_by_kind_state_community_category_time_and_words(self, here: Place) -> None:
        jam = release(here, here.report())
        litter = release(here, here.report(case_type=LITTER, now=TUESDAY))
        handling.handle_on_the_spot(case_id=litter.id, actor=here.wei, text="扫了", photo_ids=(), now=TUESDAY)
        both = {jam.code, litter.code}
        parking = CaseType.objects.get(code=PARKING)
        assert self.codes() == self.codes(span=Span.ALL) == self.codes(going=Going.OPEN) == both
        assert self.codes(going=Going.DONE) == self.codes(going=Going.DEEDS) == set()
        assert self.codes(type_id=parking.id) == self.codes(words="乱停") == self.codes(words=jam.code) == {jam.code}
        assert self.codes(area=here.town["C"].path) == self.codes(words=here.town["C"].name) == both
        assert self.codes(since=TUESDAY) == {litter.code}
        assert self.codes(words="没有这种事") == set()

    @pytest.mark.parametrize(
        "query", ["going=nonsense", "span=1", "community=none", "type=none", "page=-1", "q=%25_'", "q=" + "长" * 900]
    )
    def test_nonsense_in_the_address_is_passed_over(self, here: Place, query: str) -> None:
        assert Client().get(f"/s/yunqiao/nearby/?{query}").status_code == 200

    @pytest.mark.parametrize("query", ["", "bbox=1,2,3&zoom=4", "bbox=a,b,c,d&zoom=1", "bbox=9,9,1,1&zoom=1",
                                       "bbox=1,1,2,2&zoom=nan"])  # fmt: skip
    def test_a_view_that_makes_no_sense_is_refused(self, here: Place, query: str) -> None:
        assert Client().get(f"/s/yunqiao/nearby/heaps/?{query}").status_code == 422


class TestNearMe:
    def test_answers_from_the_body_and_keeps_nothing(self, here: Place) -> None:
        case = release(here, here.report())
        visitor = Client()
        found = visitor.post("/s/yunqiao/nearby/here/", {"lng": "120.7301", "lat": "31.2801"}).content.decode()
        assert f"/c/{case.code}/" in found and "只用这一次" in found and "120.7301" not in found
        far = visitor.post("/s/yunqiao/nearby/here/", {"lng": "120.9", "lat": "31.28"}).content.decode()
        assert case.code not in far and "500 米以内没有" in far
        assert "没收到位置" in visitor.post("/s/yunqiao/nearby/here/", {}).content.decode()
        assert visitor.get("/s/yunqiao/nearby/here/")["Location"] == "/s/yunqiao/nearby/"


class TestTheMap:
    def test_a_place_has_the_same_number_in_python_and_in_the_database(self, here: Place) -> None:
        chance = Random(7)
        places = [(chance.uniform(-180, 180), chance.uniform(-85, 85)) for _ in range(200)] + [
            (180.0, 90.0),
            (-180.0, -90.0),
        ]
        with connection.cursor() as cursor:
            cursor.execute("SELECT cases_quadkey(lng, lat) FROM unnest(%s::float8[], %s::float8[]) AS p(lng, lat)",
                           [[lng for lng, _ in places], [lat for _, lat in places]])  # fmt: skip
            said = [number for (number,) in cursor.fetchall()]
        assert said == [tiles.quadkey(lng, lat) for lng, lat in places]

    def test_every_place_of_a_view_lies_in_exactly_one_of_its_squares(self) -> None:
        chance = Random(3)
        for zoom in (0, 9, 13.7, 16, 24):
            view = View(120.70, 31.25, 120.76, 31.31, zoom)
            cells = tiles.squares(view)
            assert len(cells) <= tiles.MOST
            for _ in range(60):
                number = tiles.quadkey(chance.uniform(view.west, view.east), chance.uniform(view.south, view.north))
                assert sum(cell.low <= number < cell.high for cell in cells) == 1

    def test_far_out_is_a_heap_and_near_are_pins(self, here: Place) -> None:
        for n in range(3):
            release(here, here.report(at=here.town.at(20 + 30 * n, 50), case_type=LITTER))
        far = shown.heaps(Wanted(), View(119, 30, 122, 33, 5))
        assert [heap.count for heap in far] == [3] and not far[0].things
        near = shown.heaps(Wanted(), _around(here, 21))
        assert sorted(heap.count for heap in near) == [1, 1, 1]
        assert all([one.code for one in heap.things] for heap in near)

    def test_what_lies_on_one_spot_is_told_as_no_nearer_view_parts_it(self, here: Place) -> None:
        spot = here.town.at(50, 50)
        things = [release(here, here.report(at=spot, case_type=LITTER)) for _ in range(shown.LISTED + 1)]
        for zoom in (5, 21):
            (heap,) = shown.heaps(Wanted(), _around(here, zoom))
            assert heap.count == shown.LISTED + 1
            assert [one.id for one in heap.things] == sorted((thing.id for thing in things), reverse=True)[:-1]
        (told,) = Client().get("/s/yunqiao/nearby/heaps/?bbox=119,30,122,33&zoom=18").json()["heaps"]
        assert (told["n"], [one["code"] for one in told["things"]]) == (heap.count, [one.code for one in heap.things])

    def test_a_heap_says_that_something_in_it_was_closed_unchecked(self, here: Place) -> None:
        cases = [release(here, here.report(at=here.town.at(20 + 30 * n, 50), case_type=LITTER)) for n in range(2)]
        Shown.objects.filter(pk=cases[0].pk).update(state=State.CLOSED, is_unchecked=True)
        (told,) = Client().get("/s/yunqiao/nearby/heaps/?bbox=119,30,122,33&zoom=5").json()["heaps"]
        assert sorted(told["states"]) == sorted((UNCHECKED, Shown.objects.get(pk=cases[1].pk).state))

    def test_a_full_square_costs_no_more_than_a_hundred(self, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        assert f"LIMIT {shown.COUNTED}" in shown.map_statement(())


def _around(place: Place, zoom: float) -> View:
    at = place.town.at(50, 50)
    return View(at.lng - 0.003, at.lat - 0.003, at.lng + 0.003, at.lat + 0.003, zoom)


class TestCost:
    @pytest.mark.parametrize("path", ["nearby/", "nearby/?q=乱停", "nearby/heaps/?bbox=119,30,122,33&zoom=18", "feed/"])
    def test_the_same_number_of_queries_however_much_is_shown(
        self, here: Place, path: str, django_assert_num_queries: Callable[..., object]
    ) -> None:
        release(here, here.report())
        visitor = Client()
        visitor.get(f"/s/yunqiao/{path}")
        most = {"nearby/": 5, "nearby/?q=乱停": 6, "feed/": 2}.get(path, 3)
        for _ in range(2):
            with django_assert_num_queries(most):  # type: ignore[attr-defined]
                visitor.get(f"/s/yunqiao/{path}")
            for _more in range(3):
                release(here, here.report(case_type=LITTER))

    def test_the_feed_walks_its_index_and_the_map_looks_into_its_squares(self, here: Place) -> None:
        since = TUESDAY
        asked = {**Wanted(since=since).values(), "size": 21, "start": 0}
        asked |= {"lows": [0, 1 << 42], "highs": [1 << 42, 1 << 43]}
        _many_shown(here, 3000)
        for conditions, looked in (
            (("current",), "cases_shown_current_here"),
            (("open",), "cases_shown_current_here"),
            (("since",), "cases_shown_here_since"),
            ((), "cases_shown_all_here"),
        ):
            feed, places = _plan(shown.feed_statement(conditions), asked), _plan(shown.map_statement(conditions), asked)
            page = _below_the_limit(feed)
            assert "using cases_shown" in page and "Seq Scan on cases_shown" not in feed, conditions
            assert "Sort" not in page or conditions == ("since",)
            assert f"{looked} " in places

    def test_a_rare_kind_a_place_and_a_number_have_an_index_of_all_time(self, here: Place) -> None:
        asked = {**Wanted(type_id=new_id(), area=here.town["C"].path).values(), "size": 21, "start": 0, "code": "X"}
        _many_shown(here, 3000)
        for conditions, looked in (
            (("type",), "cases_shown_of_a_type"),
            (("deeds",), "cases_shown_deeds"),
            (("code",), "cases_one_shown_a_code"),
        ):
            assert f"using {looked} " in _plan(shown.feed_statement(conditions), asked), conditions
        assert "Seq Scan on cases_shown" not in _plan(shown.feed_statement(("area",)), asked)

    def test_a_word_that_means_nothing_looks_at_nothing(self, here: Place) -> None:
        """Only a number could still be meant; of a word that names a kind, the kind is looked for."""
        release(here, here.report())
        assert shown._asked(Wanted(words="没有这样的字"))[0] == ("current", "code")
        assert shown._asked(Wanted(words="乱停"))[0] == ("current", "words2")
        assert shown.Feed(Wanted(words="没有这样的字"))[0:21] == []


def _many_shown(place: Place, count: int) -> None:
    """As many rows as make an index worth its while; the gate itself is not in question here."""
    case = release(place, place.report())
    one = Shown.objects.get(pk=case.pk)
    Shown.objects.bulk_create(
        Shown(
            kind=one.kind, code=f"X{n}", case_type=one.case_type, node=one.node, state=one.state, lng=one.lng,
            lat=one.lat, quadkey=one.quadkey + n, cover=one.cover, happened_at=one.happened_at, is_current=n % 9 == 0,
        )
        for n in range(count)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_shown")


def _below_the_limit(plan: str) -> str:
    """How a page is read. What then names its rows may be planned in any order: it is asked for a page's rows only."""
    lines = iter(plan.splitlines())
    depth = next(line.index("Limit") for line in lines if "Limit " in line)
    return "\n".join(takewhile(lambda line: len(line) - len(line.lstrip()) >= depth, lines))


def _plan(statement: str, values: dict[str, object]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}", values)
        return "\n".join(row[0] for row in cursor.fetchall())

"""The doors of a phone that kept a claim: who may send it, and the same answer however often it is sent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.points.models import Claim
from huipai.points.words import CLAIMS_A_DAY, ClaimState
from huipai.streets.current import in_street
from tests.cast import staff
from tests.points.claims.world import BY_ITSELF, EITHER, World

pytestmark = pytest.mark.django_db
CLAIMS = "/s/yunqiao/outbox/claims/"


def phone(world: World, person: Person | None, *, owner: Person | None = None) -> Client:
    """A phone on which `owner` kept something, and on which `person` is signed in."""
    kept = owner or person
    assert kept is not None
    client = Client(
        headers={"Accept": "application/json", "X-Street-Id": str(world.street.id), "X-Person-Id": str(kept.id)}
    )
    if person is not None:
        assert person.account is not None
        client.force_login(person.account)
    return client


def kept(**more: object) -> dict[str, object]:
    return {"claim_id": str(new_id()), "item": "ox-01", "note": "给三楼的老人买了菜", **more}


class TestSending:
    def test_the_same_again_gets_the_stored_answer(self, world: World) -> None:
        lan, sent = phone(world, world.lan), kept(photo_id=[str(world.photo(world.lan).id)])
        first, again = (lan.post(CLAIMS, sent) for _ in range(2))
        assert first.status_code == 200 and first.json() == again.json()
        assert first.json()["url"] == f"/s/yunqiao/points/claims/{sent['claim_id']}/received/"
        assert Claim.objects.get().evidence.count() == 1
        assert lan.get(f"{CLAIMS}{sent['claim_id']}/").json() == first.json()

    def test_it_says_which_picture_is_a_screenshot(self, world: World) -> None:
        ids = {part: str(world.photo(world.lan).id) for part in ("photo_id", "screenshot_id")}
        assert phone(world, world.lan).post(CLAIMS, kept(item=EITHER.code, **ids)).status_code == 200
        shown = {one.kind: str(one.photo_id) for one in Claim.objects.get().evidence.all()}
        assert shown == {"photo": ids["photo_id"], "screenshot": ids["screenshot_id"]}

    def test_the_same_id_with_other_content_of_another_or_of_another_street_is_one_refusal(
        self, world: World, elsewhere: World
    ) -> None:
        sent = kept()
        phone(world, world.lan).post(CLAIMS, sent)
        answers = [
            phone(world, world.lan).post(CLAIMS, {**sent, "note": "别的话"}),
            phone(world, world.hua).post(CLAIMS, sent),
            phone(elsewhere, elsewhere.lan).post("/s/hetang/outbox/claims/", sent),
        ]
        assert [answer.status_code for answer in answers] == [409] * 3
        assert {answer.json()["error"] for answer in answers} == {"claim_id_in_use"}
        assert Claim.objects.get().note == "给三楼的老人买了菜"

    def test_it_is_taken_in_its_street_and_in_the_name_of_its_person_only(self, world: World, elsewhere: World) -> None:
        sent = kept()
        assert world.lan.account is not None
        nameless = Client(headers={"Accept": "application/json"})
        nameless.force_login(world.lan.account)
        for client in (nameless, phone(elsewhere, world.lan)):
            assert client.post(CLAIMS, sent).status_code == 404
        theirs = phone(world, world.hua, owner=world.lan).post(CLAIMS, sent)
        assert (theirs.status_code, theirs.json()["error"]) == (409, "other_person")
        signed_out = phone(world, None, owner=world.lan).post(CLAIMS, sent)
        assert (signed_out.status_code, signed_out.json()["error"]) == (401, "sign_in_first")
        with in_street(world.street.id):
            assert not Claim.objects.exists()

    @pytest.mark.parametrize(
        ("change", "status", "error", "at"),
        [
            ({"note": ""}, 422, "claim_no_evidence", "upload-photo"),
            ({"note": "长" * 301}, 422, "claim_note_too_long", "f-note"),
            ({"item": "ox-99"}, 422, "claim_no_such_item", "pick-item"),
            ({"item": ""}, 422, "claim_no_such_item", "pick-item"),
            ({"item": BY_ITSELF.code}, 403, "claim_by_itself", ""),
            ({"photo_id": [str(uuid4())]}, 422, "claim_photo_missing", "upload-photo"),
            ({"claim_id": "x"}, 422, "invalid", ""),
        ],
    )
    def test_a_refusal_says_what_is_wrong_and_where(
        self, world: World, change: dict[str, object], status: int, error: str, at: str
    ) -> None:
        told = (answer := phone(world, world.lan).post(CLAIMS, kept(**change))).json()
        assert (answer.status_code, told["error"], told["at"]) == (status, error, at) and told["reason"]
        assert not Claim.objects.exists()

    def test_a_limit_that_was_reached_meanwhile_is_said_and_waits(self, world: World) -> None:
        lan = phone(world, world.lan)
        for number in range(CLAIMS_A_DAY):
            lan.post(CLAIMS, kept(note=f"第 {number} 户"))
        answer = lan.post(CLAIMS, kept(note="又一户"))
        assert (answer.status_code, answer.json()["error"]) == (429, "claim_too_many")

    def test_it_may_be_put_aside_and_sent_later_under_the_same_id(self, world: World) -> None:
        lan, sent = phone(world, world.lan), kept()
        aside = lan.post(CLAIMS, {**sent, "note": "", "keep": "1"})
        assert aside.json()["url"] == "/s/yunqiao/points/claims/"
        assert Claim.objects.get().state == ClaimState.DRAFT
        # A phone that did not hear the answer is not told that a draft was sent.
        assert lan.get(f"{CLAIMS}{sent['claim_id']}/").status_code == 404
        assert lan.post(CLAIMS, sent).status_code == 200
        assert Claim.objects.get().state == ClaimState.SUBMITTED


class TestAnswer:
    def test_is_for_whoever_sent_it(self, world: World, elsewhere: World) -> None:
        claim = world.claim()
        assert phone(world, world.lan).get(f"{CLAIMS}{claim.id}/").status_code == 200
        assert phone(world, world.hua).get(f"{CLAIMS}{claim.id}/").status_code == 404
        assert phone(world, world.lan).get(f"{CLAIMS}{uuid4()}/").status_code == 404
        there = f"/s/hetang/outbox/claims/{claim.id}/"
        assert phone(elsewhere, elsewhere.lan).get(there).status_code == 404


class TestEmptyForm:
    def test_is_the_same_for_everybody_and_holds_every_item_that_can_be_asked_for(self, world: World) -> None:
        path = "/s/yunqiao/points/claim/"
        clerk = staff("陶", "13900000077")
        pages = [
            client.get(path).content.decode() for client in (phone(world, world.lan), phone(world, clerk), Client())
        ]
        assert pages[0] == pages[1] == pages[2] and "data-person" not in pages[0] and "csrf" not in pages[0]
        assert 'value="ox-01"' in pages[0] and f'value="{BY_ITSELF.code}"' not in pages[0]

    def test_before_there_is_a_rulebook_it_says_so(self, client: Client, hetang: object) -> None:
        assert "现在没有能报的条目" in client.get("/s/hetang/points/claim/").content.decode()

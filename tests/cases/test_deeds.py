"""Good deeds: told by anybody, published by a third, thanked once (ruling 16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from huipai.cases import deed_notices
from huipai.cases.commands import liking
from huipai.cases.commands.deeds import ending, publishing, telling
from huipai.cases.commands.deeds.publishing import Verified
from huipai.cases.commands.deeds.telling import DeedNamesSomebody, Told
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.commands.intake import NotThisId
from huipai.cases.commands.stepping import PhotoUsed
from huipai.cases.deed_words import DEEDS_A_DAY, DeedAction, DeedReason, DeedState, ThirdParty
from huipai.cases.models import DeedStep, GoodDeed, Like, Shown
from huipai.cases.policies.at_counter import may_write_down_leaving
from huipai.cases.queries import deeds as deed_queries
from huipai.cases.queries import types
from huipai.cases.queries.shown import Feed, Wanted
from huipai.cases.rules import deeds as machine
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Going
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import queries as points
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import Earner, Evidence, Port
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import Place
from tests.cases.showing import Surfaces, developed, release
from tests.cases.test_pages import as_
from tests.cast import GROUND, MONDAY, OWNER, TUESDAY
from tests.points.test_awarding import home

OX = Terms(
    code="ox-04", port=Port.OX, title="做了一件好事", description="协调员核实。", points=3, month_cap=30,
    automatic=True, evidence=(Evidence.FACT,), owner=OWNER, legal_ground=GROUND,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _rules(request: pytest.FixtureRequest) -> None:
    if "here" in request.fixturenames:
        request.getfixturevalue("here")
        cast.rulebook(cast.FOUND, OX, since=cast.A_MONTH_AGO + timedelta(days=1))


def told(place: Place, *, own: bool = False, photos: tuple[UUID, ...] = (), **more: object) -> Told:
    base = Told(
        deed_id=new_id(), title="雨天撑伞送老人回家", text="把伞让给老人，一直送到楼下。", who="3 号楼的小伙子",
        is_own=own, point=place.town.at(50, 50), photo_ids=photos,
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def tell(place: Place, by: Person | None = None, **more: object) -> GoodDeed:
    return telling.tell(told=told(place, **more), reporter=by or place.lan, now=MONDAY)  # type: ignore[arg-type]


def seen(deed: GoodDeed) -> dict[UUID, str]:
    ids = deed.photos.values_list("photo_id", flat=True)
    return {photo_id: developed(photo_id).public_sha256 for photo_id in ids}


def publish(place: Place, deed: GoodDeed, by: Person | None = None, **more: object) -> tuple[GoodDeed, int]:
    verified = Verified(
        title="雨天撑伞送老人回家", text="一位小伙子把伞让给老人。", third_party=ThirdParty.NOBODY, point_item=OX.code,
        seen=seen(deed), doer_phone="" if deed.doer_id else str(place.hua.account and place.hua.account.phone),
    )  # fmt: skip
    verified = replace(verified, **more)  # type: ignore[arg-type]
    return publishing.publish(deed_id=deed.id, actor=by or place.coordinator, verified=verified, now=TUESDAY)


def follow() -> None:
    """Run the follower of every entry about a deed twice, as a worker may."""
    for entry in Entry.objects.filter(what__in=deed_notices.TOLD):
        for _twice in range(2):
            deed_notices.tell(entry_id=entry.id, now=entry.happened_at)


def kinds_of(person: Person) -> set[str]:
    return set(Notice.objects.filter(person=person).values_list("kind", flat=True))


class TestTheMachine:
    def test_every_state_can_be_reached_and_the_rest_can_end(self) -> None:
        reached = {machine.INITIAL} | {row.target for row in machine.DEEDS}
        assert reached == machine.states() == set(DeedState)
        assert machine.ends() == {DeedState.DECLINED, DeedState.WITHDRAWN, DeedState.TAKEN_DOWN}

    def test_every_reason_belongs_to_a_step(self) -> None:
        assert set(DeedReason) == {reason for row in machine.DEEDS for reason in row.reasons}

    @pytest.mark.parametrize("state", sorted(machine.ends()))
    def test_nothing_leaves_an_end(self, state: DeedState) -> None:
        for action in (DeedAction.PUBLISH, DeedAction.DECLINE, DeedAction.WITHDRAW, DeedAction.TAKE_DOWN):
            with pytest.raises(NotNow):
                machine.step(state, action)


class TestTelling:
    def test_waits_for_the_coordinator_and_is_shown_nowhere(self, here: Place) -> None:
        photo = here.photo(here.lan)
        deed = tell(here, photos=(photo.id,))
        assert deed.state == DeedState.REPORTED and not any(Surfaces().of(deed.code, photo.id).values())
        follow()
        assert "deed.reported" in kinds_of(here.coordinator)

    def test_the_same_again_is_the_same_and_anything_else_is_refused(self, here: Place) -> None:
        sent = told(here)
        first = telling.tell(told=sent, reporter=here.lan, now=MONDAY)
        assert telling.tell(told=sent, reporter=here.lan, now=TUESDAY) == first and GoodDeed.objects.count() == 1
        for other, by in ((replace(sent, title="别的"), here.lan), (sent, here.hua)):
            with pytest.raises(NotThisId):
                telling.tell(told=other, reporter=by, now=TUESDAY)

    def test_so_many_a_day_and_a_retry_is_none(self, here: Place) -> None:
        late = MONDAY.replace(hour=15, minute=59)  # a minute before midnight by the clock of China
        first = told(here)
        for one in (first, *(told(here) for _more in range(DEEDS_A_DAY - 1))):
            telling.tell(told=one, reporter=here.lan, now=late)
        with pytest.raises(telling.ToldEnough, match="明天再讲"):
            telling.tell(told=told(here), reporter=here.lan, now=late)
        assert telling.tell(told=first, reporter=here.lan, now=late).id == first.deed_id
        telling.tell(told=told(here), reporter=here.hua, now=late)
        telling.tell(told=told(here), reporter=here.lan, now=late + timedelta(minutes=1))
        assert GoodDeed.objects.filter(reporter=here.lan).count() == DEEDS_A_DAY + 1

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [({"title": " \u200b\u202e"}, "deed_title_missing"), ({"title": "长" * 41}, "deed_title_missing"),
         ({"point": None}, "no_place"), ({"photo_ids": (uuid4(),)}, "photo_missing"),
         ({"text": "长" * 2001}, "text_too_long")],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, here: Place, wrong: dict[str, object], code: str) -> None:
        with pytest.raises(Invalid) as refused:
            telling.tell(told=replace(told(here), **wrong), reporter=here.lan, now=MONDAY)  # type: ignore[arg-type]
        assert refused.value.code == code
        assert not GoodDeed.objects.exists()

    def test_a_photo_of_a_case_is_not_a_photo_of_a_deed(self, here: Place) -> None:
        photo_id = here.report().photos.get().photo_id
        with pytest.raises(PhotoUsed):
            tell(here, photos=(photo_id,))

    def test_the_page_keeps_what_was_typed_and_leads_on(self, here: Place) -> None:
        lan, at = as_(here.lan), here.town.at(50, 50)
        form = {"good_deed_id": new_id(), "title": "送伞", "text": "雨里", "lng": at.lng, "lat": at.lat}
        again = lan.post("/s/yunqiao/report/good-deed/", form)
        assert (
            again.status_code == 422 and "选一下是谁做的" in again.content.decode() and "送伞" in again.content.decode()
        )
        done = lan.post("/s/yunqiao/report/good-deed/", {**form, "doer": "self"}, follow=True).content.decode()
        assert "收到了，谢谢您讲给大家听" in done and "等社区核实" in done
        assert GoodDeed.objects.get().doer == here.lan


class TestPublishing:
    def test_shows_the_coordinators_words_thanks_the_doer_once_and_tells_both(self, here: Place) -> None:
        photo = here.photo(here.lan)
        deed, earned = publish(here, tell(here, photos=(photo.id,)))
        assert (deed.state, earned, deed.doer) == (DeedState.PUBLISHED, 3, here.hua)
        assert all(Surfaces().of(deed.code, photo.id).values())
        page = Surfaces().text(f"c/{deed.code}/")
        assert "一位小伙子把伞让给老人" in page and "3 号楼的小伙子" not in page and here.hua.name not in page
        assert points.balance(here.hua, TUESDAY).spendable == 3 and points.balance(here.lan, TUESDAY).spendable == 0
        follow()
        assert "deed.published" in kinds_of(here.lan) and "deed.told_of_you" in kinds_of(here.hua)
        again, once_more = publish(here, deed)
        assert (again, once_more) == (deed, 3), "pressed twice it answers as it did"
        with pytest.raises(NotNow):
            publish(here, deed, title="另外一句话")
        with pytest.raises(NotNow):
            publish(here, deed, doer_phone=str(here.qin.account and here.qin.account.phone))
        assert points.balance(here.hua, TUESDAY).spendable == 3

    def test_again_with_its_doer_is_not_answered_as_if_it_were_kept(self, here: Place) -> None:
        deed, _earned = publish(here, tell(here), doer_phone="", point_item="")
        for more in ({}, {"third_party": ThirdParty.CONSENTED, "consent_channel": "telephone"}):
            with pytest.raises(NotNow):
                publish(here, deed, **more)
        assert publish(here, deed, doer_phone="", point_item="") == (deed, 0)

    @pytest.mark.parametrize(
        ("field", "text"), [("title", "华小山扶起邻居"), ("text", "把覃·小雨背去医院"), ("text", "住 7 幢 302 的邻居")]
    )
    def test_names_nobody_and_no_door(self, here: Place, field: str, text: str) -> None:
        deed = tell(here)
        with pytest.raises(DeedNamesSomebody) as refused:
            publish(here, deed, **{field: text})
        assert refused.value.field == field

    def test_ones_own_deed_may_be_told(self, here: Place) -> None:
        _deed, earned = publish(here, tell(here, own=True))
        assert earned == 3 and points.balance(here.lan, TUESDAY).spendable == 3

    def test_never_by_who_told_or_did_it(self, here: Place) -> None:
        with pytest.raises(NotAllowed):
            publish(here, tell(here, here.coordinator))
        own = tell(here)
        phone = str(here.coordinator.account and here.coordinator.account.phone)
        with pytest.raises(NotAllowed):
            publish(here, own, doer_phone=phone)
        for person in (here.lan, here.hua, here.wei, here.qin):
            with pytest.raises(NotAllowed):
                publish(here, own, by=person)
        with pytest.raises(IntegrityError), transaction.atomic():
            GoodDeed.objects.filter(pk=own.pk).update(decided_by=here.lan)

    def test_not_without_a_word_on_who_can_be_recognised(self, here: Place) -> None:
        deed = tell(here)
        with pytest.raises(telling.WhoIsInThePhoto):
            publish(here, deed, third_party="")
        with pytest.raises(publishing.HowConsented):
            publish(here, deed, third_party=ThirdParty.CONSENTED)
        published, _earned = publish(here, deed, third_party=ThirdParty.CONSENTED, consent_channel="telephone")
        assert published.consent_channel == "telephone"

    @pytest.mark.parametrize("field", ["title", "text"])
    def test_not_with_a_number_by_which_somebody_is_reached(self, here: Place, field: str) -> None:
        with pytest.raises(telling.DeedTellsTooMuch) as refusal:
            publish(here, tell(here), **{field: "谢谢 010-8765 4321 的李大爷"})
        assert refusal.value.field == field

    def test_the_words_without_the_photo(self, here: Place) -> None:
        photo = here.photo(here.lan)
        deed, _earned = publish(here, tell(here, photos=(photo.id,)), third_party=ThirdParty.NOT_SHOWN)
        found = Surfaces().of(deed.code, photo.id)
        assert found["page"] and not found["photo"] and not found["thumb"]

    def test_not_before_every_photo_was_looked_at(self, here: Place) -> None:
        deed = tell(here, photos=(here.photo(here.lan).id,))
        with pytest.raises(publishing.PhotoNotSeen):
            publish(here, deed, seen={})

    def test_a_child_is_not_shown_and_nobody_is_told_that_it_is(self, here: Place) -> None:
        deed, _earned = publish(here, tell(here))
        assert Shown.objects.filter(pk=deed.pk).exists()
        Person.objects.filter(pk=here.hua.pk).update(birth_year=MONDAY.year - 10)
        assert deed.state == DeedState.PUBLISHED and not Shown.objects.exists()
        another = tell(here)
        with pytest.raises(publishing.AChilds):
            publish(here, another, apart=frozenset({deed.id}))
        another.refresh_from_db()
        assert another.state == DeedState.REPORTED and not Shown.objects.exists()

    def test_an_item_of_another_door_or_one_that_is_claimed_and_reviewed_is_refused(self, here: Place) -> None:
        claimed = replace(OX, code="ox-03", title="陪长辈看病", points=200, automatic=False, evidence=(Evidence.PHOTO,))
        at_home = replace(OX, code="ox-20", title="双联户一季一评", earners=(Earner.HOUSEHOLD,), month_cap=None)
        cast.rulebook(cast.FOUND, OX, replace(claimed, day_cap=200, month_cap=None), at_home, since=MONDAY)
        for code in (cast.FOUND.code, claimed.code, at_home.code):
            with pytest.raises(publishing.UnfitItem):
                publish(here, tell(here), point_item=code)
        assert [item.code for item in deed_queries.items_at(MONDAY)] == [OX.code]
        assert set(types.items_at(MONDAY)) == {cast.FOUND.code, OX.code}

    def test_nobody_of_the_doers_home_verifies_it(self, here: Place) -> None:
        deed = tell(here)
        home(here.coordinator, here.hua)
        with pytest.raises(NotAllowed, match="同住"):
            publish(here, deed)

    def test_a_refusal_says_why_and_congratulates_nobody(self, here: Place) -> None:
        deed = tell(here)
        with pytest.raises(ReasonMissing):
            ending.decline(deed_id=deed.id, actor=here.coordinator, reason="", text="", now=TUESDAY)
        for _twice in range(2):
            ending.decline(deed_id=deed.id, actor=here.coordinator, reason="duty", text="谢谢您", now=TUESDAY)
        with pytest.raises(NotNow):
            ending.decline(deed_id=deed.id, actor=here.coordinator, reason="duty", text="别的话", now=TUESDAY)
        assert deed.steps.count() == 2
        follow()
        notice = Notice.objects.get(person=here.lan, kind="deed.declined")
        assert "没有公开" in str(notice.wording.title) and "职责" in str(notice.wording.text)
        page = as_(here.lan).get(f"/s/yunqiao/deeds/{deed.id}/").content.decode()
        assert "工作职责" in page and "谢谢您" in page

    @pytest.mark.parametrize("who", ["lan", "hua"])
    def test_who_told_and_who_did_it_may_take_it_back(self, here: Place, who: str) -> None:
        photo = here.photo(here.lan)
        deed, _earned = publish(here, tell(here, photos=(photo.id,)))
        person: Person = getattr(here, who)
        assert as_(person).post(f"/s/yunqiao/deeds/{deed.id}/withdrawal/", follow=True).status_code == 200
        assert not any(Surfaces().of(deed.code, photo.id).values())
        assert points.balance(here.hua, TUESDAY).spendable == 3

    def test_taken_down_is_gone_and_the_reviewers_hear_of_points_given_for_nothing(self, here: Place) -> None:
        reviewer = cast.appoint(cast.staff("任一", "13711110000"), Role.REVIEWER)
        photo = here.photo(here.lan)
        deed, _earned = publish(here, tell(here, photos=(photo.id,)))
        ending.take_down(deed_id=deed.id, actor=here.coordinator, reason="untrue", text="", now=TUESDAY)
        assert not any(Surfaces().of(deed.code, photo.id).values())
        follow()
        assert "deed.taken_down" in kinds_of(here.lan) & kinds_of(here.hua)
        told = Notice.objects.get(person=reviewer, kind="deed.points_to_reverse")
        there = as_(reviewer).post(f"/s/yunqiao/notices/{told.id}/reading/", follow=True)
        assert there.status_code == 200 and OX.title in there.content.decode()

    def test_steps_are_only_added(self, here: Place) -> None:
        deed, _earned = publish(here, tell(here))
        assert [step.action for step in DeedStep.objects.order_by("position")] == ["report", "publish"]
        with pytest.raises(IntegrityError), transaction.atomic():
            DeedStep.objects.filter(deed=deed).update(reason="x")


def test_whoever_decided_on_a_deed_does_not_write_down_that_its_people_leave(here: Place) -> None:
    deed = tell(here)
    assert may_write_down_leaving(here.coordinator, here.lan, TUESDAY)
    ending.decline(deed_id=deed.id, actor=here.coordinator, reason="duty", text="谢谢您", now=TUESDAY)
    assert may_write_down_leaving(here.coordinator, here.lan, TUESDAY).code == "let_another_erase"
    assert may_write_down_leaving(here.dispatcher, here.lan, TUESDAY)


class TestDoors:
    def test_each_page_for_each_person_and_the_other_street(self, here: Place, there: Place) -> None:
        deed = tell(here)
        with in_street(there.street.id):
            elsewhere = tell(there)
        stranger = (404, 403, 404)
        expected = {"lan": (200, 403, 404), "hua": stranger, "wei": stranger, "coordinator": (302, 200, 200)}
        for who, codes in expected.items():
            client = as_(getattr(here, who))
            paths = (f"deeds/{deed.id}/", "deeds/", f"deeds/{deed.id}/verification/")
            assert tuple(client.get(f"/s/yunqiao/{path}").status_code for path in paths) == codes, who
            for path in (f"deeds/{elsewhere.id}/", f"deeds/{elsewhere.id}/verification/"):
                assert client.get(f"/s/yunqiao/{path}").status_code == 404
            if who != "coordinator":
                assert client.post(f"/s/yunqiao/deeds/{deed.id}/refusal/", {"reason": "duty"}).status_code == 404
        assert Client().get(f"/s/yunqiao/deeds/{deed.id}/").status_code == 302

    @pytest.mark.parametrize(
        ("form", "typed"),
        [
            ("verification/", {"title": "扶<老人>过街", "text": "下雨天扶了一路", "third_party": "nobody"}),
            ("refusal/", {"reason": "duty", "said": "扶<老人>过街"}),
        ],
    )
    def test_what_was_written_of_a_deed_taken_back_meanwhile_is_there_to_copy(
        self, here: Place, form: str, typed: dict[str, str]
    ) -> None:
        deed = tell(here)
        ending.withdraw(deed_id=deed.id, actor=here.lan, now=TUESDAY)
        answer = as_(here.coordinator).post(f"/s/yunqiao/deeds/{deed.id}/{form}", typed)
        html = answer.content.decode()
        assert answer.status_code == 409 and "您刚才写的" in html and "扶&lt;老人&gt;过街" in html
        assert typed.get("text", "") in html and "nobody" not in html

    def test_every_address_of_a_deed_leads_its_coordinator_to_it(self, here: Place) -> None:
        """Also that of a form which was refused, when it is opened again."""
        deed = tell(here)
        at, desk, worker = f"/s/yunqiao/deeds/{deed.id}/", as_(here.coordinator), as_(here.wei)
        for form in ("refusal/", "taking-down/"):
            assert desk.post(f"{at}{form}", {"reason": ""}).status_code in (409, 422)
        for path in ("", "refusal/", "taking-down/"):
            assert desk.get(f"{at}{path}")["Location"] == f"{at}verification/"
            assert worker.get(f"{at}{path}").status_code == 404

    def test_the_coordinators_page_publishes_and_shows_errors_in_place(self, here: Place) -> None:
        photo = here.photo(here.lan)
        deed = tell(here, photos=(photo.id,))
        copy, desk = developed(photo.id).public_sha256, as_(here.coordinator)
        path = f"/s/yunqiao/deeds/{deed.id}/verification/"
        assert copy in desk.get(path).content.decode() and deed.title in desk.get("/s/yunqiao/deeds/").content.decode()
        form = {"title": "送伞", "text": "", f"seen_{photo.id}": copy, "point_item": OX.code}
        assert desk.post(path, form).status_code == 422
        made_up = {**form, f"seen_{'x' * 36}": copy, "seen_": copy, "seen_1": ""}
        assert desk.post(path, made_up).status_code == 422
        long = desk.post(path, {**form, "third_party": "nobody", "text": "长" * 10_000})
        assert long.status_code == 422 and "长" * 10_000 in long.content.decode()
        unknown = desk.post(path, {**form, "third_party": "nobody", "doer_phone": "13700000000"})
        assert unknown.status_code == 422 and "没有在本街道登录过" in unknown.content.decode()
        phone = str(here.hua.account and here.hua.account.phone)
        done = desk.post(path, {**form, "third_party": "nobody", "doer_phone": phone}, follow=True).content.decode()
        assert "记了 3 分" in done and "都核实过了" in done


class TestLikes:
    def test_once_a_person_and_taken_back(self, here: Place) -> None:
        case = release(here, here.report())
        hua, path = as_(here.hua), f"/s/yunqiao/c/{case.code}/"
        for _twice in range(2):
            assert hua.post(f"{path}like/", {"want": "on"}).status_code == 302
        assert Like.objects.count() == 1 and "1 位邻居说谢谢" in hua.get(path).content.decode()
        piece = hua.post(f"{path}like/", {"want": ""}, headers={"HX-Request": "true"}).content.decode()
        assert "说声谢谢" in piece and "<html" not in piece and not Like.objects.exists()

    def test_only_of_what_is_shown_and_only_by_who_is_known(self, here: Place, there: Place) -> None:
        case = here.report()
        with pytest.raises(NotVisible):
            liking.like(thing=case.id, actor=here.hua, now=MONDAY)
        assert as_(here.hua).post(f"/s/yunqiao/c/{case.code}/like/", {"want": "on"}).status_code == 404
        release(here, case)
        assert "sign" in Client().post(f"/s/yunqiao/c/{case.code}/like/", {"want": "on"})["Location"]
        with in_street(there.street.id):
            other = release(there, there.report())
        assert as_(here.hua).post(f"/s/yunqiao/c/{other.code}/like/", {"want": "on"}).status_code == 404

    def test_change_neither_the_order_nor_anything_else(self, here: Place) -> None:
        deed, _earned = publish(here, tell(here))
        case = release(here, here.report(now=TUESDAY))
        before = [row.code for row in Feed(Wanted())[:9]]
        balance = points.balance(here.hua, TUESDAY)
        for person in (here.lan, here.wei, here.qin, here.bo):
            liking.like(thing=deed.id, actor=person, now=TUESDAY)
        assert [row.code for row in Feed(Wanted())[:9]] == before == [case.code, deed.code]
        assert points.balance(here.hua, TUESDAY) == balance
        assert [row.code for row in Feed(Wanted(going=Going.DEEDS))[:9]] == [deed.code]

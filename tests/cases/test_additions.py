"""A reporter adds to what is in hand: words, photos, that it is still there. Masked, told, released; no clock moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from huipai.cases.commands import adding, confirming, dispatching, forgetting, handling, intake, triage, withdrawing
from huipai.cases.commands.joint import mustering, visiting, whistling
from huipai.cases.commands.retention import letting_go
from huipai.cases.models import Addition, Case, CasePhoto, Sighting, Transition, UnitCall
from huipai.cases.queries import releasing
from huipai.cases.retention_words import FIRST, Kept
from huipai.cases.words import ADDITIONS_A_DAY
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.masking import HIDDEN
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.words import WIPED, ProxyScope
from huipai.photos import commands as photos
from huipai.streets.current import in_street
from tests.cases.conftest import SMALL, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.joint import mustered
from tests.cases.test_hearing import read_by, tell_all
from tests.cases.test_neighbours import passed
from tests.cases.test_own import helps
from tests.cases.test_pages import as_

pytestmark = pytest.mark.django_db
SAID = "我是蓝小河，打 138 1234 5678，还漏水"


def add(case: Case, by: Person, text: str = "还漏水", *photos: object, now: datetime | None = None) -> Addition:
    return adding.add(
        addition_id=new_id(), case_id=case.id, actor=by, text=text, photo_ids=photos,  # type: ignore[arg-type]
        now=now or clock.now(),
    )  # fmt: skip


def at_a_unit(here: Place) -> Hub:
    hub = Hub.with_a_case(here, now=clock.now() - 3 * HOUR)
    hub.signed(now=clock.now() - 2 * HOUR)
    return hub


class TestAdding:
    def test_stands_in_the_timeline_masked_for_staff_whole_for_who_wrote_it_and_moves_nothing(
        self, here: Place
    ) -> None:
        hub = at_a_unit(here)
        before = (hub.fresh().due_at, hub.case.state, Transition.objects.filter(case=hub.case).count())
        add(hub.case, here.lan, SAID, here.photo(here.lan).id)
        assert before == (hub.fresh().due_at, hub.case.state, Transition.objects.filter(case=hub.case).count())
        order = hub.case.orders.get()
        for person, path in (
            (here.coordinator, f"/s/yunqiao/cases/{hub.case.code}/"),
            (here.dispatcher, f"/s/yunqiao/desk/?view=all&case={hub.case.code}"),
            (here.shi, f"/s/yunqiao/orders/{order.id}/"),
        ):
            page = as_(person).get(path).content.decode()
            assert "上报人补充了" in page and "补了 1 张照片" in page, path
            assert f"我是{HIDDEN}，打 {HIDDEN}，还漏水" in page and here.lan.name not in page, path
        own = as_(here.lan).get(f"/s/yunqiao/mine/{hub.case.code}/").content.decode()
        assert "您补充了" in own and SAID in own

    def test_another_reporter_reads_that_and_not_what(self, here: Place) -> None:
        case = here.report(now=clock.now() - 3 * HOUR)
        other = here.report(here.hua, now=clock.now() - 2 * HOUR)
        from_two = _merged(here, other, case)
        add(from_two, here.hua, "后门也是")
        page = as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert "一位邻居补充了" in page and "后门也是" not in page
        assert "后门也是" in as_(here.hua).get(f"/s/yunqiao/mine/{case.code}/").content.decode()

    def test_on_a_page_from_before_a_merge_it_goes_to_the_case_that_goes_on(self, here: Place) -> None:
        first = here.report(now=clock.now() - 3 * HOUR)
        second = here.report(here.hua, now=clock.now() - 2 * HOUR)
        _merged(here, second, first)
        _accepted(here, first)
        hua, page = as_(here.hua), f"/s/yunqiao/cases/{second.code}/"
        answer = hua.post(f"{page}addition/", {"addition_id": str(new_id()), "text": "又塌了一块"})
        assert answer.status_code == 302 and answer["Location"].endswith(f"/cases/{first.code}/")
        assert Addition.objects.get().report.case_id == first.id
        assert hua.post(f"{page}still-there/").status_code == 302
        assert Sighting.objects.get().case_id == first.id
        html = hua.post(f"{page}withdrawal/", follow=True).content.decode()
        assert "到那一件上撤回" in html and first.code in html
        with pytest.raises(withdrawing.MergedMeanwhile):
            withdrawing.withdraw(case_id=second.id, actor=here.hua, now=clock.now())
        with pytest.raises(NotVisible):
            withdrawing.withdraw(case_id=second.id, actor=here.lan, now=clock.now())

    def test_who_has_it_in_hand_hears_of_it(self, here: Place) -> None:
        hub = at_a_unit(here)
        add(hub.case, here.lan)
        with_worker = here.report(now=clock.now() - HOUR)
        _accepted(here, with_worker)
        add(with_worker, here.lan)
        tell_all()
        assert read_by(here.shi)[-1] == "上报人补充了" == read_by(here.wei)[-1]
        assert "上报人补充了" not in read_by(here.lan)

    def test_its_photos_wait_for_release_like_all(self, here: Place) -> None:
        case = here.report(now=clock.now() - HOUR)
        _accepted(here, case)
        photo = here.photo(here.lan)
        add(case, here.lan, "", photo.id)
        part = CasePhoto.objects.get(photo=photo)
        assert part.report is not None and part.position > 0
        photos.process(photo_id=photo.id, now=clock.now())
        assert photo.id in {one.photo_id for one in releasing.waiting_for(here.coordinator, clock.now())}

    def test_a_retry_adds_once_and_anothers_id_is_refused(self, here: Place) -> None:
        case = here.report(now=clock.now() - HOUR)
        _accepted(here, case)
        id, photo = new_id(), here.photo(here.lan)
        for _again in range(2):
            adding.add(
                addition_id=id, case_id=case.id, actor=here.lan, text="还漏水", photo_ids=(photo.id,), now=clock.now()
            )
        assert Addition.objects.count() == 1 and Entry.objects.filter(what="case.added").count() == 1
        with pytest.raises(intake.NotThisId):
            adding.add(addition_id=id, case_id=case.id, actor=here.lan, text="别的", photo_ids=(), now=clock.now())

    def test_another_photo_under_its_id_is_another_addition(self, here: Place) -> None:
        case = here.report(now=clock.now() - HOUR)
        _accepted(here, case)
        first, second = here.photo(here.lan), here.photo(here.lan)

        def sent(id: UUID, *photo_ids: UUID) -> Addition:
            return adding.add(
                addition_id=id, case_id=case.id, actor=here.lan, text=" 还在", photo_ids=photo_ids, now=clock.now()
            )

        one = sent(new_id(), first.id)
        for others in ((second.id,), (first.id, second.id), ()):
            with pytest.raises(intake.NotThisId):
                sent(one.id, *others)
        assert not CasePhoto.objects.filter(photo=second).exists()
        assert sent(one.id, first.id, first.id) == one == Addition.objects.get()
        two = sent(new_id(), second.id, here.photo(here.lan).id)
        kept = tuple(CasePhoto.objects.filter(case=case).order_by("position").values_list("photo", flat=True)[2:])
        assert sent(two.id, *kept) == two
        with pytest.raises(intake.NotThisId):
            sent(two.id, *kept[::-1])

    def test_what_came_before_its_photos_were_told_apart_is_known_by_their_number(self, here: Place) -> None:
        case, id = here.report(now=clock.now() - HOUR), new_id()
        _accepted(here, case)
        first, second = here.photo(here.lan), here.photo(here.lan)
        said = {"addition_id": id, "case_id": case.id, "actor": here.lan, "text": "还在"}
        one = adding.add(**said, photo_ids=(first.id,), now=clock.now())  # type: ignore[arg-type]
        Addition.objects.update(content_hash="")
        assert adding.add(**said, photo_ids=(first.id,), now=clock.now()) == one  # type: ignore[arg-type]
        with pytest.raises(intake.NotThisId):
            adding.add(**said, photo_ids=(first.id, second.id), now=clock.now())  # type: ignore[arg-type]

    def test_another_streets_id_is_refused_without_saying_so(self, here: Place, there: Place) -> None:
        with in_street(there.street.id):
            taken = there.report(now=clock.now() - HOUR)
            _accepted(there, taken)
            theirs = add(taken, there.lan)
        case = here.report(now=clock.now() - HOUR)
        _accepted(here, case)
        with pytest.raises(intake.NotThisId):
            adding.add(
                addition_id=theirs.id, case_id=case.id, actor=here.lan, text="还漏水", photo_ids=(), now=clock.now()
            )

    def test_what_was_wiped_is_not_found_again_by_trying(self, here: Place) -> None:
        case = here.report(now=clock.now() - 2 * HOUR)
        _accepted(here, case)
        add(case, here.lan, SAID)
        long_ago = clock.now() - timedelta(days=FIRST[Kept.REFUSED].days + 1)
        Case.objects.filter(pk=case.pk).update(state="declined", outcome="declined", ended_at=long_ago)
        assert letting_go.let_go_of_case(case_id=case.id, now=clock.now()) is not None
        one = Addition.objects.get()
        assert (one.text, one.content_hash) == (WIPED, "")

    def test_the_database_refuses_an_addition_of_nothing(self, here: Place) -> None:
        report = here.report().reports.get()
        now = clock.now()
        with pytest.raises(IntegrityError), transaction.atomic():
            Addition.objects.create(report=report, added_at=now, added_date=now.date())


class TestRefused:
    def test_so_many_a_day_and_again_tomorrow(self, here: Place) -> None:
        case = here.report(now=clock.now() - HOUR)
        _accepted(here, case)
        noon = datetime.fromisoformat("2026-11-24T04:00:00+00:00")
        for number in range(ADDITIONS_A_DAY):
            add(case, here.lan, f"第{number}句", now=noon)
        with pytest.raises(adding.AddedEnough):
            add(case, here.lan, now=noon)
        add(case, here.lan, now=noon + timedelta(days=1))

    def test_before_it_is_begun_while_ones_word_is_waited_for_and_when_it_is_over(self, here: Place) -> None:
        case = here.report(now=clock.now() - 5 * HOUR)
        with pytest.raises(NotAllowed, match="直接改"):
            add(case, here.lan)
        passed(here, case)
        with pytest.raises(adding.NotInHand):
            add(case, here.lan)
        confirming.confirm(case_id=case.id, actor=here.lan, rating=5, text="", now=clock.now())
        with pytest.raises(adding.NotInHand):
            adding.say_still_there(case_id=case.id, actor=here.lan, now=clock.now())
        assert not Addition.objects.exists()

    def test_whoever_took_it_back_and_whoever_never_reported_it(self, here: Place, there: Place) -> None:
        case = here.report(now=clock.now() - 3 * HOUR)
        other = here.report(here.hua, now=clock.now() - 2 * HOUR)
        _merged(here, other, case)
        add(case, here.hua, "后门也是")
        withdrawing.withdraw(case_id=case.id, actor=here.hua, now=clock.now())
        with pytest.raises(NotAllowed, match="撤回"):
            add(case, here.hua)
        assert "后门也是" not in as_(here.coordinator).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        with pytest.raises(NotVisible):
            add(case, here.qin)
        with in_street(there.street.id), pytest.raises(NotVisible):
            add(case, there.lan)
        for client in (as_(here.qin), Client()):
            answer = client.post(f"/s/yunqiao/cases/{case.code}/addition/", {"text": "我"})
            assert answer.status_code in (302, 404) and Addition.objects.count() == 1


class TestThePage:
    def test_adds_and_keeps_everything_where_it_is_refused(self, here: Place) -> None:
        case = here.report(now=clock.now() - HOUR)
        _accepted(here, case)
        lan, address = as_(here.lan), f"/s/yunqiao/cases/{case.code}/addition/"
        own = lan.get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert address in own and f"/cases/{case.code}/still-there/" in own
        form = lan.get(address).content.decode()
        assert "补上去" in form
        empty = lan.post(address, {"addition_id": uuid4(), "text": " "})
        assert empty.status_code == 422 and "写一句，或者拍一张" in empty.content.decode()
        id = uuid4()
        sent = {"addition_id": id, "text": "字" * 2001, "photo": SimpleUploadedFile("a.jpg", SMALL, "image/jpeg")}
        refused = lan.post(address, sent)
        page = refused.content.decode()
        assert refused.status_code == 422 and "字" * 2001 in page and 'name="photo_id"' in page
        photo = here.photo(here.lan)
        done = lan.post(address, {"addition_id": id, "text": "还漏水", "photo_id": [str(photo.id)]})
        assert done.status_code == 302 and Addition.objects.get().photos == 1

    def test_still_there_is_said_once_a_day_as_followers_say_it(self, here: Place) -> None:
        case = here.report(is_private=True, now=clock.now() - HOUR)
        _accepted(here, case)
        lan = as_(here.lan)
        for _twice in range(2):
            assert lan.post(f"/s/yunqiao/cases/{case.code}/still-there/").status_code == 302
        assert Sighting.objects.count() == 1
        assert "今天说过还在" in lan.get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        page = as_(here.coordinator).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "说过 1 次还在" in page
        assert as_(here.qin).post(f"/s/yunqiao/cases/{case.code}/still-there/").status_code == 404

    def test_still_there_comes_along_with_a_merge(self, here: Place) -> None:
        older, younger = (here.report(by, now=clock.now() - HOUR) for by in (here.hua, here.lan))
        _accepted(here, younger)
        adding.say_still_there(case_id=younger.id, actor=here.lan, now=clock.now())
        triage.merge(case_id=younger.id, into_id=older.id, actor=here.coordinator, now=clock.now())
        _accepted(here, older)
        page = as_(here.coordinator).get(f"/s/yunqiao/cases/{older.code}/").content.decode()
        assert "说过 1 次还在" in page
        assert "今天说过还在" in as_(here.lan).get(f"/s/yunqiao/mine/{older.code}/").content.decode()
        assert "今天说过还在" not in as_(here.hua).get(f"/s/yunqiao/mine/{older.code}/").content.decode()

    def test_still_there_is_seen_by_the_unit_that_works_on_it(self, here: Place) -> None:
        hub = at_a_unit(here)
        adding.say_still_there(case_id=hub.case.id, actor=here.lan, now=clock.now())
        tell_all()
        assert read_by(here.shi)[-1] == "有人说还在" and "有人说还在" not in read_by(here.chief)
        page = as_(here.shi).get(f"/s/yunqiao/orders/{hub.case.orders.get().id}/").content.decode()
        assert "说过 1 次还在" in page and here.lan.name not in page

    def test_a_helper_adds_in_the_elders_name_and_the_elder_hears(self, here: Place) -> None:
        case = here.report(now=clock.now() - HOUR)
        _accepted(here, case)
        helps(here.lan, here.hua, ProxyScope.REPORT, ProxyScope.ANSWER)
        address = f"/s/yunqiao/cases/{case.code}/addition/?for={here.lan.id}"
        photo = here.photo(here.hua)
        sent = {"addition_id": uuid4(), "text": "还漏水", "photo_id": [str(photo.id)]}
        assert as_(here.hua).post(address, sent).status_code == 302
        assert Addition.objects.get().report.reporter == here.lan
        tell_all()
        assert read_by(here.lan)[-1] == "您的帮手替您补充了"
        assert "替您补充了" in as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()


def test_words_go_with_the_person_and_the_case_closes_over_them(here: Place) -> None:
    case = here.report(now=clock.now() - 5 * HOUR)
    _accepted(here, case)
    add(case, here.lan, SAID)
    forgetting.forget(person=here.lan, now=clock.now())
    assert Addition.objects.exists()  # somebody is at work on it
    Case.objects.filter(pk=case.pk).update(state="closed", outcome="no_answer", ended_at=clock.now())
    forgetting.forget(person=here.lan, now=clock.now())
    assert not Addition.objects.exists()


def _accepted(here: Place, case: Case) -> None:
    handling.accept(case_id=case.id, actor=here.wei, now=clock.now() - HOUR / 2)


def _merged(here: Place, case: Case, into: Case) -> Case:
    return triage.merge(case_id=case.id, into_id=into.id, actor=here.wei, now=clock.now() - HOUR)


def test_what_the_desk_says_to_units_is_masked_where_they_read_it(here: Place) -> None:
    """An order's brief, and of a joint task what it is about, where they meet, and what was seen there."""
    at = clock.now() - timedelta(days=1)
    said = f"{here.lan.name} 13812345678"
    case = here.report(now=at)
    order = dispatching.dispatch(
        case_id=case.id, unit_id=here.city.id, actor=here.dispatcher, brief=f"{said} 报的", now=at
    )
    task = whistling.whistle(
        case_ids=[case.id], unit_ids=[here.police.id, here.guard.id], actor=here.coordinator, matter=f"{said} 说堵了",
        hours=4, now=at,
    )  # fmt: skip
    call = UnitCall.objects.get(task=task, unit=here.police)
    mustering.muster(call_id=call.id, envoy_id=here.xu.id, actor=here.xu, now=at)
    meets = at + HOUR
    visiting.convene(task_id=task.id, actor=here.coordinator, at=meets, place=f"{said} 家楼下", now=at)
    pages = [
        (here.shi, f"orders/{order.id}/", "报的"),
        (here.xu, "joint/", "说堵了"),
        (here.xu, f"joint/{task.id}/", "家楼下"),
    ]
    for person, path, end in pages:
        page = as_(person).get(f"/s/yunqiao/{path}").content.decode()
        assert f"{HIDDEN} {HIDDEN} {end}" in page and here.lan.name not in page and "13812345678" not in page, path
    visiting.visit(
        task_id=task.id,
        actor=here.coordinator,
        text=f"{said} 带我们看的",
        asked_of=mustered(),
        came=[call.id],
        photo_ids=(),
        now=meets,
    )
    page = as_(here.xu).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
    assert f"{HIDDEN} {HIDDEN} 带我们看的" in page and here.lan.name not in page

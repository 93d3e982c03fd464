"""The pages of claims: for each role, in two streets, with everything typed kept, at a fixed number of questions."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from huipai.grid.models import Assignment, Unit
from huipai.grid.words import UNIT_ROLES, UnitKind
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import ConsentPurpose, Role
from huipai.points import commands as points
from huipai.points.commands.claims import answering, checking, objecting, submitting
from huipai.points.commands.claims.reviewing import CLEAN
from huipai.points.models import Claim, Objection
from huipai.points.pages import public
from huipai.points.queries.closing import _kept as kept_ends
from huipai.points.words import APPEAL_FOR, UNDO_FOR, ClaimState, CorrectionReason
from huipai.rulebook.words import Earner, Evidence
from huipai.stations.rules import code_at
from huipai.streets import queries as streets
from huipai.streets.current import in_street
from tests import cast
from tests.cast import A_MONTH_AGO, appoint, staff
from tests.people.doors import Browser, found, leads_to
from tests.photos import samples
from tests.photos.makers import sent
from tests.photos.test_likeness import SCENE, cut
from tests.points.claims.world import EITHER, HELP, ITEMS, LARGE, SHIFT, World, again, make, unlike
from tests.points.test_awarding import home

pytestmark = pytest.mark.django_db
NOW = clock.now()


def text_of(answer) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def seen_in(page: str) -> str:
    """As what a page of the desk shows the claim, in its form."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def read(browser: Browser, page: str, status: int = 200) -> str:
    answer = browser.open(page)
    assert answer.status_code == status, (page, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def lan(world: World) -> Browser:
    return Browser().enter(world.lan)


@pytest.fixture
def kept(settings: Settings) -> Iterator[None]:
    """A process that knows the street for a while, and only in this test."""
    settings.STREET_KEPT_SECONDS = 60
    yield
    streets.forget()
    submitting._kept.clear()
    kept_ends.clear()


@pytest.fixture
def fang(world: World) -> Browser:
    return Browser().enter(world.fang)


def questions(browser: Browser, page: str) -> int:
    browser.open(page)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.open(page).status_code == 200
    return len(asked)


class TestPort:
    def test_shows_what_is_in_force_with_caps_in_words_to_anybody(self, world: World, client: Client) -> None:
        page = text_of(client.get("/s/yunqiao/points/ports/ox/"))
        assert "帮独居老人买菜" in page and "+5" in page and "一天最多 10 分" in page
        assert "转发防骗提醒" not in page
        assert client.get("/s/yunqiao/points/ports/tiger/").status_code == 404

    def test_what_households_are_thanked_for_leads_to_no_form(self, world: World, lan: Browser) -> None:
        for_homes = replace(HELP, code="ox-20", title="双联户一季一评", earners=(Earner.HOUSEHOLD,))
        cast.rulebook(*ITEMS, for_homes, since=NOW - timedelta(minutes=1))
        page = read(lan, "points/ports/ox/")
        assert "双联户评议，不由个人申报" in page and "points/items/ox-20/claim/" not in page
        assert "points/items/ox-01/claim/" in page
        form = read(lan, "points/items/ox-20/claim/")
        assert "由双联户评议计分" in form and 'id="claim"' not in form
        answer = lan.send("points/items/ox-20/claim/", claim_id=str(new_id()), note="我们家")
        assert answer.status_code == 403 and not Claim.objects.exists()
        enterer = Browser().enter(appoint(staff("登记", "13900000055"), Role.COORDINATOR))
        for browser, where in ((lan, "points/claim/"), (enterer, "points/enter/")):
            assert "双联户一季一评" not in read(browser, where), where

    def test_what_one_claims_often_stands_first_and_nobody_is_ranked(self, world: World, lan: Browser) -> None:
        world.claim(item=LARGE, now=NOW)
        page = read(lan, "points/ports/ox/")
        assert page.index("风雨里搬沙袋") < page.index("帮独居老人买菜")
        assert "您常报" in page and world.lan.name not in page

    def test_is_searched_and_says_when_there_is_nothing(self, world: World, lan: Browser) -> None:
        assert "风雨里搬沙袋" not in read(lan, "points/ports/ox/?q=买菜")
        assert "没有找到" in read(lan, "points/ports/ox/?q=钓鱼")

    def test_leads_from_home_in_one_press(self, world: World, lan: Browser) -> None:
        page = read(lan, "")
        assert all(f"/s/yunqiao/points/ports/{port}/" in page for port in ("sunflower", "ox", "woodpecker"))


class TestClaim:
    def test_a_photo_and_a_press(self, world: World, lan: Browser) -> None:
        page = read(lan, "points/items/ox-01/claim/")
        claim_id = re.search(r'name="claim_id" value="([^"]+)"', page)
        assert claim_id is not None
        answer = lan.post("/s/yunqiao/points/items/ox-01/claim/", {"claim_id": claim_id[1], "photo": sent(unlike())})
        assert answer.headers["Location"] == f"/s/yunqiao/points/claims/{claim_id[1]}/received/"
        assert "收到了，谢谢您" in read(lan, f"points/claims/{claim_id[1]}/received/")
        again_ = lan.post(
            "/s/yunqiao/points/items/ox-01/claim/",
            {"claim_id": claim_id[1], "photo_id": str(Claim.objects.get().evidence.get().photo_id)},
        )
        assert again_.status_code == 302 and Claim.objects.count() == 1

    def test_asks_nothing_twice_once_a_process_knows_the_street(self, world: World, lan: Browser, kept: None) -> None:
        def send(note: str) -> list[str]:
            asked: list[str] = []

            def note_down(execute, sql, params, many, context):
                asked.extend([] if "SAVEPOINT" in sql else [sql])
                return execute(sql, params, many, context)

            with connection.execute_wrapper(note_down):
                answer = lan.send("points/items/ox-01/claim/", claim_id=str(new_id()), note=note)
            assert answer.status_code == 302
            return asked

        send("买了米")
        # Who is signed in, who that is, and the claim with its steps, its entry and its job in one.
        session, person, claim = send("买了油")
        assert "django_session" in session and "people_account" in person and "points_claim" in claim

    def test_by_a_list_it_asks_which_activity_and_which_day(self, world: World, lan: Browser, fang: Browser) -> None:
        assert "哪次活动，哪一天" not in read(lan, "points/items/ox-01/claim/")
        mended = replace(HELP, evidence=(Evidence.ROLL,), title="义务修一样东西")
        cast.rulebook(mended, since=NOW)
        page = read(lan, "points/items/ox-01/claim/")
        assert "哪次活动，哪一天" in page and "审核的人会对那天的签到名册" in page
        lan.send("points/items/ox-01/claim/", claim_id=str(new_id()), note="昨天的修理日")
        world.checked_again(Claim.objects.get(), NOW)
        said = text_of(fang.open("points/review/"))
        assert "请对一对签到名册" in said and "系统里没有" in said and "凭据在" not in said

    def test_an_error_keeps_the_photo_and_the_words(self, world: World, lan: Browser) -> None:
        answer = lan.send(
            "points/items/ox-01/claim/", claim_id=str(new_id()), note="长" * 301, photo=sent(unlike()),
        )  # fmt: skip
        page = answer.content.decode()
        assert answer.status_code == 422 and "长" * 301 in page and 'name="photo_id"' in page
        assert "最多 300 个字" in page and "出错：" in page
        assert lan.send("points/items/ox-01/claim/", claim_id=str(new_id())).status_code == 422

    def test_each_of_several_files_that_is_none_is_named_and_the_good_one_stays(
        self, world: World, lan: Browser
    ) -> None:
        bad = [SimpleUploadedFile(name, b, "image/jpeg") for name, b in (("a.jpg", b""), ("b.jpg", b"no picture"))]
        answer = lan.send(
            "points/items/ox-01/claim/", claim_id=str(new_id()), note="早上去的", photo_album=[*bad, sent(unlike())],
        )  # fmt: skip
        page = answer.content.decode()
        assert answer.status_code == 422 and "早上去的" in page and page.count('name="photo_id"') == 1
        assert "照片“a.jpg”：这个文件是空的" in page and "照片“b.jpg”：不是图片" in page

    def test_struck_while_it_is_filled_in_what_was_typed_comes_back(self, world: World, lan: Browser) -> None:
        cast.rulebook(*(item for item in ITEMS if item.code != HELP.code), since=NOW - timedelta(minutes=1))
        assert lan.open("points/items/ox-01/claim/").status_code == 404
        answer = lan.send("points/items/ox-01/claim/", claim_id=str(new_id()), note="给五楼修了灯")
        page = text_of(answer)
        assert answer.status_code == 422 and "给五楼修了灯" in page and "没有这一条，换一条再报" in page
        assert lan.send("points/items/ox-99/claim/", claim_id=str(new_id()), note="x").status_code == 404

    def test_a_draft_is_kept_and_gone_on_with(self, world: World, lan: Browser) -> None:
        claim_id = str(new_id())
        lan.send("points/items/ox-01/claim/", claim_id=claim_id, note="买了米", keep="1")
        assert Claim.objects.get().state == ClaimState.DRAFT
        page = read(lan, "points/claims/")
        assert f"/s/yunqiao/points/items/ox-01/claim/?draft={claim_id}" in page
        assert "买了米" in read(lan, f"points/items/ox-01/claim/?draft={claim_id}")
        assert "买了米" not in read(Browser().enter(world.hua), f"points/items/ox-01/claim/?draft={claim_id}")

    def test_where_either_is_taken_it_asks_which_a_picture_is_and_remembers(self, world: World, lan: Browser) -> None:
        form = f"points/items/{EITHER.code}/claim/"
        page = read(lan, form)
        assert 'id="upload-photo"' in page and 'id="upload-screenshot"' in page
        assert 'id="upload-screenshot"' not in read(lan, "points/items/ox-01/claim/")
        claim_id = str(new_id())
        files = {"photo": sent(unlike()), "screenshot_album": sent(unlike(), "屏.png")}
        wrong = lan.send(form, claim_id=claim_id, note="长" * 301, **files)
        assert wrong.status_code == 422
        kept = {
            part: re.findall(rf'name="{part}_id" value="([0-9a-f-]+)"', wrong.content.decode())
            for part in ("photo", "screenshot")
        }
        assert len(kept["photo"]) == len(kept["screenshot"]) == 1
        ids = {f"{part}_id": values for part, values in kept.items()}
        assert lan.send(form, claim_id=claim_id, keep="1", **ids).status_code == 302
        again_shown = read(lan, f"{form}?draft={claim_id}")
        assert f'name="screenshot_id" value="{kept["screenshot"][0]}"' in again_shown
        assert lan.send(form, claim_id=claim_id, **ids).status_code == 302
        shown = {str(one.photo_id): one.kind for one in Claim.objects.get().evidence.all()}
        assert shown == {kept["photo"][0]: "photo", kept["screenshot"][0]: "screenshot"}

    def test_says_why_somebody_may_not(self, world: World) -> None:
        assert "系统自己会记" in read(Browser().enter(world.lan), "points/items/woodpecker-02/claim/")
        assert "工作人员不计分" in read(Browser().enter(world.fang), "points/items/ox-01/claim/")
        assert Browser().enter(world.lan).open("points/items/ox-99/claim/").status_code == 404

    def test_by_the_code_of_a_station(self, world: World, lan: Browser, station) -> None:
        code = code_at(street_id=world.street.id, station_id=station.id, now=clock.now())
        assert "驿站值一班" in read(lan, f"points/on-site/{code}/")
        assert "云桥驿站" in read(lan, f"points/items/{SHIFT.code}/claim/?code={code}")
        answer = lan.send(f"points/items/{SHIFT.code}/claim/", claim_id=str(new_id()), code=code)
        assert answer.status_code == 302 and Claim.objects.get().evidence.get().station_id == station.id
        old = code_at(street_id=world.street.id, station_id=station.id, now=NOW - timedelta(minutes=30))
        assert lan.open(f"points/on-site/{old}/").status_code == 409
        assert lan.open("points/on-site/nonsense/").status_code == 404
        assert lan.open(f"points/on-site/{code[:-2]}AA/").status_code == 404

    def test_what_was_scanned_is_put_aside_and_gone_on_with(self, world: World, lan: Browser, station) -> None:
        code = code_at(street_id=world.street.id, station_id=station.id, now=clock.now())
        form, claim_id = f"points/items/{SHIFT.code}/claim/", str(new_id())
        assert lan.send(form, claim_id=claim_id, code=code, keep="1").status_code == 302
        scan = Claim.objects.get().evidence.get()
        page = lan.open(f"{form}?draft={claim_id}").content.decode()
        assert "云桥驿站" in page and f'value="{code}"' in page
        assert lan.send(form, claim_id=claim_id, code=code).status_code == 302
        sent = Claim.objects.get()
        assert sent.state != ClaimState.DRAFT
        assert (sent.evidence.get().station_id, sent.evidence.get().code_shown_at) == (station.id, scan.code_shown_at)


class TestOwn:
    def test_each_step_in_plain_words_and_only_for_its_claimant(self, world: World, lan: Browser) -> None:
        claim = world.rejected(now=NOW - timedelta(hours=1))
        page = read(lan, f"points/claims/{claim.id}/")
        assert "看不清，请补一张" in page and "觉得看错了？" in page and "方云舟" not in page
        assert Browser().enter(world.hua).open(f"points/claims/{claim.id}/").status_code == 404
        assert "没有通过" in read(lan, "points/claims/")

    def test_appeal_and_withdraw(self, world: World, lan: Browser) -> None:
        claim = world.rejected(now=NOW - timedelta(hours=1))
        assert lan.send(f"points/claims/{claim.id}/appeal/", text=" ").status_code == 422
        assert lan.send(f"points/claims/{claim.id}/appeal/", text="照片在这里").status_code == 302
        assert again(claim).state == ClaimState.APPEALED
        assert Browser().enter(world.hua).send(f"points/claims/{claim.id}/withdrawal/").status_code == 404
        assert lan.send(f"points/claims/{claim.id}/withdrawal/").status_code == 302
        assert again(claim).state == ClaimState.WITHDRAWN
        assert lan.send(f"points/claims/{claim.id}/withdrawal/").status_code == 302

    def test_what_comes_second_or_too_late_is_said_not_to_be_taken_and_stands_there(
        self, world: World, lan: Browser
    ) -> None:
        """From another page of the same phone, or of whoever helps: neither words nor photos are said to be kept."""
        appealed, late = world.rejected(now=NOW - timedelta(hours=1)), world.rejected(now=NOW - 2 * APPEAL_FOR)
        upheld, before = world.posted(now=NOW - timedelta(days=6)), NOW - timedelta(hours=1)
        objecting.uphold(objection_id=world.objected(upheld, now=before), judge=world.qin, now=before)
        assert lan.send(f"points/claims/{appealed.id}/appeal/", text="第一句").status_code == 302
        assert lan.send(f"points/claims/{upheld.id}/contest/", contest="第一句").status_code == 302
        for claim, door, said in (
            (appealed, "appeal", "text"),
            (late, "appeal", "text"),
            (upheld, "contest", "contest"),
        ):
            answer = lan.send(f"points/claims/{claim.id}/{door}/", **{said: "另一句，很要紧"})
            page = answer.content.decode()
            assert answer.status_code == 409 and "这一次没有做成" in page
            assert "另一句，很要紧" in page and "没有发出去，要用可以复制" in page
            assert "都在" not in page and 'href="#f-' not in page and "照片没有收下" not in page
        answer = lan.send(f"points/claims/{late.id}/appeal/", text="带着照片", photo=sent(unlike()))
        assert "照片没有收下" in answer.content.decode()

    def test_the_list_asks_the_same_however_long(self, world: World, lan: Browser) -> None:
        world.claim(now=NOW)
        one = questions(lan, "points/claims/")
        for _ in range(6):
            world.claim(now=NOW)
        assert questions(lan, "points/claims/") == one

    def test_the_year_is_ones_own(self, world: World, lan: Browser) -> None:
        world.posted(now=NOW - timedelta(days=6))
        assert "+5" in read(lan, "points/year/")
        assert "还没有记下的事" in read(Browser().enter(world.hua), "points/year/")
        assert lan.open("points/year/1999/").status_code == 404


class TestPublic:
    def test_offers_an_objection_to_nobody_whom_sending_would_refuse(self, world: World) -> None:
        ward = cast.resident("蓝小叶", "13800000078")
        ward.birth_year = NOW.year - 16
        ward.save()
        clerk = cast.clerk("纪", "13900000078")
        people.record_guardian(minor=ward, guardian=world.lan, paper_number="1", age_seen=True, actor=clerk, now=NOW)
        friend = Browser().enter(cast.resident("温小河", "13800000077"))
        for whose, other in ((world.lan, ward), (ward, world.lan)):
            door, near = f"points/publicity/{world.public(whose, now=NOW).id}/objection/", Browser().enter(other)
            assert door not in read(near, "points/publicity/") and door in read(friend, "points/publicity/")
            assert near.open(door).status_code == near.send(door, reason="not_done", text="我在").status_code == 403
            assert friend.open(door).status_code == 200

    def test_masks_names_and_leads_to_an_objection(self, world: World, client: Client, lan: Browser) -> None:
        claim = world.public(now=NOW)
        page = client.get("/s/yunqiao/points/publicity/").content.decode()
        assert "蓝**" in page and world.lan.name not in page and "1380001" not in page
        assert "这是您的" in read(lan, "points/publicity/")
        hua = Browser().enter(world.hua)
        assert hua.send(f"points/publicity/{claim.id}/objection/", reason="").status_code == 422
        assert hua.send(f"points/publicity/{claim.id}/objection/", reason="not_done", text="我在").status_code == 302
        assert Objection.objects.get().text == "我在" and again(claim).state == ClaimState.OBJECTION
        for late in (
            hua.open(f"points/publicity/{claim.id}/objection/"),
            hua.send(f"points/publicity/{claim.id}/objection/", reason="old"),
        ):
            assert late.status_code == 409 and "对这一条已经提过一次异议了" in late.content.decode()
        hidden = world.checked(world.hua, now=NOW)
        assert lan.open(f"points/publicity/{hidden.id}/objection/").status_code == 404
        assert claim.item.title not in client.get("/s/yunqiao/points/publicity/").content.decode()

    def test_what_was_posted_lately_can_still_be_objected_to_from_the_page(
        self, world: World, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ago = NOW - timedelta(days=6)
        claim, old = world.posted(now=ago), world.posted(now=ago - timedelta(days=16))
        assert claim.state == old.state == ClaimState.POSTED
        page = client.get("/s/yunqiao/points/publicity/").content.decode()
        assert "公示过，已计分" in page and "还可以提异议到" in page and world.lan.name not in page
        address = f"points/publicity/{claim.id}/objection/"
        assert address in page and str(old.id) not in page
        assert Browser().enter(world.hua).send(address, reason="not_done").status_code == 302
        assert address not in client.get("/s/yunqiao/points/publicity/").content.decode()
        for days in range(3):
            assert world.posted(world.hua, now=ago - timedelta(days=days)).state == ClaimState.POSTED
        monkeypatch.setattr(public, "PAGE", 2)
        first = client.get("/s/yunqiao/points/publicity/").content.decode()
        rest = client.get("/s/yunqiao/points/publicity/?paid=2").content.decode()
        assert "?paid=2#paid" in first and first.count("还可以提异议到") == 2 and rest.count("还可以提异议到") == 1

    def test_a_child_is_not_named(self, world: World, client: Client) -> None:
        Person.objects.filter(pk=world.lan.pk).update(birth_year=NOW.year - 10)
        world.lan.refresh_from_db()
        world.public(now=NOW)
        assert "蓝" not in client.get("/s/yunqiao/points/publicity/").content.decode()

    def test_the_wall_holds_only_who_agreed_and_communities_hide_small_numbers(
        self, world: World, client: Client, lan: Browser
    ) -> None:
        Person.objects.filter(pk=world.lan.pk).update(birth_year=1960)
        world.posted(now=NOW - timedelta(days=6) if local_date(NOW).day > 6 else NOW)
        wall = "/s/yunqiao/points/thanks/"
        assert "蓝小河" not in client.get(wall).content.decode() and "我愿意" in read(lan, "points/thanks/")
        people.give_consent(person=world.lan, purpose=ConsentPurpose.THANK_YOU_WALL, now=NOW)
        page = read(lan, "points/thanks/")
        assert ("蓝小河" in page) == (local_date(NOW).day > 6 or again_posted()) and world.hua.name not in page

    def test_the_lists_ask_the_same_however_long(self, world: World, lan: Browser) -> None:
        world.public(now=NOW)
        one = questions(lan, "points/publicity/")
        for _ in range(4):
            world.public(world.hua, now=NOW)
        world.posted(now=NOW - timedelta(days=6))
        assert questions(lan, "points/publicity/") == one


def again_posted() -> bool:
    return Claim.objects.filter(state=ClaimState.POSTED).exists()


class TestDesk:
    def test_holds_evidence_checks_and_decisions_and_never_who_else_judged(self, world: World, fang: Browser) -> None:
        world.checked(now=NOW, note="给三楼买了菜", photo_ids=(world.photo(world.lan, now=NOW).id,))
        page = read(fang, "points/review/?tab=clean")
        assert "给三楼买了菜" in page and "没超上限" in page and "蓝**" in page and world.lan.name not in page
        assert 'data-key="a"' in page and 'data-key="r"' in page and 'data-key="s"' in page

    def test_tells_of_a_like_picture_that_showed_no_claim_and_does_not_show_it(
        self, world: World, fang: Browser
    ) -> None:
        theirs = samples.encode(SCENE, "JPEG", quality=80)
        unclaimed = world.photo(world.hua, theirs, now=NOW - timedelta(days=2))
        copy = world.photo(world.lan, samples.encode(cut(SCENE, 0.04, 0.04, 0.04, 0.04), "JPEG", quality=80), now=NOW)
        claim = world.checked(photo_ids=(copy.id,), now=NOW)
        page = read(fang, f"points/review/?claim={claim.id}")
        assert "另一个人交的" in page and "没有用来申报" in page and "看看是不是同一张" in page
        assert str(unclaimed.id) not in page and str(copy.id) in page

    def test_one_press_decides_and_one_takes_it_back(self, world: World, fang: Browser) -> None:
        claim = world.checked(now=NOW)
        fang.open("points/review/")
        assert fang.send(f"points/review/{claim.id}/decision/", verdict="approved", seen=CLEAN).status_code == 302
        assert again(claim).state == ClaimState.REVIEWED
        assert 'data-key="z"' in read(fang, "points/review/")
        fang.send(f"points/review/{claim.id}/undo/")
        assert again(claim).state == ClaimState.AUTO_CHECKED
        fang.send(f"points/review/{claim.id}/decision/", verdict="refused", reason="counted", seen=CLEAN)
        assert again(claim).state == ClaimState.REVIEWED

    def test_what_has_gone_on_since_it_was_read_is_read_again_before_anybody_decides(
        self, world: World, fang: Browser
    ) -> None:
        """A page of before shows neither what was said against the refusal nor what was shown with it."""
        claim = world.checked(now=NOW - timedelta(hours=1))
        as_read = seen_in(read(fang, f"points/review/?claim={claim.id}"))
        later = NOW - timedelta(minutes=40)  # what is looked at is nobody else's for ten minutes
        world.refuse(claim, by=world.qin, now=later)
        world.settle(claim, now=later + timedelta(minutes=1))
        answering.appeal(claim_id=claim.id, actor=world.lan, text="是我爱人送的", photo_ids=(), now=NOW)
        checking.check_appeal(claim_id=claim.id, now=NOW)
        for verdict in ({"verdict": "approved"}, {"verdict": "refused", "reason": "counted"}, {"verdict": "referred"}):
            answer = fang.send(f"points/review/{claim.id}/decision/", **verdict, seen=as_read)
            assert leads_to(answer).endswith(f"?claim={claim.id}")
            page = read(fang, f"points/review/?claim={claim.id}")
            assert "请看过现在的样子再定" in page and "是我爱人送的" in page
        assert again(claim).state == ClaimState.APPEALED
        fang.send(f"points/review/{claim.id}/decision/", verdict="approved", seen=seen_in(page))
        assert again(claim).state == ClaimState.REVIEWED

    def test_another_reviewer_is_given_another_claim(self, world: World, fang: Browser) -> None:
        first = world.checked(now=NOW - timedelta(minutes=2))
        fang.open("points/review/")
        qin = Browser().enter(world.qin)
        assert str(first.id) not in read(qin, "points/review/")
        answer = qin.send(f"points/review/{first.id}/decision/", verdict="approved", seen=CLEAN)
        assert answer.status_code == 302 and again(first).state == ClaimState.AUTO_CHECKED
        assert "另一位正在看" in read(qin, "points/review/")

    def test_what_is_clean_is_approved_together(self, world: World, fang: Browser) -> None:
        claims = [world.checked(now=NOW, photo_ids=(world.photo(world.lan, now=NOW).id,)) for _ in range(2)]
        answer = fang.post("/s/yunqiao/points/review/batch/", {"claim": [str(one.id) for one in claims]})
        assert "2 条通过了，0 条没动" in text_of(answer)
        assert {again(one).state for one in claims} == {ClaimState.REVIEWED}

    def test_an_objection_is_decided_by_somebody_else(self, world: World, fang: Browser) -> None:
        claim = world.public(now=NOW - timedelta(hours=1))
        objection = world.objected(claim, now=NOW)
        assert "现在一条都没有" in read(fang, "points/review/?tab=objections")
        fang.send(f"points/review/objections/{objection}/", result="upheld")
        assert again(claim).state == ClaimState.OBJECTION
        qin = Browser().enter(world.qin)
        page = read(qin, "points/review/?tab=objections")
        assert "这件事没有做" in page and world.hua.name not in page
        assert qin.send(f"points/review/objections/{objection}/", result="upheld").status_code == 302
        assert again(claim).state == ClaimState.UPHELD

    def test_standing_aside_hides_a_claimant_until_it_is_taken_back(self, world: World, fang: Browser) -> None:
        claim = world.checked(now=NOW)
        fang.send(f"points/review/{claim.id}/stand-aside/")
        assert str(claim.id) not in read(fang, "points/review/")
        page = read(fang, "points/review/conflicts/")
        end = re.search(r"/s/yunqiao/(points/review/conflicts/[^/]+/end/)", page)
        assert end is not None and fang.send(end[1]).status_code == 302
        assert str(claim.id) in read(fang, "points/review/")

    def test_asks_the_same_however_long_the_queue(self, world: World, fang: Browser) -> None:
        world.checked(now=NOW)
        one = questions(fang, "points/review/")
        for _ in range(5):
            world.checked(world.hua, now=NOW)
        assert questions(fang, "points/review/") <= one

    def test_a_housemate_is_never_shown(self, world: World, fang: Browser) -> None:
        claim = world.checked(now=NOW)
        home(world.lan, world.fang)
        assert str(claim.id) not in read(fang, "points/review/")
        assert str(claim.id) not in read(fang, f"points/review/?claim={claim.id}", status=302)


class TestEnter:
    def test_staff_of_the_grid_enter_for_somebody_who_is_told(self, world: World) -> None:
        tao = appoint(staff("陶小川", "13900000066"), Role.COORDINATOR)
        browser = Browser().enter(tao)
        assert "缺一不可" in read(browser, "points/enter/")
        phone = world.lan.account.phone if world.lan.account else ""
        who = found(browser, "points/enter/", phone=phone)
        typed = {"claim_id": str(new_id()), "who": who, "note": "邻居看见的"}
        refused = browser.send("points/enter/", **typed)
        assert refused.status_code == 422 and "邻居看见的" in refused.content.decode()
        assert browser.send("points/enter/", **typed, item="ox-01").status_code == 302
        claim = Claim.objects.get()
        assert (claim.claimant_id, claim.entered_by_id, claim.source) == (world.lan.id, tao.id, "staff")
        assert "蓝**" in read(browser, "points/enter/")
        Assignment.objects.filter(person=tao).update(valid_until=clock.now())
        assert browser.send("points/enter/", **typed, item="ox-01").status_code == 302, "it was taken in"
        assert browser.send("points/enter/", **{**typed, "note": "别的"}, item="ox-01").status_code == 403
        assert Claim.objects.get() == claim


class TestCode:
    def test_is_shown_to_the_host_of_the_station_and_to_nobody_else(self, world: World, station) -> None:
        host = appoint(staff("郝站长", "13900000055"), Role.STATION_HOST)
        browser = Browser().enter(host)
        assert "/stations/Z01/code/" in read(browser, "stations/")
        assert "/stations/Z01/code/" not in read(Browser().enter(world.fang), "stations/")
        assert "data:image/svg" in read(browser, "stations/Z01/code/")
        assert "<html" not in read(browser, "stations/Z01/code/picture/")
        assert browser.open("stations/Z99/code/").status_code == 404
        assert Browser().enter(world.lan).open("stations/Z01/code/").status_code == 403


RESIDENTS = ["points/claims/", "points/publicity/", "points/thanks/", "points/year/", "points/ports/ox/"]
REVIEWERS = ["points/review/", "points/review/?tab=clean", "points/review/?tab=second", "points/review/?tab=objections",
             "points/review/conflicts/"]  # fmt: skip


class TestRoles:
    def test_every_page_for_every_role(self, world: World) -> None:
        for number, role in enumerate(Role):
            self.look(role, staff("角色", f"139000044{number:02}"))

    def look(self, role: Role, person: Person) -> None:
        if role in UNIT_ROLES:
            unit = Unit.objects.create(code=f"U-{role.name[5:]}", name="云桥物业", kind=UnitKind.PROPERTY)
            Assignment.objects.create(person=person, role=role, unit=unit, valid_from=A_MONTH_AGO)
        elif role != Role.RESIDENT:
            appoint(person, role)
        browser = Browser().enter(person)
        for page in RESIDENTS:
            assert browser.open(page).status_code == 200, page
        for page in REVIEWERS:
            assert browser.open(page).status_code == (200 if role in (Role.REVIEWER, Role.LEADER) else 403), page
        enters = role in (Role.COORDINATOR, Role.GRID_WORKER, Role.STATION_HOST)
        assert browser.open("points/enter/").status_code == (200 if enters else 403)

    def test_another_street_sees_nothing(self, world: World, elsewhere: World) -> None:
        rejected, public = world.rejected(now=NOW - timedelta(hours=1)), world.public(now=NOW)
        objection = world.objected(world.public(now=NOW - timedelta(hours=1)), now=NOW)
        with in_street(elsewhere.street.id):
            qiu, judge = Browser("hetang").enter(elsewhere.lan), Browser("hetang").enter(elsewhere.fang)
            for page in (f"points/claims/{rejected.id}/", f"points/publicity/{public.id}/objection/"):
                assert qiu.open(page).status_code == 404
            for page in ("withdrawal/", "appeal/"):
                assert qiu.send(f"points/claims/{rejected.id}/{page}", text="不对").status_code == 404
            for page in ("decision/", "undo/", "stand-aside/"):
                answer = judge.send(f"points/review/{public.id}/{page}", verdict="approved")
                assert answer.status_code == 404, page
            assert judge.send(f"points/review/objections/{objection}/", result="upheld").status_code == 404
            assert str(public.id) not in read(qiu, "points/publicity/")


def test_nobody_is_ranked_on_any_page(world: World, lan: Browser) -> None:
    """Whoever has more comes in no other order: twice as many points, and the lists stay by time."""
    first = world.public(world.hua, now=NOW - timedelta(hours=2))
    for hours in range(3):
        world.posted(now=NOW - timedelta(days=8 + hours))
    second = world.public(now=NOW - timedelta(hours=1))
    page = read(lan, "points/publicity/")
    assert page.index(f"/publicity/{first.id}/") < page.index(f"/claims/{second.id}/")
    assert UNDO_FOR and make and HELP


def test_points_that_were_asked_back_are_said_so_where_they_were_claimed(world: World) -> None:
    """With the way to why, and to saying no to it; and once that was right, that they are back."""
    now = clock.now() - timedelta(days=25)
    claim = world.posted(now=now)
    assert claim.posting_id is not None
    page, mine = f"points/claims/{claim.id}/", Browser().enter(world.lan)
    assert "后来退回了" not in read(mine, "points/claims/") and "已记分" in read(mine, page)
    third, fourth, fifth = (
        appoint(staff(name, f"1390000008{n}", now=A_MONTH_AGO), Role.REVIEWER) for n, name in enumerate("甲乙丙")
    )
    now = clock.now()
    one = points.propose_correction(
        posting_id=claim.posting_id, reason=CorrectionReason.DEED_UNDONE, note="没有做", actor=third, now=now
    )
    address = f"points/corrections/{one.id}/"
    assert address not in read(mine, page), "nothing is taken back yet"
    points.approve_correction(correction_id=one.id, actor=fourth, now=now)
    listed, shown = read(mine, "points/claims/"), read(mine, page)
    for said in (listed, shown):
        assert "后来退回了" in said and "已记分" not in said and "+5" not in said
    assert address in shown and "记的分退回了" in shown and "没有做" in read(mine, address)
    points.appeal_correction(correction_id=one.id, actor=world.lan, text="做了", now=now)
    points.uphold_appeal(correction_id=one.id, actor=fifth, now=now)
    listed, shown = read(mine, "points/claims/"), read(mine, page)
    assert "已记分" in listed and "已记分" in shown and "申诉成立，分补回来了" in shown and address in shown

"""The look of the machine: it finds what a person should ask about, explains it, and decides nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image, ImageDraw, ImageFont

from huipai.kit import clock
from huipai.people.words import ProxyScope
from huipai.points import queries
from huipai.points.commands.claims import checking, helping
from huipai.points.models import Finding
from huipai.points.pages import wording
from huipai.points.rules import reader, reading
from huipai.points.rules.reading import Read
from huipai.points.words import CheckKind, ClaimState
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.words import Evidence
from huipai.stations.rules import OnSite, code_at, is_fresh, read_code
from tests.cases.test_own import helps
from tests.cast import MONDAY, TUESDAY, resident, rulebook
from tests.photos import samples
from tests.photos.test_likeness import SCENE, cut
from tests.points.claims.world import HELP, POST_ON, SHIFT, World, unlike
from tests.points.test_awarding import home

pytestmark = pytest.mark.django_db


def found(claim) -> dict[str, tuple[str, str]]:
    return {one.kind: (one.result, one.code) for one in Finding.objects.filter(claim=claim)}


class TestChecks:
    def test_a_clean_claim_passes_them_all_and_is_handed_to_people(self, world: World) -> None:
        claim = world.checked(photo_ids=(world.photo(world.lan).id,))
        assert claim.state == ClaimState.AUTO_CHECKED
        assert {result for result, _code in found(claim).values()} == {"pass"}
        assert checking.check(claim_id=claim.id, now=MONDAY) is None

    def test_caps_count_what_is_paid_and_what_still_waits(self, world: World) -> None:
        world.posted()
        world.claim()
        third = world.checked()
        assert found(third)[CheckKind.CAPS] == ("fail", "caps_day")
        finding = Finding.objects.get(claim=third, kind=CheckKind.CAPS)
        assert "今天已有 10 分，上限 10，这次 5" in wording.explain(finding).text
        assert third.state == ClaimState.AUTO_CHECKED

    def test_caps_count_what_was_measured_and_what_waits_at_home(self, world: World) -> None:
        counted = replace(HELP, code="ox-07", points=10, day_cap=10, formula=parse("取小(小时 × 5, 10)"))
        shared = replace(
            HELP, code="ox-08", points=5, day_cap=5, month_cap=5, household_day_cap=5, household_month_cap=5
        )
        rulebook(counted, shared, since=MONDAY)
        first, second, third = (world.checked(item=counted, measured={"hours": "1"}) for _number in range(3))
        assert (first.worth, found(second)[CheckKind.CAPS][0], found(third)[CheckKind.CAPS]) == (
            5, "pass", ("fail", "caps_day")
        )  # fmt: skip
        home(world.lan, world.hua)
        world.checked(item=shared)
        assert found(world.checked(world.hua, item=shared))[CheckKind.CAPS] == ("fail", "caps_household_day")

    def test_a_pause_and_a_duplicate_window(self, world: World) -> None:
        rulebook(replace(HELP, cooldown_minutes=60), replace(SHIFT, duplicate_minutes=30), since=MONDAY)
        world.claim()
        assert found(world.checked(now=MONDAY + timedelta(minutes=30)))[CheckKind.COOLDOWN][1] == "cooldown_too_soon"
        assert found(world.checked(now=MONDAY + timedelta(hours=3)))[CheckKind.COOLDOWN][1] == "cooldown_over"

    def test_what_was_refused_that_day_is_told_to_whoever_looks_next(self, world: World) -> None:
        first, hour = world.checked(note="给老人买菜"), timedelta(hours=1)
        world.refuse(first)
        world.settle(first)
        anew = world.checked(note="给老人 买菜", now=MONDAY + hour)
        assert found(anew)[CheckKind.COOLDOWN] == ("doubt", "cooldown_refused")
        assert "退回过 1 次" in wording.explain(anew.findings.get(kind=CheckKind.COOLDOWN)).text
        assert CheckKind.COOLDOWN not in found(world.checked(note="给老人送饭", now=MONDAY + hour))

    def test_and_so_is_the_same_picture_again(self, world: World) -> None:
        picture, hour = unlike(), timedelta(hours=1)
        first = world.checked(note="买菜", photo_ids=(world.photo(world.lan, picture).id,))
        world.refuse(first)
        world.settle(first)
        anew = world.checked(note="买了菜", photo_ids=(world.photo(world.lan, picture).id,), now=MONDAY + hour)
        assert found(anew)[CheckKind.COOLDOWN] == ("doubt", "cooldown_refused")

    def test_one_claim_near_by_is_one_however_many_pictures_it_shows(self, world: World) -> None:
        near = replace(HELP, duplicate_minutes=600, duplicate_metres=50)
        rulebook(near, since=MONDAY)
        here = {"lng": 120.73, "lat": 31.28, "source": "exif"}
        world.claim(world.hua, near, photo_ids=tuple(world.photo(world.hua, **here).id for _number in range(3)))
        claim = world.checked(item=near, photo_ids=(world.photo(world.lan, **here).id,))
        finding = Finding.objects.get(claim=claim, kind=CheckKind.COOLDOWN)
        assert (finding.code, finding.params) == ("cooldown_repeat", {"count": 1})

    def test_the_same_persons_own_count_also_where_one_of_the_two_says_no_place(self, world: World) -> None:
        near = replace(HELP, duplicate_minutes=600, duplicate_metres=50)
        rulebook(near, since=MONDAY)
        here = {"lng": 120.73, "lat": 31.28, "source": "exif"}
        world.claim(item=near)
        placed = world.checked(
            item=near, photo_ids=(world.photo(world.lan, **here).id,), now=MONDAY + timedelta(hours=1)
        )
        assert found(placed)[CheckKind.COOLDOWN] == ("doubt", "cooldown_repeat")
        other = world.checked(world.hua, near, photo_ids=(world.photo(world.hua, **{**here, "lat": 31.285}).id,))
        assert CheckKind.COOLDOWN not in found(other), "somebody else's, without a place, is no repeat"

    def test_of_two_the_first_passes_whatever_came_after_it(self, world: World) -> None:
        once = replace(HELP, points=3, day_cap=3, cooldown_minutes=6 * 24 * 60, duplicate_minutes=60)
        rulebook(once, since=MONDAY)
        first, second = world.claim(item=once), world.claim(item=once, now=MONDAY + timedelta(seconds=9))
        for claim in (second, first):
            world.checked_again(claim, MONDAY + timedelta(minutes=1))
        passed, failed = found(first), found(second)
        assert passed[CheckKind.CAPS][0] == passed[CheckKind.COOLDOWN][0] == "pass"
        assert failed[CheckKind.CAPS] == ("fail", "caps_day") and failed[CheckKind.COOLDOWN][0] == "doubt"

    def test_the_same_bytes_again_by_oneself_or_another(self, world: World) -> None:
        content = unlike()
        world.claim(photo_ids=(world.photo(world.lan, content).id,))
        own = world.checked(photo_ids=(world.photo(world.lan, content, now=TUESDAY).id,), now=TUESDAY)
        assert found(own)[CheckKind.SAME] == ("fail", "same_own")
        other = world.checked(world.hua, photo_ids=(world.photo(world.hua, content, now=TUESDAY).id,), now=TUESDAY)
        assert found(other)[CheckKind.SAME] == ("fail", "same_other")

    def test_ones_own_first_copy_hides_nobody_elses(self, world: World) -> None:
        theirs = samples.encode(SCENE, "JPEG", quality=80)
        first = world.checked(world.hua, photo_ids=(world.photo(world.hua, theirs).id,))
        copy = samples.encode(cut(SCENE, 0.04, 0.04, 0.04, 0.04), "JPEG", quality=80)
        world.photo(world.lan, copy, now=MONDAY + timedelta(hours=1))
        claim = world.checked(photo_ids=(world.photo(world.lan, copy, now=TUESDAY).id,), now=TUESDAY)
        assert found(claim)[CheckKind.SAME] == ("fail", "same_own")
        assert found(claim)[CheckKind.ALIKE] == ("doubt", "alike_other")
        assert Finding.objects.get(claim=claim, kind=CheckKind.ALIKE).params["claim"] == str(first.id)

    def test_one_picture_for_two_elders_is_somebody_elses_though_one_helper_sends_both(self, world: World) -> None:
        other = resident("高一山", "13800000777")
        for elder in (world.hua, other):
            helps(elder, world.lan, ProxyScope.CLAIM)
        sent = []
        for number, (elder, picture) in enumerate(
            ((world.hua, SCENE), (other, cut(SCENE, 0.04, 0.04, 0.04, 0.04)), (other, SCENE))
        ):
            now = clock.now() + timedelta(minutes=number)
            photo = world.photo(world.lan, samples.encode(picture, "JPEG", quality=80), now=now)
            sending = world.sending(note=f"第 {number} 回", photo_ids=(photo.id,))
            claim = helping.submit_for(sending=sending, claimant_id=elder.id, helper=world.lan, now=now)
            checking.check(claim_id=claim.id, now=now)
            sent.append(found(claim))
        assert CheckKind.ALIKE not in sent[0] and sent[0][CheckKind.SAME][0] == "pass"
        assert sent[1][CheckKind.ALIKE] == ("doubt", "alike_other")
        assert sent[2][CheckKind.SAME] == ("fail", "same_other")

    def test_a_picture_saved_again_smaller_is_alike_and_the_other_is_named(self, world: World) -> None:
        scene = samples.scene(cars=5, size=(640, 480), seed=99)
        first = world.photo(world.hua, samples.encode(scene, "JPEG", quality=85))
        before = world.claim(world.hua, photo_ids=(first.id,))
        second = world.photo(world.lan, samples.encode(scene.resize((320, 240)), "JPEG", quality=50), now=TUESDAY)
        claim = world.checked(photo_ids=(second.id,), now=TUESDAY)
        assert found(claim)[CheckKind.ALIKE] == ("doubt", "alike_other")
        params = Finding.objects.get(claim=claim, kind=CheckKind.ALIKE).params
        assert (params["photo"], params["claim"]) == (str(first.id), str(before.id)) and params["percent"] >= 90

    def test_time_and_place_of_a_photo(self, world: World, town) -> None:
        inside, outside = town.at(100, 100), town.at(-5000, 0)
        near = world.photo(world.lan, lat=inside.lat, lng=inside.lng, taken_at=MONDAY, source="device")
        claim = world.checked(photo_ids=(near.id,))
        assert found(claim)[CheckKind.TIME][1] == "time_near" and found(claim)[CheckKind.PLACE][1] == "place_inside"
        long_ago = MONDAY - timedelta(days=9)
        far = world.photo(world.lan, lat=outside.lat, lng=outside.lng, taken_at=long_ago, source="device")
        claim = world.checked(photo_ids=(far.id,))
        assert found(claim)[CheckKind.TIME] == ("doubt", "time_old")
        assert found(claim)[CheckKind.PLACE] == ("doubt", "place_outside")
        for ahead in (timedelta(hours=2), timedelta(days=36), timedelta(days=4000)):
            coming = world.photo(world.lan, taken_at=MONDAY + ahead, source="device")
            assert found(world.checked(photo_ids=(coming.id,)))[CheckKind.TIME] == ("doubt", "time_ahead")
        assert "拍了 9 天才交" in wording.explain(Finding.objects.get(claim=claim, kind=CheckKind.TIME)).text

    def test_a_photo_whose_own_clock_is_ahead_is_not_clean(self, world: World) -> None:
        ahead = world.photo(world.lan, samples.jpeg(cars=3, place=None, taken="2027:01:01 08:00:00"))
        claim = world.checked(photo_ids=(ahead.id,))
        assert found(claim)[CheckKind.TIME] == ("doubt", "time_ahead")
        assert {result for result, _code in found(claim).values()} == {"pass", "doubt"}
        assert not queries.clean(world.qin, MONDAY).filter(pk=claim.pk).exists()

    def test_a_code_of_a_moment_ago_of_hours_ago_and_of_a_shut_station(self, world: World, station) -> None:
        def scanned(shown_at, now):
            seen = OnSite(station.id, shown_at, "ab")
            return found(world.checked(item=SHIFT, note="", on_site=seen, now=now))[CheckKind.CODE][1]

        assert scanned(MONDAY, MONDAY + timedelta(minutes=2)) == "code_fresh"
        assert scanned(TUESDAY, TUESDAY + timedelta(hours=3)) == "code_late"
        night = TUESDAY + timedelta(days=1, hours=10)
        assert scanned(night, night) == "code_shut"

    @pytest.mark.parametrize(
        "evidence",
        [
            (Evidence.PHOTO, Evidence.NOTE),
            (Evidence.SCREENSHOT, Evidence.NOTE),
            (Evidence.ON_SITE_CODE, Evidence.WITNESS),
            (Evidence.SCREENSHOT, Evidence.REPOSTS, Evidence.NOTE),
        ],
    )
    def test_words_alone_where_something_could_be_shown(self, world: World, evidence: tuple[Evidence, ...]) -> None:
        told = replace(HELP, evidence=evidence)
        rulebook(told, since=MONDAY)
        claim = world.checked(item=told, note="陪小区里的老人做了一上午的饭")
        assert found(claim)[CheckKind.EVIDENCE] == ("doubt", "evidence_note_only")
        assert not queries.clean(world.qin, MONDAY).filter(pk=claim.pk).exists()

    @pytest.mark.parametrize("evidence", [Evidence.WITNESS, Evidence.NOTE])
    def test_a_sign_or_two_are_no_evidence(self, world: World, evidence: Evidence) -> None:
        told = replace(HELP, evidence=(evidence,))
        rulebook(told, since=MONDAY)
        for by, note, advice in (
            (world.lan, "。", ("doubt", "evidence_says_little")),
            (world.hua, "12 34 56", ("doubt", "evidence_says_little")),
            (resident("贾三", "13800000066"), "王阿姨看见", ("pass", "evidence_there")),
        ):
            claim = world.checked(by, item=told, note=note)
            assert found(claim)[CheckKind.EVIDENCE] == advice
            assert queries.clean(world.qin, MONDAY).filter(pk=claim.pk).exists() == (advice[0] == "pass")

    @pytest.mark.parametrize(
        ("note", "code"),
        [
            ("驿站修理日，11 月 21 日", "evidence_roll"),
            ("上周六在驿站修伞", "evidence_roll"),
            ("昨天的修理日", "evidence_roll"),
            ("修理日修了 12 把伞", "evidence_roll_no_day"),
            ("在驿站修伞", "evidence_roll_no_day"),
        ],
    )
    def test_a_list_that_lies_with_its_host_is_looked_at_by_a_person(self, world: World, note: str, code: str) -> None:
        alone = replace(HELP, evidence=(Evidence.ROLL,))
        either = replace(HELP, code="ox-02", evidence=(Evidence.ROLL, Evidence.PHOTO))
        rulebook(alone, either, since=MONDAY)
        for item in (alone, either):
            claim = world.checked(item=item, note=note)
            assert found(claim)[CheckKind.EVIDENCE] == ("doubt", code)
            said = wording.explain(claim.findings.get(kind=CheckKind.EVIDENCE))
            assert "名册" in said.text and "系统里" in said.text
            assert not queries.clean(world.qin, MONDAY).filter(pk=claim.pk).exists()
        shown = world.checked(world.hua, item=either, note=note, photo_ids=(world.photo(world.hua).id,))
        assert found(shown)[CheckKind.EVIDENCE] == ("pass", "evidence_there")

    def test_every_finding_has_a_sentence(self) -> None:
        codes = set(wording._TITLES)
        source = checking.checking.__file__
        with open(source, encoding="utf-8") as text:
            body = text.read()
        assert all(f'"{code}"' in body for code in codes)


class TestReading:
    WANTED = reading.expected(["反诈", "96110"], "转发防骗提醒", "")

    @pytest.mark.parametrize(
        ("keyword", "line"),
        [
            ("反诈 中心", "国家反诈 中心"),
            ("APP", "打开App"),
            ("96110", "９６１１０"),
            ("ＡＰＰ", "app"),
            ("防骗", "轉發防騙提醒"),
            ("防騙", "转发防骗"),
        ],
    )
    def test_a_word_is_found_as_people_see_it(self, keyword: str, line: str) -> None:
        read = reading.judge([line], reading.expected([keyword], "转发", ""), today=date(2026, 11, 23))
        assert read.matched == (keyword,)
        other = reading.judge(["别的话"], reading.expected([keyword], "转发", ""), today=date(2026, 11, 23))
        assert other.matched == ()

    def test_keeps_the_items_own_words_and_dates_and_nothing_else(self) -> None:
        read = reading.judge(
            ["6 幢邻里群(128)", "拨 96110 问一问", "11月20日", "昨天 19:12"], self.WANTED, today=MONDAY.date()
        )
        assert read.matched == ("96110",) and read.has_text
        assert [day.isoformat() for day in read.dates] == ["2026-11-20", "2026-11-22"]
        assert "邻里群" not in str(read)

    @pytest.mark.parametrize("said", ["2023 年 11 月 22 日 09:30", "2023年 11月22日", "2023年11月22日"])
    def test_a_year_belongs_to_its_day_however_it_is_set(self, said: str) -> None:
        read = reading.judge([said], self.WANTED, today=date(2026, 11, 23))
        assert read.dates == (date(2023, 11, 22),)

    def test_a_day_without_a_year_is_the_last_one_there_was(self) -> None:
        new_year = date(2027, 1, 1)
        read = reading.judge(["12月31日", "1月1日", "1月2日", "2月29日"], self.WANTED, today=new_year)
        assert [day.isoformat() for day in read.dates] == ["2026-12-31", "2027-01-01", "2027-01-02"]

    @pytest.mark.parametrize("said", ["11/20 09:12", "11-20 9:12", "11/2009:12", " 11-20 ", "１１／２０　０９：１２"])
    def test_a_day_in_figures_is_one_with_its_time_behind_it_or_alone(self, said: str) -> None:
        assert reading.judge([said], self.WANTED, today=date(2026, 11, 23)).dates == (date(2026, 11, 20),)

    @pytest.mark.parametrize(
        "said",
        [
            "3/4 杯水",
            "比分 11-20",
            "电话 11-20-33",
            "4-5",
            "11/32 09:12",
            "v2.11/20 9:12",
            "08:05-10:30",
            "活动时间 14:10-16:20",
            "19:10-20:30",
            "比分 3-1 20:15",
            "第1/3 9:00",
        ],
    )
    def test_not_every_pair_of_figures_is_a_day(self, said: str) -> None:
        assert reading.judge([said], self.WANTED, today=date(2026, 11, 23)).dates == ()

    def test_without_keywords_two_pieces_of_the_title_are_enough(self) -> None:
        wanted = reading.expected([], "转发防骗提醒", "可打 96110")
        assert reading.judge(["防骗", "提醒"], wanted, today=MONDAY.date()).matched
        assert not reading.judge(["提醒"], wanted, today=MONDAY.date()).matched

    def test_what_is_read_is_matched_and_not_kept(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking, "read_lines", lambda _picture: ["防骗提醒", "96110", "张三的悄悄话"])
        claim = world.checked(item=POST_ON, photo_ids=(world.photo(world.lan).id,), note="")
        assert found(claim)[CheckKind.WORDS] == ("pass", "words_found")
        assert "悄悄话" not in str(list(Finding.objects.values_list("params", flat=True)))

    def test_without_a_reader_a_person_is_asked_to_look(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking, "read_lines", lambda _picture: None)
        claim = world.checked(item=POST_ON, photo_ids=(world.photo(world.lan).id,), note="")
        assert found(claim)[CheckKind.WORDS] == ("doubt", "words_no_reader")

    def test_an_old_date_is_asked_about(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checking, "read_lines", lambda _picture: ["防骗提醒", "2026年10月1日"])
        claim = world.checked(item=POST_ON, photo_ids=(world.photo(world.lan).id,), note="")
        assert found(claim)[CheckKind.DATED] == ("doubt", "dated_old")

    @pytest.mark.parametrize(
        ("said", "result"),
        [
            ("11月24日", "pass"),
            ("11月23日", "pass"),
            ("11月22日", "doubt"),
            ("11月25日", "doubt"),
            ("2026年12月1日", "doubt"),
        ],
    )
    def test_the_day_is_the_streets_own_and_nothing_was_done_tomorrow(
        self, world: World, monkeypatch: pytest.MonkeyPatch, said: str, result: str
    ) -> None:
        monkeypatch.setattr(checking, "read_lines", lambda _picture: ["防骗提醒", said])
        before_dawn = datetime(2026, 11, 23, 19, tzinfo=UTC)  # three in the morning of the 24th
        claim = world.checked(item=POST_ON, photo_ids=(world.photo(world.lan).id,), note="", now=before_dawn)
        assert found(claim)[CheckKind.DATED][0] == result

    def test_the_reader_reads_a_picture(self, tmp_path) -> None:
        """Only where the extra is installed (requirements/ocr.txt); digits need no Chinese font."""
        pytest.importorskip("rapidocr")
        picture = Image.new("RGB", (600, 200), "white")
        ImageDraw.Draw(picture).text((40, 60), "96110", fill="black", font=ImageFont.load_default(64))
        picture.save(tmp_path / "shot.jpg")
        assert "96110" in "".join(checking.read_lines(tmp_path / "shot.jpg") or [])

    def test_the_reader_reads_a_long_one_to_its_end(self, tmp_path) -> None:
        pytest.importorskip("rapidocr")
        picture = Image.new("RGB", (720, 6000), "white")
        for line in range(20):
            said, font = f"No {line + 100} 96110", ImageFont.load_default(48)
            ImageDraw.Draw(picture).text((40, 60 + 290 * line), said, fill="black", font=font)
        picture.save(tmp_path / "shot.jpg")
        found = " ".join(checking.read_lines(tmp_path / "shot.jpg") or [])
        assert all(f"{line + 100}" in found for line in range(20))

    def test_the_reader_reads_a_wide_one_and_cuts_no_line_of_dots(self, tmp_path) -> None:
        pytest.importorskip("rapidocr")
        picture = Image.new("RGB", (6000, 500), "white")
        for at in range(10):
            said, font = f"{at + 100} 96110", ImageFont.load_default(64)
            ImageDraw.Draw(picture).text((60 + 590 * at, 200), said, fill="black", font=font)
        picture.save(tmp_path / "shot.jpg")
        found = " ".join(checking.read_lines(tmp_path / "shot.jpg") or [])
        assert all(f"{at + 100}" in found for at in range(10))
        Image.new("RGB", (1, 3000), "white").save(tmp_path / "line.png")
        assert list(reader.pieces(str(tmp_path / "line.png"))) == [str(tmp_path / "line.png")]

    def test_a_reader_that_is_not_there_is_no_error(self, tmp_path) -> None:
        (tmp_path / "shot.jpg").write_bytes(b"no picture")
        assert checking.read_lines(tmp_path / "shot.jpg") is None
        assert Read((), (), False)


class TestCode:
    def test_is_genuine_for_its_street_only_and_fresh_for_minutes(
        self, world: World, elsewhere: World, station
    ) -> None:
        code = code_at(street_id=world.street.id, station_id=station.id, now=MONDAY)
        seen = read_code(code, street_id=world.street.id)
        assert seen is not None and seen.station_id == station.id and seen.shown_at == MONDAY
        assert is_fresh(seen, now=MONDAY + timedelta(minutes=9))
        assert not is_fresh(seen, now=MONDAY + timedelta(minutes=11))
        assert not is_fresh(seen, now=MONDAY - timedelta(minutes=2))
        assert read_code(code, street_id=elsewhere.street.id) is None
        for broken in ("", "x", code[:-1], code[:-3] + "AAA", "A" * 200, "码"):
            assert read_code(broken, street_id=world.street.id) is None
        assert code_at(street_id=world.street.id, station_id=station.id, now=MONDAY + timedelta(seconds=29)) == code
        assert code_at(street_id=world.street.id, station_id=station.id, now=MONDAY + timedelta(seconds=30)) != code

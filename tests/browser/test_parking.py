"""The parking story with six people: a photo, a whistle, the transit police post, 150 spaces, a check, the feed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.joint_words import JointState
from huipai.cases.models import Case, Check, JointTask, UnitRating, WorkOrder
from huipai.cases.words import Outcome, State
from huipai.kit import clock
from tests.browser.looking import axe, sideways, too_small
from tests.browser.test_loop import Visitor, at_a_phone, report_in_three_taps
from tests.cases.conftest import Place
from tests.jobs import run_jobs
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder"]
SHOTS = settings.BASE_DIR / "var" / "shots"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULT = "几家一起排了一遍，旁边停车场夜里开放，腾出 150 个车位，东门不堵了"


def problems_of(visitor: Visitor) -> list[str]:
    """What axe, a ruler and a narrow screen have against the page."""
    wide = sideways(visitor.page)
    return [*axe(visitor.page), *too_small(visitor.page, 44), *([f"{wide} px too wide"] if wide else [])]


def upload(visitor: Visitor, photo: Path) -> None:
    visitor.page.locator("[data-upload-input]").first.set_input_files(str(photo))
    expect(visitor.page.locator("[data-upload-list] li")).to_have_count(1)


def musters(visitor: Visitor, words: str) -> None:
    """From the list of orders to the whistle, and there one press."""
    visitor.open("/orders/")
    visitor.press("社区吹哨")
    visitor.page.locator("main li a").first.click()
    expect(visitor.page.get_by_text("蓝小河")).to_have_count(0)
    visitor.page.get_by_role("button", name="报到", exact=True).click()
    expect(visitor.page.get_by_text(words).first).to_be_visible()


def test_a_jam_becomes_150_spaces(
    browser: Browser, live_server: LiveServer, here: Place, there: Place, tmp_path: Path
) -> None:
    at = here.town.at(50, 50)
    photos = samples.write_all(tmp_path, place=(at.lat, at.lng))
    slug = here.street.slug

    with at_a_phone(browser, live_server, slug, here.lan) as lan:
        lan.open("/")
        report_in_three_taps(lan, photos["parking_jam.jpg"])
    run_jobs()
    case = Case.objects.get()

    with at_a_phone(browser, live_server, slug, here.dispatcher) as dispatcher:
        dispatcher.page.set_viewport_size({"width": 1440, "height": 900})
        dispatcher.open(f"/desk/?view=all&case={case.code}")
        dispatcher.page.locator("#pick-unit label", has_text="公交警务中心").click()
        dispatcher.page.get_by_role("button", name="派单").first.click()
        expect(dispatcher.page.get_by_text("派出去了")).to_be_visible()

    with at_a_phone(browser, live_server, slug, here.coordinator) as coordinator:
        coordinator.open(f"/cases/{case.code}/")
        coordinator.press("吹哨，请几家一起办")
        coordinator.page.get_by_label("要大家一起看什么").fill("东门晚上双向停满，救护车进不来，一起看看旁边能不能停")
        for unit in ("云桥路公交警务中心", "柳溪花园物业"):
            coordinator.page.locator("#pick-unit label", has_text=unit).click()
        coordinator.shot("joint-1-whistle")
        coordinator.page.get_by_role("button", name="吹哨", exact=True).click()
        expect(coordinator.page.get_by_text("哨吹出去了")).to_be_visible()
        assert problems_of(coordinator) == []
        task = JointTask.objects.get()
        run_jobs()

        with at_a_phone(browser, live_server, slug, here.xu) as police:
            musters(police, "社区会约时间和地点")
            assert problems_of(police) == []
            police.shot("joint-2-muster")
            order = WorkOrder.objects.get()
            police.open(f"/orders/{order.id}/")
            police.press("签收")
        with at_a_phone(browser, live_server, slug, here.ning) as guard:
            musters(guard, "社区会约时间和地点")

        meet = clock.now() + timedelta(days=1)
        coordinator.open(f"/joint/{task.id}/")
        coordinator.page.get_by_label("哪一天").fill(f"{meet:%Y-%m-%d}")
        coordinator.page.get_by_label("几点").fill("15:00")
        coordinator.page.get_by_label("在哪里碰头").fill("东门岗亭")
        coordinator.press("约好了")
        expect(coordinator.page.get_by_text("东门岗亭").first).to_be_visible()

        for unit in ("云桥路公交警务中心", "柳溪花园物业"):
            coordinator.page.locator("fieldset label", has_text=unit).click()
        coordinator.page.get_by_label("看到了什么").fill("数了 42 辆，停车场空着一半")
        coordinator.press("记下来")
        expect(coordinator.page.get_by_text("记下了，接着写结果")).to_be_visible()
        coordinator.page.get_by_label("有什么结果").fill(RESULT)
        upload(coordinator, photos["after.jpg"])
        coordinator.shot("joint-3-result")
        coordinator.press("告诉上报人和各家单位")
        expect(coordinator.page.get_by_text("评各家单位").first).to_be_visible()
        for fieldset in coordinator.page.locator("#stars fieldset").all():
            fieldset.get_by_text("很好", exact=True).click()
        coordinator.shot("joint-4-rate")
        coordinator.press("评好了")
        expect(coordinator.page.get_by_text("评过了，这次吹哨收尾")).to_be_visible()
        run_jobs()

        with at_a_phone(browser, live_server, slug, here.xu) as police:
            police.open(f"/orders/{order.id}/response/")
            police.page.get_by_label("怎么办的").fill("停车场夜里开放，门口不再停车")
            police.press("办好了")
            expect(police.page.get_by_text("已反馈").first).to_be_visible()
        run_jobs()
        check = Check.objects.select_related("checker__account").get()
        assert check.checker_id in {here.qin.id, here.bo.id}
        with at_a_phone(browser, live_server, slug, check.checker) as checker:
            checker.open(f"/checks/{check.id}/")
            expect(checker.page.get_by_text("警务中心")).to_have_count(0)  # blind to the handler
            checker.press("通过")

        coordinator.open(f"/cases/{case.code}/")
        for _each in range(2):
            coordinator.page.get_by_role("button", name="看过了，可以公开").first.click()
            coordinator.page.wait_for_load_state()

    with at_a_phone(browser, live_server, slug, here.lan) as lan:
        lan.open(f"/mine/{case.code}/")
        expect(lan.page.get_by_text(RESULT)).to_be_visible()
        expect(lan.page.get_by_text("徐站前")).to_have_count(0)
        lan.shot("joint-5-reporter")
        lan.press("解决了")
        lan.page.get_by_text("非常满意", exact=True).click()
        lan.press("是的，解决了")
        expect(lan.page.get_by_text("已办结").first).to_be_visible()

    with at_a_phone(browser, live_server, slug) as neighbour:
        neighbour.open("/nearby/?going=done")
        neighbour.page.locator("main li a", has_text="车辆乱停").first.click()
        expect(neighbour.page.get_by_text(RESULT)).to_be_visible()
        neighbour.shot("joint-6-feed")

    case.refresh_from_db()
    task.refresh_from_db()
    assert (case.state, case.outcome, task.state) == (State.CLOSED, Outcome.CONFIRMED, JointState.RATED)
    assert list(UnitRating.objects.values_list("stars", flat=True)) == [5, 5]

    for person in (there.coordinator, there.xu, None):
        with at_a_phone(browser, live_server, there.street.slug, person) as other:
            inside = (f"/cases/{case.code}/", f"/joint/{task.id}/") if person else ()
            for path in (f"/c/{case.code}/", *inside):
                other.open(path)
                expect(other.page.get_by_text("没有找到").first).to_be_visible()
            other.open("/nearby/?span=all")
            expect(other.page.locator("main li a", has_text="车辆乱停")).to_have_count(0)

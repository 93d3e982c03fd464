"""The rulebook as anybody reads it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huipai.kit import clock
from huipai.rulebook import commands
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import CONSULTATION, Earner, Evidence, Port
from huipai.streets.models import Street
from tests.cast import FOUND, TUESDAY, decide, rulebook

pytestmark = pytest.mark.django_db

OX = replace(
    FOUND, code="ox-01", port=Port.OX, title="帮独居老人买菜", evidence=(Evidence.ROLL,), points=10, day_cap=10,
    automatic=False,
)  # fmt: skip


def text(client: Client, path: str = "rulebook/") -> str:
    answer = client.get(f"/s/yunqiao/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_years_beside_a_withdrawn_version_leave_it_out(client: Client, in_yunqiao: Street) -> None:
    def more(number: int) -> Terms:
        return replace(FOUND, code=f"woodpecker-0{number}")

    began = TUESDAY - timedelta(days=200)
    writer = rulebook(FOUND, since=began).author
    rulebook(FOUND, more(3), since=began + timedelta(days=40))
    day = began + timedelta(days=60)
    withdrawn = commands.draft(author=writer, note="", now=day)
    commands.put_item(version_id=withdrawn.id, actor=writer, terms=replace(more(4), why="缺这一条"), now=day)
    commands.consult(version_id=withdrawn.id, actor=writer, until=day + CONSULTATION, now=day)
    decide(withdrawn, writer, effective_from=day + timedelta(days=20), now=day + timedelta(days=8))
    commands.withdraw(version_id=withdrawn.id, actor=writer, reason="写错了", now=day + timedelta(days=9))
    rulebook(FOUND, more(3), more(5), since=began + timedelta(days=140))

    def told(path: str) -> list[tuple[str, str]]:
        return re.findall(r"年改了 (\d+) 次</h2><p[^>]*>(.*?)</p>", text(client, path), re.DOTALL)

    assert told("rulebook/3/changes/") == told("rulebook/revisions/") != []
    assert "woodpecker-04" in text(client, "rulebook/3/changes/")


class TestHome:
    def test_says_so_before_there_is_one(self, client: Client, in_yunqiao: Street) -> None:
        assert "计分条目还没有施行" in text(client)

    def test_shows_the_version_in_force_under_three_doors(self, client: Client, in_yunqiao: Street) -> None:
        rulebook(FOUND)
        rulebook(FOUND, OX, since=TUESDAY)
        html = text(client)
        assert "第 2 版" in html and "正在用" in html and "路上乱停乱摆" in html and "帮独居老人买菜" in html
        assert [f'id="{port}"' in html for port in Port] == [True] * 3
        assert "/s/yunqiao/rulebook/2/changes/" in html and "/s/yunqiao/rulebook/revisions/" in html

    def test_hides_a_draft(self, client: Client, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        commands.draft(author=version.author, note="还在想", now=TUESDAY)
        assert client.get("/s/yunqiao/rulebook/2/").status_code == 404
        assert client.get("/s/yunqiao/rulebook/2/woodpecker-02/").status_code == 404
        assert "还在想" not in text(client)

    def test_is_each_streets_own(self, client: Client, in_yunqiao: Street, hetang: Street) -> None:
        rulebook(FOUND)
        assert client.get("/s/hetang/rulebook/1/").status_code == 404
        assert "计分条目还没有施行" in client.get("/s/hetang/rulebook/").content.decode()

    def test_costs_the_same_however_many_items(self, client: Client, in_yunqiao: Street) -> None:
        rulebook(FOUND)
        text(client)
        with CaptureQueriesContext(connection) as few:
            text(client)
        rulebook(*[replace(FOUND, code=f"woodpecker-{number:02}") for number in range(1, 30)], since=TUESDAY)
        with CaptureQueriesContext(connection) as many:
            text(client)
        assert len(many) == len(few)


class TestItem:
    def test_says_everything_that_bears_on_somebodys_points(self, client: Client, in_yunqiao: Street) -> None:
        rulebook(replace(
            FOUND, day_cap=10, month_cap=50, household_month_cap=60, cooldown_minutes=24 * 60, under_14=False,
            earners=(Earner.PART_TIME_MEMBER,), owner="城管中队", legal_ground="《道路交通安全法》", lot_months=12,
            why="今年这类事多", evidence=(Evidence.FACT, Evidence.PHOTO),
        ))  # fmt: skip
        html = text(client, "rulebook/1/woodpecker-02/")
        for words in (
            "兼职网格员", "系统里已有记录、照片",
            "一天最多 10 分、一个月最多 50 分、一户一个月最多 60 分、两次之间隔 1 天",
            "14 岁以下不计分", "城管中队", "《道路交通安全法》", "12 个月后的月底到期", "自愿，不用来考核",
            "今年这类事多",
        ):  # fmt: skip
            assert words in html, words

    def test_of_an_old_version_points_to_the_wording_of_today(self, client: Client, in_yunqiao: Street) -> None:
        rulebook(FOUND, OX)
        rulebook(replace(FOUND, points=6), since=TUESDAY)
        html = text(client, "rulebook/1/woodpecker-02/")
        assert "您当时挣的分按它算，不会变" in html and "/s/yunqiao/rulebook/2/woodpecker-02/" in html
        assert "后来删掉了" in text(client, "rulebook/1/ox-01/")
        assert client.get("/s/yunqiao/rulebook/2/ox-01/").status_code == 404

    def test_of_a_coming_version_says_from_when(self, client: Client, in_yunqiao: Street) -> None:
        rulebook(FOUND, since=clock.now() + timedelta(days=1))
        assert "起算" in text(client, "rulebook/1/woodpecker-02/")
        assert "计分条目还没有施行" in text(client)

"""What somebody wrote into the draft since a page was opened is not undone by that page, and nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.test import Client

from huipai.kit import clock
from huipai.people.models import Person
from huipai.rulebook import commands
from huipai.rulebook.models import PointItem
from tests.cast import FOUND, rulebook
from tests.people.doors import seen_on
from tests.rulebook.making import CLAIMED
from tests.rulebook.test_desk import DESK, as_, seen, shown, typed


def test_what_is_new_in_the_draft_is_struck_for_good_and_the_page_says_so(client: Client, writer: Person) -> None:
    rulebook(FOUND)
    draft = commands.draft(author=writer, note="", now=clock.now())
    new = commands.add_item(version_id=draft.id, actor=writer, terms=replace(CLAIMED, why="好"), now=clock.now())
    page = f"{DESK}items/{new.code}/strike/"
    assert "没有上一版可以恢复" in as_(client, writer).get(page).content.decode()
    told = client.post(page, {"why": "写错了", **seen(client, page)}, follow=True).content.decode()
    assert "删去了" in told and "下面可以恢复" not in told


def test_what_another_wrote_since_is_neither_struck_nor_put_back_nor_laid_open_nor_put_aside(
    client: Client, writer: Person
) -> None:
    """By pages of before; what was typed into them stays."""
    rulebook(FOUND, replace(FOUND, code="woodpecker-03"))
    draft = commands.draft(author=writer, note="", now=clock.now())
    item, until = f"{DESK}items/{FOUND.code}/", f"{clock.now() + timedelta(days=9):%Y-%m-%d}"
    as_(client, writer)

    def write(points: int) -> None:
        terms = replace(FOUND, points=points, why="偏少")
        commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=clock.now())

    write(6)
    of_item, of_draft = seen(client, f"{item}strike/"), shown()
    assert of_item["seen"] in client.get(f"{DESK}items/").content.decode()
    assert client.get(DESK).content.decode().count(of_draft["seen"]) >= 2
    write(7)
    pages = {
        f"{item}strike/": ({"why": "没人用了"}, of_item), f"{item}restore/": ({}, of_item),
        f"{DESK}consultation/": ({"until": until}, of_draft),
        f"{DESK}abandon/": ({"reason": "旧的不要了"}, of_draft),
    }  # fmt: skip
    for page, (words, read) in pages.items():
        answer = client.post(page, {**words, **read})
        assert answer.status_code == 409, page
        assert all(word in answer.content.decode() for word in words.values()), page
    draft.refresh_from_db()
    assert draft.ended_at is None and draft.consulted_from is None
    assert PointItem.objects.get(version=draft, code=FOUND.code).points == 7


def test_what_was_written_about_an_item_that_another_has_struck_is_not_lost(client: Client, writer: Person) -> None:
    rulebook(FOUND, replace(FOUND, code="woodpecker-03"))
    draft = commands.draft(author=writer, note="", now=clock.now())
    page = f"{DESK}items/{FOUND.code}/"
    as_(client, writer)
    sent = typed(FOUND, points=6, why="写了半天的理由", **seen(client, page))
    commands.strike_item(version_id=draft.id, actor=writer, code=FOUND.code, why="删", now=clock.now())
    answer = client.post(page, sent)
    html = answer.content.decode()
    assert answer.status_code == 409 and "写了半天的理由" in html and "刚刚从草稿里删去了" in html
    assert client.get(page).status_code == 404
    assert client.post(page, {**sent, "seen": seen_on(html)}).status_code == 302
    assert PointItem.objects.get(version=draft, code=FOUND.code).why == "写了半天的理由"


def test_what_was_written_about_what_is_new_and_was_struck_is_not_lost(client: Client, writer: Person) -> None:
    """Neither the whole item, nor the why of an item of a unit; a page that never was there is nowhere."""
    rulebook(FOUND)
    draft = commands.draft(author=writer, note="", now=clock.now())
    new = commands.add_item(version_id=draft.id, actor=writer, terms=replace(CLAIMED, why="好"), now=clock.now())
    page = f"{DESK}items/{new.code}/"
    as_(client, writer)
    read = seen(client, page)
    sent = typed(new.terms(), why="写了半天的理由", **read)
    commands.strike_item(version_id=draft.id, actor=writer, code=new.code, why="删", now=clock.now())
    html = (answer := client.post(page, sent)).content.decode()
    assert answer.status_code == 409 and "写了半天的理由" in html and "刚刚从草稿里删去了" in html
    of_unit = client.post(page, {"why": "单位那一条的理由", **read})
    assert of_unit.status_code == 409 and "单位那一条的理由" in of_unit.content.decode()
    assert client.get(page).status_code == client.post(page, {**sent, "seen": ""}).status_code == 404
    assert client.post(page, {**sent, "seen": seen_on(html)}).status_code == 302
    assert PointItem.objects.get(version=draft, code=new.code).why == "写了半天的理由"
    # A number under which nothing ever stood in the draft is given by `add_item` alone.
    for _twice in range(2):
        never = client.post(f"{DESK}items/ox-77/", {**sent, "seen": seen_on(html)})
        assert never.status_code == 409 and "写了半天的理由" in never.content.decode()
    assert not PointItem.objects.filter(version=draft, code="ox-77").exists()


def test_what_is_struck_was_read_as_it_stands(client: Client, writer: Person) -> None:
    """A press on a page of before shows what stands there now; the next one strikes it."""
    rulebook(FOUND, replace(FOUND, code="woodpecker-03"))
    draft = commands.draft(author=writer, note="", now=clock.now())
    page = f"{DESK}items/{FOUND.code}/strike/"
    as_(client, writer)
    sent = {"why": "没人用了", **seen(client, page)}
    terms = replace(FOUND, description="别人刚刚写的说法", points=7, why="偏少")
    commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=clock.now())
    html = (answer := client.post(page, sent)).content.decode()
    assert answer.status_code == 409 and "别人刚刚写的说法" in html and "没人用了" in html
    assert client.post(page, {**sent, "seen": seen_on(html)}).status_code == 302
    assert client.post(page, {**sent, "seen": seen_on(html)}).status_code == 302
    other = client.post(page, {**sent, "why": "我另有一个理由", "seen": seen_on(html)})
    assert other.status_code == 409 and all(why in other.content.decode() for why in ("没人用了", "我另有一个理由"))
    assert client.get(page).status_code == client.post(page, {"why": "没人用了"}).status_code == 404


def test_a_change_is_not_undone_by_a_page_of_before_and_the_items_say_so(client: Client, writer: Person) -> None:
    rulebook(FOUND)
    draft = commands.draft(author=writer, note="", now=clock.now())
    as_(client, writer)
    for points in (6, 7):
        read = seen(client, f"{DESK}items/{FOUND.code}/")
        terms = replace(FOUND, points=points, why="偏少")
        commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=clock.now())
    answer = client.post(f"{DESK}items/{FOUND.code}/restore/", read)
    html = answer.content.decode()
    assert answer.status_code == 409 and f"您打开以后「{FOUND.title}」又改过，还没有恢复" in html
    assert client.post(f"{DESK}items/{FOUND.code}/restore/", {"seen": seen_on(html)}).status_code == 302
    assert PointItem.objects.get(version=draft, code=FOUND.code).points == FOUND.points

"""What changed between two versions leads from the one to the other, whatever they say."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huipai.rulebook.rules import Terms, apply, diff, from_json, pieces, to_json
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.rules.saying import differences, said
from huipai.rulebook.words import Earner, Evidence, Port
from tests.cast import FOUND, MONDAY

WORDS = st.text("路上乱停乱摆报车辆，计分 0123", max_size=12)
ITEMS = st.builds(
    Terms,
    code=st.sampled_from(["ox-01", "ox-02", "sunflower-01", "woodpecker-01", "woodpecker-02"]),
    port=st.sampled_from(Port),
    title=WORDS,
    description=WORDS,
    points=st.integers(1, 20),
    formula=st.none() | st.sampled_from([parse("小时 × 5"), parse("取小(人数, 3)")]),
    earners=st.lists(st.sampled_from(Earner), unique=True).map(tuple),
    evidence=st.lists(st.sampled_from(Evidence), unique=True, max_size=3).map(tuple),
    keywords=st.lists(WORDS, max_size=2).map(tuple),
    day_cap=st.none() | st.integers(1, 50),
    lot_months=st.none() | st.integers(1, 30),
    admitted_until=st.none() | st.just(MONDAY.date()),
    assessable=st.booleans(),
    why=WORDS,
)
BOOKS = st.lists(ITEMS, max_size=6).map(lambda items: {each.code: each for each in items})


# How fast a loaded machine draws two books says nothing about them.
@given(BOOKS, BOOKS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_the_changes_lead_from_the_one_to_the_other(before: dict[str, Terms], after: dict[str, Terms]) -> None:
    changes = diff(before, after)
    assert apply(changes, before) == after
    assert apply(diff(after, before), apply(changes, before)) == before
    told = [change.code for change in changes.all]
    assert len(told) == len(set(told))
    assert bool(diff(before, before)) is False


@given(ITEMS)
def test_an_item_survives_its_json(terms: Terms) -> None:
    assert from_json(to_json(terms)) == terms


@given(ITEMS, ITEMS)
def test_each_difference_is_said_and_nothing_else(one: Terms, other: Terms) -> None:
    other = replace(other, code=one.code, port=one.port)
    lines = {str(line.name): (line.old, line.new) for line in differences(one, other)}
    assert all(old != new for old, new in lines.values())
    assert dict(said(one)) | {name: old for name, (old, _new) in lines.items() if old} == dict(said(one))


@given(st.text("清扫楼道每小时五分", max_size=30), st.text("清扫楼道每小时六分", max_size=30))
def test_two_texts_are_read_as_one(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.kind != "ins") == old
    assert "".join(piece.text for piece in found if piece.kind != "del") == new


def test_only_another_reason_is_no_change() -> None:
    before: dict[str, Any] = {"woodpecker-02": FOUND}
    changes = diff(before, {"woodpecker-02": replace(FOUND, why="换个说法")})
    assert not changes and [change.code for change in changes.reasoned] == ["woodpecker-02"]


def test_a_change_reads_as_people_speak() -> None:
    found = pieces("参加打扫，每小时 3 分，不要求自拍。", "参加打扫，每小时 5 分，不要求自拍。")
    assert [(piece.kind, piece.text) for piece in found] == [
        ("keep", "参加打扫，每小时 "), ("del", "3"), ("ins", "5"), ("keep", " 分，不要求自拍。"),
    ]  # fmt: skip


def test_a_number_is_never_cut_in_two() -> None:
    found = pieces("一天最多 10 分、一个月最多 40 分", "一天最多 16 分、一个月最多 40 分")
    assert [(piece.kind, piece.text) for piece in found if piece.kind != "keep"] == [("del", "10"), ("ins", "16")]

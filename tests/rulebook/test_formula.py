"""A formula is data: written as people write it, refused when it is none of ours, evaluated exactly."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huipai.kit.language import speaking
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.formula import (
    NotMeasured,
    Unreadable,
    check,
    evaluate,
    parse,
    points_for,
    said,
    words,
)

MEASURES = st.sampled_from(["hours", "people", "pieces"])
LEAVES = st.integers(0, formulas.BIGGEST) | MEASURES
AMOUNTS = st.fixed_dictionaries({
    name: st.fractions(0, 100, max_denominator=60) for name in ("hours", "people", "pieces")
})  # fmt: skip


def grown(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.tuples(st.sampled_from("+-*"), parts, parts)
        | st.tuples(st.just("/"), parts, st.integers(1, 60))
        | st.tuples(st.sampled_from(["min", "max"]), parts, parts)
        | st.tuples(st.just("floor"), parts)
    )


TREES = st.recursive(LEAVES, grown, max_leaves=8)


def is_fair(tree: formulas.Formula) -> bool:
    try:
        check(tree)
    except Unreadable:
        return False
    return True


@given(TREES)
def test_what_is_written_is_read_back_to_the_same_tree(tree: formulas.Formula) -> None:
    if is_fair(tree):
        assert parse(words(tree)) == tree
        assert formulas.from_json(formulas.to_json(tree)) == tree


@given(TREES, AMOUNTS)
def test_is_evaluated_exactly_as_python_would(tree: formulas.Formula, amounts: dict[str, Fraction]) -> None:
    if not is_fair(tree):
        return
    calculated = eval(
        _python(tree), {"F": Fraction, "floor": lambda value: value // 1, "min": min, "max": max, **amounts}
    )
    assert evaluate(tree, amounts) == calculated
    assert points_for(tree, amounts, most=10) == max(0, min(10, calculated // 1))


def _python(tree: formulas.Formula) -> str:
    """The tree as an expression of Python: only here, from our own strategies, and never in the product."""
    if isinstance(tree, int):
        return f"F({tree})"
    if isinstance(tree, str):
        return f"F({tree})"
    sign, *parts = tree
    spelled = [_python(part) for part in parts]
    return f"({spelled[0]} {sign} {spelled[1]})" if sign in "+-*/" else f"{sign}({', '.join(spelled)})"


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_fair_tree_or_refused(typed: str) -> None:
    try:
        tree = parse(typed)
    except Unreadable:
        return
    check(tree)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda parts: st.lists(parts, max_size=4),
        max_leaves=10,
    )
)
def test_whatever_json_is_stored_is_a_fair_tree_or_refused(plain: Any) -> None:
    try:
        check(formulas.from_json(plain))  # type: ignore[arg-type]
    except Unreadable:
        return
    assert (
        points_for(
            formulas.from_json(plain), {"hours": Fraction(1), "people": Fraction(1), "pieces": Fraction(1)}, most=10
        )
        <= 10
    )  # type: ignore[arg-type]


class TestAnHourUpToACap:
    FORMULA = parse("取小(小时 × 5, 10)")

    @pytest.mark.parametrize(
        ("hours", "points"),
        [
            (Fraction(0), 0),
            (Fraction(1, 6), 0),
            (Fraction(59, 60), 4),
            (Fraction(1), 5),
            (Fraction(3, 2), 7),
            (Fraction(9), 10),
        ],
    )
    def test_gives_whole_points_rounded_down(self, hours: Fraction, points: int) -> None:
        assert points_for(self.FORMULA, {"hours": hours}, most=10) == points

    def test_is_not_guessed_where_nothing_was_measured(self) -> None:
        with pytest.raises(NotMeasured):
            points_for(self.FORMULA, {"people": Fraction(3)}, most=10)

    def test_is_written_with_the_signs_at_hand(self) -> None:
        assert parse("取小（小时*5，10）") == self.FORMULA == ("min", ("*", "hours", 5), 10)
        assert parse("取小（小时×５，１０）") == parse("取小(小时＊5， 10)") == self.FORMULA


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "5",
        "小时 ×",
        "小时 / 人数",
        "小时 / 0",
        "__import__('os')",
        "小时 × (2",
        "点赞 × 2",
        "取小(小时)",
        "小时 5",
        "小时 × 10²",
        "小时 × ①",
        "9" * 30,
        "(" * 90 + "小时",
    ],
)
def test_refuses_what_is_no_formula(typed: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse(typed)
    assert refusal.value.status == 422


def test_each_reads_it_in_their_language_and_writes_it_in_chinese() -> None:
    formula = parse("取小(小时 × 5 + 人数, 取整(件数 ÷ 2))")
    with speaking("en"):
        assert said(formula) == "min(hours × 5 + people, floor(pieces ÷ 2))"
        assert parse(words(formula)) == formula
    assert said(formula) == words(formula) == "取小(小时 × 5 + 人数, 取整(件数 ÷ 2))"

from __future__ import annotations

import numpy as np
import pytest

from xingtan.engines import indicators as ind
from xingtan.engines.indicators.tests.helpers import HIDDEN, NA, UNDEFINED, UNKNOWN, UNREPORTED, cells, schema, table

R = ind.Reason
SCHEMA = schema("a", "b", "c", booleans=["yes", "no", "open_"])
TABLE = table(
    {"a": [6, 0, UNREPORTED], "b": [3, 0, 2], "c": [NA, 5, HIDDEN], "yes": [1, 1, 1], "no": [0, 0, 0],
     "open_": [UNKNOWN, UNKNOWN, UNKNOWN]},
    stage=["primary", "nine_year", ""], area_type=["urban", "rural", "town"],
)  # fmt: skip


def first(text: str) -> float | bool | str | ind.Reason:
    return cells(ind.compile_expression(text, SCHEMA).evaluate(TABLE))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * 2", 12), ("(a + b) * 2", 18), ("a - b - 1", 2), ("a - (b - 1)", 4), ("a / b / 2", 1), ("-a + 1", -5),
        ("a / (b / 2)", 4), ("85%", 0.85), ("1e3 + .5", 1000.5), ("abs(b - a)", 3), ("min(a, b)", 3), ("max(a, b)", 6),
        ("ceil(a / 4)", 2), ("floor(a / 4)", 1), ("round(2.5)", 3), ("round(-2.5)", -3), ("round(2.675, 2)", 2.68),
        ("ceil(0.1 * 3 * 10)", 3), ("floor((0.1 + 0.7) * 10)", 8), ("coalesce(c, b)", 3),
        ("coalesce(c, c)", R.NOT_APPLICABLE),
        ("sum_of(a, c, b)", 9), ("a + c", R.NOT_APPLICABLE), ("min(c, a)", 6), ("sum_of(c)", R.NOT_APPLICABLE),
        ("count_true(a > 1, b > 5, c > 1)", 1), ("if(a > 5, a, b)", 6), ("if(open_, a, b)", R.UNKNOWN),
        ("if(a > 5, a, c)", 6), ("if(a < 5, a, not_applicable)", R.NOT_APPLICABLE), ("-(a + b)", -9), ("+a", 6),
        ("0.1 * 3 = 0.3", True), ("0.1 * 3 > 0.3", False), ("9999999999 >= 1e10", False), ("a >= 2 * b", True), ("a > 2 * b", False), ("a != b", True),
        ("0 < b <= 3", True), ("0 < b < 3", False), ("b in (1, 2, 3)", True), ("b not in (1, 2, 3)", False),
        ("a in (-6, 6)", True), ("stage = 'primary'", True), ("stage not in ('junior', 'senior')", True),
        ("yes and not no", True), ("yes = no", False), ("yes or no and no", True), ("(yes or no) and no", False),
        ("reported(a)", True), ("reported(c)", False), ("missing(c)", False), ("missing(open_)", True),
        ("applicable(c)", False), ("applicable(open_)", True), ("reported(stage)", True),
        ("not c > 1", R.NOT_APPLICABLE),
        ("by_stage(a, b, c)", 9), ("by_stage(a > 1, b > 5)", False), ("by_stage(a > 1, c > 5)", True),
        ("stage_split(a, b, c)", 6), ("stage_divisor('primary', b, a, c)", 9.6),
        ("yes AND NOT no", True), ("IF(yes, a, b)", 6), ("a == 6", True), ("a <> 6", False),
    ],
)  # fmt: skip
def test_value(text: str, expected: float | bool | ind.Reason) -> None:
    found = first(text)
    assert found == pytest.approx(expected) if isinstance(found, float) else found is expected or found == expected


@pytest.mark.parametrize(
    ("chinese", "ascii_text"),
    [
        ("（a ＋ b）× 2 ÷ 3", "(a + b) * 2 / 3"),
        ("max（a，b、c）", "max(a, b, c)"),
        ("a ≥ 2 and b ≤ ８５％", "a >= 2 and b <= 0.85"),
        ("a ＞ 1 ｏｒ b ≠ 1 or b ＜ 2", "a > 1 or b != 1 or b < 2"),
        ("stage ＝ “primary”", "stage = 'primary'"),
        ("stage　in　（‘primary’，＇junior＇）", "stage in ('primary', 'junior')"),
        ("ａ－ｂ−c", "a - b - c"),
    ],
)
def test_chinese_typing_means_the_ascii_equivalent(chinese: str, ascii_text: str) -> None:
    assert ind.compile_expression(chinese, SCHEMA).canonical() == ascii_text


def test_kleene_tables() -> None:
    truth = {"yes": True, "no": False, "open_": None}
    for left, a in truth.items():
        for right, b in truth.items():
            both = False if a is False or b is False else (True if a and b else None)
            either = True if a or b else (False if a is False and b is False else None)
            assert first(f"{left} and {right}") == (R.UNKNOWN if both is None else both)
            assert first(f"{left} or {right}") == (R.UNKNOWN if either is None else either)
    assert first("not open_") is R.UNKNOWN


def test_division_by_zero_is_undefined_and_never_passes() -> None:
    quotient = ind.compile_expression("b / a", SCHEMA).evaluate(TABLE)
    assert cells(quotient) == [0.5, R.UNDEFINED, R.NOT_REPORTED]
    assert np.isnan(quotient.values[1:]).all()
    assert cells(ind.compile_expression("b / a >= 0", SCHEMA).evaluate(TABLE))[1] is R.UNDEFINED


def test_a_number_beyond_doubles_is_undefined() -> None:
    huge = " * ".join(["1e15"] * 21)
    assert first(huge) is R.UNDEFINED
    assert first(f"sum_of({huge}, 1)") is R.UNDEFINED


@pytest.mark.parametrize(
    ("first_null", "second_null", "winner"),
    [
        (NA, HIDDEN, R.NOT_APPLICABLE), (NA, UNDEFINED, R.NOT_APPLICABLE), (HIDDEN, UNREPORTED, R.SUPPRESSED),
        (UNREPORTED, UNKNOWN, R.NOT_REPORTED), (UNKNOWN, UNDEFINED, R.UNKNOWN), (UNDEFINED, UNDEFINED, R.UNDEFINED),
    ],
)  # fmt: skip
def test_which_reason_wins(first_null: float, second_null: float, winner: ind.Reason) -> None:
    two = table({"a": [first_null, second_null], "b": [second_null, first_null]})
    assert cells(ind.compile_expression("a + b", SCHEMA).evaluate(two)) == [winner, winner]
    assert cells(ind.compile_expression("a > b", SCHEMA).evaluate(two)) == [winner, winner]


def test_empty_attribute_is_unknown_and_absent_column_not_reported() -> None:
    assert cells(ind.compile_expression("stage = 'primary'", SCHEMA).evaluate(TABLE)) == [True, False, R.UNKNOWN]
    assert cells(ind.compile_expression("a", SCHEMA).evaluate(table({"b": [1]}))) == [R.NOT_REPORTED]


def test_absent_attribute_is_an_error() -> None:
    with pytest.raises(ind.TableError, match="no attribute stage"):
        ind.compile_expression("stage = 'primary'", SCHEMA).evaluate(table({"a": [1]}))


@pytest.mark.parametrize(
    ("cells_of_items", "expected"),
    [
        ([2, 2, 2, 2], True),
        ([2, 2, 2, 1.7], True),  # exactly on the floor of 85 %
        ([2, 2, 2, 1.69], False),
        ([2, 2, 1.9, 1.9], False),
        ([2, 2, 2, UNREPORTED], R.NOT_REPORTED),  # could lie below the floor
        ([2, 2, UNREPORTED, 1], False),  # below the floor, whatever the other is
        ([2, 1.9, 1.9, UNREPORTED], False),  # cannot reach three any more
        ([2, 2, UNREPORTED, HIDDEN], R.SUPPRESSED),
    ],
)
def test_k_of_n(cells_of_items: list[float], expected: bool | ind.Reason) -> None:
    names = ["a", "b", "c", "d"]
    one = table({name: [cell] for name, cell in zip(names, cells_of_items, strict=True)})
    text = "k_of_n(3, 85%, a >= 2, b >= 2, c >= 2, d >= 2)"
    assert cells(ind.compile_expression(text, schema(*names)).evaluate(one)) == [expected]


def test_k_of_n_floor_of_an_upper_limit_and_without_floor() -> None:
    limits = table({"a": [40, 40, 40], "b": [58.8, 58.9, UNREPORTED]})
    text = "k_of_n(1, 85%, a <= 45, b <= 50)"
    assert cells(ind.compile_expression(text, SCHEMA).evaluate(limits)) == [True, False, R.NOT_REPORTED]
    free = ind.compile_expression("k_of_n(1, 0, a <= 45, b <= 50)", SCHEMA).evaluate(limits)
    assert cells(free) == [True, True, True]


def test_what_an_expression_says_of_itself() -> None:
    expression = ind.compile_expression("100*a/b>=2.30 and stage='primary' and yes", SCHEMA)
    assert expression.elements == ("a", "b", "yes")
    assert expression.attributes == ("stage",)
    assert expression.type is ind.Type.BOOLEAN
    assert expression.canonical() == "100 * a / b >= 2.3 and stage = 'primary' and yes"
    assert not expression.depends_on_stage
    assert ind.compile_expression("by_stage(a, b)", SCHEMA).depends_on_stage


def test_equal_expressions_over_one_table_are_computed_once() -> None:
    memo: dict[tuple[str, str | None], ind.Column] = {}
    one = ind.compile_expression("a + b", SCHEMA).evaluate(TABLE, memo=memo)
    assert ind.compile_expression("( a+b )", SCHEMA).evaluate(TABLE, memo=memo) is one


def test_bare_null_beside_conditions_and_texts() -> None:
    assert first("yes and not_applicable") is R.NOT_APPLICABLE
    assert first("if(no, yes, not_applicable)") is R.NOT_APPLICABLE
    assert first("stage = not_applicable") is R.NOT_APPLICABLE
    assert first("coalesce(not_applicable, stage) = 'primary'") is True


def test_empty_table() -> None:
    assert len(ind.compile_expression("a + 1", SCHEMA).evaluate(table({"a": []}))) == 0

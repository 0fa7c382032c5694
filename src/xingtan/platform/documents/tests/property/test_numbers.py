from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from xingtan.platform.documents import text
from xingtan.platform.documents.charts.scale import axis
from xingtan.platform.documents.pdf.numbering import chinese, roman
from xingtan.platform.documents.text import Ranked

VALUE = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9, allow_nan=False).filter(lambda v: v == 0 or abs(v) > 1e-9),
    st.decimals(-(10**9), 10**9, places=4),
)


@given(VALUE, VALUE, st.integers(0, 4))
def test_a_change_has_the_direction_of_the_unrounded_values(now: float, before: float, decimals: int) -> None:
    sentence = text.change(now, before, measure="percent", decimals=decimals)
    delta = text.exact(now) - text.exact(before)
    assert ("提高" in sentence) == (delta > 0)
    assert ("下降" in sentence) == (delta < 0)
    assert ("持平" in sentence) == (delta == 0)
    nothing = text.number(0, decimals)
    assert f"提高 {nothing} " not in sentence
    assert f"下降 {nothing} " not in sentence


@given(VALUE, st.integers(0, 4))
def test_rounding_is_half_away_from_zero_and_close(value: float, decimals: int) -> None:
    rounded = text.rounded(value, decimals)
    assert abs(rounded - text.exact(value)) <= Decimal(5).scaleb(-decimals - 1)
    assert str(rounded) != "-0"
    assert text.rounded(-value, decimals) == -rounded


@given(st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=1, max_size=12))
def test_a_ranking_names_exactly_the_extremes(values: list[int | None]) -> None:
    items = [Ranked(f"〈{i}〉", v, "未填报") for i, v in enumerate(values)]
    sentence = text.ranking(items, unit="%")
    known = [v for v in values if v is not None]
    for item in items:
        if item.value is None:
            assert (f"{item.label}：未填报" in sentence) == bool(known)
        elif len(set(known)) > 1:
            assert (item.label in sentence) == (item.value in (max(known), min(known)))


@given(st.lists(st.one_of(st.none(), VALUE), max_size=20), st.booleans())
def test_an_axis_covers_its_values_with_even_round_steps(values: list[float | None], from_zero: bool) -> None:
    scale = axis(values, from_zero=from_zero)
    known = [float(v) for v in values if v is not None]
    steps = [b - a for a, b in zip(scale.ticks, scale.ticks[1:], strict=False)]
    assert len(scale.ticks) >= 2
    assert len(scale.ticks) <= 12
    assert max(steps) - min(steps) <= 1e-6 * max(abs(scale.low), abs(scale.high), 1)
    slack = 1e-6 * max((abs(v) for v in known), default=0)
    assert all(scale.low - slack <= v <= scale.high + slack for v in known)
    if from_zero:
        assert scale.low <= 0 <= scale.high


@given(st.lists(st.floats(0, 100), min_size=1, max_size=9), st.booleans())
def test_percentages_stay_within_a_hundred(values: list[float], from_zero: bool) -> None:
    assume(max(values) > 1e-6)
    scale = axis(values, unit="%", from_zero=from_zero)
    assert scale.high <= 100 or max(values) * 1.2 > 100
    assert scale.low >= 0


DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}


@given(st.integers(1, 9999))
def test_chinese_numerals_read_back(number: int) -> None:
    total, digit = 0, 1 if chinese(number).startswith("十") else 0
    for char in chinese(number):
        if char in UNITS:
            total, digit = total + digit * UNITS[char], 0
        elif char != "零":
            digit = DIGITS[char]
    assert total + digit == number
    assert "零零" not in chinese(number)
    assert not chinese(number).endswith("零")


@given(st.integers(1, 3999))
def test_roman_numerals_read_back(number: int) -> None:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    digits = [values[c] for c in roman(number)]
    total = sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))
    assert total == number

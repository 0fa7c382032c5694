from __future__ import annotations

from decimal import Decimal

import pytest

from xingtan.platform.documents import text
from xingtan.platform.documents.text import Ranked


@pytest.mark.parametrize(
    ("current", "previous", "arguments", "expected"),
    [
        (98.1, 94.9, {"measure": "percent"}, "较上年提高 3.2 个百分点"),
        (61.0, 64.5, {"measure": "percent"}, "较上年下降 3.5 个百分点"),
        (247, 235, {"measure": "count", "unit": "间", "decimals": 0}, "较上年增加 12 间（5.1%）"),
        (235, 247, {"measure": "count", "unit": "间", "decimals": 0}, "较上年减少 12 间（4.9%）"),
        (50.0, 50.0, {"measure": "percent"}, "与上年持平"),
        (98.14, 98.10, {"measure": "percent"}, "较上年提高不足 0.1 个百分点"),
        (0.4, 0.1, {"measure": "count", "unit": "间", "decimals": 0}, "较上年增加不足 1 间（300.0%）"),
        (12, 0, {"measure": "count", "unit": "间", "decimals": 0}, "较上年增加 12 间"),
        (2.41, 2.36, {"measure": "ratio", "unit": "间", "decimals": 2}, "较上年提高 0.05 间"),
        (None, 3, {"measure": "count", "reason": "未填报"}, "无数据（未填报）"),
        (3, None, {"measure": "count", "previous_reason": "停用"}, "上年无数据（停用），无法比较"),
        (60, 40, {"measure": "percent", "since": "2019年"}, "较2019年提高 20.0 个百分点"),
    ],
)
def test_change_in_chinese(current: float, previous: float, arguments: dict[str, object], expected: str) -> None:
    assert text.change(current, previous, **arguments) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("current", "previous", "arguments", "expected"),
    [
        (98.1, 94.9, {"measure": "percent"}, "up 3.2 percentage points from last year"),
        (12_350, 12_100, {"measure": "count", "unit": "rooms", "decimals": 0}, "up 250 rooms (2.1%) from last year"),
        (1, 1, {"measure": "count"}, "unchanged from last year"),
        (None, 1, {"measure": "count", "reason": "not reported"}, "no data (not reported)"),
    ],
)
def test_change_in_english(current: float, previous: float, arguments: dict[str, object], expected: str) -> None:
    assert text.change(current, previous, lang="en", **arguments) == expected  # type: ignore[arg-type]


def test_numbers_round_half_up_and_compare_before_rounding() -> None:
    assert text.number(0.125, 2) == "0.13"
    assert text.number(2.675, 2) == "2.68"  # the number as written, not its binary neighbour
    assert text.number(-0.04, 1) == "0.0"  # no negative zero
    assert text.number(1234567.8, 1) == "1234567.8"
    assert text.number(1234567.8, 1, "en") == "1,234,567.8"
    # 94.96 prints as 95.0 but has not reached 95
    assert text.against_target(94.96, 95, measure="percent", unit="%") == "距目标（95.0%）还差不足 0.1 个百分点"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(98.14, "%", "98.1%"), (12, "间", "12.0 间"), (Decimal("7.25"), "", "7.3"), (14, ":1", "14.0:1")],
)
def test_units_follow_the_number(value: float, unit: str, expected: str) -> None:
    assert text.quantity(value, unit) == expected


def test_infinity_is_not_a_number_to_print() -> None:
    with pytest.raises(ValueError, match="pass None with a reason"):
        text.number(float("inf"))
    with pytest.raises(ValueError, match="pass None with a reason"):
        text.number(float("nan"))


def test_ranking_names_best_worst_ties_and_missing() -> None:
    items = [Ranked("A县", 98.1), Ranked("B县", 63.0), Ranked("C县", 80)]
    assert text.ranking(items, unit="%") == "最高的是A县（98.1%），最低的是B县（63.0%）"
    tied = [*items, Ranked("D县", 63.0), Ranked("E县", None, "未填报")]
    assert text.ranking(tied, unit="%") == (
        "最高的是A县（98.1%），最低的是B县和D县（均为63.0%）；另有 1 个县（市、区）无数据（E县：未填报）"
    )
    assert text.ranking([Ranked("A县", 5), Ranked("B县", 5)], unit="%") == "各县（市、区）均为5.0%"
    assert text.ranking([Ranked("A县", 5), Ranked("B县", None)]) == (
        "仅A县有数据（5.0）；另有 1 个县（市、区）无数据（B县）"
    )
    assert text.ranking([Ranked("A县", None)]) == "各县（市、区）均无数据"
    assert text.ranking(items, unit="%", lang="en") == "the highest is A县 (98.1%), the lowest is B县 (63.0%)"


def test_ranking_tells_apart_what_rounding_would_merge() -> None:
    sentence = text.ranking([Ranked("A县", 63.04), Ranked("B县", 63.01), Ranked("C县", 63.02)], unit="%")
    assert sentence == "最高的是A县（63.0%），最低的是B县（63.0%）"


def test_gap_and_its_change() -> None:
    now = [Ranked("A县", 98.1), Ranked("B县", 63.0)]
    assert text.gap(now, measure="percent") == "最高与最低相差 35.1 个百分点"
    before = [Ranked("A县", 97.1), Ranked("B县", 60.0)]
    assert text.gap(now, measure="percent", previous=before) == "最高与最低相差 35.1 个百分点，较上年缩小 2.0 个百分点"
    assert text.gap(before, measure="percent", previous=now) == "最高与最低相差 37.1 个百分点，较上年扩大 2.0 个百分点"


def test_gap_is_not_compared_when_membership_changed() -> None:
    now = [Ranked("A县", 98.1), Ranked("B县", 63.0)]
    other = [Ranked("A县", 97.1), Ranked("C县", 10.0)]
    assert text.gap(now, measure="percent", previous=other) == "最高与最低相差 35.1 个百分点"
    assert text.gap([Ranked("A县", 98.1), Ranked("B县", None)], measure="percent") == ""


@pytest.mark.parametrize(
    ("value", "target", "direction", "expected"),
    [
        (95.0, 95, "higher", "已达到目标（95.0%）"),
        (93.1, 95, "higher", "距目标（95.0%）还差 1.9 个百分点"),
        (0.4, 0.5, "lower", "已达到目标（0.5%）"),
        (0.7, 0.5, "lower", "与目标（0.5%）相差 0.2 个百分点"),
        (None, 95, "higher", "无数据（未填报），无法判定是否达到目标（95.0%）"),
    ],
)
def test_target(value: float | None, target: float, direction: str, expected: str) -> None:
    sentence = text.against_target(
        value,
        target,
        measure="percent",
        direction=direction,  # type: ignore[arg-type]
        unit="%",
        reason="未填报",
    )
    assert sentence == expected

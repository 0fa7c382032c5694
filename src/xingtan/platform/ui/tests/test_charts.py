"""The chart data: what is refused, what the table says, and that the front end is tested with the same charts."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from django.conf import settings

from xingtan.platform.ui import samples
from xingtan.platform.ui.charts import XY, ChartError, ChartSpec, Place, Point, Range, Series, Target
from xingtan.platform.ui.numbers import shown

FRONT_END_SAMPLES = Path(settings.PACKAGE).parent.parent / "frontend" / "src" / "charts" / "samples.json"


def bar(*points: Point, **more: object) -> ChartSpec:
    return ChartSpec(kind="bar", title="t", series=(Series("s", points),), **more)


def test_front_end_draws_the_same_samples() -> None:
    written = json.loads(FRONT_END_SAMPLES.read_text(encoding="utf-8"))
    assert written == json.loads(samples.charts_json()), (
        "run: python -m xingtan.platform.ui.samples > frontend/src/charts/samples.json"
    )


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_is_a_number_or_absent(value: float) -> None:
    with pytest.raises(ChartError, match="give None and a reason"):
        Point("a", value)


def test_an_absent_value_has_a_reason() -> None:
    with pytest.raises(ChartError, match="no reason"):
        Point("a", None)
    with pytest.raises(ChartError, match="no reason"):
        Range("a", 1, None, 3)
    assert Point("a", None, reason="未填报").reason == "未填报"


def test_series_that_do_not_match_are_refused() -> None:
    first, second = Series("1", (Point("a", 1), Point("b", 2))), Series("2", (Point("b", 1), Point("a", 2)))
    with pytest.raises(ChartError, match="same labels"):
        ChartSpec(kind="line", title="t", series=(first, second))
    with pytest.raises(ChartError, match="points of type Point"):
        ChartSpec(kind="bar", title="t", series=(Series("", (XY("a", 1, 2),)),))
    with pytest.raises(ChartError, match="needs a series"):
        ChartSpec(kind="bar", title="t", series=())


def test_places_lie_on_the_earth() -> None:
    with pytest.raises(ChartError, match="latitude 106"):
        Place("swapped", 1.0, 106.5, 29.5)


def test_table_has_values_reasons_and_links() -> None:
    spec = bar(Point("a", 1234.56, href="/a/"), Point("b", None, reason="不适用"), unit="%")
    first, second = spec.rows()
    assert (first.label, first.href, first.cells[0].text) == ("a", "/a/", "1,234.6%")
    assert (second.cells[0].text, second.cells[0].reason) == ("", "不适用")
    assert spec.headings == ("s",)


def test_table_names_the_group_of_each_row() -> None:
    groups = (Series("小学", (XY("a", 1, 2),)), Series("初中", (XY("b", 3, 4),)))
    spec = ChartSpec(kind="scatter", title="t", series=groups, x_label="x", y_label="y")
    assert [[cell.text for cell in row.cells] for row in spec.rows()] == [
        ["小学", "1.0", "2.0"],
        ["初中", "3.0", "4.0"],
    ]
    assert len(spec.headings) == 3


def test_target_is_compared_before_rounding() -> None:
    assert [Target(85, "", "higher").met_by(value) for value in (84.96, 85)] == [False, True]
    assert [Target(10, "", "lower").met_by(value) for value in (10, 10.01)] == [True, False]
    assert Target(10, "", "neutral").met_by(3) is None


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.285, 2, "0.29"), (1.005, 2, "1.01"), (-0.5, 0, "-1"), (1234567.25, 1, "1,234,567.3"), (-0.04, 1, "0.0"), (2, 2, "2.00")],
)  # fmt: skip
def test_numbers_are_rounded_as_people_do(value: float, decimals: int, text: str) -> None:
    assert shown(value, decimals) == text

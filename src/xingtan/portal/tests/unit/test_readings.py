from __future__ import annotations

from dataclasses import replace

from xingtan.engines.indicators import Definition, Kind, Text, Threshold
from xingtan.portal.readings import computes_alike

RATIO = Definition(code="INF01", name=Text("甲", "a"), kind=Kind.RATIO, numerator="x", denominator="y", factor=100)
SHARE = Definition(
    code="INF04", name=Text("乙", "b"), kind=Kind.SHARE, value="x", thresholds=(Threshold(100.0, level="unit"),)
)


def test_words_and_targets_of_a_ratio_change_no_figure() -> None:
    assert computes_alike(RATIO, replace(RATIO, name=Text("丙", "c"), thresholds=(Threshold(2.3),)))


def test_another_formula_is_not_compared() -> None:
    assert not computes_alike(RATIO, replace(RATIO, denominator="z"))
    assert not computes_alike(RATIO, replace(RATIO, scope="status = 'active'"))


def test_the_threshold_of_a_share_is_part_of_its_formula() -> None:
    assert not computes_alike(SHARE, replace(SHARE, thresholds=(Threshold(200.0, level="unit"),)))

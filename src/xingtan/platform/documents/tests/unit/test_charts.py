from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from xingtan.platform.documents import palette
from xingtan.platform.documents.charts import (
    Bar,
    BarChart,
    ChartSpec,
    Frame,
    GroupedBarChart,
    HeadlineTile,
    LineChart,
    Range,
    RangeChart,
    Series,
    Target,
    Tile,
    TileMap,
    render,
)

SVG = "{http://www.w3.org/2000/svg}"
FRAME = Frame("互联网接入率", unit="%", width=600, figure_id="R12-INF03")


def drawn(spec: ChartSpec, lang: str = "zh-hans") -> ET.Element:
    return ET.fromstring(render(spec, lang))  # type: ignore[arg-type]


def words(root: ET.Element) -> list[str]:
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


def tipped(root: ET.Element, tip: str) -> ET.Element:
    """Return the shape whose tool tip starts with ``tip``."""
    return next(n for n in root.iter() if (t := n.find(f"{SVG}title")) is not None and (t.text or "").startswith(tip))


SPECS: list[ChartSpec] = [
    BarChart(FRAME, (Bar("甲县", 98.1), Bar("乙县", None, "未填报"))),
    BarChart(FRAME, (Bar("甲县", 98.1), Bar("乙县", None, "未填报")), "vertical", Target(95)),
    GroupedBarChart(FRAME, ("甲县", "乙县"), (Series("2025年", (98.1, None)), Series("2024年", (90, 91)))),
    LineChart(FRAME, ("2023", "2024", "2025"), (Series("全市", (83, None, 95)),), Target(95)),
    RangeChart(FRAME, (Range("甲县", 60, 80, 98.1), Range("乙县", None, None, None, "未填报")), Target(85)),
    TileMap(FRAME, (Tile("甲县", 0, 0, 98.1), Tile("乙县", 0, 1, None, "未填报"))),
    HeadlineTile(FRAME, 98.1, change="+3.2个百分点", tone="good"),
    HeadlineTile(FRAME, None, "未填报"),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: type(s).__name__)
def test_every_chart_is_self_contained_and_named(spec: ChartSpec) -> None:
    svg = render(spec)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == "互联网接入率"
    assert not re.search(r"<script|href|<image|<style|@import|url\((?!#)", svg)
    assert root.get("width") == str(spec.frame.width)


@pytest.mark.parametrize("spec", SPECS[:6], ids=lambda s: type(s).__name__)
def test_a_missing_value_is_a_marked_gap_not_a_zero(spec: ChartSpec) -> None:
    shown = words(drawn(spec))
    assert "无数据" in " ".join(shown)
    assert "0.0%" not in shown
    assert "no data" in " ".join(words(drawn(spec, "en")))


def test_all_missing_still_draws() -> None:
    root = drawn(BarChart(FRAME, (Bar("甲县", None, "未填报"), Bar("乙县", None, "停用"))))
    assert "无数据（未填报）" in words(root)
    assert "无数据（停用）" in words(root)


def test_bar_lengths_are_proportional_from_zero() -> None:
    root = drawn(BarChart(FRAME, (Bar("甲县", 100), Bar("乙县", 50), Bar("丙县", 25))))
    lengths = [float(tipped(root, name).get("width", "")) for name in ("甲县", "乙县", "丙县")]
    assert lengths[0] / lengths[1] == pytest.approx(2, rel=0.01)
    assert lengths[0] / lengths[2] == pytest.approx(4, rel=0.01)


def test_missing_the_target_is_judged_before_rounding_and_hatched() -> None:
    root = drawn(BarChart(FRAME, (Bar("甲县", 95.0), Bar("乙县", 94.96)), target=Target(95)))
    assert words(root).count("95.0%") == 2  # both print alike
    assert tipped(root, "甲县").get("fill", "").startswith("#")
    assert tipped(root, "乙县").get("fill", "").startswith("url(#hatch")
    assert "未达目标" in words(root)


def test_lower_is_better_targets() -> None:
    root = drawn(BarChart(FRAME, (Bar("甲县", 40), Bar("乙县", 60)), target=Target(50, direction="lower")))
    assert tipped(root, "甲县").get("fill", "").startswith("#")
    assert tipped(root, "乙县").get("fill", "").startswith("url(")


def test_a_missing_year_breaks_the_line() -> None:
    spec = LineChart(FRAME, ("1", "2", "3", "4", "5"), (Series("全市", (80, 82, None, 90, 95)),))
    lines = list(drawn(spec).iter(f"{SVG}polyline"))
    assert [len((line.get("points") or "").split()) for line in lines] == [2, 2]


def test_tile_map_classes_use_the_unrounded_value() -> None:
    spec = TileMap(FRAME, (Tile("甲县", 0, 0, 89.96), Tile("乙县", 0, 1, 90.0)), breaks=(90,))
    root = drawn(spec)
    assert tipped(root, "甲县").get("fill") != tipped(root, "乙县").get("fill")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (LineChart(FRAME, ("1", "2"), (Series("全市", (1,)),)), "1 values for 2"),
        (GroupedBarChart(FRAME, ("1",), tuple(Series(str(i), (1,)) for i in range(5))), "1 to 4 series"),
        (TileMap(FRAME, (Tile("甲", 0, 0, 1), Tile("乙", 0, 0, 2))), "its own cell"),
        (TileMap(FRAME, (Tile("甲", 0, 0, 1),), breaks=(3, 2)), "ascend"),
        (BarChart(FRAME, (Bar("甲", float("inf")),)), "finite"),
    ],
)
def test_contradictory_specifications_are_refused(spec: ChartSpec, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render(spec)


def test_hostile_labels_stay_text() -> None:
    label = "</text><script>alert(1)</script>&\"'\x00\x0b"
    root = drawn(BarChart(Frame(label, unit="%", note=label), (Bar(label, 1, label), Bar("乙", None, label))))
    assert not list(root.iter(f"{SVG}script"))
    assert any("<script>" in text for text in words(root))


def test_palette_keeps_its_promises() -> None:
    for ink in (palette.INK, palette.MUTED, palette.ACCENT_DARK):
        assert palette.contrast(ink, palette.PAPER) >= 4.5
        assert palette.contrast(ink, palette.PANEL) >= 4.5
    greys = sorted(palette.luminance(c) for c in palette.SERIES)
    assert all(b - a > 0.08 for a, b in pairwise(greys))  # distinct in grey print
    ramp = [palette.luminance(c) for c in palette.SEQUENTIAL]
    assert ramp == sorted(ramp, reverse=True)
    for classes in range(1, 6):
        colours = palette.sequential(classes)
        assert len(set(colours)) == classes
        assert all(palette.contrast(palette.text_on(c), c) >= 4.5 for c in colours)
    with pytest.raises(ValueError, match="1 to 5"):
        palette.sequential(6)

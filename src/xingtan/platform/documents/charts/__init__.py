"""Charts as clean SVG: :func:`render` draws any specification of :mod:`.specs`."""

from __future__ import annotations

from ..types import DEFAULT_LANG, Lang
from .bars import bar_chart, grouped_bar_chart
from .lines import line_chart, range_chart
from .specs import (
    Bar,
    BarChart,
    ChartSpec,
    Direction,
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
)
from .tiles import headline_tile, tile_map

__all__ = [
    "Bar", "BarChart", "ChartSpec", "Direction", "Frame", "GroupedBarChart", "HeadlineTile", "LineChart", "Range",
    "RangeChart", "Series", "Target", "Tile", "TileMap", "render",
]  # fmt: skip


def render(spec: ChartSpec, lang: Lang = DEFAULT_LANG) -> str:
    """Return ``spec`` drawn as a self-contained SVG document (no scripts, no links, no external fonts).

    Raises:
        ValueError: the specification contradicts itself (lengths, cells, breaks) or holds infinities.
    """
    match spec:
        case BarChart():
            return bar_chart(spec, lang)
        case GroupedBarChart():
            return grouped_bar_chart(spec, lang)
        case LineChart():
            return line_chart(spec, lang)
        case RangeChart():
            return range_chart(spec, lang)
        case TileMap():
            return tile_map(spec, lang)
        case HeadlineTile():
            return headline_tile(spec, lang)

"""Chart specifications: frozen plain data, drawn by :func:`xingtan.platform.documents.charts.render`.

Conventions shared by all of them: lengths are CSS pixels (1 px = 1/96 in); ``unit`` is printed after every value
label ("%" closes up, other units follow a thin space); ``decimals`` is the number of decimals shown, while every
comparison (colouring, ordering, "meets the target") uses the unrounded value; a ``None`` value is drawn as a
marked gap with its ``missing`` reason, never as zero; ``figure_id`` is the traceability stamp, e.g. ``R12-INF03``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..types import Number

Direction = Literal["higher", "lower", "neutral"]
"""Which way is better; ``neutral`` draws no judgement."""


@dataclass(frozen=True)
class Frame:
    """What every chart has around its drawing area."""

    title: str
    unit: str = ""
    decimals: int = 1
    width: int = 640
    height: int | None = None
    note: str = ""
    figure_id: str = ""


@dataclass(frozen=True)
class Target:
    """A line to compare with. ``direction='lower'`` means values at or below it are on target."""

    value: Number
    label: str = ""
    direction: Direction = "higher"


@dataclass(frozen=True)
class Bar:
    """One bar. ``highlight`` marks the bar the text speaks about (the city's mean, one's own school)."""

    label: str
    value: Number | None
    missing: str = ""
    highlight: bool = False


@dataclass(frozen=True)
class BarChart:
    """Bars from zero, optionally with a target line; bars that miss the target are hatched, not just recoloured."""

    frame: Frame
    bars: tuple[Bar, ...]
    orientation: Literal["horizontal", "vertical"] = "horizontal"
    target: Target | None = None


@dataclass(frozen=True)
class Series:
    """One named row of values, aligned with the chart's categories; ``None`` is a gap."""

    label: str
    values: tuple[Number | None, ...]


@dataclass(frozen=True)
class GroupedBarChart:
    """Up to four series side by side per category, e.g. this year beside last year per county."""

    frame: Frame
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    target: Target | None = None


@dataclass(frozen=True)
class LineChart:
    """A trend over ordered categories (years). A missing year breaks the line."""

    frame: Frame
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    target: Target | None = None
    from_zero: bool = False


@dataclass(frozen=True)
class Range:
    """Spread inside one unit: worst, mean and best of its schools. Any ``None`` makes the whole row a gap."""

    label: str
    low: Number | None
    mean: Number | None
    high: Number | None
    missing: str = ""


@dataclass(frozen=True)
class RangeChart:
    """Best-to-worst per county with its mean as a dot; ``reference`` is the city's mean."""

    frame: Frame
    rows: tuple[Range, ...]
    reference: Target | None = None


@dataclass(frozen=True)
class Tile:
    """One area of a tile grid map; ``row`` and ``column`` count from 0 at the top left."""

    label: str
    row: int
    column: int
    value: Number | None
    missing: str = ""


@dataclass(frozen=True)
class TileMap:
    """A tile grid map: every area has the same size, so a small county is as readable as a large one.

    ``breaks`` are the inner class limits, ascending (at most 4); empty means four equal-width classes.
    """

    frame: Frame
    tiles: tuple[Tile, ...]
    breaks: tuple[Number, ...] = ()


@dataclass(frozen=True)
class HeadlineTile:
    """One large figure with its change and verdict, for the top of a page.

    ``change`` is a ready sentence (see :mod:`..text`); ``tone`` colours it and adds a sign word, so that colour is
    never the only carrier.
    """

    frame: Frame
    value: Number | None
    missing: str = ""
    change: str = ""
    target: str = ""
    tone: Literal["good", "bad", "neutral"] = "neutral"


ChartSpec = BarChart | GroupedBarChart | LineChart | RangeChart | TileMap | HeadlineTile

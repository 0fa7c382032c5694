"""What a chart shows, as plain data; `{% chart spec %}` draws it in the browser and prints its table.

One `ChartSpec` holds everything: the front end turns it into a drawing, the template into a table that is always
there (for the keyboard, for screen readers, without scripts). All texts are already translated by the caller.
Values are unrounded: comparing with a target happens before rounding to ``decimals``. A value that is ``None`` has
a reason and is drawn as a gap, never as zero.

Example::

    ChartSpec(
        kind="bar", title="Pupils per terminal", unit="人", target=Target(10, "标准", "lower"),
        series=(Series("2024", (Point("云溪县", 9.4, href="/orgs/12/"), Point("石桥县", None, reason="未填报"))),),
    )
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast, get_args

from django.utils.translation import gettext as _

from xingtan.platform.ui.numbers import shown

Kind = Literal["bar", "hbar", "line", "dotrange", "stacked", "scatter", "tilegrid", "points"]
Direction = Literal["higher", "lower", "neutral"]
"""Which way is better; ``neutral`` judges nothing."""


class ChartError(ValueError):
    """A chart that cannot be drawn honestly: a null without a reason, series that do not match, infinity."""


def _number(value: float | None, what: str) -> None:
    if value is not None and not math.isfinite(value):
        raise ChartError(f"{what} is {value}; give None and a reason instead")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """What every point has: where it leads, one more line for its tooltip, why it has no value."""

    reason: str = ""
    href: str = ""
    note: str = ""

    def _check(self, label: str, **values: float | None) -> None:
        for name, value in values.items():
            _number(value, f"{name} of {label!r}")
        if None in values.values() and not self.reason:
            raise ChartError(f"{label!r} has no value and no reason")


@dataclass(frozen=True, slots=True)
class Point(_Mark):
    """A labelled value, for ``bar``, ``hbar``, ``line`` and ``stacked``."""

    label: str
    value: float | None

    def __post_init__(self) -> None:
        self._check(self.label, value=self.value)


@dataclass(frozen=True, slots=True)
class Range(_Mark):
    """Worst to best with the mean between, for ``dotrange``: the schools of a county, in one row."""

    label: str
    low: float | None
    mean: float | None
    high: float | None

    def __post_init__(self) -> None:
        self._check(self.label, low=self.low, mean=self.mean, high=self.high)


@dataclass(frozen=True, slots=True)
class XY(_Mark):
    """Two values of one thing, for ``scatter``."""

    label: str
    x: float | None
    y: float | None

    def __post_init__(self) -> None:
        self._check(self.label, x=self.x, y=self.y)


@dataclass(frozen=True, slots=True)
class Tile(_Mark):
    """A county as a square, for ``tilegrid``; ``row`` and ``column`` count from 0 at the north-west."""

    label: str
    value: float | None
    row: int
    column: int

    def __post_init__(self) -> None:
        self._check(self.label, value=self.value)


@dataclass(frozen=True, slots=True)
class Place(_Mark):
    """A school on the map, for ``points``; degrees, in the system of the shapes it lies on."""

    label: str
    value: float | None
    lat: float
    lon: float

    def __post_init__(self) -> None:
        self._check(self.label, value=self.value)
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ChartError(f"{self.label!r} lies at latitude {self.lat}, longitude {self.lon}")


AnyPoint = Point | Range | XY | Tile | Place

_TYPE_OF: dict[Kind, type[AnyPoint]] = {
    "bar": Point, "hbar": Point, "line": Point, "stacked": Point,
    "dotrange": Range, "scatter": XY, "tilegrid": Tile, "points": Place,
}  # fmt: skip
_SHARED_LABELS: frozenset[Kind] = frozenset({"bar", "hbar", "line", "stacked"})
_SINGLE: frozenset[Kind] = frozenset({"dotrange", "tilegrid"})


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together: a year, a group of schools, a part of a stack."""

    name: str
    points: tuple[AnyPoint, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A line to compare with; with ``lower``, values at or below it are on target."""

    value: float
    label: str
    direction: Direction = "higher"

    def __post_init__(self) -> None:
        _number(self.value, "the target")

    def met_by(self, value: float) -> bool | None:
        """Whether an unrounded value is on target; None when the target judges nothing."""
        if self.direction == "neutral":
            return None
        return value >= self.value if self.direction == "higher" else value <= self.value


@dataclass(frozen=True, slots=True)
class DataCell:
    """A cell of the data table: a number as text, or the reason why there is none."""

    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DataRow:
    """A row of the data table; ``href`` is the same link as that of the drawing."""

    label: str
    href: str
    cells: tuple[DataCell, ...]


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A whole chart.

    Attributes:
        kind: how it is drawn; it fixes the type of the points (see the classes above).
        title: the caption.
        series: at least one; ``bar``, ``hbar``, ``line`` and ``stacked`` need the same labels in every series,
            ``dotrange`` and ``tilegrid`` take exactly one series.
        unit: printed after values (``%``, ``人``).
        decimals: decimals shown, 0 to 6.
        x_label, y_label: axis titles; needed by ``scatter``, whose two values have their own meaning.
        label_heading: what the labels are (``County``), the first column of the table.
        target: a line to compare with.
        note: source, date, definition; printed under the drawing.
        excel_url: where the figures can be had as a workbook.
        geo_url: for ``points``: address of a GeoJSON file of this site with the county shapes.

    Raises:
        ChartError: when it cannot be drawn honestly.
    """

    kind: Kind
    title: str
    series: tuple[Series, ...]
    unit: str = ""
    decimals: int = 1
    x_label: str = ""
    y_label: str = ""
    label_heading: str = ""
    target: Target | None = None
    note: str = ""
    excel_url: str = ""
    geo_url: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ChartError(f"there is no chart kind {self.kind!r}")
        if not self.series:
            raise ChartError("a chart needs a series; show an empty state instead of an empty chart")
        if not 0 <= self.decimals <= 6:
            raise ChartError("decimals are 0 to 6")
        wanted = _TYPE_OF[self.kind]
        for series in self.series:
            if any(not isinstance(point, wanted) for point in series.points):
                raise ChartError(f"a {self.kind} chart takes points of type {wanted.__name__}")
        if self.kind in _SINGLE and len(self.series) != 1:
            raise ChartError(f"a {self.kind} chart takes one series")
        if self.kind in _SHARED_LABELS:
            labels = [tuple(point.label for point in series.points) for series in self.series]
            if any(other != labels[0] for other in labels):
                raise ChartError("the series do not have the same labels in the same order")
        if self.kind == "scatter" and not (self.x_label and self.y_label):
            raise ChartError("a scatter chart names both axes")

    def to_json(self) -> dict[str, Any]:
        """Plain data for the page; the front end's `spec.ts` describes the same shape."""
        return asdict(self)

    @property
    def headings(self) -> tuple[str, ...]:
        """Column headings of the data table, without the first."""
        if self.kind == "scatter":
            return (*self._grouping, self.x_label, self.y_label)
        if self.kind == "dotrange":
            return (_("Lowest"), _("Mean"), _("Highest"))
        if self.kind in ("tilegrid", "points"):
            return (*self._grouping, self._value_heading)
        return tuple(series.name or self._value_heading for series in self.series)

    def rows(self) -> tuple[DataRow, ...]:
        """The data table. ``scatter`` and ``points`` list their series one after another."""
        if self.kind in _SHARED_LABELS:
            columns = zip(*(series.points for series in self.series), strict=True)
            return tuple(self._row(tuple(cast(Point, point) for point in points)) for points in columns)
        grouped = bool(self._grouping)
        return tuple(
            self._row((point,), (DataCell(series.name),) if grouped else ())
            for series in self.series
            for point in series.points
        )

    @property
    def _grouping(self) -> tuple[str, ...]:
        """A column for the name of the series, where the series stand one below the other."""
        return (_("Group"),) if len(self.series) > 1 else ()

    @property
    def _value_heading(self) -> str:
        return f"{_('Value')} ({self.unit})" if self.unit else _("Value")

    def _row(self, points: tuple[AnyPoint, ...], first: tuple[DataCell, ...] = ()) -> DataRow:
        href = next((point.href for point in points if point.href), "")
        cells = tuple(cell for point in points for cell in self._cells(point))
        return DataRow(points[0].label, href, first + cells)

    def _cells(self, point: AnyPoint) -> tuple[DataCell, ...]:
        values: tuple[float | None, ...]
        if isinstance(point, Range):
            values = (point.low, point.mean, point.high)
        elif isinstance(point, XY):
            values = (point.x, point.y)
        else:
            values = (point.value,)
        return tuple(
            DataCell("", point.reason) if value is None else DataCell(self._with_unit(shown(value, self.decimals)))
            for value in values
        )

    def _with_unit(self, text: str) -> str:
        if not self.unit:
            return text
        return f"{text}{self.unit}" if self.unit == "%" else f"{text} {self.unit}"

"""How equal: differences between schools, best and worst county, town and country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import FigureData
from xingtan.engines.indicators import Definition, Direction
from xingtan.platform.ui import components as c
from xingtan.platform.ui.charts import ChartSpec, Point, Range, Series
from xingtan.platform.ui.numbers import shown
from xingtan.portal.comparison import source_note
from xingtan.portal.readings import CV_KINDS, Readings
from xingtan.portal.standing import ALL
from xingtan.portal.tiles import reason_of, unit_of, verdict_of

AREAS = ("area:urban", "area:town", "area:rural")
STAGES = ("stage:primary", "stage:junior", "stage:senior")
_NUMBERS_NEEDED = 2


Row = tuple[OrgUnitData, FigureData]


@dataclass(frozen=True)
class Reading:
    """One cell of a table of figures."""

    text: str
    reason: str = ""
    url: str = ""
    verdict: c.Verdict | None = None
    target: str = ""


@dataclass(frozen=True)
class Line:
    """One indicator in a table of figures."""

    label: str
    status: str
    cells: tuple[Reading, ...]


@dataclass(frozen=True)
class FigureTable:
    """A table of figures with its chart; `lines` may be empty."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    chart: ChartSpec | None
    excel_url: str = ""

    @property
    def rows(self) -> Iterator[tuple[Line, Iterator[tuple[str, Reading]]]]:
        """Each line with its cells beside their headings, for the template."""
        return ((line, zip(self.headings, line.cells, strict=True)) for line in self.lines)


def _reading(readings: Readings, definition: Definition, figure: FigureData | None, *, org_id: int = 0) -> Reading:
    if figure is None or figure.value is None:
        return Reading("", reason_of(figure))
    unit = unit_of(definition)
    text = shown(figure.value, definition.decimals_shown()) + (unit if unit in ("", "%") else f" {unit}")
    url = readings.standing.figure_address(definition.code, org_id=org_id or None, slice_=figure.slice)
    return Reading(
        text, url=url, verdict=verdict_of(figure),
        target=indicators.target_text(definition, figure.target) if figure.target is not None else "",
    )  # fmt: skip


def differences(readings: Readings) -> FigureTable:
    """The coefficients of variation between schools, by stage where they have thresholds of their own."""
    standing = readings.standing
    definitions = _judged(readings, [d for d in readings.definitions.values() if d.kind in CV_KINDS])
    slices = _slices_of(readings, definitions)
    lines = tuple(
        Line(
            what_differs(readings, d), d.status,
            tuple(_reading(readings, d, readings.own.get((d.code, slice_))) for slice_ in slices),
        )
        for d in definitions
        if any((d.code, slice_) in readings.own for slice_ in slices)
    )  # fmt: skip
    excel = standing.address("cockpit_excel", part="differences")
    return FigureTable(
        tuple(indicators.slice_text(slice_) for slice_ in slices), lines, _cv_chart(readings, definitions, slices, excel),
        excel,
    )  # fmt: skip


def what_differs(readings: Readings, definition: Definition) -> str:
    """What a coefficient of variation is the variation of: the name of its ratio, where it names one."""
    base = readings.definitions.get(definition.of[0]) if len(definition.of) == 1 else None
    return indicators.local((base or definition).name)


def _judged(readings: Readings, definitions: Sequence[Definition]) -> list[Definition]:
    """Those with a threshold, where there are any: the others are only parts of a composite."""
    with_target = {code for (code, _slice), figure in readings.own.items() if figure.target is not None}
    return [d for d in definitions if d.code in with_target] or list(definitions)


def _slices_of(readings: Readings, definitions: Sequence[Definition]) -> tuple[str, ...]:
    """The chosen stage, or every stage in which some difference has a value; all schools where there is no stage."""
    if readings.standing.slice != ALL:
        return (readings.standing.slice,)

    def there(slice_: str) -> bool:
        found = (readings.own.get((d.code, slice_)) for d in definitions)
        return any(figure is not None and figure.value is not None for figure in found)

    return tuple(slice_ for slice_ in STAGES if there(slice_)) or (ALL,)


def _cv_chart(
    readings: Readings, definitions: Sequence[Definition], slices: Sequence[str], excel: str
) -> ChartSpec | None:
    drawn = [d for d in definitions if any(_value(readings, d.code, slice_) is not None for slice_ in slices)]
    if not drawn:
        return None
    return ChartSpec(
        kind="hbar", title=_("Differences between schools (coefficient of variation)"), decimals=3,
        label_heading=_("Indicator"), note=_("The smaller, the more equal.") + " " + source_note(readings),
        excel_url=excel,
        series=tuple(
            Series(
                indicators.slice_text(slice_),
                tuple(
                    Point(
                        what_differs(readings, d), _value(readings, d.code, slice_),
                        reason=reason_of(readings.own.get((d.code, slice_))), href=_href(readings, d.code, slice_),
                    )
                    for d in drawn
                ),
            )
            for slice_ in slices
        ),
    )  # fmt: skip


def _value(readings: Readings, code: str, slice_: str) -> float | None:
    figure = readings.own.get((code, slice_))
    return figure.value if figure else None


def _href(readings: Readings, code: str, slice_: str) -> str:
    return readings.standing.figure_address(code, slice_=slice_) if (code, slice_) in readings.own else ""


def extremes(readings: Readings) -> FigureTable:
    """The best and the worst county on every headline, and how far they lie apart."""
    lines, ranges = [], []
    for code in readings.headlines:
        definition = readings.definitions[code]
        found = [(unit, figure) for unit in readings.below if (figure := readings.of(unit.id, code)) is not None]
        valued = [(unit, figure) for unit, figure in found if figure.value is not None]
        if len(valued) < _NUMBERS_NEEDED or definition.direction not in (Direction.UP, Direction.DOWN):
            continue
        valued.sort(key=lambda row: row[1].value or 0.0, reverse=definition.direction is Direction.UP)
        lines.append(_extreme_line(readings, definition, valued[0], valued[-1]))
        if unit_of(definition) == "%":
            ranges.append(_range(readings, definition, valued))
    headings = (_("Best county"), _("Weakest county"), _("Gap"))
    excel = readings.standing.address("cockpit_excel", part="extremes")
    return FigureTable(headings, tuple(lines), _range_chart(readings, ranges, excel), excel)


def _range(readings: Readings, definition: Definition, valued: Sequence[Row]) -> Range:
    values = sorted((figure.value or 0.0, unit.name) for unit, figure in valued)
    whole = _value(readings, definition.code, readings.standing.slice)
    return Range(
        indicators.local(definition.name), values[0][0], whole, values[-1][0],
        reason="" if whole is not None else reason_of(readings.figure(definition.code)),
        href=_href(readings, definition.code, readings.standing.slice), note=f"{values[0][1]} – {values[-1][1]}",
    )  # fmt: skip


def _range_chart(readings: Readings, ranges: Sequence[Range], excel: str) -> ChartSpec | None:
    if not ranges:
        return None
    return ChartSpec(
        kind="dotrange", title=_("From the weakest to the best county"), unit="%", label_heading=_("Indicator"),
        note=_("The mark between is the figure of all counties together.") + " " + source_note(readings),
        excel_url=excel, series=(Series("", tuple(ranges)),),
    )  # fmt: skip


def _extreme_line(readings: Readings, definition: Definition, best: Row, worst: Row) -> Line:
    def named(row: Row) -> Reading:
        cell = _reading(readings, definition, row[1], org_id=row[0].id)
        return Reading(f"{row[0].name} {cell.text}", url=cell.url, verdict=cell.verdict)

    gap = abs((best[1].value or 0.0) - (worst[1].value or 0.0))
    return Line(
        indicators.local(definition.name), definition.status,
        (named(best), named(worst), Reading(_difference(definition, gap))),
    )  # fmt: skip


def _difference(definition: Definition, gap: float) -> str:
    unit = unit_of(definition)
    return shown(gap, definition.decimals_shown()) + (_(" points") if unit == "%" else f" {unit}" if unit else "")


def town_and_country(readings: Readings) -> FigureTable:
    """Headlines by urban, town and rural schools, and the gap between urban and rural."""
    lines, drawn = [], []
    for code in readings.headlines:
        definition = readings.definitions[code]
        found = [readings.own.get((code, area)) for area in AREAS]
        if not any(figure is not None and figure.value is not None for figure in found):
            continue
        urban, rural = found[0], found[-1]
        gap = Reading("", _("No value"))
        if urban is not None and rural is not None and urban.value is not None and rural.value is not None:
            gap = Reading(_difference(definition, urban.value - rural.value))
        cells = (*(_reading(readings, definition, figure) for figure in found), gap)
        lines.append(Line(indicators.local(definition.name), definition.status, cells))
        if unit_of(definition) == "%":
            drawn.append(definition)
    excel = readings.standing.address("cockpit_excel", part="areas")
    headings = (*(indicators.slice_text(area) for area in AREAS), _("Urban less rural"))
    return FigureTable(headings, tuple(lines), _area_chart(readings, drawn, excel), excel)


def _area_chart(readings: Readings, drawn: Sequence[Definition], excel: str) -> ChartSpec | None:
    if not drawn:
        return None
    return ChartSpec(
        kind="bar", title=_("Urban and rural schools"), unit="%", label_heading=_("Indicator"), excel_url=excel,
        note=_("All stages.") + " " + indicators.local(readings.run.period.name),
        series=tuple(
            Series(
                indicators.slice_text(area),
                tuple(
                    Point(
                        indicators.local(d.name), _value(readings, d.code, area),
                        reason=reason_of(readings.own.get((d.code, area))), href=_href(readings, d.code, area),
                    )
                    for d in drawn
                ),
            )
            for area in AREAS
        ),
    )  # fmt: skip

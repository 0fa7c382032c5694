"""The organisations below, side by side on one indicator, and the schools of a county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.api import PlaceFigure
from xingtan.domains.indicators.types import FigureData
from xingtan.engines.indicators import Definition, Direction, Kind
from xingtan.platform.ui import components as c
from xingtan.platform.ui.charts import ChartSpec, Point, Series, Target
from xingtan.platform.ui.charts import Direction as ChartDirection
from xingtan.platform.ui.excel import Sheet, Value
from xingtan.portal.readings import CV_KINDS, Readings
from xingtan.portal.tiles import own_value, reason_of, target_words, unit_of, verdict_of

ENDS_SHOWN = 15
"""Of many schools, so many of the lowest and of the highest are drawn."""
LISTED = 20
_DIRECTIONS: dict[Direction, ChartDirection] = {Direction.UP: "higher", Direction.DOWN: "lower"}


@dataclass(frozen=True)
class Comparison:
    """A chart, the list that leads one level down, and how many organisations the list leaves out."""

    chart: ChartSpec | None
    items: tuple[c.DrillItem, ...]
    total: int
    title: str

    @property
    def hidden(self) -> int:
        return self.total - len(self.items)


def chart_target(
    definition: Definition, figures: Sequence[FigureData | None], *, school: bool = False
) -> Target | None:
    """The target as a line, where all that are compared have the same."""
    targets = {figure.target for figure in figures if figure is not None and figure.target is not None}
    if len(targets) != 1 or definition.direction not in _DIRECTIONS:
        return None
    (target,) = targets
    label = _("Target %(target)s") % {"target": target_words(definition, target, school=school)}
    return Target(target, label, _DIRECTIONS[definition.direction])


def source_note(readings: Readings) -> str:
    """Period, run and slice: what a figure in a picture must say of itself."""
    standing = readings.standing
    parts = [indicators.local(readings.run.period.name), _("Run %(id)d") % {"id": readings.run.id}]
    if standing.slice != "all":
        parts.append(indicators.slice_text(standing.slice))
    return " · ".join(parts)


def offices(readings: Readings) -> Comparison:
    """The counties of a city on the chosen indicator, best first, those without a value last."""
    standing, definition = readings.standing, readings.definitions[readings.code]
    rows = [(unit, readings.of(unit.id, readings.code)) for unit in readings.below]
    rows.sort(key=lambda row: _rank(definition, row[1]))
    top = max((f.value for _u, f in rows if f is not None and f.value is not None), default=0.0)
    name = indicators.local(definition.name)
    chart = ChartSpec(
        kind="hbar", title=name, unit=unit_of(definition), decimals=definition.decimals_shown(),
        label_heading=_("County"), target=chart_target(definition, [f for _u, f in rows]), note=source_note(readings),
        excel_url=standing.address("cockpit_excel", part="comparison", code=readings.code),
        series=(
            Series(
                "",
                tuple(
                    Point(
                        unit.name, figure.value if figure else None, reason=reason_of(figure),
                        href=standing.figure_address(readings.code, org_id=unit.id) if figure else "",
                    )
                    for unit, figure in rows
                ),
            ),
        ),
    ) if rows else None  # fmt: skip
    items = tuple(
        c.DrillItem(
            unit.name, figure.value if figure else None, url=standing.address(org=unit.id, code=readings.code),
            unit=unit_of(definition),
            decimals=definition.decimals_shown(), reason=reason_of(figure), verdict=verdict_of(figure),
            share=figure.value / top if figure and figure.value is not None and top > 0 else None, note=_missing(figure),
        )
        for unit, figure in rows
    )  # fmt: skip
    return Comparison(chart, items, len(items), _("Counties: %(indicator)s") % {"indicator": name})


def _rank(definition: Definition, figure: FigureData | None) -> tuple[bool, float]:
    if figure is None or figure.value is None:
        return True, 0.0
    return False, figure.value if definition.direction is Direction.DOWN else -figure.value


def _missing(figure: FigureData | None) -> str:
    if figure is None or not figure.n_missing:
        return ""
    return ngettext("%(n)d school gives no number", "%(n)d schools give no number", figure.n_missing) % {
        "n": figure.n_missing
    }


def schools_of(readings: Readings) -> tuple[PlaceFigure, ...]:
    """The schools behind the chosen indicator, those that need attention first, then those without a value."""
    standing, definition = readings.standing, readings.definitions[readings.code]
    found = indicators.schools_figures(
        actor=standing.actor, run=readings.run, unit=standing.org, code=readings.code, slice=standing.slice
    )

    def rank(place: PlaceFigure) -> tuple[bool, float, str]:
        value = place.figure.value
        sign = -1.0 if definition.direction is Direction.DOWN else 1.0
        return value is None, sign * (value or 0.0), place.unit.code

    return tuple(sorted(found, key=rank))


def schools(readings: Readings, places: Sequence[PlaceFigure]) -> Comparison:
    """The schools of a county on the chosen indicator, worst first."""
    standing, definition = readings.standing, readings.definitions[readings.code]
    name = indicators.local(definition.name)
    asked_yes_no = definition.kind is Kind.SHARE and not definition.value
    unit = _school_unit(readings, definition)
    top = max((p.figure.value for p in places if p.figure.value is not None), default=0.0)
    items = tuple(
        c.DrillItem(
            place.unit.name, None if asked_yes_no else place.figure.value,
            url=standing.address(org=place.unit.id, code=readings.code),
            unit=unit, decimals=_school_decimals(readings, definition),
            reason=own_value(definition, place.figure) or reason_of(place.figure), verdict=verdict_of(place.figure),
            share=(place.figure.value or 0.0) / top if top > 0 and not asked_yes_no else None,
        )
        for place in places[:LISTED]
    )  # fmt: skip
    chart = None if asked_yes_no or not places else _school_chart(readings, definition, places, unit)
    return Comparison(chart, items, len(places), _("Schools: %(indicator)s") % {"indicator": name})


def _school_chart(
    readings: Readings, definition: Definition, places: Sequence[PlaceFigure], unit: str
) -> ChartSpec | None:
    standing = readings.standing
    valued = [place for place in places if place.figure.value is not None]
    if not valued:
        return None
    drawn, note = valued, source_note(readings)
    if len(valued) > 2 * ENDS_SHOWN:
        drawn = [*valued[:ENDS_SHOWN], *valued[-ENDS_SHOWN:]]
        note = _("The %(n)d lowest and the %(n)d highest of %(total)d schools; Excel has all of them.") % {
            "n": ENDS_SHOWN, "total": len(valued),
        } + " " + note  # fmt: skip
    points = tuple(Point(place.unit.name, place.figure.value, href=_school_figure(readings, place)) for place in drawn)
    return ChartSpec(
        kind="hbar", title=indicators.local(definition.name), unit=unit, decimals=_school_decimals(readings, definition),
        label_heading=_("School"), note=note,
        target=chart_target(definition, [place.figure for place in valued], school=True),
        excel_url=standing.address("cockpit_excel", part="comparison", code=readings.code),
        series=(Series("", points),),
    )  # fmt: skip


def _school_figure(readings: Readings, place: PlaceFigure) -> str:
    """A CV has no figure at one school; its base indicator has."""
    definition = readings.definitions[readings.code]
    code = definition.of[0] if definition.kind in CV_KINDS and definition.of else readings.code
    return readings.standing.figure_address(code, org_id=place.unit.id)


def _base(readings: Readings, definition: Definition) -> Definition:
    """What is compared between schools: for a CV the ratio that it is the CV of."""
    if definition.kind is Kind.WEIGHTED_CV and definition.of:
        return readings.definitions.get(definition.of[0], definition)
    return definition


def _school_unit(readings: Readings, definition: Definition) -> str:
    return unit_of(_base(readings, definition), school=True)


def _school_decimals(readings: Readings, definition: Definition) -> int:
    base = _base(readings, definition)
    return 0 if base.kind in (Kind.SHARE, Kind.K_OF_N) else base.decimals_shown()


def schools_sheet(readings: Readings, places: Sequence[PlaceFigure]) -> Sheet:
    """Every school of the comparison, for Excel."""
    definition = readings.definitions[readings.code]
    name = indicators.local(definition.name)
    unit = _school_unit(readings, definition)
    asked_yes_no = definition.kind is Kind.SHARE and not definition.value

    def row(place: PlaceFigure) -> list[Value]:
        value: Value = place.figure.value
        if value is None or asked_yes_no:
            value = own_value(definition, place.figure) or reason_of(place.figure)
        return [place.unit.code, place.unit.name, value, place.figure.target, _verdict_text(place.figure)]

    headings = [_("Code"), _("School"), f"{name} ({unit})" if unit else name, _("Target"), _("Verdict")]
    return Sheet(name, headings, [row(place) for place in places], [source_note(readings)])


def _verdict_text(figure: FigureData) -> str:
    return {"pass": _("Passed"), "fail": _("Not passed"), "undefined": _("Cannot be judged")}.get(
        indicators.verdict_word(figure.verdict), ""
    )

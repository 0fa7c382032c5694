"""Figures over all computed periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import FigureData
from xingtan.engines.indicators import Definition
from xingtan.platform.ui.charts import ChartSpec, Point, Series
from xingtan.portal.comparison import chart_target, source_note
from xingtan.portal.readings import Own, Readings, computes_alike
from xingtan.portal.standing import Standing, definitions_of
from xingtan.portal.tiles import reason_of, unit_of

PERIODS_LEAST = 2
LINES_MOST = 6


def _points(standing: Standing, definition: Definition, figures: Mapping[str, FigureData | None]) -> tuple[Point, ...]:
    """One point per computed period; a figure computed by another definition is told, not drawn as comparable."""
    points = []
    for run in sorted(standing.states.values(), key=lambda run: run.period.starts):
        figure, label = figures.get(run.period.code), indicators.local(run.period.name)
        value, reason = (figure.value, reason_of(figure)) if figure else (None, _("No value"))
        then = definitions_of(run).get(definition.code)
        if value is not None and (then is None or not computes_alike(then, definition)):
            value, reason = None, _("Defined differently then")
        points.append(Point(label, value, reason=reason))
    return tuple(points)


def chosen_trend(readings: Readings) -> ChartSpec | None:
    """The indicator under comparison over the periods; None while there is only one."""
    if readings.history is None:
        return None
    key = (readings.code, readings.standing.slice)
    return one_trend(readings, {period: found.get(key) for period, found in readings.history.items()})


def one_trend(readings: Readings, figures: Mapping[str, FigureData | None]) -> ChartSpec | None:
    """A line over the periods, from period code -> figure of the chosen indicator."""
    standing, definition = readings.standing, readings.definitions[readings.code]
    if len(standing.states) < PERIODS_LEAST:
        return None
    name, school = indicators.local(definition.name), standing.is_school
    return ChartSpec(
        kind="line", title=_("Trend: %(indicator)s") % {"indicator": name}, unit=unit_of(definition, school=school),
        decimals=definition.decimals_shown(), label_heading=_("Period"),
        target=chart_target(definition, [readings.figure(readings.code)], school=school), note=source_note(readings),
        excel_url=standing.address("cockpit_excel", part="trend", code=readings.code),
        series=(Series(standing.org.name, _points(standing, definition, figures)),),
    )  # fmt: skip


def headline_trend(readings: Readings) -> ChartSpec | None:
    """The headlines that are percentages, in one drawing; None while there is only one period."""
    standing, history = readings.standing, readings.history
    if history is None or len(standing.states) < PERIODS_LEAST:
        return None
    shares = [d for code in readings.headlines if unit_of(d := readings.definitions[code]) == "%"][:LINES_MOST]
    if not shares:
        return None
    return ChartSpec(
        kind="line", title=_("Headline figures over the years"), unit="%", label_heading=_("Period"),
        note=source_note(readings), excel_url=standing.address("cockpit_excel", part="headlines"),
        series=tuple(
            Series(indicators.local(d.name), _points(standing, d, _of(history, d.code, standing.slice))) for d in shares
        ),
    )  # fmt: skip


def _of(history: Mapping[str, Own], code: str, slice_: str) -> dict[str, FigureData | None]:
    return {period: found.get((code, slice_)) for period, found in history.items()}


def school_trend(readings: Readings) -> ChartSpec | None:
    """The chosen indicator of one school over the periods, computed from each period's own cells and definitions."""
    standing = readings.standing
    found = indicators.school_trend(actor=standing.actor, unit_id=standing.org.id, code=readings.code)
    key = (standing.org.id, readings.code, standing.slice)
    return one_trend(readings, {period: figures.get(key) for period, figures in found.items()})


def drawable(charts: Sequence[ChartSpec | None]) -> tuple[ChartSpec, ...]:
    """The charts that there are."""
    return tuple(chart for chart in charts if chart is not None)

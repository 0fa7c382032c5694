"""Figures in the words and pieces of the user interface: tiles, trends, targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from django.utils.translation import gettext as _

from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import FigureData
from xingtan.engines.indicators import Definition, Direction, Kind, Role, Text, Threshold
from xingtan.platform.ui import components as c
from xingtan.platform.ui.numbers import shown
from xingtan.portal.readings import Readings
from xingtan.portal.standing import Standing


def unit_of(definition: Definition, *, school: bool = False) -> str:
    """The unit printed after a value. At one school a share is a yes or no, or the value that is judged: no percent."""
    unit = indicators.local(definition.unit)
    return "" if school and unit == "%" and definition.kind in (Kind.SHARE, Kind.K_OF_N) else unit


def target_words(definition: Definition, target: float, *, school: bool = False) -> str:
    """A target with its sign and unit; at one school a share is judged by the value behind it, which is no percentage."""
    if school and definition.kind in (Kind.SHARE, Kind.K_OF_N):
        definition = replace(definition, unit=Text())
    return indicators.target_text(definition, target)


def reason_of(figure: FigureData | None) -> str:
    """Why there is no value; empty where there is one."""
    if figure is None:
        return _("Not broken down like this")
    return indicators.reason_text(figure.reason)


def verdict_of(figure: FigureData | None) -> c.Verdict | None:
    word = indicators.verdict_word(figure.verdict) if figure else ""
    return cast(c.Verdict, word) if word else None


def target_of(standing: Standing, definition: Definition, figure: FigureData | None) -> str:
    """What judges a figure; several targets where the stages have their own. Empty where nothing does."""
    if figure is None:
        return ""
    if figure.target is not None:
        return target_words(definition, figure.target, school=standing.is_school)
    return _("; ").join(_stage_targets(standing, definition)) if verdict_of(figure) else ""


def target_line(standing: Standing, definition: Definition, figure: FigureData | None) -> str:
    """The target of a figure, or else the number it is usually held against."""
    target = target_of(standing, definition, figure)
    if target:
        return _("Target %(target)s") % {"target": target}
    held = next(_references(standing, definition), None)
    if held is None:
        return ""
    number = f"{indicators.number(held.value)}{_after(indicators.local(definition.unit))}"
    label = indicators.local(held.label)
    return _("For comparison: %(number)s") % {"number": f"{number} ({label})" if label else number}


def _stage_targets(standing: Standing, definition: Definition) -> Iterator[str]:
    """Targets that differ by stage, where all stages are judged together."""
    level = "unit" if standing.is_school else "group"
    for threshold in definition.thresholds:
        fits = threshold.judged and not threshold.when and threshold.level in ("any", level)
        if fits and threshold.stage and threshold.in_force(standing.day):
            words = target_words(definition, threshold.value, school=standing.is_school)
            yield f"{indicators.slice_text('stage:' + threshold.stage)} {words}"


def _references(standing: Standing, definition: Definition) -> Iterator[Threshold]:
    stage = standing.slice.partition(":")[2]
    for threshold in definition.thresholds:
        shown_only = threshold.role in (Role.BASELINE, Role.REFERENCE)
        if shown_only and threshold.in_force(standing.day) and threshold.stage in ("", stage):
            yield threshold


def _after(unit: str) -> str:
    return unit if unit in ("", "%") else f" {unit}"


def trend_of(readings: Readings, code: str) -> c.Trend | None:
    """The change against the last computed period; None when there is none, or nothing to compare."""
    figure, before = readings.figure(code), readings.before(code)
    if figure is None or before is None or figure.value is None or before.value is None:
        return None
    definition = readings.definitions[code]
    previous = readings.standing.previous
    assert previous is not None
    change = figure.value - before.value
    decimals = definition.decimals_shown()
    unit = indicators.local(definition.unit)
    amount = shown(abs(change), decimals)
    since = indicators.local(previous.period.name)
    if not float(amount.replace(",", "")):
        return c.Trend(0.0, _("As in %(since)s") % {"since": since})
    words = {"since": since, "amount": amount + (_(" points") if unit == "%" else _after(unit))}
    text = _("%(amount)s more than in %(since)s") if change > 0 else _("%(amount)s less than in %(since)s")
    better = {Direction.UP: change > 0, Direction.DOWN: change < 0}.get(definition.direction)
    return c.Trend(change, text % words, good=better)


def tile_of(readings: Readings, code: str, *, link: bool = True) -> c.Tile:
    """One headline figure of the organisation."""
    standing, definition, figure = readings.standing, readings.definitions[code], readings.figure(code)
    value = figure.value if figure else None
    target = figure.target if figure else None
    way = None
    if value is not None and target and definition.direction is Direction.UP and target > 0:
        way = value / target
    return c.Tile(
        indicators.local(definition.name), value, unit_of(definition, school=standing.is_school),
        decimals=definition.decimals_shown(), reason=reason_of(figure), trend=trend_of(readings, code), target=target,
        target_text=target_line(standing, definition, figure), progress=way, verdict=verdict_of(figure),
        status=cast(c.Status, definition.status), definition=indicators.local(definition.description),
        url=standing.figure_address(code) if link and figure is not None else "",
    )  # fmt: skip


def tiles(readings: Readings, *, most: int = 12, link: bool = True) -> tuple[c.Tile, ...]:
    """The headline figures."""
    return tuple(tile_of(readings, code, link=link) for code in readings.headlines[:most])


def own_value(definition: Definition, figure: FigureData) -> str:
    """The value of one school in words: yes or no where the indicator only asks that, else a number with its unit."""
    if figure.value is None:
        return ""
    if definition.kind is Kind.SHARE and definition.passes and not definition.value:
        return _("Yes") if figure.value else _("No")
    decimals = None if definition.kind in (Kind.SHARE, Kind.K_OF_N) else definition.decimals_shown()
    return indicators.number(figure.value, decimals) + _after(unit_of(definition, school=True))

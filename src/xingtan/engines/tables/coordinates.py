"""Positions of units: valid, missing, outside, or with a lost decimal point; and the same name twice in one place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from xingtan.engines.tables.elements import Sentinels
from xingtan.engines.tables.issues import IssueLog
from xingtan.engines.tables.types import F64, U8, Axis, Bools, CellKind, Column, CoordinateState
from xingtan.engines.tables.values import folded, number_text, parse_number

NEAR_METRES: Final = 110.0
"""UNICEF Giga's check: the same name and level within 110 m is probably one school."""
_EARTH_METRES: Final = 6_371_008.8
_DEGREES: Final = 0.001
"""A grid cell of latitude is 111 m: whatever is within ``NEAR_METRES`` lies in the same or a neighbouring cell."""
_POWERS: Final = range(1, 13)


def absent_axis(n: int) -> Axis:
    """The axis of units without coordinates."""
    return Axis(np.full(n, np.nan), np.full(n, CoordinateState.ABSENT, dtype=np.uint8), np.full(n, np.nan))


def read_axis(
    column: Column,
    axis: str,
    low: float,
    high: float,
    *,
    repair: bool,
    decimal: str,
    sentinels: Sentinels,
    active: Bools,
    log: IssueLog,
) -> Axis:
    """Read one coordinate column. ``low``…``high`` is the box in degrees.

    A value outside the box that exactly one division by a power of ten brings inside has lost its decimal point: the
    result is proposed, and used only with ``repair``. Missing values are noted for ``active`` units only.
    """
    n = len(column.kinds)
    numbers, states = _numbers(column, decimal, sentinels)
    given = states == CoordinateState.VALID
    inside = given & (numbers >= low) & (numbers <= high)
    proposals: F64 = np.full(n, np.nan)
    hits = np.zeros(n, dtype=np.int64)
    for power in _POWERS:
        shifted = numbers / 10.0**power
        fits = given & ~inside & (shifted >= low) & (shifted <= high)
        proposals[fits] = np.round(shifted[fits], 10)
        hits += fits
    lost = hits == 1
    proposals[~lost] = np.nan
    states[given & ~inside] = CoordinateState.OUTSIDE
    states[lost] = CoordinateState.REPAIRED if repair else CoordinateState.LOST_DECIMAL
    values: F64 = np.where(inside, numbers, np.nan)
    if repair:
        values[lost] = proposals[lost]

    log.flag("coordinate_missing", (states == CoordinateState.MISSING) & active, column, {"axis": axis})
    log.flag("coordinate_not_number", states == CoordinateState.NOT_A_NUMBER, column, {"axis": axis})
    log.flag("coordinate_outside", states == CoordinateState.OUTSIDE, column, {"axis": axis, "low": low, "high": high})
    log.flag(
        "coordinate_repaired" if repair else "coordinate_lost_decimal",
        lost,
        column,
        lambda i: {"axis": axis, "proposal": number_text(float(proposals[i]))},
    )
    return Axis(values, states, proposals)


def _numbers(column: Column, decimal: str, sentinels: Sentinels) -> tuple[F64, U8]:
    numbers = column.numbers.copy()
    kinds = column.kinds
    numbers[kinds == CellKind.BOOL] = np.nan
    text = kinds == CellKind.TEXT
    if text.any():
        parsed = np.array(
            [
                math.nan if sentinels.of_text(s) is not None else _or_nan(parse_number(s, decimal))
                for s in column.strings
            ]
        )
        numbers[text] = parsed[column.codes[text]]
    states: U8 = np.full(len(kinds), CoordinateState.VALID, dtype=np.uint8)
    states[np.isnan(numbers)] = CoordinateState.NOT_A_NUMBER
    states[kinds == CellKind.EMPTY] = CoordinateState.MISSING
    if sentinels:
        for i in np.flatnonzero(text).tolist():
            if sentinels.of_text(column.strings[column.codes[i]]) is not None:
                states[i] = CoordinateState.MISSING
        known = [x for x in np.unique(numbers[~np.isnan(numbers)]).tolist() if sentinels.of_number(x) is not None]
        states[np.isin(numbers, known)] = CoordinateState.MISSING
    return numbers, states


def _or_nan(number: float | None) -> float:
    return math.nan if number is None else number


def distance_metres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance (haversine) in metres; arguments in degrees."""
    a1, a2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((a2 - a1) / 2) ** 2
    half += math.cos(a1) * math.cos(a2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))


def near_namesakes(
    names: Sequence[str], stages: Sequence[str], latitude: Axis, longitude: Axis
) -> dict[int, tuple[int, float]]:
    """Units with the name and stage of an earlier one within ``NEAR_METRES``: index → (earlier index, metres).

    Proposed positions serve the comparison where the given ones lost their decimal point.
    """
    lat = np.where(np.isnan(latitude.values), latitude.proposals, latitude.values)
    lon = np.where(np.isnan(longitude.values), longitude.proposals, longitude.values)
    placed = ~(np.isnan(lat) | np.isnan(lon))
    groups: dict[tuple[str, str], list[int]] = {}
    for i in np.flatnonzero(placed).tolist():
        if names[i]:
            groups.setdefault((folded(names[i]), stages[i]), []).append(i)
    found: dict[int, tuple[int, float]] = {}
    for group in groups.values():
        if len(group) > 1:
            _near_in_group(group, lat, lon, found)
    return found


def _near_in_group(group: list[int], lat: F64, lon: F64, found: dict[int, tuple[int, float]]) -> None:
    """A grid of places already seen keeps a name that occurs everywhere from costing the square of its count."""
    grid: dict[tuple[int, int], list[int]] = {}
    # Meridians draw together: the widest cell of the group is wide enough for all.
    narrowest = max(math.cos(math.radians(min(89.9, float(np.abs(lat[group]).max())))), 1e-3)
    for i in group:
        row, column = math.floor(lat[i] / _DEGREES), math.floor(lon[i] / _DEGREES * narrowest)
        for neighbour in (j for a in (-1, 0, 1) for b in (-1, 0, 1) for j in grid.get((row + a, column + b), ())):
            metres = distance_metres(lat[i], lon[i], lat[neighbour], lon[neighbour])
            if metres <= NEAR_METRES:
                found[i] = (neighbour, metres)
                break
        else:
            grid.setdefault((row, column), []).append(i)

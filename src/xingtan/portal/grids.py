"""Counties as squares on a grid that keeps north up and west left, for maps without shapes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Cell = tuple[int, int]
"""(row, column), counted from 0 at the north-west."""


def tile_grid(ids: Sequence[int], centres: Mapping[int, tuple[float, float]]) -> dict[int, Cell]:
    """A cell of its own for each id; `centres` are (latitude, longitude) in degrees.

    Rows are filled from north to south with as many ids each, from west to east within. Ids without a centre follow
    at the end, in their order.
    """
    placed = sorted((one for one in ids if one in centres), key=lambda one: -centres[one][0])
    lost = [one for one in ids if one not in centres]
    count = len(placed) + len(lost)
    if not count:
        return {}
    rows = round(math.sqrt(count))
    wide = math.ceil(count / rows)
    cells: dict[int, Cell] = {}
    order = [*placed, *lost]
    for row in range(math.ceil(count / wide)):
        line = order[row * wide : (row + 1) * wide]
        line.sort(key=lambda one: centres[one][1] if one in centres else math.inf)
        cells |= {one: (row, column) for column, one in enumerate(line)}
    return cells

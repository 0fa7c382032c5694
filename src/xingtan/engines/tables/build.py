"""Rows into columns: typed arrays with dictionary-encoded text, a block of rows at a time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

import numpy as np

from xingtan.engines.tables.raw import ErrorText, RawCell
from xingtan.engines.tables.types import F64, I32, U8, CellKind, Column, Limits, TableError
from xingtan.engines.tables.values import tidy

_BLOCK: Final = 1024
_KIND_OF: Final = {
    str: CellKind.TEXT,
    ErrorText: CellKind.ERROR,
    dt.date: CellKind.DATE,
    dt.datetime: CellKind.DATE,
    dt.time: CellKind.DATE,
    dt.timedelta: CellKind.DATE,
}


class ColumnBuilder:
    """One column under construction; ``budget`` counts the text of all columns together."""

    def __init__(self, index: int, header: str, limits: Limits, budget: list[int]) -> None:
        self._index, self._header, self._limits, self._budget = index, header, limits, budget
        self._kinds: list[U8] = []
        self._numbers: list[F64] = []
        self._codes: list[I32] = []
        self._strings: dict[str, int] = {}

    def add(self, cells: Sequence[RawCell], first_row: int) -> None:
        """Append a block of cells; ``first_row`` (1-based) only serves error messages."""
        n = len(cells)
        kinds: U8 = np.zeros(n, dtype=np.uint8)
        numbers: F64 = np.full(n, np.nan)
        codes: I32 = np.full(n, -1, dtype=np.int32)
        types = set(map(type, cells))
        if types == {float} and all(map(math.isfinite, cells)):  # type: ignore[arg-type]
            kinds[:] = CellKind.NUMBER
            numbers[:] = np.array(cells, dtype=np.float64)
        elif types != {str} or any(cells):
            for i, cell in enumerate(cells):
                if cell == "":
                    continue
                kinds[i], numbers[i], codes[i] = self._encode(cell, first_row + i)
        self._kinds.append(kinds)
        self._numbers.append(numbers)
        self._codes.append(codes)

    def _encode(self, cell: RawCell, row: int) -> tuple[int, float, int]:
        if isinstance(cell, bool):
            return CellKind.BOOL, float(cell), -1
        if isinstance(cell, float | int):
            number = float(cell) if abs(cell) < 1e308 else math.nan
            if math.isfinite(number):
                return CellKind.NUMBER, number, -1
            return CellKind.TEXT, math.nan, self._string(str(cell)[:40], row)
        if isinstance(cell, str):
            code = self._string(cell, row)
            return (_KIND_OF[type(cell)], math.nan, code) if code >= 0 else (CellKind.EMPTY, math.nan, -1)
        text = f"PT{cell.total_seconds():g}S" if isinstance(cell, dt.timedelta) else cell.isoformat()
        return CellKind.DATE, math.nan, self._string(text, row)

    def _string(self, text: str, row: int) -> int:
        """The code of a text; −1 if it is nothing but white space."""
        code = self._strings.get(text)
        if code is None:
            if len(text) > self._limits.cell_chars:
                raise TableError("cell_text_limit", row=row, limit=self._limits.cell_chars)
            self._budget[0] -= len(text)
            if self._budget[0] < 0:
                raise TableError("text_limit", limit=self._limits.text_bytes)
            code = -1 if not tidy(text) else len(self._strings)
            if code >= 0:
                self._strings[str(text)] = code
        return code

    def finish(self) -> tuple[U8, F64, I32, tuple[str, ...]]:
        return (
            np.concatenate(self._kinds),
            np.concatenate(self._numbers),
            np.concatenate(self._codes),
            tuple(self._strings),
        )


def build_columns(
    rows: Iterable[Sequence[RawCell]], headers: Sequence[str], first_row: int, limits: Limits
) -> tuple[tuple[Column, ...], I32]:
    """Columns of the non-blank rows and the 1-based number of each in the source.

    ``rows`` all have the width of ``headers`` or less; ``first_row`` is the source number of the first one.
    """
    width = len(headers)
    budget = [limits.text_bytes]
    builders = [ColumnBuilder(j, header, limits, budget) for j, header in enumerate(headers)]
    iterator = iter(rows)
    at = first_row
    while block := list(islice(iterator, _BLOCK)):
        padded = [row if len(row) == width else [*row, *[""] * (width - len(row))] for row in block]
        if (at - first_row + len(block)) * width > limits.cells:
            raise TableError("cells_limit", cells=(at - first_row + len(block)) * width, limit=limits.cells)
        for builder, cells in zip(builders, zip(*padded, strict=True), strict=True):
            builder.add(cells, at)
        at += len(block)
    if at == first_row:
        return _empty(headers), np.zeros(0, dtype=np.int32)
    filled = np.zeros(at - first_row, dtype=np.bool_)
    finished = [builder.finish() for builder in builders]
    for kinds, *_ in finished:
        filled |= kinds != CellKind.EMPTY
    keep = np.flatnonzero(filled).astype(np.int32)
    columns = tuple(
        Column(j, header, kinds[keep], numbers[keep], codes[keep], strings)
        for j, (header, (kinds, numbers, codes, strings)) in enumerate(zip(headers, finished, strict=True))
    )
    return columns, (keep + first_row).astype(np.int32)


def _empty(headers: Sequence[str]) -> tuple[Column, ...]:
    return tuple(
        Column(
            j,
            header,
            np.zeros(0, dtype=np.uint8),
            np.zeros(0),
            np.zeros(0, dtype=np.int32),
            (),
        )
        for j, header in enumerate(headers)
    )

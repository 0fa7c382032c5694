"""Rows as a reader hands them over, before headers are found and columns built."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from xingtan.engines.tables.types import FileFormat, Notice


class ErrorText(str):
    """The text of an Excel error cell."""

    __slots__ = ()


RawCell = str | float | int | bool | dt.date | dt.time | dt.timedelta
"""``datetime`` is a ``date``; an empty cell is ``""``."""
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, 0-based and inclusive."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    format: FileFormat
    name: str
    sheets: tuple[str, ...]
    rows: Iterator[list[RawCell]]
    """Row k of the iterator is row k + 1 of the sheet (or record k + 1 of a CSV file)."""
    merges: tuple[Merge, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    notices: tuple[Notice, ...] = ()

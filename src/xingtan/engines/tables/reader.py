"""``read_table``: any accepted file into a ``Table``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from os import PathLike
from pathlib import Path

from xingtan.engines.tables.build import build_columns
from xingtan.engines.tables.delimited import read_delimited
from xingtan.engines.tables.headers import SEARCH_ROWS, find_header, join_header
from xingtan.engines.tables.raw import RawCell, RawSheet
from xingtan.engines.tables.sniff import sniff
from xingtan.engines.tables.spreadsheet import read_xls, read_xlsx
from xingtan.engines.tables.types import FileFormat, Limits, Notice, Table, TableError
from xingtan.engines.tables.values import shorten, tidy

FileSource = str | PathLike[str] | bytes


def load_bytes(source: FileSource, limits: Limits) -> bytes:
    """The file's bytes, read once, so that what is checked is what is parsed."""
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with Path(source).open("rb") as file:
                data = file.read(limits.file_bytes + 1)
        except OSError as error:
            raise TableError("file_missing", detail=shorten(error.strerror or str(error))) from error
    if len(data) > limits.file_bytes:
        raise TableError("file_too_large", size=len(data), limit=limits.file_bytes)
    return data


def read_table(
    source: FileSource,
    *,
    sheet: str | int | None = None,
    header_rows: int | tuple[int, int] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits | None = None,
) -> Table:
    """Read one sheet of an xlsx, xlsm, xls or CSV file.

    ``sheet`` is a name or 0-based place among the worksheets (default: the first visible); ``header_rows`` the number
    of header rows from row 1 (0: none), or their (first, last) row numbers; by default they are found. ``encoding``
    and ``delimiter`` apply to CSV and are found by default. Raises ``TableError`` for any file it will not read.
    """
    limits = limits or Limits()
    data = load_bytes(source, limits)
    kind = sniff(data)
    if kind == "zip":
        raw = read_xlsx(data, limits, sheet)
    elif kind == "xls":
        raw = read_xls(data, limits, sheet)
    else:
        raw = read_delimited(data, limits, encoding, delimiter)
    return _table(raw, hashlib.sha256(data).hexdigest(), header_rows, limits)


def _table(raw: RawSheet, sha256: str, header_rows: int | tuple[int, int] | None, limits: Limits) -> Table:
    wanted = header_rows[1] if isinstance(header_rows, tuple) else header_rows or 0
    head = list(islice(raw.rows, max(SEARCH_ROWS, wanted + 1)))
    if not any(_filled(row) for row in head):
        rest = next((row for row in raw.rows if _filled(row)), None)
        if rest is None:
            raise TableError("sheet_empty", sheet=shorten(raw.name))
        raise TableError("header_missing", row=1, last=len(head))
    header = _header(head, raw, header_rows)
    width = max(map(len, head), default=0)
    merges: Sequence[tuple[int, int, int, int]] = ()
    names = [""] * width
    begin = 0
    if header is not None:
        first, last = header
        begin = last + 1
        merges = [(t - first, left, b - first, right) for t, left, b, right in raw.merges if first <= t <= last]
        if raw.format is FileFormat.CSV:
            width = max(_last_filled(row) for row in head[first:begin])
        names = join_header(head[first:begin], merges, width)
    notices = list(raw.notices)
    body = chain(head[begin:], raw.rows)
    rows: Iterator[Sequence[RawCell]]
    if raw.format is FileFormat.CSV:
        if header is None:
            width = max(map(_last_filled, head))
            names = [""] * width
        rows = _even(body, width, begin + 1, notices)
    else:
        rows = body
    columns, numbers = build_columns(rows, names, begin + 1, limits)
    if not columns:
        raise TableError("sheet_empty", sheet=shorten(raw.name))
    return Table(
        format=raw.format,
        sheet=raw.name,
        sheets=raw.sheets,
        columns=columns,
        source_rows=numbers,
        header_rows=None if header is None else (header[0] + 1, header[1] + 1),
        sha256=sha256,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        notices=tuple(notices),
    )


def _header(
    head: list[list[RawCell]], raw: RawSheet, header_rows: int | tuple[int, int] | None
) -> tuple[int, int] | None:
    if header_rows is None:
        return find_header(head[:SEARCH_ROWS], raw.merges)
    if header_rows == 0:
        return None
    first, last = (1, header_rows) if isinstance(header_rows, int) else header_rows
    if not 1 <= first <= last:
        raise ValueError(f"header_rows {header_rows!r}: rows count from 1, first before last")
    if last > len(head):
        raise TableError("header_missing", row=last, last=len(head))
    return first - 1, last - 1


def _filled(row: Sequence[RawCell]) -> bool:
    return _last_filled(row) > 0


def _last_filled(row: Sequence[RawCell]) -> int:
    """Number of cells up to the last one that is not blank."""
    for size in range(len(row), 0, -1):
        cell = row[size - 1]
        if not isinstance(cell, str) or tidy(cell):
            return size
    return 0


def _even(
    rows: Iterator[list[RawCell]] | chain[list[RawCell]], width: int, first_row: int, notices: list[Notice]
) -> Iterator[list[RawCell]]:
    """CSV records of the header's width: short ones are noted, filled cells beyond the header refused."""
    for number, row in enumerate(rows, first_row):
        if len(row) > width:
            if _last_filled(row) > width:
                raise TableError("csv_ragged", row=number, found=_last_filled(row), expected=width)
            del row[width:]
        elif len(row) < width and len(notices) < 1000 and _filled(row):
            notices.append(Notice("row_short", number, {"found": len(row), "expected": width}))
        yield row

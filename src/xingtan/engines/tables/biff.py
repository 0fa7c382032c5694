"""The wall before the parser for old workbooks (.xls): record lengths, encryption, extent, error cells.

The ``Workbook`` stream is a sequence of records (type, length, payload). Read here are the record headers and the
positions of cells, sheet by sheet from the offsets the parser uses, to refuse encrypted and broken files, to bound
what the parser allocates (it builds all sheets, and reserves what DIMENSIONS claims), and to find error cells, which
it reports as blank. Source: [MS-XLS], Microsoft Open Specifications.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from xingtan.engines.tables.compound import CompoundFile
from xingtan.engines.tables.sheetscan import SheetScan
from xingtan.engines.tables.types import Limits, TableError

_STREAMS: Final = ("Workbook", "Book", "WORKBOOK", "BOOK")
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _DIMENSIONS = 0x0809, 0x000A, 0x002F, 0x0085, 0x0200
_FORMULA, _BOOLERR, _MULRK = 0x0006, 0x0205, 0x00BD
_NUMBER, _LABEL, _LABELSST, _RSTRING, _RK = 0x0203, 0x0204, 0x00FD, 0x00D6, 0x027E
_CELLS: Final = frozenset((_FORMULA, _BOOLERR, _MULRK, _NUMBER, _LABEL, _LABELSST, _RSTRING, _RK))
_WORKSHEET: Final = 0
_SHEETS: Final = 1_000
_RECORDS_PER_CELL: Final = 4
_ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


def scan_biff(data: bytes, limits: Limits) -> list[SheetScan]:
    """Extent and error cells of each worksheet, in the order of the workbook.

    Raises ``TableError``: encrypted, archive_broken, format_unknown, and the limits on rows, columns and cells (all
    sheets together).
    """
    file = CompoundFile(data)
    if "EncryptedPackage" in file or "EncryptionInfo" in file:
        raise TableError("encrypted")
    name = next((n for n in _STREAMS if n in file), None)
    if name is None:
        raise TableError("format_unknown", found="a Microsoft Office file without a workbook")
    stream = file.read(name)
    scans: list[SheetScan] = []
    places: list[tuple[int, bool]] = []
    for kind, body, size in _records(stream, 0):
        if kind == _FILEPASS:
            raise TableError("encrypted")
        if kind == _BOUNDSHEET and size >= 6:
            offset, _, sheet_kind = struct.unpack_from("<IBB", stream, body)
            places.append((offset, sheet_kind == _WORKSHEET))
        elif kind == _EOF:
            break
    if len(places) > _SHEETS:
        raise TableError("archive_members", count=len(places), limit=_SHEETS)
    cells, records = 0, limits.cells * _RECORDS_PER_CELL
    for offset, worksheet in places:
        scan, used = _scan_sheet(stream, offset, records, limits)
        cells += scan.rows * scan.columns
        records -= used
        if cells > limits.cells or records < 0:
            raise TableError("cells_limit", cells=cells, limit=limits.cells)
        if worksheet:
            scans.append(scan)
    return scans


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """(type, start of payload, length) from ``position`` to the end of the stream."""
    while position < len(stream):
        if position + 4 > len(stream):
            raise TableError("archive_broken", detail="a record is cut off")
        kind, size = struct.unpack_from("<HH", stream, position)
        position += 4
        if position + size > len(stream):
            raise TableError("archive_broken", detail="a record is cut off")
        yield kind, position, size
        position += size


def _scan_sheet(stream: bytes, offset: int, records: int, limits: Limits) -> tuple[SheetScan, int]:
    """One sheet and the number of records read, at most one more than ``records``."""
    if offset >= len(stream):
        raise TableError("archive_broken", detail="a sheet lies beyond the end of the file")
    scan = SheetScan()
    used, begun = 0, False
    nested = 0  # embedded charts keep cell records of their own, which the parser skips
    for kind, body, size in _records(stream, offset):
        used += 1
        if used > records:
            break
        if kind == _BOF:
            nested, begun = nested + begun, True
        elif kind == _EOF:
            if not nested:
                break
            nested -= 1
        elif kind == _DIMENSIONS and not nested:
            _check_dimensions(stream[body : body + size], limits)
        elif kind in _CELLS and not nested and size >= 6:
            _note(scan, kind, stream[body : body + size], limits)
    return scan, used


def _check_dimensions(payload: bytes, limits: Limits) -> None:
    """The parser reserves the rectangle claimed, whatever the cells are."""
    if len(payload) not in (10, 14):
        raise TableError("archive_broken", detail="a record of impossible length")
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(payload) == 14 else "<HHHH", payload)
    if left > 255 or right < left:
        left = 0
    if not (bottom and right):
        return
    if bottom <= top or right <= left:
        raise TableError("archive_broken", detail="the extent of a sheet is turned around")
    if (bottom - top) * (right - left) > limits.cells:
        raise TableError("cells_limit", cells=(bottom - top) * (right - left), limit=limits.cells)


def _note(scan: SheetScan, kind: int, payload: bytes, limits: Limits) -> None:
    row, column = struct.unpack_from("<HH", payload)
    last = struct.unpack_from("<H", payload, len(payload) - 2)[0] if kind == _MULRK else column
    scan.cells += 1
    scan.rows, scan.columns = max(scan.rows, row + 1), max(scan.columns, last + 1, column + 1)
    if scan.rows > limits.rows:
        raise TableError("rows_limit", limit=limits.rows)
    if scan.columns > limits.columns:
        raise TableError("columns_limit", limit=limits.columns)
    if scan.rows * scan.columns > limits.cells:
        raise TableError("cells_limit", cells=scan.rows * scan.columns, limit=limits.cells)
    if kind == _BOOLERR and len(payload) >= 8 and payload[7] == 1:
        scan.errors[row, column] = _ERRORS.get(payload[6], "#ERROR")
    elif kind == _FORMULA and len(payload) >= 14 and payload[6] == 2 and payload[12:14] == b"\xff\xff":
        scan.errors[row, column] = _ERRORS.get(payload[8], "#ERROR")

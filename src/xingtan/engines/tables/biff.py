"""The wall before the parser for old workbooks (.xls): container, record lengths, encryption, extent.

An .xls file is a compound file (sectors chained like FAT) whose ``Workbook`` stream is a sequence of records
(type, length, payload). Read here are only the chains and the record headers: enough to refuse encrypted and broken
files, to bound the rectangle the parser allocates, and to find error cells, which the parser reports as blank.
Sources: [MS-CFB] and [MS-XLS], Microsoft Open Specifications.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from xingtan.engines.tables.sheetscan import SheetScan
from xingtan.engines.tables.types import Limits, TableError

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END: Final = 0xFFFFFFFA  # this and above are markers, not sectors
_MINI_LIMIT: Final = 4096
_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
_FORMULA, _BOOLERR, _MULRK = 0x0006, 0x0205, 0x00BD
_CELLS: Final = frozenset((_FORMULA, _BOOLERR, _MULRK, 0x0203, 0x0204, 0x00FD, 0x00D6, 0x027E))
_ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass(slots=True)
class _Stream:
    start: int
    size: int
    root: bool


@dataclass(slots=True)
class CompoundFile:
    """The named streams of a compound file held in memory. Raises ``TableError('archive_broken')``."""

    data: bytes
    streams: dict[str, _Stream] = field(default_factory=dict)
    _sector: int = 512
    _fat: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.data) < 512:
            raise TableError("archive_broken", detail="the header is cut off")
        (shift,) = struct.unpack_from("<H", self.data, 30)
        if shift not in (9, 12):
            raise TableError("archive_broken", detail="an impossible sector size")
        self._sector = 1 << shift
        self._fat = self._allocation()
        (start,) = struct.unpack_from("<I", self.data, 48)
        directory = self._chain(start, None)
        for offset in range(0, len(directory) - 127, 128):
            name_size, kind = struct.unpack_from("<HB", directory, offset + 64)
            if kind in (2, 5) and 2 <= name_size <= 64:
                name = directory[offset : offset + name_size - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", directory, offset + 116)
                self.streams.setdefault(name, _Stream(first, size, kind == 5))

    def read(self, name: str) -> bytes:
        stream = self.streams[name]
        if stream.size >= _MINI_LIMIT:
            return self._chain(stream.start, stream.size)
        root = next((s for s in self.streams.values() if s.root), None)
        if root is None:
            raise TableError("archive_broken", detail="no root storage")
        small = self._chain(root.start, root.size)
        (start,) = struct.unpack_from("<I", self.data, 60)
        table = _words(self._chain(start, None))
        parts: list[bytes] = []
        sector = stream.start
        while sector < _END and len(parts) * 64 < stream.size:
            parts.append(small[sector * 64 : sector * 64 + 64])
            sector = table[sector] if sector < len(table) else _END
        return b"".join(parts)[: stream.size]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        piece = self.data[start : start + self._sector]
        if not piece:
            raise TableError("archive_broken", detail="a sector lies beyond the end of the file")
        return piece

    def _allocation(self) -> list[int]:
        sectors = [s for s in struct.unpack_from("<109I", self.data, 76) if s < _END]
        (extra,) = struct.unpack_from("<I", self.data, 68)
        seen: set[int] = set()
        while extra < _END:
            if extra in seen:
                raise TableError("archive_broken", detail="a chain of sectors runs in a circle")
            seen.add(extra)
            words = _words(self._at(extra))
            sectors += [s for s in words[:-1] if s < _END]
            extra = words[-1] if words else _END
        if len(sectors) > len(self.data) // self._sector + 1:
            raise TableError("archive_broken", detail="more allocation sectors than the file has")
        return [word for sector in sectors for word in _words(self._at(sector))]

    def _chain(self, sector: int, size: int | None) -> bytes:
        parts: list[bytes] = []
        most = len(self.data) // self._sector + 1
        while sector < _END and (size is None or len(parts) * self._sector < size):
            if len(parts) >= most:
                raise TableError("archive_broken", detail="a chain of sectors runs in a circle")
            parts.append(self._at(sector))
            if sector >= len(self._fat):
                raise TableError("archive_broken", detail="a chain of sectors leaves the file")
            sector = self._fat[sector]
        data = b"".join(parts)
        if size is not None and len(data) < size:
            raise TableError("archive_broken", detail="the workbook is cut off")
        return data if size is None else data[:size]


def _words(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def scan_biff(data: bytes, limits: Limits) -> list[SheetScan]:
    """Extent and error cells of each worksheet in file order.

    Raises ``TableError``: encrypted, archive_broken, format_unknown, and the limits on rows, columns and cells.
    """
    file = CompoundFile(data)
    if "EncryptedPackage" in file.streams or "EncryptionInfo" in file.streams:
        raise TableError("encrypted")
    name = next((n for n in ("Workbook", "Book") if n in file.streams), None)
    if name is None:
        raise TableError("format_unknown", found="a Microsoft Office file without a workbook")
    stream = file.read(name)
    scans: list[SheetScan] = []
    offsets: dict[int, int] = {}
    current: SheetScan | None = None
    position, depth = 0, 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        body = position + 4
        if body + size > len(stream):
            raise TableError("archive_broken", detail="a record is cut off")
        if kind == _FILEPASS:
            raise TableError("encrypted")
        if kind == _BOUNDSHEET and size >= 6:
            offset, _, sheet_kind = struct.unpack_from("<IBB", stream, body)
            if sheet_kind == 0:
                offsets[offset] = len(scans)
                scans.append(SheetScan())
        elif kind == _BOF:
            depth += 1
            if depth == 1:
                current = scans[offsets[position]] if position in offsets else None
        elif kind == _EOF:
            depth = max(depth - 1, 0)
        elif kind in _CELLS and current is not None and depth == 1 and size >= 6:  # deeper: a chart's cache
            _note(current, kind, stream[body : body + size], limits)
        position = body + size
    return scans


def _note(scan: SheetScan, kind: int, payload: bytes, limits: Limits) -> None:
    row, column = struct.unpack_from("<HH", payload)
    last = struct.unpack_from("<H", payload, len(payload) - 2)[0] if kind == _MULRK else column
    scan.cells += 1
    scan.rows, scan.columns = max(scan.rows, row + 1), max(scan.columns, last + 1)
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
